"""Short digests of text and files."""

from __future__ import annotations

import hashlib
from pathlib import Path


def fingerprint(*parts: bytes | str) -> bytes:
    """16 bytes that stand for the parts, each kept apart from the next."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.digest()


def fingerprint_of_files(root: Path, *patterns: str) -> bytes:
    """16 bytes for the names and contents of the files below `root` that match."""
    paths = sorted(
        {
            path
            for pattern in patterns
            for path in root.glob(pattern)
            if path.is_file() and "__pycache__" not in path.parts
        }
    )
    return fingerprint(
        *(part for path in paths for part in (path.relative_to(root).as_posix(), path.read_bytes()))
    )


def digest_of(content: bytes) -> bytes:
    """16 bytes for the content of a file."""
    return hashlib.blake2b(content, digest_size=16).digest()
