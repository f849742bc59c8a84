"""Pages and facts in, plain Markdown out. Knows Jinja, knows no site engine.

A page in `docs/topic/` becomes one page per topic. It holds headings with their permanent ids,
a little prose without numbers, and calls of components; the renderer adds what no page may
leave out: the verdict, the review notice, the way to the twin section, and the sources.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
import html
import itertools
import json
import pickle
import re
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import yaml
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from . import citations, faults, markup
from . import models as m
from .headings import HEADING, section
from .library import Library
from .problem import ContentErrors, Problem
from .publication import Publication, publication_of
from .reading import Measure, Readings, fresh_words, learn, measure, measured, readings
from .reads import Day, Fields, Inputs, Shelf, Window, fingerprint
from .rules import Guide, check_page
from .search import Section, sections
from .store import Recalled, Stamp, Store
from .view import MARK, MARK_END, TRACKS, PageView, Share, in_groups, many, relative, sentence, slug
from .words import GLOSSARY, clinician_words, explain, patient_words, unexplained
from .work import spread

if TYPE_CHECKING:
    from .editing import EditLinks

_YAML_LINES = {0x85: "\\x85", 0x2028: "\\u2028", 0x2029: "\\u2029"}
# What the front matter of a page says that lists the whole guide: where topics are many, each
# condition has a list of its own.
EACH_CONDITION = "condition"
# How many pages of a pass are made before it is spread over processes: enough to meet most
# components and the words of both tracks.
FIRST = 8
# What the front matter of a page says that is there only when topics are many.
STANDS = "many"


@dataclass(frozen=True)
class Source:
    """A page as written in docs/: its front matter and Markdown. `path` is relative to docs/."""

    path: str
    meta: dict[str, Any]
    body: str
    body_line: int

    @property
    def name(self) -> str:
        return Path(self.path).stem


@dataclass
class Page:
    """A page as it goes to the engine. `url` is its address from the site's root, `path` its file.

    `part` is the section of questions or claims it holds, where one page of docs/ becomes a page a
    section, or the condition whose list it is, where a list becomes a page a condition; `twin` the
    name of the other reader's page where it is not the same; `about` its own description, for a
    page of no topic. The rest is known when it is rendered: `cited` are the sources of its list, in
    order; `citation` is the page itself as a CSL-JSON item; `anchors` are its ids but for those of
    sources; `told` stands for its sections for the search, which `pack` gets (`found`); `beside`
    are the files that stand beside it, by address; `modified` is the day it last changed. `stamp`
    and `file` say where its Markdown lies: no page is held in memory for longer than somebody looks
    at it. (`text` is for pages that have no file.)
    """

    path: str
    url: str
    title: str
    track: str
    topic: str
    order: int = 0
    sections: tuple[tuple[str, str], ...] = ()
    part: str = ""
    twin: str = ""
    about: str = ""
    # Shows in short what stands in full on other pages: no fact lives here, and the search leads
    # there.
    repeats: bool = False
    full_title: str = field(default="", repr=False)
    shown: tuple[str, ...] = field(default=(), repr=False)
    stated: frozenset[str] = field(default=frozenset(), repr=False)
    cited: tuple[str, ...] = field(default=(), repr=False)
    citation: dict[str, Any] = field(default_factory=dict, repr=False)
    anchors: tuple[str, ...] = field(default=(), repr=False)
    modified: str = field(default="", repr=False)
    measure: Measure | None = field(default=None, repr=False)
    told: bytes = field(default=b"", repr=False)
    pack: Callable[[], bytes] = field(default=bytes, repr=False)
    beside: tuple[tuple[str, Stamp], ...] = field(default=(), repr=False)
    problems: tuple[Problem, ...] = field(default=(), repr=False)
    stamp: Stamp | None = field(default=None, repr=False)
    file: Path | None = field(default=None, repr=False)
    text: str = field(default="", repr=False)

    @property
    def as_planned(self) -> str:
        """What is known of the page before it is rendered, as text: a result is kept under it."""
        return repr(
            (
                self.path,
                self.url,
                self.title,
                self.track,
                self.topic,
                self.order,
                self.part,
                self.twin,
                self.about,
                self.repeats,
            )
        )

    @property
    def place(self) -> str:
        """How a message names the page: by its address, because one file of docs/topic/ is a page
        in every topic.
        """
        return f"page {self.url or './'}"

    @property
    def found(self) -> tuple[Section, ...]:
        """The page's sections for the search: left in the store until somebody asks, because most
        builds need few of them.
        """
        packed = self.pack()
        return pickle.loads(zlib.decompress(packed)) if packed else ()  # noqa: S301 our own

    @property
    def markdown(self) -> str:
        """The page's Markdown with its front matter and before its hard words are explained, read
        from its file each time.
        """
        return unexplained(self.file.read_text(encoding="utf-8")) if self.file else self.text


def read_pages(root: Path) -> list[Source]:
    """The Markdown pages of docs/, front matter apart. Raises ContentErrors for a page without
    one.
    """
    pages, problems = [], []
    for path in sorted((root / "docs").rglob("*.md")):
        relative_path = path.relative_to(root / "docs").as_posix()
        raw = path.read_text(encoding="utf-8")
        match = re.match(r"---\n(.*?)\n---\n", raw, re.S)
        if match is None:
            problems.append(
                Problem(
                    f"docs/{relative_path}",
                    1,
                    "the page has no front matter: start it with '---', 'title: …', '---'",
                )
            )
            continue
        try:
            meta = yaml.safe_load(match[1])
        except yaml.YAMLError:
            meta = None
        if not isinstance(meta, dict) or not isinstance(meta.get("title"), str):
            problems.append(
                Problem(
                    f"docs/{relative_path}",
                    2,
                    "the front matter has no 'title': write 'title: Doses and kidneys'",
                )
            )
            continue
        pages.append(
            Source(relative_path, meta, raw[match.end() :], raw[: match.end()].count("\n") + 1)
        )
    if problems:
        raise ContentErrors(problems)
    return pages


class _Components(Environment):
    """Jinja in which a key of a record wins over a method of Python's dict: `r.copy` is what the
    record says, never a function, which would always count as true.
    """

    def getattr(self, obj: Any, attribute: str) -> Any:
        return (
            obj[attribute]
            if isinstance(obj, dict) and attribute in obj
            else super().getattr(obj, attribute)
        )


class Renderer:
    """Renders the pages of one library. Holds nothing between two pages but compiled templates."""

    def __init__(self, root: Path, today: datetime.date):
        self.root, self.today = root, today
        self._bodies: dict[str, Template] = {}
        self.env = _Components(
            loader=FileSystemLoader(root / "overrides" / "macros"),
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=False,
            auto_reload=False,
            bytecode_cache=_bytecode_cache(root),
        )
        self.env.globals.update(MARK=MARK, MARK_END=MARK_END)
        self.env.globals["in_groups"] = in_groups
        self.macros = sorted(
            path.stem for path in (root / "overrides" / "macros").glob("[a-z]*.html")
        )

    def components(self, view: PageView) -> dict[str, Callable[..., Markup]]:
        """Every macro of overrides/macros/, bound to one page, by name."""
        modules: dict[str, Any] = {}
        return {name: self._component(name, view, modules) for name in self.macros}

    def _component(
        self, name: str, view: PageView, modules: dict[str, Any]
    ) -> Callable[..., Markup]:
        def call(*args: Any, **kwargs: Any) -> Markup:
            if name not in modules:
                modules[name] = self.env.get_template(f"{name}.html").make_module({"page": view})
            if not hasattr(modules[name], name):
                raise ContentErrors(
                    [
                        Problem(
                            f"overrides/macros/{name}.html",
                            1,
                            f"the file defines no macro '{name}': a component has the name of its"
                            " file",
                        )
                    ]
                )
            return Markup(
                view.printed.note(
                    compact(str(getattr(modules[name], name)(*args, **kwargs))), view.library
                )
            )

        return call

    def render(self, source: Source, view: PageView, frame: bool) -> str:
        """The Markdown of one page. `frame`: with verdict and review notice, for topic pages.

        Raises ContentErrors with file and line when the page calls what does not exist.
        """
        components = self.components(view)
        names = {"page": view, **components, **(view.names if view.topic else {})}
        # The frame comes first, so that its sources carry the first numbers.
        top = []
        try:
            if frame:
                order = (
                    "verdict",
                    *(["help_now"] if view.patient else []),
                    *(["in_short"] if view.name != "index" else []),
                    "review_notice",
                )
                top = [str(components[name]()) for name in order]
            if source.path not in self._bodies:
                self._bodies[source.path] = self.env.from_string(source.body)
            body = self._bodies[source.path].render(names)
        except ContentErrors:
            raise
        except Exception as error:
            problem = faults.explain(
                error,
                self.root,
                f"docs/{source.path}",
                source.body_line,
                names,
                [*view.library.records, *view.pages],
                self.macros,
            )
            if problem is None:
                raise
            raise ContentErrors([problem]) from None
        lines: list[str] = []
        framed = not frame
        for line in body.split("\n"):
            lines.append(line)
            heading = HEADING.match(line)
            if heading and not framed and len(heading[1]) == 1:
                lines += ["", *(part for block in top for part in (block, ""))]
                framed = True
        lines += [
            "",
            *([str(components["dates"]()), ""] if frame else []),
            str(components["references"]()),
            "",
            str(components["cite"]()),
            "",
        ]
        text = "\n".join(lines)
        return (re.sub(r"\n{3,}", "\n\n", text) if "\n\n\n" in text else text).strip() + "\n"


def _bytecode_cache(root: Path) -> FileSystemBytecodeCache | None:
    """Compiled components between two runs; keyed by their source, so an edit is never missed."""
    folder = root / "build" / "components"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return FileSystemBytecodeCache(str(folder))


def compact(html: str) -> str:
    """A component's output without blank or indented lines, which would end an HTML block in
    Markdown.

    Heading lines (components that make sections) keep a blank line around them.
    """
    lines: list[str] = []
    for line in (line.strip() for line in html.split("\n")):
        if not line:
            continue
        if HEADING.match(line):
            lines += ["", line, ""]
        else:
            lines.append(line)
    # One cell, item or paragraph a line: words of neighbours on one line are glued in search
    # indexes.
    joined = "\n".join(lines)
    return re.sub(
        r"(</(?:td|th|li|p|dt|dd|tr|caption|summary|section|ul|ol|dl|table)>)(?=<)", r"\1\n", joined
    )


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
    from .editing import EditLinks

    # Pages that link to records are rendered last: by then it is known where each record stands.
    # After them come the lists of all that the others show.
    plan = sorted(_plan(library, read_pages(root)), key=_turn)
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
    now.renderer.env.globals["edit"] = now.edit.to
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
    first = [number for number, (source, _, _) in enumerate(plan) if not _lists(source)]
    for numbers in (first, list(range(len(first), len(plan)))):
        _bodies(now, numbers, inputs, kept["body"])
        inputs.forget("twins", "places")
        _finish(now, numbers, inputs, kept["page"])
        if numbers is first:
            now.measures.update((pages[number].path, pages[number].measure) for number in numbers)
            now.shares.update(_shares(library, (pages[number] for number in numbers)))
    for kind in ("body", "page", "found"):
        store.forget_all_but(kind, (page.path for page in pages))
    store.sweep(now.bodies, ".body.z")
    store.sweep([page.stamp for page in pages], ".md")
    for suffix in citations.FORMATS:
        store.sweep([stamp for page in pages for _, stamp in page.beside], f".{suffix}")
    _Pass.now = None
    return sorted(pages, key=lambda page: (page.topic, page.track, page.order, page.url))


def _turn(entry: tuple[Source, Page, str]) -> tuple[bool, bool, bool, bool]:
    """When a page has its turn: the facts' own pages first, clinicians before patients, and last
    what lists all others.
    """
    source, page, _ = entry
    return _lists(source), page.repeats, page.track == "both", page.track == "patients"


def _lists(source: Source) -> bool:
    """Whether the page lists what all others show: it is made after them."""
    return source.meta.get("each") == EACH_CONDITION


def _shares(library: Library, pages: Iterable[Page]) -> dict[str, Share]:
    """What the pages about each condition show and cite, by condition; of topics that can be read
    through in one list, nothing.
    """
    if not many(library):
        return {}
    by_condition: dict[str, list[Page]] = {}
    for page in pages:
        if page.topic:
            by_condition.setdefault(library.topics[page.topic].condition, []).append(page)

    def together(of: Callable[[Page], Iterable[str]], own: list[Page]) -> tuple[str, ...]:
        return tuple(sorted({key for page in own for key in of(page)}))

    return {
        condition: Share(
            together(lambda page: (page.topic,), own),
            together(lambda page: (page.url,), own),
            together(
                lambda page: (record for record in page.shown if record in library.records), own
            ),
            together(lambda page: page.cited, own),
        )
        for condition, own in sorted(by_condition.items())
    }


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
    shares: dict[str, Share] = field(default_factory=dict)

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
    for _, turn in itertools.groupby(chosen, key=lambda number: _turn(now.plan[number])):
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

    view = PageView(
        window,
        "clinicians" if page.track == "clinicians" else "patients",
        window.topics.get(topic),
        source.name,
        Day(now.today, reads),
        page.url,
        Shelf("places", now.places, reads),
        Shelf("addresses", now.addresses, reads),
        page.part,
        levels,
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
            view.full_title,
            view.listed,
            view.citation(),
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
        page.stamp, page.modified, page.measure, page.beside, page.told = kept.find(
            page.path, own[number], inputs
        ) or (None, "", None, (), b"")
        if (
            page.stamp is None
            or not found.holds(page.path, page.told)
            or not all(
                now.store.holds(stamp)
                for stamp in (page.stamp, *(stamp for _, stamp in page.beside))
            )
        ):
            open_.append(number)
    for page in pages.values():
        page.pack = functools.partial(found.find, page.path, page.told)
    for number, result, packed, problems, reads, words in spread(
        _finished, now.by_topic(open_), first=FIRST
    ):
        page = pages[number]
        page.stamp, page.modified, page.measure, page.beside, page.told = result
        page.pack = functools.partial(found.find, page.path, page.told)
        now.store.keep("found", page.path, page.told, (), None, packed)
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
        _with_twin_links(page, now.store.read(now.bodies[number]), by_url),
        Shelf("places", now.places, reads),
    )
    publication = Fields("publication", now.publication, reads)
    front = _front_matter(
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
            window.memo(clinician_words if page.track == "clinicians" else patient_words),
            relative(page.url, GLOSSARY),
        )
    modified = markup.last_change(page, window, publication).isoformat()
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
    sources, entries = [library.sources[key] for key in page.cited], library.memo(_entries)
    for suffix, kind in citations.FORMATS.items():
        yield (
            f"{page.url}cite.{suffix}",
            now.store.write(kind.file([kind.entry(page.citation)]), f".{suffix}"),
        )
        for source in sources:
            if (suffix, source.id) not in entries:
                entries[suffix, source.id] = kind.entry(citations.item_of(source))
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


def _plan(library: Library, sources: list[Source]) -> Iterator[tuple[Source, Page, str]]:
    """Which page becomes which address: one per topic for docs/topic/, one for the rest."""
    for source in sources:
        parts = Path(source.path).parts
        order = int(source.meta.get("order", 0))
        if source.meta.get("stands", STANDS) != STANDS:
            raise ContentErrors(
                [
                    Problem(
                        f"docs/{source.path}",
                        2,
                        f"stands: '{source.meta['stands']}' is not known: write '{STANDS}' for a"
                        " page that is there only when topics are many, or leave it out",
                    )
                ]
            )
        if "stands" in source.meta and not many(library):
            continue
        if parts[0] != "topic":
            stem = source.path.removesuffix(".md")
            url = stem.removesuffix("index") if stem.endswith("index") else f"{stem}/"
            page = Page(
                source.path,
                url,
                source.meta["title"],
                "both",
                "",
                order=order,
                about=str(source.meta.get("description", "")),
                repeats=bool(source.meta.get("repeats")),
            )
            yield source, page, ""
            if source.meta.get("each", EACH_CONDITION) != EACH_CONDITION:
                raise ContentErrors(
                    [
                        Problem(
                            f"docs/{source.path}",
                            2,
                            f"each: '{source.meta['each']}' is not known here: write"
                            f" '{EACH_CONDITION}' for a list of the whole guide, or leave it out",
                        )
                    ]
                )
            for key in (
                sorted({topic.condition for topic in library.topics.values()})
                if _lists(source) and many(library)
                else ()
            ):
                name = (
                    f"{page.title}{'' if page.title[-1] in '.?!' else ':'}"
                    f" {sentence(library.conditions[key].name)}"
                )
                yield (
                    source,
                    dataclasses.replace(
                        page,
                        path=f"{stem}/{key}.md",
                        url=f"{url}{key}/",
                        title=name,
                        part=key,
                        repeats=True,
                    ),
                    "",
                )
            continue
        track = parts[1] if parts[1] in TRACKS else "both"
        for topic in library.topics.values():
            if parts[1] == "corrections" and topic.id not in library.claims:
                continue
            for part in parts_of(library, source, topic, track):
                stem = "/".join((topic.id, *parts[1:])).removesuffix(".md")
                if part:
                    stem = f"{stem.rpartition('/')[0]}/{slug(part)}"
                url = stem.removesuffix("index") if stem.endswith("index") else f"{stem}/"
                title = part or _title(
                    source.meta["title"],
                    library.medicines[topic.medicine],
                    library.conditions[topic.condition],
                )
                yield (
                    source,
                    Page(
                        f"{stem}.md",
                        url,
                        title,
                        track,
                        topic.id,
                        order=order,
                        part=part,
                        twin=str(source.meta.get("twin", "")),
                        repeats=bool(source.meta.get("repeats")),
                    ),
                    topic.id,
                )


def parts_of(library: Library, source: Source, topic: m.Topic, track: str) -> list[str]:
    """The pages a page of docs/topic/ becomes for one topic: one a section where its front matter
    says `each`, else one.

    Raises ContentErrors for an `each` that is not known.
    """
    each = source.meta.get("each")
    if each is None:
        return [""]
    if each == "questions":
        return list(
            dict.fromkeys(
                question.section
                for question in library.questions.get(topic.id, ())
                if question.audience in ("both", track.removesuffix("s"))
            )
        )
    if each == "claims":
        return (
            list(dict.fromkeys(claim.section for claim in library.claims[topic.id].claims))
            if topic.id in library.claims
            else []
        )
    raise ContentErrors(
        [Problem(f"docs/{source.path}", 2, f"each: '{each}' is not one of: questions, claims")]
    )


def _title(title: str, medicine: m.Medicine, condition: m.Condition) -> str:
    return (
        title.replace("{medicine}", medicine.name)
        .replace("{Medicine}", sentence(medicine.name))
        .replace("{Condition}", sentence(condition.name))
        .replace("{condition}", condition.name)
        .replace("{abbreviation}", condition.abbreviation or condition.name)
    )


def _twin_url(page: Page) -> str | None:
    if page.track not in TRACKS:
        return None
    other = "clinicians" if page.track == "patients" else "patients"
    if page.twin:
        return f"{page.topic}/{other}/{page.twin}/"
    return page.url.replace(f"/{page.track}/", f"/{other}/", 1)


def _twin(page: Page, by_url: Mapping[str, Page]) -> Page | None:
    """The same page for the other reader; for a part that only one reader has, the page above
    it.
    """
    address = _twin_url(page)
    if address is None:
        return None
    return by_url.get(address) or (
        by_url.get(address.rstrip("/").rpartition("/")[0] + "/") if page.part else None
    )


def _with_twin_links(page: Page, body: str, by_url: Mapping[str, Page]) -> str:
    """The page's Markdown with a link to the twin section behind every section heading."""
    twin = _twin(page, by_url)
    if twin is None:
        return body
    ids = {anchor for anchor, _ in twin.sections}
    label = (
        "Same question for clinicians" if page.track == "patients" else "Same question for patients"
    )
    lines = []
    for line in body.split("\n"):
        lines.append(line)
        level, _, anchor = section(line)
        if level in (2, 3) and anchor in ids and anchor not in ("sources", "dates"):
            link = (
                '<p class="twin"><a'
                f' href="{relative(page.url, f"{twin.url}#{anchor}")}">{label}</a></p>'
            )
            lines += [link] if line.startswith("<") else ["", link, ""]
    return "\n".join(lines)


def _front_matter(
    page: Page, by_url: Mapping[str, Page], library: Library, publication: Publication
) -> str:
    """What the theme needs, as ready strings: it prints them as they are, so they are HTML
    already.
    """
    meta: dict[str, Any] = {
        "title": html.escape(page.title, quote=False),
        "track": page.track,
        **markup.head(page, library, publication, page.about),
    }
    if page.topic:
        topic = library.topics[page.topic]
        meta["topic"] = html.escape(topic.title)
        meta["team"] = html.escape(library.conditions[topic.condition].team)
        meta["next_review"] = topic.review.next_review.isoformat()
        meta["topic_url"] = str(relative(page.url, f"{page.topic}/"))
    twin = _twin(page, by_url)
    if twin:
        meta["twin_url"] = str(relative(page.url, twin.url))
        meta["twin_label"] = "For clinicians" if page.track == "patients" else "For patients"
    # Every value is a string, and a JSON string is a YAML one (but for what YAML takes for a new
    # line): a tenth of the time of PyYAML's writer.
    return (
        "---\n"
        + "".join(
            f"{key}: {json.dumps(value, ensure_ascii=False).translate(_YAML_LINES)}\n"
            for key, value in sorted(meta.items())
        )
        + "---\n\n"
    )


def _nested(pages: list[Page], base: str) -> list[Any]:
    """Navigation entries; pages in a folder below `base` stand under the folder's own index
    page.
    """
    found: list[Any] = []
    for page in pages:
        folder = page.path.removeprefix(base).rpartition("/")[0]
        if not folder:
            found.append(page.path if page.path == f"{base}index.md" else {page.title: page.path})
        elif page.path.endswith("/index.md"):
            below = [
                other
                for other in pages
                if other is not page and other.path.startswith(f"{base}{folder}/")
            ]
            found.append({page.title: [page.path, *({other.title: other.path} for other in below)]})
    return found


@dataclass(frozen=True)
class Navigation:
    """The site's navigation as MkDocs takes it, titles as HTML: engines print them as they are.

    `site` stands on every page. Where topics are many it leaves them out, and `topics` holds what a
    page of each topic shows besides, by the topic's id: what a page carries does not grow with the
    guide. `lists` are pages that only a list leads to: those of one condition each.
    """

    site: list[Any]
    topics: dict[str, dict[str, Any]] = field(default_factory=dict)
    lists: list[dict[str, str]] = field(default_factory=list)

    def whole(self) -> list[Any]:
        """All of it in one, for an engine without our hook: the topics stand before the site's last
        section, the lists behind it.
        """
        return [
            *self.site[:-1],
            *self.topics.values(),
            *self.site[-1:],
            *([{"Lists by condition": self.lists}] if self.lists else []),
        ]


def navigation(library: Library, pages: list[Page]) -> Navigation:
    """Home, the ways to the topics or the topics themselves, and what the guide says of itself."""

    def entry(page: Page) -> dict[str, str]:
        return {page.title: page.path}

    by_topic: dict[str, list[Page]] = {}
    for page in pages:
        by_topic.setdefault(page.topic, []).append(page)
    general = sorted(by_topic.get("", ()), key=lambda page: page.order)
    home = [entry(page) for page in general if page.path == "index.md"]
    about = {
        "About this guide": [
            entry(page) for page in general if page.path.startswith("about/") and not page.part
        ]
    }
    topics = {
        key: _as_html({library.topics[key].title: _topic_navigation(key, by_topic.get(key, []))})
        for key in library.site.topics
    }
    if not many(library):
        return Navigation(_as_html([*home, *topics.values(), about]))
    ways = {
        "Guides": [
            page.path if page.path == "guides/index.md" else entry(page)
            for page in general
            if page.path.startswith("guides/")
        ]
    }
    return Navigation(
        _as_html([*home, ways, about]),
        topics,
        _as_html([entry(page) for page in general if page.part]),
    )


def _topic_navigation(key: str, own: list[Page]) -> list[Any]:
    """A topic's pages: its first page, each reader's, and those for both."""
    groups: list[Any] = [page.path for page in own if page.path == f"{key}/index.md"]
    for track, label in (("patients", "For patients"), ("clinicians", "For clinicians")):
        listed = sorted((page for page in own if page.track == track), key=lambda page: page.order)
        groups.append({label: _nested(listed, f"{key}/{track}/")})
    return groups + _nested(
        [page for page in own if page.track == "both" and page.path != f"{key}/index.md"], f"{key}/"
    )


def _as_html(entries: Any) -> Any:
    if isinstance(entries, list):
        return [_as_html(entry) for entry in entries]
    if isinstance(entries, dict):
        return {
            html.escape(title, quote=False): _as_html(below) for title, below in entries.items()
        }
    return entries
