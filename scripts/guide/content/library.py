"""The whole content as one immutable library, and the way from YAML files to it."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar, cast

from guide.base.language import gettext as _
from guide.content import models as m
from guide.content.key_path import Lines

Record = m.Statement | m.Result | m.Approval


class Place(NamedTuple):
    """Where a record is written: the file, relative to the project, and the line."""

    path: str
    line: int


Computed = TypeVar("Computed")
Computation = TypeVar("Computation", bound=Callable[..., Any])


def by_value(compute: Computation) -> Computation:
    """Marks a function for `Library.compute_once` whose result stands for all that it read.

    Whoever asks for it depends on that value alone. `repr` must write all of it.
    """
    compute.__dict__["by_value"] = True
    return compute


def is_by_value(compute: Callable[..., Any]) -> bool:
    """Whether a function is marked with `by_value`."""
    return bool(getattr(compute, "by_value", False))


@dataclass(frozen=True)
class Library:
    """Everything the content says, by id.

    `records` holds every fact that can be cited: statements, results and approvals. `subject` says
    what a record is about: the id of a medicine, class, condition, trial, guideline, health system
    or topic. `place` gives file and line of a record, by its id. Anything else is found there as
    `<kind>:<id>`, or as `<kind>:<owner>/<id>` if it belongs to a topic, medicine or condition.

    The fields named `..._by_...` and the three before them are indexes: ids by key, in the order
    of the files. An index has no key for what it holds nothing about.
    """

    site: m.Site
    vocabulary: m.Vocabulary = field(default_factory=m.Vocabulary)
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
    # Topic or condition: what its pages and their sections say first.
    answers: dict[str, tuple[m.Answer, ...]] = field(default_factory=dict)
    # Topic: the prescriber's card.
    cards: dict[str, m.Card] = field(default_factory=dict)
    claims: dict[str, m.ClaimFile] = field(default_factory=dict)
    schedules: dict[str, m.Schedule] = field(default_factory=dict)
    # Medicine: its doses as a table.
    dose_tables: dict[str, m.DoseTable] = field(default_factory=dict)
    handouts: dict[str, m.Handout] = field(default_factory=dict)
    versions: dict[str, list[m.PrintedVersion]] = field(default_factory=dict)
    changes: list[m.Change] = field(default_factory=list)
    redirects: list[m.Redirect] = field(default_factory=list)
    audit: list[m.Instrument] = field(default_factory=list)
    # What people want to know; and by writer, how they put it and how urgent it may be.
    intents: dict[str, m.Intent] = field(default_factory=dict)
    phrasings: dict[str, m.PhrasingFile] = field(default_factory=dict)
    urgency: dict[str, m.UrgencyFile] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)
    subject: dict[str, str] = field(default_factory=dict)
    place: dict[str, Place] = field(default_factory=dict)
    # File: the lines of all its values, by their key paths.
    lines: Mapping[str, Lines] = field(default_factory=dict)

    # "<subject>/<kind>": the statements about the subject.
    statements_by_subject: dict[str, tuple[str, ...]] = field(default_factory=dict)
    # "<subject>/<kind>": statements about other subjects that bear on this one.
    statements_bearing_on: dict[str, tuple[str, ...]] = field(default_factory=dict)
    # Condition: the medicines with an approval record for it, whatever the answer.
    medicines_with_approvals: dict[str, tuple[str, ...]] = field(default_factory=dict)
    # Class: the medicines that name it as their class.
    members_by_class: dict[str, tuple[str, ...]] = field(default_factory=dict)
    # Medicine: the classes that list it as a member.
    classes_by_medicine: dict[str, tuple[str, ...]] = field(default_factory=dict)
    # Population: the conditions it belongs to or is related to.
    conditions_by_population: dict[str, tuple[str, ...]] = field(default_factory=dict)
    # Condition: the medicines and classes that belong to it; "": those that belong to none.
    medicines_by_condition: dict[str, tuple[str, ...]] = field(default_factory=dict)
    # Medicine: its trials.
    trials_by_medicine: dict[str, tuple[str, ...]] = field(default_factory=dict)
    # Population: the trials of it or with results in it.
    trials_by_population: dict[str, tuple[str, ...]] = field(default_factory=dict)
    # Population: the guidelines that speak of it. "all/<medicine>" and "all/": those that speak of
    # everybody, about one medicine or any.
    guidelines_by_population: dict[str, tuple[str, ...]] = field(default_factory=dict)
    # Condition: the health systems with a statement about it.
    health_systems_by_condition: dict[str, tuple[str, ...]] = field(default_factory=dict)
    # "<owner>/<page>" or "<owner>/<page>#<section>"; "<owner>/<question>"; "<owner>/<section>".
    answer_by_place: dict[str, m.Answer] = field(default_factory=dict)
    question_by_place: dict[str, m.Question] = field(default_factory=dict)
    questions_by_section: dict[str, tuple[m.Question, ...]] = field(default_factory=dict)
    # Record: its changes; "": changes of the whole guide.
    changes_by_record: dict[str, tuple[m.Change, ...]] = field(default_factory=dict)

    # (name of a field above, key): 16 bytes that stand for the entry, for the cache.
    digests: dict[tuple[str, str], bytes] = field(default_factory=dict)
    # File: 16 bytes that stand for it, for the cache.
    files: dict[str, bytes] = field(default_factory=dict)
    # What `compute_once` returned, by function.
    computed: dict[Any, Any] = field(default_factory=dict)

    def line(self, path: str, *keys: str | int) -> int:
        """The line, counted from 1, of the value at a key path in a file.

        A value without a line of its own has that of the nearest value around it; 0 if the file
        is unknown.
        """
        lines = self.lines.get(path, {})
        while keys and keys not in lines:
            keys = keys[:-1]
        return lines.get(keys, 0)

    def compute_once(self, compute: Callable[[Library], Computed]) -> Computed:
        """What `compute` returns for the library; later calls return the same object."""
        if compute not in self.computed:
            self.computed[compute] = compute(self)
        return cast(Computed, self.computed[compute])

    def statements(self) -> Iterator[m.Statement]:
        """All statements, in the order of the files."""
        return (record for record in self.records.values() if isinstance(record, m.Statement))

    def results(self) -> Iterator[m.Result]:
        """All results of trials, in the order of the files."""
        return (record for record in self.records.values() if isinstance(record, m.Result))

    def review_of(self, owner: str) -> m.Review:
        """The review that the pages of a topic, or of a condition, stand under.

        Of a condition it is that of the topic which is due first, without its reviewers: who
        reviewed a medicine's pages has not reviewed those of the disease. Raises KeyError for an id
        that is neither.
        """
        if owner in self.topics:
            return self.topics[owner].review
        reviews = [one.review for one in self.topics.values() if one.condition == owner]
        if not reviews:
            raise KeyError(owner)
        first = min(reviews, key=lambda review: review.next_review)
        nobody = m.Unknown(unknown=_("No clinician has reviewed these pages yet."))
        return first.model_copy(update={"reviewed_by": [], "last_full_review": nobody})

    def changes_of(self, records: Collection[str], since: datetime.date) -> list[m.Change]:
        """The changes of these records and of the whole guide, newest first; without those before
        the day `since`, on which something was published: they were never shown there.
        """
        # An entry of several records is listed once.
        changes = {
            id(change): change
            for record in ("", *sorted(set(records)))
            for change in self.changes_by_record.get(record, ())
            if change.date >= since
        }
        return sorted(changes.values(), key=lambda change: change.date, reverse=True)

    def change_ids(self) -> list[tuple[str, m.Change]]:
        """The change log, newest first, each entry with its permanent id.

        The id is made of day, record and field. Entries that share all three are counted from the
        oldest, so that a new entry changes no id.
        """
        entries, counts = [], Counter[str]()
        newest_first = sorted(self.changes, key=lambda change: change.date, reverse=True)
        for change in reversed(newest_first):
            parts = (
                "change",
                change.date.isoformat(),
                change.record or next(iter(change.records), "guide"),
                re.sub(r"[^A-Za-z0-9_]+", "-", change.field or "").strip("-"),
            )
            name = "-".join(filter(None, parts))
            counts[name] += 1
            entries.append((f"{name}-{counts[name]}" if counts[name] > 1 else name, change))
        return entries[::-1]

    def approved_for(self, medicine: str, conditions: Collection[str]) -> bool:
        """Whether any agency has approved a medicine, or a member of a class, for one of these."""
        members = [medicine, *self.medicines[medicine].members]
        return any(
            approval.status == "approved" and approval.condition in conditions
            for member in members
            if member in self.medicines
            for approval in self.medicines[member].approvals
        )

    def licensed_for(self, medicine: str, population: str) -> bool:
        """Whether a medicine, or a member of a class, is licensed for these people: by its record,
        or by any agency for a condition that they have. What is no medicine needs no licence.
        """
        record = self.medicines[medicine]
        members = [self.medicines[key] for key in record.members if key in self.medicines]
        conditions = [
            condition.id
            for condition in self.conditions.values()
            if population in condition.populations
        ]
        return (
            not record.is_medicine
            or any(population in one.licensed_for for one in (record, *members))
            or self.approved_for(medicine, conditions)
        )

    def medicine_of(self, record_id: str) -> str | None:
        """The medicine or class a record is evidence about; None for conditions and the like.

        A trial's facts are about the medicine the trial tested, a topic's about its medicine.
        Raises KeyError if there is no such record.
        """
        subject = self.subject[record_id]
        if subject in self.trials:
            return self.trials[subject].medicine
        if subject in self.topics:
            return self.topics[subject].medicine
        return subject if subject in self.medicines else None
