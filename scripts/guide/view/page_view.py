"""What a page of `docs/` calls `page`: the few things that its own words depend on."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from guide.base.problem import CallError, require_one_of
from guide.base.text import text
from guide.content import models as m
from guide.view.context import ConditionContext, Context, TopicContext
from guide.view.emergency import has_any_signs, says_signs
from guide.view.handout_parts import sheet
from guide.view.schedule import has_schedule
from guide.view.selection import has_facts, pick_statements
from guide.view.topics import conditions
from guide.view.trial_groups import tested_others, trials_in_group


@dataclass(frozen=True)
class PageView:
    """A page as its own Markdown sees it. All else is asked of components."""

    context: Context

    @property
    def title(self) -> Markup:
        """The page's title."""
        return self.context.title

    @property
    def part(self) -> Markup:
        """The section of questions or claims that the page holds; "" where it holds none."""
        return text(self.context.part)

    @property
    def many(self) -> bool:
        """Whether topics are too many to list on every page."""
        return self.context.many

    @property
    def condition_names(self) -> list[Markup]:
        """The names of the conditions of the site's topics."""
        return [text(condition.name) for condition in conditions(self.context)]

    def has(self, *kinds: str, scope: str = "topic") -> bool:
        """Whether there is a fact or a written gap of these kinds for the page's reader."""
        return has_facts(self._condition, *kinds, scope=scope)

    def has_fact(self, *kinds: str) -> bool:
        """Whether there is a fact of these kinds about the topic's intervention for the page's
        reader; a written gap is none.
        """
        found = pick_statements(self._condition, *kinds, scope="medicine")
        return any(self._condition.wording_of(record) for record in found)

    def has_schedule(self) -> bool:
        """Whether there is a schedule of tests for the topic's medicine."""
        return has_schedule(self._topic)

    def trial_count(self, group: str) -> int:
        """How many trials of this group there are."""
        return len(trials_in_group(self._condition, group))

    def tested_others(self, group: str) -> bool:
        """Whether there are trials of this group, and none gave anyone the page's medicine."""
        return tested_others(self._condition, group)

    @property
    def reader_tests(self) -> Markup:
        """What readers have tested, as the publisher says; "" where nothing is said."""
        return text(self.context.site.publisher.reader_tests or "")

    def has_signs(self) -> bool:
        """Whether the topic's intervention, or its class, has signs that need help at once."""
        return says_signs(self._topic)

    def has_any_signs(self) -> bool:
        """Whether there are signs to act on at once, on the same day or at the next visit."""
        return has_any_signs(self._topic)

    def has_questions(self) -> bool:
        """Whether the topic's sheet asks anything of this reader."""
        return bool(sheet(self._topic).ask)

    def has_medicines(self) -> bool:
        """Whether a topic of the page's condition, or of the whole guide, is about a medicine."""
        return self.context.has_medicines

    def is_kind(self, *kinds: str) -> bool:
        """Whether the topic's intervention is of one of these kinds. Raises CallError for a kind
        that does not exist.
        """
        for kind in kinds:
            require_one_of(kind, m.InterventionKind, "a kind of intervention")
        return self._topic.medicine.kind in kinds

    def need(self) -> Markup:
        """Why people with the condition look for further treatments; "" where nobody wrote it."""
        return self._condition.need()

    @property
    def _condition(self) -> ConditionContext:
        if not isinstance(self.context, ConditionContext):
            raise CallError(
                "this is for pages of a topic or a condition: write it in docs/topic/ or"
                " docs/condition/"
            )
        return self.context

    @property
    def _topic(self) -> TopicContext:
        if not isinstance(self.context, TopicContext):
            raise CallError("this is for pages of a topic: write it on a page of docs/topic/")
        return self.context


def page_names() -> list[str]:
    """All that a page may call of `page`."""
    return [name for name in dir(PageView) if not name.startswith("_")]
