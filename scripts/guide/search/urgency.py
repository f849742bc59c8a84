"""Whether what somebody types is urgent at all: a logistic regression on words and pairs.

"I have chest pain" and "does it cause chest pain" differ in nothing but neighbours, so pairs of
neighbouring words count beside the words. docs/assets/search/12-urgency.js adds their weights up.

It is learnt in each build, by steps along the gradient of one phrase at a time. The steps for a
feature get shorter as it is met (Duchi, Hazan and Singer 2011, "Adaptive subgradient methods").
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from guide.content.library import Library
from guide.search.phrasings import features, phrasings_by_intent, phrasings_by_urgency

# The urgency of an intent that some are in a hurry about.
MIXED = "mixed"
# In how many phrases a word or a pair stands before it counts.
WORD_PHRASES, PAIR_PHRASES = 3, 4
# How often all phrases are gone through, and the length of the first step.
ROUNDS, STEP = 10, 0.15
# What an urgent phrase counts for beside others: a missed one does more harm than a false alarm.
URGENT_COUNTS = 3.0
# Above which logarithm of the odds a phrase is urgent: chosen by tests/search/urgency-*.json that
# have been seen.
LEAST = -0.1
# What sums of squares start with, so that the first step is not endless.
TINY = 1e-8
SMALLEST_SLOPE = 1e-3
# Weights of pairs that are nearer to nothing are left out.
LEAST_PAIR = 0.75

# A word alone, or two neighbours.
_Feature = tuple[str, ...]
# A phrase as the places of its features, and whether it is urgent.
_Row = tuple[list[int], bool]


@dataclass(frozen=True)
class UrgentWeights:
    """How much each word, and each pair by its first and second word, adds to the logarithm of the
    odds that a phrase is urgent, and what there is to start with; above 0 it is urgent. The ends of
    a phrase are the words "^" and "$".
    """

    start: float
    words: dict[str, float]
    pairs: dict[str, list[tuple[str, float]]]


def urgent_weights(library: Library, slots: Mapping[str, str]) -> UrgentWeights:
    """Learnt from the phrases of every urgency and of every intent but those that some who ask them
    are in a hurry about.
    """
    phrases = [(_features(phrase, slots), is_urgent) for phrase, is_urgent in _phrases(library)]
    met = Counter(feature for found, _ in phrases for feature in found)
    least = {1: WORD_PHRASES, 2: PAIR_PHRASES}
    known = sorted(feature for feature, times in met.items() if times >= least[len(feature)])
    places = {feature: place for place, feature in enumerate(known)}
    start, weights = _learnt(
        [
            (sorted(places[feature] for feature in found if feature in places), is_urgent)
            for found, is_urgent in phrases
        ],
        len(known),
    )
    words: dict[str, float] = {}
    pairs: dict[str, list[tuple[str, float]]] = {}
    for feature, weight in zip(known, weights, strict=True):
        if len(feature) == 1:
            words[feature[0]] = weight
        elif abs(weight) >= LEAST_PAIR:
            pairs.setdefault(feature[0], []).append((feature[1], weight))
    return UrgentWeights(start - LEAST, words, pairs)


def _phrases(library: Library) -> Iterator[tuple[str, bool]]:
    """Each phrase, and whether it is urgent."""
    for level, phrases in phrasings_by_urgency(library).items():
        yield from ((phrase, bool(level)) for phrase in phrases)
    for key, phrases in phrasings_by_intent(library).items():
        urgency = library.intents[key].urgency if key else None
        if urgency != MIXED:
            yield from ((phrase, bool(urgency)) for phrase in phrases)


def _features(phrase: str, slots: Mapping[str, str]) -> set[_Feature]:
    words = features(phrase, slots)
    return {*((word,) for word in words), *pairwise(["^", *words, "$"])}


def _learnt(rows: list[_Row], size: int) -> tuple[float, list[float]]:
    """What to start with, and the weight of each feature: the mean after each round, which one
    phrase more or less changes little.
    """
    weights, squares = [0.0] * size, [TINY] * size
    start, start_squares = 0.0, TINY
    order = random.Random(0)
    sums, start_sum = [0.0] * size, 0.0
    for _ in range(ROUNDS):
        order.shuffle(rows)
        for found, is_urgent in rows:
            odds = start + sum(weights[place] for place in found)
            share = 1 / (1 + math.exp(min(-odds, 50.0)))
            slope = (share - 1) * URGENT_COUNTS if is_urgent else share
            # What is known well enough teaches nothing more.
            if abs(slope) < SMALLEST_SLOPE:
                continue
            for place in found:
                squares[place] += slope * slope
                weights[place] -= STEP * slope / math.sqrt(squares[place])
            start_squares += slope * slope
            start -= STEP * slope / math.sqrt(start_squares)
        sums = [total + weight for total, weight in zip(sums, weights, strict=True)]
        start_sum += start
    return start_sum / ROUNDS, [total / ROUNDS for total in sums]
