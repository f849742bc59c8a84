"""The self-audit."""

from __future__ import annotations

from typing import Any

from guide.base.text import text
from guide.view.context import Context


def audit_shown(page: Context) -> list[dict[str, Any]]:
    """The self-audit: instruments with their items and how many have each rating."""
    return [
        {
            "id": one.id,
            "name": text(one.name),
            "about": text(one.about),
            "items": [
                {
                    "id": item.id,
                    "item": text(item.item),
                    "rating": item.rating,
                    "reason": text(item.reason),
                }
                for item in one.items
            ],
            "counts": [
                (rating, sum(item.rating == rating for item in one.items))
                for rating in ("met", "partly met", "not met", "needs people")
            ],
        }
        for one in page.library.audit
    ]
