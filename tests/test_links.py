"""Links that last: nothing that readers were given may lead nowhere, and each place offers its own
address.
"""

from __future__ import annotations

import datetime
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from conftest import PUBLIC, ROOT, git, mkdocs, open_folded
from guide.base.html import PageHtml, scan
from guide.content.loading import load
from guide.outputs.controls import finished
from guide.outputs.old_addresses import live_places, put_old_places
from guide.outputs.permalinks import End, Places, plan, read_links
from guide.outputs.redirects import Rule, rules_of
from test_bad_content import said

pytestmark = pytest.mark.site

DAY = datetime.date(2026, 6, 1)


def places(*ids: str, title: str = "", facts: tuple[str, ...] = ()) -> Places:
    return Places(
        frozenset({*ids, *([title] if title else []), *facts}),
        frozenset([title] if title else []),
        frozenset(facts),
        "Heading",
    )


def words(element) -> str:
    return " ".join(element.get_text(" ").split())


def messages(made) -> list[str]:
    return [str(problem) for problem in made.problems]


# -- what is live today against what was live then ------------------------------------------


def test_every_address_of_the_published_guide_still_leads_somewhere(site):
    """The ledger in the repository was first made from the guide as published before its questions
    were split.
    """
    published = read_links(ROOT)
    assert len(published) >= 95 and sum(len(old.ids) for old in published.values()) > 8000
    live = live_places(site)
    decided = {rule.source: rule.to for rule in rules_of(load(ROOT))}
    replaced = 0
    for name, old in published.items():
        soup = BeautifulSoup((site / name / "index.html").read_text(), "lxml")
        here = {element["id"]: element for element in soup.select("[id]")}
        whole = soup.select_one("meta[name=guide-old-address]") is not None
        replaced += whole
        passed_on = (old.ids | old.title) - here.keys()
        if whole:
            # A page that stands for one that moved passes on what its new page has, too.
            target = soup.select_one("#target")["href"]
            assert_leads(site, name, target)
            to = live[address_from(name, target)].ids
            for anchor in passed_on - to - old.title:
                assert decided[f"{name}#{anchor}"] == address_from(name, target), (name, anchor)
        else:
            assert not passed_on, name
        for anchor in old.ids & here.keys():
            # What is gone has a reason in its place, what went elsewhere a way there.
            element = here[anchor]
            if element.find_parent(class_="withdrawn") or (whole and not element.a):
                assert len(words(element)) > 30, (name, anchor)
            elif whole or "moved__place" in element.get("class", []):
                assert_leads(site, name, element.a["href"])
    assert 0 < replaced < len(published) / 2


def address_from(page: str, link: str) -> str:
    """The address that a relative link on a page leads to, without its fragment."""
    path = os.path.normpath(f"{page}{link.partition('#')[0]}")
    return "" if path == "." else f"{path}/"


def assert_leads(site: Path, page: str, link: str) -> None:
    """Holds a link to a page of the guide, and to the place it names there."""
    file, place = site / address_from(page, link) / "index.html", link.partition("#")[2]
    assert file.is_file() and (not place or f'id="{place}"' in file.read_text()), (page, link)


@pytest.fixture(scope="module")
def ledgers() -> list[dict[str, Places]]:
    """The ledger as it was in every commit that wrote it, newest first."""
    try:
        commits = git(ROOT, "log", "--format=%H", "--", "content/links.json").split()
    except (subprocess.CalledProcessError, OSError):
        commits = []
    if len(commits) < 2:
        pytest.skip(
            "this is no clone with its history: nothing older to hold today's addresses against"
        )
    return [
        {
            page: Places(frozenset(old["ids"]), frozenset(old["title"]))
            for page, old in json.loads(git(ROOT, "show", f"{commit}:content/links.json")).items()
        }
        for commit in commits
    ]


def test_no_address_was_ever_struck_from_the_ledger(ledgers):
    """Whatever commit a reader's link is from: its page and its place are still in the ledger of
    today, which the build is held to.
    """
    today = read_links(ROOT)
    for old in ledgers:
        assert old.keys() <= today.keys()
        assert {
            (page, anchor)
            for page, places_ in old.items()
            for anchor in places_.ids | places_.title
        } <= {
            (page, anchor)
            for page, places_ in today.items()
            for anchor in places_.ids | places_.title
        }


def test_with_the_ledger_of_the_oldest_commit_a_page_renamed_and_one_removed_stop_the_real_guide(
    ledgers, site
):
    """The real pages of today against the first ledger: as they are nothing is lost; without two of
    them exactly those are named, until each is decided.
    """
    oldest, live = ledgers[-1], live_places(site)

    # What was decided since, as far as that ledger knows the address.
    def known(rule: Rule) -> bool:
        page, mark, anchor = rule.source.partition("#")
        if not mark:
            return page in oldest
        # A rule without a page holds wherever the id stood.
        return any(
            anchor in old.ids | old.title
            for name, old in oldest.items()
            if not page or page.removeprefix("./") == name
        )

    since = [rule for rule in rules_of(load(ROOT)) if known(rule)]
    decided = plan(oldest, live, since)
    assert decided.problems == [] and sum(len(ends) for ends in decided.ends.values()) > 100, (
        "much has moved since, and all of it is found"
    )
    # Whole pages have moved to the condition; an entry decides each.
    assert decided.pages.keys() == {rule.source for rule in since if "#" not in rule.source}
    assert decided.pages.keys() == oldest.keys() - live.keys() != set()
    renamed, removed = "about/glossary/", "baricitinib-as/clinicians/future/"
    assert {renamed, removed} <= oldest.keys() & live.keys()
    changed = {
        **{page: there for page, there in live.items() if page not in (renamed, removed)},
        "about/words/": live[renamed],
    }
    said_ = messages(plan(oldest, changed, since))
    assert len(said_) == 2 and all(
        f"the page '{page}' was published" in " ".join(said_) for page in (renamed, removed)
    ), said_
    rules = [
        *since,
        Rule(renamed, "about/words/", None, DAY, 2),
        Rule(removed, None, "Nothing is planned any more.", DAY, 5),
    ]
    made = plan(oldest, changed, rules)
    assert made.problems == [] and made.pages == {
        **decided.pages,
        renamed: End("about/words/", "", DAY),
        removed: End("", "Nothing is planned any more.", DAY),
    }


def test_a_moved_fact_is_found_without_script(browser, address):
    context = browser.new_context(
        java_script_enabled=False, base_url=address, viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    page.goto("baricitinib-as/patients/questions/#ae-herpes-rct")
    line = page.locator("#ae-herpes-rct")
    assert (
        line.is_visible()
        and page.locator(".moved__say").is_visible()
        and page.locator(".moved .moved__place:visible").count() == 1
    )
    box = line.bounding_box()
    assert 0 < box["y"] < 844
    line.locator("a").click()
    assert page.url.endswith("#ae-herpes-rct") and "/questions/" in page.url
    assert page.locator("#ae-herpes-rct.statement").is_visible()
    page.goto("baricitinib-as/patients/questions/")
    assert page.locator(".moved .moved__place:visible, .moved__say:visible").count() == 0
    context.close()


# -- the plan ------------------------------------------------------------------------------


def test_what_is_plain_from_the_pages_needs_no_entry():
    published = {
        "a-b/patients/long/": places(
            "section-tests",
            "q-one",
            "kidney",
            "sources",
            title="old-title",
            facts=("fact-one", "fact-two", "source-x"),
        )
    }
    live = {
        "a-b/patients/long/": places("sources", title="new-title"),
        "a-b/patients/long/tests/": places("sources", title="tests", facts=("fact-one",)),
        "a-b/patients/other/": places("q-one", title="other", facts=("fact-one",)),
        "a-b/clinicians/other/": places("kidney", facts=("fact-two",)),
        "a-b/patients/more/": places("extra", facts=("fact-two",)),
        "about/sources/": places("source-x"),
    }
    made = plan(published, live, [])
    # "kidney" stands only on a page of the other reader: nobody knows whether it is the same thing.
    assert messages(made) == [
        "content/links.json:2: 'a-b/patients/long/#kidney' was published and leads nowhere now: put"
        " the id back, or say in content/redirects.yml where it went (from:"
        ' "a-b/patients/long/#kidney", to: …) or why it is gone (gone: …)'
    ]
    assert made.ends == {
        "a-b/patients/long/": {
            "fact-one": End("a-b/patients/long/tests/#fact-one"),
            "fact-two": End("a-b/patients/more/#fact-two"),
            "q-one": End("a-b/patients/other/#q-one"),
            "old-title": End("a-b/patients/long/"),
            "section-tests": End("a-b/patients/long/tests/"),
            "source-x": End("about/sources/#source-x"),
        }
    }


def test_a_word_no_longer_explained_on_a_page_is_found_in_the_glossary():
    """Which words a page explains follows its text: a reworded fact must not ask for a redirect."""
    published = {
        "a-b/patients/one/": places("word-biosimilar", "word-sham"),
        "about/glossary/": places("term-biosimilar", "term-sham"),
    }
    live = {
        "a-b/patients/one/": places(),
        "a-b/patients/two/": places("word-biosimilar"),
        "about/glossary/": places("term-biosimilar"),
    }
    made = plan(
        published,
        live,
        [Rule("about/glossary/#term-sham", None, "The guide no longer uses this word.", DAY, 2)],
    )
    assert made.ends["a-b/patients/one/"] == {
        "word-biosimilar": End("about/glossary/#term-biosimilar")
    }
    assert (
        len(made.problems) == 1
        and "'a-b/patients/one/#word-sham' was published and leads nowhere now" in messages(made)[0]
    )


def test_an_id_that_always_stood_elsewhere_too_is_not_taken_for_the_lost_one():
    published = {"a-b/patients/one/": places("kidney"), "a-b/patients/two/": places("kidney")}
    live = {"a-b/patients/one/": places("dose"), "a-b/patients/two/": places("kidney")}
    assert (
        "'a-b/patients/one/#kidney' was published and leads nowhere now"
        in messages(plan(published, live, []))[0]
    )


def test_all_undecided_addresses_and_wrong_entries_come_at_once():
    published = {
        "about/": places("limits", "money", title="about"),
        "about/old/": places("one", "two"),
        "about/team/": places("x"),
        "about/back/": places("y", "returned"),
    }
    live = {
        "about/": places("limits", "moneys", title="about"),
        "about/new/": places("one"),
        "about/back/": places("y", "returned"),
    }
    rules = [
        Rule("about/old/", "about/new/", None, DAY, 2),
        Rule("about/teams/", "about/", None, DAY, 5),
        Rule("#returned", None, "Gone.", DAY, 8),
        Rule("about/back/", "about/", None, DAY, 11),
        Rule("about/#limits", "about/#limit", None, DAY, 14),
        Rule("about/old/", None, "Gone.", DAY, 17),
    ]
    assert sorted(messages(plan(published, live, rules))) == sorted(
        [
            (
                "content/links.json:2: 'about/#money' was published and leads nowhere now (nearest:"
                " 'moneys'): put the id back, or say in content/redirects.yml where it went (from:"
                ' "about/#money", to: …) or why it is gone (gone: …)'
            ),
            (
                "content/links.json:4: 'about/old/#two' was published and leads nowhere now;"
                " 'about/new/' has no such place: put the id back, or say in content/redirects.yml"
                ' where it went (from: "about/old/#two", to: …) or why it is gone (gone: …)'
            ),
            (
                "content/links.json:5: the page 'about/team/' was published, with 1 places on it,"
                " and is gone (nearest: 'about/new/'): put it back, or say in content/redirects.yml"
                " where it went (from: about/team/, to: …) or why it is gone (gone: …)"
            ),
            (
                "content/redirects.yml:5: 'about/teams/' was never published (nearest:"
                " 'about/team/'): nobody has that link, delete the entry"
            ),
            (
                "content/redirects.yml:8: '#returned' was withdrawn on 2026-06-01 and stands on the"
                " page 'about/back/' again: an id or address is never given a second time; choose"
                " another, or delete this entry if the same thing has come back"
            ),
            (
                "content/redirects.yml:11: 'about/back/' was moved on 2026-06-01 and stands on the"
                " page 'about/back/' again: an id or address is never given a second time; choose"
                " another, or delete this entry if the same thing has come back"
            ),
            (
                "content/redirects.yml:14: 'about/#limits' was moved on 2026-06-01 and stands on"
                " the page 'about/' again: an id or address is never given a second time; choose"
                " another, or delete this entry if the same thing has come back"
            ),
            (
                "content/redirects.yml:14: 'about/#limit' is no page or place of this build"
                " (nearest: 'about/#limits'): lead to where it stands now"
            ),
            "content/redirects.yml:17: 'about/old/' is given twice (first in line 2): keep one",
        ]
    )


@pytest.mark.parametrize(
    "entry, answer",
    [
        (
            "from: about/old\n    to: about/",
            (
                "from: 'about/old' has the wrong form: an address is page/, page/#id or #id, from"
                " the site's root: 'about/sources/', 'about/#limits'"
            ),
        ),
        (
            "from: about/old/\n    to: about/\n    gone: No longer.",
            "say where it went ('to') or why it is gone ('gone'), one of the two",
        ),
        (
            "from: about/old/\n    to: '#limits'",
            "to: '#limits' names no page: write 'page/#limits'",
        ),
        (
            "from: about/old/\n    gone: It said 4 mg.",
            "gone: a reason holds no numbers; the page a number now stands on is a 'to'",
        ),
    ],
)
def test_an_entry_with_a_mistake_gets_one_clear_line(tiny, entry, answer):
    from guide.base.problem import ContentErrors

    (tiny / "content" / "redirects.yml").write_text(
        f"redirects:\n  - {entry}\n    date: 2026-06-01\n"
    )
    with pytest.raises(ContentErrors) as caught:
        load(tiny)
    assert len(caught.value.problems) == 1 and str(caught.value.problems[0]).endswith(answer)


# -- a whole build: rename a page, remove a page, remove an id --------------------------------

PAGE = (
    "---\ntitle: {title}\norder: {order}\n---\n# {title}\n\n## One { #one }\n\nWords.\n\n## Two {"
    " #two }\n\nWords.\n"
)
WORD = (
    "  - id: sham\n    term: sham\n    patient: A treatment made to look real.\n    clinician: Sham"
    " intervention.\n"
)


def published(project: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "guide", "published"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project / "scripts")},
        text=True,
        capture_output=True,
        check=False,
    )


@pytest.fixture(scope="module")
def guide_with_history(tmp_path_factory):
    """A tiny guide, published; then a page of it renamed, one removed, and a glossary word taken
    out.
    """
    from conftest import make_project

    project = make_project(
        tmp_path_factory.mktemp("links") / "tiny", ROOT / "tests" / "tiny" / "content"
    )
    for name, title, order in (("funding", "Funding", 8), ("board", "The board", 9)):
        (project / "docs" / "about" / f"{name}.md").write_text(
            PAGE.replace("{title}", title).replace("{order}", str(order))
        )
    glossary = project / "content" / "glossary.yml"
    before = glossary.read_text()
    glossary.write_text(before.rstrip("\n") + "\n" + WORD)
    refused = published(project)
    assert refused.returncode == 1 and "build it with ./scripts/build" in refused.stderr
    assert not (project / "content" / "links.json").exists()
    done = mkdocs(project, "build", "--strict")
    assert done.returncode == 0, said(done)
    done = published(project)
    assert done.returncode == 0 and "content/links.json now holds every address" in done.stdout, (
        done.stderr
    )
    lines = (project / "content" / "links.json").read_text().split("\n")
    assert '"about/funding/": {"title": ["funding"], "ids": ["one", "two"]},' in lines
    (project / "docs" / "about" / "board.md").unlink()
    money = project / "docs" / "about" / "money.md"
    (project / "docs" / "about" / "funding.md").rename(money)
    money.write_text(
        money.read_text()
        .replace("# Funding", "# Money")
        .replace("## Two { #two }", "## Second { #second }")
    )
    glossary.write_text(before)
    shutil.rmtree(project / "build" / "site-new", ignore_errors=True)
    return project


def test_a_build_that_would_break_a_link_stops_until_it_is_decided(guide_with_history, browser):
    project = guide_with_history
    old_site = (project / "site" / "about" / "board" / "index.html").read_text()
    failed = mkdocs(project, "build", "--strict")
    answer = said(failed)
    assert failed.returncode == 1 and "Traceback" not in answer
    for line in (
        "the page 'about/board/' was published, with 3 places on it, and is gone",
        "the page 'about/funding/' was published",
        "'about/glossary/#term-sham' was published and leads nowhere now",
        "3 problems. Nothing is published.",
    ):
        assert line in answer, answer
    assert (project / "site" / "about" / "board" / "index.html").read_text() == old_site

    (project / "content" / "redirects.yml").write_text("""redirects:
  - from: about/funding/
    to: about/money/
    date: 2026-06-01
  - from: "about/funding/#two"
    to: "about/money/#second"
    date: 2026-06-01
  - from: about/board/
    gone: The guide no longer has a <b>board</b>.
    date: 2026-06-01
  - from: "#term-sham"
    gone: The guide no longer uses this word.
    date: 2026-06-01
""")
    done = mkdocs(project, "build", "--strict")
    assert done.returncode == 0, said(done)
    site = project / "site"
    moved = BeautifulSoup((site / "about/funding/index.html").read_text(), "html.parser")
    assert (
        moved.select_one("link[rel=canonical]")["href"] == "../money/"
        and moved.select_one("#target")["href"] == "../money/"
    )
    assert moved.select_one("li#two a")["href"] == "../money/#second"
    assert moved.select_one("meta[http-equiv=Content-Security-Policy]")

    # Pages that only stand for an old address are no pages of the guide; the ledger forgets
    # nothing.
    assert not {"about/funding/", "about/board/"} & live_places(site).keys()
    assert published(project).returncode == 0
    assert {"about/funding/", "about/board/", "about/money/"} <= json.loads(
        (project / "content" / "links.json").read_text()
    ).keys()

    for script in (True, False):
        context = browser.new_context(
            java_script_enabled=script, viewport={"width": 390, "height": 700}
        )
        page = context.new_page()
        reports = []
        page.on("console", lambda message, reports=reports: reports.append(message.text))
        base = (site / "about").as_uri()
        page.goto(f"{base}/glossary/index.html#term-sham")
        assert page.get_by_text("The guide no longer uses this word.").is_visible()
        assert 0 < page.locator("#term-sham").bounding_box()["y"] < 700
        page.goto(f"{base}/board/index.html#one")
        assert page.get_by_text(
            "The guide no longer has a <b>board</b>. (1 June 2026)"
        ).is_visible()
        if not script:
            page.goto(f"{base}/funding/index.html#two")
            assert page.locator("#two a").is_visible()
        context.close()
        assert [text for text in reports if "Content Security Policy" in text] == []


def test_an_address_given_again_is_refused(guide_with_history):
    project = guide_with_history
    glossary = project / "content" / "glossary.yml"
    glossary.write_text(
        glossary.read_text().rstrip("\n")
        + "\n"
        + WORD.replace("A treatment made to look real.", "It means something else now.")
    )
    failed = mkdocs(project, "build", "--strict")
    assert failed.returncode == 1
    assert (
        "content/redirects.yml:11: '#term-sham' was withdrawn on 2026-06-01 and stands on the page"
        " 'about/glossary/' again" in said(failed)
    )


def test_an_old_address_takes_the_place_along(browser, tmp_path):
    """With script a renamed page leads on with its fragment, without script the refresh leads to
    the page.
    """
    import http.server
    import threading
    from functools import partial

    from guide.outputs.old_addresses import finish_site
    from guide.outputs.permalinks import write_links

    site = tmp_path / "site"
    for name, body in (
        ("", "<h1 id=h>Home</h1>"),
        ("new/", '<h1 id="new">New</h1><p style="margin-top:3000px"></p><h2 id="deep">Deep</h2>'),
    ):
        (site / name).mkdir(parents=True, exist_ok=True)
        (site / name / "index.html").write_text(
            '<!doctype html><html><head><meta charset="utf-8"><title>x -'
            f" Site</title></head><body><article>{body}</article></body></html>"
        )
    (site / "assets").mkdir()
    shutil.copy(ROOT / "docs" / "assets" / "moved.js", site / "assets")
    project = tmp_path / "project"
    (project / "content").mkdir(parents=True)
    shutil.copytree(ROOT / "overrides", project / "overrides")
    write_links(project, {}, {"old/": places("deep", title="old")})
    assert finish_site(site, project, [Rule("old/", "new/", None, DAY, 1)]) == []
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(http.server.SimpleHTTPRequestHandler, directory=str(site))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        for script, wanted in ((True, "/new/#deep"), (False, "/new/")):
            context = browser.new_context(java_script_enabled=script)
            page = context.new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}/old/#deep", wait_until="commit")
            page.wait_for_url(f"**{wanted}", timeout=8000)
            context.close()
    finally:
        server.shutdown()


# -- the control beside each place --------------------------------------------------------------


def has_control(element, controls: set[str]) -> bool:
    """Whether a heading, row or figure offers its own address, or needs none."""
    if element.name == "tr":
        # Not a row of facts: a row that names a group, one whose head is itself the link to what
        # it is about, one to write in.
        if element.select_one(
            'th[scope="rowgroup"], th > a[href]:first-child:not(.permalink), .write'
        ):
            return True
        # The lines below a question of the grid belong to the question.
        if element.find_parent("table", class_="grid"):
            element = element.find_parent("tbody").h2
    # A heading that opens a folded part is a control itself and can hold no other.
    if summary := element.find_parent("summary"):
        return bool(element.get("id")) and not summary.select("a, button, input")
    return element.get("id") in controls


def test_every_row_figure_section_and_fact_has_a_permanent_id_and_a_control(site):
    faults, seen, everywhere, sheets = [], 0, set(), {}
    cells, controls_of = [], {}
    for path in sorted(site.rglob("index.html")):
        page = path.read_text()
        if "<article" not in page:
            continue
        # The main text alone: the navigation around it is large and the same everywhere.
        article = BeautifulSoup(
            page[page.index("<article") : page.rindex("</article>")], "html.parser"
        )
        name = path.relative_to(site).as_posix()
        controls = {
            link["href"].partition("#")[2] for link in article.select("a.permalink, a.headerlink")
        }
        ids = {element["id"] for element in article.select("[id]")}
        # An entry of an index is itself the link to its place.
        controls |= {
            item["id"]
            for item in article.select("li[id]")
            if item.a and item.a.get("href", "").endswith(f"#{item['id']}")
        }
        everywhere |= controls
        controls_of[name] = controls
        # A sheet to print repeats facts in a line each: what it repeats has its control where it
        # stands in full.
        for row in article.select(
            ".tick-sheet tr[data-record], .fact-box--handout tr[data-record]"
        ):
            sheets.setdefault(name, set()).update(row["data-record"].split())
            row.decompose()
        page_control = article.select("h1 .permalink--page")
        if len(page_control) != 1:
            faults.append((name, "page", str(page_control)[:80]))
        linked = article.select("h2, h3, h4, tbody tr, figure")
        seen += len(linked)
        faults += [
            (name, element.name, str(element)[:120])
            for element in linked
            if not has_control(element, controls)
        ]
        for element in article.select(
            ".statement, .result-line, tr[data-record], td[data-record], .trial, .claim"
        ):
            seen += 1
            named = element["data-record"].split()
            # A cell of the options leads to the page of its row, where its facts stand.
            if "option" in element.get("class", []):
                row = element.find_parent("tr").find_next_sibling("tr", class_="grid__evidence")
                way = f"{name.removesuffix('index.html')}{row.a['href']}index.html"
                cells.append((way, named))
                continue
            if (
                not any(record in controls for record in named)
                and element.get("id") not in controls
            ):
                faults.append((name, "fact", named))
        # Whatever else names a record stands below the page's heading, which has the page's
        # control.
        first = article.select_one("h1, [data-record]")
        if first.name != "h1":
            faults.append((name, "above the heading", str(first)[:80]))
        faults += [(name, "control without a place", anchor) for anchor in controls - ids - {""}]
    assert faults == [] and seen > 5000 and len(cells) > 50
    for row_page, named in cells:
        assert any(record in controls_of[row_page] for record in named), (row_page, named)
    assert len(sheets) == 12
    for name, records in sheets.items():
        assert records and records <= everywhere, (name, records - everywhere)


CHANGE = (
    "  - date: 2026-05-2{day}\n    kind: clinical\n    record: examplinib-dose-us\n    field:"
    ' values.dose\n    old: "{old} mg"\n    new: "{new} mg"\n    what: The dose was changed.\n   '
    " reason: The label was changed.\n"
)


def change_ids(project: Path) -> list[tuple[str, str | None]]:
    return [(anchor, change.old) for anchor, change in load(project).change_ids()]


def test_an_entry_of_the_change_log_keeps_its_id_whatever_comes_on_top(tiny):
    log = tiny / "content" / "changes.yml"
    head, _, rest = log.read_text().partition("changes:\n")

    def logged(*entries: str) -> None:
        log.write_text(f"{head}changes:\n{''.join(entries)}{rest}")

    first, same_day, later = (
        CHANGE.format(day=0, old=4, new=2),
        CHANGE.format(day=0, old=2, new=3),
        CHANGE.format(day=5, old=3, new=2),
    )
    oldest = change_ids(tiny)
    logged(first)
    one = ("change-2026-05-20-examplinib-dose-us-values-dose", "4 mg")
    assert change_ids(tiny) == [one, *oldest]
    logged(same_day, first)
    two = ("change-2026-05-20-examplinib-dose-us-values-dose-2", "2 mg")
    assert change_ids(tiny) == [two, one, *oldest]
    logged(later, same_day, first)
    assert change_ids(tiny) == [
        ("change-2026-05-25-examplinib-dose-us-values-dose", "3 mg"),
        two,
        one,
        *oldest,
    ]
    # Other words for what changed are the same entry.
    logged(later, same_day, first.replace("The dose was changed.", "The yearly dose was lowered."))
    assert one in change_ids(tiny)
    assert len({anchor for anchor, _ in change_ids(tiny)}) == 3 + len(oldest)


def test_each_entry_of_the_log_has_its_link_on_the_page_and_in_the_feed(site):
    page = BeautifulSoup((site / "about/changes/index.html").read_text(), "html.parser")
    entries = page.select("article ol.changes > li")
    ids = [anchor for anchor, _ in load(ROOT).change_ids()]
    assert [entry["id"] for entry in entries] == ids and ids
    for entry in entries:
        control = entry.select_one("a.permalink")
        assert (
            control["href"] == f"#{entry['id']}" and control["aria-label"] == "Link to this change"
        )
    feed = (site / "feed.xml").read_text()
    assert all(f'{PUBLIC}about/changes/#{anchor}"' in feed for anchor in ids)
    # Ids of records say nothing to a reader: the words of the entry do.
    change = next(change for _, change in load(ROOT).change_ids() if change.field == "facts")
    assert (
        change.old not in page.article.get_text()
        and change.old not in feed
        and change.what in page.article.get_text()
    )
    # A page repeats the entries that are its own under its dates; the place to link to is the log.
    assert not any(
        entry.get("id")
        for entry in BeautifulSoup(
            (site / "baricitinib-as/patients/dosing/index.html").read_text(), "html.parser"
        ).select(".changes > li")
    )


def test_an_entry_struck_from_the_log_stops_the_build():
    """The ids of entries are in the ledger like every other: what was logged stays said."""
    published = {"about/changes/": places("change-2026-05-20-a-dose", title="what-changed")}
    live = {"about/changes/": places(title="what-changed")}
    assert (
        "'about/changes/#change-2026-05-20-a-dose' was published and leads nowhere now"
        in messages(plan(published, live, []))[0]
    )


def test_the_control_offers_address_citation_and_code(browser, address):
    context = browser.new_context(
        base_url=address, viewport={"width": 390, "height": 844}, has_touch=True
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("upadacitinib-as/patients/trials/")
    assert not any(name in url for url in asked for name in ("share.js", "lean-qr.js")), (
        "fetched before anybody asked"
    )
    control = page.locator("#select-axis-1-asas40 .permalink")
    assert not control.is_visible(), "the facts are folded"
    open_folded(page, "#select-axis-1-asas40")
    control.tap()
    box = page.locator("dialog.share")
    box.locator("svg").wait_for()
    # The public address, not the one of this copy: what is handed on must open for others.
    wanted = f"{PUBLIC}upadacitinib-as/patients/trials/#select-axis-1-asas40"
    assert page.get_by_label("Address", exact=True).input_value() == wanted
    cite = page.get_by_label("Line to cite", exact=True).input_value()
    assert (
        cite.startswith("Does upadacitinib work in ankylosing spondylitis? ")
        and "Open Health Guide, version of " in cite
        and cite.endswith(f" {wanted}")
    )
    assert decoded(page, box) == wanted
    box.get_by_role("button", name="Copy: Address").click()
    box.get_by_text("Address copied.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == wanted
    page.keyboard.press("Escape")
    assert (
        not box.is_visible()
        and page.evaluate("document.activeElement.closest('tr').id") == "select-axis-1-asas40"
    )
    # The page itself: by keyboard, its address without a fragment.
    page.locator("h1 .permalink--page").focus()
    page.keyboard.press("Enter")
    box.locator("svg").wait_for()
    assert (
        page.get_by_label("Address", exact=True).input_value()
        == f"{PUBLIC}upadacitinib-as/patients/trials/"
    )
    page.get_by_role("button", name="Close").click()
    assert page.evaluate("document.activeElement.className").startswith("permalink permalink--page")
    assert (
        page.evaluate("Object.keys(localStorage).filter(key => !key.endsWith('__palette'))") == []
        and context.cookies() == []
    )
    context.close()


def decoded(page, box) -> str:
    """What a reader's camera would read from the code in the window."""
    import io

    import zxingcpp
    from PIL import Image

    picture = Image.open(io.BytesIO(box.locator("svg").screenshot()))
    found = zxingcpp.read_barcodes(picture)
    return found[0].text if found else ""


def test_the_window_passes_axe_in_both_palettes_and_at_320_px(browser, address):
    from axe_playwright_python.sync_playwright import Axe

    from accessibility import TAGS

    for scheme in ("light", "dark"):
        context = browser.new_context(
            base_url=address, viewport={"width": 320, "height": 700}, color_scheme=scheme
        )
        page = context.new_page()
        page.goto("baricitinib-as/clinicians/approval/")
        open_folded(page, "#approval-baricitinib")
        page.locator("#approval-baricitinib th .permalink").click()
        page.locator("dialog.share svg").wait_for()
        assert [
            violation["id"] for violation in Axe().run(page, options=TAGS).response["violations"]
        ] == []
        sizes = page.eval_on_selector_all(
            "dialog.share button", "all => all.map(one => one.getBoundingClientRect().height)"
        )
        assert min(sizes) >= 24 and page.evaluate("document.documentElement.scrollWidth") <= 320
        context.close()


@pytest.mark.parametrize("touch", [True, False], ids=["touch", "pointer"])
def test_the_control_of_a_section_shows_where_it_can_be_asked_for(browser, address, touch):
    """At the pointer and with the keyboard; always where there is no pointer."""
    from playwright.sync_api import expect

    context = browser.new_context(
        base_url=address,
        viewport={"width": 390, "height": 844},
        has_touch=touch,
        is_mobile=touch,
    )
    page = context.new_page()
    page.goto("baricitinib-as/patients/trials/")
    control = page.locator("#class .permalink, #class .headerlink")
    at_rest = "1" if touch else "0"
    expect(control).to_have_css("opacity", at_rest)
    page.locator("#class").hover()
    expect(control).to_have_css("opacity", "1")
    page.mouse.move(0, 0)
    expect(control).to_have_css("opacity", at_rest)
    control.focus()
    expect(control).to_have_css("opacity", "1")
    # Around facts that are open each has its own in view.
    open_folded(page, "#select-axis-1-asas40")
    fact = page.locator("#select-axis-1-asas40 .permalink")
    expect(fact).to_be_visible()
    expect(fact).to_have_css("opacity", "1")
    context.close()


def test_a_link_into_folded_facts_opens_them(browser, address):
    """Also without a script, by what the browser itself does; and for a link on the same page."""
    for script in (True, False):
        context = browser.new_context(base_url=address, java_script_enabled=script)
        page = context.new_page()
        page.goto("baricitinib-as/patients/trials/")
        fact = page.locator("#select-axis-1-asas40")
        assert not fact.is_visible()
        page.goto("baricitinib-as/patients/trials/#select-axis-1-asas40")
        assert fact.is_visible() and 0 <= fact.bounding_box()["y"] < 720
        page.goto("about/")
        page.goto("baricitinib-as/patients/trials/#select-axis-1-asas40")
        assert fact.is_visible() and 0 <= fact.bounding_box()["y"] < 720
        context.close()


def test_without_script_the_control_is_a_plain_link(browser, address):
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("baricitinib-as/clinicians/trials/")
    open_folded(page, "#select-axis-1-asas40")
    page.locator("#select-axis-1-asas40 .permalink").click()
    assert page.url.endswith("/clinicians/trials/#select-axis-1-asas40")
    page.locator("h1 .permalink--page").click()
    assert page.url.endswith("/clinicians/trials/")
    context.close()


def test_scan_sees_only_what_readers_can_link_to():
    found = scan(
        PageHtml(
            '<title>T - S</title><p id="out"></p><article><h1 id="t">A &amp; <i>B</i></h1><svg><g'
            ' id="in-svg"/></svg><input id="field"><table><tr id="r" data-record="x r"><td><script>'
            '"<p id=no>"</script><span class="alias" id="old"></span><p class="moved__place"'
            ' id="moved"></p><!-- <p id="c"> --></table><template><p id="x"></template></article>'
        )
    )
    assert (
        set(found.ids) == {"t", "r"}
        and found.facts == {"r"}
        and (found.title, found.heading) == ("t", "A & B")
    )


def test_a_place_is_found_where_its_element_is_and_not_where_a_text_names_it():
    found = scan(
        PageHtml(
            '<article><p>write <code>&lt;p id="b"></code></p><p title=\'id="b">\'>x</p>'
            "<P\nID='b' title=\"a > b\">y</P><p id=c>z</p></article>"
        )
    )
    assert {anchor: element.text() for anchor, element in found.ids.items()} == {"b": "y", "c": "z"}


def control(anchor: str, what: str) -> str:
    return f'<a class="permalink" href="#{anchor}" aria-label="Link to this {what}">#</a>'


def with_controls(article: str) -> str:
    """The inside of an article as it is served."""
    page = PageHtml(f"<article>{article}</article>")
    written = finished(page, scan(page), publish=False)
    return PageHtml(written).article().inner_html


@pytest.mark.parametrize(
    "before, after",
    [
        ("<h2 id=a>A <b>b</b></h2>", f'<h2 id="a">A <b>b</b>{control("a", "section")}</h2>'),
        ("<p id=a>A<br>b", f'<p id="a">A<br>b{control("a", "fact")}</p>'),
        (
            "<ul><li id='source-a'>A<ul><li>b</ul></ul>",
            f'<ul><li id="source-a">A{control("source-a", "source")}<ul><li>b</li></ul></li></ul>',
        ),
        (
            "<SECTION ID=a><span title='</p>'><!-- </p> --></span><p>b</p><p>c</p></SECTION>",
            '<section id="a"><span title="&lt;/p&gt;"><!-- </p> --></span><p>b'
            f"{control('a', 'place')}</p><p>c</p></section>",
        ),
        (
            "<table><tr id=a><th>b<td>c</table>",
            f'<table><tbody><tr id="a"><th>b{control("a", "row")}</th>'
            "<td>c</td></tr></tbody></table>",
        ),
        (
            "<figure id=a><svg></svg><figcaption>b</figcaption></figure>",
            '<figure id="a"><svg></svg><figcaption>b'
            f"{control('a', 'figure')}</figcaption></figure>",
        ),
        ("<p id='a&amp;\"b'>c", f'<p id="a&amp;&quot;b">c{control("a&amp;&quot;b", "fact")}</p>'),
        (f'<p id="a">A{control("a", "fact")}</p>', f'<p id="a">A{control("a", "fact")}</p>'),
        (
            '<ol><li id="a"><a href="#a">A</a></li></ol>',
            '<ol><li id="a"><a href="#a">A</a></li></ol>',
        ),
        (
            "<h1 id=a>A<a title='x' href='#a' class=headerlink>#</a></h1>",
            '<h1 id="a">A<a class="permalink permalink--page" href="./"'
            ' aria-label="Link to this page">#</a></h1>',
        ),
        # What HTML itself would lose or change when it is read a second time.
        ("<pre>\n\nx &lt;p id=a&gt;\n</pre>", "<pre>\nx &lt;p id=a&gt;\n</pre>"),
        ("<template><p id=a>b</p></template>", '<template><p id="a">b</p></template>'),
    ],
)
def test_the_control_stands_at_the_end_of_the_first_line(before, after):
    assert with_controls(before) == after


def test_a_finished_page_says_the_day_of_its_own_content_and_the_way_to_the_manifest():
    def made(head: str) -> str:
        page = PageHtml(
            f"<!doctype html><html><head><meta charset='utf-8'>{head}"
            "<link href=../assets/guide.0123456789.css rel=stylesheet></head>"
            '<body><article><p title=\'<meta name="guide-date" content="x">\'>y</p></article>'
        )
        return finished(page, scan(page))

    markup = '<script type="application/ld+json">{"dateModified": "2026-01-02"}</script>'
    manifest = '<link rel="manifest" href="../manifest.webmanifest">'
    assert f'<meta name="guide-date" content="2026-01-02">{manifest}' in made(markup)
    assert 'content="no-referrer">' + manifest in made("")
    # Another sheet of that name is not the guide's.
    assert made('<link rel=stylesheet href="../assets/guide.css?v=1">').count(manifest) == 1


@pytest.mark.parametrize(
    "before, after",
    [
        ("<p id='a'>b</p>", '<p id="a">{}b</p>'),
        ("<P TITLE='id=\"a\">' ID=a></P>", '<p title="id=&quot;a&quot;&gt;" id="a">{}</p>'),
        (
            "<table id=a><tr title='<td>'><td>b</table>",
            '<table id="a"><tbody><tr title="&lt;td&gt;"><td>{}b</td></tr></tbody></table>',
        ),
        ("<ul id=a><!-- <li> --><li>b</ul>", '<ul id="a"><!-- <li> --><li>{}b</li></ul>'),
        ("<ul id=a></ul>", '{}<ul id="a"></ul>'),
        (
            "<dl><div id=a><dt>b</dt><dd>c</dd></div></dl>",
            '<dl><div id="a"><dt>{}b</dt><dd>c</dd></div></dl>',
        ),
        ("<img id=a src=b>", '{}<img id="a" src="b">'),
    ],
)
def test_an_old_id_stands_where_its_thing_is_now(before, after):
    page = PageHtml(f"<article>{before}</article>")
    put_old_places(page, "x/", {"old": End(to="x/#a")}, {})
    assert page.article().inner_html == after.format('<span class="alias" id="old"></span>')


def test_what_moved_or_is_gone_is_said_at_the_end_of_the_article():
    page = PageHtml("<article><p title='</article>'>a</p></article><p>b")
    ends = {"m": End(to="y/#m"), "g": End(gone="Fewer than 2 < 3 & more.", date=DAY)}
    put_old_places(page, "x/", ends, {"y/": Places(heading="A <b> & c")})
    assert page.article().inner_html == (
        '<p title="&lt;/article&gt;">a</p>'
        '<section class="moved" data-record="moved"><p class="moved__say">What stood here is now on'
        ' this page:</p><p class="moved__place" id="m"><a href="../y/#m">A &lt;b&gt; &amp; c</a>'
        '</p></section><section class="withdrawn"><p class="withdrawn__title">No longer on this'
        ' page</p><p class="moved__place" id="g" data-record="g">Fewer than 2 &lt; 3 &amp; more.'
        ' <span class="moved__date">(1 June 2026)</span></p></section>'
    )
