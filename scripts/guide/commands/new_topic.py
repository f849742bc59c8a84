"""`new-topic`: the files of a new topic."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import get_args

import click

from guide.base.command_line import typed
from guide.base.problem import ContentErrors, listed
from guide.commands.cli import Verb
from guide.content import models as m
from guide.content.new_topic import new_topic


@click.command("new-topic", cls=Verb)
@click.argument("medicine", metavar="INTERVENTION")
@click.argument("condition")
@click.option(
    "--new-medicine",
    is_flag=True,
    help="The medicine is a new one, though its name is like that of a known one.",
)
@click.option(
    "--new-condition",
    is_flag=True,
    help="The condition is a new one, though its name is like that of a known one.",
)
@click.option(
    "--kind",
    type=click.Choice(get_args(m.InterventionKind)),
    help="What a new intervention is; a medicine unless it is said. It decides which files, fields"
    " and pages there are.",
)
@click.option(
    "--id",
    "id_",
    default="",
    help="The topic's id, such as 'madeupumab-fd'; without it, made from the names. It is the"
    " beginning of every address of the topic, and stays as it is once published.",
)
def new_topic_verb(
    medicine: str,
    condition: str,
    new_medicine: bool,
    new_condition: bool,
    id_: str,
    kind: m.InterventionKind | None,
) -> int:
    """Writes the files of a new topic, to be filled in.

    INTERVENTION (a medicine, therapy, test or programme) and CONDITION are ids or names. Every
    field is explained in its file. A name that is nearly that of a known one stops the command,
    unless an option says that it is another one.
    """
    new = [
        subject
        for subject, is_new in (("medicine", new_medicine), ("condition", new_condition))
        if is_new
    ]
    try:
        made = new_topic(Path.cwd(), medicine, condition, new, id_, kind)
    except ContentErrors as errors:
        # Nothing was written, so nothing is said of what is published.
        print(listed(errors.problems), file=sys.stderr)
        return 1
    for action, names in (("wrote", made.written), ("kept ", made.kept)):
        for name in names:
            print(f"{action} {name}")
    print(
        f"\nThe topic is '{made.topic}', and its pages are below '{made.topic}/'. Until it is"
        " published, you can delete what was written and choose another id with --id.\nWhat is left"
        f" to do: {typed('check')} names the files, {typed('check --all')} each field.\nThen:"
    )
    for step in made.next:
        print(f"  - {step}")
    return 0
