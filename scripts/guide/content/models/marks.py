"""What a model says of the texts in its fields: which thing an id refers to, and who sees a text.

A mark is metadata of the field's type, `Annotated[str, Ref("source")]`. Pydantic ignores it, so
neither validation nor the JSON schemas change. Code that needs all references, or all texts, walks
the records with `marked` and cannot miss a field that is added later.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel

Target = Literal[
    "agency",
    "comparison option",
    "condition",
    "fact",
    "intent",
    "jurisdiction",
    "medicine",
    "optional page",
    "part of a handout",
    "population",
    "result",
    "row of the schedule",
    "source",
    "statement",
    "subject",
    "topic",
    "topic page",
]

Track = Literal["patients", "clinicians", "both"]


class TextMark:
    """What the marks have in common: nothing but being one."""


@dataclass(frozen=True)
class Ref(TextMark):
    """The text is an id of something that stands elsewhere.

    `target` says which ids are allowed, `noun` what a message calls them (default: the target).
    """

    target: Target
    noun: str = ""

    def __str__(self) -> str:
        return self.noun or self.target


@dataclass(frozen=True)
class Reader(TextMark):
    """A reader sees the text: the readers of one track, or of both.

    On a field that holds another model it narrows the texts inside to its track. `both_without`
    names a field of the same model: where that field is left out, both readers see this text.
    """

    track: Track
    both_without: str = ""


Mark = TypeVar("Mark", bound=TextMark)

# The keys and indexes that lead to a value in its YAML file.
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Marked(Generic[Mark]):
    """A text with its mark.

    `holder` is the model whose field it stands in, `around` the marks of the fields around that
    model, outermost first.
    """

    path: Path
    text: str
    mark: Mark
    holder: BaseModel
    around: tuple[Mark, ...] = ()


# The models whose instances inside other models are not walked: each is a record of its own.
Apart = tuple[type[BaseModel], ...]


def marked(
    record: BaseModel, kind: type[Mark], apart: Apart = (), path: Path = ()
) -> Iterator[Marked[Mark]]:
    """Every text of a record, at any depth, that has a mark of this kind, in the fields' order.

    `path` is where the record itself stands in its file.
    """
    return _Holder(record, kind, apart).fields(path)


def has_marks(model: type[BaseModel], kind: type[TextMark], apart: Apart = ()) -> bool:
    """Whether any field of a model can hold a text with such a mark."""
    return bool(_marked_fields(model, kind, apart))


def _can_hold(annotation: Any, kind: type[TextMark], apart: Apart) -> bool:
    """Whether a value of this type can hold a text with such a mark."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation not in apart and has_marks(annotation, kind, apart)
    arguments = typing.get_args(annotation)
    if typing.get_origin(annotation) is Annotated:
        base, *metadata = arguments
        return (base is str and _mark_in(metadata, kind) is not None) or _can_hold(
            base, kind, apart
        )
    return any(_can_hold(argument, kind, apart) for argument in arguments)


# Attribute, key in the file and type with its metadata, of every field that can hold a mark.
_Fields = tuple[tuple[str, str, Any], ...]
# What `_marked_fields` found out once: the models do not change while a process lives.
_known_fields: dict[tuple[type[BaseModel], type[TextMark], Apart], _Fields] = {}


def _marked_fields(model: type[BaseModel], kind: type[TextMark], apart: Apart) -> _Fields:
    """The fields that can hold a mark."""
    known = _known_fields.get((model, kind, apart))
    if known is None:
        annotations = typing.get_type_hints(model, include_extras=True)
        known = _known_fields[model, kind, apart] = tuple(
            (name, info.alias or name, annotations[name])
            for name, info in model.model_fields.items()
            if _can_hold(annotations[name], kind, apart)
        )
    return known


@dataclass(frozen=True)
class _Holder(Generic[Mark]):
    """A model whose fields are walked, with the marks of the fields around it."""

    record: BaseModel
    kind: type[Mark]
    apart: Apart
    around: tuple[Mark, ...] = ()

    def fields(self, path: Path) -> Iterator[Marked[Mark]]:
        """The marked texts of a model that stands at `path`."""
        for name, key, annotation in _marked_fields(type(self.record), self.kind, self.apart):
            value = getattr(self.record, name)
            yield from self.value(annotation, value, (*path, key), self.around)

    def value(
        self, annotation: Any, value: object, path: Path, marks: tuple[Mark, ...]
    ) -> Iterator[Marked[Mark]]:
        """The marked texts of a value of the given type; `marks` are those met so far."""
        origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
        if origin is Annotated:
            mark = _mark_in(arguments[1:], self.kind)
            yield from self.value(arguments[0], value, path, (*marks, mark) if mark else marks)
        elif origin in (typing.Union, types.UnionType):
            for argument in arguments:
                yield from self.value(argument, value, path, marks)
        elif isinstance(value, BaseModel):
            if annotation is type(value) and annotation not in self.apart:
                yield from _Holder(value, self.kind, self.apart, marks).fields(path)
        elif isinstance(value, str):
            if annotation is str and len(marks) > len(self.around):
                yield Marked(path, value, marks[-1], self.record, self.around)
        elif origin in (list, dict):
            yield from self._entries(arguments, value, path, marks)

    def _entries(
        self, arguments: tuple[Any, ...], value: object, path: Path, marks: tuple[Mark, ...]
    ) -> Iterator[Marked[Mark]]:
        """The marked texts of a list's entries, or of a dictionary's keys and values."""
        if isinstance(value, list):
            for index, item in enumerate(value):
                yield from self.value(arguments[0], item, (*path, index), marks)
        elif isinstance(value, dict):
            for key, item in value.items():
                yield from self.value(arguments[0], key, (*path, key), marks)
                yield from self.value(arguments[1], item, (*path, key), marks)


def _mark_in(metadata: typing.Sequence[object], kind: type[Mark]) -> Mark | None:
    """The mark of this kind in a type's metadata."""
    return next((one for one in metadata if isinstance(one, kind)), None)
