"""What the makers of the guide read, or did not, is no answer: no sentence puts it to a reader as
the state of knowledge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide, holds_one
from guide.checks.wordings import wordings

_SIGNS = ("read", "looked up")


TOLD = re.compile(
    r"\b(?:we|it|was|were|is|are|been|had|has|have|nobody|documents?|texts?|labels?|sources?|leaflets?|source)\b(?:"
    r" (?:that|which|we|you|they|have|has|was|were|did|not|had|been|no|never|yet|only|here))*"
    r" read\b|\bread (?:no|only|nothing|of no|limits|here)\b|\bnot (?:looked up|read)\b|\blabels"
    r" read\b|\bsources? read\b|\btexts? read\b",
    re.I,
)


# People read leaflets and labels, too: that is advice, not an account of what was read for the
# guide.
ADVICE = re.compile(r"\bRead\b|\bto read\b|\byou (?:can |have |should )?read\b")


def check(guide: Guide) -> Iterator[Problem]:
    """Texts that tell what was read instead of what is known."""
    for label, _, key_path, text, _ in wordings(guide.library):
        if not holds_one(text, _SIGNS):
            continue
        match = TOLD.search(text)
        if match and not ADVICE.search(text[max(0, match.start() - 6) : match.end() + 6]):
            yield guide.problem(
                label,
                f"{key_path[-1]}: '{match[0]}' tells what was read, not what is known: say what the"
                " source says, or write a 'gap' with its kind and its proof",
                *key_path,
            )
