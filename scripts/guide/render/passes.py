"""Pages and facts in, plain Markdown out. Knows Jinja, knows no site engine.

A page in `docs/topic/` becomes one page per topic. It holds headings with their permanent ids,
a little prose without numbers, and calls of components; the renderer adds what no page may
leave out: the verdict, the review notice, the way to the twin section, and the sources.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
import itertools
import pickle
import re
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from guide.base.fingerprint import fingerprint
from guide.base.headings import section
from guide.base.parallel import spread
from guide.base.problem import ContentErrors, Problem
from guide.base.text import relative
from guide.cache.store import Recalled, Stamp, Store
from guide.cache.tracking import Day, Fields, Inputs, Shelf, Window
from guide.checks.registry import check_page
from guide.checks.rule import Guide
from guide.content.citations import formats, items
from guide.content.condition_index import ConditionIndex
from guide.content.library import Library
from guide.content.publication import Publication, publication_of
from guide.pages.conditions import condition_indexes
from guide.pages.glossary import GLOSSARY, clinician_words, explain, patient_words
from guide.pages.page import Page
from guide.pages.plan import plan_pages, turn_of
from guide.pages.readability import Readings, measure, measured, readings
from guide.pages.source import Source, lists_everything, read_pages
from guide.reading.grading import Measure, fresh_words, learn
from guide.render import head
from guide.render.components import Renderer
from guide.render.counterparts import with_counterpart_links
from guide.render.edit_links import EditLinks
from guide.render.front_matter import front_matter
from guide.search.sections import sections
from guide.view.citation import full_title, page_citation
from guide.view.context import page_context

# How many pages of a pass are made before it is spread over processes: enough to meet most
# components and the words of both tracks.
FIRST = 8


@dataclass(frozen=True)
class Body:
    """What a page says before it knows the other pages: where the text lies, and what it shows."""

    stamp: Stamp
    shown: tuple[str, ...]
    stated: frozenset[str]
    sections: tuple[tuple[str, str], ...]
    anchors: tuple[str, ...]
    full_title: str
    cited: tuple[str, ...]
    citation: dict[str, Any]


def build_pages(
    library: Library,
    root: Path,
    today: datetime.date,
    store: Store,
    publication: Publication | None = None,
    edit_base: str = "",
) -> list[Page]:
    """Every page of the site, its Markdown in a file of the store. Raises ContentErrors with all
    problems of all pages.

    Two passes, each over all processors, and each only for the pages whose inputs have changed: the
    bodies first; then, when it is known what stands where, front matter, links to the twin pages
    and to records, the rules for single pages and the sections for the search. `edit_base` is the
    web address of the project's files, for the links of `EditLinks`.
    """
    # Pages that link to records are rendered last: by then it is known where each record stands.
    # After them come the lists of all that the others show.
    plan = sorted(plan_pages(library, read_pages(root)), key=turn_of)
    pages = [page for _, page, _ in plan]
    by_url = {page.url: page for page in pages}
    publication = publication or publication_of(library, root)
    now = _Pass.now = _Pass(
        library,
        root,
        today,
        publication,
        store,
        Renderer(root, today),
        EditLinks(library, edit_base),
        plan,
        addresses={page.url: page.title for page in pages},
        by_url=by_url,
        bodies=[None] * len(plan),
    )
    now.renderer.components.env.globals["edit"] = now.edit.to
    inputs = Inputs(
        library,
        places=now.places,
        addresses=now.addresses,
        twins=by_url,
        measures=now.measures,
        shares=now.shares,
        publication=publication,
        today=today,
    )
    kept = {kind: store.recall(kind) for kind in ("body", "page")}
    first = [number for number, (source, _, _) in enumerate(plan) if not lists_everything(source)]
    for numbers in (first, list(range(len(first), len(plan)))):
        _bodies(now, numbers, inputs, kept["body"])
        inputs.forget("twins", "places")
        _finish(now, numbers, inputs, kept["page"])
        if numbers is first:
            now.measures.update((pages[number].path, pages[number].measure) for number in numbers)
            now.shares.update(condition_indexes(library, (pages[number] for number in numbers)))
    for kind in ("body", "page", "found"):
        store.forget_all_but(kind, (page.path for page in pages))
    store.sweep(now.bodies, ".body.z")
    store.sweep([page.stamp for page in pages], ".md")
    for suffix in formats.FORMATS:
        store.sweep([stamp for page in pages for _, stamp in page.sidecars], f".{suffix}")
    _Pass.now = None
    return sorted(pages, key=lambda page: (page.topic, page.track, page.order, page.url))


@dataclass
class _Pass:
    """What the processes of one build share. They are forks, so it is only ever read."""

    library: Library
    root: Path
    today: datetime.date
    publication: Publication
    store: Store
    renderer: Renderer
    edit: EditLinks
    plan: list[tuple[Source, Page, str]]
    addresses: Mapping[str, str]
    by_url: Mapping[str, Page]
    bodies: list[Stamp | None]
    places: dict[str, str] = field(default_factory=dict)
    measures: dict[str, Measure | None] = field(default_factory=dict)
    shares: dict[str, ConditionIndex] = field(default_factory=dict)

    now: ClassVar[_Pass | None] = None

    def by_topic(self, numbers: Iterable[int]) -> list[int]:
        """Pages in an order in which what one needs of the library, the next needs too."""
        return sorted(numbers, key=lambda number: self.plan[number][2])


def _bodies(now: _Pass, chosen: list[int], inputs: Inputs, kept: Recalled) -> None:
    """The first pass: the body of each page. Fills the pages' `shown`, `stated` and `sections`, and
    `places`.
    """
    problems: list[Problem] = []
    sources = {
        id(source): fingerprint(
            source.path, repr(sorted(source.meta.items(), key=str)), source.body
        )
        for source, _, _ in now.plan
    }
    # Links to the lines of facts change with every line that moves, and nothing else on a page
    # does.
    lines = (
        fingerprint(now.edit.base, repr(sorted(now.library.place.items())))
        if now.edit.base
        else b""
    )
    for _, turn in itertools.groupby(chosen, key=lambda number: turn_of(now.plan[number])):
        numbers = list(turn)
        inputs.forget("places", "measures")
        own = {
            number: fingerprint(
                sources[id(now.plan[number][0])], now.plan[number][1].as_planned, lines
            )
            for number in numbers
        }
        found = {
            number: body
            for number in numbers
            if (body := kept.find(now.plan[number][1].path, own[number], inputs))
            and now.store.holds(body.stamp)
        }
        for number, body, reads, wrong in spread(
            _body, now.by_topic(number for number in numbers if number not in found), first=FIRST
        ):
            problems += wrong
            if body is not None:
                found[number] = body
                now.store.keep("body", now.plan[number][1].path, own[number], reads, inputs, body)
        for number in numbers:
            if number in found:
                page, body = now.plan[number][1], found[number]
                now.bodies[number] = body.stamp
                # Pages share ids: each is held once, not once a page.
                page.shown, page.anchors, page.cited = (
                    tuple(map(sys.intern, ids)) for ids in (body.shown, body.anchors, body.cited)
                )
                page.stated = frozenset(map(sys.intern, body.stated))
                page.sections = tuple(
                    (sys.intern(anchor), sys.intern(heading)) for anchor, heading in body.sections
                )
                page.full_title, page.citation = body.full_title, body.citation
                for record, address in (
                    *(
                        (anchor, f"{page.url}#{anchor}")
                        for anchor in body.anchors
                        if anchor in now.library.records
                    ),
                    *((record, page.url) for record in body.shown),
                ):
                    now.places.setdefault(record, address)
                    now.places.setdefault(f"{page.topic}/{record}", address)
    if problems:
        raise ContentErrors(problems)


def _body(number: int) -> tuple[int, Body | None, set[str], list[Problem]]:
    now = _Pass.now
    source, page, topic = now.plan[number]
    reads: set[str] = set()
    window = Window(now.library, reads)

    def levels() -> Readings:
        others = Shelf("twins", now.by_url, reads)
        asked = [others[url] for url in view.share.pages] if view.share else others.values()
        return readings(
            window,
            [other for other in asked if other.path in now.measures],
            Shelf("measures", now.measures, reads),
        )

    view = page_context(
        window,
        "clinicians" if page.track == "clinicians" else "patients",
        window.topics.get(topic),
        source.name,
        Day(now.today, reads),
        url=page.url,
        places=Shelf("places", now.places, reads),
        pages=Shelf("addresses", now.addresses, reads),
        part=page.part,
        readings=levels,
        publication=Fields("publication", now.publication, reads),
        shares=Shelf("shares", now.shares, reads),
    )
    try:
        text = now.renderer.render(source, view, frame=bool(topic))
    except ContentErrors as error:
        return number, None, reads, error.problems
    if now.edit.base:
        text += f"\n{now.edit.to_page(source.path)}\n"
    found = tuple(
        (anchor, heading)
        for line in text.split("\n")
        for _, heading, anchor in [section(line)]
        if anchor
    )
    anchors = tuple(
        anchor for anchor in re.findall(r'\bid="([^"]+)"', text) if not anchor.startswith("source-")
    )
    return (
        number,
        Body(
            now.store.write(text, ".body.z"),
            tuple(view.shown),
            view.stated,
            found,
            anchors,
            full_title(view),
            tuple(view.printed.listed),
            page_citation(view),
        ),
        reads,
        [],
    )


def _finish(now: _Pass, chosen: list[int], inputs: Inputs, kept: Recalled) -> None:
    """The second pass: each page's Markdown in a file of the store, and what the rules and the
    search find on it.
    """
    pages = {number: now.plan[number][1] for number in chosen}
    own = {
        number: fingerprint(
            now.bodies[number].name,
            page.as_planned,
            repr(
                (
                    page.sections,
                    page.full_title,
                    page.cited,
                    page.citation,
                    page.shown,
                    sorted(page.stated),
                )
            ),
        )
        for number, page in pages.items()
    }
    open_, found = [], now.store.recall("found")
    for number, page in pages.items():
        page.stamp, page.modified, page.measure, page.sidecars, page.sections_digest = kept.find(
            page.path, own[number], inputs
        ) or (None, "", None, (), b"")
        if (
            page.stamp is None
            or not found.holds(page.path, page.sections_digest)
            or not all(
                now.store.holds(stamp)
                for stamp in (page.stamp, *(stamp for _, stamp in page.sidecars))
            )
        ):
            open_.append(number)
    for page in pages.values():
        page.load_sections = functools.partial(found.find, page.path, page.sections_digest)
    for number, result, packed, problems, reads, words in spread(
        _finished, now.by_topic(open_), first=FIRST
    ):
        page = pages[number]
        page.stamp, page.modified, page.measure, page.sidecars, page.sections_digest = result
        page.load_sections = functools.partial(found.find, page.path, page.sections_digest)
        now.store.keep("found", page.path, page.sections_digest, (), None, packed)
        page.problems = problems
        learn(words)
        if not problems:  # what is wrong is said anew each time, with the lines as they are then
            now.store.keep("page", page.path, own[number], reads, inputs, result)
    for page in pages.values():
        page.file = now.store.path(page.stamp)


def _finished(
    number: int,
) -> tuple[int, tuple[Any, ...], bytes, tuple[Problem, ...], set[str], dict[str, Any]]:
    now = _Pass.now
    _, page, _ = now.plan[number]
    reads: set[str] = set()
    window = Window(now.library, reads)
    by_url = Shelf("twins", now.by_url, reads)
    body = _placed(
        page,
        with_counterpart_links(page, now.store.read(now.bodies[number]), by_url),
        Shelf("places", now.places, reads),
    )
    publication = Fields("publication", now.publication, reads)
    front = front_matter(
        dataclasses.replace(page, text=body, file=None), by_url, window, publication
    )
    problems, found = (
        tuple(check_page(Guide(window, now.root, [], Day(now.today, reads)), page, front + body)),
        tuple(sections(window, page, body)),
    )
    level = measure(window, now.root, front + body) if measured(page) else None
    # After the rules and the search index, which read the plain text.
    if page.url != GLOSSARY:
        body = explain(
            body,
            window.compute_once(clinician_words if page.track == "clinicians" else patient_words),
            relative(page.url, GLOSSARY),
        )
    modified = head.last_change(page, window, publication).isoformat()
    packed = zlib.compress(pickle.dumps(found, 5), 1)
    return (
        number,
        (
            now.store.write(front + body, ".md"),
            modified,
            level,
            tuple(_beside(now, page, window)),
            fingerprint(packed),
        ),
        packed,
        problems,
        reads,
        fresh_words(),
    )


def _beside(now: _Pass, page: Page, library: Library) -> Iterator[tuple[str, Stamp]]:
    """Beside each page: the page itself for a reference manager (`cite.*`), and the sources of its
    list (`references.*`).
    """
    sources, entries = [library.sources[key] for key in page.cited], library.compute_once(_entries)
    for suffix, kind in formats.FORMATS.items():
        yield (
            f"{page.url}cite.{suffix}",
            now.store.write(kind.file([kind.entry(page.citation)]), f".{suffix}"),
        )
        for source in sources:
            if (suffix, source.id) not in entries:
                entries[suffix, source.id] = kind.entry(items.item_of(source))
        if sources:
            yield (
                f"{page.url}references.{suffix}",
                now.store.write(
                    kind.file(entries[suffix, source.id] for source in sources), f".{suffix}"
                ),
            )


def _entries(library: Library) -> dict[tuple[str, str], str]:
    """The entries of sources that pages made so far, by format and source: every page would make
    the same again.
    """
    return {}


_PLACE = re.compile(r'href="place:([a-z0-9-]+)"')


def _placed(page: Page, body: str, places: Mapping[str, str]) -> str:
    """The body with the address of each record it links to: on its own page, in its topic, or
    anywhere.
    """
    own = {record for record in set(_PLACE.findall(body)) if f'id="{record}"' in body}

    def address(found: re.Match[str]) -> str:
        record = found[1]
        if record in own:
            return f'href="#{record}"'
        place = places.get(f"{page.topic}/{record}") or places.get(record)
        return f'href="{relative(page.url, place) if place else "#sources"}"'

    return _PLACE.sub(address, body)
