"""What the built guide says of itself, counted again from its finished pages and its paper.

Prints how many sources of lists no mark leads to, which counts of pages are wrong, which rows of
the safety set are missing on a page or on paper, how many gaps of each kind there are, which facts
name another medicine without comparing it, and how much of the text that stands open is said again
on another page of the same topic. The exit status is 1 where one of these is wrong.
"""

from __future__ import annotations

import copy
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args

from lxml import html

from guide.checks.rules.facts_name_their_own_medicine import named_others
from guide.checks.rules.gaps_are_typed import MOST, OPEN
from guide.content import models as m
from guide.content.gaps import each_gap
from guide.content.library import Library
from guide.content.loading import load
from guide.content.names import TRACKS

ROOT = Path(__file__).resolve().parent.parent
# How much of the open text of a topic may stand on another of its pages, too.
MOST_REPEATED = 0.15
# Shorter ones are names and headings: "How many people does it help?".
SENTENCE = 6
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
# What is closed or hidden as a page opens, and what only leads to other pages.
_NOT_READ = (
    ".//details[not(@open)] | .//nav | .//*[@hidden] | .//sup | .//script | .//a"
    " | .//section[@data-record='moved']"
    " | .//*[contains(concat(' ', @class, ' '), ' terms ')]"
    " | .//*[contains(concat(' ', @class, ' '), ' visually-hidden ')]"
)
# The innermost elements that hold text: nothing is counted twice.
_HOLDERS = "self::p or self::li or self::td or self::th or self::dd or self::figcaption"
_BLOCK = f".//*[{_HOLDERS}][not(.//*[{_HOLDERS}])]"
_COUNT = re.compile(r"This page shows ([\d,]+) facts?; ([\d,]+) sources? stands? behind")


def article_of(path: Path) -> html.HtmlElement | None:
    """The main text of a finished page; None for a page without one."""
    articles = html.fromstring(path.read_bytes()).xpath("//article")
    return articles[0] if articles else None


def pages_of(site: Path) -> Iterator[tuple[str, html.HtmlElement]]:
    """Every page with its address and its main text."""
    for path in sorted(site.rglob("index.html")):
        article = article_of(path)
        if article is not None:
            yield path.parent.relative_to(site).as_posix(), article


def unmarked(article: html.HtmlElement) -> tuple[list[str], list[str]]:
    """The sources of a page's list that no mark leads to, and the marks that lead to no entry of
    the list.
    """
    listed = {
        entry.get("id").removeprefix("source-")
        for entry in article.xpath(".//ol[contains(concat(' ', @class, ' '), ' sources ')]/li[@id]")
    }
    marks = article.xpath(".//sup[@class='cites']/*/@*[name()='href' or name()='data-cite']")
    marked = {mark.removeprefix("#source-") for mark in marks}
    return (sorted(listed - marked), sorted(marked - listed)) if listed else ([], [])


def miscounted(article: html.HtmlElement, library: Library) -> list[str]:
    """What a page says of how much it shows, where that is not what it shows."""
    said = _COUNT.search(" ".join(article.text_content().split()))
    if said is None:
        return []
    # A source may have the id of a fact: the list itself shows no fact.
    printed = article.xpath(
        ".//@data-record[not(ancestor::ol[contains(concat(' ', @class, ' '), ' sources ')])]"
    )
    facts = {key for keys in printed for key in keys.split() if key in library.records}
    sources = article.xpath(".//ol[contains(concat(' ', @class, ' '), ' sources ')]/li[@id]")
    shown = (len(facts), len(sources))
    claimed = tuple(int(number.replace(",", "")) for number in said.groups())
    return (
        []
        if claimed == shown
        else [f"says {claimed[0]} facts and {claimed[1]} sources, shows {shown[0]} and {shown[1]}"]
    )


def missing_rows(site: Path, library: Library) -> Iterator[str]:
    """Rows of the safety set that a sheet or a page about tests leaves out, or leaves empty:
    `<page>: <row>`.
    """
    for topic in library.topics.values():
        rows = (
            {row.id: row for row in library.schedules[topic.medicine].rows}
            if topic.medicine in library.schedules
            else {}
        )
        for track in TRACKS:
            for name, xpath in (
                ("handout", "//tr[@data-row='{}']"),
                ("visit", "//tr[@data-row='{}']"),
                ("monitoring", "//tr[@id='test-{}']"),
            ):
                path = site / topic.id / track / name / "index.html"
                page = html.fromstring(path.read_bytes())
                for item in library.site.safety_set:
                    matches = page.xpath(xpath.format(item.id))
                    heading = matches[0].xpath("./th") if matches else []
                    name_of_row = (
                        rows[item.id].patient
                        if track == "patients"
                        else rows[item.id].test
                        if item.id in rows
                        else ""
                    )
                    if not heading or len(heading[0].text_content().split()) <= len(
                        name_of_row.split()
                    ):
                        yield f"{topic.id}/{track}/{name}: {item.id}"
            yield from _missing_on_paper(site / topic.id / track, library, rows, track)


def _missing_on_paper(
    folder: Path, library: Library, rows: dict[str, m.MonitoringRow], track: str
) -> Iterator[str]:
    """The same on the PDFs, by the rows' names in their text."""
    import pypdfium2

    for pdf in sorted(folder.glob("*.pdf")):
        document = pypdfium2.PdfDocument(pdf)
        text = _letters(" ".join(page.get_textpage().get_text_bounded() for page in document))
        for item in library.site.safety_set:
            name = (
                (rows[item.id].patient if track == "patients" else rows[item.id].test)
                if item.id in rows
                else item.name
            )
            if _letters(name) not in text:
                yield f"{folder.parent.name}/{track}/{pdf.name}: {item.id}"


def repeated_share(pages: Iterable[html.HtmlElement]) -> float:
    """The share of words, 0 to 1, in sentences that an earlier one of these pages has, too.

    Only what stands open counts, in sentences of at least six words; the names of pages in links
    do not.
    """
    seen: set[str] = set()
    words = again = 0
    for page in pages:
        sentences = list(_sentences(page))
        words += sum(len(sentence.split()) for sentence in sentences)
        again += sum(len(sentence.split()) for sentence in sentences if sentence in seen)
        seen.update(sentences)
    return again / words if words else 0.0


def _sentences(page: html.HtmlElement) -> Iterator[str]:
    """The sentences that stand open on a page, as plain text."""
    page = copy.deepcopy(page)
    for element in page.xpath(_NOT_READ):
        element.drop_tree()
    for block in page.xpath(_BLOCK):
        for sentence in _SENTENCE_END.split(" ".join(block.text_content().split())):
            if len(sentence.split()) >= SENTENCE:
                yield sentence


def repeating_groups(site: Path) -> Iterator[tuple[str, float]]:
    """For each topic or disease and each reader, how much of its pages' open text is said again.

    Sheets of paper hold again what pages say: they do not count.
    """
    groups: dict[str, list[html.HtmlElement]] = {}
    for address, article in pages_of(site):
        owner, _, rest = address.partition("/")
        track, _, name = rest.partition("/")
        if track in TRACKS and name != "handout":
            groups.setdefault(f"{owner}/{track}", []).append(article)
    for group, articles in sorted(groups.items()):
        yield group, repeated_share(articles)


def naming(library: Library) -> Iterator[str]:
    """Facts that name another medicine without comparing it: `<fact> names <medicines>`."""
    for record in library.statements():
        others = named_others(library, record, f"{record.patient or ''} {record.clinician}")
        if others:
            yield f"{record.id} names {', '.join(others)}"


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def main(arguments: list[str]) -> int:
    """Returns 0 when nothing is wrong, 1 when something is, 2 without a site."""
    site = Path(arguments[0]) if arguments else ROOT / "site"
    if not (site / "index.html").is_file():
        print(f"{site} holds no built guide: ./scripts/build makes it", file=sys.stderr)
        return 2
    library = load(ROOT)
    without_mark, without_entry, counts = [], [], []
    for address, article in pages_of(site):
        listed, marked = unmarked(article)
        without_mark += [f"{address}: {source}" for source in listed]
        without_entry += [f"{address}: {source}" for source in marked]
        counts += [f"{address}: {wrong}" for wrong in miscounted(article, library)]
    gaps = list(each_gap(library))
    kinds = Counter(gap.gap.kind for gap in gaps)
    uncovered = [
        f"{gap.label} {'.'.join(map(str, gap.key_path))}"
        for gap in gaps
        if gap.gap.kind == OPEN and gap.safety
    ]
    repeated = list(repeating_groups(site))
    count = 0
    for what, places in (
        ("sources in a list that no mark leads to", without_mark),
        ("marks that lead to no source of the list", without_entry),
        ("pages that miscount what they show", counts),
        ("rows of the safety set missing on a page or on paper", list(missing_rows(site, library))),
        ("facts that name another medicine without comparing it", list(naming(library))),
        (f"gaps '{OPEN}' about doses, risks, tests, pregnancy or interactions", uncovered),
        (
            f"groups of pages that say more than {MOST_REPEATED:.0%} of their open text again",
            [f"{group}: {share:.1%}" for group, share in repeated if share > MOST_REPEATED],
        ),
    ):
        print(f"{len(places):5}  {what}")
        print("".join(f"         {one}\n" for one in places[:10]), end="")
        count += len(places)
    print(
        f"{len(gaps):5}  gaps, by kind: "
        + ", ".join(f"{kind} {kinds[kind]}" for kind in get_args(m.GapKind))
    )
    most, share = max(repeated, key=lambda one: one[1])
    print(f"{share:5.1%}  of the open text is said again, at most ({most})")
    if kinds[OPEN] > MOST:
        print(f"         more than {MOST} of kind '{OPEN}'")
        count += 1
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
