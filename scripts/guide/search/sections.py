"""Pages cut into the sections that the search finds."""

from __future__ import annotations

import hashlib
import html
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from guide.base.headings import HEADING
from guide.content.library import Library
from guide.pages.page import Page
from guide.pages.section import Section
from guide.search.tokens import STOP, tokens

WORDS_A_SECTION = 32


EXCERPT = 140


_SKIPPED = ':is(svg, [data-search="skip"])'


# Lists of sources and dates answer no question.
NOT_SEARCHED = ("sources", "dates")
_TAGGED = re.compile(r'(?:<section[^>]*>)?<h([23])[^>]* id="([^"]+)"[^>]*>(.*?)</h')


_INSIDE_A_LINE = frozenset({"span", "strong", "em", "b", "i", "a", "abbr"})


def sections(library: Library, page: Page, body: str) -> list[Section]:
    """Every section of a page with text of its own, in order; sections without an id are part of
    the one before.

    `body` is the page's Markdown without front matter.
    """
    questions = {question.id: question for question in library.questions.get(page.topic, ())}
    found: list[Section] = []
    for heading, lines in _parts(body.split("\n## ", 1)[0] if page.repeats else body):
        if heading.anchor in NOT_SEARCHED:
            continue
        section = Section(
            url=f"{page.url}#{heading.anchor}" if heading.anchor else page.url,
            title=html.unescape(re.sub(r"<[^>]+>", "", heading.title)),
            page=page.title,
            track=page.track,
            topic=page.topic,
        )
        question = questions.get(heading.anchor)
        if question:
            section.typed = " ".join(question.typed)
            section.flag = question.answer_first or ""
        elif heading.anchor == "get-help-now":
            section.flag = "get help now"
        if _add_text(section, lines):
            found.append(section)
    return found


class _Heading(NamedTuple):
    title: str
    anchor: str


def _parts(body: str) -> Iterator[tuple[_Heading, list[str]]]:
    """Each heading that begins a section, with the lines below it."""
    heading, lines = None, list[str]()
    for line in body.split("\n"):
        begun = _heading_of(line)
        if begun is None:
            lines.append(line)
            continue
        if heading is not None:
            yield heading, lines
        heading, lines = begun, []
    if heading is not None:
        yield heading, lines


def _heading_of(line: str) -> _Heading | None:
    """The heading that a line begins a section with: the page's own, or one that has an id."""
    match = HEADING.match(line)
    if match:
        level, title, anchor = match[1], match[2], match[3] or ""
        return _Heading(title, anchor) if anchor or len(level) == 1 else None
    tagged = _TAGGED.match(line)
    return _Heading(tagged[3], tagged[2]) if tagged else None


def _add_text(section: Section, lines: list[str]) -> bool:
    """Gives a section its words; False where it has too few to be found."""
    text, start = _texts("\n".join(lines))
    section.excerpt = start if len(start) <= EXCERPT else start[:EXCERPT].rsplit(" ", 1)[0] + " …"
    if len(text) <= 40:
        return False
    section.text_digest = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
    counts = Counter(word for word in tokens(text) if word not in STOP and len(word) > 1)
    section.words = tuple(counts.items())
    return True


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
    parts: list[str] = []
    _note_words(element, skipped, parts)
    return " ".join("".join(parts).split())


def _note_words(element: LexborNode, skipped: set[int], parts: list[str]) -> None:
    child = element.first_child
    while child is not None:
        if child.is_text_node:
            parts.append(child.text_content or "")
        elif child.mem_id in skipped:
            parts.append(" ")
        elif child.tag in _INSIDE_A_LINE:
            _note_words(child, skipped, parts)
        else:
            parts.append(" ")
            _note_words(child, skipped, parts)
            parts.append(" ")
        child = child.next
