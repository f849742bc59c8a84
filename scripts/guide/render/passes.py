"""Every page of the site in two passes, each over all processors, and each only for the pages whose
inputs have changed.

A page in `docs/topic/` becomes one page per topic. It holds headings with their permanent ids, a
little prose without numbers, and calls of components. The bodies come first. When it is known what
stands where, the pages are finished. `render_page` and `PageFinisher` are pure; what is here calls
them through the cache and puts large texts into its files.
"""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from guide.base.file_store import StoredFile
from guide.base.fingerprint import fingerprint
from guide.base.problem import NOT_MADE, ContentErrors, Problem
from guide.cache.cached import NoInputs, Step, Task, cached
from guide.cache.folder import Cache
from guide.content.citations import lines
from guide.content.condition_index import ConditionIndex
from guide.content.library import Library
from guide.content.publication import Publication
from guide.pages.conditions import condition_indexes
from guide.pages.page import Page
from guide.pages.plan import plan_pages, turn_of
from guide.pages.section import sections_text
from guide.pages.source import Source, lists_everything, read_pages
from guide.reading.grading import Measure, Word, word_memory
from guide.render.components import Renderer
from guide.render.edit_links import EditLinks
from guide.render.page_body import BodySummary, PageInputs, Tools, render_page
from guide.render.page_finish import PageFinisher

# How many pages of a pass are made before it is spread over processes: enough to meet most
# components and the words of both tracks.
WARM_UP = 8


@dataclass(frozen=True)
class Body:
    """A rendered body: the file of its text and what it shows; or what is wrong with it."""

    file: StoredFile | None
    summary: BodySummary | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Finished:
    """A finished page: the files of its Markdown, of its sections and beside it, by address.

    `words` are those that textstat was asked for on the way; they and problems are not kept. `ids`
    and `links` are those of a `Page`.
    """

    file: StoredFile
    sections: StoredFile
    sidecars: tuple[tuple[str, StoredFile], ...]
    modified: str
    measure: Measure | None
    problems: tuple[Problem, ...]
    words: dict[str, Word]
    ids: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


def build_pages(
    library: Library,
    root: Path,
    today: datetime.date,
    cache: Cache,
    publication: Publication,
    edit_base: str = "",
    found: list[Problem] | None = None,
) -> list[Page]:
    """Every page of the site, its Markdown in a file of the cache. Raises ContentErrors with all
    problems of all pages; where `found` is given, it takes them, and the pages without are made. It
    also takes a line of the rule `NOT_MADE` for each page that is not, with the reason.

    `edit_base` is the web address of the project's files, for the links of `EditLinks`.
    """
    set_reference_lines(library, cache)
    tools = Tools(root, Renderer(root, today), EditLinks(library, edit_base))
    tools.renderer.components.edit = tools.edit.to
    # Pages that link to records are rendered last: by then it is known where each record stands.
    # After them come the lists of all that the others show.
    plan = sorted(plan_pages(library, read_pages(root)), key=turn_of)
    planned = [Planned(source, page) for source, page, _ in plan]
    first = [one for one in planned if not lists_everything(one.source)]
    build = _Build(library, publication, today, planned, tools, cache, found)
    build.make(first)
    build.add_measures([page for one in first if (page := build.pages.get(one.page.url))])
    build.make([one for one in planned if lists_everything(one.source)])
    names = [one.page.path for one in planned]
    for step in (_BODY, _PAGE):
        cache.delete_unused(step, names)
    return sorted(
        build.pages.values(),
        key=lambda page: (page.topic, page.condition, page.track, page.order, page.url),
    )


_LINE, _BODY, _PAGE = "reference line", "body", "page"


def set_reference_lines(library: Library, cache: Cache) -> None:
    """Has the lines of all sources ready: the processor takes two milliseconds each."""
    items = lines.packed_items(library.sources.values())
    tasks = [Task(key, fingerprint(item), item) for key, item in items.items()]
    lines_by_key = cached(cache, Step(_LINE, str, _set_line), tasks, NoInputs(), only=True)
    lines.add_lines({item: lines_by_key[key] for key, item in items.items()})


def _set_line(item: str, inputs: NoInputs) -> str:
    return lines.set_line(item)


@dataclass(frozen=True)
class Planned:
    """A page and the file of `docs/` that it is made from."""

    source: Source
    page: Page


class _Build:
    """The pages of one build as far as they are made, and where each record stands."""

    def __init__(
        self,
        library: Library,
        publication: Publication,
        today: datetime.date,
        planned: Sequence[Planned],
        tools: Tools,
        cache: Cache,
        found: list[Problem] | None = None,
    ):
        self._library, self._tools, self._cache = library, tools, cache
        self._found = found
        self._memory = word_memory(tools.root)
        self._finisher = PageFinisher(tools.root)
        self.pages = {one.page.url: one.page for one in planned}
        self._places: dict[str, str] = {}
        self._measures: dict[str, Measure | None] = {}
        self._shares: dict[str, ConditionIndex] = {}
        self._inputs = PageInputs(
            library,
            publication,
            today,
            titles={one.page.url: one.page.title for one in planned},
            pages=self.pages,
            places=self._places,
            measures=self._measures,
            shares=self._shares,
        )

    def make(self, planned: Sequence[Planned]) -> None:
        """Makes these pages, given in the order of their turns. Raises ContentErrors where nothing
        takes what is found.
        """
        problems: list[Problem] = []
        bodies: dict[str, Body] = {}
        by_topic = sorted(planned, key=lambda one: one.page.topic)
        for _, turn in itertools.groupby(
            planned, key=lambda one: turn_of((one.source, one.page, one.page.topic))
        ):
            members = list(turn)
            turn_bodies = self._bodies(sorted(members, key=lambda one: one.page.topic))
            for one in members:
                body = bodies[one.page.path] = turn_bodies[one.page.path]
                problems += body.problems
                if body.summary is not None:
                    self._add_body(one.page, body.summary)
        if problems and self._found is None:
            raise ContentErrors(problems)
        if self._found is not None:
            self._found += problems
            self._found += [
                _not_made(one.page)
                for one in planned
                if (body := bodies[one.page.path]).summary is None
                and all(problem.rule != NOT_MADE for problem in body.problems)
            ]
        made = [one for one in by_topic if bodies[one.page.path].summary is not None]
        for url in {one.page.url for one in planned} - {one.page.url for one in made}:
            del self.pages[url]
        self._finish([(self.pages[one.page.url], bodies[one.page.path]) for one in made])

    def add_measures(self, pages: Sequence[Page]) -> None:
        """Notes what the pages that list everything need to know of the others."""
        self._measures.update((page.path, page.measure) for page in pages)
        self._shares.update(condition_indexes(self._library, pages))

    # -- bodies ----------------------------------------------------------------------------

    def _bodies(self, planned: Sequence[Planned]) -> dict[str, Body]:
        step = Step(_BODY, Body, self._body, _files_of_body, _kept_body, warm_up=WARM_UP)
        edit = self._tools.edit
        # Links to the lines of facts change with every line that moves, and nothing else on a page
        # does.
        places = repr(sorted(self._library.place.items())) if edit.base else ""
        common = fingerprint(edit.base, places)
        tasks = [
            Task(one.page.path, _key_of_source(one.source, one.page, common), one)
            for one in planned
        ]
        return cached(self._cache, step, tasks, self._inputs)

    def _body(self, one: Planned, inputs: PageInputs) -> Body:
        try:
            body = render_page(one.source, one.page, inputs, self._tools)
        except ContentErrors as error:
            return Body(None, None, tuple(error.problems))
        except Exception as error:
            # Of content that lacks a part, all that can be shown is shown.
            if self._found is None:
                raise
            return Body(None, None, (_not_made(one.page, error),))
        return Body(self._cache.files.put(body.text, ".body.z"), body.summary, ())

    def _add_body(self, page: Page, summary: BodySummary) -> None:
        self.pages[page.url] = with_summary(page, summary)
        for record, address in (
            *(
                (anchor, f"{page.url}#{anchor}")
                for anchor in summary.anchors
                if anchor in self._library.records
            ),
            *((record, page.url) for record in summary.shown),
        ):
            for key in (record, f"{page.owner}/{record}"):
                # A page that has the record in full goes before one that only names it.
                if key not in self._places or ("#" in address and "#" not in self._places[key]):
                    self._places[key] = address

    # -- finished pages --------------------------------------------------------------------

    def _finish(self, bodies: Sequence[tuple[Page, Body]]) -> None:
        step = Step(_PAGE, Finished, self._finished, _files_of_page, _kept_page, warm_up=WARM_UP)
        tasks = [Task(page.path, _key_of_body(page, body), (page, body)) for page, body in bodies]
        finished_pages = cached(self._cache, step, tasks, self._inputs)
        for page, _ in bodies:
            finished = finished_pages[page.path]
            self._memory.learn(finished.words)
            if self._found is not None and any(one.rule == NOT_MADE for one in finished.problems):
                self._found += finished.problems
                del self.pages[page.url]
                continue
            self.pages[page.url] = self._with_files(page, finished)

    def _finished(self, given: tuple[Page, Body], inputs: PageInputs) -> Finished:
        page, body = given
        files = self._cache.files
        assert body.file is not None, "a page with problems is not finished"
        try:
            made = self._finisher.finish(page, files.read(body.file), inputs)
        except Exception as error:
            if self._found is None:
                raise
            nothing = files.put("", ".md")
            wrong = (_not_made(page, error),)
            return Finished(nothing, nothing, (), "", None, wrong, self._memory.take_new())
        return Finished(
            files.put(made.markdown, ".md"),
            files.put(sections_text(made.sections), ".sections.z"),
            tuple(
                (address, files.put(text, f".{address.rpartition('.')[2]}"))
                for address, text in made.sidecars
            ),
            made.modified,
            made.measure,
            made.problems,
            self._memory.take_new(),
            made.ids,
            made.links,
        )

    def _with_files(self, page: Page, finished: Finished) -> Page:
        files = self._cache.files
        return dataclasses.replace(
            page,
            modified=finished.modified,
            measure=finished.measure,
            problems=finished.problems,
            ids=finished.ids,
            links=finished.links,
            sections_file=files.path(finished.sections),
            sidecars=finished.sidecars,
            stored=finished.file,
            file=files.path(finished.file),
        )


def _not_made(page: Page, error: Exception | None = None) -> Problem:
    """That a page could not be made; the reason is the name that led nowhere, if there is one."""
    name = str(error.args[0]) if isinstance(error, KeyError) and error.args else ""
    return Problem(page.place, 0, name, NOT_MADE)


def with_summary(page: Page, summary: BodySummary) -> Page:
    """The page, with what its body shows. Pages share ids: each is held once, not once a page."""
    shown, anchors, cited, stated = (
        tuple(map(sys.intern, ids))
        for ids in (summary.shown, summary.anchors, summary.cited, summary.stated)
    )
    return dataclasses.replace(
        page,
        shown=shown,
        anchors=anchors,
        cited=cited,
        stated=frozenset(stated),
        sections=tuple(
            (sys.intern(anchor), sys.intern(heading)) for anchor, heading in summary.sections
        ),
        full_title=summary.full_title,
        citation=summary.citation,
    )


def _key_of_source(source: Source, page: Page, common: bytes) -> bytes:
    meta = repr(sorted(source.meta.items(), key=str))
    return fingerprint(source.path, meta, source.body, page.as_planned, common)


def _files_of_body(body: Body) -> list[StoredFile]:
    return [body.file] if body.file else []


def _kept_body(body: Body) -> Body | None:
    return None if body.problems or body.summary is None else body


def _key_of_body(page: Page, body: Body) -> bytes:
    shows = (page.sections, page.full_title, page.cited, page.citation, page.shown)
    name = body.file.name if body.file else ""
    return fingerprint(name, page.as_planned, repr((*shows, sorted(page.stated))))


def _files_of_page(page: Finished) -> list[StoredFile]:
    return [page.file, page.sections, *(file for _, file in page.sidecars)]


def _kept_page(page: Finished) -> Finished | None:
    """What is wrong is said anew each time, with the lines as they are then."""
    return None if page.problems else dataclasses.replace(page, words={})
