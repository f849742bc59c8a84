"""The files of the site that are no pages, and what they are made from."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from guide.base.file_store import FileStore, StoredFile
from guide.base.fingerprint import fingerprint
from guide.base.problem import Problem
from guide.cache.cached import NoInputs, Step, Task, cached
from guide.cache.folder import Cache
from guide.content.ledger import SHOWN, ledger_bytes
from guide.content.library import Library
from guide.content.publication import Publication
from guide.data.files import data_files
from guide.outputs import assets as asset_files
from guide.outputs.feed import feed
from guide.outputs.llms import llms_txt
from guide.outputs.offline import manifest
from guide.outputs.qr import qr_codes
from guide.outputs.well_known import security_txt
from guide.pages.navigation import Navigation
from guide.pages.page import Page
from guide.search.index import search_index
from guide.search.learnt import Learning, learning, learnt_from


@dataclass(frozen=True)
class Built:
    """What the compile step made: the library, its pages, the navigation, and the cache in whose
    files the pages' texts lie. `theme` are the theme's style sheets that `assets` takes whole.
    """

    library: Library
    pages: list[Page]
    navigation: Navigation
    publication: Publication
    cache: Cache
    problems: tuple[Problem, ...] = ()
    artefacts: Mapping[str, bytes | Path | str] = field(default_factory=dict)
    theme: tuple[Path, ...] = ()

    @property
    def files(self) -> FileStore:
        """Where texts lie."""
        return self.cache.files


def assets(built: Built, root: Path) -> dict[str, bytes]:
    """Style, scripts and pictures."""
    return asset_files.assets(root, built.library.site.colour, built.theme)


def search(built: Built, root: Path) -> dict[str, bytes]:
    """The index of the search box; in parts where the guide is about several conditions."""
    return search_index(built.library, built.pages)


def qr(built: Built, root: Path) -> dict[str, bytes]:
    """The codes that handouts print."""
    return qr_codes(built.library, built.publication.address)


def changes_feed(built: Built, root: Path) -> dict[str, bytes]:
    """The feed of what has changed."""
    return {"feed.xml": feed(built.library, built.publication.address)}


def reference_files(built: Built, root: Path) -> dict[str, str]:
    """Beside each list of all sources: its sources for a reference manager (`references.*`)."""
    # Plain paths: a guide has tens of thousands of them.
    return {
        name: str(built.files.path(stored))
        for page in built.pages
        for name, stored in page.sidecars
    }


def data(built: Built, root: Path) -> dict[str, bytes]:
    """The guide as data, below api/."""
    return data_files(built.library, built.pages, built.publication)


def guide_for_programs(built: Built, root: Path) -> dict[str, bytes]:
    """What the guide is, for language models."""
    return {"llms.txt": llms_txt(built.library, built.publication).encode()}


def shown_facts(built: Built, root: Path) -> dict[str, bytes]:
    """The clinical values of exactly these pages: the published site says itself what readers are
    shown, and the next publication is compared with it.
    """
    return {SHOWN: ledger_bytes(built.library)}


def web_app(built: Built, root: Path) -> dict[str, bytes]:
    """The manifest that lets a browser install the site."""
    site = built.library.site
    return {"manifest.webmanifest": manifest(site.name, site.tagline, site.colour)}


def security(built: Built, root: Path) -> dict[str, bytes]:
    """Whom to tell of a weakness; docs/ may hold a file of its own."""
    return security_txt(built.library, built.publication.address, root)


# What stands in the tree besides pages: each takes what was built and the project's root and gives
# files by path.
ARTEFACTS: tuple[Callable[[Built, Path], Mapping[str, bytes | Path | str]], ...] = (
    security,
    assets,
    changes_feed,
    shown_facts,
    guide_for_programs,
    web_app,
    qr,
)


# What no page shows, in the same way. It is kept as long as nothing has changed that it is made
# from; in `serve` it follows after the pages.
LATER: tuple[Callable[[Built, Path], Mapping[str, bytes]], ...] = (search, data)


@dataclass(frozen=True)
class _Inputs:
    """What files of `LATER` are made from, besides the pages."""

    library: Library
    publication: Publication


@dataclass(frozen=True)
class _Files:
    """Files by their path in the tree."""

    files: tuple[tuple[str, StoredFile], ...]


def learn(library: Library, cache: Cache) -> None:
    """Has ready what the search box learns from phrasings: it changes with them alone."""

    def run(subject: Library, inputs: NoInputs) -> Learning:
        return learning(subject)

    step = Step("learning", Learning, run)
    task = Task("phrasings", learnt_from(library), library)
    library.computed[learning] = cached(cache, step, [task], NoInputs())[task.name]


def later_files(
    built: Built, root: Path, goes_on: Callable[[], bool] = lambda: True
) -> dict[str, str]:
    """The files of `LATER`: where each lies, by its path in the tree. Nothing more is made once
    `goes_on` says no.
    """
    store, files = built.files, dict[str, str]()
    learn(built.library, built.cache)
    pages = fingerprint(*(page.as_made for page in built.pages))

    def run(artefact: Callable[[Built, Path], Mapping[str, bytes]], inputs: _Inputs) -> _Files:
        of_inputs = dataclasses.replace(
            built, library=inputs.library, publication=inputs.publication
        )
        return _Files(
            tuple(
                (name, store.put(data.decode(), f".{name.rpartition('.')[2]}"))
                for name, data in artefact(of_inputs, root).items()
            )
        )

    step = Step("later", _Files, run, lambda made: [file for _, file in made.files])
    for artefact in LATER:
        if goes_on():
            task = Task(artefact.__name__, pages, artefact)
            made = cached(built.cache, step, [task], _Inputs(built.library, built.publication))
            files.update((name, str(store.path(file))) for name, file in made[task.name].files)
    return files


def artefacts_of(built: Built, root: Path) -> dict[str, bytes | Path | str]:
    """All that stands in the tree besides pages, by path."""
    made = (artefact(built, root) for artefact in (*ARTEFACTS, *LATER))
    return {name: data for files in made for name, data in files.items()}


# What stands beside single pages, in the same way, and goes straight into the site.
SIDECARS: tuple[Callable[[Built, Path], Mapping[str, str]], ...] = (reference_files,)
