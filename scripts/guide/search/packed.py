"""Counts of words packed into text, for docs/assets/search/05-counts.js to unpack.

A word's counts are numbers of documents (of sections, or of classes of phrases), in order, each
with how often the word stands there. Written as gaps between the numbers, one letter a gap, they
compress to half of what JSON does (Witten, Moffat and Bell, "Managing Gigabytes", chapter 3).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile

Counts = Mapping[str, Iterable[tuple[int, int]]]

# One letter for a gap of 1 to 64; before it this one for each 64 more.
GAPS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
FURTHER = "~"
# After a gap: how often the word stands there, where more than once; what lies between is rounded
# down.
TIMES = dict(zip((2, 5, 14, 40, 120), "!*();", strict=True))


# By first word, the second word of a pair and a weight.
Pairs = Mapping[str, Iterable[tuple[str, float]]]


def packed(
    tables: Mapping[str, Counts], pairs: Pairs | None = None
) -> dict[str, str | dict[str, str]]:
    """Tables of counts as `words`, all words of any table in order with spaces between them, each
    as how many letters it shares with the start of the one before (9 at most) and its other
    letters; and `counts`, by table the counts of each of these words with spaces between them. Of
    `pairs` of words there are cells in the same order (`_cells`).
    """
    begun = {first: sorted(found) for first, found in (pairs or {}).items()}
    paired = {*begun, *(second for found in begun.values() for second, _ in found)}
    words = sorted({word for table in tables.values() for word in table} | paired)
    return {
        "words": " ".join(map(_after, ("", *words), words)),
        "counts": {
            name: " ".join(_gaps(table.get(word, ())) for word in words)
            for name, table in tables.items()
        },
        "pairs": " ".join(_cells(begun, paired, words)) if begun else "",
    }


def _after(before: str, word: str) -> str:
    pairs = zip(before[:9], word, strict=False)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return f"{shared}{word[shared:]}"


def _gaps(counts: Iterable[tuple[int, int]]) -> str:
    letters, last = [], -1
    for number, times in counts:
        letters.append(_gap(number - last))
        if times > 1:
            letters.append(TIMES[max(step for step in TIMES if step <= times)])
        last = number
    return "".join(letters)


# What a cell begins with whose word stands in a pair.
PAIRED = "."
# Weights from -4 to almost 4 in eighths, one letter each.
STEP, LOWEST = 1 / 8, -4.0


def _cells(
    begun: Mapping[str, list[tuple[str, float]]], paired: set[str], words: list[str]
) -> Iterator[str]:
    """A cell for each word: empty for one that stands in no pair, else PAIRED and the pairs that it
    begins, each as the gap to the number of the second word and a letter for the weight.

    Words that stand in pairs are numbered by how many they begin, most first: those also end many,
    so that gaps are short.
    """
    order = sorted(paired, key=lambda word: (-len(begun.get(word, ())), word))
    numbers = {word: number for number, word in enumerate(order)}
    for word in words:
        letters, last = [PAIRED] if word in paired else [], -1
        for number, weight in sorted((numbers[second], w) for second, w in begun.get(word, ())):
            letters.append(_gap(number - last) + GAPS[weight_step(weight)])
            last = number
        yield "".join(letters)


def weight_step(weight: float) -> int:
    """The place of a weight among those that have a letter."""
    return max(0, min(len(GAPS) - 1, round((weight - LOWEST) / STEP)))


def _gap(gap: int) -> str:
    further, letter = divmod(gap - 1, len(GAPS))
    return FURTHER * further + GAPS[letter]
