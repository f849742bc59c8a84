"""What an upgrade of a guide changes, tried on a copy: nothing here writes in the guide itself."""

from __future__ import annotations

import datetime
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from guide.base.files import names_of
from guide.base.git import Repository
from guide.base.problem import TO_FILL_IN, ContentErrors, Problem
from guide.base.release import release, version_numbers
from guide.base.text_file import NotText, text_of
from guide.build import prepared
from guide.content.format import FIRST, SITE, format_problem, written_format
from guide.content.input_files import inputs_of, wrong_inputs
from guide.content.migrations import migrated
from guide.content.models.site import FORMAT
from guide.content.schemas import write_schemas
from guide.content.yaml_reader import read_yaml
from guide.upgrade import pin
from guide.upgrade.changelog import changes_between
from guide.upgrade.starter import refreshed

# What the check of a guide reads.
_READ = ("content", "docs", "overrides")


@dataclass(frozen=True)
class Upgrade:
    """What an upgrade does to a guide.

    `before` and `after` are the release that requirements.txt asks for, both empty where it pins
    none. `written` is the format of the content before. `files` has the new bytes of each file
    that differs, by its path from the guide's folder; None for one to delete. `notes` are lines for
    the maintainer, `problems` what the check finds afterwards, `changes` the part of the changelog.
    """

    before: str
    after: str
    written: int
    files: Mapping[str, bytes | None]
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    changes: str = ""

    @property
    def refused(self) -> tuple[Problem, ...]:
        """The problems that keep the upgrade back: fields still to fill in do not."""
        return tuple(problem for problem in self.problems if problem.rule != TO_FILL_IN)


def plan(root: Path, today: datetime.date) -> Upgrade:
    """The upgrade of a guide to the running engine; the check goes by the day `today`.

    A checkout of the engine has its content brought to the newest format, and nothing else.
    Raises ContentErrors for content that cannot be read, that is newer than the engine, or that a
    step cannot change.
    """
    wrong = [*inputs_of(root, "content").problems, *wrong_inputs(root)]
    if wrong:
        raise ContentErrors(wrong)
    written = _format(root)
    checkout = is_checkout(root)
    before = after = ""
    new: dict[str, bytes] = {}
    notes: list[str] = []
    if not checkout:
        requirements, before, after = _requirements(root)
        starter, notes = refreshed(root)
        new |= requirements | starter
        if not before:
            notes.append(
                f"{pin.FILE} pins no release of the engine ('open-health-guide=={release()}'): it"
                " stays as it is"
            )
    new |= {name: text.encode() for name, text in migrated(_texts(root), written).items()}
    with tempfile.TemporaryDirectory(prefix="guide-upgrade-") as folder:
        copy = _copy(root, Path(folder) / "guide", new)
        write_schemas(copy)
        problems = _problems(copy, today)
        files = dict(sorted({**new, **_differences(root, copy)}.items()))
    changes = changes_between(before, after) if before else ""
    return Upgrade(before, after, written, files, tuple(notes), problems, changes)


def pin_alone(root: Path, version: str) -> Upgrade:
    """The upgrade to a release that does not run here: it is asked for, and does the rest itself.

    Raises ContentErrors where requirements.txt pins no release, or a newer one.
    """
    text, found = _pinned(root)
    if found is None:
        message = f"it pins no release of the engine: write 'open-health-guide=={version}' there"
        raise ContentErrors([Problem(pin.FILE, 0, message)])
    if version_numbers(found.version) > version_numbers(version):
        message = (
            f"it asks for {found.version}, which is newer than {version}: to go back, take back"
            " the commit of the upgrade with git"
        )
        raise ContentErrors([Problem(pin.FILE, found.line, message)])
    changed = pin.with_pin(text, version)
    files = {pin.FILE: changed.encode()} if changed != text else {}
    return Upgrade(found.version, version, _format(root), files)


def is_checkout(root: Path) -> bool:
    """Whether the folder is a checkout of the engine, which has its release in pyproject.toml."""
    return (root / "scripts" / "guide").is_dir()


def uncommitted(root: Path) -> list[str]:
    """The files below a folder that git does not hold as they are; none outside of git. Raises
    GitError where git does not read the folder.
    """
    repository = Repository(root)
    if repository.prefix() is None:
        return []
    status = repository.out("status", "--porcelain", "--untracked-files=all", "--", ".")
    return [line[3:] for line in status.splitlines()]


def _format(root: Path) -> int:
    """The format of a guide's content. Raises ContentErrors where it cannot be brought on here."""
    path = root / SITE
    if not path.is_file():
        message = "the file is missing: run this in the folder of a guide"
        raise ContentErrors([Problem(SITE, 0, message)])
    newer = format_problem(root)
    written, lines = written_format(root)
    if written is None:
        _, _, problems = read_yaml(path, SITE)
        message = f"format: write the whole number {FIRST} to {FORMAT} that it had"
        raise ContentErrors(problems or [Problem(SITE, lines.get(("format",), 1), message)])
    if newer and written > FORMAT:
        raise ContentErrors([newer])
    if written < FIRST:
        message = f"format: there is no format {written}: write one of {FIRST} to {FORMAT}"
        raise ContentErrors([Problem(SITE, lines.get(("format",), 1), message)])
    return written


def _requirements(root: Path) -> tuple[dict[str, bytes], str, str]:
    """The new requirements.txt where it differs, the release it asked for and the one it asks for.

    Both are empty where it pins none. Raises ContentErrors where it asks for a newer one than runs.
    """
    text, found = _pinned(root)
    if found is None:
        return {}, "", ""
    before, running = found.version, release()
    if version_numbers(before) > version_numbers(running):
        message = (
            f"it asks for {before}, and {running} runs here: install it first (python -m pip"
            f" install -r {pin.FILE}), then upgrade"
        )
        raise ContentErrors([Problem(pin.FILE, found.line, message)])
    changed = pin.with_pin(text, running) if before != running else text
    return ({pin.FILE: changed.encode()} if changed != text else {}), before, running


def _pinned(root: Path) -> tuple[str, pin.Pin | None]:
    """The text of requirements.txt, empty where there is none, and what it pins."""
    path = root / pin.FILE
    text = _text(path, pin.FILE) if path.is_file() else ""
    return text, pin.pinned(text)


def _texts(root: Path) -> dict[str, str]:
    """The YAML files of content/ and the pages of docs/, by their path from the guide's folder."""
    names = [f"content/{name}" for name in names_of(root / "content", ".yml")]
    names += [f"docs/{name}" for name in names_of(root / "docs", ".md")]
    return {name: _text(root / name, name) for name in names}


def _text(path: Path, name: str) -> str:
    """A file's text with its line ends as they are. Raises ContentErrors where it is not UTF-8."""
    data = path.read_bytes()
    try:
        text_of(data)
    except NotText as error:
        raise ContentErrors([Problem(name, error.line, error.message)]) from None
    return data.decode("utf-8")


def _copy(root: Path, target: Path, new: Mapping[str, bytes]) -> Path:
    """A copy of what a check reads, with the new files in it; returns its folder."""
    for name in _READ:
        if (root / name).is_dir():
            shutil.copytree(root / name, target / name, ignore=shutil.ignore_patterns(".#*"))
    for name, data in new.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return target


def _problems(copy: Path, today: datetime.date) -> tuple[Problem, ...]:
    try:
        with prepared(copy, today):
            return ()
    except ContentErrors as errors:
        return tuple(errors.problems)


def _differences(root: Path, copy: Path) -> dict[str, bytes | None]:
    """What differs in content/ of the copy: new bytes by path, None for a file that is gone."""
    names = {name for folder in (root, copy) for name in names_of(folder / "content")}
    different: dict[str, bytes | None] = {}
    for name in sorted(f"content/{name}" for name in names):
        old, new = root / name, copy / name
        data = new.read_bytes() if new.is_file() else None
        if data is None or not old.is_file() or old.read_bytes() != data:
            different[name] = data
    return different
