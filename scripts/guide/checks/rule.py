"""One rule, one module: its name is the file's, its first docstring line is the reason readers see.

A rule has one or both of two checks, which yield problems whose messages are the repair:

`check_page(guide, page, text)` looks at one page as Markdown, when it is rendered anew.
`check(guide)` looks at everything, in every run.

A rule that must let something through lists it in its own EXCEPTIONS, and an exception that is no
longer needed is itself a problem.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from guide.base.problem import Problem
from guide.content.library import Library
from guide.pages.page import Page


@dataclass(frozen=True)
class Guide:
    """What a rule looks at: the library, the pages as they go to the engine, and the day."""

    library: Library
    root: Path
    pages: list[Page]
    today: datetime.date

    def problem(self, label: str, message: str, *where: Any) -> Problem:
        """A problem at the place of a record or other id, or at a path of keys below it."""
        place = self.library.place[label]
        line = self.line(label, *where)
        return Problem(place.path, line or place.line, message)

    def line(self, label: str, *where: Any) -> int:
        """The line of a key inside the record written at `label`."""
        place = self.library.place[label]
        lines = self.library.lines.get(place.path, {})
        base = next(
            (
                path
                for path, line in lines.items()
                if line == place.line and (not path or isinstance(path[-1], int))
            ),
            (),
        )
        return lines.get((*base, *where), place.line)


def except_for(
    exceptions: dict[str, str], found: Iterator[tuple[str, Problem]], guide: Guide
) -> Iterator[Problem]:
    """The problems of all records but the excepted ones; an exception that is no longer needed is a
    problem.

    `found` yields (record id, problem); `exceptions` maps a record id to the reason it may stay.
    """
    needed: set[str] = set()
    for record, problem in found:
        if record in exceptions:
            needed.add(record)
        else:
            yield problem
    for record in exceptions:
        if record in guide.library.records and record not in needed:
            yield guide.problem(
                record,
                f"'{record}' is listed as an exception of this rule and no longer needs to be:"
                " delete it from EXCEPTIONS",
            )


def title(rule: ModuleType) -> str:
    return rule.__name__.rsplit(".", 1)[-1].replace("_", "-")


def why(rule: ModuleType) -> str:
    """The rule's reason: the first paragraph of its docstring."""
    return " ".join((rule.__doc__ or "").strip().split("\n\n")[0].split())


def holds_one(text: str, signs: tuple[str, ...]) -> bool:
    """Whether a text holds any of these, in small letters: a quick no for patterns that few texts
    match.
    """
    small = text.lower()
    return any(sign in small for sign in signs)
