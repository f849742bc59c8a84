"""What a verb says of an unchanged guide is found again, and never after a change of anything that
it is made from.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import TODAY, mkdocs
from guide.base import clock
from guide.cache import answers, code
from guide.cache.answers import BEGUN, BUILT, Answers, state_of_site
from guide.commands import build as build_module
from guide.commands import check as check_module
from guide.commands.main import main
from test_bad_content import DOSING, mend

MACRO = "overrides/macros/statements.html"


@pytest.fixture
def guide(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny guide, in which nothing is changed between two questions but what a test changes."""
    monkeypatch.chdir(tiny)
    monkeypatch.setenv("GUIDE_CACHE", "")
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    # Its code is that of this project: a copy of it would be hashed for nothing.
    monkeypatch.setattr(answers, "CORE", tiny / "scripts/guide")
    monkeypatch.setattr(code, "CORE", tiny / "scripts/guide")
    return tiny


def append(name: str) -> Callable[[Path, pytest.MonkeyPatch], None]:
    def change(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with (project / name).open("a") as file:
            file.write("\n")

    return change


def keep_times(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An edit that leaves the size and the time of a file as they were."""
    path = project / DOSING
    status = path.stat()
    mend(project, DOSING, "value: 2, unit: mg", "value: 3, unit: mg")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def set_variable(name: str) -> Callable[[Path, pytest.MonkeyPatch], None]:
    return lambda project, monkeypatch: monkeypatch.setenv(name, "https://example.org/")


CHANGES = {
    "a value": append(DOSING),
    "a value, with the time of the old": keep_times,
    "a new file of content": append("content/medicines/examplinib/monitoring.yml"),
    "a file fewer": lambda project, monkeypatch: (project / "content/changes.yml").unlink(),
    "a page": append("docs/topic/patients/dosing.md"),
    "a style sheet": append("docs/assets/css/10-base.css"),
    "a component": append(MACRO),
    "a template": append("overrides/main.html"),
    "the settings": append("mkdocs.yml"),
    "the hooks": append("scripts/hooks.py"),
    "a rule": append("scripts/guide/checks/rules/dates_hold.py"),
    "what lies beside the code": append("scripts/guide/content/citations/icmje.csl"),
    "the address": set_variable("SITE_URL"),
    "a variable that the settings name": set_variable("EDIT_BASE"),
    "a variable of our own": set_variable("GUIDE_ENGINE"),
    "the day": lambda project, monkeypatch: monkeypatch.setattr(
        clock, "today", lambda: TODAY.replace(day=2)
    ),
    "the last commit": lambda project, monkeypatch: monkeypatch.setattr(
        clock, "epoch", lambda root: 1
    ),
    "a package": lambda project, monkeypatch: monkeypatch.setattr(
        code, "installed_packages", lambda: ["other-1.0.dist-info"]
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_an_answer_is_not_found_after_a_change(guide, monkeypatch, change):
    Answers(guide).keep("check", {"said": "fine"})
    assert Answers(guide).find("check") == {"said": "fine"}
    change(guide, monkeypatch)
    assert Answers(guide).find("check") is None


@pytest.mark.parametrize("name", ["GUIDE_PROCESSES", "GUIDE_PDFS"])
def test_what_decides_nothing_changes_no_answer(guide, monkeypatch, name):
    Answers(guide).keep("check", {"said": "fine"})
    monkeypatch.setenv(name, "2")
    assert Answers(guide).find("check") == {"said": "fine"}


def test_what_is_written_meanwhile_keeps_the_answer_from_being_kept(guide):
    begun = Answers(guide)
    text = (guide / DOSING).read_text()
    (guide / DOSING).write_text(f"{text}\n")
    (guide / DOSING).write_text(text)
    begun.keep("check", {"said": "of what stood there for a moment"})
    assert Answers(guide).find("check") is None


def test_a_damaged_answer_is_none(guide):
    Answers(guide).keep("check", {"said": "fine"})
    path = guide / "build/cache/check.json"
    good = path.read_text()
    for damaged in ("", "[]", "{}", good[:-2], good.replace("fine", "fire"), '{"answer": null}'):
        path.write_text(damaged)
        assert Answers(guide).find("check") is None
    path.write_text(good)
    assert Answers(guide).find("check") == {"said": "fine"}


@pytest.mark.parametrize("wish", ["GUIDE_CACHE=off", "GUIDE_TIMES=seconds.json"])
def test_who_wants_the_work_done_gets_no_answer(guide, monkeypatch, wish):
    Answers(guide).keep("check", {"said": "fine"})
    monkeypatch.setenv(*wish.split("="))
    assert Answers(guide).find("check") is None and Answers(guide).environment == {}


def test_an_unchanged_guide_is_checked_once_and_says_the_same(guide, monkeypatch, capsys):
    done: list[bool] = []
    work = check_module._checked
    monkeypatch.setattr(
        check_module, "_checked", lambda root, each: done.append(each) or work(root, each)
    )
    assert (main(["check"]), main(["check"])) == (0, 0)
    first, second = capsys.readouterr().out.splitlines()
    assert first == second and first.startswith("No problems: ") and done == [False]
    # With a problem the same; and `--all` is a question of its own.
    mend(guide, DOSING, "kind: dosing", "kind: dosage")
    assert (main(["check"]), main(["check"]), main(["check", "--all"])) == (1, 1, 1)
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("'dosage' is not one of") == 3
    assert done == [False, False, True]


def test_an_unchanged_site_is_not_built_again(guide, monkeypatch):
    site, built = guide / "site", []

    def run(*arguments: str, environment: dict[str, str]) -> int:
        built.append(arguments)
        for folder in (site, guide / "build/docs"):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "page").write_text("as it was made")
        monkeypatch.setenv(BEGUN, environment[BEGUN])
        Answers.begun(guide).keep(BUILT, state_of_site(guide, site))
        monkeypatch.delenv(BEGUN)
        return 0

    monkeypatch.setattr(build_module, "run_mkdocs", run)
    assert (main(["build"]), main(["build"]), len(built)) == (0, 0, 1)
    # Somebody writes into what was built, or deletes it.
    (site / "page").write_text("as somebody left it")
    assert (main(["build"]), len(built)) == (0, 2)
    (guide / "build/docs/page").unlink()
    assert (main(["build"]), len(built)) == (0, 3)
    append(DOSING)(guide, monkeypatch)
    assert (main(["build"]), main(["build"]), len(built)) == (0, 0, 4)


OPENED = """
import os, sys
root, file = os.getcwd(), os.open(sys.argv.pop(1), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
def note(event, given):
    if event == "open" and isinstance(given[0], (str, bytes)):
        path = os.path.abspath(os.fsdecode(given[0]))
        if path.startswith(root + os.sep) and os.path.isfile(path):
            os.write(file, (os.path.relpath(path, root) + "\\n").encode())
sys.addaudithook(note)
import runpy
runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)
"""


@pytest.mark.site
@pytest.mark.parametrize("arguments", ["guide check", "mkdocs --quiet build --strict"])
def test_all_that_is_read_of_the_project_is_part_of_the_answer(tiny, tmp_path, arguments):
    """What is opened lies in what is compared; the rest the build made itself."""
    opened = tmp_path / "opened"
    done = subprocess.run(
        [sys.executable, "-B", "-c", OPENED, str(opened), *arguments.split()],
        cwd=tiny,
        text=True,
        capture_output=True,
        check=False,
        env={
            **os.environ,
            "PYTHONPATH": "scripts",
            "NO_MKDOCS_2_WARNING": "1",
            # Nothing found, and all in one process: everything is read.
            "GUIDE_CACHE": "off",
            "GUIDE_PROCESSES": "1",
        },
    )
    assert done.returncode == 0, done.stderr
    compared = {
        path.relative_to(tiny).as_posix()
        for path in (*answers._folders(tiny), *answers._single_files(tiny))
    } | {"scripts/guide"}
    read = set(opened.read_text().splitlines())
    assert len(read) > 100
    assert {
        name
        for name in read
        if not name.startswith(("build/", "site"))
        and not any(name == one or name.startswith(f"{one}/") for one in compared)
    } == set()


@pytest.mark.site
def test_mkdocs_keeps_the_answer_for_the_verb_that_started_it(tiny, monkeypatch):
    monkeypatch.chdir(tiny)
    monkeypatch.setenv("PYTHONPATH", "scripts")

    def build() -> str:
        done = subprocess.run(
            [sys.executable, "-B", "-X", "importtime", "-m", "guide", "build"],
            cwd=tiny,
            text=True,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stderr

    first = build()
    kept = json.loads((tiny / "build/cache/build.json").read_text())["answer"]
    assert kept == state_of_site(tiny, tiny / "site") and "The guide is in site/." in first
    second = build()
    assert "The guide is in site/." in second
    imported = {line.rpartition("|")[2].strip() for line in second.splitlines() if "|" in line}
    # Neither the engine nor the core is imported where nothing has changed.
    assert imported.isdisjoint({"mkdocs", "guide.build", "guide.content.models", "pydantic"})
    # MkDocs used directly asks nobody, and leaves the answer as it was.
    assert mkdocs(tiny, "build", "--strict").returncode == 0
