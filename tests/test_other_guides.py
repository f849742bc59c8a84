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
from babel.messages.pofile import read_po
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

    def whole(self, page: str) -> str:
        """The words of a whole page, menus and foot included."""
        return " ".join(self.pages[page].get_text(" ").split())

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
            # Not with a pattern for the guide's own answers.yml: topics have files of that name.
            content = top / "own" / "content"
            shutil.copytree(GUIDES / name / "content", content, dirs_exist_ok=True)
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
            inside = heading.parent is not None and heading.parent.name in (
                "summary",
                "section",
                "th",
            )
            deeper = heading.find_next_sibling(re.compile("^h3$")) if heading.name == "h2" else None
            assert inside or deeper or any(below), (address, heading.get_text())


# Words of messages that stand in no language but English, or are names of the data.
ALIKE = {"Not known"}


def english_phrases() -> set[str]:
    """What the engine says in English in two or more words, where German says something else."""
    with (ROOT / "scripts/guide/languages/de/messages.po").open("rb") as file:
        catalogue = [message for message in read_po(file) if message.id]
    pairs = [
        (one if isinstance(one, (list, tuple)) else (one,))
        for message in catalogue
        for one in (message.id, message.string)
    ]
    said = [" ".join(" ".join(strings).split()) for strings in pairs[1::2]]
    phrases = set()
    for ids, german in zip(pairs[::2], said, strict=True):
        for piece in re.split(r"<[^>]*>|%\(\w+\)s|\{\w+\}|%%", " \0 ".join(ids)):
            for phrase in piece.split("\0"):
                words = " ".join(phrase.split()).strip(' .,:;?!()[]“”"')
                if len(re.findall(r"[A-Za-z’'-]{2,}", words)) > 1 and words not in german:
                    phrases.add(words)
    return phrases - ALIKE


@pytest.mark.site
def test_a_german_guide_says_no_english_words_of_the_engine(make):
    made = make("uebung-kreuzschmerz")
    phrases = sorted(map(re.escape, english_phrases()), key=len, reverse=True)
    found = re.compile(rf"(?<!\w)(?:{'|'.join(phrases)})(?!\w)")
    site = made.folder / "site"
    for path in [*site.rglob("*.html"), *site.rglob("*.ris"), *site.rglob("*.bib")] + [
        site / name for name in ("llms.txt", "feed.xml")
    ]:
        text = path.read_text("utf-8")
        if path.suffix == ".html":
            page = BeautifulSoup(text, "html5lib")
            for one in page.select("code, pre, script, style"):
                one.decompose()
            named = ("title", "alt", "aria-label", "placeholder", "content", "data-label")
            text = page.get_text(" ") + " ".join(
                str(one[name]) for one in page.find_all(True) for name in named if one.get(name)
            )
        assert not found.search(" ".join(text.split())), (
            path,
            found.search(" ".join(text.split())),
        )


@pytest.mark.site
def test_what_is_german_is_german_to_the_last_word(make):
    made = make("uebung-kreuzschmerz")
    site = made.folder / "site"
    assert "Seite nicht gefunden" in (site / "404.html").read_text("utf-8")
    assert "2026 Nov" not in made.everything() and "?." not in made.everything()
    # From the day after the guide was written, the day of its last change stands there too.
    day = r"; \d{1,2}\. [A-ZÄ]\w+ \d{4}( \[aktualisiert [\d-]+\])?\."
    assert re.search(day, made.whole("about"))
    findings = made.text("beispielkreuzschmerz/clinicians/trials")
    assert "nicht anwendbar Niedrig" in findings and "Low" not in findings
    topic = made.text("beispielgymnastik-beispielkreuzschmerz/patients/handout")
    assert "wird bei Beispielkreuzschmerz empfohlen" in topic
    assert ", whole:" not in made.everything()
    assert "Mittelwertdifferenz" in made.everything()
    assert "Differenz Mittelwertdifferenz" not in " ".join(map(made.text, made.pages))


@pytest.mark.site
@pytest.mark.parametrize("name", ["uebung-kreuzschmerz", "stool-test-bowel-cancer"])
def test_a_guide_without_medicines_speaks_of_none(make, name):
    made = make(name)
    medicine = {
        "uebung-kreuzschmerz": r"Dosierungen|Medikamente? |Zulassung|Arzneimittel",
        "stool-test-bowel-cancer": r"start, stop or change a medicine|Doses by|Treatments for"
        r"|Place of .* in treatment|Medicine and dose|unmet need|One medicine|safety page"
        r"|people treated for|approvals to look up|article the guide starts from"
        r"|The official texts do not say|Taking one of these",
    }[name]
    missing = (made.folder / "site/404.html").read_text("utf-8")
    assert not re.search(r"a medicine|ein Medikament", missing)
    # What the data and the rules are called is the same in every guide.
    for page in sorted({*made.pages} - {"about/data", "about/checks"}):
        said = made.whole(page)
        assert not re.search(medicine, said), (page, re.search(medicine, said))


@pytest.mark.site
def test_the_table_of_a_test_has_no_column_that_stays_empty(make):
    made = make("stool-test-bowel-cancer")
    for readers, gone in (("patients", ["When", "Difference"]), ("clinicians", ["NNT or NNH"])):
        page = made.pages[f"stool-test-bowel-cancer/{readers}/trials"]
        table = next(one for one in page.select("table") if "FIT" in one.caption.get_text())
        heads = [head.get_text() for head in table.select("thead th")]
        assert not {*heads} & {*gone, "Difference (95% interval)"}, heads
        assert "NNT" not in table.caption.get_text()
    everything = " ".join(map(made.text, made.pages))
    # The same share on page and sheet, every separator, and no zero with a sign.
    assert "the FIT finds 74; 26 are missed" in everything
    assert "the DNA test finds 92; 8 are missed" in everything
    assert "the test finds 74" not in everything
    assert "262 are missed" not in everything
    assert "NNT 1,226 (647 to 11,214)" in everything
    assert not re.search(r"[−+]?0\.0\)|−0\.0(?!\d)", everything)


@pytest.mark.site
def test_what_no_official_text_says_is_not_put_into_its_mouth(make):
    made = make("apixaban-af")
    everything = " ".join(map(made.text, made.pages))
    assert "The texts that were read do not say." in everything
    assert "The official texts do not say." not in everything
    assert "Certainty not rated: Not rated" not in everything
    assert "From the leaflet of apixaban" not in everything
    assert "−0.76 points (−1.50 to −0.01)" in everything
    assert "NNT 133 (67 to 7,060)" in everything and not re.search(r"−0\.0(?!\d)", everything)
    due = made.text("about/due")
    assert "marked as second-hand" in due and "Claims, by the day" not in due


@pytest.mark.site
def test_people_who_are_screened_are_never_called_people_with_the_disease(make):
    made = make("stool-test-bowel-cancer")
    words = made.everything()
    assert "Studied: people screened for bowel cancer" in words
    assert "Benefit and harm in people screened for bowel cancer" in words
    assert "Has it been tested in people screened for bowel cancer?" in words
    assert "Effects in people screened for bowel cancer" in words
    assert "The stool test is offered for people screened for bowel cancer" in words
    assert "Does the stool test work?" in words and "Does stool test" not in words
    assert "tested in bowel cancer" not in words
    for said in ("people with people", "Benefit and harm in people with", "Studied: people with"):
        assert said not in words, said


@pytest.mark.site
@pytest.mark.parametrize("name", ["uebung-kreuzschmerz", "stool-test-bowel-cancer"])
def test_a_study_of_what_is_no_medicine_has_no_phase(make, name):
    for address in make(name).pages:
        if address.endswith("clinicians/trials"):
            said = make(name).text(address)
            assert "Phase" not in said and " · " in said and "· ·" not in said, address
