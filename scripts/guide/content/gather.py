"""The records of all files, put together into one library; ids are checked on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import singledispatchmethod
from pathlib import Path
from typing import NamedTuple, Protocol

from pydantic import BaseModel

from guide.base.problem import Problem
from guide.content import models as m
from guide.content.entry import Entry, LinesByFile
from guide.content.library import Library, Place, Record


class ContentFile(NamedTuple):
    """A file of `content/`: its path from there, its path from the project, and what it holds."""

    relative: Path
    name: str
    entry: Entry

    @property
    def owner(self) -> str:
        """The id of what the file belongs to: that of its folder, or else its own name."""
        return self.relative.parts[1] if len(self.relative.parts) == 3 else self.relative.stem

    def place(self, *keys: str | int) -> Place:
        """Where the value at a key path is written; the first line if that is not known."""
        return Place(self.name, self.entry.lines.get(keys, 1))


def gather(root: Path, files: list[ContentFile]) -> tuple[Library | None, list[Problem]]:
    """The library of all files, without its indexes, and the problems of their ids.

    The library is None if no file describes the site.
    """
    site = next((file.entry.model for file in files if isinstance(file.entry.model, m.Site)), None)
    if site is None:
        if (root / "content" / "site.yml").is_file():
            return None, []  # What is wrong with the file is said already.
        message = "the file is missing: the site needs its name, publisher and agencies"
        return None, [Problem("content/site.yml", 0, message)]
    vocabulary = next(
        (file.entry.model for file in files if isinstance(file.entry.model, m.Vocabulary)),
        m.Vocabulary(),
    )
    lines = LinesByFile(root, [file.name for file in files])
    library = Library(site=site, vocabulary=vocabulary, lines=lines)
    # How a unit is printed shows wherever a value of it stands: each record depends on all units.
    units = b"".join(
        file.entry.digests[()] for file in files if isinstance(file.entry.model, m.UnitFile)
    )
    gathering = _Gathering(library, units)
    for file in files:
        gathering.add_file(file)
    for quantity in _quantities(library):
        quantity.in_form(library.units.get(quantity.unit or ""))
    return library, gathering.problems


class _WithId(Protocol):
    @property
    def id(self) -> str: ...


# The label of an entry in `Library.place`, by the field of the library. A record's label is its id.
_LABELS = {
    "sources": "source:",
    "source_words": "source-words:",
    "units": "unit:",
    "glossary": "term:",
    "intents": "intent:",
    "phrasings": "phrasings:",
    "urgency": "urgency:",
    "conditions": "condition:",
    "comparisons": "comparison:",
    "medicines": "medicine:",
    "schedules": "schedule:",
    "dose_tables": "doses:",
    "trials": "trial:",
    "guidelines": "guideline:",
    "health_systems": "health-system:",
    "topics": "topic:",
    "questions": "faq:",
    "takeaways": "takeaways:",
    "answers": "answers:",
    "cards": "card:",
    "claims": "claims:",
    "handouts": "handout:",
    "records": "",
}


class _Gathering:
    """Puts files into a library and collects the problems of their ids."""

    def __init__(self, library: Library, units: bytes):
        self.library = library
        self.problems: list[Problem] = []
        self._units = units

    def add_file(self, file: ContentFile) -> None:
        """Puts all that a file holds into the library."""
        model = file.entry.model
        self._check_name(file, "id", getattr(model, "id", None), file.place("id"))
        self._add(model, file)
        for index, statement in enumerate(getattr(model, "statements", ())):
            if isinstance(statement, m.Statement):
                self._add_record(statement, file.owner, file, "statements", index)
        self.library.files[file.name] = file.entry.digests[()]

    def _check_name(self, file: ContentFile, field: str, name: str | None, place: Place) -> None:
        if name is not None and name != file.owner:
            self._problem(
                place,
                f"{field}: '{name}' is not the file's own name '{file.owner}': make them the same",
            )

    @singledispatchmethod
    def _add(self, model: BaseModel, file: ContentFile) -> None:
        """Puts a file of one kind into the library; other files hold statements alone."""

    @_add.register
    def _(self, model: m.SourceFile, file: ContentFile) -> None:
        for index, source in enumerate(model.sources):
            self._put("sources", source.id, source, file, "sources", index)

    @_add.register
    def _(self, model: m.SourceWords, file: ContentFile) -> None:
        self._put("source_words", model.source, model, file)
        self._check_name(file, "source", model.source, Place(file.name, 1))

    @_add.register
    def _(self, model: m.UnitFile, file: ContentFile) -> None:
        for index, unit in enumerate(model.units):
            self._put("units", unit.unit, unit, file, "units", index)

    @_add.register
    def _(self, model: m.GlossaryFile, file: ContentFile) -> None:
        for index, term in enumerate(model.terms):
            self._put("glossary", term.id, term, file, "terms", index)

    @_add.register
    def _(self, model: m.IntentFile, file: ContentFile) -> None:
        for index, intent in enumerate(model.intents):
            self._put("intents", intent.id, intent, file, "intents", index)

    @_add.register
    def _(self, model: m.PhrasingFile, file: ContentFile) -> None:
        self._put("phrasings", file.relative.stem, model, file)

    @_add.register
    def _(self, model: m.UrgencyFile, file: ContentFile) -> None:
        self._put("urgency", file.relative.stem, model, file)

    @_add.register
    def _(self, model: m.ChangeFile, file: ContentFile) -> None:
        self.library.changes.extend(model.changes)

    @_add.register
    def _(self, model: m.RedirectFile, file: ContentFile) -> None:
        self.library.redirects.extend(model.redirects)

    @_add.register
    def _(self, model: m.Audit, file: ContentFile) -> None:
        self.library.audit.extend(model.instruments)
        self._note_places("audit:", model.instruments, file, "instruments")

    @_add.register
    def _(self, model: m.Condition, file: ContentFile) -> None:
        self._put("conditions", model.id, model, file)

    @_add.register
    def _(self, model: m.Comparison, file: ContentFile) -> None:
        self._put("comparisons", file.owner, model, file)
        self._note_places(f"row:{file.owner}/", model.rows, file, "rows")

    @_add.register
    def _(self, model: m.Medicine, file: ContentFile) -> None:
        self._put("medicines", model.id, model, file)
        for index, approval in enumerate(model.approvals):
            self._add_record(approval, model.id, file, "approvals", index)

    @_add.register
    def _(self, model: m.Schedule, file: ContentFile) -> None:
        self._put("schedules", file.owner, model, file)
        self._note_places(f"test:{file.owner}/", model.rows, file, "rows")

    @_add.register
    def _(self, model: m.DoseTable, file: ContentFile) -> None:
        self._put("dose_tables", file.owner, model, file)
        self._note_places(f"dose:{file.owner}/", model.rows, file, "rows")

    @_add.register
    def _(self, model: m.Trial, file: ContentFile) -> None:
        self._put("trials", model.id, model, file)
        for index, result in enumerate(model.results):
            self._add_record(result, model.id, file, "results", index)

    @_add.register
    def _(self, model: m.Guideline, file: ContentFile) -> None:
        self._put("guidelines", model.id, model, file)

    @_add.register
    def _(self, model: m.HealthSystem, file: ContentFile) -> None:
        self._put("health_systems", model.id, model, file)

    @_add.register
    def _(self, model: m.Topic, file: ContentFile) -> None:
        self._put("topics", model.id, model, file)

    @_add.register
    def _(self, model: m.QuestionFile, file: ContentFile) -> None:
        self._put("questions", file.owner, tuple(model.questions), file)
        self._note_places(f"question:{file.owner}/", model.questions, file, "questions")

    @_add.register
    def _(self, model: m.TakeawayFile, file: ContentFile) -> None:
        self._put("takeaways", file.owner, tuple(model.takeaways), file)
        self._note_places(f"takeaway:{file.owner}/", model.takeaways, file, "takeaways")

    @_add.register
    def _(self, model: m.AnswerFile, file: ContentFile) -> None:
        self._put("answers", file.owner, tuple(model.answers), file)
        first: dict[str, int] = {}
        for index, answer in enumerate(model.answers):
            place = file.place("answers", index)
            self.library.place[f"answer:{file.owner}/{answer.key}"] = place
            if first.setdefault(answer.key, index) != index:
                self._problem(
                    place,
                    f"'{answer.key}' has an answer already: a page or section has one, write both"
                    " into it",
                )

    @_add.register
    def _(self, model: m.Card, file: ContentFile) -> None:
        self._put("cards", file.owner, model, file)
        self._note_places(f"card:{file.owner}/", model.rows, file, "rows")

    @_add.register
    def _(self, model: m.ClaimFile, file: ContentFile) -> None:
        self._put("claims", file.owner, model, file)
        self._note_places(f"claim:{file.owner}/", model.claims, file, "claims")

    @_add.register
    def _(self, model: m.Handout, file: ContentFile) -> None:
        # The handout of the whole guide has no owner: its file stands at the top of content/.
        owner = file.owner if len(file.relative.parts) == 3 else ""
        self._put("handouts", owner, model, file)

    def _put(
        self, field: str, key: str, value: object, file: ContentFile, *keys: str | int
    ) -> bool:
        """Puts a value into a field of the library, with its place and digest.

        Returns whether its id was free; if not, that is a problem.
        """
        entries: dict[str, object] = getattr(self.library, field)
        label, place = f"{_LABELS[field]}{key}", file.place(*keys)
        if key in entries:
            first = self.library.place[label]
            self._problem(
                place,
                f"the id '{key}' is taken ({first.path}:{first.line}): choose another, ids are"
                " never shared",
            )
            return False
        entries[key] = value
        self.library.place[label] = place
        self.library.digests[field, key] = hashlib.blake2b(
            file.entry.digests[keys] + self._units, digest_size=16
        ).digest()
        return True

    def _add_record(
        self, record: Record, subject: str, file: ContentFile, *keys: str | int
    ) -> None:
        if self._put("records", record.id, record, file, *keys):
            self.library.subject[record.id] = subject

    def _note_places(
        self, prefix: str, items: Iterable[_WithId], file: ContentFile, field: str
    ) -> None:
        """Notes where the items of a list are written."""
        for index, item in enumerate(items):
            self.library.place[f"{prefix}{item.id}"] = file.place(field, index)

    def _problem(self, place: Place, message: str) -> None:
        self.problems.append(Problem(place.path, place.line, message))


def _quantities(library: Library) -> Iterator[m.Quantity | m.Scale]:
    """Every number with a unit that a reader may see, and the scales of means."""
    for record in library.records.values():
        if isinstance(record, m.Statement):
            yield from _quantities_in(record.values.values())
        elif isinstance(record, m.Result):
            yield from _quantities_of_result(record)
    for table in library.dose_tables.values():
        for row in table.rows:
            yield from row.quantities.values()
    for questions in library.questions.values():
        for question in questions:
            yield from _quantities_in(question.values.values())
    for answers in library.answers.values():
        for answer in answers:
            yield from _quantities_in(answer.values.values())


def _quantities_of_result(record: m.Result) -> Iterator[m.Quantity | m.Scale]:
    if isinstance(record.week, m.FollowUp):
        yield record.week.follow_up
    if record.scale is not None:
        yield record.scale
    for arm in record.arms:
        yield from _quantities_in(one for one in (arm.person_time, arm.rate) if one is not None)


def _quantities_in(values: Iterable[m.Value]) -> Iterator[m.Quantity]:
    return (value for value in values if isinstance(value, m.Quantity))
