"""Hard words explained where a page first uses them, by touch and by keyboard.

A word of the glossary becomes a button at its first use; the button opens the definition in the
words of the page's own reader (the HTML popover, which needs no script). On paper the
definitions stand at the page's end.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable, Iterable
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


# The endings of a plural, which is part of the word.
_ENDINGS = ("", "s", "es")


class Finder:
    """Finds the forms of hard words in texts, the longest of those that begin at a place.

    Abbreviations match as they are written, other words in any case.
    """

    def __init__(self, words: tuple[Word, ...]):
        self._of_form: dict[str, Word] = {}
        # By what a match begins with, in small letters: only there it is worth to try the forms.
        self._forms: dict[str, list[str]] = {}
        self._patterns: dict[str, re.Pattern[str]] = {}
        self.firsts: dict[str, frozenset[str]] = {}
        for word in words:
            firsts: set[str] = set()
            for form in word.forms:
                first = _RUN.search(form)
                if first is None:
                    continue
                begun = form[first.start() :]
                self._of_form.setdefault(begun.lower(), word)
                for ending in _ENDINGS:
                    key = f"{first[0].casefold()}{ending}"
                    self._forms.setdefault(key, []).append(begun)
                    firsts.add(key)
            self.firsts[word.id] = frozenset(firsts)
        # Pages share most of their texts.
        self.begun = functools.lru_cache(maxsize=65536)(self._begun)

    def _begun(self, source: str) -> frozenset[str]:
        """What the text holds of all that a match begins with."""
        return frozenset(self._forms.keys() & _RUN.findall(source.casefold()))

    def sub(self, put: Callable[[re.Match[str], Word], str], source: str) -> str:
        """The text with what `put` gives for each match and its word. A match has three groups: a
        bracket that opens before the form, the form, and the marks that follow it.
        """
        parts, end = [], 0
        for run in _RUN.finditer(source):
            start = run.start()
            if start < end or (finder := self._pattern(run[0].casefold())) is None:
                continue
            opened = start > end and source[start - 1] == "("
            match = finder.match(source, start - opened)
            if match and (word := self._word_of(match[2])):
                parts += [source[end : match.start()], put(match, word)]
                end = match.end()
        return "".join([*parts, source[end:]]) if parts else source

    def _pattern(self, first: str) -> re.Pattern[str] | None:
        """One pattern for all forms that begin with a word, the longest first."""
        if first not in self._forms:
            return None
        found = self._patterns.get(first)
        if found is None:
            forms = "|".join(
                f"{re.escape(form)}(?:e?s)?"
                if _is_abbreviation(form)
                else f"(?i:{re.escape(form)}(?:e?s)?)"
                for form in sorted(self._forms[first], key=len, reverse=True)
            )
            found = self._patterns[first] = re.compile(
                rf"(\(?)(?<![\w&#-])({forms})(?![\w-])([).,;:!?]*)"
            )
        return found

    def _word_of(self, matched: str) -> Word | None:
        """The word that a match is a form of."""
        small = matched.lower()
        return next(
            (
                self._of_form[form]
                for form in map(small.removesuffix, _ENDINGS)
                if form in self._of_form
            ),
            None,
        )


@functools.lru_cache(maxsize=4)
def finder_of(words: tuple[Word, ...]) -> Finder:
    """The finder of these words, made once."""
    return Finder(words)


def _is_abbreviation(form: str) -> bool:
    return sum(letter.isupper() for letter in form) > 1


def explain(markdown: str, words: tuple[Word, ...], glossary: str) -> str:
    """The page with each hard word explained at its first use. `glossary` is the way to the
    glossary page.

    The page is Markdown without front matter whose components are HTML; text inside `QUIET_TAGS`
    and elements with `data-explain="no"`, headings and Markdown links stay as they are.
    """
    explainer = _Explainer(finder_of(words))
    explained = "\n\n".join(map(explainer.block, markdown.split("\n\n")))
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
        explained.rstrip("\n")
        + f'\n\n<div class="terms"><p class="terms__title">{title}</p>\n{entries}\n</div>\n'
    )


class _Explainer:
    """Puts the buttons into one page; `used` are the words explained so far, by id."""

    def __init__(self, finder: Finder) -> None:
        self.used: dict[str, Word] = {}
        self._finder = finder
        # How many words not yet explained begin so: only where one does is it worth to look closer.
        self._starts = Counter(first for firsts in finder.firsts.values() for first in firsts)

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
        if "<" not in source:
            return self._text(source) if self._may_hold_a_word(source) else source
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
        return not self._starts.keys().isdisjoint(self._finder.begun(piece))

    def _text(self, piece: str) -> str:
        return "".join(
            part if at % 2 else self._finder.sub(self._button, part)
            for at, part in enumerate(_LINK.split(piece) if "](" in piece else [piece])
        )

    def _button(self, match: re.Match[str], word: Word) -> str:
        if word.id in self.used:
            return match[0]
        opens, form, follows = match.groups()
        self.used[word.id] = word
        for first in self._finder.firsts[word.id]:
            self._starts[first] -= 1
            if not self._starts[first]:
                del self._starts[first]
        # Without a type: no form is about a word of a text, so the button has nothing to submit.
        button = f'<button class="term" popovertarget="word-{word.id}">{form}</button>'
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


_BUTTON = r'<button class="term" popovertarget="word-[^"]*">(.*?)</button>'


_EXPLAINED = re.compile(rf'<span class="unbroken">(\(?){_BUTTON}([).,;:!?]*)</span>|{_BUTTON}')


def unexplained(markdown: str) -> str:
    """The page as it was before `explain`."""
    plain, mark, _ = markdown.partition('\n\n<div class="terms"><p class="terms__title">')
    return _EXPLAINED.sub(r"\1\2\3\4", plain) + "\n" if mark else markdown
