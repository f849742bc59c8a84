"""The HTML of a finished page as the checks see it.

This is the independent reading of a page: it shares nothing with the code that wrote it, and the
parser builds the same tree as a browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from guide.base import language

# Digits that state no fact about health, and why each may stand free in the main text.
ALLOWED = (
    (re.compile(r"\bWCAG 2\.\d\b"), "the name of a standard"),
    (re.compile(r"\bA4\b"), "a size of paper"),
)


# Attributes and elements through which a browser loads a file or sends a form.
_LOADING = ":is([src], [poster], [data], [srcset], link[href], form[action])"


_LOADING_ATTRIBUTES = ("src", "poster", "data", "srcset")


# Relations of a <link> that name another page and load nothing.
_RELATED_PAGES = ("canonical", "alternate", "prev", "next")


# A file that stands in its link leads nowhere else.
_LINKS = 'a[href]:not([download][href^="data:"])'


_POLICY = 'meta:is([http-equiv="content-security-policy" i], [name="referrer"])'


# The parts that a page for one reader must have.
FRAME = ("track-bar", "track-bar--topic", "review", "verdict")
_FRAME = f":is({', '.join(f'.{name}' for name in FRAME)})"


# What stands in these belongs to a record, or is no text of the page.
_BOUND = "[data-record], .cites, script, style, svg, title, noscript, template"


_UNREAD = "script, style"


_DIGIT, _YEAR = re.compile(r"\d"), re.compile(r"\d{4}")


class Page:
    """What the checks need of one finished page.

    `ids` are in the order of the page, with repetitions; `links` the targets of its links; `loads`
    pairs of element and address; `frame` the classes of the parts in `FRAME`, with those beside
    them; `policies` the contents of the security policy and of the referrer policy. `words` is all
    text but scripts and styles. `free` holds the texts with digits in the main text that no element
    binds to a record.
    """

    def __init__(self, page: str) -> None:
        tree = LexborHTMLParser(page)
        self.ids = [anchor for node in tree.css("[id]") if (anchor := node.id)]
        self.links = [node.attributes["href"] or "" for node in tree.css(_LINKS)]
        # What stands in a <template> is no part of the tree, but a script can bring it to life.
        templates = [node for part in tree.template_fragments() for node in part.css(_LOADING)]
        self.loads = [load for node in (*tree.css(_LOADING), *templates) for load in _loads(node)]
        self.frame = {
            name for node in tree.css(_FRAME) for name in (node.attributes["class"] or "").split()
        }
        self.policies = [node.attributes.get("content") or "" for node in tree.css(_POLICY)]
        bound = {node.mem_id for node in tree.css(_BOUND)}
        self.free = [
            text
            for article in tree.css("article")
            if not _is_bound(article, bound)
            for text in _texts_outside(article, bound)
            if _DIGIT.search(text)
        ]
        for node in tree.css(_UNREAD):
            node.decompose()
        self.words = tree.root.text() if tree.root else ""


def _loads(node: LexborNode) -> Iterator[tuple[str, str]]:
    """The element's name with each address that it loads."""
    name, values = node.tag or "", node.attributes
    if name != "data":  # the attributes of <data> hold values, not addresses
        for attribute in _LOADING_ATTRIBUTES:
            if address := values.get(attribute):
                yield name, address
    if name == "link" and values.get("rel") not in _RELATED_PAGES and (to := values.get("href")):
        yield name, to
    if name == "form" and (to := values.get("action")):
        yield name, to


def _is_bound(node: LexborNode, bound: set[int]) -> bool:
    """Whether the element or one around it is in `bound`."""
    above: LexborNode | None = node
    while above is not None:
        if above.mem_id in bound:
            return True
        above = above.parent
    return False


def _texts_outside(node: LexborNode, bound: set[int]) -> Iterator[str]:
    """The texts inside an element, but for those in elements of `bound`."""
    child = node.first_child
    while child is not None:
        if child.is_text_node:
            yield child.text_content or ""
        elif child.mem_id not in bound:
            yield from _texts_outside(child, bound)
        child = child.next


def free_numbers(texts: list[str], names: re.Pattern[str]) -> list[str]:
    """The words with digits that stand in no element naming a record and match no allowance;
    `names` are the guide's own.
    """
    free: list[str] = []
    allowed = [pattern for pattern, _ in ALLOWED]
    # The guide's own dates of review and look-up.
    dates = language.current().dates
    for text in texts:
        rest = re.sub(r"\s+", " ", text)
        for pattern in allowed:
            rest = pattern.sub(" ", rest)
        # A date has a year; to look for twelve months in each text takes long.
        if _YEAR.search(rest):
            rest = dates.sub(" ", rest)
        free += re.findall(r"\S*\d\S*", names.sub(" ", rest))
    return free
