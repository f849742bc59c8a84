"""The comparison of a condition's options."""

from __future__ import annotations

from typing import Any

from guide.base.text import text
from guide.content import models as m
from guide.view.approvals import approval_cell, approvals_of
from guide.view.context import TopicContext
from guide.view.gaps import gap_shown
from guide.view.results import denominator_for, result_shown
from guide.view.statements import statement_shown


def comparison_rows(page: TopicContext) -> list[dict[str, Any]]:
    """The questions by which the condition's options are compared, in this reader's words."""
    return [
        {"id": row.id, "name": text(row.patient if page.patient else row.clinician)}
        for row in page.library.comparisons[page.topic.condition].rows
    ]


def comparison_shown(page: TopicContext) -> dict[str, Any]:
    """The option grid of the condition: options, and rows of cells in the options' order."""
    grid = page.library.comparisons[page.topic.condition]
    rows = []
    for row in grid.rows:
        cells = {cell.option: cell for cell in row.cells}
        rows.append(
            {
                "id": row.id,
                "name": text(row.patient if page.patient else row.clinician),
                "cells": [cell_shown(page, cells[option.id], option) for option in grid.options],
            }
        )
    options = [
        {
            "id": option.id,
            "name": text(option.name),
            "own": option.id == page.topic.medicine,
            "example": (
                text(page.library.medicines[option.example].name) if option.example else ""
            ),
        }
        for option in grid.options
    ]
    return {"options": options, "rows": rows}


def cell_shown(
    page: TopicContext, cell: m.ComparisonCell, option: m.ComparisonOption
) -> dict[str, Any]:
    about = option.example or (option.id if option.id in page.library.medicines else None)
    lead = cell.patient if page.patient else cell.clinician
    shown = [found for key in cell.statements if (found := statement_shown(page, key, about))]
    denominator = denominator_for(page, (page.library.records[key] for key in cell.results))
    results = [
        found for key in cell.results if (found := result_shown(page, key, about, denominator))
    ]
    approvals = (
        [approval_cell(page, approval) for approval in approvals_of(page, about)]
        if cell.approvals and about
        else []
    )
    gap = gap_shown(page, cell.gap) if cell.gap else None
    return {
        "option": option.id,
        "lead": text(lead or ""),
        "statements": shown,
        "results": results,
        "approvals": approvals,
        "gap": gap,
        "elsewhere": not (lead or shown or results or approvals or gap),
    }
