"""Benefit and harm of a medicine in one table, for a handout."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from guide.base.language import gettext as _
from guide.base.text import sentence, text, words_join
from guide.content import models as m
from guide.content import wording
from guide.content.values import is_benefit, seen_from, shown_time
from guide.view.badges import badges_of
from guide.view.context import TopicContext, own_people_of
from guide.view.result_kinds import patients_outcome, remarks
from guide.view.result_shown import (
    CountsArm,
    CountsLine,
    PeopleArm,
    PeopleLine,
    PointsDifference,
    ResultShown,
)
from guide.view.results import (
    certainty_words,
    counts_arm,
    counts_line,
    denominator_for,
    outcome_kind,
    people_arms,
    people_differences,
    people_line,
    people_studied,
    points_differences,
    result_of,
    results_for_reader,
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
    where the medicine had several. `comparator` is empty where nothing was compared. `whole`: the
    cells need no denominator.
    """

    result: BoxResult
    kind: Markup
    outcome: Markup
    medicine: Markup
    comparator: Markup = Markup("")
    difference: Markup = Markup("")
    arm: Markup = Markup("")
    whole: bool = False


@dataclass(frozen=True)
class CountsBoxRow:
    """Counts of the medicine's group and of its comparator, and their difference in points; the
    last two are None where nothing was compared.
    """

    result: BoxResult
    endpoint: Markup
    medicine: CountsArm
    comparator: CountsArm | None = None
    difference: PointsDifference | None = None


@dataclass(frozen=True)
class Caption:
    """Who was studied, when and in which trial; each is empty where the rows differ.

    `studied` is the condition's name; `people` stands instead where 'people with' it is wrong.
    """

    studied: Markup = Markup("")
    people: Markup = Markup("")
    when: str = ""
    trial: Markup = Markup("")


@dataclass(frozen=True)
class PeopleBox:
    """The table for patients. `rounded`: some differences are not those of the printed counts.
    `counted`: all rows count people.
    """

    caption: Caption
    medicine: Markup
    comparators: Markup
    denominator: str
    rows: tuple[PeopleBoxRow, ...]
    rounded: bool = False
    counted: bool = True


@dataclass(frozen=True)
class CountsBox:
    """The table for clinicians. `counted`: all rows count people."""

    caption: Caption
    medicine: Markup
    comparators: Markup
    rows: tuple[CountsBoxRow, ...]
    counted: bool = True


@dataclass(frozen=True)
class FactBox:
    """The table for one of the two readers. `harms`: it has a result on harm; else
    `harms_page` names the page that may say more, where there is one. Below it stand, as lines,
    the results on how well a test tells people apart.
    """

    people: PeopleBox | None = None
    counts: CountsBox | None = None
    harms: bool = False
    harms_page: Literal["", "safety", "harms"] = ""
    people_lines: tuple[PeopleLine, ...] = ()
    counts_lines: tuple[CountsLine, ...] = ()


def fact_box(page: TopicContext, results: Sequence[str]) -> FactBox | None:
    """Results side by side, each with its own comparator; None where this reader is shown none.

    Raises KeyError for an id that is no result's.
    """
    return fact_box_of(page, [result_of(page, result_id) for result_id in results])


def fact_box_of(page: TopicContext, results: Sequence[m.Result]) -> FactBox | None:
    """The table of these results; None where this reader is shown none of them.

    The topic's medicine has the first column, also where a trial compared another one with it.
    """
    shown = results_for_reader(page, results)
    if not shown:
        return None
    denominator = denominator_for(results)
    rows = [seen_from(result, page.medicine_id) for result in shown if not result.accuracy]
    tests = [result for result in shown if result.accuracy]
    box = FactBox(
        harms=any(not is_benefit(result) for result in shown),
        harms_page=_harms_page(page),
        people_lines=tuple(
            people_line(page, result, denominator) for result in tests if page.patient
        ),
        counts_lines=tuple(counts_line(page, result) for result in tests if not page.patient),
    )
    if not rows:
        return box
    in_topic = all(result.population in page.condition.populations for result in results)
    caption = Caption(
        page.names["condition"] if in_topic else Markup(""),
        text(own_people_of(page.site, page.condition)) if in_topic else Markup(""),
        _shared(rows, lambda result: shown_time(result.week, page.patient)),
        text(_shared(rows, lambda result: trial_of(page, result).name)),
    )
    if page.patient:
        return dataclasses.replace(box, people=_people_box(page, caption, rows, denominator))
    return dataclasses.replace(box, counts=_counts_box(page, caption, rows))


def _harms_page(page: TopicContext) -> Literal["", "safety", "harms"]:
    name: Literal["safety", "harms"] = "safety" if page.medicine.is_medicine else "harms"
    return name if f"{page.topic_id}/{page.track}/{name}/" in page.pages else ""


def _shared(results: Sequence[m.Result], name: Callable[[m.Result], str]) -> str:
    """What all results have in common, to be said once; "" where they differ."""
    names = {name(result) for result in results}
    return names.pop() if len(names) == 1 else ""


def _comparators(results: Sequence[m.Result]) -> str:
    names = dict.fromkeys(result.arms[-1].arm for result in results if len(result.arms) > 1)
    return words_join(names) if names else _("no treatment to compare with")


def _people_box(
    page: TopicContext, caption: Caption, results: Sequence[m.Result], denominator: int
) -> PeopleBox:
    differences = [people_differences(page, result, denominator) for result in results]
    return PeopleBox(
        caption,
        page.names["medicine"],
        text(_comparators(results)),
        wording.shown_number(denominator),
        tuple(_people_row(page, caption, result, denominator) for result in results),
        any(one.rounded for all_ in differences for one in all_[:1]),
        all(result.kind == "counts" for result in results),
    )


def _people_row(
    page: TopicContext, caption: Caption, result: m.Result, denominator: int
) -> PeopleBoxRow:
    arms = people_arms(page, result, denominator)
    differences = people_differences(page, result, denominator)
    return PeopleBoxRow(
        result=_box_result(page, caption, result, denominator),
        kind=outcome_kind(result),
        outcome=patients_outcome(result),
        medicine=_cell(arms[0]),
        comparator=_cell(arms[-1]) if differences else Markup(""),
        difference=differences[0].people if differences else Markup(""),
        arm=arms[0].name if len(arms) > 2 else Markup(""),
        whole=bool(arms[0].value),
    )


def _cell(arm: PeopleArm) -> Markup:
    return arm.value or text(arm.count)


def _counts_box(page: TopicContext, caption: Caption, results: Sequence[m.Result]) -> CountsBox:
    return CountsBox(
        caption,
        page.names["Medicine"],
        text(sentence(_comparators(results))),
        tuple(_counts_row(page, caption, result) for result in results),
        all(result.kind == "counts" for result in results),
    )


def _counts_row(page: TopicContext, caption: Caption, result: m.Result) -> CountsBoxRow:
    differences = points_differences(result)
    difference = dataclasses.replace(differences[0], name=Markup("")) if differences else None
    return CountsBoxRow(
        result=_box_result(page, caption, result, None),
        endpoint=text(sentence(result.endpoint)),
        medicine=_box_arm(result, result.arms[0]),
        comparator=_box_arm(result, result.arms[-1]) if differences else None,
        difference=difference,
    )


def _box_arm(result: m.Result, arm: m.Arm) -> CountsArm:
    """A group under the name that heads its column on a narrow screen."""
    return dataclasses.replace(counts_arm(result, arm), name=text(sentence(arm.arm)))


def _box_result(
    page: TopicContext, caption: Caption, result: m.Result, denominator: int | None
) -> BoxResult:
    who = people_studied(page, result)
    in_caption = who == caption.studied or (
        bool(caption.people)
        and not result.who
        and text(page.site.own_people(result.population)) == caption.people
    )
    trial = trial_of(page, result).name
    # Of a trial's name what stands in brackets says who was studied.
    short = trial.partition(" (")[0] if caption.studied else trial
    return BoxResult(
        id=result.id,
        cites=page.cites(result.id),
        badges=badges_of(page, result),
        remarks=remarks(result, denominator),
        certainty=Markup(certainty_words(result).strip(".")),
        trial=Markup("") if caption.trial else text(short),
        when="" if caption.when else shown_time(result.week, page.patient),
        who=Markup("") if in_caption else who,
    )
