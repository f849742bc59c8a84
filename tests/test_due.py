"""What is due, as text and as a page; and the two days: the real one, and the one written into
pages.
"""

from __future__ import annotations

import datetime
import os
import re
import subprocess
import sys

import pytest
from bs4 import BeautifulSoup

from conftest import CONTENT_DAY, ROOT, TODAY, git, make_repository, mkdocs
from guide.base import clock
from guide.base.problem import ContentErrors
from guide.build import prepare
from guide.content.due import due, text
from guide.content.loading import load
from test_bad_content import mend, said

pytestmark = pytest.mark.site

TOPIC = "content/topics/examplinib-ed/topic.yml"
DAYS = datetime.timedelta(days=1)


def test_what_is_overdue_and_what_falls_due_is_listed_to_the_day(tiny):
    library = load(tiny)
    # Reviews are due 2026-12-01; approvals were looked up 2026-01-01, and so was the absence of a
    # trial.
    found = due(library, datetime.date(2026, 4, 1))
    assert [(task.kind, task.due.isoformat(), task.days) for task in found.tasks] == [
        ("approval", "2026-04-01", 0)
    ] * 4
    assert found.overdue == []
    next_day = due(library, datetime.date(2026, 4, 2))
    assert len(next_day.overdue) == 4 and next_day.ahead == []
    assert [task.kind for task in due(library, datetime.date(2026, 12, 1) - 90 * DAYS).ahead] == [
        "review"
    ]
    assert due(library, datetime.date(2026, 12, 1) - 91 * DAYS).ahead == []
    last = due(library, datetime.date(2027, 1, 3))
    assert {
        (task.kind, task.record, task.days) for task in last.overdue if task.kind != "approval"
    } == {("review", "examplinib-ed", -33), ("absence", "examplinib-no-trial", -1)}


def test_weak_sources_one_sided_facts_and_old_claims(tiny):
    mend(
        tiny,
        "content/medicines/examplinib/dosing.yml",
        "sources: [made-up-label]",
        "sources: [made-up-label, made-up-paper]",
    )
    sources = (tiny / "content/sources.yml").read_text()
    assert "made-up-label" in sources and "made-up-paper" in sources
    head, label, rest = sources.partition("  - id: made-up-label")
    (tiny / "content/sources.yml").write_text(
        head + label + rest.replace("primary: true", "primary: true\n    read_in: copy", 1)
    )
    mend(
        tiny,
        "content/medicines/examplinib/dosing.yml",
        "    patient: In the United States the dose for other disease is {dose} once a day.\n",
        "    clinician_only: A dose for another disease would be mistaken for one.\n",
    )
    library = load(tiny)
    found = due(library, TODAY)
    weak = {one.id: one for one in found.weak}
    resting = [record for record in library.records.values() if "made-up-label" in record.sources]
    assert weak["made-up-label"].how == "read in a copy" and weak["made-up-label"].facts == len(
        resting
    )
    # The dose rests on the paper, too, which was read itself.
    assert weak["made-up-label"].alone == len(resting) - 1
    assert [(one.record, one.why) for one in found.one_sided] == [
        ("examplinib-dose-us", "A dose for another disease would be mistaken for one.")
    ]
    claims = {claim.claim: claim.day for claim in found.claims}
    assert claims and set(claims.values()) == {
        min(
            library.records[fact].as_of or datetime.date.max
            for file in library.claims.values()
            for claim in file.claims
            for fact in claim.facts
        )
    }
    said_so = text(found)
    assert (
        "Overdue: 4\n  2026-04-01 (61 days overdue), approvals to look up again: 4\n   "
        " examplinib-ed-ema: examplinib, example disease, EMA" in said_so
    )
    assert (
        f"  made-up-label (read in a copy): {len(resting)} facts rest on it, {len(resting) - 1} of"
        " them on nothing better" in said_so
    )


def test_the_verb_is_red_when_something_is_overdue(tiny):
    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "guide", "due", *arguments],
            cwd=tiny,
            env={**os.environ, "PYTHONPATH": "scripts"},
            text=True,
            capture_output=True,
            check=False,
        )

    assert run("--on", "2026-03-01").returncode == 0
    late = run("--on", "2027-01-03")
    assert late.returncode == 1 and "examplinib-ed: Examplinib in example disease" in late.stdout
    assert run("--on", "soon").returncode == 2
    mend(tiny, TOPIC, "medicine: examplinib", "medicines: examplinib")
    broken = run()
    assert (
        broken.returncode == 1
        and "unknown key 'medicines'" in broken.stderr
        and "Traceback" not in broken.stderr
    )


def test_the_page_says_the_same(site):
    """Every task, source and fact of the answer stands on the page, and every number names its
    record.
    """
    page = BeautifulSoup(
        (site / "about" / "due" / "index.html").read_text(encoding="utf-8"), "html5lib"
    ).article
    found = due(load(ROOT), CONTENT_DAY)
    shown = {element["data-record"] for element in page.select("li[data-record], div[data-record]")}
    assert shown >= {task.record for task in found.tasks} | {one.id for one in found.weak} | {
        one.record for one in found.one_sided
    }
    assert "claims" in page.find(id="claims").find_next("ul").get_text()
    source = found.weak[0]
    assert (
        f"Facts that rest on it: {source.facts}; on nothing better: {source.alone}."
        in page.select_one(f'[data-record="{source.id}"]').get_text()
    )


def test_pages_take_the_day_of_the_commit(tiny, tmp_path, monkeypatch):
    monkeypatch.delenv("GUIDE_TODAY")
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    # Outside git there is no commit, and in another project's folder that project's commits say
    # nothing.
    assert clock.page_date(tiny) == clock.today() and clock.epoch(tiny) is None
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-02-03T23:30:00+00:00")
    make_repository(tiny, tmp_path / "remote.git")
    assert clock.page_date(tiny) == datetime.date(2026, 2, 3)
    assert clock.epoch(tiny / "content") is None
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    assert clock.page_date(tiny) == datetime.date(2026, 1, 1)
    monkeypatch.setenv("GUIDE_TODAY", "2026-03-04")
    assert clock.page_date(tiny) == datetime.date(2026, 3, 4) and clock.epoch(tiny) == 1767225600
    assert clock.today() == datetime.date.today()
    monkeypatch.setenv("GUIDE_TODAY", "4 March")
    with pytest.raises(
        ContentErrors,
        match=re.escape(
            "the environment, GUIDE_TODAY: '4 March' is not a day of the calendar: write it as"
            " YYYY-MM-DD"
        ),
    ):
        clock.page_date(tiny)


def test_an_overdue_review_stops_a_publication_and_turns_a_rebuild(tiny):
    late = datetime.date(2026, 12, 2)
    with pytest.raises(ContentErrors, match=r"review\.next_review: 2026-12-01 is past"):
        prepare(tiny, late)
    shown = '<p class="review__overdue"><strong>Out of date.</strong>'
    topic_pages = [page for page in prepare(tiny, late, rebuild=True).pages if page.topic]
    assert topic_pages and all(
        shown in page.markdown for page in topic_pages if "review__overdue" in page.markdown
    )
    # Judged by the real day, written for the day of the commit: the page itself turns by its
    # script.
    assert not any(
        shown in page.markdown
        for page in prepare(tiny, TODAY, page_date=datetime.date(2026, 11, 30)).pages
    )


# What holds or lists every page, and the page that gives the size of it.
COPIES = {"sw.js", "guide.zip", "assets/offline.json", "about/offline/index.html"}


def test_the_same_commit_gives_the_same_bytes_on_another_day(tiny, tmp_path, monkeypatch):
    """Two real builds of one commit, the second with the machine's files and folders of another
    age; a rebuild for a later day differs in what turned and in nothing else.
    """
    monkeypatch.delenv("GUIDE_TODAY")
    from conftest import make_current

    make_current(tiny)
    make_repository(tiny, tmp_path / "remote.git")
    git(
        tiny,
        "-c",
        "user.name=T",
        "commit",
        "-q",
        "--amend",
        "--no-edit",
        "--date=2026-11-01T00:00:00",
    )

    def build(project):
        done = mkdocs(project, "build", "--strict")
        assert done.returncode == 0, said(done)
        return {
            path.relative_to(project / "site").as_posix(): path.read_bytes()
            for path in (project / "site").rglob("*")
            if path.is_file()
        }

    one = build(tiny)
    other = tmp_path / "elsewhere" / "other"
    git(tmp_path, "clone", "-q", str(tiny), str(other))
    for path in other.rglob("*"):
        if ".git" not in path.parts:
            os.utime(path, (1, 1))
    two = build(other)
    assert {name for name in one.keys() | two.keys() if one.get(name) != two.get(name)} == set()
    monkeypatch.setenv("GUIDE_TODAY", (datetime.date.today() + 201 * DAYS).isoformat())
    later = build(tiny)
    turned = {name for name in one.keys() | later.keys() if one.get(name) != later.get(name)}
    assert (
        turned
        and turned
        <= {
            name
            for name in one
            if name.startswith(("examplinib-ed/", "example-disease/", "about/due/"))
        }
        | {name for name in one.keys() | later.keys() if name.startswith("assets/search")}
        | COPIES
    )
