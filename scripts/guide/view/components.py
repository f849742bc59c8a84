"""Which view function makes the value of which component.

A page calls `{{ statements(['dosing']) }}`: the view function gets the page's context and the
call's arguments and returns a frozen value; the macro of the same name prints that value.
"""

from __future__ import annotations

import functools
import inspect
import re
import typing
from collections.abc import Callable
from typing import Any

from guide.base.problem import CallError
from guide.view.about import about, choose_track, need, offline
from guide.view.answers import answer, answer_facts, evidence
from guide.view.approvals import approvals
from guide.view.audit import audit
from guide.view.card import card, card_facts
from guide.view.changes import changes
from guide.view.citation import cite
from guide.view.claims import claims, claims_index
from guide.view.comparison import comparison, comparison_row, what_matters
from guide.view.context import Context, TopicContext
from guide.view.dose_table import dose_table
from guide.view.due import due
from guide.view.emergency import help_now, urgent
from guide.view.fact import fact
from guide.view.fact_box import fact_box
from guide.view.figures.calendar import figure_calendar
from guide.view.figures.forest import figure_forest
from guide.view.figures.pathway import figure_pathway
from guide.view.figures.people import figure_people
from guide.view.figures.timeline import figure_timeline
from guide.view.findings import findings
from guide.view.glossary import glossary
from guide.view.guidelines import guidelines, health_systems, recommendations
from guide.view.handout import ask, handout, tick_sheet
from guide.view.open_data import data
from guide.view.page_links import medicine_links, page_links
from guide.view.prints import print_choice, print_mark, prints
from guide.view.questions import question_index, questions
from guide.view.reading_levels import reading_levels
from guide.view.references import references, sources
from guide.view.review import dates, review_notice
from guide.view.rules import rules
from guide.view.schedule import schedule, schedule_summary
from guide.view.statements import statements, statements_by_country
from guide.view.topics import home, topic_index
from guide.view.trials import trials
from guide.view.verdict import verdict

COMPONENTS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        answer,
        findings,
        card,
        card_facts,
        schedule_summary,
        medicine_links,
        page_links,
        answer_facts,
        evidence,
        claims,
        claims_index,
        due,
        glossary,
        guidelines,
        recommendations,
        health_systems,
        home,
        question_index,
        questions,
        reading_levels,
        topic_index,
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
        statements,
        statements_by_country,
        urgent,
        verdict,
        approvals,
        ask,
        comparison,
        comparison_row,
        fact,
        fact_box,
        figure_calendar,
        figure_forest,
        figure_pathway,
        figure_people,
        figure_timeline,
        handout,
        print_choice,
        print_mark,
        prints,
        dose_table,
        schedule,
        tick_sheet,
        trials,
        what_matters,
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
        call = _signature(function).bind(page, *args, **more)
    except TypeError as error:
        raise CallError(_wrong_call(name, error)) from None
    needed = _context_of(function)
    if not isinstance(page, needed):
        folder = "docs/topic/" if needed is TopicContext else "docs/topic/ or docs/condition/"
        raise CallError(f"'{name}' is for other pages: call it on a page of {folder}")
    return function(*call.args, **call.kwargs)


# Both are asked at every call of a component.
_signature = functools.cache(inspect.signature)


@functools.cache
def _context_of(function: Callable[..., Any]) -> type[Context]:
    """The pages that a component can stand on: those of its first parameter's type."""
    first = next(iter(_signature(function).parameters))
    needed: type[Context] = typing.get_type_hints(function)[first]
    return needed


def called_as(name: str) -> str:
    """A component's call as a page writes it: `statements(kinds, scope='topic', once=False)`."""
    parameters = list(inspect.signature(COMPONENTS[name]).parameters.values())[1:]
    plain = (str(one.replace(annotation=inspect.Parameter.empty)) for one in parameters)
    return f"{name}({', '.join(plain)})"


def _wrong_call(name: str, error: TypeError) -> str:
    missing = re.search(r"missing a required argument: '(\w+)'", str(error))
    if missing:
        return (
            f"the component needs its '{missing[1]}': calls look like {{{{ {called_as(name)} }}}}"
        )
    return f"{error}: calls look like {{{{ {called_as(name)} }}}}"
