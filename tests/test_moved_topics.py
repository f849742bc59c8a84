"""A published topic that is renamed or retired: its pages, places, prints and facts follow."""

from __future__ import annotations

import datetime
import json
import re
import shutil
from pathlib import Path

import pytest

from conftest import ROOT, TODAY, git, make_current, make_project, make_repository
from guide.base.problem import ContentErrors
from guide.build import prepare
from guide.content.ledger import write_ledger
from guide.content.loading import load
from guide.content.names import TRACKS
from guide.outputs.old_addresses import old_address
from guide.outputs.permalinks import Places, ids_of, plan, write_links
from guide.outputs.redirects import End, Rule, rules_of
from guide.publish.publication import publish
from guide.view.versions import current, published_versions, write_versions
from test_bad_content import answer

DAY = datetime.date(2026, 6, 1)


def places(*ids: str, **more: object) -> Places:
    return Places(frozenset(ids), **more)


def redirect(project: Path, entry: str) -> None:
    (project / "content/redirects.yml").write_text(
        f"redirects:\n  - {entry}\n    date: {DAY}\n", encoding="utf-8"
    )


@pytest.fixture
def renamed(tiny: Path) -> tuple[Path, dict[str, Places], str]:
    """The tiny guide, published and then with another id for its topic; the places and the code of
    the patients' sheet that were published.
    """
    built = prepare(tiny, TODAY)
    write_ledger(tiny, built.library)
    write_versions(tiny, built.library)
    code = current(built.library, "examplinib-ed", "patients").code
    before = {page.url: places(*ids_of(page)) for page in built.pages}
    write_links(tiny, {}, before)
    rename_the_topic(tiny)
    return tiny, before, code


def test_a_renamed_topic_is_refused_until_one_entry_says_its_new_name(renamed):
    project, before, code = renamed
    said = "\n".join(answer(project))
    assert "about was 'examplinib-ed' when last published and is 'ex-ed'" in said
    assert "what it is called now (from: examplinib-ed/, to: …/) or why it is gone" in said
    redirect(project, "from: examplinib-ed/\n    to: ex-ed/")
    built = prepare(project, TODAY)
    now = {page.url: places(*ids_of(page)) for page in built.pages}
    made = plan(before, now, rules_of(built.library))
    assert made.problems == []
    assert {page: end.to for page, end in made.pages.items()} == {
        page: f"ex-ed/{page.removeprefix('examplinib-ed/')}"
        for page in before
        if page.startswith("examplinib-ed/")
    }
    # Somebody holds a sheet with the old address and code: its values are those of today.
    check = next(page.markdown for page in built.pages if page.url == "ex-ed/check/")
    assert f'<section class="print print--current" id="{code}"' in check
    versions = published_versions(built.library, "ex-ed", "patients")
    assert [version.code for version in versions][1:] == [code]
    write_versions(project, built.library)
    assert set(json.loads((project / "content/versions.json").read_text())) == {
        f"{topic}/{track}" for topic in ("ex-ed", "examplinib-ed") for track in TRACKS
    }
    prepare(project, TODAY)


def test_one_entry_moves_pages_places_and_what_led_to_them():
    published = {
        "old-topic/": places("start"),
        "old-topic/patients/": places("a", "b", moved={"b": "old-topic/patients/dosing/#b"}),
        "old-topic/patients/dosing/": places("dose", "b", "lost"),
        "about/": places("patients-old-topic", "c"),
    }
    live = {
        "new-topic/": places("start"),
        "new-topic/patients/": places("a"),
        "new-topic/patients/dosing/": places("dose", "b"),
        "about/": places("patients-new-topic"),
    }
    rules = [
        Rule("old-topic/", "middle-topic/", None, DAY, 1),
        Rule("middle-topic/", "new-topic/", None, DAY, 2),
        Rule("about/#c", "old-topic/patients/dosing/#dose", None, DAY, 3),
        Rule("old-topic/patients/dosing/#lost", None, "It was wrong.", DAY, 4),
    ]
    made = plan(published, live, rules)
    # Nobody was given an address below the name between: that entry alone is needless.
    assert [problem.message.partition(" was")[0] for problem in made.problems] == [
        "'middle-topic/'"
    ]
    assert {page: end.to for page, end in made.pages.items()} == {
        "old-topic/": "new-topic/",
        "old-topic/patients/": "new-topic/patients/",
        "old-topic/patients/dosing/": "new-topic/patients/dosing/",
    }
    assert made.ends["old-topic/patients/"]["b"].to == "new-topic/patients/dosing/#b"
    assert made.ends["old-topic/patients/dosing/"]["lost"].gone == "It was wrong."
    assert made.ends["about/"]["c"].to == "new-topic/patients/dosing/#dose"
    assert made.ends["about/"]["patients-old-topic"].to == "about/#patients-new-topic"


def test_a_page_that_the_new_topic_does_not_have_is_still_asked_for():
    published = {"old-topic/": places("start"), "old-topic/card/": places("a")}
    live = {"new-topic/": places("start")}
    made = plan(published, live, [Rule("old-topic/", "new-topic/", None, DAY, 1)])
    [problem] = made.problems
    assert "the page 'old-topic/card/' was published, with 1 places on it" in problem.message


def test_a_retired_topic_leaves_a_page_that_says_why_at_every_address():
    published = {
        "old-topic/": places("start"),
        "old-topic/check/": places("jmsvpwq"),
        "about/": places("x", "patients-old-topic"),
        "disease/": places("list"),
    }
    live = {"about/": places(), "disease/": places("list", heading="The disease")}
    why = "It is no longer sold."
    rules = [
        Rule("old-topic/", None, why, DAY, 1, "disease/"),
        Rule("about/#x", "old-topic/check/", None, DAY, 2),
    ]
    made = plan(published, live, rules)
    end = End("", why, DAY, "disease/")
    assert made.problems == []
    assert made.pages == {"old-topic/": end, "old-topic/check/": end}
    assert made.ends == {"about/": {"x": end, "patients-old-topic": end}}
    html = old_address(ROOT, "old-topic/check/", end, {}, live, "The guide", "")
    assert why in html and '<a href="../../disease/">The disease</a>' in html


def test_prints_of_a_retired_topic_need_its_reason(tiny):
    built = prepare(tiny, TODAY)
    write_versions(tiny, built.library)
    path = tiny / "content/versions.json"
    versions = json.loads(path.read_text())
    path.write_text(json.dumps({**versions, "old-topic/patients": []}))
    write_links(tiny, {}, {"old-topic/": places()})
    assert "there is no topic 'old-topic'" in "\n".join(answer(tiny))
    redirect(tiny, "from: old-topic/\n    gone: It is no longer sold.\n    see: about/")
    prepare(tiny, TODAY)


LIVE = {"a/": places("x"), "b/": places("y"), "c/": places("z")}
LOOPS = {
    "two topics that name each other": [("a/", "b/"), ("b/", "a/")],
    "a topic that names itself": [("a/", "a/")],
    "a circle that an address leads into": [("a/", "m/"), ("m/", "n/"), ("n/", "m/")],
    "two places that name each other": [("a/#x", "b/#y"), ("b/#y", "a/#x")],
}


@pytest.mark.parametrize("name", LOOPS)
def test_a_redirect_that_leads_round_in_a_circle_is_refused_by_its_line(name):
    """No page is made that would send a browser round."""
    entries = LOOPS[name]
    gone = {source.partition("#")[0] for source, _ in entries}
    live = {page: places() if page in gone else spot for page, spot in LIVE.items()}
    if not any("#" in source for source, _ in entries):
        live = {page: spot for page, spot in live.items() if page not in gone}
    rules = [Rule(*entry, None, DAY, line) for line, entry in enumerate(entries, 1)]
    named = {
        problem.line
        for problem in plan(LIVE, live, rules).problems
        if "is no page or place of this build" in problem.message
    }
    assert named == set(range(1, len(entries) + 1))


def test_entries_that_are_live_on_both_sides_are_refused():
    rules = [Rule("a/", "b/", None, DAY, 1), Rule("b/", "a/", None, DAY, 2)]
    made = plan(LIVE, LIVE, rules)
    assert [problem.line for problem in made.problems] == [1, 2] and made.pages == {}


def rename_the_topic(project: Path) -> None:
    """Gives the made-up topic another id, with the one entry that says so."""
    topics = project / "content/topics"
    shutil.move(topics / "examplinib-ed", topics / "ex-ed")
    for path in (topics / "ex-ed/topic.yml", project / "content/site.yml"):
        text = re.sub(r"(?m)^(id: |  - )examplinib-ed$", r"\1ex-ed", path.read_text())
        path.write_text(text.replace("topics: [examplinib-ed]", "topics: [ex-ed]"))


@pytest.mark.night
@pytest.mark.usefixtures("plain_environment")
def test_a_renamed_topic_is_published_and_every_old_address_leads_on(tmp_path):
    """Pages, printed codes and all that stood beside them: no gate names a loss."""
    project = make_project(tmp_path / "guide", ROOT / "tests" / "tiny" / "content")
    make_current(project)
    make_repository(project, tmp_path / "remote.git")
    today = datetime.date.today()
    assert publish(project, today, say=lambda _: None) == 0
    bare = tmp_path / "remote.git"
    before = git(bare, "ls-tree", "-r", "--name-only", "gh-pages").splitlines()
    codes = set(re.findall(r'"code": "([a-z]+)"', git(bare, "show", "main:content/versions.json")))
    rename_the_topic(project)
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "Another name")
    said: list[str] = []
    assert publish(project, today, say=said.append) == 1
    assert "what it is called now (from: examplinib-ed/, to: …/)" in "\n".join(said)
    redirect(project, "from: examplinib-ed/\n    to: ex-ed/")
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "Where it is now")
    said.clear()
    assert publish(project, today, say=said.append) == 0, "\n".join(said)
    old_pages = [name for name in before if re.match(r"examplinib-ed/.*index\.html$", name)]
    assert len(old_pages) > 10
    for name in old_pages:
        page = git(bare, "show", f"gh-pages:{name}")
        assert "guide-old-address" in page and "ex-ed/" in page, name
    check = git(bare, "show", "gh-pages:ex-ed/check/index.html")
    assert codes and all(f'id="{code}"' in check for code in codes)


def test_where_to_read_on_belongs_to_what_is_gone(tiny):
    redirect(tiny, "from: old-topic/\n    to: about/\n    see: about/")
    with pytest.raises(ContentErrors, match="'see' belongs to 'gone'"):
        load(tiny)
