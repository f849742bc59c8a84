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

# The words for each code; a code without words here goes by its name in content/site.yml.
COUNTRY_WORDS = {
    "US": r"\bUS\b|\bU\.S\.|United States|\bFDA\b|American",
    "EU": r"\bEU\b|Europe|\bEMA\b|European",
    "UK": r"\bUK\b|United Kingdom|\bMHRA\b|\bNICE\b|British|Britain",
    "AU": r"Australia|\bTGA\b|\bPBS\b",
    "JP": r"Japan|\bPMDA\b",
    "CA": r"Canad",
    "CH": r"Switzerland|Swiss",
}


DISEASE_WORDS = {
    "AS": r"ankylosing|\bAS\b|spine",
    "axSpA": r"axial|axSpA|ankylosing|\bAS\b",
    "nr-axSpA": r"non-radiographic|nr-axSpA|axial",
    "RA": r"rheumatoid|\bRA\b",
    "JIA": r"child|juvenile|\bJIA\b|paediatric|teenage|young",
    "AA": r"alopecia|hair",
    "AD": r"dermatitis|eczema",
    "COVID-19": r"COVID",
}


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


EXCEPTIONS = {
    "juve-basis-limits": (
        "says what a trial in children cannot tell about adults with axial disease"
    ),
    "select-axis-2-nr-2y": "names the wider group the two studies belong to",
}


def check(guide: Guide) -> Iterator[Problem]:
    """Wordings that name another country or disease than their fields."""
    return except_for(EXCEPTIONS, _find(guide), guide)


def _find(guide: Guide) -> Iterator[tuple[str, Problem]]:
    site = guide.library.site
    for record in guide.library.statements():
        for track in ("patient", "clinician"):
            words = getattr(record, track)
            if not words:
                continue
            if record.kind in m.REGULATED:
                named = {
                    code
                    for code in site.jurisdictions
                    if code != "any"
                    and re.search(
                        COUNTRY_WORDS.get(code, re.escape(site.jurisdictions[code])), words
                    )
                }
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
    """The words for a disease; a text that holds none of their plain parts is passed over without
    looking closer.
    """

    def __init__(self, pattern: str):
        self._pattern = re.compile(pattern)
        self.parts = tuple(part.replace(r"\b", "").replace("\\", "") for part in pattern.split("|"))

    def search(self, text: str) -> bool:
        return any(part in text for part in self.parts) and bool(self._pattern.search(text))


class _Diseases:
    """The words for every disease, found by their first letters: what a text is looked at for does
    not grow with the guide.
    """

    BEGINNING = 4

    def __init__(self, library: Library):
        names = library.site.populations
        self._words = {
            code: _Words(DISEASE_WORDS.get(code, re.escape(names[code])))
            for code in names
            if code not in ("all", "preclinical")
        }
        self._begin: dict[str, dict[str, None]] = {}
        for code, words in self._words.items():
            for part in words.parts:
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
