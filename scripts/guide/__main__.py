"""`python -m guide check`: the content's problems, all at once, without any site engine."""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path

from .compile import prepare
from .problem import ContentErrors


def main(arguments: list[str] | None = None) -> int:
    """Runs one verb; returns the exit status: 0 fine, 1 problems found, 2 wrong usage."""
    parser = argparse.ArgumentParser(prog="guide", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("check", help="check the content and print every problem")
    parser.parse_args(arguments)
    root = Path.cwd()
    try:
        built = prepare(root, datetime.date.today())
    except ContentErrors as errors:
        print(errors, file=sys.stderr)
        return 1
    print(f"No problems: {len(built.library.records)} facts, {len(built.library.sources)} sources, {len(built.pages)} pages.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
