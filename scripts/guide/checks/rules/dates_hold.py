"""No date lies in the future that cannot, the next review is at most twelve months after the last
look, and a past one is said on the page.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.content import models as m


def check(guide: Guide) -> Iterator[Problem]:
    """Dates in the future, and reviews that are due too late."""
    today = guide.today
    for record in guide.library.records.values():
        if isinstance(record, m.Approval):
            if record.checked > today:
                yield guide.problem(
                    record.id,
                    f"checked: {record.checked} is in the future: write the day it was looked up",
                    "checked",
                )
            if isinstance(record.date, datetime.date) and record.date > record.checked:
                yield guide.problem(
                    record.id,
                    f"date: {record.date} is after the day it was looked up ({record.checked}):"
                    " read the source again",
                    "date",
                )
        if isinstance(record, m.Statement) and record.as_of and record.as_of > today:
            yield guide.problem(
                record.id,
                f"as_of: {record.as_of} is in the future: write the day it was looked for",
                "as_of",
            )
    for source in guide.library.sources.values():
        if source.accessed > today:
            yield guide.problem(
                f"source:{source.id}",
                f"accessed: {source.accessed} is in the future: write the day it was read",
            )
    for topic in guide.library.topics.values():
        review, label = topic.review, f"topic:{topic.id}"
        last = (
            review.last_full_review
            if isinstance(review.last_full_review, datetime.date)
            else review.evidence_searched_to
        )
        for name in ("evidence_searched_to", "published"):
            if getattr(review, name) > today:
                yield guide.problem(
                    label,
                    f"review.{name}: {getattr(review, name)} is in the future",
                    "review",
                    name,
                )
        if last > today:
            yield guide.problem(
                label,
                f"review.last_full_review: {last} is in the future: a review is dated when it is"
                " done",
                "review",
                "last_full_review",
            )
        if not last < review.next_review <= last + datetime.timedelta(days=366):
            yield guide.problem(
                label,
                f"review.next_review: {review.next_review} must be after {last} and at most twelve"
                " months later",
                "review",
                "next_review",
            )
        for index, person in enumerate(review.reviewed_by):
            if person.date > today:
                yield guide.problem(
                    label,
                    f"review.reviewed_by[{index}].date: {person.date} is in the future",
                    "review",
                    "reviewed_by",
                    index,
                    "date",
                )
