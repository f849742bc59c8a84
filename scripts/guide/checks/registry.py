"""All rules, by name."""

from __future__ import annotations

import dataclasses
import functools
import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

from guide.base.problem import Problem
from guide.checks import rules
from guide.checks.rule import Guide, title
from guide.pages.page import Page


@functools.cache
def all_rules() -> list[ModuleType]:
    """Every rule of `checks/rules/`, by name."""
    return [
        importlib.import_module(f"{rules.__name__}.{module.name}")
        for module in sorted(pkgutil.iter_modules(rules.__path__), key=lambda module: module.name)
    ]


def check_page(guide: Guide, page: Page, text: str) -> Iterator[Problem]:
    """What the rules for single pages find on a page; `text` is its Markdown with front matter."""
    for rule in all_rules():
        if hasattr(rule, "check_page"):
            yield from (
                dataclasses.replace(problem, rule=title(rule))
                for problem in rule.check_page(guide, page, text)
            )
