"""Pages at the addresses that readers were given before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from selectolax.lexbor import LexborNode

from guide.base import language
from guide.base.files import names_of, put
from guide.base.html import PageHtml, Scan, put_first, scan
from guide.base.language import gettext as _
from guide.base.layers import MACROS, layers
from guide.base.problem import Problem
from guide.base.text import relative
from guide.content.wording import shown_date
from guide.outputs import permalinks
from guide.outputs.asset_names import MOVED, assets_in
from guide.outputs.controls import finished, site_name
from guide.outputs.policy import secured
from guide.outputs.redirects import End, Rule


def finish_site(
    site: Path,
    root: Path,
    rules: list[Rule],
    address: str = "",
    done: Callable[[str], Callable[[], permalinks.Places] | None] = lambda name: None,
) -> list[Problem]:
    """Finishes every page of `site` in place; returns the problems of old addresses.

    `rules` are the entries of content/redirects.yml, `address` the site's public address or "".
    `done` takes a page's file name; for a page that is finished already it returns a function that
    loads its places.
    """
    places_of: dict[str, permalinks.Places | Callable[[], permalinks.Places]] = {}
    for name in names_of(site, ".html"):
        url, path = name.removesuffix("index.html"), site / name
        load_places = done(name)
        if load_places:
            places_of[url] = load_places
            continue
        page = PageHtml(path.read_text(encoding="utf-8"))
        page_scan = scan(page)
        if name == "index.html" or name.endswith("/index.html"):
            places_of[url] = places(page_scan)
        put(path, finished(page, page_scan))
    live = _Live(places_of)
    plan = permalinks.plan(permalinks.read_links(root), live, rules)
    if plan.problems:
        return plan.problems
    for url, ends in plan.ends.items():
        if url in live:
            path = site / url / "index.html"
            page = PageHtml(path.read_text(encoding="utf-8"))
            put_old_places(page, url, ends, live)
            put(path, page.write())
    title = site_name(site) if plan.pages else ""
    script = assets_in(site).get(MOVED, MOVED) if plan.pages else ""
    for url, end in plan.pages.items():
        path = site / url / "index.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        ends = plan.ends.get(url, {})
        put(path, secured(old_address(root, url, end, ends, live, title, address, script)))
    return []


class _Live(Mapping[str, permalinks.Places]):
    """The places of every page by its address.

    Those that come as a function are loaded each time: together they would take most of a large
    build's memory.
    """

    def __init__(self, places_of: dict[str, permalinks.Places | Callable[[], permalinks.Places]]):
        self._places_of = places_of
        self._last: tuple[str, permalinks.Places] | None = None

    def __getitem__(self, url: str) -> permalinks.Places:
        if self._last is None or self._last[0] != url:
            value = self._places_of[url]
            self._last = url, value() if callable(value) else value
        return self._last[1]

    def __contains__(self, url: object) -> bool:
        return url in self._places_of

    def __iter__(self) -> Iterator[str]:
        return iter(self._places_of)

    def __len__(self) -> int:
        return len(self._places_of)


def live_places(site: Path) -> dict[str, permalinks.Places]:
    """The permanent places of every page of a finished site, by address; without redirect pages."""
    places_of = {}
    for name in names_of(site, "index.html"):
        page = PageHtml((site / name).read_text(encoding="utf-8"))
        if not is_old_address(page):
            places_of[name.removesuffix("index.html")] = places(scan(page))
    return places_of


def is_old_address(page: PageHtml) -> bool:
    """Whether a page replaces one that is gone."""
    return page.first('meta[name="guide-old-address"]') is not None


def places(page_scan: Scan) -> permalinks.Places:
    """The permanent places of a page that was scanned."""
    return permalinks.Places(
        frozenset(page_scan.ids),
        frozenset([page_scan.title] if page_scan.title else []),
        frozenset(page_scan.facts),
        page_scan.heading,
    )


def put_old_places(
    page: PageHtml, url: str, ends: dict[str, End], live: Mapping[str, permalinks.Places]
) -> None:
    """Puts into a finished page every id that was published on it and is no longer there.

    An id whose thing is elsewhere on the page becomes an invisible anchor there. One that moved to
    another page gets a line that is shown when a link leads to it. What is gone is said openly.
    """
    page_scan = scan(page)
    aliases: list[tuple[LexborNode, str]] = []
    moved: list[LexborNode] = []
    gone: list[LexborNode] = []
    for anchor, end in ends.items():
        to_page, _, to_anchor = end.to.partition("#")
        place = {"class": "moved__place", "id": anchor}
        if end.gone:
            day = page.new("span", {"class": "moved__date"}, f"({_day(end)})")
            gone.append(page.new("p", {**place, "data-record": anchor}, f"{end.gone} ", day))
        elif to_page == url:
            aliases.append((page_scan.ids[to_anchor or page_scan.title], anchor))
        else:
            link = page.new("a", {"href": relative(url, end.to)}, live[to_page].heading)
            moved.append(page.new("p", place, link))
    # The last one first: each goes in front of those that stand there.
    for element, anchor in reversed(aliases):
        _put_alias(element, page.new("span", {"class": "alias", "id": anchor}))
    for section in _sections_of_old_places(page, moved, gone):
        page.article().insert_child(section, move=True)


def _sections_of_old_places(
    page: PageHtml, moved: list[LexborNode], gone: list[LexborNode]
) -> Iterator[LexborNode]:
    """The sections at the end of a page for what moved away from it and what is gone."""
    if moved:
        said = page.new("p", {"class": "moved__say"}, _("What stood here is now on this page:"))
        yield page.new("section", {"class": "moved", "data-record": "moved"}, said, *moved)
    if gone:
        said = page.new("p", {"class": "withdrawn__title"}, _("No longer on this page"))
        yield page.new("section", {"class": "withdrawn"}, said, *gone)


# Elements that hold other elements only, and those that hold nothing.
_NO_TEXT = {"table", "thead", "tbody", "tfoot", "tr", "ul", "ol", "dl"}
_NOTHING = {"img", "br", "hr", "wbr"}


def _put_alias(element: LexborNode, alias: LexborNode) -> None:
    """Puts an anchor where it may stand in an element or, in a row or list, in its first cell or
    item; before the element where it has none. A <div> in a <dl> is such a row.
    """
    inside: LexborNode | None = element
    parent = element.parent
    is_group = element.tag == "div" and parent is not None and parent.tag == "dl"
    if element.tag in _NO_TEXT or is_group:
        inside = element.css_first(":is(th, td, li, dt, dd)")
    if inside is None or inside.tag in _NOTHING:
        element.insert_before(alias, move=True)
    else:
        put_first(inside, alias)


def _day(end: End) -> str:
    """The day of a removal that content/redirects.yml decides; "" for any other end."""
    return shown_date(end.date) if end.date else ""


def old_address(
    root: Path,
    url: str,
    end: End,
    ends: dict[str, End],
    live: Mapping[str, permalinks.Places],
    site: str,
    address: str,
    script: str = MOVED,
) -> str:
    """The HTML that replaces a page that is gone: a redirect with a link, or the reason.

    `ends` are the places that were on it, `site` is the site's name, `address` its public address
    or "" and `script` the path of the script that leads on.
    """

    def heading(to: str) -> str:
        return live[to.partition("#")[0]].heading

    link = relative(url, end.to) if end.to else ""
    page = {
        "site": site,
        "root": "../" * url.count("/"),
        "script": script,
        "record": url,
        "entries": [
            {
                "anchor": anchor,
                "to": relative(url, place.to) if place.to else "",
                "name": heading(place.to) if place.to else "",
                "words": place.gone,
            }
            for anchor, place in sorted(ends.items())
        ],
        "refresh": not ends,
        "title": _("This page has moved") if end.to else _("This page is no longer here"),
        "words": _("It is now:") if end.to else f"{end.gone} ({_day(end)})",
        "to": link,
        "name": heading(end.to) if end.to else "",
        "see": relative(url, end.see) if end.see else "",
        "see_name": heading(end.see) if end.see else "",
        "language": language.current().code,
        "direction": language.current().direction,
        "canonical": f"{address.rstrip('/')}/{end.to}" if address else link,
    }
    return _component(root, "old_address", page).strip() + "\n"


def _component(root: Path, name: str, page: Mapping[str, object]) -> str:
    """The HTML of a component that needs no library."""
    environment = Environment(
        loader=FileSystemLoader(layers(root, MACROS)),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    language.install(environment)
    module = environment.get_template(f"_{name}.html").module
    return str(getattr(module, name)(page))
