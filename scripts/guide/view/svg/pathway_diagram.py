"""The pathway from signal to cell, drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from guide.base.text import text
from guide.view.svg.shapes import ACCENT, FONT, INK, PAPER, SOFT, Drawing, svg_number, wrapped_words

NUCLEUS = 150


# -- the pathway ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Lane:
    """One way of a signal: its messengers, the class that stops it, and the proteins inside the
    cell that pass it on; none where the messenger itself is caught outside."""

    messengers: tuple[str, ...]
    blocker: str
    inside: tuple[str, ...] = ()


def pathway(key: str, lanes: Sequence[Lane], title: str, alt: str) -> Drawing:
    """Where each class of medicines stops a signal: messengers on top, the cell below, one column a
    lane.

    Raises ValueError without a lane.
    """
    if not lanes:
        raise ValueError("a pathway needs a lane")
    drawn, height = _pathway(lanes)
    inline = Markup(
        f'<svg class="pathway" viewBox="0 0 360 {height}" role="img" aria-labelledby="{key}-t'
        f' {key}-d"><title id="{key}-t">{text(title)}</title><desc'
        f' id="{key}-d">{text(alt)}</desc>{drawn}</svg>'
    )
    style = (
        f"text{{text-anchor:middle;fill:{INK};font-size:14px}}.zone{{text-anchor:start;fill:{SOFT}}}.box{{fill:{PAPER};stroke:{INK};stroke-width:1.5}}.cell{{fill:#eef4f4;stroke:{ACCENT};stroke-width:2.5}}.core{{fill:{PAPER};stroke:{ACCENT};stroke-width:1.5}}.door{{fill:{ACCENT}}}.way{{fill:none;stroke:{INK};stroke-width:2}}.cut{{fill:none;stroke:{SOFT};stroke-width:2;stroke-dasharray:3"
        f" 4}}.other{{fill:none;stroke:{SOFT};stroke-dasharray:3 4}}.stop rect{{fill:{INK}}}.stop"
        f" text{{fill:{PAPER};font-weight:700}}.stop path{{stroke:{PAPER};stroke-width:2.5}}"
    )
    alone = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 {height}" width="360"'
        f' height="{height}" font-family="{FONT}"><style>{style}</style><rect width="360"'
        f' height="{height}" fill="{PAPER}"/>{drawn}</svg>'
    )
    return Drawing((inline,), alone, alt)


def _pathway(lanes: Sequence[Lane]) -> tuple[str, int]:
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
            '<text class="zone" x="8" y="15">outside the cell</text><rect class="cell" x="2"'
            f' y="166" width="356" height="{height - 168}" rx="22"/>'
        ),
        f'<text class="zone" x="18" y="{height - 14}">inside the cell</text>',
    ]
    centres = [8 + column * (place + 0.5) for place in range(len(ordered))]
    for lane, x in zip(ordered, centres, strict=True):
        parts.append(_box("box", x, 24, wide, 44, ", ".join(lane.messengers)))
        if lane.inside:
            parts.append(_arrow(x, 68, 150))
        else:
            parts += [
                _way("way", x, 68, 88),
                _stop(x, 88, wide, lane.blocker),
                _way("cut", x, 130, 152),
                _way("cut", x, 182, 226),
            ]
        parts.append(
            f'<rect class="door" x="{svg_number(x - 12)}" y="152" width="24" height="30" rx="7"/>'
        )
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
        if lane.inside:
            # The nucleus is a flat ellipse across the cell: the line ends where it meets it.
            edge = 28 * (1 - math.sqrt(max(0, 1 - ((x - 180) / NUCLEUS) ** 2)))
            parts.append(_way("cut", x, y, y + 20 + edge))
    if inside:
        parts.append(
            f'<ellipse class="core" cx="180" cy="{height - 66}" rx="{NUCLEUS}" ry="28"/><text'
            f' x="180" y="{height - 61}">nucleus</text>'
        )
    if outside:
        proteins = inside[0].inside[0] if inside else ""
        label = f"other routes, without {proteins}" if proteins else "other routes"
        parts.append(
            _box(
                "other",
                sum(centres[: len(outside)]) / len(outside),
                226,
                column * len(outside) - 14,
                44,
                label,
            )
        )
    return "".join(parts), height


def _box(kind: str, x: float, y: float, wide: float, high: float, label: str) -> str:
    return (
        f'<rect class="{kind}" x="{svg_number(x - wide / 2)}" y="{svg_number(y)}" width="{svg_number(wide)}"'
        f' height="{svg_number(high)}" rx="8"/>' + _lines(label, x, y + high / 2, wide, 14)
    )


def _stop(x: float, y: float, wide: float, label: str) -> str:
    """The class that stops the signal: a full box with a cross, so that it needs no colour."""
    left = x - wide / 2
    return (
        f'<g class="stop"><rect x="{svg_number(left)}" y="{svg_number(y)}" width="{svg_number(wide)}"'
        f' height="42" rx="8"/><path d="M{svg_number(left + 8)} {svg_number(y + 16)}l10 10m0-10-10'
        f' 10"/>{_lines(label, x + 9, y + 21, wide - 22, 14)}</g>'
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
    return f'<path class="way" d="M{svg_number(x)} {svg_number(start)}V{svg_number(end - 1)}m-5-6 5 6 5-6"/>'
