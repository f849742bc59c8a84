"""The verbs of the core, without any site engine.

`python -m guide check`: the content's problems, all at once. `python -m guide draft-changes`:
change-log entries for what differs from what readers were last shown, the reasons left to you.
`python -m guide published`: notes in the ledgers that readers are now shown what stands here, at
the addresses of the site in `site/`.
"""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path

from .compile import prepare
from .finish import live_places
from .ledger import draft_changes, read_ledger, write_ledger
from .library import load
from .links import ids_of, read_links, write_links
from .problem import ContentErrors
from .version import write_versions


def main(arguments: list[str] | None = None) -> int:
    """Runs one verb; returns the exit status: 0 fine, 1 problems found, 2 wrong usage."""
    parser = argparse.ArgumentParser(prog="guide", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("check", help="check the content and print every problem")
    verbs.add_parser("draft-changes", help="print change-log entries for every unlogged change")
    verbs.add_parser("published", help="note that readers are now shown what stands here")
    verb = parser.parse_args(arguments).verb
    root, today = Path.cwd(), datetime.date.today()
    try:
        if verb == "draft-changes":
            print(draft_changes(load(root), read_ledger(root) or {}, today))
            return 0
        built = prepare(root, today)
    except ContentErrors as errors:
        print(errors, file=sys.stderr)
        return 1
    if verb == "published":
        live = live_places(root / "site")
        wanting = sorted(page.url for page in built.pages if page.url not in live or not set(ids_of(page)) <= live[page.url].ids)
        if wanting:
            print(f"site/ is not the site of this content ('{wanting[0] or './'}' is missing or differs): build it with ./scripts/build, then note it as published.", file=sys.stderr)
            return 1
        write_ledger(root, built.library)
        count = write_links(root, read_links(root), live)
        print(f"content/links.json now holds every address readers were given: {count}.")
        added = write_versions(root, built.library)
        print(f"content/ledger.json now holds what readers are shown: {len(built.library.records)} facts.")
        print(f"content/versions.json now holds the handouts that readers may print: {added} new.")
        return 0
    print(f"No problems: {len(built.library.records)} facts, {len(built.library.sources)} sources, {len(built.pages)} pages.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
