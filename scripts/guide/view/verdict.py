"""Whether the topic's medicine is approved, in the first sentence of a page."""

from __future__ import annotations

from typing import Any

from guide.base.text import text, words_join
from guide.content import wording
from guide.view.approvals import alternatives_of, approval_cell, approvals_of
from guide.view.context import TopicContext


def verdict_shown(page: TopicContext) -> dict[str, Any]:
    """Whether the topic's medicine is approved for its condition, by whom, and what is
    instead.
    """
    # The verdict repeats the matrix: the anchors of its cells stay with the matrix.
    cells = [
        approval_cell(page, approval, anchored=False)
        for approval in approvals_of(page, page.topic.medicine)
    ]
    kinds: dict[str, list[dict[str, Any]]] = {}
    for cell in cells:
        kinds.setdefault(cell["status"], []).append(cell)
    alternatives = []
    for medicine in alternatives_of(page):
        yes = [
            approval_cell(page, a, anchored=False)
            for a in approvals_of(page, medicine.id)
            if a.status == "approved"
        ]
        alternatives.append(
            {
                "key": medicine.id,
                "name": text(medicine.name),
                "cells": yes,
                "countries": words_join(c["country"] for c in yes),
            }
        )
    tablets = all(
        page.library.medicines[key].route == "tablet"
        for key in [page.topic.medicine, *(other["key"] for other in alternatives)]
    )
    checked = min(approval.checked for approval in approvals_of(page, page.topic.medicine))
    cites = {
        status: page.cites(*(cell["id"] for cell in found))
        for status in ("approved", "not approved", "withdrawn", "not known")
        for found in [kinds.get(status, [])]
    }
    return {
        "cites": cites,
        "approved": kinds.get("approved", []),
        "not_approved": kinds.get("not approved", []),
        "withdrawn": kinds.get("withdrawn", []),
        "not_known": kinds.get("not known", []),
        "alternatives": alternatives,
        "alternatives_are": "tablets" if tablets else "medicines",
        "checked": wording.shown_date(checked),
    }
