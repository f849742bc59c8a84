"""The comparison of a condition's options, and the sheet made of its questions."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from guide.base.text import text
from guide.content import models as m
from guide.view.approvals import ApprovalCell, approval_cell, approvals_of
from guide.view.context import TopicContext
from guide.view.gaps import gap_shown
from guide.view.results import (
    CountsLine,
    PeopleLine,
    counts_line,
    denominator_for,
    people_line,
    result_of,
    results_for_reader,
)
from guide.view.shown import FactGroup, GapShown, in_groups
from guide.view.statements import statement_shown


@dataclass(frozen=True)
class Option:
    """A treatment that the condition's options are chosen from."""

    id: str
    name: Markup


@dataclass(frozen=True, kw_only=True)
class OptionAnswer:
    """What a question's answer is for one option. `own`: the option is the page's own medicine;
    `example` is the medicine whose figures stand for a class. `elsewhere`: the other readers' page
    has the answer. `edit` is there for the first option of a question.
    """

    option: Option
    own: bool = False
    example: Markup = Markup("")
    edit: str = ""
    lead: Markup = Markup("")
    people: tuple[PeopleLine, ...] = ()
    counts: tuple[CountsLine, ...] = ()
    facts: tuple[FactGroup, ...] = ()
    approvals: tuple[ApprovalCell, ...] = ()
    gap: GapShown | None = None
    elsewhere: bool = False


@dataclass(frozen=True)
class ComparisonRow:
    """A question with its answer for each option, in the options' order."""

    id: str
    question: Markup
    answers: tuple[OptionAnswer, ...]


@dataclass(frozen=True)
class Comparison:
    """All options of a condition by the same questions."""

    options: tuple[Option, ...]
    rows: tuple[ComparisonRow, ...]


@dataclass(frozen=True)
class Question:
    """A question of the comparison, with the address of its answers."""

    text: Markup
    href: str


@dataclass(frozen=True)
class WhatMatters:
    """A sheet on which a person marks how much each question of the comparison matters."""

    title: str
    questions: tuple[Question, ...]


def comparison(page: TopicContext) -> Comparison:
    """The options of the topic's condition, question by question."""
    grid = page.library.comparisons[page.topic.condition]
    options = [(option, Option(option.id, text(option.name))) for option in grid.options]
    rows = []
    for row in grid.rows:
        cells = {cell.option: cell for cell in row.cells}
        edit = f"row:{page.topic.condition}/{row.id}"
        answers = tuple(
            option_answer(page, cells[option.id], option, shown, "" if place else edit)
            for place, (option, shown) in enumerate(options)
        )
        rows.append(ComparisonRow(row.id, row_question(page, row), answers))
    return Comparison(tuple(shown for _, shown in options), tuple(rows))


def what_matters(page: TopicContext) -> WhatMatters:
    """The questions of the comparison, to weigh by hand."""
    href = page.link("comparison")
    return WhatMatters(
        "What matters to me" if page.patient else "What matters to the patient",
        tuple(
            Question(row_question(page, row), f"{href}#row-{row.id}")
            for row in page.library.comparisons[page.topic.condition].rows
        ),
    )


def row_question(page: TopicContext, row: m.ComparisonRow) -> Markup:
    """A question of the comparison in this reader's words."""
    return text(row.patient if page.patient else row.clinician)


def option_answer(
    page: TopicContext, cell: m.ComparisonCell, option: m.ComparisonOption, shown: Option, edit: str
) -> OptionAnswer:
    """The answer of one cell: its results, facts, approvals and gap, as this reader is shown
    them.
    """
    about = option.example or (option.id if option.id in page.library.medicines else None)
    lead = text((cell.patient if page.patient else cell.clinician) or "")
    facts = [fact for key in cell.statements if (fact := statement_shown(page, key, about))]
    all_results = [result_of(page, key) for key in cell.results]
    denominator = denominator_for(all_results)
    results = results_for_reader(page, all_results)
    approvals = (
        tuple(approval_cell(page, approval) for approval in approvals_of(page, about))
        if cell.approvals and about
        else ()
    )
    gap = gap_shown(page, cell.gap) if cell.gap else None
    example = text(page.library.medicines[option.example].name) if option.example else Markup("")
    return OptionAnswer(
        option=shown,
        own=option.id == page.topic.medicine,
        example=example,
        edit=edit,
        lead=lead,
        people=(
            tuple(people_line(page, result, denominator, about) for result in results)
            if page.patient
            else ()
        ),
        counts=(
            () if page.patient else tuple(counts_line(page, result, about) for result in results)
        ),
        facts=in_groups(facts),
        approvals=approvals,
        gap=gap,
        elsewhere=not (lead or facts or results or approvals or gap),
    )
