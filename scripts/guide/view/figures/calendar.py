"""What the calendar of tests shows."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from guide.base.text import sentence, text
from guide.content import models as m
from guide.content import wording
from guide.view.context import TopicContext
from guide.view.figures.people import badges_of_all
from guide.view.svg import calendar_chart

# -- the calendar ---------------------------------------------------------------------------

_DAYS = {"days": 1, "weeks": 7, "months": 30, "years": 365}


def calendar(page: TopicContext) -> dict[str, Any] | None:
    """The schedule turned round: when first, then which tests, with the countries whose texts say
    so.

    Times are the values that a row names in `due` and `every`; what is asked for during treatment
    without one stands under a time of its own, as the team decides.
    """
    schedule = page.library.schedules.get(page.topic.medicine)
    if schedule is None:
        return None
    times: dict[tuple[int, int | Decimal, str], dict[str, Any]] = {}

    def note(
        rank: int,
        days: int | Decimal,
        when: str,
        fixed: bool,
        row: m.MonitoringRow,
        keys: list[str],
        kind: str,
    ) -> None:
        told = [page.library.records[key] for key in keys]
        told = [
            record for record in told if isinstance(record, m.Statement) and page.wording_of(record)
        ]
        if not told:
            return
        moment = times.setdefault(
            (rank, days, when),
            {"when": when, "fixed": fixed, "kind": kind, "records": {}, "tests": {}},
        )
        moment["records"].update(dict.fromkeys(record.id for record in told))
        countries = moment["tests"].setdefault(
            row.id,
            {"name": _short(row, page.patient), "id": row.id, "countries": {}, "records": {}},
        )
        countries["countries"].update(
            dict.fromkeys(code for record in told for code in record.jurisdictions)
        )
        countries["records"].update(dict.fromkeys(record.id for record in told))

    for row in schedule.rows:
        note(0, 0, "Before the first dose", True, row, row.before, "before")
        timed = set()
        for rank, field, words in (
            (1, row.due, "{} after the start"),
            (2, row.every, "Then every {}"),
        ):
            for call in field:
                owner, _, name = call.partition(".")
                value = page.library.records[owner].values[name]
                first = value.value if value.value is not None else value.low
                note(
                    rank,
                    first * _DAYS[value.unit],
                    words.format(wording.shown(value)),
                    True,
                    row,
                    [owner],
                    "time",
                )
                timed.add(owner)
        note(
            3,
            0,
            "During treatment, at no set time",
            False,
            row,
            [key for key in row.during if key not in timed],
            "open",
        )
    moments = [times[key] for key in sorted(times, key=lambda key: (key[0], key[1], key[2]))]
    order = list(page.site.jurisdictions)
    for moment in moments:
        for test in moment["tests"].values():
            test["where"] = ", ".join(sorted(test["countries"], key=order.index))
    medicine = page.names["medicine"]
    drawing = calendar_chart.calendar(
        [
            calendar_chart.Moment(
                moment["when"],
                moment["fixed"],
                tuple((test["name"], test["where"]) for test in moment["tests"].values()),
            )
            for moment in moments
        ],
        f"Tests and checks with {page.medicine.name}",
    )
    told = [page.library.records[key] for moment in moments for key in moment["records"]]
    shown = []
    for moment, part in zip(moments, drawing.parts, strict=True):
        shown.append(
            {
                "when": text(moment["when"]),
                "fixed": moment["fixed"],
                "kind": moment["kind"],
                "svg": part,
                "records": " ".join(moment["records"]),
                "cites": page.cites(*moment["records"]),
                "tests": [
                    {
                        "id": test["id"],
                        "name": text(sentence(test["name"])),
                        "where": text(test["where"]),
                        "records": " ".join(test["records"]),
                    }
                    for test in moment["tests"].values()
                ],
            }
        )
    return {
        "moments": shown,
        "medicine": medicine,
        "drawing": drawing,
        "badges": [badge for badge in badges_of_all(page, told) if badge.kind.startswith("other")],
    }


def _short(row: m.MonitoringRow, patient: bool) -> str:
    """A test's name without its explanation: for patients what stands before a colon or semicolon,
    else before a comma; for clinicians what stands before a bracket.
    """
    if not patient:
        return row.test.partition(" (")[0]
    return re.split(r"[:;]" if re.search(r"[:;]", row.patient) else ",", row.patient)[0]
