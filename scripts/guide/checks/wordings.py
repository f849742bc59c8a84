"""Every text of the content that a reader sees."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from guide.content import models as m
from guide.content.gaps import each_gap
from guide.content.library import Library

# The names that a handout's questions may call.
ASKED = ("medicine", "Medicine", "condition", "Condition", "abbreviation", "class")


def wordings(library: Library) -> list[tuple[str, str, tuple[Any, ...], str, Any]]:
    """Every text a reader sees that comes from YAML: (label of the record, track or "both", path
    below the record, text, own values).
    """
    return library.compute_once(_all_wordings)


def _all_wordings(library: Library) -> list[tuple[str, str, tuple[Any, ...], str, Any]]:
    return list(_each_wording(library))


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
