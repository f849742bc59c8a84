"""Who makes the guide, under which licence, and how to have it offline."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from guide.base.language import gettext as _
from guide.base.text import text
from guide.content.publication import CODE
from guide.view.context import ConditionContext, Context
from guide.view.holdings import has_labels, has_signs_of


@dataclass(frozen=True)
class LicenceLink:
    """A licence by its names and address, and what it allows; "" where nobody wrote it."""

    url: str
    title: str
    name: str
    terms: Markup = Markup("")


@dataclass(frozen=True)
class PublisherFact:
    """One thing to know about the publisher: "Money", who pays."""

    label: str
    text: Markup


@dataclass(frozen=True)
class About:
    """Who publishes the guide, with its licences. `emergency` is what to do in an emergency.
    `medicines`: it is about medicines, among others.
    """

    publisher: tuple[PublisherFact, ...]
    content: LicenceLink
    code: str
    data_href: str
    emergency: Markup
    medicines: bool = True


@dataclass(frozen=True)
class Offline:
    """How to have the guide without a connection; the size of the file is written later."""

    emergency: Markup
    medicines: bool = True


@dataclass(frozen=True)
class Need:
    """Why people with the condition look for further treatments."""

    text: Markup


@dataclass(frozen=True)
class ChooseTrack:
    """The choice between the two readers, by the short name of the condition; `treated` where a
    medicine or another therapy is among what the pages are about. `labels`: facts rest on labels or
    leaflets, `signs`: there are signs that need help.
    """

    condition: str
    labels: bool = True
    treated: bool = True
    signs: bool = True


def content_licence(page: Context) -> LicenceLink:
    """The licence of the content."""
    licence = page.site.licence
    return LicenceLink(licence.url, licence.title, licence.name, text(licence.terms_shown))


def about(page: Context) -> About:
    """Who publishes the guide, with what money and interests, and how it is kept."""
    publisher = page.site.publisher
    return About(
        (
            PublisherFact(_("Publisher"), text(publisher.name)),
            PublisherFact(_("Money"), text(publisher.funding)),
            PublisherFact(_("Who wrote it"), text(publisher.authorship)),
            PublisherFact(_("Interests"), text(publisher.interests)),
            PublisherFact(_("How it is kept"), text(publisher.updates)),
            PublisherFact(_("Found a mistake?"), text(publisher.contact)),
        ),
        content_licence(page),
        CODE,
        page.link("about/data") if "about/data/" in page.pages else "",
        text(page.site.emergency),
        page.has_medicines,
    )


def offline(page: Context) -> Offline:
    """How to have the guide without a connection."""
    return Offline(text(page.site.emergency), page.has_medicines)


def need(page: ConditionContext) -> Need:
    """Why people with the topic's condition look for further treatments."""
    return Need(page.need())


def choose_track(page: ConditionContext) -> ChooseTrack:
    """The choice between the two readers of a topic."""
    keys = [page.medicine_id] if page.medicine_id else [one.medicine for one in page.topics]
    about_these = [key for key in (*keys, page.class_id) if key]
    return ChooseTrack(
        page.condition.abbreviation or page.condition.name,
        has_labels(page.library, about_these),
        any(page.library.medicines[key].kind in ("medicine", "class", "therapy") for key in keys),
        has_signs_of(page.library, about_these),
    )
