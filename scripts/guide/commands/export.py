"""`export`: the site's source for other engines."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from guide.base import clock
from guide.commands.cli import Verb
from guide.export import Occupied, export


@click.command("export", cls=Verb)
@click.argument("folder", type=click.Path(path_type=Path))
def export_verb(folder: Path) -> int:
    """Writes the site's source for any site engine.

    The source is plain Markdown, assets, theme and settings without hooks. FOLDER is an empty
    folder, one that does not exist, or an earlier export.
    """
    root = Path.cwd()
    try:
        pages = export(root, folder, clock.today(), clock.page_date(root), clock.is_rebuild())
    except Occupied as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"{pages} pages are in {folder}. Build them there with 'mkdocs build', 'properdocs build -f"
        " mkdocs.yml' or 'zensical build -f zensical.yml'."
    )
    return 0
