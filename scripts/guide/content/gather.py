"""The records of all files, put together into one library; ids are checked on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from guide.base.problem import Problem
from guide.content import models as m
from guide.content.entry import Entry, Lines
from guide.content.library import Library, Place, Record


def gather(root: Path, read: list[tuple[Path, str, Entry]]) -> tuple[Library | None, list[Problem]]:
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
    library = Library(site=site, lines=Lines(root, [name for _, name, _ in read]))
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
