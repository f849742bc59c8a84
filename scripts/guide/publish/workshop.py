"""The scratch repository in which a publication is built."""

from __future__ import annotations

import contextlib
import datetime
import functools
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from guide.base import clock
from guide.base.git import GitError, Repository
from guide.base.problem import Problem
from guide.publish.kept import Tree
from guide.publish.state import Published


@dataclass
class Workshop:
    """The scratch repository of one run, under `build/`.

    `source` is the commit that is checked out, `site_commit` the new commit of the published branch
    `pages`, `own_tree` the tree of the built site alone; all are "" at first. It borrows the
    objects of the user's repository and writes nothing there. Its methods raise GitError when git
    fails.
    """

    folder: Path
    pages: str
    source: str = ""
    site_commit: str = ""
    own_tree: str = ""

    @functools.cached_property
    def repository(self) -> Repository:
        """The scratch repository."""
        return Repository(self.folder)

    @property
    def site(self) -> Path:
        """The folder of the built site."""
        return self.folder / "site"

    def open(self, owner: Repository, commit: str) -> None:
        """Makes the repository with a `commit` of the user's repository checked out."""
        self.folder.mkdir(parents=True)
        git = self.repository
        git.out("init", "--quiet")
        # The bytes of the commit, whatever the user's own settings do to the ends of lines.
        git.out("config", "core.autocrlf", "false")
        git.out("config", "core.eol", "lf")
        shared = (owner.root / owner.out("rev-parse", "--git-common-dir")).resolve()
        (self.folder / ".git" / "objects" / "info").mkdir(parents=True, exist_ok=True)
        (self.folder / ".git" / "objects" / "info" / "alternates").write_text(
            f"{shared / 'objects'}\n", encoding="utf-8"
        )
        if (shared / "shallow").is_file():
            shutil.copy(shared / "shallow", self.folder / ".git" / "shallow")
        self._check_out(commit)

    def _check_out(self, commit: str) -> None:
        self.repository.out("update-ref", "--no-deref", "HEAD", commit)
        self.repository.out("reset", "--quiet", "--hard")
        self.source = commit

    def take_uncommitted(self, owner: Repository, author: dict[str, str]) -> None:
        """Commits the user's uncommitted files, so that a dry run can show them.

        Such a commit is never pushed. `author`: see `identity`.
        """
        owner.out(f"--git-dir={self.folder / '.git'}", f"--work-tree={owner.root}", "add", "--all")
        self._commit("Not committed yet", author)

    def write_ledgers(
        self, ledgers: dict[str, bytes], message: str, author: dict[str, str]
    ) -> bool:
        """Writes the ledgers, by path, and commits them; False where nothing differs."""
        for path, data in ledgers.items():
            (self.folder / path).write_bytes(data)
            self.repository.out("add", "--force", "--", path)
        differs = bool(self.repository.run("diff", "--cached", "--quiet").returncode)
        if differs:
            self._commit(message, author)
        return differs

    def _commit(self, message: str, author: dict[str, str]) -> None:
        tree = self.repository.out("write-tree")
        self._check_out(
            self.repository.out("commit-tree", tree, "-p", self.source, "-m", message, **author)
        )

    def build(self, rebuild_for: datetime.date | None = None) -> list[Problem]:
        """Builds the site strictly into `site`; returns the problems that stopped it."""
        done = build_site(self.folder, rebuild_for)
        if done.returncode == 0 and (self.site / "index.html").is_file():
            return []
        output = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        messages = [
            line
            for line in output
            if not re.match(r"\[[a-z-]+\]$|\d+ problems?\. Nothing|Aborted with", line)
        ]
        return [Problem("the build", 0, line) for line in messages] or [
            Problem("the build", 0, f"stopped with status {done.returncode}")
        ]

    def commit_site(
        self, parent: str, message: str, author: dict[str, str], kept: Tree | None = None
    ) -> None:
        """Commits the built site as the new published commit, with the files of `kept` beside it.

        `parent` is "" for the first publication. The message names what was kept.
        """
        (self.site / ".nojekyll").touch()
        index = self._index
        git = self.repository
        git.out(
            "-c",
            "core.autocrlf=false",
            f"--git-dir={self.folder / '.git'}",
            f"--work-tree={self.site}",
            "add",
            "--all",
            "--force",
            "--",
            str(self.site),
            **index,
        )
        self.own_tree = git.out("write-tree", **index)
        self.commit_tree(self.own_tree, parent, message, author, kept)

    def commit_tree(
        self,
        tree: str,
        parent: str,
        message: str,
        author: dict[str, str],
        kept: Tree | None = None,
        kept_before: Iterable[str] = (),
    ) -> None:
        """Commits a tree that the repository has, with the files of `kept` beside it, as the new
        published commit. `kept_before` are those that the tree has already.
        """
        index = self._index
        if kept:
            self.repository.out("read-tree", tree, **index)
            lines = (f"{mode} {blob}\t{path}\0" for path, (mode, blob) in kept.items())
            self.repository.out(
                "update-index", "-z", "--index-info", input="".join(lines).encode(), **index
            )
            tree = self.repository.out("write-tree", **index)
        for path in sorted({*(kept or ()), *kept_before}):
            message += f"\nKept: {path}"
        parents = ("-p", parent) if parent else ()
        self.site_commit = self.repository.out(
            "commit-tree", tree, *parents, "-F", "-", input=message.encode(), **author
        )

    @property
    def _index(self) -> dict[str, str]:
        """An index of its own for the trees of the site, as a variable of git."""
        return {"GIT_INDEX_FILE": str(self.folder / ".git" / "site-index")}

    def files_changed(self, before: str | None) -> list[tuple[str, str]]:
        """(status, path) of each file of the site that differs from the published commit `before`.

        None compares with an empty tree.
        """
        old = before or self.repository.out("hash-object", "-t", "tree", "--stdin", input=b"")
        parts = self.repository.out(
            "diff-tree", "-r", "-z", "--no-renames", "--name-status", old, self.site_commit
        ).split("\0")
        return list(zip(parts[::2], parts[1::2], strict=False))

    def is_shown(self, published: Published) -> bool:
        """Whether readers are shown the very bytes of the built site already."""
        if not published.kept:
            return self.own_tree == self.repository.out("rev-parse", f"{published.commit}^{{tree}}")
        index = self._index
        self.repository.out("read-tree", published.commit, **index)
        paths = "".join(f"{path}\0" for path in published.kept).encode()
        self.repository.out("update-index", "-z", "--force-remove", "--stdin", input=paths, **index)
        return self.own_tree == self.repository.out("write-tree", **index)

    def tag(self, name: str, message: str, author: dict[str, str]) -> str:
        """Makes an annotated tag on `source`; returns the tag's own object."""
        self.repository.out(
            "tag", "--no-sign", "--annotate", "-m", message, name, self.source, **author
        )
        return self.repository.out("rev-parse", f"refs/tags/{name}")


def build_site(
    folder: Path, rebuild_for: datetime.date | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs the strict build in `folder` as on a fresh clone; with a day, as the rebuild for it."""
    removed = ("GUIDE_TODAY", "SOURCE_DATE_EPOCH", "PYTHONPATH")
    environment = {name: value for name, value in os.environ.items() if name not in removed}
    environment.update(
        NO_MKDOCS_2_WARNING="1",
        PYTHONDONTWRITEBYTECODE="1",
        **({clock.REBUILD: rebuild_for.isoformat()} if rebuild_for else {}),
    )
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "--quiet", "build", "--strict"],
        cwd=folder,
        env=environment,
        text=True,
        capture_output=True,
        check=False,
    )


@contextlib.contextmanager
def open_workshop(root: Path, pages: str) -> Iterator[Workshop]:
    """A new scratch folder, deleted afterwards, like what a killed run has left.

    Raises GitError while another run is at work in `root`.
    """
    parent = root / "build" / "publish"
    parent.mkdir(parents=True, exist_ok=True)
    with (parent / "lock").open("w") as lock:
        try:
            # Imported here because Windows has none; there the push's lease alone must do.
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ImportError:
            pass
        except OSError:
            raise GitError("another publication is running in this folder: wait for it") from None
        for leftover in parent.iterdir():
            if leftover.is_dir():
                shutil.rmtree(leftover, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(dir=parent))
        try:
            yield Workshop(folder / "guide", pages)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def identity(repository: Repository) -> dict[str, str]:
    """Who publishes, as environment variables of git.

    A placeholder where git does not know; a gate then refuses.
    """
    known = re.match(
        r"(.*) <(.*)> \d+ [+-]\d+$", repository.maybe("var", "GIT_COMMITTER_IDENT") or ""
    )
    name, address = (known[1], known[2]) if known else ("nobody", "nobody@localhost")
    return {
        f"GIT_{role}_{part}": value
        for role in ("AUTHOR", "COMMITTER")
        for part, value in (("NAME", name), ("EMAIL", address))
    }
