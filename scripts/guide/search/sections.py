"""Pages cut into the sections that the search finds."""

from __future__ import annotations

import hashlib
import html
import re
from collections import Counter

from selectolax.lexbor import LexborHTMLParser, LexborNode

from guide.base.headings import HEADING
from guide.content.library import Library
from guide.pages.page import Page
from guide.pages.section import Section
from guide.search.tokens import STOP, tokens

WORDS_A_SECTION = 32


EXCERPT = 140


_SKIPPED = ':is(svg, [data-search="skip"])'


_INSIDE_A_LINE = frozenset({"span", "strong", "em", "b", "i", "a", "abbr"})


def sections(library: Library, page: Page, body: str) -> list[Section]:
    """Every section of a page with text of its own, in order; sections without an id are part of
    the one before.

    `body` is the page's Markdown without front matter.
    """
    found: list[Section] = []
    questions = {question.id: question for question in library.questions.get(page.topic, ())}
    current: Section | None = None
    lines: list[str] = []
    if page.repeats:
        body = body.split("\n## ", 1)[0]

    def close() -> None:
        if current is None:
            return
        text, start = _texts("\n".join(lines))
        current.excerpt = (
            start if len(start) <= EXCERPT else start[:EXCERPT].rsplit(" ", 1)[0] + " …"
        )
        if len(text) > 40:
            current.text_digest = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
            current.words = tuple(
                Counter(word for word in tokens(text) if word not in STOP and len(word) > 1).items()
            )
            found.append(current)

    for line in body.split("\n"):
        match = HEADING.match(line)
        tagged = (
            re.match(r'(?:<section[^>]*>)?<h([23])[^>]* id="([^"]+)"[^>]*>(.*?)</h', line)
            if not match
            else None
        )
        if (match and (match[3] or len(match[1]) == 1)) or tagged:
            close()
            anchor = (match[3] or "") if match else tagged[2]
            heading = match[2] if match else tagged[3]
            lines = []
            if anchor in ("sources", "dates"):
                current = None
                continue
            current = Section(
                url=f"{page.url}#{anchor}" if anchor else page.url,
                title=html.unescape(re.sub(r"<[^>]+>", "", heading)),
                page=page.title,
                track=page.track,
                topic=page.topic,
            )
            question = questions.get(anchor)
            if question:
                current.typed = " ".join(question.typed)
                current.flag = question.answer_first or ""
            elif anchor == "get-help-now":
                current.flag = "get help now"
            continue
        lines.append(line)
    close()
    return found


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
    """The words of an element without those of `skipped`; what stands inside a line joins it, all other elements part
    words.
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
