"""What the pages about each condition show and cite."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from guide.content.condition_index import ConditionIndex
from guide.content.library import Library
from guide.content.names import many
from guide.pages.page import Page


def condition_indexes(library: Library, pages: Iterable[Page]) -> dict[str, ConditionIndex]:
    """What the pages about each condition show and cite, by condition.

    Empty where the topics can be read through in one list.
    """
    if not many(library):
        return {}
    by_condition: dict[str, list[Page]] = {}
    for page in pages:
        if page.owner:
            condition = page.condition or library.topics[page.topic].condition
            by_condition.setdefault(condition, []).append(page)

    def all_of(ids: Callable[[Page], Iterable[str]], pages: list[Page]) -> tuple[str, ...]:
        return tuple(sorted({key for page in pages for key in ids(page)}))

    return {
        condition: ConditionIndex(
            all_of(lambda page: filter(None, (page.topic,)), its_pages),
            all_of(lambda page: (page.url,), its_pages),
            all_of(
                lambda page: (record for record in page.shown if record in library.records),
                its_pages,
            ),
            all_of(lambda page: page.cited, its_pages),
        )
        for condition, its_pages in sorted(by_condition.items())
    }
