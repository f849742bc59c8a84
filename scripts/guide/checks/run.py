"""Runs every rule over the whole guide and raises all problems together."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from guide.base.problem import ContentErrors, Problem
from guide.checks.compiled_page import broken_links
from guide.checks.in_part import missing_names, problems_in_part
from guide.checks.registry import all_rules
from guide.checks.rule import Guide, Rule
from guide.checks.site import CHECKS
from guide.content.library import Library
from guide.content.loading import Loaded
from guide.pages.page import Page

# Rules that must hold before the pages can be rendered at all.
BEFORE_PAGES = (
    "names-exist",
    "numbers-are-values",
    "comparison-is-complete",
    "signs-belong-to-the-medicine",
)


ID_TAKEN = re.compile(r"^the id '[^']*' is taken")
# So does that an id is not written as one.
ID_WRONG = re.compile(r"^(?:[\w\[\].]*\.)?id: ")

# The rules on numbers that are typed into pages, and on those of the pages as they are made.
TYPED, BOUND = "pages-hold-no-numbers", "numbers-are-bound"


# The rule that does not apply where what readers are shown already is built again.
OVERDUE = "no-review-is-overdue"


def check_content(library: Library, root: Path, today: datetime.date) -> list[Problem]:
    """What the rules find that need no pages and that rendering relies on."""
    return _problems(
        Guide(library, root, [], today), [rule for rule in all_rules() if rule.name in BEFORE_PAGES]
    )


def check_sound_part(
    loaded: Loaded,
    root: Path,
    today: datetime.date,
    pages_of: Callable[[Library, list[Problem]], list[Page]],
) -> list[Problem]:
    """All that the rules find in a guide with problems of form, of names, or of pages that cannot
    be made. `pages_of` makes the pages of a library that can be made, and takes a list for what is
    wrong with the others.
    """
    library = loaded.library
    if library is None:
        return [*loaded.problems]
    content = Guide(library, root, [], today)
    wrong = loaded.files | {problem.path for problem in loaded.problems}
    # Where an id is given twice or is not written as one, it may be the name that others miss.
    unsure = any(
        ID_TAKEN.search(problem.message) or ID_WRONG.search(problem.message)
        for problem in loaded.problems
    )
    names_too = [name for name in BEFORE_PAGES if not (unsure and name == "names-exist")]
    first = problems_in_part(content, names_too, loaded.lost, wrong)
    wrong |= {problem.path for problem in first}
    missing, of_pages = missing_names(first), list[Problem]()
    try:
        pages = pages_of(library, of_pages)
    except ContentErrors as errors:
        of_pages, pages = [*of_pages, *errors.problems], []
    except Exception:
        if not (loaded.problems or first or of_pages):
            raise
        # What they lack is said already.
        pages = []
    names = {rule.name for rule in all_rules()} - {*BEFORE_PAGES, OVERDUE}
    later = problems_in_part(Guide(library, root, pages, today), names, loaded.lost, wrong)
    known = {(problem.path, problem.line) for problem in (*loaded.problems, *first)}
    return [
        *loaded.problems,
        *first,
        # A page that cannot be made for another mistake is not wrong itself.
        *(() if loaded.problems or first else of_pages),
        *(
            problem
            for problem in later
            if (problem.path, problem.line) not in known
            and missing.isdisjoint(re.findall(r"[\w-]+", problem.message))
        ),
    ]


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
    if problems := _problems(guide, rules, found):
        raise ContentErrors(problems)


def _problems(guide: Guide, rules: Sequence[Rule], found: Sequence[Problem] = ()) -> list[Problem]:
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
    return [
        problem
        for problem in problems
        if problem.rule != BOUND or not any(one in problem.message for one in typed)
    ]
