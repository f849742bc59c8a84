"""What a maintainer must look at next, and the weak sources of the guide's facts.

`due` is asked for a day, not for now: so the page "What is due" is the same for the same commit.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from guide.content import models as m
from guide.content import wording
from guide.content.condition_index import ConditionIndex
from guide.content.library import Library, Record
from guide.content.source_texts import ChangedSource

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
        """Whether its day is past."""
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
    """Everything that is due on `day`; claims with the one checked longest ago first. `reported`
    counts the facts whose confidence is secondary.
    """

    day: datetime.date
    tasks: tuple[Task, ...]
    claims: tuple[Checked, ...]
    weak: tuple[WeakSource, ...]
    one_sided: tuple[OneSided, ...]
    reported: int = 0

    @property
    def overdue(self) -> list[Task]:
        """The tasks whose day is past, the longest overdue first."""
        return [task for task in self.tasks if task.overdue]

    @property
    def ahead(self) -> list[Task]:
        """The tasks that fall due from today on, the nearest first."""
        return [task for task in self.tasks if not task.overdue]


def due(library: Library, day: datetime.date, share: ConditionIndex | None = None) -> Due:
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
        sum(record.confidence == "secondary" for record in records),
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
                "approval" if medicine.is_medicine else "decision",
                record.id,
                f"{medicine.name}, {condition.name}, {record.agency}",
                record.checked + APPROVAL_HOLDS,
            )
        elif isinstance(record, m.Statement) and record.as_of:
            yield task("absence", record.id, _named(record.clinician), record.as_of + ABSENCE_HOLDS)


def looked_at(library: Library, record: Record) -> datetime.date:
    """The day a fact was last looked at: its own date, else that of the source read longest ago."""
    checked = record.checked if isinstance(record, m.Approval) else getattr(record, "as_of", None)
    return checked or min(library.sources[source].accessed for source in record.sources)


def _is_weak(source: m.Source) -> bool:
    return source.read_in == "copy" or not source.primary


def _weak_sources(
    library: Library, sources: list[m.Source], records: list[Record]
) -> list[WeakSource]:
    """The weak ones of these sources; those that most facts depend on come first."""
    facts: dict[str, list[Record]] = {}
    for record in records:
        for source_id in record.sources:
            facts.setdefault(source_id, []).append(record)
    weak_sources = []
    for source in sources:
        reasons = [
            words
            for words, applies in (
                ("read in a copy", source.read_in == "copy"),
                ("not the original document", not source.primary),
            )
            if applies
        ]
        if reasons:
            resting = facts.get(source.id, [])
            alone = sum(
                all(_is_weak(library.sources[other]) for other in record.sources)
                for record in resting
            )
            how = " and ".join(reasons)
            weak_sources.append(WeakSource(source.id, source.title, how, len(resting), alone))
    return sorted(weak_sources, key=lambda weak: (-weak.alone, -weak.facts, weak.id))


def _one_sided(records: list[Record]) -> Iterator[OneSided]:
    for record in records:
        if isinstance(record, m.Approval) or not record.clinician_only:
            continue
        words = record.endpoint if isinstance(record, m.Result) else _named(record.clinician)
        yield OneSided(record.id, words, record.clinician_only)


def _named(words: str) -> str:
    """A wording's beginning without its numbers, to tell which fact is meant."""
    plain = wording.CALL.sub("…", words)
    return plain if len(plain) <= 90 else plain[:90].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def text(due_list: Due) -> str:
    """The answer for a terminal."""
    lines = [f"What is due on {due_list.day.isoformat()}", ""]
    for title, tasks, nothing in (
        ("Overdue", due_list.overdue, "Nothing is overdue."),
        (
            f"Due within {AHEAD.days} days",
            due_list.ahead,
            f"Nothing falls due within {AHEAD.days} days.",
        ),
    ):
        lines.append(f"{title}: {len(tasks)}" if tasks else nothing)
        for day, kind, listed in groups(tasks):
            lines.append(
                f"  {day.isoformat()} ({in_days(listed[0].days)}), {KINDS[kind]}: {len(listed)}"
            )
            lines += [f"    {task.record}: {task.what}" for task in listed]
        lines.append("")
    oldest = due_list.claims[:LONGEST_AGO]
    lines.append(
        f"Claims checked longest ago: {len(oldest)} of {len(due_list.claims)}"
        if oldest
        else "There are no claims."
    )
    lines += [f"  {claim.day.isoformat()}  {claim.claim}: {claim.words}" for claim in oldest]
    lines += ["", f"Sources read only in a copy or second-hand: {len(due_list.weak)}"]
    lines += [
        f"  {weak.id} ({weak.how}): {facts_of(weak.facts)}, {weak.alone} of them on nothing better"
        for weak in due_list.weak
    ]
    lines += ["", f"Facts that patients are not shown: {len(due_list.one_sided)}"]
    lines += [f"  {one.record}: {one.why}" for one in due_list.one_sided]
    return "\n".join(lines)


def text_of_changed(changed: Collection[ChangedSource]) -> str:
    """The sources whose text changed, and the facts that lean on them, for a terminal.

    The page "What is due" does not hold them: its bytes are those of the commit alone.
    """
    lines = [
        f"Sources whose text changed since they were read: {len(changed)}"
        if changed
        else "No source is known to have changed since it was read."
    ]
    for one in changed:
        said = "text" if one.of == "text" else "file"
        count = len(one.lost) + len(one.standing) + len(one.unknown)
        lines.append(
            f"  {one.id} (another {said} on {one.found.isoformat()}, read"
            f" {one.accessed.isoformat()}): {facts_of(count)}"
        )
        for ids, what in (
            (one.lost, "the quoted phrase is not found any more"),
            (one.standing, "the quoted phrase still stands"),
            (one.unknown, "no phrase of it was looked for"),
        ):
            if ids:
                lines.append(f"    {what}: {', '.join(ids)}")
    return "\n".join(lines)


KINDS = {
    "review": "topics to review",
    "approval": "approvals to look up again",
    "decision": "decisions to look up again",
    "absence": "absences to look for again",
}


def groups(tasks: list[Task]) -> list[tuple[datetime.date, str, list[Task]]]:
    """Tasks of one kind and day together: sixty cells that fall due on one day are one piece of
    work.
    """
    by_day_and_kind: dict[tuple[datetime.date, str], list[Task]] = {}
    for task in tasks:
        by_day_and_kind.setdefault((task.due, task.kind), []).append(task)
    return [(day, kind, listed) for (day, kind), listed in by_day_and_kind.items()]


def facts_of(count: int) -> str:
    """`1 fact rests on it`, `2 facts rest on it`."""
    return f"{count} fact{'' if count == 1 else 's'} rest{'s' if count == 1 else ''} on it"


def in_days(days: int) -> str:
    """`3 days overdue`, `today`, `in 3 days`."""
    return f"{-days} days overdue" if days < 0 else "today" if days == 0 else f"in {days} days"
