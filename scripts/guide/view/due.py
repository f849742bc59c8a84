"""What falls due, as a page shows it."""

from __future__ import annotations

import datetime
from typing import Any

from guide.base.text import relative
from guide.base.text import text as escaped
from guide.cache.tracking import whole
from guide.content import wording
from guide.content.due import AHEAD, KINDS, Task, due, groups, in_days


def for_page(view: Any) -> dict[str, Any]:
    """The same for the component, as escaped text with the addresses of the facts; `view` is the
    page's.

    Claims are counted by day and not repeated: a false one stands on the corrections pages only.
    Where each condition has a list of its own, the list of the guide counts everything, and names
    only what stands on none of them; `conditions` then say how much is due on each, the most urgent
    first.
    """
    share, shares = view.share, {} if view.share else dict(view.shares)
    found = due(view.library, whole(view.today), share)
    # What a condition's list names: there once, and not here again.
    elsewhere = {
        key for other in shares.values() for key in (*other.topics, *other.records, *other.sources)
    }

    def link(record: str) -> str:
        return view.link_to(record) if record in view.places else ""

    def listed(tasks: list[Task]) -> list[dict[str, Any]]:
        return [
            {
                "date": wording.shown_date(day),
                "what": KINDS[kind],
                "days": in_days(of[0].days),
                "count": len(of),
                "tasks": [
                    {
                        "record": task.record,
                        "what": escaped(task.what),
                        "href": (
                            relative(view.url, f"{task.record}/")
                            if kind == "review"
                            else link(task.record)
                        ),
                    }
                    for task in of
                    if task.record not in elsewhere
                ],
            }
            for day, kind, of in groups(tasks)
        ]

    conditions = []
    for entry in view.by_condition():
        theirs = {*shares[entry["id"]].topics, *shares[entry["id"]].records}
        overdue, ahead = (
            [task for task in tasks if task.record in theirs]
            for tasks in (found.overdue, found.ahead)
        )
        first = min((task.due for task in (*overdue, *ahead)), default=None)
        conditions.append(
            {
                **entry,
                "overdue": len(overdue),
                "ahead": len(ahead),
                "first": wording.shown_date(first) if first else "",
                "due": first or datetime.date.max,
            }
        )
    conditions.sort(key=lambda entry: entry["due"])

    days: dict[datetime.date, int] = {}
    for claim in found.claims:
        days[claim.day] = days.get(claim.day, 0) + 1
    return {
        "day": wording.shown_date(found.day),
        "ahead_days": AHEAD.days,
        "conditions": conditions,
        "overdue": listed(found.overdue),
        "ahead": listed(found.ahead),
        "claims": [
            {"date": wording.shown_date(day), "count": count} for day, count in days.items()
        ],
        "weak_count": len(found.weak),
        "one_sided_count": len(found.one_sided),
        "weak": [
            {
                "id": weak.id,
                "href": relative(
                    view.url, f"about/sources/{f'{view.part}/' if share else ''}#source-{weak.id}"
                ),
                "title": escaped(weak.title),
                "how": weak.how,
                "facts": weak.facts,
                "alone": weak.alone,
            }
            for weak in found.weak
            if weak.id not in elsewhere
        ],
        "one_sided": [
            {
                "record": one.record,
                "words": escaped(one.words),
                "why": escaped(one.why),
                "href": link(one.record),
            }
            for one in found.one_sided
            if one.record not in elsewhere
        ],
    }
