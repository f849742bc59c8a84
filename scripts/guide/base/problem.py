"""What is wrong with the content, said so that the sentence is the repair."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, get_args

from guide.base.command_line import typed


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend: where it is, what was found and what to do about it.

    `path` is relative to the project, `line` counts from 1 (0: the file as a whole),
    `rule` is the name of the rule that found it.
    """

    path: str
    line: int
    message: str
    rule: str = "form"

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.message}"


class ContentErrors(Exception):
    """All problems of one run, raised together so that nobody mends them one at a time."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = sorted(set(problems))
        super().__init__(report(self.problems))

    def __reduce__(self) -> tuple[type[ContentErrors], tuple[list[Problem]]]:
        """The same in another process."""
        return ContentErrors, (self.problems,)


def report(problems: Iterable[Problem], each: bool = False) -> str:
    """The problems grouped by rule as `listed` has them, and their count last; that pages could not
    be made is no problem of its own.
    """
    problems = set(problems)
    count = sum(problem.rule != NOT_MADE for problem in problems)
    return (
        f"{listed(problems, each)}\n\n{count} problem{'' if count == 1 else 's'}. Nothing is"
        " published."
    )


def listed(problems: Iterable[Problem], each: bool = False) -> str:
    """The problems grouped by rule, a line each: for what asks or writes and has no part in
    publishing.

    The fields that a new file leaves to fill in are one line a file, unless `each` is true.
    """
    groups: dict[str, list[Problem]] = {}
    for problem in sorted(set(problems)):
        groups.setdefault(problem.rule, []).append(problem)
    lines = {rule: list(map(str, found)) for rule, found in groups.items()}
    if TO_FILL_IN in groups and not each:
        lines[TO_FILL_IN] = _by_file(groups[TO_FILL_IN])
    last_is_not_made = sorted(lines, key=lambda rule: (rule == NOT_MADE, rule))
    return "\n\n".join("\n".join([f"[{rule}]", *lines[rule]]) for rule in last_is_not_made)


def lines(problems: Iterable[Problem]) -> list[str]:
    """The problems as `listed` has them, without the names of their rules and blank lines."""
    return [line for line in listed(problems).split("\n") if line and not line.startswith("[")]


# The rule under which stands what a new file leaves to fill in: 'to do: <field>: <what it wants>'.
TO_FILL_IN = "to-do"

# The rule under which stands which pages could not be made, and so were not looked at.
NOT_MADE = "pages-not-made"

_FIRST_FIELDS = 3


def _by_file(problems: list[Problem]) -> list[str]:
    """A line for each file with fields to fill in; a file with a single one keeps its own line."""
    files: dict[str, list[Problem]] = {}
    for problem in problems:
        files.setdefault(problem.path, []).append(problem)
    lines = []
    for path, found in files.items():
        if len(found) == 1:
            lines.append(str(found[0]))
            continue
        fields = [problem.message.split(": ")[1] for problem in found[:_FIRST_FIELDS]]
        more = ", …" if len(found) > _FIRST_FIELDS else ""
        lines.append(f"{path}:{found[0].line}: {len(found)} to do: {', '.join(fields)}{more}")
    if len(lines) < len(problems):
        lines.append(f"Each field, with what it wants: {typed('check --all')}")
    return lines


def nearest(word: str, allowed: Iterable[str], cutoff: float = 0.6) -> str:
    """` (nearest: 'x')` when one of `allowed` looks like `word`, else an empty string.

    `cutoff` is how alike the two must be, from 0 to 1 (all letters in the same order).
    """
    match = difflib.get_close_matches(word, list(allowed), n=1, cutoff=cutoff)
    return f" (nearest: '{match[0]}')" if match else ""


class CallError(Exception):
    """A page asked a component for something that does not exist; the message is the repair."""


def require_one_of(word: str, words: Any, what: str) -> None:
    """Raises CallError when a word of a page's call is none of a vocabulary's."""
    if word not in get_args(words):
        raise CallError(
            f"'{word}' is not {what}{nearest(word, get_args(words))}: give"
            f" {', '.join(get_args(words))}"
        )
