"""What to remember."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from guide.content import models as m
from guide.view.approvals import approvals_of
from guide.view.context import TopicContext


@dataclass(frozen=True)
class TakeawayShown:
    """One thing to remember with the records it rests on. `edit` names it for an edit link."""

    id: str
    text: Markup
    records: tuple[str, ...]
    cites: tuple[str, ...]
    edit: str = ""


def takeaway_shown(page: TopicContext, takeaway: m.Takeaway) -> TakeawayShown:
    """A takeaway in this reader's words."""
    words = takeaway.patient if page.patient else takeaway.clinician
    records = [*takeaway.statements, *takeaway.results]
    if takeaway.approvals:
        records += [approval.id for approval in approvals_of(page, page.topic.medicine)]
    return TakeawayShown(
        id=takeaway.id,
        text=page.fill(words),
        records=tuple(records),
        cites=page.cites(*records, *page.called(words)),
        edit=f"takeaway:{page.topic.id}/{takeaway.id}",
    )
