"""`messages`: the catalogues that translators fill in."""

from __future__ import annotations

import click

from guide.base.language import LANGUAGES
from guide.commands.catalogues import update
from guide.commands.cli import Verb


@click.command("messages", cls=Verb)
def messages_verb() -> int:
    """Gathers what readers are told, for translators.

    Writes it into languages/*/messages.po. New messages have no translation yet, and those that are
    gone are taken out. English needs no file: its words stand in the code and the templates.
    """
    written = update(LANGUAGES)
    print("\n".join(f"wrote languages/{name}" for name in written) or "languages/ is current.")
    return 0
