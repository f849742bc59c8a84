"""Counts of words packed into text, for docs/assets/search/05-counts.js to unpack.

A word's counts are numbers of documents (of sections, or of classes of phrases), in order, each
with how often the word stands there. Written as gaps between the numbers, one letter a gap, they
compress to half of what JSON does (Witten, Moffat and Bell, "Managing Gigabytes", chapter 3).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import takewhile

Counts = Mapping[str, Iterable[tuple[int, int]]]

# One letter for a gap of 1 to 64; before it this one for each 64 more.
GAPS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
FURTHER = "~"
# After a gap: how often the word stands there, where more than once; what lies between is rounded
# down.
TIMES = dict(zip((2, 3, 4, 5, 6, 8, 11, 15, 20, 30, 50, 100, 200), "!*();:,.?@#$%", strict=True))


def packed(tables: Mapping[str, Counts]) -> dict[str, str | dict[str, str]]:
    """Tables of counts as `words`, all words of any table in order with spaces between them, each
    as how many letters it shares with the start of the one before (9 at most) and its other
    letters; and `counts`, by table the counts of each of these words with spaces between them.
    """
    words = sorted({word for table in tables.values() for word in table})
    return {
        "words": " ".join(map(_after, ("", *words), words)),
        "counts": {
            name: " ".join(_gaps(table.get(word, ())) for word in words)
            for name, table in tables.items()
        },
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


# Weights from -8 to 8 in whole steps, one letter each.
STEP, MOST = 1.0, 8.0


def packed_pairs(weights: Mapping[str, Iterable[tuple[str, float]]]) -> dict[str, str]:
    """Weights of pairs of words: `words`, those of any pair, the most frequent first; and
    `weights`, for each of them as a first word, in the same order, its pairs: the gap to the place
    of the second word and a letter for the weight.
    """
    met = Counter(
        word for first, pairs in weights.items() for second, _ in pairs for word in (first, second)
    )
    words = sorted(met, key=lambda word: (-met[word], word))
    places = {word: place for place, word in enumerate(words)}
    lines = []
    for first in words:
        letters, last = [], -1
        for place, weight in sorted((places[second], w) for second, w in weights.get(first, ())):
            letters.append(_gap(place - last) + _weight(weight))
            last = place
        lines.append("".join(letters))
    return {"words": " ".join(words), "weights": " ".join(lines)}


def _weight(weight: float) -> str:
    return GAPS[round((max(-MOST, min(MOST, weight)) + MOST) / STEP)]


def _gap(gap: int) -> str:
    further, letter = divmod(gap - 1, len(GAPS))
    return FURTHER * further + GAPS[letter]
