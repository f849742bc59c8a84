"""The set-up of a checkout fails in one line that says what to do, and leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT
from test_input_files import unprivileged

# What the script itself calls.
TOOLS = ["bash", "cat", "cksum", "dirname", "env", "id", "mkdir", "rm", "sh"]
WANTED = f"madeup-package==1.0 --hash=sha256:{'0' * 64}\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the script and a lock file, and a folder of programs beside it."""
    root = tmp_path / "check out"
    (root / "scripts").mkdir(parents=True)
    shutil.copy(ROOT / "scripts/environment.sh", root / "scripts")
    (root / "requirements.lock").write_text(WANTED)
    (tmp_path / "bin").mkdir()
    for name in TOOLS:
        (tmp_path / "bin" / name).symlink_to(shutil.which(name))
    return root


def program(checkout: Path, name: str, body: str) -> Path:
    """A program that answers as the real one does on another machine."""
    path = checkout.parent / "bin" / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def run(checkout: Path, steps: str, *before: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Runs steps of the script with the programs of the checkout alone."""
    return subprocess.run(
        [*before, "/bin/bash", "-c", f". scripts/environment.sh; {steps}"],
        cwd=checkout,
        env={"PATH": str(checkout.parent / "bin"), "HOME": str(checkout.parent), **more},
        text=True,
        capture_output=True,
        timeout=120,
        check=False,
    )


def only_line(done: subprocess.CompletedProcess[str]) -> str:
    """What a failed run says behind the lines that tell what it is at."""
    assert done.returncode == 1 and done.stdout == "", done
    lines = [line for line in done.stderr.splitlines() if not line.endswith("…")]
    assert len(lines) == 1, done.stderr
    return lines[0]


def with_python(checkout: Path, says: str = "", status: int = 1) -> None:
    """An environment whose pip prints something and ends with a status."""
    inside = checkout / ".venv/bin/python"
    inside.parent.mkdir(parents=True)
    inside.write_text(f'#!/bin/sh\n[ "$1" = -c ] && exit 0\necho "{says}" >&2\nexit {status}\n')
    inside.chmod(0o755)


def test_no_network(checkout):
    """The real pip, and a server that is not there."""
    (checkout / ".venv").symlink_to(sys.prefix)
    refused = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "1"}
    said = only_line(
        run(checkout, "install requirements.lock", PIP_CONFIG_FILE=os.devnull, **refused)
    )
    assert said == (
        "The packages of requirements.lock were not installed: the packages' server was not"
        " reached. Connect to a network, or name a server that can be reached (PIP_INDEX_URL), and"
        " run this again."
    )


@pytest.mark.parametrize(
    "says, answer",
    [
        (
            "WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError'\n"
            "ERROR: No matching distribution found for annotated-types==0.8.0",
            "the packages' server was not reached",
        ),
        (
            "ERROR: Could not install packages: [Errno 28] No space left on device",
            "the disk is full. Make room, and run this again.",
        ),
        (
            "ERROR: No matching distribution found for annotated-types==0.8.0",
            "The packages' server was not reached, or lacks it: connect to a network",
        ),
        ("OSError: [Errno 122] Disk quota exceeded", "the disk is full"),
        (
            "ERROR: Could not install packages: [Errno 30] Read-only file system: '/x/.venv'",
            "is on a disk that can only be read. Copy the folder to one that you may write on.",
        ),
        (
            "ERROR: [Errno 13] Permission denied: '/x/.venv/lib'",
            "this user may not do that. Run it as the owner of the folder or as root",
        ),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
            "what was downloaded is not what was reviewed.",
        ),
        ("/x/.venv/bin/python: No module named pip", "Delete it (rm -r .venv)"),
        ("Collecting x\nERROR: something new", "not installed: ERROR: something new"),
    ],
)
def test_what_pip_says_becomes_what_to_do(checkout, says, answer):
    with_python(checkout, says)
    assert answer in only_line(run(checkout, "install requirements.lock"))
    assert not (checkout / ".venv/.installed-requirements.lock").exists()


def test_a_disk_that_is_full_at_the_last_byte(checkout):
    """The note that the packages are there cannot be written: a real answer of the kernel."""
    with_python(checkout, status=0)
    (checkout / ".venv/.installed-requirements.lock").symlink_to("/dev/full")
    assert "the disk is full" in only_line(run(checkout, "install requirements.lock"))
    (checkout / ".venv/.installed-requirements.lock").unlink()
    assert run(checkout, "install requirements.lock").returncode == 0


def test_a_checkout_of_somebody_else(checkout):
    (checkout.parent / "bin/python3").symlink_to(sys.executable)
    before = sorted(checkout.rglob("*"))
    checkout.chmod(0o555)
    try:
        said = only_line(run(checkout, "prepare_environment", *unprivileged()))
    finally:
        checkout.chmod(0o755)
    assert said.startswith("The environment .venv was not made: this user may not do that.")
    assert sorted(checkout.rglob("*")) == before


def test_a_disk_that_can_only_be_read(checkout):
    (checkout.parent / "bin/python3").symlink_to(sys.executable)
    mount = ["unshare", "-m", "sh", "-c"] if os.geteuid() == 0 else ["unshare", "-rm", "sh", "-c"]
    shut = f'mount --bind "{checkout}" "{checkout}" && mount -o remount,ro,bind "{checkout}" && '
    if subprocess.run([*mount, f"{shut} true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount")
    done = subprocess.run(
        [
            *mount,
            f'{shut} cd "{checkout}" && bash -c ". scripts/environment.sh; prepare_environment"',
        ],
        text=True,
        capture_output=True,
        check=False,
    )
    assert "is on a disk that can only be read. Copy the folder" in only_line(done)
    assert not (checkout / ".venv").exists()


def test_no_python(checkout):
    assert only_line(run(checkout, "prepare_environment")).startswith(
        "Python 3.11 or newer is needed and was not found: install it, or set PYTHON="
    )


def test_python_without_its_venv(checkout):
    program(
        checkout,
        "python3",
        'case "$1" in -c) exit 0;; --version) echo Python 3.11;; *) mkdir .venv; echo \'The virtual'
        " environment was not created successfully because ensurepip is not available.'; exit 1;;"
        " esac",
    )
    assert "has no 'venv' module that works: on Debian" in only_line(
        run(checkout, "prepare_environment")
    )
    assert not (checkout / ".venv").exists()


APT = 'with_apt "The handouts need Pango" libpango-1.0-0'


def test_no_apt(checkout):
    assert only_line(run(checkout, APT)) == (
        "The handouts need Pango, and there is no apt-get here: install libpango-1.0-0 with this"
        " system's own packages."
    )


def test_nobody_who_may_install(checkout):
    program(checkout, "apt-get", "exit 1")
    (checkout.parent / "bin/id").unlink()
    program(checkout, "id", "echo 1000")
    assert only_line(run(checkout, APT)) == (
        "The handouts need Pango, and this user may not install packages: as root, run 'apt-get"
        " install libpango-1.0-0'."
    )
    program(checkout, "sudo", "echo 'sudo: a password is required' >&2; exit 1")
    assert "this user may not do that" in only_line(run(checkout, APT))


@pytest.mark.parametrize(
    "says, answer",
    [
        ("E: Failed to fetch http://x/y Could not resolve 'x'", "server was not reached"),
        ("E: You don't have enough free space: No space left on device", "the disk is full"),
        ("E: Could not open lock file - open (13: Permission denied)", "this user may not do that"),
        ("E: Unable to locate package libpango", "could not be installed: E: Unable to locate"),
    ],
)
def test_what_apt_says_becomes_what_to_do(checkout, says, answer):
    (checkout.parent / "bin/id").unlink()
    program(checkout, "id", "echo 0")
    program(checkout, "apt-get", f'echo "{says}" >&2; exit 100')
    before = sorted(checkout.rglob("*"))
    assert answer in only_line(run(checkout, APT))
    assert sorted(checkout.rglob("*")) == before, "no log is left in the folder"


def test_a_shell_that_looks_for_folders_elsewhere(checkout):
    """CDPATH makes `cd` print where it went, and go elsewhere."""
    (checkout.parent / "other/scripts").mkdir(parents=True)
    done = run(checkout, 'printf %s "$root"', CDPATH=str(checkout.parent / "other"))
    assert done.stdout == str(checkout)
