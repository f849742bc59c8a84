"""Quoted texts inside the lines of a file that may not be YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# The beginning of a line: its indentation, the dashes of lists, and the key with its colon.
LEAD = re.compile(r"(?P<indent> *(?:- +)*)(?:(?P<key>[A-Za-z_][\w-]*):(?: +|$))?")


# What may stand behind a text in quotes.
CLOSED = re.compile(r"\s*(?:[,\]}:].*|#.*)?$")


@dataclass(frozen=True)
class Quote:
    """A quoted text that begins in a line: the columns of its two marks, and the mark.

    `end` is -1 where the line does not close it. Columns count from 0.
    """

    start: int
    mark: str
    end: int


def quotes_in(line: str) -> Iterator[Quote]:
    """The quoted texts of a line that stand where YAML would see a quote: a value, or an entry of a
    flow list.
    """
    lead = LEAD.match(line)
    place = lead.end() if lead else 0
    if line[place : place + 1] in ("'", '"'):
        yield _quote(line, place)
        return
    if line[place : place + 1] not in ("[", "{"):
        return
    fresh = False
    while place < len(line):
        letter = line[place]
        if letter in "[{," or (letter == ":" and line[place + 1 : place + 2] == " "):
            fresh = True
        elif letter in "'\"" and fresh:
            quote = _quote(line, place)
            yield quote
            if quote.end < 0:
                return
            place, fresh = quote.end, False
        elif letter != " ":
            fresh = False
        place += 1


def _quote(line: str, start: int) -> Quote:
    return Quote(start, line[start], _end(line, start + 1, line[start]))


def _end(line: str, place: int, mark: str) -> int:
    """Where a text in quotes ends, from `place` on; -1 where the line does not close it. '' and \\"
    are letters of it.
    """
    while place < len(line):
        if mark == '"' and line[place] == "\\":
            place += 1
        elif line[place] == mark:
            if mark == '"' or line[place + 1 : place + 2] != "'":
                return place
            place += 1
        place += 1
    return -1


def closes_later(lines: Sequence[str], number: int, quote: Quote) -> bool:
    """Whether the text in quotes goes on over lines and ends as one that was meant to: nothing
    stands behind it.
    """
    for line in lines[number + 1 :]:
        end = _end(line, 0, quote.mark)
        if end >= 0:
            return bool(CLOSED.match(line, end + 1))
    return False
