"""What the search box learns from phrasings, and the names that it tells apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from guide.base.fingerprint import fingerprint
from guide.content import models as m
from guide.content.language_rules import language_rules
from guide.content.library import Library, by_value
from guide.search.packed import Counts, Pairs, packed, weight_step
from guide.search.phrasings import Words, count, phrasings_by_intent, phrasings_by_urgency
from guide.search.tokens import stop_words, tokens
from guide.search.urgency import UrgentWeights, urgent_weights

# A word in no more phrases than this tells something only where two are of one class.
FEW = 4
# Letters of the longest word that is no medicine's name by its ending, as in
# docs/assets/search/20-engine.js.
SHORTEST_NAME = 5


@dataclass(frozen=True)
class Learning:
    """What is the same for every reader: in how many phrasings of each intent and of each urgency a
    word stands, as `count`, and what makes a phrase urgent.
    """

    intents: dict[str, list[tuple[int, int]]]
    urgency: dict[str, list[tuple[int, int]]]
    urgent: UrgentWeights


@by_value
def learning(library: Library) -> Learning:
    """Counts and learns from all phrasings: almost three processor seconds for 35,000 of them."""
    slots = library.compute_once(_slots)
    levels = {level: said for level, said in phrasings_by_urgency(library).items() if level}
    words_of = Words()
    return Learning(
        count(phrasings_by_intent(library), slots, words_of, _is_other(library)),
        count(levels, slots, words_of),
        urgent_weights(library, slots, words_of),
    )


def learnt_from(library: Library) -> bytes:
    """What stands for all that `learning` reads, 16 bytes."""
    return fingerprint(
        repr(phrasings_by_intent(library)),
        repr(phrasings_by_urgency(library)),
        repr([(intent.id, intent.urgency) for intent in library.intents.values()]),
        repr(library.compute_once(_slots)),
        repr(library.compute_once(_others)),
    )


def learnt(library: Library, sections: Counts) -> dict[str, Any]:
    """What the box learns from phrasings: how many intents there are, the levels of urgency and
    what to say at each, the words that stand for a medicine or a disease, the names of others; and
    with the words of sections all counts. A guide without phrasings has none.
    """
    slots = library.compute_once(_slots)
    made: dict[str, Any] = {
        "slots": slots,
        "generic": _generic_words(),
        "short": _short_names(library),
        **library.compute_once(_others),
    }
    tables: dict[str, Counts] = {"sections": sections}
    pairs: Pairs = {}
    if library.phrasings:
        made["intents"] = len(library.intents)
        made["together"] = [
            number for number, intent in enumerate(library.intents.values()) if intent.together
        ]
        tables["intents"] = _telling(library.compute_once(learning).intents)
    if library.urgency:
        made["urgency"] = [level for level in phrasings_by_urgency(library) if level]
        made["lines"] = urgent_lines(library.site)
        weights = library.compute_once(learning).urgent
        pairs = weights.pairs
        made["start"] = round(weights.start, 3)
        tables["urgency"] = library.compute_once(learning).urgency
        tables["urgent"] = {
            word: [(weight_step(weight), 1)] for word, weight in weights.words.items()
        }
    return made | packed(_without_rare(tables), pairs)


def _is_other(library: Library) -> Callable[[str], bool]:
    """Whether a word is the name of a medicine that the guide is not about."""
    others = library.compute_once(_others)
    medicines, covered = set(others["others"]["medicines"]), set(others["covered"])
    endings = tuple(others["endings"])

    def is_other(word: str) -> bool:
        return word in medicines or (
            len(word) > SHORTEST_NAME and word.endswith(endings) and word not in covered
        )

    return is_other


def _telling(table: Mapping[str, list[tuple[int, int]]]) -> dict[str, list[tuple[int, int]]]:
    """A table without the classes in which a word is rarer than in all together, and without the
    words that stand in two to four phrases, each of another class. Without those in two and three
    as many phrasings of a writer left out were known (87.7% among three); four was tried on
    questions that had been seen, of which one in 739 was lost.
    """
    sizes: Counter[int] = Counter()
    for counts in table.values():
        for number, times in counts:
            sizes[number] += times
    share = 1 / sizes.total() if sizes else 0.0
    kept: dict[str, list[tuple[int, int]]] = {}
    for word, counts in table.items():
        every = sum(times for _, times in counts)
        if len(counts) == every <= FEW:
            continue
        usual = every * share
        kept[word] = [(number, times) for number, times in counts if times >= usual * sizes[number]]
    return kept


def _without_rare(tables: dict[str, Counts]) -> dict[str, Counts]:
    """Tables without the words that stand in one phrase alone and in no section: they teach least,
    and are a quarter of all.
    """
    times = Counter(
        word
        for table in tables.values()
        for word, counts in table.items()
        for _, found in counts
        for _ in range(found)
    )
    return {
        name: {
            word: counts
            for word, counts in table.items()
            if times[word] > 1 or word in tables["sections"]
        }
        for name, table in tables.items()
    }


def urgent_lines(site: m.Site) -> dict[str, tuple[str, str]]:
    """What the box says at once, for each urgency: to patients, to clinicians."""
    lines: dict[str, tuple[str, str]] = {"emergency": (site.emergency, site.emergency)}
    for crisis in site.crisis:
        if crisis.urgency:
            lines[crisis.urgency] = (crisis.patient, crisis.clinician)
    if site.call_today:
        lines["call-today"] = (site.call_today.patient, site.call_today.clinician)
    return lines


@by_value
def _slots(library: Library) -> dict[str, str]:
    """The words that stand for the thing asked about, as `tokens`, and what they become."""
    slots = dict.fromkeys(_generic_words(), "*m")
    for condition in library.conditions.values():
        names = (condition.name, condition.abbreviation or "", *condition.typed)
        slots.update(dict.fromkeys(_single_words(names), "*c"))
        slots.update({word: "*c" for word in tokens(condition.name) if len(word) > 3})
    for topic in library.topics.values():
        medicine = library.medicines[topic.medicine]
        names = (medicine.name, *medicine.brands, *medicine.typed)
        slots.update(dict.fromkeys(_single_words(names), "*m"))
        if medicine.class_:
            slots.update(dict.fromkeys(tokens(library.medicines[medicine.class_].name), "*m"))
    return {word: slot for word, slot in sorted(slots.items()) if word not in stop_words()}


def _generic_words() -> list[str]:
    """Words that may stand for the medicine asked about, as `tokens`."""
    return [word for typed in language_rules().search.any_medicine for word in tokens(typed)]


def _short_names(library: Library) -> list[str]:
    """Abbreviations of diseases that are small words too, as IT would be."""
    names = {condition.abbreviation or "" for condition in library.conditions.values()}
    return sorted(name for name in names if name and name.lower() in stop_words())


def _single_words(names: Iterable[str]) -> set[str]:
    """The names that are one word, as `tokens`, but for very short ones."""
    words = (tokens(name) for name in names)
    return {word[0] for word in words if len(word) == 1 and len(word[0]) > 2}


@by_value
def _others(library: Library) -> dict[str, Any]:
    """Names of medicines and diseases that the guide is not about; how names of medicines end, and
    the guide's own that end so.
    """
    covered = {word for names in _names(library) for name in names for word in tokens(name)}
    search = language_rules().search

    def without(names: Iterable[str]) -> list[str]:
        return sorted({" ".join(tokens(name)) for name in names} - covered)

    return {
        "others": {"medicines": without(search.medicines), "diseases": without(search.diseases)},
        "endings": search.medicine_endings,
        "covered": sorted(
            word for word in covered if any(word.endswith(end) for end in search.medicine_endings)
        ),
    }


def _names(library: Library) -> Iterable[Iterable[str]]:
    """What everything is called that the guide has a record of."""
    for medicine in library.medicines.values():
        yield (medicine.name, *medicine.brands, *medicine.typed)
    for condition in library.conditions.values():
        yield (condition.name, condition.abbreviation or "", *condition.typed)
    for term in library.glossary.values():
        yield (term.term, *term.shown_as, *term.also)
