"""Every gap of the guide: where it is written, and whether it stands in a place where nothing may
be left uncovered.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from guide.content import models as m
from guide.content.library import Library

# Kinds of facts in which a guide may not leave a gap of its own: doses, risks, tests, pregnancy,
# interactions.
SAFETY_KINDS = m.SAFETY | {"dosing", "renal", "monitoring", "adverse-reaction"}


class WrittenGap(NamedTuple):
    """A gap with the label of its file or record (see `Library.place`), the keys that lead to it,
    and its place among the subjects.
    """

    label: str
    where: tuple[Any, ...]
    gap: m.Gap
    safety: bool


def each_gap(library: Library) -> Iterator[WrittenGap]:
    """Every gap of the library, in the order of its shelves."""
    for record in library.records.values():
        if isinstance(record, m.Approval) and record.gap:
            yield WrittenGap(record.id, ("gap",), record.gap, False)
    for topic, questions in library.questions.items():
        for index, question in enumerate(questions):
            if question.gap:
                yield WrittenGap(
                    f"faq:{topic}",
                    ("questions", index, "gap"),
                    question.gap,
                    question.section in library.site.safety_sections,
                )
    for condition, grid in library.comparisons.items():
        for row_index, row in enumerate(grid.rows):
            for cell_index, cell in enumerate(row.cells):
                if cell.gap:
                    yield WrittenGap(
                        f"comparison:{condition}",
                        ("rows", row_index, "cells", cell_index, "gap"),
                        cell.gap,
                        row.safety,
                    )
    for medicine, schedule in library.schedules.items():
        for index, test in enumerate(schedule.rows):
            if test.gap:
                yield WrittenGap(f"schedule:{medicine}", ("rows", index, "gap"), test.gap, True)
    for topic in library.topics.values():
        for kind, gap in topic.gaps.items():
            yield WrittenGap(f"topic:{topic.id}", ("gaps", kind), gap, kind in SAFETY_KINDS)
