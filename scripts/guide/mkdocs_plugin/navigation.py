"""The navigation: that of the site, and that of each topic where the site's leaves topics out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import jinja2
from jinja2 import pass_context
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure import StructureItem
from mkdocs.structure.files import Files, InclusionLevel
from mkdocs.structure.nav import Navigation, Section, get_navigation
from mkdocs.structure.pages import Page

from guide.pages import navigation


class TopicNavigation:
    """The navigation that pages of a topic bring along where the site's leaves topics out.

    `plan` is None where nothing is known of it: then each page has MkDocs' own.
    """

    def __init__(self, plan: navigation.Navigation | None):
        self.site = plan.site if plan else None
        self.topics: dict[str, Any] = plan.topics if plan else {}
        self._lists = {path for entry in plan.lists for path in entry.values()} if plan else set()
        self._made: dict[str, Navigation] = {}

    def topic_of(self, path: str) -> str:
        """The topic whose navigation the page at this path brings along, or ""."""
        topic = path.partition("/")[0]
        return topic if topic in self.topics else ""

    def of(self, page: Page) -> Navigation | None:
        """The page's own navigation where it is not the site's."""
        return self._made.get(self.topic_of(page.file.src_uri))

    def exempt(self, files: Files) -> Files:
        """Says of the pages that the site's navigation leaves out that this is meant: MkDocs would
        warn.
        """
        for file in files.documentation_pages():
            if self.topic_of(file.src_uri) or file.src_uri in self._lists:
                file.inclusion = InclusionLevel.NOT_IN_NAV
        return files

    def make(self, nav: Navigation, config: MkDocsConfig, files: Files) -> None:
        """Makes the navigation of each topic: its own section before the last of the site's."""
        self._made = {}
        if not self.topics:
            return
        for file in files.documentation_pages():
            if self.topic_of(file.src_uri):
                # Made without a title when it was not found in the site's navigation.
                file.page = None
        site, config.nav = config.nav, list(self.topics.values())
        sections = get_navigation(files, config).items
        config.nav = site
        for topic, section in zip(self.topics, sections, strict=True):
            pages = list(_pages(section))
            # A topic begins and ends with itself: with a neighbour's page its own would change when
            # another topic comes.
            pages[0].previous_page = pages[-1].next_page = None
            self._made[topic] = Navigation([*nav.items[:-1], section, *nav.items[-1:]], nav.pages)


def _pages(item: StructureItem) -> Iterator[Page]:
    """The pages of a navigation entry, in order."""
    if isinstance(item, Page):
        yield item
    for below in item.children or () if isinstance(item, Section) else ():
        yield from _pages(below)


# Placeholders around URLs in cached navigation HTML. `placed` replaces them with page-relative
# URLs.
_ADDRESS = re.compile("\x02([^\x03]*)\x03")
_MENU, _URL = "partials/menu.html", "url"


class DrawnNavigation:
    """The entries of the navigation, each that the page does not stand in drawn once for all pages.

    The template draws the navigation entry by entry with one macro, anew for every page. What an
    entry says depends on the page only where the page is in it, and in its addresses.
    """

    def __init__(self, env: jinja2.Environment):
        self._entries: dict[int, str] = {}
        self._plain, self._drawing = env.filters[_URL], False
        env.filters[_URL] = self._address
        template = env.get_template(_MENU)
        make: Callable[..., Any] = template.make_module

        def make_module(*given: Any, **named: Any) -> Any:
            module = make(*given, **named)
            module.entry._func = self._entry(module.entry._func)
            return module

        vars(template)["make_module"] = make_module

    def _entry(self, draw: Callable[..., str]) -> Callable[..., str]:
        def entry(item: Any, level: int) -> str:
            if item.active or self._drawing:
                return draw(item, level)
            if id(item) not in self._entries:
                self._drawing = True
                self._entries[id(item)] = draw(item, level)
                self._drawing = False
            return self._entries[id(item)]

        return entry

    @pass_context
    def _address(self, context: jinja2.runtime.Context, value: str) -> str:
        return f"\x02{value}\x03" if self._drawing else str(self._plain(context, value))

    def placed(self, page: str, context: Any) -> str:
        """The page with its own way to every address in it."""
        return _ADDRESS.sub(lambda found: str(self._plain(context, found[1])), page)
