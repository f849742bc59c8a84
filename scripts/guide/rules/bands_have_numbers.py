"""For clinicians a frequency word such as common stands only beside its number range; a relative measure only beside absolute numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .. import models as m
from .. import wording
from ..problem import Problem
from . import Guide

BAND = re.compile(r"\b(very common|uncommon|common|very rare|rare)\b(?: \((more than|up to) \{(\w+)\}\))?(?! (?:use|practice|cause|complication|name|question|cold)s?\b)", re.I)
# The upper end of each band, as people in 10,000 (EU guideline on the summary of product characteristics, section 4.8).
UPPER = {"common": 1000, "uncommon": 100, "rare": 10, "very rare": 1}
RELATIVE = re.compile(r"\b(hazard ratio|odds ratio|risk ratio|relative risk|incidence rate ratio|rate ratio|HR|OR|RR|IRR)\b")
INTERVAL = re.compile(r"\b(CI|interval|to)\b|\(")


def check(guide: Guide) -> Iterator[Problem]:
    for record in guide.library.statements():
        values = [record.values[name] for owner, name in wording.calls(record.clinician) if owner is None and name in record.values]
        numbers = [value for value in values if not isinstance(value, str)]
        for found in BAND.finditer(record.clinician) if record.kind in ("adverse-reaction", "warning") else ():
            band, direction, name = found[1].lower(), found[2], found[3]
            if name is None:
                yield guide.problem(record.id, f"clinician: '{band}' without its number: put the range behind it, such as 'common (up to {{n}})' with n: 1 in 10", "clinician")
                continue
            said = wording.shown(record.values[name]).replace("\u00a0", " ") if name in record.values else ""
            share = re.match(r"(\d+) (?:in|out of) ([\d,]+)", said)
            people = int(share[1]) * 10_000 // int(share[2].replace(",", "")) if share else None
            wanted = ("more than", 1000) if band == "very common" else ("up to", UPPER[band])
            if people is None or (direction, people) != wanted:
                yield guide.problem(record.id, f"clinician: '{band}' means {wanted[0]} {wanted[1]} in 10,000, but '{direction} {said}' stands behind it: one of the two is wrong", "clinician")
        found = RELATIVE.search(record.clinician)
        if found:
            ratios = [value for value in numbers if not (isinstance(value, m.Quantity) and (value.unit or value.value is None))]
            if len(numbers) < 3 or not INTERVAL.search(record.clinician) or len(numbers) == len(ratios) == 1:
                yield guide.problem(record.id, f"clinician: '{found[0]}' needs both arms' absolute numbers and its interval beside it, or leave it out", "clinician")
