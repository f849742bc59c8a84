"""A section of a page, as the search shows it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Section:
    """A section that can be found: where it is, what it says in short, and how often it says each
    word.
    """

    url: str
    title: str
    page: str
    track: str
    topic: str
    excerpt: str = ""
    typed: str = ""
    flag: str = ""
    intents: tuple[str, ...] = ()
    words: tuple[tuple[str, int], ...] = ()


def sections_text(sections: Iterable[Section]) -> str:
    """The sections as text, for `read_sections`."""
    # Not `dataclasses.asdict`: it copies every word.
    return json.dumps([vars(section) for section in sections], ensure_ascii=False)


def read_sections(path: Path) -> tuple[Section, ...]:
    """The sections in a compressed file of what `sections_text` gave."""
    sections = []
    for entry in json.loads(zlib.decompress(path.read_bytes())):
        words = tuple((word, count) for word, count in entry.pop("words"))
        intents = tuple(entry.pop("intents"))
        sections.append(Section(**entry, intents=intents, words=words))
    return tuple(sections)
