"""Putting HTML aside changes nothing that a reader sees, and spares Markdown the reading of it."""

import re

import markdown
import pytest

from guide.mkdocs_plugin.html_blocks import HtmlBlocks

PLAIN = ["attr_list", "toc", "tables", "fenced_code"]


def converted(source: str, *more) -> tuple[str, list]:
    """The page without empty lines between its blocks, and its table of contents."""
    converter = markdown.Markdown(extensions=[*PLAIN, *more])
    html = converter.convert(source)
    return re.sub(r"\n+", "\n", html), converter.toc_tokens


@pytest.mark.parametrize(
    "source",
    [
        "# Title\n\n<ul><li>one</li></ul>\n<section><p>two</p></section>\n\nWords.",
        "- One\n- Two\n\n<p>Component</p>\n\nAfter.",
        "## Head { #head }\n\n<div><p>*no stars* [no](link.md)</p></div>\n\n*Stars*, [a](b.md).",
        "<details><summary>Why</summary>\n<p>a &amp; b</p></details>\n\n1. One\n2. Two",
        "A line with a <b>tag</b> inside.\n\n> Quoted\n\n```\n<p>code</p>\n```",
        "Same\n\n<p>x</p>\n\n## Same\n\n<p>x</p>\n\n## Same",
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n<p>end</p>",
    ],
)
def test_a_page_comes_out_as_markdown_alone_makes_it(source):
    assert converted(source, HtmlBlocks()) == converted(source)


def test_markdown_does_not_look_into_a_component(monkeypatch):
    asked = []
    plain = markdown.preprocessors.build_preprocessors.__globals__["HtmlBlockPreprocessor"]
    run = plain.run
    monkeypatch.setattr(plain, "run", lambda self, lines: asked.extend(lines) or run(self, lines))
    html = markdown.markdown("Before.\n\n<p>Component</p>", extensions=[HtmlBlocks()])
    assert html.endswith("<p>Component</p>") and not any("Component" in line for line in asked)
