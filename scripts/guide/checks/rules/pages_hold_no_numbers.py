"""A page says where a fact stands, YAML says what it is: no digit is typed into a page's prose."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guide.base.layers import DOCS, layered_files
from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.content import names, wording


def check(guide: Guide) -> Iterator[Problem]:
    """Digits typed into the prose of docs/."""
    for name, path in layered_files(guide.root, DOCS, "**/*.md").items():
        inside = False
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if line == "---" and number in (1, 2, 3, 4, 5, 6, 7, 8):
                inside = number == 1
                continue
            if inside:
                continue
            bare = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{ #[a-z0-9-]+ \}|\]\([^)]*\)", " ", line)
            for digits in wording.free_digits(bare, guide.library.compute_once(names.pattern)):
                yield Problem(
                    f"docs/{name}",
                    number,
                    f"'{digits}' is typed in prose; call the fact: {{{{ fact('…') }}}}",
                )
