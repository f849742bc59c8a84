"""`serve`: the site while it is edited."""

from __future__ import annotations

import sys

import click

from guide.base.address import Unusable, address
from guide.commands.cli import Verb, called
from guide.commands.engine import become_mkdocs


# MkDocs takes over at the end, so nothing is left to return.
@click.command("serve", cls=Verb, options_metavar=None)  # noqa: RET503
@click.argument("addresses", nargs=-1, metavar="[ADDRESS]")
@click.pass_context
def serve_verb(context: click.Context, addresses: tuple[str, ...]) -> int:
    """Builds and serves the guide; edits show in the browser.

    The guide is at http://127.0.0.1:8000/ unless an address is given.

    ADDRESS is a port, such as 8001, or host and port, such as 127.0.0.1:8001.
    """
    try:
        if len(addresses) > 1:
            raise Unusable(
                f"one address is enough, '{addresses[1]}' is too much: {called(context)} [ADDRESS]"
            )
        # Tried before the build, which takes half a minute.
        usable = address(*addresses)
    except Unusable as error:
        print(f"{called(context)}: {error}", file=sys.stderr)
        return 2
    print(f"Building; the guide will be at http://{usable}/ (stop with Ctrl-C) …", file=sys.stderr)
    become_mkdocs("serve", "--strict", "--livereload", "--dev-addr", usable)
