"""The calendar of tests, drawn."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from guide.base.language import gettext as _
from guide.base.text import words_join
from guide.view.svg.shapes import INK, PAPER, RING, Canvas, Drawing, svg_number

# -- the calendar ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Moment:
    """A time of the calendar with its tests, each with the countries whose texts ask for it."""

    when: str
    fixed: bool
    tests: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Calendar:
    """When which test is due: times in their order."""

    moments: tuple[Moment, ...]
    title: str


def draw_calendar(calendar: Calendar) -> Drawing:
    """A full mark where a text sets the time, a ring where none does. A part a moment: its mark."""
    moments, title = calendar.moments, calendar.title
    parts = tuple(
        Markup(
            '<svg class="moment" viewBox="0 0 20 20"'
            f' aria-hidden="true"><circle{"" if moment.fixed else RING} cx="10" cy="10"'
            ' r="7"/></svg>'
        )
        for moment in moments
    )
    alt = f"{title}. " + " ".join(
        f"{moment.when}: "
        f"{words_join([f'{test} ({countries})' for test, countries in moment.tests])}."
        for moment in moments
    )
    sheet = Canvas(520)
    sheet.words(
        10,
        _("{title}. Full mark: a text sets the time; ring: no text does.").format(title=title),
        size=14,
        width=500,
    )
    sheet.y += 12
    ends = []
    for moment in moments:
        ends.append((sheet.y - 5, moment.fixed))
        sheet.words(40, moment.when, size=14, bold=True, width=470)
        for test, countries in moment.tests:
            sheet.words(40, f"{test} ({countries})", size=13, width=470)
        sheet.y += 10
    if ends:
        rail = (
            f'<path d="M18 {svg_number(ends[0][0])}V{svg_number(ends[-1][0])}" stroke="{INK}"'
            ' stroke-width="2"/>'
        )
        sheet.parts.append(
            rail
            + "".join(
                f'<circle cx="18" cy="{svg_number(y)}" r="7" fill="{INK if fixed else PAPER}"'
                f' stroke="{INK}" stroke-width="2"/>'
                for y, fixed in ends
            )
        )
    return Drawing(parts, sheet.finish(), alt)
