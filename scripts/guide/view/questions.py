"""Questions with their answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from guide.base.text import slug, text
from guide.content import models as m
from guide.view.context import TopicContext
from guide.view.gaps import gap_shown
from guide.view.shown import listed
from guide.view.statements import statement_shown


def questions_asked(page: TopicContext) -> Iterator[tuple[m.Question, str, str]]:
    """The topic's questions for this track, each as asked here, with its answer."""
    for question in page.library.questions.get(page.topic.id, ()):
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


def questions_shown(page: TopicContext) -> list[dict[str, Any]]:
    """The questions of this page's section with their answers and the facts they rest on."""
    entries: list[dict[str, Any]] = []
    above: set[str] = set()
    for question, asked, answer in questions_asked(page):
        if question.section != page.part:
            continue
        shown = [found for key in question.statements if (found := statement_shown(page, key))]
        lead, items = listed(page.fill(answer, values=question.values))
        # A fact stands in full once a page; an answer that rests on it again links to it.
        again = [found for found in shown if not found.anchor or found.id in above]
        above.update(found.id for found in shown)
        entries.append(
            {
                "again": again,
                "id": question.id,
                "question": text(asked),
                "answer": lead,
                "answer_items": items,
                "gap": gap_shown(page, question.gap) if question.gap else None,
                "rests_on": " ".join(question.statements) or f"question-{question.id}",
                "statements": [found for found in shown if found not in again],
                "facts": shown,
            }
        )
    return entries


def question_index(page: TopicContext) -> list[dict[str, Any]]:
    """The sections of questions in order: name, address of the page, and the questions with
    their addresses.

    Each question keeps its own id here too: a link to it from the time when all stood on one
    page lands on the way to it.
    """
    sections: dict[str, list[dict[str, Any]]] = {}
    for question, asked, _ in questions_asked(page):
        sections.setdefault(question.section, []).append(
            {
                "id": question.id,
                "question": text(asked),
                "href": f"{slug(question.section)}/#{question.id}",
                "urgent": question.answer_first == "get help now",
            }
        )
    return [
        {"name": text(name), "href": f"{slug(name)}/", "questions": entries}
        for name, entries in sections.items()
    ]
