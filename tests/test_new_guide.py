"""A guide of one's own: begun with the installed engine, in a folder that holds nothing else."""

from __future__ import annotations

import datetime
import filecmp
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pydantic
import pytest
import yaml
from bs4 import BeautifulSoup
from click.testing import CliRunner

from conftest import PUBLIC, ROOT
from guide.base.layers import layered_files, layers
from guide.base.problem import ContentErrors
from guide.commands.main import guide
from guide.content.new_guide import GuideAnswers, contrast_with_white, new_guide
from guide.content.new_topic import new_topic
from guide.outputs.asset_names import assets_in

DAY = datetime.date(2026, 1, 2)
ANSWERS = {
    "name": "Northfield Clot Guide",
    "publisher": "Northfield Clinic",
    "contact": "Ask at the front desk.",
    "condition": "example flutter",
    "intervention": "examplixaban",
    "colour": "#7a1f3d",
    "jurisdictions": {"DE": "Germany", "GB-WLS": "Wales"},
    "agencies": [
        {
            "id": "BfArM",
            "name": "Federal Institute for Drugs and Medical Devices",
            "jurisdiction": "DE",
            "country": "Germany",
            "place": "Germany",
        }
    ],
}


def answered(**other: object) -> GuideAnswers:
    return GuideAnswers.model_validate({**ANSWERS, **other})


def run(environment: Path, folder: Path, *arguments: str, **settings: str):
    """Runs `guide` of an environment, with nothing else on the path."""
    return subprocess.run(
        [environment / "bin" / "guide", *arguments],
        cwd=folder,
        env={"PATH": os.defpath, "HOME": str(folder), **settings},
        text=True,
        capture_output=True,
        check=False,
    )


@pytest.mark.site
def test_a_new_guide_builds_at_once_and_says_nothing_of_ours(installed, tmp_path):
    answers = tmp_path / "answers.yml"
    answers.write_text(yaml.safe_dump(ANSWERS), encoding="utf-8")
    begun = run(installed, tmp_path, "init", "own", "--from", "answers.yml")
    assert begun.returncode == 0, begun.stderr
    assert "guide new-topic examplixaban 'example flutter'" in begun.stdout
    own = tmp_path / "own"
    assert not (own / "scripts").exists() and not (own / "overrides").exists()
    built = run(installed, own, "build", GUIDE_CACHE="off", SITE_URL="https://clots.example.org/")
    assert built.returncode == 0, built.stdout + built.stderr
    pages = sorted((own / "site").rglob("*.html"))
    assert len(pages) > 8
    for page in pages:
        soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html5lib")
        words = soup.get_text(" ")
        assert "Northfield Clot Guide" in words and "Open Health Guide" not in words, page
        assert not re.search(r"\b(?:JAK|spondylitis|\w+citinib)\b", words), page
        assert soup.select('meta[property="og:image"]') == [], page
    style = (own / "site" / assets_in(own / "site")["assets/guide.css"]).read_text(encoding="utf-8")
    assert "--colour-patients: #7a1f3d" in style
    assert "#7a1f3d" in (own / "site/manifest.webmanifest").read_text(encoding="utf-8")
    tests = subprocess.run(
        [installed / "bin" / "python", "-m", "unittest", "discover", "tests"],
        cwd=own,
        env={"PATH": os.defpath, "HOME": str(own)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert tests.returncode == 0, tests.stderr


@pytest.mark.site
def test_a_new_guide_in_german_says_so_everywhere(installed, tmp_path):
    answers = tmp_path / "answers.yml"
    answers.write_text(yaml.safe_dump({**ANSWERS, "language": "de"}), encoding="utf-8")
    begun = run(installed, tmp_path, "init", "own", "--from", "answers.yml")
    assert begun.returncode == 0, begun.stderr
    own = tmp_path / "own"
    assert "language" not in (own / "mkdocs.yml").read_text(encoding="utf-8").split("theme:")[1]
    built = run(installed, own, "build", GUIDE_CACHE="off", SITE_URL="https://clots.example.org/")
    assert built.returncode == 0, built.stdout + built.stderr
    for page in sorted((own / "site").rglob("*.html")):
        soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html5lib")
        assert soup.html["lang"] == "de" and soup.body["dir"] == "ltr", page
        for locale in soup.select('meta[property="og:locale"]'):
            assert locale["content"] == "de_DE", page
    assert 'xml:lang="de"' in (own / "site/feed.xml").read_text(encoding="utf-8")


def test_a_new_guide_speaks_a_language_that_the_engine_speaks(tmp_path):
    new_guide(tmp_path / "own", answered(language="de"), "0.1.0", DAY)
    site = yaml.safe_load((tmp_path / "own/content/site.yml").read_text(encoding="utf-8"))
    assert site["language"] == "de" and site["publisher"]["funding"] == "Noch nicht angegeben."
    page = (tmp_path / "own/docs/about/accessibility.md").read_text(encoding="utf-8")
    assert page.startswith("---\ntitle: Barrierefreiheit\n") and page.endswith("Leitfaden.\n")
    english = answered()
    new_guide(tmp_path / "english", english, "0.1.0", DAY)
    said = (tmp_path / "english/content/site.yml").read_text(encoding="utf-8")
    assert f'emergency: "{english.emergency}"\n' in said and "\nformat: " in said
    new_guide(tmp_path / "told", answered(language="de", funding="Us."), "0.1.0", DAY)
    assert 'funding: "Us."\n' in (tmp_path / "told/content/site.yml").read_text(encoding="utf-8")
    with pytest.raises(pydantic.ValidationError, match="'de' or 'en'"):
        answered(language="tlh")


@pytest.mark.site
def test_init_asks_a_person_who_gives_no_file(installed, tmp_path):
    said = ["My guide", "My clinic", "Write to us.", "", "example pain", "example walks"]
    said += ["walks", "therapy", "Spain", "ES"]
    begun = subprocess.run(
        [installed / "bin" / "guide", "init", "own"],
        cwd=tmp_path,
        env={"PATH": os.defpath, "HOME": str(tmp_path)},
        input="\n".join([*said, "EXG", "", "", "no"]) + "\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert begun.returncode == 0, begun.stderr
    site = yaml.safe_load((tmp_path / "own/content/site.yml").read_text(encoding="utf-8"))
    assert site["language"] == "en"
    assert site["name"] == "My guide" and site["agencies"][0]["jurisdiction"] == "ES"
    assert site["agencies"][0]["decides"] == "recommendation"
    assert "'walks' is not one of" in begun.stdout
    assert "guide new-topic 'example walks' 'example pain' --kind therapy" in begun.stdout
    assert run(installed, tmp_path / "own", "check").returncode == 0


@pytest.mark.night
def test_this_guide_is_the_same_bytes_from_the_installed_engine(installed, tmp_path):
    """Made with the wheel from content alone, and made here: no file differs."""
    own = tmp_path / "own"
    shutil.copytree(ROOT / "content", own / "content")
    shutil.copytree(ROOT / "docs/assets/pictures", own / "docs/assets/pictures")
    (own / "docs/about").mkdir()
    shutil.copy(ROOT / "docs/about/accessibility.md", own / "docs/about")
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    for old, new in (
        ("  custom_dir: overrides\n", ""),
        ("hooks:\n  - scripts/hooks.py\n", ""),
        ("watch:\n  - content\n  - overrides\n  - scripts\n", ""),
        ("  - search\n", "  - search\n  - guide\n"),
    ):
        assert settings.count(old) == 1, old
        settings = settings.replace(old, new)
    (own / "mkdocs.yml").write_text(settings, encoding="utf-8")
    epoch = "1796000000"
    made = run(installed, own, "build", SITE_URL=PUBLIC, SOURCE_DATE_EPOCH=epoch, GUIDE_CACHE="off")
    assert made.returncode == 0, made.stderr
    here = tmp_path / "here"
    shutil.copytree(
        ROOT,
        here,
        ignore=shutil.ignore_patterns(".git", ".venv*", "node_modules", "build", "site", "tests"),
    )
    environment = {
        **os.environ,
        "PYTHONPATH": str(here / "scripts"),
        "SITE_URL": PUBLIC,
        "SOURCE_DATE_EPOCH": epoch,
        "GUIDE_CACHE": "off",
    }
    plain = subprocess.run(
        [sys.executable, "-m", "guide", "build"],
        cwd=here,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert plain.returncode == 0, plain.stderr
    files = [
        sorted(path.relative_to(root / "site").as_posix() for path in (root / "site").rglob("*"))
        for root in (own, here)
    ]
    assert files[0] == files[1] and len(files[0]) > 500
    _, different, odd = filecmp.cmpfiles(
        own / "site",
        here / "site",
        [name for name in files[0] if (own / "site" / name).is_file()],
        shallow=False,
    )
    assert (different, odd) == ([], [])


def test_the_answers_that_the_documentation_shows_make_a_guide(tmp_path):
    (block,) = re.findall(r"(?s)```yaml\n(.*?)```", (ROOT / "START.md").read_text("utf-8"))
    answers = GuideAnswers.model_validate(yaml.safe_load(block))
    assert "content/site.yml" in new_guide(tmp_path / "own", answers, "0.1.0", DAY)


# An answer that no other answer holds, by field, and where it is found again.
SAID = {
    "name": "Said name",
    "tagline": "Said tagline",
    "publisher": "Said publisher",
    "contact": "Said contact",
    "condition": "said condition",
    "intervention": "said intervention",
    "kind": "programme",
    "address": "https://said.example.org/",
    "colour": "#123456",
    "language": "de",
    "licence": {
        "name": "Said licence",
        "title": "Said licence title",
        "spdx": "LicenseRef-Said",
        "url": "https://said.example.org/licence",
        "terms": "said terms",
    },
    "jurisdictions": {"GB-WLS": "Said Wales"},
    "agencies": [
        {
            "id": "SAID",
            "name": "Said agency",
            "jurisdiction": "GB-WLS",
            "country": "Said column",
            "place": "said place",
            "decides": "availability",
        }
    ],
    "funding": "Said funding",
    "authorship": "Said authorship",
    "interests": "Said interests",
    "updates": "Said updates",
    "emergency": "Said emergency",
}


def test_every_answer_reaches_a_file(tmp_path):
    logo = tmp_path / "said.svg"
    logo.write_text("<svg><title>said logo</title></svg>", encoding="utf-8")
    answers = GuideAnswers.model_validate({**SAID, "logo": str(logo)})
    # `first_topic` is no answer that a file holds: it says which files are written.
    assert {*GuideAnswers.model_fields} == {*SAID, "logo", "first_topic"}
    record, agency = SAID["licence"], SAID["agencies"][0]
    assert {*type(answers.licence).model_fields} == {*record}
    assert {*type(answers.agencies[0]).model_fields} == {*agency}
    own = tmp_path / "own"
    new_guide(own, answers, "0.1.0", DAY)
    files = [path for path in own.rglob("*") if path.is_file() and "schemas" not in path.parts]
    written = "\n".join(path.read_text(encoding="utf-8") for path in files)
    for one in (SAID, record, agency):
        for key, value in one.items():
            if isinstance(value, str):
                assert value in written, key
    assert "GB-WLS" in written and "Said Wales" in written and "said logo" in written
    site = yaml.safe_load((own / "content/site.yml").read_text(encoding="utf-8"))
    assert site["agencies"] == [agency] and site["licence"] == record
    readme = (own / "README.md").read_text(encoding="utf-8")
    assert "guide new-topic 'said intervention' 'said condition' --kind programme\n" in readme


def test_a_file_of_the_guide_stands_in_for_the_engines(tmp_path):
    (tmp_path / "docs/about").mkdir(parents=True)
    (tmp_path / "docs/about/index.md").write_text("own", encoding="utf-8")
    files = layered_files(tmp_path, "docs", "**/*.md")
    assert files["about/index.md"] == tmp_path / "docs/about/index.md"
    assert files["index.md"] == ROOT / "docs/index.md"
    assert files.keys() == layered_files(ROOT, "docs", "**/*.md").keys()
    (tmp_path / "scripts/guide").mkdir(parents=True)
    assert layers(tmp_path, "docs") == [tmp_path / "docs"], "a checkout needs no other"


@pytest.mark.parametrize(
    "other, said",
    [
        ({"colour": "#cccccc"}, "white words on #cccccc have a contrast of 1.6 to 1"),
        ({"logo": "no/such.svg"}, "logo: 'no/such.svg' is no SVG file"),
        ({"jurisdictions": {"FR": "France"}}, "agencies: 'DE' is not among the jurisdictions"),
    ],
)
def test_what_would_make_a_bad_guide_is_refused_and_nothing_is_written(tmp_path, other, said):
    own = tmp_path / "own"
    with pytest.raises(ContentErrors) as refused:
        new_guide(own, answered(**other), "0.1.0", DAY)
    assert said in str(refused.value) and not own.exists()


def test_the_first_topic_is_begun_where_the_person_says_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    answers = {**ANSWERS, "first_topic": True}
    Path("answers.yml").write_text(yaml.safe_dump(answers), encoding="utf-8")
    done = CliRunner().invoke(guide, ["init", "own", "--from", "answers.yml"])
    assert done.exit_code == 0, done.output
    assert "wrote own/content/topics/examplixaban-example-flutter/topic.yml" in done.output
    assert "'guide check' names its files" in done.output
    by_hand = tmp_path / "by-hand"
    new_guide(by_hand, answered(), "0.1.0", DAY)
    new_topic(by_hand, "examplixaban", "example flutter")
    for path in by_hand.glob("content/topics/**/*.yml"):
        same = tmp_path / "own" / path.relative_to(by_hand)
        assert same.read_text(encoding="utf-8") == path.read_text(encoding="utf-8")


def test_the_first_topic_is_of_the_kind_that_was_said(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    answers = {**ANSWERS, "intervention": "said test", "kind": "test", "first_topic": True}
    Path("answers.yml").write_text(yaml.safe_dump(answers), encoding="utf-8")
    done = CliRunner().invoke(guide, ["init", "own", "--from", "answers.yml"])
    assert done.exit_code == 0, done.output
    folder = tmp_path / "own/content/medicines/said-test"
    assert (folder / "procedure.yml").is_file() and not (folder / "pregnancy.yml").exists()
    assert "kind: test\n" in (folder / "medicine.yml").read_text(encoding="utf-8")


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ContentErrors, match="holds something already"):
        new_guide(tmp_path, answered(), "0.1.0", DAY)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_words_with_signs_of_yaml_stay_what_they_are(tmp_path):
    odd = 'A "quoted": name # no comment'
    new_guide(tmp_path / "own", answered(publisher=odd, tagline=odd), "0.1.0", DAY)
    site = yaml.safe_load((tmp_path / "own/content/site.yml").read_text(encoding="utf-8"))
    assert site["publisher"]["name"] == site["tagline"] == odd


def test_the_contrast_with_white_is_that_of_wcag():
    assert contrast_with_white("#000000") == 21
    assert contrast_with_white("#ffffff") == 1
    # The often quoted limit: the lightest grey on which white words may stand.
    assert 4.5 < contrast_with_white("#767676") < 4.6 and contrast_with_white("#777777") < 4.5
