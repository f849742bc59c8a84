"""Every number of a fact, with its unit, stands a second time: in the source's own words, or in the
notes of the person who read it. A mistyped dose no longer matches.

`proof` holds the source's words, `reading` the reader's notes where no short phrase holds all
numbers. A value that neither can hold says why in `unproved`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from guide.base.fingerprint import fingerprint
from guide.base.language import current
from guide.base.problem import Problem, nearest
from guide.checks.rule import Guide, unless_sound
from guide.content import models as m
from guide.content.language_rules import language_rules
from guide.content.library import Library, Record
from guide.content.proof import Units, missing, values_of


def check(guide: Guide) -> Iterator[Problem]:
    """Values that neither the proof nor the reader's notes hold."""
    library = guide.library
    units = library.compute_once(units_of)
    # The records' digests have the units in them.
    common = f"{__name__} {current().code}"
    for record in library.records.values():
        digest = library.digests.get(("records", record.id))
        known = fingerprint(common, digest) if digest else None
        yield from unless_sound(known, _of_record(guide, record, units))


def _of_record(guide: Guide, record: Record, units: Units) -> Iterator[Problem]:
    words = f"{record.proof or ''} … {record.reading or ''}"
    for key_path, value in values_of(record):
        name = ".".join(map(str, key_path))
        if isinstance(value, m.Quantity):
            # The week of a result is a bare number there: its unit is the engine's word.
            unit = None if key_path == ("week",) else value.unit
            if unit is not None and unit not in guide.library.units:
                yield guide.problem(
                    record.id, f"{name}: {_unlisted(unit, guide, units)}", *key_path
                )
                continue
            if value.unproved is not None:
                continue
            if value.printed is not None:
                yield from (
                    guide.problem(record.id, f"{name}: {wrong}", *key_path)
                    for wrong in _printed(value, value.printed, words, units)
                )
                continue
        lost = missing(value, words, units)
        if lost:
            yield guide.problem(record.id, f"{name}: {_lost(lost, record)}", *key_path)


def units_of(library: Library) -> Units:
    """The guide's units, read once."""
    return Units(library.units, language_rules().units)


def _printed(value: m.Quantity, printed: str, words: str, units: Units) -> Iterator[str]:
    """What is wrong with a value that the source prints in another form."""
    if " ".join(printed.split()).lower() not in " ".join(words.split()).lower():
        yield (
            f"'{printed}' (printed) is not in the proof: write it there in the source's own words"
        )
    elif lost := missing(value, printed, units):
        yield f"{lost[0]} is not '{printed}' (printed): one of the two is wrong"


def _unlisted(unit: str, guide: Guide, units: Units) -> str:
    spelling = units.spelling_of(unit)
    if spelling:
        return f"the unit '{unit}' is spelt '{spelling}' here: write that"
    return (
        f"the unit '{unit}' is not in content/units.yml{nearest(unit, guide.library.units)}: write"
        " one that is, or add it there"
    )


def _lost(lost: list[str], record: Record) -> str:
    numbers = ", ".join(lost)
    if record.proof is None and record.reading is None:
        return (
            f"{numbers}: no proof stands with it: write the source's own words with number and unit"
            " into 'proof', or the notes of who read it into 'reading'"
        )
    stands = "are" if len(lost) > 1 else "is"
    phrase = textwrap.shorten(record.proof or record.reading or "", 90, placeholder=" …")
    notes = " nor in the notes of 'reading'" if record.proof and record.reading else ""
    return (
        f"{numbers} {stands} not in the proof '{phrase}'{notes}: read the source again, then change"
        " the number, or 'proof' to the source's own words"
    )
