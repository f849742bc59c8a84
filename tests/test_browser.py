"""The built guide in a real browser, as readers use it: by touch, by keyboard, small, enlarged,
without script, on paper.
"""

from __future__ import annotations

import re
import urllib.parse

import pytest

import measure
from accessibility import AXE, TAGS, axe_violations, use_palette
from conftest import CONTENT_DAY

pytestmark = pytest.mark.site

# What can differ between two states of one page whose elements are the same, colours apart: sizes,
# what scrolls.
SIZES = {
    "runOnly": {"type": "rule", "values": ["target-size", "scrollable-region-focusable"]},
    "resultTypes": ["violations"],
}
COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
NO_COLOURS = {**TAGS, "rules": {rule: {"enabled": False} for rule in COLOURS["runOnly"]["values"]}}
# One element for each way text looks on a page: its class, colour, size and weight, and every
# ground it stands on.
TEXT_STYLES = """() => {
  const styles = {}, grounds = new Map([[document.documentElement, '']]);
  window.elements = [...document.body.querySelectorAll('*')];
  const ground = it => {
    if (!grounds.has(it)) {
      const style = getComputedStyle(it);
      const clear = style.backgroundColor === 'rgba(0, 0, 0, 0)'
        && style.backgroundImage === 'none' && style.opacity === '1';
      grounds.set(it, ground(it.parentElement)
        + (clear ? '' : [style.backgroundColor, style.backgroundImage, style.opacity]));
    }
    return grounds.get(it);
  };
  elements.forEach((it, place) => {
    if (![...it.childNodes].some(node => node.nodeType === 3 && node.data.trim())
      || !it.checkVisibility({ visibilityProperty: true })) return;
    const style = getComputedStyle(it);
    styles[[
      it.localName, it.className, it.parentElement.className, style.color, style.fontSize,
      style.fontWeight, style.textDecorationLine, ground(it),
    ].join(' ')] ??= place;
  });
  return styles;
}"""
SHARDS = 8
DEEP = (
    "",
    "baricitinib-as/patients/safety/",
    "ankylosing-spondylitis/patients/options/",
    "baricitinib-as/clinicians/trials/",
    "baricitinib-as/patients/questions/tests/",
    "upadacitinib-as/patients/",
)


@pytest.fixture(scope="session")
def urls(site):
    return sorted(
        path.relative_to(site).as_posix().removesuffix("index.html")
        for path in site.rglob("index.html")
    )


@pytest.fixture(scope="session")
def styles_known() -> set[str]:
    """The ways text looks whose contrast was measured, whichever page it was on."""
    return set()


@pytest.mark.night
@pytest.mark.parametrize("shard", range(SHARDS))
def test_every_page_passes_axe_in_both_colours_at_three_widths_and_reflows(
    browser, address, urls, shard, styles_known
):
    """All rules on every page on a phone and at a desk; in between what can change with the width.

    Contrast is nine tenths of axe's time. It is measured for every text of the deep pages, and at
    each width and in both colours for one text of every look that was not measured yet.
    """
    context = browser.new_context(
        viewport={"width": 320, "height": 900},
        color_scheme="light",
        reduced_motion="reduce",
        base_url=address,
    )
    page, found, seen = context.new_page(), [], 0
    for url in urls[shard::SHARDS]:
        seen += 1
        page.set_viewport_size({"width": 320, "height": 900})
        page.goto(url)
        page.evaluate(AXE)
        for width in (320, 768, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            for scheme in ("default", "slate"):
                use_palette(page, scheme)
                if scheme == "default":
                    options = SIZES if width == 768 else TAGS if url in DEEP else NO_COLOURS
                    found += [
                        (url, width, scheme, *violation)
                        for violation in axe_violations(page, options)
                    ]
                styles = page.evaluate(TEXT_STYLES)
                new = [place for style, place in styles.items() if style not in styles_known]
                styles_known.update(styles)
                found += [
                    (url, width, scheme, *violation)
                    for violation in (axe_violations(page, COLOURS, new) if new else [])
                ]
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                found.append((url, width, "sideways scroll", wide))
    context.close()
    assert found == [] and seen > 10
    assert len(styles_known) > 200, "texts were looked at"


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_with_menu_word_and_search_open(browser, address, width):
    context = browser.new_context(
        viewport={"width": width, "height": 900}, reduced_motion="reduce", base_url=address
    )
    page, found = context.new_page(), []
    for url in DEEP[1:4]:
        for scheme in ("default", "slate"):
            page.goto(url)
            page.evaluate(AXE)
            use_palette(page, scheme)
            if width < 1000:
                page.locator(".md-header__button[for=__drawer]").click()
                page.wait_for_timeout(100)
                found += [
                    (url, "menu", scheme, *violation) for violation in axe_violations(page, TAGS)
                ]
                page.keyboard.press("Escape")
            page.locator("button.term").first.click()
            found += [(url, "word", scheme, *violation) for violation in axe_violations(page, TAGS)]
            page.keyboard.press("Escape")
            page.locator(
                ".md-header__button[for=__search]" if width < 1000 else ".md-search__input"
            ).click()
            # On a phone the box slides in: what is typed before it has the focus goes nowhere.
            page.locator(".md-search__input").press_sequentially("kidney")
            page.locator("#search-results a").first.wait_for()
            found += [
                (url, "search", scheme, *violation) for violation in axe_violations(page, TAGS)
            ]
    context.close()
    assert found == []


# Where the focused element is: its box, whether a reader sees it there, and what it is.
FOCUSED = """() => {
  const it = document.activeElement;
  if (!it || it === document.body) return null;
  const all = [...it.getClientRects()].filter(box => box.width && box.height);
  const box = all[0] || it.getBoundingClientRect();
  const x = box.left + Math.min(box.width, 24) / 2, y = box.top + box.height / 2;
  const top = document.elementFromPoint(x, y);
  return {
    what: it.outerHTML.slice(0, 120),
    top: box.top, bottom: box.bottom, left: box.left, right: box.right,
    seen: !!top && (it.contains(top) || top.contains(it)),
    skip: it.matches('.md-skip'),
  };
}"""


@pytest.mark.parametrize(
    "url, width, height",
    [
        ("baricitinib-as/patients/safety/", 320, 640),
        ("ankylosing-spondylitis/patients/options/", 1280, 700),
        ("baricitinib-as/clinicians/dosing/", 390, 500),
        ("", 1280, 700),
    ],
)
def test_the_keyboard_reaches_everything_and_the_focus_is_never_hidden(
    browser, address, url, width, height
):
    context = browser.new_context(
        viewport={"width": width, "height": height}, reduced_motion="reduce", base_url=address
    )
    page, hidden, reached = context.new_page(), [], 0
    page.goto(url)
    page.wait_for_function("() => document.querySelector('button.md-header__button')")
    wanted = page.evaluate(
        """() => [
            ...document.querySelectorAll('a[href], button, input, summary, [tabindex="0"]'),
        ].filter(it =>
            it.checkVisibility({ visibilityProperty: true, opacityProperty: true })
            && !it.disabled && it.tabIndex >= 0
        ).length"""
    )
    assert wanted > 20
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
        where = page.evaluate(FOCUSED)
        if where is None:
            break
        reached += 1
        inside = (
            where["top"] >= -1
            and where["bottom"] <= height + 1
            and where["left"] >= -1
            and where["right"] <= width + 1
        )
        if not where["skip"] and not (inside and where["seen"]):
            hidden.append(where)
    assert hidden == [], hidden[:3]
    assert reached >= wanted * 0.95, (reached, wanted)
    context.close()


def test_menu_and_colours_by_keyboard(browser, address):
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, reduced_motion="reduce", base_url=address
    )
    page = context.new_page()
    page.goto("baricitinib-as/patients/safety/")
    menu = page.get_by_role("button", name="Menu")
    menu.focus()
    assert (
        menu.get_attribute("aria-expanded") == "false"
        and not page.locator(".menu a").first.is_visible()
    )
    page.keyboard.press("Enter")
    assert menu.get_attribute("aria-expanded") == "true"
    page.wait_for_function("() => document.activeElement.closest('.menu')")
    page.keyboard.press("Escape")
    assert menu.get_attribute("aria-expanded") == "false"
    assert page.evaluate("document.activeElement.getAttribute('for')") == "__drawer"
    page.get_by_role("button", name="Switch to dark colours").press("Enter")
    assert page.locator("body").get_attribute("data-md-color-scheme") == "slate"
    page.reload()
    assert page.locator("body").get_attribute("data-md-color-scheme") == "slate"
    assert page.get_by_role("button", name="Switch to light colours").is_visible()
    context.close()


@pytest.mark.parametrize("script", [True, False])
def test_the_drawer_of_a_phone_has_the_whole_way_and_the_contents(browser, address, script):
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        java_script_enabled=script,
        reduced_motion="reduce",
        base_url=address,
    )
    page = context.new_page()
    page.goto("baricitinib-as/patients/safety/")
    page.locator(".md-header__button[for=__drawer]").click()
    own = page.locator(".menu [aria-current=page]")
    assert own.is_visible() and own.get_attribute("href") == "./"
    part = page.locator("details:has([aria-current=page])").last.locator("> summary")
    assert part.get_attribute("aria-label") == "Pages of For patients"
    part.press("Enter")
    assert not own.is_visible(), "a part closes by keyboard, without script too"
    place = page.locator(".contents a").first
    place.click()
    assert page.evaluate("location.hash") == place.get_attribute("href")
    assert page.locator(".menu").is_visible() is not script
    context.close()


@pytest.mark.parametrize(
    "url, selector",
    [
        ("ankylosing-spondylitis/clinicians/options/", ".menu [aria-current=page]"),
        ("ankylosing-spondylitis/clinicians/trials/", ".contents a"),
    ],
)
def test_what_a_page_of_wide_tables_hides_is_in_the_drawer(browser, address, url, selector):
    for width, is_shown in ((390, True), (1280, False)):
        context = browser.new_context(
            viewport={"width": width, "height": 844}, reduced_motion="reduce", base_url=address
        )
        page = context.new_page()
        page.goto(url)
        if is_shown:
            page.get_by_role("button", name="Menu").click()
        assert page.locator(selector).first.is_visible() is is_shown, width
        context.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_icons_show_in_a_readers_own_few_colours(browser, address, width):
    """A mask over a ground is nothing where the system takes grounds away."""
    context = browser.new_context(
        viewport={"width": width, "height": 844}, forced_colors="active", base_url=address
    )
    page = context.new_page()
    page.goto("baricitinib-as/patients/safety/")
    grounds = page.evaluate(
        """() => [...document.querySelectorAll(
            '.md-icon, .site-name, .menu__title, .menu summary'
        )].filter(it => it.checkVisibility({ visibilityProperty: true })).map(it => [
            getComputedStyle(it, it.matches('summary') ? '::after' : '::before').backgroundColor,
            getComputedStyle(document.body).backgroundColor,
        ])"""
    )
    assert len(grounds) >= 4
    assert not [ground for ground, page_ground in grounds if ground == page_ground], grounds
    context.close()


def test_the_systems_dark_colours_are_there_before_anything_is_drawn(browser, address):
    context = browser.new_context(color_scheme="dark", base_url=address)
    page = context.new_page()
    page.route(re.compile(r"/assets/guide\.\w+\.js$"), lambda route: route.abort())
    page.goto("baricitinib-as/patients/")
    assert page.locator("body").get_attribute("data-md-color-scheme") == "slate"
    context.close()


@pytest.mark.parametrize("script", [True, False])
def test_a_hard_word_is_explained_by_keyboard_and_touch(browser, address, script):
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        java_script_enabled=script,
        has_touch=True,
        reduced_motion="reduce",
        base_url=address,
    )
    page = context.new_page()
    page.goto("baricitinib-as/patients/safety/")
    word = page.locator("button.term", has_text="serious infection").first
    text = page.locator(f"#{word.get_attribute('popovertarget')}")
    assert not text.is_visible()
    word.focus()
    page.keyboard.press("Enter")
    assert text.is_visible() and "An infection that" in text.inner_text()
    box = text.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390 and box["y"] + box["height"] <= 844
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert not text.is_visible()
    if script:
        assert page.evaluate("document.activeElement.className") == "term"
    word.tap()
    assert text.is_visible()
    page.locator("h1").tap()
    assert not text.is_visible()
    context.close()


def test_a_page_enlarged_fourfold_still_fits(browser, address):
    """400% at a desk of 1280 by 1024 pixels is a window of 320 by 256."""
    context = browser.new_context(
        viewport={"width": 320, "height": 256},
        device_scale_factor=4,
        reduced_motion="reduce",
        base_url=address,
    )
    page = context.new_page()
    for url in DEEP:
        page.goto(url)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, url
        cut = page.evaluate(
            """() => [...document.querySelectorAll(
                'article p, article li, article td, article th, article h1, article h2'
            )].filter(it =>
                it.checkVisibility()
                && it.scrollWidth > it.clientWidth + 1
                && getComputedStyle(it).display !== 'inline'
                && getComputedStyle(it).overflowX !== 'visible'
            ).map(it => it.outerHTML.slice(0, 100))"""
        )
        assert cut == [], (url, cut)
        assert page.locator(".md-header").bounding_box()["height"] < 256 / 3
    context.close()


def test_nothing_moves_for_readers_who_ask_for_less(browser, address):
    context = browser.new_context(reduced_motion="reduce", base_url=address)
    page = context.new_page()
    page.goto("baricitinib-as/patients/safety/")
    moving = page.evaluate(
        """() => [...document.querySelectorAll('*')].filter(it => {
            const style = getComputedStyle(it);
            return style.animationName !== 'none'
                || style.transitionDuration.split(',').some(time => parseFloat(time) > 0)
                || style.scrollBehavior === 'smooth';
        }).map(it => it.outerHTML.slice(0, 80))"""
    )
    assert moving == []
    context.close()


def test_the_switch_keeps_the_section_that_is_read(page):
    page.set_viewport_size({"width": 390, "height": 700})
    page.goto("baricitinib-as/patients/dosing/")
    page.locator("#interactions").scroll_into_view_if_needed()
    page.evaluate("document.getElementById('interactions').scrollIntoView()")
    page.locator(".track-bar__switch").click()
    page.wait_for_url("**/clinicians/dosing/#interactions")
    assert page.locator(".track-bar__here").inner_text() == "For clinicians"
    page.locator(".track-bar__switch").click()
    page.wait_for_url("**/patients/dosing/#interactions")
    assert page.locator(".track-bar__here").inner_text() == "For patients"


def test_the_switch_follows_the_reader_down_the_page(page):
    page.set_viewport_size({"width": 390, "height": 700})
    page.goto("upadacitinib-as/patients/safety/")
    page.mouse.wheel(0, 1500)
    page.wait_for_function("() => window.scrollY > 1000")
    box = page.locator(".track-bar__switch").bounding_box()
    assert 0 < box["y"] < 120


def test_every_page_has_its_switch(soups):
    """Each page for one reader leads to a page for the other, with the same sections."""
    switched = 0
    for url, soup in soups.items():
        if "/patients/" not in url and "/clinicians/" not in url:
            continue
        if soup.find("meta", attrs={"name": "guide-old-address"}):
            continue
        link = soup.select_one(".track-bar__switch")
        assert link, url
        counterpart = urllib.parse.urljoin(f"/{url}", link["href"]).lstrip("/")
        assert counterpart in soups and counterpart.split("/")[1] != url.split("/")[1], (
            url,
            counterpart,
        )
        switched += 1
    assert switched > 180


def test_the_switch_works_without_javascript_and_by_keyboard(browser, address):
    context = browser.new_context(java_script_enabled=False, base_url=address)
    page = context.new_page()
    page.goto("baricitinib-as/patients/safety/")
    page.locator(".track-bar__switch").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/clinicians/safety/")
    assert page.locator(".verdict").is_visible()
    context.close()


def test_verdict_and_answer_stand_in_the_first_screen_of_a_phone(browser, address, urls, soups):
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=address)
    page, seen = context.new_page(), 0
    for url in urls:
        if "-as/patients/" not in url or url.count("/") > 3:
            continue
        page.goto(url)
        if not url.startswith(page.url.removeprefix(address).split("/")[0]):
            continue  # an old address that leads on
        seen += 1
        for selector in (".verdict__answer", ".answer--page .answer__text"):
            if soups[url].select_one(selector):
                box = page.locator(selector).bounding_box()
                assert box["y"] + box["height"] <= 844, (url, selector, box)
        assert soups[url].select_one(".verdict__answer"), url
    assert seen >= 42
    context.close()


def test_the_first_page_of_a_medicine_has_the_signs_of_danger_in_its_first_screen(browser, address):
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=address)
    page = context.new_page()
    for url in (
        "baricitinib-as/patients/",
        "upadacitinib-as/patients/",
        "tofacitinib-as/patients/",
    ):
        page.goto(url)
        box = page.locator(".help-now strong").bounding_box()
        assert box["y"] + box["height"] <= 844, (url, box)
    context.close()


def test_a_reader_chooses_options(page):
    page.goto("ankylosing-spondylitis/patients/options/")
    before = page.locator("td.option:visible").count()
    page.locator(".options__choose input[value=tofacitinib]").check()
    assert page.locator("td.option:visible").count() * 6 == before
    page.locator(".options__choose input[value=tofacitinib]").uncheck()
    assert page.locator("td.option:visible").count() == before


def test_on_paper_the_frame_is_gone(page):
    page.goto("upadacitinib-as/patients/")
    page.emulate_media(media="print")
    for selector in (".md-header", ".menu", ".contents", ".track-bar__switch", ".md-search"):
        assert not page.locator(selector).first.is_visible(), selector
    for selector in (".verdict", ".help-now", ".review", ".answer__text", ".term__text"):
        assert page.locator(selector).first.is_visible(), selector
    word = page.locator(".term__text").first
    assert "Glossary" not in word.inner_text() and len(word.inner_text()) > 30


def test_a_page_past_its_review_date_says_so_by_itself(browser, address):
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.clock.set_fixed_time("2029-01-01T12:00:00Z")
    page.goto("baricitinib-as/patients/")
    assert page.locator(".review__overdue").is_visible()
    page.clock.set_fixed_time(f"{CONTENT_DAY.isoformat()}T12:00:00Z")
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
    page.wait_for_url("**/ankylosing-spondylitis/patients/")
    page.goto("")
    page.get_by_role("link", name="I treat AS").click()
    page.wait_for_url("**/ankylosing-spondylitis/clinicians/")


def test_nothing_is_stored_but_the_colour_choice(page):
    page.goto("ankylosing-spondylitis/patients/options/")
    page.locator(".options__choose input").first.check()
    page.get_by_role("button", name="Switch to dark colours").click()
    assert page.context.cookies() == []
    assert (
        page.evaluate("Object.keys(localStorage).filter(key => !key.endsWith('__palette'))") == []
    )


def test_the_first_view_of_the_heaviest_pages_is_light_and_stands_still(browser, address, site):
    for url in measure.heaviest(site, 6):
        view = measure.first_view(browser, address, url)
        assert view["bytes"] <= measure.MOST_BYTES, view
        assert view["shift"] < 0.01, view
        assert not [name for name in view["files"] if "search" in name], view
