"""What the forest plot shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from markupsafe import Markup

from guide.base import statistics
from guide.base.text import text
from guide.content import models as m
from guide.content.values import arm_percent, shown_time, signed
from guide.view.badges import badges_of
from guide.view.context import ConditionContext
from guide.view.shown import Badge
from guide.view.svg.forest_plot import ForestPlot, Interval
from guide.view.svg.shapes import Axis, Scale, scale_of
from guide.view.trial_groups import trials_named

# An endpoint that fewer trials report is not set side by side.
TRIALS_OF_A_PLOT = 3
# A result whose week is not a number stands behind those with one.
NO_WEEK = 1000


@dataclass(frozen=True, kw_only=True)
class ForestRow:
    """One arm against its placebo; `mark` is what is drawn of it."""

    id: str
    anchor: str
    cites: tuple[str, ...]
    trial: Markup
    when: str
    medicine: Markup
    counts: str
    placebo: str
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
    """The rows of one endpoint on one axis."""

    endpoint: Markup
    axis: Axis
    groups: tuple[ForestGroup, ...]
    without_counts: tuple[TrialWithoutCounts, ...] = ()


@dataclass(frozen=True)
class ForestFigure:
    """The plots of all endpoints on one scale; empty where no endpoint has enough trials."""

    plots: tuple[ForestTable, ...] = ()
    records: tuple[str, ...] = ()


class _Arm(NamedTuple):
    """An arm with a placebo arm, the counts of both known."""

    trial: m.Trial
    result: m.Result
    arm: m.Arm
    difference: str
    ends: str
    mark: Interval


class _Endpoint(NamedTuple):
    """What trials report of one endpoint."""

    name: str
    results: list[tuple[m.Trial, m.Result]]
    arms: list[_Arm]


def figure_forest(page: ConditionContext) -> ForestFigure:
    """The differences of all trials in the topic's disease, endpoint by endpoint, one row an active
    arm.

    An endpoint is shown when at least three trials report it and one of them has counts. Of a trial
    with several results the primary one stands, else the earliest; subgroups do not. Only trials
    against placebo; where a count was not seen, no interval is computed and the trial is named. All
    endpoints stand on one scale of percentage points.
    """
    endpoints = [
        _Endpoint(name, results, _arms_with_counts(page, results))
        for name, results in results_by_endpoint(page).items()
    ]
    endpoints = [
        endpoint
        for endpoint in endpoints
        if endpoint.arms and len(endpoint.results) >= TRIALS_OF_A_PLOT
    ]
    if not endpoints:
        return ForestFigure()
    endpoints.sort(key=lambda endpoint: -len(endpoint.arms))
    arms = [arm for endpoint in endpoints for arm in endpoint.arms]
    ends = [end for arm in arms for end in (arm.mark.low, arm.mark.high)]
    scale = scale_of([0, *ends], step=20, margin=8)
    return ForestFigure(
        tuple(
            _forest_table(page, f"forest-{number}", endpoint, scale)
            for number, endpoint in enumerate(endpoints, 1)
        ),
        tuple(arm.result.id for arm in arms),
    )


def picture_of(plot: ForestTable) -> ForestPlot:
    """The rows of one endpoint as one picture, for paper."""
    return ForestPlot(
        plot.axis,
        tuple(row.mark for group in plot.groups for row in group.rows),
        f"{plot.endpoint.unescape()}, difference from placebo in percentage points with its 95%"
        " interval, trial by trial; not a ranking",
    )


def results_by_endpoint(page: ConditionContext) -> dict[str, list[tuple[m.Trial, m.Result]]]:
    """One result a trial and endpoint, the topic's own class first."""
    family = {*page.condition.populations, *page.condition.related_populations}
    by_endpoint: dict[str, list[tuple[m.Trial, m.Result]]] = {}
    for trial in trials_named(
        page,
        {key for people in family for key in page.library.trials_by_population.get(people, ())},
    ):
        fit = (
            result
            for result in trial.results
            if result.outcome == "good"
            and not result.who
            and result.population in family
            and result.arms[-1].arm == "placebo"
        )
        for result in _best_by_endpoint(fit):
            by_endpoint.setdefault(result.endpoint, []).append((trial, result))
    for results in by_endpoint.values():
        results.sort(
            key=lambda pair: (_class_rank(page, pair[0].medicine), pair[0].medicine, pair[0].name)
        )
    return by_endpoint


def _best_by_endpoint(results: Iterable[m.Result]) -> list[m.Result]:
    """Of each endpoint the primary result, else the earliest, in the order of the endpoints."""
    best: dict[str, m.Result] = {}
    for result in results:
        known = best.get(result.endpoint)
        if known is None or _rank(result) < _rank(known):
            best[result.endpoint] = result
    return list(best.values())


def _rank(result: m.Result) -> tuple[bool, int]:
    return (
        result.primary is not True,
        result.week if isinstance(result.week, int) else NO_WEEK,
    )


def _class_rank(page: ConditionContext, medicine: str) -> tuple[bool, str]:
    """The topic's own class first, the others by name."""
    medicine_class = page.library.medicines[medicine].class_
    return medicine_class != page.class_id, medicine_class or ""


def _arms_with_counts(
    page: ConditionContext, results: list[tuple[m.Trial, m.Result]]
) -> list[_Arm]:
    return [
        compared
        for trial, result in results
        for arm in result.arms[:-1]
        if (compared := _compared(page, trial, result, arm))
    ]


def _compared(page: ConditionContext, trial: m.Trial, result: m.Result, arm: m.Arm) -> _Arm | None:
    """An arm's difference from placebo with its interval; None where a count is not known."""
    placebo = result.arms[-1]
    if arm.responders is None or placebo.responders is None or not arm.n or not placebo.n:
        return None
    low, high = statistics.newcombe(arm.responders, arm.n, placebo.responders, placebo.n)
    point = statistics.rate(arm.responders, arm.n) - statistics.rate(placebo.responders, placebo.n)
    medicine_class = page.library.medicines.get(
        page.library.medicines[arm.medicine or trial.medicine].class_ or ""
    )
    difference, ends = _points(point), f"{_points(low)} to {_points(high)}"
    mark = Interval(
        f"{trial.name}, {shown_time(result.week, patient=False)}",
        medicine_class.name if medicine_class else "",
        f"{arm.arm} {_counts(arm)}",
        f"placebo {_counts(placebo)}",
        f"{difference} points ({ends})",
        float(point),
        float(low),
        float(high),
    )
    return _Arm(trial, result, arm, difference, ends, mark)


def _counts(arm: m.Arm) -> str:
    return f"{arm.responders}/{arm.n} ({statistics.rounded(arm_percent(arm), 1)}%)"


def _points(value: Decimal) -> str:
    return signed(statistics.rounded(value, 1))


def _forest_table(
    page: ConditionContext, key: str, endpoint: _Endpoint, scale: Scale
) -> ForestTable:
    groups: dict[str, list[ForestRow]] = {}
    for arm in endpoint.arms:
        groups.setdefault(arm.mark.group, []).append(_forest_row(page, arm))
    counted = {arm.result.id for arm in endpoint.arms}
    return ForestTable(
        text(endpoint.name),
        Axis(key, scale, tuple(signed(Decimal(int(tick))) for tick in scale.ticks)),
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
    )


def _forest_row(page: ConditionContext, row: _Arm) -> ForestRow:
    result, arm, placebo = row.result, row.arm, row.result.arms[-1]
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
        counts=_counts(arm),
        placebo=_counts(placebo),
        derived=arm.responders_derived or placebo.responders_derived,
        difference=row.difference,
        interval=row.ends,
        mark=row.mark,
    )
