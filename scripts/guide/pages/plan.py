"""Which file of `docs/` becomes which pages."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from guide.base.problem import ContentErrors, Problem
from guide.base.text import sentence, slug, words_join
from guide.content import models as m
from guide.content.chosen_pages import left_out, name_of
from guide.content.comparison_rows import rows_with_pages
from guide.content.library import Library
from guide.content.names import TRACKS, many
from guide.pages.page import Page
from guide.pages.source import EACH_CONDITION, MANY_TOPICS, Source, lists_everything

# From this number of sources on, those that are no studies have a list of their own: one list of
# all would be the heaviest page of the guide.
MANY_SOURCES = 250

# A page that is to be made: the file it comes from, the page, and its topic ("" for none).
Planned = tuple[Source, Page, str]


def turn_of(entry: Planned) -> tuple[bool, bool, bool, bool]:
    """The key that sorts pages by when they are rendered.

    The facts' own pages come first, clinicians before patients, and last what lists all others.
    """
    source, page, _ = entry
    return lists_everything(source), page.repeats, page.track == "both", page.track == "patients"


def plan_pages(library: Library, sources: list[Source]) -> Iterator[Planned]:
    """Every page that the files of docs/ become: one a topic for docs/topic/, one for the rest.

    Raises ContentErrors for front matter that says what is not known.
    """
    for source in sources:
        shown_when = source.meta.get("shown_when", MANY_TOPICS)
        if shown_when != MANY_TOPICS:
            raise _refused(
                source,
                f"shown_when: '{shown_when}' is not known: write '{MANY_TOPICS}' for a page that"
                " is there only when topics are many, or leave it out",
            )
        if "shown_when" in source.meta and not many(library):
            continue
        if source.path.startswith("topic/"):
            yield from _topic_pages(library, source)
        elif source.path.startswith("condition/"):
            yield from _condition_pages(library, source)
        else:
            yield from _general_pages(library, source)


def _refused(source: Source, message: str) -> ContentErrors:
    """The error for the front matter of a page."""
    return ContentErrors([Problem(f"docs/{source.path}", 2, message)])


def _url(stem: str) -> str:
    """The address of a page from its path without '.md'."""
    return stem.removesuffix("index") if stem.endswith("index") else f"{stem}/"


def _general_pages(library: Library, source: Source) -> Iterator[Planned]:
    """The page of the whole guide, and where topics are many its list for each condition."""
    if source.path.startswith("about/") and name_of(source.path) in left_out(library):
        return
    if not _has_what_it_shows(library, source, ""):
        return
    stem = source.path.removesuffix(".md")
    url = _url(stem)
    page = Page(
        source.path,
        url,
        source.meta["title"],
        "both",
        "",
        order=int(source.meta.get("order", 0)),
        about=str(source.meta.get("description", "")),
        repeats=bool(source.meta.get("repeats")),
    )
    yield source, page, ""
    each = source.meta.get("each", EACH_CONDITION)
    if each != EACH_CONDITION:
        raise _refused(
            source,
            f"each: '{each}' is not known here: write '{EACH_CONDITION}' for a list of the whole"
            " guide, or leave it out",
        )
    if not lists_everything(source) or not many(library):
        return
    for key in sorted({topic.condition for topic in library.topics.values()}):
        colon = "" if page.title[-1] in ".?!" else ":"
        list_page = dataclasses.replace(
            page,
            path=f"{stem}/{key}.md",
            url=f"{url}{key}/",
            title=f"{page.title}{colon} {sentence(library.conditions[key].name)}",
            part=key,
            repeats=True,
        )
        yield source, list_page, ""


def _topic_pages(library: Library, source: Source) -> Iterator[Planned]:
    """The pages of every topic that a file of docs/topic/ becomes."""
    parts = Path(source.path).parts
    track = parts[1] if parts[1] in TRACKS else "both"
    for topic in library.topics.values():
        if parts[1] == "corrections" and topic.id not in library.claims:
            continue
        if name_of(source.path) in left_out(library, topic.id):
            continue
        if library.medicines[topic.medicine].kind not in _kinds(source):
            continue
        if not _has_what_it_shows(library, source, topic.id):
            continue
        for part in parts_of(library, source, topic.id, track):
            stem = "/".join((topic.id, *parts[1:])).removesuffix(".md")
            if part:
                stem = f"{stem.rpartition('/')[0]}/{slug(part)}"
            title = part or _topic_title(library, source, topic)
            page = Page(
                f"{stem}.md",
                _url(stem),
                title,
                track,
                topic.id,
                order=int(source.meta.get("order", 0)),
                part=part,
                counterpart=str(source.meta.get("counterpart", "")),
                repeats=bool(source.meta.get("repeats")),
                wide=bool(source.meta.get("wide")),
            )
            yield source, page, topic.id


def _condition_pages(library: Library, source: Source) -> Iterator[Planned]:
    """The pages of every condition that a file of docs/condition/ becomes."""
    parts = Path(source.path).parts
    track = parts[1] if parts[1] in TRACKS else "both"
    for key in dict.fromkeys(topic.condition for topic in library.topics.values()):
        if name_of(source.path) in left_out(library):
            continue
        if not _has_what_it_shows(library, source, key):
            continue
        for part in parts_of(library, source, key, track):
            stem = "/".join((key, *parts[1:])).removesuffix(".md")
            if part:
                stem = f"{stem.rpartition('/')[0]}/{slug(part)}"
            page = Page(
                f"{stem}.md",
                _url(stem),
                _condition_title(library, source, key, part, track),
                track,
                "",
                condition=key,
                order=int(source.meta.get("order", 0)),
                part=part,
                counterpart=str(source.meta.get("counterpart", "")),
                repeats=bool(source.meta.get("repeats")),
                wide=bool(source.meta.get("wide")),
            )
            yield source, page, ""


def _kinds(source: Source) -> tuple[str, ...]:
    """The kinds of interventions that a page of docs/topic/ is made for; all where it says nothing.

    Raises ContentErrors for a kind that does not exist.
    """
    known = get_args(m.InterventionKind)
    kinds = source.meta.get("kinds", list(known))
    if not isinstance(kinds, list) or any(kind not in known for kind in kinds):
        raise _refused(source, f"kinds: '{kinds}' is no list of these: {', '.join(known)}")
    return tuple(kinds)


def _has_what_it_shows(library: Library, source: Source, owner: str) -> bool:
    """Whether a topic or condition has what a page of its is made of: a page that would be empty is
    not made.

    Raises ContentErrors for a `needs` that is not known.
    """
    needs = source.meta.get("needs")
    if needs is None:
        return True
    if needs == "questions":
        return owner in library.questions
    if needs == "audit":
        return bool(library.audit)
    if needs == "card":
        return owner in library.cards
    if needs == "many sources":
        return len(library.sources) >= MANY_SOURCES and not many(library)
    if needs == "handout":
        return "handout" not in left_out(library, owner)
    if needs == "guidelines":
        return _advised(library, library.conditions[owner])
    if needs == "health-systems":
        return bool(library.health_systems_by_condition.get(owner))
    if needs in ("approvals", "offers"):
        return _is_decided(library, owner, approved=needs == "approvals")
    kinds = get_args(m.Kind)
    match needs:
        case ["medicine" | "topic" as scope, kind] if kind in kinds:
            return _says(library, library.topics[owner], kind, scope)
        case [*_] if set(needs) <= set(kinds):
            return _has_facts(library, owner, needs)
    raise _refused(
        source,
        f"needs: '{needs}' is not one of: questions, card, handout, audit, guidelines,"
        " health-systems, approvals, offers, a list of kinds of facts, or a scope and a kind as in"
        " [medicine, cost]",
    )


def _advised(library: Library, condition: m.Condition) -> bool:
    """Whether a guideline advises people of the condition's family, or everybody on a medicine of
    the condition.
    """
    medicines = library.medicines_by_condition.get(condition.id, ())
    people = {*condition.populations, *condition.related_populations, "all", "all/"}
    people.update(f"all/{medicine}" for medicine in medicines)
    return any(library.guidelines_by_population.get(one) for one in people)


def _says(library: Library, topic: m.Topic, kind: str, scope: str) -> bool:
    """Whether anybody wrote a fact of this kind, or a gap, about the topic or its medicine; with
    the scope "topic" about the condition, too.
    """
    subjects = [topic.id, topic.medicine, library.medicines[topic.medicine].class_]
    if scope == "topic":
        subjects.append(topic.condition)
    trials = library.trials_by_medicine.get(topic.medicine, ())
    return kind in topic.gaps or any(
        library.statements_by_subject.get(f"{subject}/{kind}")
        or library.statements_bearing_on.get(f"{subject}/{kind}")
        for subject in (*subjects, *trials)
    )


def _is_decided(library: Library, owner: str, approved: bool) -> bool:
    """Whether an agency answers about a topic's medicine, or about any medicine in a condition;
    with `approved` false, another body about what is no medicine.
    """
    topic = library.topics.get(owner)
    keys = library.medicines_with_approvals.get(topic.condition if topic else owner, ())
    if topic is not None:
        facts = _has_facts(library, owner, ["approval"])
        return facts or topic.medicine in keys
    return any(library.medicines[key].is_medicine == approved for key in keys)


def _has_facts(library: Library, owner: str, kinds: list[str]) -> bool:
    """Whether there are facts of these kinds about a topic, its intervention or its class, or a
    schedule where kinds of checks are among them; of a condition, about an intervention that no
    topic of its is about.
    """
    topic = library.topics.get(owner)
    if topic is None:
        topics = [one for one in library.topics.values() if one.condition == owner]
        known = {key for one in topics for key in _subjects(library, one)}
        others = (library.medicines_by_condition.get(key, ()) for key in (owner, ""))
        subjects = {key for keys in others for key in keys} - known
    else:
        subjects = {owner, *_subjects(library, topic)}
        if "monitoring" in kinds and topic.medicine in library.schedules:
            return True
    return any(
        f"{subject}/{kind}" in library.statements_by_subject
        for subject in subjects
        for kind in kinds
    )


def _subjects(library: Library, topic: m.Topic) -> set[str]:
    """A topic's intervention and its class."""
    return {topic.medicine, library.medicines[topic.medicine].class_ or topic.medicine}


def parts_of(library: Library, source: Source, owner: str, track: str) -> list[str]:
    """The pages a page of docs/topic/ or docs/condition/ becomes for one topic or condition: one a
    section where its front matter says `each`, else one.

    Raises ContentErrors for an `each` that is not known.
    """
    each = source.meta.get("each")
    if each is None:
        return [""]
    if each == "questions":
        return list(
            dict.fromkeys(
                question.section
                for question in library.questions.get(owner, ())
                if question.audience in ("both", track.removesuffix("s"))
            )
        )
    if each == "claims":
        return (
            list(dict.fromkeys(claim.section for claim in library.claims[owner].claims))
            if owner in library.claims
            else []
        )
    if each == "rows":
        return [row.id for row in rows_with_pages(library, owner)]
    raise _refused(source, f"each: '{each}' is not one of: questions, claims, rows")


def _condition_title(library: Library, source: Source, key: str, part: str, track: str) -> str:
    """The title of a condition's page: of a part, its section or the question of its row."""
    for row in rows_with_pages(library, key) if source.meta.get("each") == "rows" else ():
        if row.id == part:
            return row.patient if track == "patients" else row.clinician
    return part or _title(source.meta["title"], library.conditions[key])


def _topic_title(library: Library, source: Source, topic: m.Topic) -> str:
    """The title of a topic's page; where what the topic is about is no medicine, the page may have
    another one.
    """
    medicine, title = library.medicines[topic.medicine], source.meta["title"]
    if not medicine.is_medicine:
        title = str(source.meta.get("title_of_others", title))
    # The topic's own title goes in last: it may hold marks.
    before, mark, after = title.partition("{Topic}")
    condition = library.conditions[topic.condition]
    own = (library.site.own_people(population) for population in condition.populations)
    studied = words_join(dict.fromkeys(filter(None, own))) or condition.name
    named = [
        _title(one.replace("{studied}", studied), condition, medicine) for one in (before, after)
    ]
    return named[0] + (topic.title if mark else "") + named[1]


def _title(title: str, condition: m.Condition, medicine: m.Medicine | None = None) -> str:
    """A title of docs/topic/ or docs/condition/ with the names of its subjects in it."""
    if medicine is not None:
        title = title.replace("{medicine}", medicine.in_sentence)
        title = title.replace("{Medicine}", sentence(medicine.in_sentence))
    return (
        title.replace("{Condition}", sentence(condition.name))
        .replace("{condition}", condition.name)
        .replace("{abbreviation}", condition.abbreviation or condition.name)
    )
