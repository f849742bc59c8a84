"""Makes the published records of trials and their results.

Numbers are taken from where the pages take theirs, so the two cannot differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from guide.base import statistics
from guide.base.registries import registry_of
from guide.content import models as m
from guide.content.values import (
    Contrast as ArmContrast,
)
from guide.content.values import (
    accuracy_shares,
    arm_percent,
    arm_rate,
    contrasts,
    shown_time,
)
from guide.data.published import Number
from guide.data.published_trials import Accuracy, Arm, Contrast, Result, Trial

Pages = dict[str, str | None]


def number(value: int | Decimal | None) -> Number | None:
    """A JSON number: whole numbers stay whole, decimals keep their value; a zero has no sign."""
    return None if value is None else value if isinstance(value, int) else float(value) + 0.0


def trial_record(one: m.Trial, pages: Pages, pages_of_results: Sequence[Pages]) -> Trial:
    """A trial with its results; the addresses are those of the pages that show each."""
    registry = registry_of(one.registration) if one.registration else None
    return Trial(
        id=one.id,
        name=one.name,
        registration=one.registration,
        registry=registry.name if registry else None,
        medicine=one.medicine,
        compares=one.compares,
        population=one.population,
        phase=one.phase,
        design=one.design,
        status=one.status,
        results=[
            _result(result, one, addresses)
            for result, addresses in zip(one.results, pages_of_results, strict=True)
        ],
        statements=[statement.id for statement in one.statements],
        **pages,
    )


def _result(one: m.Result, trial: m.Trial, pages: Pages) -> Result:
    all_contrasts = [_contrast(one, contrast) for contrast in contrasts(one)]
    first = all_contrasts[0] if all_contrasts else None
    return Result(
        id=one.id,
        trial=trial.id,
        medicine=trial.medicine,
        kind=one.kind,
        endpoint=one.endpoint,
        outcome=one.patient,
        outcome_is=one.outcome,
        aim=one.aim,
        primary=None if one.primary == "unknown" else one.primary,
        week=one.week if isinstance(one.week, int) else None,
        follow_up=(
            shown_time(one.week, patient=False) if isinstance(one.week, m.FollowUp) else None
        ),
        week_unknown=one.week.unknown if isinstance(one.week, m.Unknown) else None,
        population=one.population,
        who=one.who,
        arms=[_arm(arm) for arm in one.arms],
        **_scale(one.scale),
        accuracy=_accuracy(one.accuracy) if one.accuracy else None,
        **_limit(one.non_inferiority),
        difference=first.difference if first else None,
        interval_low=first.interval_low if first else None,
        interval_high=first.interval_high if first else None,
        nnt=first.nnt if first else None,
        contrasts=all_contrasts,
        certainty=one.certainty,
        not_rated=one.not_rated,
        clinician_only=one.clinician_only,
        sources=one.sources,
        locator=one.locator,
        confidence=one.confidence,
        **pages,
    )


def _arm(arm: m.Arm) -> Arm:
    """One arm of a result, its percentage to one decimal place."""
    rate = arm_rate(arm)
    quartiles, time = arm.quartiles, arm.person_time
    percent = statistics.rounded(arm_percent(arm), 1) if arm.kind == "counts" else None
    printed = rate and rate.per_100 if arm.rate else None
    return Arm(
        arm=arm.arm,
        medicine=arm.medicine,
        dose=arm.dose,
        n=arm.n,
        responders=arm.responders,
        responders_derived=arm.responders_derived,
        percent=number(percent),
        events=arm.events,
        person_time=number(time.value) if time else None,
        person_time_unit=time.unit if time else rate.unit if rate else None,
        rate=number(printed or (statistics.rounded(rate.per_100, 2) if rate else None)),
        mean=number(arm.mean),
        median=number(arm.median),
        sd=number(arm.sd),
        quartile_low=number(quartiles.low) if quartiles else None,
        quartile_high=number(quartiles.high) if quartiles else None,
    )


def _contrast(result: m.Result, contrast: ArmContrast) -> Contrast:
    """The difference between an arm and the comparator."""
    places = 2 if result.kind == "rates" else contrast.places
    difference, effect = contrast.difference, contrast.effect
    return Contrast(
        arm=f"{contrast.arm.arm} {contrast.arm.dose or ''}".strip(),
        comparator=contrast.comparator.arm,
        difference=float(difference if places is None else statistics.rounded(difference, places)),
        interval_low=number(contrast.low),
        interval_high=number(contrast.high),
        **_needed("nnt", contrast.treat),
        **_needed("nnh", contrast.harm),
        effect=effect.measure if effect else None,
        effect_value=number(effect.value) if effect else None,
        effect_low=number(effect.low) if effect else None,
        effect_high=number(effect.high) if effect else None,
        effect_level=number(effect.level) if effect else None,
    )


def _scale(scale: m.Scale | None) -> dict[str, Any]:
    return {
        "better": scale.better if scale else None,
        "scale": scale.shows if scale else None,
        "unit": scale.unit if scale else None,
        "scale_low": number(scale.low) if scale else None,
        "scale_high": number(scale.high) if scale else None,
    }


def _limit(planned: m.NonInferiority | None) -> dict[str, Any]:
    return {
        "non_inferiority": planned.measure if planned else None,
        "margin": number(planned.margin) if planned else None,
        "margin_met": planned.met if planned else None,
    }


def _accuracy(one: m.Accuracy) -> Accuracy:
    sensitivity, specificity = accuracy_shares(one)
    return Accuracy(
        test=one.test,
        reference=one.reference,
        true_positives=one.true_positives,
        with_condition=one.with_condition,
        true_negatives=one.true_negatives,
        without_condition=one.without_condition,
        without=one.without,
        **_share("sensitivity", sensitivity, one.true_positives, one.with_condition),
        **_share("specificity", specificity, one.true_negatives, one.without_condition),
    )


def _share(name: str, share: Decimal, count: int, n: int) -> dict[str, Any]:
    """A share with its interval as three fields."""
    low, high = statistics.wilson_percent(count, n)
    ends = {name: share, f"{name}_low": low, f"{name}_high": high}
    return {key: number(statistics.rounded(value, 1)) for key, value in ends.items()}


def _needed(name: str, one: statistics.Needed | None) -> dict[str, int | None]:
    """A number needed with its interval as three fields."""
    return {
        name: one.number if one else None,
        f"{name}_low": one.low if one else None,
        f"{name}_high": one.high if one else None,
    }
