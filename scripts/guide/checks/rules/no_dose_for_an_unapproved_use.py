"""Patients never meet a dose for a use that nobody approved: a trial's or an off-label dose would
be read as advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.content import models as m
from guide.content import wording


def check(guide: Guide) -> Iterator[Problem]:
    """Doses that patients would read for a use that nobody approved."""
    library = guide.library
    for record in library.statements():
        medicine = library.medicine_of(record.id)
        if record.patient is None or medicine is None:
            continue
        concerned = library.conditions_by_population.get(record.population, ())
        members = [medicine, *library.medicines[medicine].members]
        if not concerned or any(
            approval.status == "approved" and approval.condition in concerned
            for member in members
            if member in library.medicines
            for approval in library.medicines[member].approvals
        ):
            continue
        for owner, name in wording.calls(record.patient):
            value = (
                record.values.get(name)
                if owner is None
                else getattr(library.records.get(owner), "values", {}).get(name)
            )
            if isinstance(value, m.Quantity) and value.form is not None and value.form.dose:
                yield guide.problem(
                    record.id,
                    f"patient: {{{name}}} is a dose of {medicine} for {concerned[0]}, which has no"
                    " approval: leave the dose out of the patient wording",
                    "patient",
                )
