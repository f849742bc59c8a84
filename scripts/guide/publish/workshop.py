"""A folder of its own in which a publication is built."""

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
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from guide.base import clock
from guide.base.git import GitError, Repository
from guide.base.problem import Problem

# -- making it ----------------------------------------------------------------------------------


@dataclass
class Workshop:
    """The scratch repository of one run, under `build/`: the commit to publish checked out and
    built, and the commits that a push would send. It borrows the objects of the user's repository
    and leaves that alone.
    """

    folder: Path
    pages: str
    source: str = ""
    site_commit: str = ""

    @functools.cached_property
    def repository(self) -> Repository:
        return Repository(self.folder)

    @property
    def site(self) -> Path:
        return self.folder / "site"

    def open(self, owner: Repository, commit: str) -> None:
        """Checks `commit` out."""
        self.folder.mkdir(parents=True)
        git = self.repository
        git.out("init", "--quiet")
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

    def take_uncommitted(self, owner: Repository, who: dict[str, str]) -> None:
        """Adds what is in no commit yet, so that a dry run can show it; such a commit is never
        pushed.
        """
        owner.out(f"--git-dir={self.folder / '.git'}", f"--work-tree={owner.root}", "add", "--all")
        self._commit("Not committed yet", who)

    def write_ledgers(self, ledgers: dict[str, bytes], message: str, who: dict[str, str]) -> bool:
        """Notes what readers will be shown, by path of the ledger, in one commit of its own; False
        where nothing differs.
        """
        for path, data in ledgers.items():
            (self.folder / path).write_bytes(data)
            self.repository.out("add", "--force", "--", path)
        differs = bool(self.repository.run("diff", "--cached", "--quiet").returncode)
        if differs:
            self._commit(message, who)
        return differs

    def _commit(self, message: str, who: dict[str, str]) -> None:
        tree = self.repository.out("write-tree")
        self._check_out(
            self.repository.out("commit-tree", tree, "-p", self.source, "-m", message, **who)
        )

    def build(self, rebuild_for: datetime.date | None = None) -> list[Problem]:
        """Builds the site strictly; the problems that stopped it, none when it stands in `site`."""
        done = build_site(self.folder, rebuild_for)
        if done.returncode == 0 and (self.site / "index.html").is_file():
            return []
        words = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        said = [
            line
            for line in words
            if not re.match(r"\[[a-z-]+\]$|\d+ problems?\. Nothing|Aborted with", line)
        ]
        return [Problem("the build", 0, line) for line in said] or [
            Problem("the build", 0, f"stopped with status {done.returncode}")
        ]

    def commit_site(self, parent: str, message: str, who: dict[str, str]) -> None:
        """Makes the commit of the published branch from the built site: the whole site, nothing
        else.
        """
        (self.site / ".nojekyll").touch()
        index = {"GIT_INDEX_FILE": str(self.folder / ".git" / "site-index")}
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
        self.commit_tree(git.out("write-tree", **index), parent, message, who)

    def commit_tree(self, tree: str, parent: str, message: str, who: dict[str, str]) -> None:
        """Makes the commit of the published branch from a tree that stands in the repository."""
        parents = ("-p", parent) if parent else ()
        self.site_commit = self.repository.out("commit-tree", tree, *parents, "-m", message, **who)

    def files_changed(self, before: str | None) -> list[tuple[str, str]]:
        """(status, path) of each file of the site that differs from the published commit `before`,
        or from nothing.
        """
        old = before or self.repository.out("hash-object", "-t", "tree", "--stdin", input=b"")
        parts = self.repository.out(
            "diff-tree", "-r", "-z", "--no-renames", "--name-status", old, self.site_commit
        ).split("\0")
        return list(zip(parts[::2], parts[1::2], strict=False))

    def is_shown(self, commit: str) -> bool:
        """Whether the published commit holds the very bytes of the new site."""
        return self.repository.out("rev-parse", f"{commit}^{{tree}}") == self.repository.out(
            "rev-parse", f"{self.site_commit}^{{tree}}"
        )

    def tag(self, name: str, message: str, who: dict[str, str]) -> str:
        """An annotated tag on the commit that was built; returns the tag's own object."""
        self.repository.out(
            "tag", "--no-sign", "--annotate", "-m", message, name, self.source, **who
        )
        return self.repository.out("rev-parse", f"refs/tags/{name}")


def build_site(
    folder: Path, rebuild_for: datetime.date | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs the strict build in `folder` as on a fresh clone; with a day, as the rebuild for that
    day.
    """
    own = ("GUIDE_TODAY", "SOURCE_DATE_EPOCH", "PYTHONPATH")
    environment = {name: value for name, value in os.environ.items() if name not in own}
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
    """A new scratch folder, deleted afterwards; what a killed run left is deleted before. One run
    at a time.
    """
    place = root / "build" / "publish"
    place.mkdir(parents=True, exist_ok=True)
    with (place / "lock").open("w") as lock:
        try:
            # here, because there is none on Windows, where the push's lease alone must do
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ImportError:
            pass
        except OSError:
            raise GitError("another publication is running in this folder: wait for it") from None
        for left in place.iterdir():
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(dir=place))
        try:
            yield Workshop(folder / "guide", pages)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def identity(repository: Repository) -> dict[str, str]:
    """Who publishes, as git's environment; a placeholder where git does not know (a gate then
    refuses).
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
