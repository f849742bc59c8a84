"""The names of rows in the tables of a PDF.

Typst tags the cells of a table's head as names of columns. It cannot yet tag a cell as the name of
a row: its function for that, `pdf.header-cell`, is behind a switch that its Python package lacks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from guide.outputs.sheet import Beside, Block, Box, Cell, ItemList, Sheet, Table

if TYPE_CHECKING:
    import pikepdf

    # A row of the PDF's tags with the cells of the sheet.
    _Row: TypeAlias = list[tuple[pikepdf.Object, Cell]]


def name_rows(pdf: pikepdf.Pdf, sheet: Sheet) -> None:
    """Tags each cell that names its row as a header (`TH`), and names it in the row's other cells.

    Raises ValueError where the tables of the PDF are not those of the sheet.
    """
    import pikepdf

    tags = pdf.Root.StructTreeRoot
    names = pikepdf.NameTree(tags.IDTree) if "/IDTree" in tags else pikepdf.NameTree.new(pdf)
    elements = _below(tags, "/Table")
    for number, (element, table) in enumerate(zip(elements, _tables(sheet.blocks), strict=True)):
        rows = [
            list(zip(_children(row), cells, strict=True))
            for row, cells in zip(_below(element, "/TR"), (*table.head, *table.body), strict=True)
        ]
        for name, head in _named(rows[len(table.head) :], f"R{number}"):
            names[name] = head
    if len(names):
        tags.IDTree = names.obj


def _named(rows: Sequence[_Row], prefix: str) -> Iterator[tuple[str, pikepdf.Object]]:
    """Names the rows of a table's body; gives each name and its cell."""
    import pikepdf

    # The names that count for a row, and for how many rows from here.
    valid: list[tuple[str, int]] = []
    for at, row in enumerate(rows):
        valid = [(name, left - 1) for name, left in valid if left > 1]
        for place, (element, cell) in enumerate(row):
            if cell.head:
                name = f"{prefix}y{at}x{place}"
                element.S = pikepdf.Name.TH
                element.ID = pikepdf.String(name)
                _of_table(element).Scope = pikepdf.Name.Row
                valid.append((name, cell.rows))
                yield name, element
        for element, cell in row:
            if not cell.head:
                _of_table(element).Headers.extend(pikepdf.String(name) for name, _left in valid)


def _of_table(element: pikepdf.Object) -> pikepdf.Object:
    """What a cell's tag says of its place in the table."""
    return next(one for one in element.A if one.O == "/Table")


def _children(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """The tags right below a tag, without the places of its words on the page."""
    import pikepdf

    children = element.get("/K", pikepdf.Array())
    for child in children if isinstance(children, pikepdf.Array) else (children,):
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child


def _below(element: pikepdf.Object, kind: str) -> Iterator[pikepdf.Object]:
    """The tags of a kind at any depth below a tag, in order; not those inside one of them."""
    for child in _children(element):
        if kind == child.S:
            yield child
        else:
            yield from _below(child, kind)


def _tables(blocks: Iterable[Block]) -> Iterator[Table]:
    """The tables of a sheet, in order; not those inside one of them."""
    for block in blocks:
        if isinstance(block, Table):
            yield block
        elif isinstance(block, Box | Beside):
            yield from _tables(block.blocks)
        elif isinstance(block, ItemList):
            for item in block.items:
                yield from _tables(item.blocks)
