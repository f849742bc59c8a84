"""Results of trials: rates, differences, numbers needed."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from markupsafe import Markup

from guide.base import statistics
from guide.base.text import text
from guide.content import models as m
from guide.content import wording
from guide.content.values import (
    Contrast,
    arm_name,
    arm_percent,
    contrasts,
    out_of,
    shown_time,
    signed,
)
from guide.view.badges import badges_of, is_licensed
from guide.view.context import Context, TopicContext
from guide.view.shown import ArmShown, ContrastShown, ResultShown, Shown


def denominator_for(page: Context, results: Iterable[m.Result]) -> int:
    """One denominator for a whole table: 1,000 when any arm is under 1 in 100 or a difference
    would vanish, else 100.
    """
    for result in results:
        rates = [arm_percent(arm) for arm in result.arms]
        if min(rates) < 1 or abs(rates[0] - rates[-1]) < 2:
            return 1000
    return 100


def result_shown(
    page: TopicContext, result_id: str, about: str | None = None, denominator: int = 100
) -> ResultShown | None:
    """A result as this track shows it: rates from counts, difference with its interval.

    `denominator` is how many people the patient's numbers are out of, one for a whole table.
    """
    result = page.library.records[result_id]
    if page.patient and result.clinician_only:
        return None
    trial = page.library.trials[page.library.subject[result_id]]
    licensed = is_licensed(page, trial.medicine)
    arms = []
    for place, arm in enumerate(result.arms):
        percent = arm_percent(arm)
        arms.append(
            ArmShown(
                name=text(arm.arm),
                dose=text(arm.dose or "") if not page.patient or licensed else Markup(""),
                n=wording.shown_number(arm.n) if arm.n else "",
                responders=(
                    wording.shown_number(arm.responders) if arm.responders is not None else ""
                ),
                derived=arm.responders_derived,
                percent=text(f"{statistics.rounded(percent, 0 if page.patient else 1)}%"),
                out_of=wording.shown_number(out_of(arm, denominator)),
                comparator=place == len(result.arms) - 1,
            )
        )
    several = len(result.arms) > 2
    shown = tuple(
        contrast_shown(page, contrast, denominator, several, not page.patient or licensed)
        for contrast in contrasts(result)
    )
    record = Shown(
        id=result.id,
        text=text(result.patient),
        anchor=page.anchor_of(result.id),
        badges=badges_of(page, result, about),
        cites=page.cites(result.id),
        kind="result",
    )
    return ResultShown(
        record=record,
        trial=text(trial.name),
        trial_id=trial.id,
        endpoint=text(result.endpoint),
        outcome=text(result.patient),
        week=shown_time(result.week, page.patient),
        week_reason=(
            text(result.week.unknown) if isinstance(result.week, m.Unknown) else Markup("")
        ),
        who=text(
            f"{page.site.populations[result.population]}{', ' + result.who if result.who else ''}"
        ),
        primary=result.primary is True,
        outcome_is=result.outcome,
        arms=tuple(arms),
        contrasts=shown,
        certainty=result.certainty or "",
        not_rated=text(result.not_rated or ""),
        denominator=wording.shown_number(denominator),
    )


def contrast_shown(
    page: Context, contrast: Contrast, denominator: int, several: bool, dose: bool
) -> ContrastShown:
    """A contrast in this reader's numbers: points with their interval, and people out of the
    denominator.
    """
    scale = Decimal(denominator) / 100
    whole = abs(int(statistics.rounded(contrast.difference * scale)))
    exact = (
        abs(
            statistics.rounded(arm_percent(contrast.arm) * scale)
            - statistics.rounded(arm_percent(contrast.comparator) * scale)
        )
        == whole
    )
    more = "more" if contrast.difference > 0 else "fewer"
    label = (
        "no difference"
        if whole == 0
        else (
            f"{whole} {more}"
            if exact
            else f"about {whole} {more} (the numbers beside it are rounded)"
        )
    )
    needed = next(
        (
            f"{name} {one.number} ({one.low} to {one.high})"
            for name, one in (("NNT", contrast.treat), ("NNH", contrast.harm))
            if one
        ),
        "",
    )
    return ContrastShown(
        name=text(f"{arm_name(contrast.arm, several, dose)} v {contrast.comparator.arm}"),
        difference=f"{signed(statistics.rounded(contrast.difference, 1))} points",
        interval=(
            f"{signed(contrast.low)} to {signed(contrast.high)}"
            if contrast.low is not None and contrast.high is not None
            else ""
        ),
        needed=needed,
        out_of=label,
    )
