"""Positions in the HTML of a finished page, and text put in at them.

A C parser reads the page. It keeps no positions, so those of the elements with an id are looked up
in the text, in the order of the tree.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

_ATTRIBUTE = re.compile(r"([^\s=>\"'/]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+)))?")


_CONTROL_CLASSES = {"permalink", "headerlink"}


_FORM = {"input", "label", "select", "option", "button", "form", "fieldset", "output"}


# Ids in these name parts of pictures and dialogs, no places of the text.
_NO_PLACES = "svg, dialog, script, style, textarea"


# One compound selector: a list would give an element once for each part that it matches.
_LINKS_AND_PLACES = ":is(a, [id])"


# Unseen anchors of old addresses: no places of their own.
_OLD_PLACES = {"alias", "moved__place"}


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
    the id of the page's first heading and `heading` its words; `controls` the ids that have a
    control; `self_linked` the list items whose first link leads to themselves.
    """

    ids: dict[str, tuple[str, int]] = field(default_factory=dict)
    facts: set[str] = field(default_factory=set)
    title: str = ""
    heading: str = ""
    controls: set[str] = field(default_factory=set)
    self_linked: set[str] = field(default_factory=set)
    end_of_article: int = -1


def attributes(raw: str) -> dict[str, str]:
    """The attributes of a tag, unescaped."""
    return {
        match[1].lower(): html.unescape(match[2] or match[3] or match[4] or "")
        for match in _ATTRIBUTE.finditer(raw)
    }


def scan(page: str) -> Scan:
    """What the main text (`<article>`) of a finished page offers to link to.

    Raises ValueError where an element of the tree is not found in the text.
    """
    tree, found = LexborHTMLParser(page), Scan()
    title, article = tree.css_first("title"), tree.css_first("article")
    found.heading = _one_line(title.text()) if title else ""
    if article is None:
        return found
    no_places = {
        node.mem_id
        for outer in article.css(_NO_PLACES)
        for node in (outer, *outer.css(_LINKS_AND_PLACES))
    }
    heading, item, offset = None, "", page.find("<article")
    for node in article.css(_LINKS_AND_PLACES):
        tag, values = node.tag or "", node.attributes
        anchor = values.get("id") or ""
        if anchor:
            offset = _end_of_opening_tag(page, tag, anchor, offset)
        if node.mem_id in no_places or tag == "article":
            continue
        classes = set((values.get("class") or "").split())
        if tag == "a":
            target = (values.get("href") or "").partition("#")[2]
            if _CONTROL_CLASSES & classes:
                found.controls.add(target)
            if target and target == item:
                found.self_linked.add(target)
            item = ""
        if not anchor or anchor.startswith("__") or tag in _FORM or _OLD_PLACES & classes:
            continue
        found.ids.setdefault(anchor, (tag, offset))
        item = anchor if tag == "li" else ""
        if anchor in (values.get("data-record") or "").split():
            found.facts.add(anchor)
        if tag == "h1" and heading is None:
            found.title, heading = anchor, node
    found.end_of_article = page.find("</article", offset)
    if heading is not None:
        found.heading = _words_of_heading(heading)
    return found


def _end_of_opening_tag(page: str, tag: str, anchor: str, offset: int) -> int:
    """The offset after the opening tag of the first element from `offset` on with this id.

    The same characters may stand in a text: there no tag is open.
    """
    for at in _places_of_attribute(page, html.escape(anchor), offset):
        start = page.rfind("<", 0, at)
        end = page.find(">", start)
        while page.count('"', start, end) % 2:  # inside the value of an attribute
            end = page.find(">", end + 1)
        if at < end and page.startswith(tag, start + 1):
            return end + 1
    raise ValueError(f'<{tag} id="{anchor}"> is not found in the text of the page')


def _places_of_attribute(page: str, anchor: str, offset: int) -> Iterator[int]:
    """Where the attribute may stand: first as our own pages write it, then in any other way."""
    at = page.find(f' id="{anchor}"', offset)
    while at >= 0:
        yield at
        at = page.find(f' id="{anchor}"', at + 1)
    other = re.compile(rf"\sid\s*=\s*([\"']?){re.escape(anchor)}\1(?=[\s/>])", re.I)
    yield from (match.start() for match in other.finditer(page, offset))


def _words_of_heading(heading: LexborNode) -> str:
    """The words of a heading without its controls, which are taken out of the tree."""
    for name in _CONTROL_CLASSES:
        for link in heading.css(f"a.{name}"):
            link.decompose()
    return _one_line(heading.text())


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def put_in(page: str, inserts: list[tuple[int, str]]) -> str:
    """The page with each piece at its offset; pieces at one offset keep their order."""
    parts, at = [], 0
    for offset, piece in sorted(inserts, key=lambda entry: entry[0]):
        parts += [page[at:offset], piece]
        at = offset
    return "".join([*parts, page[at:]])


STYLE_SHEET = re.compile(r'href="([^"]*)assets/guide\.css"')
