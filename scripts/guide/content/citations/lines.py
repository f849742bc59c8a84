"""References as one line, set by a CSL style."""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Callable, Iterable
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle
from citeproc.source.json import CiteProcJSON

from guide.base.parallel import spread
from guide.content import models as m
from guide.content.citations.items import TITLE, TITLE_END, Item, listed_item

STYLE = Path(__file__).with_name("icmje.csl")


# -- the line of text ----------------------------------------------------------------------


@functools.lru_cache(maxsize=1)
def _style() -> CitationStylesStyle:
    return CitationStylesStyle(str(STYLE), validate=False)


def _keep(text: str) -> str:
    return str(text)


# Nothing is formatted but the title, and that by marks: the caller escapes the line and then sets
# its own element.
_MARKS = SimpleNamespace(
    preformat=_keep,
    Italic=lambda text: f"{TITLE}{text}{TITLE_END}",
    **{
        name: _keep
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
    """The item as one line after the ICMJE, `escape`d, with `title` (opening, closing) around its
    title.

    What is not in the item is not printed; the address and the day it was read are printed only if
    it has `URL`.
    """
    before, mark, rest = _line_of(item).partition(TITLE)
    inside, _, after = rest.partition(TITLE_END)
    return (
        f"{escape(before)}{title[0]}{escape(inside)}{title[1]}{escape(after)}"
        if mark
        else escape(before)
    )


# What stands in the place of a page's title and address while the line of all pages alike is made.
_SLOTS = {"id": "page", "title": "Title of the page", "URL": "https://address.invalid/of/the/page/"}


# A title that the style prints as it is and puts a full stop behind.
_PLAIN_TITLE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ,:()’–-]*[A-Za-z0-9)])?")


def _line_of(item: Item) -> str:
    """The line of an item. Pages differ by title and address alone, and the processor is asked once
    for all that are alike.
    """
    page = item["type"] == "webpage" and _PLAIN_TITLE.fullmatch(item["title"])
    like = item | {key: value for key, value in _SLOTS.items() if key in item} if page else item
    packed = json.dumps(like, sort_keys=True)
    if packed not in _lines:
        _lines[packed] = _marked(like)
    line = _lines[packed]
    return (
        line.replace(_SLOTS["URL"], item.get("URL", "")).replace(_SLOTS["title"], item["title"], 1)
        if page
        else line
    )


# Lines made, by the item they are of. The processor takes two milliseconds an item: a second in
# every run for nothing.
_lines: dict[str, str] = {}


# Those of them that `recall_lines` found.
_kept: set[str] = set()


def make_lines(sources: Iterable[m.Source]) -> None:
    """Makes the lines that reference lists need and that are not made yet, over all processors."""
    for packed, line in spread(
        _packed_line,
        [
            packed
            for source in sources
            if (packed := json.dumps(listed_item(source), sort_keys=True)) not in _lines
        ],
    ):
        _lines[packed] = line


def _packed_line(packed: str) -> tuple[str, str]:
    return packed, _marked(json.loads(packed))


def recall_lines(path: Path) -> None:
    """Takes up the lines that `keep_lines` left, unless the style or the processor has changed
    since.
    """
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    if kept.get("made_with") == _made_with():
        _lines.update(kept["lines"])
        _kept.update(kept["lines"])


def keep_lines(path: Path, most: int = 20000) -> None:
    """Leaves the lines for the next run; a folder that cannot be written costs time and nothing
    else.
    """
    if path.is_file() and _kept == set(_lines):
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            json.dumps(
                {"made_with": _made_with(), "lines": dict(list(_lines.items())[-most:])},
                ensure_ascii=False,
            ),
            encoding="utf-8",
        )
    except OSError:
        pass


@functools.lru_cache(maxsize=1)
def _made_with() -> str:
    ours = (
        STYLE.read_bytes() + Path(__file__).read_bytes() + metadata.version("citeproc-py").encode()
    )
    return hashlib.sha256(ours).hexdigest()


def _marked(item: Item) -> str:
    bibliography = CitationStylesBibliography(_style(), CiteProcJSON([item]), _MARKS)
    bibliography.register(Citation([CitationItem(item["id"])]))
    line = str(bibliography.bibliography()[0])
    return re.sub(rf"(?<=[?!])(\]?{TITLE_END})\.", r"\1", line)
