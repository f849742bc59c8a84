"""Lets plain `mkdocs gh-deploy` publish nothing that ./scripts/publish would refuse."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from guide.base import clock
from guide.base.git import GitError
from guide.base.problem import Problem, report
from guide.publish.gates import GATES, SITE_GATES, refusals, site_is_sound
from guide.publish.state import load_candidate


def before_gh_deploy(root: Path, remote: str, pages: str) -> str:
    """Why `mkdocs gh-deploy` must not go on, all reasons in one text; "" when it may."""
    try:
        problems = refusals(load_candidate(root, clock.today(), remote, pages), GATES)
    except GitError as error:
        problems = [Problem("git", 0, str(error), "place-is-set")]
    return report(problems) if problems else ""


def after_gh_deploy_build(root: Path, site: Path, remote: str, pages: str) -> str:
    """Why the built `site` must not be deployed, all reasons in one text; "" when it may.

    Every build checks its own pages, so `site_is_sound` is not asked again.
    """
    gates = [gate for gate in SITE_GATES if gate[1] is not site_is_sound]
    if not gates:
        return ""
    candidate = load_candidate(root, clock.today(), remote, pages)
    problems = refusals(dataclasses.replace(candidate, site=site), gates)
    return report(problems) if problems else ""
