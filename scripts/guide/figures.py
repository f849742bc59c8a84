"""Pictures from plain values, as SVG: people out of 100, intervals, dates, a pathway, a calendar.

Each drawing comes in two forms. Its `parts` go into a page: they take their colours from
`assets/css/70-figures.css` and carry no sentence of their own, because the component that places
them prints every number beside them. `alone` is one whole SVG with its own colours on white, for
`<img src="…" alt="…">` on paper, where a PDF keeps the `alt` of an image and drops that of inline
SVG; `alt` is what the picture says, in a sentence.

No function here knows a record or a page; `figure_records` picks what is drawn. Any text may be
handed in: it is escaped here. `key` is part of ids and must be unique on the page.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import quote

from markupsafe import Markup

from .view import signed, text, words_join

# The colours of `alone`: ink on white, one dark accent; every meaning is also a shape, for grey
# printers.
INK, SOFT, LINE, ACCENT, PAPER = "#17252a", "#47585e", "#b9c4c6", "#0b5a5e", "#ffffff"
FONT = "Helvetica, Arial, sans-serif"
# A letter's width by its height, the average of running text with some to spare.
LETTER = 0.52

ZERO, RING = ' class="zero"', ' class="ring"'

NUCLEUS = 150

# A head and shoulders in a cell of 12 by 15.
CELL = (12, 15)
PERSON = "M6 1.2a2.6 2.6 0 1 1 0 5.2 2.6 2.6 0 0 1 0-5.2M1.7 13.6v-1.8a4.3 4.3 0 0 1 8.6 0v1.8z"


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


# -- people out of a number ---------------------------------------------------------------


@dataclass(frozen=True)
class Share:
    """How many people of one group had the outcome, out of the drawing's denominator."""

    group: str
    count: int


def people(
    key: str, shares: Sequence[Share], denominator: int, outcome: str, title: str
) -> Drawing:
    """Groups side by side: one figure a person out of 100, filled for those with the outcome.

    Out of any other denominator, where figures would be too many to see, a bar whose filled part
    has the exact length. One part a group, named by the element `<key>-<place>`. `outcome` ends a
    sentence that starts with the people: "had a large improvement". Raises ValueError for a count
    outside 0 to `denominator`.
    """
    for share in shares:
        if not 0 <= share.count <= denominator:
            raise ValueError(f"{share.count} out of {denominator} cannot be drawn")
    draw = _array if denominator == 100 else _bar
    parts = tuple(
        Markup(draw(key, place, share.count, denominator)) for place, share in enumerate(shares)
    )
    said = [f"{share.count:,} out of {denominator:,} {share.group}" for share in shares]
    alt = f"{title}: {words_join(said)} {outcome}."
    return Drawing(parts, _people_alone(shares, denominator, outcome, title), alt)


def _uses(row: str, person: str, start: int, count: int) -> str:
    """`count` people from the cell `start` on, ten to a row: whole rows as one row each."""
    found, at = [], start
    while at < start + count:
        x, y = at % 10 * CELL[0], at // 10 * CELL[1]
        whole = at % 10 == 0 and start + count - at >= 10
        place = (f' x="{x}"' if x else "") + (f' y="{y}"' if y else "")
        found.append(f'<use href="#{row if whole else person}"{place}/>')
        at += 10 if whole else 1
    return "".join(found)


def _definitions(key: str) -> str:
    row = "".join(f'<use href="#{key}-p" x="{n * CELL[0]}"/>' for n in range(10))
    return f'<defs><path id="{key}-p" d="{PERSON}"/><g id="{key}-r">{row}</g></defs>'


def _array(key: str, place: int, count: int, denominator: int) -> str:
    filled, hollow = (
        _uses(f"{key}-r", f"{key}-p", 0, count),
        _uses(f"{key}-r", f"{key}-p", count, denominator - count),
    )
    return (
        '<svg viewBox="0 0 120 150" role="img"'
        f' aria-labelledby="{key}-{place}">{_definitions(key) if place == 0 else ""}<g'
        f' class="yes">{filled}</g><g class="no">{hollow}</g></svg>'
    )


def _bar(key: str, place: int, count: int, denominator: int) -> str:
    return (
        f'<svg width="100%" height="22" role="img" aria-labelledby="{key}-{place}"><rect class="no"'
        f' width="100%" height="22"/><rect class="yes" width="{_percent(count / denominator)}"'
        ' height="22"/></svg>'
    )


def _people_alone(shares: Sequence[Share], denominator: int, outcome: str, title: str) -> str:
    sheet, column = _Sheet(max(2, len(shares)) * 210 + 20), 210
    sheet.words(10, f"{title}. {_legend(outcome, denominator)}", size=14, width=sheet.width - 20)
    top = sheet.y + 8
    if denominator == 100:
        sheet.add(_definitions("a"))
        for place, share in enumerate(shares):
            x = 10 + place * column
            sheet.add(
                f'<g transform="translate({x} {top}) scale(1.5)"><g fill="{INK}"'
                f' stroke="{INK}">{_uses("a-r", "a-p", 0, share.count)}</g><g fill="none"'
                f' stroke="{SOFT}">{_uses("a-r", "a-p", share.count, 100 - share.count)}</g></g>'
            )
        top += 248
    else:
        for place, share in enumerate(shares):
            x, wide = 10 + place * column, column - 30
            sheet.add(
                f'<rect x="{x}" y="{top}" width="{wide}" height="22" fill="{PAPER}"'
                f' stroke="{INK}"/><rect x="{x}" y="{top}"'
                f' width="{_number(wide * share.count / denominator)}" height="22" fill="{INK}"/>'
            )
        top += 44
    ends = []
    for place, share in enumerate(shares):
        sheet.y = top
        sheet.words(
            10 + place * column, f"{share.count:,} out of {denominator:,}", size=17, bold=True
        )
        sheet.words(10 + place * column, share.group, size=14, width=column - 20)
        ends.append(sheet.y)
    sheet.y = max(ends)
    return sheet.finish()


def _legend(outcome: str, denominator: int) -> str:
    if denominator == 100:
        return (
            f"Each figure is one person out of 100. A filled one {outcome}, an outlined one did"
            " not."
        )
    return (
        f"Each bar stands for {denominator:,} people: those in the filled part {outcome}, the rest"
        " did not."
    )


# -- along a scale --------------------------------------------------------------------------


@dataclass(frozen=True)
class Scale:
    """A straight scale from `low` to `high`, drawn from 0% to 100% of the width, with its ticks."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def share(self, value: float) -> float:
        return (value - self.low) / (self.high - self.low)

    def at(self, value: float) -> str:
        return _percent(self.share(value))


def scale_of(values: Iterable[float], step: float, margin: float) -> Scale:
    """A scale that holds the values with `margin` to spare and has ticks at multiples of `step`.

    No tick stands nearer to an end than a fifth of a step, so that its number is not cut.
    """
    found = list(values)
    low, high = min(found) - margin, max(found) + margin
    first, last = math.ceil((low + step / 5) / step), math.floor((high - step / 5) / step)
    return Scale(low, high, tuple(place * step for place in range(first, last + 1)))


def axis(key: str, scale: Scale, labels: Sequence[str]) -> Markup:
    """The scale's numbers, and the lines that the bars below repeat. Not for screen readers: each
    row says its numbers.
    """
    lines = "".join(
        f'<line x1="{scale.at(tick)}" x2="{scale.at(tick)}" y2="100%"{ZERO if tick == 0 else ""}/>'
        for tick in scale.ticks
    )
    words = "".join(
        f'<text x="{scale.at(tick)}" y="12"{_anchor(scale.share(tick))}>{text(label)}</text>'
        for tick, label in zip(scale.ticks, labels, strict=True)
    )
    return Markup(
        '<svg class="axis" width="100%" height="18" aria-hidden="true"><defs><g'
        f' id="{key}">{lines}</g></defs>{words}</svg>'
    )


def _anchor(share: float) -> str:
    """Numbers near an end turn inwards, so that none is cut on a narrow screen."""
    return ' text-anchor="start"' if share < 0.1 else ' text-anchor="end"' if share > 0.9 else ""


@dataclass(frozen=True)
class Interval:
    """One row of a forest plot: a difference in points with its ends, and the words beside it."""

    name: str
    group: str
    medicine: str
    placebo: str
    difference: str
    point: float
    low: float
    high: float


def forest(key: str, rows: Sequence[Interval], scale: Scale, title: str) -> Drawing:
    """A forest plot without a pooled result: a part a row, every mark the same size."""
    parts = tuple(
        Markup(
            f'<svg aria-hidden="true"><use href="#{key}"/><line class="interval"'
            f' x1="{scale.at(row.low)}" x2="{scale.at(row.high)}" y1="50%" y2="50%"/><circle'
            f' cx="{scale.at(row.point)}" cy="50%" r="4.5"/></svg>'
        )
        for row in rows
    )
    alt = f"{title}. " + " ".join(
        f"{row.name}: {row.medicine}, {row.placebo}, difference {row.difference}." for row in rows
    )
    return Drawing(parts, _forest_alone(rows, scale, title), alt)


def _forest_alone(rows: Sequence[Interval], scale: Scale, title: str) -> str:
    sheet, left, wide = _Sheet(720), 430, 270

    def at(value: float) -> str:
        return _number(left + wide * scale.share(value))

    sheet.words(10, title, size=14, width=700)
    sheet.y += 6
    top, group = sheet.y, None
    body = _Sheet(720, top + 22)
    for row in rows:
        if row.group != group:
            group = row.group
            body.words(10, group, size=13, bold=True)
        start = body.y
        body.words(10, row.name, size=13, width=400)
        body.words(10, f"{row.medicine}; {row.placebo}", size=12, soft=True, width=400)
        middle = _number((start + body.y) / 2 - 6)
        body.add(
            f'<path d="M{at(row.low)} {middle}H{at(row.high)}" stroke="{INK}"'
            f' stroke-width="3"/><circle cx="{at(row.point)}" cy="{middle}" r="5" fill="{INK}"/>'
        )
        body.words(10, row.difference, size=12, bold=True, width=400)
        body.y += 8
    for tick in scale.ticks:
        sheet.add(
            f'<path d="M{at(tick)} {top + 18}V{_number(body.y)}"'
            f' stroke="{INK if tick == 0 else LINE}"/>'
        )
        sheet.add(
            f'<text x="{at(tick)}" y="{top + 12}" font-size="12"'
            f' text-anchor="middle">{text(signed(Decimal(int(tick))))}</text>'
        )
    sheet.parts += body.parts
    sheet.y = body.y
    return sheet.finish()


@dataclass(frozen=True)
class Dated:
    """One approval on the timeline. `year` is its place in years: 2013.75 for October 2013."""

    when: str
    year: float
    medicine: str
    place: str
    announced: bool


def timeline(key: str, rows: Sequence[Dated], scale: Scale, title: str) -> Drawing:
    """Approvals on one scale of years, a part a row: a full dot for the day of approval, a ring for
    a day of announcement.
    """
    parts = tuple(
        Markup(
            f'<svg aria-hidden="true"><use href="#{key}"/><circle{RING if row.announced else ""}'
            f' cx="{scale.at(row.year)}" cy="50%" r="5"/></svg>'
        )
        for row in rows
    )
    alt = (
        f"{title}: "
        + "; ".join(
            f"{row.when}{' (announced)' if row.announced else ''}, {row.medicine}, {row.place}"
            for row in rows
        )
        + "."
    )
    sheet, left, wide = _Sheet(720), 430, 270
    sheet.words(
        10,
        f"{title}. Full dot: day or month of approval; ring: day of announcement.",
        size=14,
        width=700,
    )
    top = sheet.y + 6
    sheet.y = top + 34
    for row in rows:
        x, y = _number(left + wide * scale.share(row.year)), sheet.y - 5
        sheet.add(
            f'<circle cx="{x}" cy="{y}" r="5" fill="{PAPER if row.announced else INK}"'
            f' stroke="{INK}" stroke-width="2"/>'
        )
        sheet.words(
            10,
            f"{row.when}{' (announced)' if row.announced else ''}: {row.medicine}, {row.place}",
            size=12,
            width=410,
        )
        sheet.y += 4
    marks = []
    for tick in scale.ticks:
        x = _number(left + wide * scale.share(tick))
        marks.append(
            f'<path d="M{x} {top + 18}V{_number(sheet.y - 12)}" stroke="{LINE}"/><text x="{x}"'
            f' y="{top + 12}" font-size="12" text-anchor="middle">{_number(tick)}</text>'
        )
    sheet.parts[:0] = marks
    return Drawing(parts, sheet.finish(), alt)


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
            f'<rect class="door" x="{_number(x - 12)}" y="152" width="24" height="30" rx="7"/>'
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
        f'<rect class="{kind}" x="{_number(x - wide / 2)}" y="{_number(y)}" width="{_number(wide)}"'
        f' height="{_number(high)}" rx="8"/>' + _lines(label, x, y + high / 2, wide, 14)
    )


def _stop(x: float, y: float, wide: float, label: str) -> str:
    """The class that stops the signal: a full box with a cross, so that it needs no colour."""
    left = x - wide / 2
    return (
        f'<g class="stop"><rect x="{_number(left)}" y="{_number(y)}" width="{_number(wide)}"'
        f' height="42" rx="8"/><path d="M{_number(left + 8)} {_number(y + 16)}l10 10m0-10-10'
        f' 10"/>{_lines(label, x + 9, y + 21, wide - 22, 14)}</g>'
    )


def _lines(label: str, x: float, middle: float, wide: float, size: float) -> str:
    lines = _wrapped(label, wide, size)
    top = middle - (len(lines) - 1) * (size + 2) / 2 + size * 0.35
    return "".join(
        f'<text x="{_number(x)}" y="{_number(top + place * (size + 2))}">{text(line)}</text>'
        for place, line in enumerate(lines)
    )


def _way(kind: str, x: float, start: float, end: float) -> str:
    return f'<path class="{kind}" d="M{_number(x)} {_number(start)}V{_number(end)}"/>'


def _arrow(x: float, start: float, end: float) -> str:
    return f'<path class="way" d="M{_number(x)} {_number(start)}V{_number(end - 1)}m-5-6 5 6 5-6"/>'


# -- the calendar ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Moment:
    """A time of the calendar with its tests, each with the countries whose texts ask for it."""

    when: str
    fixed: bool
    tests: tuple[tuple[str, str], ...]


def calendar(moments: Sequence[Moment], title: str) -> Drawing:
    """When which test is due: a full mark where a text sets the time, a ring where none does. A
    part a moment: its mark.
    """
    parts = tuple(
        Markup(
            '<svg class="moment" viewBox="0 0 20 20"'
            f' aria-hidden="true"><circle{"" if moment.fixed else RING} cx="10" cy="10"'
            ' r="7"/></svg>'
        )
        for moment in moments
    )
    alt = f"{title}. " + " ".join(
        f"{moment.when}: {words_join([f'{test} ({where})' for test, where in moment.tests])}."
        for moment in moments
    )
    sheet = _Sheet(520)
    sheet.words(
        10, f"{title}. Full mark: a text sets the time; ring: no text does.", size=14, width=500
    )
    sheet.y += 12
    ends = []
    for moment in moments:
        ends.append((sheet.y - 5, moment.fixed))
        sheet.words(40, moment.when, size=14, bold=True, width=470)
        for test, where in moment.tests:
            sheet.words(40, f"{test} ({where})", size=13, width=470)
        sheet.y += 10
    if ends:
        rail = (
            f'<path d="M18 {_number(ends[0][0])}V{_number(ends[-1][0])}" stroke="{INK}"'
            ' stroke-width="2"/>'
        )
        sheet.parts.append(
            rail
            + "".join(
                f'<circle cx="18" cy="{_number(y)}" r="7" fill="{INK if fixed else PAPER}"'
                f' stroke="{INK}" stroke-width="2"/>'
                for y, fixed in ends
            )
        )
    return Drawing(parts, sheet.finish(), alt)


# -- shared ---------------------------------------------------------------------------------


class _Sheet:
    """A white sheet that grows downwards as words and shapes are put on it; `y` is the next line's
    foot.
    """

    def __init__(self, width: int, y: float = 24):
        self.width, self.y = width, y
        self.parts: list[str] = []

    def add(self, drawn: str) -> None:
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
        for line in _wrapped(value, width, size) if width else [value]:
            style = (' font-weight="700"' if bold else "") + (f' fill="{SOFT}"' if soft else "")
            self.add(
                f'<text x="{_number(x)}" y="{_number(self.y)}"'
                f' font-size="{size}"{style}>{text(line)}</text>'
            )
            self.y += size * 1.35

    def finish(self) -> str:
        height = math.ceil(self.y)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {height}"'
            f' width="{self.width}" height="{height}" font-family="{FONT}" fill="{INK}"><rect'
            f' width="{self.width}" height="{height}" fill="{PAPER}"/>{"".join(self.parts)}</svg>'
        )


def _wrapped(value: str, wide: float, size: float) -> list[str]:
    return textwrap.wrap(value, max(4, int(wide / (size * LETTER))), break_long_words=False) or [""]


def _number(value: float) -> str:
    """A coordinate, to a tenth."""
    return f"{value:.1f}".removesuffix(".0")


def _percent(share: float) -> str:
    return f"{share * 100:.2f}".rstrip("0").rstrip(".") + "%"
