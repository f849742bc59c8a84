"""What is wrong with the characters of a YAML file, before it is parsed."""

from __future__ import annotations

import re
from typing import Any

import yaml

from guide.base.normalise import (
    CURLY_DOUBLE,
    CURLY_SINGLE,
    ODD_SPACES,
    named,
)
from guide.base.text_file import MARK_OF_BYTE_ORDER, invisible

MAX_BYTES = 400_000


MAX_TEXT = 4_000


# How deep lists and entries may stand inside each other: real files need ten. A parser that calls
# itself for each level would end with the interpreter.
MOST_LEVELS = 40


TOO_DEEP = (
    f"more than {MOST_LEVELS} lists or entries stand inside each other here: close them, or put a"
    " text that holds '[' or '{' in quotes"
)


# What a line begins with: spaces and the dashes of lists. No other space may stand there.
_ODD_INDENT = re.compile(rf" *(?:-[ {ODD_SPACES}]*)*([{ODD_SPACES}])")


COMMENT = re.compile(r"\s+(#.*)")


ODD_COLON = re.compile(rf"([A-Za-z_][\w-]*):([{ODD_SPACES}])")


# Never part of a file: controls, the mark of byte order, and what YAML takes for the end of a line
# and an editor does not.
_NEVER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]|^[ -]*\ufeff")


# A quick no for both of these, in a whole file.
_SUSPECT = re.compile(rf"{_NEVER.pattern}|^[ -]*[{ODD_SPACES}]", re.M)


CURLY = CURLY_DOUBLE + CURLY_SINGLE + "«»"


# What a word processor opens a quotation with; ’ is an apostrophe, too ("’s-Hertogenbosch").
OPENS = CURLY.replace("’", "")


# Fields that computers look things up by.
IDENTIFIERS = {"id", "doi"}


def wrong_characters(text: str) -> list[tuple[int, str]]:
    """What no YAML parser would name: characters that change how a file is read, each with its
    line.
    """
    if text.startswith("\ufeff"):
        return [(1, MARK_OF_BYTE_ORDER)]
    problems: list[tuple[int, str]] = []
    if not _SUSPECT.search(text):
        return problems
    for number, line in enumerate(text.split("\n"), 1):
        never, odd = _NEVER.search(line), _ODD_INDENT.match(line)
        if never:
            problems.append((number, invisible(never[0][-1])))
        elif odd and odd[1] == "\t":
            problems.append(
                (number, "a tab indents this line: YAML is indented with spaces, use two")
            )
        elif odd:
            problems.append(
                (
                    number,
                    (
                        f"another kind of space, {named(odd[1])}, stands at the beginning of this"
                        " line: delete it, and indent with plain spaces"
                    ),
                )
            )
    return problems


class TooDeep(yaml.YAMLError):
    """A text in which more than `MOST_LEVELS` lists and entries stand inside each other, from the
    place `problem_mark` on.
    """

    def __init__(self, problem_mark: Any):
        super().__init__(TOO_DEEP)
        self.problem_mark = problem_mark


def compose(text: str) -> yaml.Node | None:
    """The nodes of a text; None for one without any. Raises yaml.YAMLError for what is not YAML,
    TooDeep among it.
    """
    depth = 0
    # Events are no tree: whatever stands there, nothing calls itself.
    for event in yaml.parse(text, Loader=Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MOST_LEVELS:
                raise TooDeep(event.start_mark)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return yaml.compose(text, Loader=Loader)


def stopping_line(text: str) -> int | None:
    """The line, counted from 0, where a text stops being YAML; None where it is YAML to its end."""
    try:
        compose(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return mark.line if mark else 0
    return None


Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
