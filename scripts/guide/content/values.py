"""The numbers of a result: rates, contrasts, and the values a wording may call."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from guide.base import language, statistics
from guide.base.language import gettext as _
from guide.content import models as m
from guide.content import wording
from guide.content.library import Library


def arm_percent(arm: m.Arm) -> Decimal:
    """The arm's rate per 100: from counts where they are known, else as printed."""
    if arm.responders is not None and arm.n is not None:
        return statistics.rate(arm.responders, arm.n)
    assert arm.percent is not None  # an arm has counts or a percentage
    return Decimal(arm.percent)


class Rate(NamedTuple):
    """Events per 100 of a unit of person-time, such as patient-years; not rounded. `size` and
    `places` are those of the rate as printed: 29.8 per 1,000 has 1,000 and 1.
    """

    per_100: Decimal
    unit: str
    size: int = 100
    places: int = 2

    def in_size(self, per_100: Decimal) -> Decimal:
        """A number per 100 as it is printed beside this rate."""
        return statistics.rounded(per_100 * self.size / 100, self.places)


def arm_rate(arm: m.Arm) -> Rate | None:
    """The arm's rate over time, as printed where it is; None where the arm has none."""
    if arm.rate is not None and arm.rate.value is not None:
        printed = m.RATE_UNIT.fullmatch(arm.rate.unit or "")
        assert printed is not None, "the model asks for the form"
        size = int(printed["size"].replace(",", ""))
        places = statistics.decimal_places(arm.rate.value)
        return Rate(Decimal(arm.rate.value) * 100 / size, printed["unit"], size, places)
    if arm.events is not None and arm.person_time is not None and arm.person_time.value:
        per_100 = statistics.rate_over_time(arm.events, arm.person_time.value)
        return Rate(per_100, arm.person_time.unit or "")
    return None


def rate_words(number: str, rate: Rate) -> str:
    """A number in the unit of a rate: "29.8 per 1,000 patient-years"."""
    return _("{number} per {size} {unit}").format(
        number=number, size=wording.shown_number(rate.size), unit=rate.unit
    )


def arm_share(arm: m.Arm) -> Decimal | None:
    """The arm's people or events per 100, as patients are told them; None for a mean."""
    if arm.kind == "counts":
        return arm_percent(arm)
    rate = arm_rate(arm)
    return rate.per_100 if rate else None


def shares(result: m.Result) -> list[Decimal]:
    """All numbers of a result that a table tells patients as people out of a number."""
    if result.accuracy is not None:
        found, cleared = accuracy_shares(result.accuracy)
        return [found, 100 - found, cleared, 100 - cleared]
    return [share for arm in result.arms if (share := arm_share(arm)) is not None]


def accuracy_shares(accuracy: m.Accuracy) -> tuple[Decimal, Decimal]:
    """Sensitivity and specificity per 100, not rounded."""
    return (
        statistics.rate(accuracy.true_positives, accuracy.with_condition),
        statistics.rate(accuracy.true_negatives, accuracy.without_condition),
    )


def mean_of(arm: m.Arm) -> Decimal:
    """The mean, or the median, of an arm that has one."""
    number = arm.mean if arm.mean is not None else arm.median
    assert number is not None, "an arm of means has a mean or a median"
    return Decimal(number)


def out_of(arm: m.Arm, denominator: int) -> int:
    """The arm's rate as whole people out of `denominator`, for patients' tables and pictures."""
    return whole_of(arm_percent(arm), denominator)


def whole_of(share: Decimal, denominator: int) -> int:
    """A number per 100 as a whole number out of `denominator`."""
    return int(statistics.rounded(share * denominator / 100))


class Contrast(NamedTuple):
    """An arm minus its comparator, not rounded: percentage points of counts, events per 100 of the
    person-time, or units of a scale.

    `low` and `high` are the ends of the 95% interval of counts, to `places` decimals, or as printed
    those of a difference of means; else None. `places` is None for what is not rounded here.
    `treat` is the number needed to treat, for an arm that does better. `harm` is the number needed
    to harm, for one in which more people have a bad outcome. Both are None where the interval
    holds 0; that fewer people have a good outcome gets no number.
    `effect` is what the source prints.
    """

    arm: m.Arm
    comparator: m.Arm
    difference: Decimal
    low: Decimal | None = None
    high: Decimal | None = None
    treat: statistics.Needed | None = None
    harm: statistics.Needed | None = None
    effect: m.Effect | None = None
    places: int | None = None

    def shown(self, number: Decimal) -> str:
        """The difference or an end of its interval, with its sign."""
        return signed(number if self.places is None else statistics.rounded(number, self.places))


def contrasts(result: m.Result) -> list[Contrast]:
    """Each arm of a result against its comparator, which is the last arm; none where nothing was
    compared.
    """
    contrast = {"means": _of_means, "rates": _of_rates}.get(result.kind, _of_counts)
    return [
        contrast(result, Contrast(arm, result.arms[-1], Decimal(0), effect=result.effect_of(place)))
        for place, arm in enumerate(result.arms[:-1])
    ]


def _of_counts(result: m.Result, pair: Contrast) -> Contrast:
    arm, comparator = pair.arm, pair.comparator
    difference = arm_percent(arm) - arm_percent(comparator)
    if (
        arm.responders is None
        or arm.n is None
        or comparator.responders is None
        or comparator.n is None
    ):
        return pair._replace(difference=difference, places=1)
    counts = (arm.responders, arm.n, comparator.responders, comparator.n)
    low, high = statistics.newcombe(*counts)
    places = statistics.places_of_interval(low, high)
    needed, good = statistics.number_needed(*counts), result.outcome == "good"
    return pair._replace(
        difference=difference,
        low=statistics.rounded(low, places),
        high=statistics.rounded(high, places),
        treat=needed if good == (difference > 0) else None,
        harm=needed if not good and difference > 0 else None,
        places=places,
    )


def _of_rates(_: m.Result, pair: Contrast) -> Contrast:
    ours, theirs = arm_rate(pair.arm), arm_rate(pair.comparator)
    assert ours is not None and theirs is not None, "an arm of rates has one"
    return pair._replace(difference=ours.per_100 - theirs.per_100)


def _of_means(_: m.Result, pair: Contrast) -> Contrast:
    """The printed difference where there is one: it may be adjusted, and has an interval."""
    effect = pair.effect
    if effect is None or effect.measure == "standardised mean difference":
        return pair._replace(difference=mean_of(pair.arm) - mean_of(pair.comparator))
    low, high = (None if end is None else Decimal(end) for end in (effect.low, effect.high))
    return pair._replace(difference=Decimal(effect.value), low=low, high=high)


def seen_from(result: m.Result, medicine: str) -> m.Result:
    """The result with this medicine's arm first, where it was the comparator. Effects and limits
    are printed for the other direction, and are left out then.
    """
    if len(result.arms) < 2 or result.arms[-1].medicine != medicine:
        return result
    if any(arm.medicine == medicine for arm in result.arms[:-1]):
        return result
    turned = {"arms": [result.arms[-1], result.arms[0]], "effect": None, "non_inferiority": None}
    return result.model_copy(update=turned)


def is_benefit(result: m.Result) -> bool:
    """Whether the outcome is what the treatment is given for: a good one, or a bad one that it
    shall prevent.
    """
    if result.kind in ("means", "accuracy"):
        return True
    return result.outcome == "good" or result.aim == "prevention"


def arm_name(arm: m.Arm, several: bool, dose: bool = True) -> str:
    """An arm as a table names it; with its dose where a result has several arms of medicines."""
    return f"{arm.arm} {arm.dose}" if several and dose and arm.dose else arm.arm


def shown_time(week: int | m.FollowUp | m.Unknown | None, patient: bool) -> str:
    """When a result was measured: 'after 14 weeks' or 'week 14', 'over a median of 4 years', 'time
    not known'; empty for the accuracy of a test that has no time.
    """
    if week is None:
        return ""
    if isinstance(week, int):
        return (_("after {number} weeks") if patient else _("week {number}")).format(
            number=wording.shown_number(week)
        )
    if isinstance(week, m.Unknown):
        return _("time not known")
    time = wording.shown(week.follow_up)
    how = {
        "median": (
            _("over about {time} (half of the people longer)")
            if patient
            else _("median follow-up {time}")
        ),
        "mean": _("over {time} on average") if patient else _("mean follow-up {time}"),
        "up to": _("over up to {time}"),
        "at least": _("over at least {time}"),
    }[week.measure]
    return how.format(time=time)


def signed(number: Decimal) -> str:
    """`+26.1`, `−3.0`, with a real minus sign."""
    return language.current().signed(number)


def result_values(result: m.Result) -> dict[str, str]:
    """What a wording may call of a result, by name, as a reader sees it.

    The first arm is `medicine_…`; the last is `comparator_…`, and `placebo_…` as well.
    """
    values = {} if result.accuracy is None else _accuracy_values(result.accuracy)
    if result.arms:
        values |= _arm_values("medicine", result.arms[0], result.scale)
    if len(result.arms) > 1:
        for name in ("placebo", "comparator"):
            values |= _arm_values(name, result.arms[-1], result.scale)
    if isinstance(result.week, int):
        values["week"] = wording.shown_number(result.week)
    if len(result.arms) > 1:
        values |= _difference_values(result)
    if result.non_inferiority is not None:
        values["margin"] = wording.shown_number(result.non_inferiority.margin)
    return values


def _arm_values(name: str, arm: m.Arm, scale: m.Scale | None) -> dict[str, str]:
    values = {}
    if arm.kind == "counts":
        values[f"{name}_percent"] = str(statistics.rounded(arm_percent(arm)))
    if arm.n is not None:
        values[f"{name}_n"] = wording.shown_number(arm.n)
    if arm.responders is not None:
        values[f"{name}_responders"] = wording.shown_number(arm.responders)
    if arm.events is not None:
        values[f"{name}_events"] = wording.shown_number(arm.events)
    if (rate := arm_rate(arm)) is not None:
        values[f"{name}_rate"] = rate_words(wording.shown_number(rate.in_size(rate.per_100)), rate)
    if scale is not None:
        number = mean_of(arm)
        # "Fell by {medicine_mean}": a change is called without its sign.
        values[f"{name}_mean"] = wording.shown(
            scale.quantity(abs(number) if scale.shows == "change" else number)
        )
    return values


def _difference_values(result: m.Result) -> dict[str, str]:
    first = contrasts(result)[0]
    values = {}
    if result.scale is not None:
        values["difference"] = wording.shown(result.scale.quantity(abs(first.difference)))
    elif result.kind == "counts":
        values["difference"] = str(abs(int(statistics.rounded(first.difference))))
    if first.effect is not None:
        values["effect"] = wording.shown_number(first.effect.value)
        if first.effect.low is not None and first.effect.high is not None:
            values["effect_low"] = wording.shown_number(first.effect.low)
            values["effect_high"] = wording.shown_number(first.effect.high)
    return values


def _accuracy_values(accuracy: m.Accuracy) -> dict[str, str]:
    """Whole numbers out of 100."""
    found, cleared = (int(statistics.rounded(share)) for share in accuracy_shares(accuracy))
    return {
        "found": str(found),
        "missed": str(100 - found),
        "cleared": str(cleared),
        "false_alarms": str(100 - cleared),
        "sensitivity": str(found),
        "specificity": str(cleared),
    }


# The names of values that are shares out of 100, without a sign or words for it.
SHARES = re.compile(r"_percent$|^(?:found|missed|cleared|false_alarms|sensitivity|specificity)$")


def value_of(library: Library, record_id: str, name: str) -> str:
    """A value of a record by name, as a reader sees it; a result's are computed from its
    numbers.

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
