"""Statements as a page shows them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from guide.base.language import gettext as _
from guide.base.language import gettext_noop
from guide.base.text import first_words, sentence, text, words_join
from guide.content import models as m
from guide.content import wording
from guide.view.approvals import approval_shown, approvals_of
from guide.view.badges import badges_of
from guide.view.context import ConditionContext, Context
from guide.view.gaps import gaps_shown, no_fact
from guide.view.selection import pick_statements
from guide.view.shown import FactGroup, GapShown, Shown, in_groups, listed, why_not_rated

# What each level of certainty is called.
CERTAINTY = {
    "high": gettext_noop("High certainty"),
    "moderate": gettext_noop("Moderate certainty"),
    "low": gettext_noop("Low certainty"),
    "very low": gettext_noop("Very low certainty"),
}


def statement_shown(page: Context, record_id: str, about: str | None = None) -> Shown | None:
    """One statement as this track shows it; None where patients are not shown it."""
    record = page.library.records[record_id]
    if isinstance(record, m.Approval):
        return approval_shown(page, record)
    if isinstance(record, m.Result):
        return None
    words = page.wording_of(record)
    if words is None:
        return None
    countries = [page.site.jurisdictions[code] for code in record.jurisdictions if code != "any"]
    lead, items = listed(page.fill(words, record))
    return Shown(
        id=record.id,
        text=Markup(" ").join([lead, *items]),
        lead=lead,
        items=items,
        anchor=page.anchor_of(record.id),
        country=words_join(countries),
        badges=badges_of(page, record, about),
        cites=page.cites(record.id),
        kind=record.kind,
        strength=text(record.strength or ""),
        as_of=wording.shown_date(record.as_of) if record.as_of else "",
        decided=_is_decision(page, record),
        certainty=(
            _(CERTAINTY[record.certainty])
            if record.certainty
            else _not_rated(record.not_rated)
            if record.not_rated
            else ""
        ),
        brief=first_words(lead),
        group=text(record.group or ""),
    )


def _is_decision(page: Context, record: m.Statement) -> bool:
    subject = page.library.medicines.get(page.library.medicine_of(record.id) or "")
    return record.kind == "approval" and subject is not None and not subject.is_medicine


def _not_rated(said: str) -> Markup:
    reason = why_not_rated(said)
    if not reason:
        return text(_("Certainty not rated"))
    return text(_("Certainty not rated: {reason}").format(reason=reason))


def statements_shown(
    page: ConditionContext, *kinds: str, scope: str = "topic", once: bool = False, own: bool = False
) -> list[Shown]:
    """The statements of these kinds; empty when the track has none.

    `once`: without those that the page has shown above. `own`: only those about the topic's
    disease itself. Other medicines' facts are grouped by medicine.
    """
    statements = [
        shown
        for record in pick_statements(page, *kinds, scope=scope)
        if not own or record.population in page.condition.populations
        if (shown := statement_shown(page, record.id))
    ]
    if scope in ("others", "without-topic"):
        statements = [
            dataclasses.replace(shown, group=sentence(page.medicine_name(shown.id)))
            for shown in statements
        ]
    return [shown for shown in statements if shown.anchor or not once]


@dataclass(frozen=True)
class Statements:
    """The facts of a section, or what stands in their place: gaps, or a line that says where the
    answer stands. `href` leads to the approvals of all agencies.
    """

    facts: tuple[FactGroup, ...] = ()
    gaps: tuple[GapShown, ...] = ()
    instead: Literal["", "all above", "verdict"] = ""
    href: str = ""


@dataclass(frozen=True)
class CountryFacts:
    """Facts that are the rule of one country; `name` is "" where they are tied to none."""

    name: str
    facts: tuple[FactGroup, ...]


@dataclass(frozen=True)
class StatementsByCountry:
    """Facts under the country whose rule they are, in the order of site.yml, and what is not
    known.
    """

    countries: tuple[CountryFacts, ...] = ()
    gaps: tuple[GapShown, ...] = ()


def statements(
    page: ConditionContext,
    kinds: Sequence[str],
    scope: str = "topic",
    once: bool = False,
    own: bool = False,
) -> Statements:
    """The facts of these kinds, as `statements_shown` picks them, with the topic's gaps."""
    facts = statements_shown(page, *kinds, scope=scope, once=once, own=own)
    gaps = gaps_shown(page, *kinds) if scope in ("topic", "medicine") else []
    if once and not facts and not gaps and pick_statements(page, *kinds, scope=scope):
        return Statements(instead="all above")
    decided = page.medicine_id and approvals_of(page, page.medicine_id)
    if list(kinds) == ["approval"] and own and not facts and decided:
        return Statements(instead="verdict", href=page.link("approvals"))
    return Statements(in_groups(facts), tuple(gaps or ([] if facts else [no_fact(page)])))


def statements_by_country(
    page: ConditionContext, kinds: Sequence[str], scope: str = "topic"
) -> StatementsByCountry:
    """The facts of these kinds, country by country, with the topic's gaps."""
    by_country: dict[str, list[Shown]] = {}
    for shown in statements_shown(page, *kinds, scope=scope):
        by_country.setdefault(shown.country, []).append(shown)
    order = list(page.site.jurisdictions.values())
    countries = sorted(
        by_country, key=lambda country: order.index(country) if country in order else len(order)
    )
    gaps = gaps_shown(page, *kinds) or ([] if by_country else [no_fact(page)])
    return StatementsByCountry(
        tuple(CountryFacts(country, in_groups(by_country[country])) for country in countries),
        tuple(gaps),
    )
