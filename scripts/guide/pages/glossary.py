"""Hard words explained where a page first uses them, by touch and by keyboard.

A word of the glossary becomes a button at its first use; the button opens the definition in the
words of the page's own reader (the HTML popover, which needs no script). On paper the
definitions stand at the page's end.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from guide.base.language import gettext as _
from guide.base.text import text
from guide.content import models as m
from guide.content.library import Library

GLOSSARY = "about/glossary/"


# Inside these a word is not explained: headings and links do their own work, and labels are short
# by design. Any other element can say so of itself: `data-explain="no"`.
QUIET_TAGS = frozenset(
    {
        "a",
        "button",
        "summary",
        "caption",
        "h1",
        "h2",
        "h3",
        "h4",
        "svg",
        "sup",
        "code",
        "label",
        "legend",
        "thead",
        "nav",
        "form",
        "cite",
        "dt",
    }
)


_QUIET = ", ".join((*sorted(QUIET_TAGS), '[data-explain="no"]'))


_LINK = re.compile(r"(\[[^\]]*\]\([^)]*\))")


_RUN = re.compile(r"\w+")


_BLOCK_END = re.compile(r"(\n{2,})")


@dataclass(frozen=True)
class Word:
    """A term of the glossary as pages use it: every form of the word, and the definition for one
    reader.
    """

    id: str
    term: str
    forms: tuple[str, ...]
    definition: str


def patient_words(library: Library) -> tuple[Word, ...]:
    """The hard words with the wording of patients, for `Library.compute_once`."""
    return words_for(library.glossary.values(), True)


def clinician_words(library: Library) -> tuple[Word, ...]:
    """The hard words with the wording of clinicians, for `Library.memo`."""
    return words_for(library.glossary.values(), False)


def words_for(terms: Iterable[m.Term], patient: bool) -> tuple[Word, ...]:
    """The hard words, with the wording of one reader."""
    return tuple(
        Word(
            term.id,
            term.term,
            (re.sub(r" *\(.*?\)", "", term.term), *term.shown_as),
            term.patient if patient else term.clinician,
        )
        for term in terms
        if term.hard
    )


@functools.lru_cache(maxsize=4)
def pattern(words: tuple[Word, ...]) -> tuple[re.Pattern[str] | None, dict[str, Word]]:
    """One pattern for all forms, the longest first, and the word of each form. A match has three
    groups: a bracket that opens before the form, the form, and the marks that follow it.

    Abbreviations match as they are written, other words in any case; a plural s is part of the
    word.
    """
    of_form: dict[str, Word] = {}
    alternatives = []
    for word in words:
        for form in word.forms:
            of_form.setdefault(form.lower(), word)
            alternatives.append(form)
    if not alternatives:
        return None, {}
    alternatives.sort(key=len, reverse=True)
    parts = [
        (
            f"{re.escape(form)}(?:e?s)?"
            if _is_abbreviation(form)
            else f"(?i:{re.escape(form)}(?:e?s)?)"
        )
        for form in alternatives
    ]
    return re.compile(rf"(\(?)(?<![\w&#-])({'|'.join(parts)})(?![\w-])([).,;:!?]*)"), of_form


@functools.lru_cache(maxsize=4)
def first_words(words: tuple[Word, ...]) -> dict[str, frozenset[str]]:
    """What every match of `pattern` begins with, in small letters, by the id of its word: a text
    without any of these holds no hard word.

    Asked first, because the pattern tries every form at every place.
    """
    first_words_by_id: dict[str, frozenset[str]] = {}
    for word in words:
        firsts = {first[0] for form in word.forms if (first := _RUN.search(form.casefold()))}
        first_words_by_id[word.id] = frozenset(
            f"{first}{ending}" for first in firsts for ending in ("", "s", "es")
        )
    return first_words_by_id


def _is_abbreviation(form: str) -> bool:
    return sum(letter.isupper() for letter in form) > 1


def word_of(matched: str, of_form: dict[str, Word]) -> Word | None:
    """The word that what `pattern` found is a form of."""
    small = matched.lower()
    return next(
        (
            of_form[form]
            for form in (small, small.removesuffix("s"), small.removesuffix("es"))
            if form in of_form
        ),
        None,
    )


def explain(markdown: str, words: tuple[Word, ...], glossary: str) -> str:
    """The page with each hard word explained at its first use. `glossary` is the way to the
    glossary page.

    The page is Markdown without front matter whose components are HTML; text inside `QUIET_TAGS`
    and elements with `data-explain="no"`, headings and Markdown links stay as they are.
    """
    finder, of_form = pattern(words)
    if finder is None:
        return markdown
    explainer = _Explainer(words, finder, of_form)
    # With the pattern's group, split gives the blocks at even places.
    parts = _BLOCK_END.split(markdown)
    for at in range(0, len(parts), 2):
        parts[at] = explainer.block(parts[at])
    if not explainer.used:
        return markdown
    more = text(_("Glossary"))
    entries = "\n".join(
        f'<div popover class="term__text" id="word-{word.id}" role="note"'
        f' aria-label="{text(word.term)}"><p><strong>{text(word.term)}</strong>'
        f' {text(word.definition)}</p><p><a href="{glossary}#term-{word.id}">{more}</a></p></div>'
        for word in explainer.used.values()
    )
    title = text(_("Hard words on this page"))
    return (
        "".join(parts).rstrip("\n")
        + f'\n\n<div class="terms"><p class="terms__title">{title}</p>\n{entries}\n</div>\n'
    )


class _Explainer:
    """Puts the buttons into one page; `used` are the words explained so far, by id."""

    def __init__(
        self, words: tuple[Word, ...], finder: re.Pattern[str], of_form: dict[str, Word]
    ) -> None:
        self.used: dict[str, Word] = {}
        self._finder, self._of_form = finder, of_form
        self._firsts = first_words(words)
        # How many words not yet explained begin so: only where one does is it worth to look closer.
        self._starts = Counter(first for firsts in self._firsts.values() for first in firsts)

    def block(self, markdown: str) -> str:
        """A block of the page, without its headings, explained."""
        lines = markdown.split("\n")
        for number, line in enumerate(lines):
            if line.startswith("<"):  # HTML goes to the block's end
                return "\n".join([*lines[:number], self._html("\n".join(lines[number:]))])
            if not line.startswith("#"):
                lines[number] = self._html(line)
        return "\n".join(lines)

    def _html(self, source: str) -> str:
        if not self._may_hold_a_word(source):
            return source
        if "<" not in source:
            return self._text(source)
        tree = LexborHTMLParser(source, is_fragment=True)
        candidates = [
            node for node in _explicable(tree) if self._may_hold_a_word(node.text_content or "")
        ]
        before = len(self.used)
        for node in candidates:
            words = text(node.text_content)
            explained = self._text(words)
            if explained != words:
                _replace(node, explained)
        return tree.html or "" if len(self.used) > before else source

    def _may_hold_a_word(self, piece: str) -> bool:
        return not self._starts.keys().isdisjoint(_RUN.findall(piece.casefold()))

    def _text(self, piece: str) -> str:
        return "".join(
            part if at % 2 else self._finder.sub(self._button, part)
            for at, part in enumerate(_LINK.split(piece))
        )

    def _button(self, match: re.Match[str]) -> str:
        opens, form, follows = match.groups()
        word = word_of(form, self._of_form)
        if word is None or word.id in self.used:
            return match[0]
        self.used[word.id] = word
        for first in self._firsts[word.id]:
            self._starts[first] -= 1
            if not self._starts[first]:
                del self._starts[first]
        button = (
            f'<button type="button" class="term" popovertarget="word-{word.id}">{form}</button>'
        )
        # A line may break on both sides of a button, also between it and a bracket or a full stop.
        return (
            f'<span class="unbroken">{opens}{button}{follows}</span>'
            if opens or follows
            else button
        )


def _explicable(tree: LexborHTMLParser) -> list[LexborNode]:
    """The texts of a piece of HTML whose words may be explained, in order."""
    text_nodes: list[LexborNode] = []
    if tree.root is not None:
        quiet = {node.mem_id for node in tree.css(_QUIET)}
        _note_texts(tree.root, quiet, text_nodes)
    return text_nodes


def _note_texts(first: LexborNode, quiet: set[int], text_nodes: list[LexborNode]) -> None:
    """Notes the texts of an element and of those after it below the same parent."""
    child: LexborNode | None = first
    while child is not None:
        if child.is_text_node:
            text_nodes.append(child)
        elif child.mem_id not in quiet and (inner := child.first_child) is not None:
            _note_texts(inner, quiet, text_nodes)
        child = child.next


def _replace(node: LexborNode, source: str) -> None:
    """Puts a piece of HTML in the place of a text."""
    piece = LexborHTMLParser(source, is_fragment=True).root
    while piece is not None:
        node.insert_before(piece)
        piece = piece.next
    node.remove()


_BUTTON = r'<button type="button" class="term" popovertarget="word-[^"]*">(.*?)</button>'


_EXPLAINED = re.compile(rf'<span class="unbroken">(\(?){_BUTTON}([).,;:!?]*)</span>|{_BUTTON}')


def unexplained(markdown: str) -> str:
    """The page as it was before `explain`."""
    plain, mark, _ = markdown.partition('\n\n<div class="terms"><p class="terms__title">')
    return _EXPLAINED.sub(r"\1\2\3\4", plain) + "\n" if mark else markdown
