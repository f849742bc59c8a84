"""A Markdown extension: the HTML of components passes through a page's conversion unread.

A compiled page is mostly HTML, which Markdown leaves as it is but reads several times over. Here
each block that begins with a tag is put aside before anything looks at it, as Markdown itself puts
HTML aside, and comes back at the end. A component writes no empty line, so its HTML is one block.
"""

from __future__ import annotations

import re

import markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

# The name under which Markdown finds the extension.
HTML_BLOCKS = "guide.mkdocs_plugin.html_blocks:HtmlBlocks"
# After Markdown has put line ends in order (30), before MkDocs (21.5) and Markdown (20) look for
# HTML.
_PRIORITY = 25
_BETWEEN_BLOCKS = re.compile(r"\n{2,}")


class HtmlBlocks(Extension):
    """Puts aside every block of a page that begins with "<"."""

    def extendMarkdown(self, md: markdown.Markdown) -> None:
        """Registers the step that puts the blocks aside."""
        md.preprocessors.register(_PutAside(md), "html-blocks", _PRIORITY)


class _PutAside(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        """The lines with a placeholder for each block of HTML."""
        blocks = _BETWEEN_BLOCKS.split("\n".join(lines))
        return "\n\n".join(
            self.md.htmlStash.store(block) if block.startswith("<") else block for block in blocks
        ).split("\n")
