"""No wording for patients calls a ratio or its limit, or a rate over patient-years: they are told
the numbers of both groups.
"""

from __future__ import annotations

from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.checks.wordings import wordings
from guide.content import models as m
from guide.content import wording

_NUMBERS = frozenset({"effect", "effect_low", "effect_high", "margin"})
_RATES = frozenset({"medicine_rate", "comparator_rate", "placebo_rate"})


def check(guide: Guide) -> Iterator[Problem]:
    """Calls of printed effects in texts that patients are shown."""
    records = guide.library.records
    for label, track, path, text, _ in wordings(guide.library):
        if track == "clinicians":
            continue
        for owner, name in wording.calls(text):
            record = records.get(owner or "")
            if not isinstance(record, m.Result):
                continue
            if name in _RATES:
                yield guide.problem(
                    label,
                    f"{path[-1]}: {{{owner}.{name}}} is a rate over time, which is for clinicians:"
                    " leave it out; the table of the result tells patients how many people a year",
                    *path,
                )
            if name not in _NUMBERS:
                continue
            if record.scale is not None:
                continue  # a difference in units of a scale is an absolute one
            yield guide.problem(
                label,
                f"{path[-1]}: {{{owner}.{name}}} is a relative measure, which misleads alone: call"
                " both groups' numbers, such as"
                f" {{{owner}.medicine_percent}} and {{{owner}.comparator_percent}}",
                *path,
            )
