"""Builds the published commit anew for today, so that overdue pages say so."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path

from guide.base import clock
from guide.base.files import names_of
from guide.base.problem import Problem, report
from guide.publish.difference import page_changes
from guide.publish.gates import PLACE_GATES, SITE_GATES, refusals
from guide.publish.kept import files_to_keep
from guide.publish.push import send
from guide.publish.state import (
    PAGES_BRANCH,
    REMOTE,
    Candidate,
    Published,
    Say,
    load_candidate,
)
from guide.publish.workshop import Workshop, identity, open_workshop


def rebuild(
    root: Path,
    today: datetime.date,
    remote: str = REMOTE,
    pages: str = PAGES_BRANCH,
    say: Say = print,
    hand_over: Path | None = None,
) -> int:
    """Builds the published commit anew for `today`, and pushes it if a page has changed.

    `hand_over`: as `publish` takes it. Returns the exit status: 0 done or nothing to do, 1 refused.
    Raises GitError when git fails.
    """
    with open_workshop(root, pages) as workshop:
        candidate = load_candidate(root, today, remote, pages)
        published = candidate.published
        problems = _refusals(candidate, pages)
        if not problems and published is not None:
            say(f"Building {published.tag or published.source[:10]} for {today.isoformat()} …")
            problems = _build(candidate, workshop, published)
        if problems or published is None:
            say(f"Refused:\n{report(problems)}")
            return 1
        trailers = {
            "Publication": published.tag,
            "Source": published.source,
            "Roll-back": published.rolled_back,
        }
        lines = "\n".join(f"{name}: {value}" for name, value in trailers.items() if value)
        workshop.commit_site(
            published.commit,
            f"Rebuilt for {today.isoformat()}\n\n{lines}",
            identity(candidate.repository),
            files_to_keep(
                candidate.repository, published, names_of(workshop.site), all_of_them=True
            ),
        )
        if workshop.is_shown(published):
            say("No page turned: nothing to push.")
            return 0
        say("\n".join(page_changes(workshop.files_changed(published.commit))))
        return send(candidate, workshop, [], "Rebuilt.", say, hand_over)


def _refusals(candidate: Candidate, pages: str) -> list[Problem]:
    """Why the published commit cannot be built; empty when it can."""
    problems = [
        problem
        for problem in refusals(candidate, PLACE_GATES)
        # A rebuild takes its day from this very variable.
        if clock.REBUILD not in problem.path
    ]
    if problems:
        return problems
    published, remote = candidate.published, candidate.remote.name
    if published is None or not published.source:
        message = (
            f"'{pages}' of '{remote}' holds nothing that says which commit it was built from:"
            " publish first"
        )
    elif candidate.repository.run("cat-file", "-e", f"{published.source}^{{commit}}").returncode:
        message = (
            f"the published commit {published.source[:10]} is not here: 'git fetch --unshallow'"
        )
    else:
        return []
    return [Problem("git", 0, message, "rebuild")]


def _build(candidate: Candidate, workshop: Workshop, published: Published) -> list[Problem]:
    """Builds the published commit; returns what stopped it or is wrong with the site."""
    workshop.open(candidate.repository, published.source)
    problems = workshop.build(rebuild_for=candidate.today)
    if problems:
        return [dataclasses.replace(problem, rule="site-is-sound") for problem in problems]
    return refusals(dataclasses.replace(candidate, site=workshop.site), SITE_GATES)
