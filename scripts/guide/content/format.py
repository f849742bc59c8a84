"""The format in which a guide's content is written, and whether this engine reads it."""

from __future__ import annotations

from pathlib import Path

from guide.base.problem import Problem
from guide.content.key_path import Lines
from guide.content.models.site import FORMAT
from guide.content.yaml_reader import read_yaml

SITE = "content/site.yml"

# What content/site.yml did not say before there was a second format.
FIRST = 1


def format_problem(root: Path) -> Problem | None:
    """Why this engine does not read the content of a guide, with the remedy; None where it does.

    It is None, too, where content/site.yml is missing or has another mistake: others say that.
    """
    written, lines = written_format(root)
    if written is None or written == FORMAT:
        return None
    line = lines.get(("format",), 1)
    has = f"the content has format {written}, and this engine reads format {FORMAT}"
    if written > FORMAT:
        remedy = "install the newer engine: python -m pip install -r requirements.txt"
    else:
        remedy = f"run {upgrade_command(root)}"
    return Problem(SITE, line, f"{has}: {remedy}")


def upgrade_command(root: Path) -> str:
    """What a maintainer types to bring the content of a guide to the newest format."""
    return "./scripts/upgrade" if (root / "scripts/upgrade").is_file() else "guide upgrade"


def written_format(root: Path) -> tuple[int | None, Lines]:
    """The format that content/site.yml names, and the lines of that file.

    The format is None where the file cannot be read, or names a format that is no whole number.
    """
    path = root / SITE
    if not path.is_file():
        return None, {}
    value, lines, problems = read_yaml(path, SITE)
    if problems or not isinstance(value, dict):
        return None, lines
    found = value.get("format", FIRST)
    # True is an int for Python.
    return (found if type(found) is int else None), lines
