"""The settings of MkDocs: which releases and plugins the fast build was compared with, and what is
spared.
"""

from __future__ import annotations

import importlib.metadata
import os
from pathlib import Path

import jinja2
import mkdocs
from jinja2.bccache import Bucket
from mkdocs.config.defaults import MkDocsConfig

from guide.base import language
from guide.base.layers import layers

# The releases whose steps `FastBuild` takes; both are frozen, and a newer one goes the plain way
# until it is compared.
FAST_WITH = {"mkdocs": "1.6.1", "mkdocs-material": "9.8.1"}
# MkDocs counts a hook among the plugins. A guide has the plugin, a checkout of the engine the hook.
_HOOK, _PLUGIN = "scripts/hooks.py", "guide"
PLUGINS = {"search", "material/search", _HOOK, _PLUGIN}


def fast_is_safe(config: MkDocsConfig) -> bool:
    """Whether this is the engine, and only the plugins, that the fast build was compared with."""
    if os.environ.get("GUIDE_ENGINE") == "plain":
        return False
    if not all(map(is_known_release, FAST_WITH)):
        return False
    return bool(
        mkdocs.__version__ == FAST_WITH["mkdocs"]
        and set(config.plugins) <= PLUGINS
        and config.use_directory_urls
        and [str(name) for name in config.hooks] in ([], [_HOOK])
        and (_HOOK in config.plugins or _PLUGIN in config.plugins)
        and not config.extra_templates
        and "INHERIT" not in Path(config.config_file_path).read_text(encoding="utf-8")
    )


def is_known_release(package: str) -> bool:
    """Whether the installed release of this package is that of `FAST_WITH`."""
    try:
        return importlib.metadata.version(package) == FAST_WITH[package]
    except importlib.metadata.PackageNotFoundError:
        return False


def only_own_templates(root: Path, config: MkDocsConfig) -> bool:
    """Whether all templates and settings are the guide's, the engine's or of a package: what else
    decides how a page comes out is nowhere known.
    """
    own = {str(folder) for folder in layers(root, "overrides")}
    others = [folder for folder in config.theme.dirs if os.path.normpath(folder) not in own]
    return config.config_file_path == str(root / "mkdocs.yml") and all(
        "site-packages" in Path(folder).parts for folder in others
    )


def set_language(config: MkDocsConfig, code: str) -> None:
    """Has this process, the theme and its search speak the guide's language. Its one home is
    content/site.yml; the content was read in another process.
    """
    spoken = language.use(code)
    config.theme["language"], config.theme["direction"] = spoken.code, spoken.direction
    for name in ("search", "material/search"):
        if name in config.plugins:
            config.plugins[name].config["lang"] = [spoken.code]


def without_theme_index(config: MkDocsConfig) -> None:
    """Spares the theme's search plugin its index, a sixth of a build: the search box is ours
    (docs/assets/search.js).

    The plugin itself stays, because the theme draws the box only where it is configured.
    """
    plugin = config.plugins.get("material/search")
    for name, methods in config.plugins.events.items():
        methods[:] = [
            method
            for method in methods
            if getattr(method, "__self__", None) is not plugin or name in ("startup", "config")
        ]


class CompiledTemplates(jinja2.BytecodeCache):
    """The theme's templates as they were compiled in an earlier build of the same process: Jinja
    compares their sources.
    """

    def __init__(self) -> None:
        self._compiled: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fills in what is known."""
        # What a template says is compiled for a language.
        known = self._compiled.get((language.current().code, bucket.key))
        if known is not None:
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Notes what was compiled."""
        self._compiled[language.current().code, bucket.key] = bucket.bytecode_to_string()
