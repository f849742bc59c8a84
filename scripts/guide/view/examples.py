"""A component's value made from plain data, as the examples of components are written in YAML.

The type of the value says what each field must be: `value_of(VerdictShown, {...})`.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from typing import Any

from markupsafe import Markup

from guide.base.problem import CallError
from guide.base.text import text


def value_of(kind: Any, data: Any, location: str = "value") -> Any:
    """`data` (dicts, lists, texts, numbers) as a value of the type `kind`.

    Knows dataclasses, tuples and lists of one type, dicts, unions, literals, `Markup` (escaped,
    unless it is that already), and plain types. Raises CallError that names the place for data that
    does not fit.
    """
    if kind is Any:
        return data
    if kind is Markup:
        return data if isinstance(data, Markup) else text(_of_type(str, data, location))
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if dataclasses.is_dataclass(origin or kind):
        return _record(origin or kind, inner, data, location)
    if origin in (typing.Union, types.UnionType):
        return _one_of(inner, data, location)
    if origin is typing.Literal:
        if data not in inner:
            raise CallError(f"{location}: {data!r} is not one of {', '.join(map(str, inner))}")
        return data
    if origin in (tuple, list):
        return _sequence(origin, inner, data, location)
    if origin is dict:
        items = _of_type(dict, data, location).items()
        return {key: value_of(inner[1], value, f"{location}.{key}") for key, value in items}
    return _of_type(kind, data, location)


def _of_type(kind: type, data: Any, location: str) -> Any:
    if not isinstance(data, kind) or (kind is int and isinstance(data, bool)):
        expected, got = getattr(kind, "__name__", kind), type(data).__name__
        raise CallError(f"{location}: {data!r} is a {got}, a {expected} is needed")
    return data


def _record(kind: Any, arguments: tuple[Any, ...], data: Any, location: str) -> Any:
    given = _of_type(dict, data, location)
    hints = _hints(kind, arguments)
    fields = {field.name: field for field in dataclasses.fields(kind)}
    unknown = sorted(set(given) - set(fields))
    if unknown:
        raise CallError(
            f"{location}: {kind.__name__} has no '{unknown[0]}'; it has {', '.join(fields)}"
        )
    missing = [
        name
        for name, field in fields.items()
        if name not in given
        and field.default is dataclasses.MISSING
        and field.default_factory is dataclasses.MISSING
    ]
    if missing:
        raise CallError(f"{location}: {kind.__name__} needs '{missing[0]}'")
    return kind(
        **{
            name: value_of(hints[name], value, f"{location}.{name}")
            for name, value in given.items()
        }
    )


def _hints(kind: Any, arguments: tuple[Any, ...]) -> dict[str, Any]:
    """The types of a dataclass's fields; those of a generic one with its arguments put in."""
    variables = dict(zip(getattr(kind, "__parameters__", ()), arguments, strict=False))
    return {
        name: variables.get(hint, hint) if isinstance(hint, typing.TypeVar) else hint
        for name, hint in typing.get_type_hints(kind).items()
    }


def _one_of(kinds: tuple[Any, ...], data: Any, location: str) -> Any:
    if data is None and types.NoneType in kinds:
        return None
    problems = []
    for kind in kinds:
        if kind is types.NoneType:
            continue
        try:
            return value_of(kind, data, location)
        except CallError as error:
            problems.append(str(error))
    raise CallError("; or ".join(problems))


def _sequence(origin: type, inner: tuple[Any, ...], data: Any, location: str) -> Any:
    items = _of_type(list, data, location)
    if origin is list or (len(inner) == 2 and inner[1] is Ellipsis):
        return origin(
            value_of(inner[0], item, f"{location}[{index}]") for index, item in enumerate(items)
        )
    if len(items) != len(inner):
        raise CallError(f"{location}: {len(items)} items, {len(inner)} are needed")
    return tuple(
        value_of(kind, item, f"{location}[{index}]")
        for index, (kind, item) in enumerate(zip(inner, items, strict=True))
    )


# Fields whose values the guide itself makes: an id, an address, a key. No text gets into them.
_MADE = {"id", "href", "record", "records", "cites", "edit", "topic", "look", "status", "url"} | {
    "anchor",
    "code",
    "key",
    "part",
    "qr",
}


def filled(kind: Any, words: str, name: str = "") -> Any:
    """A value of the type with these words in every text, and one item in every list: what a
    component prints at most. Fields that hold no text get a value that the guide could make.
    """
    if kind is Markup:
        return Markup("example") if name in _MADE else text(words)
    if kind is str:
        return "example" if name in _MADE else words
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if dataclasses.is_dataclass(origin or kind):
        fields = _hints(origin or kind, inner)
        return (origin or kind)(**{key: filled(hint, words, key) for key, hint in fields.items()})
    if origin in (typing.Union, types.UnionType):
        return filled(next(one for one in inner if one is not types.NoneType), words, name)
    if origin is typing.Literal:
        return inner[0]
    if origin in (tuple, list):
        kinds = inner[:1] if origin is list or inner[1:] == (Ellipsis,) else inner
        return origin(filled(one, words, name) for one in kinds)
    plain: dict[Any, Any] = {bool: True, int: 2, float: 2.0}
    if kind in plain:
        return plain[kind]
    raise CallError(f"no example can be made for a field of the type {kind}")
