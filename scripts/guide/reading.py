"""How hard the pages are to read: prose out of rendered pages, and the measures of it.

Prose is what a reader reads as sentences: paragraphs, list items, answers, captions of figures.
Headings, tables, reference lists, dates, badges, labels of countries and citation numbers are
not. Every sentence keeps what is needed to find where it is written.
"""

from __future__ import annotations

import functools
import html
import importlib.metadata
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .library import Library

if TYPE_CHECKING:
    from .render import Page


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
            or ("pop" in attributes or "role=" in attributes)
            and _HIDDEN.search(attributes)
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


def prose(page: Page) -> Prose:
    """The prose of a rendered page."""
    return read(page.markdown)


# -- measures ------------------------------------------------------------------------------


class Word(NamedTuple):
    """A word's syllables, and whether it is hard: three syllables or more and not on the list of
    easy words.
    """

    syllables: int
    hard: bool


class Counts(NamedTuple):
    """What the indexes are made of. `plain_…` counts only words that are no part of a name; a hard
    word that the glossary explains is not counted as hard.
    """

    words: int
    syllables: int
    plain_words: int
    plain_syllables: int
    plain_hard: int


class Measure(NamedTuple):
    """What a text adds to the measure of a longer one: sentences, the sum of their counts, the
    longest one's words, and how many are long.
    """

    sentences: int
    total: Counts
    longest: int
    long: int

    def level(self) -> Level:
        """The measures of the text."""
        return Level(
            sentences=self.sentences,
            words=self.total.words,
            mean=self.total.words / self.sentences,
            longest=self.longest,
            long_share=100 * self.long / self.sentences,
            grade=grade(self.total, self.sentences),
            neutral=neutral(self.total, self.sentences),
            fog=fog(self.total, self.sentences),
        )


def together(measures: Iterable[Measure]) -> Measure:
    """The measure of several texts as one."""
    found = list(measures)
    return Measure(
        sum(one.sentences for one in found),
        Counts(*map(sum, zip(*(one.total for one in found), strict=True))),
        max(one.longest for one in found),
        sum(one.long for one in found),
    )


@dataclass(frozen=True)
class Level:
    """How hard a text is. Grades are school years in the United States; `long_share` is per 100
    sentences.

    `neutral` and `fog` put names out of the way: a sentence is as long as it is with them, but the
    shares of syllables and hard words are those of all other words.
    """

    sentences: int
    words: int
    mean: float
    longest: int
    long_share: float
    grade: float
    neutral: float
    fog: float


LONG = 20
# A word of a name, and what is inside one: hyphens and slashes part it for the count of syllables
# only.
_WORD, _PART = re.compile(r"[^\s]*\w[^\s]*"), re.compile(r"[^\W_]+(?:[’'.,][^\W_]+)*")
_INFLECTED = ("", "s", "es", "'s", "d", "ed", "ing")
_words: dict[str, Word] = {}
_fresh: dict[str, Word] = {}  # those not yet kept for the next run
# The counts of sentences, by what counts as a name and as explained: a check and the page of levels
# ask the same.
_counts: dict[tuple[tuple[str, ...], ...], dict[str, Counts]] = {}


class Grader:
    """Measures sentences. Syllables and hard words come from textstat, each word once: its
    pronouncing dictionary takes a second to open, so what was asked is kept in `build/` between two
    runs.

    The formulas stand here because textstat's count of sentences takes the point of 0.5 for an end.
    """

    def __init__(self, library: Library, root: Path):
        words = (
            library.memo(name_words, by_value=True),
            library.memo(explained_words, by_value=True),
        )
        self._names, self._explained = _names(words[0]), frozenset(words[1])
        if not _words:
            _words.update(_remembered(root))
        self._counts = _counts.setdefault(words, {})

    def counts(self, sentence: str) -> Counts:
        found = self._counts.get(sentence)
        if found is None:
            found = self._counts[sentence] = self._count(sentence)
        return found

    def _count(self, sentence: str) -> Counts:
        named = {at for start, end in self._names.spans(sentence) for at in range(start, end)}
        words = syllables = plain_words = plain_syllables = plain_hard = 0
        for match in _WORD.finditer(sentence):
            parts = list(_PART.finditer(match[0]))
            known = [self.word(part[0].lower().replace("’", "'")) for part in parts]
            hard = [
                part[0]
                for part, word in zip(parts, known, strict=True)
                if word.hard
                and not {part[0].lower(), part[0].lower().removesuffix("s")} & self._explained
            ]
            if not parts:
                continue
            count = sum(word.syllables for word in known)
            words += 1
            syllables += count
            if named.isdisjoint(
                (match.start() + parts[0].start(), match.start() + parts[-1].end() - 1)
            ):
                plain_words += 1
                plain_syllables += count
                plain_hard += bool(hard)
        return Counts(words, syllables, plain_words, plain_syllables, plain_hard)

    def word(self, word: str) -> Word:
        found = _words.get(word)
        if found is None:
            import textstat

            # An inflected easy word is easy, as Dale and Chall count and Gunning too; the list
            # itself holds base forms.
            hard = all(
                textstat.is_difficult_word(word.removesuffix(ending), 3) for ending in _INFLECTED
            )
            found = _words[word] = _fresh[word] = Word(max(1, textstat.syllable_count(word)), hard)
        return found

    def level(self, sentences: Sequence[str]) -> Level:
        """The measures of a text. Raises ValueError for one without a sentence."""
        measure = self.measure(sentences)
        if measure is None:
            raise ValueError("a text without a sentence has no level")
        return measure.level()

    def measure(self, sentences: Sequence[str]) -> Measure | None:
        """What the text adds to a longer one; None for one without a sentence."""
        counts = [self.counts(sentence) for sentence in sentences]
        if not counts:
            return None
        return Measure(
            len(counts),
            Counts(*map(sum, zip(*counts, strict=True))),
            max(count.words for count in counts),
            sum(count.words > LONG for count in counts),
        )


def _memory(root: Path) -> Path:
    return root / "build" / "words.json"


def _remembered(root: Path) -> dict[str, Word]:
    try:
        kept = json.loads(_memory(root).read_text(encoding="utf-8"))
        return (
            {word: Word(*known) for word, known in kept["words"].items()}
            if kept["textstat"] == importlib.metadata.version("textstat")
            else {}
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def remember(root: Path) -> None:
    """Keeps the words for the next run; a folder that cannot be written costs a second and nothing
    else.
    """
    if not _fresh:
        return
    _fresh.clear()
    try:
        memory = _memory(root)
        memory.parent.mkdir(parents=True, exist_ok=True)
        beside = memory.with_name(f"{memory.name}.{os.getpid()}")
        beside.write_text(
            json.dumps(
                {"textstat": importlib.metadata.version("textstat"), "words": _words},
                ensure_ascii=False,
            ),
            encoding="utf-8",
        )
        beside.replace(memory)
    except OSError:
        pass


def grade(total: Counts, sentences: int) -> float:
    """The Flesch-Kincaid grade (Kincaid 1975) of a text as it stands."""
    return flesch_kincaid(total.words / sentences, total.syllables / total.words)


def neutral(total: Counts, sentences: int) -> float:
    """The same with names put out of the way."""
    return flesch_kincaid(total.words / sentences, total.plain_syllables / (total.plain_words or 1))


def fog(total: Counts, sentences: int) -> float:
    """The Gunning fog index (Gunning 1952) with names put out of the way."""
    return 0.4 * (total.words / sentences + 100 * total.plain_hard / (total.plain_words or 1))


def flesch_kincaid(sentence_words: float, word_syllables: float) -> float:
    """The formula, of words a sentence and syllables a word."""
    return 0.39 * sentence_words + 11.8 * word_syllables - 15.59


def fresh_words() -> dict[str, Word]:
    """The words met since the last call that are not yet kept: what a process of many hands to the
    one that keeps them.
    """
    found = dict(_fresh)
    _fresh.clear()
    return found


def learn(words: dict[str, Word]) -> None:
    """Takes words that another process met."""
    _words.update(words)
    _fresh.update(words)


class Names:
    """Finds names in texts, the longest of those that begin at a word; as many names as there are
    cost no more than a few.
    """

    def __init__(self, found: Iterable[str], any_case: bool = True):
        self._any_case = any_case
        self._by_word: dict[str, list[str]] = {}
        for name in sorted(found, key=lambda name: (-len(name), name)):
            first = re.match(r"\w+", name)
            if first:
                self._by_word.setdefault(self._case(first[0]), []).append(self._case(name))

    def _case(self, text: str) -> str:
        return text.lower() if self._any_case else text

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Start and end of each name."""
        cased, done = self._case(text), 0
        for word in re.finditer(r"\w+", cased):
            if word.start() < done:
                continue
            for name in self._by_word.get(word[0], ()):
                end = word.start() + len(name)
                if cased.startswith(name, word.start()) and not (
                    end < len(cased) and (cased[end].isalnum() or cased[end] == "_")
                ):
                    yield word.start(), end
                    done = end
                    break

    def without(self, text: str) -> str:
        """The text with a space for each name."""
        parts, at = [], 0
        for start, end in self.spans(text):
            parts += [text[at:start], " "]
            at = end
        return "".join([*parts, text[at:]])


@functools.lru_cache(maxsize=4)
def _names(words: tuple[str, ...]) -> Names:
    return Names(words)


def explained_words(library: Library) -> tuple[str, ...]:
    """Words that are explained where a page first uses them: a reader does not stumble over
    those.
    """
    return tuple(
        sorted(
            {
                part.lower()
                for term in library.glossary.values()
                if term.hard
                for form in (term.term, *term.shown_as)
                for part in _PART.findall(form)
            }
        )
    )


def name_words(library: Library) -> tuple[str, ...]:
    """What has only one name, however long: medicines, classes, conditions, populations, agencies,
    countries, trials. A reader must meet them and no rewording makes them shorter."""
    site = library.site
    # A medicine with a second word to its name goes by the first.
    found = {
        name
        for medicine in library.medicines.values()
        for name in (
            medicine.name,
            *medicine.brands,
            *(medicine.name.split()[:1] if medicine.kind == "medicine" else ()),
        )
    }
    found |= {
        name
        for condition in library.conditions.values()
        for name in (condition.name, condition.abbreviation)
        if name
    }
    found |= {name for code, name in site.populations.items() if code not in ("all", "preclinical")}
    found |= {name for agency in site.agencies for name in (agency.id, agency.name, agency.country)}
    found |= {name for code, name in site.jurisdictions.items() if code != "any"}
    found |= {trial.name for trial in library.trials.values()}
    # A class is named in the plural, and one of it in the singular.
    found |= {name.removesuffix("s") for name in found if name.endswith("s")}
    return tuple(sorted(found))


# -- abbreviations -------------------------------------------------------------------------

# Capital letters run together, with what belongs to them: TNF, NSAIDs, IL-17A, JAK1, eGFR.
ABBREVIATION = re.compile(r"(?<![\w-])([a-z]?[A-Z]{2,}[A-Z0-9]*?)(?:s|-?\d+[A-Z]?)?(?!\w)")


def abbreviations(text: str) -> dict[str, str]:
    """The abbreviations of a text: their letters, and the first form in which each stands (IL for
    IL-17A).
    """
    found: dict[str, str] = {}
    for match in ABBREVIATION.finditer(text):
        found.setdefault(match[1], match[0])
    return found


def explained(library: Library) -> dict[str, tuple[str, ...]]:
    """What the content says about abbreviations: for each, its long forms, or none where nothing
    longer is needed: the glossary explains it, or the name has no longer form (COVID-19).
    """
    site = library.site
    spelled = [
        *(
            (condition.abbreviation, condition.name)
            for condition in library.conditions.values()
            if condition.abbreviation
        ),
        *site.populations.items(),
        *site.jurisdictions.items(),
        *((agency.id, agency.name) for agency in site.agencies),
        *((guideline.name.split()[0], guideline.body) for guideline in library.guidelines.values()),
    ]
    known: dict[str, tuple[str, ...]] = {}
    enough = {
        letters
        for term in library.glossary.values()
        for name in (term.term, *term.also)
        for letters in abbreviations(name)
    }
    for code, name in spelled:
        for letters in abbreviations(code):
            known[letters] = (*known.get(letters, ()), name)
            enough.update({letters} & abbreviations(name).keys())
    return known | dict.fromkeys(sorted(enough), ())


# -- the pages of the guide ----------------------------------------------------------------


def patient_pages(pages: Iterable[Page]) -> Iterator[Page]:
    """The pages a patient reads: the patients' track, the home page and each topic's first page."""
    for page in pages:
        if page.track == "patients" or page.path in ("index.md", f"{page.topic}/index.md"):
            yield page


# Fewer sentences than this have no mean worth the name.
ENOUGH = 8


@dataclass(frozen=True)
class Readings:
    """How easy the finished pages are to read: a level for each patient page, None where it has too
    few sentences of its own; their mean grade with names put out of the way; and one level a topic
    of its clinician pages.
    """

    patients: tuple[tuple[Page, Level | None], ...]
    mean: float
    clinicians: tuple[tuple[str, Level], ...]


def measured(page: Page) -> bool:
    """Whether the page's level is reported."""
    return page.track in ("patients", "clinicians") or any(patient_pages([page]))


def measure(library: Library, root: Path, markdown: str) -> Measure | None:
    """The measure of a page's own sentences."""
    return Grader(library, root).measure(
        [sentence.text for sentence in read_once(markdown).sentences()]
    )


def readings(
    library: Library, pages: Sequence[Page], measures: Mapping[str, Measure | None]
) -> Readings:
    """The levels of the pages rendered so far, from their measures by path. Clinician pages are
    reported and never refused: their readers need the exact words.
    """
    patients = []
    clinicians: dict[str, list[Measure]] = {}
    for page in patient_pages(pages):
        own = measures.get(page.path)
        patients.append((page, own.level() if own and own.sentences >= ENOUGH else None))
    for page in pages:
        if page.track == "clinicians" and measures.get(page.path):
            clinicians.setdefault(page.topic, []).append(measures[page.path])
    graded = [level.neutral for _, level in patients if level]
    return Readings(
        tuple(patients),
        sum(graded) / len(graded) if graded else 0.0,
        tuple(
            (topic, together(clinicians[topic]).level())
            for topic in library.site.topics
            if topic in clinicians
        ),
    )
