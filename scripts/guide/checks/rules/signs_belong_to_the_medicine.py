"""Signs that need help at once come from the medicine's own leaflet or label, or from another
official text, and never from a trial; where none was read, a gap says so. Signs of a class say so;
one medicine's signs never stand under another's name.
"""

from __future__ import annotations

from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.content import models as m
from guide.content.library import Library

KIND: m.Kind = "urgent-signs"


def check(guide: Guide) -> Iterator[Problem]:
    """Signs that are missing, that belong to another medicine, or that no official text gives."""
    yield from _missing(guide)
    yield from _of_other_records(guide)
    yield from _statements(guide)


def _missing(guide: Guide) -> Iterator[Problem]:
    library = guide.library
    for topic in library.topics.values():
        medicine = library.medicines.get(topic.medicine)
        klass = library.medicines.get(medicine.class_ or "") if medicine else None
        if (
            medicine
            and medicine.is_medicine
            and medicine.emergency is None
            and (klass is None or klass.emergency is None)
            and KIND not in topic.gaps
        ):
            yield guide.problem(
                f"medicine:{medicine.id}",
                f"'emergency' is missing: the signs of {medicine.name}'s own leaflet in one line,"
                " and the facts that list them; where you have read no leaflet, label or other"
                f" official text, leave it out and write a gap '{KIND}' in topic.yml",
            )


def _of_other_records(guide: Guide) -> Iterator[Problem]:
    library = guide.library
    for medicine in library.medicines.values():
        for key in medicine.emergency.statements if medicine.emergency else ():
            record = library.records.get(key)
            if record is None:
                continue
            if library.subject[key] != medicine.id:
                yield guide.problem(
                    f"medicine:{medicine.id}",
                    f"emergency: '{key}' is about {library.subject[key]}: name facts of"
                    f" {medicine.name} itself",
                    "emergency",
                    "statements",
                )
            elif not isinstance(record, m.Statement) or record.kind != KIND:
                kind = record.kind if isinstance(record, m.Statement) else "approval"
                yield guide.problem(
                    f"medicine:{medicine.id}",
                    f"emergency: '{key}' is of kind '{kind}', not '{KIND}'",
                    "emergency",
                    "statements",
                )


def _statements(guide: Guide) -> Iterator[Problem]:
    library = guide.library
    for statement in library.statements():
        if statement.kind == KIND and _of_a_study(library, statement):
            yield guide.problem(
                statement.id,
                "sources: signs that need help at once rest on a study or the news: take them from"
                " the leaflet, the label or another official text; where you have read none, delete"
                f" them and 'emergency', and write a gap '{KIND}' in topic.yml",
                "sources",
            )
        others = [other for other in statement.bears_on if other in library.medicines]
        if statement.kind == KIND and others:
            yield guide.problem(
                statement.id,
                f"bears_on: signs of {library.subject[statement.id]} would stand on the pages of"
                f" {', '.join(others)}: take it out, each medicine has its own",
                "bears_on",
            )


# Documents that list no signs to act on: what happened in a trial is no advice.
_STUDIES = ("article", "registry", "press-release", "news")


def _of_a_study(library: Library, statement: m.Statement) -> bool:
    """Whether signs of a medicine rest on nothing but such documents."""
    medicine = library.medicines.get(library.subject[statement.id])
    types = [library.sources[one].type for one in statement.sources if one in library.sources]
    return (
        medicine is not None
        and medicine.is_medicine
        and bool(types)
        and all(kind in _STUDIES for kind in types)
    )
