"""The groups that trials stand in."""

from __future__ import annotations

from collections.abc import Iterable

from guide.base.problem import require_one_of
from guide.content import models as m
from guide.view.approvals import is_same_class
from guide.view.context import ConditionContext, Context
from guide.view.shown import TrialGroup


def trials_in_group(page: ConditionContext, group: str) -> list[m.Trial]:
    """Trials by what they say about the topic.

    "direct": its medicine in its condition; "class": its class in its condition or disease
    family; "indirect": its medicine elsewhere; "comparators": other classes in its condition;
    "class-safety": its class in another disease. Raises CallError for any other group.
    """
    require_one_of(group, TrialGroup, "a group of trials")
    family = {*page.condition.populations, *page.condition.related_populations}

    def group_of(trial: m.Trial) -> str:
        in_family = trial.population in family
        if page.medicine_id in trial.medicines:
            return "direct" if in_family else "indirect"
        if any(is_same_class(page, page.library.medicines[key]) for key in trial.medicines):
            return "class" if in_family else "class-safety"
        return "comparators" if in_family else "elsewhere"

    library = page.library
    medicines = {page.medicine_id, *library.members_by_class.get(page.class_id or "", ())}
    candidates = {
        key for medicine in medicines for key in library.trials_by_medicine.get(medicine, ())
    }.union(*(library.trials_by_population.get(people, ()) for people in family))
    return [trial for trial in trials_named(page, candidates) if group_of(trial) == group]


def medicines_given(trial: m.Trial) -> set[str]:
    """The medicines that a trial gave in any of its arms."""
    arms = (arm for result in trial.results for arm in result.arms)
    return {trial.medicine, *(arm.medicine for arm in arms if arm.medicine)}


def tested_others(page: ConditionContext, group: str) -> bool:
    """Whether there are trials of a group, and none of them gave anyone the page's medicine."""
    trials = trials_in_group(page, group)
    return bool(trials) and all(page.medicine_id not in medicines_given(one) for one in trials)


def trials_named(page: Context, ids: Iterable[str]) -> list[m.Trial]:
    """Trials in the order of their files."""
    return [page.library.trials[key] for key in sorted(ids, key=lambda key: f"{key}.yml")]
