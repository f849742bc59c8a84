"""The versions of handouts that readers may have printed, and what changed since."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from guide.content import models as m
from guide.content.chosen_pages import left_out
from guide.content.ledger import REMOVED, Difference, mark_of
from guide.content.library import Library
from guide.content.names import TRACKS, Track

# Letters only, so that no code is taken for a number, and none that is easily read as another or
# makes a word.
ALPHABET = "bcdfghjkmnpqrstvwxz"


LENGTH = 7


Values = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Version:
    """A handout's content at one time: its code, the day its newest fact is from, and the values by
    record and field.
    """

    code: str
    date: datetime.date
    values: Values


@dataclass(frozen=True)
class Changed:
    """One thing a printed version shows otherwise than the handout does today.

    `how`: "changed", "added" (stands on the handout now), "gone" (stood on it). For a change of one
    field `old` and `new` are its values; `log` holds the entries of the change log on the way from
    one to the other.
    """

    record: str
    how: Literal["changed", "added", "gone"]
    field: str = ""
    old: str = ""
    new: str = ""
    log: tuple[m.Change, ...] = ()


def handouts(library: Library) -> Iterable[tuple[str, Track]]:
    """Every handout of the guide: topic and reader; without topics that leave it out."""
    return [
        (topic, track)
        for topic in library.topics
        if "handout" not in left_out(library, topic)
        for track in TRACKS
    ]


# Fields that earlier versions lack: they kept no words, and called 'outcome' 'direction'. Their
# change is known only if both versions have them.
_NOT_KEPT_THEN = {"patient", "clinician", "direction", "outcome"}


def code_of(topic: str, track: str, values: Values) -> str:
    """Seven letters that stand for these values on this handout."""
    text = json.dumps(
        [topic, track, values], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    number = int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
    letters = []
    for _ in range(LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters)


def newest_version(library: Library, topic: str, records: Iterable[str]) -> datetime.date:
    """The day of the newest thing on a sheet: of the topic's publication, a logged change, a
    look-up or a source read.
    """
    days = [library.topics[topic].review.published]
    record_ids = set(records)
    days += [change.date for change in library.changes if change.record in record_ids]
    for key in record_ids:
        record = library.records[key]
        days += [library.sources[source].accessed for source in record.sources]
        days += [
            day for day in (getattr(record, "checked", None), getattr(record, "as_of", None)) if day
        ]
    return max(days)


def changes_between(old: Version, new: Version, log: Iterable[m.Change]) -> list[Changed]:
    """What a sheet of the `old` version says otherwise than the `new` one, in the new sheet's
    order.
    """
    entries = sorted(log, key=lambda change: change.date)
    changed: list[Changed] = []
    for record in [*new.values, *(key for key in old.values if key not in new.values)]:
        if record not in old.values:
            changed.append(Changed(record, "added"))
        elif record not in new.values:
            changed.append(Changed(record, "gone", log=_removals(record, entries)))
        else:
            before, after = old.values[record], new.values[record]
            changed += _changed_fields(record, before, after, entries)
    return changed


def _removals(record: str, entries: list[m.Change]) -> tuple[m.Change, ...]:
    """The entries of the log that say that a record was removed."""
    return tuple(
        change
        for change in entries
        if (change.record, change.field, change.new) == (record, "record", REMOVED)
        or change.records.get(record) == REMOVED
    )


def _changed_fields(
    record: str, before: Mapping[str, str], after: Mapping[str, str], entries: list[m.Change]
) -> Iterator[Changed]:
    """The fields of a record that differ between two versions."""
    both = before.keys() & after.keys()
    for field in sorted(before.keys() | after.keys()):
        if field in _NOT_KEPT_THEN and field not in both:
            continue
        was, now = before.get(field, "nothing"), after.get(field, "nothing")
        if was != now:
            log = _way(Difference(record, field, was, now), entries)
            yield Changed(
                record, "changed", field, was, now, log or _grouped(record, after, entries)
            )


def _way(difference: Difference, entries: list[m.Change]) -> tuple[m.Change, ...]:
    """The entries of the log that lead from the old value to the new one, in order of time; none
    when they do not meet.
    """
    way: list[m.Change] = []
    value: str | None = difference.old
    for change in entries:
        if (change.record, change.field, change.old) == (
            difference.record,
            difference.field,
            value,
        ):
            way.append(change)
            value = change.new
    return tuple(way) if value == difference.new else ()


def _grouped(
    record: str, values: Mapping[str, str], entries: list[m.Change]
) -> tuple[m.Change, ...]:
    """The entries that tell of several records and were written for these values of this one."""
    return tuple(change for change in entries if change.records.get(record) == mark_of(values))


def address_of(address: str, topic: str, code: str) -> str:
    """Where a sheet can be checked: the whole address, or without a public `address` the way from
    the site's root.
    """
    return f"{address.rstrip('/') + '/' if address else ''}{topic}/check/#{code}"
