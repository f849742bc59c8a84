"""An answer is as true as the facts it rests on: where one has changed since, somebody reads the
answer again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.content import models as m
from guide.content import wording


def check(guide: Guide) -> Iterator[Problem]:
    """Answers with a fact whose change was logged after the day they were checked; and answers,
    cells of a comparison and of a card that call a value of a fact they do not name.
    """
    library = guide.library
    for owner, answers in library.answers.items():
        for index, answer in enumerate(answers):
            label, key_path = f"answers:{owner}", ("answers", index)
            for fact in answer.facts:
                days = [change.date for change in library.changes_by_record.get(fact, ())]
                if days and max(days) > answer.checked:
                    yield guide.problem(
                        label,
                        f"the answer to '{answer.key}' was checked on {answer.checked}, and"
                        f" '{fact}', which it rests on, changed on {max(days)}: read it again"
                        " beside its facts, then write that day in 'checked'",
                        *key_path,
                        "checked",
                    )
            yield from _calls(guide, label, key_path, answer, answer.facts, "'facts'")
    for owner, comparison in library.comparisons.items():
        for row_index, row in enumerate(comparison.rows):
            for index, cell in enumerate(row.cells):
                place = ("rows", row_index, "cells", index)
                keys = [*cell.statements, *cell.results]
                names = "'statements' or 'results'"
                yield from _calls(guide, f"comparison:{owner}", place, cell, keys, names)
    for owner, card in library.cards.items():
        for row_index, card_row in enumerate(card.rows):
            for index, rule in enumerate(card_row.cells):
                place = ("rows", row_index, "cells", index)
                yield from _calls(guide, f"card:{owner}", place, rule, rule.facts, "'facts'")


def _calls(
    guide: Guide,
    label: str,
    key_path: tuple[str | int, ...],
    holder: m.Answer | m.ComparisonCell | m.CardCell,
    facts: Sequence[str],
    names: str,
) -> Iterator[Problem]:
    """Values that a wording calls from a fact which its answer does not name in `names`."""
    for field in ("patient", "clinician"):
        for called, _ in wording.calls(getattr(holder, field, None) or ""):
            if called is not None and called not in facts:
                yield guide.problem(
                    label,
                    f"{field}: calls a value of '{called}', which is not in {names}: add it there",
                    *key_path,
                    field,
                )
