"""Frozen values as JSON and back."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import pydantic

Value = TypeVar("Value")


class Codec(Generic[Value]):
    """Writes values of one type and reads them back, each part of its own type."""

    def __init__(self, kind: type[Value]):
        self._adapter: pydantic.TypeAdapter[Value] = pydantic.TypeAdapter(kind)

    def encode(self, value: Value) -> bytes:
        """The value as JSON."""
        return self._adapter.dump_json(value)

    def decode(self, data: bytes | str) -> Value:
        """The value. Raises ValueError for what is no JSON, or JSON of another shape."""
        return self._adapter.validate_json(data, extra="forbid")


_codecs: dict[type, Codec[Any]] = {}


def codec_of(kind: type[Value]) -> Codec[Value]:
    """The codec of a type, made once: that takes a millisecond."""
    if kind not in _codecs:
        _codecs[kind] = Codec(kind)
    return _codecs[kind]
