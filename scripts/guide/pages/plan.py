"""Which file of `docs/` becomes which pages."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

from guide.base.problem import ContentErrors, Problem
from guide.base.text import sentence, slug
from guide.content import models as m
from guide.content.library import Library
from guide.content.names import TRACKS, many
from guide.pages.page import Page
from guide.pages.source import EACH_CONDITION, STANDS, Source, lists_everything


def turn_of(entry: tuple[Source, Page, str]) -> tuple[bool, bool, bool, bool]:
    """When a page has its turn: the facts' own pages first, clinicians before patients, and last
    what lists all others.
    """
    source, page, _ = entry
    return lists_everything(source), page.repeats, page.track == "both", page.track == "patients"


def plan_pages(library: Library, sources: list[Source]) -> Iterator[tuple[Source, Page, str]]:
    """Which page becomes which address: one per topic for docs/topic/, one for the rest."""
    for source in sources:
        parts = Path(source.path).parts
        order = int(source.meta.get("order", 0))
        if source.meta.get("stands", STANDS) != STANDS:
            raise ContentErrors(
                [
                    Problem(
                        f"docs/{source.path}",
                        2,
                        f"stands: '{source.meta['stands']}' is not known: write '{STANDS}' for a"
                        " page that is there only when topics are many, or leave it out",
                    )
                ]
            )
        if "stands" in source.meta and not many(library):
            continue
        if parts[0] != "topic":
            stem = source.path.removesuffix(".md")
            url = stem.removesuffix("index") if stem.endswith("index") else f"{stem}/"
            page = Page(
                source.path,
                url,
                source.meta["title"],
                "both",
                "",
                order=order,
                about=str(source.meta.get("description", "")),
                repeats=bool(source.meta.get("repeats")),
            )
            yield source, page, ""
            if source.meta.get("each", EACH_CONDITION) != EACH_CONDITION:
                raise ContentErrors(
                    [
                        Problem(
                            f"docs/{source.path}",
                            2,
                            f"each: '{source.meta['each']}' is not known here: write"
                            f" '{EACH_CONDITION}' for a list of the whole guide, or leave it out",
                        )
                    ]
                )
            for key in (
                sorted({topic.condition for topic in library.topics.values()})
                if lists_everything(source) and many(library)
                else ()
            ):
                name = (
                    f"{page.title}{'' if page.title[-1] in '.?!' else ':'}"
                    f" {sentence(library.conditions[key].name)}"
                )
                yield (
                    source,
                    dataclasses.replace(
                        page,
                        path=f"{stem}/{key}.md",
                        url=f"{url}{key}/",
                        title=name,
                        part=key,
                        repeats=True,
                    ),
                    "",
                )
            continue
        track = parts[1] if parts[1] in TRACKS else "both"
        for topic in library.topics.values():
            if parts[1] == "corrections" and topic.id not in library.claims:
                continue
            for part in parts_of(library, source, topic, track):
                stem = "/".join((topic.id, *parts[1:])).removesuffix(".md")
                if part:
                    stem = f"{stem.rpartition('/')[0]}/{slug(part)}"
                url = stem.removesuffix("index") if stem.endswith("index") else f"{stem}/"
                title = part or _title(
                    source.meta["title"],
                    library.medicines[topic.medicine],
                    library.conditions[topic.condition],
                )
                yield (
                    source,
                    Page(
                        f"{stem}.md",
                        url,
                        title,
                        track,
                        topic.id,
                        order=order,
                        part=part,
                        twin=str(source.meta.get("twin", "")),
                        repeats=bool(source.meta.get("repeats")),
                    ),
                    topic.id,
                )


def parts_of(library: Library, source: Source, topic: m.Topic, track: str) -> list[str]:
    """The pages a page of docs/topic/ becomes for one topic: one a section where its front matter
    says `each`, else one.

    Raises ContentErrors for an `each` that is not known.
    """
    each = source.meta.get("each")
    if each is None:
        return [""]
    if each == "questions":
        return list(
            dict.fromkeys(
                question.section
                for question in library.questions.get(topic.id, ())
                if question.audience in ("both", track.removesuffix("s"))
            )
        )
    if each == "claims":
        return (
            list(dict.fromkeys(claim.section for claim in library.claims[topic.id].claims))
            if topic.id in library.claims
            else []
        )
    raise ContentErrors(
        [Problem(f"docs/{source.path}", 2, f"each: '{each}' is not one of: questions, claims")]
    )


def _title(title: str, medicine: m.Medicine, condition: m.Condition) -> str:
    return (
        title.replace("{medicine}", medicine.name)
        .replace("{Medicine}", sentence(medicine.name))
        .replace("{Condition}", sentence(condition.name))
        .replace("{condition}", condition.name)
        .replace("{abbreviation}", condition.abbreviation or condition.name)
    )
