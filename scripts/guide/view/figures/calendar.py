"""What the calendar of tests shows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from markupsafe import Markup

from guide.base.language import gettext as _
from guide.base.text import sentence, text
from guide.content import models as m
from guide.content import wording
from guide.view.badges import badges_of
from guide.view.context import TopicContext
from guide.view.shown import Badge
from guide.view.svg import calendar_chart

_DAYS: dict[m.TimeUnit, int] = {"days": 1, "weeks": 7, "months": 30, "years": 365}

# When a test is asked for: before the first dose, at a set time after it, or at no set time.
TimeKind = Literal["before", "time", "open"]


@dataclass(frozen=True)
class CalendarTest:
    """A test with the countries whose texts ask for it; `id` names its row of the schedule."""

    id: str
    name: Markup
    countries: Markup


@dataclass(frozen=True)
class CalendarTime:
    """A time with its tests."""

    kind: TimeKind
    when: Markup
    records: tuple[str, ...]
    cites: tuple[str, ...]
    tests: tuple[CalendarTest, ...]


@dataclass(frozen=True)
class CalendarFigure:
    """The schedule by times; without a picture no text asks for a test. The picture draws the
    times in their order. `team` says whose team decides: "your", "the".
    """

    medicine: Markup
    team: Literal["your", "the"]
    picture: calendar_chart.Calendar | None = None
    times: tuple[CalendarTime, ...] = ()
    badges: tuple[Badge, ...] = ()


@dataclass
class _Test:
    row: m.MonitoringRow
    countries: dict[str, None] = field(default_factory=dict)


@dataclass
class _Time:
    kind: TimeKind
    when: str
    records: dict[str, m.Statement] = field(default_factory=dict)
    tests: dict[str, _Test] = field(default_factory=dict)

    def add(self, row: m.MonitoringRow, statements: Iterable[m.Statement]) -> None:
        """Puts a row's test to this time, as these statements ask for it."""
        test = self.tests.setdefault(row.id, _Test(row))
        for statement in statements:
            self.records[statement.id] = statement
            test.countries.update(dict.fromkeys(statement.jurisdictions))


def figure_calendar(page: TopicContext) -> CalendarFigure:
    """The schedule turned round: when first, then which tests, with the countries whose texts say
    so.

    Times are the values that a row names in `due` and `every`; what is asked for during treatment
    without one stands under a time of its own, as the team decides.
    """
    medicine = page.names["medicine"]
    team: Literal["your", "the"] = "your" if page.patient else "the"
    schedule = page.library.schedules.get(page.topic.medicine)
    if schedule is None:
        return CalendarFigure(medicine, team)
    times = _times(page, schedule)
    if not times:
        return CalendarFigure(medicine, team)
    statements = [statement for time in times for statement in time.records.values()]
    badges = dict.fromkeys(
        badge for statement in statements for badge in badges_of(page, statement)
    )
    return CalendarFigure(
        medicine,
        team,
        calendar_chart.Calendar(
            tuple(
                calendar_chart.Moment(
                    time.when,
                    time.kind != "open",
                    tuple(
                        (_short_name(test.row, page.patient), _countries(page, test))
                        for test in time.tests.values()
                    ),
                )
                for time in times
            ),
            _("Tests and checks with {medicine}").format(medicine=page.medicine.name),
        ),
        tuple(_time_shown(page, time) for time in times),
        tuple(badge for badge in badges if badge.kind.startswith("other")),
    )


def _times(page: TopicContext, schedule: m.Schedule) -> list[_Time]:
    """The times of a schedule in their order, each with the tests that this reader is shown."""
    times: dict[tuple[int, int | Decimal, str], _Time] = {}

    def add(
        rank: int, days: int | Decimal, time: _Time, row: m.MonitoringRow, keys: list[str]
    ) -> None:
        statements = [
            record
            for record in (page.library.records[key] for key in keys)
            if isinstance(record, m.Statement) and page.wording_of(record)
        ]
        if statements:
            times.setdefault((rank, days, time.when), time).add(row, statements)

    for row in schedule.rows:
        add(0, 0, _Time("before", _("Before the first dose")), row, row.before)
        timed = set()
        for rank, calls, words in (
            (1, row.due, _("{time} after the start")),
            (2, row.every, _("Then every {time}")),
        ):
            for call in calls:
                owner, time, days = _set_time(page, call)
                add(rank, days, _Time("time", words.format(time=time)), row, [owner])
                timed.add(owner)
        open_ended = [key for key in row.during if key not in timed]
        add(3, 0, _Time("open", _("During treatment, at no set time")), row, open_ended)
    return [times[key] for key in sorted(times)]


def _set_time(page: TopicContext, call: str) -> tuple[str, str, int | Decimal]:
    """The statement of a time such as `statement.time`, the time in words, and in days.

    Raises ValueError for what is no time; the rule `names-exist` finds it before.
    """
    owner, _, name = call.partition(".")
    record = page.library.records[owner]
    value = record.values[name] if isinstance(record, m.Statement) else None
    if not isinstance(value, m.Quantity):
        raise ValueError(f"'{call}' is no time")
    number = value.value if value.value is not None else value.low
    unit = m.time_unit(value)
    if number is None or unit is None:
        raise ValueError(f"'{call}' is no time")
    return owner, wording.shown(value), number * _DAYS[unit]


def _time_shown(page: TopicContext, time: _Time) -> CalendarTime:
    return CalendarTime(
        time.kind,
        text(time.when),
        tuple(time.records),
        page.cites(*time.records),
        tuple(
            CalendarTest(
                row_id,
                text(sentence(_short_name(test.row, page.patient))),
                text(_countries(page, test)),
            )
            for row_id, test in time.tests.items()
        ),
    )


def _countries(page: TopicContext, test: _Test) -> str:
    """The codes of a test's countries in the order of site.yml."""
    return ", ".join(sorted(test.countries, key=list(page.site.jurisdictions).index))


def _short_name(row: m.MonitoringRow, patient: bool) -> str:
    """A test's name without its explanation: for patients what stands before a colon or semicolon,
    else before a comma; for clinicians what stands before a bracket.
    """
    if not patient:
        return row.test.partition(" (")[0]
    return re.split(r"[:;]" if re.search(r"[:;]", row.patient) else ",", row.patient)[0]
