"""A trial's first arm is the medicine the trial is filed under, so that no trial can be credited to
another medicine.
"""

from __future__ import annotations

from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide


def check(guide: Guide) -> Iterator[Problem]:
    """Trials without an arm of their medicine."""
    for trial in guide.library.trials.values():
        tested = guide.library.medicines.get(trial.medicine)
        label = f"trial:{trial.id}"
        for index, result in enumerate(trial.results):
            first = result.arms[0].medicine
            if first != trial.medicine:
                yield guide.problem(
                    label,
                    f"results[{index}].arms[0]: the first arm's medicine is"
                    f" '{first or 'not given'}', but the trial is filed under '{trial.medicine}': a"
                    " trial is evidence for the medicine it tested",
                    "results",
                    index,
                )
        words = " ".join(
            wording
            for statement in trial.statements
            for wording in (statement.clinician, statement.patient or "")
        ).lower()
        if (
            trial.statements
            and tested
            and not trial.results
            and not any(name.lower() in words for name in [tested.name, *tested.brands])
        ):
            place = guide.library.place[label]
            yield Problem(
                place.path,
                guide.library.line(place.path, "medicine"),
                f"medicine: no statement of the trial names '{tested.name}': file the trial under"
                " the medicine it tested",
            )
