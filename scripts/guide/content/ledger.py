"""What readers were last shown, so that no number, dose, approval or verdict changes in silence.

`content/ledger.json` holds the clinical values of every record as of the last publication. A
difference between it and the content must stand in `content/changes.yml`; a publication then
writes the ledger anew.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter

from guide.content import models as m
from guide.content import wording
from guide.content.layout import LEDGER, TO_DO
from guide.content.library import Library
from guide.content.moved_topics import in_present_names
from guide.content.written_files import read_written

# Words around the facts: rewording them is editorial. All other fields are clinical.
# (the words of a fact that readers act on are not: see `models.SAFETY`).
EDITORIAL = {
    "id",
    "patient",
    "clinician",
    "clinician_only",
    "note",
    "proof",
    "locator",
    "bears_on",
    "group",
    "reason",
    "not_rated",
    "why",
    "claim",
    "section",
    "design",
    "name",
    "checked",
    "reading",
    "looked",
    "compares",
    "gap",
}


# The same values beside the pages of a site: what its readers are shown.
SHOWN = "published.json"


@dataclass(frozen=True)
class Difference:
    """One clinical value that is not what readers were last shown. `old` or `new` is "" for a whole
    record.
    """

    record: str
    field: str
    old: str
    new: str


def clinical_values(library: Library) -> dict[str, dict[str, str]]:
    """Every clinical value by record and field, as text: `{"dose-us-ed": {"values.dose": "2 mg",
    …}}`.

    Trials, rows of dose tables and claims are records here too: trials as `trial-<id>`, doses as
    `dose-<medicine>-<id>`, claims by their id.
    """
    values = {key: record_values(library, key) for key in library.records}
    for key in library.trials:
        values[f"trial-{key}"] = trial_values(library, key)
    for medicine, table in library.dose_tables.items():
        for row in table.rows:
            values[f"dose-{medicine}-{row.id}"] = dict(_fields(row))
    for file in library.claims.values():
        for claim in file.claims:
            values[claim.id] = {
                "verdict": claim.verdict,
                "facts": ", ".join(claim.facts),
                "safety_critical": str(claim.safety_critical).lower(),
            }
    return values


def record_values(library: Library, record_id: str) -> dict[str, str]:
    """The clinical values of one fact by field, as text."""
    record = library.records[record_id]
    words = {
        name: said
        for name in ("patient", "clinician")
        if isinstance(record, m.Statement)
        and record.kind in m.SAFETY
        and (said := getattr(record, name))
    }
    return {**dict(_fields(record)), **words, "about": library.subject[record_id]}


def trial_values(library: Library, trial_id: str) -> dict[str, str]:
    """What a trial's results rest on: whom it gave what."""
    trial = library.trials[trial_id]
    return {
        "medicine": trial.medicine,
        "population": trial.population,
        **({"phase": trial.phase} if trial.phase else {}),
        "status": trial.status,
        "registration": trial.registration or "",
        **({"compares": ", ".join(trial.compares)} if trial.compares else {}),
    }


def _fields(record: BaseModel, path: str = "") -> Iterator[tuple[str, str]]:
    for name in type(record).model_fields:
        if name in EDITORIAL and not path:
            continue
        yield from _flat(getattr(record, name), f"{path}.{name}" if path else name)


def _flat(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if value is None or value == []:
        return
    if type(value).__name__ == "Quantity":
        yield path, wording.shown(value).replace("\u00a0", " ")
    elif isinstance(value, BaseModel):
        yield from _fields(value, path)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _flat(item, f"{path}.{key}")
    elif isinstance(value, list) and value and isinstance(value[0], BaseModel):
        for index, item in enumerate(value):
            yield from _flat(item, f"{path}[{index}]")
    elif isinstance(value, list):
        yield path, ", ".join(map(str, value))
    else:
        yield path, str(value).lower() if isinstance(value, bool) else str(value)


def read_ledger(root: Path) -> dict[str, dict[str, str]] | None:
    """The values readers were last shown, or None before the first publication."""
    return read_written(root, LEDGER, TypeAdapter(dict[str, dict[str, str]]))


def ledger_bytes(library: Library) -> bytes:
    """The clinical values of the library as a ledger file."""
    return (
        json.dumps(clinical_values(library), ensure_ascii=False, indent=0, sort_keys=True) + "\n"
    ).encode()


def write_ledger(root: Path, library: Library) -> None:
    """Notes what readers are shown from now on."""
    (root / "content" / LEDGER).write_bytes(ledger_bytes(library))


REMOVED = "removed"


def mark_of(values: Mapping[str, str]) -> str:
    """Eight hexadecimal digits that stand for a record's clinical values."""
    return hashlib.sha256(
        json.dumps(dict(values), ensure_ascii=False, sort_keys=True).encode()
    ).hexdigest()[:8]


class Log:
    """The entries of the change log by the differences they explain."""

    def __init__(self, library: Library):
        self._single = {
            (change.record, change.field, change.old, change.new): change
            for change in library.changes
            if change.record
        }
        self._grouped: dict[tuple[str, str], m.Change] = {}
        for change in library.changes:
            for record, mark in change.records.items():
                self._grouped.setdefault((record, mark), change)
        self._now = clinical_values(library) if self._grouped else {}
        self.removed = {change.record for change in library.changes if change.new == REMOVED} | {
            record for record, mark in self._grouped if mark == REMOVED
        }

    def entry(self, difference: Difference) -> m.Change | None:
        """The entry that tells of it; an entry of several records tells only of the values it was
        written for.
        """
        single = self._single.get(
            (difference.record, difference.field, difference.old, difference.new)
        )
        mark = mark_of(self._now[difference.record]) if difference.record in self._now else REMOVED
        return single or self._grouped.get((difference.record, mark))

    def outdated(self, record: str) -> bool:
        """Whether an entry names the record, but with other values than it has now."""
        return any(name == record for name, _ in self._grouped)


def differences(library: Library, published: dict[str, dict[str, str]]) -> list[Difference]:
    """What changed since the last publication; new records are additions and not listed."""
    now, changed = clinical_values(library), []
    for record, before in published.items():
        new, old = now.get(record), in_present_names(library, _in_present_form(before))
        if new is None:
            changed.append(Difference(record, "record", "published", "removed"))
            continue
        for field in sorted({*old, *new}):
            if field in _WORDS and field not in old and not _WORDS & old.keys():
                continue  # published before the words of safety facts were kept
            if old.get(field, "nothing") != new.get(field, "nothing"):
                changed.append(
                    Difference(record, field, old.get(field, "nothing"), new.get(field, "nothing"))
                )
    return changed


_WORDS = {"patient", "clinician"}


_OUTCOME = {"benefit": "good", "harm": "bad"}


def _in_present_form(values: dict[str, str]) -> dict[str, str]:
    """Values as an earlier version of the ledger wrote them, under the names of today."""
    if "direction" in values:
        return {
            **{name: value for name, value in values.items() if name != "direction"},
            "outcome": _OUTCOME[values["direction"]],
        }
    return values


def draft_changes(
    library: Library, published: dict[str, dict[str, str]], today: datetime.date
) -> list[str]:
    """Entries for content/changes.yml, one for each unlogged difference; `what` and `reason` are
    left to write.
    """
    log, entries = Log(library), []
    for change in differences(library, published):
        if log.entry(change):
            continue
        quoted = {
            name: json.dumps(value, ensure_ascii=False) for name, value in vars(change).items()
        }
        entries.append(
            f"  - date: {today.isoformat()}\n    kind: clinical\n    record: {change.record}\n   "
            f" field: {quoted['field']}\n    old: {quoted['old']}\n    new: {quoted['new']}\n   "
            f" what: {TO_DO}\n    reason: {TO_DO}\n"
        )
    return entries


def draft_together(
    library: Library,
    published: dict[str, dict[str, str]],
    today: datetime.date,
    records: Collection[str],
) -> tuple[str, list[str]]:
    """One entry for several records that changed for one reason, and the records that it names.

    It names those of `records` that changed and are not logged; all such records if that is empty.
    """
    log, now = Log(library), clinical_values(library)
    open_ = dict.fromkeys(
        change.record for change in differences(library, published) if not log.entry(change)
    )
    named = [record for record in open_ if not records or record in records]
    lines = "".join(
        f"      {record}: {json.dumps(mark_of(now[record]) if record in now else REMOVED)}\n"
        for record in named
    )
    return (
        (
            f"  - date: {today.isoformat()}\n    kind: clinical\n    records:\n{lines}    what:"
            f" {TO_DO}\n    reason: {TO_DO}\n"
            if named
            else ""
        ),
        named,
    )


def renewed(text: str, library: Library) -> str:
    """The text of a change file with the marks of its newest entries brought up to the values of
    today: those whose record no older line names.
    """
    now = clinical_values(library)
    seen: set[str] = set()

    def renew(match: re.Match[str]) -> str:
        record = match[2]
        if record in seen:
            return match[0]
        seen.add(record)
        return (
            f"{match[1]}{record}: {json.dumps(mark_of(now[record]) if record in now else REMOVED)}"
        )

    return re.sub(r'(?m)^(      )([a-z0-9-]+): "?(?:[0-9a-f]{8}|removed)"?$', renew, text)


def write_draft(root: Path, entries: list[str]) -> None:
    """Puts the entries at the top of content/changes.yml, the newest first; the check then asks for
    their words.
    """
    path = root / "content" / "changes.yml"
    head, mark, rest = path.read_text(encoding="utf-8").partition("changes:\n")
    path.write_text(
        head + mark + "".join(f"{entry}\n" for entry in entries) + rest, encoding="utf-8"
    )
