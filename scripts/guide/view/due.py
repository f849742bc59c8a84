"""What falls due, as a page shows it."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass

from markupsafe import Markup

from guide.base.language import gettext as _
from guide.base.language import gettext_noop, ngettext
from guide.base.text import relative, text
from guide.content import due as content_due
from guide.content import wording
from guide.view.context import Context
from guide.view.references import ConditionList, list_with

# What the list of a terminal calls the same things, in `guide.content.due`.
_KINDS = {
    "review": gettext_noop("topics to review"),
    "approval": gettext_noop("approvals to look up again"),
    "decision": gettext_noop("decisions to look up again"),
    "absence": gettext_noop("absences to look for again"),
}
_HOW = {
    "read in a copy": gettext_noop("Read in a copy"),
    "not the original document": gettext_noop("Not the original document"),
    "read in a copy and not the original document": gettext_noop(
        "Read in a copy and not the original document"
    ),
}


@dataclass(frozen=True)
class DueTask:
    """A record to look at again, and where the guide shows it."""

    record: str
    what: Markup
    href: str = ""


@dataclass(frozen=True)
class DueDay:
    """Tasks of one kind that fall due on one day; `count` counts those on other lists, too."""

    date: str
    days: str
    what: str
    count: int
    tasks: tuple[DueTask, ...] = ()


@dataclass(frozen=True)
class WeakSourceShown:
    """A source that was read in a copy or second-hand: how many facts rest on it, and how many on
    nothing better.
    """

    id: str
    href: str
    title: Markup
    how: str
    facts: int
    alone: int


@dataclass(frozen=True)
class OneSidedShown:
    """A fact that patients are not shown, and why."""

    record: str
    words: Markup
    why: Markup
    href: str = ""


@dataclass(frozen=True)
class Due:
    """What is overdue or falls due, and what rests on weak ground, as of `day`.

    Where each condition has a list of its own, `by_condition` leads there, the most urgent first,
    and the list of the guide names only what stands on none of them. `claims` are lines such as
    "1 March 2026: 3 claims". `reported` counts the facts that say themselves that they are
    second-hand or a reading of sources; of a list with lists of conditions, in the whole guide.
    """

    day: str
    ahead_days: int
    whose: Markup = Markup("")
    by_condition: tuple[ConditionList, ...] = ()
    overdue: tuple[DueDay, ...] = ()
    ahead: tuple[DueDay, ...] = ()
    claims: tuple[str, ...] = ()
    weak_count: int = 0
    weak: tuple[WeakSourceShown, ...] = ()
    reported: int = 0
    one_sided_count: int = 0
    one_sided: tuple[OneSidedShown, ...] = ()


def due(page: Context) -> Due:
    """What is due on the day of the page.

    Claims are counted by day and not repeated: a false one stands on the corrections pages only.
    """
    share = page.share
    shares = {} if share else dict(page.shares)
    listed = content_due.due(page.library, page.today, share)
    elsewhere = {
        key for other in shares.values() for key in (*other.topics, *other.records, *other.sources)
    }
    claims = Counter(claim.day for claim in listed.claims)
    return Due(
        day=wording.shown_date(listed.day),
        ahead_days=content_due.AHEAD.days,
        whose=page.whose,
        by_condition=_by_condition(page, listed),
        overdue=_days(page, listed.overdue, elsewhere),
        ahead=_days(page, listed.ahead, elsewhere),
        claims=tuple(
            ngettext("{day}: {count} claim", "{day}: {count} claims", count).format(
                day=wording.shown_date(day), count=wording.shown_number(count)
            )
            for day, count in claims.items()
        ),
        weak_count=len(listed.weak),
        weak=tuple(
            WeakSourceShown(
                weak.id,
                relative(page.url, f"{list_with(page, weak.id)}#source-{weak.id}"),
                text(weak.title),
                _(_HOW[weak.how]),
                weak.facts,
                weak.alone,
            )
            for weak in listed.weak
            if weak.id not in elsewhere
        ),
        reported=listed.reported,
        one_sided_count=len(listed.one_sided),
        one_sided=tuple(
            OneSidedShown(one.record, text(one.words), text(one.why), _href(page, one.record))
            for one in listed.one_sided
            if one.record not in elsewhere
        ),
    )


def _href(page: Context, record: str) -> str:
    return page.link_to(record) if record in page.places else ""


def _days(page: Context, tasks: list[content_due.Task], elsewhere: Set[str]) -> tuple[DueDay, ...]:
    """Tasks by day and kind; those on the list of a condition are counted, not named."""
    return tuple(
        DueDay(
            wording.shown_date(day),
            _in_days(of_day[0].days),
            _(_KINDS[kind]),
            len(of_day),
            tuple(
                DueTask(
                    task.record,
                    text(task.what),
                    relative(page.url, f"{task.record}/")
                    if kind == "review"
                    else _href(page, task.record),
                )
                for task in of_day
                if task.record not in elsewhere
            ),
        )
        for day, kind, of_day in content_due.groups(tasks)
    )


def _in_days(days: int) -> str:
    """`3 days overdue`, `today`, `in 3 days`."""
    if days < 0:
        return ngettext("{days} day overdue", "{days} days overdue", -days).format(days=-days)
    return (
        ngettext("in {days} day", "in {days} days", days).format(days=days) if days else _("today")
    )


def _by_condition(page: Context, listed: content_due.Due) -> tuple[ConditionList, ...]:
    """How much is due on the list of each condition, the most urgent first."""
    conditions = []
    for entry in page.by_condition():
        share = page.shares[entry["id"]]
        records = {*share.topics, *share.records}
        overdue = [task for task in listed.overdue if task.record in records]
        ahead = [task for task in listed.ahead if task.record in records]
        first = min((task.due for task in (*overdue, *ahead)), default=datetime.date.max)
        conditions.append(
            (first, ConditionList(entry["name"], entry["href"], _count(overdue, ahead, first)))
        )
    return tuple(one for _, one in sorted(conditions, key=lambda entry: entry[0]))


def _count(
    overdue: Sequence[content_due.Task], ahead: Sequence[content_due.Task], first: datetime.date
) -> str:
    days = content_due.AHEAD.days
    if not (overdue or ahead):
        return ngettext("nothing within {days} day", "nothing within {days} days", days).format(
            days=days
        )
    return ngettext(
        "{overdue} overdue, {ahead} within {days} day; the first on {day}",
        "{overdue} overdue, {ahead} within {days} days; the first on {day}",
        days,
    ).format(overdue=len(overdue), ahead=len(ahead), days=days, day=wording.shown_date(first))
