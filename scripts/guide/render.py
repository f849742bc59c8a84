"""Pages and facts in, plain Markdown out. Knows Jinja, knows no site engine.

A page in `docs/topic/` becomes one page per topic. It holds headings with their permanent ids,
a little prose without numbers, and calls of components; the renderer adds what no page may
leave out: the verdict, the review notice, the way to the twin section, and the sources.
"""

from __future__ import annotations

import datetime
import functools
import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from . import markup
from . import models as m
from .faults import explain
from .library import Library
from .problem import ContentErrors, Problem
from .publication import Publication, publication_of
from .reading import Prose, readings
from .view import TRACKS, PageView, cite_runs, relative, sentence, slug

_YAML_LINES = {0x85: "\\x85", 0x2028: "\\u2028", 0x2029: "\\u2029"}
HEADING = re.compile(r"^(#{1,4}) (.+?)(?: \{ #([a-z0-9-]+) \})?$")
# A heading that stands inside a component, such as the box of warning signs.
BOXED_HEADING = re.compile(r'<h([23]) id="([a-z0-9-]+)">(.*?)</h\1>')


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

    `part` is the section of questions or claims it holds, where one page of docs/ becomes a page a section;
    `twin` the name of the other reader's page where it is not the same. `cited` are the sources of its list, in order;
    `citation` is the page itself as a CSL-JSON item; `about` its own description, for a page of no topic.
    """

    path: str
    url: str
    title: str
    track: str
    topic: str
    markdown: str = ""
    order: int = 0
    shown: tuple[str, ...] = ()
    stated: frozenset[str] = frozenset()
    sections: tuple[tuple[str, str], ...] = ()
    part: str = ""
    twin: str = ""
    prose: Prose | None = None
    about: str = ""
    full_title: str = ""
    cited: tuple[str, ...] = ()
    citation: dict[str, Any] = field(default_factory=dict)
    # Shows in short what stands in full on other pages: no fact lives here, and the search leads there.
    repeats: bool = False


def read_pages(root: Path) -> list[Source]:
    """The Markdown pages of docs/, front matter apart. Raises ContentErrors for a page without one."""
    pages, problems = [], []
    for path in sorted((root / "docs").rglob("*.md")):
        relative_path = path.relative_to(root / "docs").as_posix()
        raw = path.read_text(encoding="utf-8")
        match = re.match(r"---\n(.*?)\n---\n", raw, re.S)
        if match is None:
            problems.append(Problem(f"docs/{relative_path}", 1, "the page has no front matter: start it with '---', 'title: …', '---'"))
            continue
        try:
            meta = yaml.safe_load(match[1])
        except yaml.YAMLError:
            meta = None
        if not isinstance(meta, dict) or not isinstance(meta.get("title"), str):
            problems.append(Problem(f"docs/{relative_path}", 2, "the front matter has no 'title': write 'title: Doses and kidneys'"))
            continue
        pages.append(Source(relative_path, meta, raw[match.end():], raw[:match.end()].count("\n") + 1))
    if problems:
        raise ContentErrors(problems)
    return pages


class Renderer:
    """Renders the pages of one library. Holds nothing between two pages but compiled templates."""

    def __init__(self, root: Path, today: datetime.date):
        self.root, self.today = root, today
        self.env = Environment(
            loader=FileSystemLoader(root / "overrides" / "macros"), undefined=StrictUndefined,
            autoescape=True, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=False, auto_reload=False,
            bytecode_cache=_bytecode_cache(root))
        self.env.globals["cite_runs"] = cite_runs
        self.macros = sorted(path.stem for path in (root / "overrides" / "macros").glob("[a-z]*.html"))

    def components(self, view: PageView) -> dict[str, Callable[..., Markup]]:
        """Every macro of overrides/macros/, bound to one page, by name."""
        modules: dict[str, Any] = {}
        return {name: self._component(name, view, modules) for name in self.macros}

    def _component(self, name: str, view: PageView, modules: dict[str, Any]) -> Callable[..., Markup]:
        def call(*args: Any, **kwargs: Any) -> Markup:
            if name not in modules:
                modules[name] = self.env.get_template(f"{name}.html").make_module({"page": view})
            if not hasattr(modules[name], name):
                raise ContentErrors([Problem(f"overrides/macros/{name}.html", 1, f"the file defines no macro '{name}': a component has the name of its file")])
            return Markup(compact(str(getattr(modules[name], name)(*args, **kwargs))))
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
                order = ("verdict", *(["help_now"] if view.patient else []), *(["in_short"] if view.name != "index" else []), "review_notice")
                top = [str(components[name]()) for name in order]
            body = self.env.from_string(source.body).render(names)
        except ContentErrors:
            raise
        except Exception as error:
            problem = explain(error, self.root, f"docs/{source.path}", source.body_line, names, [*view.library.records, *view.pages], self.macros)
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
        lines += ["", *([str(components["dates"]()), ""] if frame else []), str(components["references"]()), "", str(components["cite"]()), ""]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def _bytecode_cache(root: Path) -> FileSystemBytecodeCache | None:
    """Compiled components between two runs; keyed by their source, so an edit is never missed."""
    folder = root / "build" / "components"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return FileSystemBytecodeCache(str(folder))


def compact(html: str) -> str:
    """A component's output without blank or indented lines, which would end an HTML block in Markdown.

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
    # One cell, item or paragraph a line: words of neighbours on one line are glued in search indexes.
    joined = "\n".join(lines)
    return re.sub(r"(</(?:td|th|li|p|dt|dd|tr|caption|summary)>)(?=<)", r"\1\n", joined)


def build_pages(library: Library, root: Path, today: datetime.date, publication: Publication | None = None, edit_base: str = "") -> list[Page]:
    """Every page of the site, rendered. Raises ContentErrors with all problems of all pages.

    `edit_base` is the web address of the project's files, for the links of `EditLinks`.
    """
    from .editing import EditLinks

    publication = publication or publication_of(library, root)
    sources, renderer, problems = read_pages(root), Renderer(root, today), []
    edit = EditLinks(library, edit_base)
    renderer.env.globals["edit"] = edit.to
    plan = list(_plan(library, sources))
    addresses = {page.url: page.title for _, page, _ in plan}
    twins = {page.url for _, page, _ in plan}
    places: dict[str, str] = {}
    pages: list[Page] = []
    # Pages that link to records are rendered last: by then it is known where each record stands. After them comes the page that measures all others.
    for source, page, topic in sorted(plan, key=lambda entry: ("reading_levels(" in entry[0].body, entry[1].repeats, entry[1].track == "both", entry[1].track == "patients")):
        view = PageView(library, "clinicians" if page.track == "clinicians" else "patients", library.topics.get(topic), source.name,
                        today, page.url, places, addresses, page.part, functools.partial(readings, library, root, pages), publication=publication)
        try:
            page.markdown = renderer.render(source, view, frame=bool(topic))
            if edit.base:
                page.markdown += f"\n{edit.to_page(source.path)}\n"
        except ContentErrors as error:
            problems.extend(error.problems)
            continue
        page.shown, page.stated = tuple(view.shown), view.stated
        page.full_title, page.cited, page.citation = view.full_title, view.listed, view.citation()
        page.sections = tuple((anchor, heading) for line in page.markdown.split("\n") for _, heading, anchor in [section(line)] if anchor)
        for anchor in re.findall(r'\bid="([^"]+)"', page.markdown):
            if anchor in library.records:
                places.setdefault(anchor, f"{page.url}#{anchor}")
        for record in view.shown:
            places.setdefault(record, page.url)
        pages.append(page)
    if problems:
        raise ContentErrors(problems)
    by_url = {page.url: page for page in pages}
    for page in pages:
        page.markdown = _front_matter(page, by_url, library, publication) + _with_twin_links(page, by_url)
    return sorted(pages, key=lambda page: (page.topic, page.track, page.order, page.url))


def _plan(library: Library, sources: list[Source]) -> Iterator[tuple[Source, Page, str]]:
    """Which page becomes which address: one per topic for docs/topic/, one for the rest."""
    for source in sources:
        parts = Path(source.path).parts
        order = int(source.meta.get("order", 0))
        if parts[0] != "topic":
            stem = source.path.removesuffix(".md")
            url = stem.removesuffix("index") if stem.endswith("index") else f"{stem}/"
            yield source, Page(source.path, url, source.meta["title"], "both", "", order=order, about=str(source.meta.get("description", ""))), ""
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
                title = part or _title(source.meta["title"], library.medicines[topic.medicine], library.conditions[topic.condition])
                yield source, Page(f"{stem}.md", url, title, track, topic.id, order=order, part=part, twin=str(source.meta.get("twin", "")), repeats=bool(source.meta.get("repeats"))), topic.id


def parts_of(library: Library, source: Source, topic: m.Topic, track: str) -> list[str]:
    """The pages a page of docs/topic/ becomes for one topic: one a section where its front matter says `each`, else one.

    Raises ContentErrors for an `each` that is not known.
    """
    each = source.meta.get("each")
    if each is None:
        return [""]
    if each == "questions":
        return list(dict.fromkeys(question.section for question in library.questions.get(topic.id, ()) if question.audience in ("both", track.removesuffix("s"))))
    if each == "claims":
        return list(dict.fromkeys(claim.section for claim in library.claims[topic.id].claims)) if topic.id in library.claims else []
    raise ContentErrors([Problem(f"docs/{source.path}", 2, f"each: '{each}' is not one of: questions, claims")])


def _title(title: str, medicine: m.Medicine, condition: m.Condition) -> str:
    return (title.replace("{medicine}", medicine.name).replace("{Medicine}", sentence(medicine.name))
            .replace("{Condition}", sentence(condition.name)).replace("{condition}", condition.name).replace("{abbreviation}", condition.abbreviation or condition.name))


def section(line: str) -> tuple[int, str, str]:
    """Level, words and id of the heading in a line of a page, whether Markdown or inside a component; (0, "", "") for other lines."""
    match = HEADING.match(line)
    if match:
        return len(match[1]), match[2], match[3] or ""
    boxed = BOXED_HEADING.search(line)
    return (int(boxed[1]), boxed[3], boxed[2]) if boxed else (0, "", "")


def _twin_url(page: Page) -> str | None:
    if page.track not in TRACKS:
        return None
    other = "clinicians" if page.track == "patients" else "patients"
    if page.twin:
        return f"{page.topic}/{other}/{page.twin}/"
    return page.url.replace(f"/{page.track}/", f"/{other}/", 1)


def _twin(page: Page, by_url: dict[str, Page]) -> Page | None:
    """The same page for the other reader; for a part that only one reader has, the page above it."""
    address = _twin_url(page)
    if address is None:
        return None
    return by_url.get(address) or (by_url.get(address.rstrip("/").rpartition("/")[0] + "/") if page.part else None)


def _with_twin_links(page: Page, by_url: dict[str, Page]) -> str:
    """The page's Markdown with a link to the twin section behind every section heading."""
    twin = _twin(page, by_url)
    if twin is None:
        return page.markdown
    ids = {anchor for anchor, _ in twin.sections}
    label = "Same question for clinicians" if page.track == "patients" else "Same question for patients"
    lines = []
    for line in page.markdown.split("\n"):
        lines.append(line)
        level, _, anchor = section(line)
        if level in (2, 3) and anchor in ids and anchor not in ("sources", "dates"):
            link = f'<p class="twin"><a href="{relative(page.url, f"{twin.url}#{anchor}")}">{label}</a></p>'
            lines += [link] if line.startswith("<") else ["", link, ""]
    return "\n".join(lines)


def _front_matter(page: Page, by_url: dict[str, Page], library: Library, publication: Publication) -> str:
    """What the theme needs, as ready strings: it prints them as they are, so they are HTML already."""
    meta: dict[str, Any] = {"title": html.escape(page.title, quote=False), "track": page.track, **markup.head(page, library, publication, page.about)}
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
    # Every value is a string, and a JSON string is a YAML one (but for what YAML takes for a new line): a tenth of the time of PyYAML's writer.
    return "---\n" + "".join(f"{key}: {json.dumps(value, ensure_ascii=False).translate(_YAML_LINES)}\n" for key, value in sorted(meta.items())) + "---\n\n"


def _nested(pages: list[Page], base: str) -> list[Any]:
    """Navigation entries; pages in a folder below `base` stand under the folder's own index page."""
    found: list[Any] = []
    for page in pages:
        folder = page.path.removeprefix(base).rpartition("/")[0]
        if not folder:
            found.append(page.path if page.path == f"{base}index.md" else {page.title: page.path})
        elif page.path.endswith("/index.md"):
            below = [other for other in pages if other is not page and other.path.startswith(f"{base}{folder}/")]
            found.append({page.title: [page.path, *({other.title: other.path} for other in below)]})
    return found


def navigation(library: Library, pages: list[Page]) -> list[Any]:
    """The site's navigation: home, each topic's two tracks, and what the guide says of itself."""
    def entry(page: Page) -> dict[str, str]:
        return {page.title: page.path}

    home = [entry(page) for page in pages if page.path == "index.md"]
    topics: list[Any] = []
    for key in library.site.topics:
        own = [page for page in pages if page.topic == key]
        groups: list[Any] = [page.path for page in own if page.path == f"{key}/index.md"]
        for track, label in (("patients", "For patients"), ("clinicians", "For clinicians")):
            listed = sorted((page for page in own if page.track == track), key=lambda page: page.order)
            groups.append({label: _nested(listed, f"{key}/{track}/")})
        groups += _nested([page for page in own if page.track == "both" and page.path != f"{key}/index.md"], f"{key}/")
        topics.append({library.topics[key].title: groups})
    about = [entry(page) for page in sorted((page for page in pages if page.path.startswith("about/")), key=lambda page: page.order)]
    return [*home, *topics, {"About this guide": about}]


