"""Which view function makes the value of which component.

A page calls `{{ statements(['dosing']) }}`: the view function gets the page's context and the
call's arguments and returns a frozen value; the macro of the same name prints that value.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable
from typing import Any

from guide.base.problem import CallError
from guide.view.about import about, choose_track, need, offline
from guide.view.audit import audit
from guide.view.changes import changes
from guide.view.citation import cite
from guide.view.context import Context, TopicContext
from guide.view.emergency import help_now, urgent
from guide.view.open_data import data
from guide.view.references import references, sources
from guide.view.review import dates, review_notice
from guide.view.rules import rules
from guide.view.statements import statements, statements_by_country
from guide.view.takeaways import in_short, takeaways
from guide.view.verdict import verdict

COMPONENTS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        about,
        audit,
        changes,
        choose_track,
        cite,
        data,
        dates,
        need,
        offline,
        references,
        review_notice,
        rules,
        sources,
        help_now,
        in_short,
        statements,
        statements_by_country,
        takeaways,
        urgent,
        verdict,
    )
}


def value_type(name: str) -> Any:
    """The type of a component's value, from what its view function returns."""
    return typing.get_type_hints(COMPONENTS[name])["return"]


def component_value(name: str, page: Context, args: tuple[Any, ...], more: dict[str, Any]) -> Any:
    """The value of a component on a page. Raises CallError for a call that the component cannot
    answer, with what to write instead.
    """
    function = COMPONENTS[name]
    try:
        call = inspect.signature(function).bind(page, *args, **more)
    except TypeError as error:
        raise CallError(_wrong_call(name, function, error)) from None
    if _needs_topic(function) and not isinstance(page, TopicContext):
        raise CallError(f"'{name}' is for pages of a topic: call it on a page of docs/topic/")
    return function(*call.args, **call.kwargs)


def _needs_topic(function: Callable[..., Any]) -> bool:
    first = next(iter(inspect.signature(function).parameters))
    return typing.get_type_hints(function)[first] is TopicContext


def _wrong_call(name: str, function: Callable[..., Any], error: TypeError) -> str:
    parameters = list(inspect.signature(function).parameters)[1:]
    known = f"{name}({', '.join(parameters)})"
    return f"{error}: the component is called as {known}"
