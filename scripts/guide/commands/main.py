"""The command `guide`: one verb for each thing that a maintainer does."""

from __future__ import annotations

import sys

import click

from guide.base.problem import ContentErrors
from guide.base.release import release
from guide.commands.cli import VerbGroup, Verbs, usage_message

# Of a process that was interrupted: 128 and the number of the signal, as shells have it.
INTERRUPTED = 130


def _say_release(context: click.Context, _option: click.Parameter, asked: bool) -> None:
    if asked and not context.resilient_parsing:
        click.echo(f"guide {release()}")
        context.exit()


# In the order in which help lists them.
_VERBS = (
    "check",
    "serve",
    "build",
    "where",
    "draft-changes",
    "new-topic",
    "init",
    "upgrade",
    "due",
    "links",
    "publish",
    "published",
    "export",
    "gallery",
    "schemas",
    "messages",
    "reference",
)


@click.group(cls=VerbGroup, commands=Verbs(_VERBS))
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_say_release,
    help="Show the engine's release and exit.",
)
def guide() -> None:
    """Checks, builds and publishes the guide in the current folder.

    Every verb runs in the folder that holds content/ and mkdocs.yml. Exit status: 0 fine,
    1 problems found, 2 wrong usage.
    """


def main(arguments: list[str] | None = None) -> int:
    """Runs one verb, that of the command line if none is given.

    Returns the exit status: 0 fine, 1 problems found, 2 wrong usage, 130 interrupted.
    """
    try:
        status = guide.main(arguments, prog_name="guide", standalone_mode=False)
    except click.UsageError as error:
        print(usage_message(error), file=sys.stderr)
        return 2
    except ContentErrors as errors:
        print(errors, file=sys.stderr)
        return 1
    except click.Abort:
        return INTERRUPTED
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
