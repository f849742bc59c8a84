"""The site's source for any engine: plain Markdown, assets, the theme's few changes, and settings
without hooks.

The Markdown is that of our own build, so another engine shows the same text. But every page is the
`index.md` of a folder. A relative address in HTML starts from the page's address in MkDocs, and
from its file in Zensical; with such names both are the same. SCALE.md says which engines were
compared and what each of them leaves out.
"""

from __future__ import annotations

import dataclasses
import datetime
import os
import posixpath
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from guide.artefacts import SIDECARS, Built, artefacts_of
from guide.base import language
from guide.base.all_or_none import filled
from guide.base.files import write_tree
from guide.base.layers import layered_files
from guide.base.problem import ContentErrors
from guide.build import left_out_of_footer, prepared
from guide.content.input_files import wrong_settings
from guide.content.names import has_medicines
from guide.outputs.asset_names import by_plain_name, with_digests
from guide.outputs.assets import theme_sheets
from guide.outputs.theme_words import name_contents, said
from guide.pages.page import Page

# Settings of mkdocs.yml that mean something in this project only.
OURS = ("hooks", "watch", "docs_dir", "site_dir")

# The first line of an exported mkdocs.yml. A folder without it is somebody's own project.
MARK = "# Written by the verb 'export': an export into this folder writes everything here anew.\n"
# What earlier releases wrote.
_EARLIER = "# Written by ./scripts/export:"


class Occupied(Exception):
    """The folder holds something that is not an earlier export."""


class _Settings(yaml.SafeLoader):
    """Reads mkdocs.yml, `!ENV [NAME, …, default]` as the value it has now."""


def _environment(loader: yaml.SafeLoader, node: yaml.SequenceNode) -> Any:
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
    """Writes the source into `target`; returns its number of pages. The rest is as for `prepare`.

    Raises ContentErrors as a release does, and Occupied for a folder that is neither empty nor an
    earlier export; then nothing is written.
    """
    if target.exists() and not _may_be_written(target):
        raise Occupied(
            f"{target} holds something else: name an empty folder, or one that does not exist"
        )
    if wrong := wrong_settings(root):
        raise ContentErrors(wrong)
    settings = yaml.load((root / "mkdocs.yml").read_text(encoding="utf-8"), Loader=_Settings)
    with prepared(
        root,
        today,
        page_date=page_date,
        rebuild=rebuild,
        edit_base=(settings.get("extra") or {}).get("edit_base") or "",
    ) as built:
        files: dict[str, bytes | Path | str] = {
            _exported_path(page.path): _with_links(page) for page in built.pages
        }
        # Other engines may draw other parts of the theme than ours.
        whole = dataclasses.replace(built, theme=theme_sheets())
        assets = with_digests(artefacts_of(whole, root))
        settings = _with_names(settings, by_plain_name(assets))
        files.update(assets)
        for artefact in SIDECARS:
            files.update(artefact(built, root))
        with filled(target):
            _write_source(root, target, settings, built, files)
    return len(built.pages)


def _write_source(
    root: Path,
    target: Path,
    settings: dict[str, Any],
    built: Built,
    files: Mapping[str, bytes | Path | str],
) -> None:
    # The settings come first, with their mark: an interrupted export can be made again.
    target.mkdir(parents=True, exist_ok=True)
    _write(target / "mkdocs.yml", _exported_settings(settings, built))
    # Zensical has two themes; this one is Material's.
    _write(target / "zensical.yml", {"INHERIT": "mkdocs.yml", "theme": {"variant": "classic"}})
    write_tree(target / "docs", files, apart=True)
    _write_theme(root, target / "overrides")


def _write_theme(root: Path, theme: Path) -> None:
    """Writes the theme's changes with their words in the guide's language."""
    shutil.rmtree(theme, ignore_errors=True)
    for name, path in layered_files(root, "overrides").items():
        # The exported pages need no components.
        if not name.startswith("macros/"):
            copy = theme / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)
            if path.suffix == ".html":
                copy.write_text(said(path.read_text(encoding="utf-8")), encoding="utf-8")


def _exported_settings(settings: dict[str, Any], built: Built) -> dict[str, Any]:
    """The settings of mkdocs.yml that mean something outside of this project, with what the plugin
    would set.
    """
    for extension in settings.get("markdown_extensions", []):
        name_contents(extension.get("toc", {}) if isinstance(extension, dict) else {})
    spoken = language.current()
    return {key: value for key, value in settings.items() if key not in OURS} | {
        "site_name": built.library.site.name,
        "docs_dir": "docs",
        "site_dir": "site",
        "nav": _exported_navigation(built.navigation.whole()),
        "theme": settings["theme"] | {"language": spoken.code, "direction": spoken.direction},
        "extra": (settings.get("extra") or {})
        | left_out_of_footer(
            {page.path for page in built.pages},
            bool(built.library.compute_once(has_medicines)),
        ),
    }


def _with_names(settings: Any, names: Mapping[str, str]) -> Any:
    """The settings with the assets under the names that they have in the export."""
    if isinstance(settings, dict):
        return {key: _with_names(value, names) for key, value in settings.items()}
    if isinstance(settings, list):
        return [_with_names(value, names) for value in settings]
    return names.get(settings, settings) if isinstance(settings, str) else settings


def _may_be_written(target: Path) -> bool:
    if not target.is_dir():
        return False
    settings = target / "mkdocs.yml"
    return not any(target.iterdir()) or (
        settings.is_file() and settings.read_text(encoding="utf-8").startswith((MARK, _EARLIER))
    )


def _exported_path(path: str) -> str:
    """The `index.md` that a page becomes."""
    return (
        path
        if path == "index.md" or path.endswith("/index.md")
        else f"{path.removesuffix('.md')}/index.md"
    )


# The target of a Markdown link to a file of the site.
_LINK = re.compile(r"(?<=\]\()[^()\s:#/][^()\s:#]*(?=[#)])")


def _with_links(page: Page) -> bytes | Path:
    """A page with its Markdown links between the exported paths; the file itself without links."""
    if page.file is None:
        raise ValueError(f"{page.path} has no file: the store is closed")
    folder = posixpath.dirname(_exported_path(page.path)) or "."

    def exported_link(link: re.Match[str]) -> str:
        to = posixpath.normpath(posixpath.join(posixpath.dirname(page.path), link[0]))
        return posixpath.relpath(_exported_path(to) if to.endswith(".md") else to, folder)

    text, count = _LINK.subn(exported_link, page.file.read_text(encoding="utf-8"))
    return text.encode() if count else page.file


def _exported_navigation(navigation: Any) -> Any:
    """A navigation as MkDocs has it, with the exported paths."""
    if isinstance(navigation, list):
        return [_exported_navigation(entry) for entry in navigation]
    if isinstance(navigation, dict):
        return {title: _exported_navigation(below) for title, below in navigation.items()}
    return _exported_path(navigation)


def _write(path: Path, settings: dict[str, Any]) -> None:
    path.write_text(
        MARK + yaml.safe_dump(settings, allow_unicode=True, sort_keys=False, width=1000),
        encoding="utf-8",
    )
