"""An answer is taken in at once: at most forty words, a cell of a table half as many; the facts
stand under it.
"""

from __future__ import annotations

from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.content import models as m
from guide.content import wording

MOST_WORDS, MOST_WORDS_IN_A_CELL = 40, 20


def check(guide: Guide) -> Iterator[Problem]:
    """Answers and cells that are too long, and cells that one reader has no answer in."""
    for owner, answers in guide.library.answers.items():
        for index, answer in enumerate(answers):
            yield from _short(guide, f"answers:{owner}", ("answers", index), answer, MOST_WORDS)
    for owner, comparison in guide.library.comparisons.items():
        for row_index, row in enumerate(comparison.rows):
            for index, cell in enumerate(row.cells):
                key_path = ("rows", row_index, "cells", index)
                yield from _cell(guide, f"comparison:{owner}", key_path, cell)
    for owner, card in guide.library.cards.items():
        for row_index, card_row in enumerate(card.rows):
            for index, card_cell in enumerate(card_row.cells):
                key_path = ("rows", row_index, "cells", index)
                yield from _short(guide, f"card:{owner}", key_path, card_cell, MOST_WORDS_IN_A_CELL)


def _cell(
    guide: Guide, label: str, key_path: tuple[str | int, ...], cell: m.ComparisonCell
) -> Iterator[Problem]:
    yield from _short(guide, label, key_path, cell, MOST_WORDS_IN_A_CELL)
    for field in ("patient", "clinician"):
        if getattr(cell, field) is None:
            yield guide.problem(
                label,
                f"the cell '{cell.option}' has no '{field}': write the answer in at most"
                f" {MOST_WORDS_IN_A_CELL} words",
                *key_path,
            )


def _short(
    guide: Guide,
    label: str,
    key_path: tuple[str | int, ...],
    holder: m.Answer | m.ComparisonCell | m.CardCell,
    most: int,
) -> Iterator[Problem]:
    """A problem for each wording with more words than `most`; a value counts as one word."""
    for field in ("patient", "clinician"):
        words = getattr(holder, field, None)
        if words is None:
            continue
        count = len(wording.CALL.sub("1", words).split())
        if count > most:
            yield guide.problem(
                label,
                f"{field}: {count} words, at most {most}: say the answer, and leave the rest to the"
                " facts under it",
                *key_path,
                field,
            )
