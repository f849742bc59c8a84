"""A folder of texts, each in a file that is named by its content.

Large texts of a build lie here and not in memory. A file is never written in place: another process
may be reading it.
"""

from __future__ import annotations

import os
import re
import shutil
import zlib
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from guide.base.fingerprint import digest_of

# A file with this suffix is compressed.
COMPRESSED = ".z"
_NAME = re.compile(r"[0-9a-f]{2}/[0-9a-f]{30}\.")


class StoredFile(NamedTuple):
    """A file of the store: its name, its size in bytes, and when it was written, in nanoseconds."""

    name: str
    size: int
    written: int

    @property
    def digest(self) -> bytes:
        """`digest_of` its text."""
        return bytes.fromhex(self.name.partition(".")[0].replace("/", ""))


class FileStore:
    """Texts in files below `folder`. Several processes may write at once.

    A text that cannot be written there goes to `spare`, so a full or read-only disk below `folder`
    costs nothing but the next run's time.
    """

    def __init__(self, folder: Path, spare: Path):
        self.folder, self.spare = os.fspath(folder), os.fspath(spare)

    def put(self, text: str | bytes, suffix: str) -> StoredFile:
        """Writes a text, or bytes, to a file with this suffix, compressed where it ends in `.z`.

        Raises OSError where the spare folder cannot be written to either.
        """
        data = text.encode() if isinstance(text, str) else text
        digest = digest_of(data).hex()
        if suffix.endswith(COMPRESSED):
            data = zlib.compress(data, 1)
        name = f"{digest[:2]}/{digest[2:]}{suffix}"
        try:
            status = _written(f"{self.folder}/{name}", data)
        except OSError:
            status = _written(f"{self.spare}/{name}", data)
        return StoredFile(name, len(data), status.st_mtime_ns)

    def read(self, file: StoredFile) -> str:
        """The text of a file. Raises OSError for one that is gone."""
        data = self.path(file).read_bytes()
        return (zlib.decompress(data) if file.name.endswith(COMPRESSED) else data).decode()

    def path(self, file: StoredFile) -> Path:
        """Where a file lies."""
        path = f"{self.folder}/{file.name}"
        return Path(path if os.path.isfile(path) else f"{self.spare}/{file.name}")

    def is_intact(self, file: StoredFile) -> bool:
        """Whether the file is still as it was written, by its size and its time."""
        try:
            status = os.stat(f"{self.folder}/{file.name}")
        except OSError:
            return False
        return status.st_size == file.size and status.st_mtime_ns == file.written

    def delete_all_but(self, names: Collection[str]) -> None:
        """Deletes the files with other names. What cannot be deleted stays, and so does what is
        named as no file of the store is, or lies behind a link: somebody else put it there.
        """
        try:
            folders = [] if os.path.islink(self.folder) else os.listdir(self.folder)
        except OSError:
            return
        for folder in folders:
            place = f"{self.folder}/{folder}"
            try:
                if os.path.islink(place):
                    continue
                for name in os.listdir(place):
                    if f"{folder}/{name}" not in names and _NAME.match(f"{folder}/{name}"):
                        os.unlink(f"{place}/{name}")
            except OSError:
                continue

    def close(self) -> None:
        """Deletes what went to the spare folder."""
        shutil.rmtree(self.spare, ignore_errors=True)


def _written(path: str, data: bytes) -> os.stat_result:
    """Makes the file hold these bytes and returns its status.

    A file that holds them already stays as it is: results know it by the time it was written.
    """
    status = _status_if_same(path, data)
    if status is not None:
        return status
    new = f"{path}.{os.getpid()}"
    try:
        _write(new, data)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        _write(new, data)
    # If two processes write the same file, the first gets a stale time; its result is made again.
    os.replace(new, path)
    return os.stat(path)


def _status_if_same(path: str, data: bytes) -> os.stat_result | None:
    try:
        status = os.stat(path)
        if status.st_size == len(data):
            with open(path, "rb") as file:
                return status if file.read() == data else None
    except OSError:
        pass
    return None


def _write(path: str, data: bytes) -> None:
    with open(path, "wb") as file:
        file.write(data)
