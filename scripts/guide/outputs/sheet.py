"""A sheet of paper as typed values: what `sheet.typ` sets, and nothing that it could run.

Each part says its `kind`, so that JSON says it too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True)
class Words:
    """Words in a line. `link` is a whole address, or `#` and the id of a place on the sheet;
    `together` keeps them on one line; `script` raises or lowers them.
    """

    words: str
    bold: bool = False
    together: bool = False
    script: Literal["", "sup", "sub"] = ""
    link: str = ""
    kind: Literal["words"] = "words"


@dataclass(frozen=True)
class Sign:
    """A sign in a line: a box to tick, a line to write on, or the end of a line."""

    kind: Literal["tick", "rule", "break"]


@dataclass(frozen=True)
class Place:
    """Where links to `id` lead; nothing is seen of it."""

    id: str
    kind: Literal["place"] = "place"


Inline: TypeAlias = Words | Sign | Place
Line: TypeAlias = tuple[Inline, ...]


@dataclass(frozen=True)
class Heading:
    """A heading; the sheet's own has level 1."""

    level: int
    line: Line
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True)
class Paragraph:
    """A paragraph. `look` is one of the classes that `sheet.typ` knows, or ""."""

    line: Line
    look: str = ""
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True)
class Picture:
    """A picture: an SVG as text, or a file by its path in the site, from `/` on. Without `alt` it
    is an ornament.
    """

    svg: str = ""
    path: str = ""
    alt: str = ""
    kind: Literal["picture"] = "picture"


@dataclass(frozen=True)
class Item:
    """An item of a list: a line, and what stands below it."""

    line: Line
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True)
class ItemList:
    """A list, with numbers from `start` on, with `marks`, or with neither."""

    items: tuple[Item, ...]
    marks: Literal["", "dot", "tick"] = ""
    start: int | None = None
    kind: Literal["list"] = "list"


@dataclass(frozen=True)
class Box:
    """Blocks with a frame around them, whose `look` is a class that `sheet.typ` knows."""

    look: str
    blocks: tuple[Block, ...]
    kind: Literal["box"] = "box"


@dataclass(frozen=True)
class Cell:
    """A cell of a table. `head` says that it names its row or its column."""

    blocks: tuple[Block, ...]
    head: bool = False
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True)
class Table:
    """A table. `looks` are the classes that `sheet.typ` may know; `columns` counts them."""

    caption: Line
    head: tuple[tuple[Cell, ...], ...]
    body: tuple[tuple[Cell, ...], ...]
    columns: int
    looks: tuple[str, ...] = ()
    kind: Literal["table"] = "table"


@dataclass(frozen=True)
class Beside:
    """Blocks with a picture at the end of their lines."""

    picture: Picture
    blocks: tuple[Block, ...]
    kind: Literal["beside"] = "beside"


Block: TypeAlias = Heading | Paragraph | Picture | ItemList | Box | Table | Beside


@dataclass(frozen=True)
class Sheet:
    """All that is on a sheet.

    `day` is the ISO date of the content, `mark` what stands at the foot of each page, and `pages`
    how they are numbered, with the places `page` and `pages`.
    """

    title: str
    language: str
    direction: Literal["ltr", "rtl"]
    day: str
    mark: str
    pages: str
    blocks: tuple[Block, ...]
