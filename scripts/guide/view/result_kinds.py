"""What each kind of result says of its groups and of their difference, for both readers.

Counts are the usual kind, and `view.results` says them. Here are rates over time, means, the
accuracy of a test, what a source prints beside its counts, and the limit of a non-inferiority
study. Patients are told numbers of people and units of a scale, and never a ratio.
"""

from __future__ import annotations

from decimal import Decimal

from markupsafe import Markup

from guide.base import statistics
from guide.base.language import gettext as _
from guide.base.language import gettext_noop
from guide.base.text import text
from guide.content import models as m
from guide.content import wording
from guide.content.values import (
    Contrast,
    arm_percent,
    arm_rate,
    contrasts,
    mean_of,
    rate_words,
    signed,
    whole_of,
)

# What the measures of an effect are called.
MEASURES = {
    "hazard ratio": gettext_noop("hazard ratio"),
    "rate ratio": gettext_noop("rate ratio"),
    "risk ratio": gettext_noop("risk ratio"),
    "odds ratio": gettext_noop("odds ratio"),
    "risk difference": gettext_noop("risk difference"),
    "rate difference": gettext_noop("rate difference"),
    "mean difference": gettext_noop("mean difference"),
    "median difference": gettext_noop("median difference"),
    "standardised mean difference": gettext_noop("standardised mean difference"),
}
# How units of person-time end in the languages whose units the engine knows.
_YEARS = ("years", "jahre")


# -- for patients --------------------------------------------------------------------------


def people_value(result: m.Result, arm: m.Arm, denominator: int) -> str:
    """What a patient is told of a group whose people were not counted: "3 for every 100 people a
    year", "fell by 3.1 points on average". Empty for counts.
    """
    if result.scale is not None:
        return _mean_for_patients(arm, result.scale)
    rate = arm_rate(arm) if result.kind == "rates" else None
    if rate is None:
        return ""
    count = _out_of(rate.per_100, denominator, _places(result, denominator))
    return _time_words(rate.unit).format(
        count=wording.shown_number(count), people=wording.shown_number(denominator), unit=rate.unit
    )


def _out_of(per_100: Decimal, denominator: int, places: int) -> Decimal:
    return statistics.rounded(per_100 * denominator / 100, places)


def _places(result: m.Result, denominator: int) -> int:
    """How many digits the rates of a result need for their differences to be those that a reader
    works out from them: 30 and 43 are 13 apart, where 29.8 and 43.3 are 13.5.
    """
    for places in range(2):
        if all(
            abs(_out_of(one.difference, denominator, places))
            == abs(_shown_rates_apart(one, denominator, places))
            for one in contrasts(result)
        ):
            return places
    return 2


def _shown_rates_apart(contrast: Contrast, denominator: int, places: int) -> Decimal:
    rates = [arm_rate(arm) for arm in (contrast.arm, contrast.comparator)]
    first, last = (_out_of(one.per_100, denominator, places) for one in rates if one)
    return first - last


def _time_words(unit: str) -> str:
    if unit.endswith(_YEARS):
        return _("{count} for every {people} people a year")
    return _("{count} for every {people} {unit}")


def _mean_for_patients(arm: m.Arm, scale: m.Scale) -> str:
    number, middle = mean_of(arm), arm.mean is None
    shown = wording.shown(scale.quantity(number if scale.shows == "value" else abs(number)))
    if scale.shows == "value":
        said = _("{number} in the middle of the group") if middle else _("{number} on average")
    elif number == 0:
        said = _("did not change")
    elif number < 0:
        said = (
            _("fell by {number} in the middle of the group")
            if middle
            else _("fell by {number} on average")
        )
    else:
        said = (
            _("rose by {number} in the middle of the group")
            if middle
            else _("rose by {number} on average")
        )
    return said.format(number=shown)


def people_difference(result: m.Result, contrast: Contrast, denominator: int) -> str:
    """What a patient is told of the difference between groups whose people were not counted; empty
    for counts.
    """
    if result.scale is not None:
        return _better_or_worse(result.scale, contrast.difference)
    if result.kind != "rates":
        return ""
    rate = arm_rate(contrast.arm)
    assert rate is not None, "an arm of rates has one"
    number = abs(_out_of(contrast.difference, denominator, _places(result, denominator)))
    if number == 0:
        return _("no difference")
    count = (
        _("about {number} more") if contrast.difference > 0 else _("about {number} fewer")
    ).format(number=wording.shown_number(number))
    return _time_words(rate.unit).format(
        count=count, people=wording.shown_number(denominator), unit=rate.unit
    )


def _better_or_worse(scale: m.Scale, difference: Decimal) -> str:
    if difference == 0:
        return _("no difference")
    better = (difference < 0) == (scale.better == "lower")
    said = _("{number} better") if better else _("{number} worse")
    return said.format(number=scale_difference(scale, abs(difference)))


def scale_difference(scale: m.Scale, difference: Decimal) -> str:
    """A difference in the unit of a scale; of percentages in percentage points."""
    quantity = scale.quantity(difference)
    if quantity.unit != "%":
        return wording.shown(quantity)
    return _("{number} percentage points").format(number=wording.shown_number(difference))


def patients_outcome(result: m.Result) -> Markup:
    """The outcome in everyday words; of a scale with its ends and its better direction."""
    scale = result.scale
    if scale is None:
        return text(_of_test(result, result.patient))
    lower = scale.better == "lower"
    if scale.low is None or scale.high is None:
        said = _("{outcome} (lower is better)") if lower else _("{outcome} (higher is better)")
        return text(said.format(outcome=result.patient))
    said = (
        _("{outcome} (from {low} to {high}; lower is better)")
        if lower
        else _("{outcome} (from {low} to {high}; higher is better)")
    )
    ends = {
        name: wording.shown_number(end) for name, end in (("low", scale.low), ("high", scale.high))
    }
    return text(said.format(outcome=result.patient, **ends))


def endpoint_words(result: m.Result) -> Markup:
    """The endpoint as the study names it; of a test, which one was tried."""
    return text(_of_test(result, result.endpoint))


def _of_test(result: m.Result, outcome: str) -> str:
    if result.accuracy is None or result.accuracy.test is None:
        return outcome
    return _("{test} for {condition}").format(test=result.accuracy.test, condition=outcome)


# -- for clinicians ------------------------------------------------------------------------


def arm_words(result: m.Result, arm: m.Arm) -> str:
    """What a clinician is told of a group whose people were not counted; empty for counts."""
    if result.scale is not None:
        return _mean_words(arm, result.scale)
    return _rate_words(arm) if result.kind == "rates" else ""


def rate_beside_counts(arm: m.Arm) -> str:
    """ "1.3 per 100 patient-years": the rate of a group whose people are counted; "" for none."""
    rate = arm_rate(arm)
    return _shown_rate(arm) if rate and arm.kind == "counts" else ""


def _rate_words(arm: m.Arm) -> str:
    if arm.events is None:
        return _shown_rate(arm)
    events = wording.shown_number(arm.events)
    if arm.person_time is None:
        return _("{events} events ({rate})").format(events=events, rate=_shown_rate(arm))
    return _("{events} events in {person_time} ({rate})").format(
        events=events, person_time=wording.shown(arm.person_time), rate=_shown_rate(arm)
    )


def _shown_rate(arm: m.Arm) -> str:
    """The rate as printed, else to two decimals."""
    if arm.rate is not None:
        return wording.shown(arm.rate)
    rate = arm_rate(arm)
    assert rate is not None, "an arm of rates has one"
    return rate_words(wording.shown_number(rate.in_size(rate.per_100)), rate)


def _mean_words(arm: m.Arm, scale: m.Scale) -> str:
    number = mean_of(arm)
    quantity = wording.shown(scale.quantity(number))
    if scale.shows == "change":
        quantity = ("+" if number > 0 else "") + quantity
        said = _("mean change {number}") if arm.mean is not None else _("median change {number}")
    else:
        said = _("mean {number}") if arm.mean is not None else _("median {number}")
    words = [said.format(number=quantity)]
    if arm.sd is not None:
        words.append(_("SD {sd}").format(sd=wording.shown_number(arm.sd)))
    if arm.quartiles is not None:
        words.append(_("interquartile range {ends}").format(ends=wording.shown(arm.quartiles)))
    if arm.n is not None:
        words.append(_("n {number}").format(number=wording.shown_number(arm.n)))
    return ", ".join(words)


def difference_words(result: m.Result, contrast: Contrast) -> str:
    """The difference of rates or means for a clinician; empty for counts.

    A difference of means is the printed one. Without one it is that of the means, and no interval
    is worked out.
    """
    if result.scale is not None:
        if contrast.effect and contrast.effect.measure != "standardised mean difference":
            return ""  # the printed effect says it
        number = scale_difference(result.scale, contrast.difference)
        plus = "+" if contrast.difference > 0 else ""
        return _("{number}, from the two groups; no interval printed").format(number=plus + number)
    rates = [arm_rate(arm) for arm in (contrast.arm, contrast.comparator)]
    if result.kind != "rates" or rates[0] is None or rates[1] is None:
        return ""
    # In the unit of the first group, with no digit that its rates do not have.
    rate = rates[0]._replace(places=max(rates[0].places, rates[1].places))
    return rate_words(signed(rate.in_size(contrast.difference)), rate)


def effect_words(result: m.Result, effect: m.Effect) -> str:
    """An effect as the source prints it: "hazard ratio 0.79 (95% CI 0.66 to 0.95)"."""
    number = wording.shown_number(effect.value)
    if result.scale is not None and effect.measure != "standardised mean difference":
        number = wording.shown(result.scale.quantity(effect.value))
    measure = _(MEASURES[effect.measure])
    if effect.low is None or effect.high is None:
        return _("{measure} {number}").format(measure=measure, number=number)
    return _("{measure} {number} ({level}% CI {low} to {high})").format(
        measure=measure,
        number=number,
        level=wording.shown_number(effect.level),
        low=wording.shown_number(effect.low),
        high=wording.shown_number(effect.high),
    )


# -- for both ------------------------------------------------------------------------------


def remarks(result: m.Result, denominator: int | None) -> tuple[Markup, ...]:
    """What is said behind the difference: that nothing was compared, what a test was held against,
    the limit of a non-inferiority study. `denominator` is that of a table for patients; None for
    clinicians.
    """
    said = []
    if result.accuracy is not None:
        said.append(
            (
                _("Against {reference}; Wilson’s intervals, computed here from the counts.")
                if denominator is None
                else _("What showed who has it: {reference}.")
            ).format(reference=result.accuracy.reference)
        )
    elif len(result.arms) == 1:
        said.append(_("No group to compare with."))
    if result.non_inferiority is not None:
        said.append(
            _limit_for_clinicians(result.non_inferiority)
            if denominator is None
            else _limit_for_patients(result, result.non_inferiority, denominator)
        )
    return tuple(text(one) for one in said)


def _limit_for_clinicians(planned: m.NonInferiority) -> str:
    said = {
        "yes": _("Planned to show non-inferiority (limit: {measure} {margin}): shown."),
        "no": _("Planned to show non-inferiority (limit: {measure} {margin}): not shown."),
        "not reported": _(
            "Planned to show non-inferiority (limit: {measure} {margin}): not reported whether it"
            " was shown."
        ),
    }[planned.met]
    return said.format(
        measure=_(MEASURES[planned.measure]), margin=wording.shown_number(planned.margin)
    )


def _limit_for_patients(result: m.Result, planned: m.NonInferiority, denominator: int) -> str:
    said = {
        "yes": _(
            "The study was planned to show that {arm} is not much worse than {comparator}. The"
            " study showed this."
        ),
        "no": _(
            "The study was planned to show that {arm} is not much worse than {comparator}. It did"
            " not show this."
        ),
        "not reported": _(
            "The study was planned to show that {arm} is not much worse than {comparator}. We do"
            " not know whether it showed this."
        ),
    }[planned.met].format(arm=result.arms[0].arm, comparator=result.arms[-1].arm)
    limit = _limit_in_numbers(result, planned, denominator)
    return f"{said} {limit}" if limit else said


def _limit_in_numbers(result: m.Result, planned: m.NonInferiority, denominator: int) -> str:
    """The limit as numbers of people, worked out from the comparator's: patients see no ratio."""
    if result.scale is not None:
        if planned.measure == "standardised mean difference":
            return ""
        number = wording.shown(result.scale.quantity(abs(Decimal(planned.margin))))
        return _("The limit was {number} worse.").format(number=number)
    if result.kind != "counts":
        return ""
    usual, margin = arm_percent(result.arms[-1]), Decimal(planned.margin)
    share = (
        statistics.share_at_ratio(usual, planned.measure, margin)
        if planned.measure in m.RATIOS
        else min(max(usual + margin, Decimal(0)), Decimal(100))
    )
    limit, compared = whole_of(share, denominator), whole_of(usual, denominator)
    if limit == compared:
        return ""  # the limit is too near for numbers of people to tell it
    return _(
        "The limit was about {count} out of {people}, where the group on {comparator} has {usual}."
    ).format(
        count=wording.shown_number(limit),
        people=wording.shown_number(denominator),
        comparator=result.arms[-1].arm,
        usual=wording.shown_number(compared),
    )
