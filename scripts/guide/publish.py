"""A publication without fear: what would change for readers, every reason not to, and one push that
is all or nothing.

    ./scripts/publish --dry-run           shows what readers would see change; pushes and writes
                                          nothing
    ./scripts/publish                     publishes, if no gate refuses; takes about two minutes
    ./scripts/publish --roll-back [TAG]   shows readers an earlier publication again, byte for byte
    ./scripts/publish --rebuild           builds what readers are shown already anew for today, so
                                          that overdue pages say so

How it stays whole. The commit to publish (the one you are on, plus `content/ledger.json`, which
notes what readers are shown) is made and built in a scratch repository under `build/`. Then one
`git push --atomic` moves the source branch, the published branch and the tag together: the server
takes all of them or none. Only after that does your own branch follow. Whatever dies at whatever
moment, readers are shown the old publication or the new one, and the next run finishes or starts
again. Nothing is fetched into your branches, and nothing of yours is written before the push.

A gate is one function: it looks at a `Candidate` and yields problems. GIT_GATES are asked first and
at once; GATES are asked before a build is shown to anybody, also by `mkdocs gh-deploy`; SITE_GATES
look at the built site.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import datetime
import functools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import clock, names, rules
from .check import OVERDUE
from .compile import Built, prepare
from .finish import live_places
from .ledger import SHOWN, Difference, Log, clinical_values, ledger_bytes, read_ledger
from .library import LEDGER, LINKS, VERSIONS, Library, load
from .links import links_bytes, read_links
from .problem import ContentErrors, Problem, nearest, report
from .repository import GitError, Repository, last_words
from .rules import changes_are_logged, no_review_is_overdue
from .site import check_site
from .version import versions_bytes
from .wording import NAMES

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
        return tuple(_uncommitted(self.repository))

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
    source, tag = _trailer("Source", message), _trailer("Publication", message)
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
        _trailer("Roll-back", message),
    )


def _trailer(name: str, message: str) -> str:
    found = re.search(rf"^{name}: (\S+)$", message, re.M)
    return found[1] if found else ""


def _uncommitted(repository: Repository) -> Iterator[tuple[str, str]]:
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


# -- the gates ----------------------------------------------------------------------------------


def place_is_set(candidate: Candidate) -> Iterator[Problem]:
    """There is a branch with commits, a remote that answers, and a name to publish under; the day
    is the real one.
    """
    repository = candidate.repository
    if os.environ.get(clock.REBUILD):
        yield Problem(
            f"the environment, {clock.REBUILD}",
            0,
            "it is set, for the rebuild of what is published already: unset it, a publication is"
            " judged by the real day",
        )
    if not candidate.head or repository.maybe("rev-parse", "--show-prefix") != "":
        yield Problem(
            "git",
            0,
            "this folder is not the top of a git repository with a commit: a publication is made"
            " from a commit",
        )
        return
    if not candidate.branch:
        yield Problem("git", 0, "HEAD is on no branch: 'git switch' to the branch you publish from")
    if repository.maybe("var", "GIT_COMMITTER_IDENT") is None:
        yield Problem(
            "git",
            0,
            "git does not know who publishes: 'git config user.name NAME' and 'git config"
            " user.email ADDRESS'",
        )
    if candidate.remote.silence:
        yield Problem(
            "git",
            0,
            f"the remote '{candidate.remote.name}' does not answer, so what is published is not"
            f" known: {candidate.remote.silence}",
        )


def tree_is_clean(candidate: Candidate) -> Iterator[Problem]:
    """What is published stands in a commit, every file of it: readers see nothing that cannot be
    found again.
    """
    if candidate.head:
        for path, wrong in candidate.changed:
            yield Problem(path, 0, f"{wrong}: commit it, or put it away")


def remote_has_not_moved(candidate: Candidate) -> Iterator[Problem]:
    """Nobody else's commits and nobody else's publication are undone."""
    repository, theirs = candidate.repository, candidate.remote.head(candidate.branch)
    if theirs and not repository.contains(candidate.head, theirs):
        yield Problem(
            "git",
            0,
            f"'{candidate.remote.name}/{candidate.branch}' has moved to {theirs[:10]}, which is not"
            " in your branch: 'git pull --rebase', look again, publish then",
        )
    published = candidate.published
    if published and published.source and not repository.contains(candidate.head, published.source):
        yield Problem(
            "git",
            0,
            f"readers are shown {published.source[:10]} ({published.tag or 'without a tag'}), which"
            " is not in your branch: publishing would undo it; merge it first",
        )


def what_was_taken_back_stays_back(candidate: Candidate) -> Iterator[Problem]:
    """After a roll-back, the state that was taken back is not published again as it was."""
    tag = candidate.published.rolled_back if candidate.published else ""
    then = candidate.remote.tags().get(tag)
    if then and candidate.repository.run("diff", "--quiet", then, candidate.head).returncode == 0:
        yield Problem(
            "git",
            0,
            f"readers were rolled back to {candidate.published.tag} ({tag}), and nothing was mended"
            " since: commit the mending, or name what they are to be shown with --roll-back TAG",
        )


def check_passes(candidate: Candidate) -> Iterator[Problem]:
    """The content check finds nothing."""
    own_gates = {rules.title(no_review_is_overdue), rules.title(changes_are_logged)}
    for problem in candidate.problems:
        if problem.rule not in own_gates:
            yield problem
    if candidate.library is None:
        yield Problem(
            "content",
            0,
            "it does not load, so that ids, reviews and the change log could not be looked at:"
            " there may be more reasons",
        )


def ids_stay(candidate: Candidate) -> Iterator[Problem]:
    """No id that was published is gone without a word: links to it, printed ones too, would lead
    nowhere.
    """
    if candidate.library is None or candidate.shown is None:
        return
    now = clinical_values(candidate.library)
    removed = Log(candidate.library).removed
    for record in sorted(candidate.shown.keys() - now.keys() - removed):
        close = nearest(record, now.keys() - candidate.shown.keys())
        yield Problem(
            "content",
            0,
            f"the id '{record}' was published and is gone{close}: put it back, or log the removal"
            f" in content/changes.yml (record: {record}, field: record, old: published, new:"
            " removed)",
        )


def reviews_are_current(candidate: Candidate) -> Iterator[Problem]:
    """No topic is past its review, by the real day."""
    if candidate.library is not None:
        yield from no_review_is_overdue.check(
            rules.Guide(candidate.library, candidate.root, [], candidate.today)
        )


def changes_have_reasons(candidate: Candidate) -> Iterator[Problem]:
    """Every clinical difference to what readers are shown now stands in the change log."""
    if candidate.library is not None and candidate.shown is not None:
        still = {
            record: values
            for record, values in candidate.shown.items()
            if record in clinical_values(candidate.library)
        }
        yield from changes_are_logged.unlogged(
            rules.Guide(candidate.library, candidate.root, [], candidate.today), still
        )


def site_is_sound(candidate: Candidate) -> Iterator[Problem]:
    """The finished pages pass their checks."""
    if candidate.site is not None:
        for problem in check_site(
            candidate.site, names=names.pattern(candidate.library) if candidate.library else NAMES
        ):
            yield dataclasses.replace(problem, message=f"{problem.message} ({problem.rule})")


Gate = tuple[str, Callable[[Candidate], Iterable[Problem]]]
# Without these nothing can be pushed, not even what readers were shown before.
PLACE_GATES: list[Gate] = [
    ("place-is-set", place_is_set),
]
# What git alone answers, in a second: asked before the check and the build, so that nobody waits
# for it.
GIT_GATES: list[Gate] = [
    *PLACE_GATES,
    ("tree-is-clean", tree_is_clean),
    ("remote-has-not-moved", remote_has_not_moved),
    ("what-was-taken-back-stays-back", what_was_taken_back_stays_back),
]
GATES: list[Gate] = [
    *GIT_GATES,
    ("check-passes", check_passes),
    ("ids-stay", ids_stay),
    (OVERDUE, reviews_are_current),
    ("changes-are-logged", changes_have_reasons),
]
SITE_GATES: list[Gate] = [
    ("site-is-sound", site_is_sound),
]


def refusals(candidate: Candidate, gates: Sequence[Gate]) -> list[Problem]:
    """Every reason of every gate, each under its gate's name."""
    return [
        dataclasses.replace(problem, rule=name)
        for name, gate in gates
        for problem in gate(candidate)
    ]


# -- what readers would see change --------------------------------------------------------------

# Where a fact is listed, by what its fields say it is; first match.
GROUPS: tuple[tuple[str, Callable[[dict[str, str]], bool]], ...] = (
    ("Approvals", lambda fact: "agency" in fact),
    (
        "Doses and limits",
        lambda fact: (
            fact.get("kind")
            in (
                "dosing",
                "renal",
                "monitoring",
                "stopping-rule",
                "interactions",
                "contraindication",
            )
        ),
    ),
    ("Results of trials", lambda fact: any(name.startswith("arms[") for name in fact)),
    ("Verdicts", lambda fact: "verdict" in fact),
    ("Other facts", lambda fact: True),
)
# Fields that say what a new or removed record is.
TELLING = re.compile(
    r"^(status|date|verdict|agency|condition|kind|jurisdiction|population|endpoint|week|values\..+|arms\[\d+\]\.(arm|dose|n|responders|percent))$"
)


def fact_changes(old: Facts, new: Facts, log: Log) -> list[str]:
    """Lines that say, group by group, which fact reads how before and after, with the reason from
    the change log.
    """
    groups: dict[str, list[str]] = {name: [] for name, _ in GROUPS}
    for record in sorted(old.keys() | new.keys()):
        before, after = old.get(record), new.get(record)
        if before == after:
            continue
        fact = after or before or {}
        lines = groups[next(name for name, belongs in GROUPS if belongs(fact))]
        what = ", ".join(
            fact[name]
            for name in ("kind", "agency", "endpoint", "jurisdiction", "population")
            if name in fact
        )
        lines.append(
            f"  {record}{f' ({what})' if what else ''}"
            + (": new" if before is None else ": REMOVED" if after is None else "")
        )
        if before is None or after is None:
            lines += [
                f"    {name}: {value}"
                for name, value in sorted(fact.items())
                if TELLING.match(name)
            ]
            continue
        for name in sorted(before.keys() | after.keys()):
            one, other = before.get(name, "nothing"), after.get(name, "nothing")
            if one != other:
                entry = log.entry(Difference(record, name, one, other))
                reason = entry.reason if entry else ""
                lines += [
                    f"    {name}: {one} -> {other}",
                    f"      {f'why: {reason}' if reason else 'NOT LOGGED in content/changes.yml'}",
                ]
    return [line for name, lines in groups.items() if lines for line in (f"{name}:", *lines)]


def page_changes(names: Sequence[tuple[str, str]], listed: int = 40) -> list[str]:
    """Lines about pages from git's (status, path) pairs of the two sites."""
    kinds = {"A": "new", "D": "REMOVED", "M": "changed"}
    found: dict[str, list[str]] = {kind: [] for kind in kinds}
    for status, path in names:
        if path.endswith(".html"):
            found[status if status in kinds else "M"].append(
                path.removesuffix("index.html") or "(the first page)"
            )
    lines = []
    for status, paths in found.items():
        # What is gone is always named; of a new theme's thousand changed pages a few will do.
        some = paths if status == "D" else paths[:listed]
        lines += [f"  {kinds[status]}: {path}" for path in some] + (
            [f"  … and {len(paths) - len(some)} more {kinds[status]}"]
            if some and len(paths) > len(some)
            else []
        )
    if not any(found.values()):
        return ["Pages: none changes."]
    return [
        f"Pages: {len(found['A'])} new, {len(found['M'])} changed, {len(found['D'])} removed.",
        *lines,
    ]


def what_changes(candidate: Candidate, workshop: Workshop) -> str:
    """What readers would see change, as text."""
    lines = []
    new = clinical_values(candidate.library) if candidate.library else None
    published = candidate.published
    if published is None:
        lines.append(
            f"Nothing is published yet on '{workshop.pages}' of '{candidate.remote.name}': readers"
            " would see everything for the first time."
        )
        if new is not None:
            lines.append(
                f"Facts: {len(new)}." if candidate.shown is not None else f"Facts: {len(new)} new."
            )
        if candidate.shown is not None:
            # The guide was shown from elsewhere before, or its published branch is gone: the ledger
            # still says what with.
            lines.append(f"Against {LEDGER_PATH}, which says what readers were last shown:")
    else:
        lines.append(
            f"Against what readers are shown now ({published.tag or 'published without a tag'},"
            f" {published.commit[:10]}):"
        )
    if new is not None and candidate.shown is not None:
        lines += fact_changes(candidate.shown, new, Log(candidate.library)) or [
            "Numbers, approvals, doses: none changes."
        ]
    if workshop.site_commit:
        lines += page_changes(
            workshop.files_changed(published.commit if published else None),
            listed=40 if published else 0,
        )
    else:
        lines.append("Pages: not compared, because the site could not be built.")
    return "\n".join(lines)


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


def _identity(repository: Repository) -> dict[str, str]:
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


def free_tag(prefix: str, day: datetime.date, taken: Iterable[str]) -> str:
    """`published-2026-11-25`, or with -2, -3 … behind it when the day has one. (No dots: gh-deploy
    would read a version of MkDocs in them.)
    """
    name, count, used = f"{prefix}-{day.isoformat()}", 1, set(taken)
    while (name if count == 1 else f"{name}-{count}") in used:
        count += 1
    return name if count == 1 else f"{name}-{count}"


def publish(
    root: Path,
    today: datetime.date,
    remote: str = REMOTE,
    pages: str = PAGES_BRANCH,
    dry_run: bool = False,
    say: Say = print,
) -> int:
    """Publishes the commit of `root`, or shows what that would do. 0: done, or nothing to do; 1:
    refused.
    """
    with open_workshop(root, pages) as workshop:
        candidate = look(root, today, remote, pages)
        if not dry_run and finish_interrupted(candidate, say):
            candidate = look(root, today, remote, pages)
        # A dry run goes on and shows what readers would see change, also of a tree that is in no
        # commit.
        at_once = [] if dry_run else refusals(candidate, GIT_GATES)
        if at_once:
            say(
                "Asked git only: the content is checked and built once this is mended, and that"
                f" may find more.\nRefused:\n{report(at_once)}"
            )
            return 1
        say("Checking the content and building the site; this takes about two minutes …")
        owner, who = candidate.repository, _identity(candidate.repository)
        tag = free_tag(
            "published",
            today,
            [
                *candidate.remote.tags(),
                *(owner.maybe("tag", "--list", "published-*") or "").splitlines(),
            ],
        )
        stopped: list[Problem] = []
        if candidate.built is not None and candidate.head:
            workshop.open(owner, candidate.head)
            if candidate.changed:
                workshop.take_uncommitted(owner, who)
            message = (
                f"Published {today.isoformat()}\n\nThe ledgers hold what readers are shown from now"
                f" on.\n\nPublication: {tag}"
            )
            # The ledger of addresses is read off the finished site, and the site that goes out is
            # built from the commit that holds the ledgers: so where they change, it is built twice.
            failed = workshop.build()
            if not failed:
                addresses, _ = links_bytes(read_links(workshop.folder), live_places(workshop.site))
                ledgers = {
                    LEDGER_PATH: ledger_bytes(candidate.library),
                    VERSIONS_PATH: versions_bytes(candidate.library)[0],
                    LINKS_PATH: addresses,
                }
                if workshop.write_ledgers(ledgers, message, who):
                    failed = workshop.build()
            stopped = [dataclasses.replace(problem, rule="site-is-sound") for problem in failed]
            if not stopped:
                candidate = dataclasses.replace(candidate, site=workshop.site)
                tip = candidate.published.commit if candidate.published else ""
                workshop.commit_site(
                    tip,
                    f"Published {today.isoformat()}\n\nPublication: {tag}\nSource:"
                    f" {workshop.source}",
                    who,
                )
        reasons = [*refusals(candidate, GATES), *stopped, *refusals(candidate, SITE_GATES)]
        if candidate.library is not None and not candidate.remote.silence:
            say(what_changes(candidate, workshop))
        if reasons:
            say("")
            say(f"{'Would be refused' if dry_run else 'Refused'}:\n{report(reasons)}")
            return 1
        if not os.environ.get("SITE_URL"):
            say(
                "SITE_URL is not set: the site goes out without canonical links, and its feed"
                " without addresses."
            )
        if (
            candidate.published
            and candidate.published.tag
            and workshop.is_shown(candidate.published.commit)
        ):
            say(
                "Nothing to publish: readers are shown these very bytes already"
                f" ({candidate.published.tag})."
            )
            return 0
        if dry_run:
            say(
                "Nothing was pushed and nothing written. './scripts/publish' would push"
                f" '{candidate.branch}', '{pages}' and the tag {tag} to '{remote}' in one step."
            )
            return 0
        made = workshop.tag(tag, f"What readers are shown since {today.isoformat()}", who)
        return send(
            candidate,
            workshop,
            [(workshop.source, f"refs/heads/{candidate.branch}"), (made, f"refs/tags/{tag}")],
            f"Published: {tag}.",
            say,
        )


def send(
    candidate: Candidate, workshop: Workshop, more: Sequence[tuple[str, str]], done: str, say: Say
) -> int:
    """Pushes the new site and the refs of `more` in one step, all or nothing; then lets the user's
    own branch follow.
    """
    owner, old = candidate.repository, candidate.remote.head(workshop.pages)
    refs = [*more, (workshop.site_commit, f"refs/heads/{workshop.pages}")]
    # The objects come home first: afterwards git may name them in the user's remote-tracking
    # branches.
    named = {f"refs/to-send/{number}": commit for number, (commit, _) in enumerate(refs)}
    for name, commit in named.items():
        workshop.repository.out("update-ref", name, commit)
    owner.out("fetch", *OBJECTS_ONLY, str(workshop.folder), *named)
    pushed = owner.run(
        "push",
        "--quiet",
        "--atomic",
        f"--force-with-lease=refs/heads/{workshop.pages}:{old}",
        candidate.remote.name,
        *(f"{commit}:{ref}" for commit, ref in refs),
    )
    if pushed.returncode:
        say(
            "The push was refused, and readers are shown what they were shown before:"
            f" {last_words(pushed)}\nMend the cause and run it again."
        )
        return 1
    now = dataclasses.replace(
        candidate.remote, refs=candidate.remote.refs | {ref: commit for commit, ref in refs}
    )
    try:
        finish_interrupted(dataclasses.replace(candidate, remote=now), say=lambda _: None)
    except GitError as error:
        say(
            f"The push is done, but your own branch could not follow ({error}): mend that and run"
            " './scripts/publish' again."
        )
    say(done)
    return 0


def finish_interrupted(candidate: Candidate, say: Say) -> bool:
    """Lets the user's branch, ledger and tags follow a push that was made: the last step of every
    publication, and what remains of one that died after its push. Touches nothing else; returns
    whether there was something to do.
    """
    owner, theirs, moved = candidate.repository, candidate.remote.head(candidate.branch), False
    if not candidate.head or not candidate.branch or candidate.remote.silence:
        return False
    head = candidate.head
    if (
        theirs
        and theirs != head
        and owner.maybe("rev-parse", f"{theirs}^") == head
        and _is_publication(owner, theirs)
        and not any(path not in LEDGERS for path, _ in _uncommitted(owner))
    ):
        owner.out("update-ref", f"refs/heads/{candidate.branch}", theirs, head)
        head, moved = theirs, True
    # A branch that has followed while its files have not yet: the ledgers are all that a
    # publication writes.
    behind = [path for path, _ in _uncommitted(owner)]
    if (
        behind
        and _is_publication(owner, head)
        and all(
            path in LEDGERS and owner.file(f"{head}^", path) == _bytes(owner.root / path)
            for path in behind
        )
    ):
        for path in behind:
            owner.out("reset", "--quiet", "HEAD", "--", path)
            if owner.file(head, path) is not None:
                owner.out("checkout", "--quiet", "HEAD", "--", path)
        moved = True
    known = set((owner.maybe("tag", "--list", "published-*", "rolled-back-*") or "").splitlines())
    for ref, commit in candidate.remote.refs.items():
        name = ref.removeprefix("refs/tags/")
        if (
            ref.startswith("refs/tags/")
            and not ref.endswith("^{}")
            and name not in known
            and owner.run("cat-file", "-e", commit).returncode == 0
        ):
            owner.out("update-ref", ref, commit, "")
    if moved:
        say(
            "An earlier run was stopped after its push; your branch now has its commit"
            f" ({head[:10]})."
        )
    return moved


def _is_publication(repository: Repository, commit: str) -> bool:
    """Whether the commit is one that a publication made: it says so and changes nothing but the
    ledgers.
    """
    if not _trailer("Publication", repository.maybe("log", "-1", "--format=%B", commit) or ""):
        return False
    changed = (
        repository.maybe("diff-tree", "-r", "--no-commit-id", "--name-only", commit) or ""
    ).splitlines()
    return bool(changed) and set(changed) <= set(LEDGERS)


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


# -- back, and anew -----------------------------------------------------------------------------


def history(repository: Repository, tip: str) -> list[Published]:
    """What the published branch has shown, newest first: one entry a publication, as it was last
    built.
    """
    found: dict[str, Published] = {}
    for commit in repository.out("rev-list", "--first-parent", tip).splitlines():
        shown = read_published(repository, commit)
        if shown.tag:
            found.setdefault(shown.tag, shown)
    return list(found.values())


def roll_back(
    root: Path,
    today: datetime.date,
    wanted: str = "",
    remote: str = REMOTE,
    pages: str = PAGES_BRANCH,
    say: Say = print,
) -> int:
    """Shows readers an earlier publication again: the very tree of that day, without a build. 0:
    done; 1: refused.

    The ledger follows, in a commit on the remote's source branch, so that what is mended next is
    compared with what readers are then shown. `wanted` is a tag; without it, the publication before
    the one shown now.
    """
    with open_workshop(root, pages) as workshop:
        candidate = look(root, today, remote, pages)
        finish_interrupted(candidate, say)
        candidate = look(root, today, remote, pages)
        owner, who = candidate.repository, _identity(candidate.repository)
        reasons = refusals(candidate, PLACE_GATES)
        if not reasons and candidate.published is None:
            reasons.append(
                Problem("git", 0, f"nothing is published on '{pages}' of '{remote}'", "roll-back")
            )
        if reasons:
            say(f"Refused:\n{report(reasons)}")
            return 1
        shown = history(owner, candidate.published.commit)
        order = [
            one.tag
            for one in sorted(
                shown, key=lambda one: _published_at(owner, one.tag, candidate), reverse=True
            )
        ]
        target = next((one for one in shown if one.tag == wanted), None) if wanted else None
        if not wanted:
            now = candidate.published.tag or (order[0] if order else "")
            earlier = order if not candidate.published.tag else order[order.index(now) + 1 :]
            target = next((one for one in shown if earlier and one.tag == earlier[0]), None)
        if target is None:
            have = ", ".join(order) or "none"
            problem = (
                f"there is no publication '{wanted}'{nearest(wanted, order)}; there are: {have}"
                if wanted
                else f"there is no publication before the one shown now; there are: {have}"
            )
            say(f"Refused:\n{report([Problem('git', 0, problem, 'roll-back')])}")
            return 1
        if target.tag == candidate.published.tag:
            say(f"Readers are shown {target.tag} already.")
            return 0
        base = candidate.remote.head(candidate.branch) or candidate.head
        workshop.open(owner, base)
        tag = free_tag("rolled-back", today, candidate.remote.tags())
        facts = owner.file(target.commit, SHOWN)
        if facts is not None:
            workshop.write_ledgers(
                {LEDGER_PATH: facts},
                f"Rolled back to {target.tag}\n\nThe ledgers hold what readers are shown from now"
                f" on.\n\nPublication: {tag}",
                who,
            )
        message = (
            f"Rolled back to {target.tag}\n\nPublication: {target.tag}\nSource:"
            f" {target.source}\nRoll-back: {tag}"
        )
        workshop.commit_tree(
            owner.out("rev-parse", f"{target.commit}^{{tree}}"),
            candidate.published.commit,
            message,
            who,
        )
        made = workshop.tag(tag, f"Readers are shown {target.tag} again", who)
        more = [(workshop.source, f"refs/heads/{candidate.branch}"), (made, f"refs/tags/{tag}")]
        return send(
            candidate,
            workshop,
            more,
            f"Rolled back: readers are shown {target.tag} again. If your branch is not at"
            f" {workshop.source[:10]}, 'git pull' brings the ledger.",
            say,
        )


def _published_at(repository: Repository, tag: str, candidate: Candidate) -> tuple[int, str]:
    """When a publication was first made, for the order of publications."""
    commit = candidate.remote.tags().get(tag, tag)
    return int(repository.maybe("log", "-1", "--format=%ct", commit) or 0), tag


def rebuild(
    root: Path,
    today: datetime.date,
    remote: str = REMOTE,
    pages: str = PAGES_BRANCH,
    say: Say = print,
) -> int:
    """Builds the published commit anew for today and pushes it if a page turned. 0: done, or
    nothing to do; 1: refused.
    """
    with open_workshop(root, pages) as workshop:
        candidate = look(root, today, remote, pages)
        owner, who = candidate.repository, _identity(candidate.repository)
        reasons = [
            problem
            for problem in refusals(candidate, PLACE_GATES)
            if clock.REBUILD not in problem.path
        ]
        published = candidate.published
        if not reasons and (published is None or not published.source):
            reasons.append(
                Problem(
                    "git",
                    0,
                    f"'{pages}' of '{remote}' holds nothing that says which commit it was built"
                    " from: publish first",
                    "rebuild",
                )
            )
        if not reasons and owner.run("cat-file", "-e", f"{published.source}^{{commit}}").returncode:
            reasons.append(
                Problem(
                    "git",
                    0,
                    f"the published commit {published.source[:10]} is not here: 'git fetch"
                    " --unshallow'",
                    "rebuild",
                )
            )
        if not reasons:
            say(f"Building {published.tag or published.source[:10]} for {today.isoformat()} …")
            workshop.open(owner, published.source)
            stopped = workshop.build(rebuild_for=today)
            reasons = [
                dataclasses.replace(problem, rule="site-is-sound") for problem in stopped
            ] or refusals(dataclasses.replace(candidate, site=workshop.site), SITE_GATES)
        if reasons:
            say(f"Refused:\n{report(reasons)}")
            return 1
        trailers = {
            "Publication": published.tag,
            "Source": published.source,
            "Roll-back": published.rolled_back,
        }
        said = "\n".join(f"{name}: {value}" for name, value in trailers.items() if value)
        workshop.commit_site(published.commit, f"Rebuilt for {today.isoformat()}\n\n{said}", who)
        if workshop.is_shown(published.commit):
            say("No page turned: nothing to push.")
            return 0
        say("\n".join(page_changes(workshop.files_changed(published.commit))))
        return send(candidate, workshop, [], "Rebuilt.", say)


# -- plain gh-deploy ----------------------------------------------------------------------------


def before_gh_deploy(root: Path, remote: str, pages: str) -> str:
    """Why `mkdocs gh-deploy` must not go on, all reasons in one text; "" when it may."""
    try:
        reasons = refusals(look(root, clock.today(), remote, pages), GATES)
    except GitError as error:
        reasons = [Problem("git", 0, str(error), "place-is-set")]
    return report(reasons) if reasons else ""


def after_gh_deploy_build(root: Path, site: Path, remote: str, pages: str) -> str:
    """The same for the built site. (That the pages pass their checks, every build sees to.)"""
    gates = [gate for gate in SITE_GATES if gate[1] is not site_is_sound]
    if not gates:
        return ""
    reasons = refusals(
        dataclasses.replace(look(root, clock.today(), remote, pages), site=site), gates
    )
    return report(reasons) if reasons else ""


def main(arguments: list[str] | None = None) -> int:
    """The verb. Returns the exit status: 0 done or nothing to do, 1 refused, 2 wrong usage."""
    parser = argparse.ArgumentParser(
        prog="./scripts/publish",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    way = parser.add_mutually_exclusive_group()
    way.add_argument(
        "--dry-run",
        action="store_true",
        help="show what readers would see change, push and write nothing",
    )
    way.add_argument(
        "--roll-back",
        nargs="?",
        const="",
        metavar="TAG",
        help="show an earlier publication again (without TAG: the one before)",
    )
    way.add_argument(
        "--rebuild",
        action="store_true",
        help="build what is published anew for today, so that overdue pages say so",
    )
    parser.add_argument("--remote", default=REMOTE, help=f"the remote to publish to ({REMOTE})")
    parser.add_argument(
        "--pages",
        default=PAGES_BRANCH,
        metavar="BRANCH",
        help=f"the branch that is the site ({PAGES_BRANCH})",
    )
    given = parser.parse_args(arguments)
    root, today = Path.cwd(), clock.today()
    say = functools.partial(print, flush=True)
    try:
        if given.roll_back is not None:
            return roll_back(root, today, given.roll_back, given.remote, given.pages, say)
        if given.rebuild:
            return rebuild(root, today, given.remote, given.pages, say)
        return publish(root, today, given.remote, given.pages, given.dry_run, say)
    except GitError as error:
        print(
            f"Stopped, and readers are shown what they were shown before: {error}", file=sys.stderr
        )
        return 1


if __name__ == "__main__":
    sys.exit(main())
