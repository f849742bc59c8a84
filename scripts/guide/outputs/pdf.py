"""The PDFs of the handouts, made from the finished pages, and kept between builds.

The HTML page is the handout; the PDF has the same words, set for A4 and US Letter.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import os
import string
import time
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
    MOST_PAGES,
    PAPERS,
    UnprintableError,
    mark_words,
    number_words,
    sheet_of,
)
from guide.outputs.typeset import FONTS, TEMPLATE, may_fork, to_pdf

# A change of one of them makes every PDF anew.
_OWN_FILES = (
    "base/html.py",
    *(
        f"outputs/{name}.py"
        for name in ("paper", "pdf", "row_heads", "sheet", "sheet_reader", "typeset")
    ),
)
_PACKAGES = ("typst", "pikepdf", "selectolax")


# The PDFs by the name that the line of links calls them.
_LINKS = {"a4": "handout.pdf", "letter": "handout-letter.pdf"}


@dataclass(frozen=True)
class Made:
    """The PDFs of one site: how many, and what is wrong with them."""

    count: int
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class _Pdf:
    """One PDF to be in the site: the page it is made from, and its key in the cache."""

    page: Path
    target: Path
    key: str


@dataclass(frozen=True)
class _Job:
    """The PDFs to make of one page: (file without its ending, name in `PAPERS`) each."""

    page: Path
    url: str
    address: str
    site: Path
    outputs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Done:
    """The files of one page's PDFs, or why there are none."""

    page: Path
    paths: tuple[str, ...] = ()
    reason: str = ""


def write_pdfs(site: Path, cache: Path, address: str = "") -> Made:
    """Makes the PDFs of every handout of a finished site, and links them from their pages.

    `cache` is a folder that keeps PDFs between builds.
    """
    pages = [
        path
        for name in names_of(site, "/handout/index.html")
        if PageHtml((path := site / name).read_text(encoding="utf-8")).first(EMPTY_LINE)
    ]
    if not pages:
        return Made(0)
    programs = _programs()
    pdfs = [pdf for page in pages for pdf in _pdfs(page, site, address, programs)]
    cache.mkdir(parents=True, exist_ok=True)
    cached = _cached(cache, {pdf.key for pdf in pdfs})
    problems = []
    for done in _made(_jobs(pdfs, cached, cache, site, address)):
        cached.update({Path(path).stem.split("-")[0]: Path(path) for path in done.paths})
        if done.reason:
            problems.append(_problem(done.page, done.reason, "handouts-can-be-printed"))
    too_long = _too_long([pdf for pdf in pdfs if pdf.key in cached], cached)
    if problems:
        return Made(0, (*problems, *too_long))
    for pdf in pdfs:
        place(pdf.target, cached[pdf.key])
    for page in pages:
        _link(page)
    _forget(cache, {cached[pdf.key] for pdf in pdfs})
    return Made(len(pdfs), tuple(too_long))


def _made(jobs: Sequence[_Job]) -> Iterator[_Done]:
    # Each process reads the fonts once, and holds much of what it has laid out.
    yield from parallel_map(_write, jobs, batch=1, minimum=2) if may_fork() else map(_write, jobs)


def _pdfs(page: Path, site: Path, address: str, programs: bytes) -> Iterator[_Pdf]:
    """The PDFs of one handout, one for each size of paper."""
    content = _content_digest(PageHtml(page.read_text(encoding="utf-8")), page.parent)
    for name in PAPERS:
        key = _key(content, _url(page, site), address, name, programs)
        yield _Pdf(page, page.parent.parent / name, key)


def _url(page: Path, site: Path) -> str:
    return page.parent.relative_to(site).as_posix() + "/"


def _jobs(
    pdfs: Sequence[_Pdf], cached: Mapping[str, Path], cache: Path, site: Path, address: str
) -> list[_Job]:
    """One job a page, of its PDFs that are not in the cache."""
    missing_of: dict[Path, list[tuple[str, str]]] = {}
    for pdf in pdfs:
        if pdf.key not in cached:
            missing_of.setdefault(pdf.page, []).append((str(cache / pdf.key), pdf.target.name))
    return [
        _Job(page, _url(page, site), address, site, tuple(outputs))
        for page, outputs in missing_of.items()
    ]


def _too_long(pdfs: Sequence[_Pdf], cached: Mapping[str, Path]) -> Iterator[Problem]:
    """A problem for each PDF with more pages than a sheet of paper has."""
    for pdf in pdfs:
        count = int(cached[pdf.key].stem.split("-")[1])
        if count > MOST_PAGES:
            track = pdf.target.parent.name
            yield _problem(
                pdf.page,
                f"is {count} pages long on {PAPERS[pdf.target.name].name}, at most {MOST_PAGES} fit"
                f" a sheet: choose fewer or shorter lines under '{track}'",
                "handouts-fit-a-sheet",
            )


def _problem(page: Path, said: str, rule: str) -> Problem:
    """What is wrong with the handout of a page, in the file that chooses what stands on it."""
    topic, track = page.parts[-4:-2]
    return Problem(
        f"content/topics/{topic}/handout.yml", 0, f"the handout for {track} {said}", rule
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
                link = page.new("a", {"href": f"../{name}"}, _(PAPERS[name].name))
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
    """A digest of the fonts, the packages, the words and our own files that make every PDF."""
    versions = [importlib.metadata.version(name) for name in _PACKAGES]
    digest = hashlib.sha256("\0".join([*versions, mark_words(), number_words()]).encode())
    package = Path(__file__).resolve().parent.parent
    for path in (*sorted(FONTS.glob("*.ttf")), TEMPLATE, *map(package.joinpath, _OWN_FILES)):
        digest.update(path.read_bytes())
    return digest.digest()


def _key(*parts: str | bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part if isinstance(part, bytes) else part.encode()).digest())
    return digest.hexdigest()[:32]


def _write(job: _Job) -> _Done:
    """Makes the PDFs of one handout, named `<key>-<number of pages>-<digest>.pdf`."""
    page, paths = PageHtml(job.page.read_text(encoding="utf-8")), []
    try:
        sheet = sheet_of(page, job.url, job.address, job.site)
        for stem, name in job.outputs:
            data, pages = to_pdf(sheet, PAPERS[name], job.site)
            paths.append(f"{stem}-{pages}-{digest_of(data).hex()}.pdf")
            part = Path(f"{stem}.{os.getpid()}")
            part.write_bytes(data)
            part.replace(paths[-1])
    except UnprintableError as error:
        return _Done(job.page, reason=str(error))
    return _Done(job.page, tuple(paths))


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
