"""Names that hold digits and state no quantity: a guide's own, from its records and from
content/vocabulary.yml.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Literal

from guide.base.registries import FORMS
from guide.content.library import Library, by_value
from guide.content.wording import holds_number

# A word of a name that is a name by itself: "EX-7" of "EX-7 blockers". A number with a plain word
# before it, such as "phase-2", is none.
_OWN_WORD = re.compile(r"[^\W\d_][^\s,;:()'\"]*")


def pattern(library: Library) -> re.Pattern[str]:
    """What takes the names out of a text: those of the records, such as "type 2 diabetes" where it
    is a condition, and those of content/vocabulary.yml.
    """
    return _compiled(library.compute_once(expression))


# The expression is long, and seldom another one from one build of `serve` to the next.
_compiled = functools.lru_cache(maxsize=4)(re.compile)


@by_value
def expression(library: Library) -> str:
    """The regular expression of `pattern`. A record that changes and keeps its names changes no
    page that is looked through by it.
    """
    plain = {part for name in _names(library) if holds_number(name) for part in _shortest(name)}
    typed = {*FORMS, *library.vocabulary.names}
    alternatives = [
        *((name, _as_typed(name)) for name in plain),
        *((name, pattern_of_word(name)) for name in typed),
    ]
    alternatives.sort(key=lambda one: (-len(one[0]), one))
    return "|".join(written for _, written in alternatives)


def pattern_of_word(word: str) -> str:
    """A regular expression for a name or word of content/vocabulary.yml, met whole. '#' is any
    number, '##' one of two digits, and so on; '*' is any letters and digits.
    """
    return _whole(word, "".join(map(_sign, re.split(r"(#+|\*)", word))))


def _sign(part: str) -> str:
    if part.startswith("#"):
        return r"\d+" if part == "#" else r"\d" * len(part)
    return r"\w*" if part == "*" else _plain(part)


def _as_typed(name: str) -> str:
    """A regular expression for a name, met whole; at the start of a sentence, too."""
    first = name[0]
    start = f"[{first}{first.upper()}]" if first.islower() else re.escape(first)
    return _whole(name, start + _plain(name[1:]))


def _plain(text: str) -> str:
    """Text as it is, with any white space for a space."""
    return r"\s+".join(map(re.escape, text.split(" ")))


def _whole(word: str, written: str) -> str:
    """The expression of a word, with no letter or digit beside it."""
    before = r"(?<!\w)" if word[:1].isalnum() else ""
    after = r"(?!\w)" if word[-1:].isalnum() or word.endswith("#") else ""
    return f"{before}{written}{after}"


def _shortest(name: str) -> Iterator[str]:
    """The parts of a name that hold its digits and are names themselves; else the whole name."""
    words = [word.rstrip(".") for word in _OWN_WORD.findall(name)]
    own = [word for word in words if holds_number(word) and word.lower() != word]
    rest = name
    for word in own:
        rest = rest.replace(word, " ")
    if holds_number(rest):
        yield name
    yield from own


def _names(library: Library) -> Iterator[str]:
    site = library.site
    yield from (site.name, site.tagline)
    yield from (*site.populations, *site.populations.values(), *site.jurisdictions.values())
    yield from (name for agency in site.agencies for name in (agency.id, agency.name))
    yield from (topic.title for topic in library.topics.values())
    for condition in library.conditions.values():
        yield from filter(None, (condition.id, condition.name, condition.abbreviation))
    for medicine in library.medicines.values():
        yield from (medicine.id, medicine.name, *medicine.brands)
    for trial in library.trials.values():
        yield from (trial.id, trial.name)
        yield from (result.endpoint for result in trial.results)
    for term in library.glossary.values():
        yield from (term.term, *term.shown_as, *term.also)
    for guideline in library.guidelines.values():
        yield from (guideline.id, guideline.name, guideline.body)


Track = Literal["patients", "clinicians"]


TRACKS: tuple[Track, ...] = ("patients", "clinicians")


# With more topics than this the site's navigation lists ways to them instead: nobody reads through
# a longer list, and every page would carry all of it.
MANY = 25


@by_value
def has_medicines(library: Library) -> bool:
    """Whether a topic of the guide is about a medicine."""
    topics = (library.topics[key] for key in library.site.topics)
    return any(library.medicines[topic.medicine].is_medicine for topic in topics)


@by_value
def many(library: Library) -> bool:
    """Whether topics are too many to list on every page."""
    return len(library.site.topics) > MANY
