"""No number, dose, approval, source or verdict changes in silence: each difference to what readers
were last shown stands in the change log, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guide.base.command_line import typed
from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.content.ledger import Log, differences, read_ledger


def check(guide: Guide) -> Iterator[Problem]:
    """Values that differ from what was published and are not in the change log."""
    published = read_ledger(guide.root)
    if published is not None:
        yield from unlogged(guide, published)


def unlogged(guide: Guide, published: dict[str, dict[str, str]]) -> Iterator[Problem]:
    """A problem for each difference to the values readers were last shown that the change log does
    not hold.
    """
    log = Log(guide.library)
    for change in differences(guide.library, published):
        if log.entry(change):
            continue
        repair = (
            "the entry of content/changes.yml that names it was written for other values: look at"
            f" it again, then {typed('draft-changes --renew')}"
            if log.outdated(change.record)
            else (
                f"put it back, or log it in content/changes.yml ({typed('draft-changes')} begins"
                " the entry)"
            )
        )
        message = (
            f"{change.record}: {change.field} was '{change.old}' when last published and is"
            f" '{change.new}': {repair}"
        )
        if change.record in guide.library.place:
            key_path = tuple(
                int(part) if part.isdigit() else part
                for part in re.findall(r"[^.\[\]]+", change.field)
            )
            yield guide.problem(change.record, message, *key_path)
        elif (
            change.record.startswith("trial-")
            and f"trial:{change.record[6:]}" in guide.library.place
        ):
            place = guide.library.place[f"trial:{change.record[6:]}"]
            yield Problem(
                place.path, guide.library.line(place.path, change.field) or place.line, message
            )
        else:
            claim = next(
                (
                    (topic, index)
                    for topic, file in guide.library.claims.items()
                    for index, claim in enumerate(file.claims)
                    if claim.id == change.record
                ),
                None,
            )
            if claim:
                yield guide.problem(f"claims:{claim[0]}", message, "claims", claim[1], change.field)
            else:
                yield Problem("content/changes.yml", 0, message)
