"""The headings that answers stand under: the questions are on the pages, not in the files."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from guide.base.headings import section
from guide.base.layers import DOCS, layered_files

# A name in a heading, such as that of the condition.
_NAME = re.compile(r"\{\{ *\w+ *\}\}")
# The words of an answer's place in a file of answers; "" where nothing is known of it.
HeadingsOf = Callable[[str, str, str], str]


def answered_headings(root: Path) -> HeadingsOf:
    """What stands over an answer for patients and for clinicians, by the folder of its page (topic
    or condition), the page, and the section, "" for the page itself.
    """
    files = layered_files(root, DOCS, "*/*/*.md")
    known: dict[tuple[str, str], dict[str, str]] = {}

    def words(folder: str, page: str, anchor: str) -> str:
        said = []
        for track in ("patients", "clinicians"):
            name = f"{folder}/{track}/{page}.md"
            if (folder, name) not in known:
                path = files.get(name)
                known[folder, name] = _headings(path) if path else {}
            if heading := known[folder, name].get(anchor):
                said.append(f"'{heading}' ({track})")
        if said:
            return f"Under the heading {', '.join(said)}."
        return "" if anchor else "First on its page."

    return words


def _headings(path: Path) -> dict[str, str]:
    """The headings of a page by their ids, a name in them as '…'; without those that depend on
    what is known.
    """
    found: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").split("\n"):
        level, words, anchor = section(line)
        words = _NAME.sub("…", words)
        if level > 1 and anchor and "{{" not in words:
            found.setdefault(anchor, words)
    return found
