"""Every medicine of a comparison has a cell for every agency, so that a missing approval never
looks like a forgotten one.
"""

from __future__ import annotations

from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide


def check(guide: Guide) -> Iterator[Problem]:
    """Cells that the approval matrix lacks or has twice."""
    library = guide.library
    agencies = [agency.id for agency in library.site.agencies]
    for topic in library.topics.values():
        grid = library.comparisons[topic.condition]
        medicines = {topic.medicine} | {
            option.example or option.id for option in grid.options
        } & set(library.medicines)
        for medicine in sorted(medicines):
            cells: dict[str, str] = {}
            for index, approval in enumerate(library.medicines[medicine].approvals):
                if approval.condition != topic.condition:
                    continue
                if approval.agency in cells:
                    yield guide.problem(
                        approval.id,
                        f"approvals[{index}]: {approval.agency} has a second cell for"
                        f" {topic.condition} (the first is '{cells[approval.agency]}'): keep one",
                    )
                cells[approval.agency] = approval.id
            missing = [agency for agency in agencies if agency not in cells]
            if missing:
                yield guide.problem(
                    f"medicine:{medicine}",
                    f"approvals: no cell for {', '.join(missing)} and {topic.condition}: look it"
                    " up, or write status 'not known' with the reason",
                )
