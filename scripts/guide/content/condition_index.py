"""What the guide holds about one condition."""

from __future__ import annotations

from typing import NamedTuple


class ConditionIndex(NamedTuple):
    """A condition's share of the guide: its topics, the addresses of their pages, and what those
    show and cite, each in the order of the alphabet.
    """

    topics: tuple[str, ...]
    pages: tuple[str, ...]
    records: tuple[str, ...]
    sources: tuple[str, ...]
