"""Words as the index holds them."""

from __future__ import annotations

import functools
import re
import unicodedata

from guide.base.language import current
from guide.content.language_rules import language_rules

# How a language says that its words lose English endings.
ENGLISH_STEMS = "english"


def stop_words() -> frozenset[str]:
    """Words of the current language that hardly tell one section from another. One may also be a
    disease's abbreviation.
    """
    return _stop_words(current().code)


@functools.cache
def _stop_words(code: str) -> frozenset[str]:
    words = language_rules().search
    return frozenset(words.stop if words.stems == ENGLISH_STEMS else map(folded, words.stop))


def tokens(text: str) -> list[str]:
    """Words of the current language as the search compares them: small letters, `EX-7` as `ex7`; in
    English without plural and verb endings, in other languages without marks on letters.

    docs/assets/search.js does the same to what is typed; a test compares the two.
    """
    if language_rules().search.stems == ENGLISH_STEMS:
        text = re.sub(r"([a-z])[-\u2011 ](\d)", r"\1\2", text.lower())
        return [_stem(word) for word in re.findall(r"[a-z0-9]+", text)]
    text = re.sub(r"([^\W\d_])[-\u2011 ]([0-9])", r"\1\2", folded(text))
    return re.findall(r"[^\W_]+", text)


def folded(text: str) -> str:
    """Small letters without their marks: `Übung` as `ubung`, `groß` as `gross`."""
    parts = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss"))
    return "".join(letter for letter in parts if unicodedata.category(letter)[0] != "M")


@functools.cache
def _stem(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    for ending in ("ation", "ing", "ion", "ed"):
        if word.endswith(ending) and len(word) > len(ending) + 3:
            return word[: -len(ending)]
    return word


# The shortest name that is known by its look, and how many letters may be wrong.
NAME, SLIPS = 6, 2


def slip_of_the_pen(typed: str, name: str) -> bool:
    """Whether a name is meant that is written a little differently; docs/assets/search-parts.js
    says the same of a question's words.
    """
    if (
        typed[:1] != name[:1]
        or min(len(typed), len(name)) < NAME
        or abs(len(typed) - len(name)) > SLIPS
        or typed.count(" ") != name.count(" ")
    ):
        return False
    row = list(range(len(name) + 1))
    for number, letter in enumerate(typed, 1):
        before, row[0] = row[0], number
        for place, other in enumerate(name, 1):
            before, row[place] = (
                row[place],
                min(row[place] + 1, row[place - 1] + 1, before + (letter != other)),
            )
    return row[-1] <= SLIPS
