"""Indexes of the library: ids by subject, kind, medicine, condition and population."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from guide.content import models as m
from guide.content.library import Library


def fill_indexes(library: Library) -> None:
    """Fills the ways into the library that do not walk through all of it."""
    found: dict[str, dict[str, dict[Any, None]]] = {}

    def put(shelf: str, key: str, value: Any) -> None:
        found.setdefault(shelf, {}).setdefault(key, {})[value] = None

    for record in library.records.values():
        subject = library.subject[record.id]
        if isinstance(record, m.Statement):
            put("about", f"{subject}/{record.kind}", record.id)
            for other in record.bears_on:
                put("bearing", f"{other}/{record.kind}", record.id)
        elif isinstance(record, m.Approval):
            put("rows", record.condition, subject)
    for medicine in library.medicines.values():
        if medicine.class_:
            put("members", medicine.class_, medicine.id)
        for member in medicine.members:
            put("classes", member, medicine.id)
    for condition in library.conditions.values():
        for people in (*condition.populations, *condition.related_populations):
            put("families", people, condition.id)
    for medicine, conditions in _homes(library, found.get("families", {})).items():
        for condition in conditions or {""}:
            put("homes", condition, medicine)
    for trial in library.trials.values():
        put("tested", trial.medicine, trial.id)
        for people in (trial.population, *(result.population for result in trial.results)):
            put("studied", people, trial.id)
    for guideline in library.guidelines.values():
        for statement in guideline.statements:
            for people in (
                [f"all/{medicine}" for medicine in guideline.medicines or ("",)]
                if statement.population == "all"
                else [statement.population]
            ):
                put("advised", people, guideline.id)
    for system in library.health_systems.values():
        for condition in system.conditions:
            put("paid", condition, system.id)
    for shelf, keys in found.items():
        getattr(library, shelf).update({key: tuple(values) for key, values in keys.items()})
    for change in library.changes:
        for record in change.records or (change.record or "",):
            library.changed[record] = (*library.changed.get(record, ()), change)


def _homes(library: Library, families: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """The conditions that each medicine and class belongs to: by a comparison, an approval cell, or
    a trial or fact in its people.
    """
    homes: dict[str, set[str]] = {key: set() for key in library.medicines}
    for key, grid in library.comparisons.items():
        for option in grid.options:
            for medicine in (option.id, option.example):
                if medicine in homes:
                    homes[medicine].add(key)
    for medicine in library.medicines.values():
        homes[medicine.id].update(approval.condition for approval in medicine.approvals)
    for record in library.records.values():
        key = library.medicine_of(record.id)
        if key in homes and not isinstance(record, m.Approval):
            homes[key].update(families.get(record.population, ()))
    for medicine in library.medicines.values():
        for member in medicine.members:
            homes[medicine.id] |= homes.get(member, set())
    return homes
