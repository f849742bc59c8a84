"""A content file as it was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from guide.content.key_path import KeyPath, Lines
from guide.content.yaml_reader import read_yaml


@dataclass(frozen=True)
class Entry:
    """One content file as it was read: its model, the lines of its records, and their digests.

    `lines` (counted from 1) and `digests` (16 bytes) are by key path; `()` is the file itself.
    """

    model: BaseModel
    lines: Lines
    digests: dict[KeyPath, bytes]


class LinesByFile(Mapping[str, Lines]):
    """The lines of every value of every file, by the file's path from `root`.

    A file is read when its lines are asked for: only messages need them.
    """

    def __init__(self, root: Path, names: list[str]):
        self._root, self._names = root, names
        self._lines: dict[str, Lines] = {}

    def __getitem__(self, name: str) -> Lines:
        if name not in self._lines:
            if name not in self._names:
                raise KeyError(name)
            self._lines[name] = read_yaml(self._root / name, name)[1]
        return self._lines[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
