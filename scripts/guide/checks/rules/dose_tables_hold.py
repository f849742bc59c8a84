"""Every number of a dose table stands in the proof or the notes of a fact that the row rests on, or
is a value of that fact.
"""

from __future__ import annotations

from collections.abc import Iterator

from guide.base.problem import Problem, nearest
from guide.checks.rule import Guide
from guide.checks.rules.proof_holds_the_number import units_of
from guide.content import models as m
from guide.content.proof import missing


def check(guide: Guide) -> Iterator[Problem]:
    """Numbers without proof, and tables of what is no medicine."""
    library = guide.library
    for owner, table in library.dose_tables.items():
        medicine = library.medicines.get(owner)
        if medicine is not None and not medicine.is_medicine:
            yield guide.problem(
                f"doses:{owner}",
                f"a dose table is for medicines, and '{owner}' is of kind '{medicine.kind}': delete"
                " the file",
            )
        for index, row in enumerate(table.rows):
            for keys, message in _unproved(guide, row):
                yield guide.problem(
                    f"doses:{owner}",
                    f"rows[{index}].{'.'.join(keys)}: {message}",
                    *("rows", index, *keys),
                )


def _unproved(guide: Guide, row: m.DoseRow) -> Iterator[tuple[tuple[str, ...], str]]:
    """Numbers of a row that none of its facts holds, and units that the guide does not know."""
    library, units = guide.library, guide.library.compute_once(units_of)
    records = [library.records[key] for key in row.facts if key in library.records]
    words = " … ".join(f"{record.proof or ''} … {record.reading or ''}" for record in records)
    for keys, quantity in row.quantities.items():
        if quantity.unit is not None and quantity.unit not in library.units:
            near = nearest(quantity.unit, library.units)
            yield (
                keys,
                (
                    f"the unit '{quantity.unit}' is not in content/units.yml{near}: write one that"
                    " is, or add it there"
                ),
            )
        elif lost := missing(quantity, words, units):
            yield (
                keys,
                (
                    f"{', '.join(lost)} is in the proof of no fact of the row: name the fact that"
                    " says it under 'facts', or call its value as 'fact-id.value'"
                ),
            )
