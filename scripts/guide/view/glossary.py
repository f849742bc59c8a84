"""The glossary."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from guide.base.text import text
from guide.view.context import Context
from guide.view.shown import Shown
from guide.view.statements import statement_shown


@dataclass(frozen=True)
class TermShown:
    """A hard word for both readers, and the fact that it rests on."""

    id: str
    term: Markup
    patient: Markup
    clinician: Markup
    statement: Shown | None = None


@dataclass(frozen=True)
class Glossary:
    """All terms, in alphabetical order."""

    terms: tuple[TermShown, ...]


def glossary(page: Context) -> Glossary:
    """Every hard word in patients' and clinicians' terms."""
    terms = sorted(page.library.glossary.values(), key=lambda term: term.term.lower())
    return Glossary(
        tuple(
            TermShown(
                term.id,
                text(term.term),
                text(term.patient),
                text(term.clinician),
                statement_shown(page, term.statement) if term.statement else None,
            )
            for term in terms
        )
    )
