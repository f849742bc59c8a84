"""`due`: what is overdue or falls due."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from guide.base import clock
from guide.commands.cli import Verb
from guide.content.due import due, text
from guide.content.loading import load


@click.command("due", cls=Verb)
@click.option(
    "--on",
    "day",
    metavar="YYYY-MM-DD",
    type=click.DateTime(["%Y-%m-%d"]),
    help="For another day than today.",
)
def due_verb(day: datetime.datetime | None) -> int:
    """Lists what is overdue or falls due in 90 days.

    Also lists weak sources, and the facts that rest on them. Exit status 1 when something is
    overdue, so that a scheduled run fails.
    """
    answer = due(load(Path.cwd()), day.date() if day else clock.today())
    print(text(answer))
    return 1 if answer.overdue else 0
