"""Patients never meet a dose for a use that nobody approved: a trial's or an off-label dose would
be read as advice. A row of a dose table says so itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.content import models as m
from guide.content import wording
from guide.content.library import Library

# What the populations of a guide call the people of all licences together.
EVERY_LICENSED_USE = "all"


def check(guide: Guide) -> Iterator[Problem]:
    """Doses that patients would read for a use that nobody approved, in facts, in answers and in
    dose tables.
    """
    library = guide.library
    for medicine, table in library.dose_tables.items():
        for index, row in enumerate(table.rows):
            if row.clinician_only is None and _is_unapproved(library, medicine, row.population):
                people = _people(library, row.population)
                yield guide.problem(
                    f"doses:{medicine}",
                    f"rows[{index}] ({row.id}): a dose of {medicine} for {people}, which has"
                    " no approval: say in 'clinician_only' why patients are not shown it",
                    "rows",
                    index,
                )
    for record in library.statements():
        for owner, name in wording.calls(record.patient or ""):
            # A fact is judged by its own people, whosever value it calls.
            if _is_dose(library, owner or record.id, name):
                yield from _problem(guide, record, name, record.id, "patient")
    for key, answers in library.answers.items():
        for index, answer in enumerate(answers):
            for owner, name in wording.calls(answer.patient or ""):
                called = library.records.get(owner or "")
                if isinstance(called, m.Statement) and _is_dose(library, called.id, name):
                    key_path = ("answers", index, "patient")
                    yield from _problem(guide, called, name, f"answers:{key}", *key_path)


def _is_dose(library: Library, owner: str, name: str) -> bool:
    value = getattr(library.records.get(owner), "values", {}).get(name)
    return isinstance(value, m.Quantity) and value.form is not None and value.form.dose


def _problem(
    guide: Guide, record: m.Statement, name: str, label: str, *where: str | int
) -> Iterator[Problem]:
    """A problem where no agency has approved the use that the fact's dose is for."""
    library = guide.library
    medicine = library.medicine_of(record.id)
    if medicine is not None and _is_unapproved(library, medicine, record.population):
        people = _people(library, record.population)
        yield guide.problem(
            label,
            f"patient: {{{name}}} is a dose of {medicine} for {people}, which has no"
            " approval: leave the dose out of the patient wording",
            *where,
        )


def _is_unapproved(library: Library, medicine: str, population: str) -> bool:
    """Whether a use is one that nobody approved. A fact on every licensed use is on none other."""
    if population == EVERY_LICENSED_USE:
        return False
    concerned = library.conditions_by_population.get(population, ())
    approved = library.approved_for(medicine, concerned)
    return not approved and not library.licensed_for(medicine, population)


def _people(library: Library, population: str) -> str:
    """How a message names a use."""
    return next(iter(library.conditions_by_population.get(population, ())), population)
