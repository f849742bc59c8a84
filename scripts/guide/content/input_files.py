"""What a person may drop into a guide and no build can read: found by a look at each file, before
any of them is opened.

A file of a guide is a plain file that its owner may read. A link is refused, wherever it leads: it
would publish what lies outside of the guide. Nothing of what a link leads to is looked at or
quoted.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

import yaml

from guide.base.normalise import find_hidden
from guide.base.problem import Problem
from guide.base.text_file import NotText, printable, text_of, unseen
from guide.content.yaml_text import MAX_BYTES, TOO_DEEP, TooDeep, compose

SETTINGS = "mkdocs.yml"
# What a guide is made of besides its settings.
FOLDERS = ("content", "docs", "overrides")
# Hosts of code refuse larger files, and a build holds each of them in memory.
MOST_BYTES = 50_000_000
_TEXTS = {".css", ".html", ".js", ".json", ".md", ".po", ".svg", ".txt", ".xml", ".yml"}
_PICTURES = {
    ".gif": (b"GIF8", "GIF"),
    ".jpeg": (b"\xff\xd8\xff", "JPEG"),
    ".jpg": (b"\xff\xd8\xff", "JPEG"),
    ".png": (b"\x89PNG\r\n\x1a\n", "PNG"),
    ".webp": (b"RIFF", "WebP"),
}
# Systems that a guide is checked out on, and addresses, cannot hold them.
_FORBIDDEN = re.compile(r'[<>:"|?*\\]|^ |[ .]$')
_KINDS = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


@dataclass
class Inputs:
    """The plain files of a folder, by their path from there and sorted, and what is wrong with
    the others.
    """

    files: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def inputs_of(root: Path, folder: str) -> Inputs:
    """What lies in a folder of the guide at `root`; nothing where there is no such folder."""
    found = Inputs()
    top = root / folder
    if top.is_symlink():
        found.problems.append(_link(folder))
    elif top.is_dir():
        _look(top, folder, found)
    found.files = [name.removeprefix(f"{folder}/") for name in found.files]
    found.files.sort(key=lambda name: name.split("/"))
    return found


def is_readable(path: Path) -> bool:
    """Whether this is a plain file that may be read."""
    return path.is_file() and not path.is_symlink() and os.access(path, os.R_OK)


def wrong_inputs(root: Path) -> list[Problem]:
    """All that is wrong with the settings, the pages and the templates of a guide as files: their
    kind, their size, their encoding. Those of content/ are looked at where they are read.
    """
    problems = wrong_settings(root)
    for folder in FOLDERS[1:]:
        found = inputs_of(root, folder)
        problems += found.problems
        for name in found.files:
            problems += _wrong_bytes(root / folder / name, f"{folder}/{name}")
    return problems


def wrong_settings(root: Path) -> list[Problem]:
    """What is wrong with `mkdocs.yml` as a file, before MkDocs reads it; nothing for no file."""
    path = root / SETTINGS
    found = Inputs()
    if not os.path.lexists(path):
        return []
    _look_at(_Entry(path), SETTINGS, found)
    if not found.files:
        return found.problems
    try:
        text = text_of(path.read_bytes())
        problems = [Problem(SETTINGS, line, message) for line, message in unseen(text)]
        if not problems:
            compose(text)
    except NotText as error:
        problems = [Problem(SETTINGS, error.line, error.message)]
    except TooDeep as error:
        problems = [Problem(SETTINGS, _line(error), TOO_DEEP)]
    except yaml.YAMLError as error:
        message = f"this is not YAML: {getattr(error, 'problem', None) or error}"
        problems = [Problem(SETTINGS, _line(error), f"{message}; look at the indentation")]
    return [*found.problems, *problems]


def _line(error: yaml.YAMLError) -> int:
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark else 0


class _Entry:
    """A path with the questions that an entry of `os.scandir` answers."""

    def __init__(self, path: Path):
        self.path, self.name = os.fspath(path), path.name

    def is_symlink(self) -> bool:
        return os.path.islink(self.path)

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        return os.path.isdir(self.path)

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        return os.stat(self.path, follow_symlinks=follow_symlinks)


def _look(top: Path, folder: str, found: Inputs) -> None:
    """Looks through a folder and those below it."""
    open_ = [(os.fspath(top), folder)]
    while open_:
        path, name = open_.pop()
        try:
            with os.scandir(path) as scanned:
                entries = sorted(scanned, key=lambda entry: entry.name)
        except PermissionError:
            found.problems.append(
                Problem(printable(name), 0, "the folder may not be opened: chmod u+rwx it")
            )
            continue
        found.problems += _clashes(name, [entry.name for entry in entries])
        for entry in entries:
            # An editor's lock is a link to nowhere.
            if entry.name.startswith(".#"):
                continue
            inner = f"{name}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                found.problems += _wrong_folder(inner, entry.name)
                open_.append((entry.path, inner))
            else:
                _look_at(entry, inner, found)


def _look_at(entry: os.DirEntry[str] | _Entry, name: str, found: Inputs) -> None:
    """Takes a file in, or says why not."""
    problem = _link(name) if entry.is_symlink() else _wrong_file(entry, name)
    if problem is None:
        found.files.append(name)
    else:
        found.problems.append(problem)


def _link(name: str) -> Problem:
    return Problem(
        printable(name), 0, "this is a link, and links are not followed: put the file itself here"
    )


def _wrong_file(entry: os.DirEntry[str] | _Entry, name: str) -> Problem | None:
    wrong = _wrong_name(entry.name)
    status = entry.stat(follow_symlinks=False)
    kind = next((kind for is_kind, kind in _KINDS if is_kind(status.st_mode)), "")
    if entry.is_dir(follow_symlinks=False):
        wrong = "this is a folder, and a file is meant: delete it"
    elif kind:
        wrong = f"this is {kind}, not a file: delete it"
    elif not wrong and not os.access(entry.path, os.R_OK):
        wrong = "the file may not be read: chmod u+r it"
    elif not wrong and status.st_size > MOST_BYTES:
        wrong = f"the file is {status.st_size:,} bytes, at most {MOST_BYTES:,} are published"
    return Problem(printable(name), 0, wrong) if wrong else None


def _wrong_folder(name: str, last: str) -> list[Problem]:
    wrong = _wrong_name(last)
    if last.endswith((".yml", ".md")):
        wrong = "this is a folder, and its name is that of a file: rename it"
    return [Problem(printable(name), 0, wrong)] if wrong else []


def _wrong_name(name: str) -> str:
    """What is wrong with the name of a file or folder; "" where nothing is."""
    if any("\udc80" <= letter <= "\udcff" for letter in name):
        return "the name is not UTF-8: rename it"
    hidden = find_hidden(name) or next((one for one in name if one in "\n\t"), "")
    if hidden:
        return f"the name holds the invisible character U+{ord(hidden):04X}: rename it"
    forbidden = _FORBIDDEN.search(name)
    if forbidden:
        return f"the name holds '{forbidden[0]}', which not every system allows: rename it"
    return ""


def _clashes(folder: str, names: list[str]) -> Iterator[Problem]:
    """A problem for each name that some systems cannot tell from one before it."""
    known: dict[str, str] = {}
    for name in names:
        other = known.setdefault(unicodedata.normalize("NFC", name).casefold(), name)
        if other != name:
            yield Problem(
                printable(f"{folder}/{name}"),
                0,
                f"not every system can tell it from '{printable(other)}' beside it: rename one",
            )


def _wrong_bytes(path: Path, name: str) -> list[Problem]:
    """What is wrong with what a page, a template or a picture holds."""
    suffix = path.suffix.lower()
    if suffix in _PICTURES:
        begin, kind = _PICTURES[suffix]
        with path.open("rb") as file:
            right = file.read(len(begin)) == begin
        message = f"this is no {kind} picture: save it as one, or name it by what it is"
        return [] if right else [Problem(name, 0, message)]
    if suffix not in _TEXTS:
        return []
    data = path.read_bytes()
    if suffix == ".md" and len(data) > MAX_BYTES:
        message = f"the page is {len(data):,} bytes, at most {MAX_BYTES:,} are read: split it"
        return [Problem(name, 0, message)]
    try:
        text = text_of(data)
    except NotText as error:
        return [Problem(name, error.line, error.message)]
    problems = [Problem(name, line, message) for line, message in unseen(text)]
    return problems or (_wrong_svg(data, name) if suffix == ".svg" else [])


def _wrong_svg(data: bytes, name: str) -> list[Problem]:
    """What keeps a drawing from being XML."""
    try:
        # Without handlers nothing is built, and expat itself bounds what entities grow to.
        expat.ParserCreate().Parse(data, True)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        return [Problem(name, error.lineno, f"this is no SVG picture: {reason}; save it anew")]
    return []
