"""What a rule is, and what it is given.

Each rule is a module of `checks/rules/`: its name is the file's, the first paragraph of its
docstring is the reason that readers see. It has one or both of two functions, which yield problems
whose messages say how to solve them:

`check_page(guide, page, text)` examines one page as Markdown, when it is rendered anew.
`check(guide)` examines everything, in every run.

A rule that goes by the words of a language has a constant `NEEDS`, the part of
`guide.content.language_rules` that it looks for. It does not run in a language without that part;
where `PARTLY` is true, it runs and finds less.

What a rule must let through, content/vocabulary.yml lists under `exceptions`. An exception that is
no longer needed is itself a problem.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guide.base.problem import Problem, nearest
from guide.content import models as m
from guide.content.language_rules import language_rules
from guide.content.layout import VOCABULARY
from guide.content.library import Library
from guide.pages.page import Page

_VOCABULARY = f"content/{VOCABULARY}"


@dataclass(frozen=True)
class Guide:
    """What a rule examines: the library, the pages as they go to the engine, and the day."""

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


@dataclass(frozen=True)
class Rule:
    """One rule: its name as messages print it, the reason for it, and its checks.

    `needs` is the part of a language's rules that it goes by, or "". `partly`: without it the rule
    still finds something.
    """

    name: str
    reason: str
    check: Callable[[Guide], Iterator[Problem]] | None
    check_page: Callable[[Guide, Page, str], Iterator[Problem]] | None
    needs: str = ""
    partly: bool = False

    @property
    def lacks(self) -> str:
        """The part that the current language lacks; "" where it has what the rule needs."""
        known = not self.needs or getattr(language_rules(), self.needs) is not None
        return "" if known else self.needs

    @property
    def runs(self) -> bool:
        """Whether the rule finds anything in the current language."""
        return self.partly or not self.lacks


# What rules have found nothing wrong with in this process, as `unless_sound` is given it.
_sound: set[bytes] = set()


def unless_sound(known: bytes | None, problems: Iterator[Problem]) -> Iterator[Problem]:
    """The problems of one thing. `known` stands for all that they depend on, and for who looks for
    them. Where there were none once, nobody looks again: `serve` checks everything at each edit.
    """
    if known in _sound:
        return
    is_sound = True
    for problem in problems:
        is_sound = False
        yield problem
    if is_sound and known is not None:
        _sound.add(known)


def except_for(
    rule: m.RuleWithExceptions, problems: Iterator[tuple[str, Problem]], guide: Guide
) -> Iterator[Problem]:
    """The problems of all records but those that the vocabulary excepts from the rule; an exception
    that is not needed is a problem.

    `problems` yields (record id, problem).
    """
    places = {
        exception.record: index
        for index, exception in enumerate(guide.library.vocabulary.exceptions)
        if exception.rule == rule
    }
    needed: set[str] = set()
    for record, problem in problems:
        if record in places:
            needed.add(record)
        else:
            yield problem
    for record in places.keys() - needed:
        known = record in guide.library.records or record in guide.library.sources
        yield Problem(
            _VOCABULARY,
            guide.library.line(_VOCABULARY, "exceptions", places[record]),
            f"'{record}' needs no exception"
            + (
                ""
                if known
                else f": there is no such record{nearest(record, guide.library.records)}"
            )
            + ": delete this entry of 'exceptions', or correct its 'record'",
        )
