"""The built guide in a real browser: reach, reflow, the switch between readers, accessibility."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

TAGS = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}, "resultTypes": ["violations"]}


@pytest.fixture(scope="session")
def urls(site):
    return sorted(path.relative_to(site).as_posix().removesuffix("index.html") for path in site.rglob("index.html"))


# Every page in both palettes, at the narrowest and the widest; the first topic and the site's own
# pages at all of them, the other topics (the same components) at one each.
SWEEPS = [("baricitinib-as/", 320, "light"), ("baricitinib-as/", 768, "light"), ("baricitinib-as/", 1280, "dark"), ("", 320, "dark"), ("", 1280, "light"),
          ("upadacitinib-as/", 320, "dark"), ("tofacitinib-as/", 1280, "light")]


@pytest.mark.parametrize("section, width, scheme", SWEEPS)
def test_every_page_passes_axe_and_reflows(browser, address, urls, section, width, scheme):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce", base_url=address)
    page, axe, faults, seen = context.new_page(), Axe(), [], 0
    for url in urls:
        if not (url.startswith(section) if section else "-as/" not in url):
            continue
        seen += 1
        page.goto(url)
        for violation in axe.run(page, options=TAGS).response["violations"]:
            faults.append((url, violation["id"], violation["nodes"][0]["html"][:160], len(violation["nodes"])))
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            faults.append((url, "sideways scroll", wide, width))
    context.close()
    assert faults == [] and seen > 4


def test_the_switch_leads_to_the_twin_section_and_back(page):
    page.goto("baricitinib-as/patients/dosing/#kidney")
    page.locator("#kidney + .twin a").click()
    page.wait_for_url("**/clinicians/dosing/#kidney")
    assert page.locator(".track-bar__who").inner_text().strip() == "Clinician pages"
    page.locator("#kidney + .twin a").click()
    page.wait_for_url("**/patients/dosing/#kidney")
    assert page.locator(".track-bar__who").inner_text().strip() == "Patient pages"


def test_the_switch_works_without_javascript_and_by_keyboard(browser, address):
    context = browser.new_context(java_script_enabled=False, base_url=address)
    page = context.new_page()
    page.goto("baricitinib-as/patients/safety/")
    page.locator(".track-bar__switch").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/clinicians/safety/")
    assert page.locator(".verdict").is_visible()
    context.close()


def test_help_and_verdict_stand_in_the_first_screen_of_a_phone(browser, address):
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=address)
    page = context.new_page()
    for name in ("", "safety/", "trials/", "dosing/", "comparison/"):
        page.goto(f"baricitinib-as/patients/{name}")
        for selector in (".verdict__answer", ".help-now strong"):
            box = page.locator(selector).bounding_box()
            assert box["y"] + box["height"] <= 844, (name, selector, box)
    context.close()


def test_a_reader_chooses_columns(page):
    page.goto("baricitinib-as/patients/comparison/")
    before = page.locator(".option:visible").count()
    page.locator("form.columns input[value=tofacitinib]").uncheck()
    assert page.locator('.option[data-option="tofacitinib"]:visible').count() == 0
    assert page.locator(".option:visible").count() < before
    page.locator("form.columns input[value=tofacitinib]").check()
    assert page.locator(".option:visible").count() == before


def test_a_page_past_its_review_date_says_so_by_itself(browser, address):
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.clock.set_fixed_time("2029-01-01T12:00:00Z")
    page.goto("baricitinib-as/patients/")
    assert page.locator(".review__overdue").is_visible()
    page.clock.set_fixed_time("2026-11-24T12:00:00Z")
    page.goto("baricitinib-as/patients/safety/")
    assert not page.locator(".review__overdue").is_visible()
    context.close()


def test_search_finds_a_page_and_asks_nobody_else(page):
    page.goto("baricitinib-as/patients/")
    page.locator(".md-search__input").click()
    page.keyboard.type("pregnancy", delay=20)
    page.locator(".md-search-result__item a").first.wait_for(timeout=15000)
    assert page.locator(".md-search-result__item").count() > 0


def test_the_home_page_offers_the_two_readers(page):
    page.goto("")
    page.get_by_role("link", name="I have AS").click()
    page.wait_for_url("**/patients/comparison/")
    page.goto("")
    page.get_by_role("link", name="I treat AS").click()
    page.wait_for_url("**/clinicians/comparison/")


def test_nothing_is_stored_but_the_colour_choice(page):
    page.goto("baricitinib-as/patients/comparison/")
    page.locator("form.columns input").first.uncheck()
    assert page.context.cookies() == []
    assert page.evaluate("Object.keys(localStorage).filter(key => !key.endsWith('__palette'))") == []
