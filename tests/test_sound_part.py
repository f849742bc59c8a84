"""One mistake does not hide the next: what is sound is checked all the same."""

from __future__ import annotations

import dataclasses

import pytest

from conftest import TODAY
from guide.base.problem import ContentErrors
from guide.build import prepare
from guide.checks.rule import Guide
from guide.checks.rules import gaps_are_typed
from guide.content import models as m
from guide.content.loading import load
from guide.pages.page import Page
from test_bad_content import ANSWERS, DOSING, mend

FAQ = "content/topics/examplinib-ed/faq.yml"
TOPIC = "content/topics/examplinib-ed/topic.yml"


def rules_of(project):
    with pytest.raises(ContentErrors) as caught:
        prepare(project, TODAY)
    return {problem.rule for problem in caught.value.problems}


def test_a_mistake_of_form_a_wrong_name_and_a_missing_answer_come_at_once(tiny):
    mend(tiny, DOSING, "locator: section 2", "lokator: section 2")
    mend(tiny, FAQ, "[examplinib-no-trial]", "[examplinib-no-trail]")
    mend(tiny, ANSWERS, "    section: adverse-reactions\n", "    section: adverse-reaction\n")
    assert rules_of(tiny) >= {"form", "names-exist", "every-section-is-answered"}


def test_a_file_that_is_no_yaml_hides_no_missing_answer(tiny):
    mend(tiny, DOSING, "statements:", "statements: [")
    mend(tiny, ANSWERS, "    section: adverse-reactions\n", "    section: adverse-reaction\n")
    assert rules_of(tiny) >= {"form", "every-section-is-answered"}


def test_a_gap_that_no_page_shows(tiny):
    """No page of a topic shows what is not known of a disease of which facts stand there."""
    library = load(tiny)
    (topic,) = library.topics.values()
    gap = m.Gap(
        kind="not covered yet", patient="Nobody has looked.", ask="Ask your own team about it."
    )
    page = Page("x.md", "x/", "X", "patients", topic.id, text="Nothing of it.")
    left = topic.model_copy(update={"gaps": {"living": gap}})
    found = gaps_are_typed._shown_nowhere(
        Guide(dataclasses.replace(library, topics={topic.id: left}), tiny, [page], TODAY)
    )
    assert ["gaps.living: no page shows this gap" in str(one) for one in found] == [True]
    shown = dataclasses.replace(page, text="Nobody has looked.")
    guide = Guide(dataclasses.replace(library, topics={topic.id: left}), tiny, [shown], TODAY)
    assert list(gaps_are_typed._shown_nowhere(guide)) == []


def test_a_question_may_rest_on_a_result(tiny):
    mend(
        tiny,
        FAQ,
        "[examplinib-no-trial]",
        "[examplinib-no-trial, other-trial-response]",
    )
    built = prepare(tiny, TODAY)
    path = "examplinib-ed/clinicians/questions/does-it-work.md"
    page = next(one for one in built.pages if one.path == path)
    assert "other-trial-response" in page.stated
