"""A fourth topic, of another kind of medicine and disease, from files in content/ alone.

tests/fourth holds an injected medicine of no class in a disease that no rheumatologist treats:
whatever the pages take for granted about tablets, JAK inhibitors or ankylosing spondylitis shows
here.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from conftest import CONTENT_DAY, ROOT, asset, make_project, mkdocs
from guide.content.new_topic import new_topic
from packed_counts import unpacked
from test_bad_content import mend, said

FOURTH = ROOT / "tests" / "fourth"
TOPIC = "madeupumab-fourth-disease"


def add_fourth(project: Path) -> None:
    """What a maintainer does to add the topic: new files, and lines in two files of content/."""
    shutil.copytree(FOURTH / "content", project / "content", dirs_exist_ok=True)
    with (project / "content" / "sources.yml").open("a", encoding="utf-8") as sources:
        sources.write("\n" + (FOURTH / "sources.yml").read_text(encoding="utf-8"))
    mend(project, "content/site.yml", "populations:\n", "populations:\n  FD: fourth disease\n")
    assert new_topic(project, "madeupumab", "fourth disease").topic == TOPIC
    for skeleton in ("mechanism", "pregnancy"):  # nothing was read about these: the topic says so
        (project / "content" / "medicines" / "madeupumab" / f"{skeleton}.yml").unlink()


def outside(project: Path) -> dict[str, str]:
    return {
        path.relative_to(project).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(project.rglob("*"))
        if path.is_file()
        and path.relative_to(project).parts[0] not in ("content", "build", "site")
        and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """The real guide with the fourth topic, built strictly."""
    target = make_project(tmp_path_factory.mktemp("fourth") / "guide", ROOT / "content")
    before = outside(target)
    add_fourth(target)
    done = mkdocs(target, "build", "--strict", day=CONTENT_DAY)
    assert done.returncode == 0, said(done)
    assert outside(target) == before, "a file outside content/ was touched"
    return target


def pages(site: Path) -> set[str]:
    return {path.relative_to(site).as_posix() for path in site.rglob("index.html")}


def moved(page: Path) -> bool:
    """Whether this is only the way from an old address to where its page is now."""
    return 'name="guide-old-address"' in page.read_text(encoding="utf-8")


def article(project: Path, page: str) -> BeautifulSoup:
    return BeautifulSoup((project / "site" / page).read_text(encoding="utf-8"), "html5lib").article


def test_every_page_of_the_others_is_there_and_the_fourth_has_all_of_its_own(project, site):
    before, after = pages(site), pages(project / "site")
    assert before <= after
    new = after - before
    assert all(page.startswith((f"{TOPIC}/", "fourth-disease/")) for page in new)
    # Nobody asked a question about the new disease, no guideline or health system speaks of it, and
    # no other medicine has facts on it: it has no page of them, the topic has. Its comparison is
    # short and has no page for each row.
    none = "/(?:questions|guidelines|access|other-medicines|options/.+)/"
    for old, own, missing in (
        ("tofacitinib-as/", f"{TOPIC}/", r"/questions/.+/index"),
        ("ankylosing-spondylitis/", "fourth-disease/", none),
    ):
        shape = {
            page.removeprefix(old)
            for page in before
            if page.startswith(old) and not re.search(missing, page) and not moved(site / page)
        }
        assert len(shape) > 10 and shape <= {page.removeprefix(own) for page in new}
    assert not [page for page in new if page.startswith("fourth-disease/") and "questions" in page]
    for track in ("patients", "clinicians"):
        assert f"{TOPIC}/{track}/questions/does-it-work/index.html" in new
        assert (
            "40"
            in article(project, f"{TOPIC}/{track}/dosing/index.html")
            .find(id="madeupumab-dose")
            .get_text()
        )
        assert article(project, f"{TOPIC}/{track}/safety/index.html").find(id="madeupumab-warning")
        for page, begins in (
            ("dosing", "Approved for FD."),
            ("approval", "Madeupumab is approved for fourth disease in the United States"),
        ):
            verdict = article(project, f"{TOPIC}/{track}/{page}/index.html").select_one(
                ".verdict__answer"
            )
            assert verdict.get_text().startswith(begins), verdict
        options = article(project, f"fourth-disease/{track}/options/index.html")
        assert options.find(id="madeupumab-fd-certainty")


def test_the_search_finds_it(project):
    """A second condition: the search has a part for each, and the new medicine leads to its own."""
    first = json.loads(
        asset(project / "site", "assets/search/patients.json").read_text(encoding="utf-8")
    )
    assert [part[0] for part in first["parts"]] == ["ankylosing-spondylitis", "fourth-disease"]
    assert first["leads"]["madeupumab"] == [1] and "madeup" in first["leads"]
    for track in ("patients", "clinicians"):
        index = json.loads(
            asset(project / "site", f"assets/search/{track}/fourth-disease.json").read_text("utf-8")
        )
        places = [place for place, _ in unpacked(index, "sections")["zebra"]]
        rows = [*zip(*index["sections"], strict=True)]
        assert places and {index["pages"][rows[place][0]][2] for place in places} == {TOPIC}
        assert index["vocabulary"]["madeup"] == "madeupumab"
        assert index["medicines"]["madeupumab"] == [TOPIC]


def test_home_and_navigation_lead_to_it(project):
    home = article(project, "index.html")
    assert f"{TOPIC}/patients/" in {link.get("href") for link in home.find_all("a")}
    assert "fourth disease" in home.h1.get_text() and "ankylosing spondylitis" in home.h1.get_text()
    assert "I have FD" in home.get_text() and "I have AS" in home.get_text()


# Whatever belongs to the first topics and is no fact of this one.
FOREIGN = re.compile(
    r"\bJAK|tablet|(?-i:\bAS\b)|axSpA|ankylosing|spondyl|rheumat|biologic|NSAID|\bTNF|baricitinib|tofacitinib|upadacitinib|secukinumab|\bspine",
    re.I,
)


def test_no_page_of_it_speaks_of_the_other_topics_medicines_or_disease(project):
    """The box of warning signs is the site's own and names its leaflet; all else must be of the
    topic.
    """
    found = []
    for page in sorted(page for page in pages(project / "site") if page.startswith(f"{TOPIC}/")):
        soup = BeautifulSoup((project / "site" / page).read_text(encoding="utf-8"), "html5lib")
        for part in (soup.article, soup.select_one(".guide-footer")):
            for own in part.select(".help-now, details.page-end, .review, script"):
                own.decompose()
            words = re.sub(r"\s+", " ", part.get_text(" "))
            found += [
                f"{page}: …{words[max(0, match.start() - 50) : match.end() + 30]}…"
                for match in FOREIGN.finditer(words)
            ]
    assert found == []


def test_its_team_and_not_another_is_to_be_asked(project):
    page = BeautifulSoup(
        (project / "site" / TOPIC / "patients/dosing/index.html").read_text(encoding="utf-8"),
        "html5lib",
    )
    assert (
        "Ask your skin clinic before you start, stop or change a medicine"
        in page.select_one(".guide-footer").get_text()
    )
    assert "Ask your skin clinic or pharmacist first" in page.article.get_text()


def test_the_other_topics_do_not_show_its_facts(project):
    for page in pages(project / "site"):
        if page.startswith(("baricitinib-as/", "tofacitinib-as/", "upadacitinib-as/")):
            text = (
                (project / "site" / page)
                .read_text(encoding="utf-8")
                .partition("<article")[2]
                .partition("</article>")[0]
            )
            assert "madeupumab" not in text.lower(), page
