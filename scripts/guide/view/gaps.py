"""What is not known, in this reader's words."""

from __future__ import annotations

from guide.base.language import gettext as _
from guide.base.text import text, words_join
from guide.content import models as m
from guide.view.context import ConditionContext, Context
from guide.view.references import short_name
from guide.view.shown import GAP_LABELS, GapShown


def gap_shown(page: Context, gap: m.Gap) -> GapShown:
    """A gap in this reader's words."""
    said = gap.patient if page.patient else gap.clinician or gap.patient
    label = _(GAP_LABELS[gap.kind][0 if page.patient else 1]).format(on=gap.on)
    looked = (
        ""
        if page.patient
        else "; ".join(
            _("{source}, {sections}: looked for {terms}").format(
                source=short_name(page.library.sources[one.source]),
                sections=one.sections,
                terms=words_join(one.terms, "or"),
            )
            for one in gap.looked
        )
    )
    return GapShown(
        gap.kind.replace(" ", "-"),
        text(label),
        text(said),
        text(gap.ask or ""),
        (*(one.source for one in gap.looked), *page.cites(*gap.statements)),
        text(looked),
    )


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
        text(_("Ask the {team} about this.").format(team=page.condition.team)),
    )
