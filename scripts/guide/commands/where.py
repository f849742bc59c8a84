"""`where`: from what a reader sees to the line that it is written in."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

import click

from guide.base.problem import ContentErrors, listed
from guide.build import prepare
from guide.commands.cli import Verb
from guide.pages.whereabouts import where


@click.command("where", cls=Verb)
@click.argument("name", metavar="ID")
def where_verb(name: str) -> int:
    """Lists where a fact is written, shown, called and named.

    ID is an id, the address of a fact on the site, or a name as the pages show it, such as
    'EXAMPLE 1'.
    """
    root = Path.cwd()
    try:
        built = prepare(root, datetime.date.today(), release=False)
        print("\n\n".join(map(str, where(root, built.library, built.pages, name))))
    except ContentErrors as errors:
        # It was only asked for: that says nothing of what is published.
        print(listed(errors.problems), file=sys.stderr)
        return 1
    return 0
