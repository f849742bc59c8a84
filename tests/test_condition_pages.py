"""The condition is a unit of the site: its pages stand once, above those of its topics."""

from __future__ import annotations

import re

import pytest
import yaml

from conftest import ROOT, TODAY
from guide.base.problem import ContentErrors
from guide.build import prepare
from guide.content import comparison_rows
from guide.content import models as m
from guide.content.loading import load
from guide.outputs.permalinks import End, Places, plan
from guide.outputs.redirects import Rule
from test_bad_content import mend

DISEASE = "example-disease"
QUESTIONS = """questions:
  - id: what-it-is
    section: The disease
    question: What is example disease?
    patient: It was made up for the tests.
    clinician: A fixture.
    statements: [ed-definition]
"""


def pages_of(project) -> dict:
    return {page.path: page for page in prepare(project, TODAY).pages}


def front(page) -> dict:
    return yaml.safe_load(page.markdown.split("---\n")[1])


def test_each_file_becomes_one_page_of_the_condition_and_none_of_a_topic(tiny):
    files = {
        path.relative_to(ROOT / "docs" / "condition").as_posix()
        for path in (ROOT / "docs" / "condition").rglob("*.md")
    }
    pages = pages_of(tiny)
    own = {path for path, page in pages.items() if page.condition}
    # A page that would be empty is not made: the tiny guide has no questions on the disease, no
    # guideline, no health system, no other medicine with facts, no long comparison, and nothing is
    # offered.
    none = re.compile(r"questions/|options/|(?:guidelines|access|other-medicines|offers)\.md")
    assert own == {f"{DISEASE}/{name}" for name in files if not none.search(name)}
    assert all(page.owner == DISEASE and not page.topic for page in map(pages.get, own))
    # What is the same for all options is not said again in the topic.
    gone = ("comparison", "condition", "other-medicines")
    assert not [
        path for path in pages if path.startswith("examplinib-ed/") and path[:-3].endswith(gone)
    ]


def test_the_frame_is_the_conditions_own(tiny):
    """A review notice, the condition as its start and the other reader's page; no verdict, for it
    is about no medicine.
    """
    pages = pages_of(tiny)
    for name, up in (("index", ""), ("options", "../"), ("condition", "../")):
        for track, other in (("patients", "clinicians"), ("clinicians", "patients")):
            page = pages[f"{DISEASE}/{track}/{name}.md"]
            meta = front(page)
            assert (meta["start_url"], meta["start_name"]) == (up or "./", "Example disease")
            below = f"{name}/" if up else ""
            assert meta["counterpart_url"] == f"{up}../{other}/{below}"
            assert "topic" not in meta and 'class="review' in page.markdown
            assert 'class="verdict' not in page.markdown


def test_only_a_wide_page_goes_without_menus(tiny):
    def hidden() -> set[str]:
        return {
            path.partition("/")[2]
            for path, page in pages_of(tiny).items()
            if page.condition and "navigation" in front(page).get("hide", [])
        }

    said = {
        path.relative_to(tiny / "docs" / "condition").as_posix()
        for path in (tiny / "docs" / "condition").rglob("*.md")
        if "\nwide: true\n" in path.read_text(encoding="utf-8")
    }
    assert hidden() == said >= {"patients/options.md", "clinicians/options.md"}
    mend(tiny, "docs/condition/patients/trials.md", "\n---\n#", "\nwide: true\n---\n#")
    assert hidden() == {*said, "patients/trials.md"}


def test_a_page_that_would_be_empty_is_not_made_and_nothing_leads_to_it(tiny):
    pages = pages_of(tiny)
    start = pages[f"{DISEASE}/patients/index.md"].markdown
    assert not [path for path in pages if path.startswith(f"{DISEASE}/") and "questions" in path]
    assert "All questions" not in start and 'href="options/"' in start
    assert "examplinib-ed/clinicians/card.md" not in pages
    (tiny / "content" / "conditions" / DISEASE / "faq.yml").write_text(QUESTIONS, encoding="utf-8")
    pages = pages_of(tiny)
    for track in ("patients", "clinicians"):
        assert f"{DISEASE}/{track}/questions/index.md" in pages
        page = pages[f"{DISEASE}/{track}/questions/the-disease.md"]
        assert 'id="what-it-is"' in page.markdown or "{ #what-it-is }" in page.markdown
    assert 'href="questions/">All questions' in pages[f"{DISEASE}/patients/index.md"].markdown


def test_what_a_page_needs_is_one_of_what_is_known(tiny):
    mend(tiny, "docs/topic/clinicians/card.md", "needs: card", "needs: a card")
    with pytest.raises(ContentErrors) as caught:
        prepare(tiny, TODAY)
    assert [str(problem) for problem in caught.value.problems] == [
        "docs/topic/clinicians/card.md:2: needs: 'a card' is not one of: questions, card, handout,"
        " audit, guidelines, health-systems, approvals, offers, a list of kinds of facts, or a"
        " scope and a kind as in [medicine, cost]"
    ]


def test_the_options_are_a_table_with_one_answer_a_cell(tiny):
    for track, words in (
        ("patients", "Nobody knows whether it helps."),
        ("clinicians", "Untested."),
    ):
        page = pages_of(tiny)[f"{DISEASE}/{track}/options.md"].markdown
        cells = re.findall(r'<td role="cell" class="option [^>]*>(.*?)</td>', page, re.S)
        assert len(cells) == 2 and f"<p>{words}</p>" in cells[1]
        # The facts stand closed under the row, and in no cell.
        assert not any('class="statement' in cell for cell in cells)
        evidence = page.partition('<details class="evidence">')[2].partition("</details>")[0]
        assert 'id="examplinib-no-trial"' in evidence


def test_the_facts_of_a_long_comparison_stand_on_a_page_for_each_row(tiny, monkeypatch):
    monkeypatch.setattr(comparison_rows, "MANY_FACTS", 1)
    pages = pages_of(tiny)
    [row] = load(tiny).comparisons[DISEASE].rows
    for track, question in (("patients", row.patient), ("clinicians", row.clinician)):
        grid = pages[f"{DISEASE}/{track}/options.md"].markdown
        assert 'class="evidence"' not in grid and 'id="examplinib-no-trial"' not in grid
        assert f'<a href="{row.id}/" data-record="guide">' in grid
        page = pages[f"{DISEASE}/{track}/options/{row.id}.md"]
        assert page.title == question
        assert f'<a href="../#row-{row.id}">' in page.markdown
        folds = re.findall(r'<details class="evidence".*?</details>', page.markdown, re.S)
        assert any('id="examplinib-no-trial"' in fold for fold in folds)
        other = {"patients": "clinicians", "clinicians": "patients"}[track]
        assert front(page)["counterpart_url"] == f"../../../{other}/options/{row.id}/"


def fact(*ids: str) -> Places:
    return Places(frozenset(ids), frozenset(), frozenset(ids), "Heading")


def section(*ids: str) -> Places:
    return Places(frozenset(ids), frozenset(), frozenset(), "Heading")


def test_an_old_address_of_a_fact_follows_it_to_the_page_of_the_condition():
    """The page leads to the one that took its place, which has most facts; a fact that stands on
    another page of the condition is followed there, to the same reader's.
    """
    tracks = ("patients", "clinicians")
    published = {f"a-ed/{track}/comparison/": fact("dose", "price") for track in tracks}
    live = {
        **{f"a-ed/{track}/dosing/": fact() for track in tracks},
        **{f"ed/{track}/options/": fact("dose") for track in tracks},
        **{f"ed/{track}/access/": fact("price") for track in tracks},
    }
    moved = [
        Rule(f"a-ed/{track}/comparison/", f"ed/{track}/options/", None, TODAY) for track in tracks
    ]
    made = plan(published, live, moved)
    assert made.problems == []
    for track in tracks:
        assert made.pages[f"a-ed/{track}/comparison/"].to == f"ed/{track}/options/"
        # What the new page has needs no word: its place is passed on.
        assert made.ends[f"a-ed/{track}/comparison/"] == {"price": End(f"ed/{track}/access/#price")}


def test_a_fact_that_its_topic_still_has_stays_in_the_topic():
    published = {"a-ed/patients/": fact("dose")}
    live = {
        "a-ed/patients/": fact(),
        "a-ed/patients/dosing/": fact("dose"),
        "ed/patients/options/": fact("dose"),
    }
    assert plan(published, live, []).ends["a-ed/patients/"]["dose"] == End(
        to="a-ed/patients/dosing/#dose"
    )


def test_a_section_follows_to_the_one_new_page_that_has_it_and_to_none_of_two():
    """Two conditions may have the same section: somebody says which of them it was."""
    published = {"a-ed/patients/approval/": section("matrix")}
    live = {"a-ed/patients/approval/": section(), "ed/patients/approvals/": section("matrix")}
    assert plan(published, live, []).ends["a-ed/patients/approval/"]["matrix"] == End(
        to="ed/patients/approvals/#matrix"
    )
    live["other/patients/approvals/"] = section("matrix")
    assert "'a-ed/patients/approval/#matrix' was published and leads nowhere now" in str(
        plan(published, live, []).problems[0]
    )


def test_who_reviewed_a_medicine_has_not_reviewed_the_disease(tiny):
    library = load(tiny)
    topic = library.topics["examplinib-ed"]
    person = m.Reviewer(name="A. Person", role="Tester", date=TODAY, statement="All of it.")
    seen = topic.review.model_copy(update={"reviewed_by": [person], "last_full_review": TODAY})
    library.topics[topic.id] = topic.model_copy(update={"review": seen})
    assert library.review_of(topic.id).reviewed_by == [person]
    own = library.review_of(DISEASE)
    assert own.reviewed_by == [] and isinstance(own.last_full_review, m.Unknown)
    assert own.next_review == topic.review.next_review
    with pytest.raises(KeyError):
        library.review_of("nowhere")
