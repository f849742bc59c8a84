"""A timeline of approvals, drawn."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from guide.base.language import gettext as _
from guide.base.text import text
from guide.view.svg.shapes import INK, LINE, PAPER, RING, Axis, Canvas, Drawing, svg_number


@dataclass(frozen=True)
class Dated:
    """One approval on the timeline. `year` is its place in years: 2013.75 for October 2013."""

    when: str
    year: float
    medicine: str
    place: str
    announced: bool


@dataclass(frozen=True)
class Timeline:
    """Approvals on one axis of years."""

    axis: Axis
    rows: tuple[Dated, ...]
    title: str


def draw_dot(axis: Axis, row: Dated) -> Markup:
    """The mark of one approval on the lines of its axis: a full dot for the day of approval, a ring
    for a day of announcement.
    """
    return Markup(
        f'<svg aria-hidden="true"><use href="#{axis.key}"/>'
        f'<circle{RING if row.announced else ""} cx="{axis.scale.at(row.year)}" cy="50%" r="5"/>'
        "</svg>"
    )


def _when(row: Dated) -> str:
    return _("{day} (announced)").format(day=row.when) if row.announced else row.when


def draw_timeline(timeline: Timeline) -> Drawing:
    """Approvals on one line of years: a part a row."""
    axis, rows, title = timeline.axis, timeline.rows, timeline.title
    scale = axis.scale
    parts = tuple(draw_dot(axis, row) for row in rows)
    alt = (
        f"{title}: " + "; ".join(f"{_when(row)}, {row.medicine}, {row.place}" for row in rows) + "."
    )
    sheet, left, wide = Canvas(720), 430, 270
    sheet.words(
        10,
        _("{title}. Full dot: day or month of approval; ring: day of announcement.").format(
            title=title
        ),
        size=14,
        width=700,
    )
    top = sheet.y + 6
    sheet.y = top + 34
    for row in rows:
        x, y = svg_number(left + wide * scale.share(row.year)), sheet.y - 5
        sheet.add(
            f'<circle cx="{x}" cy="{y}" r="5" fill="{PAPER if row.announced else INK}"'
            f' stroke="{INK}" stroke-width="2"/>'
        )
        sheet.words(
            10,
            f"{_when(row)}: {row.medicine}, {row.place}",
            size=12,
            width=410,
        )
        sheet.y += 4
    marks = []
    for tick, label in zip(scale.ticks, axis.labels, strict=True):
        x = svg_number(left + wide * scale.share(tick))
        marks.append(
            f'<path d="M{x} {top + 18}V{svg_number(sheet.y - 12)}" stroke="{LINE}"/><text x="{x}"'
            f' y="{top + 12}" font-size="12" text-anchor="middle">{text(label)}</text>'
        )
    sheet.parts[:0] = marks
    return Drawing(parts, sheet.finish(), alt)
