"""Whether what somebody types is urgent at all: a support vector machine on words and pairs.

"I have chest pain" and "does it cause chest pain" differ in nothing but neighbours, so pairs of
neighbouring words count beside the words. docs/assets/search/12-urgency.js adds their weights up.

It is learnt in each build, phrase by phrase in the dual problem (Hsieh and others 2008, "A dual
coordinate descent method for large-scale linear SVM", algorithm 1 with the squared loss). The
problem has one solution, so the order of the phrases does not matter. The pairs that say most are
kept, and the weights are learnt once more with them alone.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from guide.content.library import Library
from guide.search.phrasings import Words, features, phrasings_by_intent, phrasings_by_urgency

# The urgency of an intent that some are in a hurry about.
MIXED = "mixed"
# In how many phrases a word or a pair stands before it counts.
WORD_PHRASES, PAIR_PHRASES = 3, 4
# How many pairs are kept: with twice as many, as many phrases of writers left out were known.
PAIRS = 3000
# How much a phrase on the wrong side costs against large weights: chosen with writers left out.
COST = 0.07
# What an urgent phrase counts for beside others: a missed one does more harm than a false alarm.
URGENT_COUNTS = 1.5
# How far from its side a phrase may be when the search for weights ends: while pairs are chosen,
# and for the weights that count; and the most rounds.
ROUGHLY, NEAR_ENOUGH, ROUNDS = 0.4, 0.1, 100
# How far on its own side a phrase is before it is passed over in the next rounds.
SAFE = 0.3
# Above which sum of weights a phrase is urgent: chosen by tests/search/urgency-*.json that have
# been seen.
LEAST = -0.1

# A word alone, or two neighbours.
_Feature = tuple[str, ...]
# A phrase as the places of its features, and whether it is urgent.
_Row = tuple[list[int], bool]


@dataclass(frozen=True)
class UrgentWeights:
    """How much each word, and each pair by its first and second word, adds to a sum that begins
    with `start`: above 0 a phrase is urgent. The ends of a phrase are the words "^" and "$".
    """

    start: float
    words: dict[str, float]
    pairs: dict[str, list[tuple[str, float]]]


def urgent_weights(library: Library, slots: Mapping[str, str], words_of: Words) -> UrgentWeights:
    """Learnt from the phrases of every urgency and of every intent but those that some who ask them
    are in a hurry about.
    """
    phrases = [
        (_features(features(words_of[phrase], slots)), is_urgent)
        for phrase, is_urgent in _phrases(library)
    ]
    met = Counter(feature for found, _ in phrases for feature in found)
    least = {1: WORD_PHRASES, 2: PAIR_PHRASES}
    known = sorted(feature for feature, times in met.items() if times >= least[len(feature)])
    _, weights = _learnt(phrases, known, ROUGHLY)
    telling = sorted(
        (feature for feature in known if len(feature) > 1),
        key=lambda feature: (-abs(weights[feature]) * math.sqrt(met[feature]), feature),
    )
    kept = {*telling[:PAIRS]}
    known = [one for one in known if len(one) == 1 or one in kept]
    start, weights = _learnt(phrases, known, NEAR_ENOUGH)
    words: dict[str, float] = {}
    pairs: dict[str, list[tuple[str, float]]] = {}
    for feature, weight in weights.items():
        if len(feature) == 1:
            words[feature[0]] = weight
        else:
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


def _features(words: list[str]) -> set[_Feature]:
    """Words and pairs of neighbours."""
    return {*((word,) for word in words), *pairwise(["^", *words, "$"])}


def _learnt(
    phrases: list[tuple[set[_Feature], bool]], known: list[_Feature], near_enough: float
) -> tuple[float, dict[_Feature, float]]:
    """What to start with, and the weight of each known feature."""
    places = {feature: place for place, feature in enumerate(known)}
    rows = [
        (sorted(places[feature] for feature in found if feature in places), is_urgent)
        for found, is_urgent in phrases
    ]
    start, weights = _separated(rows, len(known), near_enough)
    return start, dict(zip(known, weights, strict=True))


def _separated(rows: list[_Row], size: int, near_enough: float) -> tuple[float, list[float]]:
    """The start and the weights that part urgent rows from others: the least of half their squares
    with the cost of each row's squared distance from its side.
    """
    start, weights = 0.0, [0.0] * size
    # One dual variable for each row: 0 where it does not matter for the weights.
    duals = [0.0] * len(rows)
    # What the squared loss adds to the diagonal of the dual problem.
    diagonal = [1 / (2 * COST * (URGENT_COUNTS if is_urgent else 1)) for _, is_urgent in rows]
    order = random.Random(0)
    turns = everyone = list(range(len(rows)))
    for _ in range(ROUNDS):
        order.shuffle(turns)
        farthest, further = 0.0, []
        for row in turns:
            found, is_urgent = rows[row]
            total = start
            for place in found:
                total += weights[place]
            slope = (total if is_urgent else -total) - 1 + diagonal[row] * duals[row]
            if duals[row] or slope < 0:
                farthest = max(farthest, abs(slope))
                dual = max(duals[row] - slope / (len(found) + 1 + diagonal[row]), 0.0)
                step = dual - duals[row] if is_urgent else duals[row] - dual
                duals[row] = dual
                start += step
                for place in found:
                    weights[place] += step
            elif slope > SAFE:
                continue
            further.append(row)
        # Rows that were passed over are looked at again before the end.
        if farthest < near_enough and len(turns) == len(rows):
            break
        turns = everyone.copy() if farthest < near_enough else further
    return start, weights
