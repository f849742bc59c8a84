"""Replaces the old site by the new one in one step."""

from __future__ import annotations

import ctypes
import os
import shutil
from pathlib import Path


def replace(new: Path, final: Path) -> None:
    """Moves the folder `new` to `final`; an old site there moves to `new`, for the next build.

    Linux exchanges the two names atomically; elsewhere it takes three renames. Raises OSError.
    """
    final.parent.mkdir(parents=True, exist_ok=True)
    if not final.exists():
        os.rename(new, final)
        return
    if not _exchange(new, final):
        old = final.with_name(f"{final.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        os.rename(final, old)
        os.rename(new, final)
        os.rename(old, new)


def _exchange(one: Path, other: Path) -> bool:
    """renameat2(RENAME_EXCHANGE) of two names of one file system; False where there is none."""
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    at_cwd, exchange = -100, 2
    return int(call(at_cwd, os.fsencode(one), at_cwd, os.fsencode(other), exchange)) == 0
