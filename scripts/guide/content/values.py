"""The numbers of a result: rates, contrasts, and the values a wording may call."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from guide.base import language, statistics
from guide.content import models as m
from guide.content import wording
from guide.content.library import Library


def arm_percent(arm: m.Arm) -> Decimal:
    """The arm's rate per 100: from counts where they are known, else as printed."""
    if arm.responders is not None and arm.n is not None:
        return statistics.rate(arm.responders, arm.n)
    assert arm.percent is not None  # an arm has counts or a percentage
    return Decimal(arm.percent)


def out_of(arm: m.Arm, denominator: int) -> int:
    """The arm's rate as whole people out of `denominator`, for patients' tables and pictures."""
    return int(statistics.rounded(arm_percent(arm) * denominator / 100))


class Contrast(NamedTuple):
    """An arm minus its comparator in percentage points, not rounded.

    `low` and `high` are the ends of the 95% interval, to one decimal; None where counts are not
    known. `treat` is the number needed to treat, for an arm that does better. `harm` is the number
    needed to harm, for one in which more people have a bad outcome. Both are None where the
    interval holds 0; that fewer people have a good outcome gets no number.
    """

    arm: m.Arm
    comparator: m.Arm
    difference: Decimal
    low: Decimal | None = None
    high: Decimal | None = None
    treat: statistics.Needed | None = None
    harm: statistics.Needed | None = None


def contrasts(result: m.Result) -> list[Contrast]:
    """Each arm of a result against its comparator, which is the last arm."""
    return [_contrast(result, arm, result.arms[-1]) for arm in result.arms[:-1]]


def _contrast(result: m.Result, arm: m.Arm, comparator: m.Arm) -> Contrast:
    difference = arm_percent(arm) - arm_percent(comparator)
    if (
        arm.responders is None
        or arm.n is None
        or comparator.responders is None
        or comparator.n is None
    ):
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
    return language.current().signed(number)


def result_values(result: m.Result) -> dict[str, str]:
    """What a wording may call of a result, by name, as a reader sees it.

    The first arm is `medicine_…`, the last `placebo_…`.
    """
    values: dict[str, str] = {}
    for name, arm in (("medicine", result.arms[0]), ("placebo", result.arms[-1])):
        values[f"{name}_percent"] = str(statistics.rounded(arm_percent(arm)))
        if arm.n is not None:
            values[f"{name}_n"] = wording.shown_number(arm.n)
        if arm.responders is not None:
            values[f"{name}_responders"] = wording.shown_number(arm.responders)
    if isinstance(result.week, int):
        values["week"] = str(result.week)
    difference = statistics.rounded(arm_percent(result.arms[0]) - arm_percent(result.arms[-1]))
    values["difference"] = str(abs(int(difference)))
    return values


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
