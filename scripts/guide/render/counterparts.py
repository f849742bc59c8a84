"""Links from each section to the same section for the other reader."""

from __future__ import annotations

from collections.abc import Mapping

from guide.base.headings import section
from guide.base.text import relative
from guide.pages.counterparts import counterpart_of
from guide.pages.page import Page


def with_counterpart_links(page: Page, body: str, by_url: Mapping[str, Page]) -> str:
    """The page's Markdown with a link to the twin section behind every section heading."""
    twin = counterpart_of(page, by_url)
    if twin is None:
        return body
    ids = {anchor for anchor, _ in twin.sections}
    label = (
        "Same question for clinicians" if page.track == "patients" else "Same question for patients"
    )
    lines = []
    for line in body.split("\n"):
        lines.append(line)
        level, _, anchor = section(line)
        if level in (2, 3) and anchor in ids and anchor not in ("sources", "dates"):
            link = (
                '<p class="twin" data-reading="skip" data-search="skip"><a'
                f' href="{relative(page.url, f"{twin.url}#{anchor}")}">{label}</a></p>'
            )
            lines += [link] if line.startswith("<") else ["", link, ""]
    return "\n".join(lines)
