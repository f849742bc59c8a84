"""What is wrong with the content, said so that the sentence is the repair."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, get_args


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


def report(problems: Iterable[Problem]) -> str:
    """The problems grouped by rule, a line each, and their count last."""
    problems = set(problems)
    count = len(problems)
    return (
        f"{listed(problems)}\n\n{count} problem{'' if count == 1 else 's'}. Nothing is published."
    )


def listed(problems: Iterable[Problem]) -> str:
    """The problems grouped by rule, a line each: for what asks or writes and has no part in
    publishing.
    """
    groups: dict[str, list[Problem]] = {}
    for problem in sorted(set(problems)):
        groups.setdefault(problem.rule, []).append(problem)
    return "\n\n".join("\n".join([f"[{rule}]", *map(str, groups[rule])]) for rule in sorted(groups))


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
