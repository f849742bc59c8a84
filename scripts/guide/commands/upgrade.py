"""`upgrade`: a guide brought to a newer engine."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from guide.base import clock
from guide.base.all_or_none import put_all
from guide.base.problem import ContentErrors, listed
from guide.base.release import release, version_numbers
from guide.commands.cli import Verb, called
from guide.content.format import SITE
from guide.content.models.site import FORMAT
from guide.content.schemas import FOLDER
from guide.upgrade import pin
from guide.upgrade.plan import Upgrade, is_checkout, pin_alone, plan, uncommitted

_INSTALL = f"python -m pip install -r {pin.FILE}"


@click.command("upgrade", cls=Verb)
@click.option(
    "--to",
    metavar="VERSION",
    help="The release to ask for, if it is not the one that runs; that one then does the rest.",
)
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option(
    "--force",
    is_flag=True,
    help="Also with files that are not committed, or with problems left for you to mend.",
)
def upgrade_verb(to: str | None, dry_run: bool, force: bool) -> int:
    """Brings the guide to the engine that runs.

    It raises the release in requirements.txt, and brings older content to the newest format. It
    renews content/schemas/ and those files of the starter that you have not changed. It works on a
    copy and checks that: either all is changed, or nothing. In a checkout of the engine it changes
    content/ alone.
    """
    root, context = Path.cwd(), click.get_current_context()
    alone = _is_another(root, to, context)
    if not dry_run and not force and (changed := uncommitted(root)):
        print(_not_committed(changed), file=sys.stderr)
        return 1
    try:
        made = pin_alone(root, to) if alone and to else plan(root, clock.today())
    except ContentErrors as errors:
        print(f"{listed(errors.problems)}\n\nNothing was changed.", file=sys.stderr)
        return 1
    if not made.files:
        print(f"Nothing to upgrade: the content has format {FORMAT}{_asks_for(made)}.")
    elif made.refused and not force and not dry_run:
        print(listed(made.problems), file=sys.stderr)
        print(
            "\nNothing was changed: these problems would be left. Mend what you can now, or upgrade"
            f" all the same and mend them then: {called(context)} --force",
            file=sys.stderr,
        )
        return 1
    else:
        if not dry_run:
            # It names the format: after a power cut the same upgrade can be done again.
            put_all(root, made.files, last=SITE)
        print("\n".join(_told(root, made, dry_run, alone)))
    if made.problems:
        print(listed(made.problems), file=sys.stderr)
    return 1 if made.problems else 0


def _not_committed(changed: list[str]) -> str:
    files = f"{len(changed)} files are" if len(changed) > 1 else "A file is"
    return (
        f"{files} not committed ({changed[0]}): commit first, so that git can take the upgrade"
        " back, or add --force."
    )


def _is_another(root: Path, to: str | None, context: click.Context) -> bool:
    """Whether another release is asked for than the one that runs."""
    if to is None:
        return False
    if is_checkout(root):
        raise click.UsageError(
            "--to is for a guide with a requirements.txt: a checkout of the engine moves by git",
            context,
        )
    try:
        return version_numbers(to) != version_numbers(release())
    except ValueError as error:
        raise click.BadParameter(str(error), context, param_hint="--to") from None


def _asks_for(made: Upgrade) -> str:
    return f", and {pin.FILE} asks for {made.after}" if made.after else ""


def _told(root: Path, made: Upgrade, dry_run: bool, alone: bool) -> Iterator[str]:
    """What was done, or would be, and what a maintainer does next."""
    schemas = [name for name in made.files if name.startswith(FOLDER)]
    for name, data in made.files.items():
        if name not in schemas:
            yield f"would write {name}" if dry_run else f"wrote {name}"
            if dry_run:
                yield from _difference(root / name, name, data or b"")
    if schemas:
        yield f"{'would renew' if dry_run else 'renewed'} {FOLDER}/ ({len(schemas)} files)"
    yield from made.notes
    if made.changes:
        yield f"\nWhat changed since {made.before}:\n\n{made.changes}"
    if dry_run:
        yield "Nothing was changed."
    elif alone:
        yield f"\nNow install {made.after} and let it do the rest:\n  {_INSTALL}\n  guide upgrade"
    else:
        yield f"\nThe content has format {FORMAT}{_asks_for(made)}."
        if made.before != made.after:
            yield f"Wherever else the guide is built, install that: {_INSTALL}"
        yield "Read 'git diff', build the guide, and commit."


def _difference(path: Path, name: str, data: bytes) -> Iterator[str]:
    """The lines that differ in a file."""
    old = path.read_text(encoding="utf-8") if path.is_file() else ""
    new = data.decode()
    for line in difflib.unified_diff(
        old.splitlines(), new.splitlines(), name, name, lineterm="", n=1
    ):
        yield f"    {line}"
