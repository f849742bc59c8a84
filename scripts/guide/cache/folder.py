"""The folder `build/cache`: results of earlier runs, and the texts that belong to them.

Nothing here raises. Where the folder, or what lies in it, cannot be used, there are no results.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
import tempfile
from collections.abc import Callable, Collection, Mapping
from io import FileIO
from pathlib import Path
from typing import TypeVar

from guide.base.file_store import FileStore
from guide.cache.code import fingerprint_of_code
from guide.cache.recent import RecentResults
from guide.cache.results import FILE, Results, delete_results
from guide.cache.tracking import InputHashes
from guide.content.library import Library

T = TypeVar("T")


class Cache:
    """Results by step and name, and texts in `files`.

    One process at a time uses `build/cache`. Any other, and any with `GUIDE_CACHE=off` in the
    environment, finds nothing and leaves nothing: its `lasting` is false. A process that is forked
    from this one may use the cache in its stead: what it puts is found here once it has called
    `flush`.
    """

    def __init__(self, root: Path, recent: RecentResults | None = None):
        """`recent` has the results of the build before, where this process has made it."""
        folder = root / "build" / "cache"
        self._folder = folder
        self._lock = _locked(folder)
        self.lasting = self._lock is not None
        spare = Path(tempfile.gettempdir(), f"guide-{os.getpid()}-{os.urandom(4).hex()}")
        self.files = FileStore(folder / "files" if self.lasting else spare, spare)
        self._code = self._fingerprint(root)
        self.recent = recent if self.lasting else None
        if self.recent:
            self.recent.begin(self._code)
        self._results: Results | None = None
        self._broken = False
        self._hashes: tuple[Library | None, dict[str, bytes]] = (None, {})

    def _fingerprint(self, root: Path) -> str:
        """That of the code in hexadecimal digits; empty, and the cache off, where the code may not
        be read: whoever reads it for the pages says so.
        """
        try:
            return fingerprint_of_code(root).hex() if self.lasting else ""
        except OSError:
            self.lasting = False
            return ""

    def hashes(self, inputs: object) -> InputHashes:
        """The hashes of these inputs. Those of a library are worked out once."""
        hashes = InputHashes(inputs)
        if hashes.library is not None:
            if self._hashes[0] is not hashes.library:
                self._hashes = hashes.library, {}
            hashes.of_library = self._hashes[1]
        return hashes

    def get(
        self,
        step: str,
        keys: Mapping[str, bytes],
        hashes: InputHashes,
        use: Callable[[str, bytes, list[str]], None],
    ) -> None:
        """Hands each result of `Results.get` to `use`: all at once may be the most of a build's
        memory.
        """

        def hand_over(results: Results) -> None:
            for name, result, dependencies in results.get(step, keys, hashes):
                use(name, result, dependencies)

        if keys:
            self._safely(hand_over)

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
        """As `Results.put`."""
        self._safely(
            lambda results: results.put(step, name, key, dependencies, hashes, files, result)
        )

    def delete_unused(self, step: str, names: Collection[str]) -> None:
        """As `Results.delete_unused`."""
        self._safely(lambda results: results.delete_unused(step, names))

    def flush(self) -> None:
        """Writes the results down and lets go of their file until somebody asks again: what is open
        must not go through a fork.
        """
        results, self._results = self._results, None
        if results is not None:
            try:
                results.close()
            except sqlite3.Error:
                self._broken = True

    def close(self) -> None:
        """Ends the run: writes the results down, and deletes the files that belong to none."""
        if self.lasting:
            used = self._safely(lambda results: results.files())
            if used is not None:
                self.files.delete_all_but(used)
            self.flush()
            if self._broken:
                with contextlib.suppress(OSError):
                    delete_results(self._folder)
        self.files.close()
        if self._lock is not None:
            self._lock.close()

    def __enter__(self) -> Cache:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _safely(self, ask: Callable[[Results], T]) -> T | None:
        """What the results answer. Where their file is damaged, or no more can be written to it,
        there are none for the rest of the run, and the next run begins anew.
        """
        if not self.lasting or self._broken:
            return None
        try:
            if self._results is None:
                self._results = Results(self._folder / FILE, self._code)
            return ask(self._results)
        except (sqlite3.Error, OSError, UnicodeDecodeError):
            # SQLite's message may quote the damaged bytes.
            self._broken = True
            self.flush()
            return None


def _locked(folder: Path) -> FileIO | None:
    """The lock of the folder; None where another process has it, where the folder cannot be used,
    or where no cache is wanted.
    """
    if os.environ.get("GUIDE_CACHE", "").lower() == "off":
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # For reading and writing: what is a pipe then does not wait for somebody at its other end.
        opened = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o666)
        lock = open(opened, "rb", buffering=0)  # noqa: SIM115  # held until the cache is closed
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    return lock
