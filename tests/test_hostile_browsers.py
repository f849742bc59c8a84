"""The hostile guide of `test_hostile` in Chromium, Firefox and WebKit: nothing of it runs, whether
a page has its policy or not, and it is on the pages. By day a few pages, by night all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from drivers import EngineMissing, Tab
from faulty_host import Host, running
from guide.outputs.policy import secured
from test_hostile import (
    DRAWN,
    FOREIGN,
    HANDLERS,
    REFERENCE,
    SHORTS,
    built_hostile,
    hostile_pages,
    make_hostile,
)

pytestmark = pytest.mark.site

ENGINES = ("chromium", "firefox", "webkit")
READY = "document.readyState === 'complete'"
POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy"[^>]*>')
# One page is left for the next while the worker of the site still keeps the first, and Firefox
# sometimes tells the console of what it broke off. `test_worker` is about that.
NO_WORKER = {"sw.js": ""}
# What a page did and what it shows. `elsewhere` is what it asked of other hosts.
LOOK = f"""({{
  path: location.pathname,
  ran: window.pwned ?? null,
  guarded: document.querySelector('meta[http-equiv=Content-Security-Policy]') !== null,
  made: [...({HANDLERS})({json.dumps(REFERENCE)}), ...({FOREIGN})()],
  elsewhere: performance.getEntriesByType('resource').map(one => one.name)
    .filter(name => !name.startsWith(location.origin) && !/^(?:data|blob):/.test(name)),
  marks: [...new Set(document.documentElement.outerHTML.match(/zq[a-z]+qz/g) ?? [])],
}})"""


@dataclass
class Site(Host):
    """A site whose pages have lost their policy, if `bare`: then only the text itself is safe."""

    bare: bool = False

    def content(self, path: str) -> bytes | None:
        found = super().content(path)
        return POLICY.sub(b"", found) if found and self.bare else found


@contextmanager
def a_tab(engines, name: str) -> Iterator[Tab]:
    engine = engines(name)
    if isinstance(engine, EngineMissing):
        pytest.skip(str(engine))
    with engine.tab() as tab:
        yield tab


def seen(tab: Tab, address: str) -> dict:
    """Opens a page and looks at it, when all that could run by itself had its turn."""
    tab.open(address)
    tab.wait_for(READY)
    return tab.wait_for(f"new Promise(done => setTimeout(() => done({LOOK}), 20))")


# -- what would run is seen ----------------------------------------------------------------------

PLANTED = {
    "a script": "<script>window.pwned=true</script>",
    "an error": "<img src=x onerror=window.pwned=true>",
    "a drawing": "<svg onload=window.pwned=true></svg>",
    "a frame": "<iframe srcdoc='<script>parent.pwned=true</script>'></iframe>",
    "an address": "<iframe src=javascript:parent.pwned=true></iframe>",
    "a focus": "<input autofocus onfocus=window.pwned=true>",
    "a fold": "<details open ontoggle=window.pwned=true></details>",
}


def planted(body: str) -> str:
    return f'<html><head><meta charset="utf-8"></head><body><article>{body}</article></body></html>'


@pytest.mark.parametrize("name", ENGINES)
def test_what_would_run_is_seen_in_each_engine(engines, name):
    """Each way to run is noticed on a page without a policy; with the policy none runs, and the
    browser reports what it refused.
    """
    pages = {f"{number}/index.html": planted(body) for number, body in enumerate(PLANTED.values())}
    # A policy allows the scripts that its page has when it is finished: here they come later.
    guarded = {
        f"guarded/{path}": secured(planted("")).replace("</article>", f"{body}</article>")
        for path, body in zip(pages, PLANTED.values(), strict=True)
    }
    host = Host({**pages, **guarded}, listens=True)
    with running(host), running(Host({})) as other, a_tab(engines, name) as tab:
        for path, way in zip(pages, PLANTED, strict=True):
            page = path.removesuffix("index.html")
            bare = seen(tab, host.address + page)
            assert (bare["ran"], bare["guarded"]) == (True, False) and bare["made"], way
            host.told.clear()
            safe = seen(tab, f"{host.address}guarded/{page}")
            assert (safe["ran"], safe["guarded"]) == (None, True) and safe["made"], way
            # A frame reports to itself what it refused.
            told = [words for words in host.told if words.startswith("policy: ")]
            assert told or way == "a frame", way
        style = f"{other.address}evil.css"
        host.files["away/index.html"] = planted(f"<link rel=stylesheet href={style}>")
        # Firefox may ask for a style twice: as it reads ahead, and as it needs it.
        assert {*seen(tab, f"{host.address}away/")["elsewhere"]} == {style}


# -- nothing runs --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hostile(once) -> Path:
    return once("hostile", make_hostile) / "guide"


def look_at(engines, name: str, project: Path, pages: list[Path], bare: bool) -> set[str]:
    """Opens pages in an engine, fails where anything ran, and returns the marks of the fields on
    them.
    """
    site = project / "build" / "site-new"
    host = Site(NO_WORKER, site, listens=True, bare=bare)
    marks: set[str] = set()
    with running(host), a_tab(engines, name) as tab:
        for page in pages:
            path = page.relative_to(site).as_posix().removesuffix("index.html")
            found = seen(tab, host.address + path)
            marks |= set(found.pop("marks"))
            at = found.pop("path")
            assert found == {"ran": None, "guarded": not bare, "made": [], "elsewhere": []}, at
        assert (host.told, tab.errors) == ([], [])
    return marks


@pytest.mark.parametrize("name", ENGINES)
def test_nothing_of_a_few_pages_runs(engines, hostile, name):
    pages = hostile_pages(hostile)
    assert len(look_at(engines, name, hostile, pages[:: len(pages) // 4], bare=True)) > 30


@pytest.mark.night
@pytest.mark.parametrize("bare", [False, True], ids=["as published", "without its policy"])
@pytest.mark.parametrize("name", ENGINES)
def test_nothing_of_any_page_runs(engines, hostile, name, bare):
    pages = hostile_pages(hostile)
    marks = look_at(engines, name, hostile, pages, bare)
    written = {
        mark for page in pages for mark in re.findall(r"zq[a-z]+qz", page.read_text("utf-8"))
    }
    assert marks == written and len(marks) > 90 and len(pages) > 40


@pytest.mark.night
@pytest.mark.parametrize("turn", range(1, len(SHORTS)))
def test_short_texts_hold_each_payload_once(engines, tmp_path, turn):
    """Where one build cannot fill a field with each: the engines take turns."""
    project, _, answer = built_hostile(tmp_path, turn)
    assert "Traceback" not in answer, answer[-3000:]
    name = ENGINES[turn % len(ENGINES)]
    if isinstance(engines(name), EngineMissing):
        name = "chromium"
    assert len(look_at(engines, name, project, hostile_pages(project), bare=True)) > 90


def draw_a_share_window(tab: Tab) -> None:
    tab.wait_for(f"{READY} && Boolean(window.guide)")
    tab.evaluate(
        "document.querySelectorAll('article details').forEach(one => { one.open = true; })"
    )
    tab.click("article .statement .permalink")
    tab.wait_for("document.querySelector('#share-cite')?.value.includes('<script>')")


def draw_the_answer_to_a_code(tab: Tab) -> None:
    tab.wait_for(f"{READY} && document.querySelector('form.check-print')?.checkVisibility()")
    # The box takes twelve letters from the keys; a program that fills it in is not held to them.
    tab.evaluate(
        "{input}.value = {text}".format(
            input="document.querySelector('.check-print__code')",
            text=json.dumps("<img src=x onerror=window.pwned=true>"),
        )
    )
    tab.click("form.check-print button")
    tab.wait_for("document.querySelector('.check-print__asked').textContent.includes('<img')")


def draw_what_is_found(tab: Tab) -> None:
    tab.wait_for(f"{READY} && Boolean(window.guide)")
    tab.type("s")
    tab.wait_for("document.activeElement.matches('.md-search__input')")
    tab.type("onmouseover script")
    tab.wait_for("document.querySelector('#search-results')?.innerText.includes('<script>')")


DRAWINGS = {
    draw_a_share_window: ("examplinib-ed/clinicians/trials/", "dialog.share"),
    draw_the_answer_to_a_code: ("examplinib-ed/check/", ".check-print__unknown"),
    draw_what_is_found: ("examplinib-ed/patients/", "#search-results"),
}


@pytest.mark.night
@pytest.mark.parametrize("draw", DRAWINGS, ids=lambda draw: draw.__name__)
@pytest.mark.parametrize("name", ENGINES)
def test_nothing_that_a_script_draws_runs(engines, hostile, name, draw):
    """What scripts put into a page later, where no policy would hold back what went wrong."""
    path, place = DRAWINGS[draw]
    host = Site(NO_WORKER, hostile / "build" / "site-new", listens=True, bare=True)
    with running(host), a_tab(engines, name) as tab:
        tab.open(host.address + path)
        draw(tab)
        found = tab.wait_for(f"new Promise(done => setTimeout(() => done({LOOK}), 100))")
        assert (found["ran"], found["made"], found["elsewhere"]) == (None, [], [])
        inside = f"[...document.querySelectorAll({json.dumps(place)})]"
        drawn = f"{inside}.flatMap(one => [...one.querySelectorAll({json.dumps(DRAWN)})]).length"
        assert tab.evaluate(f"{inside}.length") == 1 and tab.evaluate(drawn) == 0
        assert (host.told, tab.errors) == ([], [])
