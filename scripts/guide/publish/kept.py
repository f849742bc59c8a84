"""Files of the former publication that stay for one more, so that a page which is still open or in
a cache finds its style, its scripts and its pictures.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping

from guide.base.git import Repository
from guide.publish.state import Published

# A file whose name changes with its bytes: `guide.0123456789.css`. The picture of a handout's code
# is named by the code, which changes with what the handout says.
_BYTES_IN_NAME = re.compile(r"\.[0-9a-f]{10}(?=\.\w+$)")
_CODE = re.compile(r"assets/qr/[a-z]+\.svg")

# Who publishes twice within this time mends a mistake: pages of both are still open. In seconds.
RECENT = 24 * 60 * 60

# (mode, blob) of a file by its path.
Tree = Mapping[str, tuple[str, str]]


def has_bytes_in_name(path: str) -> bool:
    """Whether other bytes would stand under another name."""
    return bool(_BYTES_IN_NAME.search(path) or _CODE.fullmatch(path))


def asset_of(path: str) -> str:
    """The path without the digest of the file's bytes: `assets/guide.css`."""
    return _BYTES_IN_NAME.sub("", path)


def tree_of(repository: Repository, commit: str) -> Tree:
    """The files of a commit. Raises GitError when git fails."""
    files = {}
    for line in repository.out("ls-tree", "-r", "-z", commit).split("\0"):
        if line:
            entry, path = line.split("\t", 1)
            mode, _, blob = entry.split(" ")
            files[path] = (mode, blob)
    return files


def files_to_keep(
    repository: Repository, published: Published, new: Iterable[str], all_of_them: bool = False
) -> Tree:
    """What a new site, with the paths `new`, takes over from the published one.

    These are the files that the published site was built with. Those that it took over itself stay
    where it is less than a day old, or where `all_of_them` shall. Raises GitError when git fails.
    """
    present = set(new)
    assets = {asset_of(path) for path in present if has_bytes_in_name(path)} - present
    made_at = int(repository.out("log", "-1", "--format=%ct", published.commit))
    ends = set() if all_of_them or time.time() - made_at < RECENT else set(published.kept)
    return {
        path: entry
        for path, entry in tree_of(repository, published.commit).items()
        # An asset may have been published under a plain name before.
        if (has_bytes_in_name(path) or path in assets) and path not in present | ends
    }
