"""One fact inside running text."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from guide.base.problem import CallError
from guide.view.context import Context
from guide.view.statements import statement_shown


@dataclass(frozen=True)
class Fact:
    """A fact without its badges."""

    id: str
    text: Markup
    cites: tuple[str, ...]


def fact(page: Context, fact_id: str) -> Fact:
    """A statement or approval in this reader's words.

    Raises KeyError for an id that does not exist, and CallError for a record without words for this
    reader.
    """
    shown = statement_shown(page, fact_id)
    if shown is None:
        raise CallError(
            f"'{fact_id}' has no wording for {page.track}: name a statement or approval that they"
            " are shown"
        )
    return Fact(shown.id, shown.text, shown.cites)
