"""Handouts as tagged PDF, made from the finished pages with WeasyPrint.

The HTML page is the handout; the PDF is the same words set for paper, in A4 and in US Letter. A
PDF is made from its page alone, so the same page gives the same bytes: the fonts stand beside
this file and no other is looked at, dates and identifiers come from the content.
"""

from __future__ import annotations

import contextlib
import hashlib
import html
import importlib.metadata
import importlib.util
import logging
import os
import re
import tempfile
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from guide.base.files import names_of, place, put
from guide.base.parallel import spread
from guide.base.problem import Problem
from guide.outputs import paper
from guide.outputs.paper import (
    EMPTY_LINE,
    FONTS,
    MOST_PAGES,
    PACKAGES,
    PAPERS,
    STYLE,
    Made,
    article_of,
    missing,
    printable,
)


@dataclass(frozen=True)
class _Sheet:
    """A handout as `printable` and `to_pdf` take it, and its papers that are not made yet: where
    each is kept, and its style.
    """

    page: Path
    where: str
    address: str
    site: Path
    papers: tuple[tuple[str, str], ...]


def write_pdfs(site: Path, cache: Path, address: str = "") -> Made:
    """Makes the PDFs of every handout of a finished site and links them from their pages.

    `cache` is a folder that keeps PDFs between builds, by what they were made from. Where PDFs
    cannot be made the pages stay as they are, without links to them.
    """
    pages = [
        path
        for name in names_of(site, "/handout/index.html")
        if EMPTY_LINE in (path := site / name).read_text(encoding="utf-8")
    ]
    reason = missing() if pages else ""
    if reason or not pages:
        return Made(0, left_out=reason)
    programs = _programs()
    papers: dict[Path, str] = {}  # each PDF of the site, and what it is made from
    sheets: dict[Path, list[tuple[str, str]]] = {}
    for path in pages:
        where = path.parent.relative_to(site).as_posix() + "/"
        made_from = _made_from(path.read_text(encoding="utf-8"), path.parent)
        for name, (size, _) in PAPERS.items():
            style = STYLE.replace("PAPER", size)
            key = papers[path.parent.parent / name] = _key(
                made_from, where, address, style, programs
            )
            sheets.setdefault(path, []).append((key, style))
    cache.mkdir(parents=True, exist_ok=True)
    kept = _used(cache, set(papers.values()))
    open_ = {
        path: tuple((str(cache / key), style) for key, style in own if key not in kept)
        for path, own in sheets.items()
    }
    wanted = [
        _Sheet(path, path.parent.relative_to(site).as_posix() + "/", address, site, own)
        for path, own in open_.items()
        if own
    ]
    if wanted:
        try:
            pass
        except OSError as error:
            return Made(
                0,
                left_out=(
                    f"{str(error).splitlines()[0]}: on Debian and Ubuntu, 'apt-get install"
                    f" {PACKAGES}'"
                ),
            )
    with _own_fonts():  # around all of them: reading the fonts takes a third of a PDF's time
        for made in spread(_write, wanted, piece=1, worth=2):
            kept.update({Path(path).stem.split("-")[0]: Path(path) for path in made})
    problems = []
    for target, key in papers.items():
        place(target, kept[key])
        pages_of = int(kept[key].stem.split("-")[1])
        if pages_of > MOST_PAGES:
            topic, track = target.parent.relative_to(site).parts[-2:]
            problems.append(
                Problem(
                    f"content/topics/{topic}/handout.yml",
                    0,
                    f"the handout for {track} is {pages_of} pages long on {PAPERS[target.name][1]},"
                    f" at most {MOST_PAGES} fit a sheet: choose fewer or shorter lines under"
                    f" '{track}'",
                    "handouts-fit-a-sheet",
                )
            )
    for path in pages:
        text = path.read_text(encoding="utf-8")
        links = " or ".join(
            f'<a href="../{name}">{label}</a>' for name, (_, label) in PAPERS.items()
        )
        put(
            path,
            text.replace(
                EMPTY_LINE, f'<p class="handout-pdf screen-only">As a PDF to print: {links}.</p>'
            ),
        )
    _forget(cache, {kept[key] for key in papers.values()})
    return Made(len(papers), tuple(problems))


def _made_from(page: str, folder: Path) -> bytes:
    """What of a page its handout is made from: the language, the article and its pictures. The
    navigation and the day are not.
    """
    language, article = article_of(page)
    digest = hashlib.sha256(language.encode() + b"\0" + article.encode())
    for source in re.findall(r'<img\b[^>]*?\ssrc="([^"]*)"', article):
        if (folder / source).is_file():
            digest.update(b"\0" + (folder / source).read_bytes())
    return digest.digest()


def _programs() -> bytes:
    """The fonts, the programs and our two files, of which every PDF is made."""
    digest = hashlib.sha256(
        "\0".join(
            importlib.metadata.version(name) for name in ("weasyprint", "pydyf", "tinyhtml5")
        ).encode()
    )
    for path in (*sorted(FONTS.glob("*.ttf")), Path(__file__), Path(paper.__file__)):
        digest.update(path.read_bytes())
    return digest.digest()


def _key(*parts: str | bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part if isinstance(part, bytes) else part.encode()).digest())
    return digest.hexdigest()[:32]


def _write(sheet: _Sheet) -> list[str]:
    """Makes the PDFs of one handout and keeps each as `<what it was made from>-<number of
    pages>.pdf`; returns where.
    """
    document, made = (
        printable(sheet.page.read_text(encoding="utf-8"), sheet.where, sheet.address, sheet.site),
        [],
    )
    for stem, style in sheet.papers:
        data, pages = to_pdf(document, style)
        made.append(f"{stem}-{pages}.pdf")
        part = Path(f"{stem}.{os.getpid()}")
        part.write_bytes(data)
        part.replace(made[-1])
    return made


def to_pdf(document: str, style: str) -> tuple[bytes, int]:
    """A document as tagged PDF (PDF/UA-1 form), and its number of pages. Looks at no font but ours
    and fetches nothing.
    """
    with _own_fonts(), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        logging.getLogger("fontTools").setLevel(logging.ERROR)
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
    """Shows the text engine the folder of our fonts and no other, so that a machine's fonts change
    nothing.

    Entered once more inside, it leaves all as it is: what the text engine noted of the fonts serves
    many PDFs.
    """
    before = os.environ.get("FONTCONFIG_FILE")
    if before and before == _own_fonts_shown.get("file"):
        yield
        return
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "fonts.conf"
        config.write_text(
            '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM'
            f' "fonts.dtd"><fontconfig><dir>{html.escape(str(FONTS))}</dir><cachedir>{html.escape(folder)}</cachedir></fontconfig>',
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


# The configuration that `_own_fonts` shows while it is entered.
_own_fonts_shown: dict[str, str] = {}


def _used(cache: Path, keys: set[str]) -> dict[str, Path]:
    """The kept PDFs of these keys. Each is marked as used now, so that a build beside this one does
    not throw it away.
    """
    found = {}
    for path in cache.glob("*-*.pdf"):
        key = path.stem.split("-")[0]
        if key in keys:
            try:
                os.utime(path)
            except FileNotFoundError:  # just thrown away: it is made again
                continue
            found[key] = path
    return found


def _forget(cache: Path, used: set[Path]) -> None:
    """Throws away kept PDFs of handouts that are no more, beyond a few builds' worth and an hour's:
    builds may share a folder.
    """
    times = {}
    for path in cache.glob("*.pdf"):
        if path not in used:
            with contextlib.suppress(FileNotFoundError):
                times[path] = path.stat().st_mtime
    old = sorted(times, key=lambda path: times[path])
    for path in old[: max(0, len(old) - 4 * max(1, len(used)))]:
        if times[path] < time.time() - 3600:
            path.unlink(missing_ok=True)
