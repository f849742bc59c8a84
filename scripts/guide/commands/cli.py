"""What all verbs share: one form of usage, and messages that say what is allowed."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, MutableMapping
from pathlib import Path

import click

from guide.base.problem import nearest


def called(context: click.Context) -> str:
    """What a person types to run the verb: the script of its name, or `guide VERB`."""
    script = f"./scripts/{context.info_name}"
    return script if Path(script).is_file() else context.command_path


class Verb(click.Command):
    """A verb, which calls itself what a person types: ./scripts/where."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the line that says how to run the verb."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(called(ctx), pieces, prefix="usage: ")


class Verbs(MutableMapping[str, click.Command]):
    """The verbs by name, in the order given. The module of a verb is imported when the verb is
    asked for: together they import the whole engine, which takes 0.6 s.

    The verb `new-topic` is `new_topic_verb` of `guide.commands.new_topic`.
    """

    def __init__(self, names: Iterable[str]):
        self._verbs: dict[str, click.Command | None] = dict.fromkeys(names)

    def __getitem__(self, name: str) -> click.Command:
        verb = self._verbs[name]
        if verb is None:
            module = name.replace("-", "_")
            verb = getattr(importlib.import_module(f"guide.commands.{module}"), f"{module}_verb")
            self._verbs[name] = verb
        return verb

    def __setitem__(self, name: str, verb: click.Command) -> None:
        self._verbs[name] = verb

    def __delitem__(self, name: str) -> None:
        del self._verbs[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._verbs)

    def __len__(self) -> int:
        return len(self._verbs)


class VerbGroup(click.Group):
    """The command `guide`, with its verbs in the order in which they were added."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the verbs, in that order."""
        return list(self.commands)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the line that says how to run a verb."""
        formatter.write_usage(ctx.command_path, "VERB [ARGUMENTS]", prefix="usage: ")


def usage_message(error: click.UsageError) -> str:
    """The usage of the verb, then what is wrong, what is allowed and the nearest guess."""
    context = error.ctx
    if context is None:
        return f"guide: error: {error.format_message()}"
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return context.get_help()
    return f"{context.get_usage()}\n{called(context)}: error: {_what_is_wrong(error, context)}"


def _what_is_wrong(error: click.UsageError, context: click.Context) -> str:
    command = context.command
    if isinstance(error, click.NoSuchOption):
        options = [
            name for option in command.get_params(context) for name in option.opts if "-" in name
        ]
        return _not_allowed("option", error.option_name, options)
    if isinstance(error, click.exceptions.NoSuchCommand) and isinstance(command, click.Group):
        return _not_allowed("verb", error.command_name, command.list_commands(context))
    return error.format_message()


def _not_allowed(kind: str, word: str, allowed: Iterable[str]) -> str:
    names = list(allowed)
    return f"there is no {kind} '{word}'{nearest(word, names)}; there are: {', '.join(names)}"
