"""What an earlier run worked out, kept in `build/cache` for as long as its inputs stay the same.

Nothing here is trusted by its age. A result is found again only under the fingerprint of all that
went into it: the code, the components, the day, the page as written, and each thing that it read of
the library. A result without such a record is worked out anew; a folder that was tampered with, or
written by other code, is empty to us. `GUIDE_CACHE=off` in the environment keeps nothing.
"""

from __future__ import annotations

import array
import fcntl
import importlib.metadata
import os
import pickle
import shutil
import sqlite3
import sys
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from guide.base.fingerprint import digest_of, fingerprint, fingerprint_of_files
from guide.cache.tracking import Inputs

FORMAT = 1


def fingerprint_of_code(root: Path) -> bytes:
    """16 bytes for all that decides how content becomes pages: our code and what lies beside it
    (the style of references), the components, every package, Python.
    """
    versions = sorted(
        f"{package.name}=={package.version}" for package in importlib.metadata.distributions()
    )
    core = Path(__file__).resolve().parent.parent
    return fingerprint(
        str(FORMAT),
        sys.version,
        *versions,
        os.environ.get("SITE_URL", ""),
        fingerprint_of_files(core, "**/*"),
        fingerprint_of_files(root / "overrides" / "macros", "**/*"),
    )


class Store:
    """Results by kind and name, and texts as files. One process at a time; another finds an empty
    store of its own.

    A process that is forked from this one may use the store in its stead: what it keeps is found
    here once it has called `settle`.
    """

    def __init__(self, root: Path):
        self.root = root
        self._folder = folder = root / "build" / "cache"
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = open(folder / "lock", "w")
        try:
            if os.environ.get("GUIDE_CACHE", "").lower() == "off":
                raise BlockingIOError
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.files, self.lasting, self._code = folder / "files", True, fingerprint_of_code(root)
        except BlockingIOError:
            self.files, self.lasting = Path(tempfile.mkdtemp(prefix="once-", dir=folder)), False
        self._open_base: sqlite3.Connection | None = None
        self._names: dict[int, str] = {}
        self._numbers: dict[str, int] = {}
        self._content: dict[str, bytes] = {}
        self._folders: set[str] = set()

    @property
    def base(self) -> sqlite3.Connection:
        """The results, opened when somebody asks: what is open must not go through a fork."""
        if self._open_base is None:
            self._open_base = _open(self._folder, self._code) if self.lasting else _empty()
        return self._open_base

    def settle(self) -> None:
        """Writes the results down and lets go of them until somebody asks again."""
        if self._open_base is not None:
            self._open_base.commit()
            self._open_base.close()
            self._open_base = None
            self._names, self._numbers = {}, {}

    # -- results ---------------------------------------------------------------------------

    def recall(self, kind: str) -> Recalled:
        """The kept results of one kind."""
        return Recalled(self, kind)

    def keep(
        self,
        kind: str,
        name: str,
        own: bytes,
        reads: Iterable[str],
        inputs: Inputs | None,
        result: Any,
    ) -> None:
        """Keeps a result under its own fingerprint and that of everything it read."""
        names = sorted(reads)
        if names:
            self._know_names()
        numbers = array.array("I", map(self._number, names))
        together = inputs.together(names) if inputs else b""
        self.base.execute(
            "insert or replace into results values (?, ?, ?, ?, ?, ?)",
            (kind, name, own, numbers.tobytes(), together, pickle.dumps(result, 5)),
        )

    def _know_names(self) -> None:
        """Reads the names of all inputs, by the numbers they have in results: a large guide has
        hundreds of thousands.
        """
        if not self._names:
            self._names = dict(self.base.execute("select number, name from inputs"))
            self._numbers = {name: number for number, name in self._names.items()}

    def _number(self, name: str) -> int:
        number = self._numbers.get(name)
        if number is None:
            number = self._numbers[name] = len(self._numbers) + 1
            self._names[number] = name
            self.base.execute("insert into inputs values (?, ?)", (number, name))
        return number

    # -- texts -----------------------------------------------------------------------------

    def write(self, text: str, suffix: str) -> Stamp:
        """Puts a text into a file named by its content, packed for a suffix in `.z`, and says
        which. Processes may do this side by side.
        """
        data = text.encode()
        digest = digest_of(data).hex()
        if suffix.endswith(".z"):
            data = zlib.compress(data, 1)
        name = f"{digest[:2]}/{digest[2:]}{suffix}"
        path = f"{self.files}/{name}"
        # A file that is there already and sound stays as it is: other results know it by the time
        # it was written.
        status = _as_written(path, data)
        if status is None:
            new = f"{path}.{os.getpid()}"
            if digest[:2] not in self._folders:
                os.makedirs(f"{self.files}/{digest[:2]}", exist_ok=True)
                self._folders.add(digest[:2])
            with open(new, "wb") as file:
                file.write(data)
            # Where two processes write the same at once, the first is told the wrong time, and its
            # result made again.
            os.replace(new, path)
            status = os.stat(path)
        return Stamp(name, len(data), status.st_mtime_ns)

    def read(self, stamp: Stamp) -> str:
        """The text of a file as it was written."""
        data = self.path(stamp).read_bytes()
        return (zlib.decompress(data) if stamp.name.endswith(".z") else data).decode()

    def path(self, stamp: Stamp) -> Path:
        return self.files / stamp.name

    def holds(self, stamp: Stamp) -> bool:
        """Whether the file is still as it was written."""
        try:
            status = os.stat(f"{self.files}/{stamp.name}")
        except OSError:
            return False
        return status.st_size == stamp.size and status.st_mtime_ns == stamp.written

    def sweep(self, used: Iterable[Stamp], suffix: str) -> None:
        """Deletes the files with this suffix that nothing uses."""
        keep = {stamp.name for stamp in used}
        for folder in self.files.iterdir() if self.files.is_dir() else ():
            for name in os.listdir(folder):
                if name.endswith(suffix) and f"{folder.name}/{name}" not in keep:
                    (folder / name).unlink(missing_ok=True)

    # -- content files ---------------------------------------------------------------------

    def content(self) -> dict[str, tuple[bytes, Any]]:
        """What was read of the content files, for `library.load`; `keep_content` takes it back."""
        found = {
            name: (digest, pickle.loads(entry))
            for name, digest, entry in self.base.execute("select name, digest, entry from content")
        }
        self._content = {name: digest for name, (digest, _) in found.items()}
        return found

    def keep_content(self, kept: Mapping[str, tuple[bytes, Any]], present: Iterable[str]) -> None:
        present = set(present)
        for name, (digest, entry) in kept.items():
            if name in present and self._content.get(name) != digest:
                self.base.execute(
                    "insert or replace into content values (?, ?, ?)",
                    (name, digest, pickle.dumps(entry, 5)),
                )
        for name in self._content.keys() - present:
            self.base.execute("delete from content where name = ?", (name,))

    # -- end of a run ----------------------------------------------------------------------

    def forget_all_but(self, kind: str, names: Iterable[str]) -> None:
        """Drops the results of a kind that belong to nothing any more."""
        gone = {
            name
            for (name,) in self.base.execute("select name from results where kind = ?", (kind,))
        } - set(names)
        self.base.executemany(
            "delete from results where kind = ? and name = ?", [(kind, name) for name in gone]
        )

    def commit(self) -> None:
        if self._open_base is not None:
            self._open_base.commit()

    def close(self) -> None:
        """Ends the run; a store that is not to last leaves nothing behind."""
        self.settle()
        self._lock.close()
        if not self.lasting:
            shutil.rmtree(self.files, ignore_errors=True)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _as_written(path: str, data: bytes) -> os.stat_result | None:
    """The status of a file if it holds these bytes."""
    try:
        status = os.stat(path)
        if status.st_size == len(data):
            with open(path, "rb") as file:
                return status if file.read() == data else None
    except OSError:
        pass
    return None


class Stamp(NamedTuple):
    """A file of the store: its name, its size in bytes, and when it was written, in nanoseconds."""

    name: str
    size: int
    written: int

    @property
    def digest(self) -> bytes:
        """`digest_of` its content."""
        return bytes.fromhex(self.name.partition(".")[0].replace("/", ""))


class Recalled:
    """The kept results of one kind; `find` gives one only if nothing that went into it has changed.
    None is held here.
    """

    def __init__(self, store: Store, kind: str):
        self._store, self.kind = store, kind

    def find(self, name: str, own: bytes, inputs: Inputs | None = None) -> Any:
        """The result, or None."""
        row = self._store.base.execute(
            "select own, reads, inputs, result from results where kind = ? and name = ?",
            (self.kind, name),
        ).fetchone()
        if row is None or row[0] != own:
            return None
        if inputs is not None:
            numbers = array.array("I")
            numbers.frombytes(row[1])
            self._store._know_names()
            names = self._store._names
            if inputs.together([names[number] for number in numbers]) != row[2]:
                return None
        return pickle.loads(row[3])

    def holds(self, name: str, own: bytes) -> bool:
        """Whether there is a result under this fingerprint."""
        return (
            self._store.base.execute(
                "select 1 from results where kind = ? and name = ? and own = ?",
                (self.kind, name, own),
            ).fetchone()
            is not None
        )

    def all(self) -> Iterator[Any]:
        """Every result, whether or not it still holds."""
        return (
            pickle.loads(result)
            for (result,) in self._store.base.execute(
                "select result from results where kind = ?", (self.kind,)
            )
        )


_TABLES = """
create table about (format text);
create table inputs (number integer primary key, name text);
create table results (kind text, name text, own blob, reads blob, inputs blob, result blob, primary key (kind, name)) without rowid;
create table content (name text primary key, digest blob, entry blob) without rowid;
"""


def _open(folder: Path, code: bytes) -> sqlite3.Connection:
    """The store of this code, empty where there is none or another's."""
    path = folder / "results.sqlite"
    for _ in range(2):
        base = None
        try:
            base = sqlite3.connect(path)
            base.execute("pragma journal_mode=wal")
            base.execute("pragma synchronous=normal")
            if not base.execute("select name from sqlite_master where name = 'about'").fetchone():
                base.executescript(_TABLES)
                base.execute("insert into about values (?)", (code.hex(),))
                base.commit()
            if base.execute("select format from about").fetchone() == (code.hex(),):
                return base
        except sqlite3.DatabaseError:
            pass
        if base is not None:
            base.close()
        for old in folder.glob("results.sqlite*"):
            old.unlink(missing_ok=True)
    return _empty()


def _empty() -> sqlite3.Connection:
    base = sqlite3.connect(":memory:")
    base.executescript(_TABLES)
    return base
