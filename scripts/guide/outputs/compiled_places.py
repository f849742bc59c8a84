"""Old addresses before the site is made: what the compiled pages hold of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from guide.outputs.permalinks import Places
from guide.outputs.redirects import Rule
from guide.pages.page import Page


def places_of(pages: Iterable[Page]) -> dict[str, Places]:
    """The places of compiled pages by address, before the site is made."""
    return {
        page.url: Places(
            frozenset(page.ids), frozenset(page.ids[:1]), frozenset(page.shown) & set(page.ids)
        )
        for page in pages
    }


def is_kept(place: str, published: Mapping[str, Places], rules: Iterable[Rule]) -> bool:
    """Whether `page/#id`, or `page/#` for the page, is an old address that the site keeps alive."""
    page, _, anchor = place.partition("#")
    old = published.get(page)
    if old and (not anchor or anchor in old.ids | old.title):
        return True
    return any(rule.source in (page, place) for rule in rules)
