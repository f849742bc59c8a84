"""Handouts as tagged PDF, made from the finished pages with WeasyPrint.

The HTML page is the handout; the PDF has the same words, set for A4 and US Letter. The same page
gives the same bytes: the fonts are our own, and dates and identifiers come from the content.
"""

from __future__ import annotations

import contextlib
import hashlib
import html
import importlib
import importlib.metadata
import logging
import os
import string
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from guide.base.files import names_of, place, put
from guide.base.fingerprint import digest_of
from guide.base.html import PageHtml, set_words
from guide.base.language import gettext as _
from guide.base.parallel import parallel_map
from guide.base.problem import Problem
from guide.outputs.paper import (
    EMPTY_LINE,
    FOLDER,
    FONTS,
    MOST_PAGES,
    PACKAGES,
    PAPERS,
    Made,
    mark_words,
    missing,
    printable,
    style_for,
)

# A change of one of them makes every PDF anew.
_OWN_FILES = ("base/html.py", "outputs/pdf.py", "outputs/paper.py", "outputs/paper.css")


# The PDFs by the name that the line of links calls them.
_LINKS = {"a4": "handout.pdf", "letter": "handout-letter.pdf"}


@dataclass(frozen=True)
class _Sheet:
    """One PDF to be in the site: the page it is made from, its style, and its key in the cache."""

    page: Path
    target: Path
    style: str
    key: str


@dataclass(frozen=True)
class _Job:
    """The PDFs to make of one page: (file without its ending, style) each."""

    page: Path
    url: str
    address: str
    site: Path
    outputs: tuple[tuple[str, str], ...]


def write_pdfs(site: Path, cache: Path, address: str = "") -> Made:
    """Makes the PDFs of every handout of a finished site, and links them from their pages.

    `cache` is a folder that keeps PDFs between builds. Where no PDF can be made, the pages stay as
    they are; the result says why.
    """
    pages = [
        path
        for name in names_of(site, "/handout/index.html")
        if PageHtml((path := site / name).read_text(encoding="utf-8")).first(EMPTY_LINE)
    ]
    reason = missing() if pages else ""
    if reason or not pages:
        return Made(0, left_out=reason)
    programs = _programs()
    sheets = [sheet for page in pages for sheet in _sheets(page, site, address, programs)]
    cache.mkdir(parents=True, exist_ok=True)
    cached = _cached(cache, {sheet.key for sheet in sheets})
    jobs = _jobs(sheets, cached, cache, site, address)
    reason = _unloadable() if jobs else ""
    if reason:
        return Made(0, left_out=reason)
    with _own_fonts():  # Around all of them: reading the fonts takes a third of a PDF's time.
        for paths in parallel_map(_write, jobs, batch=1, minimum=2):
            cached.update({Path(path).stem.split("-")[0]: Path(path) for path in paths})
    for sheet in sheets:
        place(sheet.target, cached[sheet.key])
    for page in pages:
        _link(page)
    _forget(cache, {cached[sheet.key] for sheet in sheets})
    return Made(len(sheets), tuple(_too_long(sheets, cached, site)))


def _sheets(page: Path, site: Path, address: str, programs: bytes) -> Iterator[_Sheet]:
    """The PDFs of one handout, one for each size of paper."""
    content = _content_digest(PageHtml(page.read_text(encoding="utf-8")), page.parent)
    for name, (size, _label) in PAPERS.items():
        style = style_for(size)
        key = _key(content, _url(page, site), address, style, programs)
        yield _Sheet(page, page.parent.parent / name, style, key)


def _url(page: Path, site: Path) -> str:
    return page.parent.relative_to(site).as_posix() + "/"


def _jobs(
    sheets: Sequence[_Sheet], cached: Mapping[str, Path], cache: Path, site: Path, address: str
) -> list[_Job]:
    """One job a page, of its PDFs that are not in the cache."""
    missing_of: dict[Path, list[tuple[str, str]]] = {}
    for sheet in sheets:
        if sheet.key not in cached:
            missing_of.setdefault(sheet.page, []).append((str(cache / sheet.key), sheet.style))
    return [
        _Job(page, _url(page, site), address, site, tuple(outputs))
        for page, outputs in missing_of.items()
    ]


def _unloadable() -> str:
    """Why WeasyPrint cannot be loaded, with the remedy; "" when it can."""
    try:
        importlib.import_module("weasyprint")
    except OSError as error:
        return f"{str(error).splitlines()[0]}: on Debian and Ubuntu, 'apt-get install {PACKAGES}'"
    return ""


def _too_long(
    sheets: Sequence[_Sheet], cached: Mapping[str, Path], site: Path
) -> Iterator[Problem]:
    """A problem for each PDF with more pages than a sheet of paper has."""
    for sheet in sheets:
        count = int(cached[sheet.key].stem.split("-")[1])
        if count > MOST_PAGES:
            topic, track = sheet.target.parent.relative_to(site).parts[-2:]
            yield Problem(
                f"content/topics/{topic}/handout.yml",
                0,
                f"the handout for {track} is {count} pages long on"
                f" {PAPERS[sheet.target.name][1]}, at most {MOST_PAGES} fit a sheet: choose fewer"
                f" or shorter lines under '{track}'",
                "handouts-fit-a-sheet",
            )


def _link(path: Path) -> None:
    """Puts links to its PDFs into a handout's page."""
    page = PageHtml(path.read_text(encoding="utf-8"))
    for line in page.every(EMPTY_LINE):
        del line.attrs["hidden"]
        set_words(line, "")
        said = _("As a PDF to print: {a4} or {letter}.")
        for words, size, *_more in string.Formatter().parse(said):
            line.insert_child(words)
            if size:
                name = _LINKS[size]
                link = page.new("a", {"href": f"../{name}"}, _(PAPERS[name][1]))
                line.insert_child(link, move=True)
    put(path, page.write())


def _content_digest(page: PageHtml, folder: Path) -> bytes:
    """A digest of a page's language, article and pictures, from which its PDFs are made."""
    article = page.article()
    digest = hashlib.sha256(page.language().encode() + b"\0" + (article.html or "").encode())
    for image in article.css("img"):
        picture = folder / (image.attributes.get("src") or "")
        if picture.is_file():
            digest.update(b"\0" + picture.read_bytes())
    return digest.digest()


def _programs() -> bytes:
    """A digest of the fonts, the packages and our own files that make every PDF."""
    digest = hashlib.sha256(
        "\0".join(
            importlib.metadata.version(name)
            for name in ("weasyprint", "pydyf", "tinyhtml5", "selectolax")
        ).encode()
    )
    for path in (*sorted(FONTS.glob("*.ttf")), *map(FOLDER.parent.joinpath, _OWN_FILES)):
        digest.update(path.read_bytes())
    digest.update(mark_words().encode())
    return digest.digest()


def _key(*parts: str | bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part if isinstance(part, bytes) else part.encode()).digest())
    return digest.hexdigest()[:32]


def _write(job: _Job) -> list[str]:
    """Makes the PDFs of one handout, named `<key>-<number of pages>-<digest>.pdf`; returns their
    paths.
    """
    page = PageHtml(job.page.read_text(encoding="utf-8"))
    document, paths = printable(page, job.url, job.address, job.site), []
    for stem, style in job.outputs:
        data, pages = to_pdf(document, style)
        paths.append(f"{stem}-{pages}-{digest_of(data).hex()}.pdf")
        part = Path(f"{stem}.{os.getpid()}")
        part.write_bytes(data)
        part.replace(paths[-1])
    return paths


def to_pdf(document: str, style: str) -> tuple[bytes, int]:
    """A document as tagged PDF (PDF/UA-1), and its number of pages.

    Uses our own fonts only and fetches nothing.
    """
    with _own_fonts(), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        logging.getLogger("fontTools").setLevel(logging.ERROR)
        # Imported here because most builds make no PDF, and the import takes long.
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher

        fonts = FontConfiguration()
        page = HTML(string=document, url_fetcher=URLFetcher(allowed_protocols=["data"]))
        options = {
            "pdf_variant": "pdf/ua-1",
            "pdf_identifier": hashlib.sha256((document + style).encode()).digest()[:16],
        }
        laid_out = page.render(
            stylesheets=[CSS(string=style, font_config=fonts)], font_config=fonts, **options
        )
        return laid_out.write_pdf(**options), len(laid_out.pages)


@contextlib.contextmanager
def _own_fonts() -> Iterator[None]:
    """Lets the text engine see our own fonts only, so that a machine's fonts change no PDF.

    Entered a second time inside itself it changes nothing: many PDFs share what the engine has read
    of the fonts.
    """
    before = os.environ.get("FONTCONFIG_FILE")
    if before and before == _own_fonts_shown.get("file"):
        yield
        return
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "fonts.conf"
        config.write_text(
            '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
            f"<dir>{html.escape(str(FONTS))}</dir><cachedir>{html.escape(folder)}</cachedir>"
            "</fontconfig>",
            encoding="utf-8",
        )
        os.environ["FONTCONFIG_FILE"] = _own_fonts_shown["file"] = str(config)
        try:
            yield
        finally:
            _own_fonts_shown.clear()
            if before is None:
                del os.environ["FONTCONFIG_FILE"]
            else:
                os.environ["FONTCONFIG_FILE"] = before


# The configuration that `_own_fonts` has set while it is entered.
_own_fonts_shown: dict[str, str] = {}


def _cached(cache: Path, keys: set[str]) -> dict[str, Path]:
    """The PDFs of these keys that the cache has whole, by key.

    Each is marked as used now, so that another build does not delete it.
    """
    paths = {}
    for path in cache.glob("*-*.pdf"):
        key = path.stem.split("-")[0]
        if key in keys and path.is_file():
            try:
                os.utime(path)
                whole = path.stem.endswith(f"-{digest_of(path.read_bytes()).hex()}")
            except OSError:  # Another build has just deleted it, say: it is made again.
                continue
            if whole:
                paths[key] = path
    return paths


def _forget(cache: Path, used: set[Path]) -> None:
    """Deletes old PDFs beyond those of a few builds and of the last hour."""
    times = {}
    for path in cache.glob("*.pdf"):
        if path not in used:
            with contextlib.suppress(FileNotFoundError):
                times[path] = path.stat().st_mtime
    oldest_first = sorted(times, key=lambda path: times[path])
    for path in oldest_first[: max(0, len(oldest_first) - 4 * max(1, len(used)))]:
        if times[path] < time.time() - 3600:
            path.unlink(missing_ok=True)
