"""What was probably meant where a file is not YAML: the slip of the pen, at the line where it was
made.

A YAML parser reports where it could not go on, which may be a hundred lines below an open quote.
Each guess here is proved before it is said: the slip is mended in memory, and it counts only when
the parser then gets further than it got. Where no guess holds, the parser's own words stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from guide.base.normalise import CURLY_DOUBLE, CURLY_SINGLE, ODD_SPACES, named

# How far the text parses: the line, counted from 0, where it stops; None where it does not.
Stops = Callable[[str], "int | None"]


_LEAD = re.compile(r"(?P<indent> *(?:- +)*)(?:(?P<key>[A-Za-z_][\w-]*):(?: +|$))?")


_WORDS = re.compile(r"(?P<lead> *(?:- +)*)(?P<key>[A-Za-z_][\w-]*)(?P<colon>:?)(?P<rest>.*)$")


_CLOSED = re.compile(r"\s*(?:[,\]}:].*|#.*)?$")


_CURLY = re.compile(
    r"(?:^ *(?:- +)*|[\[{,] *|:"
    rf" +)(?P<open>[{CURLY_DOUBLE}{CURLY_SINGLE}\"'])[^{CURLY_DOUBLE}{CURLY_SINGLE}\"]*"
    rf"(?P<close>[{CURLY_DOUBLE}{CURLY_SINGLE}\"'])(?=\s*(?:[,\]}}].*|#.*)?$)"
)


_ODD_COLON = re.compile(
    rf"(?P<lead> *(?:- +)*(?P<key>[A-Za-z_][\w-]*):)(?P<space>[{ODD_SPACES}])[ {ODD_SPACES}]*"
)


# What could be read as a key: the words before a ': '.
_COLON = re.compile(r"([^:,{\[]*[^:,{\[\s])\s*:(?=\s|$)")


# A colon or an indentation that is wrong is noticed in the same entry; every guess costs one parse.
_NEAR, _TRIES = 6, 20


@dataclass(frozen=True)
class Slip:
    """The line, counted from 1, and what to do about it."""

    line: int
    message: str


@dataclass(frozen=True)
class _Quote:
    """A quoted text that begins in a line: where, with which mark, where it ends in the line (-1:
    it does not).
    """

    start: int
    mark: str
    end: int


def find_slip(text: str, stopped: int, stops: Stops) -> Slip | None:
    """The slip that made the parser stop at line `stopped` (counted from 0), or None when there is
    doubt.
    """
    lines = text.split("\n")
    last = min(stopped, len(lines) - 1)

    def helps(number: int, line: str) -> bool:
        now = stops("\n".join([*lines[:number], line, *lines[number + 1 :]]))
        # Any line can be shifted below a wrong one, and the parser then stops a line later: only
        # the right one heals all.
        return now is None or (find is not _indents and now > stopped)

    for find in (
        _curly_quotes,
        _odd_spaces,
        _comments,
        _commas,
        _inner_colons,
        _open_quotes,
        _early_quotes,
        _colons,
        _indents,
    ):
        for tried, (number, mended, message) in enumerate(find(lines, last)):
            if tried == _TRIES:
                break
            if helps(number, mended):
                return Slip(number + 1, message)
    return None


Guess = tuple[int, str, str]


def _near(lines: Sequence[str], last: int) -> Iterator[tuple[int, str]]:
    """The lines around the one where the parser stopped, that one first."""
    for number in range(last, max(last - _NEAR, -1), -1):
        yield number, lines[number]


def _curly_quotes(lines: Sequence[str], last: int) -> Iterator[Guess]:
    """A value between quotes of which one is curly: “a text: more”."""
    for number, line in _near(lines, last):
        for found in _CURLY.finditer(line):
            if set(found["open"] + found["close"]) - {"'", '"'}:
                curly = next(mark for mark in found["open"] + found["close"] if mark not in "'\"")
                yield (
                    number,
                    f"{line[: found.start('open')]}x{line[found.end('close') :]}",
                    (
                        f"{_called(line)}{curly} is no quote for YAML, but a letter of the text:"
                        ' type the plain quote (") at both ends, or take the quotes away'
                    ),
                )


def _odd_spaces(lines: Sequence[str], last: int) -> Iterator[Guess]:
    """A no-break space or its like behind the colon of a key."""
    for number, line in _near(lines, last):
        found = _ODD_COLON.match(line)
        if found:
            yield (
                number,
                f"{found['lead']} {line[found.end() :]}",
                (
                    f"{found['key']}: another kind of space, {named(found['space'])}, stands behind"
                    " the colon: type a plain space"
                ),
            )


def _comments(lines: Sequence[str], last: int) -> Iterator[Guess]:
    """A text over several lines that a ' #' cuts, or a comment between its lines."""
    for number, line in _near(lines, last):
        if line.lstrip().startswith("#"):
            yield number, "", "a comment stands between the lines of a text: put it above the key"
            continue
        quoted = [
            (quote.start, quote.end if quote.end >= 0 else len(line)) for quote in _quotes(line)
        ]
        for found in re.finditer(r"\s+(#.*)", line):
            if not any(start < found.start() < end for start, end in quoted):
                message = (
                    f"'{short(found[1])}' is not read: a '#' behind a space begins a comment. Put"
                    " the whole text in quotes, or the comment on a line of its own"
                )
                yield number, f"{line[: found.start()]} x", f"{_called(line)}{message}"
                break


def _commas(lines: Sequence[str], last: int) -> Iterator[Guess]:
    """A comma at the end of a line, as other formats want it."""
    for number, line in _near(lines, last):
        found = re.search(r"([}\]\"'])\s*,(\s*(?:#.*)?)$", line)
        if found:
            yield (
                number,
                line[: found.end(1)] + found[2],
                (
                    f"{_called(line)}a comma stands behind {found[1]}: delete it, YAML wants none"
                    " between lines"
                ),
            )


def _inner_colons(lines: Sequence[str], last: int) -> Iterator[Guess]:
    """A ': ' inside a text without quotes: 'patient: Warning: it is hot'."""
    for number, line in _near(lines, last):
        if line.lstrip().startswith("#"):
            continue
        lead = _LEAD.match(line)
        begin = lead.end() if lead and lead["key"] else 0
        flow = line[begin : begin + 1] in ("{", "[")
        quoted = [
            (quote.start, quote.end if quote.end >= 0 else len(line)) for quote in _quotes(line)
        ]
        mended, told = line, ""
        for order, found in enumerate(_COLON.finditer(line)):
            place, words = found.end() - 1, found[1].strip(" -'\"")
            # The key of the line, or of an entry in braces, is meant.
            meant = (order == 0 and not _goes_on(lines, number, words)) or (
                flow and line[found.start() - 1] in "{[,"
            )
            if not meant and not any(start < place < end for start, end in quoted):
                mended = f"{mended[:place]} {mended[place + 1 :]}"
                told = (
                    told
                    or f"{_called(line) if order else ''}'{short(words)}:' would begin a new key: put the whole text in quotes, because of the ': ' in it"
                )
        if told:
            yield number, mended, told


def _goes_on(lines: Sequence[str], number: int, words: str) -> bool:
    """Whether a line is likely the next line of a text: deeper than the key above, and worded like
    text.
    """
    above = next((line for line in reversed(lines[:number]) if line.strip()), "")
    return _indent(lines[number]) >= len(above) - len(above.lstrip(" -")) + 2 and bool(
        re.match(r"[A-Z][a-z]+$|\S+\s", words)
    )


def _open_quotes(lines: Sequence[str], last: int) -> Iterator[Guess]:
    """Quotes that open and do not close in their line, the last one first."""
    for number in range(last, -1, -1):
        line = lines[number]
        quote = next((quote for quote in _quotes(line) if quote.end < 0), None)
        if quote is None or _closes_later(lines, number, quote):
            continue
        message = (
            f"{_called(line)}a quote ({quote.mark}) opens here and is not closed: add it, or take"
            " it away"
        )
        ends = re.search(r"[\]},\s]*$", line)
        # What the quote swallowed may be the end of a list: '["Example Pharma]'.
        for rest in dict.fromkeys((line[ends.start() :] if ends else "", "")):
            yield number, f"{line[: quote.start]}x{rest}", message


def _early_quotes(lines: Sequence[str], last: int) -> Iterator[Guess]:
    """A quote inside a quoted text, which ends it: 'the patient's leaflet'."""
    for number in range(last, max(last - 2, -1), -1):
        line = lines[number]
        for quote in _quotes(line):
            if quote.end < 0 or _CLOSED.match(line, quote.end + 1):
                continue
            inside = "''" if quote.mark == "'" else '\\"'
            yield (
                number,
                f"{line[: quote.start]}x",
                (
                    f"{_called(line)}the quote ({quote.mark}) closes after"
                    f" {line[quote.start : quote.end + 1]} and text follows: write {inside} for a"
                    f" {quote.mark} inside the text, or put the other kind of quote around it"
                ),
            )


def _colons(lines: Sequence[str], last: int) -> Iterator[Guess]:
    """A key without its colon, or a colon without the space behind it."""
    for number in range(last, max(last - _NEAR, -1), -1):
        found = _WORDS.match(lines[number])
        if (
            found is None
            or not found["rest"].strip()
            or (found["colon"] and found["rest"][0] == " ")
        ):
            continue
        if not found["colon"] and found["rest"][0] != " ":
            continue
        meant = f"{found['key']}: {found['rest'].strip()}"
        wanting = (
            "a space is missing after the colon"
            if found["colon"]
            else f"a colon is missing after '{found['key']}'"
        )
        yield (
            number,
            f"{found['lead']}{meant}",
            f"'{short(lines[number].strip())}': {wanting}: write '{short(meant)}'",
        )


def _indents(lines: Sequence[str], last: int) -> Iterator[Guess]:
    """A line that does not stand below its neighbours; first those that most of the lines around
    them speak against.

    An odd indentation is doubtful by itself: files here have even ones.
    """

    def doubt(guess: tuple[int, int]) -> tuple[bool, int]:
        number, wanted = guess
        has = _indent(lines[number])
        around = [
            _indent(line)
            for line in [
                *lines[max(number - _NEAR, 0) : number],
                *lines[number + 1 : number + _NEAR],
            ]
            if line.strip()
        ]
        return bool(wanted % 2), around.count(has) - around.count(wanted)

    guesses = {
        (number, wanted)
        for number in range(max(last - 1, 0), last + 1)
        for wanted in _neighbours(lines, number)
    }
    for number, wanted in sorted(sorted(guesses), key=doubt):
        line = lines[number]
        # A key at the margin belongs to the file: what is wrong is more likely what stands around
        # it.
        if 0 < (has := _indent(line)) != wanted and not line.lstrip().startswith("#"):
            yield (
                number,
                " " * wanted + line.lstrip(),
                (
                    f"'{short(line.strip())}' is indented by {_spaces(has)}, and the lines around"
                    f" it by {wanted}: put it below them"
                ),
            )


def _neighbours(lines: Sequence[str], number: int) -> Iterator[int]:
    """Where the text of the lines before and after starts: behind the dash, where there is one and
    this line has none.
    """
    item = lines[number].lstrip().startswith("- ")
    for step, end in ((-1, max(number - _NEAR, -1)), (1, min(number + _NEAR, len(lines)))):
        for other in range(number + step, end, step):
            line = lines[other]
            if line.strip() and not line.lstrip().startswith("#"):
                yield (
                    _indent(line)
                    if item or not line.lstrip().startswith("- ")
                    else len(line) - len(line.lstrip(" -"))
                )
                if not item:
                    break


def _quotes(line: str) -> Iterator[_Quote]:
    """The quoted texts of a line that stand where YAML would see a quote: a value, or an entry of a
    flow list.
    """
    lead = _LEAD.match(line)
    place = lead.end() if lead else 0
    if line[place : place + 1] in ("'", '"'):
        yield _quote(line, place)
        return
    if line[place : place + 1] not in ("[", "{"):
        return
    fresh = False
    while place < len(line):
        letter = line[place]
        if letter in "[{,":
            fresh = True
        elif letter == ":" and line[place + 1 : place + 2] == " ":
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


def _quote(line: str, start: int) -> _Quote:
    return _Quote(start, line[start], _end(line, start + 1, line[start]))


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


def _closes_later(lines: Sequence[str], number: int, quote: _Quote) -> bool:
    """Whether the text in quotes goes on over lines and ends as one that was meant to: nothing
    stands behind it.
    """
    for line in lines[number + 1 :]:
        end = _end(line, 0, quote.mark)
        if end >= 0:
            return bool(_CLOSED.match(line, end + 1))
    return False


def _called(line: str) -> str:
    lead = _LEAD.match(line)
    return f"{lead['key']}: " if lead and lead["key"] else ""


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _spaces(count: int) -> str:
    return f"{count} space{'' if count == 1 else 's'}"


def short(text: str, most: int = 60) -> str:
    """The beginning of a text, for a message."""
    return text if len(text) <= most else f"{text[:most].rstrip()}…"
