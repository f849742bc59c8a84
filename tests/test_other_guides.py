"""Guides of other departments, made with the installed engine from a folder of answers and content:
prevention against an active comparator, a disease with a digit in its name, a test that nobody
approves, and one in German. None of them is for readers.
"""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup

from conftest import ROOT, make_current

GUIDES = ROOT / "tests" / "guides"
# Words of the guide that this repository holds.
OURS = re.compile(r"\b(?:JAK|TNF|ASAS\d*|spondyl\w+|\w+citinib|Olumiant|Rinvoq|Xeljanz)\b", re.I)
EVERY = sorted(folder.name for folder in GUIDES.iterdir())


@dataclass
class Made:
    """A guide that was checked and built; `text` gives the words of a page."""

    folder: Path
    pages: dict[str, BeautifulSoup] = field(default_factory=dict)

    def text(self, page: str) -> str:
        """The words of a page's main part."""
        article = self.pages[page].article
        assert article is not None
        return " ".join(article.get_text(" ").split())

    def everything(self) -> str:
        """The words of all pages, heads and attributes included."""
        return html.unescape(" ".join(str(page) for page in self.pages.values()))


def run(environment: Path, folder: Path, *arguments: str, **settings: str) -> str:
    done = subprocess.run(
        [environment / "bin" / "guide", *arguments],
        cwd=folder,
        env={"PATH": os.defpath, "HOME": str(folder), **settings},
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def make(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Made]:
    """Makes a guide once: begun with its answers, filled with its content, checked and built."""
    known: dict[str, Made] = {}

    def made(name: str) -> Made:
        if name not in known:
            top = tmp_path_factory.mktemp(name)
            run(installed, top, "init", "own", "--from", str(GUIDES / name / "answers.yml"))
            shutil.copytree(
                GUIDES / name,
                top / "own",
                dirs_exist_ok=True,
                ignore=shutil.ignore_patterns("answers.yml", "README.md"),
            )
            # No test turns red because a review falls due.
            make_current(top / "own")
            assert "No problems" in run(installed, top / "own", "check")
            run(installed, top / "own", "build", GUIDE_CACHE="off")
            known[name] = Made(top / "own")
            for path in sorted((top / "own/site").rglob("index.html")):
                address = path.parent.relative_to(top / "own/site").as_posix()
                known[name].pages[address] = BeautifulSoup(path.read_text("utf-8"), "html5lib")
        return known[name]

    return made


@pytest.mark.site
@pytest.mark.parametrize("name", EVERY)
def test_it_builds_strictly_and_says_nothing_of_our_guide(make, name):
    made = make(name)
    answers = yaml.safe_load((GUIDES / name / "answers.yml").read_text(encoding="utf-8"))
    assert len(made.pages) > 20
    for address, page in made.pages.items():
        words = html.unescape(str(page))
        assert answers["name"] in words, address
        assert not OURS.search(words), (address, OURS.search(words))
        assert page.html is not None and page.html["lang"] == answers.get("language", "en")


@pytest.mark.site
@pytest.mark.parametrize("name", EVERY)
def test_no_heading_stands_over_nothing(make, name):
    for address, page in make(name).pages.items():
        for heading in page.select("article h2[id], article h3[id]"):
            below = []
            for node in heading.find_next_siblings():
                if re.fullmatch("h[1-6]", node.name):
                    break
                below.append(node.get_text(" ").strip())
            inside = heading.parent is not None and heading.parent.name in ("summary", "section")
            deeper = heading.find_next_sibling(re.compile("^h3$")) if heading.name == "h2" else None
            assert inside or deeper or any(below), (address, heading.get_text())


@pytest.mark.site
def test_people_who_are_screened_are_never_called_people_with_the_disease(make):
    made = make("stool-test-bowel-cancer")
    words = made.everything()
    assert "Studied: people screened for bowel cancer" in words
    assert "Benefit and harm in people screened for bowel cancer" in words
    for said in ("people with people", "Benefit and harm in people with", "Studied: people with"):
        assert said not in words, said
