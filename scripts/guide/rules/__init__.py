"""One rule, one module: its name is the file's, its first docstring line is the reason readers see.

A rule has one or both of two checks, which yield problems whose messages are the repair:

`check_page(guide, page, text)` looks at one page as Markdown, when it is rendered anew.
`check(guide)` looks at everything, in every run.

A rule that must let something through lists it in its own EXCEPTIONS, and an exception that is no
longer needed is itself a problem.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .. import models as m
from ..gaps import each_gap
from ..library import Library
from ..problem import Problem

if TYPE_CHECKING:
    from ..render import Page


# The names that a handout's questions may call.
ASKED = ("medicine", "Medicine", "condition", "Condition", "abbreviation", "class")


@dataclass(frozen=True)
class Guide:
    """What a rule looks at: the library, the pages as they go to the engine, and the day."""

    library: Library
    root: Path
    pages: list[Page]
    today: datetime.date

    def problem(self, label: str, message: str, *where: Any) -> Problem:
        """A problem at the place of a record or other id, or at a path of keys below it."""
        place = self.library.place[label]
        line = self.line(label, *where)
        return Problem(place.path, line or place.line, message)

    def line(self, label: str, *where: Any) -> int:
        """The line of a key inside the record written at `label`."""
        place = self.library.place[label]
        lines = self.library.lines.get(place.path, {})
        base = next(
            (
                path
                for path, line in lines.items()
                if line == place.line and (not path or isinstance(path[-1], int))
            ),
            (),
        )
        return lines.get((*base, *where), place.line)


def except_for(
    exceptions: dict[str, str], found: Iterator[tuple[str, Problem]], guide: Guide
) -> Iterator[Problem]:
    """The problems of all records but the excepted ones; an exception that is no longer needed is a
    problem.

    `found` yields (record id, problem); `exceptions` maps a record id to the reason it may stay.
    """
    needed: set[str] = set()
    for record, problem in found:
        if record in exceptions:
            needed.add(record)
        else:
            yield problem
    for record in exceptions:
        if record in guide.library.records and record not in needed:
            yield guide.problem(
                record,
                f"'{record}' is listed as an exception of this rule and no longer needs to be:"
                " delete it from EXCEPTIONS",
            )


@functools.cache
def all_rules() -> list[ModuleType]:
    """Every rule of this package, by name."""
    return [
        importlib.import_module(f"{__name__}.{module.name}")
        for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name)
    ]


def check_page(guide: Guide, page: Page, text: str) -> Iterator[Problem]:
    """What the rules for single pages find on a page; `text` is its Markdown with front matter."""
    for rule in all_rules():
        if hasattr(rule, "check_page"):
            yield from (
                dataclasses.replace(problem, rule=title(rule))
                for problem in rule.check_page(guide, page, text)
            )


def title(rule: ModuleType) -> str:
    return rule.__name__.rsplit(".", 1)[-1].replace("_", "-")


def why(rule: ModuleType) -> str:
    """The rule's reason: the first paragraph of its docstring."""
    return " ".join((rule.__doc__ or "").strip().split("\n\n")[0].split())


def wordings(library: Library) -> list[tuple[str, str, tuple[Any, ...], str, Any]]:
    """Every text a reader sees that comes from YAML: (label of the record, track or "both", path
    below the record, text, own values).
    """
    return library.memo(_all_wordings)


def _all_wordings(library: Library) -> list[tuple[str, str, tuple[Any, ...], str, Any]]:
    return list(_each_wording(library))


def holds_one(text: str, signs: tuple[str, ...]) -> bool:
    """Whether a text holds any of these, in small letters: a quick no for patterns that few texts
    match.
    """
    small = text.lower()
    return any(sign in small for sign in signs)


def _each_wording(library: Library) -> Iterator[tuple[str, str, tuple[Any, ...], str, Any]]:
    for record in library.records.values():
        fields = {
            "patient": "patients",
            "clinician": "clinicians",
            "reason": "both",
            "line": "both",
            "clinician_only": "clinicians",
            "not_rated": "both",
            "who": "both",
            "strength": "both",
        }
        for name, track in fields.items():
            value = getattr(record, name, None)
            if isinstance(value, str):
                yield record.id, track, (name,), value, getattr(record, "values", {})
    for topic, questions in library.questions.items():
        for index, question in enumerate(questions):
            for name, track in {
                "question": "both",
                "clinician_question": "clinicians",
                "patient": "patients",
                "clinician": "clinicians",
                "section": "both",
            }.items():
                value = getattr(question, name)
                if isinstance(value, str):
                    yield f"faq:{topic}", track, ("questions", index, name), value, question.values
    for topic, takeaways in library.takeaways.items():
        for index, takeaway in enumerate(takeaways):
            yield (
                f"takeaways:{topic}",
                "patients",
                ("takeaways", index, "patient"),
                takeaway.patient,
                {},
            )
            yield (
                f"takeaways:{topic}",
                "clinicians",
                ("takeaways", index, "clinician"),
                takeaway.clinician,
                {},
            )
    for condition, grid in library.comparisons.items():
        for row_index, row in enumerate(grid.rows):
            yield (
                f"comparison:{condition}",
                "patients",
                ("rows", row_index, "patient"),
                row.patient,
                {},
            )
            yield (
                f"comparison:{condition}",
                "clinicians",
                ("rows", row_index, "clinician"),
                row.clinician,
                {},
            )
            for cell_index, cell in enumerate(row.cells):
                for name, track in {"patient": "patients", "clinician": "clinicians"}.items():
                    value = getattr(cell, name)
                    if value:
                        yield (
                            f"comparison:{condition}",
                            track,
                            ("rows", row_index, "cells", cell_index, name),
                            value,
                            {},
                        )
    for medicine, schedule in library.schedules.items():
        for index, row in enumerate(schedule.rows):
            for name, track in {"patient": "patients", "test": "clinicians"}.items():
                yield f"schedule:{medicine}", track, ("rows", index, name), getattr(row, name), {}
            for name, track in (
                {"patient": "patients", "clinician": "clinicians"}.items() if row.say else ()
            ):
                yield (
                    f"schedule:{medicine}",
                    track,
                    ("rows", index, "say", name),
                    getattr(row.say, name),
                    {},
                )
    for topic, handout in library.handouts.items():
        for track, own in (("patients", handout.patients), ("clinicians", handout.clinicians)):
            for index, question in enumerate(own.ask or ()):
                yield (
                    f"handout:{topic}",
                    track,
                    (track, "ask", index),
                    question,
                    dict.fromkeys(ASKED),
                )
    for term in library.glossary.values():
        yield f"term:{term.id}", "patients", ("patient",), term.patient, {}
        yield f"term:{term.id}", "clinicians", ("clinician",), term.clinician, {}
    for trial in library.trials.values():
        yield f"trial:{trial.id}", "clinicians", ("design",), trial.design, {}
    for condition in library.conditions.values():
        if condition.need:
            yield (
                f"condition:{condition.id}",
                "patients",
                ("need", "patient"),
                condition.need.patient,
                {},
            )
            yield (
                f"condition:{condition.id}",
                "clinicians",
                ("need", "clinician"),
                condition.need.clinician,
                {},
            )
    for topic in library.topics.values():
        yield f"topic:{topic.id}", "both", ("summary",), topic.summary, {}
    for medicine in library.medicines.values():
        if medicine.emergency:
            yield (
                f"medicine:{medicine.id}",
                "patients",
                ("emergency", "text"),
                medicine.emergency.text,
                {},
            )
    for written in each_gap(library):
        yield from _gap(written.label, written.gap, *written.where)


def _gap(
    label: str, gap: m.Gap, *where: Any
) -> Iterator[tuple[str, str, tuple[Any, ...], str, Any]]:
    """The texts of a gap that a reader sees."""
    yield label, "patients" if gap.clinician else "both", (*where, "patient"), gap.patient, {}
    for name, track in (("clinician", "clinicians"), ("ask", "both"), ("on", "both")):
        if value := getattr(gap, name):
            yield label, track, (*where, name), value, {}
