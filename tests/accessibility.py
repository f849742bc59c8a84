"""axe on a page of a running browser, for all tests that ask it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import axe_playwright_python

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}


def axe_violations(
    page: Any, options: dict[str, Any], places: list[int] | None = None
) -> list[tuple[str, str, int]]:
    """What axe finds on the page, or on the elements at these places of `window.elements`: rule,
    first element, how many.
    """
    violations = page.evaluate(
        """([options, places]) => axe.run(
            places ? { include: places.map(place => elements[place]) } : document, options
        ).then(result => result.violations.map(
            one => [one.id, one.nodes[0].html.slice(0, 180), one.nodes.length]
        ))""",
        [options, places],
    )
    return [(rule, element, count) for rule, element, count in violations]


def use_palette(page: Any, scheme: str) -> None:
    """Shows the page in a palette: "default" is light, "slate" dark."""
    page.evaluate("scheme => document.body.setAttribute('data-md-color-scheme', scheme)", scheme)
