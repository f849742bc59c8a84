"""The whole content as one immutable library, and the way from YAML files to it."""

from __future__ import annotations

import datetime
import fnmatch
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from . import models as m
from .fields import allowed, field_at, keys_at
from .problem import ContentErrors, Problem, nearest
from .read import Lines, dotted, read_yaml

Record = m.Statement | m.Result | m.Approval


class Place(NamedTuple):
    """Where a record is written: the file, relative to the project, and the line."""

    path: str
    line: int


@dataclass(frozen=True)
class Library:
    """Everything the content says, by id.

    `records` holds every fact that can be cited (statements, results, approvals); `subject` says
    which medicine, class, condition, trial, guideline, health system or topic a record is about;
    `place` gives file and line of a record, or of any other id as `<kind>:<id>`
    (`<kind>:<owner>/<id>` for what belongs to a topic, medicine or condition). The shelves after
    `lines` are ways into the library that do not walk through all of it: ids by key, in the order
    of the files.
    """

    site: m.Site
    sources: dict[str, m.Source] = field(default_factory=dict)
    units: dict[str, m.Unit] = field(default_factory=dict)
    source_words: dict[str, m.SourceWords] = field(default_factory=dict)
    glossary: dict[str, m.Term] = field(default_factory=dict)
    medicines: dict[str, m.Medicine] = field(default_factory=dict)
    conditions: dict[str, m.Condition] = field(default_factory=dict)
    comparisons: dict[str, m.Comparison] = field(default_factory=dict)
    trials: dict[str, m.Trial] = field(default_factory=dict)
    guidelines: dict[str, m.Guideline] = field(default_factory=dict)
    health_systems: dict[str, m.HealthSystem] = field(default_factory=dict)
    topics: dict[str, m.Topic] = field(default_factory=dict)
    questions: dict[str, tuple[m.Question, ...]] = field(default_factory=dict)
    takeaways: dict[str, tuple[m.Takeaway, ...]] = field(default_factory=dict)
    claims: dict[str, m.ClaimFile] = field(default_factory=dict)
    schedules: dict[str, m.Schedule] = field(default_factory=dict)
    handouts: dict[str, m.Handout] = field(default_factory=dict)
    versions: dict[str, list[m.PrintedVersion]] = field(default_factory=dict)
    changes: list[m.Change] = field(default_factory=list)
    redirects: list[m.Redirect] = field(default_factory=list)
    audit: list[m.Instrument] = field(default_factory=list)
    records: dict[str, Record] = field(default_factory=dict)
    subject: dict[str, str] = field(default_factory=dict)
    place: dict[str, Place] = field(default_factory=dict)
    lines: Mapping[str, Lines] = field(default_factory=dict)
    about: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # "<subject>/<kind>": its statements
    bearing: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # "<subject>/<kind>": statements about others that bear on it
    members: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # class: the medicines filed under it
    classes: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # medicine: the classes that list it
    families: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # population: the conditions it belongs to or is related to
    rows: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # condition: medicines with a cell in its approval matrix
    homes: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # condition, or "" for none: the medicines and classes that belong to it
    tested: dict[str, tuple[str, ...]] = field(default_factory=dict)  # medicine: its trials
    studied: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # population: the trials with results in it
    advised: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # population: guidelines that speak of it; "all/<medicine>" and "all/" for those of everybody
    paid: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # condition: health systems with something to say
    changed: dict[str, tuple[m.Change, ...]] = field(
        default_factory=dict
    )  # record, or "" for the whole guide: its changes
    # What entries and files are made of, as 16 bytes, for results that are kept; and what was
    # worked out once.
    digests: dict[tuple[str, str], bytes] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    values: dict[Any, Any] = field(default_factory=dict)
    worked: dict[Any, tuple[Any, set[str]]] = field(default_factory=dict)

    def line(self, path: str, *where: Any) -> int:
        """The line of `where` in `path`, or of the nearest thing around it."""
        lines = self.lines.get(path, {})
        while where and where not in lines:
            where = where[:-1]
        return lines.get(where, 0)

    @property
    def bare(self) -> Library:
        """The library without anybody who notes what is asked of it: for messages, which nothing
        kept depends on.
        """
        return self

    def memo(self, make: Callable[[Library], Any], by_value: bool = False) -> Any:
        """What `make` works out of the library, once; `by_value` matters where reads are noted (see
        `reads.Window`).
        """
        if make not in self.values:
            self.values[make] = make(self)
        return self.values[make]

    def statements(self) -> Iterator[m.Statement]:
        return (record for record in self.records.values() if isinstance(record, m.Statement))

    def results(self) -> Iterator[m.Result]:
        return (record for record in self.records.values() if isinstance(record, m.Result))

    def changes_of(self, records: Collection[str], since: datetime.date) -> list[m.Change]:
        """The changes of these records and of the whole guide, newest first; `since` the day
        something was published, because what changed before was never shown there.
        """
        # An entry of several records is told once.
        found = {
            id(change): change
            for record in ("", *sorted(set(records)))
            for change in self.changed.get(record, ())
            if change.date >= since
        }
        return sorted(found.values(), key=lambda change: change.date, reverse=True)

    def change_ids(self) -> list[tuple[str, m.Change]]:
        """The change log, newest first, each entry with its permanent id: its day, its record and
        its field.

        Entries that share all three are counted from the oldest, so that a new one on top leaves
        the others theirs.
        """
        found, seen = [], Counter[str]()
        newest_first = sorted(self.changes, key=lambda change: change.date, reverse=True)
        for change in reversed(newest_first):
            named = "-".join(
                filter(
                    None,
                    (
                        "change",
                        change.date.isoformat(),
                        change.record or next(iter(change.records), "guide"),
                        re.sub(r"[^A-Za-z0-9_]+", "-", change.field or "").strip("-"),
                    ),
                )
            )
            seen[named] += 1
            found.append((f"{named}-{seen[named]}" if seen[named] > 1 else named, change))
        return found[::-1]

    def medicine_of(self, record_id: str) -> str | None:
        """The medicine or class a record is evidence about; None for conditions and the like.

        A trial's facts are about the medicine the trial tested, a topic's about its medicine.
        """
        subject = self.subject[record_id]
        if subject in self.trials:
            return self.trials[subject].medicine
        if subject in self.topics:
            return self.topics[subject].medicine
        return subject if subject in self.medicines else None


# One row a kind of file: where it stands and the model it follows. `*` is one id.
LAYOUT: tuple[tuple[str, type[BaseModel]], ...] = (
    ("site.yml", m.Site),
    ("sources.yml", m.SourceFile),
    ("sources/*.yml", m.SourceFile),  # what a file of many topics is split into, by subject
    ("source-words/*.yml", m.SourceWords),
    ("units.yml", m.UnitFile),
    ("glossary.yml", m.GlossaryFile),
    ("glossary/*.yml", m.GlossaryFile),
    ("changes.yml", m.ChangeFile),
    ("changes/*.yml", m.ChangeFile),
    ("redirects.yml", m.RedirectFile),
    ("audit.yml", m.Audit),
    ("handout.yml", m.Handout),
    ("conditions/*/condition.yml", m.Condition),
    ("conditions/*/comparison.yml", m.Comparison),
    ("conditions/*/*.yml", m.StatementFile),
    ("medicines/*/medicine.yml", m.Medicine),
    ("medicines/*/schedule.yml", m.Schedule),
    ("medicines/*/*.yml", m.StatementFile),
    ("trials/*.yml", m.Trial),
    ("guidelines/*.yml", m.Guideline),
    ("health-systems/*.yml", m.HealthSystem),
    ("topics/*/topic.yml", m.Topic),
    ("topics/*/faq.yml", m.QuestionFile),
    ("topics/*/takeaways.yml", m.TakeawayFile),
    ("topics/*/claims.yml", m.ClaimFile),
    ("topics/*/handout.yml", m.Handout),
    ("topics/*/*.yml", m.StatementFile),
)


# What readers were last shown, written by the publication and compared by a rule.
LEDGER = "ledger.json"
# Every address readers were ever given, written by the publication and compared with each build.
LINKS = "links.json"
# Every published version of every handout, written by the publication too.
VERSIONS = "versions.json"
# What a skeleton holds where a maintainer must write: never published, always listed.
TO_DO = "TODO"


def model_for(relative: Path) -> type[BaseModel] | None:
    """The model that a file of `content/` follows, by its place; None where no file belongs."""
    parts = relative.parts
    return next(
        (
            model
            for own, model in _LAYOUT
            if len(own) == len(parts) and all(map(fnmatch.fnmatchcase, parts, own))
        ),
        None,
    )


_LAYOUT = [(Path(pattern).parts, model) for pattern, model in LAYOUT]


@dataclass(frozen=True)
class Entry:
    """One content file as it was read: its model, the lines of its records, and what each part is
    made of.

    `lines` and `digests` are by the path of keys, `()` for the file itself.
    """

    model: BaseModel
    lines: Lines
    digests: dict[tuple[Any, ...], bytes]


class _Lines(Mapping[str, Lines]):
    """The lines of every value of every file, read when a message needs them."""

    def __init__(self, root: Path, names: list[str]):
        self._root, self._names = root, names
        self._read: dict[str, Lines] = {}

    def __getitem__(self, name: str) -> Lines:
        if name not in self._read:
            if name not in self._names:
                raise KeyError(name)
            self._read[name] = read_yaml(self._root / name, name)[1]
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def load(root: Path, kept: MutableMapping[str, tuple[bytes, Entry]] | None = None) -> Library:
    """The library in `root`/content.

    `kept` holds what an earlier run read, by file name, with the digest of the bytes it was read
    from: a file that is still the same is not read again, and what is read now is put there. Raises
    ContentErrors with every problem of form, type and identity in all files at once.
    """
    content = root / "content"
    problems: list[Problem] = []
    read: list[tuple[Path, str, Entry]] = []
    kept = {} if kept is None else kept
    if not content.is_dir():
        raise ContentErrors(
            [Problem("content", 0, "there is no content folder: run this in the project")]
        )
    for path in sorted(content.rglob("*")):
        relative = path.relative_to(content)
        own = any(part.startswith(".") for part in relative.parts) or path.name.endswith(
            "~"
        )  # an editor's own files
        if (
            path.is_dir()
            or own
            or relative.parts[0] == "schemas"
            or relative.as_posix() in (LEDGER, LINKS, VERSIONS)
        ):
            continue
        name = path.relative_to(root).as_posix()
        if path.suffix != ".yml":
            problems.append(
                Problem(
                    name, 0, "only .yml files belong in content/: rename it, or move it to docs/"
                )
            )
            continue
        model = model_for(relative)
        if model is None:
            places = ", ".join(pattern for pattern, _ in LAYOUT)
            problems.append(
                Problem(name, 0, f"no kind of file stands here; the places are {places}")
            )
            continue
        digest = hashlib.blake2b(path.read_bytes(), digest_size=16).digest()
        found = kept.get(name)
        if found is None or found[0] != digest:
            entry = _entry(path, name, digest, model, problems)
            if entry is None:
                continue
            found = kept[name] = (digest, entry)
        read.append((relative, name, found[1]))
    library, more = _gather(root, read)
    problems.extend(more)
    if library is not None:
        _index(library)
    if library is not None and (content / VERSIONS).is_file():
        try:
            library.versions.update(
                m.VersionFile.model_validate_json((content / VERSIONS).read_bytes()).root
            )
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            problems.append(
                Problem(
                    f"content/{VERSIONS}",
                    0,
                    f"{dotted(first['loc'])}: {first['msg']}: the publication writes this file,"
                    f" take it back as it was (git checkout content/{VERSIONS})",
                )
            )
    if problems or library is None:
        raise ContentErrors(problems)
    return library


def _entry(
    path: Path, name: str, digest: bytes, model: type[BaseModel], problems: list[Problem]
) -> Entry | None:
    """A content file as it is now; None, with the reasons in `problems`, for one that does not hold
    or is not filled in yet.
    """
    value, lines, found = read_yaml(path, name)
    problems.extend(found)
    if found:
        return None
    to_do = dict(_to_do(value))
    problems.extend(_asked(where, name, lines, model) for where in to_do)
    try:
        made = model.model_validate(value)
    except ValidationError as error:
        problems.extend(
            problem
            for where, problem in _explain(error, name, lines, model)
            if not any(where[: len(path)] == path for path in to_do)
        )
        return None
    if to_do:
        return None
    digests = {(): hashlib.blake2b(name.encode() + digest, digest_size=16).digest()}
    for field_name in type(made).model_fields:
        items = getattr(made, field_name)
        if isinstance(items, list) and items and isinstance(items[0], BaseModel):
            digests |= {
                (field_name, index): (
                    hashlib.blake2b(f"{name}\0{item!r}".encode(), digest_size=16).digest()
                )
                for index, item in enumerate(items)
            }
    _lean(made)
    return Entry(
        made,
        {where: line for where, line in lines.items() if where in digests or where == ("id",)},
        digests,
    )


_NOTHING_SET: set[str] = set()


def _lean(value: Any) -> None:
    """Lets go of which fields were given and which are defaults: nobody asks, and it is a third of
    the memory.
    """
    if isinstance(value, BaseModel):
        object.__setattr__(value, "__pydantic_fields_set__", _NOTHING_SET)
        for part in value.__dict__.values():
            _lean(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            _lean(part)
    elif isinstance(value, dict):
        for part in value.values():
            _lean(part)


def _gather(
    root: Path, read: list[tuple[Path, str, Entry]]
) -> tuple[Library | None, list[Problem]]:
    problems: list[Problem] = []
    site = next((entry.model for _, _, entry in read if isinstance(entry.model, m.Site)), None)
    if site is None:
        return None, [
            Problem(
                "content/site.yml",
                0,
                "the file is missing or does not load: the site needs its name, publisher and"
                " agencies",
            )
        ]
    library = Library(site=site, lines=_Lines(root, [name for _, name, _ in read]))
    shelves = {id(shelf): name for name, shelf in vars(library).items()}

    def mark(kind: str, owner: str, entries: Iterable[Any], name: str, key: str) -> None:
        """Notes where the entries of a list are written."""
        for index, item in enumerate(entries):
            library.place[f"{kind}:{owner}/{item.id}" if owner else f"{kind}:{item.id}"] = Place(
                name, entry.lines.get((key, index), 1)
            )

    def add(
        shelf: dict[str, Any], key: str, value: Any, name: str, *where: Any, kind: str = ""
    ) -> None:
        place = Place(name, entry.lines.get(where, 1))
        label = f"{kind}:{key}" if kind else key
        if key in shelf:
            first = library.place[label]
            problems.append(
                Problem(
                    place.path,
                    place.line,
                    f"the id '{key}' is taken ({first.path}:{first.line}): choose another, ids are"
                    " never shared",
                )
            )
            return
        shelf[key] = value
        library.place[label] = place
        note(shelf, key, *where)

    # How a unit is printed shows wherever a value of it stands: what is made of a record depends on
    # the list of units, too.
    units = b"".join(
        entry.digests[()] for _, _, entry in read if isinstance(entry.model, m.UnitFile)
    )

    def note(shelf: dict[str, Any], key: str, *where: Any) -> None:
        library.digests[shelves[id(shelf)], key] = hashlib.blake2b(
            entry.digests[where] + units, digest_size=16
        ).digest()

    def add_record(record: Record, subject: str, name: str, *where: Any) -> None:
        add(library.records, record.id, record, name, *where)
        library.subject.setdefault(record.id, subject)

    for relative, name, entry in read:
        model = entry.model
        owner = relative.parts[1] if len(relative.parts) == 3 else relative.stem
        own_id = getattr(model, "id", None)
        if own_id is not None and own_id != owner:
            problems.append(
                Problem(
                    name,
                    entry.lines.get(("id",), 1),
                    f"id: '{own_id}' is not the file's own name '{owner}': make them the same",
                )
            )
        match model:
            case m.SourceFile():
                for index, source in enumerate(model.sources):
                    add(library.sources, source.id, source, name, "sources", index, kind="source")
            case m.SourceWords():
                add(library.source_words, model.source, model, name, kind="source-words")
                if model.source != owner:
                    problems.append(
                        Problem(
                            name,
                            1,
                            f"source: '{model.source}' is not the file's own name '{owner}': make"
                            " them the same",
                        )
                    )
            case m.UnitFile():
                for index, unit in enumerate(model.units):
                    add(library.units, unit.unit, unit, name, "units", index, kind="unit")
            case m.GlossaryFile():
                for index, term in enumerate(model.terms):
                    add(library.glossary, term.id, term, name, "terms", index, kind="term")
            case m.ChangeFile():
                library.changes.extend(model.changes)
            case m.RedirectFile():
                library.redirects.extend(model.redirects)
            case m.Audit():
                library.audit.extend(model.instruments)
                mark("audit", "", model.instruments, name, "instruments")
            case m.Condition():
                add(library.conditions, model.id, model, name, kind="condition")
            case m.Comparison():
                add(library.comparisons, owner, model, name, kind="comparison")
                mark("row", owner, model.rows, name, "rows")
            case m.Medicine():
                add(library.medicines, model.id, model, name, kind="medicine")
                for index, approval in enumerate(model.approvals):
                    add_record(approval, model.id, name, "approvals", index)
            case m.Schedule():
                add(library.schedules, owner, model, name, kind="schedule")
                mark("test", owner, model.rows, name, "rows")
            case m.Trial():
                add(library.trials, model.id, model, name, kind="trial")
                for index, result in enumerate(model.results):
                    add_record(result, model.id, name, "results", index)
            case m.Guideline():
                add(library.guidelines, model.id, model, name, kind="guideline")
            case m.HealthSystem():
                add(library.health_systems, model.id, model, name, kind="health-system")
            case m.Topic():
                add(library.topics, model.id, model, name, kind="topic")
            case m.QuestionFile():
                library.questions[owner] = tuple(model.questions)
                note(library.questions, owner)
                library.place[f"faq:{owner}"] = Place(name, 1)
                mark("question", owner, model.questions, name, "questions")
            case m.TakeawayFile():
                library.takeaways[owner] = tuple(model.takeaways)
                note(library.takeaways, owner)
                library.place[f"takeaways:{owner}"] = Place(name, 1)
                mark("takeaway", owner, model.takeaways, name, "takeaways")
            case m.ClaimFile():
                library.claims[owner] = model
                note(library.claims, owner)
                library.place[f"claims:{owner}"] = Place(name, 1)
                mark("claim", owner, model.claims, name, "claims")
            case m.Handout():
                key = owner if len(relative.parts) == 3 else ""
                library.handouts[key] = model
                note(library.handouts, key)
                library.place[f"handout:{key}"] = Place(name, 1)
            case _:
                pass
        for index, statement in enumerate(getattr(model, "statements", ())):
            if isinstance(statement, m.Statement):
                add_record(statement, owner, name, "statements", index)
        library.files[name] = entry.digests[()]
    for quantity in _quantities(library):
        quantity.in_form(library.units.get(quantity.unit or ""))
    return library, problems


def _quantities(library: Library) -> Iterator[m.Quantity]:
    """Every number with a unit that a reader may see."""
    values: list[Any] = [
        value for record in library.statements() for value in record.values.values()
    ]
    values += [
        value
        for questions in library.questions.values()
        for question in questions
        for value in question.values.values()
    ]
    values += [
        result.week.follow_up for result in library.results() if isinstance(result.week, m.FollowUp)
    ]
    return (value for value in values if isinstance(value, m.Quantity))


def _index(library: Library) -> None:
    """Fills the ways into the library that do not walk through all of it."""
    found: dict[str, dict[str, dict[Any, None]]] = {}

    def put(shelf: str, key: str, value: Any) -> None:
        found.setdefault(shelf, {}).setdefault(key, {})[value] = None

    for record in library.records.values():
        subject = library.subject[record.id]
        if isinstance(record, m.Statement):
            put("about", f"{subject}/{record.kind}", record.id)
            for other in record.bears_on:
                put("bearing", f"{other}/{record.kind}", record.id)
        elif isinstance(record, m.Approval):
            put("rows", record.condition, subject)
    for medicine in library.medicines.values():
        if medicine.class_:
            put("members", medicine.class_, medicine.id)
        for member in medicine.members:
            put("classes", member, medicine.id)
    for condition in library.conditions.values():
        for people in (*condition.populations, *condition.related_populations):
            put("families", people, condition.id)
    for medicine, conditions in _homes(library, found.get("families", {})).items():
        for condition in conditions or {""}:
            put("homes", condition, medicine)
    for trial in library.trials.values():
        put("tested", trial.medicine, trial.id)
        for people in (trial.population, *(result.population for result in trial.results)):
            put("studied", people, trial.id)
    for guideline in library.guidelines.values():
        for statement in guideline.statements:
            for people in (
                [f"all/{medicine}" for medicine in guideline.medicines or ("",)]
                if statement.population == "all"
                else [statement.population]
            ):
                put("advised", people, guideline.id)
    for system in library.health_systems.values():
        for condition in system.conditions:
            put("paid", condition, system.id)
    for shelf, keys in found.items():
        getattr(library, shelf).update({key: tuple(values) for key, values in keys.items()})
    for change in library.changes:
        for record in change.records or (change.record or "",):
            library.changed[record] = (*library.changed.get(record, ()), change)


def _homes(library: Library, families: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """The conditions that each medicine and class belongs to: by a comparison, an approval cell, or
    a trial or fact in its people.
    """
    homes: dict[str, set[str]] = {key: set() for key in library.medicines}
    for key, grid in library.comparisons.items():
        for option in grid.options:
            for medicine in (option.id, option.example):
                if medicine in homes:
                    homes[medicine].add(key)
    for medicine in library.medicines.values():
        homes[medicine.id].update(approval.condition for approval in medicine.approvals)
    for record in library.records.values():
        key = library.medicine_of(record.id)
        if key in homes and not isinstance(record, m.Approval):
            homes[key].update(families.get(record.population, ()))
    for medicine in library.medicines.values():
        for member in medicine.members:
            homes[medicine.id] |= homes.get(member, set())
    return homes


def _to_do(value: Any, where: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], str]]:
    """The places of a file that still hold the skeleton's mark."""
    if isinstance(value, str) and value.startswith(TO_DO):
        yield where, value
    for key, item in (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    ):
        yield from _to_do(item, (*where, key))


def _asked(where: tuple[Any, ...], name: str, lines: Lines, model: type[BaseModel]) -> Problem:
    """What to write at a place that holds the skeleton's mark: the field's own description and
    words.
    """
    field = field_at(model, where)
    said = field.description if field and field.description else "write it"
    words = allowed(field.annotation) if field else []
    return Problem(
        name,
        lines.get(where, 0),
        f"to do: {dotted(where)}: {said}" + (f" One of: {', '.join(words)}." if words else ""),
        "to-do",
    )


def _explain(
    error: ValidationError, name: str, lines: Lines, model: type[BaseModel]
) -> list[tuple[tuple[Any, ...], Problem]]:
    """Pydantic's errors in the maintainer's words, each with its place in the file."""
    problems: dict[tuple[int, str], tuple[tuple[Any, ...], Problem]] = {}
    unions: dict[tuple[Any, ...], list[str]] = {}
    for item in error.errors(include_url=False):
        where = tuple(part for part in item["loc"])
        # A union adds the name of each of its forms to the path: keep the part that is in the file.
        known = where
        while known and known not in lines:
            known = known[:-1]
        line = lines.get(known, 0)
        kind, context, given = item["type"], item.get("ctx", {}), item.get("input")
        place = dotted(known)
        if kind == "extra_forbidden":
            allowed = keys_at(model, where[:-1])
            message = f"unknown key '{where[-1]}'" + (
                nearest(str(where[-1]), allowed) or f"; allowed: {', '.join(sorted(allowed))}"
                if allowed
                else ""
            )
        elif kind == "missing":
            message = f"'{where[-1]}' is missing"
            if not (len(where) and where[:-1] == known):
                unions.setdefault(known, []).append(message)
                continue
        elif kind in ("literal_error", "enum"):
            expected = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")
            message = (
                f"'{given}' is not one of: {expected}{nearest(str(given), expected.split(', '))}"
            )
        elif kind == "value_error":
            message = str(context.get("error", item["msg"]))
        elif kind == "string_pattern_mismatch":
            message = (
                f"'{given}' has the wrong form: {_pattern_in_words(str(context.get('pattern')))}"
            )
        elif kind == "string_too_short":
            message = "the text is too short: write it out"
        elif kind == "string_too_long":
            message = f"{len(str(given))} characters: at most {context.get('max_length')} fit here"
        elif kind == "too_short":
            message = f"at least {context.get('min_length')} entry is needed"
        elif kind == "too_long":
            message = (
                f"{context.get('actual_length')} entries: at most {context.get('max_length')} are"
                " allowed"
            )
        elif kind in ("greater_than", "greater_than_equal", "less_than", "less_than_equal"):
            message = (
                f"{given} is out of range:"
                f" {item['msg'].lower().replace('input should be', 'it must be')}"
            )
        else:
            message = f"{_shown(given)} is the wrong type: {_type_in_words(item['msg'])}"
        if len(known) < len(where) and kind not in ("missing", "extra_forbidden"):
            unions.setdefault(known, []).append(message)
            continue
        text = f"{place}: {message}" if place else message
        problems.setdefault((line, text), (known, Problem(name, line, text)))
    for known, messages in unions.items():
        line, place = lines.get(known, 0), dotted(known)
        text = f"{place}: fits no allowed form: " + "; or ".join(dict.fromkeys(messages))
        problems.setdefault((line, text), (known, Problem(name, line, text)))
    return list(problems.values())


def _shown(value: Any) -> str:
    text = (
        "a group of keys"
        if isinstance(value, dict)
        else "a list"
        if isinstance(value, list)
        else f"'{value}'"
    )
    return text if len(text) <= 60 else f"{text[:57]}…'"


def _type_in_words(message: str) -> str:
    words = {
        "valid string": "write text (quote it if it looks like a number, a date or true/false)",
        "valid integer": "write a whole number",
        "valid boolean": "write true or false",
        "valid list": "write a list, one '- ' a line",
        "valid tuple": "write a list, one '- ' a line",
        "valid dictionary": "write keys and values, indented below",
        "valid date": "write a day as YYYY-MM-DD, unquoted",
        "instance of Decimal": "write a number",
    }
    return next(
        (say for part, say in words.items() if part in message), message[0].lower() + message[1:]
    )


def _pattern_in_words(pattern: str) -> str:
    words = {
        "^[a-z0-9]+(-[a-z0-9]+)*$": "an id is small letters, digits and single hyphens",
        r"^[A-Z]{2}$|^any$": "a jurisdiction is two capitals such as US, or 'any' for science",
        r"^[A-Za-z][A-Za-z0-9-]*$": "a population is a short code of content/site.yml, such as AS",
        r"^[A-Z]{2,8}$": "an agency is its initials, such as FDA",
        "^[a-z][a-z0-9_]*$": "the name of a value is small letters, digits and _",
        r"^NCT\d{8}$": "NCT and eight digits",
        r"^\d{4}-\d{2}$": "a month is '2021-12', quoted; a day is 2021-12-14",
        m.ADDRESS: (
            "an address is page/, page/#id or #id, from the site's root: 'about/sources/',"
            " 'about/#limits'"
        ),
        r"^10\.\d{4,9}/\S+$": "a DOI starts with 10. and has no https://doi.org/ in front",
    }
    return words.get(pattern, f"it must match {pattern}")
