"""Names that hold digits and state no quantity: a guide's own, from its records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from guide.content.library import Library, by_value
from guide.content.wording import NAMES

_DIGIT = re.compile(r"[0-9]")


def names_with_digits(library: Library) -> tuple[str, ...]:
    """Every name of the guide's records that holds a digit, the longest first: type 2 diabetes,
    HbA1c, COX-2, a trial, an endpoint.
    """
    return tuple(
        sorted(
            {name for name in _names(library) if _DIGIT.search(name)},
            key=lambda name: (-len(name), name),
        )
    )


def _names(library: Library) -> Iterator[str]:
    yield from (
        library.site.name,
        library.site.tagline,
        *library.site.populations.values(),
        *library.site.jurisdictions.values(),
    )
    for condition in library.conditions.values():
        yield from filter(None, (condition.name, condition.abbreviation))
    for medicine in library.medicines.values():
        yield from (medicine.name, *medicine.brands)
    for trial in library.trials.values():
        yield trial.name
        yield from (result.endpoint for result in trial.results)
    for term in library.glossary.values():
        yield from (term.term, *term.shown_as, *term.also)
    for guideline in library.guidelines.values():
        yield from (guideline.name, guideline.body)


def pattern_of(names: Iterable[str]) -> re.Pattern[str]:
    """What takes the names out of a text, those that every guide knows (`wording.NAMES`) too."""
    alternatives = "|".join(map(re.escape, names))
    return (
        re.compile(f"(?<![\\w-])(?:{alternatives})(?![\\w])|{NAMES.pattern}", re.I)
        if alternatives
        else NAMES
    )


def pattern(library: Library) -> re.Pattern[str]:
    """The same from the library itself."""
    return pattern_of(names_with_digits(library))


Track = Literal["patients", "clinicians"]


TRACKS: tuple[Track, ...] = ("patients", "clinicians")


# With more topics than this the site's navigation lists ways to them instead: nobody reads through
# a longer list, and every page would carry all of it.
MANY = 25


@by_value
def many(library: Library) -> bool:
    """Whether topics are too many to list on every page."""
    return len(library.site.topics) > MANY
