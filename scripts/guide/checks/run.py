"""Runs every rule over the whole guide and raises all problems together."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from guide.base.problem import NOT_MADE, TO_FILL_IN, ContentErrors, Problem
from guide.checks.compiled_page import broken_links
from guide.checks.in_part import (
    Doubts,
    files_of_lost_answers,
    missing_names,
    pages_not_made,
    problems_in_part,
)
from guide.checks.registry import all_rules
from guide.checks.rule import Guide, Rule
from guide.checks.site import CHECKS
from guide.checks.stand_in_names import give_stand_ins
from guide.content.library import Library
from guide.content.loading import Loaded
from guide.pages.page import Page

NAMES = "names-exist"

# Rules that must hold before the pages can be rendered at all.
BEFORE_PAGES = (
    NAMES,
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
    doubts = Doubts(loaded)
    files = loaded.files | {one.path for one in loaded.problems if one.path not in loaded.doubtful}
    unsure = _unsure(loaded)
    names_too = [name for name in BEFORE_PAGES if not (unsure and name == NAMES)]
    partly = bool(files or loaded.lost or unsure or doubts.move_records)
    content = Guide(library, root, [], today)
    first = problems_in_part(content, names_too, loaded.lost, files, partly)
    first = [problem for problem in first if not doubts.cover(problem)]
    missing = missing_names(first)
    give_stand_ins(library)
    pages, of_pages, not_made = _pages_in_part(library, pages_of, bool(loaded.problems or first))
    files |= {problem.path for problem in first} if not_made else files_of_lost_answers(first)
    names = {rule.name for rule in all_rules()} - {*BEFORE_PAGES, OVERDUE}
    later = problems_in_part(
        Guide(library, root, pages, today),
        names,
        loaded.lost,
        files,
        partly or bool(not_made) or any(problem.rule == NAMES for problem in first),
    )
    known = {(problem.path, problem.line) for problem in (*loaded.problems, *first)}
    found = [
        *loaded.problems,
        *first,
        # A page that cannot be made for another mistake is not wrong itself.
        *(() if loaded.problems or first else of_pages),
        *(
            problem
            for problem in later
            if (problem.path, problem.line) not in known
            and not doubts.cover(problem)
            and missing.isdisjoint(re.findall(r"[\w-]+", problem.message))
        ),
    ]
    # Of pages that wait for what is still to be filled in, nobody has to be told.
    waiting = any(problem.rule == TO_FILL_IN for problem in loaded.problems)
    return found if waiting else [*found, *pages_not_made(not_made)]


def _unsure(loaded: Loaded) -> bool:
    """Whether an id is given twice or is none: it may be the name that others miss."""
    return any(
        ID_TAKEN.search(problem.message) or ID_WRONG.search(problem.message)
        for problem in loaded.problems
    )


def _pages_in_part(
    library: Library, pages_of: Callable[[Library, list[Problem]], list[Page]], known: bool
) -> tuple[list[Page], list[Problem], list[Problem]]:
    """The pages that can be made, what is wrong with the others, and which these are. What nobody
    expected is raised where no problem is `known` that could be its reason.
    """
    found = list[Problem]()
    try:
        pages = pages_of(library, found)
    except ContentErrors as errors:
        found, pages = [*found, *errors.problems], []
    except Exception:
        if not (known or found):
            raise
        # What they lack is said already.
        pages = []
    return (
        pages,
        [problem for problem in found if problem.rule != NOT_MADE],
        [problem for problem in found if problem.rule == NOT_MADE],
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
