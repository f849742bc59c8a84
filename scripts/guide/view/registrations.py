"""The number of a study in a registry, with the page that shows it there."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from guide.base.registries import record_address
from guide.base.text import text


@dataclass(frozen=True)
class Registration:
    """A number with the address of its record."""

    number: Markup
    href: str


def registration_shown(number: str) -> Registration:
    """A number of a known registry. Raises ValueError for another form."""
    return Registration(text(number), record_address(number))
