"""Evidence without an answer leaves the reader to work it out: above each stands what it means. An
answer of no section is read by nobody.
"""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

from guide.base.headings import parts
from guide.base.problem import Problem, nearest
from guide.checks.rule import Guide
from guide.pages.page import Page

# What answers a section: words, a table, lines of a schedule, or signs of danger with what to do.
_ANSWERS = "div.answer, table, dl.lines, .urgent__do, .urgent__signs"


def check_page(guide: Guide, page: Page, text: str) -> Iterator[Problem]:
    """Sections that show evidence and begin with no answer; where a page has one section only, the
    page's own answer is enough.
    """
    if 'class="evidence"' not in text:
        return
    has_page_answer = '<div class="answer answer--page">' in text
    sections = [
        (heading.anchor, _answered(markup))
        for heading, markup in parts(text)
        if heading.level > 1 and 'class="evidence"' in markup
    ]
    if has_page_answer and len(sections) == 1:
        return
    owner = page.owner
    folder = f"content/{'topics' if page.topic else 'conditions'}/{owner}"
    name = page.path.rsplit("/", 1)[-1].removesuffix(".md")
    reader = "patient" if page.track == "patients" else "clinician"
    for section, answered in sections:
        if not answered:
            keys = f"page: {name}" + (f", section: {section}" if len(sections) > 1 else "")
            yield Problem(
                f"{folder}/answers.yml",
                0,
                f"{page.place}: the section '{section}' shows evidence and no answer: write one"
                f" ({keys}) with '{reader}', at most 40 words",
            )


def check(guide: Guide) -> Iterator[Problem]:
    """Answers of sections that their page does not have."""
    pages = {page.path: page for page in guide.pages}
    for owner, answers in guide.library.answers.items():
        for index, answer in enumerate(answers):
            for track, words in (("patients", answer.patient), ("clinicians", answer.clinician)):
                page = pages.get(f"{owner}/{track}/{answer.page}.md")
                known = [anchor for anchor, _ in page.sections] if page else []
                if page and words and answer.section and answer.section not in known:
                    yield guide.problem(
                        f"answers:{owner}",
                        f"{page.place} has no section '{answer.section}'"
                        f"{nearest(answer.section, known)}: nobody reads this answer",
                        *("answers", index, "section"),
                    )


def _answered(markup: str) -> bool:
    """Whether a section says something outside the evidence, which opens closed."""
    tree = LexborHTMLParser(markup)
    for evidence in tree.css("details.evidence"):
        evidence.decompose()
    return tree.css_matches(_ANSWERS)
