"""For clinicians a frequency word such as common stands only beside its number range; a relative
measure only beside absolute numbers, whether they are its own or called from another record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from guide.base import language
from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.checks.wordings import wordings
from guide.content import models as m
from guide.content import wording
from guide.content.language_rules import Bands, language_rules
from guide.content.library import Library
from guide.content.values import result_values

NEEDS = "bands"


def share(said: str) -> Fraction | None:
    """A share as a fraction, however it is written: '10%', '1 in 10' and '10 out of 100 people' are
    one; None for what is none.
    """
    words, plain = language_rules().bands, language.current().plain
    if words is None:
        return None
    percent, of = words.percent.match(said), words.of.match(said)
    try:
        if percent:
            return Fraction(plain(percent[1])) / 100
        return Fraction(plain(of[1])) / Fraction(plain(of[2])) if of else None
    except (ValueError, ZeroDivisionError):
        return None


def check(guide: Guide) -> Iterator[Problem]:
    """Bands without their range, and ratios without both arms' numbers."""
    words = language_rules().bands
    if words is None:
        return
    for record in guide.library.statements():
        if record.kind in ("adverse-reaction", "warning"):
            for message in _bands(record, words):
                yield guide.problem(record.id, f"clinician: {message}", "clinician")
    for label, track, path, said, values in wordings(guide.library):
        if track == "clinicians" and path[-1] == "clinician" and _says_numbers(guide, label):
            for message in _ratio(guide.library, said, values, words):
                yield guide.problem(label, f"clinician: {message}", *path)


# Texts in which a measure stands beside its numbers, by the beginning of their labels.
_SAYING = ("answers:", "faq:", "takeaways:")


def _says_numbers(guide: Guide, label: str) -> bool:
    return label.startswith(_SAYING) or isinstance(guide.library.records.get(label), m.Statement)


def _bands(record: m.Statement, words: Bands) -> Iterator[str]:
    """What is wrong with the bands of a wording for clinicians."""
    bands = {band.word: band for band in words.bands}
    example = next(word for word, band in bands.items() if not band.more_than)
    for match in words.pattern.finditer(record.clinician):
        band, direction, name = match["band"].lower(), match["direction"], match["value"]
        if name is None:
            yield (
                f"'{band}' without its number: put the range behind it, such as"
                f" '{example} ({words.up_to} {{n}})' with n: 1 in 10"
            )
            continue
        known = bands.get(band)
        if known is None:
            continue
        given = (
            wording.shown(record.values[name]).replace("\u00a0", " ")
            if name in record.values
            else ""
        )
        meant = words.more_than if known.more_than else words.up_to
        if (direction, share(given)) != (meant, Fraction(known.limit, 10_000)):
            yield (
                f"'{band}' means {meant} {known.limit} in 10,000, but '{direction}"
                f" {given}' stands behind it: one of the two is wrong"
            )


def _ratio(
    library: Library, said: str, values: Mapping[str, m.Value | None], words: Bands
) -> Iterator[str]:
    """What is wrong with a relative measure in a wording for clinicians."""
    match = words.relative.search(said)
    if match is None:
        return
    numbers = [one for call in wording.calls(said) for one in _numbers(library, *call, values)]
    ratios = [
        value
        for value in numbers
        if not (isinstance(value, m.Quantity) and (value.unit or value.value is None))
    ]
    if len(numbers) < 3 or not words.interval.search(said) or len(numbers) == len(ratios) == 1:
        yield (
            f"'{match[0]}' needs both arms' absolute numbers and its interval beside it, or leave"
            " it out"
        )


def _numbers(
    library: Library, owner: str | None, name: str, values: Mapping[str, m.Value | None]
) -> Iterator[m.Value | str]:
    """The number that a call brings, its own or that of another record; nothing for a text."""
    record = library.records.get(owner or "")
    if owner is None:
        value = values.get(name)
    elif isinstance(record, m.Statement):
        value = record.values.get(name)
    elif isinstance(record, m.Result):
        # Every value of a result is a number, though it comes as words.
        known = result_values(record).get(name)
        if known is not None:
            yield m.Quantity(value=Decimal(1))
        return
    else:
        return
    if value is not None and not isinstance(value, str):
        yield value
