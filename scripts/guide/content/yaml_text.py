"""What is wrong with the characters of a YAML file, before it is parsed."""

from __future__ import annotations

import re

import yaml

from guide.base.normalise import (
    CURLY_DOUBLE,
    CURLY_SINGLE,
    ODD_SPACES,
    named,
)

MAX_BYTES = 400_000


MAX_TEXT = 4_000


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
        return [
            (
                1,
                (
                    "the file begins with a byte order mark (U+FEFF), which nobody sees: save it as"
                    " 'UTF-8' without 'BOM' or 'signature'"
                ),
            )
        ]
    problems: list[tuple[int, str]] = []
    if not _SUSPECT.search(text):
        return problems
    for number, line in enumerate(text.split("\n"), 1):
        never, odd = _NEVER.search(line), _ODD_INDENT.match(line)
        if never:
            problems.append(
                (
                    number,
                    f"the text holds the invisible character U+{ord(never[0][-1]):04X}: delete it",
                )
            )
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


def stopping_line(text: str) -> int | None:
    """The line, counted from 0, where a text stops being YAML; None where it is YAML to its end."""
    try:
        yaml.compose(text, Loader=Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return mark.line if mark else 0
    return None


Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
