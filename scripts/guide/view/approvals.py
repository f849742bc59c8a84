"""Approvals and other decisions: sentences, cells and the matrix."""

from __future__ import annotations

import dataclasses
import datetime
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from guide.base.language import gettext as _
from guide.base.problem import require_one_of
from guide.base.text import sentence, text
from guide.content import models as m
from guide.content import wording
from guide.view.badges import reported_by
from guide.view.context import ConditionContext, Context, own_people_of
from guide.view.decision_words import WORDS
from guide.view.gaps import gap_shown
from guide.view.shown import Badge, GapShown, Shown

# The look of a cell.
ApprovalStatus = Literal["approved", "not-approved", "withdrawn", "not-known", "yes", "no"]
_LOOKS: dict[str, ApprovalStatus] = {
    "approved": "approved",
    "not approved": "not-approved",
    "withdrawn": "withdrawn",
    "not known": "not-known",
}
# What a matrix may hold: what agencies approve, or all that other bodies decide.
DecidedBy = Literal["agencies", "others"]
_DECIDED: dict[str, tuple[m.Decision, ...]] = {
    "agencies": ("approval",),
    "others": ("offer", "recommendation", "availability"),
}


@dataclass(frozen=True, kw_only=True)
class ApprovalCell:
    """One agency's answer about a medicine in a condition: `label` is the status in words, `line`
    after which treatments the medicine may be used. `announced`: `date` is only the announcement's.
    """

    id: str
    status: ApprovalStatus
    label: str
    country: Markup
    agency: str
    checked: str
    cites: tuple[str, ...]
    anchor: str = ""
    date: str = ""
    announced: bool = False
    line: Markup = Markup("")
    reason: Markup = Markup("")
    gap: GapShown | None = None
    secondary: bool = False


@dataclass(frozen=True)
class AgencyShown:
    """A column of the matrix: an agency and whose it is."""

    id: str
    country: Markup


@dataclass(frozen=True)
class AgencyAnswer:
    """A cell of the matrix; without `cell` nobody has looked the agency's answer up."""

    agency: AgencyShown
    cell: ApprovalCell | None = None


@dataclass(frozen=True)
class MedicineApprovals:
    """A medicine's row of the matrix. `own`: it is the page's own medicine."""

    id: str
    medicine: Markup
    medicine_class: Markup
    answers: tuple[AgencyAnswer, ...]
    own: bool = False


@dataclass(frozen=True)
class ApprovalMatrix:
    """What was decided in one way for one condition, by medicine or other option and by agency or
    other body.
    """

    condition: Markup
    agencies: tuple[AgencyShown, ...]
    rows: tuple[MedicineApprovals, ...]
    decision: m.Decision = "approval"

    @property
    def caption(self) -> Markup:
        """What the table shows."""
        return WORDS[self.decision].said("caption", condition=self.condition)

    @property
    def option(self) -> Markup:
        """The head of the first column."""
        return WORDS[self.decision].said("option")


@dataclass(frozen=True)
class Approvals:
    """The approvals for the topic's condition, then for those of the same family."""

    matrices: tuple[ApprovalMatrix, ...]


def approvals(page: ConditionContext, own: bool = False, decided_by: str = "agencies") -> Approvals:
    """The approvals for the page's condition and for the conditions of its family; with `own` only
    those of the topic's medicine. `decided_by` "others": recommendations, offers and the like.

    Raises CallError for another `decided_by`.
    """
    require_one_of(decided_by, DecidedBy, "who decides")
    family = {*page.condition.populations, *page.condition.related_populations}
    related = [
        key
        for key in sorted(page.library.medicines_with_approvals)
        if key != page.condition.id and family & {*page.library.conditions[key].populations}
    ]
    matrices = tuple(
        approval_matrix(page, condition, decision)
        for condition in (None, *related)
        for decision in _DECIDED[decided_by]
    )
    if own:
        matrices = tuple(
            dataclasses.replace(matrix, rows=tuple(row for row in matrix.rows if row.own))
            for matrix in matrices
        )
    return Approvals(tuple(matrix for matrix in matrices if matrix.rows))


def approval_shown(page: Context, approval: m.Approval) -> Shown:
    """An approval in sentences."""
    agency = agency_of(page, approval)
    answer, *rest = _sentences(page, approval, agency)
    gap = gap_shown(page, approval.gap) if approval.gap else None
    said = [text(f"{'. '.join([answer, *rest])}."), text(approval.reason or "")]
    said += [gap.text, gap.ask] if gap else []
    second_hand = approval.confidence == "secondary"
    return Shown(
        id=approval.id,
        text=Markup(" ").join(filter(None, said)),
        anchor=page.anchor_of(approval.id),
        country=agency.country,
        cites=page.cites(approval.id),
        kind="approval",
        badges=(Badge("secondary", text(reported_by(page, approval))),) if second_hand else (),
        as_of=looked_up(approval),
        decided=approval.standing == "yes" or agency.decides != "approval",
        brief=text(answer),
    )


def looked_up(approval: m.Approval) -> str:
    """The day a decision was looked up; "" for one that is not in the guide yet."""
    if approval.gap is not None and approval.gap.kind == "not covered yet":
        return ""
    return wording.shown_date(approval.checked)


def _sentences(page: Context, approval: m.Approval, agency: m.AgencyRecord) -> list[str]:
    """Whether the medicine is approved, since when, and after which treatments, without their full
    stops.
    """
    medicine = page.library.medicines[page.library.subject[approval.id]]
    condition = page.library.conditions[approval.condition]
    # Patients know their disease by its short name, and need the country, not the agency.
    is_page_condition = (
        page.patient and isinstance(page, ConditionContext) and condition.id == page.condition.id
    )
    disease = decided_for(page, condition, agency.decides, short=is_page_condition)
    by = "" if page.patient else f" ({agency.id})"
    words = WORDS[agency.decides]
    answer = _(getattr(words, f"one_{approval.standing.replace(' ', '_')}")).format(
        medicine=medicine.in_sentence, condition=disease, places=f"{agency.place}{by}"
    )
    sentences = [sentence(answer)]
    if approval.standing == "yes" and approval.date:
        date = wording.shown_date(approval.date)
        if approval.date_is != "announcement":
            sentences.append(_("This has been so since {date}").format(date=date))
        elif isinstance(approval.date, datetime.date):
            sentences.append(_("This was announced on {date}").format(date=date))
        else:
            sentences.append(_("This was announced in {month}").format(month=date))
    if approval.line:
        sentences.append(_(words.line).format(line=approval.line))
    return sentences


def decided_for(
    page: Context, condition: m.Condition, decision: m.Decision, short: bool = False
) -> str:
    """What something is decided for: a condition, by its `short` name where there is one. Tests and
    programmes are offered to people whom the guide may call otherwise.
    """
    people = own_people_of(page.site, condition) if decision != "approval" else ""
    return people or (short and condition.abbreviation) or condition.name


def agency_of(page: Context, approval: m.Approval) -> m.AgencyRecord:
    """The agency or other body that a cell names. Raises StopIteration for one that the site does
    not have.
    """
    return next(agency for agency in page.site.agencies if agency.id == approval.agency)


def approvals_of(
    page: ConditionContext,
    medicine: str,
    condition: str | None = None,
    decision: m.Decision | None = None,
) -> list[m.Approval]:
    """The approvals of a medicine for the topic's condition or another one, in the agencies'
    order; of one decision only, where that is given.
    """
    cells = {
        approval.agency: approval
        for approval in page.library.medicines[medicine].approvals
        if approval.condition == (condition or page.condition.id)
    }
    return [
        cells[agency.id]
        for agency in page.site.agencies
        if agency.id in cells and decision in (None, agency.decides)
    ]


def approval_matrix(
    page: ConditionContext, condition: str | None = None, decision: m.Decision = "approval"
) -> ApprovalMatrix:
    """The matrix of the topic's condition, or of another one: the topic's medicine first, then
    those of its class. It holds one decision, and the bodies that make it.
    """
    library, shown_condition = page.library, condition or page.condition.id
    others = [
        key
        for key in library.medicines_with_approvals.get(shown_condition, ())
        if key != page.medicine_id
    ]
    others.sort(key=lambda key: (library.medicines[key].class_ != page.class_id, key))
    agencies = tuple(
        AgencyShown(agency.id, text(agency.country)) for agency in page.site.deciders(decision)
    )
    rows = []
    for key in filter(None, (page.medicine_id, *others)):
        medicine = library.medicines[key]
        answers = {
            approval.agency: approval_cell(page, approval)
            for approval in approvals_of(page, key, condition, decision)
        }
        if answers:
            rows.append(
                MedicineApprovals(
                    id=f"{condition}-{key}" if condition else key,
                    medicine=text(sentence(medicine.name)),
                    medicine_class=class_name(page, medicine),
                    answers=tuple(
                        AgencyAnswer(agency, answers.get(agency.id)) for agency in agencies
                    ),
                    own=key == page.medicine_id,
                )
            )
    name = decided_for(page, library.conditions[shown_condition], decision)
    return ApprovalMatrix(text(name), agencies, tuple(rows), decision)


def is_same_class(page: ConditionContext, medicine: m.Medicine) -> bool:
    """Whether a medicine is of the topic's medicine's class; one without a class is like no
    other.
    """
    return medicine.class_ is not None and medicine.class_ == page.class_id


def class_name(page: Context, medicine: m.Medicine) -> Markup:
    """The name of a medicine's class; "" for one without a class."""
    medicine_class = page.library.medicines.get(medicine.class_ or "")
    return text(medicine_class.name) if medicine_class else Markup("")


def alternatives_of(page: ConditionContext) -> list[m.Medicine]:
    """Other medicines of the class that an agency has approved for the topic's condition."""
    return [
        medicine
        for key in page.library.members_by_class.get(page.class_id or "", ())
        for medicine in [page.library.medicines[key]]
        if key != page.medicine_id
        and medicine.kind == "medicine"
        and any(approval.status == "approved" for approval in approvals_of(page, key))
    ]


def approval_cell(page: Context, approval: m.Approval) -> ApprovalCell:
    """An approval as a cell of a table shows it."""
    agency = agency_of(page, approval)
    yes_or_no: ApprovalStatus = "yes" if approval.standing == "yes" else "no"
    return ApprovalCell(
        id=approval.id,
        status=_LOOKS.get(approval.status, yes_or_no),
        label=WORDS[agency.decides].label(approval.standing),
        country=text(agency.country),
        agency=agency.id,
        checked=looked_up(approval),
        cites=page.cites(approval.id),
        anchor=page.anchor_of(approval.id),
        date=wording.shown_date(approval.date) if approval.date else "",
        announced=approval.date_is == "announcement",
        line=text(approval.line or ""),
        reason=text(approval.reason or ""),
        gap=gap_shown(page, approval.gap) if approval.gap else None,
        secondary=approval.confidence == "secondary",
    )
