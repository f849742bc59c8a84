"""What the makers of the guide read, or did not, is no answer: no sentence puts it to a reader as
the state of knowledge.
"""

from __future__ import annotations

from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.checks.wordings import wordings
from guide.content.language_rules import language_rules

NEEDS = "reading"


def check(guide: Guide) -> Iterator[Problem]:
    """Texts that tell what was read instead of what is known."""
    words = language_rules().reading
    for label, _, key_path, text, _ in wordings(guide.library):
        if words is None or not words.may_find(text):
            continue
        match = words.told.search(text)
        if match and not words.advice.search(text[max(0, match.start() - 6) : match.end() + 6]):
            yield guide.problem(
                label,
                f"{key_path[-1]}: '{match[0]}' tells what was read, not what is known: say what the"
                " source says, or write a 'gap' with its kind and its proof",
                *key_path,
            )
