"""Signs and moments of danger."""

from __future__ import annotations

from typing import Any

from guide.base.problem import CallError
from guide.base.text import text
from guide.view.context import Context, TopicContext


def emergency_signs(page: TopicContext) -> dict[str, Any]:
    """The signs that need help at once with the topic's medicine, in one line.

    A medicine without its own borrows its class's: `borrowed` then says whose they are. Raises
    CallError where neither has any.
    """
    klass = page.library.medicines.get(page.medicine.class_ or "")
    signs = page.medicine.emergency or (klass.emergency if klass else None)
    if signs is None:
        raise CallError(
            f"'{page.medicine.id}' has no 'emergency' in its medicine.yml, nor has its class:"
            " write the signs of its own leaflet"
        )
    borrowed = (
        ""
        if page.medicine.emergency
        else (
            f"These signs are from {klass.name} as a group, not from the leaflet of"
            f" {page.medicine.name}."
        )
    )
    return {
        "text": text(signs.text),
        "do": text(page.site.emergency),
        "rests_on": " ".join(signs.statements),
        "cites": page.cites(*signs.statements),
        "borrowed": text(borrowed),
    }


def crises_shown(page: Context) -> list[dict[str, Any]]:
    """Words for moments of danger that are no side effect, in this reader's words."""
    return [
        {"id": f"crisis-{one.id}", "text": text(one.patient if page.patient else one.clinician)}
        for one in page.site.crisis
    ]
