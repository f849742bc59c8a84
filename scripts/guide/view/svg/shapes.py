"""Pictures from plain values, as SVG: people out of 100, intervals, dates, a pathway, a calendar.

Each drawing comes in two forms. Its `parts` go into a page: they take their colours from
`docs/assets/css/` and carry no sentence of their own, because the component that places
them prints every number next to them. `alone` is one whole SVG with its own colours on white, for
`<img src="…" alt="…">` on paper, where a PDF keeps the `alt` of an image and drops that of inline
SVG; `alt` is what the picture says, in a sentence.

No function here knows a record or a page; `view.figures` picks what is drawn. Any text may be
handed in: it is escaped here. `key` is part of ids and must be unique on the page.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup

from guide.base.text import text

# The colours of `alone`: ink on white, one dark accent; every meaning is also a shape, for grey
# printers. The same as on a printed page: tests/test_tokens.py compares them with the styles.
INK, SOFT, LINE, PAPER = "#17252a", "#47585e", "#b9c4c6", "#ffffff"
ACCENT, TINT = "#0b5a5e", "#e3f1f0"


FONT = "Helvetica, Arial, sans-serif"


# A letter's width by its height, the average of running text with some to spare.
LETTER = 0.52


@dataclass(frozen=True)
class Drawing:
    """`parts` in the page's colours, in the order of what was drawn; `alone` as one document; `alt`
    in words.
    """

    parts: tuple[Markup, ...]
    alone: str
    alt: str

    @property
    def src(self) -> Markup:
        """`alone` as the address of an image."""
        return Markup("data:image/svg+xml," + quote(self.alone, safe=" =:/,;()"))


# -- along a scale --------------------------------------------------------------------------


@dataclass(frozen=True)
class Scale:
    """A straight scale from `low` to `high`, drawn from 0% to 100% of the width, with its ticks."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def share(self, value: float) -> float:
        """Where a value stands, from 0 at the low end to 1; 0 on a scale without length."""
        return (value - self.low) / (self.high - self.low) if self.high > self.low else 0.0

    def at(self, value: float) -> str:
        """Where a value stands, as a percentage of the width."""
        return svg_percent(self.share(value))


def scale_of(values: Iterable[float], step: float, margin: float) -> Scale:
    """A scale that holds the values with `margin` to spare and has ticks at multiples of `step`.

    No tick stands nearer to an end than a fifth of a step, so that its number is not cut.
    """
    held = list(values)
    low, high = min(held) - margin, max(held) + margin
    first, last = math.ceil((low + step / 5) / step), math.floor((high - step / 5) / step)
    return Scale(low, high, tuple(place * step for place in range(first, last + 1)))


def nice_step(length: float) -> float:
    """A step of 1, 2 or 5 times a power of ten that goes three to eight times into a length; 1 for
    none.
    """
    if length <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(length / 4))
    return next(size * power for size in (1, 2, 5, 10) if length / (size * power) <= 8)


@dataclass(frozen=True)
class Axis:
    """A scale with a label for each of its ticks. `key` names its lines and is unique on a page."""

    key: str
    scale: Scale
    labels: tuple[str, ...]


def draw_axis(axis: Axis) -> Markup:
    """The scale's numbers, and the lines that the bars below repeat. Not for screen readers: each
    row says its numbers.
    """
    scale = axis.scale
    lines = "".join(
        f'<line x1="{scale.at(tick)}" x2="{scale.at(tick)}" y2="100%"{ZERO if tick == 0 else ""}/>'
        for tick in scale.ticks
    )
    words = "".join(
        f'<text x="{scale.at(tick)}" y="12"{_anchor(scale.share(tick))}>{text(label)}</text>'
        for tick, label in zip(scale.ticks, axis.labels, strict=True)
    )
    return Markup(
        '<svg class="axis" width="100%" height="18" aria-hidden="true"><defs><g'
        f' id="{axis.key}">{lines}</g></defs>{words}</svg>'
    )


def _anchor(share: float) -> str:
    """Numbers near an end turn inwards, so that none is cut on a narrow screen."""
    return ' text-anchor="start"' if share < 0.1 else ' text-anchor="end"' if share > 0.9 else ""


# -- shared ---------------------------------------------------------------------------------


class Canvas:
    """A white sheet that grows downwards as words and shapes are put on it; `y` is the next line's
    foot.
    """

    def __init__(self, width: int, y: float = 24):
        self.width, self.y = width, y
        self.parts: list[str] = []

    def add(self, drawn: str) -> None:
        """Puts a shape on the sheet."""
        self.parts.append(drawn)

    def words(
        self,
        x: float,
        value: str,
        size: int,
        bold: bool = False,
        soft: bool = False,
        width: float = 0,
    ) -> None:
        """Writes a text on the next lines, wrapped where a `width` is given."""
        for line in wrapped_words(value, width, size) if width else [value]:
            style = (' font-weight="700"' if bold else "") + (f' fill="{SOFT}"' if soft else "")
            self.add(
                f'<text x="{svg_number(x)}" y="{svg_number(self.y)}"'
                f' font-size="{size}"{style}>{text(line)}</text>'
            )
            self.y += size * 1.35

    def finish(self) -> str:
        """The whole sheet as one SVG, as high as what stands on it."""
        height = math.ceil(self.y)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {height}"'
            f' width="{self.width}" height="{height}" font-family="{FONT}" fill="{INK}"><rect'
            f' width="{self.width}" height="{height}" fill="{PAPER}"/>{"".join(self.parts)}</svg>'
        )


def wrapped_words(value: str, wide: float, size: float) -> list[str]:
    """A text in lines that fit the width `wide` at a font size; at least one line."""
    return textwrap.wrap(value, max(4, int(wide / (size * LETTER))), break_long_words=False) or [""]


def svg_number(value: float) -> str:
    """A coordinate, to a tenth."""
    return f"{value:.1f}".removesuffix(".0")


def svg_percent(share: float) -> str:
    """A share of 1 as a percentage, to a hundredth: `12.5%`."""
    return f"{share * 100:.2f}".rstrip("0").rstrip(".") + "%"


ZERO = ' class="zero"'


RING = ' class="ring"'


# A head and shoulders in a cell of 12 by 15.
CELL = (12, 15)
