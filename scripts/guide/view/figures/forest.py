"""What the forest plot shows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from guide.base import statistics
from guide.base.text import text
from guide.content import models as m
from guide.content.values import arm_percent, shown_time, signed
from guide.view.badges import badges_of
from guide.view.context import Context, TopicContext
from guide.view.svg import forest_plot, shapes
from guide.view.trials import trials_named

# -- the forest plot ------------------------------------------------------------------------


def forest(page: TopicContext) -> dict[str, Any] | None:
    """The differences of all trials in the topic's disease, endpoint by endpoint, one row an active
    arm.

    An endpoint is shown when at least three trials report it and one of them has counts. Of a trial
    with several results the primary one stands, else the earliest; subgroups do not. Only trials
    against placebo; where a count was not seen, no interval is computed and the trial is named. All
    endpoints stand on one scale of percentage points.
    """
    family = {*page.condition.populations, *page.condition.related_populations}
    by_endpoint: dict[str, list[tuple[m.Trial, m.Result]]] = {}
    for trial in trials_named(
        page,
        {key for people in family for key in page.library.trials_by_population.get(people, ())},
    ):
        best: dict[str, m.Result] = {}
        for result in trial.results:
            if (
                result.outcome == "good"
                and not result.who
                and result.population in family
                and result.arms[-1].arm == "placebo"
            ):
                rank = (
                    result.primary is not True,
                    result.week if isinstance(result.week, int) else 1000,
                )
                kept = best.get(result.endpoint)
                if kept is None or rank < (
                    kept.primary is not True,
                    kept.week if isinstance(kept.week, int) else 1000,
                ):
                    best[result.endpoint] = result
        for result in best.values():
            by_endpoint.setdefault(result.endpoint, []).append((trial, result))
    plots = []
    for endpoint, found in by_endpoint.items():
        found.sort(
            key=lambda pair: (_class_rank(page, pair[0].medicine), pair[0].medicine, pair[0].name)
        )
        rows = [
            row
            for trial, result in found
            for arm in result.arms[:-1]
            if (row := _forest_row(page, trial, result, arm))
        ]
        if rows and len(found) > 2:
            plots.append((endpoint, found, rows))
    if not plots:
        return None
    plots.sort(key=lambda plot: -len(plot[2]))
    ends = [
        end for _, _, rows in plots for row in rows for end in (row["drawn"].low, row["drawn"].high)
    ]
    scale = shapes.scale_of([0, *ends], step=20, margin=8)
    shown = []
    for place, (endpoint, found, rows) in enumerate(plots):
        key = f"forest-{place + 1}"
        title = (
            f"{endpoint}, difference from placebo in percentage points with its 95% interval, trial"
            " by trial; not a ranking"
        )
        drawing = forest_plot.forest(key, [row["drawn"] for row in rows], scale, title)
        for row, part in zip(rows, drawing.parts, strict=True):
            row["svg"] = part
        counted = {row["id"] for row in rows}
        # A trial's results stand on this page or on another one, where its badges and percentages
        # are.
        rest = [
            {
                "id": result.id,
                "href": f"#{result.id}" if result.id in page.stated else page.link_to(result.id),
                "trial": text(trial.name),
                "medicine": text(page.library.medicines[trial.medicine].name),
            }
            for trial, result in found
            if result.id not in counted
        ]
        shown.append(
            {
                "endpoint": text(endpoint),
                "axis": shapes.axis(
                    key, scale, [signed(Decimal(int(tick))) for tick in scale.ticks]
                ),
                "groups": grouped_number(rows),
                "rest": rest,
                "drawing": drawing,
            }
        )
    return {"plots": shown, "records": " ".join(row["id"] for _, _, rows in plots for row in rows)}


def _class_rank(page: TopicContext, medicine: str) -> tuple[bool, str]:
    """The topic's own class first, the others by name."""
    klass = page.library.medicines[medicine].class_
    return klass != page.medicine.class_, klass or ""


def _forest_row(
    page: Context, trial: m.Trial, result: m.Result, arm: m.Arm
) -> dict[str, Any] | None:
    placebo = result.arms[-1]
    if None in (arm.responders, placebo.responders):
        return None
    low, high = statistics.newcombe(arm.responders, arm.n, placebo.responders, placebo.n)
    difference = statistics.rate(arm.responders, arm.n) - statistics.rate(
        placebo.responders, placebo.n
    )
    week = shown_time(result.week, patient=False)
    group = page.library.medicines.get(
        page.library.medicines[arm.medicine or trial.medicine].class_ or ""
    )
    counts = [
        f"{one.responders}/{one.n} ({statistics.rounded(arm_percent(one), 1)}%)"
        for one in (arm, placebo)
    ]
    interval = f"{signed(statistics.rounded(low, 1))} to {signed(statistics.rounded(high, 1))}"
    points = signed(statistics.rounded(difference, 1))
    # The first arm of a result keeps the address that readers were given.
    place = result.arms.index(arm)
    return {
        "id": result.id,
        "anchor": f"forest-{result.id}{f'-{place + 1}' if place else ''}",
        "cites": page.cites(result.id),
        "badges": badges_of(page, result),
        "trial": text(trial.name),
        "medicine": text(arm.arm),
        "dose": text(arm.dose or ""),
        "week": week,
        "group": text(group.name if group else ""),
        "counts": counts[0],
        "placebo": counts[1],
        "derived": arm.responders_derived or placebo.responders_derived,
        "difference": points,
        "interval": interval,
        "drawn": forest_plot.Interval(
            f"{trial.name}, {week}",
            group.name if group else "",
            f"{arm.arm} {counts[0]}",
            f"placebo {counts[1]}",
            f"{points} points ({interval})",
            float(difference),
            float(low),
            float(high),
        ),
    }


def grouped_number(rows: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["group"], []).append(row)
    return list(groups.items())
