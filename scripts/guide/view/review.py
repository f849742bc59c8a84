"""When a topic was published, reviewed and is due again."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from markupsafe import Markup

from guide.base.text import text
from guide.content import wording
from guide.view.changes import Changes, page_changes
from guide.view.context import ConditionContext


@dataclass(frozen=True)
class ReviewerShown:
    """Somebody who reviewed the topic, with their own words about it."""

    name: Markup
    role: Markup
    date: str
    statement: Markup


@dataclass(frozen=True)
class ReviewNotice:
    """Who reviewed the topic and until when it holds. `next_review_iso` is read by a script, `href`
    says what it means that nobody did.
    """

    reviewers: tuple[ReviewerShown, ...]
    next_review: str
    next_review_iso: str
    overdue: bool
    href: str


@dataclass(frozen=True)
class Dates:
    """The dates of a page and its changes. `last_full_review` says why there was none."""

    topic: str
    published: str
    searched_to: str
    last_full_review: Markup
    next_review: str
    last_change: str
    changes: Changes
    edit: str = ""


def review_notice(page: ConditionContext) -> ReviewNotice:
    """Who reviewed the topic and until when it holds."""
    review = page.review
    return ReviewNotice(
        tuple(
            ReviewerShown(
                text(person.name),
                text(person.role),
                wording.shown_date(person.date),
                text(person.statement),
            )
            for person in review.reviewed_by
        ),
        wording.shown_date(review.next_review),
        review.next_review.isoformat(),
        page.today > review.next_review,
        f"{page.link('about')}#review",
    )


def dates(page: ConditionContext) -> Dates:
    """The dates a reader needs to judge a page's age, and its own changes."""
    review, changes = page.review, page_changes(page)
    full = review.last_full_review
    published = wording.shown_date(review.published)
    return Dates(
        topic=page.owners[0],
        published=published,
        searched_to=wording.shown_date(review.evidence_searched_to),
        last_full_review=(
            Markup(wording.shown_date(full))
            if isinstance(full, datetime.date)
            else text(full.unknown)
        ),
        next_review=wording.shown_date(review.next_review),
        last_change=changes.changes[0].date if changes.changes else published,
        changes=changes,
        edit=f"topic:{page.owners[0]}",
    )
