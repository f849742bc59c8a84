"""The pathway from signal to cell, drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from guide.base.language import gettext as _
from guide.base.text import text
from guide.view.svg.shapes import (
    ACCENT,
    FONT,
    INK,
    PAPER,
    SOFT,
    TINT,
    Drawing,
    svg_number,
    wrapped_words,
)

NUCLEUS = 150
# The style sheet of the picture on paper; on a page the site's own applies.
STYLE = (
    f"text{{text-anchor:middle;fill:{INK};font-size:14px}}"
    f".zone{{text-anchor:start;fill:{SOFT}}}"
    f".box{{fill:{PAPER};stroke:{INK};stroke-width:1.5}}"
    f".cell{{fill:{TINT};stroke:{ACCENT};stroke-width:2.5}}"
    f".core{{fill:{PAPER};stroke:{ACCENT};stroke-width:1.5}}"
    f".door{{fill:{ACCENT}}}"
    f".way{{fill:none;stroke:{INK};stroke-width:2}}"
    f".cut{{fill:none;stroke:{SOFT};stroke-width:2;stroke-dasharray:3 4}}"
    f".other{{fill:none;stroke:{SOFT};stroke-dasharray:3 4}}"
    f".stop rect{{fill:{INK}}}"
    f".stop text{{fill:{PAPER};font-weight:700}}"
    f".stop path{{stroke:{PAPER};stroke-width:2.5}}"
)


# -- the pathway ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Lane:
    """One way of a signal: its messengers, the class that stops it, and the proteins inside the
    cell that pass it on; none where the messenger itself is caught outside."""

    messengers: tuple[str, ...]
    blocker: str
    inside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pathway:
    """Where each class of medicines stops a signal, a lane each. `alt` says it in sentences; `key`
    names elements and is unique on a page.
    """

    key: str
    lanes: tuple[Lane, ...]
    title: str
    alt: str


def draw_pathway(pathway: Pathway) -> Drawing:
    """Messengers on top, the cell below, one column a lane; the drawing is one part.

    Raises ValueError without a lane.
    """
    key, lanes, title, alt = pathway.key, pathway.lanes, pathway.title, pathway.alt
    if not lanes:
        raise ValueError("a pathway needs a lane")
    drawn, height = _pathway(lanes)
    inline = Markup(
        f'<svg class="pathway" viewBox="0 0 360 {height}" role="img" aria-labelledby="{key}-t'
        f' {key}-d"><title id="{key}-t">{text(title)}</title><desc'
        f' id="{key}-d">{text(alt)}</desc>{drawn}</svg>'
    )
    alone = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 {height}" width="360"'
        f' height="{height}" font-family="{FONT}"><style>{STYLE}</style><rect width="360"'
        f' height="{height}" fill="{PAPER}"/>{drawn}</svg>'
    )
    return Drawing((inline,), alone, alt)


def _pathway(lanes: Sequence[Lane]) -> tuple[str, int]:
    """The drawing and its height."""
    outside = [lane for lane in lanes if not lane.inside]
    inside = [lane for lane in lanes if lane.inside]
    ordered = [*outside, *inside]
    column = 344 / len(ordered)
    wide = column - 10
    depth = max((len(lane.inside) for lane in inside), default=0)
    # Down to the last protein, then the nucleus with its own height.
    height = 182 + depth * 48 + 42 + 20 + 94 if depth else 292
    parts = [
        (
            f'<text class="zone" x="8" y="15">{text(_("outside the cell"))}</text><rect'
            f' class="cell" x="2" y="166" width="356" height="{height - 168}" rx="22"/>'
        ),
        f'<text class="zone" x="18" y="{height - 14}">{text(_("inside the cell"))}</text>',
    ]
    centres = [8 + column * (place + 0.5) for place in range(len(ordered))]
    for lane, x in zip(ordered, centres, strict=True):
        parts.append(_lane_inside(lane, x, wide) if lane.inside else _lane_outside(lane, x, wide))
    if inside:
        parts.append(
            f'<ellipse class="core" cx="180" cy="{height - 66}" rx="{NUCLEUS}" ry="28"/><text'
            f' x="180" y="{height - 61}">{text(_("nucleus"))}</text>'
        )
    if outside:
        protein = inside[0].inside[0] if inside else ""
        label = (
            _("other routes, without {protein}").format(protein=protein)
            if protein
            else _("other routes")
        )
        centre = sum(centres[: len(outside)]) / len(outside)
        parts.append(_box("other", centre, 226, column * len(outside) - 14, 44, label))
    return "".join(parts), height


def _lane_outside(lane: Lane, x: float, wide: float) -> str:
    """A messenger that is caught before it reaches the cell's door."""
    return "".join(
        (
            _messengers(lane, x, wide),
            _way("way", x, 68, 88),
            _stop(x, 88, wide, lane.blocker),
            _way("cut", x, 130, 152),
            _way("cut", x, 182, 226),
            _door(x),
        )
    )


def _lane_inside(lane: Lane, x: float, wide: float) -> str:
    """A signal that passes the door and is stopped at the first protein inside."""
    parts = [_messengers(lane, x, wide), _arrow(x, 68, 150), _door(x)]
    y = 182
    for place, protein in enumerate(lane.inside):
        parts += [
            _arrow(x, y, y + 16) if place == 0 else _way("cut", x, y - 2, y + 16),
            _box("box", x, y + 16, wide * 0.7, 32, protein),
        ]
        y += 48
        if place == 0:
            parts.append(_stop(x, y, wide, lane.blocker))
            y += 42
    # The nucleus is a flat ellipse across the cell: the line ends where it meets it.
    edge = 28 * (1 - math.sqrt(max(0, 1 - ((x - 180) / NUCLEUS) ** 2)))
    return "".join([*parts, _way("cut", x, y, y + 20 + edge)])


def _messengers(lane: Lane, x: float, wide: float) -> str:
    return _box("box", x, 24, wide, 44, ", ".join(lane.messengers))


def _door(x: float) -> str:
    left = svg_number(x - 12)
    return f'<rect class="door" x="{left}" y="152" width="24" height="30" rx="7"/>'


def _box(kind: str, x: float, y: float, wide: float, high: float, label: str) -> str:
    return (
        f'<rect class="{kind}" x="{svg_number(x - wide / 2)}" y="{svg_number(y)}"'
        f' width="{svg_number(wide)}" height="{svg_number(high)}" rx="8"/>'
        + _lines(label, x, y + high / 2, wide, 14)
    )


def _stop(x: float, y: float, wide: float, label: str) -> str:
    """The class that stops the signal: a full box with a cross, so that it needs no colour."""
    left = x - wide / 2
    return (
        f'<g class="stop"><rect x="{svg_number(left)}" y="{svg_number(y)}"'
        f' width="{svg_number(wide)}" height="42" rx="8"/>'
        f'<path d="M{svg_number(left + 8)} {svg_number(y + 16)}l10 10m0-10-10 10"/>'
        f"{_lines(label, x + 9, y + 21, wide - 22, 14)}</g>"
    )


def _lines(label: str, x: float, middle: float, wide: float, size: float) -> str:
    lines = wrapped_words(label, wide, size)
    top = middle - (len(lines) - 1) * (size + 2) / 2 + size * 0.35
    return "".join(
        f'<text x="{svg_number(x)}" y="{svg_number(top + place * (size + 2))}">{text(line)}</text>'
        for place, line in enumerate(lines)
    )


def _way(kind: str, x: float, start: float, end: float) -> str:
    return f'<path class="{kind}" d="M{svg_number(x)} {svg_number(start)}V{svg_number(end)}"/>'


def _arrow(x: float, start: float, end: float) -> str:
    line = f"M{svg_number(x)} {svg_number(start)}V{svg_number(end - 1)}"
    return f'<path class="way" d="{line}m-5-6 5 6 5-6"/>'
