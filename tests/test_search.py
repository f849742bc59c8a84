"""The search box of the built site, in a real browser: the right section first, by keyboard,
offline, small.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
import sys

import pytest

import search_eval
from conftest import ROOT
from guide.outputs.asset_names import assets_in
from guide.search import tokens

pytestmark = pytest.mark.site

OPEN = ROOT / "tests" / "questions.json"


def evaluated(path, site):
    """The questions of a file, typed into the box."""
    script = [sys.executable, str(ROOT / "scripts" / "search_eval.py"), "--json", str(path)]
    done = subprocess.run(
        [*script, str(site)],
        text=True,
        capture_output=True,
        check=True,
        env={**os.environ, "CHROMIUM": os.environ.get("CHROMIUM") or shutil.which("chromium")},
    )
    return json.loads(done.stdout)


@pytest.fixture(scope="session")
def answered(site, browser):
    """The open questions; the browser fixture only makes sure that there is a browser."""
    return evaluated(OPEN, site)


def share(group, most: int) -> float:
    return sum(0 < one["rank"] <= most for one in group) / len(group)


def test_the_open_questions_find_their_section(answered):
    assert len(answered) == 74
    assert share(answered, 3) >= 0.95, search_eval.report(answered)
    assert share([one for one in answered if "misspelled" in one["tags"]], 3) >= 0.90


DEVELOPMENT = ROOT / "tests" / "search" / "development.json"


def test_the_development_questions_do_no_worse(site, browser):
    """Thresholds were set by these questions: their figures are no measure, only a guard."""
    found = evaluated(DEVELOPMENT, site)
    kinds: dict[str, list[dict[str, object]]] = {}
    for one in found:
        kinds.setdefault(one["kind"], []).append(one)
    report = search_eval.report(found)
    assert all(one["urgent"] for one in kinds["urgent"]), report
    assert share(kinds["answer"], 1) >= 0.76 and share(kinds["answer"], 3) >= 0.88, report
    assert sum(one["rank"] for one in kinds["abstain"]) >= 15, report
    assert sum(not one["is_covered"] for one in kinds["answer"]) <= 2, report


def test_what_is_urgent_is_known_and_what_is_not_raises_no_alarm(page):
    """As above: thresholds were set by these phrases."""
    phrases = json.loads((DEVELOPMENT.parent / "urgency-development.json").read_text("utf-8"))
    page.goto("upadacitinib-as/patients/")
    page.locator(".md-search__input").focus()
    page.wait_for_function("() => window.guideSearch")
    levels = """async phrases => {
        const all = [];
        for (const one of phrases) all.push((await guideSearch(one)).urgent);
        return all;
    }"""
    shown = page.evaluate(levels, [one["phrase"] for one in phrases["urgent"]])
    alarms = page.evaluate(levels, phrases["everyday"])
    assert sum(map(bool, shown)) >= 0.95 * len(shown)
    right = sum(level == one["level"] for level, one in zip(shown, phrases["urgent"], strict=True))
    assert right >= 0.9 * len(shown)
    assert sum(map(bool, alarms)) <= 0.02 * len(alarms)


def test_guard_and_urgent_questions_are_answered_first(answered):
    for one in answered:
        if {"guard", "urgent"} & set(one["tags"]):
            assert one["rank"] == 1, (one["question"], one["links"])


def test_no_question_was_put_into_the_index_to_pass(answered):
    """No listed question stands word for word among what sections say people type."""
    from guide.content.loading import load

    typed = {
        " ".join(tokens.tokens(phrase))
        for questions in load(ROOT).questions.values()
        for question in questions
        for phrase in question.typed
    }
    asked = {" ".join(tokens.tokens(one["question"])) for one in answered}
    assert typed & asked == set()


@pytest.mark.parametrize("track", ["patients", "clinicians"])
def test_index_and_scripts_are_small(site, track):
    size = sum(
        len(gzip.compress((site / assets_in(site).get(name, name)).read_bytes(), 9))
        for name in ("assets/search.js", f"assets/search/{track}.json")
    )
    assert size <= 120 * 1024, size


def test_nothing_is_fetched_before_the_box_is_touched(page):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("baricitinib-as/patients/")
    page.wait_for_load_state("networkidle")
    assert not [
        url
        for url in asked
        if "assets/search/" in url or "search.js" in url or "search_index" in url
    ]
    with page.expect_request(re.compile(r"/assets/search/patients\.[0-9a-f]{10}\.json$")):
        page.locator(".md-search__input").focus()


def test_browser_and_builder_cut_words_the_same_way(page):
    words = (
        "Vaccinations IL-17A JAK 1 stopping infections therapies passes bloods fused glass IL 23"
        " interrupted operation 15mg 2.5"
        " na\u00efve Sj\u00f6gren's \uff4b\uff49\uff44 \u03b1-blocker"
        " Gr\u00f6\u00dfe don\u2019t 5-mg"
    )
    page.goto("baricitinib-as/patients/")
    page.locator(".md-search__input").focus()
    page.wait_for_function("() => window.guideSearch")
    assert page.evaluate(
        "async words => { await guideSearch('x'); return guideSearch.tokens(words); }", words
    ) == tokens.tokens(words)


def test_chest_pain_says_what_to_do_before_anything_is_clicked(page):
    page.goto("baricitinib-as/patients/")
    page.keyboard.press("/")
    page.keyboard.type("chest pain on olumient", delay=5)
    first = page.locator("#search-results li").first
    first.wait_for()
    assert "call your emergency number" in first.inner_text()
    assert "For patients" in first.inner_text()


def test_answers_are_the_reader_s_own_and_the_other_s_is_a_link_on_each(page):
    for track, label, other in (
        ("patients", "For patients", "For clinicians"),
        ("clinicians", "For clinicians", "For patients"),
    ):
        page.goto(f"baricitinib-as/{track}/")
        page.locator(".md-search__input").fill("kidney dose")
        page.locator("#search-results li").first.wait_for()
        places = page.locator("#search-results .search-where").all_inner_texts()
        assert places and all(place.startswith(label) for place in places)
        link = page.locator("#search-results li").first.get_by_role("option", name=other)
        assert f"/{'clinicians' if track == 'patients' else 'patients'}/" in link.get_attribute(
            "href"
        )


def test_the_track_is_remembered_on_pages_for_everyone(page):
    for track, label in (("clinicians", "For clinicians"), ("patients", "For patients")):
        page.goto(f"baricitinib-as/{track}/")
        page.locator(".md-search__input").focus()
        page.wait_for_function("() => window.guideSearch")
        page.goto("")
        page.locator(".md-search__input").fill("kidney dose")
        page.locator("#search-results li").first.wait_for()
        assert page.locator(".search-where").first.inner_text().startswith(label)


def test_the_same_question_about_another_medicine_is_a_link_on_the_first(page):
    """No medicine is named: one answer of each, not three times the same."""
    page.goto("ankylosing-spondylitis/patients/")
    page.locator(".md-search__input").fill("may I breast-feed while I take the tablets")
    first = page.locator("#search-results li").first
    first.wait_for()
    titles = page.locator("#search-results .search-title").all_inner_texts()
    assert sum(title.startswith("Can I breast-feed") for title in titles) == 1, titles
    about = page.locator(".search-where").first.inner_text()
    ways = " ".join([about, *first.locator(".search-other").all_inner_texts()]).lower()
    assert all(name in ways for name in ("baricitinib", "tofacitinib", "upadacitinib"))


def test_the_question_stays_in_the_address_and_back_brings_the_list(page):
    page.goto("upadacitinib-as/patients/")
    page.locator(".md-search__input").fill("alcohol")
    page.locator("#search-results li").first.wait_for()
    assert page.url.endswith("?q=alcohol")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/*#*")
    page.go_back()
    page.locator("#search-results li").first.wait_for()
    assert page.locator(".md-search__input").input_value() == "alcohol"


def test_the_folded_fact_that_names_what_was_asked_is_open_on_arrival(page):
    """Only for who comes from the box: the answer itself does not say "pneumonia"."""
    page.goto("upadacitinib-as/patients/")
    page.locator(".md-search__input").fill("is the pneumonia jab all right on olumiant")
    page.locator("#search-results .search-title", has_text="vaccines").first.click()
    page.wait_for_url("**/baricitinib-as/**#*")
    page.locator(".asked").wait_for()
    assert "pneumonia" in page.locator(".asked").inner_text()
    page.reload()
    assert page.locator(".asked").count() == 0
    assert not page.locator("#jaki-pneumococcal-vaccine-acr").is_visible()


def test_what_is_typed_before_the_index_comes_is_answered_when_it_does(page):
    page.goto("upadacitinib-as/patients/")
    context = page.context.browser.new_context(service_workers="block")
    tab, waiting = context.new_page(), []
    tab.route("**/assets/search/patients.*.json", lambda route: waiting.append(route))
    tab.goto(page.url)
    tab.locator(".md-search__input").focus()
    tab.keyboard.type("kidney", delay=5)
    tab.get_by_text("Loading the search").wait_for()
    for route in waiting:
        route.continue_()
    tab.locator("#search-results li").first.wait_for()
    assert "kidney" in tab.locator("#search-results").inner_text().lower()
    context.close()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("cant breathe after taking my jak tablet", "Call your local emergency number now"),
        ("coughing up blood", "Call your local emergency number now"),
        ("my toddler ate my olumiant", "poison"),
        ("want to kill myself", "crisis line"),
    ],
)
def test_what_is_urgent_stands_above_all_answers(page, words, said):
    page.goto("upadacitinib-as/patients/")
    page.locator(".md-search__input").fill(words)
    line = page.get_by_role("alert").filter(has_text=said)
    line.wait_for()
    box, count = line.bounding_box(), page.locator("#search-count").bounding_box()
    assert box["y"] < count["y"]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("side effects of metformin", "metformin"),
        ("ozempic dose", "ozempic"),
        ("metformine 500 mg bd", "metformine"),
        ("lupus nephritis treatment", "lupus"),
    ],
)
def test_another_medicine_or_disease_is_not_answered_with_ours(page, words, name):
    page.goto("upadacitinib-as/patients/")
    page.locator(".md-search__input").fill(words)
    page.get_by_text(f"This guide does not cover \u201c{name}\u201d").wait_for()
    assert page.locator("#search-results li").count() == 0


@pytest.mark.parametrize("words", ["zzqxv", "asdf qwer", "password for the patient portal"])
def test_nonsense_finds_nothing_and_offers_ways_on(page, words):
    page.goto("upadacitinib-as/patients/")
    page.locator(".md-search__input").fill(words)
    page.get_by_role("link", name="Look in the glossary").wait_for()
    assert page.locator("#search-results li").count() == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("15mg", "15 mg"),
        ("na\u00efve", "naive"),
        ("Sj\u00f6gren", "Sjogren"),
        ("\uff2b\uff29\uff24\uff2e\uff25\uff39", "kidney"),
    ],
)
def test_marks_widths_and_missing_spaces_change_nothing(page, one, other):
    page.goto("upadacitinib-as/clinicians/")
    page.locator(".md-search__input").focus()
    page.wait_for_function("() => window.guideSearch")
    found = page.evaluate(
        """async words => {
            const all = [];
            for (const one of words) all.push((await guideSearch(one)).hits.map(hit => hit.id));
            return all;
        }""",
        [one, other],
    )
    assert found[0] == found[1]


def test_results_are_reached_by_keyboard_and_told_to_a_screen_reader(page):
    page.goto("baricitinib-as/clinicians/")
    page.keyboard.press("s")
    page.keyboard.type("probenecid", delay=5)
    page.locator("#search-results li").first.wait_for()
    page.keyboard.press("ArrowDown")
    box = page.locator(".md-search__input")
    assert box.get_attribute("aria-activedescendant") == "search-result-0"
    assert page.locator("#search-result-0").get_attribute("aria-selected") == "true"
    assert "found" in page.locator("#search-count").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/clinicians/**#*")
    assert "probenecid" in page.locator("article").inner_text().lower()


def test_the_first_result_comes_within_30_ms_of_typing(page):
    page.goto("baricitinib-as/patients/")
    page.locator(".md-search__input").focus()
    page.wait_for_function("() => window.guideSearch")
    page.evaluate("() => guideSearch('warm up')")
    times = page.evaluate(
        """async () => {
            const out = [];
            for (const query of [
                'swollen calf on olumient', 'pee test', 'jak with humira',
                'black box warning should i worry', 'kidney',
            ]) {
                const start = performance.now();
                await guideSearch(query);
                out.push(performance.now() - start);
            }
            return out;
        }"""
    )
    assert sorted(times)[len(times) // 2] < 30, times


def test_a_hostile_question_is_only_text(page):
    page.goto("baricitinib-as/patients/")
    page.locator(".md-search__input").fill('<img src=x onerror="document.title=1"> chest')
    page.locator("#search-results li").first.wait_for()
    assert page.title() != "1"
