"""References as one line, set by a CSL style."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import SimpleNamespace

from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle
from citeproc.source.json import CiteProcJSON

from guide.base import language
from guide.content import models as m
from guide.content.citations.items import TITLE, TITLE_END, Item, listed_item

STYLE = Path(__file__).with_name("icmje.csl")


@functools.lru_cache(maxsize=4)
def _style(locale: str) -> CitationStylesStyle:
    """The style in a language of CSL, such as `de-DE`."""
    return CitationStylesStyle(str(STYLE), locale=locale, validate=False)


def _locale() -> str:
    """What CSL calls the current language."""
    return language.current().locale.replace("_", "-")


def _unformatted(text: object) -> str:
    return str(text)


# Nothing is formatted but the title, and that by marks: the caller escapes the line and then sets
# its own element.
_MARKS = SimpleNamespace(
    preformat=_unformatted,
    Italic=lambda text: f"{TITLE}{text}{TITLE_END}",
    **{
        name: _unformatted
        for name in (
            "Oblique",
            "Bold",
            "Light",
            "Underline",
            "Superscript",
            "Subscript",
            "SmallCaps",
        )
    },
)


def reference_line(
    item: Item, escape: Callable[[str], str] = str, title: tuple[str, str] = ("", "")
) -> str:
    """The item as one line in the style of the ICMJE.

    `title` (opening, closing) is put around the item's title; `escape` is applied to all other
    text and to the title itself. Address and day of reading are printed only if the item has a
    `URL`.
    """
    before, mark, rest = _line_of(item).partition(TITLE)
    if not mark:
        return escape(before)
    inside, _, after = rest.partition(TITLE_END)
    return f"{escape(before)}{title[0]}{escape(inside)}{title[1]}{escape(after)}"


# Stand for title and address in the line that all pages of one day and publisher share.
_SLOTS = {"id": "page", "title": "Title of the page", "URL": "https://address.invalid/of/the/page/"}


# A title that the style prints as it is and puts a full stop behind.
_PLAIN_TITLE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ,:()’–-]|[.?](?= ))*(?<![ ,:(’–-])")


def _line_of(item: Item) -> str:
    """The line of an item, from the processor.

    Pages that differ by title and address alone share one call of the processor.
    """
    page = item["type"] == "webpage" and _PLAIN_TITLE.fullmatch(item["title"])
    like = item | {key: value for key, value in _SLOTS.items() if key in item} if page else item
    packed = json.dumps(like, sort_keys=True)
    if (_locale(), packed) not in _lines:
        _lines[_locale(), packed] = _marked(like)
    line = _lines[_locale(), packed]
    return (
        line.replace(_SLOTS["URL"], item.get("URL", "")).replace(_SLOTS["title"], item["title"], 1)
        if page
        else line
    )


# Lines by language and the JSON of their item. The processor takes two milliseconds an item, which
# is a second in every run.
_lines: dict[tuple[str, str], str] = {}


def packed_items(sources: Iterable[m.Source]) -> dict[str, str]:
    """The items of these sources as JSON, by source."""
    return {source.id: json.dumps(listed_item(source), sort_keys=True) for source in sources}


def set_line(packed: str) -> str:
    """The line of an item that `packed_items` gave."""
    return _lines.get((_locale(), packed)) or _marked(json.loads(packed))


def add_lines(lines: Mapping[str, str]) -> None:
    """Adds lines, by the JSON of their items."""
    _lines.update({(_locale(), item): line for item, line in lines.items()})


def _marked(item: Item) -> str:
    """The line of an item with `TITLE` and `TITLE_END` around its title."""
    bibliography = CitationStylesBibliography(_style(_locale()), CiteProcJSON([item]), _MARKS)
    bibliography.register(Citation([CitationItem(item["id"])]))
    line = str(bibliography.bibliography()[0])
    return re.sub(rf"(?<=[?!])(\]?{TITLE_END})\.", r"\1", line)
