"""A page as it goes to the engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from guide.base.file_store import StoredFile
from guide.base.problem import Problem
from guide.pages.glossary import unexplained
from guide.pages.section import Section, read_sections
from guide.reading.grading import Measure

# The page of all sources; below it, where topics are many, one for each condition.
SOURCES = "about/sources/"
# Where they are many, the page of those that are no studies.
TEXTS = "about/sources/texts/"


@dataclass(frozen=True)
class Page:
    """A page as it goes to the engine.

    The first fields are known when the page is planned; the rest after the two passes of rendering.
    No page holds its Markdown for longer than somebody reads it: `stored` and `file` say where it
    lies.
    """

    # The file and the address from the site's root, such as `x/patients/dosing.md` and
    # `x/patients/dosing/`.
    path: str
    url: str
    title: str
    # The readers: `patients`, `clinicians` or `both`.
    track: str
    # The topic's id; empty for a page of the whole guide.
    topic: str
    # The condition's id, for a page about all that may be done about it; else empty.
    condition: str = ""
    # Its place in the navigation.
    order: int = 0
    # Its own headings, filled in by the first pass: id and title.
    sections: tuple[tuple[str, str], ...] = ()
    # Where one page of docs/ becomes several: the section of questions or claims that this one
    # holds, or the condition whose list it is.
    part: str = ""
    # The name of the other reader's page, where it is not the same.
    counterpart: str = ""
    # Its own description, for a page of no topic.
    about: str = ""
    # Shows in short what stands in full on other pages: links and search results lead there.
    repeats: bool = False
    # Without the menus at its sides, for a page that needs the whole width.
    wide: bool = False

    # The title of its window and of its citation.
    full_title: str = field(default="", repr=False)
    # Ids of the records that it shows, and of those that it states in full.
    shown: tuple[str, ...] = field(default=(), repr=False)
    stated: frozenset[str] = field(default=frozenset(), repr=False)
    # Ids of the sources of its list, in order.
    cited: tuple[str, ...] = field(default=(), repr=False)
    # The page itself as a CSL-JSON item.
    citation: dict[str, Any] = field(default_factory=dict, repr=False)
    # Its HTML ids, but for those of sources.
    anchors: tuple[str, ...] = field(default=(), repr=False)
    # The day it last changed, as text.
    modified: str = field(default="", repr=False)
    # Its readability; None where it is not measured.
    measure: Measure | None = field(default=None, repr=False)
    # The file that holds its sections for the search.
    sections_file: Path | None = field(default=None, repr=False)
    # Files published with it, such as its references for a program: address and file.
    sidecars: tuple[tuple[str, StoredFile], ...] = field(default=(), repr=False)
    # All its ids, and the places of other pages that it links to: see `checks.compiled_page`.
    ids: tuple[str, ...] = field(default=(), repr=False)
    links: tuple[str, ...] = field(default=(), repr=False)
    # What the rules for single pages found on it.
    problems: tuple[Problem, ...] = field(default=(), repr=False)
    # Where its Markdown lies; `text` holds the Markdown of a page without a file.
    stored: StoredFile | None = field(default=None, repr=False)
    file: Path | None = field(default=None, repr=False)
    text: str = field(default="", repr=False)

    @property
    def as_planned(self) -> str:
        """What is known before the page is rendered, as text."""
        return repr(
            (
                self.path,
                self.url,
                self.title,
                self.track,
                self.topic,
                self.condition,
                self.order,
                self.part,
                self.counterpart,
                self.about,
                self.repeats,
                self.wide,
            )
        )

    @property
    def as_made(self) -> str:
        """All that is known when it is finished, as text; its own texts by their digests."""
        return repr(
            (
                self.as_planned,
                self.sections,
                self.full_title,
                self.shown,
                sorted(self.stated),
                self.cited,
                self.citation,
                self.anchors,
                self.modified,
                self.measure,
                self.sections_file and self.sections_file.name,
                [(address, file.name) for address, file in self.sidecars],
                self.ids,
                self.links,
                self.stored.name if self.stored else self.text,
            )
        )

    @property
    def owner(self) -> str:
        """The topic or the condition that the page belongs to; "" for a page of the whole guide."""
        return self.topic or self.condition

    @property
    def place(self) -> str:
        """How a message names the page: by its address, because one file of docs/topic/ is a page
        in every topic.
        """
        return f"page {self.url or './'}"

    @property
    def search_sections(self) -> tuple[Section, ...]:
        """The sections for the search, read from their file: most builds need few of them."""
        return read_sections(self.sections_file) if self.sections_file else ()

    @property
    def markdown(self) -> str:
        """The page's Markdown with its front matter and before its hard words are explained, read
        from its file each time.
        """
        return unexplained(self.file.read_text(encoding="utf-8")) if self.file else self.text
