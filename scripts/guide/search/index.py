"""What the search box knows: the sections that answer, and the words people use for things.

The page text stays as it is. Each section carries its heading, the start of its answer, its
rarer words, and for questions the ways people put them. A vocabulary from the glossary and the
medicines' names turns a brand, a misspelling or a lay word into the words the sections use.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from guide.base.text import sentence
from guide.content import models as m
from guide.content.language_rules import language_rules
from guide.content.library import Library
from guide.pages.page import Page
from guide.search.sections import WORDS_A_SECTION
from guide.search.tokens import ENGLISH_STEMS, slip_of_the_pen, stop_words, tokens


def vocabulary(
    library: Library, medicines: Iterable[str], conditions: Iterable[str], terms: Iterable[str]
) -> dict[str, str]:
    """What people type and the words the guide uses for it, both as `tokens`."""
    meanings: dict[str, str] = {}

    def add(names: list[str], meaning: str) -> None:
        target = " ".join(tokens(meaning))
        for name in names:
            key = " ".join(tokens(name))
            if key and key != target and key not in stop_words() and len(key) > 1:
                meanings.setdefault(key, target)

    for medicine in (library.medicines[key] for key in medicines):
        add([*medicine.brands, *medicine.typed], medicine.name)
    for condition in (library.conditions[key] for key in conditions):
        add([name for name in condition.typed if len(name) > 3], condition.name)
    for term in (library.glossary[key] for key in terms):
        add([name for name in term.also if len(name) > 1], re.sub(r"\(.*?\)", "", term.term))
    return meanings


# Where the index lies in the site, and its part for a condition.
INDEX, PART = "assets/search.json", "assets/search/{}.json"


# The parts that one question has the box fetch, at most; docs/assets/search.js keeps to the same.
PARTS_A_QUESTION = 3


def search_index(library: Library, pages: list[Page]) -> dict[str, bytes]:
    """The index as JSON files by their place in the site: pages, sections (columns: page, anchor,
    title, excerpt, words, typed, flag), vocabulary, stop words, the topics of medicines, and the
    words that stand in most questions.

    A guide about one condition has one file. With more, that file knows the pages about the guide,
    a line for every topic, and the `parts`: of each condition its id, its name, its topics and what
    it is called. A part has a file of its own (PART), which the box fetches when the reader is in a
    topic of it or names it, or names a medicine that `leads` there.
    """
    # What is due about a condition, or cited: the list of all leads there.
    pages = [page for page in pages if page.owner or not page.part]
    topics: dict[str, list[str]] = {}
    for key in library.site.topics:
        topics.setdefault(library.topics[key].condition, []).append(key)
    if len(topics) < 2:
        return {INDEX: _json(_only_file(library, pages))}
    by_topic: dict[str, list[Page]] = {}
    for page in pages:
        by_topic.setdefault(page.owner, []).append(page)
    files = {INDEX: _json(_first_file(library, by_topic.get("", []), topics))}
    for condition, topic_ids in topics.items():
        theirs = [page for key in (condition, *topic_ids) for page in by_topic.get(key, ())]
        files[PART.format(condition)] = _json(_part(library, theirs, condition, topic_ids))
    return files


def _only_file(library: Library, pages: list[Page]) -> dict[str, Any]:
    return {
        **_sections(library, pages),
        "vocabulary": vocabulary(library, library.medicines, library.conditions, library.glossary),
        "stop": sorted(stop_words()),
        **_stems(),
        "medicines": _named(library, library.topics),
        "background": _background(library, library.conditions, library.topics),
    }


def _first_file(
    library: Library, pages: list[Page], topics: dict[str, list[str]]
) -> dict[str, Any]:
    """The file of a guide about several conditions; `topics` are those of each."""
    made = _sections(library, pages)
    for key in library.site.topics:
        made["sections"].append(_line(library, library.topics[key], len(made["pages"])))
        made["pages"].append([f"{key}/", library.topics[key].title, "b", key])
    return made | {
        "vocabulary": vocabulary(library, (), (), library.glossary),
        "stop": sorted(stop_words()),
        **_stems(),
        "medicines": {},
        "background": _background(library, topics, ()),
        "parts": [
            [
                condition,
                sentence(library.conditions[condition].name),
                topic_ids,
                _called_condition(library.conditions[condition]),
            ]
            for condition, topic_ids in topics.items()
        ],
        "leads": _leads(library, topics),
    }


def _stems() -> dict[str, str]:
    """How the box treats words, where not as in English."""
    stems = language_rules().search.stems
    return {} if stems == ENGLISH_STEMS else {"stems": stems}


def _part(library: Library, pages: list[Page], condition: str, topics: list[str]) -> dict[str, Any]:
    """The part of one condition and its topics."""
    medicines = dict.fromkeys(
        [
            *(library.topics[key].medicine for key in topics),
            *library.medicines_by_condition.get(condition, ()),
        ]
    )
    return {
        **_sections(library, pages),
        "vocabulary": vocabulary(library, medicines, [condition], ()),
        "medicines": _named(library, topics),
        "background": _background(library, (), topics),
    }


def _sections(library: Library, pages: list[Page]) -> dict[str, Any]:
    """The pages and sections of one file of the index."""
    order = {topic: place for place, topic in enumerate(library.site.topics)}
    every, seen = [], set()
    for section in sorted(
        (section for page in pages for section in page.search_sections),
        key=lambda section: order.get(section.topic, -1),
    ):
        # What all topics of a condition share is found once, under the first.
        if (section.track, section.title, section.text_digest) not in seen:
            seen.add((section.track, section.title, section.text_digest))
            every.append(section)
    bags = [Counter(dict(section.words)) for section in every]
    sections_with = Counter(word for bag in bags for word in bag)
    rarity = {word: math.log(len(every) / count + 1) for word, count in sections_with.items()}
    places = {page.url: place for place, page in enumerate(pages)}
    rows = []
    for section, bag in zip(every, bags, strict=True):
        # The box reads the heading and the excerpt as well: what they say is not sent twice.
        head = {*tokens(section.title), *tokens(section.excerpt)}
        # A word is worth keeping by how often the section says it and how few others do.
        ranked = sorted(
            (word for word in bag if word not in head),
            key=lambda word: (-(1 + math.log(bag[word])) * rarity[word], word),
        )
        path, _, anchor = section.url.partition("#")
        rows.append(
            [
                places[path],
                anchor,
                section.title,
                section.excerpt,
                " ".join(sorted(ranked[:WORDS_A_SECTION])),
                section.typed,
                section.flag,
            ]
        )
    return {
        "pages": [[page.url, page.title, page.track[0], page.topic] for page in pages],
        "sections": rows,
    }


def _line(library: Library, topic: m.Topic, place: int) -> list[Any]:
    """What the first file says of a topic: its title and summary, and the names of its medicine and
    condition.
    """
    medicine, condition = library.medicines[topic.medicine], library.conditions[topic.condition]
    head = {*tokens(topic.title), *tokens(topic.summary)}
    names = {
        word for name in (medicine.name, *medicine.brands, condition.name) for word in tokens(name)
    }
    words = " ".join(sorted(names - head - stop_words()))
    return [place, "", topic.title, topic.summary, words, "", ""]


def _called(names: Iterable[str]) -> list[str]:
    """What people call a thing, as `tokens`, without what the box takes for another of the names:
    every reader fetches this.

    A name that is also a small word, such as IT, would be met in every question.
    """
    distinct_names: list[str] = []
    for called in dict.fromkeys(" ".join(tokens(name)) for name in names):
        if (
            len(called) > 1
            and called not in stop_words()
            and not any(slip_of_the_pen(called, name) for name in distinct_names)
        ):
            distinct_names.append(called)
    return distinct_names


def _called_condition(condition: m.Condition) -> list[str]:
    return _called((condition.name, condition.abbreviation or "", *condition.typed))


def _leads(library: Library, topics: dict[str, list[str]]) -> dict[str, list[int]]:
    """What people call medicines, as `tokens`, and the places in `parts` to look at for each: where
    a topic is about it, else, by its own name only, where it belongs: every reader fetches this. A
    medicine that belongs everywhere leads nowhere.
    """
    about: dict[str, dict[int, None]] = {}
    belongs: dict[str, dict[int, None]] = {}
    for place, (condition, topic_ids) in enumerate(topics.items()):
        for key in topic_ids:
            about.setdefault(library.topics[key].medicine, {})[place] = None
        for medicine in library.medicines_by_condition.get(condition, ()):
            belongs.setdefault(medicine, {})[place] = None
    leads: dict[str, dict[int, None]] = {}
    for key in {
        **about,
        **{
            medicine: None
            for medicine, places in belongs.items()
            if len(places) <= PARTS_A_QUESTION
        },
    }:
        named = library.medicines[key]
        for called in _called(
            (named.name, *named.brands, *named.typed) if key in about else (named.name,)
        ):
            leads.setdefault(called, {}).update(about.get(key) or belongs[key])
    return {called: list(places) for called, places in leads.items()}


def _named(library: Library, topics: Iterable[str]) -> dict[str, str]:
    """The topic of each medicine, by its name."""
    return {library.medicines[library.topics[key].medicine].name: key for key in topics}


def _background(library: Library, conditions: Iterable[str], topics: Iterable[str]) -> list[str]:
    """Words that stand in most questions and decide little: the disease, the topics' medicines, and
    the `background` of content/vocabulary.yml.
    """
    medicines = [library.medicines[library.topics[key].medicine] for key in topics]
    return sorted(
        {word for key in conditions for word in tokens(library.conditions[key].name)}
        | {
            word
            for medicine in medicines
            for name in (medicine.name, *medicine.brands)
            for word in tokens(name)
        }
        | {
            word
            for typed in (*language_rules().search.background, *library.vocabulary.background)
            for word in tokens(typed)
        }
    )


def _json(data: dict[str, Any]) -> bytes:
    """The file: its sections column by column, because alike things side by side pack a sixth
    smaller; docs/assets/search.js makes rows of them.
    """
    data = {**data, "sections": list(zip(*data["sections"], strict=True)) or [[]]}
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
