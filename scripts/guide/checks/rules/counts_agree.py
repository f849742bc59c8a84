"""Counts are the truth: the printed percentage must be what the counts round to, and a derived
count the only one that fits.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from guide.base import statistics
from guide.base.problem import Problem
from guide.checks.rule import Guide


def check(guide: Guide) -> Iterator[Problem]:
    """Counts that do not round to the printed percentage."""
    for result in guide.library.results():
        for index, arm in enumerate(result.arms):
            if arm.responders is None or arm.percent is None or arm.n is None:
                if arm.responders_derived:
                    yield guide.problem(
                        result.id,
                        f"arms[{index}]: 'responders_derived' needs 'responders' and the printed"
                        " 'percent' it was worked out from",
                        "arms",
                        index,
                    )
                continue
            places = _places(arm.percent)
            counted = statistics.rounded(statistics.rate(arm.responders, arm.n), places)
            if counted != statistics.rounded(arm.percent, places):
                yield guide.problem(
                    result.id,
                    f"arms[{index}]: {arm.responders} of {arm.n} is {counted}%, but 'percent' says"
                    f" {arm.percent}: read the source again and keep what it prints",
                    "arms",
                    index,
                    "percent",
                )
            elif arm.responders_derived and (
                fit := statistics.counts_that_fit(arm.percent, arm.n)
            ) != [arm.responders]:
                yield guide.problem(
                    result.id,
                    f"arms[{index}]: {len(fit)} counts print as {arm.percent}% of {arm.n}"
                    f" ({', '.join(map(str, fit[:5]))}): leave 'responders' out",
                    "arms",
                    index,
                    "responders",
                )


def _places(percent: Decimal | int) -> int:
    """How many decimal places a printed percentage has."""
    exponent = Decimal(percent).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
