"""Signs and moments of danger."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from guide.base.language import gettext as _
from guide.base.language import gettext_noop
from guide.base.problem import CallError
from guide.base.text import text
from guide.content import models as m
from guide.view.context import TopicContext
from guide.view.gaps import gaps_shown
from guide.view.shown import FactGroup, GapShown, facts_counted, in_groups
from guide.view.statements import statement_shown, statements_shown

FOR_CLINICIANS = gettext_noop("Tell patients to call emergency services for these.")


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
    signs: tuple[Markup, ...] = ()


@dataclass(frozen=True)
class HelpNow:
    """One line of warning signs; `href` leads to all of them. `brief`: only the way there, on a
    page that answers questions.
    """

    signs: EmergencySigns
    href: str
    brief: bool = False


@dataclass(frozen=True)
class Crisis:
    """Words for a moment of danger that is no side effect."""

    id: str
    text: Markup


@dataclass(frozen=True)
class Level:
    """Signs of one level of urgency with the facts that name them."""

    signs: tuple[Markup, ...]
    records: tuple[str, ...]


@dataclass(frozen=True)
class Urgent:
    """All signs by urgency, the first under a heading. `now` is empty where the medicine has no
    list of its own: then `line` names them; None where no sign needs help at once, or where `gaps`
    say that none is known.
    """

    title: str
    do: Markup
    line: Markup
    now: Level | None
    facts: tuple[FactGroup, ...]
    count: str = ""
    today: Level | None = None
    visit: Level | None = None
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
        borrowed = _(
            "These signs are from {group} as a group, not from the leaflet of {medicine}."
        ).format(group=medicine_class.name, medicine=page.medicine.name)
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
        tuple(map(text, signs.signs)),
    )


def has_signs(page: TopicContext) -> bool:
    """Whether the topic's intervention, or its class, has signs that need help at once: a medicine
    has, unless a gap says that no text on them was read, and a test may have none.
    """
    medicine_class = page.library.medicines.get(page.medicine.class_ or "")
    return any(
        one is not None and one.emergency is not None for one in (page.medicine, medicine_class)
    )


def says_signs(page: TopicContext) -> bool:
    """Whether there are signs that need help at once, or a gap that says why there are none."""
    return has_signs(page) or "urgent-signs" in page.gaps


def has_any_signs(page: TopicContext) -> bool:
    """Whether there are signs to act on, be it at once, on the same day or at the next visit, or a
    gap that stands in their place.
    """
    return says_signs(page) or bool(page.medicine.call_today or page.medicine.next_visit)


def help_now(page: TopicContext) -> HelpNow:
    """One line of warning signs, for the top of a patient's page."""
    name = "safety" if page.medicine.is_medicine else "harms"
    return HelpNow(
        emergency_signs(page), page.link(name), brief=page.name not in ("index", "handout")
    )


def urgent(page: TopicContext) -> Urgent:
    """All signs by urgency, with words for crises."""
    signs = emergency_signs(page) if has_signs(page) else None
    medicine = page.medicine
    shown = statements_shown(page, "urgent-signs")
    known = {one.id for one in shown}
    for level in (medicine.call_today, medicine.next_visit):
        keys = [key for key in (level.statements if level else ()) if key not in known]
        shown += [one for key in keys if (one := statement_shown(page, key))]
    return Urgent(
        title=_("Get help now") if page.patient else _("Signs that need help at once"),
        # Without signs, clinicians have nothing to pass on.
        do=text(page.site.emergency if page.patient else _(FOR_CLINICIANS) if signs else ""),
        line=signs.text if signs else Markup(""),
        now=Level(signs.signs, signs.records) if signs else None,
        facts=in_groups(shown),
        count=facts_counted(len(shown)) if shown else "",
        today=_level(medicine.call_today),
        visit=_level(medicine.next_visit),
        gaps=tuple(gaps_shown(page, "urgent-signs")),
        borrowed=signs.borrowed if signs else Markup(""),
        crises=tuple(
            Crisis(f"crisis-{one.id}", text(one.patient if page.patient else one.clinician))
            for one in page.site.crisis
        ),
    )


def _level(signs: m.Signs | None) -> Level | None:
    return Level(tuple(map(text, signs.signs)), tuple(signs.statements)) if signs else None
