"""How easy the patient pages are to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from guide.content.library import Library
from guide.pages.page import Page
from guide.reading.grading import Grader, Level, Measure, together
from guide.reading.prose import read_once

# -- the pages of the guide ----------------------------------------------------------------


def patient_pages(pages: Iterable[Page]) -> Iterator[Page]:
    """The pages a patient reads: the patients' track, the home page and each topic's first page."""
    for page in pages:
        if page.track == "patients" or page.path in ("index.md", f"{page.topic}/index.md"):
            yield page


# Fewer sentences than this have no mean worth the name.
ENOUGH = 8


@dataclass(frozen=True)
class Readings:
    """How easy the finished pages are to read: a level for each patient page, None where it has too
    few sentences of its own; their mean grade with names put out of the way; and one level a topic
    of its clinician pages.
    """

    patients: tuple[tuple[Page, Level | None], ...]
    mean: float
    clinicians: tuple[tuple[str, Level], ...]


def measured(page: Page) -> bool:
    """Whether the page's level is reported."""
    return page.track in ("patients", "clinicians") or any(patient_pages([page]))


def measure(library: Library, root: Path, markdown: str) -> Measure | None:
    """The measure of a page's own sentences."""
    return Grader(library, root).measure(
        [sentence.text for sentence in read_once(markdown).sentences()]
    )


def readings(
    library: Library, pages: Sequence[Page], measures: Mapping[str, Measure | None]
) -> Readings:
    """The levels of the pages rendered so far, from their measures by path.

    Clinician pages are reported and never refused: their readers need the exact words.
    """
    patients = []
    clinicians: dict[str, list[Measure]] = {}
    for page in patient_pages(pages):
        page_measure = measures.get(page.path)
        patients.append(
            (
                page,
                page_measure.level() if page_measure and page_measure.sentences >= ENOUGH else None,
            )
        )
    for page in pages:
        if page.topic and page.track == "clinicians" and (page_measure := measures.get(page.path)):
            clinicians.setdefault(page.topic, []).append(page_measure)
    graded = [level.neutral for _, level in patients if level]
    return Readings(
        tuple(patients),
        sum(graded) / len(graded) if graded else 0.0,
        tuple(
            (topic, together(clinicians[topic]).level())
            for topic in library.site.topics
            if topic in clinicians
        ),
    )
