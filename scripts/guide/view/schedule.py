"""The schedule of tests."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from guide.base.text import text
from guide.content import models as m
from guide.view.context import Context, TopicContext
from guide.view.gaps import gap_shown
from guide.view.statements import statement_shown


def schedule_shown(page: TopicContext) -> list[dict[str, Any]]:
    """The medicine's monitoring rows with the statements of each time."""
    schedule = page.library.schedules.get(page.topic.medicine)
    if schedule is None:
        return []
    return [
        {
            "id": row.id,
            "test": text(row.test),
            "patient": text(row.patient),
            "gap": gap_shown(page, row.gap) if row.gap else None,
            "say": schedule_line(page, row),
            **{
                time: [shown for key in getattr(row, time) if (shown := statement_shown(page, key))]
                for time in ("before", "during", "action")
            },
        }
        for row in schedule.rows
    ]


def schedule_line(page: Context, row: m.MonitoringRow) -> Markup:
    """A row of the schedule in one line; "" where nobody has written it."""
    return (
        page.fill(row.say.patient if page.patient else row.say.clinician) if row.say else Markup("")
    )
