"""People with and without an outcome, drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from guide.base.language import current
from guide.base.language import gettext as _
from guide.base.text import words_join
from guide.view.svg.shapes import CELL, INK, PAPER, SOFT, Canvas, Drawing, svg_number, svg_percent

PERSON = "M6 1.2a2.6 2.6 0 1 1 0 5.2 2.6 2.6 0 0 1 0-5.2M1.7 13.6v-1.8a4.3 4.3 0 0 1 8.6 0v1.8z"


# -- people out of a number ---------------------------------------------------------------


@dataclass(frozen=True)
class Share:
    """How many people of one group had the outcome, out of the drawing's denominator."""

    group: str
    count: int


@dataclass(frozen=True)
class PeopleChart:
    """Groups of people side by side, out of one denominator. `outcome` ends a sentence that starts
    with the people: "had a large improvement". `key` names the elements and is unique on a page.
    """

    key: str
    shares: tuple[Share, ...]
    denominator: int
    outcome: str
    title: str


def draw_people(chart: PeopleChart) -> Drawing:
    """One figure a person out of 100, filled for those with the outcome.

    Out of any other denominator, where figures would be too many to see, a bar whose filled part
    has the exact length. One part a group, named by the element `<key>-<place>`. Raises ValueError
    for a count outside 0 to the denominator.
    """
    shares, denominator = chart.shares, chart.denominator
    for share in shares:
        if not 0 <= share.count <= denominator:
            raise ValueError(f"{share.count} out of {denominator} cannot be drawn")
    draw = _array if denominator == 100 else _bar
    parts = tuple(
        Markup(draw(chart.key, place, share.count, denominator))
        for place, share in enumerate(shares)
    )
    groups = [f"{_out_of(share.count, denominator)} {share.group}" for share in shares]
    alt = _("{title}: {groups} {outcome}.").format(
        title=chart.title, groups=words_join(groups), outcome=chart.outcome
    )
    return Drawing(parts, _people_alone(shares, denominator, chart.outcome, chart.title), alt)


def _uses(row: str, person: str, start: int, count: int) -> str:
    """`count` people from the cell `start` on, ten to a row: whole rows as one row each."""
    uses, at = [], start
    while at < start + count:
        x, y = at % 10 * CELL[0], at // 10 * CELL[1]
        whole = at % 10 == 0 and start + count - at >= 10
        place = (f' x="{x}"' if x else "") + (f' y="{y}"' if y else "")
        uses.append(f'<use href="#{row if whole else person}"{place}/>')
        at += 10 if whole else 1
    return "".join(uses)


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
        f' width="100%" height="22"/><rect class="yes" width="{svg_percent(count / denominator)}"'
        ' height="22"/></svg>'
    )


def _people_alone(shares: Sequence[Share], denominator: int, outcome: str, title: str) -> str:
    sheet, column = Canvas(max(2, len(shares)) * 210 + 20), 210
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
            filled = svg_number(wide * share.count / denominator)
            sheet.add(
                f'<rect x="{x}" y="{top}" width="{wide}" height="22" fill="{PAPER}"'
                f' stroke="{INK}"/><rect x="{x}" y="{top}"'
                f' width="{filled}" height="22" fill="{INK}"/>'
            )
        top += 44
    ends = []
    for place, share in enumerate(shares):
        sheet.y = top
        sheet.words(10 + place * column, _out_of(share.count, denominator), size=17, bold=True)
        sheet.words(10 + place * column, share.group, size=14, width=column - 20)
        ends.append(sheet.y)
    sheet.y = max(ends)
    return sheet.finish()


def _out_of(count: int, denominator: int) -> str:
    return _("{count} out of {all}").format(
        count=current().number(count), all=current().number(denominator)
    )


def _legend(outcome: str, denominator: int) -> str:
    if denominator == 100:
        return _(
            "Each figure is one person out of 100. A filled one {outcome}, an outlined one did not."
        ).format(outcome=outcome)
    return _(
        "Each bar stands for {people} people: those in the filled part {outcome}, the rest did not."
    ).format(people=current().number(denominator), outcome=outcome)
