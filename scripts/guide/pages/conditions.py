"""What the pages about each condition show and cite."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from guide.content.condition_index import ConditionIndex
from guide.content.library import Library
from guide.content.names import many
from guide.pages.page import Page


def shares_of(library: Library, pages: Iterable[Page]) -> dict[str, ConditionIndex]:
    """What the pages about each condition show and cite, by condition; of topics that can be read
    through in one list, nothing.
    """
    if not many(library):
        return {}
    by_condition: dict[str, list[Page]] = {}
    for page in pages:
        if page.topic:
            by_condition.setdefault(library.topics[page.topic].condition, []).append(page)

    def together(of: Callable[[Page], Iterable[str]], own: list[Page]) -> tuple[str, ...]:
        return tuple(sorted({key for page in own for key in of(page)}))

    return {
        condition: ConditionIndex(
            together(lambda page: (page.topic,), own),
            together(lambda page: (page.url,), own),
            together(
                lambda page: (record for record in page.shown if record in library.records), own
            ),
            together(lambda page: page.cited, own),
        )
        for condition, own in sorted(by_condition.items())
    }
