"""What the search box knows: the sections that answer, and the words people use for things.

The page text stays as it is. Each section carries its heading, the start of its answer, its
rarer words, and for questions the ways people put them. A vocabulary from the glossary and the
medicines' names turns "olumiant", "dvt" or "pee test" into the words the sections use.
"""

from __future__ import annotations

import functools
import hashlib
import html
import json
import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .headings import HEADING
from .library import Library

if TYPE_CHECKING:
    from .render import Page

WORDS_A_SECTION = 40
EXCERPT = 140
# Words that hardly tell one section from another. "as" is one, and also the disease's abbreviation.
STOP = frozenset("""a about after all also am an and any are as at be been before being but by can cannot could did do does doing for from get
gets had has have having he her his how i if in into is it its just may me might more most much my no nor not of off on once one only
or other our out over own per she should so some such than that the their them then there these they this those to too under until up
us very was we were what when where which while who whom why will with would you your
since without actually still really want meant waiting im ive dont""".split())


@dataclass
class Section:
    """A section that can be found: where it is, what it says in short, and how often it says each word.

    `told` stands for its whole text: two sections with the same are one to a reader.
    """

    url: str
    title: str
    page: str
    track: str
    topic: str
    excerpt: str = ""
    typed: str = ""
    flag: str = ""
    told: bytes = b""
    words: tuple[tuple[str, int], ...] = ()


def tokens(text: str) -> list[str]:
    """Words as the search compares them: small letters, `IL-17` as `il17`, without plural and verb endings.

    docs/assets/search.js does the same to what is typed; a test compares the two.
    """
    text = re.sub(r"([a-z])[-‑ ](\d)", r"\1\2", text.lower())
    return [_stem(word) for word in re.findall(r"[a-z0-9]+", text)]


@functools.cache
def _stem(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    for ending in ("ation", "ing", "ion", "ed"):
        if word.endswith(ending) and len(word) > len(ending) + 3:
            return word[:-len(ending)]
    return word


def sections(library: Library, page: Page, body: str) -> list[Section]:
    """Every section of a page with text of its own, in order; sections without an id are part of the one before.

    `body` is the page's Markdown without front matter.
    """
    found: list[Section] = []
    questions = {question.id: question for question in library.questions.get(page.topic, ())}
    current: Section | None = None
    lines: list[str] = []
    if page.repeats:
        body = body.split("\n## ", 1)[0]

    def close() -> None:
        if current is None:
            return
        # Badges, links to twins, citation numbers and how to cite the page are not what the section says.
        raw = re.sub(r'<p class="(?:twin|statement__badges|edit-page)">.*?</p>|<sup class="cites">.*?</sup>|<a class="(?:permalink|edit)".*?</a>|<svg.*?</svg>|<details class="cite".*?</details>', " ", "\n".join(lines), flags=re.S)
        text = _plain(raw)
        lead = re.search(r'class="(?:answer__text|statement__text)"[^>]*>(.*?)</p>', raw, re.S)
        start = _plain(lead[1]) if lead else text
        current.excerpt = start if len(start) <= EXCERPT else start[:EXCERPT].rsplit(" ", 1)[0] + " …"
        if len(text) > 40:
            current.told = hashlib.blake2b(text.encode(), digest_size=16).digest()
            current.words = tuple(Counter(word for word in tokens(text) if word not in STOP and len(word) > 1).items())
            found.append(current)

    for line in body.split("\n"):
        match = HEADING.match(line)
        tagged = re.match(r'(?:<section[^>]*>)?<h([23])[^>]* id="([^"]+)"[^>]*>(.*?)</h', line) if not match else None
        if (match and (match[3] or len(match[1]) == 1)) or tagged:
            close()
            anchor = (match[3] or "") if match else tagged[2]
            heading = match[2] if match else tagged[3]
            lines = []
            if anchor in ("sources", "dates"):
                current = None
                continue
            current = Section(url=f"{page.url}#{anchor}" if anchor else page.url, title=html.unescape(re.sub(r"<[^>]+>", "", heading)), page=page.title, track=page.track, topic=page.topic)
            question = questions.get(anchor)
            if question:
                current.typed = " ".join(question.typed)
                current.flag = question.answer_first or ""
            elif anchor == "get-help-now":
                current.flag = "get help now"
            continue
        lines.append(line)
    close()
    return found


def _plain(markup: str) -> str:
    """The words of a piece of a page; what stands inside a line joins it, all other tags part words."""
    joined = re.sub(r"</?(?:span|strong|em|b|i|a|abbr)\b[^>]*>", "", markup)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", joined))).strip()


def vocabulary(library: Library) -> dict[str, str]:
    """What people type and the words the guide uses for it, both as `tokens`."""
    found: dict[str, str] = {}

    def add(names: list[str], meaning: str) -> None:
        target = " ".join(tokens(meaning))
        for name in names:
            key = " ".join(tokens(name))
            if key and key != target and key not in STOP and len(key) > 1:
                found.setdefault(key, target)

    for medicine in library.medicines.values():
        add([*medicine.brands, *medicine.typed], medicine.name)
    for condition in library.conditions.values():
        add([name for name in condition.typed if len(name) > 3], condition.name)
    for term in library.glossary.values():
        add([name for name in term.also if len(name) > 1], re.sub(r"\(.*?\)", "", term.term))
    return found


def search_index(library: Library, pages: list[Page]) -> bytes:
    """The index as JSON: pages, sections (page, anchor, title, excerpt, words, typed, flag), vocabulary, stop words."""
    order = {topic: place for place, topic in enumerate(library.site.topics)}
    every, told = [], set()
    for section in sorted((section for page in pages for section in page.found), key=lambda section: order.get(section.topic, -1)):
        # What all topics of a condition share is found once, under the first.
        if (section.track, section.title, section.told) not in told:
            told.add((section.track, section.title, section.told))
            every.append(section)
    bags = [Counter(dict(section.words)) for section in every]
    spread = Counter(word for bag in bags for word in bag)
    places = {page.url: place for place, page in enumerate(pages)}
    rows = []
    for section, bag in zip(every, bags, strict=True):
        # The box reads the heading and the excerpt as well: what they say is not sent twice.
        head = {*tokens(section.title), *tokens(section.excerpt)}
        # A word is worth keeping by how often the section says it and how few others do.
        ranked = sorted((word for word in bag if word not in head), key=lambda word: (-(1 + math.log(bag[word])) * math.log(len(every) / spread[word] + 1), word))
        path, _, anchor = section.url.partition("#")
        rows.append([places[path], anchor, section.title, section.excerpt, " ".join(sorted(ranked[:WORDS_A_SECTION])), section.typed, section.flag])
    data = {
        "pages": [[page.url, page.title, page.track[0], page.topic] for page in pages],
        "sections": rows, "vocabulary": vocabulary(library), "stop": sorted(STOP),
        "medicines": {medicine.name: topic.id for topic in library.topics.values() for medicine in [library.medicines[topic.medicine]]},
        # Words that stand in most questions and decide little: the disease and the topics' medicines.
        "background": sorted({word for condition in library.conditions.values() for word in tokens(condition.name)}
                             | {word for topic in library.topics.values() for name in (library.medicines[topic.medicine].name, *library.medicines[topic.medicine].brands) for word in tokens(name)}
                             | set(tokens("spine disease tablet medicine medication drug treatment inhibitor take taken"))),
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
