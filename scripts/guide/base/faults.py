"""What a machine refuses, as one sentence with the remedy: a full disk, a folder of somebody else.

A mistake in our own code is none of these, and keeps its traceback.
"""

from __future__ import annotations

import errno
import os

from guide.base.text_file import printable

_FULL = "the disk is full: make room, and try again"
_RIGHTS = (
    "this user may not read or write there: try again as its owner, or give yourself the right"
    " (chmod u+rwX)"
)
_REMEDIES = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: "your share of the disk is used up: make room, and try again",
    errno.EROFS: "that disk can only be read: copy the guide to a folder that you may write in",
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
    errno.EXDEV: "build/ and site/ must lie on one disk: move one of them",
    errno.EFBIG: "the file is larger than this disk allows",
    errno.EIO: "the disk cannot be read or written: look after it, and restore from git",
    errno.EMFILE: "too many files are open: raise the limit (ulimit -n 4096), and try again",
    errno.ENFILE: "too many files are open: end other programs, and try again",
    errno.ENAMETOOLONG: "the name is too long for this disk: put the guide into a shorter folder",
    errno.ELOOP: "this is a link that leads to itself: delete it",
    errno.ENOENT: "it is not there, or was deleted meanwhile: put it back, and try again",
    errno.EEXIST: "something else stands there: rename it",
    errno.ENOTDIR: "a folder is meant, and a file stands there: rename it",
    errno.EISDIR: "a file is meant, and a folder stands there: rename it",
    errno.ENOTEMPTY: "something was written into the folder meanwhile: try again",
    errno.ENOMEM: "the machine has too little memory: end other programs, and try again",
}


def sentence(error: OSError) -> str | None:
    """What the machine refused, where, and what to do; None for what is no fault of a machine."""
    remedy = _REMEDIES.get(error.errno or 0)
    if remedy is None:
        return None
    place = error.filename if error.filename is not None else error.filename2
    if not isinstance(place, str | bytes | os.PathLike):
        return remedy[0].upper() + remedy[1:] + "."
    path = os.fsdecode(place)
    # As a person would type it, from where the verb runs.
    below = os.path.relpath(path)
    return f"{printable(path if below.startswith('..') else below)}: {remedy}."
