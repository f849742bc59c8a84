"""The maintainers' own rating of the guide."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from guide.base.text import sentence, text
from guide.view.context import Context

RATINGS = ("met", "partly met", "not met", "needs people")


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
                    f"{sentence(rating)}: {sum(item.rating == rating for item in one.items)}"
                    for rating in RATINGS
                ),
                tuple(
                    AuditItemShown(
                        item.id,
                        text(item.item),
                        sentence(item.rating),
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
