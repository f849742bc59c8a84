"""What of a handout's page is on paper, and how large the paper is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from selectolax.lexbor import LexborNode

from guide.base import language
from guide.base.html import CONTROLS, PageHtml, set_words
from guide.base.language import gettext as _
from guide.base.language import gettext_noop
from guide.outputs.sheet import Picture, Sheet
from guide.outputs.sheet_reader import read_blocks


@dataclass(frozen=True)
class Paper:
    """A size of paper with its name. All lengths are in mm; `margins` are top, sides, bottom."""

    name: str
    width: float
    height: float
    margins: tuple[float, float, float]


# By the name of the PDF. The United States print on Letter, most other countries on A4.
PAPERS = {
    "handout.pdf": Paper("A4", 210, 297, (11, 13, 14)),
    "handout-letter.pdf": Paper(gettext_noop("US Letter"), 215.9, 279.4, (9, 12, 12.5)),
}

MOST_PAGES = 2


class UnprintableError(ValueError):
    """Why a handout cannot be a PDF, and the remedy: what follows "the handout for patients"."""


# What is for the screen only. Components say it with the mark; controls are put into pages later. A
# drawing in the page has its colours from the page's styles, and its numbers beside it: a picture
# for paper is an `<img>`.
_SCREEN_ONLY = (
    f':is([data-print="skip"], [hidden], .visually-hidden, .verdict__more a, {CONTROLS}, form,'
    " button, script, style, template, noscript, dialog, input, select, textarea, audio, video,"
    " canvas, iframe, object, svg, img:not([src]))"
)


# The first thing that the sheet leaves out with all that follows.
_END = '[data-print="end"]'


# Where the links to the PDFs go in a page.
EMPTY_LINE = "p.handout-pdf[hidden]"


def sheet_of(page: PageHtml, url: str, address: str, site: Path) -> Sheet:
    """The handout of a finished page without navigation and screen-only parts. Changes the page.

    `url` is the page's address from the site's root. A link into the site leads to the public
    `address`; without one it becomes plain text, because a PDF on a disk has no address. Raises
    UnprintableError for a picture that is no file of the `site`, and for a page without a heading;
    ValueError for one without an article.
    """
    article = page.article()
    keep_printed(page, article, urljoin(address.rstrip("/") + "/", url) if address else "")
    heading = article.css_first("h1")
    if heading is None:
        raise UnprintableError("has no heading: begin its page in docs/ with '# ' and a title")
    pictures = {
        source: _picture(site, url, source)
        for source in {image.attributes.get("src") or "" for image in article.css("img")}
    }
    return Sheet(
        title=" ".join(heading.text().split()),
        language=page.language(),
        direction=page.direction(),
        day=_day(article),
        mark=_mark(article),
        pages=number_words(),
        blocks=read_blocks(article, pictures),
    )


def keep_printed(page: PageHtml, article: LexborNode, base: str) -> None:
    """Leaves in an article what is on paper. Links below `base` get whole addresses."""
    for numbers in article.css("sup.cites"):
        set_words(numbers, f"[{numbers.text().strip()}]")
    _prune(page, article)
    # A link to a source leads inside the PDF.
    for item in article.css("li[data-source]"):
        item.attrs["id"] = f"source-{item.attributes['data-source']}"
    _complete_links(article, base)


def _prune(page: PageHtml, article: LexborNode) -> None:
    """Removes what is for the screen only, and everything from the article's end on."""
    end = article.css_first(_END)
    while end is not None:
        following = end.next
        end.decompose()
        end = following
    for button in article.css("button[popovertarget]"):
        # A hard word that opens its explanation: on paper only the word.
        button.replace_with(page.new("span", {}, button.text()), move=True)
    # The innermost first: what is gone cannot be removed again.
    for element in reversed(article.css(_SCREEN_ONLY)):
        element.decompose()


def _complete_links(article: LexborNode, base: str) -> None:
    """Makes links out of the article whole addresses below `base`; without one, plain text."""
    ids = {element.attributes["id"] for element in article.css("[id]")}
    for link in article.css("a[href]"):
        href = link.attributes["href"] or ""
        if (href.startswith("#") and href[1:] in ids) or urlsplit(href).scheme:
            continue
        if base:
            link.attrs["href"] = urljoin(base, href)
        else:
            del link.attrs["href"]


def _picture(site: Path, url: str, source: str) -> Picture:
    """The picture at an address on the page `url`: a file of the site, or SVG in the address.

    Raises UnprintableError for another.
    """
    if source.startswith(_SVG):
        return Picture(svg=unquote(source.removeprefix(_SVG)))
    path = (site / url / source).resolve()
    if not path.is_relative_to(site.resolve()) or not path.is_file():
        raise UnprintableError(
            f"shows the picture '{source}', which is no file of the site: put it into docs/"
        )
    if path.suffix == ".svg":
        return Picture(svg=path.read_text(encoding="utf-8"))
    return Picture(path="/" + path.relative_to(site.resolve()).as_posix())


# How a page writes a picture of its own as an address (`view.svg.shapes`).
_SVG = "data:image/svg+xml,"


def _mark(article: LexborNode) -> str:
    """The foot of each sheet: the code of the content, and the address that checks it."""
    code, address = (
        element.text() if (element := article.css_first(f".print-mark__{name}")) else ""
        for name in ("code", "address")
    )
    return mark_words().format(code=code, address=address)


def mark_words() -> str:
    """What the foot of each page says, with the places `code` and `address`."""
    return _("Version {code}: {address}")


def number_words() -> str:
    """How pages are numbered, with the places `page` and `pages`."""
    return _("Page {page} of {pages}")


def _day(article: LexborNode) -> str:
    """The ISO date of the content, from the version line; the same on every machine and day."""
    line = article.css_first("p.print-mark__version")
    day = language.current().date_in(line.text()) if line else None
    return day.isoformat() if day else "2000-01-01"
