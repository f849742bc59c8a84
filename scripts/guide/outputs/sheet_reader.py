"""The parts of a sheet, read from the HTML of what is on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, cast

from selectolax.lexbor import LexborNode

from guide.outputs.sheet import (
    Beside,
    Block,
    Box,
    Cell,
    Heading,
    Inline,
    Item,
    ItemList,
    Line,
    Paragraph,
    Picture,
    Place,
    Sign,
    Words,
    table_of,
)

_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}


# What begins a line of its own. All others stand in a line.
_BLOCKS = {
    *_HEADINGS,
    *(
        "address",
        "article",
        "aside",
        "blockquote",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "figcaption",
    ),
    *("figure", "footer", "header", "hr", "img", "li", "main", "nav", "ol", "p", "pre", "section"),
    *("summary", "table", "ul"),
}


_BOXES = ("verdict", "help-now", "review")
_LOOKS = ("gap", "handout-badges")


_SIGNS: dict[str, Literal["tick", "rule"]] = {"tick": "tick", "ask__line": "rule"}


_BOLD_TAGS = {"b", "strong", "dt"}
_BOLD_CLASSES = {"fact-box__kind", "print-mark__address"}
_PLAIN_CLASSES = {"tick-sheet__say"}


# What words look like where nothing says how.
_PLAIN = Words("")


# As in HTML: a no-break space stays.
_SPACES = re.compile(r"[ \t\n\r\f]+")


def read_blocks(article: LexborNode, pictures: dict[str, Picture]) -> tuple[Block, ...]:
    """The parts of an article that holds only what is on paper.

    `pictures` has the picture of each `src`, without its words. Raises KeyError for one that it
    lacks.
    """
    linked = {
        href[1:]
        for link in article.css('a[href^="#"]')
        if (href := link.attributes["href"]) is not None
    }
    reader = _Reader(pictures, linked)
    return (*reader.blocks(article), *reader.rest())


@dataclass
class _Line:
    """A line that grows. Runs of spaces become one, and none stands at either end."""

    parts: list[Inline] = field(default_factory=list)

    def add(self, words: Words) -> None:
        said = _SPACES.sub(" ", words.words)
        last = next((part for part in reversed(self.parts) if not isinstance(part, Place)), None)
        if said.startswith(" ") and (
            not isinstance(last, Words | Sign)
            or (isinstance(last, Words) and last.words.endswith(" "))
        ):
            said = said[1:]
        if not said:
            return
        before = self.parts[-1] if self.parts else None
        if isinstance(before, Words) and replace(before, words="") == replace(words, words=""):
            self.parts[-1] = replace(before, words=before.words + said)
        else:
            self.parts.append(replace(words, words=said))

    def take(self) -> Line:
        """The line so far; the next one begins. Places alone are no line: they wait for one."""
        parts = self.parts
        while parts and isinstance(last := parts[-1], Words) and last.words.endswith(" "):
            parts[-1:] = [replace(last, words=said)] if (said := last.words.rstrip(" ")) else []
        if all(isinstance(part, Place) for part in parts):
            return ()
        self.parts = []
        return tuple(parts)


class _Reader:
    """Reads elements into blocks, in the order of the page."""

    def __init__(self, pictures: dict[str, Picture], linked: set[str]):
        self._pictures = pictures
        self._linked = linked
        self._line = _Line()
        self._level = 0

    def blocks(self, element: LexborNode, style: Words = _PLAIN) -> Iterator[Block]:
        """What stands in an element; words in it that no block holds are paragraphs."""
        children = list(element.iter(include_text=True))
        for at, child in enumerate(children):
            if child.tag not in _BLOCKS and not _holds_blocks(child):
                self._inline(child, style)
                continue
            yield from self._paragraph()
            if (image := child.css_first("img.print-mark__qr")) is not None:
                yield from self._beside(image, children[at:])
                return
            yield from self._block(child, style)
        yield from self._paragraph()

    def rest(self) -> Iterator[Block]:
        """The places that no line followed."""
        if self._line.parts:
            yield Paragraph(tuple(self._line.parts))

    def _paragraph(self, look: str = "") -> Iterator[Block]:
        line = self._line.take()
        if line:
            yield Paragraph(line, look)

    def _beside(self, image: LexborNode, elements: list[LexborNode]) -> Iterator[Block]:
        """The picture at the end of the lines of all that follows it, up to the next heading."""
        picture = self._picture(image)
        image.decompose()
        blocks = [block for one in elements for block in self._alone(one)]
        end = next(
            (at for at, block in enumerate(blocks) if isinstance(block, Heading)), len(blocks)
        )
        yield Beside(picture, tuple(blocks[:end]))
        yield from blocks[end:]

    def _alone(self, node: LexborNode) -> Iterator[Block]:
        if node.tag in _BLOCKS or _holds_blocks(node):
            yield from self._block(node, _PLAIN)
        else:
            self._inline(node, _PLAIN)
            yield from self._paragraph()

    def _block(self, element: LexborNode, style: Words) -> Iterator[Block]:
        tag, classes = element.tag or "", _classes(element)
        self._place(element)
        if tag in _HEADINGS:
            self._inside(element, style)
            if line := self._line.take():
                # A PDF leaves out no level.
                self._level = min(int(tag[1]), self._level + 1)
                yield Heading(self._level, line)
        elif tag == "img":
            yield self._picture(element)
        elif tag in ("ul", "ol"):
            yield self._list(element, style)
        elif tag == "table":
            yield from self._table(element)
        elif box := next((name for name in _BOXES if name in classes), ""):
            if blocks := tuple(self.blocks(element, style)):
                yield Box(box, blocks)
        elif look := next((name for name in _LOOKS if name in classes), ""):
            self._inside(element, style)
            yield from self._paragraph(look)
        else:
            yield from self.blocks(element, _style(element, tag, classes, style))

    def _picture(self, image: LexborNode) -> Picture:
        picture = self._pictures[image.attributes.get("src") or ""]
        return replace(picture, alt=image.attributes.get("alt") or "")

    def _list(self, element: LexborNode, style: Words) -> ItemList:
        """A list. Where each item begins with a box to tick, the boxes are its marks."""
        items = tuple(self._item(item, style) for item in element.iter() if item.tag == "li")
        start, classes = element.attributes.get("start") or "1", _classes(element)
        if element.tag == "ol":
            return ItemList(items, start=int(start) if start.isdecimal() else 1)
        if items and all(item.line[:1] == (Sign("tick"),) for item in items):
            return ItemList(tuple(Item(one.line[1:], one.blocks) for one in items), marks="tick")
        return ItemList(items, marks="" if "key-sources" in classes else "dot")

    def _item(self, item: LexborNode, style: Words) -> Item:
        self._place(item)
        first, *rest = list(self.blocks(item, style)) or [Paragraph(())]
        if isinstance(first, Paragraph):
            return Item(first.line, tuple(rest))
        return Item((), (first, *rest))

    def _table(self, table: LexborNode) -> Iterator[Block]:
        """A table; its caption alone where it has no cells."""
        caption = table.css_first("caption")
        if caption is not None:
            self._place(caption)
            self._inside(caption, _PLAIN)
        line = self._line.take()
        looks = _classes(table)
        rows = [(row, _tag_of(row.parent)) for row in table.css("tr")]
        head = [self._row(row, bold=True) for row, part in rows if part == "thead"]
        body = [self._row(row, bold="tick-sheet" in looks) for row, part in rows if part != "thead"]
        if any((*head, *body)):
            yield table_of(line, head, body, looks)
        elif line:
            yield Paragraph(line)

    def _row(self, row: LexborNode, *, bold: bool) -> tuple[Cell, ...]:
        self._place(row)
        return tuple(self._cell(cell, bold) for cell in row.iter() if cell.tag in ("td", "th"))

    def _cell(self, cell: LexborNode, bold: bool) -> Cell:
        """A cell; `bold` says how the words of one look that names its row or column."""
        self._place(cell)
        head = cell.tag == "th"
        return Cell(
            tuple(self.blocks(cell, Words("", bold=bold and head))),
            head,
            _span(cell, "colspan"),
            _span(cell, "rowspan"),
        )

    # -- in a line --------------------------------------------------------------------------

    def _place(self, element: LexborNode) -> None:
        anchor = element.attributes.get("id") or ""
        if anchor in self._linked:
            self._linked.remove(anchor)  # A second place of the same id leads nowhere.
            self._line.parts.append(Place(anchor))

    def _inside(self, element: LexborNode, style: Words) -> None:
        for child in element.iter(include_text=True):
            self._inline(child, style)

    def _inline(self, node: LexborNode, style: Words) -> None:
        tag = node.tag or ""
        if tag == "-text":
            self._line.add(replace(style, words=node.text_content or ""))
        if tag.startswith("-"):
            return
        classes = _classes(node)
        self._place(node)
        sign = next((_SIGNS[name] for name in classes if name in _SIGNS), None)
        if sign or tag == "br":
            self._line.parts.append(Sign(sign or "break"))
        elif "cites" in classes:
            self._line.add(replace(style, words="\u00a0"))
            self._line.add(replace(style, words=node.text().strip(), together=True))
        elif "badge" in classes:
            self._line.add(replace(style, words=f"({node.text().strip()}) "))
        else:
            self._inside(node, _style(node, tag, classes, style))


def _style(element: LexborNode, tag: str, classes: set[str], style: Words) -> Words:
    """How words in an element of a line look, in one that looks like `style`."""
    bold = tag in _BOLD_TAGS or not classes.isdisjoint(_BOLD_CLASSES)
    return replace(
        style,
        bold=(style.bold or bold) and classes.isdisjoint(_PLAIN_CLASSES),
        script=cast(Literal["sup", "sub"], tag) if tag in ("sup", "sub") else style.script,
        link=(element.attributes.get("href") or "") if tag == "a" else style.link,
    )


# What a line cannot hold.
_OF_BLOCKS = ":is(div, dl, img, ol, p, table, ul)"


def _holds_blocks(node: LexborNode) -> bool:
    return node.child is not None and node.css_first(_OF_BLOCKS) is not None


def _classes(element: LexborNode) -> set[str]:
    return set((element.attributes.get("class") or "").split())


def _tag_of(element: LexborNode | None) -> str:
    return (element.tag or "") if element is not None else ""


def _span(cell: LexborNode, name: str) -> int:
    number = cell.attributes.get(name) or ""
    return max(1, int(number)) if number.isdecimal() else 1
