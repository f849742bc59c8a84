"""Pages at the addresses that readers were given before."""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from guide.base.files import names_of, put
from guide.base.html import Scan, put_in, scan
from guide.base.problem import Problem
from guide.base.text import relative
from guide.content.wording import shown_date
from guide.outputs import permalinks
from guide.outputs.controls import finished, site_name
from guide.outputs.policy import secured


def finish_site(
    site: Path,
    root: Path,
    rules: list[permalinks.Rule],
    day: datetime.date,
    address: str = "",
    done: Callable[[str], Callable[[], permalinks.Places] | None] = lambda name: None,
) -> list[Problem]:
    """Finishes every page of `site` in place; returns what nobody has decided about old addresses.

    `done` gives, for a page that is finished already, by its file, what looks up its places.
    `rules` are the entries of content/redirects.yml, `day` the date of the version, `address` the
    site's public address if it has one.
    """
    made: dict[str, permalinks.Places | Callable[[], permalinks.Places]] = {}
    for name in names_of(site, ".html"):
        url, path = name.removesuffix("index.html"), site / name
        noted = done(name)
        if noted:
            made[url] = noted
            continue
        page = path.read_text(encoding="utf-8")
        found = scan(page)
        if name == "index.html" or name.endswith("/index.html"):
            made[url] = places(found)
        put(path, finished(page, found, day))
    live = _Live(made)
    plan = permalinks.plan(permalinks.read_links(root), live, rules)
    if plan.problems:
        return plan.problems
    for name, ends in plan.ends.items():
        if name in live:
            path = site / name / "index.html"
            put(path, with_old_places(path.read_text(encoding="utf-8"), name, ends, live))
    for name, end in plan.pages.items():
        path = site / name / "index.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        put(
            path,
            secured(
                old_address(
                    root, name, end, plan.ends.get(name, {}), live, site_name(site), address
                )
            ),
        )
    return []


class _Live(Mapping[str, permalinks.Places]):
    """The places of every page by its address. Those that are noted elsewhere are looked up each
    time: held, they would be the most of a large build's memory.
    """

    def __init__(self, made: dict[str, permalinks.Places | Callable[[], permalinks.Places]]):
        self._made = made
        self._last: tuple[str, permalinks.Places] | None = None

    def __getitem__(self, url: str) -> permalinks.Places:
        if self._last is None or self._last[0] != url:
            found = self._made[url]
            self._last = url, found() if callable(found) else found
        return self._last[1]

    def __contains__(self, url: object) -> bool:
        return url in self._made

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


def live_places(site: Path) -> dict[str, permalinks.Places]:
    """Every page of a finished site with its permanent places; pages that only stand for an old
    address are not among them.
    """
    found = {}
    for name in names_of(site, "index.html"):
        page = (site / name).read_text(encoding="utf-8")
        if OLD_ADDRESS not in page:
            found[name.removesuffix("index.html")] = places(scan(page))
    return found


# How a page that only stands for an old address is told from a page of the guide.
OLD_ADDRESS = '<meta name="guide-old-address"'


def places(found: Scan) -> permalinks.Places:
    return permalinks.Places(
        frozenset(found.ids),
        frozenset([found.title] if found.title else []),
        frozenset(found.facts),
        found.heading,
    )


def with_old_places(
    page: str, name: str, ends: dict[str, permalinks.End], live: Mapping[str, permalinks.Places]
) -> str:
    """The page with every id that readers hold for it and that no longer stands on it.

    An id whose thing stands elsewhere on the page is put there, unseen. For one that went to
    another page a line stands ready that shows when a link leads to it. What is gone is said in the
    open.
    """
    found, inserts, moved, gone = scan(page), [], [], []
    for anchor, end in ends.items():
        to_page, _, to_anchor = end.to.partition("#")
        if end.gone:
            gone.append(
                f'<p class="moved__place" id="{anchor}"'
                f' data-record="{anchor}">{html.escape(end.gone)} <span'
                f' class="moved__date">({shown_date(end.date)})</span></p>'
            )
        elif to_page == name:
            inserts.append(
                (
                    _beside(page, found, to_anchor or found.title),
                    f'<span class="alias" id="{anchor}"></span>',
                )
            )
        else:
            moved.append(
                f'<p class="moved__place" id="{anchor}"><a'
                f' href="{relative(name, end.to)}">{html.escape(live[to_page].heading)}</a></p>'
            )
    block = (
        '<section class="moved" data-record="moved"><p class="moved__say">What stood here is now'
        f" on this page:</p>{''.join(moved)}</section>"
        if moved
        else ""
    )
    block += (
        '<section class="withdrawn"><p class="withdrawn__title">No longer on this'
        f" page</p>{''.join(gone)}</section>"
        if gone
        else ""
    )
    return put_in(page, [*inserts, (found.end_of_article, block)] if block else inserts)


def _beside(page: str, found: Scan, anchor: str) -> int:
    """The offset inside the element with an id where an unseen anchor may stand; in a row that is
    its first cell.
    """
    tag, offset = found.ids[anchor]
    if tag in ("tr", "table", "tbody", "ul", "ol", "dl"):
        cell = re.compile(r"<(?:th|td|li|dt|dd)\b[^>]*>").search(page, offset)
        return cell.end() if cell else offset
    return offset


def old_address(
    root: Path,
    name: str,
    end: permalinks.End,
    ends: dict[str, permalinks.End],
    live: Mapping[str, permalinks.Places],
    site: str,
    address: str,
) -> str:
    """The page that stands where a page was: a redirect with a visible link, or the reason why
    there is nothing.
    """
    environment = Environment(
        loader=FileSystemLoader(root / "overrides" / "macros"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def heading(to: str) -> str:
        return live[to.partition("#")[0]].heading

    entries = [
        {
            "anchor": anchor,
            "to": relative(name, one.to) if one.to else "",
            "name": heading(one.to) if one.to else "",
            "words": one.gone,
        }
        for anchor, one in sorted(ends.items())
    ]
    told = {
        "site": site,
        "root": "../" * name.count("/"),
        "record": name,
        "entries": entries,
        "refresh": not entries,
        "title": "This page has moved" if end.to else "This page is no longer here",
        "words": "It is now:" if end.to else f"{end.gone} ({shown_date(end.date)})",
        "to": relative(name, end.to) if end.to else "",
        "name": heading(end.to) if end.to else "",
        "canonical": (
            f"{address.rstrip('/')}/{end.to}"
            if address
            else relative(name, end.to)
            if end.to
            else ""
        ),
    }
    return (
        str(environment.get_template("_old_address.html").module.old_address(told)).strip() + "\n"
    )
