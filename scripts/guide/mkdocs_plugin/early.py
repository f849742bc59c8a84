"""The events of MkDocs while the rest of our code cannot be imported: the pages of an earlier run,
with the mistake on top of them.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jinja2
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from guide.base import faults
from guide.base.saves import Saves
from guide.mkdocs_plugin.notices import clear, our_mistake

# Whether there is time left, and what has browsers ask for their page once more.
GoesOn = Callable[[], bool]
Show = Callable[[], None]


class EarlyEvents:
    """What MkDocs is answered before there is any core."""

    def __init__(self, root: Path):
        self.root = root
        # Where the compiled pages lie.
        self.tree = root / "build" / "docs"

    def show_mistake(self, config: MkDocsConfig, error: Exception) -> MkDocsConfig:
        """Has the last good pages say what is wrong with our code. Raises the error where there are
        none.
        """
        if not (self.tree / "index.md").is_file():
            raise error
        clear(config)
        said = our_mistake(error, self.root)
        print_problems(said)
        config.extra["content_errors"] = [said]
        config.docs_dir = str(self.tree)
        config.nav = None
        return config

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Nothing can be compiled yet."""
        return config

    def remembered(self) -> Mapping[str, Any]:
        """What the next build needs to know of this one."""
        return {}

    def with_notice(self, page: bytes) -> bytes:
        """A page as `serve` sends it."""
        return page

    def go_live(self) -> None:
        """From now on somebody looks at the site."""

    def after_shown(self, goes_on: GoesOn, show: Show = lambda: None) -> None:
        """Does what can wait until the pages are shown, as long as `goes_on` says so. `show` has
        browsers ask for their page once more.
        """

    def on_files(self, files: Files) -> Files:
        """All files as they are."""
        return files

    def on_nav(self, nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
        """The navigation as MkDocs makes it."""
        return nav

    def on_env(self, env: jinja2.Environment) -> jinja2.Environment:
        """Has the theme's templates say their marked words in English."""
        env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # Of i18n.
        return env

    def on_page_context(self, context: Any, page: Page) -> Any:
        """What the template is given, as MkDocs makes it."""
        return context

    def on_post_page(self, output: str) -> str:
        """The page as the template draws it."""
        return output

    def on_build_error(self, error: Exception) -> None:
        """What the machine refused is said in a sentence. Raises Abort for that."""
        said = faults.sentence(error) if isinstance(error, OSError) else None
        if said:
            raise Abort(f"\n{said}") from None

    def on_post_build(self, config: MkDocsConfig) -> None:
        """The pages are finished as MkDocs made them."""


def with_notices(
    server: LiveReloadServer, config: MkDocsConfig, root: Path, events: Callable[[], EarlyEvents]
) -> LiveReloadServer:
    """Has the server watch what people edit, not what the compile step writes, send each page with
    its notice, and show the pages of a build before the rest of it is done. `events` gives those of
    the last build.
    """
    server.unwatch(config.docs_dir)
    _take_events(server, root)
    server.watch(str(root / "docs"))
    plain: Callable[[bytes, int], bytes] = server._inject_js_into_html
    build = server.builder

    def inject(content: bytes, epoch: int) -> bytes:
        return plain(events().with_notice(content), epoch)

    def show() -> None:
        with server._epoch_cond:
            if server._visible_epoch == server._wanted_epoch:
                server._wanted_epoch = round(time.monotonic() * 1000)  # as the server counts
            server._visible_epoch = server._wanted_epoch
            server._epoch_cond.notify_all()

    def build_and_show() -> None:
        build()
        show()
        events().after_shown(lambda: not server._want_rebuild, show)

    vars(server)["_inject_js_into_html"] = inject
    server.builder = build_and_show
    events().go_live()
    return server


def _take_events(server: LiveReloadServer, root: Path) -> None:
    """Has the system tell the server of saves: to look at every file twice a second costs as much
    as it is slow.
    """
    paths = [path for path, times in server._watched_paths.items() for _ in range(times)]
    for path in paths:
        server.unwatch(path)
    vars(server)["observer"] = Saves(root)
    for path in paths:
        server.watch(path)


def print_problems(said: object) -> None:
    """Prints what keeps `serve` from showing an edit. Not through the log: in strict mode an error
    there would end the rebuild and hang the page.
    """
    print(
        "\nThe content has problems; the pages show the last good state.",
        said,
        "",
        sep="\n",
        file=sys.stderr,
        flush=True,
    )
