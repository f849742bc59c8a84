"""What is not known, in this reader's words."""

from __future__ import annotations

from markupsafe import Markup

from guide.base.language import gettext as _
from guide.base.language import gettext_noop
from guide.base.text import text, words_join
from guide.content import models as m
from guide.view.context import ConditionContext, Context
from guide.view.references import is_official, short_name
from guide.view.shown import GAP_LABELS, GapShown

# What `sections` of a look says of a document that was read from end to end.
WHOLE = gettext_noop("whole")


def gap_shown(page: Context, gap: m.Gap) -> GapShown:
    """A gap in this reader's words."""
    said = gap.patient if page.patient else gap.clinician or gap.patient
    label = _label(page, gap)
    looked = (
        ""
        if page.patient
        else "; ".join(
            _("{source}, {sections}: looked for {terms}").format(
                source=short_name(page.library.sources[one.source]),
                sections=_(one.sections) if one.sections == WHOLE else one.sections,
                terms=words_join(one.terms, "or"),
            )
            for one in gap.looked
        )
    )
    return GapShown(
        gap.kind.replace(" ", "-"),
        text(label),
        text(said),
        text((gap.ask if page.patient else gap.clinician_ask) or ""),
        (*(one.source for one in gap.looked), *page.cites(*gap.statements)),
        text(looked),
    )


def _label(page: Context, gap: m.Gap) -> str:
    """What kind of not-knowing it is. "Official" are only texts of which every one is."""
    looked = [page.library.sources[one.source] for one in gap.looked]
    if page.patient and gap.kind == "not in the sources" and all(map(is_official, looked)):
        return _("The official texts do not say.")
    if gap.kind == "depends" and not depends_on(page, gap):
        return _("It depends.")
    return _(GAP_LABELS[gap.kind][0 if page.patient else 1]).format(on=depends_on(page, gap))


def depends_on(page: Context, gap: m.Gap) -> str:
    """On what it depends, in this reader's words; "" where none were written for them."""
    return (gap.on if page.patient else gap.clinician_on) or ""


def gaps_shown(page: ConditionContext, *kinds: str) -> list[GapShown]:
    """What the topic says is not answered about these kinds of facts; it stands beside facts of
    the class, too.
    """
    return [
        gap_shown(page, gap)
        for kind in kinds
        for gap_kind, gap in page.gaps.items()
        if gap_kind == kind
    ]


def no_fact(page: ConditionContext) -> GapShown:
    """What stands where a section has no fact and no gap was written: the rule
    `gaps-are-written` finds it on the page.
    """
    label = GAP_LABELS["not covered yet"][0]
    return GapShown(
        "not-covered-yet",
        text(_(label)),
        text(_("Nothing on this stands here.")),
        text(_("Ask the {team} about this.").format(team=page.condition.team))
        if page.patient
        else Markup(""),
    )
