"""The finished pages made whole: a policy that lets nothing foreign run, a control beside every
place that can be linked, and what an old link finds.

Works on the HTML that readers get, whatever engine made it: each page is read once and written
once. What MkDocs made becomes what is published here, and then `site.check_site` looks at it.
"""

from __future__ import annotations

import datetime
import html
import re
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from guide.base.html import INSIDE, STYLE_SHEET, WORD, Scan, put_in
from guide.outputs.policy import secured


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
        if anchor in found.controls or anchor in found.self_linked or tag not in INSIDE:
            continue
        spot = INSIDE[tag].search(page, offset)
        if spot:
            what = next(
                (kind for kind in ("source", "change") if anchor.startswith(f"{kind}-")),
                WORD.get(tag, "place"),
            )
            inserts.append((spot.start(), control(anchor, what)))
    return put_in(page, inserts)


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


def finished(page: str, found: Scan, day: datetime.date | None, publish: bool = True) -> str:
    """One page with its controls and, to be published, its policy, its date and the way to the
    manifest.
    """
    page = own_address(with_controls(page, found), found)
    if not publish:
        return page
    base = STYLE_SHEET.search(page)
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
    page = (site / "index.html").read_text(encoding="utf-8")
    title = LexborHTMLParser(page).css_first("title")
    return " ".join(title.text().split()).rpartition(" - ")[2] if title else "Home"
