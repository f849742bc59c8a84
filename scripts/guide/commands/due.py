"""`due`: what is overdue or falls due, printed."""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path

from guide.base import clock
from guide.base.problem import ContentErrors
from guide.content.due import due, text
from guide.content.loading import load


def main(arguments: list[str] | None = None) -> int:
    """The verb. Returns 0, or 1 when something is overdue, so that a scheduled run turns red; 2 is
    wrong usage.
    """
    parser = argparse.ArgumentParser(
        prog="./scripts/due",
        description=(
            "What is overdue or falls due in 90 days, and what the facts rest on that is weak."
        ),
    )
    parser.add_argument(
        "--on",
        metavar="YYYY-MM-DD",
        type=datetime.date.fromisoformat,
        default=clock.today(),
        help="for another day than today",
    )
    given = parser.parse_args(arguments)
    try:
        found = due(load(Path.cwd()), given.on)
    except ContentErrors as errors:
        print(errors, file=sys.stderr)
        return 1
    print(text(found))
    return 1 if found.overdue else 0


if __name__ == "__main__":
    sys.exit(main())
