"""Without a connection: what was opened is there and says that it is a copy; with one, nothing old
is ever shown as new. And the file that opens from a disk.
"""

from __future__ import annotations

import http.server
import json
import re
import shutil
import socketserver
import threading
import time
import zipfile
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

from conftest import ROOT
from guide.base.html import PageHtml
from guide.outputs.asset_names import assets_in
from guide.outputs.offline import disk_copy, for_disk, make_offline
from serving import serving
from test_private import REPORTS

pytestmark = pytest.mark.site

BELOW = "/some/where/"


class Host:
    """The built site on a host that can be slow, changed or gone, below a path as on a project's
    pages.
    """

    def __init__(self, site: Path):
        self.site, self.delay, self.port, self.asked = site, 0.0, 0, []
        self._server = None

    def start(self) -> None:
        host = self

        class Handler(http.server.SimpleHTTPRequestHandler):
            protocol_version = "HTTP/1.0"

            def translate_path(self, path: str) -> str:
                path = unquote(urlsplit(path).path)
                return (
                    str(host.site / path.removeprefix(BELOW))
                    if path.startswith(BELOW)
                    else "/nowhere"
                )

            def do_GET(self) -> None:
                host.asked.append(self.path)
                if self.path.endswith("/") and host.delay:
                    time.sleep(host.delay)
                super().do_GET()

            def list_directory(self, path: str) -> None:
                self.send_error(404)

            def log_message(self, *_: object) -> None:
                pass

        class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
            allow_reuse_address = daemon_threads = True

        self._server = Server(("127.0.0.1", self.port), Handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}{BELOW}"


@pytest.fixture
def host(site, tmp_path):
    """A copy of the site, to change."""
    copy = tmp_path / "site"
    shutil.copytree(site, copy, ignore=shutil.ignore_patterns("pictures", "*.map", "guide.zip"))
    made = Host(copy)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def tab(browser, host):
    context = browser.new_context(base_url=host.address, viewport={"width": 390, "height": 844})
    context.add_init_script(REPORTS)
    page = context.new_page()
    blocked: list[str] = []
    page.on(
        "console",
        lambda message: (
            blocked.append(message.text) if "Content Security Policy" in message.text else None
        ),
    )
    yield page
    context.close()
    assert blocked == [], "the policy of a page stood in the way"


def kept(page) -> list[str]:
    return page.evaluate(
        "caches.keys().then(names => Promise.all(names.map(name => caches.open(name).then(one =>"
        " one.keys())))).then(all => all.flat().map(request => request.url))"
    )


def wait_for_kept(page, *parts: str, seconds: float = 30) -> None:
    start = time.monotonic()
    while missing := [part for part in parts if not any(url.endswith(part) for url in kept(page))]:
        assert time.monotonic() - start < seconds, f"not kept: {missing}; kept: {kept(page)}"
        time.sleep(0.2)


def test_what_was_opened_is_there_without_a_connection_and_says_so(tab, host):
    tab.goto("baricitinib-as/patients/trials/")
    assert tab.locator(".kept").count() == 0
    # After the first visit: the page with what draws it, then the pages that matter most.
    wait_for_kept(
        tab,
        "/patients/trials/",
        assets_in(host.site)["assets/guide.css"],
        assets_in(host.site)["assets/guide.js"],
        "/about/offline/",
        "/baricitinib-as/patients/safety/",
        "/baricitinib-as/clinicians/safety/",
        "/baricitinib-as/patients/",
        "/baricitinib-as/clinicians/",
        BELOW,
    )
    host.stop()
    tab.goto("baricitinib-as/patients/trials/?from=paper#class")
    bar = tab.locator(".kept")
    assert re.fullmatch(
        r"Offline copy of \d{1,2} [A-Z][a-z]+ \d{4}\. The current page could not be reached: it may"
        r" say something else now\.",
        bar.inner_text(),
    )
    assert (
        tab.locator("#class").is_visible()
        and 0 <= bar.bounding_box()["y"] <= 844 - bar.bounding_box()["height"]
    )
    # It still looks like the guide: the styles are there too.
    sign = "getComputedStyle(document.querySelector('.verdict__answer'), '::before').content"
    assert "⊘" in tab.evaluate(sign)
    tab.goto("baricitinib-as/patients/safety/#get-help-now")
    assert tab.locator(".kept").is_visible() and tab.locator("#get-help-now").is_visible()
    # A page that was never opened: the reason, not the browser's error.
    tab.goto("tofacitinib-as/clinicians/dosing/")
    assert tab.url.endswith("/about/offline/#not-kept") and tab.locator("#not-kept").is_visible()
    assert tab.evaluate("window.blocked") == []
    host.start()


def test_the_search_works_offline_once_it_was_used(tab, host):
    tab.goto("")
    tab.evaluate(
        "navigator.serviceWorker.ready.then(() => new Promise(done =>"
        " navigator.serviceWorker.controller ? done() :"
        " navigator.serviceWorker.addEventListener('controllerchange', done)))"
    )
    tab.locator(".md-header__button[for=__search]:visible").first.click()
    tab.locator(".md-search__input").fill("pregnancy")
    tab.locator(".md-search-result__item a").first.wait_for(timeout=15000)
    wait_for_kept(tab, assets_in(host.site)["assets/search/patients.json"], BELOW)
    host.stop()
    tab.goto("")
    assert tab.locator(".kept").count() == 1
    tab.locator(".md-header__button[for=__search]:visible").first.click()
    tab.locator(".md-search__input").fill("pregnancy")
    tab.locator(".md-search-result__item a").first.wait_for(timeout=15000)
    host.start()


def test_online_a_changed_page_is_shown_at_once_and_a_slow_one_is_marked(tab, host):
    tab.goto("about/")
    wait_for_kept(tab, "/about/", BELOW)
    page = host.site / "about" / "index.html"
    page.write_text(page.read_text().replace("About this guide<a", "About this newer guide<a"))
    tab.goto("about/")
    assert "newer" in tab.locator("h1").inner_text() and tab.locator(".kept").count() == 0
    # The copy was renewed; the host now takes longer than a reader waits: the copy, and it says so.
    time.sleep(0.5)
    host.delay = 7
    page.write_text(page.read_text().replace("newer guide", "newest guide"))
    tab.goto("about/")
    assert "newer" in tab.locator("h1").inner_text() and tab.locator(".kept").is_visible()
    host.delay = 0
    time.sleep(2.5)  # the slow answer comes first
    # A page that is gone is gone, also from what is kept.
    page.unlink()
    answer = tab.goto("about/")
    assert answer.status == 404
    tab.goto("about/checks/")
    assert not [url for url in kept(tab) if url.endswith("/about/")]


def test_a_new_build_renews_what_the_old_one_kept(tab, host):
    tab.goto("about/glossary/")
    wait_for_kept(tab, "/about/glossary/", "/about/offline/", BELOW)
    page = host.site / "about" / "glossary" / "index.html"
    page.write_text(
        page.read_text().replace("Hard words in plain words", "Plain words for hard ones")
    )
    worker = host.site / "sw.js"
    worker.write_text(re.sub(r'BUILD = "\w+"', 'BUILD = "another"', worker.read_text()))
    tab.goto("about/checks/")
    # The page was not opened again: the worker of the new build has fetched it.
    words = "address => caches.match(address).then(copy => copy.text())"
    start = time.monotonic()
    while "for hard ones" not in tab.evaluate(words, f"{host.address}about/glossary/"):
        assert time.monotonic() - start < 30, "the copy is still the old one"
        time.sleep(0.2)
    assert tab.evaluate("caches.keys()") == [f"guide {BELOW}"]
    host.stop()
    tab.goto("about/glossary/")
    assert (
        tab.locator(".kept").is_visible()
        and tab.get_by_text("Plain words for hard ones").is_visible()
    )
    host.start()


def test_a_reader_keeps_all_of_it_and_deletes_it_again(tab, host):
    listed = json.loads((host.site / "assets" / "offline.json").read_text())
    pages = [name for name in listed if name == "" or name.endswith("/")]
    style = assets_in(host.site)["assets/guide.css"]
    assert len(pages) == sum(1 for _ in host.site.rglob("index.html")) and style in listed
    # A short list, so that the test is quick; the button is the same.
    (host.site / "assets" / "offline.json").write_text(
        json.dumps(["", "tofacitinib-as/clinicians/dosing/", style])
    )
    tab.goto("about/offline/")
    wait_for_kept(tab, "/about/offline/")
    tab.get_by_role("button", name="Keep the whole guide on this device").click()
    tab.get_by_text("The whole guide is kept on this device.").wait_for(timeout=20000)
    wait_for_kept(tab, "/tofacitinib-as/clinicians/dosing/")
    time.sleep(5)  # the small core comes by itself a few seconds after the page
    tab.get_by_role("button", name="Delete what is kept").click()
    tab.get_by_text("Nothing of the guide is kept on this device any more.").wait_for()
    assert kept(tab) == []


def test_the_first_view_stays_small_and_the_site_is_installable(browser, host):
    context = browser.new_context(base_url=host.address)
    page = context.new_page()
    page.goto("baricitinib-as/patients/")
    page.wait_for_load_state("load")
    asked = set(host.asked)
    assert not any(
        name in url
        for url in asked
        for name in ("offline.json", "assets/search", "lean-qr", "share.js", ".zip")
    ), asked
    session = context.new_cdp_session(page)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    app = session.send("Page.getAppManifest")
    assert app["errors"] == [] and app["url"] == f"{host.address}manifest.webmanifest"
    # A test's window is private, where nothing can be installed; nothing else may stand in the way.
    assert {
        error["errorId"]
        for error in session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    } <= {"in-incognito"}
    manifest = json.loads((host.site / "manifest.webmanifest").read_text())
    assert (
        all((host.site / icon["src"]).is_file() for icon in manifest["icons"])
        and manifest["start_url"] == "./"
    )
    context.close()


# -- the file that opens from a disk ------------------------------------------------------------


@pytest.fixture(scope="module")
def unpacked(site, tmp_path_factory):
    folder = tmp_path_factory.mktemp("disk with space")
    with zipfile.ZipFile(site / "guide.zip") as packed:
        packed.extractall(folder)
    return folder / "guide"


def test_every_link_of_the_copy_leads_to_a_file(unpacked, site):
    faults, links = [], 0
    for path in sorted(unpacked.rglob("*.html")):
        text = path.read_text()
        for address in re.findall(r'<(?:a|link|script|img)\b[^>]*?\s(?:href|src)="([^"]*)"', text):
            parts = urlsplit(address)
            if parts.scheme or parts.netloc or not parts.path:
                continue
            links += 1
            if not (path.parent / unquote(parts.path)).is_file():
                faults.append((path.relative_to(unpacked).as_posix(), address))
    assert faults == [] and links > 5000
    pages = {
        path.relative_to(site).as_posix()
        for path in site.rglob("index.html")
        if "guide-old-address" not in path.read_text()
    }
    assert pages == {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("index.html")}


def test_the_copy_opens_from_a_disk_with_links_window_and_search(browser, unpacked):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(REPORTS)
    page = context.new_page()
    seen = []
    context.on(
        "request",
        lambda request: (
            seen.append(request.url) if not request.url.startswith(("file:", "data:")) else None
        ),
    )
    page.on(
        "console",
        lambda message: seen.append(message.text) if message.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.goto((unpacked / "index.html").as_uri())
    page.get_by_role("link", name="I have AS").click()
    page.wait_for_url("**/ankylosing-spondylitis/patients/index.html")
    page.locator('article a[href="options/index.html"]').first.click()
    page.wait_for_url("**/ankylosing-spondylitis/patients/options/index.html")
    page.locator(".track-bar__switch").click()
    page.wait_for_url("**/ankylosing-spondylitis/clinicians/options/index.html")
    page.locator(".md-search__input").click()
    page.keyboard.type("kidney dose", delay=10)
    page.locator(".md-search-result__item a").first.wait_for(timeout=15000)
    page.locator(".md-search-result__item a").first.click()
    page.wait_for_url(re.compile(r"/index\.html#"))
    assert page.evaluate(
        "document.getElementById(decodeURIComponent(location.hash.slice(1))) !== null"
    )
    page.locator("h1 .permalink--page").click()
    # A guide with a public address gives that one away, from a disk too.
    page.get_by_text("This address stays").wait_for()
    page.keyboard.press("Escape")
    page.goto((unpacked / "about" / "offline" / "index.html").as_uri())
    assert (
        page.get_by_text("This is the downloaded copy.").is_visible()
        and not page.locator(".keep").is_visible()
    )
    assert page.evaluate("window.blocked") == [] and seen == []
    context.close()


def test_the_page_names_the_files_size_and_the_file_is_the_same_on_any_day(site, tmp_path):
    size = (site / "guide.zip").stat().st_size
    said = BeautifulSoup(
        (site / "about" / "offline" / "index.html").read_text(), "html.parser"
    ).select_one(".download")
    assert (
        f"(a zip file of {size / 1_000_000:.1f} MB)" in said.text
        and said.a["href"] == "../../guide.zip"
    )
    files = {
        path.relative_to(site).as_posix(): path
        for path in site.rglob("*")
        if path.is_file() and "tofacitinib" not in str(path) and "upadacitinib" not in str(path)
    }
    one = disk_copy(files)
    for path in files.values():
        path.touch()
    assert disk_copy(dict(reversed(files.items()))) == one
    with zipfile.ZipFile(BytesIO(one)) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)} and {
            entry.external_attr >> 16 for entry in packed.infolist()
        } == {0o644}
        assert packed.namelist() == sorted(packed.namelist()) and not [
            name
            for name in packed.namelist()
            if name.endswith((".map", "sw.js")) or "/pictures/" in name
        ]


def test_a_guide_too_large_for_one_file_says_so_and_offers_none(
    browser, site, tmp_path, monkeypatch
):
    copy = tmp_path / "site"
    for name in (
        "about/offline/index.html",
        assets_in(site)["assets/guide.css"],
        assets_in(site)["assets/guide.js"],
        "sw.js",
        "index.html",
    ):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(site / name, copy / name)
    monkeypatch.setattr("guide.outputs.offline.LARGEST", 1000)
    make_offline(copy)
    assert (
        not (copy / "guide.zip").exists()
        and json.loads((copy / "assets" / "offline.json").read_text()) == []
    )
    with serving(copy) as address:
        tab = browser.new_context().new_page()
        faults: list[str] = []
        tab.on("pageerror", lambda error: faults.append(str(error)))
        tab.goto(f"{address}about/offline/")
        assert tab.get_by_text("This guide is too large for one file.").is_visible()
        assert tab.get_by_role("button", name="Delete what is kept").is_visible()
        assert (
            tab.get_by_role("button", name="Keep the whole guide").count() == 0
            and tab.locator(".download").count() == 0
            and faults == []
        )
        tab.context.close()


def test_links_for_a_disk():
    page = (
        '<meta charset="utf-8"><a href=".">a</a><a href="../">b</a><a class="x"'
        ' href="../dosing/#kidney">c</a><a href="#here">d</a><a href="https://x.org/">e</a><a'
        ' href="../../feed.xml">f</a><link rel="canonical" href="https://y.org/a/"><a'
        ' href="./">g</a>'
    )
    found = re.findall(r'href="([^"]*)"', for_disk(PageHtml(page)))
    assert found == [
        "index.html",
        "../index.html",
        "../dosing/index.html#kidney",
        "#here",
        "https://x.org/",
        "../../feed.xml",
        "https://y.org/a/",
        "index.html",
    ]


@pytest.mark.parametrize("address", ["", "https://y.org/g/about/data/"])
def test_a_copy_for_a_disk_leads_to_the_site_for_data(address):
    """Data for programs are not in the copy: no link of it may lead nowhere."""
    canonical = f'<link rel="canonical" href="{address}">' if address else ""
    page = (
        f'<meta charset="utf-8">{canonical}<a href="../../api/v1/index.json">a</a>'
        '<a href="../sources/references.ris" download>b</a><a href="https://x.org/api/">c</a>'
        '<a href="../data/api/">d</a><a href="../../published.json">e</a>'
    )
    made = PageHtml(for_disk(PageHtml(page), "about/data/index.html"))
    site = "https://y.org/g/" if address else None
    assert [link.attributes.get("href") for link in made.every("a")] == [
        site and f"{site}api/v1/index.json",
        site and f"{site}about/sources/references.ris",
        "https://x.org/api/",
        "../data/api/index.html",
        site and f"{site}published.json",
    ]


def test_two_builds_of_different_pages_have_different_workers(tmp_path):
    builds = []
    for words in ("one", "two", "one"):
        site = tmp_path / str(len(builds))
        site.mkdir()
        (site / "index.html").write_text(words)
        shutil.copy(ROOT / "docs" / "sw.js", site)
        make_offline(site)
        builds.append(re.search(r'BUILD = "(\w+)"', (site / "sw.js").read_text())[1])
    assert builds[0] == builds[2] != builds[1] and "unfinished" not in builds


def test_a_page_is_read_for_a_disk_as_a_browser_does():
    page = (
        "<head><META charset='utf-8'><meta http-equiv=Content-Security-Policy content='x > y'><meta"
        " content=no-referrer name=referrer><link href='../app.webmanifest' rel='manifest'><link"
        " href='../' rel='canonical'></head><A title='a > b' HREF='../b/'>b</A><p title=\"<a"
        " href='../no/'>\">&lt;a href=\"../no/\"&gt;</p><p data-x class='download'><a"
        " href='../guide.zip'>d</a></p><svg><a href='../c/?d&amp;e'></a></svg><template><a"
        " href=../f/#g></a></template><script>'<a href=\"../no/\">'</script>"
    )
    made = for_disk(PageHtml(page))
    assert re.findall(r'href="([^"]*)"', made) == [
        "../",
        "../b/index.html",
        "../no/",
        "../c/index.html",
        "../f/index.html#g",
        "../no/",
    ]
    assert "<p>This is the downloaded copy.</p>" in made and "webmanifest" not in made
    assert made.count("Content-Security-Policy") == made.count('"no-referrer"') == 1
