"""The benchmark: the guides it makes hold, its edit is one value, and its table says what was
measured.
"""

from __future__ import annotations

import json

import pytest

import synthesis
from benchmark.editing import edit
from benchmark.measuring import measured
from benchmark.report import MARKS, report, write_report
from benchmark.run import Run
from conftest import ROOT, TODAY
from guide.checks.run import check_content
from guide.content.loading import load

pytestmark = pytest.mark.site


@pytest.fixture(scope="module")
def six(tmp_path_factory):
    project = tmp_path_factory.mktemp("bench") / "guide"
    assert synthesis.write(ROOT, project, 5) == 6
    return project


@pytest.mark.night
def test_a_made_guide_is_as_many_worlds_as_it_takes_and_each_is_the_real_one_under_other_names(six):
    real, made = load(ROOT), load(six)
    check_content(made, six, TODAY)  # raises with what is wrong
    assert len(made.topics) == 2 * len(real.topics) and len(made.conditions) == 2 * len(
        real.conditions
    )
    for shelf in ("records", "sources", "trials", "medicines", "guidelines"):
        assert len(getattr(made, shelf)) == 2 * len(getattr(real, shelf)), shelf
    # No name of one world is a name of the other, and no topic reads of the other's medicine.
    for names in (
        [topic.title for topic in made.topics.values()],
        [condition.name for condition in made.conditions.values()],
    ):
        assert len(set(names)) == len(names), names
    assert all(
        topic.medicine in made.medicines_with_approvals[topic.condition]
        for topic in made.topics.values()
    )
    worlds = [
        set(made.medicines_with_approvals[condition])
        for condition in dict.fromkeys(topic.condition for topic in made.topics.values())
    ]
    assert len(worlds) == 2 and not worlds[0] & worlds[1]


@pytest.mark.night
def test_the_edit_changes_one_value_of_one_file_and_names_the_page_that_shows_it(six):
    before = {path: path.read_text(encoding="utf-8") for path in (six / "content").rglob("*.yml")}
    for word in ("one", "two"):
        page, holds = edit(six, word)
        changed = [
            path for path, text in before.items() if path.read_text(encoding="utf-8") != text
        ]
        assert (
            len(changed) == 1
            and holds == f"Now {word}: "
            and changed[0].read_text(encoding="utf-8").count("Now ") == 1
        )
        assert page == six / "site" / changed[0].parent.name / "clinicians" / "index.html"
    load(six)


RESULTS = {
    "machine": {"cores": 2, "memory": 24, "system": "Linux", "python": "3.11"},
    "9": {
        "ours, cold": {
            "wall": 50.0,
            "cpu": 80.0,
            "memory": 400.0,
            "output": 100.0,
            "pages": 100,
            "own part": 20.0,
            "engine": 20.0,
            "PDFs": 10.0,
            "index_first": 13.0,
            "index_part": None,
        },
        "ours, one edit": {"wall": 4.0, "cpu": 4.0, "memory": 100.0, "own part": 2.0},
        "mkdocs": {
            "wall": 40.0,
            "cpu": 40.0,
            "memory": 200.0,
            "output": 90.0,
            "pages": 100,
            "index": 700.0,
        },
    },
    "99": {
        "ours, cold": {
            "wall": 500.0,
            "cpu": 800.0,
            "memory": 800.0,
            "output": 1000.0,
            "pages": 1000,
            "own part": 210.0,
            "engine": 190.0,
            "PDFs": 100.0,
            "index_first": 30.0,
            "index_part": 99.0,
        },
        "mkdocs": {"failed": "mkdocs build: stopped after 60 s\nmore"},
    },
}


def test_the_table_holds_what_was_measured_and_says_what_failed(tmp_path):
    text = report(RESULTS)
    assert (
        "| ours, cold | 50.0 s wall, 80.0 s CPU, 400 MiB, 100 MB | 500.0 s wall, 800.0 s CPU,"
        " 800 MiB, 1000 MB |" in text
    )
    assert (
        "| MkDocs 1.6.1 + Material 9.8.1, same Markdown | 40.0 s wall, 40.0 s CPU, 200 MiB, 90 MB |"
        " failed:"
        " mkdocs build: stopped after 60 s |" in text
    )
    assert (
        "| processor time, ours cold : MkDocs (≤ 1.0 at 3 topics, ≤ 0.7 at 27) | 2.000 | – |"
        in text
        and "| wall time, ours cold : MkDocs (≤ 0.5) | 1.250 | – |" in text
        and "| wall time, one edit : ours cold (≤ 0.08) | 0.080 | – |" in text
    )
    assert "| wall time, ours cold without PDFs : MkDocs, which makes none | 1.000 | – |" in text
    assert (
        "| wall time, own part (load, check, view, render) : ours cold (≤ 0.2) | 0.400 | 0.420 |"
        in text
    )
    assert (
        "ours, cold: 1.00, 0.30;" in text
        and "Zensical 0.0.73 --clean, same Markdown: –, –." in text
    )
    page = tmp_path / "SCALE.md"
    page.write_text(f"before\n{MARKS[0]}\nold\n{MARKS[1]}\nafter\n", encoding="utf-8")
    write_report(RESULTS, page)
    write_report(RESULTS, page)
    assert page.read_text(encoding="utf-8") == f"before\n{MARKS[0]}\n{text}\n{MARKS[1]}\nafter\n"


def test_a_step_that_fails_is_kept_and_the_run_goes_on(tmp_path):
    run = Run(tmp_path / "work", tmp_path, 5)

    def fails():
        measured(["sh", "-c", "echo broken >&2; exit 3"], tmp_path, 5)

    run.step("9", "breaks", fails)
    run.step("9", "works", lambda: measured(["sh", "-c", "sleep 0.4"], tmp_path, 5))
    kept = json.loads((tmp_path / "work" / "results.json").read_text())["9"]
    assert "broken" in kept["breaks"]["failed"] and kept["works"].keys() == {
        "wall",
        "cpu",
        "memory",
    }
    again = Run(tmp_path / "work", tmp_path, 5)
    again.step("9", "works", fails)
    assert again.results["9"]["works"] == kept["works"]
