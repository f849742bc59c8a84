"""What to remember."""

from __future__ import annotations

from typing import Any

from guide.content import models as m
from guide.view.approvals import approvals_of
from guide.view.context import TopicContext


def takeaways_shown(page: TopicContext, opening: str = "") -> list[dict[str, Any]]:
    """The few things to remember; with `opening` only those that answer the page of that
    name.
    """
    return [
        takeaway_shown(page, takeaway)
        for takeaway in page.library.takeaways.get(page.topic.id, ())
        if not opening or opening in takeaway.opens
    ]


def takeaway_shown(page: TopicContext, takeaway: m.Takeaway) -> dict[str, Any]:
    words = takeaway.patient if page.patient else takeaway.clinician
    rests = [*takeaway.statements, *takeaway.results]
    if takeaway.approvals:
        rests += [approval.id for approval in approvals_of(page, page.topic.medicine)]
    return {
        "id": takeaway.id,
        "text": page.fill(words),
        "cites": page.cites(*rests, *page.called(words)),
        "rests_on": " ".join(rests),
    }
