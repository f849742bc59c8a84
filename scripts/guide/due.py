"""What is due: what a maintainer must look at next, and what the guide's facts rest on that is
weak.

`due(library, day)` is the one answer; `text` prints it for `./scripts/due`, `for_page` gives it to
the component on the page "What is due". Run for a day, not for now: the page is the same for the
same commit.
"""

from __future__ import annotations

import argparse
import datetime
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import clock, wording
from . import models as m
from .library import Library, Record, load
from .problem import ContentErrors
from .reads import whole

if TYPE_CHECKING:
    from .view import Share

AHEAD = datetime.timedelta(days=90)
# How long a look-up holds. An approval is looked up every ninety days; an absence ("no trial was
# found") with each search of the evidence, at least once in twelve months.
APPROVAL_HOLDS = datetime.timedelta(days=90)
ABSENCE_HOLDS = datetime.timedelta(days=366)
LONGEST_AGO = 20


@dataclass(frozen=True)
class Task:
    """Something with a day by which it must be looked at again. `days` are those left, negative
    when overdue.
    """

    kind: str
    record: str
    what: str
    due: datetime.date
    days: int

    @property
    def overdue(self) -> bool:
        return self.days < 0


@dataclass(frozen=True)
class Checked:
    """A claim of a source article, and the day on which the oldest thing its verdict rests on was
    looked at.
    """

    claim: str
    words: str
    day: datetime.date


@dataclass(frozen=True)
class WeakSource:
    """A source read only in a copy or not itself the original document. `facts` rest on it, `alone`
    of them on nothing better.
    """

    id: str
    title: str
    how: str
    facts: int
    alone: int


@dataclass(frozen=True)
class OneSided:
    """A fact that patients are not shown, and why."""

    record: str
    words: str
    why: str


@dataclass(frozen=True)
class Due:
    """Everything that is due on `day`; claims with the one checked longest ago first."""

    day: datetime.date
    tasks: tuple[Task, ...]
    claims: tuple[Checked, ...]
    weak: tuple[WeakSource, ...]
    one_sided: tuple[OneSided, ...]

    @property
    def overdue(self) -> list[Task]:
        return [task for task in self.tasks if task.overdue]

    @property
    def ahead(self) -> list[Task]:
        return [task for task in self.tasks if not task.overdue]


def due(library: Library, day: datetime.date, share: Share | None = None) -> Due:
    """What is overdue on `day` or falls due within ninety days (the nearest first), and what rests
    on weak ground: in the whole guide, or in one condition's `share` of it.
    """
    topics, records, sources = (
        _of(library.topics, share and share.topics),
        _of(library.records, share and share.records),
        _of(library.sources, share and share.sources),
    )
    tasks = sorted(
        (task for task in _tasks(library, day, topics, records) if task.days <= AHEAD.days),
        key=lambda task: (task.due, task.kind, task.record),
    )
    claims = sorted(
        (
            Checked(
                claim.id,
                claim.claim,
                min(looked_at(library, library.records[fact]) for fact in claim.facts),
            )
            for topic in topics
            if topic.id in library.claims
            for claim in library.claims[topic.id].claims
        ),
        key=lambda claim: (claim.day, claim.claim),
    )
    return Due(
        day,
        tuple(tasks),
        tuple(claims),
        tuple(_weak_sources(library, sources, records)),
        tuple(_one_sided(records)),
    )


def _of(shelf: Mapping[str, Any], keys: Collection[str] | None) -> list[Any]:
    return list(shelf.values()) if keys is None else [shelf[key] for key in keys]


def _tasks(
    library: Library, day: datetime.date, topics: list[m.Topic], records: list[Record]
) -> Iterator[Task]:
    def task(kind: str, record: str, what: str, when: datetime.date) -> Task:
        return Task(kind, record, what, when, (when - day).days)

    for topic in topics:
        yield task("review", topic.id, topic.title, topic.review.next_review)
    for record in records:
        if isinstance(record, m.Approval):
            medicine, condition = (
                library.medicines[library.subject[record.id]],
                library.conditions[record.condition],
            )
            yield task(
                "approval",
                record.id,
                f"{medicine.name}, {condition.name}, {record.agency}",
                record.checked + APPROVAL_HOLDS,
            )
        elif isinstance(record, m.Statement) and record.as_of:
            yield task("absence", record.id, _named(record.clinician), record.as_of + ABSENCE_HOLDS)


def looked_at(library: Library, record: Record) -> datetime.date:
    """The day a fact was last looked at: its own date, else that of the source read longest ago."""
    own = record.checked if isinstance(record, m.Approval) else getattr(record, "as_of", None)
    return own or min(library.sources[source].accessed for source in record.sources)


def _is_weak(source: m.Source) -> bool:
    return source.read_in == "copy" or not source.primary


def _weak_sources(
    library: Library, sources: list[m.Source], records: list[Record]
) -> Iterator[WeakSource]:
    facts: dict[str, list[Record]] = {}
    for record in records:
        for source in record.sources:
            facts.setdefault(source, []).append(record)
    found = []
    for source in sources:
        if _is_weak(source):
            resting = facts.get(source.id, [])
            alone = sum(
                all(_is_weak(library.sources[other]) for other in record.sources)
                for record in resting
            )
            how = " and ".join(
                words
                for words, so in (
                    ("read in a copy", source.read_in == "copy"),
                    ("not the original document", not source.primary),
                )
                if so
            )
            found.append(WeakSource(source.id, source.title, how, len(resting), alone))
    yield from sorted(found, key=lambda weak: (-weak.alone, -weak.facts, weak.id))


def _one_sided(records: list[Record]) -> Iterator[OneSided]:
    for record in records:
        why = getattr(record, "clinician_only", None)
        if why:
            yield OneSided(
                record.id,
                record.endpoint if isinstance(record, m.Result) else _named(record.clinician),
                why,
            )


def _named(words: str) -> str:
    """A wording's beginning without its numbers, to tell which fact is meant."""
    plain = wording.CALL.sub("…", words)
    return plain if len(plain) <= 90 else plain[:90].rsplit(" ", 1)[0].rstrip(",;:") + " …"


KINDS = {
    "review": "topics to review",
    "approval": "approvals to look up again",
    "absence": "absences to look for again",
}


def groups(tasks: list[Task]) -> list[tuple[datetime.date, str, list[Task]]]:
    """Tasks of one kind and day together: sixty cells that fall due on one day are one piece of
    work.
    """
    found: dict[tuple[datetime.date, str], list[Task]] = {}
    for task in tasks:
        found.setdefault((task.due, task.kind), []).append(task)
    return [(day, kind, listed) for (day, kind), listed in found.items()]


def text(found: Due) -> str:
    """The answer for a terminal."""
    lines = [f"What is due on {found.day.isoformat()}", ""]
    for title, tasks, nothing in (
        ("Overdue", found.overdue, "Nothing is overdue."),
        (
            f"Due within {AHEAD.days} days",
            found.ahead,
            f"Nothing falls due within {AHEAD.days} days.",
        ),
    ):
        lines.append(f"{title}: {len(tasks)}" if tasks else nothing)
        for day, kind, listed in groups(tasks):
            lines.append(
                f"  {day.isoformat()} ({_in_days(listed[0].days)}), {KINDS[kind]}: {len(listed)}"
            )
            lines += [f"    {task.record}: {task.what}" for task in listed]
        lines.append("")
    oldest = found.claims[:LONGEST_AGO]
    lines.append(
        f"Claims checked longest ago: {len(oldest)} of {len(found.claims)}"
        if oldest
        else "There are no claims."
    )
    lines += [f"  {claim.day.isoformat()}  {claim.claim}: {claim.words}" for claim in oldest]
    lines += ["", f"Sources read only in a copy or second-hand: {len(found.weak)}"]
    lines += [
        f"  {weak.id} ({weak.how}): {_facts(weak.facts)}, {weak.alone} of them on nothing better"
        for weak in found.weak
    ]
    lines += ["", f"Facts that patients are not shown: {len(found.one_sided)}"]
    lines += [f"  {one.record}: {one.why}" for one in found.one_sided]
    return "\n".join(lines)


def _facts(count: int) -> str:
    return f"{count} fact{'' if count == 1 else 's'} rest{'s' if count == 1 else ''} on it"


def _in_days(days: int) -> str:
    return f"{-days} days overdue" if days < 0 else "today" if days == 0 else f"in {days} days"


def for_page(view: Any) -> dict[str, Any]:
    """The same for the component, as escaped text with the addresses of the facts; `view` is the
    page's.

    Claims are counted by day and not repeated: a false one stands on the corrections pages only.
    Where each condition has a list of its own, the list of the guide counts everything, and names
    only what stands on none of them; `conditions` then say how much is due on each, the most urgent
    first.
    """
    from .view import relative
    from .view import text as escaped

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
                "days": _in_days(of[0].days),
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


def main(arguments: list[str] | None = None) -> int:
    """The verb. Returns 0, or 1 when something is overdue, so that a scheduled run turns red; 2 is
    wrong usage.
    """
    parser = argparse.ArgumentParser(
        prog="./scripts/due",
        description=(
            "What is overdue or falls due in 90 days, and what the facts rest on that is weak."
        ),
    )
    parser.add_argument(
        "--on",
        metavar="YYYY-MM-DD",
        type=datetime.date.fromisoformat,
        default=clock.today(),
        help="for another day than today",
    )
    given = parser.parse_args(arguments)
    try:
        found = due(load(Path.cwd()), given.on)
    except ContentErrors as errors:
        print(errors, file=sys.stderr)
        return 1
    print(text(found))
    return 1 if found.overdue else 0


if __name__ == "__main__":
    sys.exit(main())
