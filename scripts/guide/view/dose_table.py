"""Doses as a table: by people, age, weight and route."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from guide.base.language import gettext as _
from guide.base.text import text, words_join
from guide.content import models as m
from guide.content import wording
from guide.view.badges import badges_of, is_licensed
from guide.view.context import TopicContext
from guide.view.shown import Badge


@dataclass(frozen=True)
class DoseShown:
    """A dose in this reader's words; "" for what the row does not say. `records` are the facts it
    rests on.
    """

    id: str
    people: Markup
    age: Markup
    weight: Markup
    route: Markup
    amount: Markup
    most: Markup
    often: Markup
    country: Markup
    records: tuple[str, ...]
    cites: tuple[str, ...]
    edit: str
    badges: tuple[Badge, ...] = ()


@dataclass(frozen=True)
class DoseTable:
    """The doses of a medicine that this reader is shown; no rows where there are none."""

    medicine: Markup
    patient: bool
    rows: tuple[DoseShown, ...] = ()

    def says(self, column: str) -> bool:
        """Whether a row says anything in a column, by the name of its field."""
        return any(getattr(row, column) for row in self.rows)


def dose_table(page: TopicContext) -> DoseTable:
    """The doses of the topic's medicine: all of them for clinicians, for patients those that an
    agency has approved for their condition.
    """
    table = page.library.dose_tables.get(page.topic.medicine)
    rows = [row for row in table.rows if _is_shown(page, row)] if table else []
    return DoseTable(
        text(page.medicine.name), page.patient, tuple(_dose_shown(page, row) for row in rows)
    )


def _is_shown(page: TopicContext, row: m.DoseRow) -> bool:
    """Whether this reader is shown a row: patients see no dose that is not for them."""
    if not page.patient:
        return True
    return (
        row.clinician_only is None
        and row.population in ("all", *page.condition.populations)
        and is_licensed(page, page.topic.medicine)
    )


def _dose_shown(page: TopicContext, row: m.DoseRow) -> DoseShown:
    statements = [page.library.records[key] for key in row.facts]
    badges = dict.fromkeys(
        badge
        for statement in statements
        if isinstance(statement, m.Statement)
        for badge in badges_of(page, statement)
    )
    countries = [page.site.jurisdictions[code] for code in row.jurisdictions]
    return DoseShown(
        id=row.id,
        people=text(page.site.populations[row.population]),
        age=_band(page, row.age),
        weight=_band(page, row.weight),
        route=text(row.route or ""),
        amount=_amount(page, row.amount),
        most=_amount(page, row.most) if row.most is not None else Markup(""),
        often=page.fill(row.often),
        country=text(words_join(countries)),
        records=tuple(row.facts),
        cites=page.cites(*row.facts),
        edit=f"dose:{page.topic.medicine}/{row.id}",
        badges=tuple(badges),
    )


def _amount(page: TopicContext, amount: m.Quantity | str) -> Markup:
    """An amount with its unit: the row's own, or the value of a fact."""
    if isinstance(amount, str):
        return page.fill(f"{{{amount}}}")
    return Markup(page.value_html(wording.shown(amount), None))


def _band(page: TopicContext, band: m.Band | None) -> Markup:
    """A band of ages or weights in words; "" for none."""
    if band is None:
        return Markup("")
    low, below, most = (
        Markup(page.value_html(wording.shown(end), None)) if end is not None else None
        for end in (band.at_least, band.below, band.at_most)
    )
    if low is None:
        if below is None:
            return Markup(_("up to {high}")).format(high=most)
        return Markup(_("below {high}")).format(high=below)
    if below is not None:
        return Markup(_("{low} to below {high}")).format(low=low, high=below)
    if most is not None:
        return Markup(_("{low} to {high}")).format(low=low, high=most)
    return Markup(_("{low} or more")).format(low=low)
