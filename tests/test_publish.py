"""Publishing: each reason not to, what readers would see change, and that nothing can die half way.

Most tests swap the engine's build for a quick one (a page a record); the last ones run the verbs as
they are.
"""

from __future__ import annotations

import datetime
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import ROOT, git, make_current, make_project, make_repository, mkdocs
from guide.base import git as repositories
from guide.build import prepare
from guide.commands.main import main
from guide.content.ledger import ledger_bytes
from guide.content.loading import load
from guide.publish import publication, push, state, workshop
from guide.publish.gates import GATES, SITE_GATES
from guide.publish.gh_deploy import after_gh_deploy_build, before_gh_deploy
from guide.publish.rebuild import rebuild
from guide.publish.rollback import roll_back
from kill_at import count_events
from publishing import (
    ADDRESS,
    ANSWERS,
    DAY,
    LOGGED,
    TAG,
    another_dose,
    change_the_dose,
    commit,
    copy_of,
    everything,
    on_the_branch,
    quick_build,
    refs,
    remote_of,
    run,
    whole,
    write_program,
)
from test_bad_content import DOSING, mend, said

pytestmark = [pytest.mark.site, pytest.mark.usefixtures("plain_environment")]

# How often the long tests kill a run; KILLS=all in the environment makes it many more.
KILLS = 30 if os.environ.get("KILLS") == "all" else 2
# -- refusals -----------------------------------------------------------------------------------


def dirty(project):
    mend(project, "README.md", "", "edited")


def untracked(project):
    mend(
        project,
        "content/medicines/examplinib/more.yml",
        "",
        another_dose(project, "examplinib-dose-us-again"),
    )


def ignored(project):
    (project / ".git" / "info" / "exclude").write_text("*.txt\n")
    mend(project, "docs/hidden.txt", "", "a draft")


def hidden_from_git(project):
    git(project, "update-index", "--assume-unchanged", DOSING)
    mend(project, DOSING, "once daily.", "once daily, indeed.")


def broken(project):
    mend(project, DOSING, "kind: dosing", "kind: dosage")
    commit(project)


def rule_broken(project):
    mend(project, DOSING, "{value: 2, unit: mg}", "{value: 4, unit: mg}")
    path = project / "content" / "changes.yml"
    path.write_text(
        path.read_text(encoding="utf-8") + LOGGED.replace("3 mg", "4 mg"), encoding="utf-8"
    )
    commit(project)


def id_gone(project):
    # The table of doses rests on it.
    (project / "content/medicines/examplinib/doses.yml").unlink()
    for file in (DOSING, ANSWERS):
        path = project / file
        path.write_text(path.read_text().replace("examplinib-dose-us", "examplinib-dose-usa"))
    commit(project)


def answer_not_read(project):
    change_the_dose(project, read=False)
    commit(project)


def overdue(project):
    path = project / "content/topics/examplinib-ed/topic.yml"
    date = DAY + datetime.timedelta(days=200)
    yesterday, before = DAY - datetime.timedelta(days=1), DAY - datetime.timedelta(days=200)
    text = path.read_text().replace(f"next_review: {date}", f"next_review: {yesterday}")
    path.write_text(
        text.replace(
            f"evidence_searched_to: {DAY - datetime.timedelta(days=30)}",
            f"evidence_searched_to: {before}",
        )
    )
    commit(project)


def unlogged(project):
    change_the_dose(project, logged=False)
    commit(project)


def somebody_pushed(project):
    other = project.parent / "other"
    git(project.parent, "clone", "-q", str(remote_of(project)), str(other))
    mend(other, "docs/index.md", "title:", "order: 1\ntitle:")
    commit(other, "Somebody else's commit")
    git(other, "push", "-q", "origin", "main")


def somebody_published_elsewhere(project):
    """Readers are shown a commit that is in no branch of ours."""
    other = project.parent / "other"
    git(project.parent, "clone", "-q", str(remote_of(project)), str(other))
    git(other, "switch", "-q", "-c", "side")
    mend(other, "docs/index.md", "title:", "order: 1\ntitle:")
    commit(other, "A side branch")
    side = git(other, "rev-parse", "HEAD")
    tree = git(other, "rev-parse", "origin/gh-pages^{tree}")
    made = git(
        other,
        "commit-tree",
        tree,
        "-p",
        "origin/gh-pages",
        "-m",
        f"Published\n\nPublication: published-2026-01-01\nSource: {side}",
    )
    git(other, "push", "-q", "origin", "side", f"{made}:refs/heads/gh-pages")


def remote_gone(project):
    shutil.rmtree(remote_of(project))


def no_remote(project):
    git(project, "remote", "remove", "origin")


def no_address(project):
    """SITE_URL is not set, and was."""
    os.environ.pop("SITE_URL")


def put_by_hand(project):
    """Somebody commits a file to the published branch itself."""
    on_the_branch(project, {"robots.txt": "User-agent: *\n"})


def detached(project):
    git(project, "checkout", "-q", "--detach")


def nobody(project):
    git(project, "config", "--unset", "user.name")
    git(project, "config", "--unset", "user.email")
    git(project, "config", "user.useConfigOnly", "true")


# (name, the damage, gate, what its lines must say; {} is a commit)
REFUSED = [
    (
        "a changed file",
        dirty,
        "tree-is-clean",
        ["README.md: is in no commit: commit it, or put it away"],
    ),
    (
        "an untracked content file",
        untracked,
        "tree-is-clean",
        ["content/medicines/examplinib/more.yml: is in no commit: commit it, or put it away"],
    ),
    (
        "an ignored file that a build reads",
        ignored,
        "tree-is-clean",
        [
            "docs/hidden.txt: is ignored by git and would be published all the same: commit it, or"
            " put it away"
        ],
    ),
    (
        "a file hidden from git",
        hidden_from_git,
        "tree-is-clean",
        [
            f"{DOSING}: is marked so that git does not look at its changes (git update-index"
            " --no-assume-unchanged --no-skip-worktree): commit it, or put it away"
        ],
    ),
    (
        "content that does not load",
        broken,
        "check-passes",
        [
            f"{DOSING}:3: statements[0].kind: 'dosage' is not one of",
            (
                "content: it does not load, so that ids, reviews and the change log could not be"
                " looked at"
            ),
        ],
    ),
    (
        "a broken rule",
        rule_broken,
        "check-passes",
        [
            f"{DOSING}:7: values.dose: 4 mg is not in the proof '2 mg once daily': read the source"
            " again, then change the number, or 'proof' to the source's own words"
        ],
    ),
    (
        "an answer not read again",
        answer_not_read,
        "check-passes",
        [
            f"{ANSWERS}:46: the answer to 'dosing' was checked on"
            f" {DAY - datetime.timedelta(days=30)}, and 'examplinib-dose-us', which it rests on,"
            f" changed on {DAY}: read it again beside its facts"
        ],
    ),
    (
        "an id that vanishes",
        id_gone,
        "ids-stay",
        [
            "content: the id 'examplinib-dose-us' was published and is gone (nearest:"
            " 'examplinib-dose-usa'): put it back, or log the removal in content/changes.yml"
        ],
    ),
    (
        "an overdue review",
        overdue,
        "no-review-is-overdue",
        [
            "content/topics/examplinib-ed/topic.yml:11: review.next_review:"
            f" {DAY - datetime.timedelta(days=1)} is past: search the evidence again"
        ],
    ),
    (
        "an unlogged change",
        unlogged,
        "changes-are-logged",
        [
            f"{DOSING}:7: examplinib-dose-us: values.dose was '2 mg' when last published and is '3"
            " mg': put it back, or log it"
        ],
    ),
    (
        "a remote branch that moved",
        somebody_pushed,
        "remote-has-not-moved",
        [
            "git: 'origin/main' has moved to ",
            "which is not in your branch: 'git pull --rebase', look again, publish then",
        ],
    ),
    (
        "somebody else's publication",
        somebody_published_elsewhere,
        "remote-has-not-moved",
        [
            "(published-2026-01-01), which is not in your branch: publishing would undo it; merge"
            " it first"
        ],
    ),
    (
        "a remote that is gone",
        remote_gone,
        "place-is-set",
        ["git: the remote 'origin' does not answer, so what is published is not known: "],
    ),
    (
        "no remote",
        no_remote,
        "place-is-set",
        ["there is no remote 'origin': add it with 'git remote add origin ADDRESS'"],
    ),
    (
        "no branch",
        detached,
        "place-is-set",
        ["git: HEAD is on no branch: 'git switch' to the branch you publish from"],
    ),
    (
        "no name",
        nobody,
        "place-is-set",
        ["git: git does not know who publishes: 'git config user.name NAME'"],
    ),
    (
        "no address where there was one",
        no_address,
        "address-stays",
        [
            f"{ADDRESS}: the site is published at this address and would have no address, because"
            " SITE_URL is not set.",
            f"set SITE_URL={ADDRESS}, or publish without it: ./scripts/publish --let-go {ADDRESS}",
        ],
    ),
    (
        "files that somebody put on the branch",
        put_by_hand,
        "nothing-is-lost",
        [
            "robots.txt: it was put on the published branch by hand and would be gone: copy it to"
            " docs/, or publish without it: ./scripts/publish --let-go robots.txt"
        ],
    ),
]


@pytest.mark.parametrize("name, damage, gate, expected", REFUSED, ids=[case[0] for case in REFUSED])
def test_a_publication_is_refused_with_the_reason(guide, name, damage, gate, expected):
    """By ./scripts/publish, its dry run and plain gh-deploy alike; nothing moves, here or there."""
    damage(guide)
    there = remote_of(guide).is_dir()
    before = everything(guide) if there else refs(guide)
    status, text = run(guide)
    assert status == 1
    refused = text[text.index("Refused:") :]
    assert f"\n[{gate}]\n" in refused and refused.endswith("Nothing is published.")
    for line in expected:
        assert line in refused
    other_gates = {gate for gate, _ in [*GATES, *SITE_GATES] if f"[{gate}]" in refused} - {gate}
    assert (
        other_gates <= {"remote-has-not-moved"}
        if name == "somebody else's publication"
        else not other_gates
    ), refused
    dry, would = run(guide, dry_run=True)
    assert dry == 1 and f"\n[{gate}]\n" in would[would.index("Would be refused:") :]
    if gate in {name for name, _ in SITE_GATES}:
        assert quick_build(guide).returncode == 0
        deploy = after_gh_deploy_build(guide, guide / "site", "origin", "gh-pages")
    else:
        deploy = before_gh_deploy(guide, "origin", "gh-pages")
    assert f"[{gate}]\n" in deploy and all(line in deploy for line in expected)
    assert (everything(guide) if there else refs(guide)) == before


def test_the_day_cannot_be_lent_to_a_publication(guide, monkeypatch):
    monkeypatch.setenv("GUIDE_TODAY", "2026-01-01")
    assert "the environment, GUIDE_TODAY: it is set" in run(guide)[1]


def gates_of(text: str) -> list[str]:
    return [
        line[1:-1] for line in text[text.index("efused:") :].splitlines() if line.startswith("[")
    ]


def test_every_reason_comes_at_once(guide, monkeypatch):
    """Git's reasons before anything is built, all of them; then the rest, all of them; a dry run
    tells all together.
    """
    overdue(guide)
    unlogged(guide)
    mend(guide, "content/topics/examplinib-ed/claims.yml", "id: ", "id: new-")
    mend(
        guide,
        "content/medicines/otherinib/medicine.yml",
        "line: after another medicine",
        "line: after 2 medicines",
    )
    commit(guide)
    somebody_pushed(guide)
    dirty(guide)
    of_git, of_content = (
        ["remote-has-not-moved", "tree-is-clean"],
        ["changes-are-logged", "check-passes", "ids-stay", "no-review-is-overdue"],
    )
    would, text = run(guide, dry_run=True)
    assert would == 1 and gates_of(text) == sorted([*of_content, *of_git])
    with monkeypatch.context() as patch:
        patch.setattr(
            state,
            "prepare",
            lambda *_: pytest.fail("the content is checked though git refuses already"),
        )
        status, text = run(guide)
    assert status == 1 and gates_of(text) == of_git
    assert text.startswith(
        "Asked git only: the content is checked and built once this is mended, and that may find"
        " more.\nRefused:\n"
    )
    (guide / "README.md").unlink()
    git(guide, "pull", "-q", "--rebase", "origin", "main")
    status, text = run(guide)
    assert status == 1 and gates_of(text) == of_content
    assert text.startswith(
        "Checking the content and building the site; this takes about two minutes …\n"
    )
    assert refs(remote_of(guide))["refs/heads/gh-pages"] == git(
        guide, "rev-parse", "origin/gh-pages"
    )


def test_before_the_first_publication_the_ledger_says_what_changes(guide):
    """No published branch, but a ledger: readers were shown something before, and what differs from
    it is told.
    """
    git(remote_of(guide), "update-ref", "-d", "refs/heads/gh-pages")
    change_the_dose(guide)
    commit(guide)
    status, text = run(guide, dry_run=True)
    assert status == 0, text
    assert "readers would see everything for the first time.\n" in text
    assert (
        """Against content/ledger.json, which says what readers were last shown:
Doses and limits:
  examplinib-dose-us (dosing, US, OD)
    values.dose: 2 mg -> 3 mg
      why: The label changed.
Pages: """
        in text
    )
    git(guide, "rm", "-q", "content/ledger.json")
    commit(guide)
    status, text = run(guide, dry_run=True)
    assert (
        status == 0
        and "for the first time.\nFacts: " in text
        and " new.\nPages: " in text
        and "ledger.json, which" not in text
    )


def test_a_removal_that_is_logged_is_no_loss(guide):
    (guide / DOSING).unlink()
    path = guide / "content" / "changes.yml"
    path.write_text(
        path.read_text(encoding="utf-8")
        + LOGGED.replace("values.dose", "record")
        .replace("2 mg", "published")
        .replace("3 mg", "removed"),
        encoding="utf-8",
    )
    commit(guide)
    _, text = run(guide, dry_run=True)
    assert "[ids-stay]" not in text and "[changes-are-logged]" not in text
    assert "examplinib-dose-us (dosing, US, OD): REMOVED\n    jurisdiction: US\n" in text


def test_a_site_that_fails_its_checks_is_refused(guide, monkeypatch):
    def bad_build(folder, rebuild_for=None):
        done = quick_build(folder, rebuild_for)
        (folder / "site" / "index.html").write_text(
            "<html><body><article><p>Take 4 mg.</p></article></body></html>"
        )
        return done

    monkeypatch.setattr(workshop, "build_site", bad_build)
    before = everything(guide)
    status, text = run(guide)
    assert (
        status == 1
        and "[site-is-sound]\nsite/index.html: '4' stands in no element that names its record"
        in text
    )
    monkeypatch.setattr(
        workshop,
        "build_site",
        lambda folder, rebuild_for=None: subprocess.CompletedProcess(
            [], 1, "", "WARNING -  a page is not in the nav\n"
        ),
    )
    status, text = run(guide)
    assert status == 1 and "[site-is-sound]\nthe build: WARNING -  a page is not in the nav" in text
    assert everything(guide) == before


def test_each_gate_has_a_case_and_a_reason():
    tried = {case[2] for case in REFUSED} | {"site-is-sound", "what-was-taken-back-stays-back"}
    assert {name for name, _ in [*GATES, *SITE_GATES]} == tried
    for name, gate in [*GATES, *SITE_GATES]:
        assert len(gate.__doc__ or "") > 30, name


def test_contributing_lists_the_gates_and_the_options_there_are(capsys):
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text[text.index("## Publish") :]
    assert re.findall(r"^\| `([a-z-]+)` \|", section, re.M) == [
        name for name, _ in [*GATES, *SITE_GATES]
    ]
    assert main(["publish", "--help"]) == 0
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help", "--atomic"}
    assert options == {
        "--dry-run",
        "--roll-back",
        "--rebuild",
        "--let-go",
        "--hand-over",
        "--remote",
        "--pages",
    }
    assert all(option in section for option in options)


# -- dry run, publication, roll-back ------------------------------------------------------------


def test_a_dry_run_shows_what_readers_would_see_and_touches_nothing(guide):
    change_the_dose(guide)
    approvals = "content/medicines/otherinib/medicine.yml"
    mend(guide, approvals, "line: after another medicine", "line: after two other medicines")
    mend(
        guide,
        "content/medicines/examplinib/safety.yml",
        "",
        (guide / "content/medicines/examplinib/safety.yml").read_text()
        + another_dose(guide, "examplinib-dose-us-more").split("statements:\n")[1],
    )
    commit(guide)
    before, objects = everything(guide), git(guide, "count-objects", "-v")
    status, text = run(guide, dry_run=True)
    assert status == 1 and "otherinib-ed-fda: line was 'after another medicine'" in text
    shown = text[: text.index("Would be refused")]
    published = git(guide, "rev-parse", "origin/gh-pages")
    assert (
        shown.strip()
        == f"""Checking the content and building the site; this takes about two minutes …
Against what readers are shown now ({TAG}, {published[:10]}):
Approvals:
  otherinib-ed-fda (FDA)
    line: after another medicine -> after two other medicines
      NOT LOGGED in content/changes.yml
Doses and limits:
  examplinib-dose-us (dosing, US, OD)
    values.dose: 2 mg -> 3 mg
      why: The label changed.
  examplinib-dose-us-more (dosing, US, OD): new
    jurisdiction: US
    kind: dosing
    population: OD
    values.dose: 3 mg
Pages: not compared, because the site could not be built."""
    )
    git(guide, "revert", "--no-edit", "-n", "HEAD")
    change_the_dose(guide)
    mend(
        guide,
        "content/medicines/examplinib/safety.yml",
        "",
        (guide / "content/medicines/examplinib/safety.yml").read_text()
        + another_dose(guide, "examplinib-dose-us-more").split("statements:\n")[1],
    )
    commit(guide)
    before, objects = everything(guide), git(guide, "count-objects", "-v")
    status, text = run(guide, dry_run=True)
    assert status == 0, text
    assert text.endswith(
        f"""Pages: 1 new, 1 changed, 0 removed.
  new: examplinib-dose-us-more/
  changed: examplinib-dose-us/
Other files: 0 new, 1 changed, 0 removed.
  changed: published.json
Nothing was pushed and nothing written. './scripts/publish' would push 'main',\
 'gh-pages' and the tag {TAG}-2 to 'origin' in one step."""
    )
    assert everything(guide) == before
    # Not even an object of git's, let alone a fetched branch.
    assert git(guide, "count-objects", "-v") == objects
    assert [path.name for path in (guide / "build" / "publish").iterdir()] == ["lock"]


def test_a_publication_moves_site_ledger_and_tag_together(guide):
    assert whole(guide) == TAG
    change_the_dose(guide)
    commit(guide, "A higher dose")
    head = git(guide, "rev-parse", "HEAD")
    status, text = run(guide)
    assert status == 0 and text.endswith(f"Published: {TAG}-2.")
    assert whole(guide) == f"{TAG}-2"
    here, there = refs(guide), refs(remote_of(guide))
    assert (
        here["refs/heads/main"] == there["refs/heads/main"]
        and git(guide, "rev-parse", "HEAD^") == head
    )
    assert set(git(guide, "diff", "--name-only", "HEAD^", "HEAD").splitlines()) <= set(
        state.LEDGERS
    )
    assert (
        here[f"refs/tags/{TAG}-2"] == there[f"refs/tags/{TAG}-2"]
        and git(guide, "status", "--porcelain") == ""
    )
    assert git(guide, "cat-file", "-t", f"{TAG}-2") == "tag"
    assert git(remote_of(guide), "rev-list", "--count", "gh-pages") == "2"
    again, text = run(guide)
    assert again == 0 and "Nothing to publish: readers are shown these very bytes already" in text
    assert refs(remote_of(guide)) == there


def test_a_publication_is_compared_with_what_readers_see_not_with_what_the_ledger_says(guide):
    """Who notes a change as published that nobody was shown cannot slip it past the change log."""
    change_the_dose(guide, logged=False)
    (guide / "content" / "ledger.json").write_bytes(ledger_bytes(load(guide)))
    commit(guide)
    status, text = run(guide)
    assert status == 1 and "values.dose was '2 mg' when last published and is '3 mg'" in text


def test_roll_back_shows_the_earlier_publication_byte_for_byte(guide):
    first = git(remote_of(guide), "rev-parse", "gh-pages^{tree}")
    change_the_dose(guide)
    commit(guide)
    assert run(guide)[0] == 0
    second = git(remote_of(guide), "rev-parse", "gh-pages^{tree}")
    status, text = run(guide, roll_back)
    assert status == 0 and f"readers are shown {TAG} again" in text
    assert git(remote_of(guide), "rev-parse", "gh-pages^{tree}") == first
    assert whole(guide) == TAG
    assert f"refs/tags/rolled-back-{DAY}" in refs(remote_of(guide)) and git(
        guide, "rev-parse", "HEAD"
    ) == git(remote_of(guide), "rev-parse", "main")
    # What was taken back is not published again unmended, and mending compares with what readers
    # now see.
    status, text = run(guide)
    assert (
        status == 1
        and f"[what-was-taken-back-stays-back]\ngit: readers were rolled back to {TAG}"
        f" (rolled-back-{DAY}), and nothing was mended since"
        in text
    )
    assert "[what-was-taken-back-stays-back]" in before_gh_deploy(guide, "origin", "gh-pages")
    assert run(guide, roll_back)[0] == 1
    status, text = run(guide, roll_back, tag=f"{TAG}-9")
    assert (
        status == 1
        and f"there is no publication '{TAG}-9' (nearest: '{TAG}-2'); there are: {TAG}-2, {TAG}"
        in text
    )
    assert run(guide, roll_back, tag=TAG)[1] == f"Readers are shown {TAG} already."
    assert run(guide, roll_back, tag=f"{TAG}-2")[0] == 0
    assert (
        git(remote_of(guide), "rev-parse", "gh-pages^{tree}") == second
        and whole(guide) == f"{TAG}-2"
    )


def test_roll_back_works_with_an_unfinished_edit_and_broken_content(guide):
    """In an emergency nobody tidies up first."""
    change_the_dose(guide)
    commit(guide)
    assert run(guide)[0] == 0
    mend(guide, DOSING, "kind: dosing", "kind: dosage")
    assert run(guide, roll_back)[0] == 0
    assert whole(guide) == TAG and git(guide, "status", "--porcelain") == f"M {DOSING}"


def test_a_rebuild_turns_overdue_pages_and_publishes_nothing_new(guide):
    change_the_dose(guide)
    commit(guide, "Not published yet")
    before = refs(remote_of(guide))
    assert "No page turned" in run(guide, rebuild)[1] and refs(remote_of(guide)) == before
    lines: list[str] = []
    assert rebuild(guide, DAY + datetime.timedelta(days=300), say=lines.append) == 0
    after = refs(remote_of(guide))
    assert "changed: examplinib-ed/" in "\n".join(lines)
    assert {name for name in after if after[name] != before.get(name)} == {"refs/heads/gh-pages"}
    assert "Out of date" in git(remote_of(guide), "show", "gh-pages:examplinib-ed/index.html")
    assert whole(guide) == TAG


# -- a push that is refused, a run that is killed -------------------------------------------------


@pytest.mark.parametrize("hook", ["pre-receive", "update"])
def test_a_refused_push_changes_nothing_and_the_next_run_publishes(guide, hook):
    """A server that takes the source branch and the tag but not the site takes none of them."""
    change_the_dose(guide)
    commit(guide)
    before = everything(guide)
    path = remote_of(guide) / "hooks" / hook
    path.write_text(
        '#!/bin/sh\ncase "$1" in refs/heads/main|refs/tags/*) exit 0;; esac\necho "protected'
        ' branch" >&2\nexit 1\n'
    )
    path.chmod(0o755)
    status, text = run(guide)
    assert (
        status == 1
        and "The push was refused, and readers are shown what they were shown before:" in text
    )
    assert everything(guide) == before
    path.unlink()
    assert run(guide)[0] == 0 and whole(guide) == f"{TAG}-2"


def test_a_push_that_lost_a_race_changes_nothing(guide, monkeypatch):
    """Somebody publishes between our look and our push."""
    change_the_dose(guide)
    commit(guide)
    send = push.send

    def late(*arguments, **options):
        somebody_published_elsewhere(guide)
        return send(*arguments, **options)

    monkeypatch.setattr(publication, "send", late)
    status, text = run(guide)
    assert status == 1 and "stale info" in text
    assert git(remote_of(guide), "rev-parse", "main") == git(guide, "rev-parse", "HEAD^")
    assert f"refs/tags/{TAG}-2" not in refs(remote_of(guide))


def killed_at_event(project: Path, at: int, verb: Callable[..., int]) -> tuple[int, int]:
    """Runs a verb in a child that is killed, with the git command it runs, at event number `at`.

    Returns (exit status, -9 when killed; how many events came); see kill_at."""
    counter = project.parent / "events"
    child = os.fork()
    if child == 0:
        status = 70
        try:
            os.setpgid(0, 0)
            count_events({"KILL_COUNT": str(counter), "KILL_AT": str(at)})
            status = verb(project, DAY, say=lambda _: None)
        finally:
            os._exit(status)
    _, outcome = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(outcome), counter.stat().st_size


def _run_and_die(project: Path, at: int | None, verb: Callable[..., int]) -> tuple[int, int]:
    """Runs a verb in a child that kills itself, as kill -9 does, after its git command number `at`.

    Returns (exit status, -9 when killed; how many git commands it ran)."""
    counted = project.parent / "count"
    child = os.fork()
    if child == 0:
        status = 70
        try:
            real, count = subprocess.run, 0

            def counting(*arguments, **options):
                nonlocal count
                done = real(*arguments, **options)
                count += 1
                if count == at:
                    os.kill(os.getpid(), signal.SIGKILL)
                return done

            repositories.subprocess.run = counting
            status = verb(project, DAY, say=lambda _: None)
            counted.write_text(str(count))
        finally:
            os._exit(status)
    _, outcome = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(outcome), int(counted.read_text()) if counted.is_file() else 0


@pytest.fixture(scope="module")
def two_states(pattern: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published project with a new dose committed: old and new publication differ."""
    place = tmp_path_factory.mktemp("two")
    project = copy_of(pattern, place)
    change_the_dose(project)
    commit(project)
    return place


def assert_old_or_new(project: Path, old: str, new: str) -> str:
    """Asserts that a killed run left all of one publication; returns its tag."""
    shown = whole(project)
    assert shown in (old, new)
    git(project, "fsck", "--connectivity-only", "--no-dangling")
    return shown


def assert_finished(project: Path, new: str) -> None:
    """Asserts that the run after the kill has ended as if there had been none."""
    assert whole(project) == new
    assert git(project, "rev-parse", "HEAD") == git(remote_of(project), "rev-parse", "main")
    assert git(project, "status", "--porcelain") == ""
    assert refs(project).items() >= {
        item for item in refs(remote_of(project)).items() if item[0].startswith("refs/tags/")
    }
    assert [path.name for path in (project / "build" / "publish").iterdir()] == ["lock"]


@pytest.mark.parametrize("kills", [4, pytest.param(44, marks=pytest.mark.night)])
def test_killed_at_random_events_it_is_the_old_or_the_new_publication(
    two_states, tmp_path, monkeypatch, kills
):
    """kill -9 of the run and its git while it writes, builds, pushes or follows; half of the kills
    come in the last quarter, in which the push is.
    """
    monkeypatch.setattr(workshop, "build_site", quick_build)
    built = prepare(two_states / "guide", DAY)
    monkeypatch.setattr(state, "prepare", lambda root, today: built)
    old, new = TAG, f"{TAG}-2"
    (tmp_path / "all").mkdir()
    whole_run = copy_of(two_states, tmp_path / "all")
    status, events = killed_at_event(whole_run, 0, publication.publish)
    assert status == 0 and events > 60
    assert_finished(whole_run, new)
    rng, seen = random.Random(29), set()
    for number in range(kills):
        at = rng.randrange(1, events) if number % 2 else rng.randrange(events * 3 // 4, events)
        place = tmp_path / str(number)
        place.mkdir()
        project = copy_of(two_states, place)
        assert killed_at_event(project, at, publication.publish)[0] == -signal.SIGKILL, at
        seen.add(assert_old_or_new(project, old, new))
        status, text = run(project)
        assert status == 0, (at, text)
        assert_finished(project, new)
        shutil.rmtree(place)
    assert kills < 40 or seen == {old, new}


@pytest.mark.night
@pytest.mark.parametrize("part", range(2))
@pytest.mark.parametrize("verb", ["publish", "roll_back"])
def test_killed_after_any_git_command_it_is_the_old_or_the_new_publication(
    two_states, tmp_path, monkeypatch, verb, part
):
    """kill -9 after a command; then the verb is run again and ends as if nothing had happened.

    After every one of the last commands, the push among them, and after every sixth of those
    before, which only look; with KILLS=all in the environment after each.
    """
    monkeypatch.setattr(workshop, "build_site", quick_build)
    # The check of the same content gives the same answer: done once for all the runs.
    (tmp_path / "start").mkdir()
    start = copy_of(two_states, tmp_path / "start")
    if verb == "roll_back":
        assert run(start)[0] == 0
    built = prepare(start, DAY)
    monkeypatch.setattr(state, "prepare", lambda root, today: built)
    again = (
        publication.publish
        if verb == "publish"
        else lambda root, today, say: roll_back(root, today, TAG, say=say)
    )
    old, new = (TAG, f"{TAG}-2") if verb == "publish" else (f"{TAG}-2", TAG)
    (tmp_path / "all").mkdir()
    status, commands = _run_and_die(copy_of(tmp_path / "start", tmp_path / "all"), None, again)
    assert status == 0 and commands > 25
    seen = []
    points = [
        at
        for at in range(1, commands + 1)
        if at > commands - 8 or at % 12 == 0 or os.environ.get("KILLS") == "all"
    ]
    for at in points[part::2]:
        place = tmp_path / str(at)
        place.mkdir()
        project = copy_of(tmp_path / "start", place)
        assert _run_and_die(project, at, again)[0] == -signal.SIGKILL
        seen.append(assert_old_or_new(project, old, new))
        status, text = (
            run(project, again) if verb == "publish" else (again(project, DAY, lambda _: None), "")
        )
        assert status == 0, f"after command {at}: {text}"
        assert_finished(project, new)
        shutil.rmtree(place)
    assert seen == sorted(seen, key=(old, new).index) and old in seen


# Counts a moment of a push. At the moment with the number in `at` it kills the end named in `end`.
# The parent of a hook is the server; it may tidy up, as on a host that is shut down.
MOMENT = """#!/bin/sh
cd "{folder}" || exit 1
echo "{name} $1" >> moments
[ "$(wc -l < moments)" -eq "$(cat at)" ] || exit 0
case "$(cat end)" in
client) kill -KILL "$(cat client)" ;;
server) kill -TERM "$PPID" ;;
esac
exit 0
"""
HOOKS = ("pre-receive", "update", "reference-transaction", "post-receive", "post-update")


def count_moments(project: Path) -> None:
    """Has the remote count the moments of a push, from the connection on."""
    folder, bare = project.parent, remote_of(project)
    for name in HOOKS:
        write_program(bare / "hooks" / name, MOMENT.format(folder=folder, name=name))
    write_program(folder / "connected", MOMENT.format(folder=folder, name="connected"))
    write_program(
        folder / "receive-pack", f'#!/bin/sh\n"{folder}/connected"\nexec git-receive-pack "$@"\n'
    )
    git(project, "config", "remote.origin.receivepack", str(folder / "receive-pack"))


def run_to_moment(project: Path, end: str, at: int) -> tuple[int, list[str]]:
    """Publishes; one end of the push dies at its moment number `at`, none does at 0.

    Returns the exit status and the moments that came.
    """
    folder = project.parent
    (folder / "moments").write_text("")
    (folder / "end").write_text(end)
    (folder / "at").write_text(str(at))
    return run(project)[0], (folder / "moments").read_text().splitlines()


@pytest.mark.night
def test_a_push_that_dies_on_its_way_is_the_old_or_the_new_publication(
    two_states, tmp_path, monkeypatch
):
    """The client or the server dies at a counted moment of the push: all arrived or nothing.

    At the first moment, one in the middle and the last; with KILLS=all at each.
    """
    monkeypatch.setattr(workshop, "build_site", quick_build)
    client = tmp_path / "tools" / "git"
    client.parent.mkdir()
    write_program(
        client,
        '#!/bin/sh\nfor word in "$@"; do\n'
        '[ "$word" = push ] && [ -n "$CLIENT" ] && echo $$ > "$CLIENT"\ndone\n'
        f'exec {shutil.which("git")} "$@"\n',
    )
    monkeypatch.setenv("PATH", str(client.parent), prepend=os.pathsep)

    def project_in(name: str) -> Path:
        place = tmp_path / name
        place.mkdir()
        monkeypatch.setenv("CLIENT", str(place / "client"))
        project = copy_of(two_states, place)
        count_moments(project)
        return project

    status, moments = run_to_moment(project_in("whole"), "none", 0)
    assert status == 0
    assert {moment.split(" ")[0] for moment in moments} == {"connected", *HOOKS}
    last = len(moments)
    every = os.environ.get("KILLS") == "all"
    for end in ("client", "server"):
        seen = []
        for at in range(1, last + 1) if every else (1, (last + 1) // 2, last):
            project = project_in(f"{end}-{at}")
            status, reached = run_to_moment(project, end, at)
            assert (status, len(reached) >= at) == (1, True), (end, moments[at - 1])
            seen.append(whole(project))
            status, _ = run_to_moment(project, "none", 0)
            assert status == 0, (end, moments[at - 1])
            assert whole(project) == f"{TAG}-2"
            assert git(project, "status", "--porcelain") == ""
        assert (seen[0], seen[-1]) == (TAG, f"{TAG}-2"), end
        assert set(seen) == {TAG, f"{TAG}-2"}, end


# -- the verbs as they are -----------------------------------------------------------------------


def verb(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "guide", "publish", *arguments],
        cwd=project,
        env={**os.environ, "PYTHONPATH": "scripts", "PYTHONDONTWRITEBYTECODE": "1"},
        text=True,
        capture_output=True,
        check=False,
        timeout=300,
    )


def whole_site(project: Path) -> None:
    bare = remote_of(project)
    shown = state.read_published(repositories.Repository(bare), git(bare, "rev-parse", "gh-pages"))
    assert json.loads(git(bare, "show", "main:content/ledger.json")) == shown.facts
    assert git(bare, "rev-parse", f"{shown.tag}^{{commit}}") == shown.source
    files = git(bare, "ls-tree", "-r", "--name-only", "gh-pages").splitlines()
    assert {
        ".nojekyll",
        "index.html",
        "feed.xml",
        "examplinib-ed/patients/dosing/index.html",
        "about/due/index.html",
    } <= set(files) and not [name for name in files if name.endswith(".md")]
    dose = shown.facts["examplinib-dose-us"]["values.dose"]
    assert dose.replace(" ", "&nbsp;") in git(
        bare, "show", "gh-pages:examplinib-ed/clinicians/dosing/index.html"
    )


@pytest.fixture
def real(tmp_path: Path) -> Path:
    """A project of the made-up guide, in date, under git with a bare remote; published by nobody
    yet.
    """
    project = make_project(tmp_path / "guide", ROOT / "tests" / "tiny" / "content")
    make_current(project)
    make_repository(project, tmp_path / "remote.git")
    return project


@pytest.mark.night
def test_publish_gh_deploy_and_roll_back_as_a_maintainer_runs_them(real):
    shown = verb(real, "--dry-run")
    assert (
        shown.returncode == 0 and "readers would see everything for the first time" in shown.stdout
    ), said(shown)
    assert list(refs(remote_of(real))) == ["refs/heads/main"]
    first = verb(real)
    # The day is the real one at that moment: it may be the day after DAY.
    published = re.search(r"Published: (published-[0-9-]{10})\.", first.stdout)
    assert first.returncode == 0 and published, said(first)
    whole_site(real)
    before = refs(remote_of(real))
    # gh-deploy goes through the same gates: an uncommitted dose is not published under a commit's
    # name.
    change_the_dose(real)
    refused = mkdocs(real, "gh-deploy")
    assert (
        refused.returncode == 1
        and f"{DOSING}: differs from the last commit" in said(refused)
        and "Traceback" not in said(refused)
    )
    assert refs(remote_of(real)) == before
    commit(real)
    deployed = mkdocs(real, "gh-deploy", public=ADDRESS)
    assert (
        deployed.returncode == 0
        and "'./scripts/publish' also notes in content/ledger.json" in said(deployed)
    ), said(deployed)
    tip = state.read_published(
        repositories.Repository(remote_of(real)), refs(remote_of(real))["refs/heads/gh-pages"]
    )
    assert tip.tag == "" and tip.facts["examplinib-dose-us"]["values.dose"] == "3 mg"
    # publish then makes good what gh-deploy cannot do, and the roll-back of one command works.
    second = verb(real)
    assert second.returncode == 0 and "Numbers, approvals, doses: none changes." in second.stdout, (
        said(second)
    )
    whole_site(real)
    back = verb(real, "--roll-back")
    assert back.returncode == 0 and f"readers are shown {published[1]} again" in back.stdout, said(
        back
    )
    whole_site(real)
    assert verb(real, "--roll-bakc").returncode == 2


def run_to_event(project: Path, module: str, *arguments: str, at: int = 0) -> tuple[int, int]:
    """Runs a module, which is killed with all its processes at its event number `at`; see kill_at.

    Returns the exit status and the number of events.
    """
    counter = project.parent / "events"
    counter.unlink(missing_ok=True)
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "kill_at.py"), module, *arguments],
        cwd=project,
        env={
            **os.environ,
            "PYTHONPATH": "scripts",
            "NO_MKDOCS_2_WARNING": "1",
            "KILL_COUNT": str(counter),
            "KILL_AT": str(at),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        check=False,
    )
    return done.returncode, counter.stat().st_size


@pytest.mark.night
def test_killed_at_random_events_with_the_real_build(real):
    """kill -9 of all processes, the engine included; the run after the last one publishes."""
    shutil.copy(ROOT / "tests" / "kill_at.py", real / "scripts" / "kill_at.py")
    mend(
        real,
        "mkdocs.yml",
        "  - scripts/hooks.py\n",
        "  - scripts/hooks.py\n  - scripts/kill_at.py\n",
    )
    commit(real, "Count the events of the engine too")
    status, events = run_to_event(real, "guide", "publish", "--dry-run")
    assert status == 0 and events > 1000
    rng, statuses = random.Random(7), []
    for _ in range(KILLS):
        at = rng.randrange(1, events)
        statuses.append(run_to_event(real, "guide", "publish", at=at)[0])
        if "refs/heads/gh-pages" in refs(remote_of(real)):
            whole_site(real)
        else:
            assert list(refs(remote_of(real))) == ["refs/heads/main"]
    assert -signal.SIGKILL in statuses
    done = verb(real)
    assert done.returncode == 0, said(done)
    whole_site(real)
    assert git(real, "status", "--porcelain") == ""


def bytes_of_site(project: Path) -> dict[Path, bytes]:
    return {
        path.relative_to(project / "site"): path.read_bytes()
        for path in (project / "site").rglob("*")
        if path.is_file()
    }


@pytest.mark.night
def test_a_build_killed_at_random_events_leaves_a_whole_site(real):
    """The old site or the new one, byte for byte, never a mixture."""
    faq, words = (
        "content/topics/examplinib-ed/faq.yml",
        ("No trial was found.", "No trial of it was found."),
    )
    assert run_to_event(real, "mkdocs", "-q", "build", "--strict")[0] == 0
    old = bytes_of_site(real)
    mend(real, faq, *words)
    assert run_to_event(real, "mkdocs", "-q", "build", "--strict")[0] == 0
    new = bytes_of_site(real)
    assert old != new
    # Counted once more, with both wordings in the cache, as in the builds that are killed.
    mend(real, faq, *words[::-1])
    status, events = run_to_event(real, "mkdocs", "-q", "build", "--strict")
    assert status == 0 and bytes_of_site(real) == old
    rng, statuses = random.Random(11), []
    for turn in range(KILLS):
        mend(real, faq, *(words if turn % 2 == 0 else words[::-1]))
        at = rng.randrange(int(events * 0.3), events)
        statuses.append(run_to_event(real, "mkdocs", "-q", "build", "--strict", at=at)[0])
        site = bytes_of_site(real)
        assert site in (old, new), [
            str(name) for name in site if site[name] not in (old.get(name), new.get(name))
        ]
    assert -signal.SIGKILL in statuses
