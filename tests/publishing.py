"""A made-up guide that was published, with a quick build, for the tests of publishing.

`conftest.py` names this module as a plugin, so its fixtures are there for every test file.
"""

from __future__ import annotations

import datetime
import html
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import ROOT, git, make_current, make_project, make_repository
from guide.base import git as repositories
from guide.content.ledger import clinical_values, ledger_bytes
from guide.content.loading import load
from guide.outputs.policy import secured
from guide.publish import publication, state, workshop
from test_bad_content import DOSING, mend

DAY = datetime.date.today()
ADDRESS = "https://guide.example/"
TAG = f"published-{DAY.isoformat()}"
LOGGED = f"""  - date: {DAY.isoformat()}
    kind: clinical
    record: examplinib-dose-us
    field: values.dose
    old: 2 mg
    new: 3 mg
    what: The dose is higher.
    reason: The label changed.
"""


def quick_build(
    folder: Path, rebuild_for: datetime.date | None = None
) -> subprocess.CompletedProcess[str]:
    """A site as a build leaves it: a page a record, the files of docs/, and the facts. Overdue
    topics say so when built for a later day.
    """
    library = load(folder)
    pages = {
        f"{record}/index.html": f'<p data-record="{record}">{html.escape(str(values))}</p>'
        for record, values in clinical_values(library).items()
    }
    for topic in library.topics.values():
        pages[f"{topic.id}/index.html"] = (
            "<p>Out of date.</p>"
            if rebuild_for and rebuild_for > topic.review.next_review
            else "<p>In date.</p>"
        )
    pages |= {"index.html": "<p>The guide.</p>"}
    address = os.environ.get("SITE_URL")
    for path in sorted((folder / "docs").rglob("*")):
        name = path.relative_to(folder / "docs")
        if path.is_file() and path.suffix != ".md" and name.parts[0] != "assets":
            (folder / "site" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, folder / "site" / name)
    for name, body in pages.items():
        path = folder / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        # No real page has the address of a record: the ledger of addresses shall not know it.
        mark = '<meta name="guide-old-address" content="">' if "data-record" in body else ""
        at = f"{address}{name.removesuffix('index.html')}"
        canonical = f'<link rel="canonical" href="{at}">' if address else ""
        path.write_text(
            secured(
                f'<html><head><meta charset="utf-8">{mark}{canonical}</head>'
                f"<body><article>{body}</article></body></html>\n"
            ),
            encoding="utf-8",
        )
    (folder / "site" / "published.json").write_bytes(ledger_bytes(library))
    return subprocess.CompletedProcess([], 0, "", "")


@pytest.fixture
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GUIDE_TODAY", "SOURCE_DATE_EPOCH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SITE_URL", ADDRESS)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was published once, and its remote beside it; tests work on copies."""
    place = tmp_path_factory.mktemp("pattern")
    project = make_project(place / "guide", ROOT / "tests" / "tiny" / "content")
    # The pictures and scripts of the real pages play no part here and would be copied for every
    # test.
    shutil.rmtree(project / "docs" / "assets")
    make_current(project)
    make_repository(project, place / "remote.git")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SITE_URL", ADDRESS)
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        patch.setattr(workshop, "build_site", quick_build)
        assert publication.publish(project, DAY, say=lambda _: None) == 0
    return place


@pytest.fixture
def guide(pattern: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the published project; its remote is `remote.git` beside it."""
    monkeypatch.setattr(workshop, "build_site", quick_build)
    return copy_of(pattern, tmp_path)


def copy_of(pattern: Path, place: Path) -> Path:
    shutil.copytree(pattern, place, dirs_exist_ok=True)
    git(place / "guide", "remote", "set-url", "origin", str(place / "remote.git"))
    return place / "guide"


def remote_of(project: Path) -> Path:
    return project.parent / "remote.git"


def refs(folder: Path) -> dict[str, str]:
    return dict(
        reversed(line.split(" "))
        for line in git(folder, "for-each-ref", "--format=%(objectname) %(refname)").splitlines()
    )


def everything(project: Path) -> tuple[dict[str, str], dict[str, str], str, str]:
    return (
        refs(remote_of(project)),
        refs(project),
        git(project, "rev-parse", "HEAD"),
        git(project, "status", "--porcelain"),
    )


def on_the_branch(project: Path, files: dict[str, str | None], message: str = "By hand") -> None:
    """Commits files to the published branch itself, as somebody does by hand; None deletes one."""
    other = project.parent / "by-hand"
    if not other.is_dir():
        git(project.parent, "clone", "-q", "-b", "gh-pages", str(remote_of(project)), str(other))
    git(other, "pull", "-q")
    for name, text in files.items():
        path = other / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            path.unlink()
        else:
            path.write_text(text, encoding="utf-8")
    commit(other, message)
    git(other, "push", "-q", "origin", "gh-pages")


def commit(project: Path, message: str = "An edit") -> None:
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", message)


ANSWERS = "content/topics/examplinib-ed/answers.yml"


def read_answers_again(project: Path, fact: str = "examplinib-dose-us") -> None:
    """Dates the answers that rest on a fact to today, as somebody who has read them beside it."""
    path = project / ANSWERS
    text, count = re.subn(
        rf"(facts: \[{fact}\]\n    checked: )\S+", rf"\g<1>{DAY}", path.read_text(encoding="utf-8")
    )
    assert count == 2
    path.write_text(text, encoding="utf-8")


def change_the_dose(project: Path, logged: bool = True, read: bool = True) -> None:
    mend(project, DOSING, "{value: 2, unit: mg}", "{value: 3, unit: mg}")
    mend(project, DOSING, "proof: 2 mg", "proof: 3 mg")
    if logged:
        path = project / "content" / "changes.yml"
        path.write_text(path.read_text(encoding="utf-8") + LOGGED, encoding="utf-8")
    if logged and read:
        read_answers_again(project)


def run(
    project: Path, verb: Callable[..., int] = publication.publish, **options: object
) -> tuple[int, str]:
    lines: list[str] = []
    status = verb(project, DAY, say=lines.append, **options)
    return status, "\n".join(lines)


def another_dose(project: Path, name: str) -> str:
    """The file of doses with one fact like the first, of another section and in other words."""
    text = (
        (project / DOSING)
        .read_text()
        .replace("examplinib-dose-us", name)
        .replace("locator: section 2", "locator: section 9")
    )
    return text.replace("patient: ", "patient: Once more, ").replace(
        "clinician: ", "clinician: Once more, "
    )


def whole(project: Path) -> str:
    """Asserts that what is published is of one piece; returns the published commit's tag."""
    there = refs(remote_of(project))
    bare = remote_of(project)
    shown = state.read_published(repositories.Repository(bare), there["refs/heads/gh-pages"])
    ledger = json.loads(git(bare, "show", "main:content/ledger.json"))
    assert ledger == shown.facts
    assert git(bare, "rev-parse", f"{shown.tag}^{{commit}}") == shown.source
    assert json.loads(git(bare, "show", f"{shown.source}:content/ledger.json")) == shown.facts
    assert git(bare, "merge-base", "--is-ancestor", shown.source, "main") == ""
    assert set(shown.facts) == {
        path.split("/")[0]
        for path in git(bare, "ls-tree", "-r", "--name-only", "gh-pages").splitlines()
        if path.count("/") == 1 and path.endswith("/index.html")
    } - {"examplinib-ed"}
    dose = shown.facts["examplinib-dose-us"]["values.dose"]
    assert f"{dose}" in git(bare, "show", "gh-pages:examplinib-dose-us/index.html")
    return shown.tag


def write_program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)
