"""`reference`: every command, file, field, component and rule, from their own descriptions.

Nothing in it is written by hand, so that it cannot be out of date; a test compares it with the
repository. What has no description makes the writing fail, with the place to describe it.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel

from guide.base.problem import ContentErrors, Problem
from guide.checks import registry, site
from guide.commands.cli import Verb
from guide.content.fields import allowed, description_of, fields_of, form, record_types
from guide.content.layout import LAYOUT
from guide.content.schemas import FOLDER, schema_name
from guide.view.components import COMPONENTS, called_as

FILE = "REFERENCE.md"


REPAIR = "./scripts/reference"


_USE = re.compile(r"^(?P<what>.+?) When to use: (?P<use>.+?) When not: (?P<not>.+)$", re.S)


def reference(root: Path, verbs: Mapping[str, click.Command]) -> str:
    """The text of REFERENCE.md; `verbs` are those of `guide`, by name.

    Raises ContentErrors for scripts and components that do not say what they are for.
    """
    problems: list[Problem] = []
    parts = [
        (
            "# Reference\n\nWritten by `./scripts/reference` from the repository itself; edit the"
            " things described, not this file.\nHow to do things with them:"
            " [CONTRIBUTING.md](CONTRIBUTING.md).\n\n- [Commands](#commands)\n- [Files and"
            " fields](#files-and-fields)\n- [Records](#records)\n- [Components](#components)\n-"
            " [Rules](#rules)\n- [Checks of the finished pages](#checks-of-the-finished-pages)"
        ),
        _commands(root, verbs, problems),
        *_files(),
        _components(root, problems),
        "## Rules\n\nEach is a file of `scripts/guide/checks/rules/`.\n\n"
        + "\n".join(f"- **{rule.name}**: {rule.reason}" for rule in registry.all_rules()),
        "## Checks of the finished pages\n\nIn `scripts/guide/checks/site.py`.\n\n"
        + "\n".join(f"- **{name}**: {why}" for name, why in site.CHECKS.items()),
    ]
    if problems:
        raise ContentErrors(problems)
    return "\n\n".join(parts) + "\n"


def _commands(root: Path, verbs: Mapping[str, click.Command], problems: list[Problem]) -> str:
    """The scripts a person runs: verbs by their help, others by the comment at their start."""
    names = ", ".join(f"`{name}`" for name in sorted(verbs))
    lines = [
        "## Commands",
        "",
        f"`pip install .` installs the command `guide`, which has these verbs: {names}.",
        "Where there is a script of the same name, `guide check` does what `./scripts/check` does.",
        "`--help` explains each.",
        "",
    ]
    scripts = {
        path.name: text
        for path in sorted((root / "scripts").iterdir())
        if path.is_file() and (text := path.read_text(encoding="utf-8")).startswith("#!")
    }
    for name, text in scripts.items():
        comment = re.match(r"#!.*\n((?:# .*\n)+)", text)
        if comment is None:
            problems.append(
                Problem(
                    f"scripts/{name}",
                    2,
                    "the verb does not say what it does: write a comment below its first line",
                )
            )
        elif name in verbs:
            lines += _verb(f"./scripts/{name}", verbs[name])
        else:
            said = " ".join(line[2:] for line in comment[1].splitlines())
            lines.append(f"- `./scripts/{name}`: {said}")
    for name in sorted(verbs.keys() - scripts.keys()):
        lines += _verb(f"guide {name}", verbs[name])
    return "\n".join(lines)


def _verb(call: str, verb: click.Command) -> Iterator[str]:
    """What a verb does, and its options, each as an item of a list."""
    yield f"- `{call}`: {' '.join(inspect.cleandoc(verb.help or '').split())}"
    for option in verb.params:
        if isinstance(option, click.Option):
            value = f" {option.metavar}" if option.metavar else ""
            yield f"  - `{option.opts[0]}{value}`: {option.help}"


def _files() -> list[str]:
    """A section a kind of file, and one for every record that stands inside."""
    kinds: dict[type[BaseModel], list[str]] = {}
    for pattern, model in LAYOUT:
        kinds.setdefault(model, []).append(pattern)
    files = [
        "## Files and fields\n\nIn `content/`; `*` is an id. A field in bold is needed. The schemas"
        " in `content/schemas/` say the same to an editor."
    ]
    inside: dict[type[BaseModel], None] = {}
    for model, patterns in kinds.items():
        places = ", ".join(f"`{pattern}`" for pattern in patterns)
        files.append(
            f"### {places}\n\n{description_of(model)} Schema:"
            f" `{FOLDER}/{schema_name(model)}`.\n\n{_fields(model, inside)}"
        )
    todo = list(inside)
    while todo:
        more: dict[type[BaseModel], None] = {}
        for model in todo:
            _fields(model, more)
        todo = [model for model in more if model not in inside]
        inside |= dict.fromkeys(todo)
    records = [
        f"### {model.__name__}\n\n{description_of(model)}\n\n{_fields(model, {})}"
        for model in sorted(inside, key=lambda model: model.__name__)
    ]
    return [*files, "## Records\n\nWhat stands inside the files.", *records]


def _fields(model: type[BaseModel], inside: dict[type[BaseModel], None]) -> str:
    lines = []
    for key, info in fields_of(model).items():
        inner = record_types(info.annotation)
        inside |= dict.fromkeys(inner)
        words = allowed(info.annotation) if not inner else []
        choice = f" One of: {', '.join(words)}." if words else ""
        default = _default(info.default)
        name = f"**`{key}`**" if info.is_required() else f"`{key}`"
        lines.append(f"- {name} ({form(info.annotation)}{default}): {info.description}{choice}")
    return "\n".join(lines)


def _default(value: Any) -> str:
    plain = isinstance(value, (str, bool))
    return (
        f"; {str(value).lower() if isinstance(value, bool) else value} if left out" if plain else ""
    )


def _components(root: Path, problems: list[Problem]) -> str:
    """Every component by its call, with when to use it and when not."""
    lines = [
        "## Components",
        "",
        (
            "A page calls them as `{{ name(…) }}`; each is a file of `overrides/macros/`. Those"
            " that the renderer draws need no call."
        ),
    ]
    for path in sorted((root / "overrides" / "macros").glob("[a-z]*.html")):
        name, text = path.stem, path.read_text(encoding="utf-8")
        comment = re.match(r"\{#\s*(.*?)\s*#\}", text, re.S)
        said = _USE.match(" ".join(comment[1].split())) if comment else None
        call = re.search(rf"\{{% macro {re.escape(name)}\((.*?)\) %\}}", text)
        if said is None or call is None:
            problems.append(
                Problem(
                    f"overrides/macros/{path.name}",
                    1,
                    "the component does not say what it is for: start the file with '{# <what it"
                    " shows> When to use: <…> When not: <…> #}'",
                )
            )
            continue
        lines += [
            "",
            f"### `{called_as(name) if name in COMPONENTS else f'{name}({call[1]})'}`",
            "",
            f"{said['what']}",
            "",
            f"- When to use: {said['use']}",
            f"- When not: {said['not']}",
        ]
    return "\n".join(lines)


def write_reference(root: Path, verbs: Mapping[str, click.Command]) -> list[str]:
    """Writes REFERENCE.md where it is not current; returns the names of the files it wrote."""
    text, path = reference(root, verbs), root / FILE
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return []
    path.write_text(text, encoding="utf-8")
    return [FILE]


@click.command("reference", cls=Verb)
@click.pass_context
def reference_verb(context: click.Context) -> int:
    """Writes REFERENCE.md from what the code says of itself.

    It lists every command, file, field, component and rule.
    """
    group = context.find_root().command
    if not isinstance(group, click.Group):
        raise TypeError("'reference' is a verb of 'guide', which has the others")
    written = write_reference(Path.cwd(), group.commands)
    print("\n".join(f"wrote {name}" for name in written) or f"{FILE} is current.")
    return 0
