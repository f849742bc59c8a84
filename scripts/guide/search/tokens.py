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
    return frozenset(words.stop if words.stems == ENGLISH_STEMS else map(normal_form, words.stop))


# Greek letters as people spell them, and letters that no accent can be taken from.
_SPELT = str.maketrans(
    {
        "α": "alpha",
        "β": "beta",
        "γ": "gamma",
        "δ": "delta",
        "κ": "kappa",
        "μ": "u",
        "ß": "ss",
        "æ": "ae",
        "ø": "o",
        "ł": "l",
        "þ": "th",
        "ð": "d",
        "đ": "d",
        "ħ": "h",
        "\u0131": "i",
        "ĸ": "k",
        "ŋ": "n",
        "œ": "oe",
        "ŧ": "t",
        "\u02bc": "'",
    }
)


_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_][^\W_]*")


_DIGIT = re.compile(r"\d")
# Between two letters, between a letter and a number, and between a number and its unit.
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])['\u2019](?=[^\W\d_])")
_HYPHEN = re.compile(r"([^\W\d_])[-\u2010\u2011](?=\d)")
_UNIT_BEHIND = re.compile(r"(?<![^\W_])(\d+(?:[.,]\d+)*)(?=[^\W\d_])")


def normal_form(text: str) -> str:
    """A text as it is compared: small letters without their marks, whatever keyboard or paper it
    comes from. `EX-7` is `ex7`, `15mg` is `15 mg`, `don't` is `dont`, `Größe` is `grosse`.
    """
    # Most texts are plain, and a build has tens of thousands: each step only where it can count.
    text = text.lower() if text.isascii() else _without_marks(text)
    if "'" in text or "\u2019" in text:
        text = _APOSTROPHE.sub("", text)
    if _DIGIT.search(text):
        text = _UNIT_BEHIND.sub(r"\1 ", _HYPHEN.sub(r"\1", text))
    return text


def _without_marks(text: str) -> str:
    """Small letters without accents; marks begin behind the letters of Latin."""
    text = unicodedata.normalize("NFKC", text).lower().translate(_SPELT)
    parts = unicodedata.normalize("NFD", text)
    return "".join(
        letter for letter in parts if letter < "\u0300" or unicodedata.category(letter)[0] != "M"
    )


def tokens(text: str) -> list[str]:
    """Words of the current language as the search compares them: in `normal_form`, in English
    without plural and verb endings. A number is a word of its own, `2.5` too.

    docs/assets/search/00-words.js does the same to what is typed; a test compares the two.
    """
    words = _WORD.findall(normal_form(text))
    return list(map(_stem, words)) if language_rules().search.stems == ENGLISH_STEMS else words


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
    """Whether a name is meant that is written a little differently; docs/assets/search/30-parts.js
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
