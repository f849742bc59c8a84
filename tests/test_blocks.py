"""Blocks are converted one by one as Python-Markdown converts the page, or not at all."""

import markdown
import pytest

from guide.mkdocs_plugin.blocks import Blocks

EXTENSIONS, CONFIGS = ["attr_list", "toc"], {"toc": {"permalink": "#", "toc_depth": 3}}
PAGES = {"dosing.md": "../dosing/", "../index.md": "../../"}


def whole(source: str) -> str:
    """The page as Markdown converts it, after the links to pages are answered."""
    for path, address in PAGES.items():
        source = source.replace(f"]({path}", f"]({address}")
    return markdown.Markdown(extensions=EXTENSIONS, extension_configs=CONFIGS).convert(source)


@pytest.mark.parametrize(
    "source",
    [
        "See [doses](dosing.md) and [home](../index.md#top).",
        "[Doses](dosing.md#kidney) stand there.",
        "A line\nand [one](dosing.md) more.",
        "- [Doses](dosing.md)\n- [Home](../index.md#a-b)\n- Plain *words*",
        "Before.\n\n- One\n- Two\n\nAfter.\n\n## Head { #head }\n\n- Three",
        "- One\n- Two\n\n<p>Component</p>\n\nAfter.",
        "# Title\n\n<ul><li>one</li></ul>\n<section><p>two</p></section>\n\nWords.",
    ],
)
def test_links_and_lists_come_out_as_markdown_makes_them(source):
    found = Blocks(EXTENSIONS, CONFIGS).convert(source, PAGES.get)
    assert found is not None and found[0] == whole(source)


@pytest.mark.parametrize(
    "source",
    [
        "A [link](missing.md) to no page.",
        "A [feed](../feed.xml).",
        "Code: `[doses](dosing.md)`.",
        "[A definition]: dosing.md",
        "![A picture](dosing.md)",
        "- One\n\n- Two, of a loose list",
        "- One\n\n    of the same item",
        "- One\n  - Two",
        "- One\ncontinued",
        "-   One",
        "- # Head",
        "- 1. One",
        "<section><p>one</p></section><section><p>two</p></section>",
    ],
)
def test_what_is_not_certain_is_left_to_markdown(source):
    assert Blocks(EXTENSIONS, CONFIGS).convert(source, PAGES.get) is None
