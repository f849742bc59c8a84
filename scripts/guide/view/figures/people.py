"""What the picture of people shows."""

from __future__ import annotations

from typing import Any

from guide.base.text import text
from guide.content import models as m
from guide.content import wording
from guide.content.values import out_of, shown_time
from guide.view.approvals import is_same_class
from guide.view.badges import badges_of, is_licensed
from guide.view.context import Context, TopicContext
from guide.view.results import denominator_for
from guide.view.shown import Badge
from guide.view.svg import people_chart


def badges_of_all(page: Context, records: list[m.Statement | m.Result]) -> list[Badge]:
    """The badges of several records, each once."""
    return list(dict.fromkeys(badge for record in records for badge in badges_of(page, record)))


# -- people out of a number ---------------------------------------------------------------


def pictured_result(page: TopicContext, trial_id: str) -> str:
    """The one result of a trial that its patients' table shows as a picture, too; "" for none.

    The trial's primary benefit, else its first, among people with the topic's disease, of the
    topic's medicine or an approved one of its class. The comparators' trials get none: arrays of
    many trials in a column would be read as a ranking, which the page warns against.
    """
    trial = page.library.trials[trial_id]
    own = trial.medicine == page.topic.medicine
    relative = is_same_class(page, page.library.medicines[trial.medicine]) and is_licensed(
        page, trial.medicine
    )
    if not (own or relative):
        return ""
    fit = [
        result
        for result in trial.results
        if result.outcome == "good"
        and not result.clinician_only
        and not result.who
        and result.population in page.condition.populations
    ]
    return next(
        (result.id for result in sorted(fit, key=lambda result: result.primary is not True)), ""
    )


def people(page: TopicContext, result_id: str, denominator: int | None = None) -> dict[str, Any]:
    """A result as people out of a number: each arm's count as the table prints it, its drawing, and
    the words around it.

    `denominator` is that of the trial's own table unless another table is shown. Out of 100 every
    person is drawn; out of 1,000 a figure a person would be dust on a phone, and 100 figures would
    not be the printed number, so each arm is a bar of the exact length instead.
    Raises KeyError for an id that is no result's.
    """
    result = page.library.records[result_id]
    if not isinstance(result, m.Result):
        raise KeyError(result_id)
    trial = page.library.trials[page.library.subject[result_id]]
    whole = denominator or denominator_for(page, trial.results)
    when = shown_time(result.week, patient=True)
    who = page.site.populations[result.population] + (f", {result.who}" if result.who else "")
    outcome = result.patient if page.patient else f"reached {result.endpoint}"
    licensed = is_licensed(page, trial.medicine)
    arms = []
    for arm in result.arms:
        named = (
            f"{arm.arm} {arm.dose}"
            if arm.dose and len(result.arms) > 2 and (licensed or not page.patient)
            else arm.arm
        )
        arms.append(people_chart.Share(f"with {named}", out_of(arm, whole)))
    drawing = people_chart.people(
        f"people-{result.id}", arms, whole, outcome, f"{trial.name}, {when}, people with {who}"
    )
    return {
        "key": f"people-{result.id}",
        "id": result.id,
        "cites": page.cites(result.id),
        "badges": badges_of(page, result),
        "trial": text(trial.name),
        "when": when,
        "who": text(who),
        "outcome": text(outcome),
        "denominator": wording.shown_number(whole),
        "each": whole == 100,
        "arms": [
            {"group": text(share.group), "count": wording.shown_number(share.count), "svg": part}
            for share, part in zip(arms, drawing.parts, strict=True)
        ],
        "drawing": drawing,
    }
