"""Many files changed together: all of them, or none."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from guide.base.files import place


def put_all(root: Path, files: Mapping[str, bytes | None], last: str = "") -> None:
    """Writes the files by their path from `root`, and deletes those that are None.

    If one cannot be written, or somebody interrupts, all are as they were, and the error goes on.
    The file `last` is written after all others: after a power cut it is still as it was. Raises
    OSError.
    """
    old = {name: _bytes(root / name) for name in files}
    done: list[str] = []
    try:
        for name in sorted(files, key=lambda name: (name == last, name)):
            done.append(name)
            _put(root / name, files[name])
    except BaseException:
        for name in done:
            _put(root / name, old[name])
            _delete_empty(root, (root / name).parent)
        raise


@contextlib.contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Around what fills a folder that is empty or not there yet. Where that fails, or somebody
    interrupts, the folder is as it was; one that held something is left alone.
    """
    existed = folder.is_dir()
    if existed and any(folder.iterdir()):
        yield
        return
    try:
        yield
    except BaseException:
        if existed:
            for path in folder.iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        else:
            shutil.rmtree(folder, ignore_errors=True)
        raise


def _delete_empty(root: Path, folder: Path) -> None:
    """Deletes the folders that were made for a file, from the inner to the outer."""
    while folder != root and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _put(path: Path, data: bytes | None) -> None:
    if data is None:
        path.unlink(missing_ok=True)
    elif _bytes(path) != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        place(path, data)
