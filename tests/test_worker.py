"""The service worker never stands between a reader and an answer: each fault of a device, a host or
a line, in every engine that is installed.

The site is a small one of its own: a page with a dose, a style and a script whose names hold their
digest, and others whose names do not.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator

import pytest

from conftest import ROOT
from drivers import EngineMissing
from faulty_host import Fault, Host, running

pytestmark = pytest.mark.site

# Shorter than a reader's, so that the tests are quick; one test has the real one.
PATIENCE = 1500
STYLE, SCRIPT = "assets/look.0123456789.css", "assets/act.abcdef0123.js"
OTHER_STYLE = "assets/look.9876543210.css"
PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta name="guide-date" content="2026-11-30"><title>{title}</title>
<link rel="stylesheet" href="{up}{style}"><link rel="stylesheet" href="{up}assets/plain.css">
<script src="{up}assets/guide.js" defer></script><script src="{up}{script}" defer></script>
</head><body><h1>{title}</h1><p id="dose">{dose}</p>{more}</body></html>"""
# Put in front of the worker: a device whose storage fails in one way, from a message on.
SHIM = """(() => {{
  const real = {where}.prototype.{method};
  {where}.prototype.{method} = function (...all) {{
    if (!self.broken) return real.apply(this, all);
    {how};
  }};
  self.addEventListener('message', event => {{ if (event.data.broken) self.broken = true; }});
}})();
"""
ERROR = "new DOMException('', 'QuotaExceededError')"
FAILS = f"return Promise.reject({ERROR})"
BROKEN_STORAGE = [
    ("Cache", "put", FAILS),
    ("Cache", "put", f"throw {ERROR}"),
    ("Cache", "put", "return new Promise(() => {})"),
    ("Cache", "match", FAILS),
    ("Cache", "match", "return new Promise(() => {})"),
    ("Cache", "delete", FAILS),
    ("CacheStorage", "open", FAILS),
    ("CacheStorage", "open", f"throw {ERROR}"),
    ("CacheStorage", "open", "return new Promise(() => {})"),
]
BAR = ".kept"
LATE = "The current page is slow to come"
AWAY = "The current page could not be reached"


def page(dose: str, up: str = "../", style: str = STYLE, more: str = "") -> str:
    return PAGE.format(title="Dose", dose=dose, up=up, style=style, script=SCRIPT, more=more)


def worker(build: str = "one", before: str = "", patience: int = PATIENCE) -> str:
    text = (ROOT / "docs" / "sw.js").read_text(encoding="utf-8")
    for name, value in (("BUILD", f'"{build}"'), ("PATIENCE", str(patience))):
        text, count = re.subn(rf"const {name} = [^;]+;", f"const {name} = {value};", text)
        assert count == 1, name
    return before + text


def small_site() -> dict[str, str]:
    scripts = ("00-guide.js", "offline.js")
    folder = ROOT / "docs" / "assets" / "js"
    return {
        "index.html": page("Start", up=""),
        "dose/index.html": page("5 mg"),
        "other/index.html": page("Other"),
        "about/offline/index.html": page(
            "Offline", up="../../", more='<h2 id="not-kept">If a page was not there</h2>'
        ),
        "assets/guide.js": "".join((folder / name).read_text() for name in scripts),
        "assets/plain.css": "#dose { text-align: center }",
        STYLE: "body { outline-style: dotted }",
        OTHER_STYLE: "body { outline-style: dashed }",
        SCRIPT: "document.documentElement.dataset.acted = 'yes';",
        "sw.js": worker(),
    }


@pytest.fixture(
    params=[
        "chromium",
        pytest.param("firefox", marks=pytest.mark.night),
        pytest.param("webkit", marks=pytest.mark.night),
    ]
)
def engine(request, engines):
    """Each engine; all but Chromium by night. Skips where one is not installed."""
    started = engines(request.param)
    if isinstance(started, EngineMissing):
        pytest.skip(str(started))
    return started


@pytest.fixture
def host() -> Iterator[Host]:
    with running(Host(small_site())) as made:
        yield made


@pytest.fixture
def tab(engine):
    with engine.tab(390) as made:
        yield made


KEPT = """(async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys()) found.push(request.url);
  return found;
})()"""
CONTROLLED = (
    "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller?.state"
    " === 'activated')"
)


def visit(tab, host: Host, path: str, *kept: str) -> None:
    """Opens a page until the worker has it in charge, and has kept what is named."""
    tab.open(host.address + path)
    tab.wait_for(CONTROLLED)
    for name in kept:
        tab.wait_for(f"{KEPT}.then(found => found.includes({json.dumps(host.address + name)}))")


def dose(tab) -> str:
    return tab.words("#dose")


def styled(tab) -> bool:
    """Whether both styles and both scripts of a page are there."""
    return tab.evaluate(
        "getComputedStyle(document.body).outlineStyle === 'dotted'"
        " && getComputedStyle(document.querySelector('#dose')).textAlign === 'center'"
        " && document.documentElement.dataset.acted === 'yes' && Boolean(window.guide)"
    )


ALL = ("dose/", "about/offline/", STYLE, SCRIPT, "assets/plain.css", "assets/guide.js")


@pytest.mark.parametrize(("where", "method", "how"), BROKEN_STORAGE)
def test_a_device_that_cannot_keep_still_shows_the_new_dose(tab, host, where, method, how):
    """Before: the answer of the host was thrown away, and the old dose or "not kept" was shown."""
    host.files["sw.js"] = worker(before=SHIM.format(where=where, method=method, how=how))
    visit(tab, host, "dose/", *ALL)
    tab.evaluate("navigator.serviceWorker.controller.postMessage({ broken: true })")
    host.files["dose/index.html"] = page("10 mg")
    tab.open(host.address + "dose/")
    assert (dose(tab), tab.shows(BAR)) == ("10 mg", False)
    # A page that was never opened.
    tab.open(host.address + "other/")
    assert (dose(tab), tab.shows(BAR)) == ("Other", False)
    assert tab.address == host.address + "other/" and styled(tab)
    # The copy of a dose that is known to be old never stands in for the new one.
    if method == "put":
        host.down = True
        tab.open(host.address + "dose/")
        assert "5 mg" not in tab.evaluate("document.body.innerText")


def test_a_full_device_shows_the_new_dose_and_says_that_it_is_full(tab, host):
    """Before: the old dose under "could not be reached", and "There is no connection now"."""
    if not hasattr(tab, "limit_storage"):
        pytest.skip("only Chromium lets a test fill the device")
    host.files["about/offline/index.html"] = page(
        "Offline",
        up="../../",
        more='<div class="keep" hidden><button class="keep__all">Keep</button><button'
        ' class="keep__forget">Forget</button><p class="keep__said"></p></div>',
    )
    host.files["assets/offline.json"] = json.dumps(["", "other/", STYLE])
    visit(tab, host, "dose/", *ALL)
    tab.limit_storage(1000)
    host.files["dose/index.html"] = page("10 mg", more="x" * 5000)
    tab.open(host.address + "dose/")
    assert (dose(tab), tab.shows(BAR)) == ("10 mg", False)
    tab.wait_for(f"{KEPT}.then(found => !found.includes({json.dumps(host.address + 'dose/')}))")
    tab.open(host.address + "other/")
    assert (dose(tab), tab.address) == ("Other", host.address + "other/")
    tab.open(host.address + "about/offline/")
    tab.click(".keep__all")
    tab.wait_for("document.querySelector('.keep__said').innerText.includes('no room left')")


def test_a_host_that_varies_everything_is_read_and_kept(tab, host):
    """Before: each new page led to "not kept", for every reader after the first visit."""
    # Firefox takes no worker that is sent like this; what it then shows is the host's own answer.
    host.faults = [Fault(path=r"^(?!sw\.js)", headers={"Vary": "*"})]
    visit(tab, host, "dose/", *ALL)
    visit(tab, host, "other/", "other/")
    assert dose(tab) == "Other"
    host.down = True
    tab.open(host.address + "dose/")
    assert dose(tab) == "5 mg" and AWAY in tab.words(BAR) and styled(tab)


@pytest.mark.parametrize("patience", [PATIENCE, 5000])
def test_a_silent_host_leaves_the_kept_page_with_its_look(tab, host, patience):
    """Before: a blank page for as long as the styles were silent, 21 seconds and more."""
    host.files["sw.js"] = worker(patience=patience)
    visit(tab, host, "dose/", *ALL)
    host.faults = [Fault(silence=60)]
    start = time.monotonic()
    tab.start_opening(host.address + "dose/?again")
    tab.wait_for(f"Boolean(document.querySelector({json.dumps(BAR)}))")
    tab.wait_for("document.readyState === 'complete'", seconds=3)
    assert time.monotonic() - start < patience / 1000 + 4
    assert dose(tab) == "5 mg" and LATE in tab.words(BAR) and styled(tab)
    # The host answers at last, with the same page: the bar goes.
    host.faults = []
    tab.wait_for(f"!document.querySelector({json.dumps(BAR)})")


def test_the_fresh_page_behind_a_late_one_is_offered_and_shown_at_once(tab, host):
    """Before: the bar stayed for ever, and nothing said that the current page had come."""
    visit(tab, host, "dose/", *ALL)
    host.faults = [Fault(silence=60)]
    tab.start_opening(host.address + "dose/?again")
    tab.wait_for(f"Boolean(document.querySelector({json.dumps(BAR)}))")
    tab.wait_for("document.readyState === 'complete'")
    host.files["dose/index.html"] = page("10 mg")
    host.faults = []
    tab.wait_for(f"document.querySelector({json.dumps(BAR)}).innerText.includes('is here now')")
    assert dose(tab) == "5 mg", "a page never changes under its reader"
    # Shown at once, from what has come: the host is silent again.
    host.faults = [Fault(silence=60)]
    tab.click(f"{BAR} button")
    tab.wait_for("document.querySelector('#dose')?.innerText === '10 mg'", seconds=5)
    assert not tab.shows(BAR)


def test_a_slow_line_shows_the_page_as_it_comes_and_calls_nothing_offline(tab, host):
    """Before: nothing until the whole page was there, and an "offline" bar that never went."""
    long = "".join(f"<p>Line {number} of a long page.</p>" for number in range(4000))
    host.files["dose/index.html"] = page("5 mg", more=long + '<p id="end"></p>')
    visit(tab, host, "dose/", *ALL)
    for _ in ("second visit", "third visit"):
        host.faults = [Fault(path="^dose/", rate=40000)]
        tab.start_opening(host.address + "dose/?again")
        tab.wait_for("location.search && document.querySelector('#end') !== null", seconds=40)
        tab.wait_for("performance.getEntriesByType('navigation')[0]?.loadEventEnd > 0")
        drawn, all_there = tab.evaluate(
            "[performance.getEntriesByName('first-contentful-paint')[0].startTime,"
            " performance.getEntriesByType('navigation')[0].domContentLoadedEventStart]"
        )
        assert all_there > PATIENCE + 500, "slower than the patience"
        assert drawn < all_there / 2, "the first lines are read at once"
        assert not tab.shows(BAR) and dose(tab) == "5 mg"
        tab.open(host.address + "other/")


def test_a_publication_between_two_tabs_is_shown_in_one_and_told_in_the_other(tab, host):
    """Before: the open tab kept the old dose without a word."""
    visit(tab, host, "dose/", *ALL)
    second = tab.sibling()
    second.open(host.address + "other/")
    host.files["dose/index.html"] = page("10 mg", style=OTHER_STYLE)
    host.files["sw.js"] = worker("two")
    second.open(host.address + "dose/")
    assert (dose(second), second.shows(BAR)) == ("10 mg", False)
    tab.wait_for(f"document.querySelector({json.dumps(BAR)})?.innerText.includes('has changed')")
    assert dose(tab) == "5 mg"
    tab.click(f"{BAR} button")
    tab.wait_for("document.querySelector('#dose')?.innerText === '10 mg'")
    tab.wait_for("document.readyState === 'complete'")
    assert tab.evaluate("getComputedStyle(document.body).outlineStyle") == "dashed"
    assert not tab.shows(BAR) and not second.shows(BAR)


def test_an_open_page_that_is_looked_at_again_says_that_it_has_changed(tab, host):
    """Before: a tab that stayed open for weeks showed the old dose without a word."""
    visit(tab, host, "dose/", *ALL)
    host.files |= {"dose/index.html": page("10 mg"), "sw.js": worker("two")}
    tab.evaluate(
        """void (now => {
            Date.now = () => now() + 120000;
            document.dispatchEvent(new Event('visibilitychange'));
        })(Date.now)"""
    )
    tab.wait_for(f"document.querySelector({json.dumps(BAR)})?.innerText.includes('has changed')")
    tab.click(f"{BAR} button")
    tab.wait_for("document.querySelector('#dose')?.innerText === '10 mg'")
    assert not tab.shows(BAR)


def test_the_bar_of_an_offline_page_goes_when_the_connection_is_back(tab, host):
    """Before: it stayed until the reader loaded the page again."""
    visit(tab, host, "dose/", *ALL)
    host.down = True
    tab.open(host.address + "dose/")
    assert AWAY in tab.words(BAR)
    host.down = False
    tab.evaluate("void dispatchEvent(new Event('online'))")
    tab.wait_for(f"!document.querySelector({json.dumps(BAR)})")
    assert dose(tab) == "5 mg"


def test_a_new_build_renews_what_is_kept_and_keeps_the_look_of_what_it_cannot(tab, host):
    """Before: the style of an old page was dropped, and offline it stood without its look."""
    visit(tab, host, "other/", "other/", "about/offline/", STYLE)
    visit(tab, host, "dose/", *ALL)
    host.files |= {
        "dose/index.html": page("10 mg", style=OTHER_STYLE),
        "other/index.html": page("Newer", style=OTHER_STYLE),
        "sw.js": worker("two"),
    }
    del host.files[STYLE]
    # What is asked for first is renewed; then the host fails.
    host.faults = [Fault(path="^other/", status=500)]
    tab.open(host.address + "dose/")
    tab.wait_for(f"{KEPT}.then(found => found.some(name => name.endsWith('{OTHER_STYLE}')))")
    tab.wait_for("navigator.serviceWorker.getRegistration().then(one => !one.installing)")
    host.down = True
    tab.open(host.address + "other/")
    assert dose(tab) == "Other" and AWAY in tab.words(BAR) and styled(tab)
    tab.open(host.address + "dose/")
    assert dose(tab) == "10 mg" and AWAY in tab.words(BAR)


def test_when_all_is_renewed_files_of_the_old_build_go(tab, host):
    visit(tab, host, "dose/", *ALL)
    host.files |= {"dose/index.html": page("10 mg", style=OTHER_STYLE), "sw.js": worker("two")}
    for name in [name for name in host.files if name.endswith(".html")]:
        host.files[name] = host.files[name].replace(STYLE, OTHER_STYLE)
    del host.files[STYLE]
    tab.open(host.address + "dose/")
    assert dose(tab) == "10 mg"
    tab.wait_for(f"{KEPT}.then(found => !found.some(name => name.endsWith('{STYLE}')))")


def test_a_page_that_breaks_off_says_so_and_never_replaces_the_whole_one(tab, host):
    long = "".join(f"<p>Line {number}.</p>" for number in range(4000))
    host.files["dose/index.html"] = page("5 mg", more=long + '<p id="end">The end</p>')
    visit(tab, host, "dose/", *ALL)
    host.faults = [Fault(path="^dose/", rate=40000, breaks_after=30000)]
    tab.start_opening(host.address + "dose/?again")
    tab.wait_for(f"document.querySelector({json.dumps(BAR)})?.innerText.includes('broke off')")
    assert dose(tab) == "5 mg" and not tab.words("#end")
    host.faults, host.down = [], True
    tab.open(host.address + "dose/")
    assert tab.words("#end") == "The end" and AWAY in tab.words(BAR)


def test_an_error_of_the_host_shows_the_copy_and_a_page_that_is_gone_is_gone(tab, host):
    visit(tab, host, "dose/", *ALL)
    host.faults = [Fault(status=503)]
    tab.open(host.address + "dose/")
    assert dose(tab) == "5 mg" and AWAY in tab.words(BAR)
    host.faults = []
    del host.files["dose/index.html"]
    tab.open(host.address + "dose/")
    assert tab.evaluate("document.body.innerText").strip() == "not there"
    host.down = True
    tab.open(host.address + "dose/")
    assert tab.address == host.address + "about/offline/#not-kept"


def test_the_login_of_a_network_is_never_kept_as_a_file_of_the_site(tab, host):
    visit(tab, host, "other/", "about/offline/")
    login = Fault(path=r"\.css$", headers={"Content-Type": "text/html"})
    host.files["dose/index.html"] = page("5 mg", style=OTHER_STYLE)
    host.faults = [login]
    tab.open(host.address + "dose/")
    host.faults = []
    tab.open(host.address + "dose/")
    assert tab.evaluate("getComputedStyle(document.body).outlineStyle") == "dashed"


def test_what_an_earlier_worker_kept_is_taken_over(tab, host):
    below = host.below
    tab.open(host.address + "other/")
    tab.wait_for(CONTROLLED)
    stamp = "new Date(2020, 1, 2).toISOString()"
    tab.evaluate(
        f"""(async () => {{
            const old = await caches.open('guide {below} before');
            const headers = {{ 'content-type': 'text/html', 'x-kept': {stamp} }};
            const copy = new Response('<body>Old page</body>', {{ headers }});
            await old.put('{host.address}never/', copy);
        }})()"""
    )
    host.files["never/index.html"] = page("now there")
    host.files["sw.js"] = worker("two")
    tab.open(host.address + "other/")
    tab.wait_for(f"caches.keys().then(names => names.join() === 'guide {below}')")
    tab.wait_for(
        f"caches.match('{host.address}never/').then(one => one.text()).then(text =>"
        " text.includes('now there'))"
    )


def test_files_with_a_digest_are_asked_for_once(tab, host):
    visit(tab, host, "dose/", *ALL)
    host.asked.clear()
    tab.open(host.address + "dose/")
    assert styled(tab)
    assert STYLE not in host.asked and SCRIPT not in host.asked
    assert "dose/" in host.asked and "assets/plain.css" in host.asked
