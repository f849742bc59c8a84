"""The plugin `guide` of MkDocs: the door to the installed engine.

A checkout of the engine has `scripts/hooks.py` instead, which imports our code afresh at every
build.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from guide.base.layers import layers
from guide.mkdocs_plugin.early import with_notices
from guide.mkdocs_plugin.events import Events


class _NoSettings(Config):  # type: ignore[no-untyped-call]  # MkDocs leaves it so.
    pass


class GuidePlugin(BasePlugin[_NoSettings]):  # type: ignore[no-untyped-call]  # MkDocs leaves it so.
    """Builds the guide in the folder of `mkdocs.yml`; it has no settings."""

    def __init__(self) -> None:
        self._command = "build"
        self._events: Events | None = None

    @property
    def events(self) -> Events:
        """The events of this build. Raises RuntimeError before MkDocs has read its settings."""
        if self._events is None:
            raise RuntimeError("MkDocs has read no settings")
        return self._events

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Notes whether MkDocs builds, serves or deploys."""
        self._command = command

    @event_priority(100)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Compiles the content; with problems a build stops here, before anything is touched."""
        root = Path(config.config_file_path).parent
        for folder in reversed(layers(root, "overrides")):
            if str(folder) not in config.theme.dirs:
                config.theme.dirs.insert(0, str(folder))
        before = self._events.remembered() if self._events else {}
        self._events = Events(root, self._command, before)
        return self._events.on_config(config)

    def on_serve(
        self, server: LiveReloadServer, /, *, config: MkDocsConfig, builder: object
    ) -> LiveReloadServer:
        """Watches what people edit, and puts notices on pages."""
        root = Path(config.config_file_path).parent
        server.watch(str(root / "content"))
        return with_notices(server, config, root, lambda: self.events)

    def on_files(self, files: Files, /, *, config: MkDocsConfig) -> Files:
        """Says of pages that no navigation names that this is meant."""
        return self.events.on_files(files)

    def on_nav(self, nav: Navigation, /, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Makes the navigation of each topic."""
        return self.events.on_nav(nav, config, files)

    def on_env(
        self, env: jinja2.Environment, /, *, config: MkDocsConfig, files: Files
    ) -> jinja2.Environment:
        """Has the theme's templates speak the guide's language."""
        return self.events.on_env(env)

    def on_page_markdown(
        self, markdown: str, /, *, page: Page, config: MkDocsConfig, files: Files
    ) -> None:
        """The sitemap's day is the day the page last changed, not the day somebody built it."""
        page.update_date = page.meta.get("modified", page.update_date)

    def on_page_context(
        self, context: Any, /, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> Any:
        """Gives a page its own navigation."""
        return self.events.on_page_context(context, page)

    def on_post_page(self, output: str, /, *, page: Page, config: MkDocsConfig) -> str:
        """Completes the HTML of a page."""
        return self.events.on_post_page(output)

    def on_build_error(self, *, error: Exception) -> None:
        """Leaves MkDocs as it was."""
        if self._events:
            self._events.on_build_error(error)

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Puts the site together, checks it and lets it take the place of the last good one."""
        self.events.on_post_build(config)
