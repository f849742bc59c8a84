"""Kinds of interventions, who decides about each, and what may be decided."""

from __future__ import annotations

from typing import Literal, get_args

InterventionKind = Literal["medicine", "class", "therapy", "test", "programme", "no change"]


# What a body says of an intervention: an agency approves, a guideline body recommends, a national
# programme offers, a health service has it.
Decision = Literal["approval", "recommendation", "offer", "availability"]


Status = Literal[
    "approved",
    "not approved",
    "recommended",
    "not recommended",
    "offered",
    "not offered",
    "available",
    "not available",
    "withdrawn",
    "not known",
]


# A status whatever was decided: yes, no, no longer, or nobody has looked it up.
Standing = Literal["yes", "no", "withdrawn", "not known"]


# What may be decided about each kind of intervention, first what a page says first.
DECISIONS: dict[InterventionKind, tuple[Decision, ...]] = {
    "medicine": ("approval",),
    "class": ("approval",),
    "therapy": ("recommendation", "availability"),
    "test": ("offer", "recommendation"),
    "programme": ("availability", "offer"),
    "no change": ("recommendation",),
}


# The status that says yes to each decision; "not" before it says no.
YES: dict[Decision, Status] = {
    "approval": "approved",
    "recommendation": "recommended",
    "offer": "offered",
    "availability": "available",
}


# What is taken as a dose, with brands, labels and a route.
MEDICINES: frozenset[InterventionKind] = frozenset({"medicine", "class"})


def decides_of(status: Status) -> Decision | None:
    """The decision that a status answers; None for 'withdrawn' and 'not known', which fit any."""
    plain = status.removeprefix("not ")
    return next((decision for decision, yes in YES.items() if yes == plain), None)


def standing_of(status: Status) -> Standing:
    """A status whatever was decided."""
    if status == "withdrawn" or status == "not known":
        return status
    return "no" if status.startswith("not ") else "yes"


def statuses_of(decisions: tuple[Decision, ...]) -> list[Status]:
    """The statuses that answer one of these decisions, as a file writes them."""
    return [status for status in get_args(Status) if decides_of(status) in (*decisions, None)]
