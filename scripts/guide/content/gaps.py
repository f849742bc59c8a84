"""Every gap of the guide: where it is written, and whether it stands in a place where nothing may
be left uncovered.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from guide.content import models as m
from guide.content.key_path import KeyPath
from guide.content.library import Library

# Kinds of facts in which a guide may not leave a gap of its own: doses, risks, tests, pregnancy,
# interactions.
SAFETY_KINDS = m.SAFETY | {"dosing", "renal", "monitoring", "adverse-reaction"}


class WrittenGap(NamedTuple):
    """A gap with the label of its file or record (see `Library.place`) and its key path there.

    `safety` says that it stands where a guide may leave nothing uncovered.
    """

    label: str
    key_path: KeyPath
    gap: m.Gap
    safety: bool


def each_gap(library: Library) -> Iterator[WrittenGap]:
    """Every gap of the library: of approvals, questions, comparisons, schedules and topics."""
    for record in library.records.values():
        if isinstance(record, m.Approval) and record.gap:
            yield WrittenGap(record.id, ("gap",), record.gap, False)
    yield from _question_gaps(library)
    yield from _comparison_gaps(library)
    for medicine, schedule in library.schedules.items():
        for index, test in enumerate(schedule.rows):
            if test.gap:
                yield WrittenGap(f"schedule:{medicine}", ("rows", index, "gap"), test.gap, True)
    for topic in library.topics.values():
        for kind, gap in topic.gaps.items():
            yield WrittenGap(f"topic:{topic.id}", ("gaps", kind), gap, kind in SAFETY_KINDS)


def _question_gaps(library: Library) -> Iterator[WrittenGap]:
    for topic, questions in library.questions.items():
        for index, question in enumerate(questions):
            if question.gap:
                safety = question.section in library.site.safety_sections
                keys = ("questions", index, "gap")
                yield WrittenGap(f"faq:{topic}", keys, question.gap, safety)


def _comparison_gaps(library: Library) -> Iterator[WrittenGap]:
    for condition, comparison in library.comparisons.items():
        for row_index, row in enumerate(comparison.rows):
            for cell_index, cell in enumerate(row.cells):
                if cell.gap:
                    keys = ("rows", row_index, "cells", cell_index, "gap")
                    yield WrittenGap(f"comparison:{condition}", keys, cell.gap, row.safety)
