"""Patients get absolute numbers: no relative risks, no "1 in X", no numbers needed to treat, no
band words such as common or rare.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide, holds_one
from guide.checks.wordings import wordings

BARRED = (
    (
        re.compile(r"\b(very common|common|commonly|uncommon|rare|rarely|very rare)\b", re.I),
        "a band word is read as anything from 3 to 54 in 100: give the number out of 100 or 1,000",
    ),
    (
        re.compile(r"\b(hazard ratio|odds ratio|relative risk|risk ratio|rate ratio)\b", re.I),
        "a relative measure misleads alone: give both groups' numbers out of 100",
    ),
    (
        re.compile(
            r"\b(twice|three times|double|doubles|doubled|triple[sd]?)\b(?! (a day|daily|a"
            r" week|weekly))|\btimes (as|more) (likely|often|frequent)",
            re.I,
        ),
        "a relative measure misleads alone: give both groups' numbers out of 100",
    ),
    (
        re.compile(r"\b(1|one) in (a |\{|ten|hundred|thousand|\d)", re.I),
        "'1 in X' is hard to compare: say 'N out of 100'",
    ),
    (
        re.compile(r"\b(NNT|number needed to treat)\b", re.I),
        "numbers needed to treat are for the clinician page",
    ),
    (re.compile(r"patient[- ]years", re.I), "rates per patient-years are for the clinician page"),
)


# Every match of them holds one of these.
_SIGNS = (
    "common",
    "rare",
    "ratio",
    "relative risk",
    "twice",
    "times",
    "double",
    "triple",
    "1 in",
    "one in",
    "nnt",
    "number needed",
    "patient-years",
    "patient years",
)


def check(guide: Guide) -> Iterator[Problem]:
    """Relative measures and band words in texts for patients."""
    for label, track, key_path, text, _ in wordings(guide.library):
        if track != "patients" or label.startswith("term:"):
            continue
        if not holds_one(text, _SIGNS):
            continue
        for pattern, why in BARRED:
            match = pattern.search(text)
            if match:
                yield guide.problem(
                    label, f"{key_path[-1]}: '{match[0]}' on a patient page: {why}", *key_path
                )
