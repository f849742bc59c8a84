"""Every source, medicine, trial or fact that is named exists, so that no citation leads nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .. import models as m
from .. import wording
from ..problem import Problem, nearest
from ..sheet import PARTS
from ..view import result_values
from . import Guide, wordings


def check(guide: Guide) -> Iterator[Problem]:
    library = guide.library
    results = {key: record for key, record in library.records.items() if isinstance(record, m.Result)}
    statements = {key: record for key, record in library.records.items() if key not in results}

    def missing(label: str, wanted: Iterable[str], shelf: Any, what: str, *where: Any) -> Iterator[Problem]:
        for key in wanted:
            if key not in shelf:
                yield guide.problem(label, f"there is no {what} '{key}'{nearest(key, shelf)}", *where)

    populations, countries = library.site.populations, library.site.jurisdictions
    agencies = [agency.id for agency in library.site.agencies]
    for record in library.records.values():
        if isinstance(record, m.Approval):
            yield from missing(record.id, [record.agency], agencies, "agency in content/site.yml", "agency")
        else:
            yield from missing(record.id, [record.population], populations, "population in content/site.yml", "population")
        if isinstance(record, m.Statement):
            yield from missing(record.id, record.jurisdictions, countries, "jurisdiction in content/site.yml", "jurisdiction")
        yield from missing(record.id, record.sources, library.sources, "source", "sources")
        if isinstance(record, m.Statement):
            subjects = {**library.medicines, **library.conditions}
            yield from missing(record.id, record.bears_on, subjects, "medicine, class or condition", "bears_on")
        elif isinstance(record, m.Approval):
            yield from missing(record.id, [record.condition], library.conditions, "condition", "condition")
        else:
            yield from missing(record.id, [arm.medicine for arm in record.arms if arm.medicine], library.medicines, "medicine", "arms")
    for condition in library.conditions.values():
        yield from missing(f"condition:{condition.id}", [*condition.populations, *condition.related_populations], populations, "population in content/site.yml")
    for medicine in library.medicines.values():
        yield from missing(f"medicine:{medicine.id}", medicine.licensed_for, populations, "population in content/site.yml", "licensed_for")
        named = [*medicine.members, *([medicine.class_] if medicine.class_ else [])]
        if medicine.acts_on:
            yield from missing(f"medicine:{medicine.id}", medicine.acts_on.statements, statements, "statement", "acts_on", "statements")
        yield from missing(f"medicine:{medicine.id}", named, library.medicines, "medicine or class in content/medicines/")
    for trial in library.trials.values():
        yield from missing(f"trial:{trial.id}", [trial.population], populations, "population in content/site.yml", "population")
        yield from missing(f"trial:{trial.id}", [trial.medicine], library.medicines, "medicine", "medicine")
    for topic in library.topics.values():
        yield from missing(f"topic:{topic.id}", [topic.medicine], library.medicines, "medicine", "medicine")
        yield from missing(f"topic:{topic.id}", [topic.condition], library.conditions, "condition", "condition")
        if topic.condition in library.conditions and topic.condition not in library.comparisons:
            yield guide.problem(f"topic:{topic.id}", f"content/conditions/{topic.condition}/comparison.yml is missing: a topic shows all options", "condition")
    yield from (Problem("content/site.yml", library.line("content/site.yml", "topics"), f"topics: there is no topic '{key}'{nearest(key, library.topics)}")
                for key in library.site.topics if key not in library.topics)
    yield from (guide.problem(f"topic:{key}", f"the topic '{key}' is not in content/site.yml: add it to 'topics'")
                for key in library.topics if key not in library.site.topics)
    for topic, questions in library.questions.items():
        for index, question in enumerate(questions):
            yield from missing(f"faq:{topic}", question.statements, statements, "statement or approval", "questions", index, "statements")
    page_names = sorted({path.stem for path in (guide.root / "docs" / "topic").rglob("*.md")})
    for topic, takeaways in library.takeaways.items():
        for index, takeaway in enumerate(takeaways):
            yield from missing(f"takeaways:{topic}", takeaway.opens, page_names, "page in docs/topic/", "takeaways", index, "opens")
            yield from missing(f"takeaways:{topic}", takeaway.statements, statements, "statement", "takeaways", index, "statements")
            yield from missing(f"takeaways:{topic}", takeaway.results, results, "result", "takeaways", index, "results")
    for topic, file in library.claims.items():
        for index, claim in enumerate(file.claims):
            yield from missing(f"claims:{topic}", claim.facts, library.records, "fact", "claims", index, "facts")
    for condition, grid in library.comparisons.items():
        for row_index, row in enumerate(grid.rows):
            for cell_index, cell in enumerate(row.cells):
                where = ("rows", row_index, "cells", cell_index)
                yield from missing(f"comparison:{condition}", cell.statements, statements, "statement", *where, "statements")
                yield from missing(f"comparison:{condition}", cell.results, results, "result", *where, "results")
    for medicine, schedule in library.schedules.items():
        for index, row in enumerate(schedule.rows):
            for time in ("before", "during", "action"):
                yield from missing(f"schedule:{medicine}", getattr(row, time), statements, "statement", "rows", index, time)
            for field in ("due", "every"):
                for call in getattr(row, field):
                    owner, _, name = call.partition(".")
                    values = getattr(statements.get(owner), "values", {})
                    if owner not in row.during:
                        yield guide.problem(f"schedule:{medicine}", f"{field}: '{owner}' is not in 'during'{nearest(owner, row.during)}: a time belongs to a statement of the row", "rows", index, field)
                    elif not m.is_time(values.get(name)):
                        times = [key for key, value in values.items() if m.is_time(value)]
                        yield guide.problem(f"schedule:{medicine}", f"{field}: '{owner}' has no time '{name}'; it has {', '.join(times) or 'none'}", "rows", index, field)
    for key, handout in library.handouts.items():
        label = f"handout:{key}"
        takeaways = [takeaway.id for takeaway in library.takeaways.get(key, ())]
        sayable = [*takeaways, *library.glossary, *(record for record in library.records if not isinstance(library.records[record], m.Approval))]
        topic = library.topics.get(key)
        schedule = library.schedules.get(topic.medicine) if topic else None
        if key and topic is None:
            yield guide.problem(label, f"there is no topic '{key}'{nearest(key, library.topics)}")
            continue
        for track, own in (("patients", handout.patients), ("clinicians", handout.clinicians)):
            for part in PARTS:
                yield from missing(label, getattr(own, part) or (), sayable, "takeaway of the topic, statement, result or word of the glossary", track, part)
            yield from missing(label, own.tests or (), [row.id for row in schedule.rows] if schedule else (), "row of the medicine's schedule", track, "tests")
            yield from missing(label, own.sources or (), library.sources, "source", track, "sources")
    for term in library.glossary.values():
        if term.statement:
            yield from missing(f"term:{term.id}", [term.statement], statements, "statement", "statement")
    for label, _, where, text, values in wordings(library):
        for owner, name in wording.calls(text):
            if owner is None:
                if name not in values:
                    yield guide.problem(label, f"{where[-1]}: {{{name}}} is not in 'values'{nearest(name, values)}", *where)
            elif owner not in library.records:
                yield guide.problem(label, f"{where[-1]}: {{{owner}.{name}}} calls a record that does not exist{nearest(owner, library.records)}", *where)
            else:
                record = library.records[owner]
                names = record.values if isinstance(record, m.Statement) else result_values(record) if isinstance(record, m.Result) else {"date": 0, "checked": 0}
                if name not in names:
                    yield guide.problem(label, f"{where[-1]}: {{{owner}.{name}}}: '{owner}' has no value '{name}'; it has {', '.join(names) or 'none'}", *where)
