"""The finished pages made whole: a policy that lets nothing foreign run, a control beside every
place that can be linked, and what an old link finds.

Works on the HTML that readers get, whatever engine made it: each page is read once and written
once. What MkDocs made becomes what is published here, and then `site.check_site` looks at it.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from . import links
from .problem import Problem
from .tree import names_of, put
from .view import relative
from .wording import shown_date

# A tag with its attributes; comments, and elements whose content is no markup, as one piece.
_PIECE = re.compile(
    r"<!--.*?-->"
    r"|<(script|style|svg|textarea|title|dialog)\b[^>]*>.*?</\1\s*>"
    r"|<(/?)([a-zA-Z][\w-]*)((?:\s+[^\s=>\"'/]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>\"']+))?)*)\s*/?>",
    re.S,
)
_ATTRIBUTE = re.compile(r"([^\s=>\"'/]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+)))?")
_CONTROL_CLASSES = {"permalink", "headerlink"}
_FORM = {"input", "label", "select", "option", "button", "form", "fieldset", "output"}
_HEADINGS = {"h1", "h2", "h3", "h4"}

# Where the control of an element stands: before the first of these that follows its opening tag.
_INSIDE = {
    **dict.fromkeys(("h1", "h2", "h3", "h4"), re.compile(r"</h[1-4]\s*>")),
    "tr": re.compile(r"</t[hd]\s*>"),
    "figure": re.compile(r"</figcaption\s*>|</figure\s*>"),
    **dict.fromkeys(
        ("li", "p", "td", "th", "dt", "dd", "section", "div"),
        re.compile(
            r"</(?:p|li|td|th|dt|dd|h[1-4]|section|div)\s*>|<(?:ul|ol|dl|table|div|details)\b"
        ),
    ),
}
_WORD = {
    "tr": "row",
    "figure": "figure",
    "td": "fact",
    "li": "fact",
    "p": "fact",
    **dict.fromkeys(_HEADINGS, "section"),
}


@dataclass
class Scan:
    """What one page offers to link to.

    `ids` are the permanent places of its main text with tag and the offset after the opening tag;
    `facts` those that carry their own record, so that they mean the same on any page; `title`
    the id of the page's first heading; `controls` the ids that have a control; `spots` where
    pieces are to be put in.
    """

    ids: dict[str, tuple[str, int]] = field(default_factory=dict)
    facts: set[str] = field(default_factory=set)
    title: str = ""
    heading: str = ""
    controls: set[str] = field(default_factory=set)
    self_linked: set[str] = field(default_factory=set)
    end_of_article: int = -1
    end_of_title: int = -1


def attributes(raw: str) -> dict[str, str]:
    """The attributes of a tag, unescaped."""
    return {
        match[1].lower(): html.unescape(match[2] or match[3] or match[4] or "")
        for match in _ATTRIBUTE.finditer(raw)
    }


def scan(page: str) -> Scan:
    """What the main text (`<article>`) of a finished page offers to link to."""
    found, depth, item = Scan(), 0, ""
    title = re.search(r"<title>(.*?)</title>", page, re.S)
    found.heading = words(title[1]) if title else ""
    start = page.find("<article")
    for match in _PIECE.finditer(page, start) if start >= 0 else ():
        tag = match[3]
        if tag is None:
            continue
        tag = tag.lower()
        if tag == "article":
            depth += -1 if match[2] else 1
            if match[2] and not depth:
                found.end_of_article = match.start()
            continue
        if not depth:
            continue
        if match[2]:
            if tag == "h1" and found.end_of_title < 0:
                found.end_of_title = match.start()
            continue
        raw = match[4]
        if tag != "a" and "id" not in raw:
            continue
        values = attributes(raw)
        if tag == "a":
            target = values.get("href", "").partition("#")[2]
            if _CONTROL_CLASSES & set(values.get("class", "").split()):
                found.controls.add(target)
            if target and target == item:
                found.self_linked.add(target)
            item = ""
        anchor = values.get("id", "")
        if (
            not anchor
            or anchor.startswith("__")
            or tag in _FORM
            or "alias" in values.get("class", "").split()
            or "moved__place" in values.get("class", "").split()
        ):
            continue
        found.ids.setdefault(anchor, (tag, match.end()))
        item = anchor if tag == "li" else ""
        if anchor in values.get("data-record", "").split():
            found.facts.add(anchor)
        if tag == "h1" and not found.title:
            found.title = anchor
            end = page.find("</h1", match.end())
            found.heading = words(
                re.sub(
                    r"<a [^>]*(?:headerlink|permalink).*?</a>",
                    "",
                    page[match.end() : end],
                    flags=re.S,
                )
            )
    return found


def words(fragment: str) -> str:
    """The text of a piece of HTML on one line."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", fragment))).strip()


def control(anchor: str, what: str) -> str:
    """The link that copies a place's address; works as a plain link without script."""
    return (
        f'<a class="permalink" href="#{html.escape(anchor)}" aria-label="Link to this {what}">#</a>'
    )


def with_controls(page: str, found: Scan) -> str:
    """The page with a control beside every heading, row, figure, fact and entry that has an id and
    no control yet.

    The page's own heading gets the address of the page itself, which outlives a reworded title.
    """
    inserts: list[tuple[int, str]] = []
    for anchor, (tag, offset) in found.ids.items():
        if anchor in found.controls or anchor in found.self_linked or tag not in _INSIDE:
            continue
        spot = _INSIDE[tag].search(page, offset)
        if spot:
            what = next(
                (kind for kind in ("source", "change") if anchor.startswith(f"{kind}-")),
                _WORD.get(tag, "place"),
            )
            inserts.append((spot.start(), control(anchor, what)))
    return put_in(page, inserts)


def put_in(page: str, inserts: list[tuple[int, str]]) -> str:
    """The page with each piece at its offset; pieces at one offset keep their order."""
    parts, at = [], 0
    for offset, piece in sorted(inserts, key=lambda entry: entry[0]):
        parts += [page[at:offset], piece]
        at = offset
    return "".join([*parts, page[at:]])


def own_address(page: str, found: Scan) -> str:
    """The heading's control leads to the page's address without a fragment."""
    if not found.title:
        return page
    old = re.compile(
        r'<a class="(?:headerlink|permalink)"'
        rf' href="#{re.escape(html.escape(found.title))}"[^>]*>.*?</a>',
        re.S,
    )
    return old.sub(
        '<a class="permalink permalink--page" href="./" aria-label="Link to this page">#</a>',
        page,
        count=1,
    )


_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script\s*>", re.S | re.I)
_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style\s*>", re.S | re.I)
_STYLED = re.compile(r"<[a-zA-Z][^<>]*?\sstyle=(?:\"([^\"]*)\"|'([^']*)')", re.S)
_DATA = re.compile(r"json|template|text/plain", re.I)


def policy(page: str, disk: bool = False) -> str:
    """The Content-Security-Policy of one page: nothing but the site's own files, and exactly the
    inline scripts and styles it has.

    `disk`: for a copy opened from a file, where not every browser counts files as "self".
    """
    own = "'self' file:" if disk else "'self'"
    scripts = [
        _digest(match[2])
        for match in _SCRIPT.finditer(page)
        if "src" not in (found := attributes(match[1])) and not _DATA.search(found.get("type", ""))
    ]
    styles = [_digest(match[1]) for match in _STYLE.finditer(page)]
    # Most pages style no element by itself, and looking at every tag for it takes long.
    styled = (
        [
            _digest(html.unescape(match[1] if match[1] is not None else match[2]))
            for match in _STYLED.finditer(_SCRIPT.sub("", page))
        ]
        if "style=" in page
        else []
    )
    if styled:
        styles.append("'unsafe-hashes'")
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(dict.fromkeys([own, *scripts]))}",
            f"style-src {' '.join(dict.fromkeys([own, *styles, *styled]))}",
            f"img-src {own} data:",
            *(() if disk else ("connect-src 'self'", "manifest-src 'self'", "worker-src 'self'")),
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _digest(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


_CHARSET = re.compile(r"<meta\s+charset=[^>]+>", re.I)


def secured(page: str, disk: bool = False, head: str = "") -> str:
    """The page with its policy and without a referrer, as the first things in its head; `head`
    comes after them.

    No address of ours goes along when a reader follows a link to a paper: what somebody reads about
    a disease is theirs.
    """
    tags = (
        '<meta http-equiv="Content-Security-Policy"'
        f' content="{html.escape(policy(page, disk), quote=False)}"><meta name="referrer"'
        f' content="no-referrer">{head}'
    )
    return _CHARSET.sub(lambda match: match[0] + tags, page, count=1)


def finish_site(
    site: Path,
    root: Path,
    rules: list[links.Rule],
    day: datetime.date,
    address: str = "",
    done: Callable[[str], Callable[[], links.Places] | None] = lambda name: None,
) -> list[Problem]:
    """Finishes every page of `site` in place; returns what nobody has decided about old addresses.

    `done` gives, for a page that is finished already, by its file, what looks up its places.
    `rules` are the entries of content/redirects.yml, `day` the date of the version, `address` the
    site's public address if it has one.
    """
    made: dict[str, links.Places | Callable[[], links.Places]] = {}
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
    plan = links.plan(links.read_links(root), live, rules)
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


class _Live(Mapping[str, links.Places]):
    """The places of every page by its address. Those that are noted elsewhere are looked up each
    time: held, they would be the most of a large build's memory.
    """

    def __init__(self, made: dict[str, links.Places | Callable[[], links.Places]]):
        self._made = made
        self._last: tuple[str, links.Places] | None = None

    def __getitem__(self, url: str) -> links.Places:
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


def live_places(site: Path) -> dict[str, links.Places]:
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


def places(found: Scan) -> links.Places:
    return links.Places(
        frozenset(found.ids),
        frozenset([found.title] if found.title else []),
        frozenset(found.facts),
        found.heading,
    )


_ROOT = re.compile(r'href="([^"]*)assets/guide\.css"')


def finished(page: str, found: Scan, day: datetime.date | None, publish: bool = True) -> str:
    """One page with its controls and, to be published, its policy, its date and the way to the
    manifest.
    """
    page = own_address(with_controls(page, found), found)
    if not publish:
        return page
    base = _ROOT.search(page)
    manifest = f'<link rel="manifest" href="{base[1]}manifest.webmanifest">' if base else ""
    return secured(page, head=(_date(day) if day else "") + manifest)


def _date(day: datetime.date) -> str:
    return f'<meta name="guide-date" content="{day.isoformat()}">'


_DATE = re.compile(r'<meta name="guide-date" content="[^"]*">')


def dated(page: str, day: datetime.date | None) -> str:
    """A finished page with another date of the version."""
    return _DATE.sub(_date(day), page, count=1) if day else page


def site_name(site: Path) -> str:
    """The site's name, from the end of the home page's title."""
    title = re.search(
        r"<title>(.*?)</title>", (site / "index.html").read_text(encoding="utf-8"), re.S
    )
    return words(title[1]).rpartition(" - ")[2] if title else "Home"


def with_old_places(
    page: str, name: str, ends: dict[str, links.End], live: Mapping[str, links.Places]
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
    end: links.End,
    ends: dict[str, links.End],
    live: Mapping[str, links.Places],
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
