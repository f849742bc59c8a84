"""What a page says of each decision: whole sentences, for every kind of intervention.

One table: approved, recommended, offered or available. A test is never "not approved".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from guide.base.language import gettext, ngettext
from guide.base.language import gettext_noop as _
from guide.content import models as m


@dataclass(frozen=True)
class DecisionWords:
    """The messages of one decision, in English; `gettext` says them. `{medicine}`, `{condition}`
    and `{places}` are filled in.

    `yes`, `no` and `not_known` begin a page. The fields named `brief_…` are a line on other pages,
    `one_…` the answer of one body. `labels` stand in a cell of the matrix, `leads` on the links to
    it.
    """

    labels: Mapping[m.Standing, str]
    # The first sentence, with the places or without.
    yes: str
    no: str
    no_anywhere: str
    not_known: str
    # What follows it.
    no_elsewhere: str
    withdrawn: str
    # One line.
    brief_yes: str
    brief_yes_and_no: str
    brief_no: str
    brief_not_known: str
    # What one body says.
    one_yes: str
    one_no: str
    one_withdrawn: str
    one_not_known: str
    line: str
    # The matrix, and the links to it.
    caption: str
    option: str
    lead: str
    lead_yes: str
    lead_no: str

    def said(self, name: str, **values: str | Markup) -> Markup:
        """A message by the name of its field, in the reader's language, with its values.

        Raises AttributeError for a message, KeyError for a value that does not exist.
        """
        message: str = getattr(self, name)
        return Markup(gettext(message)).format(**values)

    def label(self, standing: m.Standing) -> str:
        """The status as a cell of the matrix says it."""
        return gettext(self.labels[standing])


WORDS: Mapping[m.Decision, DecisionWords] = {
    "approval": DecisionWords(
        labels={
            "yes": _("Approved"),
            "no": _("Not approved"),
            "withdrawn": _("Withdrawn"),
            "not known": _("Not known"),
        },
        yes=_("<strong>{medicine} is approved for {condition}</strong> in {places}."),
        no=_("<strong>{medicine} is not approved for {condition}</strong> in {places}."),
        no_anywhere=_("<strong>{medicine} is not approved for {condition}</strong>."),
        not_known=_(
            "<strong>We do not know whether {medicine} is approved for {condition}</strong>."
        ),
        no_elsewhere=_("It is not approved in {places}."),
        withdrawn=_("It was approved once in {places}; the approval is withdrawn."),
        brief_yes=_("<strong>Approved for {condition}</strong>."),
        brief_yes_and_no=_(
            "<strong>Approved for {condition}</strong> in {places}; not in {others}."
        ),
        brief_no=_("<strong>Not approved for {condition}.</strong>"),
        brief_not_known=_(
            "<strong>We do not know whether it is approved for {condition}.</strong>"
        ),
        one_yes=_("{medicine} is approved for {condition} in {places}"),
        one_no=_("{medicine} is not approved for {condition} in {places}"),
        one_withdrawn=_("{medicine} was approved and is withdrawn for {condition} in {places}"),
        one_not_known=_(
            "We do not know whether {medicine} is approved for {condition} in {places}"
        ),
        line=_("It is for use {line}"),
        caption=_(
            "Approval for {condition}, medicine by medicine and agency by agency. “Not known” does"
            " not mean that there is no approval."
        ),
        option=_("Medicine"),
        lead=_("Who approved what, and when"),
        lead_yes=_("Where, and for whom"),
        lead_no=_("Where this was looked up, and what is approved"),
    ),
    "recommendation": DecisionWords(
        labels={
            "yes": _("Recommended"),
            "no": _("Not recommended"),
            "withdrawn": _("Withdrawn"),
            "not known": _("Not known"),
        },
        yes=_("<strong>{medicine} is recommended for {condition}</strong> in {places}."),
        no=_("<strong>{medicine} is not recommended for {condition}</strong> in {places}."),
        no_anywhere=_("<strong>{medicine} is not recommended for {condition}</strong>."),
        not_known=_(
            "<strong>We do not know whether {medicine} is recommended for {condition}</strong>."
        ),
        no_elsewhere=_("It is not recommended in {places}."),
        withdrawn=_("It was recommended once in {places}; the recommendation is withdrawn."),
        brief_yes=_("<strong>Recommended for {condition}</strong>."),
        brief_yes_and_no=_(
            "<strong>Recommended for {condition}</strong> in {places}; not in {others}."
        ),
        brief_no=_("<strong>Not recommended for {condition}.</strong>"),
        brief_not_known=_(
            "<strong>We do not know whether it is recommended for {condition}.</strong>"
        ),
        one_yes=_("{medicine} is recommended for {condition} in {places}"),
        one_no=_("{medicine} is not recommended for {condition} in {places}"),
        one_withdrawn=_(
            "{medicine} was recommended for {condition} in {places}; the recommendation is"
            " withdrawn"
        ),
        one_not_known=_(
            "We do not know whether {medicine} is recommended for {condition} in {places}"
        ),
        line=_("For whom: {line}"),
        caption=_(
            "Recommendations for {condition}, option by option and body by body. “Not known” does"
            " not mean that there is no recommendation."
        ),
        option=_("Option"),
        lead=_("Who recommends what"),
        lead_yes=_("Where, and for whom"),
        lead_no=_("Where this was looked up, and what is recommended"),
    ),
    "offer": DecisionWords(
        labels={
            "yes": _("Offered"),
            "no": _("Not offered"),
            "withdrawn": _("Withdrawn"),
            "not known": _("Not known"),
        },
        yes=_("<strong>{medicine} is offered for {condition}</strong> in {places}."),
        no=_("<strong>{medicine} is not offered for {condition}</strong> in {places}."),
        no_anywhere=_("<strong>{medicine} is not offered for {condition}</strong>."),
        not_known=_(
            "<strong>We do not know whether {medicine} is offered for {condition}</strong>."
        ),
        no_elsewhere=_("It is not offered in {places}."),
        withdrawn=_("It was offered once in {places}; the offer has ended."),
        brief_yes=_("<strong>Offered for {condition}</strong>."),
        brief_yes_and_no=_(
            "<strong>Offered for {condition}</strong> in {places}; not in {others}."
        ),
        brief_no=_("<strong>Not offered for {condition}.</strong>"),
        brief_not_known=_("<strong>We do not know whether it is offered for {condition}.</strong>"),
        one_yes=_("{medicine} is offered for {condition} in {places}"),
        one_no=_("{medicine} is not offered for {condition} in {places}"),
        one_withdrawn=_("{medicine} was offered for {condition} in {places}; the offer has ended"),
        one_not_known=_("We do not know whether {medicine} is offered for {condition} in {places}"),
        line=_("For whom: {line}"),
        caption=_(
            "What is offered for {condition}, option by option and programme by programme. “Not"
            " known” does not mean that there is no offer."
        ),
        option=_("Option"),
        lead=_("Who offers what"),
        lead_yes=_("Where, and to whom"),
        lead_no=_("Where this was looked up, and what is offered"),
    ),
    "availability": DecisionWords(
        labels={
            "yes": _("Available"),
            "no": _("Not available"),
            "withdrawn": _("Withdrawn"),
            "not known": _("Not known"),
        },
        yes=_("<strong>{medicine} is available for {condition}</strong> in {places}."),
        no=_("<strong>{medicine} is not available for {condition}</strong> in {places}."),
        no_anywhere=_("<strong>{medicine} is not available for {condition}</strong>."),
        not_known=_(
            "<strong>We do not know whether {medicine} is available for {condition}</strong>."
        ),
        no_elsewhere=_("It is not available in {places}."),
        withdrawn=_("It was available once in {places}, and is no longer."),
        brief_yes=_("<strong>Available for {condition}</strong>."),
        brief_yes_and_no=_(
            "<strong>Available for {condition}</strong> in {places}; not in {others}."
        ),
        brief_no=_("<strong>Not available for {condition}.</strong>"),
        brief_not_known=_(
            "<strong>We do not know whether it is available for {condition}.</strong>"
        ),
        one_yes=_("{medicine} is available for {condition} in {places}"),
        one_no=_("{medicine} is not available for {condition} in {places}"),
        one_withdrawn=_("{medicine} was available for {condition} in {places}, and is no longer"),
        one_not_known=_(
            "We do not know whether {medicine} is available for {condition} in {places}"
        ),
        line=_("For whom: {line}"),
        caption=_(
            "What is available for {condition}, option by option and place by place. “Not known”"
            " does not mean that it is not there."
        ),
        option=_("Option"),
        lead=_("Where what is available"),
        lead_yes=_("Where, and for whom"),
        lead_no=_("Where this was looked up, and what is available"),
    ),
}


# What the verdict says of places whose answer is not known, by the kind of not-knowing.
NOT_KNOWN: Mapping[m.GapKind, str] = {
    "not covered yet": _("For {places} this guide has no answer yet."),
    "not in the sources": _("For {places} the sources that were read do not say."),
    "unknown": _("For {places} nobody knows."),
    "depends": _("For {places} it depends on {on}."),
    "does not apply": _("For {places} the question does not arise."),
}


def not_known(kind: m.GapKind, places: Markup, on: str | Markup) -> Markup:
    """What is said of places where the answer is not known; `on` is what it depends on, or ""."""
    if kind == "depends" and not on:
        return Markup(gettext("For {places} it depends.")).format(places=places)
    return Markup(gettext(NOT_KNOWN[kind])).format(places=places, on=on)


def approved_instead(others: Markup, count: int, tablets: bool) -> Markup:
    """Which other medicines of the kind are approved, where the page's own is not."""
    message = (
        ngettext(
            "The tablet of its kind approved for it is {others}.",
            "The tablets of its kind approved for it are {others}.",
            count,
        )
        if tablets
        else ngettext(
            "The medicine of its kind approved for it is {others}.",
            "The medicines of its kind approved for it are {others}.",
            count,
        )
    )
    return Markup(message).format(others=others)


def approved_too(others: Markup, count: int, tablets: bool) -> Markup:
    """Which other medicines of the kind are approved as the page's own is."""
    message = (
        ngettext(
            "Of the other tablets of this kind, {others} is approved for it too.",
            "Of the other tablets of this kind, {others} are approved for it too.",
            count,
        )
        if tablets
        else ngettext(
            "Of the other medicines of this kind, {others} is approved for it too.",
            "Of the other medicines of this kind, {others} are approved for it too.",
            count,
        )
    )
    return Markup(message).format(others=others)
