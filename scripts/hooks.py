"""The only file that knows MkDocs: points it at the compiled tree and swaps in complete sites only.

`mkdocs serve`, `mkdocs build --strict` and `mkdocs gh-deploy` all come through here. Before a
build the compile step writes `build/docs` and MkDocs reads that; after it the finished site is
checked and only then takes the place of the last good one.

MkDocs makes every page of every build anew, one after another. With the releases named in
`FAST_WITH` the pages whose inputs are the same as last time are taken from the store instead, and
the others are made over all processors, by MkDocs' own steps. With any other release, another
plugin, or `GUIDE_ENGINE=plain` in the environment MkDocs does it all itself; a test compares both.
"""

from __future__ import annotations

import functools
import html
import importlib.metadata
import json
import logging
import os
import posixpath
import re
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import mkdocs
import mkdocs.commands.build as engine
from jinja2 import pass_context
from markupsafe import escape
from mkdocs.exceptions import Abort
from mkdocs.plugins import event_priority
from mkdocs.structure.files import InclusionLevel
from mkdocs.structure.nav import Navigation, get_navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc

ROOT = Path(__file__).resolve().parent.parent
# The releases whose steps `_Fast` takes; both are frozen, and a newer one goes the plain way until
# it is compared.
FAST_WITH = {"mkdocs": "1.6.1", "mkdocs-material": "9.8.1"}


class _Run:
    """What one MkDocs process must remember between two of its events."""

    command = "build"
    site_dir = ""
    warnings = 0
    core: Any = None
    built: Any = None
    # The navigation that pages of a topic bring along where the site's leaves topics out: as data,
    # and as MkDocs' own objects.
    topics: dict[str, Any] = {}
    lists: frozenset[str] = frozenset()  # pages that no navigation names
    navigations: dict[str, Any] = {}
    fast: Any = None
    store: Any = None
    # In `serve`: what was put into the site of pages and of what stands beside them, by the file it
    # is of.
    placed: dict[str, str] = {}
    notice = b""
    seconds: dict[str, float] = {}


@contextmanager
def _timed(phase: str) -> Iterator[None]:
    """Notes how long a phase of a build took, for `_tell_seconds`."""
    start = time.monotonic()
    yield
    _Run.seconds[phase] = round(time.monotonic() - start, 3)


def _tell_seconds() -> None:
    """Writes the seconds of each phase as JSON into the file that GUIDE_TIMES names: scripts/bench
    asks for them.
    """
    if os.environ.get("GUIDE_TIMES"):
        Path(os.environ["GUIDE_TIMES"]).write_text(json.dumps(_Run.seconds), encoding="utf-8")


class _Count(logging.Handler):
    """Counts warnings, so that a build that strict mode will refuse does not replace the site."""

    def emit(self, record: logging.LogRecord) -> None:
        _Run.warnings += 1


_counter = _Count(logging.WARNING)


def _core() -> Any:
    """The compile step, imported afresh: in `serve` an edit of our own code counts too.

    Where the import fails, the last core that could be imported stays: the pages that then show the
    mistake are finished by it.
    """
    last = {
        name: sys.modules.pop(name)
        for name in list(sys.modules)
        if name == "guide" or name.startswith("guide.")
    }
    if str(ROOT / "scripts") not in sys.path:
        sys.path.insert(0, str(ROOT / "scripts"))
    try:
        return _imported()
    except BaseException:
        sys.modules.update(last)
        raise


def _imported() -> Any:
    import guide.base.clock
    import guide.base.files
    import guide.base.fingerprint
    import guide.base.html
    import guide.base.parallel
    import guide.base.problem
    import guide.build
    import guide.cache.store
    import guide.checks.site
    import guide.content.names
    import guide.mkdocs_plugin.blocks
    import guide.outputs.controls
    import guide.outputs.offline
    import guide.outputs.old_addresses
    import guide.outputs.pdf
    import guide.outputs.swap
    import guide.render.passes

    if _Run.command == "gh-deploy":
        import guide.publish.gh_deploy
    return guide


def on_startup(command: str, dirty: bool) -> None:
    _Run.command = command


@event_priority(100)
def on_config(config: Any) -> Any:
    """Compiles the content; with problems a build stops here, before anything is touched."""
    if config.site_url and _Run.command != "serve":
        # Written in mkdocs.yml or in the environment: one public address for the feed and for
        # paper.
        os.environ["SITE_URL"] = config.site_url
    tree = ROOT / "build" / "docs"
    config.extra.pop("content_errors", None)
    config.extra.pop("content_warnings", None)
    _Run.fast, _Run.notice = None, b""
    _without_theme_index(config)
    serving, guide = _Run.command == "serve", None
    try:
        guide = _Run.core = _core()
        if _Run.command == "gh-deploy":
            # A laptop must not skip what ./scripts/publish asks: gh-deploy would publish an
            # uncommitted tree, too.
            refused = guide.publish.gh_deploy.before_gh_deploy(
                ROOT, config.remote_name, config.remote_branch
            )
            if refused:
                raise Abort(f"\n{refused}")
        today = guide.base.clock.today()
        page_date = today if serving else guide.base.clock.page_date(ROOT)
        stamp = None if serving else guide.base.clock.epoch(ROOT)
        with _timed("own part"):
            _close_store()
            store = _Run.store = guide.cache.store.Store(ROOT)
            compiled = functools.partial(
                _compiled,
                guide,
                tree,
                store,
                today,
                page_date,
                str(config.extra.get("edit_base") or ""),
            )
            # In a process of its own: the library and what is worked out of it are the most of what
            # would be held. (`serve` wants to know where in our own code a mistake is.)
            built = compiled() if serving else guide.base.parallel.aside(compiled)()
    except Abort:
        raise
    except Exception as error:
        return _show_instead(config, tree, error, guide)
    if built.problems:
        print(f"\n{guide.base.problem.report(built.problems)}\n", file=sys.stderr, flush=True)
        _say(config, "content_warnings", [str(problem) for problem in built.problems])
    config.docs_dir = str(tree)
    # The name has one home, content/site.yml; the line in mkdocs.yml is there because the engine
    # wants one.
    config.site_name = built.name
    config.nav = _site_of(built.navigation)
    if _Run.command != "serve":
        if stamp is not None:
            # MkDocs stamps the sitemap with it: the same commit gives the same bytes.
            os.environ[guide.base.clock.EPOCH] = str(stamp)
        _Run.site_dir, _Run.warnings = config.site_dir, 0
        log = logging.getLogger("mkdocs")
        log.removeHandler(_counter)
        log.addHandler(_counter)
        # With --quiet MkDocs would hear no warnings, and --strict would find none.
        log.setLevel(min(log.level or logging.WARNING, logging.WARNING))
        config.site_dir = str(ROOT / "build" / "engine")
    if _fast_is_safe(config):
        _Run.fast = _Fast(guide, built, config)
    _Run.built = built
    return config


def _site_of(navigation: Any) -> Any:
    """The navigation of the site, with what else there is of it noted; `navigation` is None where
    nothing is known of it.
    """
    _Run.topics = navigation.topics if navigation else {}
    _Run.lists = (
        frozenset(path for entry in navigation.lists for path in entry.values())
        if navigation
        else frozenset()
    )
    return navigation.site if navigation else None


def _compiled(
    guide: Any, tree: Path, store: Any, today: Any, page_date: Any, edit_base: str
) -> Any:
    """What the engine's steps need to know of the compiled guide; raises what
    `guide.build.compile_tree` raises.
    """
    try:
        built = guide.build.compile_tree(
            ROOT,
            tree,
            today,
            release=_Run.command != "serve",
            page_date=page_date,
            rebuild=guide.base.clock.is_rebuild(),
            edit_base=edit_base,
            store=store,
        )
        return guide.build.compiled(built, ROOT)
    finally:
        # For this process to find it, where it was another that compiled. Also with problems: the
        # next build makes only what is mended.
        store.settle()


def _close_store() -> None:
    if _Run.store is not None:
        _Run.store.close()
        _Run.store = None


def _without_theme_index(config: Any) -> None:
    """Spares the theme's search plugin its index, a sixth of a build: the search box is ours
    (docs/assets/search.js).

    The plugin itself stays, because the theme draws the box only where it is configured.
    """
    plugin = config.plugins.get("material/search")
    for name, methods in config.plugins.events.items():
        methods[:] = [
            method
            for method in methods
            if getattr(method, "__self__", None) is not plugin or name in ("startup", "config")
        ]


def _say(config: Any, kind: str, said: list[str]) -> None:
    """Has the pages say what is wrong: in `serve` while they are sent, so that no page is made anew
    for it.
    """
    if not _fast_is_safe(config):
        config.extra[kind] = said
        return
    lead = {
        "content_errors": (
            "<strong>The content has problems.</strong> This page shows the last good state."
        ),
        "content_warnings": (
            "<strong>This is what the edit looks like.</strong> It cannot be published until these"
            " are mended."
        ),
    }[kind]
    listed = "".join(f"<li>{escape(problem)}</li>" for problem in said)
    _Run.notice = (
        '<aside class="md-banner"><div class="md-banner__inner md-grid md-typeset"><div'
        f' class="content-errors" role="alert"><p>{lead}</p><ul>{listed}</ul></div></div></aside>'
    ).encode()


def _show_instead(config: Any, tree: Path, error: Exception, guide: Any) -> Any:
    """In `serve` the last good pages with the problems on top of them; a build stops.

    A mistake in our own code (a rule, a component's Python) is said in the page as well, so that
    the server goes on when it is mended.
    """
    of_content = hasattr(error, "problems")
    if _Run.command != "serve" or not (of_content or (tree / "index.md").is_file()):
        if of_content:
            raise Abort(f"\n{error}") from None
        raise error
    if of_content:
        said = [str(problem) for problem in error.problems]
        guide.build.keep_last_tree(tree)
    else:
        said = [_fault_of_ours(error)]
    # Not through the log: in strict mode an error there would end the rebuild and hang the page.
    print(
        "\nThe content has problems; the pages show the last good state.",
        error if of_content else said[0],
        "",
        sep="\n",
        file=sys.stderr,
        flush=True,
    )
    _say(config, "content_errors", said)
    config.docs_dir = str(tree)
    last = guide.build.last_navigation(tree) if guide else None
    config.nav = _site_of(last)
    if guide and _Run.built and _fast_is_safe(config):
        _Run.fast = _Fast(guide, _Run.built, config)
    return config


def _fault_of_ours(error: Exception) -> str:
    """A mistake in the project's code as one line: the file and line of it that is nearest to the
    mistake.
    """
    if isinstance(error, SyntaxError) and error.filename:
        place, line = Path(error.filename), error.lineno
    else:
        ours = [
            frame
            for frame in traceback.extract_tb(error.__traceback__)
            if Path(frame.filename).is_relative_to(ROOT)
        ]
        place, line = Path(ours[-1].filename), ours[-1].lineno
    name = place.relative_to(ROOT).as_posix() if place.is_relative_to(ROOT) else place
    return (
        f"{name}:{line}: {type(error).__name__}: {getattr(error, 'msg', error)} (in the project's"
        " own code, not in the content)"
    )


# Where the notice of `serve` goes: the theme's own place for announcements.
_ANNOUNCE = b'<div data-md-component="announce">'


def on_serve(server: Any, config: Any, builder: Any) -> Any:
    """Watches what people edit, not what the compile step writes."""
    server.unwatch(config.docs_dir)
    server.watch(str(ROOT / "docs"))
    plain = server._inject_js_into_html

    def inject(content: bytes, epoch: int) -> bytes:
        return plain(
            content.replace(_ANNOUNCE, _ANNOUNCE + _Run.notice, 1) if _Run.notice else content,
            epoch,
        )

    server._inject_js_into_html = inject
    return server


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> None:
    """The sitemap's day is the day the page last changed, not the day somebody built it."""
    page.update_date = page.meta.get("modified", page.update_date)


# Material makes a landmark of every level of the navigation; one is enough for assistive
# technology.
_NESTED_NAVIGATION = re.compile(
    r'(<nav class="md-nav" data-md-level="[1-9]") aria-labelledby="[^"]+"'
    r' aria-expanded="(?:true|false)">'
)


def on_post_page(output: str, page: Any, config: Any) -> str:
    """Leaves one landmark for the navigation instead of one a level; in `serve`, where nothing is
    finished, the controls too.
    """
    output = _NESTED_NAVIGATION.sub(r'\1 role="presentation">', output)
    controls = sys.modules.get("guide.outputs.controls")
    html = sys.modules.get("guide.base.html")
    # Without a core, which never could be imported, the pages of an earlier run show why.
    if _Run.command == "serve" and controls is not None and html is not None:
        output = controls.finished(output, html.scan(output), None, publish=False)
    return output


def on_files(files: Any, config: Any) -> Any:
    """Says of the pages that the site's navigation leaves out that this is meant: MkDocs would
    warn.
    """
    for file in files.documentation_pages():
        if _topic_of(file.src_uri) or file.src_uri in _Run.lists:
            file.inclusion = InclusionLevel.NOT_IN_NAV
    return files


def on_nav(nav: Any, config: Any, files: Any) -> Any:
    """Makes the navigation of each topic where the site's leaves topics out: its own section before
    the last of the site's.
    """
    _Run.navigations = {}
    if _Run.topics:
        for file in files.documentation_pages():
            if _topic_of(file.src_uri):
                file.page = (
                    None  # made without a title when it was not found in the site's navigation
                )
        site, config.nav = config.nav, list(_Run.topics.values())
        sections = get_navigation(files, config).items
        config.nav = site
        for topic, section in zip(_Run.topics, sections, strict=True):
            pages = list(_pages(section))
            # A topic begins and ends with itself: with a neighbour's page its own would change when
            # another topic comes.
            pages[0].previous_page = pages[-1].next_page = None
            _Run.navigations[topic] = Navigation(
                [*nav.items[:-1], section, *nav.items[-1:]], nav.pages
            )
    if _Run.fast:
        _Run.fast.start(files)
    return nav


def _pages(item: Any) -> Iterator[Any]:
    """The pages of a navigation entry, in order."""
    if item.is_page:
        yield item
    for below in item.children or ():
        yield from _pages(below)


def _topic_of(path: str) -> str:
    """The topic whose navigation the page at this path brings along, or ""."""
    topic = path.partition("/")[0]
    return topic if topic in _Run.topics else ""


def on_page_context(context: Any, page: Any, config: Any, nav: Any) -> Any:
    """The page's own navigation where it is not the site's."""
    topic = _topic_of(page.file.src_uri)
    if topic:
        context["nav"] = _Run.navigations[topic]
    return context


def on_build_error(error: Exception) -> None:
    if _Run.fast:
        _Run.fast.stop()
    _close_store()


@event_priority(-100)
def on_post_build(config: Any) -> None:
    """Puts the site together, checks the finished pages and lets them take the place of the last
    good site.
    """
    try:
        if _Run.fast:
            _Run.fast.stop()
        if _Run.command == "serve":
            _serve_files(config)
        else:
            _finish_site(config)
    finally:
        _close_store()


def _serve_files(config: Any) -> None:
    """Puts into the served site what the engine did not: what stands beside the pages, and pages
    that are not made anew.
    """
    files, fast = _Run.built.files() if _Run.built else {}, _Run.fast
    if fast:
        files.update(fast.pages())
    folder = config.site_dir
    for name, path in files.items():
        if (
            _Run.placed.get(name) != path or not os.path.exists(f"{folder}/{name}")
        ) and os.path.exists(path):
            os.makedirs(os.path.dirname(f"{folder}/{name}"), exist_ok=True)
            _Run.core.base.files.place(f"{folder}/{name}", path)
    # Where the engine makes the pages itself, it has emptied the folder before.
    for name in _Run.placed.keys() - files.keys() if fast else ():
        Path(folder, name).unlink(missing_ok=True)
    _Run.placed = files


def _finish_site(config: Any) -> None:
    guide, fast = _Run.core, _Run.fast
    engine_made, new, final = (
        Path(config.site_dir),
        ROOT / "build" / "site-new",
        Path(_Run.site_dir),
    )
    with _timed("assembly"):
        # In the folder is the site of two builds ago, or one that was not good enough: only what
        # differs is written.
        wanted = {
            name: engine_made / name for name in guide.base.files.names_of(engine_made)
        } | _Run.built.files()
        guide.base.files.write_tree(new, wanted | (fast.pages() if fast else {}))
    config.site_dir = str(new)
    with _timed("addresses"):
        problems = guide.outputs.old_addresses.finish_site(
            new,
            ROOT,
            _Run.built.redirects,
            guide.base.clock.commit_date(ROOT),
            config.site_url or "",
            fast.places if fast else lambda name: None,
        )
    if not problems:
        with _timed("PDFs"):
            made = guide.outputs.pdf.write_pdfs(
                new,
                Path(os.environ.get("GUIDE_PDFS") or ROOT / "build" / "pdf"),
                os.environ.get("SITE_URL", ""),
            )
        if made.left_out:
            print(
                f"The handouts are pages only, without PDFs: {made.left_out}.",
                file=sys.stderr,
                flush=True,
            )
        with _timed("copies"):
            guide.outputs.offline.make_offline(new, fast.digest if fast else lambda name: None)
        with _timed("check of the site"):
            problems = [
                *made.problems,
                *guide.checks.site.check_site(
                    new,
                    fast.facts if fast else lambda name: None,
                    guide.content.names.pattern_of(_Run.built.names),
                ),
            ]
            if fast:
                fast.forget()
    if problems:
        raise Abort(f"\n{guide.base.problem.report(problems)}")
    if _Run.command == "gh-deploy":
        refused = guide.publish.gh_deploy.after_gh_deploy_build(
            ROOT, new, config.remote_name, config.remote_branch
        )
        if refused:
            raise Abort(f"\n{refused}")
        print(
            "gh-deploy pushes the pages alone. './scripts/publish' also notes in"
            " content/ledger.json what readers are shown, and sets the tag.",
            file=sys.stderr,
        )
    if config.strict and _Run.warnings:
        # MkDocs itself stops a strict build with warnings, after this event: the old site stays.
        config.site_dir = str(final)
        return
    with _timed("exchange"):
        guide.outputs.swap.replace(new, final)
    config.site_dir = str(final)
    _tell_seconds()


# -- the fast way ------------------------------------------------------------------------------


def _fast_is_safe(config: Any) -> bool:
    """Whether this is the engine, and only the plugins, that the fast way was compared with."""
    if os.environ.get("GUIDE_ENGINE") == "plain":
        return False
    try:
        if any(importlib.metadata.version(name) != release for name, release in FAST_WITH.items()):
            return False
    except importlib.metadata.PackageNotFoundError:
        return False
    return (
        mkdocs.__version__ == FAST_WITH["mkdocs"]
        and set(config.plugins) <= {"search", "material/search", "scripts/hooks.py"}
        and config.use_directory_urls
        and list(config.hooks) == ["scripts/hooks.py"]
        and not config.extra_templates
        and "INHERIT" not in Path(config.config_file_path).read_text(encoding="utf-8")
    )


class _Fast:
    """One build in which pages that have not changed come from the store. Stands in for two of
    MkDocs' steps between `start` and `stop`: reading a page, which is left to the process that
    makes it, and making it.
    """

    def __init__(self, guide: Any, built: Any, config: Any):
        self.guide, self.config = guide, config
        self.names = guide.content.names.pattern_of(built.names)
        self.stamps = {path: stamp for path, _, _, stamp in built.pages}
        self.titles = {path: html.escape(title, quote=False) for path, title, _, _ in built.pages}
        self.modified = {path: modified for path, _, modified, _ in built.pages}
        self.kind = "html serve" if _Run.command == "serve" else "html"
        self.site: dict[str, Any] = {}  # path in the site: the page's file in the store
        # Under what the facts and places of each page are kept there, and those of pages that are
        # not kept.
        self._kept: dict[str, tuple[str, bytes]] = {}
        self._told: dict[str, dict[str, Any]] = {}
        if _Run.store is None:
            _Run.store = guide.cache.store.Store(ROOT)
        self.store = _Run.store
        self._navigation: Any = None
        self._asked: dict[str, None] = {}
        self._plain: dict[str, Any] = {}
        self._made = False
        self._clean = engine.utils.clean_directory
        if _Run.command == "serve" and _Run.placed:
            engine.utils.clean_directory = lambda folder: None  # only what changed is put there

    def start(self, files: Any) -> None:
        self._plain = {
            "_populate_page": engine._populate_page,
            "_build_page": engine._build_page,
            "render": Page.render,
            "validate": Page.validate_anchor_links,
        }
        engine._populate_page, engine._build_page = self._title_only, self._build_all
        # Every link of the finished site is checked, those between Markdown pages too.
        Page.validate_anchor_links = lambda page, *, files, log_level: None
        self.files = files

    def stop(self) -> None:
        engine.utils.clean_directory = self._clean
        if self._plain:
            engine._populate_page, engine._build_page = (
                self._plain["_populate_page"],
                self._plain["_build_page"],
            )
            Page.validate_anchor_links, Page.render = self._plain["validate"], self._plain["render"]
            self._plain = {}

    def facts(self, name: str) -> Any:
        """What the check wants to know of a page of the site: as noted when it was made, or of the
        same bytes before.
        """
        if self._untouched(name):
            return self._noted(name, "facts")
        page = Path(self.config.site_dir, name).read_bytes()
        own, self._asked[name] = (
            self.guide.base.fingerprint.digest_of(page + self.names.pattern.encode()),
            None,
        )
        found = self.store.recall("facts").find(name, own)
        if found is None:
            found = self.guide.checks.site.facts(name, page.decode(), self.names)
            self.store.keep("facts", name, own, (), None, found)
        return found

    def forget(self) -> None:
        """Drops what was kept of pages that nobody asked for."""
        self.store.forget_all_but("facts", self._asked)

    def places(self, name: str) -> Any:
        """What looks up what a finished page offers to link to, by its path in the site; None for a
        page that is not finished.
        """
        return functools.partial(self._noted, name, "places") if self._untouched(name) else None

    def _noted(self, name: str, what: str) -> Any:
        """The facts or places of a page, from the store: those of all pages at once are the most of
        a large build's memory.
        """
        if name in self._told:
            return self._told[name][what]
        noted = self.store.recall(f"{self.kind} {what}").find(*self._kept[name])
        if noted is None:
            page = self.store.read(self.site[name])
            noted = (
                self.guide.checks.site.facts(name, page, self.names)
                if what == "facts"
                else self.guide.outputs.old_addresses.places(self.guide.base.html.scan(page))
            )
        return noted

    def digest(self, name: str) -> bytes | None:
        """That of a page's content, if the page is still the file it was."""
        return self.site[name].digest if self._untouched(name) else None

    def pages(self) -> dict[str, str]:
        """The files of the pages by their path in the site."""
        return {name: f"{self.store.files}/{stamp.name}" for name, stamp in self.site.items()}

    def _untouched(self, name: str) -> bool:
        if name not in self.site:
            return False
        stamp, status = self.site[name], os.stat(f"{self.config.site_dir}/{name}")
        return (status.st_size, status.st_mtime_ns) == (stamp.size, stamp.written)

    def _title_only(self, page: Any, config: Any, files: Any, dirty: bool = False) -> None:
        """In the place of reading a page: what the navigation of other pages shows of it."""
        page.markdown, page.meta = "", {"title": self.titles.get(page.file.src_uri)}
        page.update_date = self.modified.get(page.file.src_uri) or page.update_date

    def _build_all(
        self,
        page: Any,
        config: Any,
        doc_files: Any,
        nav: Any,
        env: Any,
        dirty: bool = False,
        excluded: bool = False,
    ) -> None:
        """In the place of building the first page: builds all of them."""
        if self._made:
            return
        self._made = True
        guide, listed = self.guide, {page.file.src_uri for page in nav.pages}
        # Of a page that changes in nothing else, only the day is put in anew.
        day = None if _Run.command == "serve" else guide.base.clock.commit_date(ROOT)
        common = guide.base.fingerprint.fingerprint(
            self.names.pattern,
            *self._settings(),
            json.dumps([(path, self.titles.get(path)) for path in sorted(listed)]),
            json.dumps(config.nav),
        )
        store = self.store
        kept, open_ = store.recall(self.kind), []
        topics = self._topics()
        own = {
            file.src_uri: guide.base.fingerprint.fingerprint(
                common, self.stamps[file.src_uri].name, topics.get(_topic_of(file.src_uri), b"")
            )
            for file in doc_files
        }
        for file in doc_files:
            self._kept[file.dest_uri] = file.src_uri, own[file.src_uri]
            stamp, dated = kept.find(file.src_uri, own[file.src_uri]) or (None, None)
            if stamp and store.holds(stamp):
                if dated != str(day):
                    stamp = store.write(
                        guide.outputs.controls.dated(store.read(stamp), day), ".html"
                    )
                    store.keep(
                        self.kind, file.src_uri, own[file.src_uri], (), None, (stamp, str(day))
                    )
                self.site[file.dest_uri] = stamp
            else:
                open_.append(file)
        blocks = guide.mkdocs_plugin.blocks.Blocks(
            list(config.markdown_extensions), dict(config.mdx_configs or {})
        )
        Page.render = self._render(blocks)
        self._navigation = _Navigation(env)

        def make(number: int) -> tuple[int, Any, list[tuple[str, int, str]]]:
            file = open_[number]
            with _Heard() as heard:
                text = self._make(file.page, config, doc_files, nav, env)
            places = None
            if _Run.command != "serve":
                found = guide.base.html.scan(text)
                text, places = (
                    guide.outputs.controls.finished(text, found, day),
                    guide.outputs.old_addresses.places(found),
                )
            return (
                number,
                {
                    "stamp": store.write(text, ".html"),
                    "facts": guide.checks.site.facts(file.dest_uri, text, self.names),
                    "places": places,
                },
                heard.said,
            )

        kinds = {self.kind: "stamp", f"{self.kind} facts": "facts", f"{self.kind} places": "places"}
        for number, made, said in guide.base.parallel.spread(
            make, range(len(open_)), first=guide.render.passes.FIRST
        ):
            file = open_[number]
            self.site[file.dest_uri] = made["stamp"]
            if said:
                self._told[file.dest_uri] = made
                for name, level, message in said:
                    logging.getLogger(name).log(level, message)
            else:
                for kind, what in kinds.items():
                    store.keep(
                        kind,
                        file.src_uri,
                        own[file.src_uri],
                        (),
                        None,
                        (made[what], str(day)) if what == "stamp" else made[what],
                    )
        for kind in kinds:
            store.forget_all_but(kind, own)
        others = store.recall("html" if self.kind == "html serve" else "html serve")
        store.sweep([*self.site.values(), *(stamp for stamp, _ in others.all())], ".html")

    def _topics(self) -> dict[str, bytes]:
        """16 bytes a topic for its navigation and the titles in it: a page brings along that of its
        own topic and of no other.
        """
        titles: dict[str, list[tuple[str, Any]]] = {}
        for path, title in sorted(self.titles.items()):
            titles.setdefault(_topic_of(path), []).append((path, title))
        return {
            topic: self.guide.base.fingerprint.fingerprint(json.dumps([own, titles.get(topic)]))
            for topic, own in _Run.topics.items()
        }

    def _make(self, page: Any, config: Any, doc_files: Any, nav: Any, env: Any) -> str:
        """MkDocs' own two steps for a page, the finished text instead of a file."""
        self._plain["_populate_page"](page, config, self.files)
        config._current_page, page.active = page, True
        try:
            context = engine.get_context(nav, doc_files, config, page)
            template = env.get_template(page.meta.get("template", "main.html"))
            context = config.plugins.on_page_context(context, page=page, config=config, nav=nav)
            output = self._navigation.placed(template.render(context), context)
            return config.plugins.on_post_page(output, page=page, config=config)
        finally:
            page.active, config._current_page = False, None
            # What was made of the page for this one rendering.
            page.markdown = page.content = None
            page.meta, page.toc = {"title": self.titles.get(page.file.src_uri)}, get_toc([])

    def _render(self, blocks: Any) -> Any:
        plain = self._plain["render"]

        def render(page: Any, config: Any, files: Any) -> None:
            folder = posixpath.dirname(page.file.src_uri)

            def address(path: str) -> str | None:
                target = files.get_file_from_path(posixpath.normpath(posixpath.join(folder, path)))
                return (
                    target.url_relative_to(page.file)
                    if target and target.inclusion.is_included()
                    else None
                )

            found = blocks.convert(page.markdown, address) if "title" in page.meta else None
            if found is None:
                plain(page, config, files)
                return
            page.content, tokens = found
            page.toc = get_toc(tokens)
            page.present_anchor_ids, page.links_to_anchors = set(), {}

        return render

    def _settings(self) -> list[str | bytes]:
        """Everything besides the page and the navigation that decides how it comes out."""
        return [
            self.kind,
            _written(
                dict(self.config), {"nav", "docs_dir", "site_dir", "plugins", "hooks", "extra"}
            ),
            _written(self.config.extra),
            _written(vars(self.config.theme)),
            Path(__file__).read_bytes(),
            Path(self.config.config_file_path).read_bytes(),
            self.guide.base.fingerprint.fingerprint_of_files(ROOT / "overrides", "**/*"),
        ]


def _written(value: Any, without: frozenset[str] | set[str] = frozenset()) -> str:
    """A setting as text that is the same in every process: what is neither a value nor a collection
    of values is left out.
    """
    if isinstance(value, dict):
        return (
            "{"
            + ",".join(
                f"{key}:{_written(value[key])}"
                for key in sorted(value, key=str)
                if key not in without
            )
            + "}"
        )
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(_written, value)) + "]"
    if isinstance(value, (set, frozenset)):
        return "[" + ",".join(sorted(map(_written, value))) + "]"
    return repr(value) if isinstance(value, (str, int, float, bool, type(None))) else ""


# Stand around an address in a kept piece of navigation until it is known on which page the piece
# stands.
_ADDRESS = re.compile("\x02([^\x03]*)\x03")
_ENTRY, _URL = "partials/nav-item.html", "url"


class _Navigation:
    """The theme's own entries of the navigation, each that the page does not stand in made once for
    all pages.

    The theme draws the navigation entry by entry with one macro, anew for every page. What an entry
    says depends on the page only where the page is in it, and in its addresses.
    """

    def __init__(self, env: Any):
        self._entries: dict[tuple[int, str, int], str] = {}
        self._plain, self._keeping = env.filters[_URL], False
        env.filters[_URL] = self._address
        template = env.get_template(_ENTRY)
        make = template.make_module

        def make_module(*given: Any, **named: Any) -> Any:
            module = make(*given, **named)
            module.render._func = self._entry(module.render._func)
            return module

        template.make_module = make_module

    def _entry(self, draw: Any) -> Any:
        def entry(item: Any, path: str, level: int, *more: Any) -> str:
            key = id(item), path, level
            if item.active or self._keeping:
                return draw(item, path, level, *more)
            if key not in self._entries:
                self._keeping = True
                self._entries[key] = draw(item, path, level, *more)
                self._keeping = False
            return self._entries[key]

        return entry

    @pass_context
    def _address(self, context: Any, value: str) -> str:
        return f"\x02{value}\x03" if self._keeping else self._plain(context, value)

    def placed(self, page: str, context: Any) -> str:
        """The page with its own way to every address in it."""
        return _ADDRESS.sub(lambda found: self._plain(context, found[1]), page)


class _Heard(logging.Handler):
    """What MkDocs and Markdown warn of while it is entered, kept back from everybody else."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[tuple[str, int, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append((record.name, record.levelno, record.getMessage()))

    def __enter__(self) -> _Heard:
        self._logger = logging.getLogger("mkdocs")
        self._before = self._logger.handlers, self._logger.propagate
        self._logger.handlers, self._logger.propagate = [self], False
        return self

    def __exit__(self, *_: object) -> None:
        self._logger.handlers, self._logger.propagate = self._before
