"""What is published and what would be."""

from __future__ import annotations

import datetime
import functools
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from guide.base.git import GitError, Repository
from guide.base.problem import ContentErrors, Problem
from guide.build import Built, prepare
from guide.content.layout import LEDGER, LINKS, VERSIONS
from guide.content.ledger import SHOWN, read_ledger
from guide.content.library import Library
from guide.content.loading import load

PAGES_BRANCH, REMOTE = "gh-pages", "origin"


LEDGER_PATH = f"content/{LEDGER}"


# What a publication writes into the source: the facts readers are shown, and the versions of the
# sheets they may print.
VERSIONS_PATH, LINKS_PATH = f"content/{VERSIONS}", f"content/{LINKS}"


LEDGERS = (LEDGER_PATH, VERSIONS_PATH, LINKS_PATH)


# What a build reads; here even an ignored file would be published.
BUILT_FROM = ("content", "docs", "overrides", "scripts", "mkdocs.yml")


# A fetch that moves no branch, no remote-tracking branch and no FETCH_HEAD of the user's.
OBJECTS_ONLY = (
    "--quiet",
    "--no-tags",
    "--refmap=",
    "--no-write-fetch-head",
    "--no-auto-maintenance",
    "--no-recurse-submodules",
)


Facts = dict[str, dict[str, str]]


Say = Callable[[str], None]


# -- what is published, and what would be -------------------------------------------------------


@dataclass(frozen=True)
class Published:
    """What the published branch shows readers: its commit, the commit it was built from and its tag
    ("" where it does not say), the facts by record and field (None on a branch that was published
    without them), and the tag of the roll-back that put it there, if one did.
    """

    commit: str
    source: str
    tag: str
    facts: Facts | None
    rolled_back: str = ""


@dataclass(frozen=True)
class Remote:
    """The remote at one moment: its refs by full name; `silence` is why it did not answer, in git's
    words.
    """

    name: str
    refs: dict[str, str]
    silence: str = ""

    def head(self, branch: str) -> str:
        """The commit of a branch, "" where there is none."""
        return self.refs.get(f"refs/heads/{branch}", "")

    def tags(self) -> dict[str, str]:
        """The commit of each tag."""
        return {
            name.removeprefix("refs/tags/").removesuffix("^{}"): commit
            for name, commit in sorted(self.refs.items())
            if name.startswith("refs/tags/")
        }


@dataclass(frozen=True)
class Candidate:
    """What would be published and what is published now: all that a gate may look at.

    `site` is the folder of the built site, None before there is one.
    """

    root: Path
    today: datetime.date
    head: str
    branch: str
    remote: Remote
    published: Published | None
    site: Path | None = None

    @functools.cached_property
    def repository(self) -> Repository:
        return Repository(self.root)

    @functools.cached_property
    def changed(self) -> tuple[tuple[str, str], ...]:
        """What of the working copy is in no commit: (path, what is wrong with it)."""
        return tuple(uncommitted(self.repository))

    @functools.cached_property
    def _content(self) -> tuple[Library | None, Built | None, tuple[Problem, ...]]:
        try:
            built = prepare(self.root, self.today)
            return built.library, built, ()
        except ContentErrors as errors:
            problems = tuple(errors.problems)
        try:
            return load(self.root), None, problems
        except ContentErrors:
            return None, None, problems

    @property
    def library(self) -> Library | None:
        """The content, None where it does not even load."""
        return self._content[0]

    @property
    def built(self) -> Built | None:
        """Library and pages, None where the check finds problems."""
        return self._content[1]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What the content check finds."""
        return self._content[2]

    @functools.cached_property
    def shown(self) -> Facts | None:
        """The facts readers are shown now: what the published branch says, else the ledger; None
        before the first publication.
        """
        if self.published and self.published.facts is not None:
            return self.published.facts
        return read_ledger(self.root)


def look(
    root: Path, today: datetime.date, remote: str = REMOTE, pages: str = PAGES_BRANCH
) -> Candidate:
    """The candidate in `root`, beside what the remote shows at this moment. Fetches objects and
    moves no ref.
    """
    repository = Repository(root)
    branch = repository.maybe("symbolic-ref", "--quiet", "--short", "HEAD") or ""
    head = repository.maybe("rev-parse", "--verify", "--quiet", "HEAD^{commit}") or ""
    state = (
        _read_remote(repository, remote, [name for name in (branch, pages) if name])
        if head
        else Remote(remote, {})
    )
    tip = state.head(pages)
    return Candidate(
        root,
        today,
        head,
        branch,
        state,
        read_published(repository, tip) if tip and not state.silence else None,
    )


def _read_remote(repository: Repository, name: str, branches: Sequence[str]) -> Remote:
    if repository.maybe("remote", "get-url", name) is None:
        return Remote(
            name, {}, f"there is no remote '{name}': add it with 'git remote add {name} ADDRESS'"
        )
    asked = [f"refs/heads/{branch}" for branch in branches]
    try:
        answer = repository.out(
            "ls-remote", "--quiet", name, *asked, "refs/tags/published-*", "refs/tags/rolled-back-*"
        )
        refs = {ref: commit for commit, ref in (line.split("\t") for line in answer.splitlines())}
        there = [ref for ref in asked if ref in refs]
        if there:
            repository.out("fetch", *OBJECTS_ONLY, name, *there)
    except GitError as error:
        return Remote(name, {}, str(error))
    return Remote(name, refs)


def read_published(repository: Repository, commit: str) -> Published:
    """What a commit of the published branch shows; `mkdocs gh-deploy` leaves its source in the
    message only.
    """
    message = repository.out("log", "-1", "--format=%B", commit)
    source, tag = trailer("Source", message), trailer("Publication", message)
    if not source:
        deployed = re.search(r"^Deployed ([0-9a-f]{7,40}) with MkDocs", message, re.M)
        source = (
            repository.maybe("rev-parse", "--verify", "--quiet", f"{deployed[1]}^{{commit}}") or ""
            if deployed
            else ""
        )
    facts = repository.file(commit, SHOWN)
    return Published(
        commit,
        source,
        tag,
        json.loads(facts) if facts is not None else None,
        trailer("Roll-back", message),
    )


def trailer(name: str, message: str) -> str:
    found = re.search(rf"^{name}: (\S+)$", message, re.M)
    return found[1] if found else ""


def uncommitted(repository: Repository) -> Iterator[tuple[str, str]]:
    words = {"?": "is in no commit", "D": "is deleted, but not in a commit"}
    entries = iter(
        repository.out("status", "--porcelain=v1", "-z", "--untracked-files=all").split("\0")
    )
    for entry in entries:
        if not entry:
            continue
        if "R" in entry[:2] or "C" in entry[:2]:
            next(entries, None)
        yield (
            entry[3:],
            next(
                (words[mark] for mark in entry[:2] if mark in words), "differs from the last commit"
            ),
        )
    ignored = repository.out(
        "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--", *BUILT_FROM
    ).split("\0")
    for path in ignored:
        if path and "__pycache__" not in path.split("/"):
            yield path, "is ignored by git and would be published all the same"
    for line in repository.out("ls-files", "-v", "-z", "--", *BUILT_FROM).split("\0"):
        # Marked by 'git update-index' so that git does not look at it: what it holds is in no
        # commit.
        if line and (line[0].islower() or line[0] == "S"):
            yield (
                line[2:],
                (
                    "is marked so that git does not look at its changes (git update-index"
                    " --no-assume-unchanged --no-skip-worktree)"
                ),
            )


def bytes_of(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
