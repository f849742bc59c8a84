"""Older content, brought to the newest format.

Each step is a module: `from_1_to_2` makes content of format 2 of content of format 1. It has one
function, `step(files)`. That takes the texts of all files by their path from the guide's folder,
and returns those that it changes or adds. A step writes no file and asks for no day: the same
files give the same result. It reads old files as YAML, never by the models, which know the newest
format alone. A step is not changed once it was released.

Files are the YAML files of `content/` and the pages of `docs/`. Steps change `content/` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from guide.content.format import SITE
from guide.content.migrations import from_1_to_2, from_2_to_3
from guide.content.migrations.edits import with_first_key
from guide.content.models.site import FORMAT

Step = Callable[[Mapping[str, str]], dict[str, str]]


# The step that leads away from a format.
STEPS: dict[int, Step] = {1: from_1_to_2.step, 2: from_2_to_3.step}


def migrated(files: Mapping[str, str], written: int) -> dict[str, str]:
    """The files that differ once content of the format `written` is brought to the newest one.

    Raises ContentErrors, with file and line, for files that a step cannot read or change.
    """
    current = dict(files)
    for number in range(written, FORMAT):
        current |= STEPS[number](current)
        current[SITE] = with_first_key(SITE, current[SITE], "format", number + 1)
    return {name: text for name, text in current.items() if files.get(name) != text}
