"""The readable words of what an address answered, and whether it is the document at all.

The words are compared, not the markup: case, white space, hyphens, quotes and punctuation make no
difference. A wall in front of a document (login, cookies, a check for robots, an error page with
status 200) is no change of it, and is told as what it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

# What a reader does not read, or what changes on every page of a site.
_NO_TEXT = (
    "script, style, noscript, template, svg, iframe, object, dialog, nav, header, footer, aside,"
    " select, button, label, textarea, [hidden]"
)

_MAIN = "main, [role=main]"

# Fewer words are no document: a wall, an error, or a page that scripts fill.
FEW = 60

# A wall has few words; a document that speaks of cookies has many.
WALL = 400

# Words that hyphenation and signs do not part: letters, digits, and signs that change a number.
_WORD = re.compile(r"[^\W_]+(?:[.,][0-9]+)*|[%<>=≤≥±]")

_HYPHENS = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")

# Where a proof leaves out words of its source.
_GAP = re.compile(r"\s*(?:…|\[…\]|\.\.\.|\[\.\.\.\])\s*")

# What a page is when it is not the document. The first that fits is told.
_WALLS = (
    (
        "an error page",
        re.compile(
            r"\b(?:page|document|content|article|site|url)\b.{0,40}\b(?:not (?:be )?found"
            r"|unavailable|no longer (?:available|exists?)|does(?: not|n t) exist|moved|removed)\b"
            r"|\bnot found\b|\b(?:error )?404\b|\bseite (?:wurde )?nicht gefunden\b"
        ),
    ),
    (
        "a page against robots",
        re.compile(
            r"\bcaptcha\b|\bare you (?:a )?(?:human|robot)\b|\bverify(?:ing)? (?:that )?you are\b"
            r"|\b(?:checking|enable) (?:your browser|javascript|cookies)\b|\bjust a moment\b"
            r"|\bunusual traffic\b|\baccess denied\b"
        ),
    ),
    (
        "a login page",
        re.compile(
            r"\b(?:sign|log) ?in\b|\blogin\b|\bpassword\b|\bcreate (?:an )?account\b|\bsubscribe\b"
            r"|\bhealthcare professionals? only\b|\banmelden\b|\bpasswort\b"
        ),
    ),
    (
        "a cookie page",
        re.compile(r"\bcookies?\b|\b(?:accept|reject) all\b|\bprivacy (?:settings|choices)\b"),
    ),
)


@dataclass(frozen=True)
class PageText:
    """The words of a page in small letters, one space apart, and its first words as printed.

    `wall` says what it seems to be in place of the document; empty text for a document.
    """

    words: str
    first: str
    wall: str = ""

    @property
    def count(self) -> int:
        """How many words it has."""
        return len(self.words.split())

    def holds(self, proof: str) -> bool:
        """Whether each part of a proof stands in the text; its parts are apart by '…'."""
        parts = [" ".join(_words(part)) for part in _GAP.split(proof)]
        text = f" {self.words} "
        return any(parts) and all(f" {part} " in text for part in parts if part)


def page_text(body: bytes, content_type: str) -> PageText | None:
    """The text of a page; None where it is no page of text, such as a PDF."""
    kind = content_type.partition(";")[0].strip().lower()
    if b"\0" in body[:1024] or body.startswith(b"%PDF"):
        return None
    if kind in ("text/html", "application/xhtml+xml") or (
        not kind and re.search(rb"<(?:!doctype html|html)", body[:1024], re.I)
    ):
        return _html_text(_decoded(body, content_type))
    if kind.startswith("text/") or kind.endswith(("json", "xml")):
        printed = _decoded(body, content_type)
        return _text(re.sub(r"<[^>]*>", " ", printed) if kind.endswith("xml") else printed)
    return None


def _html_text(markup: str) -> PageText:
    page = LexborHTMLParser(markup)
    title = page.css_first("title")
    heading = page.css_first("h1")
    titles = " ".join(node.text() for node in (title, heading) if node)
    password = page.css_first("input[type=password]") is not None
    page.strip_tags(_NO_TEXT.split(", "))
    if page.body is None:
        return _text("")
    mains = [node.text(separator=" ") for node in page.css(_MAIN)]
    main = max(mains, key=len, default="")
    whole = page.body.text(separator=" ")
    return _text(main if len(main.split()) >= FEW else whole, titles, password)


def _text(printed: str, titles: str = "", password: bool = False) -> PageText:
    words = " ".join(_words(printed))
    first = " ".join(printed.split()[:12])
    return PageText(words, first, _wall(words, " ".join(_words(titles)), password))


def _wall(words: str, titles: str, password: bool) -> str:
    """What a text seems to be in place of the document; empty text where it may be one."""
    count = len(words.split())
    error = _WALLS[0][1]
    if error.search(titles) and count < WALL:
        return _WALLS[0][0]
    if password and count < WALL:
        return "a login page"
    if count < WALL / 2:
        for name, pattern in _WALLS:
            if pattern.search(words) or pattern.search(titles):
                return name
    return "a page of almost no words" if count < FEW else ""


def _words(text: str) -> Iterator[str]:
    plain = unicodedata.normalize("NFKC", _HYPHENS.sub("", text)).casefold()
    return (match[0] for match in _WORD.finditer(plain))


def _decoded(body: bytes, content_type: str) -> str:
    """The body as text: in the charset of the answer, of the page itself, or UTF-8."""
    named = re.search(r"charset=[\"']?([\w-]+)", content_type, re.I) or re.search(
        r"<meta[^>]{0,200}charset=[\"']?([\w-]+)", body[:2048].decode("ascii", "replace"), re.I
    )
    try:
        return body.decode(named[1] if named else "utf-8", "replace")
    except LookupError:
        return body.decode("utf-8", "replace")
