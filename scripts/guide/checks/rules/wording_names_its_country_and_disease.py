"""A wording that names a country or a disease names the record's own: a United States dose filed
under Europe contradicts its own sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide, except_for
from guide.content import models as m
from guide.content.library import Library
from guide.content.names import pattern_of_word

# Statements that contrast their own rule with another's on purpose name several countries or
# diseases.
MEASURED = (
    "dosing",
    "renal",
    "interactions",
    "contraindication",
    "screening",
    "monitoring",
    "stopping-rule",
    "adverse-reaction",
    "approval",
    "indirect-evidence",
    "trial",
)


def check(guide: Guide) -> Iterator[Problem]:
    """Wordings that name another country or disease than their fields."""
    return except_for("wording-names-its-country-and-disease", _find(guide), guide)


def _find(guide: Guide) -> Iterator[tuple[str, Problem]]:
    for record in guide.library.statements():
        for track in ("patient", "clinician"):
            words = getattr(record, track)
            if not words:
                continue
            if record.kind in m.REGULATED:
                named = guide.library.compute_once(_Countries).named(words)
                if named and not named & set(record.jurisdictions):
                    yield (
                        record.id,
                        guide.problem(
                            record.id,
                            f"{track}: the wording names {_list(named)}, but 'jurisdiction' is"
                            f" {_list(record.jurisdictions)}: one of the two is wrong",
                            track,
                        ),
                    )
            if record.kind in MEASURED and record.population not in ("all", "preclinical"):
                diseases = guide.library.compute_once(_Diseases)
                named = set() if diseases.names(record.population, words) else diseases.named(words)
                if named:
                    yield (
                        record.id,
                        guide.problem(
                            record.id,
                            f"{track}: the wording names {_list(named)}, but 'population' is"
                            f" {record.population}: one of the two is wrong",
                            track,
                        ),
                    )


class _Words:
    """The words for a country or disease; a text that holds none of their plain parts is passed
    over without looking closer.
    """

    def __init__(self, words: list[str]):
        self._pattern = re.compile("|".join(map(pattern_of_word, words)))
        self.parts = tuple(word.rstrip("*") for word in words)

    def search(self, text: str) -> bool:
        return any(part in text for part in self.parts) and bool(self._pattern.search(text))


class _Countries:
    """The words for every country whose rules the guide tells apart."""

    def __init__(self, library: Library):
        words, names = library.vocabulary.countries, library.site.jurisdictions
        self._words = {
            code: _Words(words.get(code) or [f"{names[code]}*"]) for code in names if code != "any"
        }

    def named(self, text: str) -> set[str]:
        """The countries that the text names."""
        return {code for code, words in self._words.items() if words.search(text)}


class _Diseases:
    """The words for every disease, found by their first letters: what a text is looked at for does
    not grow with the guide.
    """

    BEGINNING = 4

    def __init__(self, library: Library):
        words, names = library.vocabulary.diseases, library.site.populations
        self._words = {
            code: _Words(words.get(code) or [f"{names[code]}*"])
            for code in names
            if code not in ("all", "preclinical")
        }
        self._begin: dict[str, dict[str, None]] = {}
        for code, known in self._words.items():
            for part in known.parts:
                self._begin.setdefault(part[: self.BEGINNING], {})[code] = None
        self._lengths = {len(beginning) for beginning in self._begin}

    def names(self, code: str, text: str) -> bool:
        """Whether the text names this disease."""
        return code in self._words and self._words[code].search(text)

    def named(self, text: str) -> set[str]:
        """The diseases that the text names."""
        pieces = {
            text[at : at + length]
            for length in self._lengths
            for at in range(len(text) - length + 1)
        }
        return {
            code
            for piece in pieces & self._begin.keys()
            for code in self._begin[piece]
            if self._words[code].search(text)
        }


def _list(codes: Iterable[str]) -> str:
    return ", ".join(sorted(codes))
