"""The rules over a guide of which a part could not be read or shown: what they find in the rest, so
that one mistake does not hide the next.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Iterator

from guide.base.problem import Problem
from guide.checks.registry import all_rules
from guide.checks.rule import Guide, Rule

# Rules that find what is not there: they would take what could not be read for missing.
_OF_ABSENCE = frozenset(
    {
        "approvals-are-complete",
        "changes-are-logged",
        "counterparts-agree",
        "every-fact-shows",
        "gaps-are-typed",
        "prints-can-be-checked",
        "safety-set-is-complete",
    }
)
# The same of single messages of other rules.
_ABSENT = re.compile(
    r"is never called|is cited by nothing|needs no exception|is explained nowhere|has no proof"
    r"|is not in content/units\.yml|in the mean, at most|\bhas no [\w-]+\.yml\b|\.yml is missing"
)
_NAME = re.compile(r"['{]([\w-]+)")
_NO_SUCH = re.compile(r"there is no [^']*'([\w-]+)'|\{([\w-]+)\.\w+\} calls a record")


def problems_in_part(
    guide: Guide,
    names: Collection[str],
    lost: Collection[str] = (),
    files: Collection[str] = (),
) -> list[Problem]:
    """What the rules of these names find in the part of a guide that is there.

    `lost` are ids that exist and could not be read, from `files`: what is said of them is left out.
    A rule that cannot go on without them says what it has found until then.
    """
    rules = [rule for rule in all_rules() if rule.name in names and rule.name not in _OF_ABSENCE]
    problems = [*_on_pages(guide, {rule.name for rule in rules})]
    for rule in rules:
        problems += _found(rule, guide)
    return [one for one in problems if not _follows(one, lost, files)]


def missing_names(problems: Collection[Problem]) -> set[str]:
    """The ids that these problems say do not exist."""
    return {
        name
        for problem in problems
        for match in _NO_SUCH.finditer(problem.message)
        for name in match.groups()
        if name
    }


def _on_pages(guide: Guide, names: Collection[str]) -> Iterator[Problem]:
    return (problem for page in guide.pages for problem in page.problems if problem.rule in names)


def _found(rule: Rule, guide: Guide) -> list[Problem]:
    problems: list[Problem] = []
    if rule.check is not None and rule.runs:
        try:
            for problem in rule.check(guide):
                problems.append(dataclasses.replace(problem, rule=rule.name))
        except Exception:
            # It met a name that leads nowhere, which is said already.
            return problems
    return problems


def _follows(problem: Problem, lost: Collection[str], files: Collection[str]) -> bool:
    """Whether a problem may be there only because of another."""
    if (lost or files) and _ABSENT.search(problem.message):
        return True
    if any(file in problem.message for file in files):
        return True
    # An answer that is missing may stand in a part that could not be read.
    if problem.path in files and not problem.line:
        return True
    return any(name in lost for name in _NAME.findall(problem.message))
