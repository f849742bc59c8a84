"""Signs that need help at once come from the medicine's own leaflet or label; signs of a class say
so; one medicine's signs never stand under another's name.
"""

from __future__ import annotations

from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.content import models as m

KIND = "urgent-signs"


def check(guide: Guide) -> Iterator[Problem]:
    """Signs that are missing, or that belong to another medicine."""
    library = guide.library
    for topic in library.topics.values():
        medicine = library.medicines.get(topic.medicine)
        klass = library.medicines.get(medicine.class_ or "") if medicine else None
        if (
            medicine
            and medicine.is_medicine
            and medicine.emergency is None
            and (klass is None or klass.emergency is None)
        ):
            yield guide.problem(
                f"medicine:{medicine.id}",
                f"'emergency' is missing: the signs of {medicine.name}'s own leaflet in one line,"
                " and the facts that list them",
            )
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
    for statement in library.statements():
        others = [other for other in statement.bears_on if other in library.medicines]
        if statement.kind == KIND and others:
            yield guide.problem(
                statement.id,
                f"bears_on: signs of {library.subject[statement.id]} would stand on the pages of"
                f" {', '.join(others)}: take it out, each medicine has its own",
                "bears_on",
            )
