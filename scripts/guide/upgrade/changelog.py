"""What changed between two releases of the engine, from CHANGELOG.md."""

from __future__ import annotations

import re

from guide.base.layers import ENGINE
from guide.base.release import version_numbers

FILE = "CHANGELOG.md"

_HEADING = re.compile(r"(?m)^## \[?(?P<version>[0-9][0-9.]*)\]?.*$")


def changes_between(before: str, after: str, text: str | None = None) -> str:
    """The entries of the releases after `before` up to `after`, the newest first; may be empty.

    `text` is that of the engine's own CHANGELOG.md, if left out.
    """
    if text is None:
        text = (ENGINE / FILE).read_text(encoding="utf-8")
    headings = list(_HEADING.finditer(text))
    ends = [*(heading.start() for heading in headings[1:]), len(text)]
    first, last = version_numbers(before), version_numbers(after)
    return "\n".join(
        text[heading.start() : end].rstrip() + "\n"
        for heading, end in zip(headings, ends, strict=True)
        if first < version_numbers(heading["version"]) <= last
    )
