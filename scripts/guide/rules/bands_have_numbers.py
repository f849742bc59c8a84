"""For clinicians a frequency word such as common stands only beside its number range; a relative measure only beside absolute numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .. import models as m
from .. import wording
from ..problem import Problem
from . import Guide

BAND = re.compile(r"\b(very common|uncommon|common|very rare|rare)\b(?! (?:use|practice|cause|complication|name|question)s?\b)", re.I)
RELATIVE = re.compile(r"\b(hazard ratio|odds ratio|risk ratio|relative risk|incidence rate ratio|rate ratio|HR|OR|RR|IRR)\b")
INTERVAL = re.compile(r"\b(CI|interval|to)\b|\(")


def check(guide: Guide) -> Iterator[Problem]:
    for record in guide.library.statements():
        values = [record.values[name] for owner, name in wording.calls(record.clinician) if owner is None and name in record.values]
        numbers = [value for value in values if not isinstance(value, str)]
        found = BAND.search(record.clinician)
        if found and not numbers and record.kind in ("adverse-reaction", "warning"):
            yield guide.problem(record.id, f"clinician: '{found[0]}' without its number: put the range beside it, such as 'common (up to {{n}} in 100)'", "clinician")
        found = RELATIVE.search(record.clinician)
        if found:
            ratios = [value for value in numbers if not (isinstance(value, m.Quantity) and (value.unit or value.value is None))]
            if len(numbers) < 3 or not INTERVAL.search(record.clinician) or len(numbers) == len(ratios) == 1:
                yield guide.problem(record.id, f"clinician: '{found[0]}' needs both arms' absolute numbers and its interval beside it, or leave it out", "clinician")
