"""`check`: the problems of the content."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

import click

from guide.base.problem import ContentErrors, report
from guide.build import prepared
from guide.commands.cli import Verb
from guide.commands.watch import watch


@click.command("check", cls=Verb)
@click.option("--watch", "watched", is_flag=True, help="Check again at every save, until Ctrl-C.")
@click.option(
    "--all", "each", is_flag=True, help="Print each field that is to be filled in, a line each."
)
def check_verb(watched: bool, each: bool) -> int:
    """Checks the content and prints every problem.

    The fields that are to be filled in are one line a file; --all prints each with what it wants.

    Exit status 1 when there are any.
    """
    root = Path.cwd()
    if watched:
        return watch(root, each)
    try:
        with prepared(root, datetime.date.today()) as built:
            pass
    except ContentErrors as errors:
        print(report(errors.problems, each), file=sys.stderr)
        return 1
    print(
        f"No problems: {len(built.library.records)} facts, {len(built.library.sources)} sources,"
        f" {len(built.pages)} pages."
    )
    return 0
