"""What MkDocs is answered at each of its events, in one build."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import jinja2
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from guide.base import clock, faults, language
from guide.base.command_line import typed
from guide.base.html import PageHtml, scan, without_empty_lines
from guide.base.problem import ContentErrors, lines
from guide.build import LEFT_OUT, keep_last_tree, last_navigation, left_out_of_footer
from guide.mkdocs_plugin import notices
from guide.mkdocs_plugin.compilation import compile_content
from guide.mkdocs_plugin.early import EarlyEvents, GoesOn, Show, print_problems
from guide.mkdocs_plugin.fast_build import FastBuild
from guide.mkdocs_plugin.finish import (
    print_warnings,
    publish_site,
    serve_files,
    serve_later,
)
from guide.mkdocs_plugin.html_blocks import HTML_BLOCKS
from guide.mkdocs_plugin.navigation import TopicNavigation
from guide.mkdocs_plugin.session import Session
from guide.mkdocs_plugin.settings import fast_is_safe, set_language, without_theme_index
from guide.mkdocs_plugin.theme_files import use_names, whole_theme, without_theme_files
from guide.outputs.asset_names import assets_in
from guide.outputs.controls import finished
from guide.outputs.theme_words import name_contents
from guide.publish.gh_deploy import after_gh_deploy_build, before_gh_deploy


class Events(EarlyEvents):
    """The events of one build. `before` is what the session of the build before remembered."""

    def __init__(self, root: Path, command: str, before: Mapping[str, Any]):
        super().__init__(root)
        self.session = Session.continued(root, command, before)
        self._fast: FastBuild | None = None
        self._site_dir = ""
        self._navigation = TopicNavigation(None)

    # -- before the build ------------------------------------------------------------------

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Compiles the content and points MkDocs at the result. Raises Abort with all problems."""
        session = self.session
        self._begin(config)
        if config.site_url and not session.serving:
            # Written in mkdocs.yml or in the environment: one public address for the feed and for
            # paper.
            os.environ["SITE_URL"] = config.site_url
        if session.command == "gh-deploy":
            # A laptop must not skip what ./scripts/publish asks: gh-deploy would publish an
            # uncommitted tree, too.
            refused = before_gh_deploy(self.root, config.remote_name, config.remote_branch)
            if refused:
                raise Abort(f"\n{refused}")
        try:
            with session.timed("own part"):
                session.compiled = made = compile_content(
                    session,
                    self.tree,
                    str(config.extra.get("edit_base") or ""),
                    whole_theme(config, self.root),
                )
        except Exception as error:
            return self.show_mistake(config, error)
        if made.problems:
            print_warnings(made.problems)
            self._say(config, "content_warnings", [str(problem) for problem in made.problems])
        config.docs_dir = str(self.tree)
        # The name has one home, content/site.yml; the line in mkdocs.yml is there because the
        # engine wants one.
        config.site_name = made.name
        for name in LEFT_OUT:
            config.extra.pop(name, None)
        paths = {page.path for page in made.pages}
        config.extra.update(left_out_of_footer(paths, made.has_medicines))
        set_language(config, made.language)
        use_names(config, assets_in(self.tree))
        self._navigation = TopicNavigation(made.navigation)
        config.nav = self._navigation.site
        if not session.serving:
            self._set_aside(config)
        if fast_is_safe(config):
            self._fast = FastBuild(session, config, self._navigation)
        return config

    def _begin(self, config: MkDocsConfig) -> None:
        """Begins a build: of the last one nothing is said any more."""
        notices.clear(config)
        self._fast, self.session.notice = None, b""
        without_theme_index(config)
        if HTML_BLOCKS not in config.markdown_extensions:
            config.markdown_extensions.append(HTML_BLOCKS)

    def _set_aside(self, config: MkDocsConfig) -> None:
        """Has MkDocs build beside the site, and stamp what it writes with the commit's day."""
        session = self.session
        stamp = clock.epoch(self.root)
        if stamp is not None:
            # MkDocs stamps the sitemap with it: the same commit gives the same bytes.
            os.environ[clock.EPOCH] = str(stamp)
        session.site_dir = config.site_dir
        session.warnings.begin()
        config.site_dir = str(self.root / "build" / "engine")

    def _say(self, config: MkDocsConfig, kind: str, problems: list[str]) -> None:
        """Has the pages say what is wrong: where the fast build is used while they are sent, so
        that no page is made anew for it.
        """
        if fast_is_safe(config):
            self.session.notice = notices.notice(kind, problems)
        else:
            config.extra[kind] = problems

    def show_mistake(self, config: MkDocsConfig, error: Exception) -> MkDocsConfig:
        """In `serve` the last good pages with the problems on top of them; a build stops.

        A mistake in our own code (a rule, a component's Python) is said in the page as well, so
        that the server goes on when it is mended.
        """
        session = self.session
        of_content = isinstance(error, ContentErrors)
        if not session.serving or not (of_content or (self.tree / "index.md").is_file()):
            if of_content:
                raise Abort(f"\n{error}") from None
            raise error
        self._begin(config)
        if isinstance(error, ContentErrors):
            said = lines(error.problems)
            keep_last_tree(self.tree)
        else:
            refused = faults.sentence(error) if isinstance(error, OSError) else None
            said = [refused or notices.our_mistake(error, self.root)]
        print_problems(error if of_content else said[0])
        self._say(config, "content_errors", said)
        config.docs_dir = str(self.tree)
        # A build may have made these pages.
        use_names(config, assets_in(self.tree))
        self._navigation = TopicNavigation(last_navigation(self.tree))
        config.nav = self._navigation.site
        if session.compiled:
            set_language(config, session.compiled.language)
        if session.compiled and fast_is_safe(config):
            self._fast = FastBuild(session, config, self._navigation)
        return config

    def remembered(self) -> Mapping[str, Any]:
        """The session as it is now."""
        return vars(self.session)

    # -- during the build ------------------------------------------------------------------

    def with_notice(self, page: bytes) -> bytes:
        """A page as `serve` sends it."""
        return notices.with_notice(page, self.session.notice)

    def go_live(self) -> None:
        """From now on search and data follow after the pages."""
        self.session.live = True

    def on_files(self, files: Files) -> Files:
        """Says of the pages that no navigation names that this is meant, and leaves the theme's
        unused files out.
        """
        return without_theme_files(self._navigation.exempt(files), self.root)

    def on_nav(self, nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
        """Makes the navigation of topics, and takes the place of the engine's steps."""
        self._navigation.make(nav, config, files)
        name_contents(config.mdx_configs.get("toc", {}))
        if self._fast:
            self._fast.start(files)
        return nav

    def on_env(self, env: jinja2.Environment) -> jinja2.Environment:
        """Has the theme's templates say their marked words in the guide's language."""
        language.install(env)
        if self.session.serving:
            env.bytecode_cache = self.session.templates
        return env

    def on_page_context(self, context: Any, page: Page) -> Any:
        """The page's own navigation where it is not the site's."""
        navigation = self._navigation.of(page)
        if navigation is not None:
            context["nav"] = navigation
        return context

    def on_post_page(self, output: str) -> str:
        """Takes out empty lines. In `serve`, where nothing is finished, the page gets its controls
        here.
        """
        output = without_empty_lines(super().on_post_page(output))
        if self.session.serving:
            page = PageHtml(output)
            output = finished(page, scan(page), publish=False)
        return output

    def on_build_error(self, error: Exception) -> None:
        """Gives MkDocs its steps back. Raises Abort for what the machine refused."""
        if self._fast:
            self._fast.stop()
        self.session.close_cache()
        super().on_build_error(error)

    # -- after the build -------------------------------------------------------------------

    def on_post_build(self, config: MkDocsConfig) -> None:
        """Puts the site together; to be published it is checked first. Raises Abort."""
        try:
            if self._fast:
                self._fast.stop()
            made = self._fast.made if self._fast else None
            if self.session.serving:
                files = self._fast.files_known if self._fast else ()
                serve_files(self.session, config, made, files)
                self._site_dir = config.site_dir
            else:
                refused = partial(_refused, self.root, self.session.command, config)
                publish_site(self.session, config, made, refused)
                if self._fast:
                    self._fast.forget_unchanged()
        finally:
            if self.session.built is None:
                self.session.close_cache()

    def after_shown(self, goes_on: GoesOn, show: Show = lambda: None) -> None:
        """Has the rules judge the guide, and makes search and data while no other build waits."""
        serve_later(self.session, self.tree, self._site_dir, goes_on, show)


def _refused(root: Path, command: str, config: MkDocsConfig, site: Path) -> str:
    """Why gh-deploy must not publish the site; "" where it may, and in any other build."""
    if command != "gh-deploy":
        return ""
    refused = after_gh_deploy_build(root, site, config.remote_name, config.remote_branch)
    if not refused:
        print(
            f"gh-deploy pushes the pages alone. '{typed('publish')}' also notes in"
            " content/ledger.json what readers are shown, and sets the tag.",
            file=sys.stderr,
        )
    return refused
