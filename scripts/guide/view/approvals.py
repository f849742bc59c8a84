"""Approvals: sentences, cells and the matrix."""

from __future__ import annotations

import datetime
from typing import Any

from markupsafe import Markup

from guide.base.text import sentence, text
from guide.content import models as m
from guide.content import wording
from guide.view.badges import reported_by
from guide.view.context import Context, TopicContext
from guide.view.gaps import gap_shown
from guide.view.shown import Badge, Shown


def approval_shown(page: Context, approval: m.Approval) -> Shown:
    medicine = page.library.medicines[page.library.subject[approval.id]]
    agency = next(agency for agency in page.site.agencies if agency.id == approval.agency)
    condition = page.library.conditions[approval.condition]
    words = {
        "approved": "{} is approved",
        "not approved": "{} is not approved",
        "withdrawn": "{} was approved and is withdrawn",
        "not known": "We do not know whether {} is approved",
    }[approval.status].format(medicine.name)
    # Patients know their disease by its short name, and need the country, not the agency.
    own = page.patient and isinstance(page, TopicContext) and condition.id == page.topic.condition
    disease, by = (
        (condition.abbreviation or condition.name) if own else condition.name,
        "" if page.patient else f" ({agency.id})",
    )
    parts = [f"{sentence(words)} for {disease} in {agency.place}{by}"]
    if approval.status == "approved" and approval.date:
        announced = (
            f"This was announced {'on' if isinstance(approval.date, datetime.date) else 'in'}"
        )
        parts.append(
            f"{announced if approval.date_is == 'announcement' else 'This has been so since'}"
            f" {wording.shown_date(approval.date)}"
        )
    if approval.line:
        parts.append(f"It is for use {approval.line}")
    tail = "".join(
        f" {part}"
        for part in (
            approval.reason,
            *((approval.gap.patient, approval.gap.ask) if approval.gap else ()),
        )
        if part
    )
    badges = (
        (Badge("secondary", reported_by(page, approval)),)
        if approval.confidence == "secondary"
        else ()
    )
    return Shown(
        id=approval.id,
        text=text(". ".join(parts) + "." + tail),
        anchor=page.anchor_of(approval.id),
        country=agency.country,
        cites=page.cites(approval.id),
        kind="approval",
        badges=badges,
        as_of=wording.shown_date(approval.checked),
        brief=text(parts[0]),
    )


def approvals_of(
    page: TopicContext, medicine: str, condition: str | None = None
) -> list[m.Approval]:
    """The matrix row of a medicine, in the agencies' order."""
    wanted = condition or page.topic.condition
    cells = {
        approval.agency: approval
        for approval in page.library.medicines[medicine].approvals
        if approval.condition == wanted
    }
    return [cells[agency.id] for agency in page.site.agencies if agency.id in cells]


def approval_matrix(page: TopicContext, condition: str | None = None) -> dict[str, Any]:
    """The approval matrix of the topic's condition, or of another: agencies, and a row a
    medicine.
    """
    wanted = condition or page.topic.condition
    rows = []
    order = [
        page.topic.medicine,
        *sorted(
            (
                key
                for key in page.library.medicines_with_approvals.get(wanted, ())
                if key != page.topic.medicine
            ),
            key=lambda key: (page.library.medicines[key].class_ != page.medicine.class_, key),
        ),
    ]
    for key in order:
        medicine = page.library.medicines[key]
        cells = {approval.agency: approval for approval in approvals_of(page, key, condition)}
        if not cells:
            continue
        row = []
        for agency in page.site.agencies:
            approval = cells.get(agency.id)
            row.append(approval_cell(page, approval) if approval else None)
        rows.append(
            {
                "id": key if condition is None else f"{condition}-{key}",
                "medicine": text(sentence(medicine.name)),
                "class": class_name(page, medicine),
                "cells": row,
                "own": key == page.topic.medicine,
            }
        )
    return {
        "agencies": page.site.agencies,
        "rows": rows,
        "condition": text(page.library.conditions[wanted].name),
    }


def related_matrices(page: TopicContext) -> list[dict[str, Any]]:
    """The matrices of the conditions of the same family."""
    family = {*page.condition.populations, *page.condition.related_populations}
    return [
        approval_matrix(page, key)
        for key in sorted(page.library.medicines_with_approvals)
        if key != page.topic.condition and family & {*page.library.conditions[key].populations}
    ]


def is_same_class(page: TopicContext, medicine: m.Medicine) -> bool:
    """Whether a medicine is of the topic's medicine's class; one without a class is like no
    other.
    """
    return medicine.class_ is not None and medicine.class_ == page.medicine.class_


def class_name(page: Context, medicine: m.Medicine) -> Markup:
    klass = page.library.medicines.get(medicine.class_ or "")
    return text(klass.name) if klass else Markup("")


def alternatives_of(page: TopicContext) -> list[m.Medicine]:
    """Other medicines of the class that an agency has approved for the topic's condition."""
    return [
        medicine
        for key in page.library.members_by_class.get(page.medicine.class_ or "", ())
        for medicine in [page.library.medicines[key]]
        if key != page.topic.medicine
        and medicine.kind == "medicine"
        and any(approval.status == "approved" for approval in approvals_of(page, key))
    ]


def approval_cell(page: Context, approval: m.Approval, anchored: bool = True) -> dict[str, Any]:
    return {
        "id": approval.id,
        "status": approval.status,
        "anchor": page.anchor_of(approval.id) if anchored else "",
        "cites": page.cites(approval.id),
        "gap": gap_shown(page, approval.gap) if approval.gap else None,
        "date": wording.shown_date(approval.date) if approval.date else "",
        "date_is": approval.date_is,
        "line": text(approval.line or ""),
        "reason": text(approval.reason or ""),
        "checked": wording.shown_date(approval.checked),
        "secondary": approval.confidence == "secondary",
        "agency": approval.agency,
        "country": next(
            agency.country for agency in page.site.agencies if agency.id == approval.agency
        ),
        "place": next(
            agency.place for agency in page.site.agencies if agency.id == approval.agency
        ),
    }
