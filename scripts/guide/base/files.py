"""Folders of files that are made to hold exactly what they shall: only what changed is written, and
nothing in place.

A file given by its path becomes a second name of that file where the file system can do that.
Whoever changes such a file puts another in its stead (`put`): written in place, it would change
under all of its names.
"""

from __future__ import annotations

import contextlib
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

    `apart`: all are copies, for a folder that somebody else will write in.
    """
    changed = 0
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
    """Whether the file is what it shall be already. A second name is that of the very file, or a
    copy as old as it is: whoever knows the file by the time it was written knows it here too.
    """
    if isinstance(data, bytes):
        return status.st_size == len(data) and _read(path) == data
    given = os.stat(data)
    if apart:
        return given.st_size == status.st_size and _read(path) == _read(data)
    return (given.st_ino, given.st_dev) == (status.st_ino, status.st_dev) or (
        given.st_size,
        given.st_mtime_ns,
    ) == (status.st_size, status.st_mtime_ns)


def _read(path: str | Path) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def place(path: Path | str, data: bytes | Path | str, apart: bool = False) -> None:
    """Puts a new file at `path` in the old one's stead; `apart` as `write_tree` takes it."""
    folder, name = os.path.split(path)
    new = f"{folder}/.{name}.new"
    try:
        if isinstance(data, bytes):
            _fresh(new)
            with open(new, "wb") as file:
                file.write(data)
        elif apart:
            _fresh(new)
            shutil.copyfile(data, new)
        else:
            _link(data, new)
        os.replace(new, path)
    finally:
        # Two names of one file are not exchanged: the new one would stay.
        _fresh(new)


def _fresh(new: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(new)


def _link(data: Path | str, new: str) -> None:
    for _ in range(2):
        try:
            os.link(data, new)
        except FileExistsError:
            os.unlink(new)
            continue
        except OSError:
            break
        return
    _fresh(new)
    shutil.copy2(data, new)


def put(path: Path, text: str) -> None:
    """A text in the stead of a file that may have further names."""
    place(path, text.encode())
