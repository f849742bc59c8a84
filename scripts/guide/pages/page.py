"""A page as it goes to the engine."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from guide.base.problem import Problem
from guide.cache.store import Stamp
from guide.pages.glossary import unexplained
from guide.pages.section import Section
from guide.reading.grading import Measure


@dataclass
class Page:
    """A page as it goes to the engine. `url` is its address from the site's root, `path` its file.

    `part` is the section of questions or claims it holds, where one page of docs/ becomes a page a
    section, or the condition whose list it is, where a list becomes a page a condition; `twin` the
    name of the other reader's page where it is not the same; `about` its own description, for a
    page of no topic. The rest is known when it is rendered: `cited` are the sources of its list, in
    order; `citation` is the page itself as a CSL-JSON item; `anchors` are its ids but for those of
    sources; `told` stands for its sections for the search, which `pack` gets (`found`); `beside`
    are the files that stand beside it, by address; `modified` is the day it last changed. `stamp`
    and `file` say where its Markdown lies: no page is held in memory for longer than somebody looks
    at it. (`text` is for pages that have no file.)
    """

    path: str
    url: str
    title: str
    track: str
    topic: str
    order: int = 0
    sections: tuple[tuple[str, str], ...] = ()
    part: str = ""
    twin: str = ""
    about: str = ""
    # Shows in short what stands in full on other pages: no fact lives here, and the search leads
    # there.
    repeats: bool = False
    full_title: str = field(default="", repr=False)
    shown: tuple[str, ...] = field(default=(), repr=False)
    stated: frozenset[str] = field(default=frozenset(), repr=False)
    cited: tuple[str, ...] = field(default=(), repr=False)
    citation: dict[str, Any] = field(default_factory=dict, repr=False)
    anchors: tuple[str, ...] = field(default=(), repr=False)
    modified: str = field(default="", repr=False)
    measure: Measure | None = field(default=None, repr=False)
    told: bytes = field(default=b"", repr=False)
    pack: Callable[[], bytes] = field(default=bytes, repr=False)
    beside: tuple[tuple[str, Stamp], ...] = field(default=(), repr=False)
    problems: tuple[Problem, ...] = field(default=(), repr=False)
    stamp: Stamp | None = field(default=None, repr=False)
    file: Path | None = field(default=None, repr=False)
    text: str = field(default="", repr=False)

    @property
    def as_planned(self) -> str:
        """What is known of the page before it is rendered, as text: a result is kept under it."""
        return repr(
            (
                self.path,
                self.url,
                self.title,
                self.track,
                self.topic,
                self.order,
                self.part,
                self.twin,
                self.about,
                self.repeats,
            )
        )

    @property
    def place(self) -> str:
        """How a message names the page: by its address, because one file of docs/topic/ is a page
        in every topic.
        """
        return f"page {self.url or './'}"

    @property
    def found(self) -> tuple[Section, ...]:
        """The page's sections for the search: left in the store until somebody asks, because most
        builds need few of them.
        """
        packed = self.pack()
        return pickle.loads(zlib.decompress(packed)) if packed else ()

    @property
    def markdown(self) -> str:
        """The page's Markdown with its front matter and before its hard words are explained, read
        from its file each time.
        """
        return unexplained(self.file.read_text(encoding="utf-8")) if self.file else self.text
