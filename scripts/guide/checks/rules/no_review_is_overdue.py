"""A topic past its next review, or an approval not looked up for longer than a review may take, is
not released.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.content import models as m

LOOK_UP = datetime.timedelta(days=366)


def check(guide: Guide) -> Iterator[Problem]:
    """Topics whose next review is past."""
    for topic in guide.library.topics.values():
        if guide.today > topic.review.next_review:
            yield guide.problem(
                f"topic:{topic.id}",
                f"review.next_review: {topic.review.next_review} is past: search the evidence"
                " again, then set 'evidence_searched_to' and 'next_review'",
                "review",
                "next_review",
            )
    for record in guide.library.records.values():
        if isinstance(record, m.Approval) and guide.today - record.checked > LOOK_UP:
            yield guide.problem(
                record.id,
                f"checked: {record.checked} is more than twelve months ago: look the approval up"
                " again",
                "checked",
            )
