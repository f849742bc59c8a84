"""The change log."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from guide.base.language import gettext as _
from guide.base.language import gettext_noop
from guide.base.text import text
from guide.content import models as m
from guide.content import wording
from guide.view.context import ConditionContext, Context

# What the badge of an entry says, by its kind.
KINDS = {"clinical": gettext_noop("clinical"), "editorial": gettext_noop("editorial")}


def changes_of_page(page: Context) -> list[m.Change]:
    """What changed on this page since it was published, newest first."""
    return page.library.changes_of(
        page.shown,
        page.review.published if isinstance(page, ConditionContext) else page.publication.published,
    )


@dataclass(frozen=True)
class ChangeShown:
    """An entry of the change log: `kind` decides the look of its badge, `label` is its word.

    `id` is its anchor in the whole log; `old` and `new` are there where they can be read.
    """

    record: str
    date: str
    kind: str
    label: str
    what: Markup
    reason: Markup
    id: str = ""
    old: Markup = Markup("")
    new: Markup = Markup("")
    href: Markup = Markup("")


@dataclass(frozen=True)
class Changes:
    """Entries of the change log, newest first."""

    changes: tuple[ChangeShown, ...]


def changes(page: Context) -> Changes:
    """The whole change log: here an entry has its anchor."""
    return Changes(
        tuple(change_shown(page, change, anchor) for anchor, change in page.library.change_ids())
    )


def page_changes(page: Context) -> Changes:
    """The changes of the records this page shows, and of everything, since it was published."""
    return Changes(tuple(change_shown(page, change) for change in changes_of_page(page)))


def change_shown(page: Context, change: m.Change, anchor: str = "") -> ChangeShown:
    """An entry of the change log, linked to the record it is about."""
    return ChangeShown(
        record=change.record or "guide",
        date=wording.shown_date(change.date),
        kind=change.kind,
        label=_(KINDS[change.kind]),
        what=text(change.what),
        reason=text(change.reason),
        id=anchor,
        old=text(change.old or "") if change.legible else Markup(""),
        new=text(change.new or ""),
        href=(page.link_to(change.record) if change.record in page.library.records else Markup("")),
    )
