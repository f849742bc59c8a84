"""What the pages say around the facts is never against the facts: a sentence that records could
contradict stands only where they say so.
"""

from __future__ import annotations

from conftest import TODAY
from guide.build import prepare
from test_bad_content import mend

SITE = "content/site.yml"


def words(project, path: str) -> str:
    (page,) = [page for page in prepare(project, TODAY).pages if page.path == path]
    return page.text


def test_a_trial_that_gave_the_medicine_too_is_not_said_to_have_tested_others(tiny):
    path, said = "examplinib-ed/patients/trials.md", "These trials tested **other medicines**"
    assert said in words(tiny, path)
    trial = "content/trials/other-trial.yml"
    mend(tiny, trial, "arm: placebo\n", "arm: examplinib\n        medicine: examplinib\n")
    assert said not in words(tiny, path)


def test_that_no_doctor_has_reviewed_it_is_said_only_while_it_is_so(tiny):
    assert "No doctor has reviewed this guide yet" in words(tiny, "index.md")
    mend(
        tiny,
        "content/topics/examplinib-ed/topic.yml",
        "  last_full_review:\n    unknown: Nobody has reviewed it.\n",
        "  last_full_review: 2026-01-02\n  reviewed_by:\n    - {name: Ann Person, role: Nurse,"
        " date: 2026-01-02, statement: All pages.}\n",
    )
    home = words(tiny, "index.md")
    assert "No doctor" not in home and "Every page says who reviewed it" in home


def test_the_licence_says_what_its_publisher_says_of_it(tiny):
    assert ": copy, change and share it, if you say" in words(tiny, "about/index.md")
    licence = (
        'licence: {name: CC BY-ND, title: No changes, spdx: CC-BY-ND-4.0, url: "https://e.org/l"'
    )
    mend(tiny, SITE, "topics:", licence + "}\ntopics:")
    assert "No changes (CC BY-ND)</a>. The code" in words(tiny, "about/index.md")
    mend(tiny, SITE, licence, licence + ", terms: 'copy it, unchanged'")
    assert "(CC BY-ND)</a>: copy it, unchanged. The code" in words(tiny, "about/index.md")


def test_what_readers_have_tested_is_the_publishers_to_say(tiny):
    assert "No reader has tested" not in words(tiny, "about/reading.md")
    mend(tiny, SITE, "  contact:", "  reader_tests: Six readers tried two pages.\n  contact:")
    assert "Six readers tried two pages." in words(tiny, "about/reading.md")


def test_an_article_whose_claims_are_checked_is_spoken_of_in_the_guides_own_words(tiny):
    index = words(tiny, "examplinib-ed/corrections/index.md")
    assert "has no part in this guide" not in index and "began with an article" not in index
    mend(
        tiny,
        "content/topics/examplinib-ed/claims.yml",
        "  author: Somebody\n",
        "  author: Somebody\n  why: It was shared widely.\n  note: Somebody helped us later.\n",
    )
    index = words(tiny, "examplinib-ed/corrections/index.md")
    assert "<p>It was shared widely.</p>" in index and ". Somebody helped us later. We" in index


def test_a_rating_that_nobody_made_has_no_page(tiny):
    assert not [page for page in prepare(tiny, TODAY).pages if page.path == "about/audit.md"]
