"""The finished pages made whole: a policy that lets nothing foreign run, a control beside every
place that can be linked, and what an old link finds.

Works on the HTML that readers get, whatever engine made it: each page is read once and written
once. What MkDocs made becomes what is published here, and then `site.check_site` looks at it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from selectolax.lexbor import LexborNode

from guide.base.html import CONTROLS, PageHtml, Scan
from guide.base.language import gettext as _
from guide.base.language import gettext_noop
from guide.outputs.policy import secure

_HEADINGS = ("h1", "h2", "h3", "h4")


# A control stands at the end of the first of these, or before the first of those.
_ONE_LINE = {"p", *_HEADINGS}  # No other lines or blocks can be in them.
_LINES = {"li", "td", "th", "dt", "dd", "section", "div", *_ONE_LINE}
_BLOCKS = {"ul", "ol", "dl", "table", "div", "details"}


# A page's own list of sources and its explained words: each has its lasting address in the list of
# all, which has the controls.
_WITH_OTHER = ":is(ol.sources > li, .term__text)"


# The elements that get a control.
_LINKED = {*_LINES, "tr", "figure"}


_FACT, _SECTION = gettext_noop("Link to this fact"), gettext_noop("Link to this section")


# What the control of an element says, where its id does not tell.
_WORDS = {
    "tr": gettext_noop("Link to this row"),
    "figure": gettext_noop("Link to this figure"),
    "td": _FACT,
    "li": _FACT,
    "p": _FACT,
    **dict.fromkeys(_HEADINGS, _SECTION),
}
# The same by what an id begins with.
_WORDS_OF_IDS = {
    "source-": gettext_noop("Link to this source"),
    "change-": gettext_noop("Link to this change"),
}
_PLACE = gettext_noop("Link to this place")


def put_controls(page: PageHtml, scanned: Scan) -> None:
    """Puts a control beside every heading, row, figure, fact and entry that has an id and no
    control yet, but for entries of `_WITH_OTHER`.
    """
    with_other = {node.mem_id for node in page.every(_WITH_OTHER)}
    for anchor, element in scanned.ids.items():
        has_one = (
            anchor in scanned.controls
            or anchor in scanned.self_linked
            or element.mem_id in with_other
        )
        if has_one or element.tag not in _LINKED:
            continue
        if element.parent is not None and element.parent.tag == "summary":
            continue  # a control inside a control: the summary opens and closes
        words = next(
            (words for start, words in _WORDS_OF_IDS.items() if anchor.startswith(start)),
            _WORDS.get(element.tag or "", _PLACE),
        )
        _put_in(
            element,
            # Works as a plain link without script.
            page.new(
                "a",
                {
                    "class": "permalink",
                    "href": f"#{anchor}",
                    "aria-label": _(words),
                },
                "#",
            ),
        )


def _put_in(element: LexborNode, control: LexborNode) -> None:
    """Puts a control where it belongs in its element."""
    if element.tag == "tr":
        cell = element.css_first(":is(td, th)")
        if cell is not None:
            cell.insert_child(control, move=True)
    elif element.tag == "figure":
        (element.css_first("figcaption") or element).insert_child(control, move=True)
    else:
        _put_at_first_line(element, control)


def _put_at_first_line(element: LexborNode, control: LexborNode) -> bool:
    """Puts a control at the end of the first line of text, before any list or table; False where
    the element has no such place.
    """
    tag = element.tag
    child = element.first_child if tag not in _ONE_LINE else None
    while child is not None:
        if child.is_element_node:
            if child.tag in _BLOCKS:
                child.insert_before(control, move=True)
                return True
            if _put_at_first_line(child, control):
                return True
        child = child.next
    if tag in _LINES:
        element.insert_child(control, move=True)
        return True
    return False


def set_own_address(page: PageHtml, scanned: Scan) -> None:
    """Lets the control of the page's own heading lead to the address of the page, without a
    fragment: it outlives a reworded title.
    """
    heading = scanned.ids.get(scanned.title)
    for link in heading.css(CONTROLS) if heading else ():
        if link.attributes.get("href") == f"#{scanned.title}":
            attributes = {
                "class": "permalink permalink--page",
                "href": "./",
                "aria-label": _("Link to this page"),
            }
            link.replace_with(page.new("a", attributes, "#"), move=True)
            return


# The address of the guide's style sheet: the way to the site's root, and its name there.
_STYLE_SHEET = re.compile(r"(.*)assets/guide\.(?:[0-9a-f]{10}\.)?css")


def finished(page: PageHtml, scanned: Scan, publish: bool = True) -> str:
    """The HTML of a page with its controls and, to be published, its policy, its date and the way
    to the manifest.

    `scanned` is what the page offers to link to.
    """
    put_controls(page, scanned)
    set_own_address(page, scanned)
    if publish:
        then = []
        day = _last_change(page)
        if day:
            then.append(page.new("meta", {"name": "guide-date", "content": day}))
        for style in page.every('link[rel="stylesheet"]'):
            way = _STYLE_SHEET.fullmatch(style.attributes.get("href") or "")
            if way:
                manifest = {"rel": "manifest", "href": f"{way[1]}manifest.webmanifest"}
                then.append(page.new("link", manifest))
        secure(page, then=then)
    return page.write()


def _last_change(page: PageHtml) -> str:
    """The day on which the page's own content last changed, as its schema.org markup says it; ""
    for a page without. The day of a publication would change every page.
    """
    markup = page.first('script[type="application/ld+json"]')
    said = json.loads(markup.text()) if markup is not None else {}
    return str(said.get("dateModified", ""))


def site_name(site: Path) -> str:
    """The site's name, from the end of the home page's title."""
    title = PageHtml((site / "index.html").read_text(encoding="utf-8")).first("title")
    return " ".join(title.text().split()).rpartition(" - ")[2] if title else _("Home")
