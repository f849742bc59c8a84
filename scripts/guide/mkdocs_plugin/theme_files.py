"""What a site takes of the theme's files: the part of its style that is used, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files

from guide.base.layers import DOCS, layers
from guide.mkdocs_plugin.html_blocks import HTML_BLOCKS
from guide.mkdocs_plugin.settings import PLUGINS, is_known_release
from guide.outputs.assets import THEME, theme_sheets, theme_templates

# The settings that `THEME` was made for. Their pages have no other classes of the theme.
_EXTENSIONS = {
    *("toc", "tables", "fenced_code", "attr_list", "md_in_html", "def_list", "abbr"),
    HTML_BLOCKS,
}
_COLOURS = {"primary": {"custom"}, "accent": {"custom"}, "scheme": {"default", "slate"}}
_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
# Where an author's Markdown or HTML names classes: `{ .name }`, `class="name"`.
_BRACES = re.compile(r"\{[^{}\n]*\}")
_ATTRIBUTE = re.compile(r"\bclass=[\"']([^\"']*)[\"']")


def whole_theme(config: MkDocsConfig, root: Path) -> tuple[Path, ...]:
    """The theme's style sheets where a guide may use more of them than `THEME` holds, else none."""
    return () if _is_enough(config, root) else theme_sheets()


def _is_enough(config: MkDocsConfig, root: Path) -> bool:
    """Whether no page of the guide has a class of the theme that `THEME` leaves out."""
    palettes = config.theme.get("palette") or []
    known = (
        config.theme.name == "material"
        and is_known_release("mkdocs-material")
        and set(config.plugins) <= PLUGINS
        and set(config.markdown_extensions) <= _EXTENSIONS
        and isinstance(palettes, list)
        and all(
            palette.get(name) in colours
            for palette in palettes
            for name, colours in _COLOURS.items()
        )
    )
    if not known or _own_templates(root):
        return False
    dropped = _classes_in(*theme_sheets()) - _classes_in(THEME)
    return not any(
        dropped.intersection(_classes_of(page.read_text(encoding="utf-8", errors="replace")))
        for folder in layers(root, DOCS)
        for page in folder.rglob("*.md")
    )


def _classes_of(text: str) -> set[str]:
    """The classes that a page of docs/ names."""
    in_braces = {name for braces in _BRACES.findall(text) for name in _CLASS.findall(braces)}
    return in_braces | {name for names in _ATTRIBUTE.findall(text) for name in names.split()}


def _classes_in(*sheets: Path) -> set[str]:
    return {name for path in sheets for name in _CLASS.findall(path.read_text(encoding="utf-8"))}


def _own_templates(root: Path) -> bool:
    """Whether the guide has templates of the theme of its own, beside components."""
    own = layers(root, "overrides")[:-1]
    return any(
        not path.relative_to(folder).as_posix().startswith("macros/")
        for folder in own
        for path in folder.rglob("*.html")
    )


def without_theme_files(files: Files, root: Path) -> Files:
    """The files without the theme's scripts, styles and pictures: pages have ours, which hold what
    they need of the theme's. A guide with templates of its own may ask for them.
    """
    if not _own_templates(root):
        assets = theme_templates() / "assets"
        for file in list(files):
            if file.abs_src_path and Path(file.abs_src_path).is_relative_to(assets):
                files.remove(file)
    return files


def use_names(config: MkDocsConfig, names: Mapping[str, str]) -> None:
    """Has the pages ask for assets by the names with a digest, given by those without."""
    config.extra_css = [names.get(name, name) for name in config.extra_css]
    for script in config.extra_javascript:
        if not isinstance(script, str):
            script.path = names.get(script.path, script.path)
    config.extra_javascript = [
        names.get(script, script) if isinstance(script, str) else script
        for script in config.extra_javascript
    ]
    for key in ("favicon", "logo"):
        if config.theme.get(key):
            config.theme[key] = names.get(config.theme[key], config.theme[key])
