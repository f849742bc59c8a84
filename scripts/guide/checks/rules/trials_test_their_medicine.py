"""A trial's first arm is the medicine the trial is filed under, so that no trial can be credited to
another medicine.

The others of a head-to-head trial have arms, too.
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
            if not result.arms:
                continue
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
        given = {arm.medicine for result in trial.results for arm in result.arms}
        for index, other in enumerate(trial.compares):
            if trial.results and other not in given:
                yield guide.problem(
                    label,
                    f"compares[{index}]: no arm of the trial has the medicine '{other}': name it"
                    " there, or leave it out here",
                    "compares",
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
