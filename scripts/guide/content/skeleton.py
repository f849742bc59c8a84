"""Files for a new topic in which every field says what it wants, and which no check passes before
they are filled.

Names, comments and allowed words come from the models. What must be written holds the mark
`TODO`, which the loader lists with file, line and description; what may be left out stands as a
comment. Nothing that exists is ever written over.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from guide.content import models as m
from guide.content.fields import description_of, fields_of, form, is_list, record_type
from guide.content.fields_of_kind import FieldsOfKind
from guide.content.layout import TO_DO, model_for
from guide.content.schemas import first_line

_WIDTH = 110


_EVERY = FieldsOfKind()
# The key under which a record that is given holds a comment of its own.
NOTE = "#"


def skeleton(relative: Path, given: dict[str, Any], has: FieldsOfKind = _EVERY) -> str:
    """The text of a new file of content/ at a place, with what is given filled in and the rest
    explained. `has` are the fields and words that its kind of intervention has.
    """
    model = model_for(relative)
    if model is None:
        raise ValueError(f"no kind of file stands at content/{relative.as_posix()}")
    lines = [
        first_line(relative) or "",
        *_comment(description_of(model), ""),
        *_comment(
            f"Where {TO_DO} stands, write what the comment asks. A line that starts with # is"
            " optional: fill it and take the # away, or delete it.",
            "",
        ),
    ]
    if model is m.StatementFile:
        lines += _comment(
            "A fact that no source you read states: delete its entry here and write its gap in"
            " topic.yml under 'gaps'.",
            "",
        )
        if any(fact.get("kind") == "urgent-signs" for fact in given.get("statements", ())):
            lines += _comment(
                "Signs that need help at once have no gap: every medicine has its own, or those of"
                " its class.",
                "",
            )
    text = "\n".join(line.rstrip() for line in [*lines, "", *_record(model, given, "", has)])
    return re.sub(r"\n{3,}", "\n\n", text).rstrip("\n") + "\n"


def _record(
    model: type[BaseModel],
    given: dict[str, Any],
    indent: str,
    has: FieldsOfKind,
    explain: bool = True,
) -> Iterator[str]:
    """The lines of a record: its own comment, its fields with what is given, and comments on them
    if `explain`.
    """
    if note := given.get(NOTE):
        yield from _comment(note, indent)
    for key, info in _in_order(model, given):
        if not has.has(model, key):
            continue
        inner = record_type(info.annotation)
        if explain:
            words = has.words(model, key) if inner is None else []
            choice = f" One of: {', '.join(words)}." if words else ""
            yield from _comment((info.description or "") + choice, indent)
        if key in given or info.is_required():
            value = given.get(key, _empty_value(info.annotation))
            yield from _field(key, info.annotation, value, indent, has, explain)
        elif explain:
            yield f"{indent}# {key}:"


def _empty_value(annotation: Any) -> Any:
    """What stands in a required field of which nothing is known."""
    inner = record_type(annotation)
    if is_list(annotation):
        return [{}] if inner else [TO_DO]
    return {} if inner and form(annotation) == inner.__name__ else TO_DO


def _field(
    key: str, annotation: Any, value: Any, indent: str, has: FieldsOfKind, explain: bool
) -> Iterator[str]:
    """The lines of a field with its value. Only the first record of several is explained."""
    inner = record_type(annotation)
    if inner and isinstance(value, dict) and form(annotation).startswith("named "):
        yield f"{indent}{key}:"
        for index, (name, fields) in enumerate(value.items()):
            yield f"{indent}  {name}:"
            yield from _record(inner, fields, indent + "    ", has, explain and index == 0)
    elif inner and isinstance(value, dict):
        yield f"{indent}{key}:"
        yield from _record(inner, value, indent + "  ", has, explain)
    elif inner and isinstance(value, list):
        yield f"{indent}{key}:"
        for index, fields in enumerate(value):
            yield from _entry(
                _record(inner, fields, "", has, explain and index == 0), indent + "  "
            )
    elif isinstance(value, list):
        yield f"{indent}{key}: [{', '.join(map(_scalar, value))}]"
    else:
        yield f"{indent}{key}: {_scalar(value)}"


def _in_order(model: type[BaseModel], given: dict[str, Any]) -> list[tuple[str, Any]]:
    """The model's fields, its own before those that every fact carries, the id first."""
    own_fields = {
        key: info
        for key, info in fields_of(model).items()
        if info.alias or key not in m.Sourced.model_fields
    }
    rest = {key: info for key, info in fields_of(model).items() if key not in own_fields}
    return list((own_fields | rest).items())


def _entry(lines: Iterator[str], indent: str) -> Iterator[str]:
    """The lines of a record as one entry of a list: its comments stand above the dash."""
    dashed = False
    for line in lines:
        if not dashed and not line.startswith("#"):
            yield f"{indent}- {line}"
            dashed = True
        else:
            yield f"{indent}{'  ' if dashed else ''}{line}"
    yield ""


def _comment(text: str, indent: str) -> list[str]:
    return [
        f"{indent}# {line}"
        for line in textwrap.wrap(
            text, _WIDTH - len(indent), break_on_hyphens=False, break_long_words=False
        )
    ]


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return (
        text
        if re.fullmatch(r"[A-Za-z][\w ().-]*", text) and text not in ("true", "false")
        else yaml.safe_dump(text, default_style='"', width=10_000, allow_unicode=True).strip()
    )
