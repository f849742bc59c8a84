"""Pages cut into the sections that the search finds."""

from __future__ import annotations

import hashlib
import html
import re
from collections import Counter

from guide.base.headings import HEADING
from guide.content.library import Library
from guide.pages.page import Page
from guide.pages.section import Section
from guide.search.tokens import STOP, tokens

WORDS_A_SECTION = 32


EXCERPT = 140


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
        # Badges, links to twins, citation numbers and how to cite the page are not what the section
        # says.
        raw = re.sub(
            r'<p class="(?:twin|statement__badges|edit-page)">.*?</p>|<sup'
            r' class="cites">.*?</sup>|<a class="(?:permalink|edit)".*?</a>|<svg.*?</svg>|<details'
            r' class="cite".*?</details>',
            " ",
            "\n".join(lines),
            flags=re.S,
        )
        text = _plain(raw)
        lead = re.search(r'class="(?:answer__text|statement__text)"[^>]*>(.*?)</p>', raw, re.S)
        start = _plain(lead[1]) if lead else text
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


def _plain(markup: str) -> str:
    """The words of a piece of a page; what stands inside a line joins it, all other tags part
    words.
    """
    joined = re.sub(r"</?(?:span|strong|em|b|i|a|abbr)\b[^>]*>", "", markup)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", joined))).strip()
