"""The fields and words of the models that an intervention of one kind has: the files of a test say
nothing of brands, doses and labels.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

from pydantic import BaseModel

from guide.content import models as m
from guide.content.fields import allowed, fields_of

# The fields of an intervention's own file that only medicines have.
MEDICINES_ONLY = ("class", "members", "brands", "route", "licensed_for", "acts_on")

# What no page about another intervention has a section for.
_FACTS_OF_MEDICINES: frozenset[m.Kind] = frozenset(
    {
        "indirect-evidence",
        "comparator-trial",
        "approval",
        "dosing",
        "renal",
        "interactions",
        "overdose",
    }
)
_WITHOUT: dict[type[BaseModel], Collection[str]] = {
    m.Medicine: MEDICINES_ONLY,
    m.Approval: ("date_is",),
    m.Trial: ("phase",),
    m.Condition: ("pathway",),
    m.ComparisonOption: ("example",),
    m.Question: ("answer_first",),
}


@dataclass(frozen=True)
class FieldsOfKind:
    """What one kind of intervention leaves out of the models: fields by record, and words of a
    field that chooses from words, by record and field.
    """

    without: Mapping[type[BaseModel], Collection[str]] = field(default_factory=dict)
    only: Mapping[tuple[type[BaseModel], str], Sequence[str]] = field(default_factory=dict)

    def has(self, model: type[BaseModel], key: str) -> bool:
        """Whether a record of this kind has a field."""
        return key not in self.without.get(model, ())

    def words(self, model: type[BaseModel], key: str) -> list[str]:
        """The words that a field chooses from; empty where it is free."""
        every = allowed(fields_of(model)[key].annotation)
        return list(self.only.get((model, key), every))


def fields_of_kind(kind: m.InterventionKind) -> FieldsOfKind:
    """The fields and words that an intervention of a kind has."""
    only: dict[tuple[type[BaseModel], str], Sequence[str]] = {
        (m.Approval, "status"): m.statuses_of(m.DECISIONS[kind])
    }
    if kind in m.MEDICINES:
        return FieldsOfKind({}, only)
    facts = [one for one in get_args(m.Kind) if one not in _FACTS_OF_MEDICINES]
    return FieldsOfKind(_WITHOUT, {**only, (m.Statement, "kind"): facts})
