"""A fact stands once and is called wherever else it is needed; written twice, one of the two is
forgotten when it changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.checks.wordings import wordings
from guide.content import models as m
from guide.content import wording

# Short answers such as "It depends on the medicine." state no fact of their own.
_WORDS = 8


def check(guide: Guide) -> Iterator[Problem]:
    """Facts that say the same as another, and answers that repeat a fact."""
    library, told, measured = guide.library, {}, {}
    for record in library.statements():
        place = library.place[record.id]
        for track in ("patient", "clinician"):
            words = _filled(getattr(record, track) or "", record.values)
            first = told.setdefault((track, words), record.id)
            if words and first != record.id:
                yield guide.problem(
                    record.id,
                    f"{track}: the same words stand in '{first}' ({_at(guide, first)}): keep one of"
                    " the two facts, and name it where the other is needed",
                    track,
                )
        values = sorted(map(wording.shown, record.values.values()))
        if record.locator and any(re.search(r"\d", value) for value in values):
            first = measured.setdefault(
                (record.kind, tuple(sorted(record.sources)), record.locator, tuple(values)),
                record.id,
            )
            if first != record.id:
                yield Problem(
                    place.path,
                    place.line,
                    f"'{record.id}' has the source, locator and values of '{first}'"
                    f" ({_at(guide, first)}): keep one of the two facts, and name it where the"
                    " other is needed",
                )
    for label, _, where, text, values in wordings(library):
        if label not in library.records and where[-1] in ("patient", "clinician"):
            first = told.get((where[-1], _filled(text, values)))
            if first and len(text.split()) >= _WORDS:
                yield guide.problem(
                    label,
                    f"{where[-1]}: these are the words of '{first}' ({_at(guide, first)}): name the"
                    " fact in 'statements' and answer in other words",
                    *where,
                )
    for topic, questions in library.questions.items():
        for index, question in enumerate(questions):
            facts = [
                record
                for key in question.statements
                if isinstance(record := library.records.get(key), m.Statement)
            ]
            for name, value in question.values.items():
                owner = next(
                    (
                        (fact.id, own)
                        for fact in facts
                        for own, known in fact.values.items()
                        if known == value and not isinstance(value, int)
                    ),
                    None,
                )
                if owner:
                    yield guide.problem(
                        f"faq:{topic}",
                        f"values.{name}: '{wording.shown(value)}' stands in the fact already: call"
                        f" it as {{{owner[0]}.{owner[1]}}}",
                        "questions",
                        index,
                        "values",
                        name,
                    )


def _at(guide: Guide, record: str) -> str:
    place = guide.library.place[record]
    return f"{place.path}:{place.line}"


def _filled(text: str, values: dict[str, m.Value]) -> str:
    """A wording with its own values in it, in small letters and without punctuation."""
    filled = wording.CALL.sub(
        lambda match: wording.shown(values[match[1]]) if match[1] in values else match[0], text
    )
    return " ".join(re.findall(r"[\w.%]+", filled.lower()))
