"""The change log."""

from __future__ import annotations

from typing import Any

from guide.base.text import text
from guide.content import models as m
from guide.content import wording
from guide.view.context import Context, TopicContext


def changes_of_page(page: Context) -> list[m.Change]:
    """What changed on this page since it was published, newest first."""
    return page.library.changes_of(
        page.shown,
        page.topic.review.published
        if isinstance(page, TopicContext)
        else page.publication.published,
    )


def changes_shown(page: Context, of_page: bool = False) -> list[dict[str, Any]]:
    """The change log, newest first; `of_page`: only entries about records this page shows, or
    about everything, since it was published.
    """
    found = []
    for anchor, change in (
        [("", change) for change in changes_of_page(page)] if of_page else page.library.change_ids()
    ):
        # The whole log is where an entry is linked; the pages it bears on repeat it.
        found.append(
            {
                "id": anchor,
                "date": wording.shown_date(change.date),
                "kind": change.kind,
                "record": change.record or "guide",
                "old": text(change.old) if change.legible else "",
                "new": text(change.new or ""),
                "what": text(change.what),
                "reason": text(change.reason),
                "href": (
                    page.link_to(change.record) if change.record in page.library.records else ""
                ),
            }
        )
    return found
