"""The numbers of a result: rates, contrasts, and the values a wording may call."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from guide.base import statistics
from guide.content import models as m
from guide.content import wording
from guide.content.library import Library


def arm_percent(arm: m.Arm) -> Decimal:
    """The arm's rate per 100: from counts where they are known, else as printed."""
    return (
        statistics.rate(arm.responders, arm.n)
        if arm.responders is not None
        else Decimal(arm.percent)
    )


def out_of(arm: m.Arm, denominator: int) -> int:
    """The arm's rate as people out of `denominator`, rounded once: what patients' tables print and
    pictures show.
    """
    return int(statistics.rounded(arm_percent(arm) * denominator / 100))


class Contrast(NamedTuple):
    """An arm minus its comparator in percentage points, not rounded, with the 95% interval to one
    decimal.

    Where counts are known and the interval holds no "no difference": `treat` for an arm that does
    better, `harm` for one in which more people have a bad outcome. That fewer have a good one gets
    no number.
    """

    arm: m.Arm
    comparator: m.Arm
    difference: Decimal
    low: Decimal | None = None
    high: Decimal | None = None
    treat: statistics.Needed | None = None
    harm: statistics.Needed | None = None


def contrasts(result: m.Result) -> list[Contrast]:
    """What a result says of each arm against its comparator, which stands last."""
    return [_contrast(result, arm, result.arms[-1]) for arm in result.arms[:-1]]


def _contrast(result: m.Result, arm: m.Arm, comparator: m.Arm) -> Contrast:
    difference = arm_percent(arm) - arm_percent(comparator)
    if arm.responders is None or comparator.responders is None:
        return Contrast(arm, comparator, difference)
    counts = (arm.responders, arm.n, comparator.responders, comparator.n)
    low, high = statistics.newcombe(*counts)
    needed, good = statistics.number_needed(*counts), result.outcome == "good"
    return Contrast(
        arm,
        comparator,
        difference,
        statistics.rounded(low, 1),
        statistics.rounded(high, 1),
        treat=needed if good == (difference > 0) else None,
        harm=needed if not good and difference > 0 else None,
    )


def arm_name(arm: m.Arm, several: bool, dose: bool = True) -> str:
    """An arm as a table names it; with its dose where a result has several arms of medicines."""
    return f"{arm.arm} {arm.dose}" if several and dose and arm.dose else arm.arm


def shown_time(week: int | m.FollowUp | m.Unknown, patient: bool) -> str:
    """When a result was measured: 'after 14 weeks' or 'week 14', 'over a median of 4 years', 'time
    not known'.
    """
    if isinstance(week, int):
        return f"after {week} weeks" if patient else f"week {week}"
    if isinstance(week, m.FollowUp):
        time = wording.shown(week.follow_up)
        how = {
            "median": (
                "over about {} (half of the people longer)" if patient else "median follow-up {}"
            ),
            "mean": "over {} on average" if patient else "mean follow-up {}",
            "up to": "over up to {}",
            "at least": "over at least {}",
        }[week.measure]
        return how.format(time)
    return "time not known"


def signed(number: Decimal) -> str:
    """`+26.1`, `−3.0`, with a real minus sign."""
    return ("+" if number > 0 else "") + wording.shown_number(number)


def result_values(result: m.Result) -> dict[str, str]:
    """What a wording may call of a result: first arm as `medicine_…`, last as `placebo_…`."""
    found: dict[str, str] = {}
    for name, arm in (("medicine", result.arms[0]), ("placebo", result.arms[-1])):
        found[f"{name}_percent"] = str(statistics.rounded(arm_percent(arm)))
        if arm.n is not None:
            found[f"{name}_n"] = wording.shown_number(arm.n)
        if arm.responders is not None:
            found[f"{name}_responders"] = wording.shown_number(arm.responders)
    if isinstance(result.week, int):
        found["week"] = str(result.week)
    difference = statistics.rounded(arm_percent(result.arms[0]) - arm_percent(result.arms[-1]))
    found["difference"] = str(abs(int(difference)))
    return found


def value_of(library: Library, record_id: str, name: str) -> str:
    """A value of a record by name, as a reader sees it; a result's are computed from its
    counts.

    Raises KeyError when the record has no such value.
    """
    record = library.records[record_id]
    if isinstance(record, m.Statement):
        return wording.shown(record.values[name])
    if isinstance(record, m.Result):
        return result_values(record)[name]
    if name == "date" and record.date is not None:
        return wording.shown_date(record.date)
    if name == "checked":
        return wording.shown_date(record.checked)
    raise KeyError(name)
