"""Read YAML strictly: text is text, every value has a line, nothing is expanded or guessed.

Stock YAML reads `no` as false, `1:30` as 90 and `010` as 8, keeps the last of two equal keys
and expands aliases; each of these has published a wrong fact somewhere. This reader knows
true and false, integers, decimals, ISO dates and text, and refuses the rest by name.
"""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from .problem import Problem
from .slips import find_slip

MAX_BYTES = 400_000
MAX_TEXT = 4_000

_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)$")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+$")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}$")
# What nobody sees: controls, what turns the direction of a text, marks without width, halves of letters, and letters that exist to tag others.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")

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
        return None, {}, [Problem(name, longest + 1, f"the file is {size:,} bytes, {lengths[longest]:,} of them in this line; at most {MAX_BYTES:,} are read: split the file by subject, or the text into statements")]
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        return None, {}, [Problem(name, 0, f"byte {error.start} is not UTF-8: save the file as UTF-8")]
    tab = next((n for n, line in enumerate(text.splitlines(), 1) if re.match(r" *\t", line)), 0)
    if tab:
        return None, {}, [Problem(name, tab, "a tab indents this line: YAML is indented with spaces, use two")]
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        said = getattr(error, "problem", None) or str(error).splitlines()[0]
        line = mark.line + 1 if mark else 0
        slip = find_slip(text, mark.line, _stops) if mark else None
        if slip:
            return None, {}, [Problem(name, slip.line, slip.message)]
        return None, {}, [Problem(name, line, f"this is not YAML: {said}; look at the indentation, and quote text that holds ': ' or starts with {{, [, *, &, ! or %")]
    if node is None:
        return None, {}, [Problem(name, 0, "the file is empty: delete it or give it content")]
    builder = _Builder(name)
    value = builder.build(node, ())
    return (None if builder.problems else value), builder.lines, builder.problems


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

    def __init__(self, name: str):
        self.name = name
        self.lines: Lines = {}
        self.problems: list[Problem] = []
        self._seen: set[int] = set()

    def build(self, node: yaml.Node, where: tuple[Any, ...]) -> Any:
        line = node.start_mark.line + 1
        self.lines[where] = line
        if id(node) in self._seen:
            line = self.lines.get(where[:-1], line)
            self._problem(line, where, "an alias (*name) repeats another part of the file: write the value out, a fact stands where it is read")
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, where)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, (*where, index)) for index, child in enumerate(node.value)]
        return self._scalar(node, where, line)

    def _mapping(self, node: yaml.MappingNode, where: tuple[Any, ...]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        first: dict[str, int] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = key_node.value
            if not isinstance(key_node, yaml.ScalarNode) or key == "<<":
                self._problem(line, where, "a key must be one plain word")
                continue
            if key in first:
                self._problem(line, (*where, key), f"the key '{key}' stands twice (first in line {first[key]}): keep one")
                continue
            first[key] = line
            values[key] = self.build(value_node, (*where, key))
            self.lines[(*where, key)] = line
        return values

    def _scalar(self, node: yaml.ScalarNode, where: tuple[Any, ...], line: int) -> Any:
        text: str = node.value
        if len(text) > MAX_TEXT:
            self._problem(line, where, f"the text is {len(text):,} characters long; at most {MAX_TEXT:,} fit one value: split the statement")
            return None
        hidden = _CONTROL.search(text)
        if hidden:
            self._problem(line, where, f"the text holds the invisible character U+{ord(hidden[0]):04X}: delete it")
            return None
        if node.tag not in {f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "timestamp", "merge", "value")}:
            self._problem(line, where, f"the tag {node.tag} is not known here: write plain text")
            return None
        if node.style in ("'", '"', "|", ">"):
            if not text.strip():
                self._problem(line, where, "the text is empty: write it, or 'unknown: <why>' where the field allows it")
            return text
        if text in ("", "~", "null", "Null", "NULL"):
            self._problem(line, where, "the value is missing: write it, leave the key out, or say 'unknown: <why>' where the field allows it")
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
                self._problem(line, where, f"'{text}' is not a day of the calendar: write it as YYYY-MM-DD")
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
