"""Rules and checks, as the page "How we check" shows them."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from guide.base.language import current
from guide.base.language import gettext as _
from guide.base.text import text
from guide.checks import registry, site
from guide.checks.rule import Rule
from guide.content.language_rules import PARTS
from guide.view.context import Context


@dataclass(frozen=True)
class RuleShown:
    """A rule of the content or a check of the finished pages, with its reason. `lacks` says
    that the rule did not run in the guide's language, and why; empty where it did.
    """

    name: str
    why: Markup
    lacks: Markup = Markup("")


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
            *(
                RuleShown(rule.name, text(_(rule.reason)), _lacks(rule))
                for rule in registry.all_rules()
            ),
            *(RuleShown(name, text(_(reason))) for name, reason in site.CHECKS.items()),
        )
    )


def _lacks(rule: Rule) -> Markup:
    """That a rule did not run, or ran in part, because the language lacks what it goes by."""
    if not rule.lacks:
        return Markup("")
    said = (
        _("Ran in part: this guide has no {part} for {language}.")
        if rule.runs
        else _("Did not run: this guide has no {part} for {language}.")
    )
    return text(said.format(part=_(PARTS[rule.lacks]), language=current().name))
