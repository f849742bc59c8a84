"""What a machine may refuse while a verb runs: one sentence with the remedy, exit status 1, no
traceback, the last good site as it was, and nothing left behind.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from conftest import ROOT, git, make_current, make_project, make_repository, mkdocs
from guide.base import faults
from guide.base.files import place, write_tree
from guide.base.git import GitError, Repository
from guide.outputs import swap
from test_input_files import unprivileged
from test_new_guide import ANSWERS

INIT = ["--from", "content/.answers.yml"]
NEW_TOPIC = ["new-topic", "Madeupumab", "fourth disease"]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up guide under git, published nowhere yet, and built once."""
    project = make_project(
        tmp_path_factory.mktemp("faults") / "guide", ROOT / "tests" / "tiny" / "content"
    )
    shutil.copy(ROOT / "pyproject.toml", project)
    make_current(project)
    # A name that begins with a point is no content.
    (project / "content/.answers.yml").write_text(yaml.safe_dump(ANSWERS))
    make_repository(project, project.parent / "remote.git")
    done = mkdocs(project, "-q", "build", "--strict")
    assert done.returncode == 0, done.stderr
    return project


@pytest.fixture
def project(good: Path, tmp_path: Path) -> Path:
    shutil.copytree(good, tmp_path / "guide", symlinks=True)
    return tmp_path / "guide"


def state(project: Path) -> dict[str, str]:
    """The digest of every file of a guide but for what is made again: `build/` and bytecode."""
    found = {path: path.relative_to(project) for path in sorted(project.rglob("*"))}
    return {
        name.as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path, name in found.items()
        if path.is_file()
        and name.parts[0] not in ("build", ".git")
        and "__pycache__" not in name.parts
    }


def site_of(found: dict[str, str]) -> dict[str, str]:
    return {name: digest for name, digest in found.items() if name.startswith("site/")}


def verb(
    project: Path, *arguments: str, before: tuple[str, ...] = (), **more: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*before, sys.executable, "-m", "guide", *arguments],
        cwd=project,
        env={
            **os.environ,
            "PYTHONPATH": "scripts",
            "PYTHONDONTWRITEBYTECODE": "1",
            "GUIDE_PDFS": str(ROOT / "build" / "pdf"),
            **more,
        },
        text=True,
        capture_output=True,
        timeout=300,
        check=False,
    )


def refused(done: subprocess.CompletedProcess[str], words: str) -> None:
    """It ended with 1 and one sentence, that has these words."""
    said = (done.stdout + done.stderr).strip()
    assert done.returncode == 1 and "Traceback" not in said, said[-3000:]
    assert len([line for line in said.split("\n") if words in line]) == 1, said


# -- no right to write ---------------------------------------------------------------------------


def test_a_checkout_that_can_only_be_read(project):
    """A check needs no place to write; what must write says that it cannot."""
    before, root = state(project), tuple(unprivileged())
    folders = [project, *(path for path in project.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        done = verb(project, "check", before=root)
        assert done.returncode == 0 and done.stderr == "", done
        words = "this user may not read or write there: try again as its owner"
        for arguments in (
            ["build"],
            ["publish", "--dry-run"],
            NEW_TOPIC,
            ["init", "new/guide", *INIT],
        ):
            refused(verb(project, *arguments, before=root), words)
        done = verb(project, "upgrade", "--force", before=root)
        assert "Traceback" not in done.stderr and done.returncode in (0, 1)
        done = verb(project, "export", str(project.parent / "exported"), before=root)
        assert done.returncode == 0, done.stderr
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert state(project) == before


def test_a_site_that_may_not_be_moved(project):
    """Three renames would have left both `site` and `site.old`."""
    before = state(project)
    (project / "content/topics/examplinib-ed/faq.yml").write_text(
        (project / "content/topics/examplinib-ed/faq.yml")
        .read_text()
        .replace("No trial was found.", "No trial of it was found.")
    )
    (project / "site").chmod(0o555)
    try:
        refused(verb(project, "build", before=tuple(unprivileged())), "site: this user may not")
    finally:
        (project / "site").chmod(0o755)
    assert not (project / "site.old").exists()
    assert {
        name: digest for name, digest in state(project).items() if name.startswith("site/")
    } == {name: digest for name, digest in before.items() if name.startswith("site/")}
    assert verb(project, "build").returncode == 0 and not (project / "site.old").exists()


@pytest.mark.parametrize("code", [errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP])
@pytest.mark.parametrize("failing", [None, 1, 2])
def test_where_names_cannot_be_exchanged_the_old_site_comes_back(
    tmp_path, monkeypatch, code, failing
):
    new, final = tmp_path / "build/new", tmp_path / "site"
    for folder, words in ((new, "new"), (final, "old")):
        folder.mkdir(parents=True)
        (folder / "index.html").write_text(words)
    monkeypatch.setattr(swap, "_exchange", lambda *_: False)
    rename, done = os.rename, []

    def renamed(one: Path, other: Path) -> None:
        done.append(one)
        if len(done) == failing:
            raise OSError(errno.EACCES, "Permission denied", str(other))
        rename(one, other)

    monkeypatch.setattr(os, "rename", renamed)
    if failing:
        with pytest.raises(OSError, match="Permission denied"):
            swap.replace(new, final)
    else:
        swap.replace(new, final)
    assert (final / "index.html").read_text() == ("old" if failing else "new")
    assert (new / "index.html").read_text() == ("new" if failing else "old")
    assert not (tmp_path / "site.old").exists()


# -- a full disk ---------------------------------------------------------------------------------

# In a mount of its own: a small disk with the guide on it, which is then filled to the last byte.
FULL = """
set -e
mount -t tmpfs -o size=400m tmpfs "$DISK"
cp -a "$FROM" "$DISK/guide"
cd "$DISK/guide"
cat /dev/zero > "$DISK/rest" 2>/dev/null || true
# A page of memory is left for the file of the answer of each verb.
status=0
"$@" > "$OUT/said" 2>&1 || status=$?
rm "$DISK/rest"
find . -path ./build -prune -o -path ./.git -prune -o -type f -print0 \
  | sort -z | xargs -0 sha256sum > "$OUT/state"
exit $status
"""


def on_a_full_disk(project: Path, *arguments: str) -> tuple[int, str, str]:
    """The exit status of a verb on a disk that is full, what it said, and the guide afterwards."""
    disk, out = project.parent / "disk", project.parent / "out"
    for folder in (disk, out):
        folder.mkdir(exist_ok=True)
    mount = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
    done = subprocess.run(
        [*mount, "bash", "-c", FULL, "-", sys.executable, "-m", "guide", *arguments],
        env={
            **os.environ,
            "PYTHONPATH": "scripts",
            "PYTHONDONTWRITEBYTECODE": "1",
            "DISK": str(disk),
            "FROM": str(project),
            "OUT": str(out),
        },
        text=True,
        capture_output=True,
        timeout=300,
        check=False,
    )
    if not (out / "state").is_file():
        pytest.skip(f"this machine lets nobody mount: {done.stderr}")
    return done.returncode, (out / "said").read_text(), (out / "state").read_text()


@pytest.mark.parametrize(
    "arguments",
    [
        ["build"],
        NEW_TOPIC,
        ["export", "exported"],
        ["publish", "--dry-run"],
        ["init", "new", *INIT],
    ],
    ids=" ".join,
)
def test_a_full_disk(project, tmp_path, arguments):
    if arguments == ["build"]:
        # There is something to make anew.
        shutil.rmtree(project / "build" / "docs")
    status, said, after = on_a_full_disk(project, *arguments)
    assert status == 1 and "Traceback" not in said, said[-3000:]
    assert len(re.findall(r"(?i)the disk is full: make room, and try again", said)) == 1, said
    for name, digest in state(project).items():
        assert f"{digest}  ./{name}\n" in after, name
    assert {line.split("./", 1)[1] for line in after.splitlines()} == {*state(project)}


def test_a_check_needs_no_room(project):
    status, said, _ = on_a_full_disk(project, "check")
    assert status == 0 and said.startswith("No problems: "), said


# -- git -----------------------------------------------------------------------------------------


def test_git_that_does_not_trust_the_owner(project):
    """As in a container, or on a shared disk: no page carries another day than the commit's."""
    before, foreign = state(project), {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}
    words = "fatal: detected dubious ownership in repository at"
    for arguments in (
        ["build"],
        ["publish", "--dry-run"],
        ["export", str(project.parent / "exported")],
        ["upgrade"],
    ):
        done = verb(project, *arguments, **foreign)
        refused(done, words)
        assert "git config --global --add safe.directory" in done.stderr + done.stdout
    assert verb(project, "check", **foreign).returncode == 0
    assert state(project) == before and not (project.parent / "exported").exists()


def test_no_git_at_all(project):
    before = state(project)
    nothing = {"PATH": str(project.parent / "empty")}
    words = "git was not found: install it (on Debian and Ubuntu, 'apt-get install git')"
    for arguments in (["build"], ["publish", "--dry-run"], ["upgrade"]):
        refused(verb(project, *arguments, **nothing), words)
    assert verb(project, "check", **nothing).returncode == 0
    assert state(project) == before


@pytest.mark.parametrize(
    "damage, words",
    [
        (lambda folder: (folder / "HEAD").unlink(), "not a git repository"),
        (lambda folder: (folder / "HEAD").write_text("nonsense\n"), "not a git repository"),
        (lambda folder: shutil.rmtree(folder / "objects"), "not a git repository"),
        (lambda folder: (folder / "config").write_text("[core\n"), "bad config line 1"),
        (
            lambda folder: [shutil.rmtree(path) for path in (folder / "objects").glob("??")],
            "bad object HEAD",
        ),
    ],
)
def test_a_repository_that_is_damaged_is_not_taken_for_none(tmp_path, damage, words):
    (tmp_path / "a").write_text("a")
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", "a")
    git(tmp_path, "commit", "-q", "-m", "One")
    repository = Repository(tmp_path)
    assert repository.prefix() == ""
    damage(tmp_path / ".git")
    from guide.base.clock import _last_commit

    with pytest.raises(GitError, match=words):
        _last_commit(repository)


def test_outside_of_git_and_before_the_first_commit_nothing_is_wrong(tmp_path, monkeypatch):
    from guide.base.clock import epoch

    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    (tmp_path / "guide").mkdir()
    assert Repository(tmp_path / "guide").prefix() is None
    git(tmp_path, "init", "-q")
    assert Repository(tmp_path / "guide").prefix() == "guide/"
    assert epoch(tmp_path) is None and epoch(tmp_path / "guide") is None


# -- how rights of new files are set -------------------------------------------------------------


@pytest.mark.parametrize("mask", [0o077, 0o000])
def test_a_mask_of_rights_changes_no_byte(project, good, mask):
    shutil.rmtree(project / "site")
    shutil.rmtree(project / "build" / "site-new", ignore_errors=True)
    done = subprocess.run(
        ["sh", "-c", f"umask {mask:03o}; exec {sys.executable} -m mkdocs -q build --strict"],
        cwd=project,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "GUIDE_PDFS": str(ROOT / "build" / "pdf")},
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert state(project) == state(good)
    modes = {
        path.stat().st_mode & 0o777 for path in (project / "site").rglob("*") if path.is_file()
    }
    assert modes == {0o666 & ~mask}


# -- sentences -----------------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(faults._REMEDIES))
def test_each_refusal_is_one_sentence(code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = faults.sentence(OSError(code, os.strerror(code), str(tmp_path / "site/a\x1bb.html")))
    assert said.startswith("site/a\\x1bb.html: ") and said.endswith(".") and said.count(". ") == 0
    assert len(said.split()) < 30
    bare = faults.sentence(OSError(code, os.strerror(code)))
    assert bare[0].isupper() and bare.endswith(".")
    assert faults.sentence(OSError(code, "", str(tmp_path.parent / "x"))).startswith("/")


def test_a_mistake_of_our_own_keeps_its_traceback():
    assert faults.sentence(OSError("something of our own")) is None
    assert faults.sentence(OSError(errno.EPROTO, "Protocol error")) is None


# -- killed between two operations ---------------------------------------------------------------


def killed_at(step: int, work: str, folder: Path) -> int:
    """Runs a piece of Python that is killed at its file operation number `step`."""
    counter = folder / "events"
    counter.unlink(missing_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", f"import kill_at, os\nfrom pathlib import Path\n{work}"],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": f"{ROOT / 'scripts'}:{ROOT / 'tests'}",
            "KILL_COUNT": str(counter),
            "KILL_AT": str(step),
        },
        start_new_session=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


WORK = """
from guide.base.files import write_tree
from guide.outputs.swap import replace
kill_at.count_events(os.environ)
write_tree(Path("new"), {"a/b.html": Path("kept"), "c.html": b"second", "d/e.json": b"{}"})
replace(Path("new"), Path("site"))
"""


def test_killed_after_each_operation_the_site_is_the_old_one_or_the_new_one(tmp_path):
    old = {"a/b.html": b"old", "c.html": b"first", "gone/f.html": b"x"}
    new = {"a/b.html": b"kept", "c.html": b"second", "d/e.json": b"{}"}

    def told(folder: Path) -> dict[str, bytes]:
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }

    step, seen = 0, []
    while True:
        step += 1
        for name in ("new", "site"):
            shutil.rmtree(tmp_path / name, ignore_errors=True)
        (tmp_path / "kept").write_bytes(b"kept")
        write_tree(tmp_path / "site", old)
        write_tree(tmp_path / "new", {"stale.html": b"y", "c.html": b"zeroth"})
        status = killed_at(step, WORK, tmp_path)
        assert told(tmp_path / "site") in (old, new)
        seen.append(told(tmp_path / "site") == new)
        # The next run makes the same of whatever was left, and leaves nothing else.
        assert killed_at(0, WORK, tmp_path) == 0
        assert told(tmp_path / "site") == new
        assert not list(tmp_path.rglob("*.new")) and not (tmp_path / "site.old").exists()
        if status == 0:
            break
    assert step > 10 and seen[0] is False and seen[-1] is True


def test_a_pipe_that_nobody_reads_ends_the_verb_quietly(project):
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m guide --help | head -c 1; exit ${{PIPESTATUS[0]}}"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": "scripts"},
        text=True,
        capture_output=True,
        check=False,
    )
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr


def test_what_a_terminal_cannot_show_is_written_in_digits(project):
    (project / "content/trials/caf\u00e9 \u202e.yml").write_text("id: x\n")
    done = verb(project, "check", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    refused(done, "the name holds the invisible character U+202E: rename it")


def test_place_puts_a_file_on_a_day(tmp_path):
    """Copies are as old as what they are of, to the nanosecond: a later run knows them by it."""
    (tmp_path / "one").write_text("x")
    os.utime(tmp_path / "one", ns=(5, 1_780_000_000_123_456_789))
    place(tmp_path / "two", tmp_path / "one")
    assert (tmp_path / "two").stat().st_mtime_ns == 1_780_000_000_123_456_789
