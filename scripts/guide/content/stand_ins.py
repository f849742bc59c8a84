"""A record with something wrong, made whole for the length of a check: so that one wrong field does
not hide what else is wrong in its record, and on the pages that show it.

A key that is misspelt is taken as the nearest one. What is missing or wrong is left out, or gets
something that stands in for it: what other records of the file say there, or a word of its field.
Nothing of this is ever shown to readers: the problems that led here keep it from being published.
"""

from __future__ import annotations

import copy
import datetime
import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any, NamedTuple, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from guide.content.fields import allowed, field_at, fields_of, is_list, record_type
from guide.content.key_path import KeyPath
from guide.content.models.marks import Ref

# The text that stands in for one. No rule finds anything in it by itself.
STAND_IN = "This text is still to be written."

# An id that exists, by what a reference leads to.
Known = Mapping[str, str]

# So many changes at most make one file whole; each costs a validation of the file.
_MOST = 40


class Mended(NamedTuple):
    """The values of a file with what stands in; `whole`: no part of them was left out."""

    value: Any
    whole: bool


def with_stand_ins(value: Any, model: type[BaseModel], known: Known) -> Mended:
    """A copy of a file's values that comes as near to its model as can be."""
    mending = _Mending(copy.deepcopy(value), model, known)
    for _ in range(_MOST):
        if not any(map(mending.mend, _errors(mending.value, model))):
            break
    return Mended(mending.value, mending.whole)


def _errors(value: Any, model: type[BaseModel]) -> list[ErrorDetails]:
    try:
        model.model_validate(value)
    except ValidationError as error:
        return error.errors(include_url=False)
    return []


class _Mending:
    """Values on the way to fit their model; `whole` turns false where a part is left out."""

    def __init__(self, value: Any, model: type[BaseModel], known: Known):
        self.value, self.whole = value, True
        self._model, self._known = model, known
        self._tried: set[tuple[KeyPath, str]] = set()

    def mend(self, error: ErrorDetails) -> bool:
        """Whether something was done about an error. Each is tried once: what does not help is not
        repeated for ever.
        """
        keys, kind = error["loc"], error["type"]
        if (keys, kind + error["msg"]) in self._tried:
            return False
        self._tried.add((keys, kind + error["msg"]))
        written = self._written(keys)
        match kind:
            case "extra_forbidden" if written == keys:
                return self._rename(keys)
            case "missing" if written == keys[:-1]:
                return self._fill(keys) or self._leave_out(written)
            case "value_error" if isinstance(_at(self.value, written), dict):
                return self._as_the_message_says(written, error) or self._leave_out(written)
        return self._leave_out(written)

    def _written(self, keys: KeyPath) -> KeyPath:
        """The part of a path that is in the file: a union adds the names of its forms."""
        for end in range(len(keys), -1, -1):
            if _has(self.value, keys[:end]):
                return keys[:end]
        return ()

    def _rename(self, keys: KeyPath) -> bool:
        record, key = _at(self.value, keys[:-1]), keys[-1]
        value = record.pop(key)
        free = [one for one in _fields(self._model, keys[:-1]) if one not in record]
        if near := difflib.get_close_matches(str(key), free, n=1):
            record[near[0]] = value
        elif isinstance(value, (dict, list)):
            self.whole = False
        return True

    def _fill(self, keys: KeyPath) -> bool:
        """Puts something where nothing is."""
        field = _fields(self._model, keys[:-1]).get(str(keys[-1]))
        stand_in = self._stand_in(field, str(keys[-1])) if field else None
        if stand_in is None:
            return False
        _at(self.value, keys[:-1])[keys[-1]] = stand_in
        return True

    def _leave_out(self, keys: KeyPath) -> bool:
        """Takes out what is wrong, or the nearest thing around it that may be missing; what may not
        gets a stand-in. An entry of a file's own lists is nothing to leave out here.
        """
        while len(keys) > 2 or (keys and isinstance(keys[-1], str)):
            around, key = _at(self.value, keys[:-1]), keys[-1]
            gone = around[key]
            if isinstance(key, int):
                if not isinstance(gone, dict):
                    del around[key]
                    self.whole = False
                    return True
            else:
                field = _fields(self._model, keys[:-1]).get(key)
                if field is not None and field.is_required():
                    del around[key]
                    if self._fill(keys):
                        self.whole &= not isinstance(gone, (dict, list))
                        return True
                    around[key] = gone
                else:
                    del around[key]
                    self.whole &= not isinstance(gone, (dict, list))
                    return True
            keys = keys[:-1]
        return False

    def _as_the_message_says(self, keys: KeyPath, error: ErrorDetails) -> bool:
        """Writes or takes out a field that the message names, where that helps."""
        fields, record = _fields(self._model, keys), _at(self.value, keys)
        for name in re.findall(r"'(\w+)'", error["msg"]):
            if name not in fields:
                continue
            before = dict(record)
            if name in record:
                del record[name]
            elif not self._fill((*keys, name)):
                continue
            if not any(
                one["loc"] == error["loc"] and one["msg"] == error["msg"]
                for one in _errors(self.value, self._model)
            ):
                return True
            record.clear()
            record.update(before)
        return False

    def _stand_in(self, field: FieldInfo, key: str) -> Any:
        """What stands in for a field; None where nothing can."""
        for target in _targets(field):
            if target not in self._known:
                continue
            return [self._known[target]] if is_list(field.annotation) else self._known[target]
        if key in ("id", "unit"):
            return None
        of_others = next(
            (one for one in _values_of(self.value, key) if not isinstance(one, (str, dict, list))),
            None,
        )
        return of_others if of_others is not None else self._made(field, key)

    def _made(self, field: FieldInfo, key: str) -> Any:
        if words := allowed(field.annotation):
            return next((one for one in _values_of(self.value, key) if one in words), words[0])
        inner = record_type(field.annotation)
        if inner is not None:
            parts = {
                name: self._stand_in(part, name)
                for name, part in fields_of(inner).items()
                if part.is_required()
            }
            if None in parts.values():
                return None
            return [parts] if is_list(field.annotation) else parts
        if any(True for _ in _targets(field)):
            return None
        return _plain(field.annotation)


# What stands in for a value of a type, the first that fits.
_PLAIN: tuple[tuple[type, Callable[[], Any]], ...] = (
    (str, lambda: STAND_IN),
    (datetime.date, datetime.date.today),
    (bool, lambda: False),
    (int, lambda: 1),
    (Decimal, lambda: Decimal(1)),
)


def _plain(annotation: Any) -> Any:
    if is_list(annotation):
        return None if (one := _plain(get_args(annotation)[0])) is None else [one]
    types = set(_types(annotation))
    return next((make() for kind, make in _PLAIN if kind in types), None)


def _types(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Annotated:
        yield from _types(get_args(annotation)[0])
    elif inside := get_args(annotation):
        for one in inside:
            yield from _types(one)
    else:
        yield annotation


def _targets(field: FieldInfo) -> Iterator[str]:
    """What a field, or an entry of it, refers to."""
    yield from (one.target for one in field.metadata if isinstance(one, Ref))
    yield from _targets_in(field.annotation)


def _targets_in(annotation: Any) -> Iterator[str]:
    yield from (
        one.target for one in getattr(annotation, "__metadata__", ()) if isinstance(one, Ref)
    )
    for inside in get_args(annotation):
        yield from _targets_in(inside)


def _fields(model: type[BaseModel], keys: KeyPath) -> dict[str, FieldInfo]:
    """The fields of the record at a key path of a file."""
    field = field_at(model, keys)
    inner = record_type(field.annotation) if field else model
    return fields_of(inner) if inner else {}


def _at(value: Any, keys: KeyPath) -> Any:
    for key in keys:
        value = value[key]
    return value


def _has(value: Any, keys: KeyPath) -> bool:
    try:
        _at(value, keys)
    except (KeyError, IndexError, TypeError):
        return False
    return True


def _values_of(value: Any, key: str) -> Iterator[Any]:
    """What stands at a key anywhere in a file."""
    if isinstance(value, dict):
        for name, inside in value.items():
            if name == key and inside is not None:
                yield inside
            yield from _values_of(inside, key)
    elif isinstance(value, list):
        for inside in value:
            yield from _values_of(inside, key)
