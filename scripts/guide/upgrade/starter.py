"""The files that `guide init` writes the same for every guide, brought up to date."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from guide.content.new_guide import STARTER, SUFFIX

# SHA-256 of each form that a release wrote, the oldest first and today's last. A guide has not
# changed a file of one of these. Whoever changes a file of the starter adds its new digest.
WRITTEN: Mapping[str, tuple[str, ...]] = {
    ".github/workflows/check.yml": (
        "498626cd980ba7fa8972117659e749f9b188ab4afe615cc03c74dcaa7f62a0b8",
        "ecb52f3540a396657c3326751fd66884c6352ea25e67e1f0116c8fce7b6dbace",
    ),
    ".gitignore": ("58f9cc1bfa8be42788a53fdb7e4c303c6537d19bf4db6ce965d1a79cf9b8096c",),
    "tests/test_content.py": ("22848e7a3fb66646c2bf0287d58680b6b1a6452e7e204e2dfc0ac5d800f3d208",),
}


def today_s(name: str) -> bytes:
    """The file as this engine writes it."""
    return (STARTER / f"{name}{SUFFIX}").read_bytes()


def digest(data: bytes) -> str:
    """The digest by which `WRITTEN` knows a file, whatever its line ends."""
    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()


def refreshed(
    root: Path, written: Mapping[str, tuple[str, ...]] = WRITTEN
) -> tuple[dict[str, bytes], list[str]]:
    """The files of a guide to write anew, and what to say of those that the guide has changed.

    A changed file stays, and the engine's new one is written beside it as `NAME.new`. A file that
    the guide has deleted does not come back. A file that no release has changed is no matter.
    """
    files: dict[str, bytes] = {}
    notes = []
    for name, digests in written.items():
        path, new = root / name, today_s(name)
        if not path.is_file():
            continue
        own = digest(path.read_bytes())
        if own == digest(new):
            continue
        if own in digests:
            files[name] = new
        elif len(digests) > 1:
            files[f"{name}.new"] = new
            notes.append(
                f"kept {name}, which you have changed: compare it with {name}.new, take over what"
                " you need, and delete that file"
            )
    return files, notes
