"""Every file of content/ names its schema in its first line, so that any editor completes and
explains the fields while they are typed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from guide.base.command_line import typed
from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.content.schemas import FOLDER, first_line


def check(guide: Guide) -> Iterator[Problem]:
    """Files whose first line does not name their schema."""
    if not (guide.root / FOLDER).is_dir():  # without schemas there is nothing to name
        return
    for name in guide.library.lines:
        expected = first_line(Path(name).relative_to("content"))
        with (guide.root / name).open(encoding="utf-8") as file:
            actual = file.readline().rstrip("\n")
        if expected and actual != expected:
            said = (
                "names the wrong schema"
                if actual.startswith("# yaml-language-server:")
                else "names no schema"
            )
            yield Problem(
                name, 1, f"the first line {said}: write '{expected}', or run {typed('schemas')}"
            )
