"""What became of a source's text: compared with what it was when it was last read."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from guide.base.fingerprint import fingerprint
from guide.content import models as m
from guide.content.library import Library
from guide.content.source_texts import Reading, SourceText
from guide.link_check.client import Body
from guide.link_check.page_text import PageText, page_text

Outcome = Literal["first", "same", "changed", "lost", "wall", "unread"]

# Of the words that a text had, so few are no newer edition of it.
_LEFT = 0.2


@dataclass(frozen=True)
class Compared:
    """What was seen of a source's text.

    `outcome` is `lost` where a proof that stood there does not any more, `wall` where the answer
    seems not to be the document, and `unread` where nothing came. `seen` says it for people.
    `text` is what to keep.
    """

    outcome: Outcome
    seen: str
    text: SourceText | None


def compared(
    source: m.Source,
    proofs: dict[str, str],
    before: SourceText | None,
    address: str,
    body: Body,
    day: datetime.date,
) -> Compared:
    """The text of a source beside what it was. `proofs` are the phrases by record.

    An answer that seems to be a wall changes nothing: `text` is what was kept before.
    """
    text = page_text(body.data, body.type)
    if text is not None:
        wall = text.wall or _shrunk(text, before)
        if wall:
            return Compared("wall", f"{wall}, it seems: '{text.first}'", before)
    now = _reading(text, body, proofs, day)
    if before is None or before.address != address or before.was.of != now.of:
        return Compared("first", _first(now, len(proofs)), SourceText(address, now))
    if now.digest == before.was.digest:
        # A phrase may have been added to a record since.
        return Compared("same", "", SourceText(address, replace(now, day=before.was.day)))
    if before.now and before.now.digest == now.digest:
        now = replace(now, day=before.now.day)
    after = SourceText(address, _with_known(before.was, proofs), now)
    if _read_again(source, before) and not after.lost:
        return Compared("first", _first(now, len(proofs)), SourceText(address, now))
    return Compared("lost" if after.lost else "changed", _changed(after), after)


def proofs_of(library: Library, source: str) -> dict[str, str]:
    """The phrases that records quote from a source, by the id of the record."""
    return {
        record.id: record.proof
        for record in library.records.values()
        if source in record.sources and record.proof
    }


def _reading(
    text: PageText | None, body: Body, proofs: dict[str, str], day: datetime.date
) -> Reading:
    if text is None:
        return Reading(day, _digest(body.data), "file")
    found = tuple(sorted(key for key, proof in proofs.items() if text.holds(proof)))
    return Reading(day, _digest(text.words), "text", text.count, found)


def _digest(content: bytes | str) -> str:
    return fingerprint(content).hex()[:16]


def _with_known(was: Reading, proofs: Iterable[str]) -> Reading:
    """The reading without records that are gone, or quote nothing any more."""
    return replace(was, proofs=tuple(key for key in was.proofs if key in proofs))


def _shrunk(text: PageText, before: SourceText | None) -> str:
    had = before.was.words if before and before.was.of == "text" else 0
    if text.count >= had * _LEFT:
        return ""
    return f"a page of {text.count:,} words where {had:,} were"


def _read_again(source: m.Source, before: SourceText) -> bool:
    """Whether a person read the source after the change was found, or after the last reading."""
    if before.now is not None:
        return source.accessed >= before.now.day
    return source.accessed > before.was.day


def _first(now: Reading, proofs: int) -> str:
    if now.of == "file":
        return "kept as a file: a program here cannot read it, and notices only that it changes"
    return f"kept, with {len(now.proofs)} of {_phrases(proofs)} found"


def _changed(after: SourceText) -> str:
    assert after.now is not None
    if after.now.of == "file":
        return "another file; a program here cannot read it: compare it by eye"
    words = f"{after.now.words:,} words, were {after.was.words:,}"
    stood = len(after.was.proofs)
    if after.lost:
        return f"another text ({words}): {len(after.lost)} of {_phrases(stood)} not found any more"
    if not stood:
        return f"another text ({words}); no phrase was ever found in it"
    return f"another text ({words}): all of {_phrases(stood)} still stand"


def _phrases(count: int) -> str:
    return f"{count} quoted phrase{'' if count == 1 else 's'}"
