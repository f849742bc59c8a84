"""For clinicians a frequency word such as common stands only beside its number range; a relative
measure only beside absolute numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.content import models as m
from guide.content import wording

BAND = re.compile(
    r"\b(very common|uncommon|common|very rare|rare)\b(?: \((more than|up to) \{(\w+)\}\))?(?!"
    r" (?:use|practice|cause|complication|name|question|cold)s?\b)",
    re.I,
)


# The upper end of each band, as people in 10,000 (EU guideline on the summary of product
# characteristics, section 4.8).
UPPER = {"common": 1000, "uncommon": 100, "rare": 10, "very rare": 1}


RELATIVE = re.compile(
    r"\b(hazard ratio|odds ratio|risk ratio|relative risk|incidence rate ratio|rate"
    r" ratio|HR|OR|RR|IRR)\b"
)


INTERVAL = re.compile(r"\b(CI|interval|to)\b|\(")


# How a share is written: a percentage, or people out of people. A range is none, nor is a rate per
# 100 patient-years.
PERCENT = re.compile(r"([\d,.]+) ?(?:%|per ?cent\b)(?! ?(?:to|-|–) ?\d)")


OF = re.compile(
    r"([\d,.]+) (?:[a-z]+ )?(?:in|out of|of|per)(?: every)? ([\d,]++)(?! ?(?:to|-|–) ?\d)(?! ?\w*[-"
    r" ]?years?\b| ?PYs?\b| ?[mµn]?[gLl]\b)"
)


def share(said: str) -> Fraction | None:
    """A share as a fraction, however it is written: '10%', '1 in 10' and '10 out of 100 people' are
    one; None for what is none.
    """
    percent, of = PERCENT.match(said), OF.match(said)
    try:
        if percent:
            return Fraction(percent[1].replace(",", "")) / 100
        return Fraction(of[1].replace(",", "")) / Fraction(of[2].replace(",", "")) if of else None
    except (ValueError, ZeroDivisionError):
        return None


def check(guide: Guide) -> Iterator[Problem]:
    """Bands without their range, and ratios without both arms' numbers."""
    for record in guide.library.statements():
        messages = list(_ratio(record))
        if record.kind in ("adverse-reaction", "warning"):
            messages += _bands(record)
        for message in messages:
            yield guide.problem(record.id, f"clinician: {message}", "clinician")


def _bands(record: m.Statement) -> Iterator[str]:
    """What is wrong with the bands of a wording for clinicians."""
    for match in BAND.finditer(record.clinician):
        band, direction, name = match[1].lower(), match[2], match[3]
        if name is None:
            yield (
                f"'{band}' without its number: put the range behind it, such as"
                " 'common (up to {n})' with n: 1 in 10"
            )
            continue
        given = (
            wording.shown(record.values[name]).replace("\u00a0", " ")
            if name in record.values
            else ""
        )
        meant, limit = ("more than", 1000) if band == "very common" else ("up to", UPPER[band])
        if (direction, share(given)) != (meant, Fraction(limit, 10_000)):
            yield (
                f"'{band}' means {meant} {limit} in 10,000, but '{direction}"
                f" {given}' stands behind it: one of the two is wrong"
            )


def _ratio(record: m.Statement) -> Iterator[str]:
    """What is wrong with a relative measure in a wording for clinicians."""
    match = RELATIVE.search(record.clinician)
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
        or not INTERVAL.search(record.clinician)
        or len(numbers) == len(ratios) == 1
    ):
        yield (
            f"'{match[0]}' needs both arms' absolute numbers and its interval beside it, or leave"
            " it out"
        )
