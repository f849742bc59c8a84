"""Every source, medicine, trial or fact that is named exists, so that no citation leads nowhere."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from guide.base.problem import Problem, nearest
from guide.checks.rule import Guide
from guide.checks.wordings import wordings
from guide.content import models as m
from guide.content import wording
from guide.content.gaps import each_gap
from guide.content.library import Library
from guide.content.models.topics import HANDOUT_PARTS
from guide.content.values import result_values

# The one option of a comparison that is no medicine.
NO_MEDICINE = "no-new-medicine"


def check(guide: Guide) -> Iterator[Problem]:
    library = guide.library
    results = {
        key: record for key, record in library.records.items() if isinstance(record, m.Result)
    }
    statements = {key: record for key, record in library.records.items() if key not in results}

    def missing(
        label: str, wanted: Iterable[str], shelf: Any, what: str, *where: Any
    ) -> Iterator[Problem]:
        for key in wanted:
            if key not in shelf:
                yield guide.problem(
                    label, f"there is no {what} '{key}'{_instead(key, shelf)}", *where
                )

    populations, countries = library.site.populations, library.site.jurisdictions
    agencies = [agency.id for agency in library.site.agencies]
    subjects, options = (
        {**library.medicines, **library.conditions},
        {**library.medicines, NO_MEDICINE: None},
    )
    sayable = {
        **library.glossary,
        **{
            key: record
            for key, record in library.records.items()
            if not isinstance(record, m.Approval)
        },
    }
    for record in library.records.values():
        if isinstance(record, m.Approval):
            yield from missing(
                record.id, [record.agency], agencies, "agency in content/site.yml", "agency"
            )
        else:
            yield from missing(
                record.id,
                [record.population],
                populations,
                "population in content/site.yml",
                "population",
            )
        if isinstance(record, m.Statement):
            yield from missing(
                record.id,
                record.jurisdictions,
                countries,
                "jurisdiction in content/site.yml",
                "jurisdiction",
            )
        yield from missing(record.id, record.sources, library.sources, "source", "sources")
        if isinstance(record, m.Statement):
            yield from missing(
                record.id, record.bears_on, subjects, "medicine, class or condition", "bears_on"
            )
            yield from missing(
                record.id, record.compares, library.medicines, "medicine or class", "compares"
            )
            yield from missing(
                record.id,
                [one.source for one in record.looked],
                library.sources,
                "source",
                "looked",
            )
        elif isinstance(record, m.Approval):
            yield from missing(
                record.id, [record.condition], library.conditions, "condition", "condition"
            )
        else:
            yield from missing(
                record.id,
                [arm.medicine for arm in record.arms if arm.medicine],
                library.medicines,
                "medicine",
                "arms",
            )
    for condition in library.conditions.values():
        for field in ("populations", "related_populations"):
            yield from missing(
                f"condition:{condition.id}",
                getattr(condition, field),
                populations,
                "population in content/site.yml",
                field,
            )
    for medicine in library.medicines.values():
        yield from missing(
            f"medicine:{medicine.id}",
            medicine.licensed_for,
            populations,
            "population in content/site.yml",
            "licensed_for",
        )
        if medicine.acts_on:
            yield from missing(
                f"medicine:{medicine.id}",
                medicine.acts_on.statements,
                statements,
                "statement",
                "acts_on",
                "statements",
            )
        yield from missing(
            f"medicine:{medicine.id}", medicine.members, library.medicines, "medicine", "members"
        )
        yield from missing(
            f"medicine:{medicine.id}",
            [medicine.class_] if medicine.class_ else [],
            library.medicines,
            "class in content/medicines/",
            "class",
        )
        if medicine.emergency:
            yield from missing(
                f"medicine:{medicine.id}",
                medicine.emergency.statements,
                statements,
                "statement",
                "emergency",
                "statements",
            )
    for label, where, gap, _ in each_gap(library):
        yield from missing(
            label, [one.source for one in gap.looked], library.sources, "source", *where, "looked"
        )
        yield from missing(label, gap.statements, statements, "statement", *where, "statements")
    yield from (
        guide.problem(
            f"source-words:{key}", f"there is no source '{key}'{_instead(key, library.sources)}"
        )
        for key in library.source_words
        if key not in library.sources
    )
    for trial in library.trials.values():
        yield from missing(
            f"trial:{trial.id}",
            [trial.population],
            populations,
            "population in content/site.yml",
            "population",
        )
        yield from missing(
            f"trial:{trial.id}", [trial.medicine], library.medicines, "medicine", "medicine"
        )
    for guideline in library.guidelines.values():
        yield from missing(
            f"guideline:{guideline.id}",
            [guideline.jurisdiction],
            countries,
            "jurisdiction in content/site.yml",
            "jurisdiction",
        )
        yield from missing(
            f"guideline:{guideline.id}",
            guideline.medicines,
            library.medicines,
            "medicine or class",
            "medicines",
        )
    for system in library.health_systems.values():
        yield from missing(
            f"health-system:{system.id}",
            [system.jurisdiction],
            countries,
            "jurisdiction in content/site.yml",
            "jurisdiction",
        )
        yield from missing(
            f"health-system:{system.id}",
            system.conditions,
            library.conditions,
            "condition",
            "conditions",
        )
    yield from _site(library, countries, statements)
    yield from _folders(library)
    for topic in library.topics.values():
        yield from missing(
            f"topic:{topic.id}", [topic.medicine], library.medicines, "medicine", "medicine"
        )
        yield from missing(
            f"topic:{topic.id}", [topic.condition], library.conditions, "condition", "condition"
        )
        if topic.condition in library.conditions and topic.condition not in library.comparisons:
            yield guide.problem(
                f"topic:{topic.id}",
                f"content/conditions/{topic.condition}/comparison.yml is missing: a topic shows all"
                " options",
                "condition",
            )
    yield from (
        Problem(
            "content/site.yml",
            library.line("content/site.yml", "topics"),
            f"topics: there is no topic '{key}'{nearest(key, library.topics)}",
        )
        for key in library.site.topics
        if key not in library.topics
    )
    yield from (
        guide.problem(
            f"topic:{key}", f"the topic '{key}' is not in content/site.yml: add it to 'topics'"
        )
        for key in library.topics
        if key not in library.site.topics
    )
    for topic, questions in library.questions.items():
        for index, question in enumerate(questions):
            yield from missing(
                f"faq:{topic}",
                question.statements,
                statements,
                "statement or approval",
                "questions",
                index,
                "statements",
            )
    page_names = sorted({path.stem for path in (guide.root / "docs" / "topic").rglob("*.md")})
    for topic, takeaways in library.takeaways.items():
        for index, takeaway in enumerate(takeaways):
            yield from missing(
                f"takeaways:{topic}",
                takeaway.opens,
                page_names,
                "page in docs/topic/",
                "takeaways",
                index,
                "opens",
            )
            yield from missing(
                f"takeaways:{topic}",
                takeaway.statements,
                statements,
                "statement",
                "takeaways",
                index,
                "statements",
            )
            yield from missing(
                f"takeaways:{topic}",
                takeaway.results,
                results,
                "result",
                "takeaways",
                index,
                "results",
            )
    for topic, file in library.claims.items():
        for index, claim in enumerate(file.claims):
            yield from missing(
                f"claims:{topic}", claim.facts, library.records, "fact", "claims", index, "facts"
            )
    for condition, grid in library.comparisons.items():
        for index, option in enumerate(grid.options):
            named = [option.id] if option.id != NO_MEDICINE else []
            yield from missing(
                f"comparison:{condition}",
                named,
                options,
                "medicine or class",
                "options",
                index,
                "id",
            )
            yield from missing(
                f"comparison:{condition}",
                [option.example] if option.example else [],
                library.medicines,
                "medicine",
                "options",
                index,
                "example",
            )
        for row_index, row in enumerate(grid.rows):
            for cell_index, cell in enumerate(row.cells):
                where = ("rows", row_index, "cells", cell_index)
                yield from missing(
                    f"comparison:{condition}",
                    cell.statements,
                    statements,
                    "statement",
                    *where,
                    "statements",
                )
                yield from missing(
                    f"comparison:{condition}", cell.results, results, "result", *where, "results"
                )
    for medicine, schedule in library.schedules.items():
        for index, row in enumerate(schedule.rows):
            for time in ("before", "during", "action"):
                yield from missing(
                    f"schedule:{medicine}",
                    getattr(row, time),
                    statements,
                    "statement",
                    "rows",
                    index,
                    time,
                )
            for field in ("due", "every"):
                for call in getattr(row, field):
                    owner, _, name = call.partition(".")
                    values = getattr(statements.get(owner), "values", {})
                    if owner not in row.during:
                        yield guide.problem(
                            f"schedule:{medicine}",
                            f"{field}: '{owner}' is not in 'during'{nearest(owner, row.during)}: a"
                            " time belongs to a statement of the row",
                            "rows",
                            index,
                            field,
                        )
                    elif not m.is_time(values.get(name)):
                        times = [key for key, value in values.items() if m.is_time(value)]
                        yield guide.problem(
                            f"schedule:{medicine}",
                            f"{field}: '{owner}' has no time '{name}'; it has"
                            f" {', '.join(times) or 'none'}",
                            "rows",
                            index,
                            field,
                        )
    for key, handout in library.handouts.items():
        label = f"handout:{key}"
        own_sayable = ChainMap(
            sayable, {takeaway.id: takeaway for takeaway in library.takeaways.get(key, ())}
        )
        topic = library.topics.get(key)
        schedule = library.schedules.get(topic.medicine) if topic else None
        if key and topic is None:
            yield guide.problem(label, f"there is no topic '{key}'{nearest(key, library.topics)}")
            continue
        for track, own in (("patients", handout.patients), ("clinicians", handout.clinicians)):
            for part in HANDOUT_PARTS:
                yield from missing(
                    label,
                    getattr(own, part) or (),
                    own_sayable,
                    "takeaway of the topic, statement, result or word of the glossary",
                    track,
                    part,
                )
            yield from missing(
                label,
                own.tests or (),
                [row.id for row in schedule.rows] if schedule else (),
                "row of the medicine's schedule",
                track,
                "tests",
            )
            yield from missing(
                label, own.sources or (), library.sources, "source", track, "sources"
            )
    for term in library.glossary.values():
        if term.statement:
            yield from missing(
                f"term:{term.id}", [term.statement], statements, "statement", "statement"
            )
    for label, _, where, text, values in wordings(library):
        for owner, name in wording.calls(text):
            if owner is None:
                if name not in values:
                    yield guide.problem(
                        label,
                        f"{where[-1]}: {{{name}}} is not in 'values'{nearest(name, values)}",
                        *where,
                    )
            elif owner not in library.records:
                yield guide.problem(
                    label,
                    f"{where[-1]}: {{{owner}.{name}}} calls a record that does not"
                    f" exist{nearest(owner, library.records)}",
                    *where,
                )
            else:
                record = library.records[owner]
                names = (
                    record.values
                    if isinstance(record, m.Statement)
                    else (
                        result_values(record)
                        if isinstance(record, m.Result)
                        else {"date": 0, "checked": 0}
                    )
                )
                if name not in names:
                    yield guide.problem(
                        label,
                        f"{where[-1]}: {{{owner}.{name}}}: '{owner}' has no value '{name}'; it has"
                        f" {', '.join(names) or 'none'}",
                        *where,
                    )


def _instead(key: str, shelf: Iterable[str]) -> str:
    """The nearest name, or all of them where they are few."""
    names = list(shelf)
    return nearest(key, names) or (f" (there are: {', '.join(names)})" if len(names) <= 12 else "")


def _site(library: Library, countries: Any, statements: Any) -> Iterator[Problem]:
    """Names in content/site.yml itself."""
    name = "content/site.yml"
    for index, agency in enumerate(library.site.agencies):
        if agency.jurisdiction not in countries:
            yield Problem(
                name,
                library.line(name, "agencies", index, "jurisdiction"),
                f"agencies[{index}]: there is no jurisdiction '{agency.jurisdiction}'"
                f" below{_instead(agency.jurisdiction, countries)}",
            )


def _folders(library: Library) -> Iterator[Problem]:
    """A folder is a medicine, condition or topic only by the file that says so."""
    shelves = {
        "medicines": (library.medicines, "medicine.yml"),
        "conditions": (library.conditions, "condition.yml"),
        "topics": (library.topics, "topic.yml"),
    }
    for name in library.lines:
        parts = Path(name).parts
        if len(parts) == 4 and parts[1] in shelves:
            shelf, file = shelves[parts[1]]
            if parts[2] not in shelf:
                yield Problem(
                    name,
                    0,
                    f"the folder '{parts[2]}' has no {file}{nearest(parts[2], shelf)}: write it, or"
                    " move this file to the right folder",
                )
