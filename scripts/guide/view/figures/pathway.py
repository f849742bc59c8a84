"""What the diagram of the pathway shows."""

from __future__ import annotations

from typing import Any

from guide.base.text import sentence, text, words_join
from guide.content import models as m
from guide.view.approvals import approvals_of
from guide.view.badges import is_licensed
from guide.view.context import TopicContext
from guide.view.svg import pathway_diagram


def approval_point(
    page: TopicContext,
    approval: m.Approval,
    medicine: m.Medicine,
    agencies: dict[str, m.AgencyRecord],
) -> dict[str, Any]:
    klass = page.library.medicines.get(medicine.class_ or "")
    return {
        "id": approval.id,
        "cites": page.cites(approval.id),
        "medicine": text(medicine.name),
        "group": text(sentence(klass.name) if klass else ""),
        "country": text(agencies[approval.agency].country),
        "agency": approval.agency,
        "own": medicine.id == page.topic.medicine,
        "secondary": approval.confidence == "secondary",
    }


def own_status(page: TopicContext, agencies: dict[str, m.AgencyRecord]) -> list[dict[str, Any]]:
    """Where the topic's own medicine is not approved, or not known to be: words for what the line
    cannot show.
    """
    found = []
    for status in ("not approved", "withdrawn", "not known"):
        cells = [
            approval
            for approval in approvals_of(page, page.topic.medicine)
            if approval.status == status
        ]
        if cells:
            found.append(
                {
                    "status": status,
                    "countries": words_join(text(agencies[cell.agency].place) for cell in cells),
                    "records": " ".join(cell.id for cell in cells),
                    "cites": page.cites(*[cell.id for cell in cells]),
                }
            )
    return found


# -- the pathway ----------------------------------------------------------------------------


def pathway(page: TopicContext) -> dict[str, Any] | None:
    """The classes with a medicine approved for the condition, and the topic's own, each with what
    it blocks.

    In the order of the comparison; None where no class says what it acts on.
    """
    lanes, shown = [], []
    order = [option.id for option in page.library.comparisons[page.topic.condition].options]
    cells = page.library.medicines_with_approvals.get(page.topic.condition, ())
    named = {
        *cells,
        *(klass for key in cells for klass in page.library.classes_by_medicine.get(key, ())),
        *([page.medicine.class_] if page.medicine.class_ else []),
    }
    for key in sorted(
        named, key=lambda key: (order.index(key) if key in order else len(order), key)
    ):
        klass = page.library.medicines[key]
        if klass.acts_on is None or not (key == page.medicine.class_ or is_licensed(page, key)):
            continue
        target = klass.acts_on
        lanes.append(
            pathway_diagram.Lane(tuple(target.messengers), klass.name, tuple(target.inside))
        )
        shown.append(
            {
                "name": text(klass.name),
                "messengers": text(words_join(target.messengers)),
                "many": len(target.messengers) > 1,
                "inside": [text(protein) for protein in target.inside],
                "records": " ".join(target.statements),
                "cites": page.cites(*target.statements),
            }
        )
    if not lanes:
        return None
    title = "Where medicines block the signals of inflammation"
    said = [
        (
            f"{lane.blocker} act inside the cell, on {lane.inside[0]}, which passes on the signals"
            f" of {words_join(lane.messengers)}."
            if lane.inside
            else f"{lane.blocker} catch {words_join(lane.messengers)} outside the cell."
        )
        for lane in lanes
    ]
    return {
        "lanes": shown,
        "drawing": pathway_diagram.pathway("pathway", lanes, title, " ".join(said)),
        "records": " ".join(dict.fromkeys(" ".join(lane["records"] for lane in shown).split())),
    }
