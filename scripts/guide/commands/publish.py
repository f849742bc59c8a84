"""`publish`: a publication, a roll-back or a rebuild."""

from __future__ import annotations

import functools
import sys
from pathlib import Path

import click

from guide.base import clock, faults
from guide.base.git import GitError
from guide.commands.cli import Verb
from guide.publish.publication import publish
from guide.publish.rebuild import rebuild
from guide.publish.rollback import roll_back
from guide.publish.state import PAGES_BRANCH, REMOTE


@click.command("publish", cls=Verb)
@click.option(
    "--dry-run",
    is_flag=True,
    help="Show what readers would see change; push and write nothing.",
)
@click.option(
    "--roll-back",
    "tag",
    is_flag=False,
    flag_value="",
    metavar="[TAG]",
    help="Show an earlier publication again (without TAG: the one before).",
)
@click.option(
    "--rebuild",
    "rebuilding",
    is_flag=True,
    help="Build what is published anew for today, so that overdue pages say so.",
)
@click.option(
    "--let-go",
    multiple=True,
    metavar="NAME",
    help="Publish without what readers would lose: a name from the refusal; '*' is any text.",
)
@click.option(
    "--hand-over",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Push nothing, and put what would be pushed into FOLDER, for ./scripts/push.",
)
@click.option("--remote", default=REMOTE, help=f"The remote to publish to ({REMOTE}).")
@click.option(
    "--pages",
    default=PAGES_BRANCH,
    metavar="BRANCH",
    help=f"The branch that is the site ({PAGES_BRANCH}).",
)
def publish_verb(
    dry_run: bool,
    tag: str | None,
    rebuilding: bool,
    let_go: tuple[str, ...],
    hand_over: Path | None,
    remote: str,
    pages: str,
) -> int:
    """Publishes the guide, or refuses with its reasons.

    It takes about two minutes; what git alone can tell, it tells at once. One push moves the
    source branch, the site's branch and the tag together, or nothing. CONTRIBUTING.md says more.
    """
    chosen = [
        option
        for option, given in (
            ("--dry-run", dry_run),
            ("--roll-back", tag is not None),
            ("--rebuild", rebuilding),
        )
        if given
    ]
    if len(chosen) > 1:
        raise click.UsageError(
            f"only one of {' and '.join(chosen)} at a time", click.get_current_context()
        )
    if dry_run and hand_over:
        raise click.UsageError(
            "--dry-run writes nothing, so it goes without --hand-over", click.get_current_context()
        )
    if let_go and (tag is not None or rebuilding):
        raise click.UsageError(
            "--let-go goes with a publication or its dry run only", click.get_current_context()
        )
    root, today = Path.cwd(), clock.today()
    say = functools.partial(print, flush=True)
    try:
        if tag is not None:
            return roll_back(root, today, tag, remote, pages, say, hand_over)
        if rebuilding:
            return rebuild(root, today, remote, pages, say, hand_over)
        return publish(root, today, remote, pages, dry_run, say, let_go, hand_over)
    except (GitError, OSError) as error:
        why = faults.sentence(error) if isinstance(error, OSError) else None
        print(
            f"Stopped, and readers are shown what they were shown before: {why or error}",
            file=sys.stderr,
        )
        return 1
