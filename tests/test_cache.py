"""A kept result never outlives what it was made from.

Two copies of the tiny guide get the same edits, one after another, at random. One is built with the
store and the fast way, in one long process as in `serve`; the other with nothing kept, by MkDocs
itself. After each edit the Markdown trees and the sites must be the same, byte by byte, and where
an edit is refused, the answers. `CACHE_EDITS` and `CACHE_SEED` in the environment make it longer,
or another.
"""

from __future__ import annotations

import datetime
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import ROOT, make_current, make_project, mkdocs
from test_bad_content import DOSING, TRIAL, fingerprint, mend

pytestmark = pytest.mark.site

EDITS = int(os.environ.get("CACHE_EDITS", "30"))
SEED = int(os.environ.get("CACHE_SEED", "20261123"))

# A builder that stays: one build for each line it reads, its answer as one line.
BUILDER = """
import io, json, logging, sys
from contextlib import redirect_stderr
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort
heard = io.StringIO()
logging.getLogger("mkdocs").addHandler(logging.StreamHandler(heard))
logging.getLogger("mkdocs").setLevel(logging.WARNING)
for _ in sys.stdin:
    said = ""
    heard.seek(0); heard.truncate()
    try:
        build(load_config("mkdocs.yml"))
    except Abort as error:
        said = str(error)
    print("ANSWER " + json.dumps(said + heard.getvalue()), flush=True)
"""


class Builder:
    """One project and the process that builds it."""

    def __init__(self, project: Path, **environment: str):
        self.project = project
        self._process = subprocess.Popen(
            [sys.executable, "-c", BUILDER],
            cwd=project,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={
                **os.environ,
                "NO_MKDOCS_2_WARNING": "1",
                "PYTHONDONTWRITEBYTECODE": "1",
                **environment,
            },
        )

    def ask(self) -> None:
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def answer(self) -> str:
        for line in self._process.stdout:
            if line.startswith("ANSWER "):
                return json.loads(line.removeprefix("ANSWER "))
        raise AssertionError("the builder ended")

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(20)


@pytest.fixture
def pair(tmp_path: Path):
    kept, clean = (
        make_project(tmp_path / name, ROOT / "tests" / "tiny" / "content")
        for name in ("kept", "clean")
    )
    builders = (
        Builder(kept, GUIDE_CACHE="on", GUIDE_ENGINE="fast"),
        Builder(clean, GUIDE_CACHE="off", GUIDE_ENGINE="plain"),
    )
    yield builders
    for builder in builders:
        builder.close()


def replace(file: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(project: Path) -> None:
        path = project / file
        text = path.read_text(encoding="utf-8")
        assert re.search(old, text, re.M), f"{old} is not in {file}"
        path.write_text(re.sub(old, new, text, count=1, flags=re.M), encoding="utf-8")

    return edit


def add(file: str, text: str) -> Callable[[Path], None]:
    def edit(project: Path) -> None:
        path = project / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            (path.read_text(encoding="utf-8") if path.exists() else "") + text, encoding="utf-8"
        )

    return edit


def remove(file: str) -> Callable[[Path], None]:
    def edit(project: Path) -> None:
        path = project / file
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return edit


ANSWERS = "content/topics/examplinib-ed/answers.yml"


def together(*edits: Callable[[Path], None]) -> Callable[[Path], None]:
    def edit(project: Path) -> None:
        for one in edits:
            one(project)

    return edit


def rename(old: str, new: str) -> Callable[[Path], None]:
    """An id with all that names it, in the whole content."""

    def edit(project: Path) -> None:
        for path in sorted((project / "content").rglob("*.yml")):
            text = path.read_text(encoding="utf-8")
            if old in text:
                path.write_text(text.replace(old, new), encoding="utf-8")

    return edit


def spoil(project: Path) -> None:
    """Somebody writes into what was built: a page of the site and one of the tree, in place."""
    for folder, pattern in (
        ("site", "*/clinicians/dosing/index.html"),
        ("build/docs", "*/patients/dosing.md"),
    ):
        for path in (project / folder).glob(pattern):
            path.write_text("spoilt\n", encoding="utf-8")


def edits(
    choose: random.Random,
) -> list[tuple[str, Callable[[Path], None], Callable[[Path], None]]]:
    """Every kind of edit: its name, the edit, and the one that takes it back. Each can be done
    again after that.
    """
    word = choose.choice(["gently", "always", "later", "again", "first", "mostly"])
    number = choose.randrange(3, 90)
    statement = (
        "  - id: more-of-it\n    kind: dosing\n    jurisdiction: EU\n    population: OD\n"
        f"    values:\n      most: {{value: {number}, unit: mg}}\n    proof: {number} mg\n"
        f"    patient: The most is {{most}} {word}.\n    clinician: At most {{most}}.\n"
        "    sources: [made-up-label]\n    confidence: verified\n"
    )
    topic = "content/topics/otherinib-ed"
    claims = f"docs/topic/patients/{choose.choice(['dosing', 'trials', 'safety'])}.md"
    component = choose.choice(
        ["verdict", "answer", "statements_by_country", "review_notice", "references", "trials"]
    )
    macro = f"overrides/macros/{component}.html"
    second = together(
        add(
            f"{topic}/topic.yml",
            "id: otherinib-ed\nmedicine: otherinib\ncondition: example-disease\ntitle: Otherinib in"
            " example disease\nsummary: Otherinib is approved for example disease.\nreview:\n "
            " published: 2026-01-02\n  evidence_searched_to: 2026-01-01\n  last_full_review:\n   "
            " unknown: Nobody has reviewed it.\n  next_review: 2026-12-01\n",
        ),
        add(
            f"{topic}/takeaways.yml",
            f"takeaways:\n  - id: approved\n    patient: It is approved, {word}.\n    clinician:"
            " Otherinib is approved.\n    approvals: true\n",
        ),
        replace(
            "content/site.yml", "^  - examplinib-ed\n", "  - examplinib-ed\n  - otherinib-ed\n"
        ),
    )
    return [
        (
            "a value",
            together(
                replace(DOSING, "value: 2, unit", f"value: {number}, unit"),
                replace(DOSING, "proof: 2 mg", f"proof: {number} mg"),
            ),
            together(
                replace(DOSING, rf"value: {number}, unit", "value: 2, unit"),
                replace(DOSING, f"proof: {number} mg", "proof: 2 mg"),
            ),
        ),
        (
            "a value that its proof denies",
            replace(DOSING, "value: 2, unit", f"value: {number}, unit"),
            replace(DOSING, rf"value: {number}, unit", "value: 2, unit"),
        ),
        (
            "a wording",
            replace(DOSING, "once a day", f"once a day, {word}"),
            replace(DOSING, f"once a day, {word}", "once a day"),
        ),
        (
            "a number in a wording",
            replace(DOSING, "once a day", "2 times a day"),
            replace(DOSING, "2 times a day", "once a day"),
        ),
        (
            "a count",
            together(
                replace(TRIAL, "responders: 24", "responders: 23"),
                replace(TRIAL, "percent: 26", "percent: 24"),
                replace(TRIAL, r"24 of 94 \(26%\)", "23 of 94 (24%)"),
            ),
            together(
                replace(TRIAL, "responders: 23", "responders: 24"),
                replace(TRIAL, "percent: 24", "percent: 26"),
                replace(TRIAL, r"23 of 94 \(24%\)", "24 of 94 (26%)"),
            ),
        ),
        ("a record more", add(DOSING, statement), replace(DOSING, re.escape(statement), "")),
        (
            "an answer",
            replace(ANSWERS, "Ask your team which", f"Ask your team {word} which"),
            replace(ANSWERS, f"Ask your team {word} which", "Ask your team which"),
        ),
        (
            "an answer in too many words",
            replace(ANSWERS, "Ask your team which", f"Ask your team {f'{word} ' * 40}which"),
            replace(ANSWERS, f"Ask your team {f'{word} ' * 40}which", "Ask your team which"),
        ),
        (
            "an id",
            rename("examplinib-dose-us", f"dose-{word}"),
            rename(f"dose-{word}", "examplinib-dose-us"),
        ),
        (
            "an id that others name",
            replace(
                "content/topics/examplinib-ed/evidence.yml",
                "id: examplinib-no-trial",
                "id: no-trial",
            ),
            replace(
                "content/topics/examplinib-ed/evidence.yml",
                "id: no-trial",
                "id: examplinib-no-trial",
            ),
        ),
        (
            "a source's title",
            replace("content/sources.yml", "title: (.*)", rf"title: \1 {word}"),
            replace("content/sources.yml", f"title: (.*) {word}", r"title: \1"),
        ),
        (
            "a brand",
            replace(
                "content/medicines/examplinib/medicine.yml",
                r"\[Examplix\]",
                f"[Examplix, Ex{word}]",
            ),
            replace(
                "content/medicines/examplinib/medicine.yml",
                rf"\[Examplix, Ex{word}\]",
                "[Examplix]",
            ),
        ),
        (
            "an approval",
            replace(
                "content/medicines/otherinib/medicine.yml",
                "line: after another medicine",
                f"line: after another medicine, {word}",
            ),
            replace("content/medicines/otherinib/medicine.yml", f", {word}", ""),
        ),
        (
            "an approval that sentences deny",
            replace(
                "content/medicines/examplinib/medicine.yml",
                "status: not approved",
                "status: approved\n    date: 2026-01-01",
            ),
            replace(
                "content/medicines/examplinib/medicine.yml",
                "status: approved\n    date: 2026-01-01",
                "status: not approved",
            ),
        ),
        (
            "a medicine's name",
            replace(
                "content/medicines/otherinib/medicine.yml",
                "^name: otherinib",
                f"name: otherinib {word}",
            ),
            replace(
                "content/medicines/otherinib/medicine.yml",
                f"^name: otherinib {word}",
                "name: otherinib",
            ),
        ),
        (
            "the condition's name",
            replace(
                "content/conditions/example-disease/condition.yml",
                "^name: example disease",
                f"name: example disease {word}",
            ),
            replace(
                "content/conditions/example-disease/condition.yml",
                f"^name: example disease {word}",
                "name: example disease",
            ),
        ),
        (
            "a review date",
            replace(
                "content/topics/examplinib-ed/topic.yml",
                "published: 2026-01-02",
                "published: 2026-01-01",
            ),
            replace(
                "content/topics/examplinib-ed/topic.yml",
                "published: 2026-01-01",
                "published: 2026-01-02",
            ),
        ),
        (
            "a glossary word",
            replace(
                "content/glossary.yml",
                "without a medicine in it",
                f"without any medicine in it, {word}",
            ),
            replace(
                "content/glossary.yml",
                f"without any medicine in it, {word}",
                "without a medicine in it",
            ),
        ),
        (
            "a new glossary word",
            add(
                "content/glossary.yml",
                "  - id: label\n    term: label\n    patient: What comes with a medicine,"
                f" {word}.\n    clinician: The label.\n",
            ),
            replace("content/glossary.yml", r"  - id: label\n(?:    .*\n)+", ""),
        ),
        (
            "a wrong claim said aloud",
            replace(
                "content/topics/examplinib-ed/evidence.yml",
                "No trial of examplinib in example disease was found.",
                "Examplinib works in example disease.",
            ),
            replace(
                "content/topics/examplinib-ed/evidence.yml",
                "Examplinib works in example disease.",
                "No trial of examplinib in example disease was found.",
            ),
        ),
        (
            "what is claimed",
            replace(
                "content/topics/examplinib-ed/claims.yml",
                "claim: Examplinib works in example disease.",
                "claim: No trial was found.",
            ),
            replace(
                "content/topics/examplinib-ed/claims.yml",
                "claim: No trial was found.",
                "claim: Examplinib works in example disease.",
            ),
        ),
        (
            "the publisher",
            replace("content/site.yml", "name: Nobody", f"name: Nobody {word}"),
            replace("content/site.yml", f"name: Nobody {word}", "name: Nobody"),
        ),
        (
            "a change that is logged",
            add(
                "content/changes.yml",
                "  - date: 2026-01-02\n    kind: clinical\n    record: examplinib-dose-us\n   "
                f" field: values.dose\n    old: {number} mg\n    new: 2 mg\n    what: The dose,"
                f" {word}.\n    reason: A test.\n",
            ),
            replace(
                "content/changes.yml",
                r"  - date: 2026-01-02\n    kind: clinical\n    record: examplinib-dose-us\n(?:   "
                r" .*\n)+",
                "",
            ),
        ),
        (
            "another topic",
            second,
            together(remove(topic), replace("content/site.yml", "^  - otherinib-ed\n", "")),
        ),
        (
            "a file that breaks",
            add("content/medicines/examplinib/monitoring.yml", "statements: [\n"),
            remove("content/medicines/examplinib/monitoring.yml"),
        ),
        (
            "a page's prose",
            add(claims, f"\nRead this {word} before you go on.\n"),
            replace(claims, f"\nRead this {word} before you go on.\n", ""),
        ),
        (
            "a link in a page's prose",
            add(claims, "\nFor all of it see [the start](index.md).\n"),
            replace(claims, r"\nFor all of it see \[the start\]\(index.md\).\n", ""),
        ),
        (
            "a link to nowhere",
            add(claims, "\nFor all of it see [this page](nowhere.md).\n"),
            replace(claims, r"\nFor all of it see \[this page\]\(nowhere.md\).\n", ""),
        ),
        (
            "a page's title",
            replace(
                "docs/topic/clinicians/dosing.md", '^title: "?', lambda found: f"{found[0]}Now "
            ),
            replace("docs/topic/clinicians/dosing.md", '^(title: "?)Now ', r"\1"),
        ),
        (
            "a section's id on one page",
            replace("docs/topic/patients/dosing.md", "{ #kidney }", "{ #kidneys }"),
            replace("docs/topic/patients/dosing.md", "{ #kidneys }", "{ #kidney }"),
        ),
        (
            "a heading on both pages",
            together(
                *(
                    add(
                        f"docs/topic/{track}/dosing.md",
                        "\n## More { #more }\n\nThere is a little more to say.\n",
                    )
                    for track in ("patients", "clinicians")
                )
            ),
            together(
                *(
                    replace(
                        f"docs/topic/{track}/dosing.md",
                        r"\n## More { #more }\n\nThere is a little more to say.\n",
                        "",
                    )
                    for track in ("patients", "clinicians")
                )
            ),
        ),
        (
            "a page about the guide",
            add("docs/about/more.md", f"---\ntitle: More\norder: 9\n---\n# More\n\n{word}\n"),
            remove("docs/about/more.md"),
        ),
        (
            "a component",
            replace(macro, "</p>", f" {word}</p>"),
            replace(macro, f" {word}</p>", "</p>"),
        ),
        (
            "the frame of all pages",
            replace("overrides/main.html", "not personal advice", f"not personal advice, {word}"),
            replace("overrides/main.html", f", {word}", ""),
        ),
        (
            "a style",
            add("docs/assets/css/99-test.css", f".{word} {{ color: red; }}\n"),
            remove("docs/assets/css/99-test.css"),
        ),
        (
            "the engine's settings",
            replace("mkdocs.yml", "^site_name: .*", f"site_name: {word}"),
            replace("mkdocs.yml", "^site_name: .*", "site_name: Open Health Guide"),
        ),
        ("what was built, by hand", spoil, lambda project: None),
        (
            "nothing but the date of a file",
            lambda project: os.utime(project / DOSING),
            lambda project: None,
        ),
    ]


@pytest.mark.night
def test_kept_results_and_clean_builds_are_the_same_after_every_edit(pair):
    choose = random.Random(SEED)
    done: list[tuple[str, Callable[[Path], None]]] = []
    waiting: list[tuple[str, Callable[[Path], None], Callable[[Path], None]]] = []
    built = refused = 0
    for step in range(EDITS):
        if done and choose.random() < 0.4:
            name, edit = done.pop(choose.randrange(len(done)))
            name = f"{name}, taken back"
        else:
            if not waiting:  # every kind once, in another order each time
                waiting = [one for one in edits(choose) if one[0] not in {name for name, _ in done}]
                choose.shuffle(waiting)
            name, edit, back = waiting.pop()
            done.append((name, back))
        try:
            for builder in pair:
                edit(builder.project)
        except AssertionError:  # another edit that still stands is in the way
            continue
        for builder in pair:
            builder.ask()
        answers = [re.sub(r"/\S*/(?:kept|clean)/", "", builder.answer()) for builder in pair]
        assert sorted(answers[0].splitlines()) == sorted(answers[1].splitlines()), (step, name)
        built, refused = built + (not answers[0]), refused + bool(answers[0])
        for folder in ("build/docs", "site"):
            ours, theirs = (fingerprint(builder.project / folder) for builder in pair)
            # A refused build leaves what was there, also what somebody spoilt.
            if not answers[0]:
                assert {
                    path
                    for path in ours.keys() | theirs.keys()
                    if ours.get(path) != theirs.get(path) and path != "sitemap.xml.gz"
                } == set(), (step, name, folder)
        if refused and answers[0]:
            _, back = done.pop() if not name.endswith("taken back") else ("", None)
            if back:  # most edits that are refused hide what the next would show
                for builder in pair:
                    back(builder.project)
    assert built > EDITS / 3 and (refused or EDITS < 20), (built, refused)


def test_whatever_lies_beside_the_code_is_part_of_its_fingerprint(tiny):
    """A change of the references' style, of a font or of a component makes everything kept
    worthless.
    """
    program = (
        "import sys; sys.path.insert(0, 'scripts'); from pathlib import Path;"
        " from guide.cache.code import fingerprint_of_code;"
        " print(fingerprint_of_code(Path('.')).hex())"
    )

    def now() -> str:
        return subprocess.run(
            [sys.executable, "-B", "-c", program],
            cwd=tiny,
            text=True,
            capture_output=True,
            check=True,
        ).stdout

    seen = {now(), now()}
    assert len(seen) == 1, "the same for the same files"
    for name in (
        "scripts/guide/content/citations/icmje.csl",
        "overrides/macros/statements.html",
        "scripts/guide/pages/glossary.py",
    ):
        with (tiny / name).open("a") as file:
            file.write("\n")
        seen.add(now())
    assert len(seen) == 4


STEPS = ["content file", "reference line", "body", "page", "html", "details of changed pages"]


@pytest.mark.parametrize("lost", STEPS)
def test_what_is_lost_of_the_results_is_made_again(tiny, lost):
    """Results of one step may be gone while the others are there."""
    done = mkdocs(tiny, "build", "--strict")
    assert done.returncode == 0, done.stderr
    first = fingerprint(tiny / "site")
    with sqlite3.connect(tiny / "build" / "cache" / "results.sqlite") as base:
        assert base.execute("delete from results where step = ?", (lost,)).rowcount
    base.close()
    done = mkdocs(tiny, "build", "--strict")
    assert done.returncode == 0, done.stderr
    again = fingerprint(tiny / "site")
    assert {
        path
        for path in first.keys() | again.keys()
        if first.get(path) != again.get(path) and path != "sitemap.xml.gz"
    } == set()


def test_a_build_that_stops_keeps_what_it_made(tiny):
    """With one wording wrong, the next build makes the pages that show it, not all."""
    mend(
        tiny,
        "content/topics/examplinib-ed/topic.yml",
        "summary: Examplinib is not approved for example disease.",
        "summary: Examplinib is approved for example disease.",
    )
    stopped = mkdocs(tiny, "build", "--strict")
    assert (
        stopped.returncode == 1 and "[approved-means-approved]" in stopped.stdout + stopped.stderr
    )
    with sqlite3.connect(tiny / "build" / "cache" / "results.sqlite") as base:
        kept = dict(base.execute("select step, count(*) from results group by step"))
    base.close()
    assert kept["body"] > 20 and kept["page"] > 20


@pytest.mark.night
def test_another_day_makes_anew_what_says_another_thing_that_day(tiny, monkeypatch):
    """The day stands on every page, and hardly any page is another for it: the others are dated
    anew and not made.
    """
    make_current(tiny)
    due = datetime.date.fromisoformat(
        re.search(
            r"next_review: (\S+)", (tiny / "content/topics/examplinib-ed/topic.yml").read_text()
        )[1]
    )

    def built(day: datetime.date, **environment: str) -> dict[str, str]:
        moment = datetime.datetime.combine(day, datetime.time(12), datetime.UTC)
        for name, value in {
            "SOURCE_DATE_EPOCH": str(int(moment.timestamp())),
            "GUIDE_TODAY": day.isoformat(),
            "GUIDE_CACHE": "",
            "GUIDE_ENGINE": "",
            **environment,
        }.items():
            monkeypatch.setenv(name, value)
        done = mkdocs(tiny, "build", "--strict")
        assert done.returncode == 0, done.stderr
        return fingerprint(tiny / "site")

    def made() -> dict[str, int]:
        return {
            path.relative_to(tiny / "build/docs").as_posix(): path.stat().st_ino
            for path in (tiny / "build/docs").rglob("*.md")
        }

    first = built(due - datetime.timedelta(days=2))
    before = made()
    second = built(due - datetime.timedelta(days=1))
    assert {path for path, inode in made().items() if before[path] != inode} == {"about/due.md"}
    assert {
        path for path in first if path.endswith("index.html") and first[path] == second[path]
    } == set()
    assert second == built(
        due - datetime.timedelta(days=1), GUIDE_CACHE="off", GUIDE_ENGINE="plain"
    ) | {"sitemap.xml.gz": second["sitemap.xml.gz"]}
    # The day after the review was due its page says so, and is made anew.
    third = built(due + datetime.timedelta(days=1))
    assert any(
        "overdue" in (tiny / "site" / path).read_text()
        for path in third
        if path.endswith("clinicians/dosing/index.html")
    )
    assert third == built(
        due + datetime.timedelta(days=1), GUIDE_CACHE="off", GUIDE_ENGINE="plain"
    ) | {"sitemap.xml.gz": third["sitemap.xml.gz"]}
