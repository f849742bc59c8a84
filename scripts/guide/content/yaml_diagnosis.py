"""The typing mistake that probably stands in a file that is not YAML, at its own line.

A YAML parser reports where it could not go on, which may be a hundred lines below an open quote.
Each guess is tested: the mistake is mended in memory, and the guess counts only if the parser then
gets further. Where no guess holds, the parser's own message stays.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from guide.base.normalise import CURLY_DOUBLE, CURLY_SINGLE, ODD_SPACES, named
from guide.content.yaml_quotes import CLOSED, LEAD, closes_later, quotes_in

# How far a text parses: the line, counted from 0, where the parser stops; None if it does not.
StoppingLine = Callable[[str], int | None]


# A line, counted from 0, what it should be, and the message that says so.
Guess = tuple[int, str, str]


_WORDS = re.compile(r"(?P<lead> *(?:- +)*)(?P<key>[A-Za-z_][\w-]*)(?P<colon>:?)(?P<rest>.*)$")


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
class Diagnosis:
    """The line, counted from 1, what to do about it, and the whole text without the mistake."""

    line: int
    message: str
    mended: str = ""


def diagnose(text: str, stopped: int, stopping_line: StoppingLine) -> Diagnosis | None:
    """The mistake that made the parser stop at line `stopped`, counted from 0.

    None where no guess helps the parser.
    """
    lines = text.split("\n")
    last = min(stopped, len(lines) - 1)
    for guesses in _GUESSES:
        for number, mended, message in itertools.islice(guesses(lines, last), _TRIES):
            whole = "\n".join([*lines[:number], mended, *lines[number + 1 :]])
            stops = stopping_line(whole)
            # Any line can be moved below a wrong one, and the parser then stops a line later: a
            # moved line counts only if it mends the whole file.
            if stops is None or (guesses is not _indents and stops > stopped):
                return Diagnosis(number + 1, message, whole)
    return None


def _near(lines: Sequence[str], last: int) -> Iterator[tuple[int, str]]:
    """The lines around the one where the parser stopped, that one first."""
    for number in range(last, max(last - _NEAR, -1), -1):
        yield number, lines[number]


def _curly_quotes(lines: Sequence[str], last: int) -> Iterator[Guess]:
    """A value between quotes of which one is curly: “a text: more”."""
    for number, line in _near(lines, last):
        for match in _CURLY.finditer(line):
            if set(match["open"] + match["close"]) - {"'", '"'}:
                curly = next(mark for mark in match["open"] + match["close"] if mark not in "'\"")
                yield (
                    number,
                    f"{line[: match.start('open')]}x{line[match.end('close') :]}",
                    (
                        f"{_field(line)}{curly} is no quote for YAML, but a letter of the text:"
                        ' type the plain quote (") at both ends, or take the quotes away'
                    ),
                )


def _odd_spaces(lines: Sequence[str], last: int) -> Iterator[Guess]:
    """A no-break space or its like behind the colon of a key."""
    for number, line in _near(lines, last):
        match = _ODD_COLON.match(line)
        if match:
            yield (
                number,
                f"{match['lead']} {line[match.end() :]}",
                (
                    f"{match['key']}: another kind of space, {named(match['space'])}, stands behind"
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
            (quote.start, quote.end if quote.end >= 0 else len(line)) for quote in quotes_in(line)
        ]
        for match in re.finditer(r"\s+(#.*)", line):
            if not any(start < match.start() < end for start, end in quoted):
                message = (
                    f"'{short(match[1])}' is not read: a '#' behind a space begins a comment. Put"
                    " the whole text in quotes, or the comment on a line of its own"
                )
                yield number, f"{line[: match.start()]} x", f"{_field(line)}{message}"
                break


def _commas(lines: Sequence[str], last: int) -> Iterator[Guess]:
    """A comma at the end of a line, as other formats want it."""
    for number, line in _near(lines, last):
        match = re.search(r"([}\]\"'])\s*,(\s*(?:#.*)?)$", line)
        if match:
            yield (
                number,
                line[: match.end(1)] + match[2],
                (
                    f"{_field(line)}a comma stands behind {match[1]}: delete it, YAML wants none"
                    " between lines"
                ),
            )


def _inner_colons(lines: Sequence[str], last: int) -> Iterator[Guess]:
    """A ': ' inside a text without quotes: 'patient: Warning: it is hot'."""
    for number, line in _near(lines, last):
        if line.lstrip().startswith("#"):
            continue
        lead = LEAD.match(line)
        begin = lead.end() if lead and lead["key"] else 0
        flow = line[begin : begin + 1] in ("{", "[")
        quoted = [
            (quote.start, quote.end if quote.end >= 0 else len(line)) for quote in quotes_in(line)
        ]
        mended, message = line, ""
        for order, match in enumerate(_COLON.finditer(line)):
            place, words = match.end() - 1, match[1].strip(" -'\"")
            # The key of the line, or of an entry in braces, is meant.
            meant = (order == 0 and not _goes_on(lines, number, words)) or (
                flow and line[match.start() - 1] in "{[,"
            )
            if not meant and not any(start < place < end for start, end in quoted):
                mended = f"{mended[:place]} {mended[place + 1 :]}"
                message = message or (
                    f"{_field(line) if order else ''}'{short(words)}:' would begin a new key: put"
                    " the whole text in quotes, because of the ': ' in it"
                )
        if message:
            yield number, mended, message


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
        quote = next((quote for quote in quotes_in(line) if quote.end < 0), None)
        if quote is None or closes_later(lines, number, quote):
            continue
        message = (
            f"{_field(line)}a quote ({quote.mark}) opens here and is not closed: add it, or take"
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
        for quote in quotes_in(line):
            if quote.end < 0 or CLOSED.match(line, quote.end + 1):
                continue
            inside = "''" if quote.mark == "'" else '\\"'
            yield (
                number,
                f"{line[: quote.start]}x",
                (
                    f"{_field(line)}the quote ({quote.mark}) closes after"
                    f" {line[quote.start : quote.end + 1]} and text follows: write {inside} for a"
                    f" {quote.mark} inside the text, or put the other kind of quote around it"
                ),
            )


def _colons(lines: Sequence[str], last: int) -> Iterator[Guess]:
    """A key without its colon, or a colon without the space behind it."""
    for number, line in _near(lines, last):
        match = _WORDS.match(line)
        # What stands behind the key begins with a space just if the colon is missing.
        if (
            match is None
            or not match["rest"].strip()
            or bool(match["colon"]) == match["rest"].startswith(" ")
        ):
            continue
        meant = f"{match['key']}: {match['rest'].strip()}"
        missing = (
            "a space is missing after the colon"
            if match["colon"]
            else f"a colon is missing after '{match['key']}'"
        )
        yield (
            number,
            f"{match['lead']}{meant}",
            f"'{short(line.strip())}': {missing}: write '{short(meant)}'",
        )


def _indents(lines: Sequence[str], last: int) -> Iterator[Guess]:
    """A line that does not stand below its neighbours; first those that most of the lines around
    them speak against.

    An odd indentation is doubtful by itself: files here have even ones.
    """

    def doubt(guess: tuple[int, int]) -> tuple[bool, int]:
        number, expected = guess
        indent = _indent(lines[number])
        around = [
            _indent(line)
            for line in [
                *lines[max(number - _NEAR, 0) : number],
                *lines[number + 1 : number + _NEAR],
            ]
            if line.strip()
        ]
        return bool(expected % 2), around.count(indent) - around.count(expected)

    guesses = {
        (number, expected)
        for number in range(max(last - 1, 0), last + 1)
        for expected in _neighbours(lines, number)
    }
    for number, expected in sorted(sorted(guesses), key=doubt):
        line = lines[number]
        # A key at the margin belongs to the file: what is wrong is more likely what stands around
        # it.
        if 0 < (indent := _indent(line)) != expected and not line.lstrip().startswith("#"):
            yield (
                number,
                " " * expected + line.lstrip(),
                (
                    f"'{short(line.strip())}' is indented by {_spaces(indent)}, and the lines"
                    f" around it by {expected}: put it below them"
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


def _field(line: str) -> str:
    """The key of a line as a message begins with it: `patient: `; empty text for no key."""
    lead = LEAD.match(line)
    return f"{lead['key']}: " if lead and lead["key"] else ""


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _spaces(count: int) -> str:
    return f"{count} space{'' if count == 1 else 's'}"


def short(text: str, most: int = 60) -> str:
    """The beginning of a text, for a message."""
    return text if len(text) <= most else f"{text[:most].rstrip()}…"


# In the order in which they are tried: those that explain most come first.
_GUESSES = (
    _curly_quotes,
    _odd_spaces,
    _comments,
    _commas,
    _inner_colons,
    _open_quotes,
    _early_quotes,
    _colons,
    _indents,
)
