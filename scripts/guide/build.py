"""The compile step: content and pages in, a plain Markdown tree in `build/docs` out.

Only changed files are written and orphans are deleted, so an engine that watches the tree
rebuilds what changed; what is reviewed there is what every engine builds.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from guide.artefacts import ARTEFACTS, SIDECARS, Built, later_files
from guide.base.files import write_tree
from guide.base.parallel import paused_gc, run_in_child, unfreeze_gc
from guide.base.problem import ContentErrors, Problem
from guide.cache.content import load_cached
from guide.cache.folder import Cache
from guide.checks.run import OVERDUE, check, check_content, check_sound_part
from guide.content import names
from guide.content.library import Library
from guide.content.publication import publication_of
from guide.outputs import asset_names, compiled_places, permalinks
from guide.outputs.redirects import Rule, rules_of
from guide.outputs.well_known import left_out_files
from guide.pages.navigation import Navigation, navigation
from guide.pages.page import Page
from guide.reading.grading import Word, word_memory
from guide.render.passes import build_pages

# Pages about the guide that every page leads to, where they are there.
FOOTER = ("accessibility", "offline")


# All that the footer of every page may go without.
LEFT_OUT = tuple(f"without_{name}" for name in (*FOOTER, "medicines"))


def left_out_of_footer(paths: Collection[str], has_medicines: bool) -> dict[str, bool]:
    """The settings that keep the footer from leading to pages that are not among these paths, and
    from speaking of medicines, also on the page for addresses that do not exist.
    """
    left_out = [name for name in FOOTER if f"about/{name}.md" not in paths]
    return {f"without_{name}": True for name in left_out + ["medicines"] * (not has_medicines)}


# From this many pages on a second process is worth its start.
LARGE = 1000

Artefacts = Callable[[Built], Mapping[str, bytes | Path | str]]


def prepare(
    root: Path,
    today: datetime.date,
    release: bool = True,
    page_date: datetime.date | None = None,
    rebuild: bool = False,
    edit_base: str = "",
    artefacts: Artefacts = lambda built: {},
) -> Built:
    """As `prepared`, with the pages' texts in memory: for a small guide."""
    with prepared(
        root, today, release, page_date, rebuild, edit_base, artefacts=artefacts
    ) as built:
        pages = [dataclasses.replace(page, text=page.markdown, file=None) for page in built.pages]
        return dataclasses.replace(built, pages=pages)


@contextmanager
def prepared(
    root: Path,
    today: datetime.date,
    release: bool = True,
    page_date: datetime.date | None = None,
    rebuild: bool = False,
    edit_base: str = "",
    cache: Cache | None = None,
    artefacts: Artefacts = lambda built: {},
    judge: bool = True,
) -> Iterator[Built]:
    """Loads, checks and renders; writes only below `build/`. Raises ContentErrors with every
    problem. Without `judge`, what `problems_of` finds is left to be asked for.

    The content is judged by `today`; `page_date` (the same day, if left out) is what pages take for
    today. Without `release`, for somebody who edits and looks: what breaks a rule but can be shown
    is shown, and the problems come along in `problems`. A `rebuild` shows again what readers are
    shown already: a review that is overdue by now is said on the page and stops nothing.
    `edit_base`: as `build_pages` takes it. The pages' texts lie in files that last as long as the
    context, or as `cache` where it is given. `artefacts` makes the files of the tree that are no
    pages; in a large guide while the rules look at it.
    """
    with Cache(root) if cache is None else nullcontext(cache) as used:
        built = _prepared(root, today, page_date, edit_base, used, judge)
        if judge:
            yield _judged(built, root, today, release, rebuild, artefacts)
        else:
            yield dataclasses.replace(built, artefacts=artefacts(built))


def _prepared(
    root: Path,
    today: datetime.date,
    page_date: datetime.date | None,
    edit_base: str,
    cache: Cache,
    judge: bool,
) -> Built:
    unfreeze_gc()
    with paused_gc():
        loaded = load_cached(root, cache)
    library = loaded.library

    def pages_of(library: Library, found: list[Problem] | None) -> list[Page]:
        publication = publication_of(library, root, os.environ.get("SITE_URL", ""))
        day = page_date or today
        return build_pages(library, root, day, cache, publication, edit_base, found)

    if library is None or loaded.problems or (judge and check_content(library, root, today)):
        raise ContentErrors(check_sound_part(loaded, root, today, pages_of))
    try:
        pages = pages_of(library, None)
    except Exception as error:
        # Where nobody has judged yet, a page may have failed for what the rules find.
        if isinstance(error, ContentErrors) or (not judge and check_content(library, root, today)):
            raise ContentErrors(check_sound_part(loaded, root, today, pages_of)) from None
        raise
    publication = publication_of(library, root, os.environ.get("SITE_URL", ""))
    return Built(library, pages, navigation(library, pages), publication, cache)


def _judged(
    built: Built,
    root: Path,
    today: datetime.date,
    release: bool,
    rebuild: bool,
    artefacts: Artefacts,
) -> Built:
    """The guide with what the rules find in it, and with the files that stand beside its pages.

    Raises ContentErrors for a release that breaks a rule.
    """
    memory = word_memory(root)

    def rules() -> tuple[list[Problem], dict[str, Word]]:
        return _found_by_rules(built, root, today, rebuild), memory.take_new()

    started = run_in_child(rules) if len(built.pages) > LARGE else None
    try:
        made = artefacts(built) if started else None
    finally:
        # What breaks a rule may also be what keeps a file from being made: the rules say it better.
        problems, words = (started or rules)()
        memory.learn(words)
        memory.save()
        if problems and release:
            raise ContentErrors(problems)
    return dataclasses.replace(
        built, problems=tuple(problems), artefacts=artefacts(built) if made is None else made
    )


def problems_of(built: Built, root: Path, today: datetime.date) -> list[Problem]:
    """What the rules find in a guide that nobody has judged yet."""
    memory = word_memory(root)
    problems = [
        *check_content(built.library, root, today),
        *_found_by_rules(built, root, today, rebuild=False),
    ]
    memory.learn(memory.take_new())
    memory.save()
    return problems


def _found_by_rules(built: Built, root: Path, today: datetime.date, rebuild: bool) -> list[Problem]:
    published, redirects = permalinks.read_links(root), rules_of(built.library)
    live = compiled_places.places_of(built.pages)
    try:
        check(
            built.library,
            root,
            built.pages,
            today,
            without=(OVERDUE,) if rebuild else (),
            is_kept=lambda place: compiled_places.is_kept(place, published, redirects),
            found=permalinks.plan(published, live, redirects).problems,
        )
    except ContentErrors as errors:
        return errors.problems
    return []


def compile_tree(
    root: Path,
    target: Path,
    today: datetime.date,
    release: bool = True,
    page_date: datetime.date | None = None,
    rebuild: bool = False,
    edit_base: str = "",
    cache: Cache | None = None,
    theme: tuple[Path, ...] = (),
    later: Mapping[str, str] | None = None,
) -> Built:
    """Makes `target` hold exactly the compiled pages and the assets of docs/; the days are those of
    `prepared`, and `theme` is that of `Built`.

    With problems nothing is written: the tree of the last good run stays. What stands beside the
    pages (`SIDECARS`) is not in it: no engine needs to see it. Without `release` assets keep their
    plain names, so that an edited style changes no page. Where `later` is given, no file of `LATER`
    is made, these files are in their place, and `problems_of` is left to be asked for. `artefacts`
    of what is returned has files of `LATER` alone.
    """

    def artefacts(built: Built) -> Mapping[str, bytes | Path | str]:
        files: dict[str, bytes | Path | str] = dict(
            later_files(built, root) if later is None else later
        )
        whole = dataclasses.replace(built, theme=theme)
        for artefact in ARTEFACTS:
            files.update(artefact(whole, root))
        return asset_names.with_digests(files) if release else files

    with prepared(
        root,
        today,
        release,
        page_date,
        rebuild,
        edit_base,
        cache,
        artefacts,
        judge=later is None,
    ) as built:
        pages = {page.path: page.file for page in built.pages if page.file}
        write_tree(target, {**pages, **built.artefacts})
    (target.parent / "nav.json").write_text(
        json.dumps(dataclasses.asdict(built.navigation), ensure_ascii=False, indent=1),
        encoding="utf-8",
    )
    own = {name: data for name, data in built.artefacts.items() if isinstance(data, str)}
    return dataclasses.replace(built, artefacts=own)


@dataclass(frozen=True)
class CompiledPage:
    """What the steps of an engine need to know of a page: its path in the tree, its title, the day
    it last changed and the digest of its Markdown.
    """

    path: str
    title: str
    modified: str
    digest: bytes


@dataclass(frozen=True)
class Compiled:
    """What the steps of an engine need to know of a compiled guide, in any process: its pages, its
    navigation, what is wrong with it, the entries of content/redirects.yml, the paths of the files
    that stand beside pages by their address, those of the files of `LATER`, the site's name and
    language, what takes its names that hold digits out of a text, and whether a topic is about a
    medicine.
    """

    pages: tuple[CompiledPage, ...]
    navigation: Navigation
    problems: tuple[Problem, ...]
    redirects: list[Rule]
    sidecars: Mapping[str, str]
    later: Mapping[str, str]
    name: str
    language: str
    names: re.Pattern[str]
    has_medicines: bool = True


def compiled(built: Built, root: Path) -> Compiled:
    """What is left to know of a guide whose tree is written to `build/docs`."""
    sidecars = {name: path for artefact in SIDECARS for name, path in artefact(built, root).items()}
    return Compiled(
        tuple(
            CompiledPage(page.path, page.title, page.modified, page.stored.digest)
            for page in built.pages
            if page.stored
        ),
        built.navigation,
        built.problems,
        rules_of(built.library),
        sidecars | left_out_files(root / "build" / "docs"),
        {name: str(path) for name, path in built.artefacts.items()},
        built.library.site.name,
        built.library.site.language,
        built.library.compute_once(names.pattern),
        bool(built.library.compute_once(names.has_medicines)),
    )


def last_navigation(target: Path) -> Navigation | None:
    """The navigation of the pages that `target` holds, as `compile_tree` noted it; None where it
    noted none.
    """
    noted = target.parent / "nav.json"
    if not noted.is_file():
        return None
    fields = json.loads(noted.read_text(encoding="utf-8"))
    return Navigation(**fields) if isinstance(fields, dict) else None


def keep_last_tree(target: Path) -> None:
    """Makes sure that there is a tree to serve while the content has problems."""
    if not (target / "index.md").is_file():
        write_tree(
            target,
            {
                "index.md": (
                    b"---\ntitle: Not built yet\n---\n# Not built yet\n\nMend the problems listed"
                    b" above; this page then shows the guide.\n"
                )
            },
        )
