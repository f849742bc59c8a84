"""The site's source for any engine: plain Markdown, assets, the theme's few changes, and settings
without hooks.

The Markdown is what `mkdocs build` reads in this project, so another engine shows the same text.
Only its place is another: every page is the `index.md` of its folder. Engines do not agree what a
relative address in HTML starts from, the page's address (MkDocs) or its file (Zensical); here both
are the same. SCALE.md says which engines were compared and what each of them leaves out.
"""

from __future__ import annotations

import datetime
import os
import posixpath
import re
import shutil
from pathlib import Path
from typing import Any

import yaml

from guide.base.files import write_tree
from guide.build import ARTEFACTS, BESIDE, prepare
from guide.cache.store import Store

# Settings of mkdocs.yml that mean something in this project only.
OURS = ("hooks", "watch", "docs_dir", "site_dir")


# The first line of an exported mkdocs.yml: by it an earlier export is told from a project of
# somebody's own.
MARK = "# Written by ./scripts/export: an export into this folder writes everything here anew.\n"


class Occupied(Exception):
    """The folder holds something that is not an earlier export."""


class _Settings(yaml.SafeLoader):
    """Reads mkdocs.yml, `!ENV [NAME, …, default]` as the value it has now."""


def _environment(loader: yaml.SafeLoader, node: yaml.Node) -> Any:
    *names, default = loader.construct_sequence(node)
    return next((os.environ[name] for name in names if name in os.environ), default)


_Settings.add_constructor("!ENV", _environment)


def export(
    root: Path,
    target: Path,
    today: datetime.date,
    page_date: datetime.date | None = None,
    rebuild: bool = False,
) -> int:
    """Writes the source into `target` and returns how many pages it has; the days and `rebuild` as
    `prepare` takes them.

    Raises ContentErrors as a release does, and Occupied for a folder that is neither empty nor an
    earlier export; then nothing is written.
    """
    if target.exists() and not _may_be_written(target):
        raise Occupied(
            f"{target} holds something else: name an empty folder, or one that does not exist"
        )
    settings = yaml.load((root / "mkdocs.yml").read_text(encoding="utf-8"), Loader=_Settings)
    with Store(root) as store:
        built = prepare(
            root,
            today,
            page_date=page_date,
            rebuild=rebuild,
            edit_base=(settings.get("extra") or {}).get("edit_base") or "",
            store=store,
        )
        wanted: dict[str, bytes | Path | str] = {
            _place(page.path): _with_links(page.path, page.file) for page in built.pages
        }
        for artefact in (*ARTEFACTS, *BESIDE):
            wanted.update(artefact(built, root))
        # The mark first: an export that was cut short can be made again.
        target.mkdir(parents=True, exist_ok=True)
        settings = {key: value for key, value in settings.items() if key not in OURS}
        settings |= {
            "site_name": built.library.site.name,
            "docs_dir": "docs",
            "site_dir": "site",
            "nav": _with_places(built.navigation.whole()),
        }
        _write(target / "mkdocs.yml", settings)
        # Zensical has two looks; this one is Material's.
        _write(target / "zensical.yml", {"INHERIT": "mkdocs.yml", "theme": {"variant": "classic"}})
        write_tree(target / "docs", wanted, apart=True)
    theme = target / "overrides"
    shutil.rmtree(theme, ignore_errors=True)
    # The components are filled already.
    shutil.copytree(root / "overrides", theme, ignore=shutil.ignore_patterns("macros"))
    return len(built.pages)


def _may_be_written(target: Path) -> bool:
    if not target.is_dir():
        return False
    settings = target / "mkdocs.yml"
    return not any(target.iterdir()) or (
        settings.is_file() and settings.read_text(encoding="utf-8").startswith(MARK)
    )


def _place(path: str) -> str:
    return (
        path
        if path == "index.md" or path.endswith("/index.md")
        else f"{path.removesuffix('.md')}/index.md"
    )


# Where a link of Markdown leads, if that is a file of the site.
_LINK = re.compile(r"(?<=\]\()[^()\s:#/][^()\s:#]*(?=[#)])")


def _with_links(path: str, file: Path) -> bytes | Path:
    """A page whose Markdown links lead from its new place to theirs; the file itself where there
    are none.
    """

    def led(link: re.Match[str]) -> str:
        to = posixpath.normpath(posixpath.join(posixpath.dirname(path), link[0]))
        return posixpath.relpath(
            _place(to) if to.endswith(".md") else to, posixpath.dirname(_place(path)) or "."
        )

    text, count = _LINK.subn(led, file.read_text(encoding="utf-8"))
    return text.encode() if count else file


def _with_places(navigation: Any) -> Any:
    if isinstance(navigation, list):
        return [_with_places(entry) for entry in navigation]
    if isinstance(navigation, dict):
        return {title: _with_places(below) for title, below in navigation.items()}
    return _place(navigation)


def _write(path: Path, settings: dict[str, Any]) -> None:
    path.write_text(
        MARK + yaml.safe_dump(settings, allow_unicode=True, sort_keys=False, width=1000),
        encoding="utf-8",
    )
