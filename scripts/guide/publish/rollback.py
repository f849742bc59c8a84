"""Shows readers an earlier publication again."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

from guide.base.git import Repository
from guide.base.problem import Problem, nearest, report
from guide.content.ledger import SHOWN
from guide.publish.gates import PLACE_GATES, refusals
from guide.publish.kept import Tree, files_to_keep, tree_of
from guide.publish.losses import DOMAIN
from guide.publish.push import finish_interrupted, free_tag, send
from guide.publish.state import (
    LEDGER_PATH,
    PAGES_BRANCH,
    REMOTE,
    Candidate,
    Published,
    Say,
    load_candidate,
    publications,
)
from guide.publish.workshop import Workshop, identity, open_workshop


def roll_back(
    root: Path,
    today: datetime.date,
    tag: str = "",
    remote: str = REMOTE,
    pages: str = PAGES_BRANCH,
    say: Say = print,
    hand_over: Path | None = None,
) -> int:
    """Shows readers the publication `tag` again, or the one before the present one.

    The site has the very files of that publication: nothing is built. What open pages of the
    present one need stays beside them. The ledger of facts follows in a commit on the source
    branch, so that the next publication is compared with what readers see then. `hand_over`: as
    `publish` takes it. Returns the exit status: 0 done or nothing to do, 1 refused. Raises GitError
    when git fails.
    """
    with open_workshop(root, pages) as workshop:
        candidate = load_candidate(root, today, remote, pages)
        finish_interrupted(candidate, say)
        candidate = load_candidate(root, today, remote, pages)
        published = candidate.published
        problems = refusals(candidate, PLACE_GATES)
        if not problems and published is None:
            problems.append(_refusal(f"nothing is published on '{pages}' of '{remote}'"))
        if problems or published is None:
            say(f"Refused:\n{report(problems)}")
            return 1
        # Newest first, by the day each was first published.
        history = sorted(
            publications(candidate.repository, published.commit),
            key=lambda publication: _first_published(candidate, publication.tag),
            reverse=True,
        )
        target = _target(history, published, tag)
        if isinstance(target, Problem) and candidate.repository.is_shallow():
            target = _refusal(f"{target.message}. This clone lacks some: 'git fetch --unshallow'")
        if isinstance(target, Problem):
            say(f"Refused:\n{report([target])}")
            return 1
        if target.tag == published.tag and not published.edited_by_hand:
            say(f"Readers are shown {target.tag} already.")
            return 0
        return _push(candidate, workshop, published, target, say, hand_over)


def _refusal(message: str) -> Problem:
    return Problem("git", 0, message, "roll-back")


def _first_published(candidate: Candidate, tag: str) -> tuple[int, str]:
    """When a publication was first made, in seconds since 1970, and its tag."""
    commit = candidate.remote.tags().get(tag, tag)
    return int(candidate.repository.maybe("log", "-1", "--format=%ct", commit) or 0), tag


def _target(history: Sequence[Published], published: Published, tag: str) -> Published | Problem:
    """The publication to show again, or why there is none.

    `history` has the newest first. Without a `tag` it is the one before the published one; before
    a site without a tag, or one that was edited by hand, that is the newest one.
    """
    tags = [publication.tag for publication in history]
    names = ", ".join(tags) or "none"
    if tag:
        if tag not in tags:
            return _refusal(
                f"there is no publication '{tag}'{nearest(tag, tags)}; there are: {names}"
            )
        return history[tags.index(tag)]
    shown_as_made = published.tag and not published.edited_by_hand
    earlier = history[tags.index(published.tag) + 1 :] if shown_as_made else history
    if not earlier:
        return _refusal(
            f"there is no publication before the one shown now; there are: {names}",
        )
    return earlier[0]


def _kept(repository: Repository, published: Published, target: Published) -> Tree:
    """What stays of the present site: what open pages need, and the domain, which no publication
    takes back.
    """
    present, restored = tree_of(repository, published.commit), tree_of(repository, target.commit)
    domain = {DOMAIN: present[DOMAIN]} if DOMAIN in present else {}
    return {**files_to_keep(repository, published, restored), **domain}


def _push(
    candidate: Candidate,
    workshop: Workshop,
    published: Published,
    target: Published,
    say: Say,
    hand_over: Path | None,
) -> int:
    """Pushes the site and the ledger of `target` under a tag of their own; returns the status."""
    repository = candidate.repository
    author = identity(repository)
    workshop.open(repository, candidate.remote.head(candidate.branch) or candidate.head)
    tag = free_tag("rolled-back", candidate.today, candidate.remote.tags())
    facts = repository.file(target.commit, SHOWN)
    if facts is not None:
        workshop.write_ledgers(
            {LEDGER_PATH: facts},
            f"Rolled back to {target.tag}\n\nThe ledgers hold what readers are shown from now"
            f" on.\n\nPublication: {tag}",
            author,
        )
    workshop.commit_tree(
        repository.out("rev-parse", f"{target.commit}^{{tree}}"),
        published.commit,
        f"Rolled back to {target.tag}\n\nPublication: {target.tag}\nSource:"
        f" {target.source}\nRoll-back: {tag}",
        author,
        _kept(repository, published, target),
        target.kept,
    )
    tag_object = workshop.tag(tag, f"Readers are shown {target.tag} again", author)
    refs = [
        (workshop.source, f"refs/heads/{candidate.branch}"),
        (tag_object, f"refs/tags/{tag}"),
    ]
    done = (
        f"Rolled back: readers are shown {target.tag} again. If your branch is not at"
        f" {workshop.source[:10]}, 'git pull' brings the ledger."
    )
    return send(candidate, workshop, refs, done, say, hand_over)
