"""What readers would see change."""

from __future__ import annotations

import re
from collections.abc import Sequence

from guide.content.ledger import Difference, Log, clinical_values
from guide.publish.gates import GROUPS
from guide.publish.state import LEDGER_PATH, Candidate, Facts
from guide.publish.workshop import Workshop

# Fields that say what a new or removed record is.
TELLING = re.compile(
    r"^(status|date|verdict|agency|condition|kind|jurisdiction|population|endpoint|week|values\..+|arms\[\d+\]\.(arm|dose|n|responders|percent))$"
)


def fact_changes(old: Facts, new: Facts, log: Log) -> list[str]:
    """Lines that say, group by group, which fact reads how before and after, with the reason from
    the change log.
    """
    groups: dict[str, list[str]] = {name: [] for name, _ in GROUPS}
    for record in sorted(old.keys() | new.keys()):
        before, after = old.get(record), new.get(record)
        if before == after:
            continue
        fact = after or before or {}
        lines = groups[next(name for name, belongs in GROUPS if belongs(fact))]
        what = ", ".join(
            fact[name]
            for name in ("kind", "agency", "endpoint", "jurisdiction", "population")
            if name in fact
        )
        lines.append(
            f"  {record}{f' ({what})' if what else ''}"
            + (": new" if before is None else ": REMOVED" if after is None else "")
        )
        if before is None or after is None:
            lines += [
                f"    {name}: {value}"
                for name, value in sorted(fact.items())
                if TELLING.match(name)
            ]
            continue
        for name in sorted(before.keys() | after.keys()):
            one, other = before.get(name, "nothing"), after.get(name, "nothing")
            if one != other:
                entry = log.entry(Difference(record, name, one, other))
                reason = entry.reason if entry else ""
                lines += [
                    f"    {name}: {one} -> {other}",
                    f"      {f'why: {reason}' if reason else 'NOT LOGGED in content/changes.yml'}",
                ]
    return [line for name, lines in groups.items() if lines for line in (f"{name}:", *lines)]


def page_changes(names: Sequence[tuple[str, str]], listed: int = 40) -> list[str]:
    """Lines about pages from git's (status, path) pairs of the two sites."""
    kinds = {"A": "new", "D": "REMOVED", "M": "changed"}
    found: dict[str, list[str]] = {kind: [] for kind in kinds}
    for status, path in names:
        if path.endswith(".html"):
            found[status if status in kinds else "M"].append(
                path.removesuffix("index.html") or "(the first page)"
            )
    lines = []
    for status, paths in found.items():
        # What is gone is always named; of a new theme's thousand changed pages a few will do.
        some = paths if status == "D" else paths[:listed]
        lines += [f"  {kinds[status]}: {path}" for path in some] + (
            [f"  … and {len(paths) - len(some)} more {kinds[status]}"]
            if some and len(paths) > len(some)
            else []
        )
    if not any(found.values()):
        return ["Pages: none changes."]
    return [
        f"Pages: {len(found['A'])} new, {len(found['M'])} changed, {len(found['D'])} removed.",
        *lines,
    ]


def what_changes(candidate: Candidate, workshop: Workshop) -> str:
    """What readers would see change, as text."""
    lines = []
    new = clinical_values(candidate.library) if candidate.library else None
    published = candidate.published
    if published is None:
        lines.append(
            f"Nothing is published yet on '{workshop.pages}' of '{candidate.remote.name}': readers"
            " would see everything for the first time."
        )
        if new is not None:
            lines.append(
                f"Facts: {len(new)}." if candidate.shown is not None else f"Facts: {len(new)} new."
            )
        if candidate.shown is not None:
            # The guide was shown from elsewhere before, or its published branch is gone: the ledger
            # still says what with.
            lines.append(f"Against {LEDGER_PATH}, which says what readers were last shown:")
    else:
        lines.append(
            f"Against what readers are shown now ({published.tag or 'published without a tag'},"
            f" {published.commit[:10]}):"
        )
    if new is not None and candidate.shown is not None:
        lines += fact_changes(candidate.shown, new, Log(candidate.library)) or [
            "Numbers, approvals, doses: none changes."
        ]
    if workshop.site_commit:
        lines += page_changes(
            workshop.files_changed(published.commit if published else None),
            listed=40 if published else 0,
        )
    else:
        lines.append("Pages: not compared, because the site could not be built.")
    return "\n".join(lines)
