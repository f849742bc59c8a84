"""`published`: the ledgers after a publication by other means than `publish`."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

import click

from guide.base.command_line import typed
from guide.build import prepared
from guide.commands.cli import Verb
from guide.content.ledger import write_ledger
from guide.outputs.old_addresses import live_places
from guide.outputs.permalinks import ids_of, read_links, write_links
from guide.view.versions import write_versions


@click.command("published", cls=Verb)
def published_verb() -> int:
    """Notes in the ledgers that readers are shown site/.

    `publish` does this itself. It is for who brings site/ to readers in another way.
    """
    root = Path.cwd()
    with prepared(root, datetime.date.today()) as built:
        pass
    live = live_places(root / "site")
    different = sorted(
        page.url
        for page in built.pages
        if page.url not in live or not set(ids_of(page)) <= live[page.url].ids
    )
    if different:
        print(
            f"site/ is not the site of this content ('{different[0] or './'}' is missing or"
            f" differs): build it with {typed('build')}, then note it as published.",
            file=sys.stderr,
        )
        return 1
    write_ledger(root, built.library)
    count = write_links(root, read_links(root), live)
    print(f"content/links.json now holds every address readers were given: {count}.")
    added = write_versions(root, built.library)
    print(
        f"content/ledger.json now holds what readers are shown: {len(built.library.records)} facts."
    )
    print(f"content/versions.json now holds the handouts that readers may print: {added} new.")
    return 0
