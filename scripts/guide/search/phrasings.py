"""What people type, counted word by word: from it the box learns what a question is about and how
urgent it is.

The box learns when it is first used: counts are a quarter of the size of what is learnt from them.
docs/assets/search/10-classifier.js says how.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import get_args

from guide.content import models as m
from guide.content.library import Library
from guide.search.tokens import tokens

# The urgency of an intent that some are in a hurry about.
MIXED = "mixed"
# What stands for any number.
NUMBER = "#"


def count(
    phrasings: Mapping[str, Iterable[str]], slots: Mapping[str, str]
) -> dict[str, list[tuple[int, int]]]:
    """In how many phrasings of each class a word stands: by word the number of the class and how
    many. `slots` are words that stand for what a phrase is about, such as the name of a medicine,
    and what they become.
    """
    words: dict[str, list[tuple[int, int]]] = {}
    for number, phrases in enumerate(phrasings.values()):
        met = Counter(word for phrase in phrases for word in set(features(phrase, slots)))
        for word, times in met.items():
            words.setdefault(word, []).append((number, times))
    return words


def features(phrase: str, slots: Mapping[str, str]) -> list[str]:
    """The words of a phrase as they are counted."""
    return [slots.get(word, NUMBER if word[0].isdigit() else word) for word in tokens(phrase)]


def phrasings_by_intent(library: Library) -> dict[str, list[str]]:
    """What people type for each intent, in the order of content/intents.yml, its meaning and what
    the guide's own questions say people type among them; last, under "", what the guide does not
    cover.
    """
    phrases = {key: [intent.meaning] for key, intent in library.intents.items()}
    phrases[""] = []
    for file in library.phrasings.values():
        for intent, written in file.phrasings.items():
            if intent in phrases:
                phrases[intent].extend(written)
        phrases[""].extend(file.not_covered)
    for question in (one for questions in library.questions.values() for one in questions):
        for intent in question.intents:
            if intent in phrases:
                phrases[intent].extend(question.typed)
    return phrases


def phrasings_by_urgency(library: Library) -> dict[str, list[str]]:
    """What people type by how urgent it is; under "" what is not."""
    phrases: dict[str, list[str]] = {level: [] for level in get_args(m.Urgency)}
    phrases[""] = []
    for file in library.urgency.values():
        for level, written in file.phrasings.items():
            phrases[level].extend(written)
        phrases[""].extend(file.everyday)
    return phrases


# How many phrases of everyday questions have a pair of words before it counts.
PAIR_PHRASES = 6
# What is added to each number of phrases, so that a pair that was never met does not decide alone.
SMOOTHING = 0.3


@dataclass(frozen=True)
class Pairs:
    """How much pairs of neighbouring words say that a phrase is urgent: by first word, the second
    and the logarithm of how much more often the pair stands in urgent phrases than in others; and
    how many phrases of each there are. The ends of a phrase are the words "^" and "$".
    """

    weights: dict[str, list[tuple[str, float]]]
    urgent: int
    calm: int


def urgent_pairs(library: Library, slots: Mapping[str, str]) -> Pairs:
    """Learnt from the phrases of every urgency and of every intent but those that some who ask them
    are in a hurry about. "I have chest pain" and "does it cause chest pain" differ in nothing but
    pairs (Wang and Manning 2012, "Baselines and bigrams").
    """
    by_urgency = phrasings_by_urgency(library)
    calm = by_urgency.pop("")
    urgent = [phrase for phrases in by_urgency.values() for phrase in phrases]
    for key, phrases in phrasings_by_intent(library).items():
        level = library.intents[key].urgency if key else None
        if level != MIXED:
            (urgent if level else calm).extend(phrases)
    in_urgent = Counter(pair for phrase in urgent for pair in _pairs(phrase, slots))
    in_calm = Counter(pair for phrase in calm for pair in _pairs(phrase, slots))
    weights: dict[str, list[tuple[str, float]]] = {}
    for pair in sorted({*in_urgent, *in_calm}):
        if in_urgent[pair] + in_calm[pair] >= PAIR_PHRASES:
            first, second = pair
            share = (in_urgent[pair] + SMOOTHING) / (len(urgent) + 2 * SMOOTHING)
            other = (in_calm[pair] + SMOOTHING) / (len(calm) + 2 * SMOOTHING)
            weights.setdefault(first, []).append((second, math.log(share / other)))
    return Pairs(weights, len(urgent), len(calm))


def _pairs(phrase: str, slots: Mapping[str, str]) -> set[tuple[str, str]]:
    words = ["^", *features(phrase, slots), "$"]
    return set(pairwise(words))
