"""What the timeline of approvals shows."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

from guide.base.language import gettext as _
from guide.base.language import gettext_noop
from guide.base.text import sentence, text, words_join
from guide.content import models as m
from guide.content import wording
from guide.view.approvals import approvals_of
from guide.view.context import TopicContext
from guide.view.svg.shapes import Axis, scale_of
from guide.view.svg.timeline_chart import Dated, Timeline


@dataclass(frozen=True, kw_only=True)
class UndatedApproval:
    """An approval whose day is not known. `agency` is empty for patients."""

    id: str
    cites: tuple[str, ...]
    medicine: Markup
    country: Markup
    agency: str = ""


@dataclass(frozen=True, kw_only=True)
class DatedApproval:
    """An approval on the line of years; `mark` is what is drawn of it. `own`: of the page's
    medicine; `secondary`: reported, not read in the agency's own text.
    """

    id: str
    cites: tuple[str, ...]
    medicine: Markup
    when: str
    country: Markup
    mark: Dated
    agency: str = ""
    announced: bool = False
    own: bool = False
    secondary: bool = False


@dataclass(frozen=True)
class ClassApprovals:
    """The dated approvals of one class of medicines."""

    name: Markup
    approvals: tuple[DatedApproval, ...]


@dataclass(frozen=True)
class NotApproved:
    """Where the page's own medicine is not approved, or not known to be: "not approved in the
    United States".
    """

    answer: Markup
    records: tuple[str, ...]
    cites: tuple[str, ...]


@dataclass(frozen=True)
class Years:
    """The line of years with the approvals on it."""

    axis: Axis
    groups: tuple[ClassApprovals, ...]


@dataclass(frozen=True)
class TimelineFigure:
    """When medicines were approved for a condition; without `years` no approval has a date, and
    there is no figure.
    """

    medicine: Markup
    condition: Markup
    years: Years | None = None
    records: tuple[str, ...] = ()
    undated: tuple[UndatedApproval, ...] = ()
    not_approved: tuple[NotApproved, ...] = ()


class _Approved(NamedTuple):
    """An approval with its medicine, and its place in years where it has a date."""

    approval: m.Approval
    medicine: m.Medicine
    agency: m.AgencyRecord
    year: float
    when: str


def figure_timeline(page: TopicContext) -> TimelineFigure:
    """Every dated approval for the topic's condition, class by class, oldest first; in words what
    has no date.
    """
    medicine, condition = page.names["Medicine"], page.names["condition"]
    all_approved = _approved(page)
    dated = [one for one in all_approved if one.approval.date]
    if not dated:
        return TimelineFigure(medicine, condition)
    first: dict[str, float] = {}
    for one in sorted(dated, key=lambda one: one.year):
        first.setdefault(one.medicine.class_ or "", one.year)
    dated.sort(key=lambda one: (first[one.medicine.class_ or ""], one.year, one.medicine.name))
    return TimelineFigure(
        medicine,
        condition,
        _years(page, dated),
        tuple(one.approval.id for one in dated),
        tuple(_undated(page, one) for one in all_approved if not one.approval.date),
        _not_approved(page),
    )


def picture_of(figure: TimelineFigure) -> Timeline | None:
    """The line of years as one picture, for paper; None where no approval has a date."""
    if figure.years is None:
        return None
    marks = (one.mark for group in figure.years.groups for one in group.approvals)
    title = _("Approvals for {condition}").format(condition=figure.condition.unescape())
    return Timeline(figure.years.axis, tuple(marks), title)


def _approved(page: TopicContext) -> list[_Approved]:
    agencies = {agency.id: agency for agency in page.site.agencies}
    return [
        _Approved(
            approval,
            page.library.medicines[key],
            agencies[approval.agency],
            _in_years(approval.date) if approval.date else 0,
            wording.shown_date(approval.date) if approval.date else "",
        )
        for key in page.library.medicines_with_approvals.get(page.topic.condition, ())
        for approval in approvals_of(page, key)
        if approval.status == "approved"
    ]


def _years(page: TopicContext, dated: list[_Approved]) -> Years:
    scale = scale_of([one.year for one in dated], step=5, margin=1.5)
    groups: dict[str, list[DatedApproval]] = {}
    for one in dated:
        medicine_class = page.library.medicines.get(one.medicine.class_ or "")
        groups.setdefault(medicine_class.name if medicine_class else "", []).append(
            _dated(page, one)
        )
    return Years(
        Axis("years", scale, tuple(str(int(tick)) for tick in scale.ticks)),
        tuple(
            ClassApprovals(text(sentence(name)), tuple(approvals))
            for name, approvals in groups.items()
        ),
    )


def _dated(page: TopicContext, one: _Approved) -> DatedApproval:
    return DatedApproval(
        id=one.approval.id,
        cites=page.cites(one.approval.id),
        medicine=text(one.medicine.name),
        # A date that is broken over two lines is hard to read in a narrow column.
        when=one.when.replace(" ", "\u00a0"),
        country=text(one.agency.country),
        mark=Dated(
            one.when,
            one.year,
            one.medicine.name,
            f"{one.agency.country} ({one.agency.id})",
            one.approval.date_is == "announcement",
        ),
        agency="" if page.patient else one.agency.id,
        announced=one.approval.date_is == "announcement",
        own=one.medicine.id == page.topic.medicine,
        secondary=one.approval.confidence == "secondary",
    )


def _undated(page: TopicContext, one: _Approved) -> UndatedApproval:
    return UndatedApproval(
        id=one.approval.id,
        cites=page.cites(one.approval.id),
        medicine=text(one.medicine.name),
        country=text(one.agency.country),
        agency="" if page.patient else one.agency.id,
    )


def _not_approved(page: TopicContext) -> tuple[NotApproved, ...]:
    """Where the topic's own medicine is not approved: what the line cannot show."""
    places = {agency.id: agency.place for agency in page.site.agencies}
    answers = []
    for status, answer in (
        ("not approved", gettext_noop("not approved in {places}")),
        ("withdrawn", gettext_noop("approval withdrawn in {places}")),
        ("not known", gettext_noop("not known for {places}")),
    ):
        approvals = [
            approval
            for approval in approvals_of(page, page.topic.medicine)
            if approval.status == status
        ]
        ids = tuple(approval.id for approval in approvals)
        if approvals:
            named = words_join(places[approval.agency] for approval in approvals)
            answers.append(NotApproved(text(_(answer).format(places=named)), ids, page.cites(*ids)))
    return tuple(answers)


def _in_years(date: datetime.date | str) -> float:
    """A day, or the middle of a month, in years: 2013-10 is 2013.79."""
    if isinstance(date, datetime.date):
        return date.year + (date.timetuple().tm_yday - 1) / 365.25
    year, month = date.split("-")
    return int(year) + (int(month) - 0.5) / 12
