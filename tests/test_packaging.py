"""The package, its lock files, and the scripts around both."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from conftest import ROOT, TODAY, copy_of_the_package
from guide.commands.main import guide

pytestmark = pytest.mark.site

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS = PYPROJECT["dependency-groups"]
LOCKS = {
    "requirements.lock": PYPROJECT["project"]["dependencies"],
    "requirements-dev.lock": GROUPS["test"] + GROUPS["lint"] + GROUPS["lock"],
    "requirements-engines.lock": GROUPS["engines"],
}


def locked(name: str) -> dict[str, Version]:
    """The version of each package of a lock file."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return {
        canonicalize_name(package): Version(version)
        for package, version in re.findall(r"(?m)^([\w.-]+)==([^\s;]+)", text)
    }


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_satisfies_pyproject(name):
    versions = locked(name)
    for text in LOCKS[name]:
        requirement = Requirement(text)
        version = versions.get(canonicalize_name(requirement.name))
        assert version is not None and requirement.specifier.contains(version), (
            f"{name} has {version} for '{text}' of pyproject.toml: run ./scripts/lock"
        )


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_pins_each_package_by_hash_and_names_no_registry(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text and not re.search(r"(?m)^-|--(index|find)", text)
    entries = re.findall(r"(?m)^(?![ #])(.+\n(?:    .+\n)*)", text)
    assert len(entries) == len(locked(name)) > 20
    for entry in entries:
        assert re.match(r"[\w.-]+==\S+( ; [^\\]+)? \\\n", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry), entry


def test_what_is_installed_together_agrees():
    site, dev = locked("requirements.lock"), locked("requirements-dev.lock")
    both = site.keys() & dev.keys()
    assert len(both) > 5 and {name: site[name] for name in both} == {
        name: dev[name] for name in both
    }


def test_the_lock_files_hold_whatever_their_packages_need():
    """By what the installed packages say, for this system; pip refuses to install what is not
    locked.
    """
    versions = locked("requirements.lock") | locked("requirements-dev.lock")
    missing = []
    for name, version in versions.items():
        try:
            package = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # for another system or another Python
        assert Version(package.version) == version, name
        for text in package.requires or ():
            need = Requirement(text)
            if need.marker is not None and not need.marker.evaluate({"extra": ""}):
                continue
            if not need.specifier.contains(versions.get(canonicalize_name(need.name), "0")):
                missing.append(f"{name} needs {text}")
    assert missing == []


def test_the_package_holds_every_module_and_every_data_file(wheel):
    files = {
        path.relative_to(ROOT / "scripts").as_posix()
        for path in (ROOT / "scripts" / "guide").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
        metadata = archive.read(
            next(name for name in archive.namelist() if name.endswith("/METADATA"))
        ).decode()
    # The engine's pages and templates travel with it; pictures and claims of this guide do not.
    files |= {
        f"guide/engine/{path.relative_to(ROOT).as_posix()}"
        for folder in ("docs", "overrides")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "pictures" not in path.parts and path.name != "accessibility.md"
    } | {"guide/engine/content/units.yml", "guide/engine/CHANGELOG.md"}
    assert packed == files
    assert {
        "guide/content/citations/icmje.csl",
        "guide/outputs/fonts/OFL.txt",
        "guide/outputs/sheet.typ",
    } <= packed
    assert set(re.findall(r"(?m)^Requires-Dist: (\S+?)[<>=\n]", metadata)) == {
        Requirement(text).name for text in PYPROJECT["project"]["dependencies"]
    }


def made_up_project(target: Path) -> Path:
    """The made-up guide without any code: what somebody has who uses the package alone."""
    shutil.copytree(ROOT / "tests" / "tiny" / "content", target / "content")
    for name in ("docs", "overrides"):
        shutil.copytree(ROOT / name, target / name)
    shutil.copy(ROOT / "mkdocs.yml", target / "mkdocs.yml")
    return target


def try_the_command(environment: Path, project: Path) -> None:
    """Runs `guide` as a person does who has installed it, with nothing else on the path."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [environment / "bin" / "guide", *arguments],
            cwd=project,
            env={"PATH": os.defpath, "HOME": str(project), "GUIDE_TODAY": TODAY.isoformat()},
            text=True,
            capture_output=True,
            check=False,
        )

    listed = run("--help")
    assert listed.returncode == 0, listed.stderr
    assert re.findall(r"(?m)^  ([a-z][a-z-]*) {2,}\w", listed.stdout) == list(guide.commands)
    checked = run("where", "examplinib-dose-us")
    assert checked.returncode == 0, checked.stderr
    assert checked.stdout.startswith("examplinib-dose-us: statement about examplinib")
    wrong = run("chekc")
    assert wrong.returncode == 2 and "(nearest: 'check')" in wrong.stderr


def test_the_installed_command_works_with_nothing_on_the_path(installed, tmp_path):
    try_the_command(installed, made_up_project(tmp_path / "project"))


@pytest.mark.night
def test_pip_installs_the_guide_into_an_empty_environment(tmp_path):
    """From the registry, as a stranger does; the only test that asks one."""
    environment = tmp_path / "environment"
    venv.create(environment, with_pip=True)
    source = copy_of_the_package(tmp_path / "source")
    subprocess.run(
        [environment / "bin" / "python", "-m", "pip", "install", "--quiet", source], check=True
    )
    try_the_command(environment, made_up_project(tmp_path / "project"))


# -- the scripts ---------------------------------------------------------------------------------

TOOLS = {
    "ruff": 'case "$1" in check) exit 0;; format) echo "Would reformat: a.py"; exit 1;; esac',
    "mypy": "echo 'a.py:1: error: no'; echo 'a.py:2: error: no'; echo 'a.py:2: note: so'; exit 1",
    "lint-imports": "echo crashed; exit 1",
    "python": 'case "$*" in *pytest*) printf "%s|" "$@";; *budgets*) echo fine;; esac',
}


@pytest.fixture
def stubbed(tmp_path: Path) -> Path:
    """A clone whose environment holds programs that only say what they were asked."""
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts", ignore=shutil.ignore_patterns("guide"))
    for name in LOCKS:
        shutil.copy(ROOT / name, tmp_path / name)
    for name, code in TOOLS.items():
        program(tmp_path / ".venv" / "bin" / name, code)
    program(tmp_path / ".venv-engines" / "bin" / "python", "")
    program(tmp_path / "chromium", "")
    return tmp_path


def program(path: Path, code: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{code}\n", encoding="utf-8")
    path.chmod(0o755)


def run_script(project: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", *command],
        cwd=project,
        env={**os.environ, "CHROMIUM": str(project / "chromium")},
        text=True,
        capture_output=True,
        check=False,
    )


def test_all_takes_the_night_tier_along_and_other_arguments_go_to_pytest(stubbed):
    usual = run_script(stubbed, "scripts/test", "-k", "two words")
    assert usual.stdout == "-m|pytest|-p|no:cacheprovider|-k|two words|", usual.stderr
    everything = run_script(stubbed, "scripts/test", "--all", "-k", "two words")
    assert everything.stdout == "-m|pytest|-p|no:cacheprovider|-m||-k|two words|"


def test_the_night_tier_is_left_out_unless_it_is_asked_for(tmp_path):
    (tmp_path / "test_it.py").write_text(
        "import pytest\n\n\ndef test_short(): ...\n\n\n@pytest.mark.night\ndef test_long(): ...\n",
        encoding="utf-8",
    )

    def collected(*arguments: str) -> list[str]:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml"),
                *("--rootdir", tmp_path, "-p", "no:cacheprovider", "-n", "0"),
                *("--collect-only", *arguments, tmp_path / "test_it.py"),
            ],
            text=True,
            capture_output=True,
            check=True,
        )
        return re.findall(r"::(\w+)$", done.stdout, re.M)

    assert collected() == ["test_short"]
    assert collected("-m", "") == ["test_short", "test_long"]


def test_lint_counts_what_each_tool_found_and_a_crash_as_one(stubbed):
    done = run_script(stubbed, "scripts/lint")
    assert done.returncode == 1
    assert re.findall(r"(?m)^(?:ruff \w+|mypy|lint-imports|budgets): \d+$", done.stdout) == [
        "ruff check: 0",
        "ruff format: 1",
        "mypy: 2",
        "lint-imports: 1",
        "budgets: 0",
    ], done.stderr
    assert "a.py:2: error: no" in done.stdout and "crashed" in done.stdout
    assert done.stdout.endswith("\n4 findings.\n")
    for name in ("ruff", "mypy", "lint-imports"):
        program(stubbed / ".venv" / "bin" / name, "exit 0")
    clean = run_script(stubbed, "scripts/lint")
    assert clean.returncode == 0 and clean.stdout.endswith("\n0 findings.\n")


def test_the_wheel_brings_every_page_but_what_this_guide_says_of_itself(wheel):
    names = {
        name.removeprefix("guide/engine/docs/")
        for name in zipfile.ZipFile(wheel).namelist()
        if name.startswith("guide/engine/docs/") and name.endswith(".md")
    }
    pages = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    assert pages - names == {"about/accessibility.md"} and names <= pages
