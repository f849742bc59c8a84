"""The HTML document that a handout's PDF is made from."""

from __future__ import annotations

import base64
import ctypes.util
import html
import importlib.util
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree as xml

from guide.base.problem import Problem
from guide.content.wording import MONTHS

FOLDER = Path(__file__).resolve().parent
FONTS = FOLDER / "fonts"

# Size and margins, and the paper's name, by the name of the PDF. The United States print on
# Letter, most other countries on A4.
PAPERS = {
    "handout.pdf": ("A4; margin: 11mm 13mm 14mm", "A4"),
    "handout-letter.pdf": ("letter; margin: 9mm 12mm 12.5mm", "US Letter"),
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


# Classes of what is for the screen only. The short list of warning signs is one of them, because
# the sheet has the signs in full.
_SCREEN_CLASSES = {
    "screen-only",
    "headerlink",
    "permalink",
    "twin",
    "track-bar",
    "numbers",
    "help-now",
}

# Ids of the headings of the page's end, which the sheet leaves out.
_END_IDS = {"dates", "sources"}

# Where the links to the PDFs go in a page.
EMPTY_LINE = "p.handout-pdf[hidden]"


# A comment in the style sheet is no part of a PDF.
STYLE = re.sub(r"/\*.*?\*/", "", (FOLDER / "paper.css").read_text(encoding="utf-8"), flags=re.S)


@dataclass(frozen=True)
class Made:
    """The PDFs of one site: how many, what is wrong with them, and why there are none, or ""."""

    count: int
    problems: tuple[Problem, ...] = ()
    left_out: str = ""


def missing() -> str:
    """Why no PDF can be made on this machine, with the remedy; "" when they can."""
    if importlib.util.find_spec("weasyprint") is None:
        return "the package weasyprint is not installed: run ./scripts/build, which sets it up"
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


def printable(page: str, url: str, address: str, site: Path) -> str:
    """The handout of a finished page as an HTML document without navigation and screen-only parts.

    `url` is the page's address from the site's root. A link into the site leads to the public
    `address`; without one it becomes plain text, because a PDF on a disk has no address. Raises
    ValueError for a picture that is no file of the `site`, and for a page without a heading.
    """
    # Imported here because the package is needed only where PDFs are made.
    import tinyhtml5

    language, text = article_of(page)
    article = next(
        element for element in tinyhtml5.parse(text, namespace_html_elements=False).iter("article")
    )
    _prune(article)
    _name_sources(article)
    for numbers in article.iter("sup"):
        if "cites" in (numbers.get("class") or ""):
            _set_plain(numbers, f"\u00a0[{''.join(numbers.itertext())}]")
    _complete_links(article, urljoin(address.rstrip("/") + "/", url) if address else "")
    for image in article.iter("img"):
        image.set("src", _embedded(site, site / url / (image.get("src") or "")))
    for element in article.iter():
        for name in list(element.attrib):
            if name.startswith("data-") or (name == "class" and not element.get("class")):
                del element.attrib[name]
    heading = article.find(".//h1")
    if heading is None:
        raise ValueError(f"the page {url} has no heading")
    title = " ".join("".join(heading.itertext()).split())
    heading.set("data-mark", _mark(article))
    body = "".join(xml.tostring(child, encoding="unicode", method="html") for child in article)
    return (
        f'<!doctype html><html lang="{html.escape(language)}"><head><meta'
        f' charset="utf-8"><title>{html.escape(title)}</title><meta name="dcterms.created"'
        f' content="{_day(article)}"><meta name="dcterms.modified"'
        f' content="{_day(article)}"></head><body>{body}</body></html>'
    )


def _name_sources(article: xml.Element) -> None:
    """Gives every source of the list its id, so that a link to it leads inside the PDF."""
    for item in article.iter("li"):
        source = item.get("data-source")
        if source:
            item.set("id", f"source-{source}")


def _complete_links(article: xml.Element, base: str) -> None:
    """Makes links out of the article whole addresses below `base`; without one, plain text."""
    ids = {element.get("id") for element in article.iter()}
    for link in article.iter("a"):
        href = link.get("href") or ""
        if (href.startswith("#") and href[1:] in ids) or urlsplit(href).scheme:
            continue
        if base:
            link.set("href", urljoin(base, href))
        else:
            link.attrib.pop("href", None)


def _embedded(site: Path, picture: Path) -> str:
    """A picture of the site as a data address, so that no path of this machine gets into a PDF."""
    path = picture.resolve()
    if not path.is_relative_to(site.resolve()):
        raise ValueError(f"{picture} is not a file of the site")
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"


def _prune(parent: xml.Element) -> None:
    """Removes what is for the screen only, and everything from the page's end on."""
    ended = False
    for child in list(parent):
        if child.tag == "button" and child.get("popovertarget"):
            # A hard word that opens its explanation: on paper only the word.
            child.tag, words = "span", "".join(child.itertext())
            child.attrib.clear()
            _set_plain(child, words)
        ended = ended or (child.tag == "h2" and child.get("id") in _END_IDS)
        if (
            ended
            or not isinstance(child.tag, str)
            or child.tag in ("script", "form", "button")
            or _SCREEN_CLASSES & set((child.get("class") or "").split())
        ):
            _remove(parent, child)
        else:
            _prune(child)


def _remove(parent: xml.Element, child: xml.Element) -> None:
    """Removes an element and keeps the text behind it."""
    tail = child.tail or ""
    at = list(parent).index(child)
    if at:
        parent[at - 1].tail = (parent[at - 1].tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(child)


def _set_plain(element: xml.Element, words: str) -> None:
    """Leaves an element only these words."""
    for child in list(element):
        element.remove(child)
    element.text = words


def _mark(article: xml.Element) -> str:
    """The foot of each sheet: the code of the content, and the address that checks it."""

    def words(name: str) -> str:
        return next(
            (
                "".join(element.itertext())
                for element in article.iter()
                if name in (element.get("class") or "").split()
            ),
            "",
        )

    return f"Version {words('print-mark__code')}: {words('print-mark__address')}"


def _day(article: xml.Element) -> str:
    """The ISO date of the content, from the version line; the same on every machine and day."""
    line = next(
        (
            element
            for element in article.iter("p")
            if "print-mark__version" in (element.get("class") or "")
        ),
        None,
    )
    match = (
        re.search(r"(\d{1,2}) ([A-Z][a-z]+) (\d{4})", "".join(line.itertext()))
        if line is not None
        else None
    )
    if match is None:
        return "2000-01-01"
    return f"{match[3]}-{MONTHS.index(match[2]) + 1:02}-{int(match[1]):02}"


def article_of(page: str) -> tuple[str, str]:
    """The language of a page and its article. Raises ValueError for a page without an article."""
    language = re.search(r'<html[^>]*\slang="([^"]*)"', page)
    article = page[page.index("<article") : page.rindex("</article>")] + "</article>"
    return html.unescape(language[1]) if language else "en", article
