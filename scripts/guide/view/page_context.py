"""The context of a page, by what the page is about."""

from __future__ import annotations

import datetime
from typing import Any

from guide.content import models as m
from guide.content.library import Library
from guide.content.names import Track
from guide.view.context import ConditionContext, Context, TopicContext


def page_context(
    library: Library,
    track: Track,
    topic: m.Topic | None,
    name: str,
    today: datetime.date,
    condition: m.Condition | None = None,
    **more: Any,
) -> Context:
    """The context of a page; of one topic, or of one condition, where that is given. `more` are
    fields of Context.
    """
    if topic is not None:
        condition = library.conditions[topic.condition]
        return TopicContext(library, track, name, today, topic=topic, condition=condition, **more)
    if condition is not None:
        return ConditionContext(library, track, name, today, condition=condition, **more)
    return Context(library, track, name, today, **more)
