"""The comparison of a condition's options, and the sheet made of its questions."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from guide.base.language import gettext as _
from guide.base.text import relative, text
from guide.content import models as m
from guide.view.approvals import ApprovalCell, approval_cell, approvals_of
from guide.view.context import ConditionContext
from guide.view.figures.people import PeopleFigure, figure_people
from guide.view.gaps import gap_shown
from guide.view.questions import FactLink
from guide.view.result_shown import (
    CountsLine,
    PeopleLine,
)
from guide.view.results import (
    counts_line,
    denominator_for,
    people_line,
    result_of,
    results_for_reader,
)
from guide.view.shown import FactGroup, GapShown, facts_counted, in_groups, sources_counted
from guide.view.statements import statement_shown


@dataclass(frozen=True)
class Option:
    """One of the options that a person can choose between; `place` counts from 1."""

    id: str
    name: Markup
    place: int
    note: Markup = Markup("")


@dataclass(frozen=True, kw_only=True)
class OptionAnswer:
    """The answer of one cell: `words`, with at most one result drawn in front of them. `own`: the
    option is the page's own medicine.
    """

    option: Option
    words: Markup
    records: tuple[str, ...] = ()
    own: bool = False
    picture: PeopleFigure | None = None
    gap: GapShown | None = None


@dataclass(frozen=True, kw_only=True)
class OptionFacts:
    """The facts under one cell; `above` stand in full under an earlier one. `example` is the
    medicine whose figures stand for a class; `elsewhere`: the other readers' page has them.
    """

    option: Option
    example: Markup = Markup("")
    people: tuple[PeopleLine, ...] = ()
    counts: tuple[CountsLine, ...] = ()
    facts: tuple[FactGroup, ...] = ()
    above: tuple[FactLink, ...] = ()
    approvals: tuple[ApprovalCell, ...] = ()
    elsewhere: bool = False

    @property
    def shows(self) -> bool:
        """Whether anything stands under the option's name."""
        return bool(
            self.people
            or self.counts
            or self.facts
            or self.above
            or self.approvals
            or self.elsewhere
        )


@dataclass(frozen=True)
class ComparisonRow:
    """A question with its answer for each option, in the options' order. `note` says what all its
    numbers are; `facts` and `sources` count what the answers rest on. That stands below them as
    `evidence`, or at `href`.
    """

    id: str
    question: Markup
    note: Markup
    answers: tuple[OptionAnswer, ...]
    evidence: tuple[OptionFacts, ...]
    facts: str
    sources: str
    edit: str = ""
    href: str = ""


@dataclass(frozen=True)
class OptionEvidence:
    """What one option's answer rests on; `facts` and `sources` count it."""

    id: str
    answer: OptionAnswer
    evidence: OptionFacts
    facts: str
    sources: str


@dataclass(frozen=True)
class RowEvidence:
    """One row of the comparison with all that its answers rest on; `href` is its place there."""

    note: Markup
    options: tuple[OptionEvidence, ...]
    href: str


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


def comparison(page: ConditionContext) -> Comparison:
    """The options of the page's condition, question by question."""
    grid = page.library.comparisons[page.condition.id]
    options = [
        (option, Option(option.id, text(option.name), place, text(option.note or "")))
        for place, option in enumerate(grid.options, 1)
    ]
    above: set[str] = set()
    return Comparison(
        tuple(shown for _, shown in options),
        tuple(_row(page, row, options, above) for row in grid.rows),
    )


def _row(
    page: ConditionContext,
    row: m.ComparisonRow,
    options: list[tuple[m.ComparisonOption, Option]],
    above: set[str],
) -> ComparisonRow:
    """A row as the page of all options shows it: with its facts, or with the way to their page."""
    cells = {cell.option: cell for cell in row.cells}
    drawn_of = _denominator_of(page, row)
    answers = tuple(option_answer(page, cells[one.id], shown, drawn_of) for one, shown in options)
    href = f"{page.url}{row.id}/"
    has_page = href in page.pages
    # In the order of the page: a fact stands in full where it is first shown.
    evidence = tuple(
        option_facts(page, cells[one.id], one, shown, above, drawn_of)
        for one, shown in (() if has_page else options)
    )
    facts, sources = _counted(page, {key for answer in answers for key in answer.records})
    return ComparisonRow(
        row.id,
        row_question(page, row),
        _note(page, row),
        answers,
        evidence,
        facts,
        sources,
        f"row:{page.condition.id}/{row.id}",
        relative(page.url, href) if has_page else "",
    )


def comparison_row(page: ConditionContext) -> RowEvidence:
    """The row of the comparison that the page is about, option by option."""
    grid = page.library.comparisons[page.condition.id]
    [row] = (row for row in grid.rows if row.id == page.part)
    cells = {cell.option: cell for cell in row.cells}
    drawn_of = _denominator_of(page, row)
    above: set[str] = set()
    shown = []
    for place, option in enumerate(grid.options, 1):
        name = Option(option.id, text(option.name), place, text(option.note or ""))
        answer = option_answer(page, cells[option.id], name, drawn_of)
        evidence = option_facts(page, cells[option.id], option, name, above, drawn_of)
        counts = _counted(page, set(answer.records))
        shown.append(OptionEvidence(f"option-{option.id}", answer, evidence, *counts))
    return RowEvidence(_note(page, row), tuple(shown), f"{page.link('options')}#row-{row.id}")


def _note(page: ConditionContext, row: m.ComparisonRow) -> Markup:
    """What all numbers of a row are, in this reader's words."""
    return text((row.patient_note if page.patient else row.clinician_note) or "")


def _counted(page: ConditionContext, records: set[str]) -> tuple[str, str]:
    """How many facts these are, and how many sources stand behind them."""
    sources = {source for key in records for source in page.library.records[key].sources}
    return facts_counted(len(records)), sources_counted(len(sources))


def what_matters(page: ConditionContext) -> WhatMatters:
    """The questions of the comparison, to weigh by hand."""
    href = page.link("options")
    return WhatMatters(
        _("What matters to me") if page.patient else _("What matters to the patient"),
        tuple(
            Question(row_question(page, row), f"{href}#row-{row.id}")
            for row in page.library.comparisons[page.condition.id].rows
        ),
    )


def row_question(page: ConditionContext, row: m.ComparisonRow) -> Markup:
    """A question of the comparison in this reader's words."""
    return text(row.patient if page.patient else row.clinician)


def _denominator_of(page: ConditionContext, row: m.ComparisonRow) -> int | None:
    """One denominator for the pictures of a row and for the results below them, so that both say
    the same numbers; None for a row without pictures.
    """
    if not any(cell.picture for cell in row.cells):
        return None
    keys = [key for cell in row.cells for key in (*cell.results, cell.picture) if key]
    return denominator_for(result_of(page, key) for key in keys)


def option_answer(
    page: ConditionContext, cell: m.ComparisonCell, shown: Option, denominator: int | None
) -> OptionAnswer:
    """The answer of one cell: its words, picture and gap, as this reader is shown them. A picture
    shows people out of `denominator`.
    """
    words = (cell.patient if page.patient else cell.clinician) or ""
    records = [*cell.statements, *cell.results]
    if cell.approvals and cell.option in page.library.medicines:
        records += [one.id for one in approvals_of(page, cell.option)]
    return OptionAnswer(
        option=shown,
        words=page.fill(words, values=cell.values),
        records=tuple(records),
        own=cell.option == page.medicine_id,
        picture=figure_people(page, cell.picture, denominator) if cell.picture else None,
        gap=gap_shown(page, cell.gap) if cell.gap else None,
    )


def option_facts(
    page: ConditionContext,
    cell: m.ComparisonCell,
    option: m.ComparisonOption,
    shown: Option,
    above: set[str],
    denominator: int | None,
) -> OptionFacts:
    """What one cell rests on: its results, facts and approvals, as this reader is shown them.

    Facts of `above` stand in full under an earlier cell; those of this one are added to it. Results
    are of people out of `denominator`, else of one of their own.
    """
    about = option.example or (option.id if option.id in page.library.medicines else None)
    facts = [fact for key in cell.statements if (fact := statement_shown(page, key, about))]
    again = [FactLink(fact.id, fact.brief, "; ") for fact in facts if fact.id in above]
    first = [fact for fact in facts if fact.id not in above]
    above.update(fact.id for fact in facts)
    all_results = [result_of(page, key) for key in cell.results]
    denominator = denominator or denominator_for(all_results)
    results = results_for_reader(page, all_results)
    approvals = (
        tuple(approval_cell(page, approval) for approval in approvals_of(page, about))
        if cell.approvals and about
        else ()
    )
    return OptionFacts(
        option=shown,
        example=text(page.library.medicines[option.example].name) if option.example else Markup(""),
        people=(
            tuple(people_line(page, result, denominator, about) for result in results)
            if page.patient
            else ()
        ),
        counts=(
            () if page.patient else tuple(counts_line(page, result, about) for result in results)
        ),
        facts=in_groups(first),
        above=tuple(again),
        approvals=approvals,
        elsewhere=not (facts or results or approvals) and bool(cell.statements or cell.results),
    )
