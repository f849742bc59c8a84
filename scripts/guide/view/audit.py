"""The maintainers' own rating of the guide."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from guide.base.language import gettext as _
from guide.base.language import gettext_noop
from guide.base.text import text
from guide.view.context import Context

# What each rating is called.
RATINGS = {
    "met": gettext_noop("Met"),
    "partly met": gettext_noop("Partly met"),
    "not met": gettext_noop("Not met"),
    "needs people": gettext_noop("Needs people"),
}


@dataclass(frozen=True)
class AuditItemShown:
    """An item of an instrument with our rating; `look` is the rating as part of a class name."""

    id: str
    item: Markup
    rating: str
    look: str
    reason: Markup


@dataclass(frozen=True)
class InstrumentShown:
    """A published instrument with its items; `counts` are such as "Met: 12"."""

    id: str
    name: Markup
    about: Markup
    counts: tuple[str, ...]
    items: tuple[AuditItemShown, ...]
    edit: str = ""


@dataclass(frozen=True)
class Audit:
    """The self-audit, instrument by instrument."""

    instruments: tuple[InstrumentShown, ...]


def audit(page: Context) -> Audit:
    """All instruments with their items and how many have each rating."""
    return Audit(
        tuple(
            InstrumentShown(
                one.id,
                text(one.name),
                text(one.about),
                tuple(
                    _("{rating}: {count}").format(
                        rating=_(words), count=sum(item.rating == rating for item in one.items)
                    )
                    for rating, words in RATINGS.items()
                ),
                tuple(
                    AuditItemShown(
                        item.id,
                        text(item.item),
                        _(RATINGS[item.rating]),
                        item.rating.replace(" ", "-"),
                        text(item.reason),
                    )
                    for item in one.items
                ),
                edit=f"audit:{one.id}",
            )
            for one in page.library.audit
        )
    )
