"""What a source prints beside its counts must fit them: a rate its events and person-time, a limit
that was met its interval, a mean its scale.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from guide.base import statistics
from guide.base.problem import Problem, nearest
from guide.checks.rule import Guide
from guide.content import models as m
from guide.content.values import arm_rate, mean_of


def check(guide: Guide) -> Iterator[Problem]:
    """Rates, limits and means that do not fit what stands beside them."""
    for result in guide.library.results():
        yield from _rates(guide, result)
        yield from _limit(guide, result)
        yield from _scale(guide, result)


def _rates(guide: Guide, result: m.Result) -> Iterator[Problem]:
    units = {rate.unit for arm in result.arms if (rate := arm_rate(arm)) is not None}
    if len(units) > 1:
        yield guide.problem(
            result.id,
            f"arms: the rates are per {' and per '.join(sorted(units))}: give all of them one unit"
            " of person-time",
            "arms",
        )
    for index, arm in enumerate(result.arms):
        if arm.rate is None or arm.events is None or arm.person_time is None:
            continue
        low, high = _possible(arm.events, arm.person_time)
        rate = arm_rate(arm)
        assert rate is not None and arm.rate.value is not None, "a printed rate has a value"
        # What the rate was before it was rounded, in events per 100.
        half = Decimal("0.5").scaleb(-statistics.decimal_places(arm.rate.value))
        half *= rate.per_100 / Decimal(arm.rate.value) if arm.rate.value else 1
        if rate.per_100 + half < low or rate.per_100 - half > high:
            yield guide.problem(
                result.id,
                f"arms[{index}]: {arm.events} events make {statistics.rounded(low, 2)} per 100"
                f" {rate.unit}, but 'rate' says {arm.rate.value}: read the source again; if it"
                " counts people, write 'responders' and 'n'",
                "arms",
                index,
                "rate",
            )


def _possible(events: int, time: m.Quantity) -> tuple[Decimal, Decimal]:
    """The lowest and highest rate per 100 that a rounded person-time allows."""
    value = Decimal(time.value or 0)
    half = Decimal("0.5").scaleb(-statistics.decimal_places(value))
    return (
        statistics.rate_over_time(events, value + half),
        statistics.rate_over_time(events, max(value - half, half)),
    )


def _limit(guide: Guide, result: m.Result) -> Iterator[Problem]:
    planned = result.non_inferiority
    effect = result.effect_of(0)
    if planned is None or effect is None or effect.measure != planned.measure:
        return
    if effect.low is None or effect.high is None or planned.met == "not reported":
        return
    upwards = planned.margin > (1 if planned.measure in m.RATIOS else 0)
    end = effect.high if upwards else effect.low
    inside = end < planned.margin if upwards else end > planned.margin
    if inside != (planned.met == "yes"):
        yield guide.problem(
            result.id,
            f"non_inferiority: the interval ends at {end} and the limit is {planned.margin}, but"
            f" 'met' says {planned.met}: read the source again",
            "non_inferiority",
            "met",
        )


def _scale(guide: Guide, result: m.Result) -> Iterator[Problem]:
    scale = result.scale
    if scale is None:
        return
    if scale.unit is not None and scale.unit not in guide.library.units:
        yield guide.problem(
            result.id,
            f"scale: the unit '{scale.unit}' is not in"
            f" content/units.yml{nearest(scale.unit, guide.library.units)}: write one that is, or"
            " add it there",
            "scale",
            "unit",
        )
    if scale.low is None or scale.high is None:
        return
    longest = scale.high - scale.low
    for index, arm in enumerate(result.arms):
        mean = mean_of(arm)
        fits = scale.low <= mean <= scale.high if scale.shows == "value" else abs(mean) <= longest
        if not fits:
            yield guide.problem(
                result.id,
                f"arms[{index}]: {mean} does not fit a scale from {scale.low} to {scale.high}: read"
                " the source again",
                "arms",
                index,
            )
