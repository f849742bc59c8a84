"""`schemas`: what an editor needs to complete and check the YAML files."""

from __future__ import annotations

from pathlib import Path

import click

from guide.commands.cli import Verb
from guide.content.schemas import write_schemas


@click.command("schemas", cls=Verb)
def schemas_verb() -> int:
    """Writes content/schemas/ from the models, for editors.

    Also corrects the first line of every YAML file, which names its schema.
    """
    written = write_schemas(Path.cwd())
    print(
        "\n".join(f"wrote {name}" for name in written)
        or "content/schemas/ and the first lines are current."
    )
    return 0
