"""Every page, section and file that shows, calls or names a record."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from guide.base.headings import parts
from guide.base.problem import ContentErrors, Problem
from guide.content.key_path import dotted
from guide.content.library import Library, Place
from guide.content.yaml_reader import read_yaml
from guide.pages.page import Page

# What the anchor of each kind of thing carries in front of its id.
_ANCHORS = {
    "source": "source-",
    "term": "term-",
    "trial": "trial-",
    "row": "row-",
    "test": "test-",
    "guideline": "guideline-",
    "health-system": "in-",
}


_PREFIX = re.compile(f"^(?:{'|'.join(_ANCHORS.values())})")


# What states a record, and does not only call a value of it.
_IN_FULL = '[class*="statement--"], tr, td'


# The section of a page that lists its own changes.
_LOG = "dates"


# Files as a whole: what stands in them has ids of its own.
_FILES = {"faq", "claims", "takeaways", "answers", "comparison", "schedule"}


@dataclass
class Shown:
    """Where a record is shown: the address, the page's title, the section, and whether it stands
    there in full.
    """

    address: str
    page: str
    section: str
    full: bool


@dataclass
class Whereabouts:
    """All that is known of one id: what it is, where it is written, shown, called and named."""

    id: str
    kind: str
    place: Place
    shown: list[Shown] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [f"{self.id}: {self.kind}, written in {self.place.path}:{self.place.line}"]
        for title, entries in (
            ("Stands in full on", [shown for shown in self.shown if shown.full]),
            ("Is cited or called on", [shown for shown in self.shown if not shown.full]),
        ):
            if entries:
                lines += [
                    "",
                    title,
                    *(
                        f"  /{shown.address} "
                        f" {shown.page}{' › ' + shown.section if shown.section else ''}"
                        for shown in entries
                    ),
                ]
        for title, places in (
            ("Its values are called in", self.calls),
            ("Is named in", self.named),
        ):
            if places:
                lines += ["", title, *(f"  {place}" for place in places)]
        return "\n".join(lines + ([] if self.shown else ["", "No page shows it."]))


def where(root: Path, library: Library, pages: list[Page], name: str) -> list[Whereabouts]:
    """Everything about an id, the address of a fact on the site, or a name as the pages show it;
    one entry for each thing of that id.

    Raises ContentErrors, with the nearest id or name, when nothing has it.
    """
    things: dict[str, list[tuple[str, Place]]] = {}
    for label, place in library.place.items():
        kind, _, key = label.rpartition(":")
        if kind not in _FILES:
            things.setdefault(key.rpartition("/")[2], []).append((label, place))
    id = _id_of(name, things, _names(library))
    mentions = list(_mentions(root, library, id))
    entries = []
    for label, place in things[id]:
        kind, _, key = label.rpartition(":")
        owner = key.rpartition("/")[0]
        entries.append(
            Whereabouts(
                id,
                _description(library, id, kind, owner),
                place,
                list(_shown(library, pages, id, kind, owner)),
                [text for text, call in mentions if call],
                [text for text, call in mentions if not call],
            )
        )
    return entries


def _description(library: Library, id: str, kind: str, owner: str) -> str:
    """What the thing is, such as 'statement about examplinib'."""
    if kind:
        return f"{kind} of {owner}" if owner else kind
    return f"{type(library.records[id]).__name__.lower()} about {library.subject[id]}"


def _shown(library: Library, pages: list[Page], id: str, kind: str, owner: str) -> Iterator[Shown]:
    """Every place of the pages that shows the thing; `owner` is its topic or subject."""
    for page in pages:
        topic = library.topics.get(page.topic)
        about = {topic.id, topic.medicine, topic.condition} if topic else {page.condition} - {""}
        if owner and owner not in about:
            continue
        if kind in ("topic", "medicine", "condition"):
            if id in about and page.url == f"{page.owner}/":
                yield Shown(page.url, page.title, "", True)
            continue
        if kind == "answer":
            yield from _answer_on_page(page, id, owner)
            continue
        yield from _on_page(page, id, kind)


def _id_of(name: str, ids: Collection[str], names: dict[str, str]) -> str:
    """The id that a person means: by the id itself, its anchor on a page, or the name of the thing;
    capitals do not matter.
    """
    word = name.rpartition("#")[2].strip().strip("/")
    known = {one.casefold(): id for one, id in names.items()} | {id: id for id in ids}
    for form in (name, word, _PREFIX.sub("", word)):
        if form.casefold() in known:
            return known[form.casefold()]
    # Found without regard to capitals, printed as it is written.
    written = {one.casefold(): one for one in (*names, *ids)}
    near = difflib.get_close_matches(_PREFIX.sub("", word).casefold(), written, n=1)
    of = f", the id '{names[written[near[0]]]}'" if near and written[near[0]] in names else ""
    raise ContentErrors(
        [
            Problem(
                "content",
                0,
                f"nothing has the id or the name '{word}'"
                + (f" (nearest: '{written[near[0]]}'{of})" if near else ""),
            )
        ]
    )


def _names(library: Library) -> dict[str, str]:
    """What pages call the things that have a name, and the id of each; of two with the same name,
    the first.
    """
    names: dict[str, str] = {}
    for things in (
        library.trials,
        library.medicines,
        library.conditions,
        library.guidelines,
        library.health_systems,
        library.glossary,
    ):
        for id, thing in things.items():
            fields = ("name", "term", "abbreviation", "registration")
            values = [getattr(thing, field, None) for field in fields]
            for value in (*values, *getattr(thing, "brands", ())):
                if isinstance(value, str):
                    names.setdefault(value, id)
    return names


def _on_page(page: Page, id: str, kind: str) -> Iterator[Shown]:
    """The sections of a page that show an id; once each, in full before in part."""
    seen: dict[str, Shown] = {}
    target = f"{_ANCHORS.get(kind, '')}{id}"
    naming = f'[data-record~="{id}"]'
    if kind == "source":
        naming = f':is([href="#{target}"], [data-cite="{id}"])'
    for heading, markup in parts(page.markdown):
        if heading.anchor == _LOG:
            # That the page notes a change of it is no place where it is shown.
            continue
        section = heading.words if heading.level > 1 else ""
        tree = LexborHTMLParser(markup)
        if heading.anchor == target or tree.css_matches(f'[id="{target}"]'):
            seen[section] = Shown(f"{page.url}#{target}", page.title, section, True)
        elif kind in ("", "source", "claim") and section not in seen and tree.css_matches(naming):
            address = f"{page.url}#{heading.anchor}" if heading.anchor else page.url
            whole = tree.css_matches(f":is({_IN_FULL}){naming}, :is({_IN_FULL}) {naming}")
            seen[section] = Shown(address, page.title, section, whole)
    yield from seen.values()


def _answer_on_page(page: Page, key: str, owner: str) -> Iterator[Shown]:
    """The section of a page that an answer begins; `key` is its page, and `#` and the section."""
    name, _, section = key.partition("#")
    if page.owner != owner or page.path.rsplit("/", 1)[-1] != f"{name}.md":
        return
    for heading, markup in parts(page.markdown):
        answered = heading.anchor == section if section else heading.level == 1
        if answered and 'class="answer' in markup:
            address = f"{page.url}#{section}" if section else page.url
            yield Shown(address, page.title, heading.words if section else "", True)


def _mentions(root: Path, library: Library, id: str) -> Iterator[tuple[str, bool]]:
    """Every place of the content that names an id (False) or calls one of its values (True), as
    file, line and field.
    """
    call = re.compile(rf"\{{{re.escape(id)}\.[a-z0-9_]+\}}")

    def walk(value: Any, at: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], bool]]:
        if isinstance(value, dict):
            for key, item in value.items():
                yield from walk(item, (*at, key))
        elif isinstance(value, list):
            for index, item in enumerate(value):
                yield from walk(item, (*at, index))
        elif isinstance(value, str) and at[-1] != "id":
            if value == id:
                yield at, False
            elif call.search(value):
                yield at, True

    for name, lines in library.lines.items():
        value, _, _ = read_yaml(root / name, name)
        for at, called in walk(value, ()):
            yield f"{name}:{lines.get(at, 0)}  {dotted(at)}", called
