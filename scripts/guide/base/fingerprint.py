"""Short digests of text and files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path


def fingerprint(*parts: bytes | str) -> bytes:
    """16 bytes that stand for the parts, each kept apart from the next."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.digest()


def _files_below(root: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """The files below a folder by their path from there. Links to folders are followed, each folder
    once. Bytecode is left out.
    """
    open_, met = [("", os.fspath(root))], set()
    while open_:
        base, folder = open_.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                if not entry.is_dir():
                    if entry.is_file():
                        yield base + entry.name, entry
                elif entry.name != "__pycache__":
                    status = entry.stat()
                    if (one := (status.st_dev, status.st_ino)) not in met:
                        met.add(one)
                        open_.append((f"{base}{entry.name}/", entry.path))


def fingerprint_of_files(root: Path) -> bytes:
    """16 bytes for the names and contents of all files below `root`."""
    parts: list[bytes | str] = []
    for name, entry in sorted(_files_below(root), key=lambda file: file[0]):
        with open(entry.path, "rb") as file:
            parts += (name, file.read())
    return fingerprint(*parts)


def fingerprint_of_status(root: Path) -> bytes:
    """16 bytes for the names of all files below `root` and when each was written last: another
    value where one has been written meanwhile, even if it holds the same again.
    """
    return fingerprint(
        *sorted(
            f"{name}\0{status.st_ino}\0{status.st_size}\0{status.st_mtime_ns}\0{status.st_ctime_ns}"
            for name, entry in _files_below(root)
            for status in (entry.stat(),)
        )
    )


def digest_of(content: bytes) -> bytes:
    """16 bytes for the content of a file."""
    return hashlib.blake2b(content, digest_size=16).digest()
