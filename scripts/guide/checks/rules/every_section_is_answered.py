"""Evidence without an answer leaves the reader to work it out: above each stands what it means. A
heading with nothing below it asks a question and leaves it open. An answer that its page does not
draw is read by nobody.
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
    """Sections that show evidence and begin with no answer, and those that show nothing; where a
    page has one section only, the page's own answer is enough.
    """
    if page.owner and page.track != "both":
        yield from _empty(page, text)
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
    name = page.path.rsplit("/", 1)[-1].removesuffix(".md")
    reader = "patient" if page.track == "patients" else "clinician"
    for section, answered in sections:
        if not answered:
            wanted = (
                f"the section '{section}' shows evidence and no answer: write one (page: {name},"
                f" section: {section})"
                if len(sections) > 1
                else f"the page shows evidence and no answer: write the page's own answer (page:"
                f" {name}, without 'section')"
            )
            yield Problem(
                _answers_of(page),
                0,
                f"{page.place}: {wanted} with '{reader}', at most 40 words",
            )


def _answers_of(page: Page) -> str:
    """The file of the answers on a page."""
    return f"content/{'topics' if page.topic else 'conditions'}/{page.owner}/answers.yml"


def _empty(page: Page, text: str) -> Iterator[Problem]:
    """Headings with nothing below them, not even a deeper heading."""
    sections = list(parts(text))
    following = [heading.level for heading, _ in sections[1:]] + [0]
    for (heading, markup), level_after in zip(sections, following, strict=True):
        # A heading that a component printed has what it says in the same line.
        typed = f"{{ #{heading.anchor} }}" in text
        if heading.level == 1 or not typed or level_after > heading.level:
            continue
        if _says_something(markup):
            continue
        name = page.path.rsplit("/", 1)[-1].removesuffix(".md")
        yield Problem(
            _answers_of(page),
            0,
            f"{page.place}: the heading '{heading.words}' stands over nothing: write its answer"
            f" (page: {name}, section: {heading.anchor}); where nothing is known, an answer with a"
            " 'gap' and without 'facts'",
        )


def _says_something(markup: str) -> bool:
    tree = LexborHTMLParser(f"<body>{markup}</body>")
    return bool(tree.text(strip=True)) or tree.css_matches("img, svg")


def check(guide: Guide) -> Iterator[Problem]:
    """Answers that their page does not show: it has no such section, or draws no answer there."""
    pages = {page.path: page for page in guide.pages}
    for owner, answers in guide.library.answers.items():
        drawn: dict[str, list[str]] = {}
        for index, answer in enumerate(answers):
            for track, words in (("patients", answer.patient), ("clinicians", answer.clinician)):
                page = pages.get(f"{owner}/{track}/{answer.page}.md")
                if page is None or not words or not answer.section:
                    continue
                if page.path not in drawn:
                    drawn[page.path] = _drawn(page.markdown)
                if answer.section not in drawn[page.path]:
                    yield guide.problem(
                        f"answers:{owner}",
                        f"{page.place} shows no answer of the section '{answer.section}'"
                        f"{_instead(answer.section, page, drawn[page.path])}: nobody reads it",
                        *("answers", index, "section"),
                    )


def _drawn(markdown: str) -> list[str]:
    """The sections of a page in which an answer stands."""
    return [
        heading.anchor
        for heading, markup in parts(markdown)
        if heading.level > 1 and '<div class="answer' in markup
    ]


def _instead(section: str, page: Page, drawn: list[str]) -> str:
    """Where an answer can stand on a page in place of a section that shows none."""
    anchors = [anchor for anchor, _ in page.sections]
    if section in anchors:
        return ", which the page's own answer answers: take 'section' out"
    near = nearest(section, [*drawn, *anchors])
    if near:
        return near
    shown = ", ".join(drawn)
    return f" (there are: {shown})" if shown else " and has none: take 'section' out"


def _answered(markup: str) -> bool:
    """Whether a section says something outside the evidence, which opens closed."""
    tree = LexborHTMLParser(markup)
    for evidence in tree.css("details.evidence"):
        evidence.decompose()
    return tree.css_matches(_ANSWERS)
