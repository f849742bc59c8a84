"""The HTML document that a handout's PDF is made from."""

from __future__ import annotations

import base64
import ctypes.util
import html
import importlib.util
import mimetypes
import re
import string
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborNode

from guide.base import language
from guide.base.html import CONTROLS, PageHtml, set_words
from guide.base.language import gettext as _
from guide.base.language import gettext_noop
from guide.base.problem import Problem

FOLDER = Path(__file__).resolve().parent
FONTS = FOLDER / "fonts"

# Size and margins, and the paper's name, by the name of the PDF. The United States print on
# Letter, most other countries on A4.
PAPERS = {
    "handout.pdf": ("A4; margin: 11mm 13mm 14mm", "A4"),
    "handout-letter.pdf": ("letter; margin: 9mm 12mm 12.5mm", gettext_noop("US Letter")),
}

MOST_PAGES = 2

# The libraries that WeasyPrint loads, and the packages of Debian and Ubuntu that hold them.
LIBRARIES = (
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libharfbuzz.so.0",
    "libharfbuzz-subset.so.0",
    "libfontconfig.so.1",
    "libpangoft2-1.0.so.0",
)
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


# What is for the screen only. Components say it with the mark; controls are put into pages later.
_SCREEN_ONLY = f':is([data-print="skip"], {CONTROLS}, script, form, button)'


# The first thing that the sheet leaves out with all that follows.
_END = '[data-print="end"]'


# Where the links to the PDFs go in a page.
EMPTY_LINE = "p.handout-pdf[hidden]"


# A comment in the style sheet is no part of a PDF.
STYLE = re.sub(r"/\*.*?\*/", "", (FOLDER / "paper.css").read_text(encoding="utf-8"), flags=re.S)


def style_for(size: str) -> str:
    """The style sheet for a size of paper, with the words that number its pages."""
    counters = {"page": "counter(page)", "pages": "counter(pages)"}
    parts = []
    for words, counter, *_more in string.Formatter().parse(_("Page {page} of {pages}")):
        if words:
            parts.append('"' + re.sub(r'(["\\])', r"\\\1", words) + '"')
        if counter:
            parts.append(counters[counter])
    return STYLE.replace("PAPER", size).replace("PAGE-NUMBER", " ".join(parts))


@dataclass(frozen=True)
class Made:
    """The PDFs of one site: how many, what is wrong with them, and why there are none, or ""."""

    count: int
    problems: tuple[Problem, ...] = ()
    left_out: str = ""


def missing() -> str:
    """Why no PDF can be made on this machine, with the remedy; "" when they can."""
    if importlib.util.find_spec("weasyprint") is None:
        return (
            "the package weasyprint is not installed: install the packages of requirements.txt anew"
            " (in a checkout of the engine, ./scripts/build does)"
        )
    for name in LIBRARIES:
        try:
            ctypes.CDLL(name)
        except OSError:
            plain = re.sub(r"^lib|\.so.*$", "", name)
            if not ctypes.util.find_library(plain):
                return (
                    f"the library {name} is missing: on Debian and Ubuntu, 'apt-get install"
                    f" {PACKAGES}'"
                )
    return ""


def printable(page: PageHtml, url: str, address: str, site: Path) -> str:
    """The handout of a finished page as an HTML document without navigation and screen-only parts.
    Changes the page.

    `url` is the page's address from the site's root. A link into the site leads to the public
    `address`; without one it becomes plain text, because a PDF on a disk has no address. Raises
    ValueError for a picture that is no file of the `site`, and for a page without an article or a
    heading.
    """
    article = page.article()
    _prune(page, article)
    # A link to a source leads inside the PDF.
    for item in article.css("li[data-source]"):
        item.attrs["id"] = f"source-{item.attributes['data-source']}"
    for numbers in article.css("sup.cites"):
        set_words(numbers, f"\u00a0[{numbers.text()}]")
    _complete_links(article, urljoin(address.rstrip("/") + "/", url) if address else "")
    for image in article.css("img"):
        image.attrs["src"] = _embedded(site, site / url / (image.attributes.get("src") or ""))
    for element in article.css("*"):
        for name, value in element.attributes.items():
            if name.startswith("data-") or (name == "class" and not value):
                del element.attrs[name]
    heading = article.css_first("h1")
    if heading is None:
        raise ValueError(f"the page {url} has no heading")
    title, day = " ".join(heading.text().split()), _day(article)
    heading.attrs["data-mark"] = _mark(article)
    # Without a word of it paper is written from left to right.
    direction = ' dir="rtl"' if page.direction() == "rtl" else ""
    return (
        f'<!doctype html><html lang="{html.escape(page.language())}"'
        f"{direction}><head><meta"
        f' charset="utf-8"><title>{html.escape(title)}</title><meta name="dcterms.created"'
        f' content="{day}"><meta name="dcterms.modified"'
        f' content="{day}"></head><body>{article.inner_html}</body></html>'
    )


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
    for element in article.css(_SCREEN_ONLY):
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


def _embedded(site: Path, picture: Path) -> str:
    """A picture of the site as a data address, so that no path of this machine gets into a PDF."""
    path = picture.resolve()
    if not path.is_relative_to(site.resolve()):
        raise ValueError(f"{picture} is not a file of the site")
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"


def _mark(article: LexborNode) -> str:
    """The foot of each sheet: the code of the content, and the address that checks it."""
    code, address = (
        element.text() if (element := article.css_first(f".print-mark__{name}")) else ""
        for name in ("code", "address")
    )
    return mark_words().format(code=code, address=address)


def mark_words() -> str:
    """What the foot of each sheet says, with the places `code` and `address`."""
    return _("Version {code}: {address}")


def _day(article: LexborNode) -> str:
    """The ISO date of the content, from the version line; the same on every machine and day."""
    line = article.css_first("p.print-mark__version")
    day = language.current().date_in(line.text()) if line else None
    return day.isoformat() if day else "2000-01-01"
