"""The headings of a page: its own, in Markdown, and those inside a component."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

HEADING = re.compile(r"^(#{1,4}) (.+?)(?: \{ #([a-z0-9-]+) \})?$")


# A heading that stands inside a component, such as the box of warning signs.
BOXED_HEADING = re.compile(r'<h([23]) id="([a-z0-9-]+)">(.*?)</h\1>')


def section(line: str) -> tuple[int, str, str]:
    """Level, words and id of the heading in a line of a page, whether Markdown or inside a
    component; (0, "", "") for other lines.
    """
    match = HEADING.match(line)
    if match:
        return len(match[1]), match[2], match[3] or ""
    boxed = BOXED_HEADING.search(line)
    return (int(boxed[1]), boxed[3], boxed[2]) if boxed else (0, "", "")


# A heading that begins a part of its own although a component printed it.
_TAGGED = re.compile(
    r'(?:<section[^>]*>|<details[^>]*><summary>)?<h([23])[^>]* id="([^"]+)"[^>]*>(.*?)</h'
)


class Heading(NamedTuple):
    """A heading that begins a part of a page; `level` 1 is the page's own."""

    level: int
    words: str
    anchor: str


def parts(body: str) -> Iterator[tuple[Heading, str]]:
    """Each heading that begins a part of a page, with the text below it: the page's own heading,
    and those that have an id.
    """
    heading, lines = None, list[str]()
    for line in body.split("\n"):
        begun = _begun(line)
        if begun is None:
            lines.append(line)
            continue
        if heading is not None:
            yield heading, "\n".join(lines)
        heading, lines = begun, []
    if heading is not None:
        yield heading, "\n".join(lines)


def _begun(line: str) -> Heading | None:
    """The heading that a line begins a part with."""
    match = HEADING.match(line)
    if match:
        level, words, anchor = len(match[1]), match[2], match[3] or ""
        return Heading(level, _plain(words), anchor) if anchor or level == 1 else None
    tagged = _TAGGED.match(line)
    return Heading(int(tagged[1]), _plain(tagged[3]), tagged[2]) if tagged else None


def _plain(words: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", words))
