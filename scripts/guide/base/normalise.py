"""A text as its reader reads it: letters that look the same are the same, and what nobody sees is
not there.

Texts are pasted from leaflets, PDFs and word processors. Those bring soft hyphens, no-break spaces,
ligatures and curly quotes. A rule that looks for "approved for" would pass by "approved for" with
another kind of space. So every text is made plain when it is read, before any rule, search or page
sees it.

`normalise` changes only what looks the same afterwards. `find_hidden` and `find_alike` find
what is refused: an invisible character, and a word that only looks as if its letters were Latin.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# Every kind of space that is not the plain one; a tab inside a text is one of them.
ODD_SPACES = "\t" + "".join(
    chr(code) for code in (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)
)


# What a word processor writes for " and '.
CURLY_DOUBLE = "“”„‟"


CURLY_SINGLE = "‘’‚‛"


_SOFT_HYPHEN = "\u00ad"


_MICRO, _MU = "\u00b5", "\u03bc"


def _compatible() -> Iterator[str]:
    """Characters that are another way to print plain letters: ligatures, full-width letters,
    letters of formulas, units in a square.

    Superscripts are none of them: m² is not m2. Nor are full-width commas and brackets, which
    Chinese and Japanese titles are written with.
    """
    yield from map(chr, range(0xFB00, 0xFB07))
    yield from map(
        chr, (0xFF05, *range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
    )
    yield from map(chr, range(0x1D400, 0x1D800))
    # "㎎" is "mg"; "㎡" would lose its square and stays.
    yield from (
        letter
        for letter in map(chr, range(0x3380, 0x33E0))
        if re.fullmatch(r"[A-Za-zµμ/]+", unicodedata.normalize("NFKC", letter))
    )


_PLAIN = str.maketrans(
    {letter: unicodedata.normalize("NFKC", letter).replace(_MU, _MICRO) for letter in _compatible()}
    | dict.fromkeys(ODD_SPACES, " ")
    | dict.fromkeys(CURLY_DOUBLE, '"')
    | dict.fromkeys(CURLY_SINGLE + "\u02bc\u00b4", "'")
    | dict.fromkeys("\u2010\u2011\ufe63", "-")
    | {_SOFT_HYPHEN: "", _MU: _MICRO}
)


_RUN = re.compile(" {2,}")


def normalise(text: str) -> str:
    """The text with plain spaces, quotes and hyphens, each letter in one form (NFC), and no soft
    hyphens.

    Line breaks stay; several spaces in a line become one. A text that is plain already is given
    back as it is.
    """
    if not text.isascii():
        # Once before, so that all forms of a letter are found; once after, because an accent may
        # now follow its letter.
        text = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).translate(_PLAIN))
    return _RUN.sub(" ", text.replace("\t", " ")) if "  " in text or "\t" in text else text


# What nobody sees: controls, what turns the direction of a text, marks without width, halves of
# letters, letters that exist to tag others, and letters whose shape is empty.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff\U0001d173-\U0001d17a\U000e0000-\U000e00ff]"
)


# What joins or varies the letter before it: Persian, Hindi, emoji and rare Han need them, Latin
# letters do not.
_JOINERS = re.compile("[\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def find_hidden(text: str) -> str:
    """The first character of a text that nobody sees; empty text where there is none. Soft hyphens
    are dropped, not refused.
    """
    if text.isascii() and text.isprintable():
        return ""
    match = _HIDDEN.search(text)
    if match:
        return match[0]
    return next(
        (mark[0] for mark in _JOINERS.finditer(text) if not _joins(text[: mark.start()][-1:])), ""
    )


def _joins(before: str) -> bool:
    """Whether a joiner behind this character is part of how it is written."""
    if not before or before.isascii():
        return False
    return unicodedata.category(before) in ("Lo", "Mn", "Mc", "So", "Sm", "Sk") or bool(
        _JOINERS.match(before)
    )


_WORD = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f])+")


# Letters of other alphabets that a reader takes for Latin ones, whatever the fonts.
_CYRILLIC_LOOKALIKES = set("аеорсухкіјѕһԁԛԝӏѵАВЕКМНОРСТХУІЈЅҮԚԜӀ")


_GREEK_LOOKALIKES = set("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοϲϳ")


# Nearly a Latin letter. In names such as NFκB, RORγt or αvβ3 they are meant.
_GREEK_NEAR = "αγηικνρτυχω"


_IN_A_WORD = re.compile(
    rf"[a-z]{{2}}[{_GREEK_NEAR}]|[{_GREEK_NEAR}][a-z]{{2}}|[a-z][{_GREEK_NEAR}][a-z]"
)


# Alphabets that no word shares with Latin letters; Han, kana, Arabic and the like do ("EX阻害薬").
_ALPHABETS = ("CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU", "GLAGOLITIC")


# Letters of phonetic script with the shape of a common one.
_PHONETIC_LOOKALIKES = set("ɑɡ")


def find_alike(text: str, identifier: bool = False) -> tuple[str, str] | None:
    """The first word that only looks Latin, and the letter that is not; None where there is none.

    `text` is normalised. In an identifier no letter may be a lookalike, even where no Latin letter
    stands beside it.
    """
    if text.isascii():
        return None
    words = _WORD.findall(text)
    for word in words:
        letter = _stranger(word)
        if letter:
            return word, letter
    return _disguised(words, identifier)


def _stranger(word: str) -> str:
    """The letter that a word of Latin letters has from another alphabet; empty text where there is
    none.
    """
    if word.isascii() or not any(_alphabet(letter) == "LATIN" for letter in word):
        return ""
    for letter in word:
        if (
            letter in _GREEK_LOOKALIKES
            or letter in _PHONETIC_LOOKALIKES
            or _alphabet(letter) in _ALPHABETS
        ):
            return letter
    near = _IN_A_WORD.search(word)
    return near[0].strip("abcdefghijklmnopqrstuvwxyz") if near else ""


def _disguised(words: list[str], identifier: bool) -> tuple[str, str] | None:
    """A whole word of letters that look Latin, such as a Cyrillic a alone in an English sentence.

    In a Russian sentence there are other letters, too.
    """
    lookalikes = _CYRILLIC_LOOKALIKES | _GREEK_LOOKALIKES
    foreign = [
        word
        for word in words
        if any(_alphabet(letter) == "CYRILLIC" or letter in _GREEK_LOOKALIKES for letter in word)
    ]
    latin = any(_alphabet(letter) == "LATIN" for word in words for letter in word)
    if foreign and (latin or identifier) and all(set(word) <= lookalikes for word in foreign):
        return foreign[0], foreign[0][0]
    return None


def _alphabet(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ")[0]


def named(letter: str) -> str:
    """A character by its number and name: `U+0430 (Cyrillic small letter a)`; the number alone
    where it has no name.
    """
    name = unicodedata.name(letter, "").lower()
    for proper in ("latin", "cyrillic", "greek", "armenian", "cherokee", "coptic"):
        name = name.replace(proper, proper.capitalize())
    return f"U+{ord(letter):04X} ({name})" if name else f"U+{ord(letter):04X}"
