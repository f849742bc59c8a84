"""Statements as a page shows them."""

from __future__ import annotations

import dataclasses

from markupsafe import Markup

from guide.base.text import first_words, sentence, text, words_join
from guide.content import models as m
from guide.content import wording
from guide.view.approvals import approval_shown
from guide.view.badges import badges_of
from guide.view.context import Context, TopicContext
from guide.view.selection import pick_statements
from guide.view.shown import Shown, listed


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
        attributes=page.attributes_of(record),
        anchor=page.anchor_of(record.id),
        country=words_join(countries),
        badges=badges_of(page, record, about),
        cites=page.cites(record.id),
        kind=record.kind,
        strength=text(record.strength or ""),
        as_of=wording.shown_date(record.as_of) if record.as_of else "",
        certainty=(
            f"{sentence(record.certainty)} certainty"
            if record.certainty
            else text(f"Certainty not rated: {record.not_rated}")
            if record.not_rated
            else ""
        ),
        brief=first_words(lead),
        group=text(record.group or ""),
    )


def statements_shown(
    page: TopicContext, *kinds: str, scope: str = "topic", once: bool = False, own: bool = False
) -> list[Shown]:
    """The section's statements; empty when the track has none.

    `once`: without those that the page has shown above. `own`: only those about the topic's
    disease itself. Other medicines' facts are grouped by medicine.
    """
    found = [
        shown
        for record in pick_statements(page, *kinds, scope=scope)
        if not own or record.population in page.condition.populations
        if (shown := statement_shown(page, record.id))
    ]
    if scope in ("others", "without-topic"):
        found = [
            dataclasses.replace(
                shown,
                group=sentence(page.library.medicines[page.library.medicine_of(shown.id)].name),
            )
            for shown in found
        ]
    return [shown for shown in found if shown.anchor or not once]


def statements_by_country(
    page: TopicContext, *kinds: str, scope: str = "topic"
) -> list[tuple[str, list[Shown]]]:
    """The same, grouped by the country whose rule it is, in the order of site.yml."""
    groups: dict[str, list[Shown]] = {}
    for shown in statements_shown(page, *kinds, scope=scope):
        groups.setdefault(shown.country, []).append(shown)
    order = list(page.site.jurisdictions.values())
    return sorted(
        groups.items(),
        key=lambda group: order.index(group[0]) if group[0] in order else len(order),
    )
