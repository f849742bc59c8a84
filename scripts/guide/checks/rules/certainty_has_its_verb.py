"""How sure we are decides the verb, the same for both readers: high "results in", moderate
"likely", low "may", very low "very uncertain".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide

VERBS = {
    "high": re.compile(r"(?<!likely )(?<!may )\bresults? in\b"),
    "moderate": re.compile(r"\blikely\b"),
    "low": re.compile(r"\bmay\b"),
    "very low": re.compile(r"\bvery uncertain\b"),
}


SAY = {
    "high": "results in",
    "moderate": "likely results in",
    "low": "may",
    "very low": "very uncertain",
}


def check(guide: Guide) -> Iterator[Problem]:
    """Wordings whose verb is not that of their level of certainty."""
    for record in guide.library.statements():
        if record.certainty is None:
            continue
        for track in ("patient", "clinician"):
            words = getattr(record, track)
            if words and not VERBS[record.certainty].search(words):
                yield guide.problem(
                    record.id,
                    f"{track}: certainty is '{record.certainty}', but the wording does not say"
                    f" '{SAY[record.certainty]}': use the level's own verb in both tracks",
                    track,
                )
