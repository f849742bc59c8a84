"""Lines of a reference list."""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup

from guide.base.text import text
from guide.content import models as m
from guide.content import wording
from guide.content.citations import items, lines
from guide.content.library import Library
from guide.view.context import Context


def short_name(source: m.Source) -> str:
    """How a running text names a source: its journal, paper or body."""
    return source.container or (
        source.authors[0] if source.authors and source.authors[0] != "et al." else source.title
    )


def reference_lines(library: Library) -> dict[str, dict[str, Any]]:
    """The lines of reference lists that pages made so far, by source: every page would make the
    same again.
    """
    return {}


def reference(source: m.Source) -> dict[str, Any]:
    """One line of a reference list: the reference after the ICMJE, the links a reader may follow,
    and how it was read.
    """
    links = []
    if source.doi:
        links.append({"label": "DOI", "href": source.doi_address})
    if source.pmid:
        links.append({"label": "PubMed", "href": f"https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/"})
    if source.pmcid:
        links.append(
            {"label": "full text", "href": f"https://pmc.ncbi.nlm.nih.gov/articles/{source.pmcid}/"}
        )
    if source.nct:
        links.append(
            {"label": source.nct, "href": f"https://clinicaltrials.gov/study/{source.nct}"}
        )
    if source.url and not any(link["href"].rstrip("/") == source.url.rstrip("/") for link in links):
        links.insert(0, {"label": "open", "href": source.url})
    return {
        "id": source.id,
        "line": Markup(
            lines.reference_line(items.listed_item(source), text, ("<cite>", "</cite>"))
        ),
        "descriptive": source.title_is == "descriptive",
        "type": source.type.replace("-", " "),
        "links": [
            {
                "label": text(link["label"]),
                "href": Markup(re.sub(r"[\"'<>\s]", "", link["href"]).replace("&", "&amp;")),
            }
            for link in links
        ],
        "unlinked": text(source.unlinked or ""),
        "read_in_copy": source.read_in == "copy",
        "accessed": wording.shown_date(source.accessed),
        "primary": source.primary,
    }


def references_shown(page: Context) -> list[dict[str, Any]]:
    """The page's sources in the order of first use."""
    lines = page.library.memo(reference_lines)
    for source in page.printed.sources:
        record = page.library.sources[source]
        if source not in lines:
            lines[source] = reference(record)
    return [{"number": number, **lines[source]} for source, number in page.printed.sources.items()]


def all_sources_shown(page: Context) -> list[dict[str, Any]]:
    """The sources of the list by id: all of the guide, those of one condition, or those that
    stand on the list of none.
    """
    share = page.share
    elsewhere = (
        set() if share else {source for other in page.shares.values() for source in other.sources}
    )
    keys = (
        share.sources
        if share
        else sorted(key for key in page.library.sources if key not in elsewhere)
    )
    return [{"number": 0, **reference(page.library.sources[key])} for key in keys]


def sources_by_condition(page: Context) -> list[dict[str, Any]]:
    """`by_condition` with the `count` of sources."""
    return [
        {**entry, "count": wording.shown_number(len(page.shares[entry["id"]].sources))}
        for entry in page.by_condition()
    ]
