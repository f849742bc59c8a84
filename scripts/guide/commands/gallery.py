"""`gallery`: every component with its examples, to look at."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click

from guide.commands.cli import Verb
from guide.gallery import write_gallery

FOLDER = Path("build") / "gallery"


@click.command("gallery", cls=Verb)
def gallery_verb() -> int:
    """Builds the gallery of components in build/gallery/site/.

    Each component is shown with its examples from tests/components/, with hostile text and with
    very long words. The gallery is for maintainers and is not published.
    """
    root = Path.cwd()
    pages = write_gallery(root, root / FOLDER)
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "--quiet", "build"], cwd=root / FOLDER, check=False
    )
    if done.returncode == 0:
        print(f"{pages} pages are in {FOLDER}/site: open them through any web server.")
    return done.returncode
