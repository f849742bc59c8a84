"""The ways of a reader through the real guide, in Chromium, Firefox and WebKit (as in Safari).

Each way is written once; the engines that are not installed are left out with the reason. By day
Chromium goes all of them as a phone with touch, the others a short one; by night all go all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from drivers import EngineMissing, Tab
from faulty_host import Host, running

pytestmark = pytest.mark.site

READY = "document.readyState === 'complete' && Boolean(window.guide)"


@pytest.fixture
def host(site) -> Iterator[Host]:
    with running(Host({}, site, listens=True)) as made:
        yield made


def opened(tab: Tab, host: Host, path: str) -> None:
    tab.open(host.address + path)
    tab.wait_for(READY)


def arrives(tab: Tab, part: str) -> None:
    """Waits until the page at an address that holds `part` is there."""
    tab.wait_for(f"location.href.includes({json.dumps(part)}) && {READY}")


def fits(tab: Tab) -> None:
    wide, window = tab.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= window, f"the page is {wide} px wide in a window of {window}"


def goes_in_by_the_home_page(tab: Tab, host: Host) -> None:
    opened(tab, host, "")
    fits(tab)
    tab.click('article a[href$="ankylosing-spondylitis/patients/"]')
    arrives(tab, "/ankylosing-spondylitis/patients/")
    assert tab.shows("h1") and tab.words(".track-bar__here") == "For patients"


def reads_what_is_dangerous(tab: Tab, host: Host) -> None:
    opened(tab, host, "upadacitinib-as/patients/")
    assert tab.shows(".help-now")
    tab.click('article a[href*="safety/"]')
    arrives(tab, "/patients/safety/")
    fits(tab)
    assert tab.shows("#get-help-now") and tab.shows(".verdict")
    tab.click("article details > summary")
    assert tab.evaluate("document.querySelector('article details').open")


def chooses_options(tab: Tab, host: Host) -> None:
    opened(tab, host, "ankylosing-spondylitis/patients/options/")
    cells = (
        "[...document.querySelectorAll('td.option')].filter(one => one.checkVisibility()).length"
    )
    every = tab.evaluate(cells)
    assert every >= 12
    for name in ("upadacitinib", "tofacitinib"):
        tab.click(f".options__choose label:has([value={name}])")
    two = tab.evaluate(cells)
    assert two * 3 == every and tab.address.endswith("?o=upadacitinib,tofacitinib")
    assert tab.words(".options__choose [role=status]") == "Shown: Upadacitinib, Tofacitinib"
    fits(tab)
    # What is ticked and what is shown agree, also where an engine restores a form by itself.
    checked = "document.querySelectorAll('.options__choose :checked').length"
    tab.reload()
    tab.wait_for(READY)
    assert (tab.evaluate(cells), tab.evaluate(checked)) == (two, 2)
    for name in ("upadacitinib", "tofacitinib"):
        tab.click(f".options__choose label:has([value={name}])")
    assert tab.evaluate(cells) == every and "?" not in tab.address
    assert tab.words(".options__choose [role=status]") == "All options are shown."
    tab.reload()
    tab.wait_for(READY)
    assert (tab.evaluate(cells), tab.evaluate(checked)) == (every, 0)


IN_VIEW = """[...document.querySelectorAll('article h2[id]')].filter(one => {
  const top = one.getBoundingClientRect().top;
  return top > -200 && top < innerHeight;
}).map(one => one.id)"""


def switches_reader_deep_in_a_page_and_back(tab: Tab, host: Host) -> None:
    opened(tab, host, "baricitinib-as/patients/dosing/")
    tab.evaluate("document.getElementById('interactions').scrollIntoView()")
    read = tab.evaluate(IN_VIEW)
    assert "interactions" in read
    tab.click(".track-bar__switch")
    arrives(tab, "/clinicians/dosing/#")
    # The other reader's page opens at one of the sections that were in view.
    section = tab.evaluate("location.hash.slice(1)")
    assert section in read
    tab.wait_for(f"{IN_VIEW}.includes({json.dumps(section)})")
    tab.back()
    arrives(tab, "/patients/dosing/")
    tab.wait_for(f"{IN_VIEW}.includes({json.dumps(section)})")


def searches_by_keyboard(tab: Tab, host: Host) -> None:
    opened(tab, host, "baricitinib-as/clinicians/")
    # The phone's button or, on a wide page, the key that opens the search.
    if tab.shows(".md-header__button[for=__search]"):
        tab.click(".md-header__button[for=__search]")
        tab.wait_for("document.activeElement.matches('.md-search__input')")
    else:
        tab.type("s")
    tab.type("probenecid")
    tab.wait_for("document.querySelectorAll('#search-results li').length")
    fits(tab)
    # What empties the box comes into the window.
    tab.wait_for(
        "(box => box.width && box.left >= 0 && box.right <= innerWidth)"
        "(document.querySelector('.md-search__form [type=reset]').getBoundingClientRect())"
    )
    tab.press("ArrowDown")
    tab.wait_for("document.querySelector('#search-result-0')?.ariaSelected === 'true'")
    tab.press("Enter")
    tab.wait_for("location.hash.length > 1")
    tab.wait_for(READY)
    assert "probenecid" in tab.words("article").lower()
    tab.back()
    tab.wait_for("document.querySelector('.md-search__input')?.value === 'probenecid'")
    tab.wait_for("document.querySelectorAll('#search-results li').length")


def asks_for_a_hard_word(tab: Tab, host: Host) -> None:
    opened(tab, host, "baricitinib-as/patients/safety/")
    style = json.loads(
        tab.evaluate(
            """(() => {
                const style = getComputedStyle(document.querySelector('button.term'));
                return JSON.stringify([
                    style.textDecorationLine, style.textDecorationStyle,
                    style.textDecorationThickness, style.textDecorationColor !== style.color,
                ]);
            })()"""
        )
    )
    assert style == ["underline", "dotted", "2px", True]
    tab.click("button.term")
    box = tab.wait_for(
        "(box => box && [box.left, box.right, box.top, box.bottom, innerWidth, innerHeight])"
        "(document.querySelector('[popover]:popover-open')?.getBoundingClientRect())"
    )
    left, right, top, bottom, wide, high = box
    assert 0 <= left < right <= wide and 0 <= top < bottom <= high
    tab.press("Escape")
    tab.wait_for("!document.querySelector('[popover]:popover-open')")
    assert tab.evaluate("document.activeElement.className") == "term"


def turns_the_colours(tab: Tab, host: Host) -> None:
    opened(tab, host, "baricitinib-as/patients/")
    scheme = "document.body.getAttribute('data-md-color-scheme')"
    ground = "getComputedStyle(document.body).backgroundColor"
    light = tab.evaluate(ground)
    assert tab.evaluate(scheme) == "default"
    tab.click(".colours")
    assert tab.evaluate(scheme) == "slate" and tab.evaluate(ground) != light
    opened(tab, host, "baricitinib-as/patients/safety/")
    assert tab.evaluate(scheme) == "slate"
    tab.click(".colours")
    assert tab.evaluate(scheme) == "default" and tab.evaluate(ground) == light


def prints_a_part_of_the_sheet(tab: Tab, host: Host) -> None:
    opened(tab, host, "upadacitinib-as/patients/handout/")
    boxes = ".print-choice input"
    assert tab.evaluate(f"[...document.querySelectorAll('{boxes}')].every(one => one.checked)")
    tab.click(".print-choice label:nth-of-type(2)")
    left_out = tab.evaluate("[...document.querySelectorAll('.not-printed')].map(one => one.id)")
    assert len(left_out) > 1 and left_out[0]
    tab.evaluate("void (window.print = () => { window.printed = true; })")
    tab.click(".print-choice__print")
    assert tab.evaluate("window.printed")
    if words := tab.on_paper():
        title = tab.words(f"#{left_out[0]}").rstrip("#")
        assert "Get help now" in words and title not in words


def copies_the_link_of_a_place(tab: Tab, host: Host) -> None:
    opened(tab, host, "baricitinib-as/patients/safety/")
    tab.click("h1 .permalink--page")
    tab.wait_for("document.querySelector('dialog.share')?.open")
    address = tab.evaluate("document.querySelector('#share-address').value")
    assert re.fullmatch(r"https?://.+/baricitinib-as/patients/safety/(?:#.*)?", address)
    tab.wait_for("document.querySelector('dialog.share svg path') !== null")
    tab.click(".share__copy")
    said = tab.wait_for("document.querySelector('.share__said').innerText")
    assert said in (
        "Address copied.",
        "Marked: copy it with the keys or the menu of your device.",
    )
    tab.press("Escape")
    tab.wait_for("!document.querySelector('dialog.share').open")


def reads_without_a_connection(tab: Tab, host: Host) -> None:
    opened(tab, host, "baricitinib-as/patients/safety/")
    for part in ("/patients/safety/", "/about/offline/", "/clinicians/safety/"):
        tab.wait_for(
            "caches.keys().then(names => Promise.all(names.map(name => caches.open(name).then("
            "one => one.keys())))).then(all => all.flat().some(request =>"
            f" request.url.endsWith({json.dumps(part)})))"
        )
    host.down = True
    opened(tab, host, "baricitinib-as/patients/safety/")
    assert re.match(r"Offline copy of \d+ \w+ \d{4}\.", tab.words(".kept"))
    assert tab.shows("#get-help-now") and tab.shows(".verdict")
    mark = "getComputedStyle(document.querySelector('.verdict__answer'), '::before').content"
    assert "⊘" in tab.evaluate(mark), "the styles are there, too"
    opened(tab, host, "tofacitinib-as/clinicians/dosing/")
    assert tab.address.endswith("/about/offline/#not-kept") and tab.shows("#not-kept")
    host.down = False
    opened(tab, host, "baricitinib-as/patients/safety/")
    assert not tab.shows(".kept")
    # What the line did is no fault of a page.
    tab.errors[:] = [error for error in tab.errors if "ERR_EMPTY_RESPONSE" not in error]


WAYS = (
    goes_in_by_the_home_page,
    reads_what_is_dangerous,
    chooses_options,
    switches_reader_deep_in_a_page_and_back,
    searches_by_keyboard,
    asks_for_a_hard_word,
    turns_the_colours,
    prints_a_part_of_the_sheet,
    copies_the_link_of_a_place,
    reads_without_a_connection,
)
SHORT = (asks_for_a_hard_word, chooses_options, searches_by_keyboard)
# Engine, width in px, with a finger.
DEVICES = {
    "a phone": ("chromium", 390, True),
    "chromium": ("chromium", 1280, False),
    "firefox": ("firefox", 1280, False),
    "firefox, narrow": ("firefox", 390, False),
    "webkit": ("webkit", 1280, False),
    "webkit, narrow": ("webkit", 450, False),
}


def rounds() -> Iterator[object]:
    """Each way on each device; by day those that must not wait for the night."""
    for device, (engine, _width, _touch) in DEVICES.items():
        for way in WAYS:
            by_day = device == "a phone" or (device == engine != "chromium" and way in SHORT)
            yield pytest.param(
                device,
                way,
                id=f"{device}: {way.__name__}",
                marks=() if by_day else pytest.mark.night,
            )


@pytest.mark.parametrize(("device", "way"), rounds())
def test_a_reader(engines, host, device, way):
    name, width, touch = DEVICES[device]
    engine = engines(name)
    if isinstance(engine, EngineMissing):
        pytest.skip(str(engine))
    with engine.tab(width, touch=touch) as tab:
        way(tab, host)
        tab.wait_for("true")
        assert tab.errors == [] and host.told == []
