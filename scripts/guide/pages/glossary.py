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

from guide.base.text import text
from guide.content import models as m
from guide.content.library import Library

GLOSSARY = "about/glossary/"


# Inside these a word is not explained: headings and links do their own work, and labels are short
# by design.
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


QUIET_CLASSES = frozenset(
    {
        "badge",
        "country",
        "status",
        "status__checked",
        "as-of",
        "numbers",
        "sources",
        "dates",
        "changes",
        "track-bar",
        "trial__name",
        "guideline__name",
        "by-country__name",
        "claim__said",
        "class-name",
        "agency",
        "search-where",
        "cite",
        "handout",
    }
)


_VOID = frozenset(
    {
        "br",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "wbr",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "use",
    }
)


_LINK = re.compile(r"(\[[^\]]*\]\([^)]*\))")


_CLASS = re.compile(r'class="([^"]*)"')


_RUN = re.compile(r"\w+")


_TAG = re.compile(r"(</?[a-zA-Z][^>]*>)")


_NAMED = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^>]*)>")


@functools.lru_cache(maxsize=1 << 14)
def _effect(tag: str) -> tuple[str, str, bool]:
    """The element that a tag closes, the one that it opens, and whether words in that one are left
    alone.
    """
    found = _NAMED.fullmatch(tag)
    name = found[2].lower()
    if found[1]:
        return name, "", False
    if name in _VOID or found[3].endswith("/"):
        return "", "", False
    classes = _CLASS.search(found[3])
    return (
        "",
        name,
        name in QUIET_TAGS or bool(classes and not QUIET_CLASSES.isdisjoint(classes[1].split())),
    )


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
    found: dict[str, frozenset[str]] = {}
    for word in words:
        firsts = {first[0] for form in word.forms if (first := _RUN.search(form.casefold()))}
        found[word.id] = frozenset(
            f"{first}{ending}" for first in firsts for ending in ("", "s", "es")
        )
    return found


def _is_abbreviation(form: str) -> bool:
    return sum(letter.isupper() for letter in form) > 1


def word_of(found: str, of_form: dict[str, Word]) -> Word | None:
    """The word that what `pattern` found is a form of."""
    small = found.lower()
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
    and `QUIET_CLASSES`, headings and Markdown links stay as they are.
    """
    finder, of_form = pattern(words)
    if finder is None:
        return markdown
    used: dict[str, Word] = {}
    lines = []
    firsts = first_words(words)
    # How many words not yet explained begin so: only where one does is it worth to look closer.
    starts = Counter(first for own in firsts.values() for first in own)
    silent = 0  # how many of the open tags are quiet
    quiet: list[bool] = []
    tags: list[str] = []

    def mark(match: re.Match[str]) -> str:
        opens, form, follows = match.groups()
        word = word_of(form, of_form)
        if word is None or word.id in used:
            return match[0]
        used[word.id] = word
        for first in firsts[word.id]:
            starts[first] -= 1
            if not starts[first]:
                del starts[first]
        button = (
            f'<button type="button" class="term" popovertarget="word-{word.id}">{form}</button>'
        )
        # A line may break on both sides of a button, also between it and a bracket or a full stop.
        return (
            f'<span class="unbroken">{opens}{button}{follows}</span>'
            if opens or follows
            else button
        )

    def outside_links(piece: str) -> str:
        if starts.keys().isdisjoint(_RUN.findall(piece.casefold())):
            return piece
        # With the pattern's group, split gives what lies between the links at even places.
        return "".join(
            part if at % 2 else finder.sub(mark, part) for at, part in enumerate(_LINK.split(piece))
        )

    for line in markdown.split("\n"):
        if not quiet and line.startswith("#"):
            lines.append(line)
            continue
        # With the pattern's group, split gives texts at even places and the tags between them.
        out = _TAG.split(line)
        for at in range(0, len(out), 2):
            if at:
                closes, opens, silences = _effect(out[at - 1])
                if opens:
                    tags.append(opens)
                    quiet.append(silences)
                    silent += silences
                elif closes and closes in tags:
                    while tags:
                        silent -= quiet.pop()
                        if tags.pop() == closes:
                            break
            if not silent and out[at]:
                out[at] = outside_links(out[at])
        lines.append("".join(out))
    if not used:
        return markdown
    entries = "\n".join(
        f'<div popover class="term__text" id="word-{word.id}" role="note"'
        f' aria-label="{text(word.term)}"><p><strong>{text(word.term)}</strong>'
        f' {text(word.definition)}</p><p><a href="{glossary}#term-{word.id}">Glossary</a></p></div>'
        for word in used.values()
    )
    return (
        "\n".join(lines).rstrip("\n")
        + '\n\n<div class="terms"><p class="terms__title">Hard words on this'
        f" page</p>\n{entries}\n</div>\n"
    )


_BUTTON = r'<button type="button" class="term" popovertarget="word-[^"]*">(.*?)</button>'


_EXPLAINED = re.compile(rf'<span class="unbroken">(\(?){_BUTTON}([).,;:!?]*)</span>|{_BUTTON}')


def unexplained(markdown: str) -> str:
    """The page as it was before `explain`."""
    plain, mark, _ = markdown.partition('\n\n<div class="terms"><p class="terms__title">')
    return _EXPLAINED.sub(r"\1\2\3\4", plain) + "\n" if mark else markdown
