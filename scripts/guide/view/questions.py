"""Questions with their answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from markupsafe import Markup

from guide.base.text import slug, text
from guide.content import models as m
from guide.view.context import ConditionContext
from guide.view.gaps import gap_shown
from guide.view.result_kinds import endpoint_words, patients_outcome
from guide.view.result_shown import CountsLine, PeopleLine
from guide.view.results import (
    counts_line,
    denominator_for,
    people_line,
    results_for_reader,
)
from guide.view.shown import FactGroup, GapShown, Shown, facts_counted, in_groups, listed
from guide.view.statements import statement_shown


def questions_asked(
    page: ConditionContext, questions: Iterable[m.Question]
) -> Iterator[tuple[m.Question, str, str]]:
    """Those of these questions that are for this track, each as asked here, with its answer."""
    for question in questions:
        answer = question.patient if page.patient else question.clinician
        if question.audience in ("both", page.track[:-1]) and answer is not None:
            yield (
                question,
                (
                    question.question
                    if page.patient
                    else question.clinician_question or question.question
                ),
                answer,
            )


@dataclass(frozen=True)
class FactLink:
    """A link to a fact that stands in full above: its first words."""

    id: str
    words: str
    after: str = ""


@dataclass(frozen=True)
class Answer:
    """A question with its answer, and the facts the answer rests on: `facts`, and results as
    `people` or `counts`, stand here in full, `above` are linked. `records` names them all.
    """

    id: str
    question: Markup
    answer: Markup
    records: str
    items: tuple[Markup, ...] = ()
    gap: GapShown | None = None
    facts: tuple[FactGroup, ...] = ()
    people: tuple[PeopleLine, ...] = ()
    counts: tuple[CountsLine, ...] = ()
    above: tuple[FactLink, ...] = ()
    edit: str = ""
    count: str = ""


@dataclass(frozen=True)
class Questions:
    """The questions of one section."""

    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class QuestionLink:
    """A question that leads to its answer."""

    id: str
    question: Markup
    href: str
    urgent: bool = False


@dataclass(frozen=True)
class QuestionSection:
    """A section of questions."""

    id: str
    name: Markup
    questions: tuple[QuestionLink, ...]


@dataclass(frozen=True)
class QuestionIndex:
    """All questions of a track, section by section."""

    sections: tuple[QuestionSection, ...]


def questions(page: ConditionContext) -> Questions:
    """The questions of this page's section with their answers and the facts they rest on."""
    answers: list[Answer] = []
    above: set[str] = set()
    section = page.library.questions_by_section.get(f"{page.owners[0]}/{page.part}", ())
    for question, asked, answer in questions_asked(page, section):
        facts = [shown for key in question.statements if (shown := statement_shown(page, key))]
        results = _results(page, question)
        answers.append(_answer(page, question, asked, answer, facts, results, above))
        above.update(shown.id for shown in facts)
        above.update(result.id for result in results)
    return Questions(tuple(answers))


def _results(page: ConditionContext, question: m.Question) -> list[m.Result]:
    """The results that an answer rests on, as far as this reader is shown them."""
    records = (page.library.records[key] for key in question.statements)
    return results_for_reader(page, (one for one in records if isinstance(one, m.Result)))


def _answer(
    page: ConditionContext,
    question: m.Question,
    asked: str,
    answer: str,
    facts: list[Shown],
    results: list[m.Result],
    above: set[str],
) -> Answer:
    """An answer; a fact stands in full once a page, and an answer that rests on it again links to
    it. `above` are the facts of earlier answers.
    """
    lead, items = listed(page.fill(answer, values=question.values))
    again = [shown for shown in facts if not shown.anchor or shown.id in above]
    links = [(shown.id, shown.brief) for shown in again]
    links += [(one.id, _outcome(page, one)) for one in results if one.id in above]
    new = [one for one in results if one.id not in above]
    denominator = denominator_for(new)
    return Answer(
        id=question.id,
        question=text(asked),
        answer=lead,
        items=items,
        records=" ".join(question.statements) or f"question-{question.id}",
        gap=gap_shown(page, question.gap) if question.gap else None,
        facts=in_groups([shown for shown in facts if shown not in again]),
        people=tuple(people_line(page, one, denominator) for one in new if page.patient),
        counts=tuple(counts_line(page, one) for one in new if not page.patient),
        above=tuple(
            FactLink(key, words, "" if (key, words) == links[-1] else "; ") for key, words in links
        ),
        edit=f"question:{page.owners[0]}/{question.id}",
        count=facts_counted(len(facts) + len(results)),
    )


def _outcome(page: ConditionContext, result: m.Result) -> str:
    """What a result measured, in this reader's words."""
    return str(patients_outcome(result) if page.patient else endpoint_words(result))


def question_index(page: ConditionContext) -> QuestionIndex:
    """The sections of questions in order, with the questions and their addresses.

    Each question keeps its own id here too: a link to it from the time when all stood on one
    page lands on the way to it.
    """
    sections: dict[str, list[QuestionLink]] = {}
    every = page.library.questions.get(page.owners[0], ())
    for question, asked, _ in questions_asked(page, every):
        sections.setdefault(question.section, []).append(
            QuestionLink(
                question.id,
                text(asked),
                f"{slug(question.section)}/#{question.id}",
                urgent=question.answer_first == "get help now",
            )
        )
    return QuestionIndex(
        tuple(
            QuestionSection(f"section-{slug(name)}", text(name), tuple(links))
            for name, links in sections.items()
        )
    )
