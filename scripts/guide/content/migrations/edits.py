"""Edits of YAML text that leave all else as it is: comments, quotes, order and line ends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from guide.base.problem import ContentErrors, Problem
from guide.content.key_path import Lines
from guide.content.yaml_reader import parse_yaml

# What names the schema for editors: no key may stand above it.
_SCHEMA = "# yaml-language-server:"


def parsed(files: Mapping[str, str]) -> dict[str, Any]:
    """What each file says, by name. Raises ContentErrors with all that cannot be read as YAML."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, text in files.items():
        values[name], _, found = parse_yaml(text.encode(), name)
        problems += found
    if problems:
        raise ContentErrors(problems)
    return values


def with_first_key(name: str, text: str, key: str, value: int) -> str:
    """The text of a file with a key of the whole file: its old line has the new value, or a new
    line stands above all other keys.

    Raises ContentErrors where the file is not YAML, or no line can be added to it.
    """
    old, lines = _mapping(name, text, key)
    rows = text.splitlines(keepends=True)
    if key in old:
        at = lines[(key,)] - 1
        rows[at] = re.sub(rf"({key}\s*:\s*)[^\s#]+", rf"\g<1>{value}", rows[at], count=1)
    else:
        at = min((line for keys, line in lines.items() if len(keys) == 1), default=1) - 1
        indent = re.match(r" *", rows[at] if at < len(rows) else "")
        # A comment above the first key belongs to that key.
        while at and re.match(r" *#", rows[at - 1]) and not rows[at - 1].startswith(_SCHEMA):
            at -= 1
        rows.insert(at, f"{indent[0] if indent else ''}{key}: {value}{_line_end(text)}")
    return _verified(name, "".join(rows), {**old, key: value}, key, lines)


def with_last_key(name: str, text: str, key: str, value: Any, written: Sequence[str]) -> str:
    """The text of a file with one more key of the whole file at its end.

    `written` are the lines of the key without their ends, and `value` is what they say. Raises
    ContentErrors where the file is not YAML, or no line can be added to it.
    """
    old, lines = _mapping(name, text, key)
    end = _line_end(text)
    whole = text if text.endswith("\n") else f"{text}{end}"
    whole += "".join(f"{line}{end}" for line in written)
    return _verified(name, whole, {**old, key: value}, key, lines)


def quoted(text: str) -> str:
    """A text as YAML writes it between single quotes, in which a backslash is a backslash."""
    return "'" + text.replace("'", "''") + "'"


def quoted_list(texts: Iterable[str]) -> str:
    """A short list of texts in one line: ['US', 'U.S.']."""
    return f"[{', '.join(map(quoted, texts))}]"


def _mapping(name: str, text: str, key: str) -> tuple[dict[str, Any], Lines]:
    value, lines, problems = parse_yaml(text.encode(), name)
    if not problems and not isinstance(value, dict):
        problems = [Problem(name, 1, f"'{key}' belongs here, and the file holds no keys")]
    if problems:
        raise ContentErrors(problems)
    return value, lines


def _verified(name: str, text: str, expected: Mapping[str, Any], key: str, lines: Lines) -> str:
    """The text, if it says what it shall. An odd way to write YAML is left to its author."""
    value, _, problems = parse_yaml(text.encode(), name)
    if problems or value != expected:
        message = (
            f"'{key}' could not be added to the way in which this file is written: write each key"
            f" of the file on a line of its own ('name: …', without braces), then upgrade again"
        )
        raise ContentErrors([Problem(name, lines.get((), 1), message)])
    return text


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
