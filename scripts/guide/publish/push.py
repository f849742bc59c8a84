"""The push that shows readers the new site, and what an interrupted one left."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Sequence

from guide.base.git import GitError, Repository, last_words
from guide.publish.state import (
    LEDGERS,
    OBJECTS_ONLY,
    Candidate,
    Published,
    Say,
    bytes_of,
    read_published,
    trailer,
    uncommitted,
)
from guide.publish.workshop import Workshop


def free_tag(prefix: str, day: datetime.date, taken: Iterable[str]) -> str:
    """`published-2026-11-25`, or with -2, -3 … behind it when the day has one. (No dots: gh-deploy
    would read a version of MkDocs in them.)
    """
    name, count, used = f"{prefix}-{day.isoformat()}", 1, set(taken)
    while (name if count == 1 else f"{name}-{count}") in used:
        count += 1
    return name if count == 1 else f"{name}-{count}"


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
        and not any(path not in LEDGERS for path, _ in uncommitted(owner))
    ):
        owner.out("update-ref", f"refs/heads/{candidate.branch}", theirs, head)
        head, moved = theirs, True
    # A branch that has followed while its files have not yet: the ledgers are all that a
    # publication writes.
    behind = [path for path, _ in uncommitted(owner)]
    if (
        behind
        and _is_publication(owner, head)
        and all(
            path in LEDGERS and owner.file(f"{head}^", path) == bytes_of(owner.root / path)
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
    if not trailer("Publication", repository.maybe("log", "-1", "--format=%B", commit) or ""):
        return False
    changed = (
        repository.maybe("diff-tree", "-r", "--no-commit-id", "--name-only", commit) or ""
    ).splitlines()
    return bool(changed) and set(changed) <= set(LEDGERS)


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


def published_at(repository: Repository, tag: str, candidate: Candidate) -> tuple[int, str]:
    """When a publication was first made, for the order of publications."""
    commit = candidate.remote.tags().get(tag, tag)
    return int(repository.maybe("log", "-1", "--format=%ct", commit) or 0), tag
