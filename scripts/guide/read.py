"""Read YAML strictly: text is text, every value has a line, nothing is expanded or guessed.

Stock YAML reads `no` as false, `1:30` as 90 and `010` as 8, keeps the last of two equal keys
and expands aliases; each of these has published a wrong fact somewhere. This reader knows
true and false, integers, decimals, ISO dates and text, and refuses the rest by name. Texts come
out as a reader reads them (see `normalise`), and what YAML would cut off in silence is a problem.
"""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from .normalise import (
    CURLY_DOUBLE,
    CURLY_SINGLE,
    ODD_SPACES,
    find_alike,
    find_hidden,
    named,
    normalise,
)
from .problem import Problem
from .slips import find_slip, short

MAX_BYTES = 400_000
MAX_TEXT = 4_000

_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)$")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+$")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}$")
# Nearly a number, a date or true: what stands there is text, and the message would be about its
# type.
_DECIMAL_COMMA = re.compile(r"-?[0-9]+(\.[0-9]{3})*,[0-9]+$")
_THOUSANDS = re.compile(r"-?[1-9][0-9]{0,2}(,[0-9]{3})+$")
_COMMA_BEHIND = re.compile(r"(-?[0-9]+(\.[0-9]+)?|[0-9]{4}-[0-9]{2}-[0-9]{2}|true|false),$")
# What a line begins with: spaces and the dashes of lists. No other space may stand there.
_ODD_INDENT = re.compile(rf" *(?:-[ {ODD_SPACES}]*)*([{ODD_SPACES}])")
_COMMENT = re.compile(r"\s+(#.*)")
_ODD_COLON = re.compile(rf"([A-Za-z_][\w-]*):([{ODD_SPACES}])")
# Never part of a file: controls, the mark of byte order, and what YAML takes for the end of a line
# and an editor does not.
_NEVER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]|^[ -]*\ufeff")
# A quick no for both of these, in a whole file.
_SUSPECT = re.compile(rf"{_NEVER.pattern}|^[ -]*[{ODD_SPACES}]", re.M)
_CURLY = CURLY_DOUBLE + CURLY_SINGLE + "«»"
# What a word processor opens a quotation with; ’ is an apostrophe, too ("’s-Hertogenbosch").
_OPENS = _CURLY.replace("’", "")
_KNOWN_TAGS = {
    f"tag:yaml.org,2002:{kind}"
    for kind in ("str", "int", "float", "bool", "null", "timestamp", "merge", "value")
}
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*$")
# Fields that computers look things up by.
_IDENTIFIERS = {"id", "doi"}

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Lines = dict[tuple[Any, ...], int]


def read_yaml(path: Path, name: str) -> tuple[Any, Lines, list[Problem]]:
    """The plain values of one YAML file, the line of each, and what is wrong with its form.

    `name` is how problems call the file. `lines` maps a path of keys and indexes, such as
    `("statements", 2, "kind")`, to a line counted from 1. With problems the value is None.
    """
    size = path.stat().st_size
    if size > MAX_BYTES:
        with path.open("rb") as file:
            lengths = [len(line) for line in file]
        longest = max(range(len(lengths)), key=lengths.__getitem__)
        return (
            None,
            {},
            [
                Problem(
                    name,
                    longest + 1,
                    f"the file is {size:,} bytes, {lengths[longest]:,} of them in this line; at"
                    f" most {MAX_BYTES:,} are read: split the file by subject, or the text into"
                    " statements",
                )
            ],
        )
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        return (
            None,
            {},
            [Problem(name, 0, f"byte {error.start} is not UTF-8: save the file as UTF-8")],
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    problems = [Problem(name, line, message) for line, message in _wrong_characters(text)]
    if problems:
        return None, {}, problems
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        said = getattr(error, "problem", None) or str(error).splitlines()[0]
        line = mark.line + 1 if mark else 0
        slip = find_slip(text, mark.line, _stops) if mark else None
        if slip:
            return None, {}, [Problem(name, slip.line, slip.message)]
        return (
            None,
            {},
            [
                Problem(
                    name,
                    line,
                    f"this is not YAML: {said}; look at the indentation, and quote text that holds"
                    " ': ' or starts with {, [, *, &, ! or %",
                )
            ],
        )
    if node is None:
        return None, {}, [Problem(name, 0, "the file is empty: delete it or give it content")]
    builder = _Builder(name, text.split("\n"))
    value = builder.build(node, ())
    return (None if builder.problems else value), builder.lines, builder.problems


def _wrong_characters(text: str) -> list[tuple[int, str]]:
    """What no YAML parser would name: characters that change how a file is read, each with its
    line.
    """
    if text.startswith("\ufeff"):
        return [
            (
                1,
                (
                    "the file begins with a byte order mark (U+FEFF), which nobody sees: save it as"
                    " 'UTF-8' without 'BOM' or 'signature'"
                ),
            )
        ]
    found: list[tuple[int, str]] = []
    if not _SUSPECT.search(text):
        return found
    for number, line in enumerate(text.split("\n"), 1):
        never, odd = _NEVER.search(line), _ODD_INDENT.match(line)
        if never:
            found.append(
                (
                    number,
                    f"the text holds the invisible character U+{ord(never[0][-1]):04X}: delete it",
                )
            )
        elif odd and odd[1] == "\t":
            found.append((number, "a tab indents this line: YAML is indented with spaces, use two"))
        elif odd:
            found.append(
                (
                    number,
                    (
                        f"another kind of space, {named(odd[1])}, stands at the beginning of this"
                        " line: delete it, and indent with plain spaces"
                    ),
                )
            )
    return found


def _stops(text: str) -> int | None:
    """The line, counted from 0, where a text stops being YAML; None where it is YAML to its end."""
    try:
        yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return mark.line if mark else 0
    return None


class _Builder:
    """Turns YAML nodes into plain values and notes the line of each."""

    def __init__(self, name: str, source: list[str]):
        self.name = name
        self.source = source
        self.lines: Lines = {}
        self.problems: list[Problem] = []
        self._seen: set[int] = set()

    def build(self, node: yaml.Node, where: tuple[Any, ...]) -> Any:
        line = node.start_mark.line + 1
        self.lines[where] = line
        if id(node) in self._seen:
            line = self.lines.get(where[:-1], line)
            self._problem(
                line,
                where,
                "an alias (*name) repeats another part of the file: write the value out, a fact"
                " stands where it is read",
            )
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, where)
        if isinstance(node, yaml.SequenceNode):
            return [self._entry(child, (*where, index)) for index, child in enumerate(node.value)]
        return self._scalar(node, where, line)

    def _entry(self, node: yaml.Node, where: tuple[Any, ...]) -> Any:
        """An entry of a list. 'Warning: text' there is read as a key and its value, which no parser
        minds; keys here are of small letters.
        """
        if (
            isinstance(node, yaml.MappingNode)
            and len(node.value) == 1
            and re.match(r"[A-Z][A-Za-z]*$", str(node.value[0][0].value))
        ):
            self._read_as_key(node.value[0][0], where)
            return None
        return self.build(node, where)

    def _mapping(self, node: yaml.MappingNode, where: tuple[Any, ...]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        first: dict[str, int] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = key_node.value
            if not isinstance(key_node, yaml.ScalarNode) or key == "<<":
                self._problem(line, where, "a key must be one plain word")
                continue
            if self._wrong_key(node, key_node, value_node, where):
                continue
            if key in first:
                self._problem(
                    line,
                    (*where, key),
                    f"the key '{key}' stands twice (first in line {first[key]}): keep one",
                )
                continue
            first[key] = line
            values[key] = self.build(value_node, (*where, key))
            self.lines[(*where, key)] = line
        return values

    def _wrong_key(
        self,
        node: yaml.MappingNode,
        key_node: yaml.ScalarNode,
        value_node: yaml.Node,
        where: tuple[Any, ...],
    ) -> bool:
        """Whether a key is none, which is then told: letters that look like others, words of a
        text, half of a number.
        """
        key, line = key_node.value, key_node.start_mark.line + 1
        if _PLAIN_KEY.match(key):
            return False
        odd = find_hidden(key) or next((letter for letter in key if not letter.isascii()), "")
        # `{value: 2,5}` is read as a value 2 and a key 5 without a value.
        number = (
            re.search(r"(-?[0-9.]*[0-9]),\s*$", self._before(key_node))
            if node.flow_style and key.isdigit() and value_node.value == ""
            else None
        )
        if odd:
            self._problem(
                line,
                where,
                f"the key '{key}' holds {named(odd)}: keys are written with plain letters, type it"
                " anew",
            )
        elif number:
            self._problem(line, where, _point(f"{number[1]},{key}"))
        elif not key_node.style and re.search(r"\s", key):
            self._read_as_key(key_node, where)
        else:
            return False
        return True

    def _read_as_key(self, key_node: yaml.ScalarNode, where: tuple[Any, ...]) -> None:
        self._problem(
            key_node.start_mark.line + 1,
            where,
            f"'{short(key_node.value)}: …' is read as a key, because of the ': ' in it: if it is"
            " text, put the whole text in quotes",
        )

    def _before(self, node: yaml.Node) -> str:
        """What stands in the line before a node."""
        return self.source[node.start_mark.line][: node.start_mark.column]

    def _behind(self, node: yaml.Node) -> str:
        """What stands in the line behind the end of a node."""
        return self.source[node.end_mark.line][node.end_mark.column :]

    def _line_of(self, piece: str, node: yaml.Node) -> int:
        """The line of a text in which a piece of it stands; its first line where the piece is
        written in another way.
        """
        first = node.start_mark.line
        return (
            next(
                (
                    number
                    for number in range(first, node.end_mark.line + 1)
                    if number < len(self.source) and piece in self.source[number]
                ),
                first,
            )
            + 1
        )

    def _wrong_colon(self, node: yaml.ScalarNode) -> str:
        """What is wrong with `key:value` where another kind of space stands behind the colon; empty
        text where it is a text.
        """
        found = _ODD_COLON.match(node.value)
        found = found if found and not self._before(node).strip(" -") else None
        return (
            f"'{found[1]}:' is no key, because another kind of space, {named(found[2])}, stands"
            " behind its colon: type a plain space"
            if found
            else ""
        )

    def _scalar(self, node: yaml.ScalarNode, where: tuple[Any, ...], line: int) -> Any:
        value = self._plain(node, where, line)
        lost = self._lost(node) if isinstance(value, str) else None
        if lost:
            self._problem(lost[0], where, lost[1])
            return None
        return value

    def _lost(self, node: yaml.ScalarNode) -> tuple[int, str] | None:
        """What YAML leaves out of a text or runs together without a word: the line and the
        message.
        """
        first, last = node.start_mark.line, node.end_mark.line
        begin = self.source[first][node.start_mark.column :]
        if begin.startswith(("&", "!")):
            return (
                first + 1,
                (
                    f"'{begin.split()[0]}' is not read: what begins with {begin[0]} is not text for"
                    " YAML. Put the whole text in quotes"
                ),
            )
        cut = None if node.style else _COMMENT.match(self._behind(node))
        if cut:
            return (
                last + 1,
                (
                    f"'{short(cut[1])}' is not read: a '#' behind a space begins a comment. Put the"
                    " whole text in quotes, or the comment on a line of its own"
                ),
            )
        if last > first and node.style != "|" and "\n- " not in node.value:
            # A text below '>' ends where the next line begins, which is none of its lines.
            below = self.source[
                first + 1 : last if node.style == ">" and not node.end_mark.column else last + 1
            ]
            item = next(
                (number for number, text in enumerate(below, first + 1) if re.match(r" *- ", text)),
                0,
            )
            if item:
                return (
                    item + 1,
                    (
                        "this line of a list is run together with the line above: put '|' behind"
                        " the key, and every line of the text below it"
                    ),
                )
        return None

    def _plain(self, node: yaml.ScalarNode, where: tuple[Any, ...], line: int) -> Any:
        """The value of a scalar, as it is meant."""
        text: str = node.value
        if len(text) > MAX_TEXT:
            self._problem(
                line,
                where,
                f"the text is {len(text):,} characters long; at most {MAX_TEXT:,} fit one value:"
                " split the statement",
            )
            return None
        hidden = find_hidden(text)
        if hidden:
            self._problem(
                self._line_of(hidden, node),
                where,
                f"the text holds the invisible character U+{ord(hidden):04X}: delete it",
            )
            return None
        wrong = "" if node.style else _wrong_quotes(text) or self._wrong_colon(node)
        if wrong:
            self._problem(line, where, wrong)
            return None
        text = normalise(text)
        alike = find_alike(text, identifier=bool(where) and where[-1] in _IDENTIFIERS)
        if alike:
            self._problem(self._line_of(alike[0], node), where, _only_looks(*alike))
            return None
        if node.tag not in _KNOWN_TAGS:
            self._problem(line, where, f"the tag {node.tag} is not known here: write plain text")
            return None
        if node.style in ("'", '"', "|", ">"):
            if not text.strip():
                self._problem(
                    line,
                    where,
                    "the text is empty: write it, or 'unknown: <why>' where the field allows it",
                )
            return text
        text = text.strip()
        comment = _COMMENT.match(self._behind(node)) if not node.value else None
        if comment:
            self._problem(
                line,
                where,
                f"the value is missing: '{short(comment[1])}' is a comment, which is not read. If"
                " it is the text, put it in quotes",
            )
            return None
        if text in ("", "~", "null", "Null", "NULL"):
            self._problem(
                line,
                where,
                "the value is missing: write it, leave the key out, or say 'unknown: <why>' where"
                " the field allows it",
            )
            return None
        if text in ("true", "false"):
            return text == "true"
        if _INTEGER.match(text):
            return int(text)
        if _DECIMAL.match(text):
            return Decimal(text)
        if _DATE.match(text):
            try:
                return datetime.date.fromisoformat(text)
            except ValueError:
                self._problem(
                    line, where, f"'{text}' is not a day of the calendar: write it as YYYY-MM-DD"
                )
                return None
        wrong = _wrong_number(text)
        if wrong:
            self._problem(line, where, wrong)
            return None
        return text

    def _problem(self, line: int, where: tuple[Any, ...], message: str) -> None:
        place = dotted(where)
        self.problems.append(Problem(self.name, line, f"{place}: {message}" if place else message))


def _wrong_quotes(text: str) -> str:
    """What is wrong with a text that a word processor put in curly quotes; empty text where nothing
    is.
    """
    first, inner, last = text[:1], text[1:-1], text[-1:]
    if not first or first not in _OPENS:
        return ""
    whole = (
        len(text) > 1
        and (last in _CURLY or last in "'\"")
        and not any(letter in _OPENS for letter in inner)
    )
    # `[“one, two”]` is cut at its comma: the quote opens in one text and closes in another.
    open_end = first in "“„«" and not any(letter in _CURLY for letter in text[1:])
    return (
        f'{first} is no quote for YAML, but a letter of the text: type the plain quote (") at both'
        " ends, or take the quotes away"
        if whole or open_end
        else ""
    )


def _only_looks(word: str, letter: str) -> str:
    """What is wrong with a word that only looks as if it were of Latin letters."""
    name = named(letter)
    meant = (
        "; where the Greek letter is meant, put a hyphen beside it" if "Greek small" in name else ""
    )
    return (
        f"in '{short(word)}' the letter {letter} is {name}, which only looks like another one: type"
        f" the word anew{meant}"
    )


def _wrong_number(text: str) -> str:
    """What is wrong with a plain text that was meant as a number, a day, true or false; empty text
    where nothing is.
    """
    if _DECIMAL_COMMA.match(text) or _THOUSANDS.match(text):
        return _point(text)
    behind = _COMMA_BEHIND.match(text)
    return f"a comma stands behind {behind[1]}: delete it" if behind else ""


def _point(text: str) -> str:
    """How a number with a comma is written."""
    whole, point = text.replace(",", ""), text.replace(".", "").replace(",", ".")
    if not _THOUSANDS.match(text):
        meant = point
    else:
        meant = f"{whole} or {point}, whichever is meant" if text.count(",") == 1 else whole
    return (
        f"'{text}' is no number, because of its comma: write {meant}; if it is text, put it in"
        " quotes"
    )


def dotted(where: tuple[Any, ...]) -> str:
    """`("arms", 1, "n")` as `arms[1].n`."""
    text = ""
    for part in where:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text
