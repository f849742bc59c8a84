"""The HTML of a finished page: read once into a tree, changed there, and written once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from selectolax.lexbor import LexborHTMLParser, LexborNode

# The links that copy a place's address: our own, and those of the engine.
_CONTROL_CLASSES = {"permalink", "headerlink"}
CONTROLS = ":is(a.permalink, a.headerlink)"


# The marks of sources: a link, or inside a run of numbers an element that is not shown.
CITES = ".cites > *"


def cited_by(mark: LexborNode) -> str:
    """The source that one of `CITES` stands for."""
    attributes = mark.attributes
    return attributes.get("data-cite") or (attributes.get("href") or "").removeprefix("#source-")


_FORM = {"input", "label", "select", "option", "button", "form", "fieldset", "output"}


# Ids in these name parts of pictures and dialogs, no places of the text.
_NO_PLACES = ":is(svg, dialog, script, style, textarea)"


# One compound selector: a list would give an element once for each part that it matches.
_LINKS_AND_PLACES = ":is(a, [id])"


# Unseen anchors of old addresses: no places of their own.
_OLD_PLACES = {"alias", "moved__place"}


# A parser drops the newline that these begin with.
_KEEP_LINES = ":is(pre, textarea, listing)"


class PageHtml:
    """The HTML of one page, as a browser reads it.

    Elements are found by CSS selectors and changed in place.
    """

    def __init__(self, text: str):
        self._tree = LexborHTMLParser(text)

    def first(self, selector: str) -> LexborNode | None:
        """The first element that the selector matches, outside of templates."""
        return self._tree.css_first(selector)

    def every(self, selector: str) -> list[LexborNode]:
        """All elements that the selector matches; those in templates come last."""
        nodes = self._tree.css(selector)
        templates = self._tree.template_fragments()
        for template in templates:
            nodes += template.css(selector)
            templates += template.template_fragments()  # A template may hold another.
        return nodes

    def article(self) -> LexborNode:
        """The main text. Raises ValueError for a page without one."""
        element = self.first("article")
        if element is None:
            raise ValueError("the page has no <article>")
        return element

    def language(self) -> str:
        """The language that the page says it is in; English where it does not say."""
        root = self.first("html[lang]")
        return (root.attributes["lang"] or "en") if root else "en"

    def direction(self) -> Literal["ltr", "rtl"]:
        """The way the page says it is written; from left to right where it does not say."""
        return "rtl" if self.first(':is(html, body)[dir="rtl"]') else "ltr"

    def new(self, tag: str, attributes: dict[str, str], *inside: str | LexborNode) -> LexborNode:
        """A new element of this page, which stands nowhere yet. A text `inside` is taken as text,
        whatever is in it.
        """
        made = self._tree.create_node(tag)
        for name, value in attributes.items():
            made.attrs[name] = value
        for part in inside:
            made.insert_child(part, move=True)
        return made

    def write(self) -> str:
        """The HTML of the page as it is now."""
        added = []
        for element in self.every(_KEEP_LINES):
            text = element.first_child
            if text is not None and (text.text_content or "").startswith("\n"):
                text.insert_before("\n")
                added.append(element)
        written = self._tree.html or ""
        for element in added:
            if element.first_child is not None:
                element.first_child.decompose()
        return written


# A line's end with the space around it, and the end of a block behind it; or an element whose lines
# count.
_LINE_ENDS = re.compile(
    r"<(pre|textarea|listing|script|style)\b.*?</\1\s*>|[ \t\r\f]*\n[ \t\r\n\f]*"
    r"(</(?:li|ul|ol|dl|dd|div|section|details|tr|td|th|tbody|table|nav|article|main|header)>)?",
    re.I | re.S,
)


def without_empty_lines(text: str) -> str:
    """The HTML of a page without the empty lines and indents that templates leave: a tenth of a
    page. A browser shows the same, because any such space is one space to it, and none at the end
    of a block.
    """
    return _LINE_ENDS.sub(lambda found: found[0] if found[1] else found[2] or "\n", text)


def put_first(element: LexborNode, new: LexborNode) -> None:
    """Puts a new element in front of all that stands in another."""
    if element.first_child is None:
        element.insert_child(new, move=True)
    else:
        element.first_child.insert_before(new, move=True)


def set_words(element: LexborNode, words: str) -> None:
    """Leaves an element only these words."""
    while element.first_child is not None:
        element.first_child.decompose()
    element.insert_child(words)


@dataclass
class Scan:
    """What one page offers to link to.

    `ids` are the permanent places of its main text with their elements; `facts` those that carry
    their own record, so that they mean the same on any page; `title` the id of the page's first
    heading and `heading` its words; `controls` the ids that have a control; `self_linked` the list
    items whose first link leads to themselves.
    """

    ids: dict[str, LexborNode] = field(default_factory=dict)
    facts: set[str] = field(default_factory=set)
    title: str = ""
    heading: str = ""
    controls: set[str] = field(default_factory=set)
    self_linked: set[str] = field(default_factory=set)


def scan(page: PageHtml) -> Scan:
    """What the main text (`<article>`) of a page offers to link to."""
    scanned = Scan()
    title, article = page.first("title"), page.first("article")
    scanned.heading = _one_line(title.text()) if title else ""
    if article is None:
        return scanned
    no_places = {
        node.mem_id
        for outer in article.css(_NO_PLACES)
        for node in (outer, *outer.css(_LINKS_AND_PLACES))
    }
    heading, item = None, ""
    for node in article.css(_LINKS_AND_PLACES):
        tag, values = node.tag or "", node.attributes
        if node.mem_id in no_places or tag == "article":
            continue
        classes = (values.get("class") or "").split()
        if tag == "a":
            target = (values.get("href") or "").partition("#")[2]
            if not _CONTROL_CLASSES.isdisjoint(classes):
                scanned.controls.add(target)
            if target and target == item:
                scanned.self_linked.add(target)
            item = ""
        anchor = values.get("id") or ""
        if not anchor or anchor.startswith("__") or tag in _FORM:
            continue
        if not _OLD_PLACES.isdisjoint(classes):
            continue
        scanned.ids.setdefault(anchor, node)
        item = anchor if tag == "li" else ""
        if anchor in (values.get("data-record") or "").split():
            scanned.facts.add(anchor)
        if tag == "h1" and heading is None:
            scanned.title, heading = anchor, node
    if heading is not None:
        scanned.heading = _words_of_heading(heading)
    return scanned


def _words_of_heading(heading: LexborNode) -> str:
    """The words of a heading without its controls."""
    words = heading.clone()
    for link in words.css(CONTROLS):
        link.decompose()
    return _one_line(words.text())


def _one_line(text: str) -> str:
    return " ".join(text.split())
