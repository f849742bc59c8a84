"""Paper that can be checked: each handout carries the code of the values it prints, and every
published code is kept.

The code is a hash of the clinical values of the facts on the sheet, so that a reworded sentence
leaves it as it is, unless readers act on it (`models.SAFETY`), and a changed dose does not.
`content/versions.json` holds the published versions with their values; the address printed on the
sheet leads to a page that compares them with today's.
"""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

from guide.content import models as m
from guide.content.layout import VERSIONS
from guide.content.ledger import record_values, trial_values
from guide.content.library import Library
from guide.content.moved_topics import former_ids, in_present_names
from guide.content.names import Track
from guide.content.printed_versions import Values, Version, code_of, handouts, newest_version
from guide.view.context import TopicContext
from guide.view.handout_parts import records_of
from guide.view.page_context import page_context


def current(library: Library, topic: str, track: Track) -> Version:
    """The handout as the content makes it today. A code that was published keeps the date it was
    published with.
    """
    page = page_context(library, track, library.topics[topic], "handout", datetime.date.min)
    assert isinstance(page, TopicContext), "a page of a topic"
    records = records_of(page)
    values: Values = {key: record_values(library, key) for key in records}
    for result in (library.records[key] for key in records):
        if isinstance(result, m.Result):
            trial = library.subject[result.id]
            values[f"trial-{trial}"] = trial_values(library, trial)
    code = code_of(topic, track, values)
    known = next(
        (
            printed
            for printed in reversed(library.versions.get(f"{topic}/{track}", ()))
            if printed.code == code
        ),
        None,
    )
    return Version(code, known.date if known else newest_version(library, topic, records), values)


def versions_bytes(library: Library) -> tuple[bytes, int]:
    """The ledger of versions with each handout added whose code is new, and how many those are.
    Nothing is ever taken out.
    """
    file: dict[str, list[Any]] = {
        key: [json.loads(printed.model_dump_json()) for printed in versions]
        for key, versions in library.versions.items()
    }
    added = 0
    for topic, track in handouts(library):
        now = current(library, topic, track)
        known = file.setdefault(f"{topic}/{track}", [])
        if not known or known[-1]["code"] != now.code:
            known.append(
                {
                    "code": now.code,
                    "date": now.date.isoformat(),
                    "after": known[-1]["code"] if known else None,
                    "values": now.values,
                }
            )
            added += 1
    return (json.dumps(file, ensure_ascii=False, indent=0, sort_keys=True) + "\n").encode(), added


def write_versions(root: Path, library: Library) -> int:
    """Notes in `content/versions.json` which sheets readers may print from now on; returns how many
    are new.
    """
    data, added = versions_bytes(library)
    (root / "content" / VERSIONS).write_bytes(data)
    return added


def published_versions(library: Library, topic: str, track: Track) -> list[Version]:
    """Every version of a handout that readers may hold, newest first, each code once, today's first
    of all; with those from before the topic was renamed.
    """
    now = current(library, topic, track)
    versions = {now.code: now}
    for id_ in (topic, *former_ids(library, topic)):
        for printed in reversed(library.versions.get(f"{id_}/{track}", ())):
            values = {
                record: in_present_names(library, fields)
                for record, fields in printed.values.items()
            }
            versions.setdefault(printed.code, Version(printed.code, printed.date, values))
    return list(versions.values())
