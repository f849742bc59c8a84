"""Reading grades of prose."""

from __future__ import annotations

import functools
import importlib.metadata
import json
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from guide.base.fingerprint import fingerprint
from guide.base.language import ENGLISH, Language, current
from guide.content.language_rules import language_rules
from guide.content.library import Library
from guide.reading.names import PART, explained_words, name_words, names_of_guide
from guide.reading.pronunciations import use_in_textstat

# -- measures ------------------------------------------------------------------------------


class Word(NamedTuple):
    """A word's syllables, and whether it is hard: three syllables or more and not on the list of
    easy words.
    """

    syllables: int
    hard: bool


class Counts(NamedTuple):
    """What the indexes are made of. `plain_…` counts only words that are no part of a name; a hard
    word that the glossary explains is not counted as hard. `many`: words of three syllables or
    more.
    """

    words: int
    syllables: int
    plain_words: int
    plain_syllables: int
    plain_hard: int
    many: int = 0
    plain_many: int = 0


class Measure(NamedTuple):
    """What a text adds to the measure of a longer one: sentences, the sum of their counts, the
    longest one's words, and how many are long.
    """

    sentences: int
    total: Counts
    longest: int
    long: int

    def level(self) -> Level:
        """The measures of the text, by the formula of the current language. Raises ValueError in a
        language without one.
        """
        by = formula()
        return Level(
            sentences=self.sentences,
            words=self.total.words,
            mean=self.total.words / self.sentences,
            longest=self.longest,
            long_share=100 * self.long / self.sentences,
            grade=by.grade(self.total, self.sentences),
            neutral=by.neutral(self.total, self.sentences),
            fog=fog(self.total, self.sentences) if by.second else None,
        )


def together(measures: Iterable[Measure]) -> Measure:
    """The measure of several texts as one."""
    all_measures = list(measures)
    return Measure(
        sum(one.sentences for one in all_measures),
        Counts(*map(sum, zip(*(one.total for one in all_measures), strict=True))),
        max(one.longest for one in all_measures),
        sum(one.long for one in all_measures),
    )


@dataclass(frozen=True)
class Level:
    """How hard a text is. Grades are school years, in English those of the United States;
    `long_share` is per 100 sentences. `fog` is None where the language has no second index.

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
    fog: float | None


# A word of a name, and what is inside one: hyphens and slashes part it for the count of syllables
# only.
_WORD = re.compile(r"[^\s]*\w[^\s]*")


# Syllables of a long word.
MANY = 3


_INFLECTED = ("", "s", "es", "'s", "d", "ed", "ing")


class WordMemory:
    """What textstat says of each word of a language, asked once. `save` leaves the answers in
    `build/words.json` for the next run; those of another language than English have its code in the
    name.

    `counts` are the counts of sentences, by what counts as a name and as explained: a check and the
    page of levels ask the same.
    """

    def __init__(self, root: Path, spoken: Language):
        self._spoken = spoken
        code = "" if spoken.code == ENGLISH else f"-{spoken.code}"
        self._path = root / "build" / f"words{code}.json"
        self._words = _read_words(self._path)
        self._new: dict[str, Word] = {}
        self.counts: dict[tuple[tuple[str, ...], ...], dict[str, Counts]] = {}

    def word(self, word: str) -> Word:
        """The syllables of a word in small letters, and whether it is hard."""
        known = self._words.get(word)
        if known is None:
            known = _asked(word, self._spoken)
            self.learn({word: known})
        return known

    def learn(self, words: Mapping[str, Word]) -> None:
        """Takes in words that another process asked for."""
        self._words.update(words)
        self._new.update(words)

    def take_new(self) -> dict[str, Word]:
        """The words met since the last call: what one process hands to another, which saves
        them.
        """
        new, self._new = self._new, {}
        return new

    def save(self) -> None:
        """Keeps the words for the next run. A folder that cannot be written to costs time and
        nothing else.
        """
        if not self._new:
            return
        self._new = {}
        words = json.dumps(self._words, ensure_ascii=False)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            new = self._path.with_name(f"{self._path.name}.{os.getpid()}")
            new.write_text(f"{_words_digest(words)}\n{words}", encoding="utf-8")
            new.replace(self._path)
        except OSError:
            pass


def word_memory(root: Path) -> WordMemory:
    """The memory of a project in the current language, one for all graders of a process."""
    return _memory(root, current())


@functools.lru_cache(maxsize=4)
def _memory(root: Path, spoken: Language) -> WordMemory:
    return WordMemory(root, spoken)


def _asked(word: str, spoken: Language) -> Word:
    """What textstat says of a word. Only English has a list of easy words; elsewhere a word is hard
    by its syllables alone.
    """
    import textstat  # takes 40 ms

    use_in_textstat()
    if spoken.code != ENGLISH:
        textstat.set_lang(spoken.locale)
        syllables = max(1, textstat.syllable_count(word))
        return Word(syllables, syllables >= MANY)
    textstat.set_lang("en_US")
    # An inflected easy word is easy, as Dale and Chall count and Gunning too; the list itself holds
    # base forms.
    hard = all(textstat.is_difficult_word(word.removesuffix(ending), MANY) for ending in _INFLECTED)
    return Word(max(1, textstat.syllable_count(word)), hard)


def _read_words(path: Path) -> dict[str, Word]:
    """The words of an earlier run with this textstat; none where the file is not as it was
    written.
    """
    try:
        digest, _, words = path.read_text(encoding="utf-8").partition("\n")
        if digest != _words_digest(words):
            return {}
        return {
            word: Word(int(syllables), bool(hard))
            for word, (syllables, hard) in json.loads(words).items()
        }
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _words_digest(words: str) -> str:
    return fingerprint(importlib.metadata.version("textstat"), words).hex()


class Grader:
    """Measures sentences. Syllables and hard words come from textstat (`WordMemory`).

    The formulas stand here because textstat's count of sentences takes the point of 0.5 for an end.
    """

    def __init__(self, library: Library, root: Path):
        words = library.compute_once(name_words), library.compute_once(explained_words)
        self._names, self._explained = names_of_guide(words[0]), frozenset(words[1])
        self._memory = word_memory(root)
        self._counts = self._memory.counts.setdefault(words, {})

    def counts(self, sentence: str) -> Counts:
        """The counts of one sentence."""
        counts = self._counts.get(sentence)
        if counts is None:
            counts = self._counts[sentence] = self._count(sentence)
        return counts

    def _count(self, sentence: str) -> Counts:
        named = {at for start, end in self._names.spans(sentence) for at in range(start, end)}
        words = syllables = plain_words = plain_syllables = plain_hard = many = plain_many = 0
        for match in _WORD.finditer(sentence):
            parts = list(PART.finditer(match[0]))
            known = [self._memory.word(part[0].lower().replace("’", "'")) for part in parts]
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
            many += count >= MANY
            if named.isdisjoint(
                (match.start() + parts[0].start(), match.start() + parts[-1].end() - 1)
            ):
                plain_words += 1
                plain_syllables += count
                plain_hard += bool(hard)
                plain_many += count >= MANY
        return Counts(words, syllables, plain_words, plain_syllables, plain_hard, many, plain_many)

    def level(self, sentences: Sequence[str]) -> Level:
        """The measures of a text. Raises ValueError for one without a sentence."""
        measure = self.measure(sentences)
        if measure is None:
            raise ValueError("a text without a sentence has no level")
        return measure.level()

    def measure(self, sentences: Sequence[str]) -> Measure | None:
        """What the text adds to a longer one; None for one without a sentence, and in a language
        without a measure.
        """
        counts = [self.counts(sentence) for sentence in sentences]
        rules = language_rules().readability
        if not counts or rules is None:
            return None
        return Measure(
            len(counts),
            Counts(*map(sum, zip(*counts, strict=True))),
            max(count.words for count in counts),
            sum(count.words > rules.limits.long_words for count in counts),
        )


def grade(total: Counts, sentences: int) -> float:
    """The Flesch-Kincaid grade (Kincaid 1975) of a text as it stands."""
    return flesch_kincaid(total.words / sentences, total.syllables / total.words)


def neutral(total: Counts, sentences: int) -> float:
    """The same with names put out of the way."""
    return flesch_kincaid(total.words / sentences, total.plain_syllables / (total.plain_words or 1))


def fog(total: Counts, sentences: int) -> float:
    """The Gunning fog index (Gunning 1952) with names put out of the way."""
    return 0.4 * (total.words / sentences + 100 * total.plain_hard / (total.plain_words or 1))


def _wiener(total: Counts, sentences: int) -> float:
    return wiener(100 * total.many / total.words, total.words / sentences)


def _wiener_neutral(total: Counts, sentences: int) -> float:
    return wiener(100 * total.plain_many / (total.plain_words or 1), total.words / sentences)


def wiener(long_words: float, sentence_words: float) -> float:
    """The fourth Wiener Sachtextformel (Bamberger and Vanecek 1984), in school years: of the words
    with three syllables or more, in 100, and of words a sentence.
    """
    return 0.2744 * long_words + 0.2656 * sentence_words - 1.693


@dataclass(frozen=True)
class Formula:
    """A measure of how hard a text is: of its counts and its number of sentences. `second`: the
    Gunning fog goes with it.
    """

    name: str
    grade: Callable[[Counts, int], float]
    neutral: Callable[[Counts, int], float]
    second: bool


FORMULAS = {
    "flesch-kincaid": Formula("Flesch-Kincaid", grade, neutral, True),
    "wiener-sachtextformel": Formula("the Wiener Sachtextformel", _wiener, _wiener_neutral, False),
}


def formula() -> Formula:
    """The measure of the current language. Raises ValueError in a language without one."""
    rules = language_rules().readability
    if rules is None:
        raise ValueError("the language has no measure of how easy a text is")
    return FORMULAS[rules.measure]


def flesch_kincaid(sentence_words: float, word_syllables: float) -> float:
    """The formula, of words a sentence and syllables a word."""
    return 0.39 * sentence_words + 11.8 * word_syllables - 15.59
