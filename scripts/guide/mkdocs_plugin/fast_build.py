"""The fast build: pages that have not changed come from the cache, the others are made over all
processors, by MkDocs' own steps.

MkDocs makes every page of every build anew, one after another. Here two of its steps are replaced
while a build runs: reading a page, which is left to the process that makes it, and making it. A
test compares the site with the one that MkDocs makes alone.
"""

from __future__ import annotations

import html
import json
import logging
import os
from collections.abc import Sequence
from pathlib import Path

import jinja2
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from guide.base.fingerprint import digest_of, fingerprint, fingerprint_of_files
from guide.base.html import PageHtml, scan
from guide.base.layers import layers
from guide.cache.cached import NoInputs, Step, Task, cached
from guide.cache.folder import Cache
from guide.checks import site as site_check
from guide.mkdocs_plugin.engine import EngineSteps, PageMaker, as_text, withheld
from guide.mkdocs_plugin.made_pages import DETAILS, HtmlPage, MadePages, PageDetails
from guide.mkdocs_plugin.navigation import TopicNavigation
from guide.mkdocs_plugin.session import Session
from guide.outputs.controls import finished
from guide.outputs.old_addresses import places as places_of

# How many pages are made before the work is spread over processes.
WARM_UP = 8


class FastBuild:
    """One build in which pages that have not changed come from the cache. It stands in for MkDocs'
    steps between `start` and `stop`. `files_known` are all that the engine knows.
    """

    def __init__(self, session: Session, config: MkDocsConfig, navigation: TopicNavigation):
        if session.compiled is None:
            raise ValueError("nothing is compiled")
        if session.cache is None:
            session.cache = Cache(session.root)
        self._session, self._config, self._navigation = session, config, navigation
        self._cache: Cache = session.cache
        self._files = self._cache.files
        self._names = session.compiled.names
        self._pages = {page.path: page for page in session.compiled.pages}
        self._titles = {
            path: html.escape(page.title, quote=False) for path, page in self._pages.items()
        }
        self.made = MadePages(self._files, lambda: str(config.site_dir), self._changed)
        self._is_built = False
        self._asked: list[str] = []
        self._kept_common: bytes | None = None
        self._steps = EngineSteps(
            serving=session.serving, keep_site=session.serving and bool(session.placed)
        )

    # -- in the place of MkDocs' steps -----------------------------------------------------

    def start(self, files: Files) -> None:
        """Takes the place of the engine's steps; `files` are all that it knows."""
        self.files_known = files
        self._steps.replace(self._title_only, self._build_all, self._is_drawn)

    def stop(self) -> None:
        """Gives the engine its steps back."""
        self._steps.restore()

    def _is_drawn(self, name: str, nav: Navigation) -> bool:
        """Whether the page for addresses that do not exist is there as it would be drawn."""
        if name != "404.html":
            return False
        drawn, self._session.drawn = self._session.drawn, self._common(nav)
        there = os.path.exists(f"{self._config.site_dir}/{name}")
        return there and drawn == self._session.drawn

    def _title_only(
        self, page: Page, config: MkDocsConfig, files: Files, dirty: bool = False
    ) -> None:
        """In the place of reading a page: what the navigation of other pages shows of it."""
        path = page.file.src_uri
        page.markdown, page.meta = "", {"title": self._titles.get(path)}
        if path in self._pages:
            page.update_date = self._pages[path].modified or page.update_date

    def _build_all(
        self,
        page: Page,
        config: MkDocsConfig,
        doc_files: Sequence[File],
        nav: Navigation,
        env: jinja2.Environment,
        dirty: bool = False,
        excluded: bool = False,
    ) -> None:
        """In the place of building the first page: builds all of them."""
        if self._is_built:
            return
        self._is_built = True
        maker = PageMaker(
            self._config, self.files_known, doc_files, nav, env, self._titles, self._steps
        )

        def make(file: File, inputs: NoInputs) -> HtmlPage:
            return self._html_page(file, maker)

        step = Step(
            "html serve" if self._session.serving else "html",
            HtmlPage,
            make,
            files=lambda made: (made.file, made.details),
            keep=lambda made: None if made.said else made,
            warm_up=WARM_UP,
        )
        common, topics = self._common(nav), self._topics()
        tasks = [
            Task(
                file.src_uri,
                fingerprint(
                    common,
                    self._pages[file.src_uri].digest,
                    topics.get(self._navigation.topic_of(file.src_uri), b""),
                ),
                file,
            )
            for file in doc_files
        ]
        html_pages = cached(self._cache, step, tasks, NoInputs(), only=True)
        for file in doc_files:
            for message in html_pages[file.src_uri].said:
                logging.getLogger(message.logger).log(message.level, message.text)
        self.made.add({file.dest_uri: html_pages[file.src_uri] for file in doc_files})

    def _html_page(self, file: File, maker: PageMaker) -> HtmlPage:
        with withheld() as messages:
            text = maker.make(file)
        places = None
        if not self._session.serving:
            page = PageHtml(text)
            scanned = scan(page)
            text, places = finished(page, scanned), places_of(scanned)
        facts = site_check.facts(file.dest_uri, text, self._names)
        return HtmlPage(
            self._files.put(text, ".html"),
            self._files.put(DETAILS.encode(PageDetails.of(facts, places)).decode(), ".details.z"),
            tuple(messages),
        )

    # -- pages that were changed afterwards ------------------------------------------------

    def _changed(self, name: str, page: bytes) -> PageDetails:
        """The details of a page as it is now, or of the same bytes before."""

        def details(page: bytes, inputs: NoInputs) -> PageDetails:
            return PageDetails.of(site_check.facts(name, page.decode(), self._names))

        self._asked.append(name)
        task = Task(name, fingerprint(digest_of(page), self._names.pattern), page)
        return cached(self._cache, Step(_CHANGED, PageDetails, details), [task], NoInputs())[name]

    def forget_unchanged(self) -> None:
        """Drops what was kept of pages that are not changed any more."""
        self._cache.delete_unused(_CHANGED, self._asked)

    # -- what pages depend on --------------------------------------------------------------

    def _common(self, nav: Navigation) -> bytes:
        """16 bytes for all that decides how any page comes out, besides its own Markdown."""
        if self._kept_common is None:
            self._kept_common = self._work_out_common(nav)
        return self._kept_common

    def _work_out_common(self, nav: Navigation) -> bytes:
        listed = sorted({page.file.src_uri for page in nav.pages})
        config = self._config
        return fingerprint(
            self._names.pattern,
            as_text(dict(config), _ELSEWHERE),
            as_text(config.extra),
            as_text(vars(config.theme)),
            *map(str, config.extra_javascript),
            Path(config.config_file_path).read_bytes(),
            *(fingerprint_of_files(folder) for folder in layers(self._session.root, "overrides")),
            *(path.read_bytes() for path in self._session.root.glob("scripts/hooks.py")),
            json.dumps([(path, self._titles.get(path)) for path in listed]),
            json.dumps(config.nav),
        )

    def _topics(self) -> dict[str, bytes]:
        """16 bytes a topic for its navigation and the titles in it: a page brings along that of its
        own topic and of no other.
        """
        titles: dict[str, list[tuple[str, str]]] = {}
        for path, title in sorted(self._titles.items()):
            titles.setdefault(self._navigation.topic_of(path), []).append((path, title))
        return {
            topic: fingerprint(json.dumps([plan, titles.get(topic)]))
            for topic, plan in self._navigation.topics.items()
        }


_CHANGED = "details of changed pages"
# Settings that say nothing of a page, or are taken in by themselves.
_ELSEWHERE = frozenset({"nav", "docs_dir", "site_dir", "plugins", "hooks", "extra"})
