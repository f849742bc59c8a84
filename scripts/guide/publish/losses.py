"""What readers are shown now and would lose: files, fields of data, entries of the feed, and what
somebody has edited on the published branch by hand.
"""

from __future__ import annotations

import csv
import fnmatch
import io
import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as xml

from guide.base.command_line import typed
from guide.base.files import names_of
from guide.base.git import Repository
from guide.base.html import PageHtml, scan
from guide.base.problem import Problem, nearest
from guide.outputs.feed import ATOM
from guide.outputs.old_addresses import is_old_address
from guide.publish.kept import asset_of, has_bytes_in_name
from guide.publish.state import Candidate, Published

DOMAIN, NO_JEKYLL, FEED, DATA = "CNAME", ".nojekyll", "feed.xml", "api/"


@dataclass(frozen=True, order=True)
class Loss:
    """Something that readers would lose.

    `name` is what `--let-go` calls it: a path, `path: part`, or an address. `message` says what
    would happen and what keeps it from happening.
    """

    name: str
    message: str

    def refusal(self) -> Problem:
        """The loss as a reason not to publish."""
        consent = typed(f"publish --let-go {shlex.quote(self.name)}")
        return Problem(self.name, 0, f"{self.message}, or publish without it: {consent}")


def refused(losses: list[Loss], let_go: tuple[str, ...]) -> Iterator[Problem]:
    """The losses that nobody has let go."""
    for loss in losses:
        if not any(fnmatch.fnmatchcase(loss.name, pattern) for pattern in let_go):
            yield loss.refusal()


def needless(losses: list[Loss], let_go: tuple[str, ...]) -> Iterator[Problem]:
    """The patterns of `--let-go` that match no loss: each may be a misspelling."""
    names = [loss.name for loss in losses]
    for pattern in let_go:
        if not fnmatch.filter(names, pattern):
            yield Problem(
                "--let-go",
                0,
                f"nothing that readers would lose is called '{pattern}'{nearest(pattern, names)}:"
                " correct it, or leave it out",
            )


@dataclass
class Comparison:
    """The published branch beside the folder of a new site.

    `old` and `new` are the paths of their files. Its methods raise GitError when git fails.
    """

    repository: Repository
    published: Published
    site: Path
    old: frozenset[str] = field(init=False)
    new: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        listed = self.repository.out(
            "ls-tree", "-r", "-z", "--name-only", self.published.commit
        ).split("\0")
        self.old = frozenset(filter(None, listed))
        # Every publication makes this one, and so does gh-deploy.
        self.new = frozenset({*names_of(self.site), NO_JEKYLL})
        self._moved: dict[str, bool] = {}

    def was(self, path: str) -> bytes:
        """The bytes of a published file; empty where it is none."""
        return self.repository.file(self.published.commit, path) or b""

    def will_be(self, path: str) -> bytes:
        """The bytes of a file of the new site; empty where it is none."""
        file = self.site / path
        return file.read_bytes() if file.is_file() else b""

    def went_with_its_page(self, path: str) -> bool:
        """Whether a file stood beside or below a page that has moved or is gone, as
        content/redirects.yml says.
        """
        folder = path.rpartition("/")[0]
        while folder:
            if folder not in self._moved and f"{folder}/index.html" in self.new:
                page = PageHtml(self.will_be(f"{folder}/index.html").decode("utf-8", "replace"))
                self._moved[folder] = is_old_address(page)
            if folder in self._moved:
                return self._moved[folder]
            folder = folder.rpartition("/")[0]
        return False

    def by_hand(self) -> dict[str, str]:
        """git's letter for what a hand did to each file since the newest publication, by path."""
        if not self.published.edited_by_hand:
            return {}
        parts = self.repository.out(
            "diff-tree",
            "-r",
            "-z",
            "--no-renames",
            "--name-status",
            self.published.made,
            self.published.commit,
        ).split("\0")
        return dict(zip(parts[1::2], parts[::2], strict=False))


def comparison_of(candidate: Candidate) -> Comparison | None:
    """What to compare; None before the first publication and before there is a site."""
    if candidate.site is None or candidate.published is None:
        return None
    return Comparison(candidate.repository, candidate.published, candidate.site)


def losses(compared: Comparison) -> list[Loss]:
    """All that readers would lose, but for the site's address and domain; sorted by name."""
    by_hand = compared.by_hand()
    return sorted(
        [
            *_files(compared, by_hand),
            *_edits(compared, by_hand),
            *_columns_and_fields(compared),
            *_entries(compared),
        ]
    )


def _files(compared: Comparison, by_hand: dict[str, str]) -> Iterator[Loss]:
    """Each file that goes, but for those that go with a decision that was made already."""
    cases = {path.lower(): path for path in compared.new}
    assets = {asset_of(path) for path in compared.new if has_bytes_in_name(path)}
    for path in compared.old - compared.new - {DOMAIN}:
        if (path not in by_hand and (has_bytes_in_name(path) or path in assets)) or (
            compared.went_with_its_page(path)
        ):
            continue
        if path in by_hand:
            yield Loss(
                path,
                "it was put on the published branch by hand and would be gone: copy it to docs/",
            )
        elif path.lower() in cases:
            yield Loss(
                path,
                f"it would be gone, because '{cases[path.lower()]}' has other capital letters and"
                " is another address: give it its old name",
            )
        else:
            yield Loss(
                path,
                "it is published and would be gone: put it back, in docs/ where nothing makes it",
            )


def _edits(compared: Comparison, by_hand: dict[str, str]) -> Iterator[Loss]:
    """Each edit on the branch itself that would be undone."""
    since = compared.published.tag or compared.published.made[:10]
    for path, letter in by_hand.items():
        if path not in compared.new or path == DOMAIN:
            continue
        if letter == "D":
            yield Loss(
                path,
                f"it was taken off the published branch by hand after {since} and would come back:"
                " take it out of the source, too",
            )
        elif compared.was(path) != compared.will_be(path):
            yield Loss(
                path,
                f"it was edited on the published branch by hand after {since}, and that would be"
                " undone: make the same edit in the source",
            )


def _columns_and_fields(compared: Comparison) -> Iterator[Loss]:
    """Each column of a table and each field of the data that goes: programs rely on them."""
    for path in compared.old & compared.new:
        if not path.startswith(DATA) or not path.endswith((".csv", ".json")):
            continue
        if path.endswith(".json") and "/schema/" not in path:
            continue
        names = _columns if path.endswith(".csv") else _fields
        for name in names(compared.was(path)) - names(compared.will_be(path)):
            yield Loss(
                f"{path}: {name}",
                f"{'the column' if path.endswith('.csv') else 'the field'} is published and would"
                " be gone: put it back, because programs read it",
            )


def _columns(data: bytes) -> set[str]:
    return set(next(csv.reader(io.StringIO(data.decode("utf-8-sig", "replace"))), []))


def _fields(data: bytes) -> set[str]:
    """The fields that a JSON Schema describes: `Record.field`, or `field` of the whole file."""
    try:
        schema = json.loads(data or b"{}")
    except ValueError:
        return set()
    parts = {"": schema, **schema.get("$defs", {})}
    return {
        f"{name}.{key}".lstrip(".")
        for name, part in parts.items()
        for key in part.get("properties", {})
    }


def _entries(compared: Comparison) -> Iterator[Loss]:
    """Each entry of the feed that goes, and that the page of changes does not explain."""
    new = _links(compared.will_be(FEED))
    for link, title in _links(compared.was(FEED)).items():
        page, _, anchor = link.rpartition("#")
        if link not in new and not _has_place(compared, page, anchor):
            yield Loss(
                f"{FEED}: {anchor or link}",
                f"the entry '{title}' is published and would be gone: put it back into"
                " content/changes.yml",
            )


def _has_place(compared: Comparison, page: str, anchor: str) -> bool:
    """Whether the new page still has this place, live or as one that is gone for a reason."""
    html = compared.will_be(f"{page}index.html").decode("utf-8", "replace")
    return bool(html) and anchor in scan(PageHtml(html)).ids


def _links(feed: bytes) -> dict[str, str]:
    """The title of each entry by its link, without the site's address."""
    try:
        root = xml.fromstring(feed) if feed else None
    except xml.ParseError:
        return {}
    found = {}
    for entry in root.iter(f"{{{ATOM}}}entry") if root is not None else ():
        link = entry.find(f"{{{ATOM}}}link")
        href = link.get("href", "") if link is not None else ""
        found[re.sub(r"^.*?(?=about/changes/)", "", href)] = (
            entry.findtext(f"{{{ATOM}}}title") or ""
        )
    return found
