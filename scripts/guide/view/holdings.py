"""What a guide holds of a condition, so that no page promises more.

A card or a heading that names doses, labels or recommendations is true only of a guide that has
some.
"""

from __future__ import annotations

from collections.abc import Iterable

from guide.content import models as m
from guide.content.library import Library


def interventions_of(library: Library, condition: str) -> tuple[str, ...]:
    """What the topics of a condition are about, and their classes."""
    medicines = [
        library.medicines[topic.medicine]
        for topic in library.topics.values()
        if topic.condition == condition
    ]
    return tuple(
        dict.fromkeys(key for one in medicines for key in (one.id, one.class_) if key is not None)
    )


def has_doses(library: Library, interventions: Iterable[str]) -> bool:
    """Whether there is a dose of one of these interventions."""
    return any(
        key in library.dose_tables or f"{key}/dosing" in library.statements_by_subject
        for key in interventions
    )


def has_recommendations(library: Library, condition: str) -> bool:
    """Whether a guideline or a body of those that recommend says something for a condition."""
    populations = library.conditions[condition].populations
    recommending = {one.id for one in library.site.agencies if one.decides == "recommendation"}
    return (
        any(key in library.guidelines_by_population for key in populations)
        or any(key.partition("/")[0] == "all" for key in library.guidelines_by_population)
        or any(
            approval.condition == condition and approval.agency in recommending
            for medicine in library.medicines.values()
            for approval in medicine.approvals
        )
        or _has_statements(library, condition, "guideline")
    )


def has_labels(library: Library, interventions: Iterable[str]) -> bool:
    """Whether a fact about one of these interventions rests on a label or leaflet."""
    subjects = {*interventions}
    return any(
        library.sources[source].type in ("label", "leaflet")
        for key, record in library.records.items()
        if library.subject[key] in subjects
        for source in record.sources
    )


def has_signs_of(library: Library, interventions: Iterable[str]) -> bool:
    """Whether there are signs that need help with one of these interventions."""
    medicines = [library.medicines[key] for key in interventions]
    return any(one.emergency or one.call_today or one.next_visit for one in medicines) or any(
        f"{one.id}/urgent-signs" in library.statements_by_subject for one in medicines
    )


def _has_statements(library: Library, condition: str, kind: m.Kind) -> bool:
    """Whether there is a fact of a kind about a condition, its topics or its interventions."""
    topics = [topic.id for topic in library.topics.values() if topic.condition == condition]
    subjects = (condition, *topics, *interventions_of(library, condition))
    return any(f"{subject}/{kind}" in library.statements_by_subject for subject in subjects)
