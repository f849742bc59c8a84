"""`due`: what is overdue or falls due."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from guide.base import clock
from guide.commands.cli import Verb
from guide.content.due import due, text, text_of_changed
from guide.content.loading import load
from guide.content.source_texts import changed_sources, read_source_texts


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

    Also lists weak sources, sources whose text changed, and the facts that rest on them. Exit
    status 1 when something is overdue, or a quoted phrase is gone from its source, so that a
    scheduled run fails.
    """
    library = load(Path.cwd())
    answer = due(library, day.date() if day else clock.today())
    changed = changed_sources(library, read_source_texts(Path.cwd()))
    print(text(answer))
    print(f"\n{text_of_changed(changed)}")
    return int(bool(answer.overdue) or any(one.lost for one in changed))
