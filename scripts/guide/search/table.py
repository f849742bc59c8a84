"""The sections of one file of the index, as columns, and the words of each."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from guide.content.library import Library
from guide.pages.counterparts import counterpart_of
from guide.pages.page import Page
from guide.pages.section import Section
from guide.search.packed import Counts
from guide.search.sections import WORDS_A_SECTION
from guide.search.tokens import stop_words, tokens

# What `sections` counts a word for: a word of the section's text, or one that people type for it.
WORD, TYPED = 1, 2
# No page answers the other reader.
NONE = -1
# The track of a page for both readers.
EVERYONE = "both"

# A page and its sections.
Searched = tuple[Page, tuple[Section, ...]]


def sections_for(library: Library, pages: Iterable[Searched], track: str) -> list[Section]:
    """The sections that a reader of a track may be led to, in the order of the site's topics."""
    order = {topic: place for place, topic in enumerate(library.site.topics)}
    return sorted(
        (
            section
            for _, sections in pages
            for section in sections
            if section.track in (track, EVERYONE)
        ),
        key=lambda section: order.get(section.topic, -1),
    )


def table(
    library: Library, searched: list[Searched], every: list[Section]
) -> tuple[dict[str, Any], Counts]:
    """The pages and sections as columns, and the words of sections by their place.

    Columns: place of the page, anchor, title, excerpt, flag, numbers of intents, place of the page
    that answers the other reader.
    """
    shown = {section.url.partition("#")[0] for section in every}
    # Of a page that only answers the other reader the title is not shown.
    pages = [
        [page.url, page.title if page.url in shown else "", page.topic] for page, _ in searched
    ]
    by_url = {page.url: page for page, _ in searched}
    found = {section.url for _, sections in searched for section in sections}
    # A line for a topic leads to a page that another file holds.
    for section in every:
        if section.url.partition("#")[0] not in by_url:
            pages.append([section.url, section.title, section.topic])
    places = {address: place for place, (address, *_) in enumerate(pages)}
    numbers = {intent: number for number, intent in enumerate(library.intents)}
    rows = []
    for section in every:
        path, _, anchor = section.url.partition("#")
        other = counterpart_of(by_url[path], by_url) if path in by_url else None
        other_url = f"{other.url}#{anchor}" if other and anchor else other.url if other else ""
        rows.append(
            [
                places[path],
                anchor,
                section.title,
                section.excerpt,
                section.flag,
                [numbers[intent] for intent in section.intents if intent in numbers],
                places[other.url] if other and other_url in found else NONE,
            ]
        )
    return (
        {
            "pages": pages,
            # Alike things side by side pack a sixth smaller than rows.
            "sections": list(zip(*rows, strict=True)) or [[]],
        },
        _words(every, learnt=bool(library.phrasings)),
    )


def _words(every: list[Section], learnt: bool) -> dict[str, list[tuple[int, int]]]:
    """The words of each section that tell it from others, by its place. The box reads titles and
    excerpts as well: what they say is not sent twice. Nor is what people type for an intent, where
    that is `learnt`.
    """
    bags = [Counter(dict(section.words)) for section in every]
    sections_with = Counter(word for bag in bags for word in bag)
    rarity = {word: math.log(len(every) / count + 1) for word, count in sections_with.items()}
    words: dict[str, list[tuple[int, int]]] = {}
    for place, (section, bag) in enumerate(zip(every, bags, strict=True)):
        typed = "" if learnt and section.intents else section.typed
        for word, kind in _telling(section, typed, bag, rarity).items():
            words.setdefault(word, []).append((place, kind))
    return words


def _telling(
    section: Section, typed: str, bag: Counter[str], rarity: Mapping[str, float]
) -> dict[str, int]:
    """A word is worth keeping by how often the section says it and how few others do."""
    head = {*tokens(section.title), *tokens(section.excerpt)}
    ranked = sorted(
        (word for word in bag if word not in head),
        key=lambda word: (-(1 + math.log(bag[word])) * rarity[word], word),
    )
    # An answer is found by what people type for its intent: its other words added nothing to what
    # was found of 723 seen questions (two places less, one more), and were 6 kB of 110.
    most = 0 if section.intents else WORDS_A_SECTION
    said = {word for word in tokens(typed) if len(word) > 1} - stop_words()
    return dict.fromkeys(ranked[:most], WORD) | dict.fromkeys(sorted(said), TYPED)
