"""What the timeline of approvals shows."""

from __future__ import annotations

import datetime
from typing import Any

from guide.content import models as m
from guide.content import wording
from guide.view.approvals import approvals_of
from guide.view.context import TopicContext
from guide.view.figures.forest import grouped_number
from guide.view.figures.pathway import approval_point, own_status
from guide.view.svg import shapes, timeline_chart

# -- the timeline ---------------------------------------------------------------------------


def timeline(page: TopicContext) -> dict[str, Any] | None:
    """Every dated approval for the topic's condition, class by class, oldest first; in words what
    has no date.
    """
    agencies = {agency.id: agency for agency in page.site.agencies}
    dated: list[tuple[m.Approval, m.Medicine]] = []
    undated: list[tuple[m.Approval, m.Medicine]] = []
    for medicine in (
        page.library.medicines[key]
        for key in page.library.medicines_with_approvals.get(page.topic.condition, ())
    ):
        for approval in approvals_of(page, medicine.id):
            if approval.status == "approved":
                (dated if approval.date else undated).append((approval, medicine))
    if not dated:
        return None
    first: dict[str, float] = {}
    for approval, medicine in sorted(dated, key=lambda pair: _years(pair[0].date)):
        first.setdefault(medicine.class_ or "", _years(approval.date))
    dated.sort(key=lambda pair: (first[pair[1].class_ or ""], _years(pair[0].date), pair[1].name))
    rows = [
        timeline_chart.Dated(
            wording.shown_date(approval.date),
            _years(approval.date),
            medicine.name,
            f"{agencies[approval.agency].country} ({approval.agency})",
            approval.date_is == "announcement",
        )
        for approval, medicine in dated
    ]
    scale = shapes.scale_of([row.year for row in rows], step=5, margin=1.5)
    drawing = timeline_chart.timeline("years", rows, scale, f"Approvals for {page.condition.name}")
    shown = [
        {
            **approval_point(page, approval, medicine, agencies),
            "when": row.when.replace(" ", "\u00a0"),
            "announced": row.announced,
            "svg": part,
        }
        for (approval, medicine), row, part in zip(dated, rows, drawing.parts, strict=True)
    ]
    return {
        "groups": grouped_number(shown),
        "axis": shapes.axis("years", scale, [str(int(tick)) for tick in scale.ticks]),
        "drawing": drawing,
        "undated": [
            approval_point(page, approval, medicine, agencies) for approval, medicine in undated
        ],
        "own": own_status(page, agencies),
        "records": " ".join(approval.id for approval, _ in dated),
    }


def _years(date: datetime.date | str) -> float:
    """A day, or the middle of a month, in years: 2013-10 is 2013.79."""
    if isinstance(date, datetime.date):
        return date.year + (date.timetuple().tm_yday - 1) / 365.25
    year, month = date.split("-")
    return int(year) + (int(month) - 0.5) / 12
