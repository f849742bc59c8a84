"""Trials with their results."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from guide.base.text import text
from guide.content import models as m
from guide.content import wording
from guide.view.context import ConditionContext
from guide.view.figures.people import PeopleFigure, figure_people, pictured_result
from guide.view.results import (
    CountsResult,
    PeopleResult,
    counts_result,
    denominator_for,
    people_result,
    results_for_reader,
)
from guide.view.shown import FactGroup, in_groups
from guide.view.statements import statement_shown
from guide.view.trial_groups import trials_in_group


@dataclass(frozen=True)
class PeopleTable:
    """A trial's results for patients: people out of one denominator."""

    trial: Markup
    population: Markup
    denominator: str
    results: tuple[PeopleResult, ...]


@dataclass(frozen=True)
class CountsTable:
    """A trial's results for clinicians: counts, differences and intervals."""

    trial: Markup
    population: Markup
    results: tuple[CountsResult, ...]


@dataclass(frozen=True)
class TrialDesign:
    """How a trial was made, for clinicians; `registration` is its ClinicalTrials.gov number."""

    phase: Markup
    population: Markup
    design: Markup
    status: str
    registration: str = ""


@dataclass(frozen=True, kw_only=True)
class TrialShown:
    """A trial with its results and facts. `record` is the first of them; `picture` shows one result
    of the patients' table.
    """

    id: str
    record: str
    name: Markup
    medicine: Markup
    edit: str
    anchor: str = ""
    design: TrialDesign | None = None
    people: PeopleTable | None = None
    counts: CountsTable | None = None
    picture: PeopleFigure | None = None
    facts: tuple[FactGroup, ...] = ()


@dataclass(frozen=True)
class Trials:
    """The trials of one group. `none`: the guide holds no trial of the group; without it, no trial
    of it has anything that this reader is shown.
    """

    trials: tuple[TrialShown, ...] = ()
    none: bool = False


def trials(page: ConditionContext, group: str) -> Trials:
    """The trials of a group that have something for this reader."""
    members = trials_in_group(page, group)
    shown = (trial_shown(page, trial) for trial in members)
    return Trials(tuple(trial for trial in shown if trial), none=not members)


def trial_shown(page: ConditionContext, trial: m.Trial) -> TrialShown | None:
    """A trial with its results and statements; None where this reader is shown none of them."""
    results = results_for_reader(page, trial.results)
    facts = [shown for record in trial.statements if (shown := statement_shown(page, record.id))]
    if not results and not facts:
        return None
    population = text(page.site.populations[trial.population])
    pictured = pictured_result(page, trial) if page.patient else ""
    return TrialShown(
        id=trial.id,
        record=results[0].id if results else facts[0].id,
        name=text(trial.name),
        medicine=text(page.library.medicines[trial.medicine].name),
        edit=f"trial:{trial.id}",
        anchor=page.anchor_of(f"trial-{trial.id}"),
        design=(
            None
            if page.patient
            else TrialDesign(
                text(trial.phase),
                population,
                text(trial.design),
                trial.status,
                trial.registration or "",
            )
        ),
        people=people_table(page, trial, results) if page.patient and results else None,
        counts=(
            CountsTable(
                text(trial.name),
                population,
                tuple(counts_result(page, result) for result in results),
            )
            if results and not page.patient
            else None
        ),
        picture=figure_people(page, pictured) if pictured else None,
        facts=in_groups(facts),
    )


def people_table(
    page: ConditionContext, trial: m.Trial, results: Iterable[m.Result]
) -> PeopleTable:
    """The table of a trial's results for patients, out of the denominator of all its results."""
    denominator = denominator_for(trial.results)
    return PeopleTable(
        text(trial.name),
        text(page.site.populations[trial.population]),
        wording.shown_number(denominator),
        tuple(people_result(page, result, denominator) for result in results),
    )
