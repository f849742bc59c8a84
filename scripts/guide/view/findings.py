"""The summary of findings: what each trial of the options showed, a row an arm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from guide.base.language import gettext as _
from guide.base.language import gettext_noop
from guide.base.text import sentence, text
from guide.content import models as m
from guide.content.values import Contrast, contrasts, shown_time
from guide.view.approvals import class_name
from guide.view.context import ConditionContext
from guide.view.figures.forest import PLACEBO, axis_of, results_by_endpoint
from guide.view.result_shown import (
    CountsArm,
    PointsDifference,
)
from guide.view.results import (
    counts_arm,
    people_studied,
    points_differences,
)
from guide.view.svg.forest_plot import Interval
from guide.view.svg.shapes import Axis, nice_step, scale_of

# The certainty of the evidence in a column that says what it is.
LEVELS = {
    "high": gettext_noop("High"),
    "moderate": gettext_noop("Moderate"),
    "low": gettext_noop("Low"),
    "very low": gettext_noop("Very low"),
}


@dataclass(frozen=True)
class Finding:
    """One arm of a trial against its comparator. `anchor` is the row's own id; `mark` is there
    where its interval is known.
    """

    id: str
    anchor: str
    cites: tuple[str, ...]
    medicine: Markup
    trial: Markup
    who: Markup
    when: str
    arm: CountsArm
    comparator: CountsArm
    difference: PointsDifference
    certainty: Markup
    mark: Interval | None = None


@dataclass(frozen=True)
class FindingGroup:
    """The findings on one class of medicines."""

    name: Markup
    rows: tuple[Finding, ...]


@dataclass(frozen=True)
class Findings:
    """The findings on one outcome, the one that most trials report; empty without trials.
    `comparator` is empty for placebo, and `unit` for percentage points.
    `measured`: the numbers are means, for which no number needed to treat exists. `medicines`:
    whatever was tested is a medicine.
    """

    outcome: Markup = Markup("")
    axis: Axis | None = None
    groups: tuple[FindingGroup, ...] = ()
    comparator: Markup = Markup("")
    unit: Markup = Markup("")
    measured: bool = False
    medicines: bool = True


def findings(page: ConditionContext) -> Findings:
    """What the trials of all options showed on the outcome that most of them report: counts,
    difference with its interval, number needed to treat, certainty. A row an arm; nothing is
    pooled.
    """
    by_endpoint = results_by_endpoint(page)
    if not by_endpoint:
        return Findings()
    outcome = max(by_endpoint, key=lambda name: len(by_endpoint[name]))
    pairs = [
        (trial, result, place, contrast, difference)
        for trial, result in by_endpoint[outcome]
        for place, (contrast, difference) in enumerate(
            zip(contrasts(result), points_differences(result), strict=True)
        )
    ]
    groups: dict[Markup, list[Finding]] = {}
    for trial, result, place, contrast, difference in pairs:
        medicine = page.library.medicines[contrast.arm.medicine or trial.medicine]
        row = _finding(page, trial, result, place, contrast, difference)
        groups.setdefault(text(sentence(class_name(page, medicine).unescape())), []).append(row)
    ends = [end for rows in groups.values() for row in rows if row.mark for end in _ends(row.mark)]
    points = outcome.kind == "counts"
    step = 20.0 if points else nice_step(max([0, *ends]) - min([0, *ends]))
    scale = scale_of([0, *ends], step=step, margin=step * 0.4)
    return Findings(
        text(sentence(outcome.endpoint)),
        axis_of("findings", scale),
        tuple(FindingGroup(name, tuple(rows)) for name, rows in groups.items()),
        text("" if outcome.comparator == PLACEBO else outcome.comparator),
        text("" if points else outcome.unit or _("units of the scale")),
        measured=outcome.kind == "means",
        medicines=all(
            page.library.medicines[contrast.arm.medicine or trial.medicine].is_medicine
            for trial, _result, _place, contrast, _difference in pairs
        ),
    )


def _ends(mark: Interval) -> Iterator[float]:
    yield mark.low
    yield mark.high


def _finding(
    page: ConditionContext,
    trial: m.Trial,
    result: m.Result,
    place: int,
    contrast: Contrast,
    difference: PointsDifference,
) -> Finding:
    """One row; `place` counts the arms of a result from 0."""
    when = shown_time(result.week, patient=False)
    medicine = page.library.medicines[contrast.arm.medicine or trial.medicine].name
    mark = None
    if contrast.low is not None and contrast.high is not None:
        mark = Interval(
            f"{trial.name}, {when}",
            "",
            medicine,
            contrast.comparator.arm,
            difference.points or difference.value,
            float(contrast.difference),
            float(contrast.low),
            float(contrast.high),
        )
    return Finding(
        result.id,
        f"finding-{result.id}{f'-{place + 1}' if place else ''}",
        page.cites(result.id),
        text(sentence(medicine)),
        text(trial.name),
        text(sentence(people_studied(page, result).unescape())),
        when,
        counts_arm(result, contrast.arm),
        counts_arm(result, contrast.comparator),
        difference,
        text(_(LEVELS[result.certainty]) if result.certainty else _("Not rated")),
        mark,
    )
