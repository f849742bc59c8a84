"""The glossary."""

from __future__ import annotations

from typing import Any

from guide.base.text import text
from guide.view.context import Context
from guide.view.statements import statement_shown


def glossary_shown(page: Context) -> list[dict[str, Any]]:
    found = []
    for term in sorted(page.library.glossary.values(), key=lambda term: term.term.lower()):
        definition = statement_shown(page, term.statement) if term.statement else None
        found.append(
            {
                "id": term.id,
                "term": text(term.term),
                "patient": text(term.patient),
                "clinician": text(term.clinician),
                "also": [text(name) for name in term.also],
                "statement": definition,
            }
        )
    return found
