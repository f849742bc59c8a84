"""Every patient section has the same section for clinicians, and rests on no fact that the
clinician pages leave out.
"""

from __future__ import annotations

from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.pages.page import Page

# The frame gives a page its list of sources; whether it has one follows from what it cites.
_FRAME = {"sources"}

# The pages of a topic or a condition by track, then by their path below it.
_Tracks = dict[str, dict[str, Page]]


def check(guide: Guide) -> Iterator[Problem]:
    """Pages, sections and facts that only one of the two readers is shown."""
    owners: dict[str, _Tracks] = {}
    folders: dict[str, str] = {}
    for page in guide.pages:
        if page.track in ("patients", "clinicians"):
            tracks = owners.setdefault(page.owner, {"patients": {}, "clinicians": {}})
            tracks[page.track][page.path.split("/", 2)[2]] = page
            folders[page.owner] = "docs/topic" if page.topic else "docs/condition"
    for owner, tracks in owners.items():
        yield from _pages(folders[owner], tracks, "patients", "clinicians")
        yield from _pages(folders[owner], tracks, "clinicians", "patients")
        yield from _facts(guide, tracks)


def _pages(folder: str, tracks: _Tracks, track: str, other: str) -> Iterator[Problem]:
    """Pages and sections of one track that the other lacks."""
    for name, page in tracks[track].items():
        path = f"{folder}/{track}/{name}"
        counterpart = tracks[other].get(name)
        if counterpart is None:
            # A section of questions that only one reader asks has none: its link leads to all
            # questions of the other. Or the front matter names the other reader's page.
            if not page.part and f"{page.counterpart}.md" not in tracks[other]:
                yield Problem(path, 1, f"has no counterpart: write {folder}/{other}/{name}")
            continue
        theirs = _FRAME | {anchor for anchor, _ in counterpart.sections}
        for anchor, heading in page.sections:
            if anchor not in theirs and not name.startswith("questions"):
                yield Problem(
                    path,
                    1,
                    f"the section '{heading}' {{ #{anchor} }} has no counterpart in"
                    f" {folder}/{other}/{name}: add it there",
                )


def _facts(guide: Guide, tracks: _Tracks) -> Iterator[Problem]:
    """Facts of a patient page that its counterpart does not show."""
    everywhere = {record for page in tracks["clinicians"].values() for record in page.shown}
    for name, page in tracks["patients"].items():
        # Questions are asked by one reader or the other: their facts may stand on any clinician
        # page.
        counterpart = tracks["clinicians"].get(name)
        known = everywhere
        if counterpart is not None and not name.startswith("questions"):
            known = set(counterpart.shown)
        for record in sorted(page.stated):
            if record not in known:
                place = guide.library.place[record]
                yield Problem(
                    place.path,
                    place.line,
                    f"'{record}' stands on the patient page {name} and not on its clinician"
                    " counterpart: show it there too",
                )
