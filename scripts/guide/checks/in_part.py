"""The rules over a guide of which a part could not be read or shown: what they find in the rest, so
that one mistake does not hide the next.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Iterable, Iterator
from typing import get_args

from guide.base.problem import NOT_MADE, Problem
from guide.checks.registry import all_rules
from guide.checks.rule import Guide, Rule
from guide.content import models as m
from guide.content.loading import Loaded
from guide.content.sound_part import Span

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
    r"|^'emergency' is missing"
)
_NAME = re.compile(r"['{]([\w-]+)")
_NO_PAGE = re.compile(r"^there is no page in ")
_NO_SUCH = re.compile(r"there is no [^']*'([\w-]+)'|\{([\w-]+)\.\w+\} calls a record")


def problems_in_part(
    guide: Guide,
    names: Collection[str],
    lost: Collection[str] = (),
    files: Collection[str] = (),
    partly: bool = True,
) -> list[Problem]:
    """What the rules of these names find in the part of a guide that is there.

    `lost` are ids that exist and could not be read, from `files`: what is said of them is left out.
    A rule that cannot go on without them says what it has found until then. `partly`: something is
    not there, so what is missing may only seem to be.
    """
    left_out = _OF_ABSENCE if partly else frozenset()
    rules = [rule for rule in all_rules() if rule.name in names and rule.name not in left_out]
    problems = [*_on_pages(guide, {rule.name for rule in rules})]
    for rule in rules:
        problems += _found(rule, guide)
    return [
        one
        for one in problems
        if not (partly and _ABSENT.search(one.message)) and not _follows(one, lost, files)
    ]


def files_of_lost_answers(problems: Collection[Problem]) -> set[str]:
    """The files with an answer for a page or section that does not exist."""
    return {problem.path for problem in problems if _NO_PAGE.search(problem.message)}


def missing_names(problems: Collection[Problem]) -> set[str]:
    """The ids that these problems say do not exist."""
    return {
        name
        for problem in problems
        for match in _NO_SUCH.finditer(problem.message)
        for name in match.groups()
        if name
    }


_FIRST_PAGES = 3


def pages_not_made(found: Collection[Problem]) -> Iterator[Problem]:
    """One line for all pages that could not be made, `found` being those of each."""
    pages = sorted({problem.path.removeprefix("page ") for problem in found})
    if not pages:
        return
    names = sorted({f"'{problem.message}'" for problem in found if problem.message})
    more = f" and {len(pages) - _FIRST_PAGES} more" if len(pages) > _FIRST_PAGES else ""
    reason = f"they need {', '.join(names[:_FIRST_PAGES])}" if names else "they show what is wrong"
    yield Problem(
        "docs",
        0,
        f"{len(pages)} page{'' if len(pages) == 1 else 's'} could not be made and looked at, as"
        f" {reason}: {', '.join(pages[:_FIRST_PAGES])}{more}: mend the other problems, and check"
        " again",
        NOT_MADE,
    )


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
    if any(file in problem.message for file in files):
        return True
    # An answer that is missing may stand in a part that could not be read.
    if problem.path in files and not problem.line:
        return True
    return any(name in lost for name in _NAME.findall(problem.message))


# Rules that go by the words of a text alone: they hold of a record whatever stands in beside them.
_OF_WORDS = frozenset(
    {
        "answers-are-short",
        "every-section-is-answered",
        "facts-stand-once",
        "names-exist",
        "no-promotion",
        "numbers-are-values",
        "pages-hold-no-numbers",
        "patients-can-read-it",
        "plain-numbers-for-patients",
        "reading-is-not-knowing",
        "sources-stand-once",
    }
)
# Fields that no rule but these looks at beside another.
_APART = frozenset(
    {"ask", "checked", "clinician_only", "confidence", "jurisdiction", "locator", "looked", "note"}
)
_OF_COUNTRIES = "wording-names-its-country-and-disease"
# Fields that decide on which page a record stands, and whether anything does.
_PLACING = frozenset(
    {
        "agency",
        "answers",
        "bears_on",
        "class",
        "condition",
        "id",
        "kind",
        "medicine",
        "page",
        "population",
        "section",
        "status",
        "topics",
        "without",
    }
)

# Fields that decide what an answer answers, and whom.
_ANSWERED = "every-section-is-answered"
_OF_ANSWER, _WORDINGS = frozenset({"page", "section"}), frozenset({"patient", "clinician"})


class Doubts:
    """The entries with something wrong that are there all the same, with stand-ins: what is said of
    them may only follow from that.
    """

    def __init__(self, loaded: Loaded):
        self._ids = loaded.doubtful_ids
        self._known = {(problem.path, problem.line) for problem in loaded.problems}
        self._spans = [
            (path, span, _fields_of(loaded.problems, path, span))
            for path, spans in loaded.doubtful.items()
            for span in spans
        ]

    @property
    def move_records(self) -> bool:
        """Whether a record may stand on another page than it will."""
        return any(not fields.isdisjoint(_PLACING) for _, _, fields in self._spans)

    def cover(self, problem: Problem) -> bool:
        """Whether a problem may only follow from what stands in for something wrong."""
        if (problem.path, problem.line) in self._known:
            return True
        if problem.rule == _ANSWERED and any(
            path == problem.path and (fields & _OF_ANSWER or fields >= _WORDINGS)
            for path, _, fields in self._spans
        ):
            return True
        if problem.rule in _OF_WORDS:
            return False
        here = [
            fields
            for path, (first, last), fields in self._spans
            if path == problem.path and first <= problem.line <= last
        ]
        if not here:
            named = _NAME.findall(problem.message)
            if self._ids.isdisjoint(named):
                return False
            here = [fields for _, _, fields in self._spans]
        return problem.rule == _OF_COUNTRIES or any(fields - _APART for fields in here)


def _fields_of(problems: Iterable[Problem], path: str, span: Span) -> set[str]:
    """The fields that the problems in these lines of a file are about."""
    return {
        name
        for problem in problems
        if problem.path == path and span[0] <= problem.line <= span[1]
        for name in _fields_named(problem.message)
    }


def _fields_named(message: str) -> set[str]:
    """The field of a message on the form of a file: the last of its path, else those it quotes."""
    place = message.partition(": ")[0]
    last = place.rpartition(".")[2]
    if re.fullmatch(r"[a-z_]+", last):
        return {last}
    return set(re.findall(r"'([a-z_]+)'", message)) - {*get_args(m.Kind)}
