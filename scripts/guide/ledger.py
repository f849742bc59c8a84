"""What readers were last shown, so that no number, dose, approval or verdict changes in silence.

`content/ledger.json` holds the clinical values of every record as of the last publication. A
difference between it and the content must stand in `content/changes.yml`; a publication then
writes the ledger anew.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from . import wording
from .library import LEDGER, TO_DO, Library

# Words around the facts: rewording them is editorial. All other fields are clinical.
EDITORIAL = {"id", "patient", "clinician", "clinician_only", "note", "proof", "locator", "bears_on", "group", "reason", "not_rated", "why", "claim", "section", "design", "name", "checked"}


# The same values beside the pages of a site: what its readers are shown.
SHOWN = "published.json"


@dataclass(frozen=True)
class Difference:
    """One clinical value that is not what readers were last shown. `old` or `new` is "" for a whole record."""

    record: str
    field: str
    old: str
    new: str


def clinical_values(library: Library) -> dict[str, dict[str, str]]:
    """Every clinical value by record and field, as text: `{"dose-us-ra": {"values.dose": "2 mg", …}}`.

    Trials and claims are records here too, as `trial:<id>` and by their own id.
    """
    found = {key: record_values(library, key) for key in library.records}
    for key in library.trials:
        found[f"trial-{key}"] = trial_values(library, key)
    for file in library.claims.values():
        for claim in file.claims:
            found[claim.id] = {"verdict": claim.verdict, "facts": ", ".join(claim.facts), "safety_critical": str(claim.safety_critical).lower()}
    return found


def record_values(library: Library, record_id: str) -> dict[str, str]:
    """The clinical values of one fact by field, as text."""
    return {**dict(_fields(library.records[record_id])), "about": library.subject[record_id]}


def trial_values(library: Library, trial_id: str) -> dict[str, str]:
    """What a trial's results rest on: whom it gave what."""
    trial = library.trials[trial_id]
    return {"medicine": trial.medicine, "population": trial.population, "phase": trial.phase, "status": trial.status, "registration": trial.registration or ""}


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
    path = root / "content" / LEDGER
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def ledger_bytes(library: Library) -> bytes:
    """The clinical values of the library as a ledger file."""
    return (json.dumps(clinical_values(library), ensure_ascii=False, indent=0, sort_keys=True) + "\n").encode()


def write_ledger(root: Path, library: Library) -> None:
    """Notes what readers are shown from now on."""
    (root / "content" / LEDGER).write_bytes(ledger_bytes(library))


def differences(library: Library, published: dict[str, dict[str, str]]) -> list[Difference]:
    """What changed since the last publication; new records are additions and not listed."""
    now, found = clinical_values(library), []
    for record, old in published.items():
        new = now.get(record)
        if new is None:
            found.append(Difference(record, "record", "published", "removed"))
            continue
        for field in sorted({*old, *new}):
            if old.get(field, "nothing") != new.get(field, "nothing"):
                found.append(Difference(record, field, old.get(field, "nothing"), new.get(field, "nothing")))
    return found


def draft_changes(library: Library, published: dict[str, dict[str, str]], today: datetime.date) -> list[str]:
    """Entries for content/changes.yml, one for each unlogged difference; `what` and `reason` are left to write."""
    logged = {(change.record, change.field, change.old, change.new) for change in library.changes}
    entries = []
    for change in differences(library, published):
        if (change.record, change.field, change.old, change.new) in logged:
            continue
        quoted = {name: json.dumps(value, ensure_ascii=False) for name, value in vars(change).items()}
        entries.append(f"  - date: {today.isoformat()}\n    kind: clinical\n    record: {change.record}\n    field: {quoted['field']}\n"
                       f"    old: {quoted['old']}\n    new: {quoted['new']}\n    what: {TO_DO}\n    reason: {TO_DO}\n")
    return entries


def write_draft(root: Path, entries: list[str]) -> None:
    """Puts the entries at the top of content/changes.yml, the newest first; the check then asks for their words."""
    path = root / "content" / "changes.yml"
    head, mark, rest = path.read_text(encoding="utf-8").partition("changes:\n")
    path.write_text(head + mark + "".join(f"{entry}\n" for entry in entries) + rest, encoding="utf-8")
