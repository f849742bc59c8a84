"""The only file that knows MkDocs: points it at the compiled tree and swaps in complete sites only.

`mkdocs serve`, `mkdocs build --strict` and `mkdocs gh-deploy` all come through here. Before a
build the compile step writes `build/docs` and MkDocs reads that; after it the finished site is
checked and only then takes the place of the last good one.
"""

from __future__ import annotations

import html
import json
import logging
import os
import re
import sys
import traceback
from pathlib import Path
from typing import Any

from mkdocs.exceptions import Abort
from mkdocs.plugins import event_priority

ROOT = Path(__file__).resolve().parent.parent

class _Run:
    """What one MkDocs process must remember between two of its events."""

    command = "build"
    site_dir = ""
    built: Any = None
    warnings = 0


class _Count(logging.Handler):
    """Counts warnings, so that a build that strict mode will refuse does not replace the site."""

    def emit(self, record: logging.LogRecord) -> None:
        _Run.warnings += 1


_counter = _Count(logging.WARNING)


def _core() -> Any:
    """The compile step, imported afresh: in `serve` an edit of our own code counts too.

    Where the import fails, the last core that could be imported stays: the pages that then show the mistake are finished by it.
    """
    last = {name: sys.modules.pop(name) for name in list(sys.modules) if name == "guide" or name.startswith("guide.")}
    if str(ROOT / "scripts") not in sys.path:
        sys.path.insert(0, str(ROOT / "scripts"))
    try:
        return _imported()
    except BaseException:
        sys.modules.update(last)
        raise


def _imported() -> Any:
    import guide.clock
    import guide.compile
    import guide.finish
    import guide.handout
    import guide.links
    import guide.offline
    import guide.problem
    import guide.site
    if _Run.command == "gh-deploy":
        import guide.publish
    return guide


def on_startup(command: str, dirty: bool) -> None:
    _Run.command = command


@event_priority(100)
def on_config(config: Any) -> Any:
    """Compiles the content; with problems a build stops here, before anything is touched."""
    if config.site_url and _Run.command != "serve":
        # Written in mkdocs.yml or in the environment: one public address for the feed and for paper.
        os.environ["SITE_URL"] = config.site_url
    tree = ROOT / "build" / "docs"
    config.extra.pop("content_errors", None)
    config.extra.pop("content_warnings", None)
    serving = _Run.command == "serve"
    try:
        guide = _core()
        if _Run.command == "gh-deploy":
            # A laptop must not skip what ./scripts/publish asks: gh-deploy would publish an uncommitted tree, too.
            refused = guide.publish.before_gh_deploy(ROOT, config.remote_name, config.remote_branch)
            if refused:
                raise Abort(f"\n{refused}")
        today = guide.clock.today()
        page_date = today if serving else guide.clock.page_date(ROOT)
        stamp = None if serving else guide.clock.epoch(ROOT)
        built = guide.compile.compile_tree(ROOT, tree, today, release=not serving, page_date=page_date, rebuild=guide.clock.is_rebuild(),
                                           edit_base=str(config.extra.get("edit_base") or ""))
    except Abort:
        raise
    except Exception as error:
        return _show_instead(config, tree, error)
    if built.problems:
        print(f"\n{guide.problem.report(built.problems)}\n", file=sys.stderr, flush=True)
        config.extra["content_warnings"] = [str(problem) for problem in built.problems]
    config.docs_dir = str(tree)
    config.nav = _as_html(built.navigation)
    _without_theme_index(config)
    _Run.built = built
    if _Run.command != "serve":
        if stamp is not None:
            # MkDocs stamps the sitemap with it: the same commit gives the same bytes.
            os.environ[guide.clock.EPOCH] = str(stamp)
        _Run.site_dir, _Run.warnings = config.site_dir, 0
        logging.getLogger("mkdocs").removeHandler(_counter)
        logging.getLogger("mkdocs").addHandler(_counter)
        config.site_dir = str(ROOT / "build" / "site-new")
    return config


def _without_theme_index(config: Any) -> None:
    """Spares the theme's search plugin its index, a sixth of a build: the search box is ours (docs/assets/search.js).

    The plugin itself stays, because the theme draws the box only where it is configured.
    """
    plugin = config.plugins.get("material/search")
    for name, methods in config.plugins.events.items():
        methods[:] = [method for method in methods if getattr(method, "__self__", None) is not plugin or name in ("startup", "config")]


def _as_html(navigation: Any) -> Any:
    """The navigation with its titles as HTML: the theme prints them as they are."""
    if isinstance(navigation, list):
        return [_as_html(entry) for entry in navigation]
    if isinstance(navigation, dict):
        return {html.escape(title, quote=False): _as_html(below) for title, below in navigation.items()}
    return navigation


def _show_instead(config: Any, tree: Path, error: Exception) -> Any:
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
        _core().compile.keep_last_tree(tree)
    else:
        said = [_fault_of_ours(error)]
    # Not through the log: in strict mode an error there would end the rebuild and hang the page.
    print("\nThe content has problems; the pages show the last good state.", error if of_content else said[0], "", sep="\n", file=sys.stderr, flush=True)
    config.extra["content_errors"] = said
    config.docs_dir = str(tree)
    navigation = tree.parent / "nav.json"
    config.nav = _as_html(json.loads(navigation.read_text(encoding="utf-8"))) if navigation.is_file() else None
    return config


def _fault_of_ours(error: Exception) -> str:
    """A mistake in the project's code as one line: the file and line of it that is nearest to the mistake."""
    if isinstance(error, SyntaxError) and error.filename:
        place, line = Path(error.filename), error.lineno
    else:
        ours = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(ROOT)]
        place, line = Path(ours[-1].filename), ours[-1].lineno
    name = place.relative_to(ROOT).as_posix() if place.is_relative_to(ROOT) else place
    return f"{name}:{line}: {type(error).__name__}: {getattr(error, 'msg', error)} (in the project's own code, not in the content)"


def on_serve(server: Any, config: Any, builder: Any) -> Any:
    """Watches what people edit, not what the compile step writes."""
    server.unwatch(config.docs_dir)
    server.watch(str(ROOT / "docs"))
    return server


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> None:
    """The sitemap's day is the day the page last changed, not the day somebody built it."""
    page.update_date = page.meta.get("modified", page.update_date)


# Material makes a landmark of every level of the navigation; one is enough for assistive technology.
_NESTED_NAVIGATION = re.compile(r'(<nav class="md-nav" data-md-level="[1-9]") aria-labelledby="[^"]+" aria-expanded="(?:true|false)">')


def on_post_page(output: str, page: Any, config: Any) -> str:
    """Leaves one landmark for the navigation instead of one a level; in `serve`, where nothing is finished, the controls too."""
    output = _NESTED_NAVIGATION.sub(r'\1 role="presentation">', output)
    finish = sys.modules.get("guide.finish")
    # Without a core, which never could be imported, the pages of an earlier run show why.
    if _Run.command == "serve" and finish is not None:
        output = finish.finished(output, finish.scan(output), None, publish=False)
    return output


@event_priority(-100)
def on_post_build(config: Any) -> None:
    """Checks the finished pages and lets them take the place of the last good site."""
    if _Run.command == "serve":
        return
    guide = _core()
    new, final = Path(config.site_dir), Path(_Run.site_dir)
    problems = guide.finish.finish_site(new, ROOT, guide.links.rules_of(_Run.built.library), guide.clock.commit_date(ROOT), config.site_url or "")
    if not problems:
        made = guide.handout.write_pdfs(new, Path(os.environ.get("GUIDE_PDFS") or ROOT / "build" / "pdf"), os.environ.get("SITE_URL", ""))
        if made.left_out:
            print(f"The handouts are pages only, without PDFs: {made.left_out}.", file=sys.stderr, flush=True)
        guide.offline.make_offline(new)
        problems = [*made.problems, *guide.site.check_site(new)]
    if problems:
        raise Abort(f"\n{guide.problem.report(problems)}")
    if _Run.command == "gh-deploy":
        refused = guide.publish.after_gh_deploy_build(ROOT, new, config.remote_name, config.remote_branch)
        if refused:
            raise Abort(f"\n{refused}")
        print("gh-deploy pushes the pages alone. './scripts/publish' also notes in content/ledger.json what readers are shown, and sets the tag.", file=sys.stderr)
    if config.strict and _Run.warnings:
        # MkDocs itself stops a strict build with warnings, after this event: the old site stays.
        config.site_dir = str(final)
        return
    guide.site.replace(new, final)
    config.site_dir = str(final)
