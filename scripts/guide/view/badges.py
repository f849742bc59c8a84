"""Badges: what keeps a reader from taking a fact for something it is not."""

from __future__ import annotations

from guide.base.text import words_join
from guide.content import models as m
from guide.view.context import Context, TopicContext
from guide.view.references import short_name
from guide.view.shown import OTHERS, Badge


def badges_of(
    page: Context, record: m.Statement | m.Result, about: str | None = None
) -> tuple[Badge, ...]:
    """The badges a record must carry on this page; `about` is the medicine of a table column.

    No page, macro or author can switch one off.
    """
    if not isinstance(page, TopicContext):
        return ()
    library, found = page.library, []
    subject = about or page.topic.medicine
    medicine = library.medicine_of(record.id)
    if isinstance(record, m.Result) and subject in {arm.medicine for arm in record.arms}:
        medicine = subject  # a result of both, where the comparator is a medicine too
    own = {subject, library.medicines[subject].class_ if subject in library.medicines else None}
    if medicine and medicine not in own:
        other = library.medicines[medicine]
        label = f"{OTHERS[other.kind]}: {other.name}"
        found.append(Badge("other-medicine", label))
    elif medicine and medicine != subject:
        found.append(Badge("class", f"The whole class: {library.medicines[medicine].name}"))
    if (
        isinstance(record, m.Statement)
        and record.kind == "urgent-signs"
        and medicine
        and (medicine not in own or not is_licensed(page, medicine))
    ):
        # "Not your disease" beside chest pain would be read as "not for me": say where it is
        # from, and to act.
        return (
            Badge(
                "other-medicine",
                f"From the leaflet of {library.medicines[medicine].name} for its licensed"
                " diseases; act on these signs all the same",
            ),
        )
    condition, people = page.condition, record.population
    short = condition.abbreviation or condition.name
    if people == "preclinical":
        found.append(Badge("laboratory", f"Laboratory work, not people with {short}"))
    elif people == "all":
        if (
            isinstance(record, m.Statement)
            and record.kind in m.REGULATED
            and medicine
            and not is_licensed(page, medicine)
        ):
            found.append(Badge("other-disease", f"Label for other diseases, not {short}"))
        elif (
            isinstance(record, m.Statement)
            and record.kind == "adverse-reaction"
            and medicine
            and not is_licensed(page, medicine)
        ):
            found.append(Badge("other-disease", f"Seen in other diseases, not {short}"))
    elif people in condition.related_populations:
        found.append(Badge("wider-disease", f"Wider group: {page.site.populations[people]}"))
    elif people not in condition.populations:
        found.append(
            Badge("other-disease", f"Other disease: {page.site.populations[people]}, not {short}")
        )
    if record.confidence == "secondary":
        found.append(Badge("secondary", reported_by(page, record)))
    return tuple(found)


def is_licensed(page: TopicContext, medicine: str) -> bool:
    """Whether the medicine, or a member of the class, is licensed for the topic's condition: by
    its record, or by any agency.
    """
    record = page.library.medicines[medicine]
    if {*record.licensed_for} & {*page.condition.populations}:
        return True
    members = [medicine, *record.members]
    return any(
        approval.status == "approved" and approval.condition == page.topic.condition
        for member in members
        if member in page.library.medicines
        for approval in page.library.medicines[member].approvals
    )


def reported_by(page: Context, record: m.Sourced) -> str:
    second_hand = [
        page.library.sources[source]
        for source in record.sources
        if not page.library.sources[source].primary
    ]
    if not second_hand or getattr(record, "kind", "") == "certainty":
        return "Our reading of the sources"
    names = dict.fromkeys(short_name(source) for source in second_hand[:2])
    return f"Reported by {words_join(names)}"
