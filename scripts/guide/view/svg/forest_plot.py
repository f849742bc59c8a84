"""A forest plot, drawn."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from guide.base.language import gettext as _
from guide.base.text import text
from guide.view.svg.shapes import INK, LINE, Axis, Canvas, Drawing, svg_number


@dataclass(frozen=True)
class Interval:
    """One row of a forest plot: a difference with its ends, and its words."""

    name: str
    group: str
    medicine: str
    comparator: str
    difference: str
    point: float
    low: float
    high: float


@dataclass(frozen=True)
class ForestPlot:
    """Rows on one axis of differences."""

    axis: Axis
    rows: tuple[Interval, ...]
    title: str


def draw_interval(axis: Axis, row: Interval) -> Markup:
    """The mark of one row on the lines of its axis; every mark has the same size."""
    at = axis.scale.at
    return Markup(
        f'<svg aria-hidden="true"><use href="#{axis.key}"/><line class="interval"'
        f' x1="{at(row.low)}" x2="{at(row.high)}" y1="50%" y2="50%"/><circle'
        f' cx="{at(row.point)}" cy="50%" r="4.5"/></svg>'
    )


def draw_forest(plot: ForestPlot) -> Drawing:
    """A forest plot without a pooled result: a part a row."""
    parts = tuple(draw_interval(plot.axis, row) for row in plot.rows)
    alt = f"{plot.title}. " + " ".join(
        _("{name}: {medicine}, {comparator}, difference {difference}.").format(
            name=row.name,
            medicine=row.medicine,
            comparator=row.comparator,
            difference=row.difference,
        )
        for row in plot.rows
    )
    return Drawing(parts, _forest_alone(plot), alt)


def _forest_alone(plot: ForestPlot) -> str:
    rows, scale, title = plot.rows, plot.axis.scale, plot.title
    sheet, left, wide = Canvas(720), 430, 270

    def at(value: float) -> str:
        return svg_number(left + wide * scale.share(value))

    sheet.words(10, title, size=14, width=700)
    sheet.y += 6
    top, group = sheet.y, None
    body = Canvas(720, top + 22)
    for row in rows:
        if row.group != group:
            group = row.group
            body.words(10, group, size=13, bold=True)
        start = body.y
        body.words(10, row.name, size=13, width=400)
        body.words(10, f"{row.medicine}; {row.comparator}", size=12, soft=True, width=400)
        middle = svg_number((start + body.y) / 2 - 6)
        body.add(
            f'<path d="M{at(row.low)} {middle}H{at(row.high)}" stroke="{INK}"'
            f' stroke-width="3"/><circle cx="{at(row.point)}" cy="{middle}" r="5" fill="{INK}"/>'
        )
        body.words(10, row.difference, size=12, bold=True, width=400)
        body.y += 8
    for tick, label in zip(scale.ticks, plot.axis.labels, strict=True):
        sheet.add(
            f'<path d="M{at(tick)} {top + 18}V{svg_number(body.y)}"'
            f' stroke="{INK if tick == 0 else LINE}"/>'
        )
        sheet.add(
            f'<text x="{at(tick)}" y="{top + 12}" font-size="12"'
            f' text-anchor="middle">{text(label)}</text>'
        )
    sheet.parts += body.parts
    sheet.y = body.y
    return sheet.finish()
