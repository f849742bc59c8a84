"""Plain text made safe for HTML, joined, shortened and turned into addresses."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

from markupsafe import Markup

from guide.base import language

# Markdown would read these as markup; as entities they are only ever text.
_MARKDOWN = {ord(mark): f"&#{ord(mark)};" for mark in "\\`*_{}[]()#+-.!|~^:=$"}


_HTML = {
    ord("&"): "&amp;",
    ord("<"): "&lt;",
    ord(">"): "&gt;",
    ord('"'): "&quot;",
    ord("'"): "&#39;",
}


_TEXT = _HTML | {ord(mark): f"&#{ord(mark)};" for mark in "\\`*_{}[]|~"}


@functools.lru_cache(maxsize=65536)
def text(value: str) -> Markup:
    """Any text from YAML, safe inside HTML and inside Markdown: it can only be read, not run."""
    return Markup(str(value).translate(_TEXT))


def one_line(value: str) -> str:
    """A text in one line, for references: without private-use or control characters."""
    plain = re.sub(r"[\x00-\x08\x0e-\x1f\x7f\ue000-\uf8ff]", "", value)
    return re.sub(r"\s+", " ", plain).strip()


def words_join(parts: Iterable[str], last: Literal["and", "or"] = "and") -> str:
    """`a, b and c`, or `a, b or c`."""
    return language.current().joined(parts, "or" if last == "or" else "standard")


def sentence(value: str) -> str:
    """The same words with a capital in front; medicine names are written small in YAML. A name
    with a capital inside keeps its small letter: eGFR is not EGFR.
    """
    first = _FIRST.match(value)
    if first is None or first[0][1:] != first[0][1:].lower():
        return value
    return value[:1].upper() + value[1:]


# The letters in front of the first hyphen, space or sign.
_FIRST = re.compile(r"[^\W\d_]+")


OTHER = "Other"


def letter_of(name: str) -> str:
    """The capital a name stands under in an index, without its accent; OTHER for one that begins
    with no letter.
    """
    first = unicodedata.normalize("NFKD", name.strip())[:1].upper()
    return first if "A" <= first <= "Z" else OTHER


def relative(source: str, target: str) -> Markup:
    """The way from one page's address to another's, both from the site's root:
    `../dosing/#kidney`.
    """
    path, mark, anchor = target.partition("#")
    here, there = source.split("/")[:-1], path.split("/")
    while here and len(there) > 1 and here[0] == there[0]:
        here, there = here[1:], there[1:]
    return Markup(("../" * len(here) + "/".join(there) or "./") + mark + anchor)


def first_words(filled: Markup, count: int = 9) -> Markup:
    """The first words of a filled wording, for a link to where it stands in full."""
    plain = re.sub(r"<[^>]+>", "", str(filled)).split(" ")
    return Markup(" ".join(plain[:count]).rstrip(",;:.") + (" …" if len(plain) > count else ""))


def slug(title: str) -> str:
    """A heading as an id: small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"&#?\w+;", "", str(title)).lower()).strip("-")


def last_word(text: str) -> str:
    """The word that a text ends with, before white space at most; empty where a sign stands there.

    A pattern would try every word of the text.
    """
    text = text.rstrip()
    start = len(text)
    while start and (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
    return text[start:]
