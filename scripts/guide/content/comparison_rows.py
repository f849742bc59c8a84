"""The rows of a comparison whose facts stand on pages of their own."""

from __future__ import annotations

from guide.content import models as m
from guide.content.library import Library

# From this number of facts on, they no longer stand under the rows: the page of all options would
# be several times as heavy as any other. A short comparison keeps them in one place.
MANY_FACTS = 100


def rows_with_pages(library: Library, condition: str) -> list[m.ComparisonRow]:
    """The rows of a condition's comparison that have a page each: all or none."""
    grid = library.comparisons.get(condition)
    if grid is None:
        return []
    facts = {
        key for row in grid.rows for cell in row.cells for key in (*cell.statements, *cell.results)
    }
    return list(grid.rows) if len(facts) >= MANY_FACTS else []
