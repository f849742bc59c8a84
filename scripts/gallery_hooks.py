"""What MkDocs loads for the gallery: it draws one folder of pages as a guide in Arabic has them."""

from __future__ import annotations

from typing import Any

import jinja2
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page


def on_env(env: jinja2.Environment, config: MkDocsConfig, files: Files) -> jinja2.Environment:
    """Has the theme's templates say their marked words in English."""
    env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # Of i18n.
    return env


def on_page_context(
    context: dict[str, Any], page: Page, config: MkDocsConfig, **_: object
) -> dict[str, Any]:
    """Sets the theme's language and direction before each page, as `mkdocs.yml` does for all."""
    mirrored = page.file.src_uri.startswith("right-to-left/")
    config.theme["language"] = "ar" if mirrored else "en"
    config.theme["direction"] = "rtl" if mirrored else "ltr"
    return context
