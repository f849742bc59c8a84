"""Paper that can be checked: what a sheet says of its version, and which versions are out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from guide.base.text import first_words, relative, sentence, text
from guide.content import models as m
from guide.content import wording
from guide.content.names import TRACKS, Track
from guide.content.printed_versions import Changed, address_of, changes_between
from guide.view.context import TopicContext
from guide.view.handout_parts import SOURCES, qr_path, sheet, source_line
from guide.view.versions import current, published_versions


@dataclass(frozen=True)
class KeySource:
    """One of the few most important sources of a sheet, in one short line."""

    id: str
    number: int
    line: Markup


@dataclass(frozen=True, kw_only=True)
class PrintMark:
    """What makes a sheet checkable: code and date of its content, and the address that says
    whether it still holds. `public`: the site has an address of its own, so that `qr`, a picture of
    the address, leads there from anywhere. `source_count` counts all sources of the sheet.
    """

    topic: str
    code: str
    date: str
    next_review: str
    address: Markup
    href: str
    public: bool
    source_count: int
    qr: str = ""
    sources: tuple[KeySource, ...] = ()


@dataclass(frozen=True)
class PrintChoice:
    """Which sections to print: the script knows them, so the value holds nothing."""


@dataclass(frozen=True)
class LogEntry:
    """An entry of the change log."""

    date: str
    what: Markup
    reason: Markup


@dataclass(frozen=True, kw_only=True)
class SheetChange:
    """What has changed on a sheet since it was printed: `field` of the fact in `words` was `old`
    and is `new`; or the fact is new on the sheet, or gone from it.
    """

    record: str
    kind: Literal["changed", "added", "gone"]
    words: Markup
    href: str = ""
    field: Markup = Markup("")
    old: Markup = Markup("")
    new: Markup = Markup("")
    log: tuple[LogEntry, ...] = ()


@dataclass(frozen=True)
class PrintedVersion:
    """A version of a sheet that somebody may hold."""

    code: str
    date: str
    current: bool
    changes: tuple[SheetChange, ...] = ()


@dataclass(frozen=True)
class SheetVersions:
    """All versions of one reader's sheet, newest first; `href` leads to today's."""

    readers: Track
    href: str
    versions: tuple[PrintedVersion, ...]


@dataclass(frozen=True)
class Prints:
    """Every version of a topic's sheets."""

    topic: str
    sheets: tuple[SheetVersions, ...]


def print_mark(page: TopicContext) -> PrintMark:
    """What makes the page's sheet checkable; its sources are those cited above it."""
    library = page.library
    now = current(library, page.topic.id, page.track)
    address = address_of(page.address, page.topic.id, now.code)
    chosen, numbers = sheet(page).sources, page.printed.sources
    if chosen is None:
        chosen = tuple(key for key in numbers if library.sources[key].primary)[:SOURCES]
    return PrintMark(
        topic=page.topic.id,
        code=now.code,
        date=wording.shown_date(now.date),
        next_review=wording.shown_date(page.topic.review.next_review),
        address=text(re.sub(r"^https?://", "", address)),
        href=relative(page.url, f"{page.topic.id}/check/#{now.code}"),
        public=bool(page.address),
        qr=relative(page.url, qr_path(now.code)) if page.address else "",
        source_count=len(numbers),
        sources=tuple(
            KeySource(key, numbers[key], source_line(library.sources[key]))
            for key in chosen
            if key in numbers
        ),
    )


def print_choice(page: TopicContext) -> PrintChoice:
    """The tools for printing, which hold nothing of the topic."""
    return PrintChoice()


def prints(page: TopicContext) -> Prints:
    """Every version of the topic's handouts that somebody may hold, with what has changed
    since.
    """
    return Prints(page.topic.id, tuple(_sheet_versions(page, track) for track in TRACKS))


def _sheet_versions(page: TopicContext, track: Track) -> SheetVersions:
    newest, *_ = versions = published_versions(page.library, page.topic.id, track)
    return SheetVersions(
        track,
        relative(page.url, f"{page.topic.id}/{track}/handout/"),
        tuple(
            PrintedVersion(
                version.code,
                wording.shown_date(version.date),
                # A renamed topic gives the same values another code.
                version.values == newest.values,
                tuple(
                    _change(page, changed, track)
                    for changed in changes_between(version, newest, page.library.changes)
                ),
            )
            for version in versions
        ),
    )


def _change(page: TopicContext, changed: Changed, track: Track) -> SheetChange:
    record = page.library.records.get(changed.record)
    words = text(changed.record)
    if isinstance(record, m.Statement):
        own_words = record.patient if track == "patients" else record.clinician
        if own_words:
            words = first_words(page.fill(own_words, record))
    field = re.sub(r"^values\.|\[\d+\]", "", changed.field).replace("_", " ").replace(".", ", ")
    return SheetChange(
        record=changed.record,
        kind=changed.how,
        words=words,
        href=page.link_to(changed.record) if record else "",
        field=text(sentence(field)),
        old=text(changed.old),
        new=text(changed.new),
        log=tuple(
            LogEntry(wording.shown_date(entry.date), text(entry.what), text(entry.reason))
            for entry in changed.log
        ),
    )
