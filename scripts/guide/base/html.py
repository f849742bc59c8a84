"""Positions in the HTML of a finished page, and text put in at them."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

# A tag with its attributes; comments, and elements whose content is no markup, as one piece.
_PIECE = re.compile(
    r"<!--.*?-->"
    r"|<(script|style|svg|textarea|title|dialog)\b[^>]*>.*?</\1\s*>"
    r"|<(/?)([a-zA-Z][\w-]*)((?:\s+[^\s=>\"'/]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>\"']+))?)*)\s*/?>",
    re.S,
)


_ATTRIBUTE = re.compile(r"([^\s=>\"'/]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+)))?")


_CONTROL_CLASSES = {"permalink", "headerlink"}


_FORM = {"input", "label", "select", "option", "button", "form", "fieldset", "output"}


_HEADINGS = {"h1", "h2", "h3", "h4"}


# Where the control of an element stands: before the first of these that follows its opening tag.
INSIDE = {
    **dict.fromkeys(("h1", "h2", "h3", "h4"), re.compile(r"</h[1-4]\s*>")),
    "tr": re.compile(r"</t[hd]\s*>"),
    "figure": re.compile(r"</figcaption\s*>|</figure\s*>"),
    **dict.fromkeys(
        ("li", "p", "td", "th", "dt", "dd", "section", "div"),
        re.compile(
            r"</(?:p|li|td|th|dt|dd|h[1-4]|section|div)\s*>|<(?:ul|ol|dl|table|div|details)\b"
        ),
    ),
}


WORD = {
    "tr": "row",
    "figure": "figure",
    "td": "fact",
    "li": "fact",
    "p": "fact",
    **dict.fromkeys(_HEADINGS, "section"),
}


@dataclass
class Scan:
    """What one page offers to link to.

    `ids` are the permanent places of its main text with tag and the offset after the opening tag;
    `facts` those that carry their own record, so that they mean the same on any page; `title`
    the id of the page's first heading; `controls` the ids that have a control; `spots` where
    pieces are to be put in.
    """

    ids: dict[str, tuple[str, int]] = field(default_factory=dict)
    facts: set[str] = field(default_factory=set)
    title: str = ""
    heading: str = ""
    controls: set[str] = field(default_factory=set)
    self_linked: set[str] = field(default_factory=set)
    end_of_article: int = -1
    end_of_title: int = -1


def attributes(raw: str) -> dict[str, str]:
    """The attributes of a tag, unescaped."""
    return {
        match[1].lower(): html.unescape(match[2] or match[3] or match[4] or "")
        for match in _ATTRIBUTE.finditer(raw)
    }


def scan(page: str) -> Scan:
    """What the main text (`<article>`) of a finished page offers to link to."""
    found, depth, item = Scan(), 0, ""
    title = re.search(r"<title>(.*?)</title>", page, re.S)
    found.heading = words(title[1]) if title else ""
    start = page.find("<article")
    for match in _PIECE.finditer(page, start) if start >= 0 else ():
        tag = match[3]
        if tag is None:
            continue
        tag = tag.lower()
        if tag == "article":
            depth += -1 if match[2] else 1
            if match[2] and not depth:
                found.end_of_article = match.start()
            continue
        if not depth:
            continue
        if match[2]:
            if tag == "h1" and found.end_of_title < 0:
                found.end_of_title = match.start()
            continue
        raw = match[4]
        if tag != "a" and "id" not in raw:
            continue
        values = attributes(raw)
        if tag == "a":
            target = values.get("href", "").partition("#")[2]
            if _CONTROL_CLASSES & set(values.get("class", "").split()):
                found.controls.add(target)
            if target and target == item:
                found.self_linked.add(target)
            item = ""
        anchor = values.get("id", "")
        if (
            not anchor
            or anchor.startswith("__")
            or tag in _FORM
            or "alias" in values.get("class", "").split()
            or "moved__place" in values.get("class", "").split()
        ):
            continue
        found.ids.setdefault(anchor, (tag, match.end()))
        item = anchor if tag == "li" else ""
        if anchor in values.get("data-record", "").split():
            found.facts.add(anchor)
        if tag == "h1" and not found.title:
            found.title = anchor
            end = page.find("</h1", match.end())
            found.heading = words(
                re.sub(
                    r"<a [^>]*(?:headerlink|permalink).*?</a>",
                    "",
                    page[match.end() : end],
                    flags=re.S,
                )
            )
    return found


def words(fragment: str) -> str:
    """The text of a piece of HTML on one line."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", fragment))).strip()


def put_in(page: str, inserts: list[tuple[int, str]]) -> str:
    """The page with each piece at its offset; pieces at one offset keep their order."""
    parts, at = [], 0
    for offset, piece in sorted(inserts, key=lambda entry: entry[0]):
        parts += [page[at:offset], piece]
        at = offset
    return "".join([*parts, page[at:]])


STYLE_SHEET = re.compile(r'href="([^"]*)assets/guide\.css"')
