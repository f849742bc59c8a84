"""A section of a page, as the search shows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Section:
    """A section that can be found: where it is, what it says in short, and how often it says each
    word.

    `text_digest` is a digest of its whole text: two sections with the same are one to a reader.
    """

    url: str
    title: str
    page: str
    track: str
    topic: str
    excerpt: str = ""
    typed: str = ""
    flag: str = ""
    text_digest: bytes = b""
    words: tuple[tuple[str, int], ...] = ()
