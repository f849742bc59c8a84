"""The same page for the other reader."""

from __future__ import annotations

from collections.abc import Mapping

from guide.content.names import TRACKS
from guide.pages.page import Page


def _counterpart_url(page: Page) -> str | None:
    """The address of the same page on the other track; None for a page of both."""
    if page.track not in TRACKS:
        return None
    other = "clinicians" if page.track == "patients" else "patients"
    if page.counterpart:
        return f"{page.owner}/{other}/{page.counterpart}/"
    return page.url.replace(f"/{page.track}/", f"/{other}/", 1)


def counterpart_of(page: Page, by_url: Mapping[str, Page]) -> Page | None:
    """The same page for the other reader; for a part that only one reader has, the page above
    it.
    """
    address = _counterpart_url(page)
    if address is None:
        return None
    return by_url.get(address) or (
        by_url.get(address.rstrip("/").rpartition("/")[0] + "/") if page.part else None
    )
