"""`init`: a guide of one's own."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any, get_args

import click
import pydantic

from guide.base.language import ENGLISH, known_languages
from guide.base.problem import ContentErrors, Problem
from guide.base.release import release
from guide.commands.cli import Verb
from guide.content import models as m
from guide.content.key_path import Lines
from guide.content.messages import explain_errors
from guide.content.new_guide import FirstKind, GuideAnswers, new_guide, new_topic_arguments
from guide.content.new_topic import new_topic
from guide.content.yaml_reader import read_yaml

# What is asked for when no file is given: what a guide cannot do without, and its colour.
# Without a default an answer is needed.
_QUESTIONS: tuple[tuple[str, str, str | None], ...] = (
    ("name", "What is the guide called?", None),
    ("publisher", "Who publishes it?", None),
    ("contact", "How do readers report a mistake?", None),
    ("language", f"In which language is it? ({', '.join(known_languages())})", ENGLISH),
    ("condition", "Which disease or situation is it about first?", None),
    ("intervention", "Which medicine, test or therapy is first?", None),
    ("kind", f"What is that? ({', '.join(get_args(FirstKind))})", "medicine"),
    ("country", "Which country is it for? (name)", None),
    ("code", "That country's code (two capitals)", None),
    ("agency", "Who decides about it there? (initials of an agency or body; empty for none)", ""),
    ("colour", "The colour of the bar on top", "#0b5a5e"),
    ("address", "The public address, with a slash behind it (may be empty)", ""),
)


@click.command("init", cls=Verb)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "answers_file",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A YAML file with the answers, instead of being asked.",
)
def init_verb(folder: Path, answers_file: Path | None) -> int:
    """Begins a guide of your own in DIR, an empty or new folder.

    It can be built at once. Asks for name, publisher, country and the like, or takes them from a
    file, which can say more of it: START.md shows one.
    """
    given, lines = _from_file(answers_file) if answers_file else (_asked(), {})
    try:
        answers = GuideAnswers.model_validate(given)
    except pydantic.ValidationError as error:
        explained = explain_errors(error, str(answers_file or "answers"), lines, GuideAnswers)
        raise ContentErrors([problem for _, problem in explained]) from None
    for path in new_guide(folder, answers, release(), datetime.date.today()):
        print(f"wrote {folder / path}")
    begun = f"\nThe guide is in {folder}. Then:\n  cd {folder}"
    intervention, condition, kind = answers.intervention, answers.condition, answers.kind
    new_topic_typed = f"guide {new_topic_arguments(intervention, condition, kind)}"
    if not answers.first_topic:
        print(f"{begun}\n  guide serve\n  {new_topic_typed}")
        return 0
    try:
        made = new_topic(folder, intervention, condition, kind=kind)
    except ContentErrors:
        print(f"{begun}\nIts first topic could not be begun: type {new_topic_typed} there.")
        raise
    for path in made.written:
        print(f"wrote {folder / path}")
    print(
        f"{begun}\n  guide check\nThe topic '{made.topic}' is to be filled in: 'guide check' names"
        " its files. Until then the guide is not built; 'guide serve' lists what is left."
    )
    for step in made.next:
        print(f"  - {step}")
    return 0


def _from_file(path: Path) -> tuple[dict[str, Any], Lines]:
    value, lines, problems = read_yaml(path, str(path))
    if not problems and not isinstance(value, dict):
        problems = [Problem(str(path), 1, "the file holds no fields: write 'name: …'")]
    if problems:
        raise ContentErrors(problems)
    return dict(value), lines


def _asked() -> dict[str, Any]:
    """The answers of a person at the terminal."""
    said: dict[str, Any] = {
        key: click.prompt(
            text,
            default=default,
            show_default=bool(default),
            type=click.Choice(get_args(FirstKind)) if key == "kind" else None,
            show_choices=False,
        )
        for key, text, default in _QUESTIONS
    }
    question = "Write the files of the first topic now? They are to be filled in before a build."
    begin = click.confirm(question, default=False)
    kind: m.InterventionKind = said["kind"]
    code, country, agency = said.pop("code"), said.pop("country"), said.pop("agency")
    record = {
        "id": agency,
        "name": agency,
        "jurisdiction": code,
        "country": country,
        "place": country,
        "decides": m.DECISIONS[kind][0],
    }
    return {
        **said,
        "first_topic": begin,
        "jurisdictions": {code: country},
        "agencies": [record] if agency else [],
    }
