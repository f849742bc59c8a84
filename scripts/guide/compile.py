"""The compile step: content and pages in, a plain Markdown tree in `build/docs` out.

Only changed files are written and orphans are deleted, so an engine that watches the tree
rebuilds what changed; what is reviewed there is what every engine builds.
"""

from __future__ import annotations

import datetime
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import citations
from .api import data_files
from .check import OVERDUE, check, check_content
from .feed import feed
from .ledger import SHOWN, ledger_bytes
from .library import Library, load
from .markup import llms_txt
from .offline import manifest
from .problem import ContentErrors, Problem
from .publication import Publication, publication_of
from .render import Page, build_pages, navigation
from .search import search_index
from .sheet import qr_codes
from .view import relative
from .words import explain, words_for

GLOSSARY = "about/glossary/"


@dataclass(frozen=True)
class Built:
    """What the compile step made: the library, its pages and the navigation."""

    library: Library
    pages: list[Page]
    navigation: list[Any]
    publication: Publication
    problems: tuple[Problem, ...] = ()


def prepare(root: Path, today: datetime.date, release: bool = True, page_date: datetime.date | None = None, rebuild: bool = False,
            edit_base: str = "") -> Built:
    """Loads, checks and renders; writes nothing. Raises ContentErrors with every problem.

    The content is judged by `today`; `page_date` (the same day, if left out) is what pages take for today.
    Without `release`, for somebody who edits and looks: what breaks a rule but can be shown is
    shown, and the problems come along in `problems`. A `rebuild` shows again what readers are shown
    already: a review that is overdue by now is said on the page and stops nothing.
    `edit_base`: as `build_pages` takes it.
    """
    library = load(root)
    check_content(library, root, today)
    publication = publication_of(library, root, os.environ.get("SITE_URL", ""))
    citations.recall_lines(root / "build" / "references.json")
    pages = build_pages(library, root, page_date or today, publication, edit_base)
    citations.keep_lines(root / "build" / "references.json")
    problems: tuple[Problem, ...] = ()
    try:
        check(library, root, pages, today, without=(OVERDUE,) if rebuild else ())
    except ContentErrors as errors:
        if release:
            raise
        problems = tuple(errors.problems)
    return Built(library, pages, navigation(library, pages), publication, problems)


def _explained(built: Built) -> dict[str, bytes]:
    """The pages with hard words explained: after the checks and the index, which read the plain text."""
    words = {track: words_for(built.library.glossary.values(), track == "patients") for track in ("patients", "clinicians")}
    found = {}
    for page in built.pages:
        front, mark, body = page.markdown.partition("\n---\n\n")
        if page.url != GLOSSARY:
            body = explain(body, words["clinicians" if page.track == "clinicians" else "patients"], relative(page.url, GLOSSARY))
        found[page.path] = (front + mark + body).encode()
    return found


def compile_tree(root: Path, target: Path, today: datetime.date, release: bool = True, page_date: datetime.date | None = None, rebuild: bool = False,
                 edit_base: str = "") -> Built:
    """Makes `target` hold exactly the compiled pages and the assets of docs/; the days are those of `prepare`.

    With problems nothing is written: the tree of the last good run stays.
    """
    built = prepare(root, today, release, page_date, rebuild, edit_base)
    wanted = _explained(built)
    for artefact in ARTEFACTS:
        wanted.update(artefact(built, root))
    write_tree(target, wanted)
    (target.parent / "nav.json").write_text(json.dumps(built.navigation, ensure_ascii=False, indent=1), encoding="utf-8")
    return built


def assets(built: Built, root: Path) -> dict[str, bytes]:
    """The files of docs/ that are not pages. The parts in `assets/css/` and `assets/js/` become one file each:
    what is read together is fetched together."""
    docs, found = root / "docs", {}
    parts: dict[str, list[bytes]] = {}
    for path in sorted(docs.rglob("*")):
        if not path.is_file() or path.suffix == ".md":
            continue
        name = path.relative_to(docs).as_posix()
        bundle = BUNDLES.get(path.parent.relative_to(docs).as_posix())
        if bundle:
            parts.setdefault(bundle, []).append(path.read_bytes())
        else:
            found[name] = path.read_bytes()
    return found | {name: b"\n".join(contents) for name, contents in parts.items()}


def search(built: Built, root: Path) -> dict[str, bytes]:
    return {"assets/search.json": search_index(built.library, built.pages)}


def qr(built: Built, root: Path) -> dict[str, bytes]:
    return qr_codes(built.library, built.publication.address)


def changes_feed(built: Built, root: Path) -> dict[str, bytes]:
    return {"feed.xml": feed(built.library, built.publication.address)}


def reference_files(built: Built, root: Path) -> dict[str, bytes]:
    """Beside each page: the page itself for a reference manager (`cite.*`), and the sources of its list (`references.*`)."""
    items = {key: citations.item_of(source) for key, source in built.library.sources.items()}
    found = {}
    for suffix, format in citations.FORMATS.items():
        entries = {key: format.entry(item) for key, item in items.items()}
        for page in built.pages:
            found[f"{page.url}cite.{suffix}"] = format.file([format.entry(page.citation)]).encode()
            if page.cited:
                found[f"{page.url}references.{suffix}"] = format.file(entries[key] for key in page.cited).encode()
    return found


def data(built: Built, root: Path) -> dict[str, bytes]:
    return data_files(built.library, built.pages, built.publication)


def guide_for_programs(built: Built, root: Path) -> dict[str, bytes]:
    return {"llms.txt": llms_txt(built.library, built.publication).encode()}


def shown_facts(built: Built, root: Path) -> dict[str, bytes]:
    """The clinical values of exactly these pages: the published site says itself what readers are shown, and
    the next publication is compared with it."""
    return {SHOWN: ledger_bytes(built.library)}


def web_app(built: Built, root: Path) -> dict[str, bytes]:
    return {"manifest.webmanifest": manifest(built.library.site.name, built.library.site.tagline)}


BUNDLES = {"assets/css": "assets/guide.css", "assets/js": "assets/guide.js"}
# What stands beside the pages in the tree: each takes what was built and the project's root and gives files by path.
ARTEFACTS: tuple[Callable[[Built, Path], dict[str, bytes]], ...] = (
    assets,
    search,
    changes_feed,
    shown_facts,
    reference_files,
    data,
    guide_for_programs,
    web_app,
    qr,
)


def keep_last_tree(target: Path) -> None:
    """Makes sure that there is a tree to serve while the content has problems."""
    if not (target / "index.md").is_file():
        write_tree(target, {"index.md": b"---\ntitle: Not built yet\n---\n# Not built yet\n\nMend the problems listed above; this page then shows the guide.\n"})


def write_tree(target: Path, wanted: dict[str, bytes]) -> int:
    """Makes the folder hold exactly `wanted`; returns how many files were written or deleted."""
    changed = 0
    target.mkdir(parents=True, exist_ok=True)
    for name, data in wanted.items():
        path = target / name
        if path.is_file() and path.read_bytes() == data:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            shutil.rmtree(path)
        path.write_bytes(data)
        changed += 1
    keep = {target / name for name in wanted}
    for path in sorted(target.rglob("*"), reverse=True):
        if path.is_file() and path not in keep:
            path.unlink()
            changed += 1
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    return changed
