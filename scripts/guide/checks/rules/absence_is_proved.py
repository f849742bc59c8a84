"""A sentence about what a document does not say names the document, what was read of it and the
words looked for. Where the document's words are kept, they are looked for again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from guide.base.problem import Problem
from guide.checks.rule import Guide, except_for
from guide.checks.wordings import wordings
from guide.content import models as m
from guide.content.gaps import each_gap
from guide.content.language_rules import AbsenceWords, language_rules
from guide.content.library import Library

WHOLE = "whole"


_WORD = re.compile(r"[^\W\d_]+|\d+")


NEEDS = "absence"
# Words that are said to be absent are looked for in every language.
PARTLY = True


def check(guide: Guide) -> Iterator[Problem]:
    """Texts that deny without proof, and denied words that a document does hold."""
    for label, key_path, gap, _ in each_gap(guide.library):
        yield from _looked(guide, label, gap.looked, *key_path)
    for record in guide.library.statements():
        yield from _looked(guide, record.id, record.looked)
    if words := language_rules().absence:
        yield from except_for("absence-is-proved", _denials(guide, words), guide)


def _denials(guide: Guide, words: AbsenceWords) -> Iterator[tuple[str, Problem]]:
    """Sentences that deny without proof, by the label of their record or file."""
    library = guide.library
    proved = {(gap.label, gap.key_path) for gap in each_gap(library) if gap.gap.looked}
    for label, _, key_path, text, _ in wordings(library):
        denial = words.pattern.search(text) if words.may_find(text) else None
        if denial and not _is_proved(library, label, key_path, proved):
            said = text[denial.start() : denial.end() + 30].replace("\n", " ")
            yield (
                label,
                guide.problem(
                    label,
                    f"{key_path[-1]}: '{said}…' says what a document does not say: add 'looked'"
                    " (the document, what was read of it, the words looked for) to the fact or the"
                    " gap, or leave it out",
                    *key_path,
                ),
            )


def _is_proved(
    library: Library,
    label: str,
    key_path: tuple[Any, ...],
    proved: set[tuple[str, tuple[Any, ...]]],
) -> bool:
    """Whether a fact, a gap, or what an answer rests on says where was looked."""
    record = library.records.get(label)
    if isinstance(record, m.Statement):
        return bool(record.looked or record.as_of)
    if any((label, key_path[:length]) in proved for length in range(1, len(key_path) + 1)):
        return True
    kind, _, owner = label.partition(":")
    entries: Sequence[m.Question | m.Takeaway | m.Answer] = ()
    if kind == "faq":
        entries = library.questions.get(owner, ())
    elif kind == "takeaways":
        entries = library.takeaways.get(owner, ())
    elif kind == "answers":
        entries = library.answers.get(owner, ())
    if not entries:
        return False
    entry = entries[key_path[1]]
    keys = entry.facts if isinstance(entry, m.Answer) else entry.statements
    rests = [library.records[key] for key in keys if key in library.records]
    return (label, (*key_path[:2], "gap")) in proved or any(
        isinstance(one, m.Statement) and (one.looked or one.as_of) for one in rests
    )


def _looked(guide: Guide, label: str, looked: list[m.Looked], *key_path: Any) -> Iterator[Problem]:
    source_words = guide.library.source_words
    for index, one in enumerate(looked):
        if one.source not in source_words or one.sections != WHOLE:
            continue
        words = guide.library.compute_once(words_of)[one.source]
        for term in one.terms:
            if holds(words, term):
                yield guide.problem(
                    label,
                    f"looked[{index}]: '{term}' is said to be absent from '{one.source}', whose"
                    " kept words hold it: read the document again, and answer from it, or name the"
                    " sections that lack it",
                    *key_path,
                    "looked",
                    index,
                )


def words_of(library: Library) -> dict[str, frozenset[str]]:
    """The kept words of each document."""
    return {
        key: frozenset(word for words in document.words.values() for word in words.split())
        for key, document in library.source_words.items()
    }


def holds(words: frozenset[str], term: str) -> bool:
    """Whether a document may hold a term: every word of the term begins a word of the document."""
    return all(any(word.startswith(part) for word in words) for part in _WORD.findall(term.lower()))
