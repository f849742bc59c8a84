"""A share says out of how many: a bare number of per cent would be read as a number of people."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.checks.wordings import wordings
from guide.content import models as m
from guide.content.language_rules import language_rules
from guide.content.values import SHARES

NEEDS = "shares"

# Between two sentences, or an item of a list and the next.
_APART = re.compile(r"(?<=[.!?;]) +|\n")
_CALL = re.compile(r"\{([\w-]+)\.(\w+)\}")


def check(guide: Guide) -> Iterator[Problem]:
    """Calls of a result's share where neither the sentence nor one before it names the whole."""
    whole = language_rules().shares
    if whole is None:
        return
    for label, _, path, text, _ in wordings(guide.library):
        if not _CALL.search(text):
            continue
        for sentence in _APART.split(text):
            if whole.search(sentence):
                break
            for owner, name in _CALL.findall(sentence):
                if isinstance(guide.library.records.get(owner), m.Result) and SHARES.search(name):
                    yield guide.problem(
                        label,
                        f"{path[-1]}: {{{owner}.{name}}} is a bare number out of 100: write '%'"
                        " behind it, or say before it out of how many",
                        *path,
                    )
