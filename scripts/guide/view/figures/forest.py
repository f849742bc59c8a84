"""What the forest plot shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from markupsafe import Markup

from guide.base import statistics
from guide.base.language import gettext as _
from guide.base.text import sentence, text
from guide.content import models as m
from guide.content import wording
from guide.content.values import (
    Contrast,
    arm_percent,
    contrasts,
    is_benefit,
    mean_of,
    shown_time,
    signed,
)
from guide.view.badges import badges_of
from guide.view.context import ConditionContext
from guide.view.shown import Badge
from guide.view.svg.forest_plot import ForestPlot, Interval
from guide.view.svg.shapes import Axis, Scale, nice_step, scale_of
from guide.view.trial_groups import trials_named

# An endpoint that fewer trials report is not set side by side.
TRIALS_OF_A_PLOT = 3
# A result whose week is not a number stands behind those with one.
NO_WEEK = 1000
# What a comparator is called that is no treatment; captions have words of their own for it.
PLACEBO = "placebo"


@dataclass(frozen=True, kw_only=True)
class ForestRow:
    """One arm against its comparator; `mark` is what is drawn of it."""

    id: str
    anchor: str
    cites: tuple[str, ...]
    trial: Markup
    when: str
    medicine: Markup
    counts: str
    comparator: str
    difference: str
    interval: str
    mark: Interval
    badges: tuple[Badge, ...] = ()
    derived: bool = False


@dataclass(frozen=True)
class ForestGroup:
    """The rows of one class of medicines."""

    name: Markup
    rows: tuple[ForestRow, ...]


@dataclass(frozen=True)
class TrialWithoutCounts:
    """A trial whose interval is not computed, because its counts are not known; `href` leads to
    its result.
    """

    id: str
    href: str
    trial: Markup
    medicine: Markup


@dataclass(frozen=True)
class ForestTable:
    """The rows of one endpoint on one axis. `comparator` is empty for placebo, and `unit` for
    percentage points.
    """

    endpoint: Markup
    axis: Axis
    groups: tuple[ForestGroup, ...]
    without_counts: tuple[TrialWithoutCounts, ...] = ()
    comparator: Markup = Markup("")
    unit: Markup = Markup("")


@dataclass(frozen=True)
class ForestFigure:
    """The plots of all endpoints, those of counts on one scale; empty where no endpoint has enough
    trials. `mixed`: some are not against placebo, or not of counts.
    """

    plots: tuple[ForestTable, ...] = ()
    records: tuple[str, ...] = ()
    mixed: bool = False


class Outcome(NamedTuple):
    """What results must share to be set side by side: endpoint, comparator, kind and unit."""

    endpoint: str
    comparator: str = PLACEBO
    kind: m.ResultKind = "counts"
    unit: str = ""


class _Arm(NamedTuple):
    """An arm with its comparator, the difference of both and its interval known."""

    trial: m.Trial
    result: m.Result
    arm: m.Arm
    difference: str
    ends: str
    mark: Interval


class _Endpoint(NamedTuple):
    """What trials report of one outcome."""

    outcome: Outcome
    results: list[tuple[m.Trial, m.Result]]
    arms: list[_Arm]


def figure_forest(page: ConditionContext) -> ForestFigure:
    """The differences of all trials in the topic's disease, endpoint by endpoint, one row an active
    arm.

    An endpoint is shown when at least three trials report it against the same comparator and one of
    them has an interval: from its counts, or as printed for means. Of a trial with several results
    the primary one stands, else the earliest; subgroups do not. Where an interval is not known, the
    trial is named. All endpoints of counts stand on one scale of percentage points.
    """
    endpoints = [
        _Endpoint(outcome, results, _arms_with_interval(page, results))
        for outcome, results in results_by_endpoint(page).items()
    ]
    endpoints = [
        endpoint
        for endpoint in endpoints
        if endpoint.arms and len(endpoint.results) >= TRIALS_OF_A_PLOT
    ]
    if not endpoints:
        return ForestFigure()
    endpoints.sort(key=lambda endpoint: -len(endpoint.arms))
    counted = [endpoint for endpoint in endpoints if endpoint.outcome.kind == "counts"]
    points = _scale(counted, step=20, margin=8) if counted else None
    tables = []
    for number, endpoint in enumerate(endpoints, 1):
        own = endpoint.outcome.kind != "counts" or points is None
        scale = _own_scale(endpoint) if own else points
        assert scale is not None, "counts have the scale of all counts"
        tables.append(_forest_table(page, f"forest-{number}", endpoint, scale))
    return ForestFigure(
        tuple(tables),
        tuple(arm.result.id for endpoint in endpoints for arm in endpoint.arms),
        mixed=any(table.comparator or table.unit for table in tables),
    )


def _scale(endpoints: Iterable[_Endpoint], step: float, margin: float) -> Scale:
    ends = [
        end
        for endpoint in endpoints
        for arm in endpoint.arms
        for end in (arm.mark.low, arm.mark.high)
    ]
    return scale_of([0, *ends], step=step, margin=margin)


def _own_scale(endpoint: _Endpoint) -> Scale:
    """A scale in the unit of the endpoint."""
    ends = [0.0, *(end for arm in endpoint.arms for end in (arm.mark.low, arm.mark.high))]
    step = nice_step(max(ends) - min(ends))
    return _scale([endpoint], step, step * 0.4)


def picture_of(plot: ForestTable) -> ForestPlot:
    """The rows of one endpoint as one picture, for paper."""
    title = _(
        "{endpoint}, difference from {comparator} in {unit} with its 95% interval, trial by trial;"
        " not a ranking"
    ).format(
        endpoint=plot.endpoint.unescape(),
        comparator=plot.comparator.unescape() or _("placebo"),
        unit=plot.unit.unescape() or _("percentage points"),
    )
    return ForestPlot(
        plot.axis, tuple(row.mark for group in plot.groups for row in group.rows), title
    )


def results_by_endpoint(page: ConditionContext) -> dict[Outcome, list[tuple[m.Trial, m.Result]]]:
    """One result a trial and outcome, the topic's own class first: those on what the treatments are
    given for, with a comparator.
    """
    family = {*page.condition.populations, *page.condition.related_populations}
    by_endpoint: dict[Outcome, list[tuple[m.Trial, m.Result]]] = {}
    for trial in trials_named(
        page,
        {key for people in family for key in page.library.trials_by_population.get(people, ())},
    ):
        fit = (
            result
            for result in trial.results
            if is_benefit(result)
            and not result.who
            and result.population in family
            and len(result.arms) > 1
        )
        for outcome, result in _best_by_outcome(fit).items():
            by_endpoint.setdefault(outcome, []).append((trial, result))
    for results in by_endpoint.values():
        results.sort(
            key=lambda pair: (_class_rank(page, pair[0].medicine), pair[0].medicine, pair[0].name)
        )
    return by_endpoint


def outcome_of(result: m.Result) -> Outcome:
    """What a result must share with others to stand beside them."""
    unit = (result.scale.unit or "") if result.scale else ""
    return Outcome(result.endpoint, result.arms[-1].arm, result.kind, unit)


def _best_by_outcome(results: Iterable[m.Result]) -> dict[Outcome, m.Result]:
    """Of each outcome the primary result, else the earliest, in the order of the outcomes."""
    best: dict[Outcome, m.Result] = {}
    for result in results:
        outcome = outcome_of(result)
        known = best.get(outcome)
        if known is None or _rank(result) < _rank(known):
            best[outcome] = result
    return best


def _rank(result: m.Result) -> tuple[bool, int]:
    return (
        result.primary is not True,
        result.week if isinstance(result.week, int) else NO_WEEK,
    )


def _class_rank(page: ConditionContext, medicine: str) -> tuple[bool, str]:
    """The topic's own class first, the others by name."""
    medicine_class = page.library.medicines[medicine].class_
    return medicine_class != page.class_id, medicine_class or ""


def _arms_with_interval(
    page: ConditionContext, results: list[tuple[m.Trial, m.Result]]
) -> list[_Arm]:
    return [
        compared
        for trial, result in results
        for contrast in contrasts(result)
        if (compared := _compared(page, trial, result, contrast))
    ]


def _compared(
    page: ConditionContext, trial: m.Trial, result: m.Result, contrast: Contrast
) -> _Arm | None:
    """An arm's difference from its comparator; None where its interval is not known."""
    arm, comparator = contrast.arm, contrast.comparator
    if contrast.low is None or contrast.high is None:
        return None
    medicine_class = page.library.medicines.get(
        page.library.medicines[arm.medicine or trial.medicine].class_ or ""
    )
    low, high = _exact_ends(result, contrast)
    difference = contrast.shown(contrast.difference)
    ends = _("{low} to {high}").format(low=contrast.shown(low), high=contrast.shown(high))
    words = (
        _("{difference} points ({ends})") if result.kind == "counts" else "{difference} ({ends})"
    )
    mark = Interval(
        f"{trial.name}, {shown_time(result.week, patient=False)}",
        medicine_class.name if medicine_class else "",
        f"{arm.arm} {_counts(result, arm)}",
        f"{comparator.arm} {_counts(result, comparator)}",
        words.format(difference=difference, ends=ends),
        float(contrast.difference),
        float(low),
        float(high),
    )
    return _Arm(trial, result, arm, difference, ends, mark)


def _exact_ends(result: m.Result, contrast: Contrast) -> tuple[Decimal, Decimal]:
    """The ends of an interval that is known, not rounded where they are worked out here."""
    arm, comparator = contrast.arm, contrast.comparator
    if result.kind == "counts" and arm.n and comparator.n:
        return statistics.newcombe(
            arm.responders or 0, arm.n, comparator.responders or 0, comparator.n
        )
    assert contrast.low is not None and contrast.high is not None, "an interval that is known"
    return contrast.low, contrast.high


def _counts(result: m.Result, arm: m.Arm) -> str:
    if result.scale is not None:
        return wording.shown(result.scale.quantity(mean_of(arm)))
    return f"{arm.responders}/{arm.n} ({statistics.rounded(arm_percent(arm), 1)}%)"


def axis_of(key: str, scale: Scale) -> Axis:
    """A scale of differences with a sign at each of its ticks."""
    labels = (signed(Decimal(f"{tick:.6g}").normalize() + 0) for tick in scale.ticks)
    return Axis(key, scale, tuple(labels))


def _forest_table(
    page: ConditionContext, key: str, endpoint: _Endpoint, scale: Scale
) -> ForestTable:
    groups: dict[str, list[ForestRow]] = {}
    for arm in endpoint.arms:
        groups.setdefault(arm.mark.group, []).append(_forest_row(page, arm))
    counted, outcome = {arm.result.id for arm in endpoint.arms}, endpoint.outcome
    return ForestTable(
        text(sentence(outcome.endpoint)),
        axis_of(key, scale),
        tuple(ForestGroup(text(name), tuple(rows)) for name, rows in groups.items()),
        tuple(
            TrialWithoutCounts(
                result.id,
                # The result stands on this page or on another one, with its badges and percentages.
                f"#{result.id}" if result.id in page.stated else page.link_to(result.id),
                text(trial.name),
                text(page.library.medicines[trial.medicine].name),
            )
            for trial, result in endpoint.results
            if result.id not in counted
        ),
        text("" if outcome.comparator == PLACEBO else outcome.comparator),
        text("" if outcome.kind == "counts" else outcome.unit or _("units of the scale")),
    )


def _forest_row(page: ConditionContext, row: _Arm) -> ForestRow:
    result, arm, comparator = row.result, row.arm, row.result.arms[-1]
    # The first arm of a result keeps the address that readers were given.
    place = result.arms.index(arm)
    return ForestRow(
        id=result.id,
        anchor=f"forest-{result.id}{f'-{place + 1}' if place else ''}",
        cites=page.cites(result.id),
        badges=badges_of(page, result),
        trial=text(row.trial.name),
        when=shown_time(result.week, patient=False),
        medicine=text(arm.arm),
        counts=_counts(result, arm),
        comparator=_counts(result, comparator),
        derived=arm.responders_derived or comparator.responders_derived,
        difference=row.difference,
        interval=row.ends,
        mark=row.mark,
    )
