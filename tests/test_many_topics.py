"""A guide with more topics than a list can hold: ways to them instead of a list, a navigation a
topic, a search in parts.

The guide is the made-up one several times over, under other names: a condition, its medicines, a
trial and a topic each. So that it stays small, "very many" is more than four here.
"""

from __future__ import annotations

import datetime
import gzip
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from accessibility import AXE, TAGS, axe_violations, use_palette
from conftest import ROOT, TODAY, asset, make_project, mkdocs
from guide.base import html
from guide.build import prepare
from guide.content import names
from guide.content.due import due
from guide.content.language_rules import language_rules
from guide.content.loading import load
from guide.outputs import old_addresses, permalinks
from guide.outputs.asset_names import assets_in
from guide.pages.navigation import navigation
from guide.search import index, tokens
from serving import serving
from test_bad_content import mend

pytestmark = pytest.mark.site

TINY = ROOT / "tests" / "tiny" / "content"
MARKS = ("dolo", "furi", "kemo", "lupa", "mazo", "nibu")
HUBS = ("guides", "guides/medicines", "guides/a-to-z")


def renamed(text: str, mark: str) -> str:
    """The words of the made-up guide as another condition's: `examplinib` becomes `doloplinib`."""
    name = mark.capitalize()
    for old, new in (
        ("otherinib", f"{mark}terib"),
        ("Otherinib", f"{name}terib"),
        ("exampl", f"{mark}pl"),
        ("Exampl", f"{name}pl"),
        ("exampel", f"{mark}pel"),
        (f"{mark}ple", mark),
        (f"{name}ple", name),
        ("OTHER TRIAL", f"{mark.upper()} TRIAL"),
        ("other-trial", f"{mark}-trial"),
        ("made-up", f"{mark}-made-up"),
        ("ed-definition", f"{mark}-definition"),
        # No fact may stand twice in the same words.
        ("for other disease is", f"of {mark}plinib for other disease is"),
        ("US, other disease,", f"US, {mark}plinib, other disease,"),
        ("Chest pain", f"Chest pain with {mark}plinib"),
        ("ore toe", f"ore {mark} toe"),
    ):
        text = text.replace(old, new)
    return re.sub(r"\bED\b", f"{mark[0].upper()}D", text)


def add_worlds(project: Path, marks: tuple[str, ...]) -> None:
    content = project / "content"
    for mark in marks:
        for path in sorted(TINY.rglob("*.yml")):
            name, text = path.relative_to(TINY).as_posix(), path.read_text(encoding="utf-8")
            if name == "sources.yml":
                with (content / name).open("a", encoding="utf-8") as sources:
                    sources.write(renamed(text.partition("\n")[2], mark))
            elif "/" in name:
                target = content / renamed(name, mark)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(renamed(text, mark), encoding="utf-8")
        mend(
            project,
            "content/site.yml",
            "populations:\n",
            f"populations:\n  {mark[0].upper()}D: {mark} disease\n",
        )
        mend(project, "content/site.yml", "topics:\n", f"topics:\n  - {mark}plinib-ed\n")


def make_many(target: Path, marks: tuple[str, ...]) -> Path:
    project = make_project(target, TINY)
    add_worlds(project, marks)
    mend(project, "scripts/guide/content/names.py", "MANY = 25", "MANY = 4")
    return project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Five topics in five conditions, built strictly: the check of the finished site has followed
    every link.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GUIDE_TODAY", TODAY.isoformat())
        patch.setenv(
            "SOURCE_DATE_EPOCH", "1780272000"
        )  # builds before and after midnight are of one day
        target = make_many(tmp_path_factory.mktemp("many") / "guide", MARKS[:4])
        done = mkdocs(target, "build", "--strict")
        assert done.returncode == 0, done.stderr + done.stdout
        yield target


@pytest.fixture(scope="module")
def topics(project: Path) -> list[str]:
    return load(project).site.topics


@pytest.fixture(scope="module")
def address(project: Path) -> Iterator[str]:
    with serving(project / "site") as where:
        yield where


def soup(project: Path, page: str) -> BeautifulSoup:
    return BeautifulSoup(
        (project / "site" / page / "index.html").read_text(encoding="utf-8"), "html5lib"
    )


def bar(page: BeautifulSoup) -> BeautifulSoup:
    return page.select_one("nav.menu")


def test_each_way_leads_to_every_topic_and_to_both_readers(project, topics):
    assert len(topics) == 5
    for hub in HUBS:
        up = "../" * (hub.count("/") + 1)
        links = {link["href"] for link in soup(project, hub).article.select("a[href]")}
        for topic in topics:
            assert {
                f"{up}{topic}/",
                f"{up}{topic}/patients/",
                f"{up}{topic}/clinicians/",
            } <= links, (hub, topic)


def test_the_site_s_navigation_holds_the_ways_and_no_topic(project, topics):
    for page in ("", *HUBS, "about/sources"):
        text = bar(soup(project, page)).get_text()
        assert "Guides" in text and "About this guide" in text
        assert not [topic for topic in topics if f"{topic}/" in str(bar(soup(project, page)))], page


def test_a_topic_s_page_brings_its_own_navigation_with_the_page_marked(project, topics):
    for topic in topics:
        for page in (topic, f"{topic}/patients/dosing", f"{topic}/clinicians/trials"):
            own = bar(soup(project, page))
            assert not [other for other in topics if other != topic and other in str(own)], page
            marked = {link["href"] for link in own.select('[aria-current="page"]')}
            assert marked == {"./"}, page
            assert "../" * (page.count("/") + 1) + "guides/" in {
                link["href"] for link in own.select("a[href]")
            }, page


@pytest.mark.night
def test_the_navigation_of_a_page_does_not_grow_with_the_guide(project, tmp_path, monkeypatch):
    """One topic more: no page of the others is other than it was, but for home and the lists."""
    before = {
        path.relative_to(project / "site").as_posix(): path.read_bytes()
        for path in (project / "site").rglob("index.html")
    }
    more = tmp_path / "more"
    shutil.copytree(project, more, ignore=shutil.ignore_patterns("site"))
    monkeypatch.setenv("GUIDE_TODAY", TODAY.isoformat())
    add_worlds(more, MARKS[4:5])
    done = mkdocs(more, "build", "--strict")
    assert done.returncode == 0, done.stderr
    changed = {name for name, page in before.items() if (more / "site" / name).read_bytes() != page}
    assert "index.html" in changed and not [
        name
        for name in changed
        if not name.startswith(("about/", "guides/")) and name != "index.html"
    ]
    # The lists of the other conditions neither.
    assert not [name for name in changed if name.startswith("about/") and name.count("/") > 2]
    bars = {page: len(str(bar(soup(project, page)))) for page in ("", "about/sources")}
    assert bars == {page: len(str(bar(soup(more, page)))) for page in bars}
    # What was kept is what MkDocs makes of it with nothing kept.
    kept = {
        path.relative_to(more / "site").as_posix(): path.read_bytes()
        for path in (more / "site").rglob("*")
        if path.is_file() and path.name != "sitemap.xml.gz"
    }
    assert len([name for name in kept if name.startswith("assets/search/")]) == 14
    monkeypatch.setenv("GUIDE_ENGINE", "plain")
    monkeypatch.setenv("GUIDE_CACHE", "off")
    done = mkdocs(more, "build", "--strict")
    assert done.returncode == 0, done.stderr
    assert [
        name for name, page in kept.items() if (more / "site" / name).read_bytes() != page
    ] == []


def links_of(page: BeautifulSoup) -> set[str]:
    return {link["href"] for link in page.article.select("ul.topic-index a")}


@pytest.mark.parametrize("name", ["sources", "due", "reading"])
def test_a_list_of_the_whole_guide_leads_to_one_list_a_condition(project, topics, name):
    listed = soup(project, f"about/{name}")
    conditions = {topic.condition for topic in load(project).topics.values()}
    assert len(conditions) == 5 and links_of(listed) == {
        f"{condition}/" for condition in conditions
    }
    for condition in conditions:
        own = soup(project, f"about/{name}/{condition}")
        named = load(project).conditions[condition].name
        assert (
            own.h1.get_text(strip=True).removesuffix("#").endswith(named.capitalize())
            and f"about {named}" in own.article.find("a", href="../").parent.get_text()
        )
        assert f"about/{name}/{condition}/" not in str(bar(own)), (
            "the navigation names every condition's list"
        )


def test_a_condition_s_sources_are_those_its_pages_cite_and_no_source_is_left_out(project):
    library, seen = load(project), set()
    for condition in {topic.condition for topic in library.topics.values()}:
        cited = {
            entry["data-record"]
            for topic in library.topics.values()
            if topic.condition == condition
            for page in (project / "site" / topic.id).rglob("index.html")
            for entry in BeautifulSoup(page.read_text(encoding="utf-8"), "lxml").select(
                "ol.sources > li"
            )
        }
        listed = [
            entry["data-record"]
            for entry in soup(project, f"about/sources/{condition}").select("ul.sources > li")
        ]
        assert cited and listed == sorted(cited)
        downloaded = json.loads(
            (project / f"site/about/sources/{condition}/references.json").read_text(
                encoding="utf-8"
            )
        )
        assert {item["id"] for item in downloaded} == cited
        said = (
            soup(project, "about/sources")
            .select_one(f'ul.topic-index a[href="{condition}/"]')
            .parent.get_text()
        )
        assert f"{len(cited)} source" in said
        seen |= cited
    assert seen | {
        entry["data-record"] for entry in soup(project, "about/sources").select("ul.sources > li")
    } == set(library.sources)
    assert not seen & {
        entry["data-record"] for entry in soup(project, "about/sources").select("ul.sources > li")
    }


def test_what_is_due_stands_on_the_list_of_its_condition_and_is_counted_in_the_whole(project):
    library = load(project)
    found, here = due(library, datetime.date(2026, 6, 1)), soup(project, "about/due")
    named: dict[str, set[str]] = {}
    for condition in {topic.condition for topic in library.topics.values()}:
        page = soup(project, f"about/due/{condition}")
        for entry in page.article.select("li[data-record], div[data-record]"):
            named.setdefault(entry["data-record"], set()).add(condition)
        said = here.select_one(f'ul.topic-index a[href="{condition}/"]').parent.get_text()
        overdue, ahead = (
            (
                len(page.find(id=anchor).find_next("ul", class_="due__tasks").select("li"))
                if page.find(id=anchor).find_next(["ul", "h2"]).name == "ul"
                else 0
            )
            for anchor in ("overdue", "next")
        )
        assert (
            overdue
            and f"{overdue} overdue, {ahead} within 90 days; the first on 1 April 2026" in said
        )
    everything = (
        {task.record for task in found.tasks}
        | {one.id for one in found.weak}
        | {one.record for one in found.one_sided}
    )
    alone = {
        entry["data-record"]
        for entry in here.article.select(".due__tasks li, .due__sources li, .due__facts div")
    }
    assert everything <= named.keys() | alone and not alone & named.keys() and found.overdue
    for task in found.overdue:
        assert named[task.record] == {library.records[task.record].condition}, (
            "an approval, in a guide whose conditions share no medicine"
        )
    counts = [
        int(re.search(r"(\d+)$", group.get_text(strip=True))[1])
        for group in here.select(".due__day")
    ]
    assert sum(counts) == len(found.tasks)


def test_the_grades_of_a_condition_s_pages_stand_on_its_list(project):
    library, here = load(project), soup(project, "about/reading")
    assert [row.th.get_text(strip=True) for row in here.select("table.reading tbody tr")] == [
        "Home"
    ]
    for topic in library.topics.values():
        own = soup(project, f"about/reading/{topic.condition}")
        linked = {link["href"] for link in own.select("table.reading a")}
        pages = {
            f"../../../{page.parent.relative_to(project / 'site').as_posix()}/"
            for owner in (topic.id, topic.condition)
            for page in (project / "site" / owner / "patients").rglob("index.html")
        }
        assert linked == pages | {f"../../../{topic.id}/", f"../../../{topic.id}/clinicians/"}


def test_lists_by_condition_are_not_searched(project):
    first = json.loads(
        asset(project / "site", "assets/search/patients.json").read_text(encoding="utf-8")
    )
    assert {
        page[0]
        for page in first["pages"]
        if page[0].startswith(("about/sources/", "about/due/", "about/reading/"))
    } == {"about/sources/", "about/due/", "about/reading/"}


@pytest.mark.night
def test_a_guide_that_comes_to_have_very_many_topics_keeps_every_address(
    project, tmp_path, monkeypatch
):
    """As it was published with one list each: sources, grades and what was due are found on the
    lists by condition.
    """

    def live(site: Path) -> dict[str, permalinks.Places]:
        return {
            f"{page.parent.relative_to(site).as_posix()}/".removeprefix("./"): old_addresses.places(
                html.scan(html.PageHtml(page.read_text(encoding="utf-8")))
            )
            for page in sorted(site.rglob("index.html"))
        }

    monkeypatch.setenv("GUIDE_TODAY", TODAY.isoformat())
    few = tmp_path / "few"
    shutil.copytree(project, few, ignore=shutil.ignore_patterns("site", "build"))
    mend(few, "scripts/guide/content/names.py", "MANY = 4", "MANY = 25")
    done = mkdocs(few, "build", "--strict")
    assert done.returncode == 0, done.stderr
    before, now = live(few / "site"), live(project / "site")
    assert (
        "about/sources/example-disease/" in now.keys() - before.keys()
        and "source-made-up-label" in before["about/sources/"].ids - now["about/sources/"].ids
    )
    made = permalinks.plan(before, now, [])
    assert made.problems == []
    label = made.ends["about/sources/"]["source-made-up-label"]
    assert (
        label.to.startswith("about/sources/")
        and "source-made-up-label" in now[label.to.partition("#")[0]].ids
    )


def test_a_list_says_a_known_word(tiny):
    mend(tiny, "docs/about/due.md", "each: condition", "each: topic")
    with pytest.raises(Exception, match="each: 'topic' is not known here: write 'condition'"):
        prepare(tiny, TODAY)


def test_with_few_topics_the_ways_do_not_exist(tiny):
    built = prepare(tiny, TODAY)
    assert not [page.url for page in built.pages if page.url.startswith("guides/")]
    assert (
        not [page.url for page in built.pages if page.part and not page.topic]
        and built.navigation.lists == []
    )
    assert built.navigation.topics == {} and built.navigation.whole() == built.navigation.site
    assert "Examplinib in example disease" in str(built.navigation.site)
    assert "guides/" not in next(page for page in built.pages if page.url == "").text


def test_the_list_for_other_engines_holds_everything(project, monkeypatch):
    monkeypatch.setattr(names, "MANY", 4)
    built = prepare(project, TODAY)
    listed = json.dumps(built.navigation.whole())
    assert [page.path for page in built.pages if json.dumps(page.path) not in listed] == []
    assert len(json.dumps(built.navigation.site)) < len(listed) / 5
    assert navigation(built.library, built.pages) == built.navigation


def test_what_stands_in_the_front_matter_is_a_known_word(tiny):
    mend(tiny, "docs/guides/index.md", "shown_when: many topics", "shown_when: manny")
    with pytest.raises(Exception, match="shown_when: 'manny' is not known: write 'many topics'"):
        prepare(tiny, TODAY)


def test_a_long_index_is_no_list_to_hold_in_mind_and_a_long_list_still_is(tiny):
    """Home lists topics; a list of advice keeps its limit of items, and the index the limits of its
    sentences.
    """

    def said(items: str) -> list[str]:
        mend(
            tiny,
            "overrides/macros/home.html",
            '<ul class="promise">',
            f'{items}<ul class="promise">',
        )
        try:
            return [
                problem.message
                for problem in prepare(tiny, TODAY, release=False).problems
                if problem.path.startswith(("docs", "overrides"))
            ]
        finally:
            mend(tiny, "overrides/macros/home.html", items, "")

    items = "".join(
        f"<li>This is a thing that you can do {word}.</li>"
        for word in ["now", "soon", "today", "later", "often", "daily", "weekly", "always"]
    )
    assert said(f'<ul data-reading="index">{items}</ul>') == []
    most = language_rules().readability.limits.items
    assert any(f"at most {most}" in message for message in said(f"<ul>{items}</ul>"))
    assert any(
        "words, at most" in message
        for message in said(f'<ul data-reading="index"><li>{"This is long " * 12}.</li></ul>')
    )


def test_the_search_comes_in_parts_that_are_small(project, topics):
    first = json.loads(
        asset(project / "site", "assets/search/patients.json").read_text(encoding="utf-8")
    )
    assert [page[2] for page in first["pages"] if page[2]] == topics, "a line for each topic"
    assert {page[0].split("/")[0] for page in first["pages"]} - {*topics} == {"", "about", "guides"}
    names = assets_in(project / "site")
    folder = "assets/search/patients/"
    parts = {Path(name).stem: named for name, named in names.items() if name.startswith(folder)}
    assert parts.keys() == {part[0] for part in first["parts"]} and len(parts) == 5
    for condition, _, own, _ in first["parts"]:
        part = json.loads((project / "site" / parts[condition]).read_text(encoding="utf-8"))
        # Pages about the condition belong to no topic.
        assert {page[2] for page in part["pages"]} == {"", *own}
    offline = json.loads((project / "site/assets/offline.json").read_text(encoding="utf-8"))
    assert set(parts.values()) <= set(offline)
    with zipfile.ZipFile(project / "site" / "guide.zip") as copy:
        assert {f"guide/{part}.js" for part in parts.values()} <= set(copy.namelist())
        assert copy.read(f"guide/{min(parts.values())}.js").startswith(
            b"window.guideSearchData = {"
        )
    # What a topic adds to the first file, which every reader fetches: with 500 of them it must stay
    # in the budget.
    lines = [row for row in zip(*first["sections"], strict=True) if first["pages"][row[0]][2]]
    assert (
        len(gzip.compress(json.dumps([lines, first["parts"], first["leads"]]).encode(), 9))
        / len(lines)
        < 200
    )


def test_what_the_box_takes_for_a_slip_of_the_pen_is_not_sent():
    assert index._called(
        [
            "baricitinib",
            "Olumiant",
            "baricitnib",
            "olumient",
            "bari",
            "AS",
            "the back",
            "barricades",
        ]
    ) == ["baricitinib", "olumiant", "bari", "the back", "barricade"]
    assert tokens.slip_of_the_pen("ankylosing spondilitis", "ankylosing spondylitis")
    assert not tokens.slip_of_the_pen("bari", "baricitinib") and not tokens.slip_of_the_pen(
        "abacitinib", "baricitinib"
    )


@pytest.fixture
def tab(browser: object, address: str) -> Iterator[object]:
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, service_workers="block", base_url=address
    )
    page = context.new_page()
    page.fetched = []
    page.on(
        "request",
        lambda request: page.fetched.extend(
            re.findall(r"assets/search/\w+/([\w-]+)\.[0-9a-f]{10}\.json", request.url)
        ),
    )
    yield page
    context.close()


def ask(page: object, where: str, question: str) -> list[str]:
    """Types a question on a page; the addresses of the answers, best first."""
    page.goto(where)
    page.locator(".md-search__input").fill(question)
    page.locator("#search-results a").first.wait_for()
    page.evaluate("query => guideSearch(query)", question)
    page.wait_for_timeout(50)
    return page.eval_on_selector_all(
        "#search-results a",
        "links => links.map(link => link.getAttribute('href').replace(/^.*?\\/\\/[^\\/]*\\//, ''))",
    )


def test_a_question_in_a_topic_is_answered_from_its_condition_alone(tab):
    found = ask(tab, "doloplinib-ed/patients/", "does it work")
    assert set(tab.fetched) == {"dolo-disease"}
    assert found[0].startswith("doloplinib-ed/patients/questions/"), found


def test_a_medicine_of_another_condition_is_found_by_name_brand_and_slip_of_the_pen(tab):
    for question in ("dose of furiplinib", "furiplix dose", "furiplinip dose"):
        tab.fetched.clear()
        found = ask(tab, "doloplinib-ed/patients/", question)
        assert set(tab.fetched) == {"dolo-disease", "furi-disease"}, question
        assert any(link.startswith("furiplinib-ed/") for link in found[:3]), (question, found)


def test_home_answers_what_names_a_condition_from_its_part(tab):
    found = ask(tab, "", "kemo disease does it work")
    assert set(tab.fetched) == {"kemo-disease"}
    assert found[0].startswith("kemoplinib-ed/"), found


def test_home_offers_the_conditions_for_a_question_that_names_none(tab):
    found = ask(tab, "", "treatment by condition")
    assert tab.fetched == [] and found
    choice = tab.locator("#search-in select")
    assert choice.is_visible() and len(choice.locator("option").all()) == 6
    choice.select_option(label="Lupa disease")
    tab.locator("#search-results a[href*='lupa']").first.wait_for()
    assert tab.fetched == ["lupa-disease"]


def test_a_question_that_only_a_condition_answers_asks_for_it(tab):
    tab.goto("")
    tab.locator(".md-search__input").fill("toe")
    tab.get_by_text("Choose a condition to search all its pages").wait_for()
    tab.locator("#search-in select").select_option(label="Kemo disease")
    tab.locator("#search-results a[href*='kemoplinib-ed/']").first.wait_for()


def test_a_part_that_cannot_be_reached_is_said_and_the_rest_answers(tab):
    tab.route("**/assets/search/patients/dolo-disease.*json", lambda route: route.abort())
    ask(tab, "doloplinib-ed/patients/", "glossary")
    assert "could not be reached" in tab.locator("#search-in").inner_text()


@pytest.mark.night
def test_a_guide_of_few_conditions_is_searched_whole(tmp_path, monkeypatch, browser):
    monkeypatch.setenv("GUIDE_TODAY", TODAY.isoformat())
    project = make_many(tmp_path / "two", MARKS[:1])
    assert mkdocs(project, "build", "--strict").returncode == 0
    with serving(project / "site") as where:
        page = browser.new_page(base_url=where)
        found = ask(page, "", "does it work")
        page.close()
    assert {link.split("/")[0] for link in found} >= {"doloplinib-ed", "examplinib-ed"}, found


@pytest.mark.night
@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_pass_axe_and_fit_a_phone_with_menu_and_search_open(browser, address, width):
    context = browser.new_context(
        viewport={"width": width, "height": 900}, reduced_motion="reduce", base_url=address
    )
    page, found = context.new_page(), []
    for url in ("", *(f"{hub}/" for hub in HUBS), "doloplinib-ed/patients/dosing/"):
        for scheme in ("default", "slate"):
            page.goto(url)
            page.evaluate(AXE)
            use_palette(page, scheme)
            found += [(url, scheme, *fault) for fault in axe_violations(page, TAGS)]
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (url, width)
            if width < 1000:
                page.locator(".md-header__button[for=__drawer]").click()
                page.wait_for_timeout(100)
                found += [(url, "menu", scheme, *fault) for fault in axe_violations(page, TAGS)]
                page.keyboard.press("Escape")
            page.locator(
                ".md-header__button[for=__search]" if width < 1000 else ".md-search__input"
            ).click()
            page.wait_for_function(
                "() => window.guideSearch && document.activeElement.matches('.md-search__input')"
            )
            page.keyboard.type("treatment")
            page.locator("#search-results a").first.wait_for()
            found += [(url, "search", scheme, *fault) for fault in axe_violations(page, TAGS)]
    context.close()
    assert found == []
