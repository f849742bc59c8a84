"""`publish`: the arguments of a publication, a roll-back and a rebuild."""

from __future__ import annotations

import argparse
import functools
import sys
from pathlib import Path

from guide.base import clock
from guide.base.git import GitError
from guide.publish.publication import publish
from guide.publish.rebuild import rebuild
from guide.publish.rollback import roll_back
from guide.publish.state import PAGES_BRANCH, REMOTE


def main(arguments: list[str] | None = None) -> int:
    """The verb. Returns the exit status: 0 done or nothing to do, 1 refused, 2 wrong usage."""
    parser = argparse.ArgumentParser(
        prog="./scripts/publish",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    way = parser.add_mutually_exclusive_group()
    way.add_argument(
        "--dry-run",
        action="store_true",
        help="show what readers would see change, push and write nothing",
    )
    way.add_argument(
        "--roll-back",
        nargs="?",
        const="",
        metavar="TAG",
        help="show an earlier publication again (without TAG: the one before)",
    )
    way.add_argument(
        "--rebuild",
        action="store_true",
        help="build what is published anew for today, so that overdue pages say so",
    )
    parser.add_argument("--remote", default=REMOTE, help=f"the remote to publish to ({REMOTE})")
    parser.add_argument(
        "--pages",
        default=PAGES_BRANCH,
        metavar="BRANCH",
        help=f"the branch that is the site ({PAGES_BRANCH})",
    )
    given = parser.parse_args(arguments)
    root, today = Path.cwd(), clock.today()
    say = functools.partial(print, flush=True)
    try:
        if given.roll_back is not None:
            return roll_back(root, today, given.roll_back, given.remote, given.pages, say)
        if given.rebuild:
            return rebuild(root, today, given.remote, given.pages, say)
        return publish(root, today, given.remote, given.pages, given.dry_run, say)
    except GitError as error:
        print(
            f"Stopped, and readers are shown what they were shown before: {error}", file=sys.stderr
        )
        return 1


if __name__ == "__main__":
    sys.exit(main())
