"""Every patient section has the same section for clinicians, and rests on no fact that the
clinician pages leave out.
"""

from __future__ import annotations

from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.pages.page import Page


def check(guide: Guide) -> Iterator[Problem]:
    """Pages, sections and facts that only one of the two readers is shown."""
    topics: dict[str, dict[str, dict[str, Page]]] = {
        topic: {"patients": {}, "clinicians": {}} for topic in guide.library.topics
    }
    for page in guide.pages:
        if page.track in ("patients", "clinicians"):
            topics[page.topic][page.track][page.path.split("/", 2)[2]] = page
    for tracks in topics.values():
        for track, other in (("patients", "clinicians"), ("clinicians", "patients")):
            for name, page in tracks[track].items():
                twin = tracks[other].get(name)
                if twin is None:
                    # A section of questions that only one reader asks; its switch leads to all
                    # questions of the other.
                    if page.part:
                        continue
                    # A page whose front matter names the other reader's page for the same question.
                    if page.twin and f"{page.twin}.md" in tracks[other]:
                        continue
                    yield Problem(
                        f"docs/topic/{track}/{name}",
                        1,
                        f"has no twin: write docs/topic/{other}/{name}",
                    )
                    continue
                theirs = {anchor for anchor, _ in twin.sections}
                for anchor, heading in page.sections:
                    if anchor not in theirs and not name.startswith("questions"):
                        yield Problem(
                            f"docs/topic/{track}/{name}",
                            1,
                            f"the section '{heading}' {{ #{anchor} }} has no twin in"
                            f" docs/topic/{other}/{name}: add it there",
                        )
        everywhere = {record for page in tracks["clinicians"].values() for record in page.shown}
        for name, page in tracks["patients"].items():
            # Questions are asked by one reader or the other: their facts may stand on any clinician
            # page.
            twin = tracks["clinicians"].get(name)
            known = everywhere if twin is None or name.startswith("questions") else set(twin.shown)
            for record in sorted(page.stated):
                if record not in known:
                    place = guide.library.place[record]
                    yield Problem(
                        place.path,
                        place.line,
                        f"'{record}' stands on the patient page {name} and not on its clinician"
                        " twin: show it there too",
                    )
