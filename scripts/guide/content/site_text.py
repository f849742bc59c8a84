"""The text of content/site.yml with one more entry; nothing else in it moves, and its comments
stay.
"""

from __future__ import annotations

import textwrap

import yaml

from guide.content.layout import TO_DO

_WIDTH = 100


def with_topic(text: str, topic: str) -> str:
    """The text with one more topic, behind the others."""
    topics = _value(text, "topics")
    if not isinstance(topics, yaml.CollectionNode):
        return f"{text.rstrip()}\ntopics:\n  - {topic}\n"
    if not topics.value:
        before, after = text[: topics.start_mark.index], text[topics.end_mark.index :]
        return f"{before}\n  - {topic}{after}".replace(": \n  - ", ":\n  - ")
    last = topics.value[-1]
    if topics.flow_style:
        return f"{text[: last.end_mark.index]}, {topic}{text[last.end_mark.index :]}"
    lines = text.split("\n")
    line = lines[last.start_mark.line]
    lines.insert(last.start_mark.line + 1, f"{line[: last.start_mark.column]}{topic}")
    return "\n".join(lines)


def with_population(text: str, code: str, condition: str) -> str:
    """The text with the code of a condition's population in front of the others, its name to be
    filled in. A condition's name is asked for in a comment.
    """
    entry = f"{code}: {TO_DO}"
    comment = textwrap.fill(
        f"Who the studies of {condition} are about, such as '{condition}'. Pages say 'people with'"
        " before it. Where that is wrong, as of screening, write the whole phrase: {name: screening"
        " for it, people: people invited to screening}.",
        _WIDTH,
        initial_indent="# ",
        subsequent_indent="# ",
    )
    populations = _value(text, "populations")
    if not isinstance(populations, yaml.MappingNode):
        indented = comment.replace("\n", "\n  ")
        return f"{text.rstrip()}\npopulations:\n  {indented}\n  {entry}\n"
    if populations.flow_style:
        begun = populations.start_mark.index + 1
        more = ", " if populations.value else ""
        return f"{text[:begun]}{entry}{more}{text[begun:]}"
    first = populations.value[0][0].start_mark
    indent = " " * first.column
    lines = text.split("\n")
    lines[first.line : first.line] = [f"{indent}{one}" for one in (*comment.split("\n"), entry)]
    return "\n".join(lines)


def _value(text: str, key: str) -> yaml.Node | None:
    """The value of one of the file's own keys; None where it has no such key."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    assert isinstance(node, yaml.MappingNode)  # the file was read before
    return next((value for name, value in node.value if name.value == key), None)
