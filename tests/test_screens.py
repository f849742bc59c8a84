"""How long the pages are as they open, and what a reader reaches from there: in a real browser."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

import screens

pytestmark = pytest.mark.site

OPTIONS = "ankylosing-spondylitis/patients/options/"


def test_every_page_keeps_its_budget_as_it_opens(site: Path, browser: Browser) -> None:
    measured = screens.lengths(site, browser)
    assert len({one.url for one in measured}) > 150
    assert list(screens.over_budget(measured)) == []


def test_a_page_over_a_budget_is_named() -> None:
    long = screens.Length("x/patients/dosing/", screens.PHONE, 11, 3000, 868, 200, 10.6, True)
    said = "\n".join(screens.over_budget([long]))
    for part in ("11 screens", "868 px", "200 tab stops", "10.6 marks", "wider", "3000 words"):
        assert part in said, part


def test_two_options_are_chosen_without_a_script_and_kept_in_the_address(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, java_script_enabled=False, service_workers="block"
    )
    tab = context.new_page()
    tab.goto(address + OPTIONS)
    everything = tab.locator("td.option:visible").count()
    for name in ("Upadacitinib", "Tofacitinib"):
        tab.get_by_label(name, exact=True).check()
    assert tab.locator("td.option:visible").count() * 3 == everything
    context.close()


def test_the_choice_stands_in_the_address_and_comes_back(page: Page, address: str) -> None:
    page.goto(address + OPTIONS)
    page.get_by_label("Upadacitinib", exact=True).check()
    page.get_by_label("TNF inhibitors", exact=True).check()
    assert page.url.endswith("?o=tnf-inhibitors,upadacitinib")
    page.reload()
    assert page.get_by_label("Upadacitinib", exact=True).is_checked()
    assert not page.locator("td.option:visible", has_text="Baricitinib").count()


def test_any_two_options_take_three_phone_screens(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address + OPTIONS)
    boxes = page.locator(".options__choose input")
    options = [box.get_attribute("value") or "" for box in boxes.all()]
    assert len(options) == 6
    for chosen in itertools.combinations(options, 2):
        page.goto(f"{address}{OPTIONS}?o={','.join(chosen)}")
        assert [box.get_attribute("value") for box in boxes.all() if box.is_checked()] == [*chosen]
        height = page.evaluate("document.documentElement.scrollHeight")
        assert height / 844 <= 3, f"{height / 844:.2f} screens with {chosen}"


def test_a_link_to_a_fact_opens_the_evidence_it_lies_in(browser: Browser, address: str) -> None:
    for script in (True, False):
        context = browser.new_context(java_script_enabled=script, service_workers="block")
        tab = context.new_page()
        tab.goto(f"{address}upadacitinib-as/patients/dosing/")
        assert not tab.locator("#upa-dose-eu").is_visible(), "evidence is closed as a page opens"
        tab.goto(f"{address}upadacitinib-as/patients/dosing/#upa-dose-eu")
        tab.locator("#upa-dose-eu").wait_for(state="visible", timeout=5000)
        context.close()


def test_paper_shows_what_is_open_and_one_control_prints_all(page: Page, address: str) -> None:
    page.goto(f"{address}upadacitinib-as/patients/dosing/")
    page.emulate_media(media="print")
    assert not page.locator("#upa-dose-eu").is_visible()
    page.emulate_media(media="screen")
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_role("button", name="Print with the evidence").click()
    assert page.evaluate("window.printed")
    assert page.locator("#upa-dose-eu").is_visible()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert not page.locator("#upa-dose-eu").is_visible()


@pytest.mark.parametrize("width", [320, 390, 412])
def test_a_phone_in_use_stays_as_wide_as_its_screen(
    browser: Browser, address: str, width: int
) -> None:
    """A narrow window hides what a phone shows: there the page grows with whatever runs out of it.
    So this is a touch device, typing, with the menu open, and choosing options.
    """
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        has_touch=True,
        is_mobile=True,
        service_workers="block",
    )
    tab = context.new_page()
    wide = "document.documentElement.scrollWidth"
    tab.goto(f"{address}upadacitinib-as/patients/")
    tab.locator(".md-header__button[for=__search]:visible").first.tap()
    tab.locator(".md-search__input").fill("shingles")
    tab.locator(".md-search-result__item").first.wait_for()
    tab.wait_for_timeout(600)  # the box opens in steps
    assert tab.evaluate(wide) == width, "while typing"
    tab.goto(f"{address}upadacitinib-as/patients/")
    tab.locator(".md-header__button[for=__drawer]:visible").first.tap()
    tab.wait_for_timeout(600)
    assert tab.evaluate(wide) == width, "with the menu open"
    tab.goto(address + OPTIONS)
    tab.get_by_label("Upadacitinib", exact=True).check()
    assert tab.evaluate(wide) == width, "while choosing"
    context.close()
