"""Read YAML strictly: text is text, every value has a line, nothing is expanded or guessed.

Stock YAML reads `no` as false, `1:30` as 90 and `010` as 8, keeps the last of two equal keys
and expands aliases; each of these has published a wrong fact somewhere. This reader knows
true and false, integers, decimals, ISO dates and text, and refuses the rest by name. Texts come
out as a reader reads them (see `normalise`), and what YAML would cut off in silence is a problem.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from guide.base.problem import Problem
from guide.base.text_file import NotText, text_of
from guide.content.key_path import Lines
from guide.content.yaml_builder import Builder
from guide.content.yaml_diagnosis import Diagnosis, diagnose
from guide.content.yaml_text import (
    MAX_BYTES,
    TOO_DEEP,
    TooDeep,
    compose,
    stopping_line,
    wrong_characters,
)


def read_yaml(path: Path, name: str) -> tuple[Any, Lines, list[Problem]]:
    """The plain values of one YAML file, the line of each, and what is wrong with its form.

    `name` is how problems call the file. With problems the value is None. A value is a dict, list,
    str, int, bool, Decimal or date. Raises OSError if the file cannot be read.
    """
    value, lines, problems = read_in_part(path, name)
    return (None if problems else value), lines, problems


def read_in_part(path: Path, name: str) -> tuple[Any, Lines, list[Problem]]:
    """As `read_yaml`, and beside problems what the file holds without them: values of which some
    are None, or None where nothing can be read.
    """
    if path.stat().st_size > MAX_BYTES:
        return None, {}, [_too_large(path, name)]
    return _parse_in_part(path.read_bytes(), name)


def parse_yaml(content: bytes, name: str) -> tuple[Any, Lines, list[Problem]]:
    """What `read_yaml` returns, from the bytes of a file."""
    value, lines, problems = _parse_in_part(content, name)
    return (None if problems else value), lines, problems


# So many mistakes are guessed in one file; each costs many parses.
_MOST_MISTAKES = 8


def _parse_in_part(content: bytes, name: str) -> tuple[Any, Lines, list[Problem]]:
    try:
        text = text_of(content)
    except NotText as error:
        return None, {}, [Problem(name, error.line, error.message)]
    problems = [Problem(name, line, message) for line, message in wrong_characters(text)]
    if problems:
        return None, {}, problems
    node, text, problems = _composed(text, name)
    if node is None:
        empty = Problem(name, 0, "the file is empty: delete it or give it content")
        return None, {}, problems or [empty]
    builder = Builder(name, text)
    value = builder.build(node, ())
    return value, builder.lines, [*problems, *builder.problems]


def _composed(text: str, name: str) -> tuple[yaml.Node | None, str, list[Problem]]:
    """The nodes of a text, the text they are of, and what is wrong with it.

    A mistake that can be guessed is taken out, so that it hides no other. Without a guess there are
    no nodes, and what was found behind the first mistake may only follow from it.
    """
    problems: list[Problem] = []
    while True:
        try:
            return compose(text), text, problems
        except yaml.YAMLError as error:
            diagnosis, problem = _not_yaml(error, text, name)
            problems.append(problem)
            if diagnosis is None or len(problems) == _MOST_MISTAKES:
                return None, text, problems[:1]
            text = diagnosis.mended


def _too_large(path: Path, name: str) -> Problem:
    """The problem of a file that is too large, at the longest line of its beginning."""
    with path.open("rb") as file:
        lengths = [len(line) for line in file.read(10 * MAX_BYTES).splitlines(True)]
    longest = max(range(len(lengths)), key=lengths.__getitem__)
    return Problem(
        name,
        longest + 1,
        f"the file is {path.stat().st_size:,} bytes, {lengths[longest]:,} of them in this line; at"
        " most"
        f" {MAX_BYTES:,} are read: split the file by subject, or the text into statements",
    )


def _not_yaml(error: yaml.YAMLError, text: str, name: str) -> tuple[Diagnosis | None, Problem]:
    """The probable mistake in a file that is not YAML, and the problem: without a guess it is the
    parser's message.
    """
    mark = getattr(error, "problem_mark", None)
    if isinstance(error, TooDeep):
        return None, Problem(name, mark.line + 1 if mark else 0, TOO_DEEP)
    diagnosis = diagnose(text, mark.line, stopping_line) if mark else None
    if diagnosis:
        return diagnosis, Problem(name, diagnosis.line, diagnosis.message)
    # An open bracket is noticed behind the last line: messages name lines that the file has.
    last = len(text.splitlines()) - 1
    reason = getattr(error, "problem", None) or str(error).splitlines()[0]
    return None, Problem(
        name,
        min(mark.line, last) + 1 if mark else 0,
        f"this is not YAML: {reason}; look at the indentation, and quote text that holds ': ' or"
        " starts with {, [, *, &, ! or %",
    )
