"""What the picture of people shows."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from guide.base.language import gettext as _
from guide.base.problem import CallError
from guide.base.text import text
from guide.content import models as m
from guide.content import wording
from guide.content.values import (
    arm_name,
    is_benefit,
    out_of,
    shown_time,
)
from guide.view.accuracy import positive, shares_of_test
from guide.view.approvals import is_same_class
from guide.view.badges import badges_of, is_licensed
from guide.view.context import ConditionContext
from guide.view.result_shown import (
    PeopleArm,
)
from guide.view.results import (
    denominator_for,
    people_phrase,
    result_of,
    shows_dose,
    trial_of,
)
from guide.view.shown import Badge
from guide.view.svg.people_chart import PeopleChart, Share


@dataclass(frozen=True)
class PeopleFigure:
    """A result as people out of a number. The picture draws the groups of `arms`, in their order;
    `each`: one figure a person, else bars. `key` is the figure's address.
    """

    key: str
    id: str
    cites: tuple[str, ...]
    badges: tuple[Badge, ...]
    trial: Markup
    when: str
    who: Markup
    outcome: Markup
    denominator: str
    each: bool
    arms: tuple[PeopleArm, ...]
    picture: PeopleChart


def pictured_result(page: ConditionContext, trial: m.Trial) -> str:
    """The one result of a trial that its patients' table shows as a picture, too; "" for none.

    The trial's primary benefit, else its first, among people with the topic's disease, of the
    topic's medicine or an approved one of its class. The comparators' trials get none: arrays of
    many trials in a column would be read as a ranking, which the page warns against.
    """
    approved_relative = is_same_class(page, page.library.medicines[trial.medicine]) and is_licensed(
        page, trial.medicine
    )
    if trial.medicine != page.medicine_id and not approved_relative:
        return ""
    benefits = [
        result
        for result in trial.results
        if is_benefit(result)
        and can_be_drawn(result)
        and not result.clinician_only
        and not result.who
        and result.population in page.condition.populations
    ]
    benefits.sort(key=lambda result: result.primary is not True)
    return benefits[0].id if benefits else ""


def figure_people(
    page: ConditionContext, result_id: str, denominator: int | None = None
) -> PeopleFigure:
    """A result as people: each arm's count as the table prints it.

    `denominator` is that of the trial's own table unless another table is shown. Out of 100 every
    person is drawn; out of 1,000 a figure a person would be dust on a phone, and 100 figures would
    not be the printed number, so each arm is a bar of the exact length instead.
    Of a test, the filled are those whose test was positive. Raises KeyError for an id that is no
    result's, and CallError for a result that counts no people.
    """
    result = result_of(page, result_id)
    trial = trial_of(page, result)
    if not can_be_drawn(result):
        raise CallError(
            f"'{result_id}' counts no people: only counts, and the accuracy of a test, are drawn"
        )
    whole = denominator or denominator_for(trial.results)
    when = shown_time(result.week, patient=True)
    who = people_phrase(page, result.population, result.who)
    outcome, shares = _outcome_words(page, result), _shares(page, result, whole)
    key = f"people-{result.id}"
    title = (_("{trial}, {when}, {who}") if when else _("{trial}, {who}")).format(
        trial=trial.name, when=when, who=who.unescape()
    )
    return PeopleFigure(
        key=key,
        id=result.id,
        cites=page.cites(result.id),
        badges=badges_of(page, result),
        trial=text(trial.name),
        when=when,
        who=who,
        outcome=text(outcome),
        denominator=wording.shown_number(whole),
        each=whole == 100,
        arms=tuple(
            PeopleArm(text(share.group), wording.shown_number(share.count)) for share in shares
        ),
        picture=PeopleChart(key, shares, whole, outcome, title),
    )


def can_be_drawn(result: m.Result) -> bool:
    """Whether a result counts people."""
    return result.kind in ("counts", "accuracy")


def _outcome_words(page: ConditionContext, result: m.Result) -> str:
    if result.accuracy is not None:
        return positive(result)
    if page.patient:
        return result.patient
    said = _("had {endpoint}") if result.outcome == "bad" else _("reached {endpoint}")
    return said.format(endpoint=result.endpoint)


def _shares(page: ConditionContext, result: m.Result, whole: int) -> tuple[Share, ...]:
    if result.accuracy is not None:
        return shares_of_test(result, whole)
    several, dose = len(result.arms) > 2, shows_dose(page, result)
    return tuple(
        Share(_("with {arm}").format(arm=arm_name(arm, several, dose)), out_of(arm, whole))
        for arm in result.arms
    )
