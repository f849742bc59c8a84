"""Every option answers every question: an empty cell would be read as a no, or as a nothing to
fear.
"""

from __future__ import annotations

from collections.abc import Iterator

from guide.base.problem import Problem, nearest
from guide.checks.rule import Guide


def check(guide: Guide) -> Iterator[Problem]:
    """Options without exactly one cell in a row, and cells of no option."""
    for condition, grid in guide.library.comparisons.items():
        label, options = f"comparison:{condition}", [option.id for option in grid.options]
        for index, row in enumerate(grid.rows):
            cells = [cell.option for cell in row.cells]
            for option in options:
                if cells.count(option) != 1:
                    yield guide.problem(
                        label,
                        f"rows[{index}] ({row.id}):"
                        f" {'no cell' if option not in cells else 'more than one cell'} for"
                        f" '{option}': give one, with a 'gap' if need be",
                        "rows",
                        index,
                    )
            for place, option in enumerate(cells):
                if option not in options:
                    yield guide.problem(
                        label,
                        f"rows[{index}].cells[{place}]: there is no option"
                        f" '{option}'{nearest(option, options)}",
                        "rows",
                        index,
                        "cells",
                        place,
                        "option",
                    )
