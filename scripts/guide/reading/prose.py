"""How hard the pages are to read: prose out of rendered pages, and the measures of it.

Prose is what a reader reads as sentences: paragraphs, list items, answers, captions of figures.
Headings, tables, reference lists, dates, badges, labels of countries and citation numbers are
not. Every sentence keeps what is needed to find where it is written.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from guide.base.language import current
from guide.content.language_rules import language_rules


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


# Elements that hold no prose by themselves. What else is none says so: `data-reading="skip"`.
_NO_PROSE = {
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


_HIDDEN_ROLES = {"tooltip", "dialog"}


_LISTS = {"ul", "ol"}


_INLINE = {"a", "span", "em", "b", "i", "cite", "abbr", "small"}


# Around a value, and around bold words, while sentences are told apart.
_VALUE, _BOLD = ("\ue000", "\ue001"), ("\ue002", "\ue003")


_VALUES, _MARKS = re.compile("\ue000[^\ue001]*\ue001"), re.compile("[\ue000-\ue003]")


_RUN_IN = re.compile("\\s*\ue002([^\ue003]*[.:!])\ue003")


_LETTER = re.compile(r"\w")


# Between two sentences: what the first ends with, and what the second may begin with.
_END = re.compile(
    r"(?:(?<=[.!?؟。])|(?<=[.!?؟。][”“’\"'»)\ue003]))\s+(?=(?P<opened>[\ue000-\ue003“„‘\"'«(]*)(?P<first>\S))"
)


_DAY = re.compile(r"(?<!\d)\d{1,2}\.$")


@dataclass
class _List:
    """An open list. `index`: each item leads to a page. Such a list is as long as the guide has
    pages, and a reader looks one entry up; nobody has to hold it in mind.
    """

    facts: bool
    index: bool
    items: int = 0
    first: Sentence | None = None


@dataclass
class _Text:
    """The text of an open block, and how many of its letters are links."""

    parts: list[str] = field(default_factory=list)
    letters: int = 0
    linked: int = 0


@dataclass(frozen=True)
class _Around:
    """What holds inside an element, from itself and from those around it."""

    frame: bool = False
    bullet: bool = False
    picture: bool = False
    link: bool = False
    records: tuple[str, ...] = ()
    list: _List | None = None
    text: _Text | None = None


class _Reader:
    """Walks the tree of one page. The page's elements say what they are to a reader:

    `data-reading="skip"`: no prose: marks, data, words for the other reader; `"frame"`: a part
    that every page of the topic repeats, or facts that have their home elsewhere; `"index"`: a
    list of ways to pages; `"facts"`: a list whose items are facts with their sources; `"value"`:
    a value that the wording calls.
    """

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.lists: list[Bullets] = []

    def walk(self, parent: LexborNode, around: _Around) -> None:
        """Notes the blocks and lists inside an element."""
        child = parent.first_child
        while child is not None:
            if child.is_text_node:
                if around.text:
                    _add(around.text, child.text_content or "", around.link)
            elif child.is_element_node:
                self._element(child, child.tag or "", around)
            child = child.next

    def _element(self, node: LexborNode, tag: str, around: _Around) -> None:
        if tag in _NO_PROSE:
            return
        values = node.attributes
        reading = values.get("data-reading")
        if reading == "skip" or "popover" in values or values.get("role") in _HIDDEN_ROLES:
            return
        if reading == "value":
            self._marked(node, around, _VALUE)
        elif tag == "strong":
            self._marked(node, around, _BOLD)
        elif tag in _INLINE:
            self.walk(node, replace(around, link=True) if tag == "a" else around)
        else:
            if reading == "frame":
                around = replace(around, frame=True)
            if tag == "figure":
                around = replace(around, picture=True)
            if "data-record" in values:
                around = replace(around, records=tuple((values["data-record"] or "").split()))
            if tag in _LISTS:
                self._list(node, reading, around)
            elif tag in _PROSE:
                self._block(node, tag, around)
            else:
                self.walk(node, around)

    def _marked(self, node: LexborNode, around: _Around, marks: tuple[str, str]) -> None:
        if around.text:
            around.text.parts.append(marks[0])
        self.walk(node, around)
        if around.text:
            around.text.parts.append(marks[1])

    def _list(self, node: LexborNode, reading: str | None, around: _Around) -> None:
        list_ = _List(facts=reading == "facts", index=reading == "index")
        self.walk(node, replace(around, bullet=not list_.facts, list=list_))
        if list_.first and not list_.index:
            self.lists.append(Bullets(list_.items, list_.first, list_.facts))

    def _block(self, node: LexborNode, tag: str, around: _Around) -> None:
        """Notes a block, unless all of it is a link (a way elsewhere) or it is empty."""
        if tag == "li" and around.list:
            around.list.items += 1
        text = _Text()
        self.walk(node, replace(around, link=False, text=text))
        if text.letters == text.linked:
            return
        sentences = tuple(
            Sentence(words, template, around.records, around.picture)
            for words, template in _sentences("".join(text.parts), current().code)
        )
        if sentences:
            self.blocks.append(Block(sentences, around.bullet, around.frame))
            if around.list and around.list.first is None:
                around.list.first = sentences[0]


def _add(block: _Text, text: str, link: bool) -> None:
    block.parts.append(text)
    letters = len(_LETTER.findall(text))
    block.letters += letters
    block.linked += letters if link else 0


def _parted(text: str) -> Iterator[str]:
    """A text parted where a full stop ends a sentence in the current language."""
    rules, begin = language_rules().sentences, 0
    inside = {
        place
        for match in (rules.abbreviated.finditer(text) if rules.abbreviated else ())
        for place in range(match.start(), match.end() + 1)
    }
    for end in _END.finditer(text):
        before, first = text[begin : end.start()], end["first"]
        # A value may begin with a small letter.
        if _VALUE[0] not in end["opened"] and (first.islower() or not first.isalnum()):
            continue
        if end.start() in inside:
            continue
        if rules.ordinals and _DAY.search(before) and text.startswith(current().months, end.end()):
            continue
        yield before
        begin = end.end()
    yield text[begin:]


def sentences_of(marked: str) -> tuple[tuple[str, str], ...]:
    """The sentences of a block's escaped text: (as read, with `{}` for each value)."""
    return _sentences(html.unescape(marked), current().code)


@functools.lru_cache(maxsize=65536)
def _sentences(text: str, code: str) -> tuple[tuple[str, str], ...]:
    """The sentences of a block's text in the language of this code, the current one: (as read, with
    `{}` for each value). A short bold lead such as "Not known." is a heading in the line and no
    sentence.
    """
    lead = _RUN_IN.match(text)
    if lead and len(lead[1].split()) <= 4:
        text = text[lead.end() :]
    sentences = []
    for part in _parted(" ".join(text.split(" \n")).strip()):
        words = " ".join(_MARKS.sub("", part).split())
        if re.search(r"\w", words):
            sentences.append((words, " ".join(_MARKS.sub("", _VALUES.sub("{}", part)).split())))
    return tuple(sentences)


def read(markdown: str) -> Prose:
    """The prose of a page as it goes to the site engine: HTML blocks with a little Markdown between
    them.
    """
    reader = _Reader()
    tree = LexborHTMLParser(_as_html(markdown)).body
    if tree is not None:
        reader.walk(tree, _Around())
    return Prose(tuple(reader.blocks), tuple(reader.lists))


def _as_html(markdown: str) -> str:
    """A page's body as HTML: its own HTML as it is, the Markdown between as far as it is prose."""
    body = markdown
    if body.startswith("---\n"):
        body = body.split("\n---\n", 1)[1]
    parts: list[str] = []
    for block in re.split(r"\n{2,}", body):
        lines = block.split("\n")
        items: list[str] = []
        for number, line in enumerate(lines):
            if line.startswith("<"):  # HTML goes to the block's end
                parts += [*_typed_list(items), *lines[number:], ""]
                items = []
                break
            if line.startswith("- "):
                items.append(f"<li>{_inline_markdown(line[2:])}</li>")
                continue
            parts += _typed_list(items)
            items = []
            if line.strip() and not line.startswith("#"):
                parts.append(f"<p>{_inline_markdown(line)}</p>")
        parts += _typed_list(items)
    return "\n".join(parts)


def _typed_list(items: list[str]) -> list[str]:
    return [f"<ul>{''.join(items)}</ul>"] if items else []


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
