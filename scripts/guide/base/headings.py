"""The headings of a page: its own, in Markdown, and those inside a component."""

from __future__ import annotations

import re

HEADING = re.compile(r"^(#{1,4}) (.+?)(?: \{ #([a-z0-9-]+) \})?$")


# A heading that stands inside a component, such as the box of warning signs.
BOXED_HEADING = re.compile(r'<h([23]) id="([a-z0-9-]+)">(.*?)</h\1>')


def section(line: str) -> tuple[int, str, str]:
    """Level, words and id of the heading in a line of a page, whether Markdown or inside a
    component; (0, "", "") for other lines.
    """
    match = HEADING.match(line)
    if match:
        return len(match[1]), match[2], match[3] or ""
    boxed = BOXED_HEADING.search(line)
    return (int(boxed[1]), boxed[3], boxed[2]) if boxed else (0, "", "")
