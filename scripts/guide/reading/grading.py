"""Reading grades of prose."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from guide.content.library import Library
from guide.reading.names import PART, explained_words, name_words, names_of_guide

# -- measures ------------------------------------------------------------------------------


class Word(NamedTuple):
    """A word's syllables, and whether it is hard: three syllables or more and not on the list of
    easy words.
    """

    syllables: int
    hard: bool


class Counts(NamedTuple):
    """What the indexes are made of. `plain_…` counts only words that are no part of a name; a hard
    word that the glossary explains is not counted as hard.
    """

    words: int
    syllables: int
    plain_words: int
    plain_syllables: int
    plain_hard: int


class Measure(NamedTuple):
    """What a text adds to the measure of a longer one: sentences, the sum of their counts, the
    longest one's words, and how many are long.
    """

    sentences: int
    total: Counts
    longest: int
    long: int

    def level(self) -> Level:
        """The measures of the text."""
        return Level(
            sentences=self.sentences,
            words=self.total.words,
            mean=self.total.words / self.sentences,
            longest=self.longest,
            long_share=100 * self.long / self.sentences,
            grade=grade(self.total, self.sentences),
            neutral=neutral(self.total, self.sentences),
            fog=fog(self.total, self.sentences),
        )


def together(measures: Iterable[Measure]) -> Measure:
    """The measure of several texts as one."""
    found = list(measures)
    return Measure(
        sum(one.sentences for one in found),
        Counts(*map(sum, zip(*(one.total for one in found), strict=True))),
        max(one.longest for one in found),
        sum(one.long for one in found),
    )


@dataclass(frozen=True)
class Level:
    """How hard a text is. Grades are school years in the United States; `long_share` is per 100
    sentences.

    `neutral` and `fog` put names out of the way: a sentence is as long as it is with them, but the
    shares of syllables and hard words are those of all other words.
    """

    sentences: int
    words: int
    mean: float
    longest: int
    long_share: float
    grade: float
    neutral: float
    fog: float


LONG = 20


# A word of a name, and what is inside one: hyphens and slashes part it for the count of syllables
# only.
_WORD = re.compile(r"[^\s]*\w[^\s]*")


_INFLECTED = ("", "s", "es", "'s", "d", "ed", "ing")


_words: dict[str, Word] = {}


_fresh: dict[str, Word] = {}  # those not yet kept for the next run


# The counts of sentences, by what counts as a name and as explained: a check and the page of levels
# ask the same.
_counts: dict[tuple[tuple[str, ...], ...], dict[str, Counts]] = {}


class Grader:
    """Measures sentences. Syllables and hard words come from textstat, each word once: its
    pronouncing dictionary takes a second to open, so what was asked is kept in `build/` between two
    runs.

    The formulas stand here because textstat's count of sentences takes the point of 0.5 for an end.
    """

    def __init__(self, library: Library, root: Path):
        words = (
            library.compute_once(name_words, by_value=True),
            library.compute_once(explained_words, by_value=True),
        )
        self._names, self._explained = names_of_guide(words[0]), frozenset(words[1])
        if not _words:
            _words.update(_remembered(root))
        self._counts = _counts.setdefault(words, {})

    def counts(self, sentence: str) -> Counts:
        found = self._counts.get(sentence)
        if found is None:
            found = self._counts[sentence] = self._count(sentence)
        return found

    def _count(self, sentence: str) -> Counts:
        named = {at for start, end in self._names.spans(sentence) for at in range(start, end)}
        words = syllables = plain_words = plain_syllables = plain_hard = 0
        for match in _WORD.finditer(sentence):
            parts = list(PART.finditer(match[0]))
            known = [self.word(part[0].lower().replace("’", "'")) for part in parts]
            hard = [
                part[0]
                for part, word in zip(parts, known, strict=True)
                if word.hard
                and not {part[0].lower(), part[0].lower().removesuffix("s")} & self._explained
            ]
            if not parts:
                continue
            count = sum(word.syllables for word in known)
            words += 1
            syllables += count
            if named.isdisjoint(
                (match.start() + parts[0].start(), match.start() + parts[-1].end() - 1)
            ):
                plain_words += 1
                plain_syllables += count
                plain_hard += bool(hard)
        return Counts(words, syllables, plain_words, plain_syllables, plain_hard)

    def word(self, word: str) -> Word:
        found = _words.get(word)
        if found is None:
            import textstat

            # An inflected easy word is easy, as Dale and Chall count and Gunning too; the list
            # itself holds base forms.
            hard = all(
                textstat.is_difficult_word(word.removesuffix(ending), 3) for ending in _INFLECTED
            )
            found = _words[word] = _fresh[word] = Word(max(1, textstat.syllable_count(word)), hard)
        return found

    def level(self, sentences: Sequence[str]) -> Level:
        """The measures of a text. Raises ValueError for one without a sentence."""
        measure = self.measure(sentences)
        if measure is None:
            raise ValueError("a text without a sentence has no level")
        return measure.level()

    def measure(self, sentences: Sequence[str]) -> Measure | None:
        """What the text adds to a longer one; None for one without a sentence."""
        counts = [self.counts(sentence) for sentence in sentences]
        if not counts:
            return None
        return Measure(
            len(counts),
            Counts(*map(sum, zip(*counts, strict=True))),
            max(count.words for count in counts),
            sum(count.words > LONG for count in counts),
        )


def _memory(root: Path) -> Path:
    return root / "build" / "words.json"


def _remembered(root: Path) -> dict[str, Word]:
    try:
        kept = json.loads(_memory(root).read_text(encoding="utf-8"))
        return (
            {word: Word(*known) for word, known in kept["words"].items()}
            if kept["textstat"] == importlib.metadata.version("textstat")
            else {}
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def remember(root: Path) -> None:
    """Keeps the words for the next run; a folder that cannot be written costs a second and nothing
    else.
    """
    if not _fresh:
        return
    _fresh.clear()
    try:
        memory = _memory(root)
        memory.parent.mkdir(parents=True, exist_ok=True)
        beside = memory.with_name(f"{memory.name}.{os.getpid()}")
        beside.write_text(
            json.dumps(
                {"textstat": importlib.metadata.version("textstat"), "words": _words},
                ensure_ascii=False,
            ),
            encoding="utf-8",
        )
        beside.replace(memory)
    except OSError:
        pass


def grade(total: Counts, sentences: int) -> float:
    """The Flesch-Kincaid grade (Kincaid 1975) of a text as it stands."""
    return flesch_kincaid(total.words / sentences, total.syllables / total.words)


def neutral(total: Counts, sentences: int) -> float:
    """The same with names put out of the way."""
    return flesch_kincaid(total.words / sentences, total.plain_syllables / (total.plain_words or 1))


def fog(total: Counts, sentences: int) -> float:
    """The Gunning fog index (Gunning 1952) with names put out of the way."""
    return 0.4 * (total.words / sentences + 100 * total.plain_hard / (total.plain_words or 1))


def flesch_kincaid(sentence_words: float, word_syllables: float) -> float:
    """The formula, of words a sentence and syllables a word."""
    return 0.39 * sentence_words + 11.8 * word_syllables - 15.59


def fresh_words() -> dict[str, Word]:
    """The words met since the last call that are not yet kept: what a process of many hands to the
    one that keeps them.
    """
    found = dict(_fresh)
    _fresh.clear()
    return found


def learn(words: dict[str, Word]) -> None:
    """Takes words that another process met."""
    _words.update(words)
    _fresh.update(words)
