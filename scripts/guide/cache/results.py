"""Results as rows of an SQLite file.

Nothing here is trusted by its age. A row is found only under the key that it was put with, while
everything that its step asked for is the same, and with the digest of its own content. A file of
another program, or one that other code has written, is deleted and begun anew.
"""

from __future__ import annotations

import array
import sqlite3
import zlib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from guide.base.fingerprint import fingerprint
from guide.cache.tracking import InputHashes

FILE = "results.sqlite"
_TABLES = """
create table about (code text);
create table inputs (number integer primary key, name text);
create table results (
  step text, name text, key blob, inputs blob, hash blob, files text, result blob, digest blob,
  primary key (step, name)
) without rowid;
"""
# A result larger than this, in bytes, is compressed.
_LARGE = 2048
# So many results are asked for by their names; for more, all of the step are gone through.
_FEW = 40
_PLAIN, _COMPRESSED = b"\0", b"\1"


class Row(NamedTuple):
    """A result as it lies in the file: `inputs` are the numbers of what it depends on, `hash` is
    theirs, `files` are the names of its files, a line each, `digest` that of all the rest.
    """

    key: bytes
    inputs: bytes
    hash: bytes
    files: str
    result: bytes
    digest: bytes


class Results:
    """The results in one file. All methods raise sqlite3.Error where the file is damaged."""

    def __init__(self, path: Path, code: str):
        """Opens the file, or begins it anew where it is not of this `code`. Raises sqlite3.Error
        and OSError where there can be none.
        """
        self._base = _connected(path, code)
        self._names: dict[int, str] = dict(
            self._base.execute(
                "select number, name from inputs where typeof(name) = 'text'"
            ).fetchall()
        )
        self._numbers = {name: number for number, name in self._names.items()}

    def get(
        self, step: str, keys: Mapping[str, bytes], hashes: InputHashes
    ) -> Iterator[tuple[str, bytes, list[str]]]:
        """The results of a step, by name, that were put under these keys from the same inputs, each
        with what it depends on. Those that are damaged are left out.
        """
        for name, *columns_of_row in self._rows(step, keys):
            row = Row(*columns_of_row)
            if keys.get(name) == row.key:
                result = self._result(step, name, row, hashes)
                if result is not None:
                    yield name, *result

    def _rows(self, step: str, names: Collection[str]) -> Iterator[Any]:
        columns = "name, key, inputs, hash, files, result, digest"
        if len(names) > _FEW:
            yield from self._base.execute(f"select {columns} from results where step = ?", (step,))
            return
        for name in names:
            yield from self._base.execute(
                f"select {columns} from results where step = ? and name = ?", (step, name)
            )

    def _result(
        self, step: str, name: str, row: Row, hashes: InputHashes
    ) -> tuple[bytes, list[str]] | None:
        try:
            numbers = array.array("I")
            numbers.frombytes(row.inputs)
            dependencies = [self._names[number] for number in numbers]
            if row.digest != _digest(step, name, row, dependencies):
                return None
            if row.hash != hashes.together(dependencies):
                return None
            data = row.result
            compressed = data[:1] == _COMPRESSED
            return zlib.decompress(data[1:]) if compressed else data[1:], dependencies
        except (ValueError, TypeError, LookupError, AttributeError, ImportError, zlib.error):
            return None

    def put(
        self,
        step: str,
        name: str,
        key: bytes,
        dependencies: Collection[str],
        hashes: InputHashes,
        files: Collection[str],
        result: bytes,
    ) -> None:
        """Keeps a result under its key and the hash of all that it depends on, with the names of
        the files that belong to it.
        """
        names = sorted(dependencies)
        row = Row(
            key,
            array.array("I", map(self._number, names)).tobytes(),
            hashes.together(names),
            "\n".join(files),
            _COMPRESSED + zlib.compress(result, 1) if len(result) > _LARGE else _PLAIN + result,
            b"",
        )
        row = row._replace(digest=_digest(step, name, row, names))
        self._base.execute(
            "insert or replace into results values (?, ?, ?, ?, ?, ?, ?, ?)", (step, name, *row)
        )

    def delete_unused(self, step: str, names: Collection[str]) -> None:
        """Deletes the results of a step with other names."""
        known = {
            name
            for (name,) in self._base.execute("select name from results where step = ?", (step,))
        }
        self._base.executemany(
            "delete from results where step = ? and name = ?",
            [(step, name) for name in known.difference(names)],
        )

    def files(self) -> set[str]:
        """The names of the files that belong to any result."""
        return {
            name
            for (listed,) in self._base.execute(
                "select files from results where typeof(files) = 'text'"
            )
            for name in listed.split("\n")
        }

    def close(self) -> None:
        """Writes everything down."""
        try:
            self._base.commit()
        finally:
            self._base.close()

    def _number(self, name: str) -> int:
        number = self._numbers.get(name)
        if number is None:
            number = self._numbers[name] = len(self._numbers) + 1
            self._names[number] = name
            self._base.execute("insert into inputs values (?, ?)", (number, name))
        return number


def _digest(step: str, name: str, row: Row, dependencies: list[str]) -> bytes:
    """The digest of a row and of the names that its numbers stand for."""
    return fingerprint(
        step, name, row.key, "\n".join(dependencies), row.hash, row.files, row.result
    )


def _connected(path: Path, code: str) -> sqlite3.Connection:
    """The file, with the tables of this code. Raises sqlite3.Error and OSError."""
    base = None
    try:
        base = _opened(path)
        if base.execute("select code from about").fetchall() == [(code,)]:
            return base
    except sqlite3.Error:
        pass
    if base is not None:
        base.close()
    delete_results(path.parent)
    base = _opened(path)
    base.executescript(_TABLES)
    base.execute("insert into about values (?)", (code,))
    base.commit()
    return base


def _opened(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(path, timeout=1)
    try:
        base.execute("pragma journal_mode=wal")
        base.execute("pragma synchronous=normal")
    except (sqlite3.Error, UnicodeDecodeError):
        base.close()
        raise
    return base


def delete_results(folder: Path) -> None:
    """Deletes the file of results in a folder, and what SQLite has laid beside it.

    Raises OSError.
    """
    for old in folder.glob(f"{FILE}*"):
        old.unlink(missing_ok=True)
