"""Records as one page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from markupsafe import Markup

from guide.base import language
from guide.base.language import gettext as _
from guide.base.language import gettext_noop, ngettext
from guide.content import wording

Scope = Literal["topic", "medicine", "others", "without-topic"]


IndexBy = Literal["condition", "medicine", "letter"]


TrialGroup = Literal["direct", "class", "indirect", "comparators", "class-safety"]


Item = TypeVar("Item")


@dataclass(frozen=True)
class Separated(Generic[Item]):
    """An item of a list in a sentence with what stands after it: ", ", " and " or nothing. In no
    language does anything stand before the first.
    """

    item: Item
    after: str = ""


def separated(
    items: Sequence[Item], last: Literal["and", "or"] = "and"
) -> tuple[Separated[Item], ...]:
    """The items of a list in a sentence: `a, b and c`."""
    # No item holds this character.
    _first, *after = (
        language.current()
        .joined(["\0"] * len(items), "or" if last == "or" else "standard")
        .split("\0")
    )
    return tuple(map(Separated, items, after))


def facts_counted(number: int) -> str:
    """`1 fact`, `1,200 facts`."""
    return ngettext("{count} fact", "{count} facts", number).format(
        count=wording.shown_number(number)
    )


def sources_counted(number: int) -> str:
    """`1 source`, `1,200 sources`."""
    return ngettext("{count} source", "{count} sources", number).format(
        count=wording.shown_number(number)
    )


def why_not_rated(reason: str) -> str:
    """Why no level of certainty is given, without the "Not rated:" that a guide's own words may
    begin with: it is said before them. "" where they say nothing else.
    """
    begun = _("Not rated: {reason}").partition(":")[0]
    if not reason.casefold().startswith(begun.casefold()):
        return reason
    rest = reason[len(begun) :]
    return rest.lstrip(" :.,;–-") if not rest[:1].isalnum() else reason


BadgeKind = Literal[
    "other-medicine", "other-disease", "wider-disease", "class", "secondary", "laboratory"
]


@dataclass(frozen=True)
class Badge:
    """What keeps a reader from taking a fact for something it is not; drawn by the component."""

    kind: BadgeKind
    label: Markup


@dataclass(frozen=True)
class GapShown:
    """A gap as one page shows it: `kind` decides its look, `label` names it, `ask` is what the
    reader can do.
    """

    kind: str
    label: Markup
    text: Markup
    ask: Markup
    cites: tuple[str, ...] = ()
    looked: Markup = Markup("")


# What a badge says of another thing than the topic's medicine, by its kind.
OTHERS = {
    "medicine": gettext_noop("Other medicine: {name}"),
    "class": gettext_noop("A group of medicines: {name}"),
    "therapy": gettext_noop("Another option: {name}"),
    "test": gettext_noop("Another option: {name}"),
    "programme": gettext_noop("Another option: {name}"),
    "no change": gettext_noop("Another option: {name}"),
}


# What each kind of not-knowing is called, for patients and for clinicians.
GAP_LABELS: dict[str, tuple[str, str]] = {
    "unknown": (gettext_noop("Nobody knows yet."), gettext_noop("No evidence.")),
    "not in the sources": (
        gettext_noop("The texts that were read do not say."),
        gettext_noop("Not stated in the documents searched."),
    ),
    "not covered yet": (
        gettext_noop("Not in this guide yet."),
        gettext_noop("Not in this guide yet."),
    ),
    "depends": (gettext_noop("It depends on {on}."), gettext_noop("Depends on {on}.")),
    "does not apply": (gettext_noop("Not needed here."), gettext_noop("Does not apply.")),
}


@dataclass(frozen=True)
class Shown:
    """A record as one page shows it. `anchor` is empty when the page shows the record already.

    `text` is the whole wording; where it has a list, `lead` is what stands before it and `items`
    its items. `decided`: it says what was decided, of a medicine only what was approved; `as_of` is
    then the day it was looked up, else the day an absence was looked for, or "".
    """

    id: str
    text: Markup
    anchor: str = ""
    country: str = ""
    badges: tuple[Badge, ...] = ()
    cites: tuple[str, ...] = ()
    kind: str = ""
    certainty: str = ""
    as_of: str = ""
    decided: bool = False
    brief: str = ""
    strength: Markup = Markup("")
    lead: Markup = Markup("")
    items: tuple[Markup, ...] = ()
    group: str = ""


# More than seven facts in a row are told apart by nobody.
ROW = 7


@dataclass(frozen=True)
class FactGroup:
    """Facts under one name; "" where they need none."""

    name: str
    facts: tuple[Shown, ...]


def in_groups(facts: Sequence[Shown]) -> tuple[FactGroup, ...]:
    """The facts of a list under their groups' names, or their countries', in the order of their
    first facts; a short list, and facts with neither, under "" and first. Empty for no facts.
    """
    if len(facts) <= ROW:
        return (FactGroup("", tuple(facts)),) if facts else ()
    groups: dict[str, list[Shown]] = {"": []}
    for shown in facts:
        groups.setdefault(shown.group or shown.country, []).append(shown)
    return tuple(FactGroup(name, tuple(members)) for name, members in groups.items() if members)


def listed(filled: Markup) -> tuple[Markup, tuple[Markup, ...]]:
    """A filled wording as its lead and the items of its list, if it has one."""
    lead, *items = (Markup(part.strip()) for part in filled.split(wording.ITEM))
    return lead, tuple(items)
