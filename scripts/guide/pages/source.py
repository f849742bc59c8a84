"""The pages as written in `docs/`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from guide.base.layers import DOCS, layered_files
from guide.base.problem import ContentErrors, Problem
from guide.content.yaml_text import compose

# What the front matter of a page says that lists the whole guide: where topics are many, each
# condition has a list of its own.
EACH_CONDITION = "condition"


# What `shown_when` says in the front matter of a page that is there only when topics are many.
MANY_TOPICS = "many topics"


@dataclass(frozen=True)
class Source:
    """A page as written in docs/: its front matter and Markdown. `path` is relative to docs/."""

    path: str
    meta: dict[str, Any]
    body: str
    body_line: int

    @property
    def name(self) -> str:
        """The file's name without '.md'."""
        return Path(self.path).stem


def read_pages(root: Path) -> list[Source]:
    """The Markdown pages of docs/, front matter apart. Raises ContentErrors for a page without
    one.
    """
    pages, problems = [], []
    for relative_path, path in layered_files(root, DOCS, "**/*.md").items():
        raw = path.read_text(encoding="utf-8")
        match = re.match(r"---\n(.*?)\n---\n", raw, re.S)
        if match is None:
            problems.append(
                Problem(
                    f"docs/{relative_path}",
                    1,
                    "the page has no front matter: start it with '---', 'title: …', '---'",
                )
            )
            continue
        try:
            compose(match[1])
            meta = yaml.load(match[1], yaml.CSafeLoader)
        except (yaml.YAMLError, ValueError) as error:
            mark = getattr(error, "problem_mark", None)
            reason = getattr(error, "problem", None) or str(error).splitlines()[0]
            problems.append(
                Problem(
                    f"docs/{relative_path}",
                    mark.line + 2 if mark else 2,
                    f"the front matter cannot be read: {reason}",
                )
            )
            continue
        if not isinstance(meta, dict) or not isinstance(meta.get("title"), str):
            problems.append(
                Problem(
                    f"docs/{relative_path}",
                    2,
                    "the front matter has no 'title': write 'title: Doses and kidneys'",
                )
            )
            continue
        pages.append(
            Source(relative_path, meta, raw[match.end() :], raw[: match.end()].count("\n") + 1)
        )
    if problems:
        raise ContentErrors(problems)
    return pages


def lists_everything(source: Source) -> bool:
    """Whether the page lists what all others show: it is made after them."""
    return source.meta.get("each") == EACH_CONDITION
