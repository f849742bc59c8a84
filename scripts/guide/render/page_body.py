"""The first pass: what a page says before it is known what stands on the others."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guide.base.headings import section
from guide.content.condition_index import ConditionIndex
from guide.content.library import Library
from guide.content.publication import Publication
from guide.pages.page import Page
from guide.pages.readability import Readings, readings
from guide.pages.source import Source
from guide.reading.grading import Measure
from guide.render.components import Renderer
from guide.render.edit_links import EditLinks
from guide.view.citation import full_title, page_citation
from guide.view.context import Context
from guide.view.page_context import page_context


@dataclass(frozen=True)
class PageInputs:
    """All that a page is made of besides its own text.

    `pages` are the others by address, as far as they are known; `titles` those of all pages.
    `places` are the addresses of records, also as `<topic>/<record>`. `measures`, by path, and
    `shares`, by condition, are there when the pages that list everything are made.
    """

    library: Library
    publication: Publication
    today: datetime.date
    titles: Mapping[str, str]
    pages: Mapping[str, Page]
    places: Mapping[str, str]
    measures: Mapping[str, Measure | None]
    shares: Mapping[str, ConditionIndex]


@dataclass(frozen=True)
class BodySummary:
    """What a body shows: records, those that it states in full, sections as pairs of id and
    heading, all ids but those of sources, its sources in order, and the page as a CSL-JSON item.
    """

    shown: tuple[str, ...]
    stated: frozenset[str]
    sections: tuple[tuple[str, str], ...]
    anchors: tuple[str, ...]
    full_title: str
    cited: tuple[str, ...]
    citation: dict[str, Any]


@dataclass(frozen=True)
class RenderedBody:
    """The Markdown of a page before links to other pages are put in, and what it shows."""

    text: str
    summary: BodySummary


@dataclass(frozen=True)
class Tools:
    """What renders any page of a build: no page depends on more of them than on our own code."""

    root: Path
    renderer: Renderer
    edit: EditLinks


def render_page(source: Source, page: Page, inputs: PageInputs, tools: Tools) -> RenderedBody:
    """The body of a page. Raises ContentErrors with what is wrong on it."""
    view = _context(source, page, inputs)
    text = tools.renderer.render(source, view, frame=bool(page.owner))
    if tools.edit.base:
        text += f"\n{tools.edit.to_page(source.path)}\n"
    headings = [section(line) for line in text.split("\n")]
    return RenderedBody(
        text,
        BodySummary(
            shown=tuple(view.shown),
            stated=view.stated,
            sections=tuple((anchor, heading) for _, heading, anchor in headings if anchor),
            anchors=tuple(
                anchor for anchor in view.printed.ids if not anchor.startswith("source-")
            ),
            full_title=full_title(view),
            cited=tuple(view.printed.listed),
            citation=page_citation(view),
        ),
    )


def _context(source: Source, page: Page, inputs: PageInputs) -> Context:
    def levels() -> Readings:
        others = (
            [inputs.pages[url] for url in view.share.pages] if view.share else inputs.pages.values()
        )
        return readings(
            inputs.library,
            [other for other in others if other.path in inputs.measures],
            inputs.measures,
        )

    view = page_context(
        inputs.library,
        "clinicians" if page.track == "clinicians" else "patients",
        inputs.library.topics.get(page.topic),
        source.name,
        inputs.today,
        condition=inputs.library.conditions.get(page.condition),
        url=page.url,
        places=inputs.places,
        pages=inputs.titles,
        part=page.part,
        readings=levels,
        publication=inputs.publication,
        shares=inputs.shares,
    )
    return view
