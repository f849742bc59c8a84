"""A trial of a medicine says which phase it is of: it tells how much is known of the medicine
already. Other studies have no phase.
"""

from __future__ import annotations

from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide


def check(guide: Guide) -> Iterator[Problem]:
    """Trials of medicines without a phase."""
    library = guide.library
    for trial in library.trials.values():
        medicine = library.medicines.get(trial.medicine)
        if trial.phase is None and medicine is not None and medicine.is_medicine:
            yield guide.problem(
                f"trial:{trial.id}",
                f"'phase' is missing: the one that '{trial.id}' is registered with, quoted, such as"
                ' "3"; "not stated" where no registry names one',
            )
