"""What the search box knows: the sections that answer, and the words people use for things.

The page text stays as it is. Each section carries its heading, the start of its answer, its
rarer words, and for questions the ways people put them. A vocabulary from the glossary and the
medicines' names turns a brand, a misspelling or a lay word into the words the sections use.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from guide.base.text import sentence
from guide.content import models as m
from guide.content.language_rules import language_rules
from guide.content.library import Library
from guide.content.names import TRACKS
from guide.pages.page import Page
from guide.pages.section import Section
from guide.search.learnt import learnt
from guide.search.packed import packed
from guide.search.table import EVERYONE, Searched, sections_for, table
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
        # Who names a trial asks about the medicine that it tested.
        add(
            [trial.name for trial in library.trials.values() if trial.medicine == medicine.id],
            medicine.name,
        )
    for condition in (library.conditions[key] for key in conditions):
        add([name for name in condition.typed if len(name) > 3], condition.name)
    for term in (library.glossary[key] for key in terms):
        add([name for name in term.also if len(name) > 1], re.sub(r"\(.*?\)", "", term.term))
    return meanings


# Where the index of a reader lies in the site, and its part for a condition.
INDEX, PART = "assets/search/{}.json", "assets/search/{}/{}.json"
# All of them, for fnmatch.
INDEXES = "assets/search/*.json"


# The parts that one question has the box fetch, at most; docs/assets/search/30-parts.js keeps to
# the same.
PARTS_A_QUESTION = 3


def search_index(library: Library, pages: list[Page]) -> dict[str, bytes]:
    """The index as JSON files by their place in the site, each reader's own: pages and sections
    (`table`), words (`packed`), vocabulary, stop words, the topics of medicines, what is learnt
    from phrasings, and the words that stand in most questions. Pages for everyone are in both.

    A guide about one condition has one file a reader. With more, that file knows the pages about
    the guide, a line for every topic, and the `parts`: of each condition its id, its name, its
    topics and what it is called. A part has a file of its own (PART), which the box fetches when
    the reader is in a topic of it or names it, or names a medicine that `leads` there.
    """
    # What is due about a condition, or cited: the list of all leads there.
    searched = [(page, page.search_sections) for page in pages if page.owner or not page.part]
    return {
        name: content
        for track in TRACKS
        for name, content in _index_of(library, searched, track).items()
    }


def _index_of(library: Library, pages: list[Searched], track: str) -> dict[str, bytes]:
    topics: dict[str, list[str]] = {}
    for key in library.site.topics:
        topics.setdefault(library.topics[key].condition, []).append(key)
    first = INDEX.format(track)
    if len(topics) < 2:
        return {first: _json(_only_file(library, pages, track))}
    by_topic: dict[str, list[Searched]] = {}
    for searched in pages:
        by_topic.setdefault(searched[0].owner, []).append(searched)
    files = {first: _json(_first_file(library, by_topic.get("", []), topics, track))}
    for condition, topic_ids in topics.items():
        theirs = [page for key in (condition, *topic_ids) for page in by_topic.get(key, ())]
        files[PART.format(track, condition)] = _json(
            _part(library, theirs, condition, topic_ids, track)
        )
    return files


def _only_file(library: Library, pages: list[Searched], track: str) -> dict[str, Any]:
    sections, words = table(library, pages, sections_for(library, pages, track))
    return {
        **sections,
        "vocabulary": vocabulary(
            library, library.medicines, library.conditions, _terms_to_explain(library)
        ),
        "stop": sorted(stop_words()),
        **_stems(),
        **learnt(library, words),
        "medicines": _named(library, library.topics),
        "background": _background(library, library.conditions, library.topics),
    }


def _first_file(
    library: Library, pages: list[Searched], topics: dict[str, list[str]], track: str
) -> dict[str, Any]:
    """The file of a guide about several conditions; `topics` are those of each."""
    lines = [_line(library, library.topics[key]) for key in library.site.topics]
    sections, words = table(library, pages, [*sections_for(library, pages, track), *lines])
    return {
        **sections,
        "vocabulary": vocabulary(library, (), (), _terms_to_explain(library)),
        "stop": sorted(stop_words()),
        **_stems(),
        **learnt(library, words),
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


def _terms_to_explain(library: Library) -> Iterable[str]:
    """The words of the glossary whose other names the box must know: none where it learns what
    people mean from phrasings.
    """
    return () if library.phrasings else library.glossary


def _stems() -> dict[str, str]:
    """How the box treats words, where not as in English."""
    stems = language_rules().search.stems
    return {} if stems == ENGLISH_STEMS else {"stems": stems}


def _part(
    library: Library, pages: list[Searched], condition: str, topics: list[str], track: str
) -> dict[str, Any]:
    """The part of one condition and its topics."""
    medicines = dict.fromkeys(
        [
            *(library.topics[key].medicine for key in topics),
            *library.medicines_by_condition.get(condition, ()),
        ]
    )
    sections, words = table(library, pages, sections_for(library, pages, track))
    return {
        **sections,
        **packed({"sections": words}),
        "vocabulary": vocabulary(library, medicines, [condition], ()),
        "medicines": _named(library, topics),
        "background": _background(library, (), topics),
    }


def _line(library: Library, topic: m.Topic) -> Section:
    """What the first file says of a topic: its title and summary, and the names of its medicine and
    condition.
    """
    medicine, condition = library.medicines[topic.medicine], library.conditions[topic.condition]
    return Section(
        url=f"{topic.id}/",
        title=topic.title,
        page=topic.title,
        track=EVERYONE,
        topic=topic.id,
        excerpt=topic.summary,
        typed=" ".join((medicine.name, *medicine.brands, condition.name)),
    )


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


def _named(library: Library, topics: Iterable[str]) -> dict[str, list[str]]:
    """The topics of each medicine, by its name."""
    named: dict[str, list[str]] = {}
    for key in topics:
        named.setdefault(library.medicines[library.topics[key].medicine].name, []).append(key)
    return named


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
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
