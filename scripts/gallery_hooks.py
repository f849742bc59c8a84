"""What MkDocs loads for the gallery: it draws one folder of pages as a guide in Arabic has them."""

from __future__ import annotations

from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page


def on_page_context(
    context: dict[str, Any], page: Page, config: MkDocsConfig, **_: object
) -> dict[str, Any]:
    """Sets the theme's language and direction before each page, as `mkdocs.yml` does for all."""
    mirrored = page.file.src_uri.startswith("right-to-left/")
    config.theme["language"] = "ar" if mirrored else "en"
    config.theme["direction"] = "rtl" if mirrored else "ltr"
    return context
