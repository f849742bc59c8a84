"""A content file as it was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from guide.content.yaml_reader import Lines, read_yaml


@dataclass(frozen=True)
class Entry:
    """One content file as it was read: its model, the lines of its records, and what each part is
    made of.

    `lines` and `digests` are by the path of keys, `()` for the file itself.
    """

    model: BaseModel
    lines: Lines
    digests: dict[tuple[Any, ...], bytes]


class Lines(Mapping[str, Lines]):
    """The lines of every value of every file, read when a message needs them."""

    def __init__(self, root: Path, names: list[str]):
        self._root, self._names = root, names
        self._read: dict[str, Lines] = {}

    def __getitem__(self, name: str) -> Lines:
        if name not in self._read:
            if name not in self._names:
                raise KeyError(name)
            self._read[name] = read_yaml(self._root / name, name)[1]
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
