"""How hard the pages are to read: prose out of rendered pages, and the measures of it.

Prose is what a reader reads as sentences: paragraphs, list items, answers, captions of figures.
Headings, tables, reference lists, dates, badges, labels of countries and citation numbers are
not. Every sentence keeps what is needed to find where it is written.
"""

from __future__ import annotations

import functools
import html
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Sentence:
    """One sentence as it is read. `template` is the same with `{}` for each value, as in the YAML;
    `records` are the ids that the element around it names; `picture`: it stands in a picture's own
    words.
    """

    text: str
    template: str
    records: tuple[str, ...] = ()
    picture: bool = False


@dataclass(frozen=True)
class Block:
    """A paragraph, list item or caption. `bullet`: an item of a plain list, where a few words may
    stand alone. `frame`: a part that every page of the topic repeats.
    """

    sentences: tuple[Sentence, ...]
    bullet: bool = False
    frame: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list: how many items, its first sentence, and whether its items are facts, each with its
    sources.
    """

    items: int
    first: Sentence
    facts: bool


@dataclass(frozen=True)
class Prose:
    """All prose of one page."""

    blocks: tuple[Block, ...]
    lists: tuple[Bullets, ...] = ()

    def sentences(self) -> list[Sentence]:
        """The page's own sentences, without the frame that every page of the topic repeats."""
        return [
            sentence for block in self.blocks if not block.frame for sentence in block.sentences
        ]


# -- prose out of a page -------------------------------------------------------------------

_PROSE = {"p", "li", "dd", "figcaption", "blockquote"}


_BESIDE_TAGS = {
    "table",
    "svg",
    "nav",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "dt",
    "summary",
    "style",
    "script",
    "template",
    "dialog",
    "button",
    "label",
    "sup",
}


# Classes of what stands beside the prose: marks, data, lists that lead elsewhere, and words for the
# other reader.
_BESIDE = {
    "badge",
    "gap__label",
    "gap__looked",
    "country",
    "permalink",
    "edit",
    "edit-page",
    "twin",
    "example",
    "as-of",
    "who",
    "audience",
    "sources",
    "downloads",
    "cite",
    "numbers",
    "dates",
    "changes",
    "approval-list",
    "answer__again",
    "glossary__clinician",
    "calendar__tests",
}


# A class that ends so marks a heading without a heading's element.
_HEADING = re.compile(r"(?:__|-)(?:name|title)\b")


_FRAME = {"verdict", "help-now", "review"}


# Lists that are an index: each item leads to a page. They are as long as the guide has pages, and a
# reader looks one entry up; nobody has to hold them in mind, as the items of a list of advice.
# Their sentences are measured like any other.
_INDEX = {"topics", "topic-index"}


_LISTS = {"ul", "ol"}


_INLINE = {"a", "span", "em", "b", "i", "cite", "abbr", "small"}


_NONE: frozenset[str] = frozenset()


# Half of a page, cut out before it is walked through: it is long, closed by its own end tag, and
# never prose.
_BULK = re.compile(
    r'<(sup|table|svg)\b.*?</\1>|<a class="(?:permalink|edit)".*?</a>|<p'
    r' class="(?:twin|statement__badges|edit-page)".*?</p>|<ol class="(?:sources|changes)".*?</ol>',
    re.S,
)


_VOID = {"br", "hr", "img", "input", "use", "wbr", "source"}


_TOKEN = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^>]*)>|([^<]+|<)")


_CLASS, _RECORD, _HIDDEN = (
    re.compile(r'\bclass="([^"]*)"'),
    re.compile(r'\bdata-record="([^"]*)"'),
    re.compile(r'\bpopover\b|role="(?:tooltip|dialog)"'),
)


# Around a value, and around bold words, while sentences are told apart.
_VALUE, _BOLD = ("\ue000", "\ue001"), ("\ue002", "\ue003")


_VALUES, _MARKS = re.compile("\ue000[^\ue001]*\ue001"), re.compile("[\ue000-\ue003]")


_RUN_IN = re.compile("\\s*\ue002([^\ue003]*[.:!])\ue003")


_LETTER = re.compile(r"\w")


_END = re.compile(
    r"(?:(?<=[.!?])|(?<=[.!?][”’\"')\ue003]))\s+(?=[\ue000-\ue003“‘\"'(]*[A-Z0-9\ue000])"
)


class _Element:
    """An open element: what holds inside it, and the text of a block."""

    __slots__ = (
        "beside",
        "bullet",
        "facts",
        "first",
        "frame",
        "index",
        "items",
        "linked",
        "mark",
        "parts",
        "picture",
        "records",
        "tag",
        "total",
    )

    def __init__(self, tag: str, above: _Element | None):
        self.tag = tag
        self.beside, self.frame, self.bullet, self.facts, self.records = (
            (above.beside, above.frame, above.bullet, above.facts, above.records)
            if above
            else (False, False, False, False, ())
        )
        self.picture: bool = tag == "figure" or (above is not None and above.picture)
        self.parts: list[str] | None = None
        self.mark = ""
        self.index = False
        self.items = self.total = self.linked = 0
        self.first: Sentence | None = None


class _Reader:
    """Walks the tags of one page. Our own components write them: text is always escaped, every
    element closed.
    """

    def __init__(self) -> None:
        self.stack: list[_Element] = []
        self.blocks: list[Block] = []
        self.lists: list[Bullets] = []

    def feed(self, markup: str) -> None:
        for closing, tag, attributes, text in _TOKEN.findall(markup):
            if text:
                self._text(text)
            elif closing:
                self._end(tag)
            elif tag not in _VOID and not attributes.endswith("/"):
                self._start(tag, attributes)

    def _start(self, tag: str, attributes: str) -> None:
        element = _Element(tag, self.stack[-1] if self.stack else None)
        self.stack.append(element)
        if element.beside:
            return
        named = _CLASS.search(attributes) if "class=" in attributes else None
        classes = set(named[1].split()) if named else _NONE
        if (
            tag in _BESIDE_TAGS
            or (named and (not _BESIDE.isdisjoint(classes) or _HEADING.search(named[1])))
            or (("pop" in attributes or "role=" in attributes) and _HIDDEN.search(attributes))
        ):
            element.beside = True
            return
        mark = _VALUE if "value" in classes else _BOLD if tag == "strong" else None
        if mark:
            self._inline(mark[0])
            element.mark = mark[1]
        elif tag not in _INLINE:
            record = _RECORD.search(attributes) if "data-record" in attributes else None
            if record:
                element.records = tuple(record[1].split())
            if named and not _FRAME.isdisjoint(classes):
                element.frame = True
            if tag in _LISTS:
                element.facts, element.index = (
                    "statements" in classes,
                    not _INDEX.isdisjoint(classes),
                )
                element.bullet = not element.facts
            elif tag in _PROSE:
                element.parts = []
                if tag == "li" and (outer := self._around(_LISTS)):
                    outer.items += 1

    def _around(self, tags: set[str]) -> _Element | None:
        return next((element for element in reversed(self.stack) if element.tag in tags), None)

    def _inline(self, mark: str) -> None:
        block = next(
            (element for element in reversed(self.stack) if element.parts is not None), None
        )
        if block:
            block.parts.append(mark)

    def _text(self, text: str) -> None:
        if not self.stack or self.stack[-1].beside:
            return
        linked = False
        for element in reversed(self.stack):
            linked = linked or element.tag == "a"
            if element.parts is not None:
                element.parts.append(text)
                size = len(_LETTER.findall(text))
                element.total += size
                element.linked += size if linked else 0
                return

    def _end(self, tag: str) -> None:
        while self.stack:
            element = self.stack.pop()
            if element.mark:
                self._inline(element.mark)
            elif element.parts is not None and not element.beside:
                self._close(element)
            elif (
                element.tag in _LISTS and element.first and not element.index and not element.beside
            ):
                self.lists.append(Bullets(element.items, element.first, element.facts))
            if element.tag == tag:
                return

    def _close(self, element: _Element) -> None:
        """A block is whole: its sentences, unless all of it is a link (a way elsewhere) or it is
        empty.
        """
        if element.total == element.linked:
            return
        sentences = tuple(
            Sentence(text, template, element.records, element.picture)
            for text, template in sentences_of("".join(element.parts or ()))
        )
        if sentences:
            self.blocks.append(Block(sentences, element.bullet, element.frame))
            outer = self._around(_LISTS)
            if outer and outer.first is None:
                outer.first = sentences[0]


@functools.lru_cache(maxsize=65536)
def sentences_of(marked: str) -> tuple[tuple[str, str], ...]:
    """The sentences of a block's escaped text: (as read, with `{}` for each value). A short bold
    lead such as "Not known." is a heading in the line and no sentence.
    """
    text = html.unescape(marked)
    lead = _RUN_IN.match(text)
    if lead and len(lead[1].split()) <= 4:
        text = text[lead.end() :]
    found = []
    for part in _END.split(" ".join(text.split(" \n")).strip()):
        words = " ".join(_MARKS.sub("", part).split())
        if re.search(r"\w", words):
            found.append((words, " ".join(_MARKS.sub("", _VALUES.sub("{}", part)).split())))
    return tuple(found)


def read(markdown: str) -> Prose:
    """The prose of a page as it goes to the site engine: HTML blocks with a little Markdown between
    them.
    """
    reader, typed = _Reader(), []
    lines = _BULK.sub("", markdown).split("\n")
    if lines[0] == "---":
        lines = lines[lines.index("---", 1) + 1 :]
    for line in [*lines, ""]:
        if not reader.stack and line.startswith("- "):
            typed.append(f"<li>{_inline_markdown(line[2:])}</li>")
            continue
        if typed:  # a list typed in Markdown ends where another block begins
            reader.feed(f"<ul>{''.join(typed)}</ul>")
            typed = []
        if reader.stack or line.startswith("<"):
            reader.feed(line + "\n")
        elif line.strip() and not line.startswith("#"):
            reader.feed(f"<p>{_inline_markdown(line)}</p>")
    return Prose(tuple(reader.blocks), tuple(reader.lists))


def _inline_markdown(line: str) -> str:
    return re.sub(
        r"\*\*(.+?)\*\*",
        r"<strong>\1</strong>",
        re.sub(r"\[([^\]]*)\]\([^)]*\)", r"<a>\1</a>", line),
    )


@functools.lru_cache(maxsize=2)
def read_once(markdown: str) -> Prose:
    """The same as `read`, for those who look at one page one after another."""
    return read(markdown)
