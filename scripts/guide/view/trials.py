"""Trials with their results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from guide.base.language import gettext as _
from guide.base.text import relative, sentence, text, words_join
from guide.content import models as m
from guide.content import wording
from guide.content.values import shown_time
from guide.view.context import ConditionContext
from guide.view.figures.people import PeopleFigure, figure_people, pictured_result
from guide.view.registrations import Registration, registration_shown
from guide.view.result_shown import (
    CountsResult,
    PeopleResult,
)
from guide.view.results import (
    counts_result,
    denominator_for,
    people_phrase,
    people_result,
    population_name,
    results_for_reader,
    tests_medicine,
)
from guide.view.shown import FactGroup, in_groups
from guide.view.statements import statement_shown
from guide.view.trial_groups import trials_in_group


@dataclass(frozen=True)
class PeopleTable:
    """A trial's results for patients: people out of one denominator. `counted`: all of them count
    people. `compared`: some are of groups, `timed`: some were measured at a time.
    """

    trial: Markup
    population: Markup
    denominator: str
    results: tuple[PeopleResult, ...]
    counted: bool = True
    compared: bool = True
    timed: bool = True


@dataclass(frozen=True)
class CountsTable:
    """A trial's results for clinicians: counts, differences and intervals. `printed`: some numbers
    are the source's own ratios or differences of means. `compared`: some are of groups, `counted`:
    of people; `needed`: some have a number needed to treat; `medicines`: a medicine was tested.
    """

    trial: Markup
    population: Markup
    results: tuple[CountsResult, ...]
    printed: bool = False
    compared: bool = True
    counted: bool = True
    needed: bool = True
    medicines: bool = True


@dataclass(frozen=True)
class TrialDesign:
    """How a trial was made, for clinicians."""

    phase: Markup | None
    population: Markup
    design: Markup
    status: str
    registration: Registration | None = None


@dataclass(frozen=True)
class InFull:
    """The way to the page where a trial stands in full. `holds` is what that page has beyond the
    main result: names of groups of facts.
    """

    href: Markup
    holds: tuple[Markup, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TrialShown:
    """A trial with its results and facts. `record` is the first of them; `picture` shows one result
    of the patients' table. `compared` are the other medicines of a head-to-head trial. `in_full` is
    there where only the main result is shown.
    """

    id: str
    record: str
    name: Markup
    medicine: Markup
    edit: str
    anchor: str = ""
    compared: Markup = Markup("")
    design: TrialDesign | None = None
    people: PeopleTable | None = None
    counts: CountsTable | None = None
    picture: PeopleFigure | None = None
    facts: tuple[FactGroup, ...] = ()
    in_full: InFull | None = None


@dataclass(frozen=True)
class TrialLink:
    """A trial that stands in full on another page."""

    record: str
    name: Markup
    medicine: Markup
    href: Markup


@dataclass(frozen=True)
class Trials:
    """The trials of one group, or the ways to them. `none`: the guide holds no trial of the group;
    without it, no trial of it has anything that this reader is shown.
    """

    trials: tuple[TrialShown, ...] = ()
    none: bool = False
    links: tuple[TrialLink, ...] = ()


def trials(page: ConditionContext, group: str) -> Trials:
    """The trials of a group that have something for this reader."""
    members = trials_in_group(page, group)
    if group == "class":
        # They stand in full once: with their medicine's own trials, or among those of all options.
        links = tuple(link for trial in members if (link := _link(page, trial)))
        return Trials(none=not members, links=links)
    shown = (trial_shown(page, trial) for trial in members)
    return Trials(tuple(trial for trial in shown if trial), none=not members)


def _link(page: ConditionContext, trial: m.Trial) -> TrialLink | None:
    """The way to a trial on another page; None where it has nothing for this reader."""
    shown = trial_shown(page, trial)
    if shown is None:
        return None
    home = _home(page, trial) or f"{page.condition.id}/{page.track}/trials/"
    address = relative(page.url, f"{home}#trial-{trial.id}")
    return TrialLink(shown.record, shown.name, shown.medicine, address)


def _home(page: ConditionContext, trial: m.Trial) -> str | None:
    """The page on the trials of one medicine where a trial stands in full; None without one."""
    tested = {topic.medicine: topic.id for topic in page.topics}
    pages = (f"{tested[key]}/{page.track}/trials/" for key in trial.medicines if key in tested)
    return next((address for address in pages if address in page.pages), None)


def trial_shown(page: ConditionContext, trial: m.Trial) -> TrialShown | None:
    """A trial with its results and statements; None where this reader is shown none of them."""
    results = results_for_reader(page, trial.results)
    facts = [record for record in trial.statements if page.wording_of(record)]
    home = None if page.medicine_id else _home(page, trial)
    in_full = None
    if home:
        main, main_facts = _main(results, facts)
        if (main, main_facts) != (results, facts):
            in_full = InFull(
                relative(page.url, f"{home}#trial-{trial.id}"),
                _beyond(results, main, [one for one in facts if one not in main_facts]),
            )
            results, facts = main, main_facts
    shown = [one for record in facts if (one := statement_shown(page, record.id))]
    if not results and not shown:
        return None
    pictured = pictured_result(page, trial) if page.patient and not in_full else ""
    return TrialShown(
        id=trial.id,
        record=results[0].id if results else shown[0].id,
        name=text(trial.name),
        medicine=text(page.library.medicines[trial.medicine].name),
        edit=f"trial:{trial.id}",
        compared=text(words_join(page.library.medicines[key].name for key in trial.compares)),
        anchor=page.anchor_of(f"trial-{trial.id}"),
        design=None if page.patient else _design(page, trial),
        people=people_table(page, trial, results) if page.patient and results else None,
        counts=counts_table(page, trial, results) if results and not page.patient else None,
        picture=figure_people(page, pictured) if pictured else None,
        facts=in_groups(shown),
        in_full=in_full,
    )


def _main(
    results: list[m.Result], facts: list[m.Statement]
) -> tuple[list[m.Result], list[m.Statement]]:
    """What stands for a trial beside others: its main results or, without results, a fact."""
    if not results:
        return results, facts[:1]
    return [one for one in results if one.primary is True] or results[:1], []


def _beyond(
    results: Sequence[m.Result], main: Sequence[m.Result], facts: Sequence[m.Statement]
) -> tuple[Markup, ...]:
    """What there is of a trial beyond its main results."""
    more = [_("More results")] if len(results) > len(main) else []
    groups = dict.fromkeys(one.group for one in facts if one.group)
    return tuple(text(one) for one in (*more, *groups))


def _design(page: ConditionContext, trial: m.Trial) -> TrialDesign:
    status = {
        "completed": _("completed"),
        "recruiting": _("recruiting"),
        "results pending": _("results pending"),
    }[trial.status]
    number, population = trial.registration, population_name(page, trial.population)
    return TrialDesign(
        text(trial.phase) if trial.phase else None,
        text(population if trial.phase else sentence(population)),
        text(trial.design),
        status,
        registration_shown(number) if number else None,
    )


def counts_table(
    page: ConditionContext, trial: m.Trial, results: Sequence[m.Result]
) -> CountsTable:
    """The table of a trial's results for clinicians."""
    rows = tuple(counts_result(page, result) for result in results)
    return CountsTable(
        text(trial.name),
        text(population_name(page, trial.population)),
        rows,
        printed=any(result.effects for result in results),
        compared=any(result.accuracy is None for result in results),
        counted=any(result.kind == "counts" for result in results),
        needed=any(one.needed for row in rows for one in row.differences),
        medicines=tests_medicine(page, trial),
    )


def people_table(
    page: ConditionContext, trial: m.Trial, results: Sequence[m.Result]
) -> PeopleTable:
    """The table of a trial's results for patients, out of the denominator of all its results."""
    denominator = denominator_for(trial.results)
    return PeopleTable(
        text(trial.name),
        people_phrase(page, trial.population),
        wording.shown_number(denominator),
        tuple(people_result(page, result, denominator) for result in results),
        counted=all(result.kind == "counts" for result in results),
        compared=any(result.accuracy is None for result in results),
        timed=any(shown_time(result.week, patient=True) for result in results),
    )
