"""The source article's claims with our verdicts."""

from __future__ import annotations

from typing import Any

from guide.base.text import slug, text
from guide.content import wording
from guide.view.context import Context


def claims_shown(page: Context) -> dict[str, Any] | None:
    """The source article's claims with our verdicts: of this page's section, else of all.

    With the article, how many claims have each verdict, and the sections with the addresses of
    their pages.
    """
    file = page.library.claims.get(page.topic_id)
    if file is None:
        return None
    sections: dict[str, dict[str, int]] = {}
    counts: dict[str, int] = {}
    entries = []
    for claim in file.claims:
        for tally in (counts, sections.setdefault(claim.section, {})):
            tally[claim.verdict] = tally.get(claim.verdict, 0) + 1
        if page.part and claim.section != page.part:
            continue
        entry = {
            "id": claim.id,
            "claim": text(claim.claim),
            "verdict": claim.verdict,
            "why": text(claim.why),
            "facts": claim.facts,
            "safety_critical": claim.safety_critical,
            "href": f"{slug(claim.section)}/#{claim.id}",
            "cites": [],
            "sources": " ".join(
                dict.fromkeys(
                    source for key in claim.facts for source in page.library.records[key].sources
                )
            ),
        }
        if page.part:
            entry["cites"] = page.cites(*claim.facts)
        entries.append(entry)
    return {
        "article": {
            "title": text(file.article.title),
            "author": text(file.article.author),
            "date": wording.shown_date(file.article.date),
        },
        "entries": entries,
        "counts": counts,
        "total": len(file.claims),
        "sections": [
            {
                "name": text(name),
                "href": f"{slug(name)}/",
                "total": sum(tally.values()),
                "wrong": sum(tally.values()) - tally.get("supported", 0),
            }
            for name, tally in sections.items()
        ],
    }
