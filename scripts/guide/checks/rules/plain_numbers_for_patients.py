"""Patients get absolute numbers: no relative risks, no "1 in X", no numbers needed to treat, no
band words such as common or rare.
"""

from __future__ import annotations

from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.checks.wordings import wordings
from guide.content.language_rules import language_rules

NEEDS = "plain_numbers"


def check(guide: Guide) -> Iterator[Problem]:
    """Relative measures and band words in texts for patients."""
    numbers = language_rules().plain_numbers
    if numbers is None:
        return
    for label, track, key_path, text, _ in wordings(guide.library):
        if track != "patients" or label.startswith("term:"):
            continue
        if not numbers.may_find(text):
            continue
        for barred in numbers.barred:
            match = barred.pattern.search(text)
            if match:
                yield guide.problem(
                    label,
                    f"{key_path[-1]}: '{match[0]}' on a patient page: {barred.why}",
                    *key_path,
                )
