"""Single values of a YAML file: text, numbers, days, true and false."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from decimal import Decimal

import yaml

from guide.base.normalise import find_alike, find_hidden, named, normalise
from guide.content.key_path import KeyPath
from guide.content.yaml_diagnosis import short
from guide.content.yaml_text import COMMENT, IDENTIFIERS, MAX_TEXT, ODD_COLON
from guide.content.yaml_values import (
    DATE,
    DECIMAL,
    INTEGER,
    MOST_DIGITS,
    YEARS,
    looks_like_another_type,
    wrong_number,
    wrong_quotes,
)

Scalar = str | int | bool | Decimal | datetime.date


_KNOWN_TAGS = {
    f"tag:yaml.org,2002:{kind}"
    for kind in ("str", "int", "float", "bool", "null", "timestamp", "merge", "value")
}


class Refused(Exception):
    """A value that is not read: its line, counted from 1, what to write instead, and what may be
    read of it all the same.
    """

    def __init__(self, line: int, message: str, part: str | None = None):
        super().__init__(message)
        self.line, self.message, self.part = line, message, part


class NodeText:
    """The text of a file around its nodes."""

    def __init__(self, lines: Sequence[str]):
        self.lines = lines

    def line(self, node: yaml.Node) -> int:
        """The line, counted from 1, in which a node begins.

        The parser puts an empty value at the end of a file behind its last line.
        """
        return min(node.start_mark.line + 1, len(self.lines))

    def before(self, node: yaml.Node) -> str:
        """What stands before a node in its first line."""
        return self.lines[node.start_mark.line][: node.start_mark.column]

    def behind(self, node: yaml.Node) -> str:
        """What stands behind a node in its last line.

        A node without text may end behind the last line.
        """
        mark = node.end_mark
        return self.lines[mark.line][mark.column :] if mark.line < len(self.lines) else ""

    def line_of(self, piece: str, node: yaml.Node) -> int:
        """The line, counted from 1, in which a piece of a node's text stands.

        The node's first line if the piece is written in another way there.
        """
        first, last = node.start_mark.line, min(node.end_mark.line + 1, len(self.lines))
        return next((n for n in range(first, last) if piece in self.lines[n]), first) + 1


def read_scalar(node: yaml.ScalarNode, text: NodeText, keys: KeyPath) -> Scalar:
    """The value of a scalar node at a key path, as it is meant. Raises Refused."""
    line = text.line(node)
    words = _text_of(node, text, keys)
    if node.tag not in _KNOWN_TAGS:
        raise Refused(line, f"the tag {shown_tag(node.tag)} is not known here: write plain text")
    if node.style in ("'", '"', "|", ">"):
        if not words.strip():
            raise Refused(
                line,
                "the text is empty: write it, or 'unknown: <why>' where the field allows it",
            )
        value: Scalar = words
    else:
        value = _plain_value(words.strip(), node, text)
    if isinstance(value, str):
        _refuse_lost_text(node, text)
    return value


def shown_tag(tag: str) -> str:
    """A tag as it is written: `!!set` for `tag:yaml.org,2002:set`."""
    return short(re.sub("^tag:yaml.org,2002:", "!!", tag))


def _text_of(node: yaml.ScalarNode, text: NodeText, keys: KeyPath) -> str:
    """The normalised text of a scalar. Raises Refused for letters that nobody can check by eye."""
    line, words = text.line(node), str(node.value)
    if len(words) > MAX_TEXT:
        raise Refused(
            line,
            f"the text is {len(words):,} characters long; at most {MAX_TEXT:,} fit one value: split"
            " the statement",
        )
    hidden = find_hidden(words)
    if hidden:
        raise Refused(
            text.line_of(hidden, node),
            f"the text holds the invisible character U+{ord(hidden):04X}: delete it",
        )
    wrong = "" if node.style else wrong_quotes(words) or _wrong_colon(node, text)
    if wrong:
        raise Refused(line, wrong)
    words = normalise(words)
    alike = find_alike(words, identifier=bool(keys) and keys[-1] in IDENTIFIERS)
    if alike:
        raise Refused(text.line_of(alike[0], node), looks_like_another_type(*alike))
    return words


def _wrong_colon(node: yaml.ScalarNode, text: NodeText) -> str:
    """What is wrong with `key:value` where another kind of space stands behind the colon.

    Empty text where it is a text.
    """
    match = ODD_COLON.match(node.value)
    if match is None or text.before(node).strip(" -"):
        return ""
    return (
        f"'{match[1]}:' is no key, because another kind of space, {named(match[2])}, stands behind"
        " its colon: type a plain space"
    )


def _plain_value(words: str, node: yaml.ScalarNode, text: NodeText) -> Scalar:
    """The value of a text without quotes. Raises Refused for what is nearly a value."""
    line = text.line(node)
    comment = None if node.value else COMMENT.match(text.behind(node))
    if comment:
        raise Refused(
            line,
            f"the value is missing: '{short(comment[1])}' is a comment, which is not read. If it is"
            " the text, put it in quotes",
        )
    if words in ("", "~", "null", "Null", "NULL"):
        raise Refused(
            line,
            "the value is missing: write it, leave the key out, or say 'unknown: <why>' where the"
            " field allows it",
        )
    if words in ("true", "false"):
        return words == "true"
    if (INTEGER.match(words) or DECIMAL.match(words)) and len(words) > MOST_DIGITS:
        raise Refused(
            line,
            f"'{short(words)}' has {len(words)} digits, and a quantity has at most {MOST_DIGITS}:"
            " if it is text, put it in quotes",
        )
    if INTEGER.match(words):
        return int(words)
    if DECIMAL.match(words):
        return Decimal(words)
    if DATE.match(words):
        return _day(words, line)
    wrong = wrong_number(words)
    if wrong:
        raise Refused(line, wrong)
    return words


def _day(words: str, line: int) -> datetime.date:
    """A day of the calendar. Raises Refused for what is none, and for one that nobody can mean."""
    try:
        day = datetime.date.fromisoformat(words)
    except ValueError:
        message = f"'{words}' is not a day of the calendar: write it as YYYY-MM-DD"
        raise Refused(line, message) from None
    if day.year not in YEARS:
        raise Refused(
            line,
            f"'{words}' is out of the years {YEARS.start} to {YEARS.stop - 1}: if it is text, put"
            " it in quotes",
        )
    return day


def _refuse_lost_text(node: yaml.ScalarNode, text: NodeText) -> None:
    """Raises Refused for what YAML leaves out of a text or runs together without a word."""
    first, last = node.start_mark.line, node.end_mark.line
    begin = text.lines[first][node.start_mark.column :]
    if begin.startswith(("&", "!")):
        raise Refused(
            first + 1,
            f"'{begin.split()[0]}' is not read: what begins with {begin[0]} is not text for YAML."
            " Put the whole text in quotes",
        )
    cut = None if node.style else COMMENT.match(text.behind(node))
    if cut:
        raise Refused(
            last + 1,
            f"'{short(cut[1])}' is not read: a '#' behind a space begins a comment. Put the whole"
            " text in quotes, or the comment on a line of its own",
            node.value,
        )
    if last == first or node.style == "|" or "\n- " in node.value:
        return
    # A text below '>' ends where the next line begins, which is none of its lines.
    end = last if node.style == ">" and not node.end_mark.column else last + 1
    for number, line in enumerate(text.lines[first + 1 : end], first + 2):
        if re.match(r" *- ", line):
            raise Refused(
                number,
                "this line of a list is run together with the line above: put '|' behind the key,"
                " and every line of the text below it",
            )
