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

from guide.base.normalise import find_alike, find_hidden, named, normalise
from guide.base.problem import Problem
from guide.content.yaml_diagnosis import find_slip, short
from guide.content.yaml_text import (
    COMMENT,
    IDENTIFIERS,
    MAX_BYTES,
    MAX_TEXT,
    ODD_COLON,
    Loader,
    stopping_problem,
    wrong_characters,
)
from guide.content.yaml_values import (
    DATE,
    DECIMAL,
    INTEGER,
    decimal_point,
    looks_like_another_type,
    wrong_number,
    wrong_quotes,
)

_KNOWN_TAGS = {
    f"tag:yaml.org,2002:{kind}"
    for kind in ("str", "int", "float", "bool", "null", "timestamp", "merge", "value")
}


_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*$")


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
    problems = [Problem(name, line, message) for line, message in wrong_characters(text)]
    if problems:
        return None, {}, problems
    try:
        node = yaml.compose(text, Loader=Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        said = getattr(error, "problem", None) or str(error).splitlines()[0]
        line = mark.line + 1 if mark else 0
        slip = find_slip(text, mark.line, stopping_problem) if mark else None
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
            self._problem(line, where, decimal_point(f"{number[1]},{key}"))
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
        found = ODD_COLON.match(node.value)
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
        cut = None if node.style else COMMENT.match(self._behind(node))
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
        wrong = "" if node.style else wrong_quotes(text) or self._wrong_colon(node)
        if wrong:
            self._problem(line, where, wrong)
            return None
        text = normalise(text)
        alike = find_alike(text, identifier=bool(where) and where[-1] in IDENTIFIERS)
        if alike:
            self._problem(self._line_of(alike[0], node), where, looks_like_another_type(*alike))
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
        comment = COMMENT.match(self._behind(node)) if not node.value else None
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
        if INTEGER.match(text):
            return int(text)
        if DECIMAL.match(text):
            return Decimal(text)
        if DATE.match(text):
            try:
                return datetime.date.fromisoformat(text)
            except ValueError:
                self._problem(
                    line, where, f"'{text}' is not a day of the calendar: write it as YYYY-MM-DD"
                )
                return None
        wrong = wrong_number(text)
        if wrong:
            self._problem(line, where, wrong)
            return None
        return text

    def _problem(self, line: int, where: tuple[Any, ...], message: str) -> None:
        place = dotted(where)
        self.problems.append(Problem(self.name, line, f"{place}: {message}" if place else message))


def dotted(where: tuple[Any, ...]) -> str:
    """`("arms", 1, "n")` as `arms[1].n`."""
    text = ""
    for part in where:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text
