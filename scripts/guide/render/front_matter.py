"""The front matter of a page: what the theme prints."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from typing import Any

from guide.base.text import relative, sentence
from guide.content.library import Library
from guide.content.names import TRACKS, has_medicines
from guide.content.publication import Publication
from guide.pages.counterparts import counterpart_of
from guide.pages.page import Page
from guide.render import head

_YAML_LINES = {0x85: "\\x85", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def front_matter(
    page: Page, by_url: Mapping[str, Page], library: Library, publication: Publication
) -> str:
    """The front matter in YAML, with its marks; `by_url` are all pages by address.

    The theme prints the values as they are, so they are HTML already.
    """
    meta: dict[str, Any] = {
        "title": html.escape(page.title, quote=False),
        "track": page.track,
        **head.head(page, by_url, library, publication),
    }
    if page.topic:
        topic = library.topics[page.topic]
        meta["topic"] = html.escape(topic.title)
        meta["team"] = html.escape(library.conditions[topic.condition].team)
        meta["next_review"] = topic.review.next_review.isoformat()
        meta["topic_url"] = str(relative(page.url, f"{page.topic}/"))
        start, name = f"{page.topic}/{page.track}/", library.medicines[topic.medicine].name
    if page.condition:
        start, name = f"{page.condition}/{page.track}/", library.conditions[page.condition].name
        meta["team"] = html.escape(library.conditions[page.condition].team)
    if page.owner and page.track in TRACKS:
        meta["start_url"] = str(relative(page.url, start))
        meta["start_name"] = html.escape(sentence(name))
    if not _has_medicines(page, library):
        meta["without_medicines"] = True
    if page.wide:
        meta["hide"] = ["navigation", "toc"]
    elif page.part:
        # Its headings are the questions that its list led to.
        meta["hide"] = ["toc"]
    counterpart = counterpart_of(page, by_url)
    if counterpart:
        meta["counterpart_url"] = str(relative(page.url, counterpart.url))
    # A JSON string is a YAML string, but for three characters that YAML takes for a new line. This
    # takes a tenth of the time of PyYAML's writer.
    return (
        "---\n"
        + "".join(
            f"{key}: {json.dumps(value, ensure_ascii=False).translate(_YAML_LINES)}\n"
            for key, value in sorted(meta.items())
        )
        + "---\n\n"
    )


def _has_medicines(page: Page, library: Library) -> bool:
    """Whether the page's topic, or one of its condition or of the guide, is about a medicine."""
    if page.topic:
        return library.medicines[library.topics[page.topic].medicine].is_medicine
    if page.condition:
        return any(
            library.medicines[topic.medicine].is_medicine
            for topic in library.topics.values()
            if topic.condition == page.condition
        )
    return bool(library.compute_once(has_medicines))
