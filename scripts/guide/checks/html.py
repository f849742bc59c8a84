"""The HTML of a finished page as the checks see it."""

from __future__ import annotations

import functools
import html
import re
from typing import NamedTuple

from guide.content.wording import NAMES

# Digits that state no fact about health, and why each may stand free in the main text.
ALLOWED = (
    (re.compile(r"\b95\s?% intervals?\b"), "the name of a statistical method"),
    (re.compile(r"\bout of 100\b"), "the denominator named in a caption"),
    (
        re.compile(
            r"\b\d{1,2}"
            r" (?:January|February|March|April|May|June|July|August|September|October|November|December)"
            r" \d{4}\b"
        ),
        "the guide's own dates of review and look-up",
    ),
    (
        re.compile(r"\bthis page shows [\d,]+ facts?; [\d,]+ sources?\b", re.I),
        "the page's count of itself",
    ),
    (re.compile(r"\bWCAG 2\.\d\b"), "the name of a standard"),
    (re.compile(r"\bA4\b"), "a size of paper"),
    (
        re.compile(r"\b(?:3 to 54 in 100|out of 1,?000|1 in X)\b"),
        "the reason of a rule, on the page that lists the rules",
    ),
)


_VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
}


_QUIET = {"script", "style", "svg", "title", "noscript", "template"}


_INSIDE = r"""[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*"""


# A script or style with its contents, a tag, a comment or declaration, or a lone "<"; each with the
# text behind it.
_PIECES = re.compile(
    rf"<(?:(script|style)\b({_INSIDE})>.*?</\1\s*>|(/?)([a-zA-Z][^\s/>]*)({_INSIDE})>|!--.*?-->|[!?][^>]*>)?([^<]*)",
    re.S | re.I,
)


_ATTRIBUTES = re.compile(r"""([^\s=>"'/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")


_DIGIT = re.compile(r"\d")


class _Tag(NamedTuple):
    """What the checks need of an opening tag; `bound` says whether what stands inside belongs to a
    record or is no text of the page.
    """

    name: str
    void: bool
    bound: bool
    tells: bool
    id: str = ""
    link: str | None = None
    loads: tuple[tuple[str, str], ...] = ()
    classes: tuple[str, ...] = ()
    policy: str | None = None


# The same tags stand on many pages: navigation, sources, the signs. Reading their attributes is
# most of the work.
@functools.lru_cache(maxsize=1 << 15)
def _tag(tag: str, attributes: str) -> _Tag:
    name = tag.lower()
    values = (
        {
            key.lower(): html.unescape(double or single or bare)
            for key, double, single, bare in _ATTRIBUTES.findall(attributes)
        }
        if attributes
        else {}
    )
    loads = [
        (name, values[key])
        for key in ("src", "poster", "data", "srcset")
        if values.get(key) and name != "data"
    ]
    if (
        name == "link"
        and values.get("href")
        and values.get("rel") not in ("canonical", "alternate", "prev", "next")
    ):
        loads.append((name, values["href"]))
    if name == "form" and values.get("action"):
        loads.append((name, values["action"]))
    policy = name == "meta" and (
        values.get("http-equiv", "").lower() == "content-security-policy"
        or values.get("name") == "referrer"
    )
    bound = "data-record" in values or "data-cite" in values or name in _QUIET
    return _Tag(
        name,
        name in _VOID,
        bound,
        bool(loads or policy or values.keys() & {"id", "class", "href"}),
        values.get("id", ""),
        values.get("href") if name == "a" else None,
        tuple(loads),
        tuple(values.get("class", "").split()),
        values.get("content", "") if policy else None,
    )


class Page:
    """What the checks need of one page: ids, links, loads, classes, all text, and text with digits
    bound to no record.
    """

    def __init__(self, page: str) -> None:
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[tuple[str, str]] = []
        self.free: list[str] = []
        self.classes: set[str] = set()
        self.policies: list[str] = []
        stack: list[tuple[str, bool, bool]] = []
        texts: list[str] = []
        for quiet, quiet_attributes, closing, tag, attributes, text in _PIECES.findall(page):
            if closing:
                tag = tag.lower()
                if stack and stack[-1][0] == tag:
                    stack.pop()
                else:
                    for depth in range(len(stack) - 1, -1, -1):
                        if stack[depth][0] == tag:
                            del stack[depth:]
                            break
            elif tag:
                found = _tag(tag, attributes)
                if found.tells:
                    self._note(found)
                if not found.void:
                    _, main, bound = stack[-1] if stack else ("", False, False)
                    stack.append(
                        (found.name, main or found.name == "article", bound or found.bound)
                    )
            elif quiet:
                self._note(_tag(quiet, quiet_attributes))
            if text and stack:
                texts.append(text)
                _, main, bound = stack[-1]
                if main and not bound and not text.isspace():
                    shown = html.unescape(text)
                    if _DIGIT.search(shown):
                        self.free.append(shown)
        self.words = html.unescape("".join(texts))

    def _note(self, tag: _Tag) -> None:
        if tag.id:
            self.ids.append(tag.id)
        if tag.link is not None:
            self.links.append(tag.link)
        if tag.classes:
            self.classes.update(tag.classes)
        if tag.loads:
            self.loads += tag.loads
        if tag.policy is not None:
            self.policies.append(tag.policy)


def free_numbers(texts: list[str], names: re.Pattern[str] = NAMES) -> list[str]:
    """The words with digits that stand in no element naming a record and match no allowance;
    `names` are the guide's own.
    """
    found = []
    for text in texts:
        rest = re.sub(r"\s+", " ", text)
        for pattern, _ in ALLOWED:
            rest = pattern.sub(" ", rest)
        found += re.findall(r"\S*\d\S*", names.sub(" ", rest))
    return found
