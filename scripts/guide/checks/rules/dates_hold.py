"""No date lies in the future that cannot, the next review is at most twelve months after the last
look, and a past one is said on the page.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.content import models as m
from guide.content.library import Record


def check(guide: Guide) -> Iterator[Problem]:
    """Dates in the future, and reviews that are due too late."""
    for record in guide.library.records.values():
        yield from _record(guide, record)
    for source in guide.library.sources.values():
        if source.accessed > guide.today:
            yield guide.problem(
                f"source:{source.id}",
                f"accessed: {source.accessed} is in the future: write the day it was read",
            )
    for topic in guide.library.topics.values():
        for message, *path in _review(topic.review, guide.today):
            yield guide.problem(f"topic:{topic.id}", f"review.{message}", "review", *path)


def _record(guide: Guide, record: Record) -> Iterator[Problem]:
    """The days on which a fact was looked up or looked for."""
    if isinstance(record, m.Approval):
        if record.checked > guide.today:
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
    if isinstance(record, m.Statement) and record.as_of and record.as_of > guide.today:
        yield guide.problem(
            record.id,
            f"as_of: {record.as_of} is in the future: write the day it was looked for",
            "as_of",
        )


def _review(review: m.Review, today: datetime.date) -> Iterator[tuple[str, *tuple[str | int, ...]]]:
    """What is wrong with the dates of a review: the message, then the path below `review`."""
    last = (
        review.last_full_review
        if isinstance(review.last_full_review, datetime.date)
        else review.evidence_searched_to
    )
    for name, day in (
        ("evidence_searched_to", review.evidence_searched_to),
        ("published", review.published),
    ):
        if day > today:
            yield f"{name}: {day} is in the future", name
    if last > today:
        yield (
            f"last_full_review: {last} is in the future: a review is dated when it is done",
            "last_full_review",
        )
    if not last < review.next_review <= last + datetime.timedelta(days=366):
        yield (
            f"next_review: {review.next_review} must be after {last} and at most twelve months"
            " later",
            "next_review",
        )
    for index, person in enumerate(review.reviewed_by):
        if person.date > today:
            yield (
                f"reviewed_by[{index}].date: {person.date} is in the future",
                "reviewed_by",
                index,
                "date",
            )
