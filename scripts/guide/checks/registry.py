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
from guide.checks.rule import Guide, Rule
from guide.pages.page import Page


def rule_of(module: ModuleType) -> Rule:
    """The rule that a module of `checks/rules/` holds."""
    return Rule(
        name=module.__name__.rsplit(".", 1)[-1].replace("_", "-"),
        reason=" ".join((module.__doc__ or "").strip().split("\n\n")[0].split()),
        check=getattr(module, "check", None),
        check_page=getattr(module, "check_page", None),
        needs=getattr(module, "NEEDS", ""),
        partly=getattr(module, "PARTLY", False),
    )


@functools.cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule of `checks/rules/`, by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(rules.__path__))
    return tuple(rule_of(importlib.import_module(f"{rules.__name__}.{name}")) for name in names)


def check_page(guide: Guide, page: Page, text: str) -> Iterator[Problem]:
    """What the rules for single pages find on a page; `text` is its Markdown with front matter."""
    for rule in all_rules():
        if rule.check_page is not None and rule.runs:
            for problem in rule.check_page(guide, page, text):
                yield dataclasses.replace(problem, rule=rule.name)
