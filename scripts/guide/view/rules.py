"""Rules and checks, as the page "How we check" shows them."""

from __future__ import annotations

from guide.base.text import text
from guide.view.context import Context


def rules_shown(page: Context) -> list[dict[str, str]]:
    """Name and reason of every rule of the content and of every check of the finished pages."""
    from guide.checks import registry, site
    from guide.checks import rule as rules

    return [
        *(
            {"name": rules.title(rule), "why": text(rules.why(rule))}
            for rule in registry.all_rules()
        ),
        *({"name": name, "why": text(why)} for name, why in site.CHECKS.items()),
    ]
