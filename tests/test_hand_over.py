"""A publication in two jobs: one builds and holds no right, the other pushes and runs git alone."""

from __future__ import annotations

import datetime
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from conftest import ROOT, git
from guide.publish.hand_over import BUNDLE, REFS
from guide.publish.rebuild import rebuild
from guide.publish.rollback import roll_back
from publishing import (
    DAY,
    TAG,
    change_the_dose,
    commit,
    refs,
    remote_of,
    run,
    whole,
    write_program,
)

pytestmark = pytest.mark.usefixtures("plain_environment")


def step(workflow: str, job: str, words: str) -> str:
    """The commands of the one step of a job that holds these words."""
    flow = yaml.safe_load((ROOT / ".github/workflows" / f"{workflow}.yml").read_text("utf-8"))
    [found] = [step["run"] for step in flow["jobs"][job]["steps"] if words in step.get("run", "")]
    return found


def shell(
    commands: str, folder: Path, temporary: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Runs commands as GitHub does, in a folder."""
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", commands],
        cwd=folder,
        env={**os.environ, "RUNNER_TEMP": str(temporary), **environment},
        text=True,
        capture_output=True,
        check=False,
    )


@pytest.fixture
def jobs(guide: Path) -> tuple[Path, Path, Path]:
    """A new dose on the remote's branch; the checkout of the job that builds, that of the job that
    pushes, and the folder for what is handed over.
    """
    change_the_dose(guide)
    commit(guide)
    git(guide, "push", "-q", "origin", "main")
    place = guide.parent
    for name in ("build", "push"):
        git(place, "clone", "-q", str(remote_of(guide)), str(place / name))
    # What actions/checkout leaves: no branch of the remote that is its HEAD.
    git(place / "build", "remote", "set-head", "origin", "--delete")
    for name in ("user.name", "user.email"):
        git(place / "build", "config", name, "builder")
    temporary = place / "temporary"
    temporary.mkdir()
    lines = step("publish", "build", "remote.git").splitlines()
    stand_in = "\n".join(line for line in lines if "remote" in line)
    assert stand_in in step("weekly", "rebuild", "remote.git")
    done = shell(stand_in, place / "build", temporary)
    assert done.returncode == 0, done.stderr
    # The job that builds has no way to the remote.
    assert git(place / "build", "remote", "get-url", "origin") == str(temporary / "remote.git")
    return place / "build", place / "push", temporary / "handed-over"


def digest_of(handed_over: Path) -> str:
    output = handed_over.parent / "output"
    output.unlink(missing_ok=True)
    commands = step("publish", "build", "sha256sum")
    assert commands == step("weekly", "rebuild", "sha256sum")
    done = shell(commands, ROOT, handed_over.parent, GITHUB_OUTPUT=str(output))
    assert done.returncode == 0, done.stderr
    return output.read_text().strip().removeprefix("digest=") if output.is_file() else ""


def pushed(checkout: Path, handed_over: Path, digest: str = "") -> subprocess.CompletedProcess[str]:
    commands = step("publish", "push", "./scripts/push")
    assert commands == step("weekly", "push", "./scripts/push")
    return shell(commands, checkout, handed_over.parent, DIGEST=digest, BRANCH="main")


def test_what_one_job_builds_the_other_pushes(guide, jobs):
    build, push, folder = jobs
    before = refs(remote_of(guide))
    status, text = run(build, hand_over=folder)
    assert status == 0 and "nothing is pushed yet: './scripts/push " in text
    assert refs(remote_of(guide)) == before and git(build, "status", "--porcelain") == ""
    assert sorted(path.name for path in folder.iterdir()) == sorted([BUNDLE, REFS])
    digest = digest_of(folder)
    assert len(digest) == 64
    done = pushed(push, folder, digest)
    assert done.returncode == 0, done.stderr
    assert whole(guide) == f"{TAG}-2"
    # The maintainer's own checkout goes on from there.
    git(guide, "pull", "-q", "origin", "main")
    assert "Nothing to publish" in run(guide)[1]


def test_a_rebuild_and_a_roll_back_are_handed_over_too(guide, jobs):
    build, push, folder = jobs
    assert run(build, rebuild, hand_over=folder)[1] == (
        f"Building {TAG} for {DAY} …\nNo page turned: nothing to push."
    )
    assert digest_of(folder) == "", "the job that pushes is left out"
    later = DAY + datetime.timedelta(days=300)
    assert rebuild(build, later, say=lambda _: None, hand_over=folder) == 0
    done = pushed(push, folder, digest_of(folder))
    assert done.returncode == 0, done.stderr
    assert "Out of date" in git(remote_of(guide), "show", "gh-pages:examplinib-ed/index.html")
    shutil.rmtree(folder)
    git(push, "fetch", "-q")
    again = guide.parent / "again"
    git(guide.parent, "clone", "-q", str(remote_of(guide)), str(again))
    git(again, "config", "user.name", "Test")
    git(again, "config", "user.email", "test@example.org")
    assert run(again)[0] == 0
    assert run(again, roll_back, hand_over=folder)[0] == 0
    git(push, "pull", "-q")
    done = pushed(push, folder, digest_of(folder))
    assert done.returncode == 0, done.stderr
    assert whole(guide) == TAG and f"refs/tags/rolled-back-{DAY}" in refs(remote_of(guide))


def lines_of(folder: Path) -> list[str]:
    return (folder / REFS).read_text().splitlines()


def another_branch(build: Path, folder: Path) -> None:
    text = (folder / REFS).read_text()
    (folder / REFS).write_text(text.replace("refs/heads/main", "refs/heads/other"))


def another_tag(build: Path, folder: Path) -> None:
    text = (folder / REFS).read_text()
    (folder / REFS).write_text(text.replace("refs/tags/published-", "refs/tags/v"))


def moved_tag(build: Path, folder: Path) -> None:
    *others, tag, site = lines_of(folder)
    old = others[0].split(" ")[0]
    (folder / REFS).write_text("\n".join([*others, f"{old}{tag[1:]}", site]) + "\n")


def no_site(build: Path, folder: Path) -> None:
    (folder / REFS).write_text("\n".join(lines_of(folder)[:-1]) + "\n")


def options_of_git(build: Path, folder: Path) -> None:
    (folder / REFS).write_text("--mirror x refs/heads/main\n" + (folder / REFS).read_text())


def lost_site(build: Path, folder: Path) -> None:
    """The new site would forget all that was published before."""
    hand_over_instead(build, folder, "gh-pages", parent=False)


def source_edited(build: Path, folder: Path) -> None:
    """The commit of the ledgers also changes what the next job would run."""
    hand_over_instead(build, folder, "main", {"scripts/push": "#!/bin/sh\n"})


def ledger_is_a_link(build: Path, folder: Path) -> None:
    hand_over_instead(build, folder, "main", {"content/ledger.json": None})


def hand_over_instead(
    build: Path,
    folder: Path,
    branch: str,
    files: dict[str, str | None] | None = None,
    parent: bool = True,
) -> None:
    """Puts another commit in the place of the one of a branch that was handed over."""
    number = next(n for n, line in enumerate(lines_of(folder)) if line.endswith(f"/{branch}"))
    old, new, ref = lines_of(folder)[number].split(" ")
    git(build, "bundle", "unbundle", str(folder / BUNDLE))
    git(build, "read-tree", new)
    for name, text in (files or {}).items():
        (build / "blob").write_text(text or "/etc/passwd")
        blob = git(build, "hash-object", "-w", "blob")
        mode = "120000" if text is None else "100755"
        git(build, "update-index", "--add", "--cacheinfo", f"{mode},{blob},{name}")
    tree = git(build, "write-tree")
    parents = ("-p", old) if parent else ()
    made = git(build, "commit-tree", tree, *parents, "-m", "Another")
    lines = lines_of(folder)
    lines[number] = f"{old} {made} {ref}"
    (folder / REFS).write_text("\n".join(lines) + "\n")
    names = []
    for count, line in enumerate(lines):
        git(build, "update-ref", f"refs/handed-over/{count}", line.split(" ")[1])
        names.append(f"refs/handed-over/{count}")
    known = [line.split(" ")[0] for line in lines if not line.startswith("-")]
    git(build, "bundle", "create", "-q", str(folder / BUNDLE), *names, "--not", *known)


TAMPERED = [
    (another_branch, "no publication moves 'refs/heads/other'"),
    (another_tag, "no publication moves 'refs/tags/v2"),
    (moved_tag, "no publication moves 'refs/tags/published-"),
    (no_site, "does not move 'gh-pages'"),
    (options_of_git, "has another form: --mirror x refs/heads/main"),
    (lost_site, "'refs/heads/gh-pages' would not get one commit on top of"),
    (source_edited, "a publication writes ledgers only, and this one also writes: scripts/push"),
    (ledger_is_a_link, "ledgers only, and this one also writes: content/ledger.json"),
]


def test_the_job_that_pushes_refuses_what_no_publication_makes(guide, jobs, tmp_path):
    """Whoever takes over the job that builds can change no branch, no tag and no source file."""
    build, push, folder = jobs
    assert run(build, hand_over=folder)[0] == 0
    before, digest = refs(remote_of(guide)), digest_of(folder)
    sound = tmp_path / "sound"
    shutil.copytree(folder, sound)
    for damage, words in TAMPERED:
        shutil.rmtree(folder)
        shutil.copytree(sound, folder)
        damage(build, folder)
        for given, said in ((digest, f"its digest is not {digest}"), (digest_of(folder), words)):
            done = pushed(push, folder, given)
            assert done.returncode == 1 and said in done.stderr, (damage.__name__, done.stderr)
            assert done.stderr.startswith("Not pushed, and readers are shown what they were"), said
        assert refs(remote_of(guide)) == before
    shutil.rmtree(folder)
    done = pushed(push, folder)
    assert done.returncode == 1 and "does not hold the files" in done.stderr


def test_a_remote_that_moved_between_the_jobs_is_not_overwritten(guide, jobs):
    build, push, folder = jobs
    assert run(build, hand_over=folder)[0] == 0
    (guide / "README.md").write_text("Somebody else's\n")
    commit(guide)
    git(guide, "push", "-q", "origin", "main")
    before = refs(remote_of(guide))
    done = pushed(push, folder, digest_of(folder))
    assert done.returncode == 1 and "[rejected]" in done.stderr
    assert refs(remote_of(guide)) == before


def test_the_words_of_a_protected_branch_reach_the_log(guide, jobs):
    build, push, folder = jobs
    assert run(build, hand_over=folder)[0] == 0
    hook = remote_of(guide) / "hooks" / "pre-receive"
    write_program(hook, '#!/bin/sh\necho "GH006: Protected branch update failed" >&2\nexit 1\n')
    before = refs(remote_of(guide))
    done = pushed(push, folder, digest_of(folder))
    assert done.returncode == 1 and "GH006: Protected branch update failed" in done.stderr
    assert refs(remote_of(guide)) == before


def test_a_checkout_without_the_history_is_refused_by_name(guide, jobs):
    build, _, folder = jobs
    assert run(build, hand_over=folder)[0] == 0
    shallow = guide.parent / "shallow"
    git(guide.parent, "clone", "-q", "--depth=1", f"file://{remote_of(guide)}", str(shallow))
    done = pushed(shallow, folder, digest_of(folder))
    assert done.returncode == 1 and "need commits that are not here" in done.stderr
