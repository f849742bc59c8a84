"""A fact stands once and is called wherever else it is needed; written twice, one of the two is
forgotten when it changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.checks.wordings import wordings
from guide.content import models as m
from guide.content import wording

# Short answers such as "It depends on the medicine." state no fact of their own.
_WORDS = 8


def check(guide: Guide) -> Iterator[Problem]:
    """Facts that say the same as another, and answers that repeat a fact."""
    first_with: dict[tuple[str, str], str] = {}
    yield from _same_words(guide, first_with)
    yield from _same_values(guide)
    yield from _repeated_words(guide, first_with)
    yield from _repeated_values(guide)


def _same_words(guide: Guide, first_with: dict[tuple[str, str], str]) -> Iterator[Problem]:
    """Facts in the words of another; `first_with` gets the first fact for each track and text."""
    for record in guide.library.statements():
        for track, text in (("patient", record.patient), ("clinician", record.clinician)):
            words = _filled(text or "", record.values)
            first = first_with.setdefault((track, words), record.id)
            if words and first != record.id:
                yield guide.problem(
                    record.id,
                    f"{track}: the same words stand in '{first}' ({_at(guide, first)}): keep one of"
                    " the two facts, and name it where the other is needed",
                    track,
                )


def _same_values(guide: Guide) -> Iterator[Problem]:
    """Facts with the source, locator and numbers of another."""
    first_with: dict[tuple[str, tuple[str, ...], str, tuple[str, ...]], str] = {}
    for record in guide.library.statements():
        values = sorted(map(wording.shown, record.values.values()))
        if not record.locator or not any(re.search(r"\d", value) for value in values):
            continue
        first = first_with.setdefault(
            (record.kind, tuple(sorted(record.sources)), record.locator, tuple(values)), record.id
        )
        if first != record.id:
            place = guide.library.place[record.id]
            yield Problem(
                place.path,
                place.line,
                f"'{record.id}' has the source, locator and values of '{first}'"
                f" ({_at(guide, first)}): keep one of the two facts, and name it where the"
                " other is needed",
            )


def _repeated_words(guide: Guide, first_with: dict[tuple[str, str], str]) -> Iterator[Problem]:
    """Answers, explanations and the like in the words of a fact."""
    for label, _, path, text, values in wordings(guide.library):
        if label in guide.library.records or path[-1] not in ("patient", "clinician"):
            continue
        first = first_with.get((str(path[-1]), _filled(text, values)))
        if first and len(text.split()) >= _WORDS:
            yield guide.problem(
                label,
                f"{path[-1]}: these are the words of '{first}' ({_at(guide, first)}): name the"
                f" fact in '{_field_of_facts(label)}' and answer in other words",
                *path,
            )


def _field_of_facts(label: str) -> str:
    """The field in which a text of this place names the facts that it rests on."""
    return "facts" if label.startswith("answers:") else "statements"


def _repeated_values(guide: Guide) -> Iterator[Problem]:
    """Values of an answer that a fact it rests on has already."""
    for topic, questions in guide.library.questions.items():
        for index, question in enumerate(questions):
            for name, value in question.values.items():
                if call := _call_of(guide, question, value):
                    yield guide.problem(
                        f"faq:{topic}",
                        f"values.{name}: '{wording.shown(value)}' stands in the fact already: call"
                        f" it as {{{call}}}",
                        "questions",
                        index,
                        "values",
                        name,
                    )


def _call_of(guide: Guide, question: m.Question, value: m.Value) -> str | None:
    """The call of the same value in a fact that the answer rests on; None where there is none."""
    if isinstance(value, int):
        return None
    for key in question.statements:
        fact = guide.library.records.get(key)
        for name, known in fact.values.items() if isinstance(fact, m.Statement) else ():
            if known == value:
                return f"{key}.{name}"
    return None


def _at(guide: Guide, record: str) -> str:
    place = guide.library.place[record]
    return f"{place.path}:{place.line}"


def _filled(text: str, values: Mapping[str, m.Value | None]) -> str:
    """A wording with its own values in it, in small letters and without punctuation."""

    def value(match: re.Match[str]) -> str:
        known = values.get(match[1])
        return match[0] if known is None else wording.shown(known)

    filled = wording.CALL.sub(value, text)
    return " ".join(re.findall(r"[\w.%]+", filled.lower()))
