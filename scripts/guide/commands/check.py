"""`check`: the problems of the content."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

import click

from guide.base.problem import ContentErrors, report
from guide.cache.answers import Answers
from guide.commands.cli import Verb


@click.command("check", cls=Verb)
@click.option("--watch", "watched", is_flag=True, help="Check again at every save, until Ctrl-C.")
@click.option(
    "--all", "each", is_flag=True, help="Print each field that is to be filled in, a line each."
)
def check_verb(watched: bool, each: bool) -> int:
    """Checks the content and prints every problem.

    The fields that are to be filled in are one line a file; --all prints each with what it wants.

    Exit status 1 when there are any.
    """
    root = Path.cwd()
    if watched:
        from guide.commands.watch import watch

        return watch(root, each)
    asked = "check all" if each else "check"
    answers = Answers(root)
    answer = answers.find(asked)
    if answer is None:
        status, said = _checked(root, each)
        answer = {"status": status, "said": said}
        answers.keep(asked, answer)
    status = int(answer["status"])
    print(answer["said"], file=sys.stderr if status else sys.stdout)
    return status


def _checked(root: Path, each: bool) -> tuple[int, str]:
    """The exit status and what the check says."""
    from guide.build import prepared  # takes longer than to find that nothing has changed

    try:
        with prepared(root, datetime.date.today()) as built:
            pass
    except ContentErrors as errors:
        return 1, report(errors.problems, each)
    library = built.library
    return 0, (
        f"No problems: {len(library.records)} facts, {len(library.sources)} sources,"
        f" {len(built.pages)} pages."
    )
