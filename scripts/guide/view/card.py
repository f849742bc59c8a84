"""The prescriber's card."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from guide.base.text import sentence, text, words_join
from guide.content import models as m
from guide.view.context import TopicContext
from guide.view.gaps import gap_shown
from guide.view.shown import FactGroup, GapShown, in_groups
from guide.view.statements import statement_shown


@dataclass(frozen=True)
class CardCell:
    """What one country or several say of an item: over `span` columns. Without `words` the guide
    holds no rule of that country.
    """

    regions: Markup
    span: int
    words: Markup = Markup("")
    records: tuple[str, ...] = ()
    second_hand: bool = False


@dataclass(frozen=True)
class CardRow:
    """An item of the card with its cells from the first column to the last; or the `gap`."""

    id: str
    item: Markup
    edit: str
    cells: tuple[CardCell, ...]
    gap: GapShown | None = None


@dataclass(frozen=True)
class Card:
    """The card of a topic, or its rows for one `section` of the dosing page; no rows where none
    is written. `regions` are its columns.
    """

    medicine: Markup
    regions: tuple[Markup, ...] = ()
    rows: tuple[CardRow, ...] = ()
    second_hand: bool = False
    section: str = ""


def card(page: TopicContext, section: str = "") -> Card:
    """Dose, limits and checks of the topic's medicine, by country; of one section of the dosing
    page only its rows, and only the countries that have a rule in one of them.
    """
    records = _rows(page, section)
    if not records:
        return Card(text(page.medicine.name))
    used = {code for row in records for cell in row.cells for code in cell.regions}
    codes = [code for code in page.site.jurisdictions if code in used]
    rows = tuple(_row(page, row, codes) for row in records)
    return Card(
        text(sentence(page.medicine.name)),
        tuple(text(page.site.jurisdictions[code]) for code in codes),
        rows,
        any(cell.second_hand for row in rows for cell in row.cells),
        section,
    )


def _rows(page: TopicContext, section: str) -> list[m.CardRow]:
    """The rows of the topic's card; of one section only its own."""
    record = page.library.cards.get(page.topic.id)
    return [row for row in record.rows if section in ("", row.section)] if record else []


def _row(page: TopicContext, row: m.CardRow, codes: list[str]) -> CardRow:
    return CardRow(
        row.id,
        page.fill(row.clinician),
        f"card:{page.topic.id}/{row.id}",
        tuple(_cells(page, row, codes)) if row.cells else (),
        gap_shown(page, row.gap) if row.gap else None,
    )


def _cells(page: TopicContext, row: m.CardRow, codes: list[str]) -> list[CardCell]:
    """The cells of a row in the order of the columns; neighbours with the same rule are one."""
    by_code = {code: cell for cell in row.cells for code in cell.regions}
    cells: list[CardCell] = []
    at = 0
    while at < len(codes):
        rule = by_code.get(codes[at])
        end = at + 1
        while end < len(codes) and by_code.get(codes[end]) is rule:
            end += 1
        names = text(words_join([page.site.jurisdictions[code] for code in codes[at:end]]))
        cells.append(_cell(page, rule, names, end - at))
        at = end
    return cells


def _cell(page: TopicContext, rule: m.CardCell | None, names: Markup, span: int) -> CardCell:
    if rule is None:
        return CardCell(names, span)
    records = [page.library.records[key] for key in rule.facts]
    return CardCell(
        names,
        span,
        page.fill(rule.clinician),
        tuple(rule.facts),
        all(record.confidence == "secondary" for record in records),
    )


@dataclass(frozen=True)
class CardFacts:
    """Every fact that the card rests on, in the order of its rows."""

    facts: tuple[FactGroup, ...]


def card_facts(page: TopicContext, section: str = "") -> CardFacts:
    """The facts that the topic's card, or its rows for one section, rests on and that the page
    does not state yet, each once.
    """
    rows = _rows(page, section)
    keys = dict.fromkeys(
        key for row in rows for cell in row.cells for key in cell.facts if key not in page.stated
    )
    return CardFacts(in_groups([one for key in keys if (one := statement_shown(page, key))]))
