"""Indexes of the library: ids by subject, kind, medicine, condition and population; answers and
questions by where they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from guide.content import models as m
from guide.content.library import Library


def fill_indexes(library: Library) -> None:
    """Fills the indexes of a library that holds all records."""
    _index_records(library)
    _index_subjects(library)
    _index_answers(library)
    library.changes_by_record.update(_changes(library))


def _index_records(library: Library) -> None:
    library.statements_by_subject.update(
        _grouped(
            (f"{library.subject[record.id]}/{record.kind}", record.id)
            for record in library.statements()
        )
    )
    library.statements_bearing_on.update(
        _grouped(
            (f"{other}/{record.kind}", record.id)
            for record in library.statements()
            for other in record.bears_on
        )
    )
    library.medicines_with_approvals.update(
        _grouped(
            (record.condition, library.subject[record.id])
            for record in library.records.values()
            if isinstance(record, m.Approval)
        )
    )


def _index_subjects(library: Library) -> None:
    medicines, trials = library.medicines.values(), library.trials.values()
    library.members_by_class.update(
        _grouped((medicine.class_, medicine.id) for medicine in medicines if medicine.class_)
    )
    library.classes_by_medicine.update(
        _grouped((member, medicine.id) for medicine in medicines for member in medicine.members)
    )
    library.conditions_by_population.update(_grouped(_populations(library)))
    library.medicines_by_condition.update(
        _grouped(
            (condition, medicine)
            for medicine, conditions in _conditions_by_medicine(library).items()
            for condition in conditions or {""}
        )
    )
    library.trials_by_medicine.update(
        _grouped((medicine, trial.id) for trial in trials for medicine in trial.medicines)
    )
    library.trials_by_population.update(
        _grouped(
            (population, trial.id)
            for trial in trials
            for population in (trial.population, *(result.population for result in trial.results))
        )
    )
    library.guidelines_by_population.update(_grouped(_guidelines(library)))
    library.health_systems_by_condition.update(
        _grouped(
            (condition, system.id)
            for system in library.health_systems.values()
            for condition in system.conditions
        )
    )


def _index_answers(library: Library) -> None:
    """A page that looks up its own answers depends on no others."""
    for owner, answers in library.answers.items():
        for answer in answers:
            library.answer_by_place.setdefault(f"{owner}/{answer.key}", answer)
    sections: dict[str, list[m.Question]] = {}
    for owner, questions in library.questions.items():
        for question in questions:
            library.question_by_place.setdefault(f"{owner}/{question.id}", question)
            sections.setdefault(f"{owner}/{question.section}", []).append(question)
    library.questions_by_section.update(
        (key, tuple(questions)) for key, questions in sections.items()
    )


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """The ids of pairs (key, id) by key, each once and in the order in which they come."""
    groups: dict[str, dict[str, None]] = {}
    for key, entry in pairs:
        groups.setdefault(key, {})[entry] = None
    return {key: tuple(entries) for key, entries in groups.items()}


def _populations(library: Library) -> Iterator[tuple[str, str]]:
    """Pairs of a population and a condition it belongs to or is related to."""
    for condition in library.conditions.values():
        for population in (*condition.populations, *condition.related_populations):
            yield population, condition.id


def _guidelines(library: Library) -> Iterator[tuple[str, str]]:
    """Pairs of a population and a guideline that speaks of it; "all/…" stands for everybody."""
    for guideline in library.guidelines.values():
        everybody = [f"all/{medicine}" for medicine in guideline.medicines or ("",)]
        for statement in guideline.statements:
            populations = everybody if statement.population == "all" else [statement.population]
            for population in populations:
                yield population, guideline.id


def _changes(library: Library) -> dict[str, tuple[m.Change, ...]]:
    """The entries of the change log by record; "" for those about the whole guide."""
    changes: dict[str, tuple[m.Change, ...]] = {}
    for change in library.changes:
        for record in change.records or (change.record or "",):
            changes[record] = (*changes.get(record, ()), change)
    return changes


def _compared(library: Library) -> Iterator[tuple[str, str]]:
    """The other medicines of head-to-head trials, each with the people it was studied in."""
    for trial in library.trials.values():
        yield from ((other, trial.population) for other in trial.compares)


def _conditions_by_medicine(library: Library) -> Mapping[str, set[str]]:
    """The conditions that each medicine and class belongs to.

    It belongs to those with a comparison, an approval record, or a trial or fact about their
    populations. A class belongs to the conditions of its members, too.
    """
    conditions: dict[str, set[str]] = {key: set() for key in library.medicines}
    for condition, comparison in library.comparisons.items():
        for option in comparison.options:
            for example in (option.id, option.example):
                if example in conditions:
                    conditions[example].add(condition)
    for medicine in library.medicines.values():
        conditions[medicine.id].update(approval.condition for approval in medicine.approvals)
    for record in library.records.values():
        key = library.medicine_of(record.id)
        if key in conditions and not isinstance(record, m.Approval):
            conditions[key].update(library.conditions_by_population.get(record.population, ()))
    for other, population in _compared(library):
        if other in conditions:
            conditions[other].update(library.conditions_by_population.get(population, ()))
    for medicine in library.medicines.values():
        for member in medicine.members:
            conditions[medicine.id] |= conditions.get(member, set())
    return conditions
