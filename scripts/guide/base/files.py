"""Folders of files that are made to hold exactly what they shall: only what changed is written, and
nothing in place.

A file given by its path is copied, and is as old as what it is a copy of. No two names are of one
file: a byte that is changed under one of them, by hand or by a failing disk, stays where it is
under the others. Where the file system can do that, the copies share their blocks until one of them
is written.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path


def files_of(folder: Path | str) -> Iterator[tuple[str, os.stat_result]]:
    """Every file below a folder: its path from there, and its status. In no promised order; nothing
    for no folder.
    """
    open_ = [("", os.fspath(folder))]
    while open_:
        base, place = open_.pop()
        try:
            entries = os.scandir(place)
        except FileNotFoundError:
            continue
        with entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    open_.append((f"{base}{entry.name}/", entry.path))
                else:
                    yield base + entry.name, entry.stat(follow_symlinks=False)


def names_of(folder: Path | str, ending: str = "") -> list[str]:
    """The paths of all files below a folder that end so, from there and sorted."""
    names, open_ = [], [("", os.fspath(folder))]
    while open_:
        base, place = open_.pop()
        with contextlib.suppress(FileNotFoundError), os.scandir(place) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    open_.append((f"{base}{entry.name}/", entry.path))
                elif f"{base}{entry.name}".endswith(ending):
                    names.append(base + entry.name)
    return sorted(names)


def write_tree(target: Path, files: Mapping[str, bytes | Path | str], apart: bool = False) -> int:
    """Makes the folder hold exactly `files`; returns how many files were written or deleted.

    `apart`: for a folder that somebody else will write in. Its files are compared by their bytes,
    and have the time at which they were written.
    """
    changed = 0
    if target.is_symlink():
        # What it leads to is not ours to write in, nor to delete.
        target.unlink()
    target.mkdir(parents=True, exist_ok=True)
    base = os.fspath(target)
    existing = dict(files_of(base))
    made: set[str] = set()
    for name, data in files.items():
        path, status = f"{base}/{name}", existing.pop(name, None)
        if status and _same(path, status, data, apart):
            continue
        folder = os.path.dirname(name)
        if folder not in made:
            made.add(folder)
            _make_folder(base, folder, existing)
        if status is None and os.path.isdir(path):
            shutil.rmtree(path)
            existing = {
                other: status
                for other, status in existing.items()
                if not other.startswith(f"{name}/")
            }
        place(path, data, apart)
        changed += 1
    for name in existing:
        # What a killed run has left beside a file went when that file was placed.
        with contextlib.suppress(FileNotFoundError):
            os.unlink(f"{base}/{name}")
        changed += 1
    if existing:
        for folder, _, _ in os.walk(base, topdown=False):
            if folder != base and not os.listdir(folder):
                os.rmdir(folder)
    return changed


def _make_folder(base: str, folder: str, existing: dict[str, os.stat_result]) -> None:
    """Makes a folder below `base`; a file that stands in its way, or in that of a folder above it,
    goes.
    """
    at = ""
    for part in folder.split("/") if folder else ():
        at = f"{at}/{part}" if at else part
        if at in existing:
            os.unlink(f"{base}/{at}")
            del existing[at]
    os.makedirs(f"{base}/{folder}" if folder else base, exist_ok=True)


def _same(path: str, status: os.stat_result, data: bytes | Path | str, apart: bool) -> bool:
    """Whether the file is what it shall be already. A copy is one that is as old as what it is of:
    whoever knows a file by the time it was written knows it here too.
    """
    if isinstance(data, bytes):
        return status.st_size == len(data) and _read(path) == data
    given = os.stat(data)
    if (given.st_ino, given.st_dev) == (status.st_ino, status.st_dev):
        return False
    if apart:
        return given.st_size == status.st_size and _read(path) == _read(data)
    return (given.st_size, given.st_mtime_ns) == (status.st_size, status.st_mtime_ns)


def _read(path: str | Path) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def place(path: Path | str, data: bytes | Path | str, apart: bool = False) -> None:
    """Puts a new file at `path` in the old one's stead; `apart` as `write_tree` takes it."""
    folder, name = os.path.split(path)
    new = f"{folder}/.{name}.new"
    try:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(new)
        if isinstance(data, bytes):
            with open(new, "wb") as file:
                file.write(data)
        else:
            _copy(data, new, as_old=not apart)
        os.replace(new, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(new)
        raise


# Linux: have two files share their blocks (ioctl_ficlone(2)).
_FICLONE = 0x40049409


def _copy(data: Path | str, new: str, as_old: bool) -> None:
    with open(data, "rb") as source, open(new, "wb") as target:
        status = os.fstat(source.fileno())
        try:
            fcntl.ioctl(target.fileno(), _FICLONE, source.fileno())
        except OSError:
            shutil.copyfileobj(source, target, 1 << 20)
        target.flush()
        if as_old:
            os.utime(target.fileno(), ns=(status.st_atime_ns, status.st_mtime_ns))


def put(path: Path, text: str) -> None:
    """A text in the stead of a file, which is never written in place."""
    place(path, text.encode())
