"""`check`: the problems of the content."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from guide.build import prepared
from guide.commands.cli import Verb
from guide.commands.watch import watch


@click.command("check", cls=Verb)
@click.option("--watch", "watched", is_flag=True, help="Check again at every save, until Ctrl-C.")
def check_verb(watched: bool) -> int:
    """Checks the content and prints every problem.

    Exit status 1 when there are any.
    """
    root = Path.cwd()
    if watched:
        return watch(root)
    with prepared(root, datetime.date.today()) as built:
        pass
    print(
        f"No problems: {len(built.library.records)} facts, {len(built.library.sources)} sources,"
        f" {len(built.pages)} pages."
    )
    return 0
