"""Results of trials: people out of a number for patients; counts and points for clinicians."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from markupsafe import Markup

from guide.base import statistics
from guide.base.text import sentence, text
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
from guide.view.context import ConditionContext, Context
from guide.view.shown import Badge

OutcomeKind = Literal["Hoped for", "Unwanted"]


@dataclass(frozen=True, kw_only=True)
class ResultShown:
    """What each form of a result has: its record, sources and badges. `anchor` is empty where the
    page shows the result already.
    """

    id: str
    cites: tuple[str, ...]
    anchor: str = ""
    badges: tuple[Badge, ...] = ()


@dataclass(frozen=True)
class PeopleArm:
    """A group and how many of its people had the outcome, out of the table's denominator."""

    name: Markup
    count: str


@dataclass(frozen=True)
class CountsArm:
    """A group with its counts; `responders` is empty where the count is not known, and `n` where
    the number of people is not. `derived`: the count was worked out from the percentage.
    """

    name: Markup
    percent: str
    responders: str = ""
    n: str = ""
    derived: bool = False


@dataclass(frozen=True)
class PeopleDifference:
    """How many people more or fewer: "about 12 more". `rounded`: the numbers of the groups are
    rounded and differ by another number. `name` says which groups, where there are several.
    """

    people: str
    rounded: bool = False
    name: Markup = Markup("")


@dataclass(frozen=True)
class PointsDifference:
    """A difference in percentage points; `interval` is empty where counts are not known. `needed`
    is "NNT 4 (3 to 9)", "NNH …" or empty. `name` says which groups, where there are several.
    """

    points: str
    interval: str = ""
    needed: str = ""
    name: Markup = Markup("")


@dataclass(frozen=True, kw_only=True)
class PeopleResult(ResultShown):
    """A row of a patient's table."""

    kind: OutcomeKind
    outcome: Markup
    when: str
    arms: tuple[PeopleArm, ...]
    differences: tuple[PeopleDifference, ...]
    certainty: Markup


@dataclass(frozen=True, kw_only=True)
class CountsResult(ResultShown):
    """A row of a clinician's table. `no_time` says why it is not known when it was measured."""

    kind: OutcomeKind
    endpoint: Markup
    when: str
    who: Markup
    arms: tuple[CountsArm, ...]
    differences: tuple[PointsDifference, ...]
    certainty: Markup
    primary: bool = False
    no_time: Markup = Markup("")


@dataclass(frozen=True)
class ArmPair:
    """The one group of a result that got the medicine, and the group it was compared with."""

    medicine: PeopleArm
    comparator: PeopleArm


@dataclass(frozen=True, kw_only=True)
class PeopleLine(ResultShown):
    """A result as sentences for patients: `pair` where it has two groups, else `arms`."""

    trial: Markup
    who: Markup
    when: str
    outcome: Markup
    denominator: str
    pair: ArmPair | None = None
    arms: tuple[PeopleArm, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CountsLine(ResultShown):
    """A result as a line for clinicians."""

    trial: Markup
    endpoint: Markup
    when: str
    who: Markup
    arms: tuple[CountsArm, ...]
    differences: tuple[PointsDifference, ...]


def result_of(page: Context, result_id: str) -> m.Result:
    """The result of this id. Raises KeyError for an id that is no result's."""
    record = page.library.records[result_id]
    if not isinstance(record, m.Result):
        raise KeyError(result_id)
    return record


def trial_of(page: Context, result: m.Result) -> m.Trial:
    """The trial that a result is of."""
    return page.library.trials[page.library.subject[result.id]]


def results_for_reader(page: Context, results: Iterable[m.Result]) -> list[m.Result]:
    """The results that this reader is shown: patients are not shown all."""
    return [result for result in results if not (page.patient and result.clinician_only)]


def denominator_for(results: Iterable[m.Result]) -> int:
    """One denominator for a whole table: 1,000 when any arm is under 1 in 100 or a difference
    would vanish, else 100.
    """
    for result in results:
        rates = [arm_percent(arm) for arm in result.arms]
        if min(rates) < 1 or abs(rates[0] - rates[-1]) < 2:
            return 1000
    return 100


def people_result(
    page: ConditionContext, result: m.Result, denominator: int, about: str | None = None
) -> PeopleResult:
    """A result as a row of people out of `denominator`."""
    return PeopleResult(
        id=result.id,
        anchor=page.anchor_of(result.id),
        cites=page.cites(result.id),
        badges=badges_of(page, result, about),
        kind=outcome_kind(result),
        outcome=text(result.patient),
        when=shown_time(result.week, patient=True),
        arms=people_arms(page, result, denominator),
        differences=people_differences(page, result, denominator),
        certainty=certainty_words(result),
    )


def counts_result(
    page: ConditionContext, result: m.Result, about: str | None = None
) -> CountsResult:
    """A result as a row of counts."""
    return CountsResult(
        id=result.id,
        anchor=page.anchor_of(result.id),
        cites=page.cites(result.id),
        badges=badges_of(page, result, about),
        kind=outcome_kind(result),
        endpoint=text(result.endpoint),
        when=shown_time(result.week, patient=False),
        who=people_studied(page, result),
        arms=counts_arms(result),
        differences=points_differences(result),
        certainty=certainty_words(result),
        primary=result.primary is True,
        no_time=text(result.week.unknown) if isinstance(result.week, m.Unknown) else Markup(""),
    )


def people_line(
    page: ConditionContext, result: m.Result, denominator: int, about: str | None = None
) -> PeopleLine:
    """A result in sentences about people out of `denominator`."""
    time = shown_time(result.week, patient=True)
    arms = people_arms(page, result, denominator)
    several = len(arms) > 2
    return PeopleLine(
        id=result.id,
        anchor=page.anchor_of(result.id),
        cites=page.cites(result.id),
        badges=badges_of(page, result, about),
        trial=text(trial_of(page, result).name),
        who=people_studied(page, result),
        when="Over an unknown time" if isinstance(result.week, m.Unknown) else sentence(time),
        outcome=text(result.patient),
        denominator=wording.shown_number(denominator),
        pair=None if several else ArmPair(arms[0], arms[-1]),
        arms=arms if several else (),
    )


def counts_line(page: ConditionContext, result: m.Result, about: str | None = None) -> CountsLine:
    """A result in one line of counts."""
    return CountsLine(
        id=result.id,
        anchor=page.anchor_of(result.id),
        cites=page.cites(result.id),
        badges=badges_of(page, result, about),
        trial=text(trial_of(page, result).name),
        endpoint=text(result.endpoint),
        when=shown_time(result.week, patient=False),
        who=people_studied(page, result),
        arms=counts_arms(result),
        differences=points_differences(result),
    )


def outcome_kind(result: m.Result) -> OutcomeKind:
    """Whether people hope for the outcome."""
    return "Unwanted" if result.outcome == "bad" else "Hoped for"


def people_studied(page: Context, result: m.Result) -> Markup:
    """Who was analysed: the population, and the subgroup where it was one."""
    population = page.site.populations[result.population]
    return text(f"{population}, {result.who}" if result.who else population)


def certainty_words(result: m.Result) -> Markup:
    """How certain the evidence is, or why nobody has rated it."""
    if result.certainty:
        return text(f"{sentence(result.certainty)} certainty")
    reason = result.not_rated or ""
    return text(reason if "Not rated" in reason else f"Not rated: {reason}")


def shows_dose(page: ConditionContext, result: m.Result) -> bool:
    """Whether this reader is shown doses: patients only those of an approved medicine."""
    return not page.patient or is_licensed(page, trial_of(page, result).medicine)


def people_arms(
    page: ConditionContext, result: m.Result, denominator: int
) -> tuple[PeopleArm, ...]:
    """The groups of a result; with their doses where there are several of medicines."""
    several, dose = len(result.arms) > 2, shows_dose(page, result)
    return tuple(
        PeopleArm(
            text(arm_name(arm, several, dose)), wording.shown_number(out_of(arm, denominator))
        )
        for arm in result.arms
    )


def counts_arms(result: m.Result) -> tuple[CountsArm, ...]:
    """The groups of a result with doses and counts."""
    return tuple(counts_arm(arm) for arm in result.arms)


def counts_arm(arm: m.Arm) -> CountsArm:
    """A group with its dose and counts."""
    return CountsArm(
        name=text(arm_name(arm, several=True)),
        percent=f"{statistics.rounded(arm_percent(arm), 1)}%",
        responders=wording.shown_number(arm.responders) if arm.responders is not None else "",
        n=wording.shown_number(arm.n) if arm.n else "",
        derived=arm.responders_derived,
    )


def people_differences(
    page: ConditionContext, result: m.Result, denominator: int
) -> tuple[PeopleDifference, ...]:
    """Each arm against the comparator, in people out of `denominator`."""
    compared = contrasts(result)
    names = _names(compared, shows_dose(page, result))
    return tuple(
        _people_difference(contrast, denominator, name)
        for contrast, name in zip(compared, names, strict=True)
    )


def _people_difference(contrast: Contrast, denominator: int, name: Markup) -> PeopleDifference:
    scale = Decimal(denominator) / 100
    whole = abs(int(statistics.rounded(contrast.difference * scale)))
    if whole == 0:
        return PeopleDifference("no difference", name=name)
    between_rounded = abs(
        statistics.rounded(arm_percent(contrast.arm) * scale)
        - statistics.rounded(arm_percent(contrast.comparator) * scale)
    )
    label = f"{whole} {'more' if contrast.difference > 0 else 'fewer'}"
    exact = between_rounded == whole
    return PeopleDifference(label if exact else f"about {label}", not exact, name)


def points_differences(result: m.Result) -> tuple[PointsDifference, ...]:
    """Each arm against the comparator, in percentage points with the 95% interval."""
    compared = contrasts(result)
    return tuple(
        PointsDifference(
            points=signed(statistics.rounded(contrast.difference, 1)),
            interval=(
                f"{signed(contrast.low)} to {signed(contrast.high)}"
                if contrast.low is not None and contrast.high is not None
                else ""
            ),
            needed=_number_needed(contrast),
            name=name,
        )
        for contrast, name in zip(compared, _names(compared, dose=True), strict=True)
    )


def _number_needed(contrast: Contrast) -> str:
    for name, needed in (("NNT", contrast.treat), ("NNH", contrast.harm)):
        if needed:
            return f"{name} {needed.number} ({needed.low} to {needed.high})"
    return ""


def _names(compared: Sequence[Contrast], dose: bool) -> list[Markup]:
    """Which groups each difference is between; empty where there is only one."""
    if len(compared) == 1:
        return [Markup("")]
    return [
        text(f"{arm_name(contrast.arm, True, dose)} v {contrast.comparator.arm}")
        for contrast in compared
    ]
