"""A sheet of paper as typed values: what `sheet.typ` sets, and nothing that it could run.

Each part says its `kind`, so that JSON says it too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
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
    """A cell of a table, over so many `columns` and `rows`.

    `head` says that it names its row or its column; `at` is its first column, from 0 on.
    """

    blocks: tuple[Block, ...] = ()
    head: bool = False
    columns: int = 1
    rows: int = 1
    at: int = 0


@dataclass(frozen=True)
class Table:
    """A table whose every place is in one cell. `looks` are the classes that `sheet.typ` may know;
    `columns` is their number.
    """

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


def table_of(
    caption: Line, head: Sequence[Sequence[Cell]], body: Sequence[Sequence[Cell]], looks: set[str]
) -> Table:
    """A table of cells that need not fill it: as in HTML, what they leave is empty, and a cell over
    several rows ends with its part of the table.
    """
    parts = [_placed(rows) for rows in (head, body)]
    columns = max(cell.at + cell.columns for part in parts for row in part for cell in row)
    filled_head, filled_body = (tuple(_filled(part, columns)) for part in parts)
    return Table(caption, filled_head, filled_body, columns, tuple(sorted(looks)))


def _placed(rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """The rows that have cells, each cell with its column."""
    rows = [row for row in rows if row]
    placed: list[list[Cell]] = []
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(rows):
        placed.append([])
        column = 0
        for cell in row:
            while (number, column) in taken:
                column += 1
            high = min(cell.rows, len(rows) - number)
            placed[-1].append(replace(cell, at=column, rows=high))
            taken |= {
                (number + down, column + across)
                for down in range(high)
                for across in range(cell.columns)
            }
            column += cell.columns
    return placed


def _filled(rows: Sequence[Sequence[Cell]], columns: int) -> Iterator[tuple[Cell, ...]]:
    """The same rows, with an empty cell at each place that has none."""
    taken = {
        (number + down, cell.at + across)
        for number, row in enumerate(rows)
        for cell in row
        for down in range(cell.rows)
        for across in range(cell.columns)
    }
    for number, row in enumerate(rows):
        empty = [Cell(at=at) for at in range(columns) if (number, at) not in taken]
        yield tuple(sorted((*row, *empty), key=lambda cell: cell.at))
