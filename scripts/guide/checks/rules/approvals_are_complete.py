"""Every medicine of a comparison has a cell for every agency, so that a missing approval never
looks like a forgotten one; every therapy, test and programme has one for each body that decides
about its kind.
"""

from __future__ import annotations

from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.content import models as m


def check(guide: Guide) -> Iterator[Problem]:
    """Cells that the matrix lacks, has twice, or has under a body that decides something else."""
    library = guide.library
    for topic in library.topics.values():
        grid = library.comparisons[topic.condition]
        medicines = {topic.medicine} | {
            option.example or option.id for option in grid.options
        } & set(library.medicines)
        for medicine in sorted(medicines):
            yield from _row(guide, library.medicines[medicine], topic.condition)
    for record in library.medicines.values():
        yield from _statuses(guide, record)


def _row(guide: Guide, medicine: m.Medicine, condition: str) -> Iterator[Problem]:
    """Cells for a condition that are missing or stand twice."""
    cells: dict[str, str] = {}
    for index, approval in enumerate(medicine.approvals):
        if approval.condition != condition:
            continue
        if approval.agency in cells:
            yield guide.problem(
                approval.id,
                f"approvals[{index}]: {approval.agency} has a second cell for {condition} (the"
                f" first is '{cells[approval.agency]}'): keep one",
            )
        cells[approval.agency] = approval.id
    missing = [
        agency.id
        for agency in guide.library.site.agencies
        if agency.id not in cells and agency.decides in medicine.decisions
    ]
    if missing:
        yield guide.problem(
            f"medicine:{medicine.id}",
            f"approvals: no cell for {', '.join(missing)} and {condition}: look it up, or write"
            " status 'not known' with the reason",
        )


def _statuses(guide: Guide, medicine: m.Medicine) -> Iterator[Problem]:
    """Cells whose status is not what their body decides."""
    decides = {agency.id: agency.decides for agency in guide.library.site.agencies}
    for approval in medicine.approvals:
        decision = decides.get(approval.agency)
        if decision is None:
            continue  # names-exist says it
        if decision not in medicine.decisions:
            yield guide.problem(
                approval.id,
                f"agency: {approval.agency} decides '{decision}' (content/site.yml), and nobody"
                f" decides that about what is of kind '{medicine.kind}': take the cell out, or"
                " change 'decides' or 'kind'",
                "agency",
            )
        elif m.decides_of(approval.status) not in (decision, None):
            yield guide.problem(
                approval.id,
                f"status: '{approval.status}' is not what {approval.agency} decides"
                f" ('{decision}' in content/site.yml); allowed here:"
                f" {', '.join(m.statuses_of((decision,)))}",
                "status",
            )
