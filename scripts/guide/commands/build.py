"""`build`: the site, from content and pages."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from guide.cache.answers import BUILT, Answers, state_of_site
from guide.commands.cli import Verb
from guide.commands.engine import run_mkdocs


@click.command("build", cls=Verb)
def build_verb() -> int:
    """Builds the guide into site/.

    The build is strict: a warning stops it. A build that fails leaves the last good site as it
    was. Where nothing has changed since the last build, the site stays as it is.
    """
    root = Path.cwd()
    answers = Answers(root)
    if answers.find(BUILT) == state_of_site(root, root / "site"):
        status = 0
    else:
        status = run_mkdocs("--quiet", "build", "--strict", environment=answers.environment)
    if status == 0:
        print("The guide is in site/.", file=sys.stderr)
    return status
