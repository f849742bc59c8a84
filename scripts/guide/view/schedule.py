"""The schedule of tests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from guide.base.text import text
from guide.content import models as m
from guide.view.context import Context, TopicContext
from guide.view.gaps import gap_shown
from guide.view.references import has_label
from guide.view.shown import FactGroup, GapShown, in_groups
from guide.view.statements import statement_shown


@dataclass(frozen=True)
class ScheduleRow:
    """A test with the facts that ask for it before the first dose and during treatment, and those
    that call for action. `summary` says the row in one line.
    """

    id: str
    test: Markup
    edit: str
    before: tuple[FactGroup, ...] = ()
    during: tuple[FactGroup, ...] = ()
    action: tuple[FactGroup, ...] = ()
    summary: Markup = Markup("")
    gap: GapShown | None = None


@dataclass(frozen=True)
class Schedule:
    """The tests of an intervention; none where it has no schedule. `labels`: they come from labels
    or leaflets of a medicine; `treatment`: they are of a medicine. `by_country`: some of them are
    the rule of a country.
    """

    medicine: Markup
    condition: Markup
    rows: tuple[ScheduleRow, ...] = ()
    labels: bool = True
    treatment: bool = True
    by_country: bool = True


def schedule(page: TopicContext) -> Schedule:
    """The tests that labels ask for with the topic's medicine, with the statements of each time."""
    medicine, condition = page.names["medicine"], page.names["condition"]
    tests = page.library.schedules.get(page.topic.medicine)
    if tests is None:
        return Schedule(medicine, condition)

    asked = statements_of(page, tests.rows)

    def facts(keys: Iterable[str]) -> tuple[FactGroup, ...]:
        return in_groups([shown for key in keys if (shown := statement_shown(page, key))])

    return Schedule(
        medicine,
        condition,
        tuple(
            ScheduleRow(
                id=row.id,
                test=name_of_test(page, row),
                edit=f"test:{page.topic.medicine}/{row.id}",
                before=facts(row.before),
                during=facts(row.during),
                action=facts(row.action),
                summary=row_summary(page, row),
                gap=gap_shown(page, row.gap) if row.gap else None,
            )
            for row in tests.rows
        ),
        labels=page.medicine.is_medicine and has_label(_sources(page, asked)),
        treatment=page.medicine.is_medicine,
        by_country=any(record.jurisdictions != ["any"] for record in asked),
    )


def statements_of(page: Context, rows: Iterable[m.MonitoringRow]) -> list[m.Statement]:
    """The facts that ask for these tests, or say what calls for action."""
    records = (
        page.library.records[key] for row in rows for key in (*row.before, *row.during, *row.action)
    )
    return [record for record in records if isinstance(record, m.Statement)]


def _sources(page: Context, records: Iterable[m.Statement]) -> list[m.Source]:
    return [page.library.sources[source] for record in records for source in record.sources]


@dataclass(frozen=True)
class TestSummary:
    """A test in one line; `gap` where nothing but a gap is known of it."""

    test: Markup
    summary: Markup
    records: tuple[str, ...]
    gap: GapShown | None = None


@dataclass(frozen=True)
class ScheduleSummary:
    """The tests of a medicine, a line each, in the order of its schedule."""

    rows: tuple[TestSummary, ...]


def schedule_summary(page: TopicContext) -> ScheduleSummary:
    """Every test with the topic's medicine in one line; no row is left out."""
    tests = page.library.schedules.get(page.topic.medicine)
    return ScheduleSummary(
        tuple(
            TestSummary(
                name_of_test(page, row),
                summary := row_summary(page, row),
                (*row.before, *row.during, *row.action),
                gap_shown(page, row.gap) if row.gap and not summary else None,
            )
            for row in (tests.rows if tests else ())
        )
    )


def has_schedule(page: TopicContext) -> bool:
    """Whether the topic's medicine has a schedule of tests."""
    return page.topic.medicine in page.library.schedules


def name_of_test(page: Context, row: m.MonitoringRow) -> Markup:
    """A test's name in this reader's words."""
    return text(row.patient if page.patient else row.test)


def row_summary(page: Context, row: m.MonitoringRow) -> Markup:
    """A row of the schedule in one line; "" where nobody has written it."""
    return (
        page.fill(row.say.patient if page.patient else row.say.clinician) if row.say else Markup("")
    )
