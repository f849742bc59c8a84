"""For clinicians a frequency word such as common stands only beside its number range; a relative
measure only beside absolute numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from guide.base import language
from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.content import models as m
from guide.content import wording
from guide.content.language_rules import Bands, language_rules

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
        messages = list(_ratio(record, words))
        if record.kind in ("adverse-reaction", "warning"):
            messages += _bands(record, words)
        for message in messages:
            yield guide.problem(record.id, f"clinician: {message}", "clinician")


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


def _ratio(record: m.Statement, words: Bands) -> Iterator[str]:
    """What is wrong with a relative measure in a wording for clinicians."""
    match = words.relative.search(record.clinician)
    if match is None:
        return
    numbers = [
        value
        for owner, name in wording.calls(record.clinician)
        if owner is None and name in record.values
        for value in [record.values[name]]
        if not isinstance(value, str)
    ]
    ratios = [
        value
        for value in numbers
        if not (isinstance(value, m.Quantity) and (value.unit or value.value is None))
    ]
    if (
        len(numbers) < 3
        or not words.interval.search(record.clinician)
        or len(numbers) == len(ratios) == 1
    ):
        yield (
            f"'{match[0]}' needs both arms' absolute numbers and its interval beside it, or leave"
            " it out"
        )
