"""Whether the topic's intervention is approved, recommended, offered or available, in the first
sentence of a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from guide.base.text import sentence, text
from guide.content import models as m
from guide.content import wording
from guide.view import decision_words
from guide.view.approvals import alternatives_of, approvals_of, decided_for, looked_up
from guide.view.context import TopicContext
from guide.view.decision_words import WORDS
from guide.view.gaps import depends_on
from guide.view.shown import Separated, separated


@dataclass(frozen=True)
class ApprovalPlace:
    """A decision named by its place only: "the United States", for clinicians with the agency."""

    id: str
    cites: tuple[str, ...]
    name: str


@dataclass(frozen=True)
class ApprovalPlaces:
    """Places with one answer, joined by "and" or "or", and the sources behind them. `gap` is the
    kind of not-knowing, where that is the answer, and `depends_on` what it depends on.
    """

    places: tuple[Separated[ApprovalPlace], ...]
    cites: tuple[str, ...]
    gap: m.GapKind = "not covered yet"
    depends_on: Markup = Markup("")


# The look, and which sentence comes first.
Look = Literal["approved", "not-approved", "not-known", "yes", "no", "not-decided"]


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What was decided in one way: approval, recommendation, offer or availability. `status`
    decides the look and the first sentence; `not_known` has an entry for each kind of not-knowing.
    """

    status: Look
    medicine: Markup
    condition: Markup
    decision: m.Decision = "approval"
    short: Markup = Markup("")
    records: tuple[str, ...] = ()
    granted: ApprovalPlaces | None = None
    refused: ApprovalPlaces | None = None
    withdrawn: ApprovalPlaces | None = None
    not_known: tuple[ApprovalPlaces, ...] = ()

    @property
    def first(self) -> Literal["yes", "no", "not_known"]:
        """The answer that comes first."""
        if self.status in ("approved", "yes"):
            return "yes"
        return "not_known" if self.status == "not-known" else "no"

    def said(self, name: str, **values: Markup) -> Markup:
        """A message of the decision, with the names of the intervention and the condition."""
        condition = self.short if name.startswith("brief") else self.condition
        names = {"medicine": self.medicine, "condition": condition}
        return WORDS[self.decision].said(name, **names, **values)

    def gap_said(self, answer: ApprovalPlaces, places: Markup) -> Markup:
        """Why there is no answer for some places."""
        return decision_words.not_known(answer.gap, places, answer.depends_on)


@dataclass(frozen=True, kw_only=True)
class Verdict(Decided):
    """The verdict of a topic. `brief` where the page answers something else first.

    `alternatives` are other medicines of the class that are approved; `tablets` where all of them
    are. `also` are decisions of other kinds about the same intervention. Where nobody decides,
    `searched` is the day up to which sources were searched. `href` is "" where no page says more.
    """

    checked: str
    href: str
    brief: bool = False
    alternatives: tuple[Separated[Markup], ...] = ()
    tablets: bool = False
    also: tuple[Decided, ...] = ()
    searched: str = ""

    def instead(self, others: Markup) -> Markup:
        """Which other medicines are approved, where this one is not."""
        return decision_words.approved_instead(others, len(self.alternatives), self.tablets)

    def too(self, others: Markup) -> Markup:
        """Which other medicines are approved, as this one is."""
        return decision_words.approved_too(others, len(self.alternatives), self.tablets)


def verdict(page: TopicContext) -> Verdict:
    """What was decided about the topic's intervention for its condition, by whom, and what is
    approved instead.
    """
    decided = [
        one for decision in page.medicine.decisions if (one := _decided(page, decision)) is not None
    ]
    if not decided:
        return Verdict(
            status="not-decided",
            medicine=page.names["Medicine"],
            condition=page.names["condition"],
            checked="",
            href="",
            brief=page.inner,
            searched=wording.shown_date(page.topic.review.evidence_searched_to),
        )
    first, *also = decided
    others = alternatives_of(page)
    approvals = approvals_of(page, page.topic.medicine)
    looked = [one.checked for one in approvals if looked_up(one)]
    return Verdict(
        **vars(first),
        checked=wording.shown_date(min(looked)) if looked else "",
        href=_more(page),
        brief=page.inner,
        alternatives=separated([text(medicine.name) for medicine in others]),
        tablets=all(medicine.route == "tablet" for medicine in (page.medicine, *others)),
        also=tuple(also),
    )


def _more(page: TopicContext) -> str:
    """The page that says more; "" where there is none."""
    names = ("approval", "approvals") if page.medicine.is_medicine else ("offer", "offers")
    try:
        return page.link(names[0] if page.inner else names[1])
    except KeyError:
        return ""


def _decided(page: TopicContext, decision: m.Decision) -> Decided | None:
    """What was decided in one way; None where nobody decides so, or nothing stands here."""
    approvals = approvals_of(page, page.topic.medicine, decision=decision)
    if not approvals:
        return None
    by_standing = {
        standing: [approval for approval in approvals if approval.standing == standing]
        for standing in ("yes", "no", "withdrawn", "not known")
    }
    name = page.medicine.in_sentence
    status = _look(decision, by_standing)
    return Decided(
        status=status,
        decision=decision,
        medicine=text(name if status == "not-known" else sentence(name)),
        condition=text(decided_for(page, page.condition, decision)),
        short=text(decided_for(page, page.condition, decision, short=True)),
        records=tuple(approval.id for approval in approvals),
        granted=_places(page, by_standing["yes"], "and"),
        refused=_places(page, by_standing["no"], "or"),
        withdrawn=_places(page, by_standing["withdrawn"], "and"),
        not_known=_not_known(page, by_standing["not known"]),
    )


def _look(decision: m.Decision, by_standing: dict[str, list[m.Approval]]) -> Look:
    if by_standing["yes"]:
        return "approved" if decision == "approval" else "yes"
    if by_standing["no"] or by_standing["withdrawn"]:
        return "not-approved" if decision == "approval" else "no"
    return "not-known"


def _not_known(page: TopicContext, approvals: Sequence[m.Approval]) -> tuple[ApprovalPlaces, ...]:
    """The places whose answer is not known, by the kind of not-knowing."""
    groups: dict[tuple[m.GapKind, str], list[m.Approval]] = {}
    for approval in approvals:
        if approval.gap is not None:
            key = (approval.gap.kind, depends_on(page, approval.gap))
            groups.setdefault(key, []).append(approval)
    return tuple(
        places
        for (kind, on), members in groups.items()
        if (places := _places(page, members, "or", kind, on)) is not None
    )


def _places(
    page: TopicContext,
    approvals: Sequence[m.Approval],
    last: Literal["and", "or"],
    gap: m.GapKind = "not covered yet",
    on: str = "",
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
        separated(places, last),
        page.cites(*(approval.id for approval in approvals)),
        gap,
        text(on),
    )
