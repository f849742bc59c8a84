"""What templates call `page`: names of view functions, bound to one page."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from guide.view.context import Context
from guide.view.schedule import has_schedule
from guide.view.selection import has_facts
from guide.view.topics import conditions

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "conditions": conditions,
    "has": has_facts,
    "has_schedule": has_schedule,
}


def page_names() -> list[str]:
    """All that templates may call of `page`."""
    return [*FUNCTIONS, *(name for name in dir(Context) if not name.startswith("_"))]


class PageView:
    """A page's context with the view functions as its methods."""

    def __init__(self, context: Context):
        self.context = context

    def __getattr__(self, name: str) -> Any:
        function = FUNCTIONS.get(name)
        if function:
            return functools.partial(function, self.context)
        if name.startswith("_") or not hasattr(self.context, name):
            raise AttributeError(f"'PageView' object has no attribute '{name}'")
        return getattr(self.context, name)
