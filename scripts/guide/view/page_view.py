"""What templates call `page`: names of view functions, bound to one page."""

from __future__ import annotations

import functools
from typing import Any

from guide.view.approvals import (
    alternatives_of,
    approval_cell,
    approval_matrix,
    approvals_of,
    related_matrices,
)
from guide.view.badges import badges_of
from guide.view.comparison import comparison_rows, comparison_shown
from guide.view.context import Context
from guide.view.figures import calendar, forest, pathway, people, timeline
from guide.view.gaps import gap_shown, gaps_shown, no_fact
from guide.view.handout import HandoutView
from guide.view.results import result_shown
from guide.view.review import review_notice
from guide.view.schedule import schedule_line, schedule_shown
from guide.view.selection import has_facts, pick_statements
from guide.view.statements import statement_shown, statements_shown
from guide.view.topics import conditions
from guide.view.trials import trial_shown, trials_in_group, trials_named

FUNCTIONS = {
    "conditions": conditions,
    "gap": gap_shown,
    "gaps": gaps_shown,
    "no_fact": no_fact,
    "badges": badges_of,
    "statement": statement_shown,
    "statements": statements_shown,
    "pick": pick_statements,
    "has": has_facts,
    "matrix": approval_matrix,
    "kin_matrices": related_matrices,
    "alternatives": alternatives_of,
    "approval_cell": approval_cell,
    "approvals": approvals_of,
    "trials": trials_in_group,
    "trials_named": trials_named,
    "trial": trial_shown,
    "result": result_shown,
    "comparison_rows": comparison_rows,
    "comparison": comparison_shown,
    "schedule": schedule_shown,
    "said": schedule_line,
    "people": people.people,
    "pictured_result": people.pictured_result,
    "forest": forest.forest,
    "timeline": timeline.timeline,
    "pathway": pathway.pathway,
    "calendar": calendar.calendar,
    "handout": HandoutView,
    "review": review_notice,
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
