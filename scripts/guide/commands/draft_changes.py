"""`draft-changes`: entries of the change log, to be completed."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from guide.base.command_line import typed
from guide.commands.cli import Verb
from guide.content.ledger import (
    draft_changes,
    draft_together,
    read_ledger,
    renewed,
    write_draft,
)
from guide.content.loading import load

_NOTHING = "Nothing differs from what readers were last shown."


@click.command("draft-changes", cls=Verb)
@click.argument("records", nargs=-1, metavar="[ID ...]")
@click.option(
    "--together",
    is_flag=True,
    help=(
        "One entry for the records named, or for all that are not logged: they changed for one"
        " reason."
    ),
)
@click.option(
    "--renew",
    is_flag=True,
    help="Bring the marks of entries of several records up to the values of today.",
)
def draft_changes_verb(records: tuple[str, ...], together: bool, renew: bool) -> int:
    """Starts a change log entry for each unlogged change.

    A change is a number, dose, approval or verdict that is not what readers were last shown. The
    entries are written into content/changes.yml.
    """
    if records and not together:
        raise click.UsageError(
            f"ids need --together: '{records[0]}' would be one of several records of one entry",
            click.get_current_context(),
        )
    root, today = Path.cwd(), datetime.date.today()
    if renew:
        print(_renew(root))
    elif together:
        print(_draft_together(root, today, records))
    else:
        print(_draft(root, today))
    return 0


def _renew(root: Path) -> str:
    path = root / "content" / "changes.yml"
    path.write_text(renewed(path.read_text(encoding="utf-8"), load(root)), encoding="utf-8")
    return (
        "content/changes.yml: the marks are those of today's values. Read the entries again: do"
        " they still tell what changed?"
    )


def _draft_together(root: Path, today: datetime.date, records: tuple[str, ...]) -> str:
    entry, named = draft_together(load(root), read_ledger(root) or {}, today, records)
    write_draft(root, [entry] if entry else [])
    if not named:
        return _NOTHING
    return (
        f"content/changes.yml: one entry for {len(named)} records, to complete with 'what' and"
        " 'reason'."
    )


def _draft(root: Path, today: datetime.date) -> str:
    entries = draft_changes(load(root), read_ledger(root) or {}, today)
    write_draft(root, entries)
    if not entries:
        return _NOTHING
    return (
        f"{''.join(entries)}content/changes.yml: {len(entries)}"
        f" entr{'y' if len(entries) == 1 else 'ies'} to complete with 'what' and 'reason';"
        f" {typed('check')} names the lines."
    )
