"""The whole content as one immutable library, and the way from YAML files to it."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from guide.content import models as m
from guide.content.yaml_reader import Lines

Record = m.Statement | m.Result | m.Approval


class Place(NamedTuple):
    """Where a record is written: the file, relative to the project, and the line."""

    path: str
    line: int


@dataclass(frozen=True)
class Library:
    """Everything the content says, by id.

    `records` holds every fact that can be cited (statements, results, approvals); `subject` says
    which medicine, class, condition, trial, guideline, health system or topic a record is about;
    `place` gives file and line of a record, or of any other id as `<kind>:<id>`
    (`<kind>:<owner>/<id>` for what belongs to a topic, medicine or condition). The shelves after
    `lines` are ways into the library that do not walk through all of it: ids by key, in the order
    of the files.
    """

    site: m.Site
    sources: dict[str, m.Source] = field(default_factory=dict)
    units: dict[str, m.Unit] = field(default_factory=dict)
    source_words: dict[str, m.SourceWords] = field(default_factory=dict)
    glossary: dict[str, m.Term] = field(default_factory=dict)
    medicines: dict[str, m.Medicine] = field(default_factory=dict)
    conditions: dict[str, m.Condition] = field(default_factory=dict)
    comparisons: dict[str, m.Comparison] = field(default_factory=dict)
    trials: dict[str, m.Trial] = field(default_factory=dict)
    guidelines: dict[str, m.Guideline] = field(default_factory=dict)
    health_systems: dict[str, m.HealthSystem] = field(default_factory=dict)
    topics: dict[str, m.Topic] = field(default_factory=dict)
    questions: dict[str, tuple[m.Question, ...]] = field(default_factory=dict)
    takeaways: dict[str, tuple[m.Takeaway, ...]] = field(default_factory=dict)
    claims: dict[str, m.ClaimFile] = field(default_factory=dict)
    schedules: dict[str, m.Schedule] = field(default_factory=dict)
    handouts: dict[str, m.Handout] = field(default_factory=dict)
    versions: dict[str, list[m.PrintedVersion]] = field(default_factory=dict)
    changes: list[m.Change] = field(default_factory=list)
    redirects: list[m.Redirect] = field(default_factory=list)
    audit: list[m.Instrument] = field(default_factory=list)
    records: dict[str, Record] = field(default_factory=dict)
    subject: dict[str, str] = field(default_factory=dict)
    place: dict[str, Place] = field(default_factory=dict)
    lines: Mapping[str, Lines] = field(default_factory=dict)
    about: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # "<subject>/<kind>": its statements
    bearing: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # "<subject>/<kind>": statements about others that bear on it
    members: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # class: the medicines filed under it
    classes: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # medicine: the classes that list it
    families: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # population: the conditions it belongs to or is related to
    rows: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # condition: medicines with a cell in its approval matrix
    homes: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # condition, or "" for none: the medicines and classes that belong to it
    tested: dict[str, tuple[str, ...]] = field(default_factory=dict)  # medicine: its trials
    studied: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # population: the trials with results in it
    advised: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # population: guidelines that speak of it; "all/<medicine>" and "all/" for those of everybody
    paid: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # condition: health systems with something to say
    changed: dict[str, tuple[m.Change, ...]] = field(
        default_factory=dict
    )  # record, or "" for the whole guide: its changes
    # What entries and files are made of, as 16 bytes, for results that are kept; and what was
    # worked out once.
    digests: dict[tuple[str, str], bytes] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    values: dict[Any, Any] = field(default_factory=dict)
    worked: dict[Any, tuple[Any, set[str]]] = field(default_factory=dict)

    def line(self, path: str, *where: Any) -> int:
        """The line of `where` in `path`, or of the nearest thing around it."""
        lines = self.lines.get(path, {})
        while where and where not in lines:
            where = where[:-1]
        return lines.get(where, 0)

    @property
    def bare(self) -> Library:
        """The library without anybody who notes what is asked of it: for messages, which nothing
        kept depends on.
        """
        return self

    def memo(self, make: Callable[[Library], Any], by_value: bool = False) -> Any:
        """What `make` works out of the library, once; `by_value` matters where reads are noted (see
        `reads.Window`).
        """
        if make not in self.values:
            self.values[make] = make(self)
        return self.values[make]

    def statements(self) -> Iterator[m.Statement]:
        return (record for record in self.records.values() if isinstance(record, m.Statement))

    def results(self) -> Iterator[m.Result]:
        return (record for record in self.records.values() if isinstance(record, m.Result))

    def changes_of(self, records: Collection[str], since: datetime.date) -> list[m.Change]:
        """The changes of these records and of the whole guide, newest first; `since` the day
        something was published, because what changed before was never shown there.
        """
        # An entry of several records is told once.
        found = {
            id(change): change
            for record in ("", *sorted(set(records)))
            for change in self.changed.get(record, ())
            if change.date >= since
        }
        return sorted(found.values(), key=lambda change: change.date, reverse=True)

    def change_ids(self) -> list[tuple[str, m.Change]]:
        """The change log, newest first, each entry with its permanent id: its day, its record and
        its field.

        Entries that share all three are counted from the oldest, so that a new one on top leaves
        the others theirs.
        """
        found, seen = [], Counter[str]()
        newest_first = sorted(self.changes, key=lambda change: change.date, reverse=True)
        for change in reversed(newest_first):
            named = "-".join(
                filter(
                    None,
                    (
                        "change",
                        change.date.isoformat(),
                        change.record or next(iter(change.records), "guide"),
                        re.sub(r"[^A-Za-z0-9_]+", "-", change.field or "").strip("-"),
                    ),
                )
            )
            seen[named] += 1
            found.append((f"{named}-{seen[named]}" if seen[named] > 1 else named, change))
        return found[::-1]

    def medicine_of(self, record_id: str) -> str | None:
        """The medicine or class a record is evidence about; None for conditions and the like.

        A trial's facts are about the medicine the trial tested, a topic's about its medicine.
        """
        subject = self.subject[record_id]
        if subject in self.trials:
            return self.trials[subject].medicine
        if subject in self.topics:
            return self.topics[subject].medicine
        return subject if subject in self.medicines else None
