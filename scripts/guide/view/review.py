"""When a topic was published, reviewed and is due again."""

from __future__ import annotations

import datetime
from typing import Any

from markupsafe import Markup

from guide.base.text import text
from guide.content import models as m
from guide.content import wording
from guide.view.context import TopicContext


def review_shown(page: TopicContext) -> dict[str, Any]:
    review = page.topic.review
    full = review.last_full_review
    return {
        "published": wording.shown_date(review.published),
        "searched_to": wording.shown_date(review.evidence_searched_to),
        "last_full_review": wording.shown_date(full) if isinstance(full, datetime.date) else "",
        "no_full_review": text(full.unknown) if isinstance(full, m.Unknown) else Markup(""),
        "next_review": wording.shown_date(review.next_review),
        "next_review_iso": review.next_review.isoformat(),
        "reviewers": [
            {
                "name": text(person.name),
                "role": text(person.role),
                "date": wording.shown_date(person.date),
                "statement": text(person.statement),
            }
            for person in review.reviewed_by
        ],
        "overdue": page.today > review.next_review,
    }
