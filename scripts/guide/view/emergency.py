"""Signs and moments of danger."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from guide.base.problem import CallError
from guide.base.text import text
from guide.view.context import TopicContext
from guide.view.gaps import gaps_shown
from guide.view.shown import FactGroup, GapShown, in_groups
from guide.view.statements import statements_shown

FOR_CLINICIANS = "Tell patients to call emergency services for these."


@dataclass(frozen=True)
class EmergencySigns:
    """The signs that need help at once in one line. `do` is what to do, `records` the facts it
    rests on; `borrowed` says whose signs they are where they are the class's.
    """

    text: Markup
    do: Markup
    records: tuple[str, ...]
    cites: tuple[str, ...]
    borrowed: Markup


@dataclass(frozen=True)
class HelpNow:
    """One line of warning signs; `href` leads to all of them."""

    signs: EmergencySigns
    href: str


@dataclass(frozen=True)
class Crisis:
    """Words for a moment of danger that is no side effect."""

    id: str
    text: Markup


@dataclass(frozen=True)
class Urgent:
    """All signs that need help at once, under a heading."""

    title: str
    do: Markup
    facts: tuple[FactGroup, ...]
    gaps: tuple[GapShown, ...] = ()
    borrowed: Markup = Markup("")
    crises: tuple[Crisis, ...] = ()


def emergency_signs(page: TopicContext) -> EmergencySigns:
    """The signs that need help at once with the topic's medicine.

    A medicine without its own borrows its class's. Raises CallError where neither has any.
    """
    medicine_class = page.library.medicines.get(page.medicine.class_ or "")
    borrowed = ""
    signs = page.medicine.emergency
    if signs is None and medicine_class is not None:
        signs = medicine_class.emergency
        borrowed = (
            f"These signs are from {medicine_class.name} as a group, not from the leaflet of"
            f" {page.medicine.name}."
        )
    if signs is None:
        raise CallError(
            f"'{page.medicine.id}' has no 'emergency' in its medicine.yml, nor has its class:"
            " write the signs of its own leaflet"
        )
    return EmergencySigns(
        text(signs.text),
        text(page.site.emergency),
        tuple(signs.statements),
        page.cites(*signs.statements),
        text(borrowed),
    )


def help_now(page: TopicContext) -> HelpNow:
    """One line of warning signs, for the top of a patient's page."""
    return HelpNow(emergency_signs(page), page.link("safety"))


def urgent(page: TopicContext) -> Urgent:
    """All signs that need help at once, with words for crises."""
    return Urgent(
        title="Get help now" if page.patient else "Signs that need help at once",
        do=text(page.site.emergency if page.patient else FOR_CLINICIANS),
        facts=in_groups(statements_shown(page, "urgent-signs")),
        gaps=tuple(gaps_shown(page, "urgent-signs")),
        borrowed=emergency_signs(page).borrowed,
        crises=tuple(
            Crisis(f"crisis-{one.id}", text(one.patient if page.patient else one.clinician))
            for one in page.site.crisis
        ),
    )
