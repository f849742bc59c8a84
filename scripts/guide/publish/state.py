"""What readers are shown now, and the candidate that would replace it."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from guide.artefacts import Built
from guide.base.git import GitError, Repository
from guide.base.problem import ContentErrors, Problem
from guide.build import prepare
from guide.content.layout import LEDGER, LINKS, VERSIONS
from guide.content.ledger import SHOWN, read_ledger
from guide.content.library import Library
from guide.content.loading import load

PAGES_BRANCH, REMOTE = "gh-pages", "origin"

# What a publication writes into the source: the facts readers are shown, the versions of the
# handouts they may print, and the addresses they were given.
LEDGER_PATH = f"content/{LEDGER}"
VERSIONS_PATH = f"content/{VERSIONS}"
LINKS_PATH = f"content/{LINKS}"
LEDGERS = (LEDGER_PATH, VERSIONS_PATH, LINKS_PATH)

# The sources of a build: even a file here that git ignores would be published.
BUILD_SOURCES = ("content", "docs", "overrides", "scripts", "mkdocs.yml")

# Options of a fetch that moves no branch, no remote-tracking branch and no FETCH_HEAD of the user.
OBJECTS_ONLY = (
    "--quiet",
    "--no-tags",
    "--refmap=",
    "--no-write-fetch-head",
    "--no-auto-maintenance",
    "--no-recurse-submodules",
)

# Shown values by record and field.
Facts = dict[str, dict[str, str]]
# Prints a message of a verb.
Say = Callable[[str], None]


@dataclass(frozen=True)
class Published:
    """What one commit of the published branch shows readers.

    `source` is the commit it was built from and `tag` its publication; both are "" where the branch
    does not say. `facts` are None where it was published without them. `rolled_back` is the tag of
    the roll-back that put it there, or "". `kept` are the files of the publication before that it
    still has, for pages that are open in a browser. `made` is the commit that a publication made:
    another one where somebody has edited the branch by hand since, "" where none made any.
    """

    commit: str
    source: str
    tag: str
    facts: Facts | None
    rolled_back: str = ""
    kept: tuple[str, ...] = ()
    made: str = ""

    @property
    def edited_by_hand(self) -> bool:
        """Whether somebody has committed to the branch since its newest publication."""
        return self.made not in ("", self.commit)


@dataclass(frozen=True)
class Remote:
    """The remote at one moment: its refs by full name.

    `silence` is why it did not answer, in git's words, or "".
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
    """What would be published, and what is published now: all that a gate may ask.

    `head` is the commit to publish and `branch` its branch; both are "" where there is none. `site`
    is the folder of the built site, None before there is one. `let_go` are patterns of what readers
    are shown and may lose.
    """

    root: Path
    today: datetime.date
    head: str
    branch: str
    remote: Remote
    published: Published | None
    site: Path | None = None
    let_go: tuple[str, ...] = ()

    @functools.cached_property
    def repository(self) -> Repository:
        """The user's repository."""
        return Repository(self.root)

    @functools.cached_property
    def changed(self) -> tuple[tuple[str, str], ...]:
        """The uncommitted files: (path, what is wrong with it)."""
        return tuple(uncommitted_files(self.repository))

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
        """The problems that the content check finds."""
        return self._content[2]

    @functools.cached_property
    def shown(self) -> Facts | None:
        """The facts readers are shown now: of the published branch, else of the ledger.

        None before the first publication.
        """
        if self.published and self.published.facts is not None:
            return self.published.facts
        return read_ledger(self.root)


def load_candidate(
    root: Path, today: datetime.date, remote: str = REMOTE, pages: str = PAGES_BRANCH
) -> Candidate:
    """The candidate in `root`, with what the remote shows at this moment.

    Fetches objects and moves no ref. Raises GitError when git fails; a remote that does not answer
    is no error, and is named in `remote.silence`.
    """
    repository = Repository(root)
    branch = repository.maybe("symbolic-ref", "--quiet", "--short", "HEAD") or ""
    head = repository.maybe("rev-parse", "--verify", "--quiet", "HEAD^{commit}") or ""
    remote_state = (
        _read_remote(repository, remote, [name for name in (branch, pages) if name])
        if head
        else Remote(remote, {})
    )
    tip = remote_state.head(pages)
    published = read_published(repository, tip) if tip and not remote_state.silence else None
    return Candidate(root, today, head, branch, remote_state, published)


def _read_remote(repository: Repository, name: str, branches: Sequence[str]) -> Remote:
    """The named branches and the tags of publications; fetches the objects of the branches."""
    if repository.maybe("remote", "get-url", name) is None:
        return Remote(
            name, {}, f"there is no remote '{name}': add it with 'git remote add {name} ADDRESS'"
        )
    heads = [f"refs/heads/{branch}" for branch in branches]
    try:
        answer = repository.out(
            "ls-remote", "--quiet", name, *heads, "refs/tags/published-*", "refs/tags/rolled-back-*"
        )
        refs = {ref: commit for commit, ref in (line.split("\t") for line in answer.splitlines())}
        existing = [ref for ref in heads if ref in refs]
        if existing:
            repository.out("fetch", *OBJECTS_ONLY, name, *existing)
    except GitError as error:
        return Remote(name, {}, str(error))
    return Remote(name, refs)


# What the message of a commit says that a publication or `mkdocs gh-deploy` made.
_MADE = r"^(Publication: |Source: |Deployed [0-9a-f]{7,40} with MkDocs)"


def read_published(repository: Repository, tip: str) -> Published:
    """What the published branch shows with its commit `tip`. Raises GitError where there is none.

    Where somebody has edited the branch by hand, source and tag are those of the newest publication
    below.
    """
    made = repository.out(
        "log", "-1", "--first-parent", "--extended-regexp", f"--grep={_MADE}", "--format=%H", tip
    )
    published = _read_commit(repository, made or tip)
    if made == tip:
        return published
    return dataclasses.replace(published, commit=tip, facts=_facts(repository, tip), made=made)


def _read_commit(repository: Repository, commit: str) -> Published:
    """What a commit of the published branch says of itself. Raises GitError where there is none.

    `mkdocs gh-deploy` names its source in the first line of the message only.
    """
    message = repository.out("log", "-1", "--format=%B", commit)
    source = trailer("Source", message)
    if not source:
        deployed = re.search(r"^Deployed ([0-9a-f]{7,40}) with MkDocs", message, re.M)
        source = (
            repository.maybe("rev-parse", "--verify", "--quiet", f"{deployed[1]}^{{commit}}") or ""
            if deployed
            else ""
        )
    return Published(
        commit,
        source,
        trailer("Publication", message),
        _facts(repository, commit),
        trailer("Roll-back", message),
        tuple(re.findall(r"^Kept: (.+)$", message, re.M)),
        commit if re.search(_MADE, message, re.M) else "",
    )


def _facts(repository: Repository, commit: str) -> Facts | None:
    """The facts that a commit of the published branch shows, None where it does not say."""
    try:
        facts: Facts | None = json.loads(repository.file(commit, SHOWN) or b"null")
    except ValueError:
        # Only a hand can have damaged it. That is named as such, and the ledger still knows.
        return None
    return facts


def publications(repository: Repository, tip: str) -> list[Published]:
    """The publications of the published branch, newest first, each as it was last built.

    Raises GitError where there is no such commit.
    """
    newest: dict[str, Published] = {}
    for commit in repository.out("rev-list", "--first-parent", tip).splitlines():
        published = _read_commit(repository, commit)
        if published.tag:
            newest.setdefault(published.tag, published)
    return list(newest.values())


def trailer(name: str, message: str) -> str:
    """The value of a trailer `name: value` of a commit message, "" where it has none."""
    match = re.search(rf"^{name}: (\S+)$", message, re.M)
    return match[1] if match else ""


def submodules(repository: Repository) -> list[str]:
    """The paths of other repositories among the sources of a build. Raises GitError when git
    fails.
    """
    entries = repository.out("ls-files", "--stage", "-z", "--", *BUILD_SOURCES).split("\0")
    return [entry.partition("\t")[2] for entry in entries if entry.startswith("160000 ")]


def uncommitted_files(repository: Repository) -> Iterator[tuple[str, str]]:
    """Each file that is in no commit as it stands: (path, what is wrong with it).

    Raises GitError when git fails.
    """
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
        "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--", *BUILD_SOURCES
    ).split("\0")
    for path in ignored:
        if path and "__pycache__" not in path.split("/"):
            yield path, "is ignored by git and would be published all the same"
    for line in repository.out("ls-files", "-v", "-z", "--", *BUILD_SOURCES).split("\0"):
        # 'git update-index' can mark a file so that git ignores its changes.
        if line and (line[0].islower() or line[0] == "S"):
            yield (
                line[2:],
                (
                    "is marked so that git does not look at its changes (git update-index"
                    " --no-assume-unchanged --no-skip-worktree)"
                ),
            )
