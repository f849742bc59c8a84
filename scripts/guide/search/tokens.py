"""Words as the index holds them."""

from __future__ import annotations

import functools
import re

# Words that hardly tell one section from another. One may also be a disease's abbreviation.
STOP = frozenset(
    [
        "a",
        "about",
        "after",
        "all",
        "also",
        "am",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "been",
        "before",
        "being",
        "but",
        "by",
        "can",
        "cannot",
        "could",
        "did",
        "do",
        "does",
        "doing",
        "for",
        "from",
        "get",
        "gets",
        "had",
        "has",
        "have",
        "having",
        "he",
        "her",
        "his",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "just",
        "may",
        "me",
        "might",
        "more",
        "most",
        "much",
        "my",
        "no",
        "nor",
        "not",
        "of",
        "off",
        "on",
        "once",
        "one",
        "only",
        "or",
        "other",
        "our",
        "out",
        "over",
        "own",
        "per",
        "she",
        "should",
        "so",
        "some",
        "such",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "to",
        "too",
        "under",
        "until",
        "up",
        "us",
        "very",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "while",
        "who",
        "whom",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
        "since",
        "without",
        "actually",
        "still",
        "really",
        "want",
        "meant",
        "waiting",
        "im",
        "ive",
        "dont",
    ]
)


def tokens(text: str) -> list[str]:
    """Words as the search compares them: small letters, `EX-7` as `ex7`, without plural and verb
    endings.

    docs/assets/search.js does the same to what is typed; a test compares the two.
    """
    text = re.sub(r"([a-z])[-\u2011 ](\d)", r"\1\2", text.lower())
    return [_stem(word) for word in re.findall(r"[a-z0-9]+", text)]


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
