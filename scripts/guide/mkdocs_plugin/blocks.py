"""Python-Markdown's own result for our pages, block by block: components pass through, the rest is
converted once.

A compiled page is mostly HTML that Markdown must leave as it is, and Python-Markdown reads every
tag of it several times over. Here the HTML is only checked to be what Markdown would pass through
whole; headings and paragraphs go to the real converter, each text once for all pages. What does not
fit is not guessed at: `convert` gives None and the caller takes the plain way. A test compares
both, byte by byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast

import markdown
from markdown.extensions.toc import nest_toc_tokens, unique

# The release this was compared with, and the extensions whose work is local to a block.
MARKDOWN = "3.11.3"


LOCAL = frozenset({"toc", "tables", "fenced_code", "attr_list"})


_TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/>]*)([^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*)>""")


_ODD = re.compile(
    r"[\t\r\x02\x03]|\n["
    r" ]+\n|<!--|<\?|<!\[|</?(?:script|style|textarea|iframe|noembed|noframes|xmp|plaintext)\b",
    re.I,
)


# A paragraph or heading that stands for itself: no list, quotation, code, table, link or
# definition.
_PLAIN = re.compile(r"(?:#{1,6} |[A-Za-z0-9*\"“‘'(])")


# A list whose items are a line each, with its links taken out; it may not stand beside another,
# which would join it.
_LIST = re.compile(r"(?:- (?! |[-+*] |\d+[.)]\s|#|>|\|)[^\n]*(?:\n|\Z))+\Z")


# A link inside a line to a page as it is written, which the engine answers with the page's address.
_TO_PAGE = re.compile(r"(?<![\\!])\[([^\[\]\n]*)\]\(([^()\s#<>\"'?:]+\.md)(#[\w-]+)?\)")


_NUMBERED = re.compile(r"\d+[.)]\s|\*\s|[*_-]{3}")


_FAR = re.compile(
    r"\]\(|\]\[|\]:|!\[|^(?: {4}|~~~|```|>|\|)|\|.*\n *[|:-]|\n *(?:#|[-*+] |\d+\. |={2,}|-{2,}|<)",
    re.M,
)


class Blocks:
    """Converts pages with the given extensions; holds the blocks it has met."""

    def __init__(self, extensions: list[Any], configs: dict[str, Any]):
        self.usable = (
            markdown.__version__ == MARKDOWN
            and all(isinstance(name, str) for name in extensions)
            and set(extensions) <= LOCAL
        )
        self._markdown = (
            markdown.Markdown(extensions=extensions, extension_configs=configs)
            if self.usable
            else markdown.Markdown()
        )
        self._known: dict[str, tuple[str, list[dict[str, Any]]]] = {}

    def convert(
        self, source: str, address: Callable[[str], str | None] = lambda path: None
    ) -> tuple[str, list[dict[str, Any]]] | None:
        """The HTML and the nested tokens of the table of contents, as Python-Markdown gives them;
        None where it is to be asked itself.

        `address` gives the way to a page from its path as a link names it; None for what is no
        page.
        """
        if not self.usable or _ODD.search(source):
            return None
        out: list[str] = []
        tokens: list[dict[str, Any]] = []
        unnamed: list[tuple[int, int, str]] = []
        before = ""
        for block in re.split(r"\n{2,}", source.strip("\n")):
            if before.startswith("- ") and block.startswith(("- ", "* ", "+ ", " ")):
                return None
            before = block
            if block.startswith("<"):
                parts = self._raw(block)
                if parts is None:
                    return None
                out += parts
                continue
            found = self._converted(block, address)
            if found is None:
                return None
            if found[1] and not block.endswith("}"):
                unnamed.append((len(out), len(tokens), block))
            out.append(found[0])
            tokens += found[1]
        if not self._with_own_ids(out, tokens, unnamed):
            return None
        plain = [
            {name: value for name, value in token.items() if name != "children"} for token in tokens
        ]
        return "\n".join(out).strip(), cast(list[dict[str, Any]], nest_toc_tokens(cast(Any, plain)))

    def _with_own_ids(
        self, out: list[str], tokens: list[dict[str, Any]], unnamed: list[tuple[int, int, str]]
    ) -> bool:
        """Gives headings without an id of their own another where it is taken, as the table of
        contents does; False where two are the same still.
        """
        ids = [token["id"] for token in tokens]
        if len(set(ids)) == len(ids):
            return True
        places = {place for _, place, _ in unnamed}
        used = {token["id"] for place, token in enumerate(tokens) if place not in places}
        for line, place, block in unnamed:
            found = self._converted(f"{block} {{ #{unique(tokens[place]['id'], used)} }}")
            if found is None:
                return False
            out[line], tokens[place] = found[0], found[1][0]
        return len({token["id"] for token in tokens}) == len(ids)

    def _raw(self, block: str) -> list[str] | None:
        """The elements of a block of HTML, each whole and starting a line; None where it is
        anything else.
        """
        parts: list[str] = []
        open_: list[str] = []
        start = tags = end = 0
        for tag in _TAG.finditer(block):
            tags += 1
            name = tag[2].lower()
            if not open_ and (
                tag.start() != start
                or tag[1]
                or tag[3].endswith("/")
                or name == "hr"
                or name not in self._markdown.block_level_elements
            ):
                return None
            if tag[1]:
                if name in open_:
                    while open_.pop() != name:
                        pass
                if not open_:
                    end = tag.end()
                    if end == len(block):
                        parts.append(f"{block[start:end]}\n")
                    elif block[end] == "\n":
                        parts.append(block[start:end])
                    else:
                        return None
                    start = end + 1
            elif not tag[3].endswith("/") and name != "hr":
                open_.append(name)
        return parts if not open_ and end == len(block) and tags == block.count("<") else None

    def _converted(
        self, block: str, address: Callable[[str], str | None] = lambda path: None
    ) -> tuple[str, list[dict[str, Any]]] | None:
        if "](" in block:
            if "`" in block:  # what looks like a link may be code
                return None
            ways = [address(path) for _, path, _ in _TO_PAGE.findall(block)]
            if None in ways:
                return None
            found_ways = iter(ways)
            words = _TO_PAGE.sub(lambda link: link[1] or "x", block)
            block = _TO_PAGE.sub(
                lambda link: f"[{link[1]}]({next(found_ways)}{link[3] or ''})", block
            )
        else:
            words = block
        found = self._known.get(block)
        if found is None:
            heading = block.startswith("#")
            listed = _LIST.match(words)
            if listed:
                words = words.replace("\n- ", "\n")[2:]
            if (
                not _PLAIN.match(words)
                or _NUMBERED.match(words)
                or _FAR.search(words)
                or (heading and "\n" in block)
            ):
                return None
            self._markdown.reset()
            html = self._markdown.convert(block)
            # Set by the extension "toc".
            found = (html, cast(list[dict[str, Any]], vars(self._markdown)["toc_tokens"]))
            if len(self._known) < 20_000:
                self._known[block] = found
        return found
