"""An answer is as true as the facts it rests on: where one has changed since, somebody reads the
answer again.
"""

from __future__ import annotations

from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.content import wording


def check(guide: Guide) -> Iterator[Problem]:
    """Answers with a fact whose change was logged after the day they were checked, and values that
    an answer calls from a fact it does not name.
    """
    library = guide.library
    for owner, answers in library.answers.items():
        for index, answer in enumerate(answers):
            where = ("answers", index)
            for fact in answer.facts:
                days = [change.date for change in library.changes_by_record.get(fact, ())]
                if days and max(days) > answer.checked:
                    yield guide.problem(
                        f"answers:{owner}",
                        f"the answer to '{answer.key}' was checked on {answer.checked}, and"
                        f" '{fact}', which it rests on, changed on {max(days)}: read it again"
                        " beside its facts, then write that day in 'checked'",
                        *where,
                        "checked",
                    )
            for field in ("patient", "clinician"):
                for called, _ in wording.calls(getattr(answer, field) or ""):
                    if called is not None and called not in answer.facts:
                        yield guide.problem(
                            f"answers:{owner}",
                            f"{field}: calls a value of '{called}', which is not in 'facts': add it"
                            " there",
                            *where,
                            field,
                        )
