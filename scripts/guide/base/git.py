"""Git, as the publication and the clock need it: plain commands in one working copy."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

# A caller's own (a git hook sets them) would make every command act on the wrong repository.
_FOREIGN = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_PREFIX",
    "GIT_COMMON_DIR",
)


class GitError(Exception):
    """A git command that failed; the text is git's own last words."""


class Repository:
    """The git repository whose working copy is at `root`."""

    def __init__(self, root: Path):
        self.root = root
        self.environment = {
            name: value for name, value in os.environ.items() if name not in _FOREIGN
        }
        # To look is not to write: without this `git status` refreshes the index.
        self.environment.update(GIT_OPTIONAL_LOCKS="0", LC_ALL="C")

    def run(
        self, *arguments: str, input: bytes | None = None, **environment: str
    ) -> subprocess.CompletedProcess[bytes]:
        """One command, whatever comes of it. Raises GitError only where there is no git at all."""
        # The user's own hooks (formatters, message templates) have no say in what is computed here;
        # a push runs them.
        hooks = [] if arguments[0] == "push" else ["-c", "core.hooksPath=/dev/null"]
        # Some people have git print lines about signatures between those that were asked for.
        settings = [*hooks, "-c", "log.showSignature=false"]
        # Only a push may have to ask for a password.
        options: dict[str, Any] = (
            {"input": input}
            if input is not None
            else {}
            if arguments[0] == "push"
            else {"stdin": subprocess.DEVNULL}
        )
        try:
            return subprocess.run(
                ["git", *settings, *arguments],
                cwd=self.root,
                env={**self.environment, **environment},
                capture_output=True,
                check=False,
                **options,
            )
        except FileNotFoundError:
            raise GitError(
                "git was not found: install it (on Debian and Ubuntu, 'apt-get install git')"
            ) from None
        except OSError as error:
            raise GitError(f"git cannot be run: {error.strerror}") from None

    def out(self, *arguments: str, **options: Any) -> str:
        """What the command prints, without the last line's end. Raises GitError when it fails."""
        done = self.run(*arguments, **options)
        if done.returncode:
            raise GitError(last_words(done))
        return done.stdout.decode("utf-8", "replace").rstrip("\n")

    def maybe(self, *arguments: str) -> str | None:
        """What the command prints, or None when it fails."""
        try:
            return self.out(*arguments)
        except GitError:
            return None

    def prefix(self) -> str | None:
        """The path of `root` in its working copy, empty for the top of it; None outside of any.

        Raises GitError, in git's words, where there is one that git does not read.
        """
        top = self.root.resolve()
        if not any(os.path.lexists(folder / ".git") for folder in (top, *top.parents)):
            return None
        done = self.run("rev-parse", "--show-prefix")
        if done.returncode == 0:
            return done.stdout.decode("utf-8", "replace").rstrip("\n")
        words = last_words(done)
        if "not a git repository" in words and not os.path.lexists(top / ".git"):
            return None
        raise GitError(words)

    def refusal(self) -> str:
        """Why git will not look at this folder although it is a repository, in git's words.

        It is "" where git does, and where there is no repository.
        """
        try:
            self.prefix()
        except GitError as error:
            return str(error)
        return ""

    def is_shallow(self) -> bool:
        """Whether the clone lacks a part of the history."""
        return self.maybe("rev-parse", "--is-shallow-repository") == "true"

    def contains(self, commit: str, other: str) -> bool:
        """Whether `commit` is `other` or has it in its history."""
        return self.run("merge-base", "--is-ancestor", other, commit).returncode == 0

    def file(self, commit: str, path: str) -> bytes | None:
        """A file's bytes in a commit, or None where it has none."""
        done = self.run("cat-file", "blob", f"{commit}:{path}")
        return done.stdout if done.returncode == 0 else None


def last_words(done: subprocess.CompletedProcess[bytes]) -> str:
    """Why a command failed, on one line, in git's words."""
    lines = [
        line.strip() for line in done.stderr.decode("utf-8", "replace").splitlines() if line.strip()
    ]
    # Of a refused push: what the server says and which ref it would not take; the others fell with
    # that one.
    refused = [
        line for line in lines if line.startswith(("remote:", "! [")) and "atomic" not in line
    ]
    telling = refused or [line for line in lines if not line.startswith(("hint:", "To "))]
    words = "; ".join(telling[-3:] or lines[-1:]) or f"git stopped with status {done.returncode}"
    # Git says which file, and not why.
    full = any("unable to write" in line or "No space left" in line for line in lines)
    return f"{words} (the disk is full: make room, and try again)" if full else words
