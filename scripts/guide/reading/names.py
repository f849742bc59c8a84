"""Names and abbreviations that a reading grade leaves out."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator

from guide.content.library import Library, by_value


class Names:
    """Finds names in texts, the longest of those that begin at a word; as many names as there are
    cost no more than a few.
    """

    def __init__(self, names: Iterable[str], any_case: bool = True):
        self._any_case = any_case
        self._by_word: dict[str, list[str]] = {}
        for name in sorted(names, key=lambda name: (-len(name), name)):
            first = re.match(r"\w+", name)
            if first:
                self._by_word.setdefault(self._case(first[0]), []).append(self._case(name))

    def _case(self, text: str) -> str:
        return text.lower() if self._any_case else text

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Start and end of each name."""
        cased, done = self._case(text), 0
        for word in re.finditer(r"\w+", cased):
            if word.start() < done:
                continue
            for name in self._by_word.get(word[0], ()):
                end = word.start() + len(name)
                if cased.startswith(name, word.start()) and not (
                    end < len(cased) and (cased[end].isalnum() or cased[end] == "_")
                ):
                    yield word.start(), end
                    done = end
                    break

    def without(self, text: str) -> str:
        """The text with a space for each name."""
        parts, at = [], 0
        for start, end in self.spans(text):
            parts += [text[at:start], " "]
            at = end
        return "".join([*parts, text[at:]])


@functools.lru_cache(maxsize=4)
def names_of_guide(words: tuple[str, ...]) -> Names:
    """The names that a reading grade leaves out."""
    return Names(words)


@by_value
def explained_words(library: Library) -> tuple[str, ...]:
    """Words that are explained where a page first uses them: a reader does not stumble over
    those.
    """
    return tuple(
        sorted(
            {
                part.lower()
                for term in library.glossary.values()
                if term.hard
                for form in (term.term, *term.shown_as)
                for part in PART.findall(form)
            }
        )
    )


@by_value
def name_words(library: Library) -> tuple[str, ...]:
    """What has only one name, however long: medicines, classes, conditions, populations, agencies,
    countries, trials, and the team, which the guide's own sentences name on every page. A reader
    must meet them and no rewording makes them shorter."""
    site = library.site
    # A medicine with a second word to its name goes by the first.
    names = {
        name
        for medicine in library.medicines.values()
        for name in (
            medicine.name,
            *medicine.brands,
            *(medicine.name.split()[:1] if medicine.kind == "medicine" else ()),
        )
    }
    names |= {
        name
        for condition in library.conditions.values()
        for name in (condition.name, condition.abbreviation, condition.team)
        if name
    }
    names |= {name for code, name in site.populations.items() if code not in ("all", "preclinical")}
    names |= {name for agency in site.agencies for name in (agency.id, agency.name, agency.country)}
    names |= {name for code, name in site.jurisdictions.items() if code != "any"}
    names |= {trial.name for trial in library.trials.values()}
    # A class is named in the plural, and one of it in the singular.
    names |= {name.removesuffix("s") for name in names if name.endswith("s")}
    return tuple(sorted(names))


# -- abbreviations -------------------------------------------------------------------------

# Capital letters run together, with what belongs to them: ABC, ABCDs, EX-7A, ABC1, eABC.
ABBREVIATION = re.compile(r"(?<![\w-])([a-z]?[A-Z]{2,}[A-Z0-9]*?)(?:s|-?\d+[A-Z]?)?(?!\w)")


def abbreviations(text: str) -> dict[str, str]:
    """The abbreviations of a text: their letters, and the first form in which each stands (EX for
    EX-7A).
    """
    forms: dict[str, str] = {}
    for match in ABBREVIATION.finditer(text):
        forms.setdefault(match[1], match[0])
    return forms


@by_value
def explained(library: Library) -> dict[str, tuple[str, ...]]:
    """What the content says about abbreviations: for each, its long forms, or none where nothing
    longer is needed: the glossary explains it, or the name has no longer form.
    """
    site = library.site
    spelled = [
        *(
            (condition.abbreviation, condition.name)
            for condition in library.conditions.values()
            if condition.abbreviation
        ),
        *site.populations.items(),
        *site.jurisdictions.items(),
        *((agency.id, agency.name) for agency in site.agencies),
        *((guideline.name.split()[0], guideline.body) for guideline in library.guidelines.values()),
    ]
    known: dict[str, tuple[str, ...]] = {}
    enough = {
        letters
        for term in library.glossary.values()
        for name in (term.term, *term.also)
        for letters in abbreviations(name)
    }
    for code, name in spelled:
        for letters in abbreviations(code):
            known[letters] = (*known.get(letters, ()), name)
            enough.update({letters} & abbreviations(name).keys())
    return known | dict.fromkeys(sorted(enough), ())


PART = re.compile(r"[^\W_]+(?:[’'.,][^\W_]+)*")
