"""The second pass, when it is known what stands where: front matter, links to other pages, the
rules for single pages, the sections for the search and the files beside the page.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from guide.base.problem import Problem
from guide.base.text import relative
from guide.checks.compiled_page import examine
from guide.checks.registry import check_page
from guide.checks.rule import Guide
from guide.content import names
from guide.content.citations import formats, items
from guide.content.library import Library
from guide.pages.glossary import GLOSSARY, clinician_words, explain, patient_words
from guide.pages.marks import without_marks
from guide.pages.page import SOURCES, TEXTS, Page
from guide.pages.readability import measure, measured
from guide.pages.section import Section
from guide.reading.grading import Measure
from guide.render import head
from guide.render.front_matter import front_matter
from guide.render.page_body import PageInputs
from guide.search.sections import sections


@dataclass(frozen=True)
class FinishedPage:
    """A page as it goes to the engine. `modified` is the day it last changed; `measure` is there
    where its level is reported; `sidecars` are the files beside it, by address. `ids` and `links`
    are those of `Compiled`.
    """

    markdown: str
    modified: str
    measure: Measure | None
    problems: tuple[Problem, ...]
    sections: tuple[Section, ...]
    sidecars: tuple[tuple[str, str], ...]
    ids: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


class PageFinisher:
    """Finishes the pages of one build."""

    def __init__(self, root: Path):
        self._root = root

    def finish(self, page: Page, body: str, inputs: PageInputs) -> FinishedPage:
        """The page of this body; `page` says already what the body shows."""
        library = inputs.library
        body = with_places(page, body, inputs.places)
        with_text = dataclasses.replace(page, text=body, file=None)
        front = front_matter(with_text, inputs.pages, library, inputs.publication)
        guide = Guide(library, self._root, [], inputs.today)
        problems = tuple(check_page(guide, page, front + body))
        page_sections = tuple(sections(library, page, body))
        level = measure(library, self._root, front + body) if measured(page) else None
        # After the rules and the search index, which read the plain text.
        if page.url != GLOSSARY:
            words = clinician_words if page.track == "clinicians" else patient_words
            body = explain(body, library.compute_once(words), relative(page.url, GLOSSARY))
        modified = head.last_change(page, library, inputs.publication).isoformat()
        examined = examine(page, body, library.compute_once(names.pattern), self._root)
        return FinishedPage(
            front + without_marks(body),
            modified,
            level,
            (*problems, *examined.problems),
            page_sections,
            tuple(_sidecars(page, library)),
            examined.ids,
            examined.links,
        )


def _sidecars(page: Page, library: Library) -> list[tuple[str, str]]:
    """For a reference manager: all sources of the guide, or of a condition, beside their list.
    Other pages take their own from there (docs/assets/js/references.js).
    """
    if not page.url.startswith(SOURCES) or page.url == TEXTS:
        return []
    keys = library.sources if page.url == SOURCES else page.cited
    listed = [items.item_of(library.sources[key]) for key in keys]
    return [
        (f"{page.url}references.{suffix}", kind.file(map(kind.entry, listed)))
        for suffix, kind in formats.FORMATS.items()
        if listed
    ]


_PLACE = re.compile(r'href="place:([a-z0-9-]+)"')


def with_places(page: Page, body: str, places: Mapping[str, str]) -> str:
    """The body with the address of each record it links to: on its own page, in its topic, or
    anywhere; where the record stands in full before where it is only named.
    """
    here = {record for record in set(_PLACE.findall(body)) if f'id="{record}"' in body}

    def address(match: re.Match[str]) -> str:
        record = match[1]
        if record in here:
            return f'href="#{record}"'
        known = [places.get(f"{page.owner}/{record}"), places.get(record)]
        found_at = [place for place in known if place]
        place = next((one for one in found_at if "#" in one), found_at[0] if found_at else "")
        return f'href="{relative(page.url, place) if place else "#sources"}"'

    return _PLACE.sub(address, body)
