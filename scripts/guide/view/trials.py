"""Trials and the groups they stand in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from guide.base.problem import require_one_of
from guide.base.text import text
from guide.content import models as m
from guide.content import wording
from guide.view.approvals import is_same_class
from guide.view.context import Context, TopicContext
from guide.view.results import denominator_for, result_shown
from guide.view.shown import TrialGroup
from guide.view.statements import statement_shown


def trials_in_group(page: TopicContext, group: str) -> list[m.Trial]:
    """Trials by what they say about the topic.

    "direct": its medicine in its condition; "class": its class in its condition or disease
    family; "indirect": its medicine elsewhere; "comparators": other classes in its condition;
    "class-safety": its class in another disease. Raises CallError for any other group.
    """
    require_one_of(group, TrialGroup, "a group of trials")
    family = {*page.condition.populations, *page.condition.related_populations}

    def group_of(trial: m.Trial) -> str:
        at_home = trial.population in family
        if trial.medicine == page.topic.medicine:
            return "direct" if at_home else "indirect"
        if is_same_class(page, page.library.medicines[trial.medicine]):
            return "class" if at_home else "class-safety"
        return "comparators" if at_home else "elsewhere"

    library = page.library
    kin = {page.topic.medicine, *library.members_by_class.get(page.medicine.class_ or "", ())}
    near = {key for medicine in kin for key in library.trials_by_medicine.get(medicine, ())}.union(
        *(library.trials_by_population.get(people, ()) for people in family)
    )
    return [trial for trial in trials_named(page, near) if group_of(trial) == group]


def trials_named(page: Context, ids: Iterable[str]) -> list[m.Trial]:
    """Trials in the order of their files."""
    return [page.library.trials[key] for key in sorted(ids, key=lambda key: f"{key}.yml")]


def trial_shown(page: TopicContext, trial_id: str) -> dict[str, Any]:
    """A trial with its results and statements, for the trial component."""
    trial = page.library.trials[trial_id]
    medicine = page.library.medicines[trial.medicine]
    denominator = denominator_for(page, trial.results)
    return {
        "id": trial.id,
        "anchor": page.anchor_of(f"trial-{trial.id}"),
        "name": text(trial.name),
        "registration": trial.registration or "",
        "medicine": text(medicine.name),
        "population": text(page.site.populations[trial.population]),
        "phase": text(trial.phase),
        "design": text(trial.design),
        "status": trial.status,
        "own": (
            trial.medicine == page.topic.medicine and trial.population in page.condition.populations
        ),
        "denominator": wording.shown_number(denominator),
        "results": [
            shown
            for result in trial.results
            if (shown := result_shown(page, result.id, denominator=denominator))
        ],
        "statements": [
            shown for record in trial.statements if (shown := statement_shown(page, record.id))
        ],
    }
