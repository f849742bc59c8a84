"""Replaces the old site by the new one in one step."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
from pathlib import Path


def replace(new: Path, final: Path) -> None:
    """Moves the folder `new` to `final`; an old site there moves to `new`, for the next build.

    Linux exchanges the two names atomically; elsewhere it takes three renames. Raises OSError; the
    old site is then where it was.
    """
    final.parent.mkdir(parents=True, exist_ok=True)
    old = final.with_name(f"{final.name}.old")
    if not os.path.lexists(final):
        # A run that was killed between two of the renames below: the old site is the next `new`.
        os.rename(new, final)
    elif not _exchange(new, final):
        shutil.rmtree(old, ignore_errors=True)
        os.rename(final, old)
        try:
            os.rename(new, final)
        except OSError:
            os.rename(old, final)
            raise
        os.rename(old, new)
    shutil.rmtree(old, ignore_errors=True)


# What the call says where it, or the file system, cannot exchange names.
_UNKNOWN = {errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP}


def _exchange(one: Path, other: Path) -> bool:
    """renameat2(RENAME_EXCHANGE) of two names of one file system; False where there is none. Raises
    OSError where this user may not move one of them: three renames would stop half way.
    """
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    at_cwd, exchange = -100, 2
    if int(call(at_cwd, os.fsencode(one), at_cwd, os.fsencode(other), exchange)) == 0:
        return True
    code = ctypes.get_errno()
    if code in _UNKNOWN:
        return False
    raise OSError(code, os.strerror(code), os.fspath(other))
