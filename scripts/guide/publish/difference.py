"""What readers would see change, as lines of text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from guide.content.ledger import Difference, Log, clinical_values
from guide.publish.kept import has_bytes_in_name
from guide.publish.state import LEDGER_PATH, Candidate, Facts, Published
from guide.publish.workshop import Workshop

Fact = dict[str, str]

_DOSES_AND_LIMITS = {
    "dosing",
    "renal",
    "monitoring",
    "stopping-rule",
    "interactions",
    "contraindication",
}

# The heading a fact is listed under, by its fields; the first match counts.
GROUPS: tuple[tuple[str, Callable[[Fact], bool]], ...] = (
    ("Approvals", lambda fact: "agency" in fact),
    ("Doses and limits", lambda fact: fact.get("kind") in _DOSES_AND_LIMITS),
    (
        "Results of trials",
        lambda fact: any(name.startswith(("arms[", "accuracy.")) for name in fact),
    ),
    ("Verdicts", lambda fact: "verdict" in fact),
    ("Other facts", lambda fact: True),
)

# Fields that name a record in the heading of its changes.
_NAMING_FIELDS = ("kind", "agency", "endpoint", "jurisdiction", "population")

# Fields that describe a new or removed record.
_DESCRIBING_FIELDS = re.compile(
    r"^(?:status|date|verdict|agency|condition|kind|jurisdiction|population|endpoint|week"
    r"|values\..+|arms\[\d+\]\.(?:arm|dose|n|responders|percent|events|person_time|rate|mean|median)"
    r"|accuracy\..+|effect(?:\[\d+\])?\.(?:measure|value|low|high)|non_inferiority\..+)$"
)

_STATUSES = {"A": "new", "D": "REMOVED", "M": "changed"}


def fact_changes(old: Facts, new: Facts, log: Log) -> list[str]:
    """One line a changed field with its old and new value, grouped by the kind of fact.

    The reason from the change log stands below each.
    """
    groups: dict[str, list[str]] = {name: [] for name, _ in GROUPS}
    for record in sorted(old.keys() | new.keys()):
        before, after = old.get(record), new.get(record)
        if before == after:
            continue
        group = next(name for name, matches in GROUPS if matches(after or before or {}))
        groups[group] += _record_changes(record, before, after, log)
    return [line for name, lines in groups.items() if lines for line in (f"{name}:", *lines)]


def _record_changes(record: str, before: Fact | None, after: Fact | None, log: Log) -> list[str]:
    """The lines of one record; `before` is None for a new one, `after` for a removed one."""
    fact = after or before or {}
    description = ", ".join(fact[name] for name in _NAMING_FIELDS if name in fact)
    heading = f"  {record}{f' ({description})' if description else ''}"
    if before is None or after is None:
        return [
            f"{heading}: {'new' if before is None else 'REMOVED'}",
            *(
                f"    {name}: {value}"
                for name, value in sorted(fact.items())
                if _DESCRIBING_FIELDS.match(name)
            ),
        ]
    lines = [heading]
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name, "nothing"), after.get(name, "nothing")
        if old == new:
            continue
        entry = log.entry(Difference(record, name, old, new))
        reason = entry.reason if entry else ""
        lines += [
            f"    {name}: {old} -> {new}",
            f"      {f'why: {reason}' if reason else 'NOT LOGGED in content/changes.yml'}",
        ]
    return lines


def page_changes(files: Sequence[tuple[str, str]], limit: int = 40) -> list[str]:
    """Lines about pages from git's (status, path) pairs of the two sites.

    At most `limit` new and `limit` changed pages are named; removed pages all are.
    """
    pages: dict[str, list[str]] = {status: [] for status in _STATUSES}
    for status, path in files:
        if path.endswith(".html"):
            pages[status if status in pages else "M"].append(
                path.removesuffix("index.html") or "(the first page)"
            )
    if not any(pages.values()):
        return ["Pages: none changes."]
    lines = [f"Pages: {len(pages['A'])} new, {len(pages['M'])} changed, {len(pages['D'])} removed."]
    for status, paths in pages.items():
        named = paths if status == "D" else paths[:limit]
        lines += [f"  {_STATUSES[status]}: {path}" for path in named]
        if named and len(paths) > len(named):
            lines.append(f"  … and {len(paths) - len(named)} more {_STATUSES[status]}")
    return lines


def file_changes(files: Sequence[tuple[str, str]]) -> list[str]:
    """Lines about what is no page, from git's (status, path) pairs of the two sites.

    The files at the top, which hosts and programs look for, are named, and all that are removed but
    those that go because their bytes have changed.
    """
    counts, named = dict.fromkeys(_STATUSES, 0), []
    for status, path in files:
        if path.endswith(".html"):
            continue
        kind = status if status in counts else "M"
        counts[kind] += 1
        if (kind == "D" and not has_bytes_in_name(path)) or (
            kind != "D" and path.removeprefix(".well-known/").count("/") == 0
        ):
            named.append(f"  {_STATUSES[kind]}: {path}")
    if not any(counts.values()):
        return []
    return [
        f"Other files: {counts['A']} new, {counts['M']} changed, {counts['D']} removed.",
        *named,
    ]


def what_changes(candidate: Candidate, workshop: Workshop) -> str:
    """What readers would see change, as text. Raises GitError when git fails."""
    published = candidate.published
    lines = (
        _first_time(candidate, workshop.pages)
        if published is None
        else [
            f"Against what readers are shown now ({published.tag or 'published without a tag'},"
            f" {published.commit[:10]}):"
        ]
    )
    if candidate.library is not None and candidate.shown is not None:
        lines += fact_changes(
            candidate.shown, clinical_values(candidate.library), Log(candidate.library)
        ) or ["Numbers, approvals, doses: none changes."]
    return "\n".join([*lines, *_page_lines(workshop, published)])


def _first_time(candidate: Candidate, pages: str) -> list[str]:
    """The lines on top where the published branch does not exist."""
    lines = [
        f"Nothing is published yet on '{pages}' of '{candidate.remote.name}': readers would see"
        " everything for the first time."
    ]
    has_ledger = candidate.shown is not None
    if candidate.library is not None:
        count = len(clinical_values(candidate.library))
        lines.append(f"Facts: {count}." if has_ledger else f"Facts: {count} new.")
    if has_ledger:
        # The guide was published elsewhere before, or its published branch is gone.
        lines.append(f"Against {LEDGER_PATH}, which says what readers were last shown:")
    return lines


def _page_lines(workshop: Workshop, published: Published | None) -> list[str]:
    if not workshop.site_commit:
        return ["Pages: not compared, because the site could not be built."]
    if published is None:
        return page_changes(workshop.files_changed(None), limit=0)
    files = workshop.files_changed(published.commit)
    return [*page_changes(files), *file_changes(files)]
