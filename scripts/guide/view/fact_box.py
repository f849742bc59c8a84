"""Benefit and harm of a medicine in one table, for a handout."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from guide.base.text import sentence, text, words_join
from guide.content import models as m
from guide.content import wording
from guide.content.values import arm_name, out_of, shown_time
from guide.view.badges import badges_of
from guide.view.context import TopicContext
from guide.view.results import (
    CountsArm,
    OutcomeKind,
    PointsDifference,
    ResultShown,
    certainty_words,
    counts_arm,
    denominator_for,
    outcome_kind,
    people_differences,
    people_studied,
    points_differences,
    result_of,
    results_for_reader,
    shows_dose,
    trial_of,
)


@dataclass(frozen=True, kw_only=True)
class BoxResult(ResultShown):
    """What a row says of its result, but for what the caption says. `trial`, `when` and `who` are
    empty where all rows have the same.
    """

    certainty: Markup
    trial: Markup = Markup("")
    when: str = ""
    who: Markup = Markup("")


@dataclass(frozen=True)
class PeopleBoxRow:
    """Counts of people out of the table's denominator. `arm` is the group that `medicine` counts,
    where the medicine had several.
    """

    result: BoxResult
    kind: OutcomeKind
    outcome: Markup
    medicine: str
    comparator: str
    difference: str
    arm: Markup = Markup("")


@dataclass(frozen=True)
class CountsBoxRow:
    """Counts of the medicine's group and of its comparator, and their difference in points."""

    result: BoxResult
    endpoint: Markup
    arms: tuple[CountsArm, CountsArm]
    difference: PointsDifference


@dataclass(frozen=True)
class Caption:
    """Who was studied, when and in which trial; each is empty where the rows differ."""

    studied: Markup = Markup("")
    when: str = ""
    trial: Markup = Markup("")


@dataclass(frozen=True)
class PeopleBox:
    """The table for patients. `rounded`: some differences are not those of the printed counts."""

    caption: Caption
    medicine: Markup
    comparators: Markup
    denominator: str
    rows: tuple[PeopleBoxRow, ...]
    rounded: bool = False


@dataclass(frozen=True)
class CountsBox:
    """The table for clinicians."""

    caption: Caption
    medicine: Markup
    comparators: Markup
    rows: tuple[CountsBoxRow, ...]


@dataclass(frozen=True)
class FactBox:
    """The table for one of the two readers. `harms`: it has a result on harm."""

    people: PeopleBox | None = None
    counts: CountsBox | None = None
    harms: bool = False


def fact_box(page: TopicContext, results: Sequence[str]) -> FactBox | None:
    """Results side by side, each with its own comparator; None where this reader is shown none.

    Raises KeyError for an id that is no result's.
    """
    return fact_box_of(page, [result_of(page, result_id) for result_id in results])


def fact_box_of(page: TopicContext, results: Sequence[m.Result]) -> FactBox | None:
    """The table of these results; None where this reader is shown none of them."""
    shown = results_for_reader(page, results)
    if not shown:
        return None
    harms = any(result.outcome == "bad" for result in shown)
    in_topic = all(result.population in page.condition.populations for result in results)
    caption = Caption(
        page.names["condition"] if in_topic else Markup(""),
        _shared(shown, lambda result: shown_time(result.week, page.patient)),
        text(_shared(shown, lambda result: trial_of(page, result).name)),
    )
    if page.patient:
        box = _people_box(page, caption, shown, denominator_for(results))
        return FactBox(people=box, harms=harms)
    return FactBox(counts=_counts_box(page, caption, shown), harms=harms)


def _shared(results: Sequence[m.Result], name: Callable[[m.Result], str]) -> str:
    """What all results have in common, to be said once; "" where they differ."""
    names = {name(result) for result in results}
    return names.pop() if len(names) == 1 else ""


def _comparators(results: Sequence[m.Result]) -> str:
    return words_join(dict.fromkeys(result.arms[-1].arm for result in results))


def _people_box(
    page: TopicContext, caption: Caption, results: Sequence[m.Result], denominator: int
) -> PeopleBox:
    rows, rounded = [], False
    for result in results:
        difference = people_differences(page, result, denominator)[0]
        rounded = rounded or difference.rounded
        arm, comparator = result.arms[0], result.arms[-1]
        several = len(result.arms) > 2
        rows.append(
            PeopleBoxRow(
                result=_box_result(page, caption, result),
                kind=outcome_kind(result),
                outcome=text(result.patient),
                medicine=wording.shown_number(out_of(arm, denominator)),
                comparator=wording.shown_number(out_of(comparator, denominator)),
                difference=difference.people,
                arm=text(arm_name(arm, several, shows_dose(page, result)) if several else ""),
            )
        )
    return PeopleBox(
        caption,
        page.names["medicine"],
        text(_comparators(results)),
        wording.shown_number(denominator),
        tuple(rows),
        rounded,
    )


def _counts_box(page: TopicContext, caption: Caption, results: Sequence[m.Result]) -> CountsBox:
    return CountsBox(
        caption,
        page.names["Medicine"],
        text(sentence(_comparators(results))),
        tuple(
            CountsBoxRow(
                result=_box_result(page, caption, result),
                endpoint=text(sentence(result.endpoint)),
                arms=(_box_arm(result.arms[0]), _box_arm(result.arms[-1])),
                difference=points_differences(result)[0],
            )
            for result in results
        ),
    )


def _box_arm(arm: m.Arm) -> CountsArm:
    """A group under the name that heads its column on a narrow screen."""
    return dataclasses.replace(counts_arm(arm), name=text(sentence(arm.arm)))


def _box_result(page: TopicContext, caption: Caption, result: m.Result) -> BoxResult:
    who = people_studied(page, result)
    trial = trial_of(page, result).name
    # Of a trial's name what stands in brackets says who was studied.
    short = trial.partition(" (")[0] if caption.studied else trial
    return BoxResult(
        id=result.id,
        cites=page.cites(result.id),
        badges=badges_of(page, result),
        certainty=Markup(certainty_words(result).strip(".")),
        trial=Markup("") if caption.trial else text(short),
        when="" if caption.when else shown_time(result.week, page.patient),
        who=Markup("") if who == caption.studied else who,
    )
