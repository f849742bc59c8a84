"""MkDocs' own steps: taken one page at a time, and given back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import jinja2
from mkdocs import utils
from mkdocs.commands import build
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc

from guide.mkdocs_plugin.navigation import DrawnNavigation


class EngineSteps:
    """The functions of MkDocs that a build replaces.

    `serving`: other files than pages are put into the site by who replaces the steps. `keep_site`:
    its folder is not emptied at the start, because only what has changed is put there.
    """

    def __init__(self, serving: bool, keep_site: bool):
        self.populate = build._populate_page
        self._serving = serving
        self._plain: dict[tuple[Any, str], Callable[..., Any]] = {
            (build, "_populate_page"): build._populate_page,
            (build, "_build_page"): build._build_page,
            (build, "_build_theme_template"): build._build_theme_template,
            (Files, "copy_static_files"): Files.copy_static_files,
            (utils, "clean_directory"): utils.clean_directory,
            (Page, "validate_anchor_links"): Page.validate_anchor_links,
        }
        if keep_site:
            vars(utils)["clean_directory"] = lambda folder: None

    def replace(
        self,
        populate: Callable[..., None],
        build_page: Callable[..., None],
        is_drawn: Callable[[str, Navigation], bool],
    ) -> None:
        """Puts other functions in the place of reading a page and of making it. What `is_drawn`
        says of a page of the theme's own, by its name, is not drawn again.
        """
        plain = self._plain[build, "_build_theme_template"]

        def draw(
            name: str, env: jinja2.Environment, files: Files, config: MkDocsConfig, nav: Navigation
        ) -> None:
            if not is_drawn(name, nav):
                plain(name, env, files, config, nav)

        if self._serving:
            setattr(build, "_build_theme_template", draw)  # noqa: B010  # as below
            setattr(  # noqa: B010  # as below
                Files, "copy_static_files", lambda files, dirty=False, *, inclusion=None: None
            )
        setattr(build, "_populate_page", populate)  # noqa: B010  # no assignment mypy would allow
        setattr(build, "_build_page", build_page)  # noqa: B010  # as above
        # Every link of the finished site is checked, those between Markdown pages too.
        setattr(  # noqa: B010  # as above
            Page, "validate_anchor_links", lambda page, *, files, log_level: None
        )

    def restore(self) -> None:
        """Puts MkDocs' own functions back."""
        for (owner, name), plain in self._plain.items():
            setattr(owner, name, plain)


class PageMaker:
    """Makes pages by MkDocs' own two steps, and gives the finished text instead of a file."""

    def __init__(
        self,
        config: MkDocsConfig,
        files: Files,
        doc_files: Sequence[File],
        nav: Navigation,
        env: jinja2.Environment,
        titles: Mapping[str, str],
        steps: EngineSteps,
    ):
        self._config, self._files, self._doc_files = config, files, doc_files
        self._nav, self._env, self._titles, self._steps = nav, env, titles, steps
        self._drawn = DrawnNavigation(env)

    def make(self, file: File) -> str:
        """The HTML of the page of a file."""
        config, page = self._config, file.page
        if page is None:
            raise ValueError(f"{file.src_uri} is no page")
        self._steps.populate(page, config, self._files)
        config._current_page, page.active = page, True
        try:
            context = build.get_context(self._nav, self._doc_files, config, page)
            template = self._env.get_template(page.meta.get("template", "main.html"))
            context = config.plugins.on_page_context(
                context, page=page, config=config, nav=self._nav
            )
            output = self._drawn.placed(template.render(context), context)
            return str(config.plugins.on_post_page(output, page=page, config=config))
        finally:
            page.active, config._current_page = False, None
            # What was made of the page for this one rendering.
            page.markdown = page.content = None
            page.meta, page.toc = {"title": self._titles.get(page.file.src_uri)}, get_toc([])


@dataclass(frozen=True)
class Message:
    """What was logged, by whom and how gravely."""

    logger: str
    level: int
    text: str


class _Listener(logging.Handler):
    def __init__(self, messages: list[Message]) -> None:
        super().__init__(logging.WARNING)
        self._messages = messages

    def emit(self, record: logging.LogRecord) -> None:
        self._messages.append(Message(record.name, record.levelno, record.getMessage()))


@contextmanager
def withheld() -> Iterator[list[Message]]:
    """Keeps back what MkDocs and Markdown warn of meanwhile, and gives the list it comes into."""
    messages: list[Message] = []
    logger = logging.getLogger("mkdocs")
    before = logger.handlers, logger.propagate
    logger.handlers, logger.propagate = [_Listener(messages)], False
    try:
        yield messages
    finally:
        logger.handlers, logger.propagate = before


def as_text(value: Any, without: frozenset[str] = frozenset()) -> str:
    """A setting as text that is the same in every process: what is neither a value nor a collection
    of values is left out.
    """
    if isinstance(value, dict):
        entries = (
            f"{key}:{as_text(value[key])}" for key in sorted(value, key=str) if key not in without
        )
        return "{" + ",".join(entries) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(as_text, value)) + "]"
    if isinstance(value, (set, frozenset)):
        return "[" + ",".join(sorted(map(as_text, value))) + "]"
    return repr(value) if isinstance(value, (str, int, float, bool, type(None))) else ""
