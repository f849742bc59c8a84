"""What MkDocs loads: it hands every event to `guide.mkdocs_plugin`.

MkDocs loads this file once in a process, and `serve` builds again and again. Where our own code has
been edited since the last build, it is imported afresh, so that the edit counts too. Where that
fails, the code that was imported last goes on, and shows the mistake on top of the last good pages.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import jinja2
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

if TYPE_CHECKING:
    # Never imported by name: each build has its own.
    from guide.mkdocs_plugin.early import EarlyEvents

ROOT = Path(__file__).resolve().parent.parent


def _state_of_code() -> list[tuple[str, int, int, int, int]]:
    """What tells whether a file of our code, or what lies beside it, was written. The time of the
    last change of its entry is no editor's to set.
    """
    return sorted(
        (path, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        for folder, _, names in os.walk(ROOT / "scripts" / "guide")
        if not folder.endswith("__pycache__")
        for path in (f"{folder}/{name}" for name in names)
        if os.path.exists(path)
        for status in (os.stat(path),)
    )


class _Plugin:
    """The plugin as it was last imported, and what outlives one build."""

    def __init__(self) -> None:
        self.command = "build"
        self._events: EarlyEvents | None = None
        # Of the code that was imported; None where the last import failed.
        self._code: list[tuple[str, int, int, int, int]] | None = None

    @property
    def events(self) -> EarlyEvents:
        """The events of this build."""
        if self._events is None:
            raise RuntimeError("MkDocs has read no settings")
        return self._events

    def begin(self) -> None:
        """Begins a build, with our own code as it is now. Raises what its import raises; the last
        code then stays.
        """
        # First: what is saved while it is imported is imported again at the next build.
        state = _state_of_code()
        if self._events is not None and state == self._code:
            self._begin(type(self._events))
            return
        self._code = None
        events = self._imported()
        self._begin(events.Events)
        self._code = state

    def _begin(self, events: Callable[..., EarlyEvents]) -> None:
        before = self._events.remembered() if self._events else {}
        self._events = events(ROOT, self.command, before)

    def _imported(self) -> ModuleType:
        """Our own code, imported afresh."""
        if str(ROOT / "scripts") not in sys.path:
            sys.path.insert(0, str(ROOT / "scripts"))
        last = {
            name: sys.modules.pop(name)
            for name in list(sys.modules)
            if name == "guide" or name.startswith("guide.")
        }
        if last:
            # Bytecode is known by its source's size and second: of two edits in one second the
            # first could be taken for the second.
            sys.dont_write_bytecode = True
        try:
            return importlib.import_module("guide.mkdocs_plugin.events")
        except BaseException:
            sys.modules.update(last)
            raise

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Has the current code compile the content."""
        try:
            self.begin()
        except Exception as error:
            if self._events is None:
                if self.command != "serve":
                    raise
                # The rest could never be imported, and this module needs nothing of it.
                early = importlib.import_module("guide.mkdocs_plugin.early")
                self._events = early.EarlyEvents(ROOT)
            return self.events.show_mistake(config, error)
        return self.events.on_config(config)

    def on_build_error(self, error: Exception) -> None:
        """Has the current code put MkDocs right, where there is any."""
        if self._events is not None:
            self._events.on_build_error(error)


_plugin = _Plugin()


def on_startup(command: str, dirty: bool) -> None:
    """Notes whether MkDocs builds, serves or deploys."""
    _plugin.command = command


@event_priority(100)
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Compiles the content; with problems a build stops here, before anything is touched."""
    return _plugin.on_config(config)


def on_serve(server: LiveReloadServer, config: MkDocsConfig, builder: object) -> LiveReloadServer:
    """Watches what people edit, not what the compile step writes, and puts notices on pages."""
    early = importlib.import_module("guide.mkdocs_plugin.early")
    watched: LiveReloadServer = early.with_notices(server, config, ROOT, lambda: _plugin.events)
    return watched


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Says of pages that no navigation names that this is meant."""
    return _plugin.events.on_files(files)


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
    """Makes the navigation of each topic."""
    return _plugin.events.on_nav(nav, config, files)


def on_env(env: jinja2.Environment, config: MkDocsConfig, files: Files) -> jinja2.Environment:
    """Has the theme's templates speak the guide's language."""
    return _plugin.events.on_env(env)


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> None:
    """The sitemap's day is the day the page last changed, not the day somebody built it."""
    page.update_date = page.meta.get("modified", page.update_date)


def on_page_context(context: Any, page: Page, config: MkDocsConfig, nav: Navigation) -> Any:
    """Gives a page its own navigation."""
    return _plugin.events.on_page_context(context, page)


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Completes the HTML of a page."""
    return _plugin.events.on_post_page(output)


def on_build_error(error: Exception) -> None:
    """Leaves MkDocs as it was."""
    _plugin.on_build_error(error)


@event_priority(-100)
def on_post_build(config: MkDocsConfig) -> None:
    """Puts the site together, checks it and lets it take the place of the last good one."""
    _plugin.events.on_post_build(config)
