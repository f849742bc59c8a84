"""How sure we are decides the verb, the same for both readers: high "results in", moderate
"likely", low "may", very low "very uncertain".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.content import models as m
from guide.content.language_rules import Verb, language_rules

NEEDS = "certainty"


def check(guide: Guide) -> Iterator[Problem]:
    """Wordings whose verb is not that of their level of certainty, and answers that use the verb of
    no level that they rest on.
    """
    verbs = language_rules().certainty or {}
    yield from _answers(guide, verbs)
    for record in guide.library.statements():
        if record.certainty is None:
            continue
        for track in ("patient", "clinician"):
            words = getattr(record, track)
            if words and not verbs[record.certainty].pattern.search(words):
                yield guide.problem(
                    record.id,
                    f"{track}: certainty is '{record.certainty}', but the wording does not say"
                    f" '{verbs[record.certainty].say}': use the level's own verb in both tracks",
                    track,
                )


def _answers(guide: Guide, verbs: Mapping[m.CertaintyLevel, Verb]) -> Iterator[Problem]:
    records = guide.library.records
    for owner, answers in guide.library.answers.items():
        for index, answer in enumerate(answers):
            facts = [records[key] for key in answer.facts if key in records]
            rated = [one for one in facts if isinstance(one, m.Statement) and one.certainty]
            levels = {one.certainty for one in rated if one.certainty}
            for track in ("patient", "clinician"):
                words = getattr(answer, track)
                if not words or not levels:
                    continue
                too_sure = verbs["high"].pattern.search(words) and "high" not in levels
                if too_sure or not any(verbs[level].pattern.search(words) for level in levels):
                    said = " or ".join(f"'{verbs[level].say}'" for level in sorted(levels))
                    yield guide.problem(
                        f"answers:{owner}",
                        f"{track}: rests on a fact of certainty {' and '.join(sorted(levels))}, and"
                        f" does not say {said}: use the verb of its level",
                        "answers",
                        index,
                        track,
                    )
