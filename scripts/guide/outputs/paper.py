"""A handout's page made ready for paper, and the style of the sheet."""

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

FONTS = Path(__file__).resolve().parent / "fonts"


# Paper by the name of its PDF. Most of the world prints on A4; the United States on Letter.
PAPERS = {
    "handout.pdf": ("A4; margin: 11mm 13mm 14mm", "A4"),
    "handout-letter.pdf": ("letter; margin: 9mm 12mm 12.5mm", "US Letter"),
}


MOST_PAGES = 2


LIBRARIES = (
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libharfbuzz.so.0",
    "libharfbuzz-subset.so.0",
    "libfontconfig.so.1",
    "libpangoft2-1.0.so.0",
)


PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


# What only makes sense on a screen (the line of signs too: the sheet has the signs in full), and
# the page's end.
_SCREEN = {"screen-only", "headerlink", "permalink", "twin", "track-bar", "numbers", "help-now"}


_END = {"dates", "sources"}


EMPTY_LINE = '<p class="handout-pdf screen-only" hidden></p>'


STYLE = """
@page { size: PAPER; @bottom-left { content: string(mark); font: 12pt "Source Sans 3"; white-space: nowrap; width: 88%; } @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 12pt "Source Sans 3"; } }
html { font: 12pt/1.18 "Source Sans 3"; color: #000; }
body { margin: 0; }
a { color: #000; text-decoration: none; }
h1 { string-set: mark attr(data-mark); font-size: 18pt; line-height: 1.15; margin: 0 0 1.8mm; }
h2 { border-top: 0.7pt solid #000; break-after: avoid; font-size: 14pt; line-height: 1.2; margin: 2mm 0 0.6mm; padding-top: 0.9mm; }
p { margin: 0 0 1mm; }
ul { margin: 0; padding: 0 0 0 4.5mm; }
li { margin: 0 0 0.5mm; } li ul { margin-top: 0.3mm; } li li { margin: 0; }
.verdict { border: 0.8pt solid #000; border-left-width: 4pt; margin: 0 0 1.5mm; padding: 0.8mm 2.5mm 0; }
.help-now { border: 1.8pt solid #000; margin: 0 0 1.5mm; padding: 0.8mm 2.5mm 0; }
.review { border: 0.8pt dashed #000; margin: 0; padding: 0.8mm 2.5mm 0; }
[hidden], .verdict__more a { display: none; }
.cites { font-size: 12pt; line-height: 1; vertical-align: baseline; white-space: nowrap; }
.badge::before { content: "("; } .badge::after { content: ") "; }
.handout-badges { margin: 0; }
.gap { margin: 0.5mm 0 1mm; }
table { border-collapse: collapse; margin: 0.5mm 0 1mm; width: 100%; }
caption { break-after: avoid; caption-side: top; margin: 0 0 0.8mm; text-align: left; }
th, td { border: 0.6pt solid #000; padding: 0.3mm 1.4mm; text-align: left; vertical-align: top; }
thead th { font-weight: 700; } tbody th { font-weight: 400; }
tr { break-inside: avoid; }
.fact-box__kind { font-weight: 700; }
.fact-box { break-inside: avoid; } .fact-box td { width: 14%; } .fact-box--counts td { width: 16.5%; } .fact-box--counts td:last-child { width: 24%; }
.tick-sheet td { width: 11%; }
.tick-sheet td.tick-sheet__room { width: 17%; }
.tick-sheet tbody th { font-weight: 700; } .tick-sheet__say { font-weight: 400; }
.tick { border: 0.9pt solid #000; display: inline-block; height: 3.1mm; margin-right: 1.6mm; vertical-align: -0.4mm; width: 3.1mm; }
.visually-hidden { display: none; }
.ask { list-style: none; padding: 0; } .ask li { break-inside: avoid; }
.ask__line { border-bottom: 0.6pt solid #000; display: inline-block; width: 75%; }
.print-mark__qr { float: right; height: 26mm; margin: 0 0 0 4mm; width: 26mm; }
.print-mark__address { font-weight: 700; overflow-wrap: anywhere; }
.key-sources { list-style: none; padding: 0; }
"""


@dataclass(frozen=True)
class Made:
    """The PDFs of one site: how many, what is wrong with them, and why there are none if there are
    none.
    """

    count: int
    problems: tuple[Problem, ...] = ()
    left_out: str = ""


def missing() -> str:
    """What keeps PDFs from being made here, in a sentence that is the remedy; "" when nothing
    does.
    """
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


def printable(page: str, where: str, address: str, site: Path) -> str:
    """The handout of a finished page as a document of its own: no navigation, nothing for the
    screen, whole addresses.

    `where` is the page's address from the site's root. A link into the site leads to the public
    `address`; without one it is plain text, because a file on a reader's disk is no address.
    """
    import tinyhtml5

    language, text = article_of(page)
    article = next(
        element for element in tinyhtml5.parse(text, namespace_html_elements=False).iter("article")
    )
    _prune(article)
    kept = {element.get("id") for element in article.iter() if element.get("id")}
    for item in article.iter("li"):
        if item.get("data-source"):
            item.set("id", f"source-{item.get('data-source')}")
            kept.add(item.get("id"))
    for numbers in article.iter("sup"):
        if "cites" in (numbers.get("class") or ""):
            _set_plain(numbers, f"\u00a0[{''.join(numbers.itertext())}]")
    base = urljoin(address.rstrip("/") + "/", where) if address else ""
    for link in article.iter("a"):
        href = link.get("href") or ""
        if (href.startswith("#") and href[1:] in kept) or urlsplit(href).scheme:
            continue
        if base:
            link.set("href", urljoin(base, href))
        else:
            link.attrib.pop("href", None)
    for image in article.iter("img"):
        image.set("src", _inside(site, site / where / (image.get("src") or "")))
    for element in article.iter():
        for name in [
            name
            for name in element.attrib
            if name.startswith("data-") or (name in ("class",) and not element.get("class"))
        ]:
            del element.attrib[name]
    heading = article.find(".//h1")
    title = " ".join("".join(heading.itertext()).split())
    heading.set("data-mark", _mark(article))
    body = "".join(xml.tostring(child, encoding="unicode", method="html") for child in article)
    return (
        f'<!doctype html><html lang="{html.escape(language)}"><head><meta'
        f' charset="utf-8"><title>{html.escape(title)}</title><meta name="dcterms.created"'
        f' content="{_day(article)}"><meta name="dcterms.modified"'
        f' content="{_day(article)}"></head><body>{body}</body></html>'
    )


def _inside(site: Path, picture: Path) -> str:
    """A picture of the site as part of the document itself: no path of this machine gets into the
    PDF.
    """
    path = picture.resolve()
    if not path.is_relative_to(site.resolve()):
        raise ValueError(f"{picture} is not a file of the site")
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"


def _prune(parent: xml.Element) -> None:
    """Takes out what is for the screen only, and everything from the dates and sources at the
    page's end on.
    """
    ended = False
    for child in list(parent):
        if child.tag == "button" and child.get("popovertarget"):
            # A hard word with its explanation behind it: on paper the word itself.
            child.tag, words = "span", "".join(child.itertext())
            child.attrib.clear()
            _set_plain(child, words)
        ended = ended or (child.tag == "h2" and child.get("id") in _END)
        if (
            ended
            or not isinstance(child.tag, str)
            or child.tag in ("script", "form", "button")
            or _SCREEN & set((child.get("class") or "").split())
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
    """What stands at the foot of each page: the code of the content and where it can be checked."""

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
    """The day of the content, from the sheet's own version line; the same on every machine and
    every day.
    """
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
    """The language of a page, and its article: more than half of a page is navigation, which no PDF
    shows.
    """
    language = re.search(r'<html[^>]*\slang="([^"]*)"', page)
    return html.unescape(language[1]) if language else "en", page[
        page.index("<article") : page.rindex("</article>")
    ] + "</article>"
