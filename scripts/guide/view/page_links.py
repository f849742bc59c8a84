"""Links to other pages, as tiles in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from guide.base.text import relative, text
from guide.content import models as m
from guide.view.approvals import approvals_of
from guide.view.context import ConditionContext


@dataclass(frozen=True)
class PageLink:
    """A page under the name that readers look for."""

    name: Markup
    href: str


@dataclass(frozen=True)
class PageLinks:
    """Pages in the order given."""

    pages: tuple[PageLink, ...]


def page_links(page: ConditionContext, names: Mapping[str, str]) -> PageLinks:
    """Pages of the topic or its condition by name, each with the label it gets; a page that this
    topic or condition does not have is left out.
    """
    shown = []
    for name, label in names.items():
        try:
            # A label with a name in it, such as the condition's, is escaped already.
            words = label if isinstance(label, Markup) else text(label)
            shown.append(PageLink(words, page.link(name)))
        except KeyError:
            continue
    return PageLinks(tuple(shown))


def medicine_links(page: ConditionContext) -> PageLinks:
    """The topics of the condition, for this reader: first what an agency approved for it, or
    another body recommends, offers or has available.
    """

    def order(topic: m.Topic) -> tuple[bool, str]:
        approvals = approvals_of(page, topic.medicine)
        return all(one.standing != "yes" for one in approvals), topic.title

    return PageLinks(
        tuple(
            PageLink(text(topic.title), relative(page.url, f"{topic.id}/{page.track}/"))
            for topic in sorted(page.topics, key=order)
        )
    )
