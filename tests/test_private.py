"""Private and safe: a policy in every page that the site's own features live under, no other host,
nothing stored but the colour choice.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conftest import open_folded
from guide.base.html import PageHtml
from guide.outputs.policy import _digest, policy, secured

pytestmark = pytest.mark.site

REPORTS = (
    "window.blocked = []; document.addEventListener('securitypolicyviolation', event =>"
    " window.blocked.push(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sourceFile"
    " + ':' + event.lineNumber));"
)


@pytest.fixture
def watched(browser, address, request):
    """A tab that collects every report of the policy and every request to another host, over all
    its pages.
    """
    context = browser.new_context(
        viewport={"width": 1280, "height": 900},
        base_url=address,
        service_workers=getattr(request, "param", "allow"),
    )
    context.add_init_script(REPORTS)
    tab = context.new_page()
    seen: list[str] = []
    tab.on(
        "console",
        lambda message: seen.append(message.text) if message.type in ("error", "warning") else None,
    )
    tab.on("pageerror", lambda error: seen.append(str(error)))
    context.on(
        "request",
        lambda request: (
            seen.append(request.url)
            if not request.url.startswith((address, "data:", "blob:"))
            else None
        ),
    )
    yield tab, seen
    context.close()


def test_every_page_has_a_policy_before_anything_it_loads(site):
    count = 0
    for path in sorted(site.rglob("*.html")):
        page = path.read_text()
        found = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)
        name = path.relative_to(site).as_posix()
        assert len(found) == 1, name
        directives = dict(part.split(" ", 1) for part in found[0].split("; "))
        assert (
            directives["default-src"]
            == directives["base-uri"]
            == directives["form-action"]
            == "'none'"
        ), name
        assert (
            "unsafe-inline" not in found[0]
            and "unsafe-eval" not in found[0]
            and "http" not in found[0]
        ), name
        assert directives["script-src"].startswith("'self'") and directives["style-src"].startswith(
            "'self'"
        ), name
        assert page.index("Content-Security-Policy") < min(
            place
            for tag in ("<script", "<link", "<style", "<img")
            if (place := page.find(tag)) >= 0
        ), name
        assert page.count('<meta name="referrer" content="no-referrer">') == 1, name
        # Exactly the inline scripts the page has: a hash for each, and none left over.
        inline = [
            body
            for attributes, body in re.findall(r"<script\b([^>]*)>(.*?)</script>", page, re.S)
            if "src=" not in attributes and "json" not in attributes
        ]
        assert set(re.findall(r"'sha256-[^']+'", directives["script-src"])) == {
            _digest(body) for body in inline
        }, name
        # No handler in the markup: it would not run, and nothing of ours may need one.
        assert not re.search(
            r"<[a-z][^<>]*\son[a-z]+\s*=",
            re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.S),
        ), name
        count += 1
    assert count > 150


def test_the_policy_names_styles_and_ignores_data():
    page = (
        '<script type="application/ld+json">{"a": 1}</script><style>p{}</style><p'
        ' style="color:red">x</p><script>go()</script><script src="a.js"></script>'
    )
    made = policy(PageHtml(page))
    assert (
        made.count("sha256") == 3
        and _digest("go()") in made
        and _digest("p{}") in made
        and f"'unsafe-hashes' {_digest('color:red')}" in made
    )
    assert '{"a": 1}' not in made and _digest('{"a": 1}') not in made
    assert (
        secured('<head><meta charset="utf-8"><title>x</title></head>').index(
            "Content-Security-Policy"
        )
        < 80
    )


def test_the_policy_reads_a_page_as_a_browser_does():
    """In any spelling of a tag, in a template, and not where a text only looks like a tag."""
    page = PageHtml(
        "<SCRIPT TYPE=module>one(1 < 2 && '&amp;')</SCRIPT><p title='a > b' STYLE='top:0'>x</p>"
        '<script data-src="x">two()</script><script\nsrc=a.js >three()</script>'
        "<template><script>four()</script><template><style>q{}</style></template></template>"
        "<noscript><style>n{}</style></noscript><svg><style>a&gt;b{}</style></svg>"
        "<!-- <script>no()</script> --><textarea><style>no{}</style></textarea>"
        "<p title=\"<script>no()</script> style='no'\">&lt;style&gt;no{}&lt;/style&gt;</p>"
        "<script type='text/plain'>no()</script><pre style>y</pre>"
    )
    found = re.findall(r"'sha256-[^']+'", policy(page))
    scripts = ("one(1 < 2 && '&amp;')", "two()", "four()")
    styles = ("n{}", "a>b{}", "q{}", "top:0", "")
    assert found == [_digest(text) for text in (*scripts, *styles)]


def test_a_page_gets_one_policy_however_it_says_its_character_set():
    page = secured(secured("<HEAD><title>x</title><META CHARSET='utf-8' ></HEAD><p>y"))
    assert page.count("Content-Security-Policy") == page.count('name="referrer"') == 1
    assert page.index("<meta charset") < page.index("Content-Security-Policy")
    assert "Policy" not in secured("<title>x</title><p>&lt;meta charset=utf-8&gt;</p>")


def test_every_feature_works_under_the_policy(watched, address):
    page, seen = watched

    def nothing_blocked(where: str) -> None:
        assert page.evaluate("window.blocked") == [], where

    page.goto("ankylosing-spondylitis/patients/options/")
    page.locator(".options__choose input[value=tofacitinib]").check()
    assert page.locator("td.option:visible", has_text="Baricitinib").count() == 0
    nothing_blocked("columns")
    before = page.evaluate("document.body.getAttribute('data-md-color-scheme')")
    page.locator(".colours").click()
    assert page.evaluate("document.body.getAttribute('data-md-color-scheme')") != before
    page.reload()
    assert page.evaluate("document.body.getAttribute('data-md-color-scheme')") != before, (
        "the colour choice is kept"
    )
    nothing_blocked("palette")
    page.locator(".md-search__input").click()
    page.keyboard.type("kidney", delay=10)
    page.locator(".md-search-result__item a").first.wait_for(timeout=15000)
    nothing_blocked("search")
    page.locator(".md-search-result__item a").first.click()
    page.wait_for_load_state()
    page.goto("upadacitinib-as/patients/dosing/")
    page.locator("article details.evidence > summary").first.click()
    page.locator(".permalink:visible").first.click()
    page.locator("dialog.share svg").wait_for()
    page.keyboard.press("Escape")
    nothing_blocked("link window")
    page.emulate_media(media="print")
    page.wait_for_timeout(100)
    nothing_blocked("print")
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 390, "height": 800})
    page.locator(".md-header__button[for=__drawer]:visible").first.click()
    page.locator(".menu").wait_for(state="visible")
    nothing_blocked("drawer")
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 1280, "height": 900})

    page.goto("upadacitinib-as/patients/")
    page.locator("article button.term:visible").first.click()
    assert (
        page.locator("[popover]:popover-open").count() == 1
        and page.locator("[popover]:popover-open").inner_text()
    )
    page.keyboard.press("Escape")
    assert page.locator("[popover]:popover-open").count() == 0
    nothing_blocked("words explained")
    page.locator("details.cite summary").click()
    for name, start in (("RIS", "TY  - "), ("BibTeX", "@"), ("CSL-JSON", "[")):
        with page.expect_download() as got:
            page.locator("details.cite").get_by_role("link", name=name, exact=True).click()
        assert Path(got.value.path()).read_text(encoding="utf-8").startswith(start)
    nothing_blocked("citation")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_folded(page, "#select-axis-1-asas40")
    page.locator("#select-axis-1-asas40 .permalink").click()
    wanted = page.get_by_label("Address", exact=True).input_value()
    page.get_by_role("button", name="Copy: Address").click()
    page.get_by_text("Address copied.").wait_for()
    assert (
        wanted.endswith("#select-axis-1-asas40")
        and page.evaluate("navigator.clipboard.readText()") == wanted
    )
    nothing_blocked("copied link")
    page.goto("upadacitinib-as/clinicians/handout/")
    assert page.locator("article .not-printed").count() == 0
    page.locator(".print-choice input").nth(1).uncheck()
    assert page.locator("article .not-printed").count() > 1
    page.emulate_media(media="print")
    assert (
        page.locator("article .not-printed:visible").count() == 0
        and page.locator("article h2:visible").count() > 3
    )
    page.emulate_media(media="screen")
    nothing_blocked("sections of a handout")
    page.goto("upadacitinib-as/check/")
    page.locator("form.check-print input").fill("nosuchc")
    page.keyboard.press("Enter")
    assert page.locator(".check-print__unknown").is_visible()
    nothing_blocked("check of a print")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    assert (
        page.evaluate("fetch('manifest.webmanifest').then(() => 'asked', () => 'refused')")
        == "asked"
    )
    nothing_blocked("service worker")
    stored = page.evaluate(
        "[Object.keys(localStorage).filter(key => !key.endsWith('__palette')),"
        " Object.keys(sessionStorage), document.cookie]"
    )
    # The search box remembers whose pages the reader reads, on the device alone.
    assert stored == [["guide-track"], [], ""] and page.context.cookies() == []
    assert [text for text in seen if "404" not in text] == []


@pytest.mark.parametrize("watched", ["block"], indirect=True, ids=["no-worker"])
def test_no_page_is_blocked_stores_or_asks_another_host(watched, site):
    """Every page of the guide, opened in a real browser."""
    page, seen = watched
    urls = sorted(
        path.relative_to(site).as_posix().removesuffix("index.html")
        for path in site.rglob("*.html")
        if path.name != "404.html"
    )
    blocked = []
    for url in urls:
        page.goto(url, wait_until="load")
        blocked += [(url, report) for report in page.evaluate("window.blocked")]
    # The worker has tests of its own; here it would only fetch every page twice.
    seen = [text for text in seen if "Service Worker registration blocked" not in text]
    assert blocked == [] and seen == [] and len(urls) > 150
    assert (
        page.context.cookies() == []
        and page.evaluate("Object.keys(localStorage).filter(key => !key.endsWith('__palette'))")
        == []
    )


def test_what_is_foreign_does_not_run(watched):
    """The policy bites: an inline script, a handler and a script of another host put into the page
    are refused.
    """
    page, _ = watched
    page.goto("")
    page.evaluate("""() => {
        const one = document.createElement('script');
        one.textContent = 'window.ran = 1';
        document.body.append(one);
        const two = document.createElement('div');
        two.innerHTML = '<img src="data:," onerror="window.ran = 2">';
        document.body.append(two);
        const three = document.createElement('script');
        three.src = 'https://example.org/x.js';
        document.body.append(three);
    }""")
    page.wait_for_function("() => window.blocked.length >= 3")
    assert page.evaluate("window.ran") is None


def test_a_link_out_takes_no_referrer_along(browser, address):
    context = browser.new_context(base_url=address)
    page = context.new_page()
    sent = []

    def answer(route):
        sent.append(route.request.headers.get("referer"))
        route.fulfill(status=200, body="a paper")

    context.route(lambda url: not url.startswith(address), answer)
    page.goto("baricitinib-as/clinicians/trials/")
    page.locator("summary:has(#sources)").click()
    page.locator(".sources a[href^='https://doi.org/']").first.click()
    page.wait_for_url("https://doi.org/**")
    assert sent == [None]
    context.close()
