"""Publishes the guide: shows every reason not to, then pushes once, all or nothing.

    ./scripts/publish --dry-run           shows what readers would see change; pushes and writes
                                          nothing
    ./scripts/publish                     publishes, if no gate refuses; takes about two minutes
    ./scripts/publish --roll-back [TAG]   shows readers an earlier publication again, byte for byte
    ./scripts/publish --rebuild           builds what is published anew for today, so that overdue
                                          pages say so

What is published is always complete. A scratch repository under `build/` holds the commit to
publish: the one you are on, plus the ledgers, which note what readers are shown. The site is built
from that commit. One `git push --atomic` then moves the source branch, the published branch and
the tag: the server takes all of them or none. Your own branch follows after that. A run may be
killed at any moment: readers see the old publication or the new one, and the next run finishes or
starts again. Nothing is fetched into your branches, and none of your files is written before the
push.

A gate is a function that takes a `Candidate` and yields problems. GIT_GATES ask git only and come
first. GATES check the content, also for `mkdocs gh-deploy`. SITE_GATES check the built site.
"""

from __future__ import annotations

import dataclasses
import datetime
import os
from collections.abc import Sequence
from pathlib import Path

from guide.base.command_line import typed
from guide.base.files import names_of
from guide.base.problem import Problem, report
from guide.content.ledger import ledger_bytes
from guide.content.library import Library
from guide.outputs.old_addresses import live_places
from guide.outputs.permalinks import links_bytes, read_links
from guide.publish.difference import what_changes
from guide.publish.gates import GATES, GIT_GATES, SITE_GATES, refusals
from guide.publish.kept import files_to_keep
from guide.publish.push import finish_interrupted, free_tag, send
from guide.publish.state import (
    LEDGER_PATH,
    LINKS_PATH,
    PAGES_BRANCH,
    REMOTE,
    VERSIONS_PATH,
    Candidate,
    Say,
    load_candidate,
)
from guide.publish.workshop import Workshop, identity, open_workshop
from guide.view.versions import versions_bytes


def publish(
    root: Path,
    today: datetime.date,
    remote: str = REMOTE,
    pages: str = PAGES_BRANCH,
    dry_run: bool = False,
    say: Say = print,
    let_go: Sequence[str] = (),
    hand_over: Path | None = None,
) -> int:
    """Publishes the commit of `root`, or shows what that would do.

    `let_go` are patterns of what readers may lose. With `hand_over`, a new folder, nothing is
    pushed: what would be is put there, for `./scripts/push`.

    Returns the exit status: 0 done or nothing to do, 1 refused. Raises GitError when git fails.
    """
    with open_workshop(root, pages) as workshop:
        candidate = load_candidate(root, today, remote, pages)
        if not dry_run and finish_interrupted(candidate, say):
            candidate = load_candidate(root, today, remote, pages)
        # A dry run goes on and shows what readers would see change, even of uncommitted files.
        candidate = dataclasses.replace(candidate, let_go=tuple(let_go))
        git_problems = [] if dry_run else refusals(candidate, GIT_GATES)
        if git_problems:
            say(
                "Asked git only: the content is checked and built once this is mended, and that"
                f" may find more.\nRefused:\n{report(git_problems)}"
            )
            return 1
        say("Checking the content and building the site; this takes about two minutes …")
        tag = _next_tag(candidate)
        candidate, build_problems = _build(candidate, workshop, tag)
        problems = [
            *refusals(candidate, GATES),
            *build_problems,
            *refusals(candidate, SITE_GATES),
        ]
        if candidate.library is not None and not candidate.remote.silence:
            say(what_changes(candidate, workshop))
        if problems:
            say("")
            say(f"{'Would be refused' if dry_run else 'Refused'}:\n{report(problems)}")
            return 1
        return _publish_sound(candidate, workshop, tag, dry_run, say, hand_over)


def _publish_sound(
    candidate: Candidate,
    workshop: Workshop,
    tag: str,
    dry_run: bool,
    say: Say,
    hand_over: Path | None,
) -> int:
    """Publishes a site that no gate refuses; returns the exit status."""
    if not os.environ.get("SITE_URL"):
        say(
            "SITE_URL is not set: the site goes out without canonical links, and its feed"
            " without addresses."
        )
    if _is_published(candidate, workshop, say):
        return 0
    if dry_run:
        say(
            f"Nothing was pushed and nothing written. '{typed('publish')}' would push"
            f" '{candidate.branch}', '{workshop.pages}' and the tag {tag} to"
            f" '{candidate.remote.name}' in one step."
        )
        return 0
    tag_object = workshop.tag(
        tag,
        f"What readers are shown since {candidate.today.isoformat()}",
        identity(candidate.repository),
    )
    refs = [
        (workshop.source, f"refs/heads/{candidate.branch}"),
        (tag_object, f"refs/tags/{tag}"),
    ]
    return send(candidate, workshop, refs, f"Published: {tag}.", say, hand_over)


def _next_tag(candidate: Candidate) -> str:
    """The tag of this publication: one that neither the remote nor the user's repository has."""
    local_tags = candidate.repository.maybe("tag", "--list", "published-*") or ""
    return free_tag(
        "published", candidate.today, [*candidate.remote.tags(), *local_tags.splitlines()]
    )


def _build(candidate: Candidate, workshop: Workshop, tag: str) -> tuple[Candidate, list[Problem]]:
    """Builds and commits the site of a candidate whose content passes its check.

    Returns the candidate with its site, and what stopped the build. A candidate whose content
    fails its check comes back as it is.
    """
    if candidate.built is None or not candidate.head:
        return candidate, []
    repository = candidate.repository
    author = identity(repository)
    workshop.open(repository, candidate.head)
    if candidate.changed:
        workshop.take_uncommitted(repository, author)
    problems = _build_with_ledgers(workshop, candidate.built.library, candidate.today, tag, author)
    if problems:
        return candidate, [
            dataclasses.replace(problem, rule="site-is-sound") for problem in problems
        ]
    published = candidate.published
    workshop.commit_site(
        published.commit if published else "",
        f"Published {candidate.today.isoformat()}\n\nPublication: {tag}\nSource: {workshop.source}",
        author,
        files_to_keep(repository, published, names_of(workshop.site)) if published else None,
    )
    return dataclasses.replace(candidate, site=workshop.site), []


def _build_with_ledgers(
    workshop: Workshop, library: Library, today: datetime.date, tag: str, author: dict[str, str]
) -> list[Problem]:
    """Builds the site from a commit that holds its ledgers; returns what stopped the build.

    The ledger of addresses is taken from the finished site. So the site is built a second time
    when the ledgers change.
    """
    problems = workshop.build()
    if problems:
        return problems
    addresses, _ = links_bytes(read_links(workshop.folder), live_places(workshop.site))
    ledgers = {
        LEDGER_PATH: ledger_bytes(library),
        VERSIONS_PATH: versions_bytes(library)[0],
        LINKS_PATH: addresses,
    }
    message = (
        f"Published {today.isoformat()}\n\nThe ledgers hold what readers are shown from now"
        f" on.\n\nPublication: {tag}"
    )
    return workshop.build() if workshop.write_ledgers(ledgers, message, author) else []


def _is_published(candidate: Candidate, workshop: Workshop, say: Say) -> bool:
    """Whether a tagged publication shows readers these very bytes already; then says so."""
    published = candidate.published
    if (
        published is None
        or not published.tag
        or published.edited_by_hand
        or not workshop.is_shown(published)
    ):
        return False
    say(f"Nothing to publish: readers are shown these very bytes already ({published.tag}).")
    return True
