"""Whether the topic's medicine is approved, in the first sentence of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from guide.base.text import sentence, text
from guide.content import models as m
from guide.content import wording
from guide.view.approvals import alternatives_of, approvals_of
from guide.view.context import TopicContext
from guide.view.shown import Separated, separated


@dataclass(frozen=True)
class ApprovalPlace:
    """An approval named by its place only: "the United States", for clinicians with the agency."""

    id: str
    cites: tuple[str, ...]
    name: str


@dataclass(frozen=True)
class ApprovalPlaces:
    """Places with one answer, joined by "and" or "or", and the sources behind them."""

    places: tuple[Separated[ApprovalPlace], ...]
    cites: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """`status` decides the look and the first sentence. `brief` where the page answers something
    else first. `alternatives` are other medicines of the class that are approved; `kind` and `verb`
    go with their number: "tablets", "are".
    """

    status: Literal["approved", "not-approved", "not-known"]
    medicine: Markup
    condition: Markup
    checked: str
    href: str
    short: Markup = Markup("")
    records: tuple[str, ...] = ()
    brief: bool = False
    approved: ApprovalPlaces | None = None
    not_approved: ApprovalPlaces | None = None
    withdrawn: ApprovalPlaces | None = None
    not_known: ApprovalPlaces | None = None
    alternatives: tuple[Separated[Markup], ...] = ()
    kind: str = "medicines"
    kinds: str = "medicines"
    verb: Literal["is", "are"] = "are"


def verdict(page: TopicContext) -> Verdict:
    """Whether the topic's medicine is approved for its condition, by whom, and what is instead."""
    approvals = approvals_of(page, page.topic.medicine)
    by_status = {
        status: [approval for approval in approvals if approval.status == status]
        for status in ("approved", "not approved", "withdrawn", "not known")
    }
    others = alternatives_of(page)
    tablets = all(medicine.route == "tablet" for medicine in (page.medicine, *others))
    kinds = "tablets" if tablets else "medicines"
    if by_status["approved"]:
        status: Literal["approved", "not-approved", "not-known"] = "approved"
    elif by_status["not approved"] or by_status["withdrawn"]:
        status = "not-approved"
    else:
        status = "not-known"
    name = page.medicine.name
    return Verdict(
        status,
        medicine=text(name if status == "not-known" else sentence(name)),
        condition=text(page.condition.name),
        checked=wording.shown_date(min(approval.checked for approval in approvals)),
        href=page.link("approval" if page.inner else "approvals"),
        short=text(page.condition.abbreviation or page.condition.name),
        records=tuple(approval.id for approval in approvals),
        brief=page.inner,
        approved=_places(page, by_status["approved"], "and"),
        not_approved=_places(page, by_status["not approved"], "or"),
        withdrawn=_places(page, by_status["withdrawn"], "and"),
        not_known=_places(page, by_status["not known"], "or"),
        alternatives=separated([text(medicine.name) for medicine in others]),
        kind=kinds.removesuffix("s") if len(others) == 1 else kinds,
        kinds=kinds,
        verb="is" if len(others) == 1 else "are",
    )


def _places(
    page: TopicContext, approvals: Sequence[m.Approval], last: Literal["and", "or"]
) -> ApprovalPlaces | None:
    if not approvals:
        return None
    agencies = {agency.id: agency for agency in page.site.agencies}
    places = [
        ApprovalPlace(
            approval.id,
            page.cites(approval.id),
            agencies[approval.agency].place + ("" if page.patient else f" ({approval.agency})"),
        )
        for approval in approvals
    ]
    return ApprovalPlaces(
        separated(places, last), page.cites(*(approval.id for approval in approvals))
    )
