"""What the models say of their own fields: description, allowed words and form, at any place of a
file.

One reading for all who speak of fields: the check's messages, the skeletons of new files and the
reference.
"""

from __future__ import annotations

import datetime
import types
import typing
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.fields import FieldInfo


def fields_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The model's fields by the key that stands in the file, in their order."""
    return {info.alias or name: info for name, info in model.model_fields.items()}


def record_types(annotation: Any) -> list[type[BaseModel]]:
    """The models inside an annotation such as `list[Person | Body]`, in their order."""
    return [
        part
        for part in _parts(annotation)
        if isinstance(part, type) and issubclass(part, BaseModel)
    ]


def record_type(annotation: Any) -> type[BaseModel] | None:
    """The first model inside an annotation such as `list[Arm]` or `date | Unknown`; None where
    there is none.
    """
    return next(iter(record_types(annotation)), None)


def is_list(annotation: Any) -> bool:
    """Whether a field is written as a list, one '- ' an entry, and in no other way."""
    return typing.get_origin(annotation) is list


def allowed(annotation: Any) -> list[str]:
    """The words a field chooses from; empty where it is free."""
    return [
        word
        for part in _parts(annotation)
        if typing.get_origin(part) is Literal
        for word in typing.get_args(part)
    ]


def form(annotation: Any) -> str:
    """How a field is written, in a maintainer's words: `text`, `list of Arm`, `day or Unknown`."""
    if annotation is type(None):
        return ""
    origin, inside = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Literal:
        return "one of the words"
    if origin is list:
        return f"list of {form(inside[0])}"
    if origin is dict:
        return f"named {form(inside[1])}"
    if hasattr(annotation, "__metadata__"):
        return form(inside[0])
    if origin in (typing.Union, types.UnionType):
        return " or ".join(dict.fromkeys(filter(None, map(form, inside))))
    words = {str: "text", int: "whole number", bool: "true or false", datetime.date: "day"}
    return words.get(
        annotation, "number" if annotation.__name__ == "Decimal" else annotation.__name__
    )


def field_at(model: type[BaseModel], key_path: tuple[Any, ...]) -> FieldInfo | None:
    """The field at a path of keys and indexes inside a file of this model; None where the path
    leads nowhere.
    """
    current: type[BaseModel] | None = model
    field = None
    for part in key_path:
        if isinstance(part, str) and current is not None and part in (fields := fields_of(current)):
            field = fields[part]
            current = record_type(field.annotation)
    return field


def keys_at(model: type[BaseModel], key_path: tuple[Any, ...]) -> list[str]:
    """The keys allowed at a path of keys and indexes inside a file of this model."""
    field = field_at(model, key_path)
    current = record_type(field.annotation) if field else model
    return list(fields_of(current)) if current else []


def _parts(annotation: Any) -> typing.Iterator[Any]:
    """The annotation and everything inside it, outermost first."""
    yield annotation
    if typing.get_origin(annotation) is not Literal:
        for inside in typing.get_args(annotation):
            yield from _parts(inside)


def description_of(model: type[BaseModel]) -> str:
    """What a record says of itself: its docstring on one line."""
    return " ".join((model.__doc__ or "").split())
