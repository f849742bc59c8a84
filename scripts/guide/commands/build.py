"""`build`: the site, from content and pages."""

from __future__ import annotations

import sys

import click

from guide.commands.cli import Verb
from guide.commands.engine import run_mkdocs


@click.command("build", cls=Verb)
def build_verb() -> int:
    """Builds the guide into site/.

    The build is strict: a warning stops it. A build that fails leaves the last good site as it
    was.
    """
    status = run_mkdocs("--quiet", "build", "--strict")
    if status == 0:
        print("The guide is in site/.", file=sys.stderr)
    return status
