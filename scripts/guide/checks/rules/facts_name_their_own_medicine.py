"""A fact names no other medicine than its own, unless comparing them is the fact: a sentence
written for one medicine misleads on another's page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.content import models as m
from guide.content.library import Library

# Other medicines are what these facts are about.
NAMES_OTHERS = {"interactions", "comparator-trial"}


def check(guide: Guide) -> Iterator[Problem]:
    """Wordings that name another medicine than their own."""
    for record in guide.library.statements():
        for track in ("patient", "clinician"):
            others = named_others(guide.library, record, getattr(record, track) or "")
            if others:
                yield guide.problem(
                    record.id,
                    f"{track}: it names {', '.join(others)}, and is about"
                    f" {guide.library.medicine_of(record.id)}: say it of its own medicine only, or"
                    " list them in 'compares' if comparing them is the fact",
                    track,
                )


def named_others(library: Library, record: m.Statement, words: str) -> list[str]:
    """The medicines that a fact about one medicine names besides it, and does not compare; none for
    facts about no medicine.
    """
    medicine = library.medicine_of(record.id)
    if medicine is None or record.kind in NAMES_OTHERS:
        return []
    trial = library.trials.get(library.subject[record.id])
    allowed = {
        medicine,
        *record.compares,
        *(trial.compares if trial else ()),
        *(
            arm.medicine
            for result in (trial.results if trial else ())
            for arm in result.arms
            if arm.medicine
        ),
    }
    named = {
        library.compute_once(_by_name)[word.lower()]
        for word in library.compute_once(_pattern).findall(words)
    }
    return sorted(named - allowed)


def _by_name(library: Library) -> dict[str, str]:
    """Medicines by their names and brands in small letters."""
    return {
        name.lower(): medicine.id
        for medicine in library.medicines.values()
        if medicine.kind == "medicine"
        for name in (medicine.name, *medicine.brands)
    }


def _pattern(library: Library) -> re.Pattern[str]:
    names = sorted(_by_name(library), key=len, reverse=True)
    return (
        re.compile(r"\b(" + "|".join(map(re.escape, names)) + r")\b", re.I)
        if names
        else re.compile(r"(?!)")
    )
