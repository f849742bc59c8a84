"""The push that shows readers the new site, and the end of one that was interrupted."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from guide.base.command_line import typed
from guide.base.git import GitError, Repository, last_words
from guide.publish.hand_over import Move, write_hand_over
from guide.publish.state import (
    LEDGERS,
    OBJECTS_ONLY,
    Candidate,
    Say,
    trailer,
    uncommitted_files,
)
from guide.publish.workshop import Workshop


def free_tag(prefix: str, day: datetime.date, taken: Iterable[str]) -> str:
    """A tag that is not `taken`: `published-2026-11-25`, then `published-2026-11-25-2` and so on.

    It has no dots: gh-deploy would take them for a version of MkDocs.
    """
    first, used = f"{prefix}-{day.isoformat()}", set(taken)
    names = itertools.chain([first], (f"{first}-{count}" for count in itertools.count(2)))
    return next(name for name in names if name not in used)


def send(
    candidate: Candidate,
    workshop: Workshop,
    more: Sequence[tuple[str, str]],
    done: str,
    say: Say,
    hand_over: Path | None = None,
) -> int:
    """Pushes the new site and the refs of `more` in one step, all or nothing.

    `more` are pairs of an object and a full ref name. After the push the user's own branch follows.
    Says `done` at the end. With a folder `hand_over`, all of it is put there and nothing is pushed.
    Returns the exit status: 0 done, 1 refused by the remote.
    """
    refs = [*more, (workshop.site_commit, f"refs/heads/{workshop.pages}")]
    if hand_over is not None:
        moves = [Move(ref, candidate.remote.refs.get(ref, ""), new) for new, ref in refs]
        write_hand_over(hand_over, workshop, moves)
        say(
            f"Handed over in '{hand_over}', and nothing is pushed yet: './scripts/push {hand_over}"
            f" {candidate.branch}' does that."
        )
        return 0
    pushed = _pushed(candidate, workshop, refs)
    if pushed.returncode:
        say(
            "The push was refused, and readers are shown what they were shown before:"
            f" {last_words(pushed)}\nMend the cause and run it again."
        )
        return 1
    remote = dataclasses.replace(
        candidate.remote, refs=candidate.remote.refs | {ref: commit for commit, ref in refs}
    )
    try:
        finish_interrupted(dataclasses.replace(candidate, remote=remote), say=lambda _: None)
    except GitError as error:
        say(
            f"The push is done, but your own branch could not follow ({error}): mend that and run"
            f" '{typed('publish')}' again."
        )
    say(done)
    return 0


def _pushed(
    candidate: Candidate, workshop: Workshop, refs: Sequence[tuple[str, str]]
) -> subprocess.CompletedProcess[bytes]:
    """The push of these objects to these refs, whatever came of it."""
    repository, old = candidate.repository, candidate.remote.head(workshop.pages)
    # The user's repository gets the objects first: the push may update its remote-tracking
    # branches.
    local_refs = {f"refs/to-send/{number}": commit for number, (commit, _) in enumerate(refs)}
    for name, commit in local_refs.items():
        workshop.repository.out("update-ref", name, commit)
    repository.out("fetch", *OBJECTS_ONLY, str(workshop.folder), *local_refs)
    return repository.run(
        "push",
        "--quiet",
        "--atomic",
        # Whatever the user's settings say: a publication pushes what it names, and nothing else.
        "--no-follow-tags",
        "--no-recurse-submodules",
        f"--force-with-lease=refs/heads/{workshop.pages}:{old}",
        candidate.remote.name,
        *(f"{commit}:{ref}" for commit, ref in refs),
    )


def finish_interrupted(candidate: Candidate, say: Say) -> bool:
    """Updates the user's branch, ledgers and tags after a push: the last step of a publication.

    It also completes a run that died after its push, and touches nothing else. Returns whether the
    branch or the ledgers had to follow. Raises GitError when git fails.
    """
    if not candidate.head or not candidate.branch or candidate.remote.silence:
        return False
    head = _follow_branch(candidate)
    restored = _restore_ledgers(candidate.repository, head)
    _fetch_tags(candidate)
    if head == candidate.head and not restored:
        return False
    say(f"An earlier run was stopped after its push; your branch now has its commit ({head[:10]}).")
    return True


def _follow_branch(candidate: Candidate) -> str:
    """Moves the user's branch to the remote's, if that is one publication ahead; returns its head.

    It stays where the user has changed anything but the ledgers.
    """
    repository, head = candidate.repository, candidate.head
    pushed = candidate.remote.head(candidate.branch)
    if (
        pushed
        and pushed != head
        and repository.maybe("rev-parse", f"{pushed}^") == head
        and _is_publication(repository, pushed)
        and not any(path not in LEDGERS for path, _ in uncommitted_files(repository))
    ):
        repository.out("update-ref", f"refs/heads/{candidate.branch}", pushed, head)
        return pushed
    return head


def _restore_ledgers(repository: Repository, head: str) -> bool:
    """Brings the ledgers in the working copy up to a branch that has moved; returns whether it did.

    The ledgers are all that a publication writes. A ledger that the user has edited stays.
    """
    outdated = [path for path, _ in uncommitted_files(repository)]
    if (
        not outdated
        or not _is_publication(repository, head)
        or not all(
            path in LEDGERS and repository.file(f"{head}^", path) == _read_bytes(repository, path)
            for path in outdated
        )
    ):
        return False
    for path in outdated:
        repository.out("reset", "--quiet", "HEAD", "--", path)
        if repository.file(head, path) is not None:
            repository.out("checkout", "--quiet", "HEAD", "--", path)
    return True


def _read_bytes(repository: Repository, path: str) -> bytes | None:
    """A file of the working copy, or None where it has none."""
    file = repository.root / path
    return file.read_bytes() if file.is_file() else None


def _fetch_tags(candidate: Candidate) -> None:
    """Gives the user's repository the tags of publications that it lacks and has the objects of."""
    repository = candidate.repository
    tags = repository.maybe("tag", "--list", "published-*", "rolled-back-*") or ""
    existing = {f"refs/tags/{name}" for name in tags.splitlines()}
    for ref, commit in candidate.remote.refs.items():
        if (
            ref.startswith("refs/tags/")
            and not ref.endswith("^{}")
            and ref not in existing
            and repository.run("cat-file", "-e", commit).returncode == 0
        ):
            repository.out("update-ref", ref, commit, "")


def _is_publication(repository: Repository, commit: str) -> bool:
    """Whether a publication made the commit: its message says so, and only ledgers changed."""
    if not trailer("Publication", repository.maybe("log", "-1", "--format=%B", commit) or ""):
        return False
    changed = (
        repository.maybe("diff-tree", "-r", "--no-commit-id", "--name-only", commit) or ""
    ).splitlines()
    return bool(changed) and set(changed) <= set(LEDGERS)
