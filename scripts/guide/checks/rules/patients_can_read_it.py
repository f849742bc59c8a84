"""What patients read stays easy: short sentences and paragraphs, everyday words, every abbreviation
explained; measured on the finished pages, with the sentence named that makes one hard.

Three kinds of limit. Each sentence: at most 25 words, at least 4 (a page chopped into fragments
measures easy and reads badly; items of a plain list may be shorter). Each paragraph: at most 3
sentences; each plain list: at most 7 items. Each page: the Flesch-Kincaid grade as it stands and
with names put out of the way, the mean length of a sentence, the share of long ones, the number
of abbreviations, and a second index within two grades of the first.

The second index is the Gunning fog: it counts hard words instead of syllables, so that short
sentences full of hard words do not pass. A hard word has three syllables and is not on a list of
easy words, is no name and is not explained by the glossary. SMOG, the other index of that kind, is
set to full understanding and stands two grades above Flesch-Kincaid by design. Fog has a floor: on
the easiest pages it stays above Flesch-Kincaid, so a page whose fog is itself below the limit of
grades passes.

Facts with their sources count as items like any other. None may be left out to make seven: the
page shows them by country, or under the name of their `group`. Lists of links are ways, not prose.

The parts that every page of a topic repeats (verdict, warning signs, review notice) keep the
limits of sentences and paragraphs and do not count towards a page's grade: they would make a hard
page look easier. A page with few sentences of its own has no mean worth the name: its sentences
are checked, its grade is not.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.checks.sentence_places import SentencePlaces
from guide.content.language_rules import Limits, language_rules
from guide.content.library import Library, by_value
from guide.pages import readability
from guide.pages.page import Page
from guide.reading import grading
from guide.reading.names import Names, abbreviations, explained
from guide.reading.prose import Block, Prose, Sentence, read_once, sentences_of

NEEDS = "readability"


def check_page(guide: Guide, page: Page, text: str) -> Iterator[Problem]:
    """The limits of a patient page."""
    if any(readability.patient_pages([page])):
        yield from _text(guide, page.place, page.topic, text, read_once(text))


def _text(guide: Guide, path: str, topic: str, markdown: str, prose: Prose) -> Iterator[Problem]:
    grader, places = grading.Grader(guide.library, guide.root), SentencePlaces(guide)
    known = guide.library.compute_once(explained)
    # Their capitals are no abbreviations.
    names = _trials(guide.library.compute_once(_trial_names))

    def place(sentence: Sentence) -> tuple[str, int]:
        return places.of(sentence, topic, path)

    def others(sentence: Sentence) -> str:
        return places.others(sentence, place(sentence))

    yield from _sentences(prose, grader, place, others)
    yield from _abbreviations(prose, known, markdown, names, place)
    sentences = prose.sentences()
    if len(sentences) >= readability.ENOUGH:
        level = grader.level([sentence.text for sentence in sentences])
        yield from (
            Problem(path, 0, message) for message in _page(sentences, level, grader, names, place)
        )


@by_value
def _trial_names(library: Library) -> tuple[str, ...]:
    return tuple(
        sorted(
            {
                word
                for trial in library.trials.values()
                for word in (trial.name, trial.name.rstrip(" 0123456789"))
            }
        )
    )


@functools.lru_cache(maxsize=4)
def _trials(names: tuple[str, ...]) -> Names:
    return Names(names, any_case=False)


def check(guide: Guide) -> Iterator[Problem]:
    """The glossary's explanations, and the mean of all patient pages."""
    limits = _limits()
    yield from _text(guide, "content/glossary.yml", "", "", _glossary(guide))
    neutral = {
        page.place: page.measure.level().neutral
        for page in readability.patient_pages(guide.pages)
        if page.measure and page.measure.sentences >= readability.ENOUGH
    }
    if neutral and sum(neutral.values()) / len(neutral) > limits.site_neutral:
        hardest = sorted(neutral, key=lambda path: -neutral[path])[:3]
        yield Problem(
            "docs",
            0,
            "the pages' mean grade with names put out of the way is"
            f" {sum(neutral.values()) / len(neutral):.1f}, at most {limits.site_neutral}: begin"
            f" with the hardest, {', '.join(f'{path} ({neutral[path]:.1f})' for path in hardest)}",
        )


def _limits() -> Limits:
    """The limits of the current language. Raises ValueError where it has none."""
    rules = language_rules().readability
    if rules is None:
        raise ValueError("the language has no limits of how easy a text is")
    return rules.limits


Place = Callable[[Sentence], tuple[str, int]]


def _sentences(
    prose: Prose, grader: grading.Grader, place: Place, others: Callable[[Sentence], str]
) -> Iterator[Problem]:
    """The limits of single sentences, paragraphs and lists. `others` names the other places in
    which a sentence stands.
    """
    limits = _limits()
    for block in prose.blocks:
        for number, sentence in enumerate(block.sentences):
            words = grader.counts(sentence.text).words
            if words > limits.most_words:
                yield Problem(
                    *place(sentence),
                    f"{first_words(sentence)}: {words} words, at most {limits.most_words}:"
                    f" split it{others(sentence)}",
                )
            elif words < limits.fewest_words and not block.bullet:
                yield Problem(
                    *place(sentence),
                    f"{first_words(sentence)}: {words} word{'' if words == 1 else 's'}, at least"
                    f" {limits.fewest_words} outside lists:"
                    f" {_made_whole(sentence, words, number)}{others(sentence)}",
                )
        if len(block.sentences) > limits.sentences:
            yield Problem(
                *place(block.sentences[0]),
                f"{first_words(block.sentences[0])}: {len(block.sentences)} sentences in one"
                f" paragraph, at most {limits.sentences}: {_made_shorter(block, place)}",
            )
    for bullets in prose.lists:
        if bullets.items > limits.items:
            remedy = (
                "give the facts that belong together a common 'group'"
                if bullets.facts
                else "make two lists, each with its own lead"
            )
            yield Problem(
                *place(bullets.first),
                f"{first_words(bullets.first)}: a list of {bullets.items}"
                f" {'facts' if bullets.facts else 'items'} begins here, at most"
                f" {limits.items}: {remedy}",
            )


def _made_whole(sentence: Sentence, words: int, number: int) -> str:
    """What to do about a sentence that is too short; `number` is its place in its block, from 0.

    An answer may begin with yes or no, and what follows then belongs to it.
    """
    if words == 1 and number == 0:
        begin = sentence.text.rstrip(" .!?…")
        return f"write a whole sentence, such as '{begin}, …'"
    return "join it to its neighbour, or make it a whole sentence"


def _made_shorter(block: Block, place: Place) -> str:
    """What to do about a paragraph of too many sentences: those of several fields are named."""
    fields: dict[tuple[str, int], Sentence] = {}
    for sentence in block.sentences:
        fields.setdefault(place(sentence), sentence)
    if len(fields) > 1:
        named = ", ".join(
            f"{_shown(at)} {first_words(sentence, 5)}" for at, sentence in fields.items()
        )
        return (
            f"the page puts several fields together, {named}: shorten one of them, or take one out"
            " that may be missing, such as 'reason'"
        )
    return "say it in fewer, or give what stands apart its own fact"


class _Weights:
    """Which sentences of a page weigh most in its means."""

    def __init__(self, sentences: list[Sentence], grader: grading.Grader, place: Place):
        self._sentences, self._place = sentences, place
        self._counts = {sentence.text: grader.counts(sentence.text) for sentence in sentences}
        every = (self._counts[sentence.text] for sentence in sentences)
        self._total = grading.Counts(*map(sum, zip(*every, strict=True)))

    def heaviest(self, weight: Callable[[grading.Counts], float], most: int = 3) -> str:
        """The sentences of the greatest weight, three and not more than `most`, with their places
        and lengths.
        """
        heaviest = sorted(
            {sentence.text: sentence for sentence in self._sentences}.values(),
            key=lambda sentence: -weight(self._counts[sentence.text]),
        )[: min(3, most)]
        return "; ".join(
            f"{_shown(self._place(sentence))} {first_words(sentence)}"
            f" ({self._counts[sentence.text].words} words)"
            for sentence in heaviest
        )

    def lifting(self, measure: Callable[[grading.Counts, int], float]) -> str:
        """The three sentences without which a measure of the page would fall most."""

        def without(one: grading.Counts) -> grading.Counts:
            parts = zip(self._total, one, strict=True)
            return grading.Counts(*(every - part for every, part in parts))

        return self.heaviest(lambda one: -measure(without(one), len(self._sentences) - 1))


def _page(
    sentences: list[Sentence],
    level: grading.Level,
    grader: grading.Grader,
    trials: Names,
    place: Place,
) -> Iterator[str]:
    """The limits of a page's means, each with the three sentences that weigh most."""
    weights, limits, by = _Weights(sentences, grader, place), _limits(), grading.formula()
    if level.grade > limits.grade:
        yield (
            f"grade {level.grade:.1f} by {by.name}, at most {limits.grade}: shorter sentences and"
            f" words; these weigh most: {weights.lifting(by.grade)}"
        )
    if level.neutral > limits.neutral:
        yield (
            f"grade {level.neutral:.1f} with names put out of the way, at most {limits.neutral}:"
            f" shorter sentences and words; these weigh most: {weights.lifting(by.neutral)}"
        )
    apart = limits.second_index
    if (
        apart is not None
        and level.fog is not None
        and abs(level.fog - level.neutral) > apart
        and level.fog > limits.neutral
    ):
        yield (
            f"the Gunning fog index is {level.fog:.1f} and {by.name} {level.neutral:.1f}, at"
            f" most {apart:.0f} apart: say the long words in everyday ones; these hold"
            f" most: {weights.lifting(grading.fog)}"
        )
    if level.mean > limits.mean_words:
        yield (
            f"{level.mean:.1f} words a sentence in the mean, at most {limits.mean_words}: shorten"
            f" the longest: {weights.heaviest(lambda one: one.words)}"
        )
    long = int(level.long_share * level.sentences / 100 + 0.001)
    # On a page of few sentences a share would mean none.
    most = max(1, int(limits.long_share * level.sentences / 100 + 0.001))
    if level.long_share > limits.long_share and long > most:
        yield (
            f"{long} of {level.sentences} sentences have more than"
            f" {limits.long_words} words, at most {most} may ({limits.long_share} in 100, or one on"
            " a short page): shorten"
            f" {weights.heaviest(lambda one: one.words, long)}"
        )
    yield from _abbreviation_count(sentences, level.words, trials, place)


# Pages share sentences, and a page asks twice.
@functools.lru_cache(maxsize=65536)
def _abbreviations_of(template: str, trials: Names) -> dict[str, str]:
    """The abbreviations of a sentence, as `abbreviations` gives them, without names of trials."""
    return abbreviations(trials.without(template))


def _abbreviation_count(
    sentences: list[Sentence], words: int, trials: Names, place: Place
) -> Iterator[str]:
    """The limit of different abbreviations on a page."""
    limits = _limits()
    first: dict[str, tuple[str, Sentence]] = {}
    for sentence in sentences:
        # What the words below a picture name is what the picture shows: the same on every such
        # page, and nobody's to write out.
        if sentence.picture:
            continue
        for letters, form in _abbreviations_of(sentence.template, trials).items():
            first.setdefault(letters, (form, sentence))
    if len(first) > 1 and len(first) * limits.words_an_abbreviation > words:
        named = ", ".join(
            f"{form} ({_shown(place(sentence))})" for form, sentence in first.values()
        )
        yield (
            f"{len(first)} abbreviations in {words} words, at most one for"
            f" {limits.words_an_abbreviation}: write some out: {named}"
        )


def _shown(place: tuple[str, int]) -> str:
    return ":".join(str(part) for part in place if part)


def _abbreviations(
    prose: Prose,
    known: dict[str, tuple[str, ...]],
    markdown: str,
    trials: Names,
    place: Place,
) -> Iterator[Problem]:
    """Abbreviations that neither the page spells out nor the glossary explains."""
    seen = {letters for letters, forms in known.items() if not forms}
    page = ""
    for block in prose.blocks:
        for sentence in block.sentences:
            for letters, form in _abbreviations_of(sentence.template, trials).items():
                if letters not in seen:
                    seen.add(letters)
                    page = page or re.sub(r"<[^>]*>", "", markdown)
                    if not (
                        f"({form})" in page
                        or f"{form} (" in page
                        or any(name in page for name in known.get(letters, ()))
                    ):
                        yield Problem(
                            *place(sentence),
                            f"{first_words(sentence)}: '{form}' is explained nowhere: spell it out,"
                            " or add it to content/glossary.yml",
                        )


def _glossary(guide: Guide) -> Prose:
    """The patients' explanations of hard words: they stand on the glossary page and wherever a word
    is opened.
    """
    return Prose(
        tuple(
            Block(tuple(Sentence(text, template) for text, template in sentences_of(term.patient)))
            for term in guide.library.glossary.values()
        )
    )


def first_words(sentence: Sentence, count: int = 12) -> str:
    """The beginning of a sentence in quotation marks, for a message."""
    words = sentence.text.split(" ")
    return f"'{' '.join(words[:count])} …'" if len(words) > count else f"'{sentence.text}'"
