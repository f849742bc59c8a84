"""Rules and checks, as the page "How we check" shows them."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from guide.base.language import gettext as _
from guide.base.text import text
from guide.checks import registry, site
from guide.view.context import Context


@dataclass(frozen=True)
class RuleShown:
    """A rule of the content or a check of the finished pages, with its reason."""

    name: str
    why: Markup


@dataclass(frozen=True)
class Rules:
    """All rules and checks, in the order of their names; rules first."""

    rules: tuple[RuleShown, ...]


def rules(page: Context) -> Rules:
    """Name and reason of every rule of the content and of every check of the finished pages.

    The message that a catalogue has for a rule is the first paragraph of its docstring.
    """
    return Rules(
        (
            *(RuleShown(rule.name, text(_(rule.reason))) for rule in registry.all_rules()),
            *(RuleShown(name, text(_(reason))) for name, reason in site.CHECKS.items()),
        )
    )
