"""What people type, counted word by word: from it the box learns what a question is about and how
urgent it is.

The box learns when it is first used: counts are a quarter of the size of what is learnt from them.
docs/assets/search/10-classifier.js says how.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import get_args

from guide.content import models as m
from guide.content.library import Library
from guide.search.tokens import tokens

# How many letters of a word tell what it means: with a writer left out, as many phrasings were
# known as by whole words (87.8% among three), and the counts were a seventh smaller.
LETTERS = 5
# What stands for any number.
NUMBER = "#"
# What stands for any medicine that the guide is not about.
OTHER = "*o"


class Words(dict[str, list[str]]):
    """The words of a phrase, as `tokens`: each phrase is cut into words once."""

    def __missing__(self, phrase: str) -> list[str]:
        words = self[phrase] = tokens(phrase)
        return words


def count(
    phrasings: Mapping[str, Iterable[str]],
    slots: Mapping[str, str],
    words_of: Words,
    is_other: Callable[[str], bool] = lambda _: False,
) -> dict[str, list[tuple[int, int]]]:
    """In how many phrasings of each class a word stands: by word the number of the class and how
    many. `slots` are words that stand for what a phrase is about, such as the name of a medicine,
    and what they become. A phrase with a name that `is_other` has the word OTHER as well.
    """
    words: dict[str, list[tuple[int, int]]] = {}
    for number, phrases in enumerate(phrasings.values()):
        met: Counter[str] = Counter()
        for phrase in phrases:
            said = words_of[phrase]
            others = (OTHER for word in said if is_other(word))
            met.update({*features(said, slots), *others})
        for word, times in met.items():
            words.setdefault(word, []).append((number, times))
    return words


def features(words: Iterable[str], slots: Mapping[str, str]) -> list[str]:
    """The words of a phrase as they are counted, each by its first letters."""
    return [slots.get(word, NUMBER if word[0].isdigit() else word[:LETTERS]) for word in words]


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
