"""Runs every rule over the whole guide and raises all problems together."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path
from types import ModuleType

from guide.base.problem import ContentErrors
from guide.checks.registry import all_rules
from guide.checks.rule import Guide, title
from guide.content.library import Library
from guide.pages.page import Page

# Rules that must hold before the pages can be rendered at all.
BEFORE_PAGES = ("names_exist", "numbers_are_values", "comparison_is_complete")


# The rule that a rebuild of what readers are shown already is not held to.
OVERDUE = "no-review-is-overdue"


def _before_pages(rule: ModuleType) -> bool:
    return rule.__name__.rsplit(".", 1)[-1] in BEFORE_PAGES


def check_content(library: Library, root: Path, today: datetime.date) -> None:
    """The rules that need no pages and that rendering relies on. Raises ContentErrors."""
    _run(Guide(library, root, [], today), [rule for rule in all_rules() if _before_pages(rule)])


def check(
    library: Library,
    root: Path,
    pages: list[Page],
    today: datetime.date,
    without: tuple[str, ...] = (),
) -> None:
    """Every rule but those of `check_content`, which have run, and those named in `without`; what
    rules found on single pages stands in the pages. Raises ContentErrors with all problems, each
    with the name of its rule.
    """
    _run(
        Guide(library, root, pages, today),
        [rule for rule in all_rules() if title(rule) not in without and not _before_pages(rule)],
    )


def _run(guide: Guide, rules: list) -> None:
    names = {title(rule) for rule in rules}
    problems = [
        problem for page in guide.pages for problem in page.problems if problem.rule in names
    ]
    for rule in rules:
        if hasattr(rule, "check"):
            problems += [
                dataclasses.replace(problem, rule=title(rule)) for problem in rule.check(guide)
            ]
    if problems:
        raise ContentErrors(problems)
