"""The navigation of the site."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from guide.base.language import gettext as _
from guide.base.text import sentence
from guide.content.library import Library
from guide.content.names import many
from guide.pages.page import Page


def _nested(pages: list[Page], base: str) -> list[Any]:
    """Navigation entries; pages in a folder below `base` stand under the folder's own index
    page.
    """
    entries: list[Any] = []
    for page in pages:
        folder = page.path.removeprefix(base).rpartition("/")[0]
        if not folder:
            entries.append(page.path if page.path == f"{base}index.md" else {page.title: page.path})
        elif page.path.endswith("/index.md"):
            below = [
                other
                for other in pages
                if other is not page and other.path.startswith(f"{base}{folder}/")
            ]
            entries.append(
                {page.title: [page.path, *({other.title: other.path} for other in below)]}
            )
    return entries


@dataclass(frozen=True)
class Navigation:
    """The site's navigation as MkDocs takes it, titles as HTML: engines print them as they are.

    `site` stands on every page. Where topics are many it leaves them out, and `topics` holds what a
    page of each topic or condition shows besides, by its id: what a page carries does not grow with
    the guide. `lists` are pages that only another page leads to: the lists of one condition each,
    and the rows of a comparison.
    """

    site: list[Any]
    topics: dict[str, dict[str, Any]] = field(default_factory=dict)
    lists: list[dict[str, str]] = field(default_factory=list)

    def whole(self) -> list[Any]:
        """All of it in one, for an engine without our hook: the topics stand before the site's last
        section, the lists behind it.
        """
        return [
            *self.site[:-1],
            *self.topics.values(),
            *self.site[-1:],
            *([{_("Further pages"): self.lists}] if self.lists else []),
        ]


def navigation(library: Library, pages: list[Page]) -> Navigation:
    """Home, the topics or the indexes that lead to them, and what the guide says of itself."""

    def entry(page: Page) -> dict[str, str]:
        return {page.title: page.path}

    by_topic: dict[str, list[Page]] = {}
    for page in pages:
        by_topic.setdefault(page.topic, []).append(page)
    no_topic = sorted(by_topic.get("", ()), key=lambda page: page.order)
    general = [page for page in no_topic if not page.condition]
    by_condition: dict[str, list[Page]] = {}
    for page in no_topic:
        if page.condition:
            by_condition.setdefault(page.condition, []).append(page)
    home = [entry(page) for page in general if page.path == "index.md"]
    about = {
        _("About this guide"): [
            entry(page) for page in general if page.path.startswith("about/") and not page.part
        ]
    }
    topics = {
        key: _as_html({library.topics[key].title: _topic_navigation(key, by_topic.get(key, []))})
        for key in library.site.topics
    }
    conditions = {
        key: _as_html(
            {sentence(library.conditions[key].name): _topic_navigation(key, condition_pages)}
        )
        for key, condition_pages in sorted(by_condition.items())
    }
    if not many(library):
        site = [*_as_html(home), *conditions.values(), *topics.values(), _as_html(about)]
        return Navigation(site, lists=_unlisted(no_topic, site))
    indexes = {
        _("Guides"): [
            page.path if page.path == "guides/index.md" else entry(page)
            for page in general
            if page.path.startswith("guides/")
        ]
    }
    return Navigation(
        _as_html([*home, indexes, about]),
        {**conditions, **topics},
        _unlisted(no_topic, list(conditions.values())),
    )


def _unlisted(pages: list[Page], menus: list[Any]) -> list[dict[str, str]]:
    """The parts of pages that no menu has."""
    listed = set(_paths(menus))
    return [
        {html.escape(page.title, quote=False): page.path}
        for page in pages
        if page.part and page.path not in listed
    ]


def _paths(entries: Any) -> Iterator[str]:
    """The paths of all pages in navigation entries."""
    if isinstance(entries, str):
        yield entries
        return
    for below in entries.values() if isinstance(entries, dict) else entries:
        yield from _paths(below)


def _topic_navigation(key: str, pages: list[Page]) -> list[Any]:
    """A topic's pages: its first page, each reader's, and those for both."""
    groups: list[Any] = [page.path for page in pages if page.path == f"{key}/index.md"]
    for track, label in (
        ("patients", _("For patients")),
        ("clinicians", _("For clinicians")),
    ):
        listed = sorted(
            (page for page in pages if page.track == track), key=lambda page: page.order
        )
        groups.append({label: _nested(listed, f"{key}/{track}/")})
    return groups + _nested(
        [page for page in pages if page.track == "both" and page.path != f"{key}/index.md"],
        f"{key}/",
    )


def _as_html(entries: Any) -> Any:
    if isinstance(entries, list):
        return [_as_html(entry) for entry in entries]
    if isinstance(entries, dict):
        return {
            html.escape(title, quote=False): _as_html(below) for title, below in entries.items()
        }
    return entries
