"""Plain values made of YAML nodes, with the line of each."""

from __future__ import annotations

import re
from typing import Any

import yaml

from guide.base.normalise import find_hidden, named
from guide.base.problem import Problem
from guide.base.text_file import printable
from guide.content.key_path import KeyPath, Lines, dotted
from guide.content.yaml_diagnosis import short
from guide.content.yaml_scalars import NodeText, Refused, read_scalar, shown_tag
from guide.content.yaml_values import decimal_point

_COLLECTIONS = {"tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}


_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*$")


class Builder:
    """Turns the nodes of one file into plain values.

    `lines` holds the line of each value, `problems` what is wrong with the form of the file.
    """

    def __init__(self, name: str, text: str):
        self.lines: Lines = {}
        self.problems: list[Problem] = []
        self._name = name
        self._text = NodeText(text.split("\n"))
        self._seen: set[int] = set()

    def build(self, node: yaml.Node, keys: KeyPath) -> Any:
        """The value of a node that stands at a key path; None where it is refused."""
        line = self._text.line(node)
        self.lines[keys] = line
        if id(node) in self._seen:
            self._problem(
                self.lines.get(keys[:-1], line),
                keys,
                "an alias (*name) repeats another part of the file: write the value out, a fact"
                " stands where it is read",
            )
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.CollectionNode) and node.tag not in _COLLECTIONS:
            self._problem(line, keys, f"the tag {shown_tag(node.tag)} is not known here: delete it")
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, keys)
        if isinstance(node, yaml.SequenceNode):
            return [self._item(child, (*keys, index)) for index, child in enumerate(node.value)]
        assert isinstance(node, yaml.ScalarNode)  # YAML has no fourth kind of node
        try:
            return read_scalar(node, self._text, keys)
        except Refused as refused:
            self._problem(refused.line, keys, refused.message)
            return refused.part

    def _item(self, node: yaml.Node, keys: KeyPath) -> Any:
        """An entry of a list.

        'Warning: text' there is a key and its value for every parser; keys here are of small
        letters.
        """
        if (
            isinstance(node, yaml.MappingNode)
            and len(node.value) == 1
            and re.match(r"[A-Z][A-Za-z]*$", str(node.value[0][0].value))
        ):
            key = node.value[0][0]
            self._problem(self._text.line(key), keys, _text_as_key(key))
            return f"{key.value}: {node.value[0][1].value}"
        return self.build(node, keys)

    def _mapping(self, node: yaml.MappingNode, keys: KeyPath) -> dict[str, Any]:
        values: dict[str, Any] = {}
        first_lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            line = self._text.line(key_node)
            key = key_node.value
            if not isinstance(key_node, yaml.ScalarNode) or key == "<<":
                self._problem(line, keys, "a key must be one plain word")
                continue
            wrong = self._wrong_key(node, key_node, value_node)
            if wrong:
                self._problem(line, keys, wrong)
                continue
            if key in first_lines:
                self._problem(
                    line,
                    (*keys, key),
                    f"the key '{key}' stands twice (first in line {first_lines[key]}): keep one",
                )
                continue
            first_lines[key] = line
            values[key] = self.build(value_node, (*keys, key))
            self.lines[(*keys, key)] = line
        return values

    def _wrong_key(
        self, node: yaml.MappingNode, key_node: yaml.ScalarNode, value_node: yaml.Node
    ) -> str:
        """What is wrong with a key: letters that look like others, words of a text, or half of a
        number. Empty text for a key that is none of these.
        """
        key = key_node.value
        if _PLAIN_KEY.match(key):
            return ""
        odd = find_hidden(key) or next((letter for letter in key if not letter.isascii()), "")
        if odd:
            return (
                f"the key '{printable(short(key))}' holds {named(odd)}: keys are written with plain"
                " letters, type it anew"
            )
        # `{value: 2,5}` is read as a value 2 and a key 5 without a value.
        number = (
            re.search(r"(-?[0-9.]*[0-9]),\s*$", self._text.before(key_node))
            if node.flow_style and key.isdigit() and value_node.value == ""
            else None
        )
        if number:
            return decimal_point(f"{number[1]},{key}")
        return _text_as_key(key_node) if not key_node.style and re.search(r"\s", key) else ""

    def _problem(self, line: int, keys: KeyPath, message: str) -> None:
        place = dotted(keys)
        self.problems.append(Problem(self._name, line, f"{place}: {message}" if place else message))


def _text_as_key(key: yaml.ScalarNode) -> str:
    return (
        f"'{short(key.value)}: …' is read as a key, because of the ': ' in it: if it is text, put"
        " the whole text in quotes"
    )
