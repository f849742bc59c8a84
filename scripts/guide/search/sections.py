"""Pages cut into the sections that the search finds."""

from __future__ import annotations

import html
from collections import Counter
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from guide.base.headings import parts
from guide.base.text import sentence
from guide.content.library import Library
from guide.pages.glossary import GLOSSARY
from guide.pages.page import Page
from guide.pages.section import Section
from guide.reading.prose import sentences_of
from guide.search.tokens import stop_words, tokens

WORDS_A_SECTION = 6


# What a result shows where the first sentence of its section is longer.
EXCERPT = 240
# A first sentence of fewer letters answers nothing by itself.
SHORTEST = 25


_SKIPPED = ':is(svg, [data-search="skip"])'


# Lists of sources and dates answer no question.
NOT_SEARCHED = ("sources", "dates")


_INSIDE_A_LINE = frozenset({"span", "strong", "em", "b", "i", "a", "abbr"})


def sections(library: Library, page: Page, body: str) -> list[Section]:
    """Every section of a page with text of its own, in order; sections without an id are part of
    the one before.

    `body` is the page's Markdown without front matter.
    """
    name = Path(page.path).stem
    if page.url == GLOSSARY:
        return _terms(library, page)
    page_sections: list[Section] = []
    for heading, markup in parts(body.split("\n## ", 1)[0] if page.repeats else body):
        if heading.anchor in NOT_SEARCHED:
            continue
        section = Section(
            url=f"{page.url}#{heading.anchor}" if heading.anchor else page.url,
            title=heading.words,
            page=page.title,
            track=page.track,
            topic=page.topic,
        )
        key = f"{name}#{heading.anchor}" if heading.anchor else name
        question = library.question_by_place.get(f"{page.owner}/{heading.anchor}")
        answer = library.answer_by_place.get(f"{page.owner}/{key}")
        if question:
            section.typed = " ".join(question.typed)
            section.flag = question.answer_first or ""
            section.intents = tuple(question.intents)
        elif answer:
            section.intents = tuple(answer.intents)
        if heading.anchor == "get-help-now":
            section.flag = "get help now"
        if _add_text(section, markup):
            page_sections.append(section)
    return page_sections


def _terms(library: Library, page: Page) -> list[Section]:
    """A section for each word of the glossary and each reader."""
    terms = []
    for term in library.glossary.values():
        for track, meaning in (("patients", term.patient), ("clinicians", term.clinician)):
            section = Section(
                url=f"{page.url}#term-{term.id}",
                title=sentence(term.term),
                page=page.title,
                track=track,
                topic="",
                excerpt=first_sentence(meaning),
                typed=" ".join((*term.shown_as, *term.also)),
            )
            _note_words_of(section, meaning)
            terms.append(section)
    return terms


def _add_text(section: Section, markup: str) -> bool:
    """Gives a section its words; False where it has too few to be found."""
    text, start = _texts(markup)
    section.excerpt = first_sentence(start)
    if len(text) <= 40:
        return False
    _note_words_of(section, text)
    return True


def _note_words_of(section: Section, text: str) -> None:
    """Gives a section the words of its text."""
    stop = stop_words()
    counts = Counter(word for word in tokens(text) if word not in stop and len(word) > 1)
    section.words = tuple(counts.items())


def first_sentence(text: str) -> str:
    """The first sentence of a text, whole, with the next one where it is no more than a word or two
    such as "No."; one that is too long for a list of results is cut.
    """
    sentences = [words for words, *_ in sentences_of(html.escape(text))] or [text]
    first = sentences[0]
    if len(first) < SHORTEST and len(sentences) > 1:
        first = f"{first} {sentences[1]}"
    return first if len(first) <= EXCERPT else first[:EXCERPT].rsplit(" ", 1)[0] + " …"


def _texts(markup: str) -> tuple[str, str]:
    """The words of a section, and those that its entry in a list of results begins with.

    Elements with `data-search="skip"` are not what the section says: badges, links to the other
    readers' page, citation numbers, how to cite the page. One with `"lead"` begins the entry.
    """
    tree = LexborHTMLParser(markup)
    if tree.body is None:
        return "", ""
    skipped = {node.mem_id for node in tree.css(_SKIPPED)}
    text, lead = _words(tree.body, skipped), tree.css_first('[data-search="lead"]')
    return text, _words(lead, skipped) if lead else text


def _words(element: LexborNode, skipped: set[int]) -> str:
    """The words of an element without those of `skipped`. What stands inside a line joins it; all
    other elements part words.
    """
    texts: list[str] = []
    _note_words(element, skipped, texts)
    return " ".join("".join(texts).split())


def _note_words(element: LexborNode, skipped: set[int], texts: list[str]) -> None:
    child = element.first_child
    while child is not None:
        if child.is_text_node:
            texts.append(child.text_content or "")
        elif child.mem_id in skipped:
            texts.append(" ")
        elif child.tag in _INSIDE_A_LINE:
            _note_words(child, skipped, texts)
        else:
            texts.append(" ")
            _note_words(child, skipped, texts)
            texts.append(" ")
        child = child.next
