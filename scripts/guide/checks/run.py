"""Runs every rule over the whole guide and raises all problems together."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Sequence
from pathlib import Path

from guide.base.problem import ContentErrors, Problem
from guide.checks.compiled_page import broken_links
from guide.checks.registry import all_rules
from guide.checks.rule import Guide, Rule
from guide.checks.site import CHECKS
from guide.content.library import Library
from guide.pages.page import Page

# Rules that must hold before the pages can be rendered at all.
BEFORE_PAGES = ("names-exist", "numbers-are-values", "comparison-is-complete")


# The rules on numbers that are typed into pages, and on those of the pages as they are made.
TYPED, BOUND = "pages-hold-no-numbers", "numbers-are-bound"


# The rule that does not apply where what readers are shown already is built again.
OVERDUE = "no-review-is-overdue"


def check_content(library: Library, root: Path, today: datetime.date) -> None:
    """The rules that need no pages and that rendering relies on. Raises ContentErrors."""
    _run(
        Guide(library, root, [], today), [rule for rule in all_rules() if rule.name in BEFORE_PAGES]
    )


def check(
    library: Library,
    root: Path,
    pages: list[Page],
    today: datetime.date,
    without: tuple[str, ...] = (),
    is_kept: Callable[[str], bool] = lambda place: False,
    found: Sequence[Problem] = (),
) -> None:
    """Every rule but those of `check_content`, which have run, and those named in `without`.

    What rules found on single pages stands in the pages, and so does what the finished site is
    checked for. `is_kept`: as `broken_links` takes it. `found` are problems that are known already.
    Raises ContentErrors with all problems, each with the name of its rule.
    """
    left_out = {*BEFORE_PAGES, *without}
    _run(
        Guide(library, root, pages, today),
        [rule for rule in all_rules() if rule.name not in left_out],
        [*found, *broken_links(pages, root, is_kept)],
    )


def _run(guide: Guide, rules: Sequence[Rule], found: Sequence[Problem] = ()) -> None:
    names = {*(rule.name for rule in rules), *CHECKS}
    problems = [*found]
    problems += [
        problem for page in guide.pages for problem in page.problems if problem.rule in names
    ]
    for rule in rules:
        if rule.check is not None and rule.runs:
            problems += [
                dataclasses.replace(problem, rule=rule.name) for problem in rule.check(guide)
            ]
    # Of a number that is typed into a page, that rule names the line.
    typed = {problem.message.split("'")[1] for problem in problems if problem.rule == TYPED}
    problems = [
        problem
        for problem in problems
        if problem.rule != BOUND or not any(one in problem.message for one in typed)
    ]
    if problems:
        raise ContentErrors(problems)
