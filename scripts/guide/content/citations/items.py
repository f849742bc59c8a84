"""References as other programs and journals want them: CSL-JSON, RIS and BibTeX, and a line of text
after the ICMJE.

A source becomes one CSL-JSON item, and everything else is made from that item: the line by
citeproc-py with the style beside this file, RIS by rispy, BibTeX by bibtexparser. Each item is
written once, however many pages cite it, and its line is kept in `build/` from one run to the next.
"""

from __future__ import annotations

import datetime
import re
from typing import Any

from guide.content import models as m
from guide.content.publication import CONTENT, Publication

Item = dict[str, Any]


# A person is 'Surname, Initials' with a suffix at most; anything else, commas or not, is a body.
_PERSON = re.compile(
    r"(?P<family>[^,]+), (?P<given>[A-Z][A-Z-]{0,4})(?: (?P<suffix>Jr|Sr|I{2,3}|IV|2nd|3rd))?"
)


_REPORTS = {
    "guideline",
    "government",
    "safety-communication",
    "label",
    "leaflet",
    "registry",
    "press-release",
}


_GENRE = {
    "registry": "Trial registry record",
    "label": "Prescribing information",
    "leaflet": "Patient information leaflet",
    "press-release": "Press release",
    "safety-communication": "Safety communication",
    "guideline": "Guideline",
    "review": "Review",
}


# Private-use characters that mark the title while citeproc works; no text keeps one.
TITLE, TITLE_END = "\ue000", "\ue001"


def item_of(source: m.Source) -> Item:
    """A source as a CSL-JSON item (schema csl-data 1.0). A title that is ours stands in square
    brackets, as the ICMJE asks.
    """
    # A review by persons stands in a journal; by a body, without the numbers of a journal, on a
    # website.
    by_body = bool(source.authors) and not any(
        author == OTHERS or _PERSON.fullmatch(author) for author in source.authors
    )
    journal = (
        source.type == "article"
        or (source.type == "review" and not by_body)
        or (
            source.type in ("review", "guideline")
            and bool(source.doi or source.pmid or source.volume)
        )
    )
    kind = (
        "article-journal"
        if journal
        else (
            "article-newspaper"
            if source.type == "news"
            else "report"
            if source.type in _REPORTS and source.type != "registry"
            else "webpage"
        )
    )
    # The full stop behind a title comes from the style.
    title = one_line(source.title).rstrip(".")
    item: Item = {
        "id": source.id,
        "type": kind,
        "title": f"[{title}]" if source.title_is == "descriptive" else title,
    }
    if source.type in _GENRE and kind != "article-journal":
        item["genre"] = _GENRE[source.type]
    if source.authors:
        item["author"] = [name_of(author) for author in source.authors]
    if source.container:
        item["publisher" if kind == "report" else "container-title"] = one_line(source.container)
    if source.date or source.year:
        item["issued"] = _date(source.date or source.year)
    for field, key in (
        ("volume", "volume"),
        ("issue", "issue"),
        ("pages", "page"),
        ("doi", "DOI"),
        ("pmid", "PMID"),
        ("pmcid", "PMCID"),
    ):
        if getattr(source, field):
            item[key] = one_line(getattr(source, field))
    address = source.url or (
        f"https://clinicaltrials.gov/study/{source.nct}"
        if source.nct and source.type == "registry"
        else None
    )
    if address:
        item["URL"] = address
    item["accessed"] = _date(source.accessed)
    if source.nct and source.type == "registry":
        item["number"] = source.nct
    notes = [
        f"Trial registration: {source.nct}." if source.nct else "",
        (
            "The title is our description; the exact title was not seen."
            if source.title_is == "descriptive"
            else ""
        ),
        "The list of authors was not seen whole." if OTHERS in source.authors else "",
        "" if source.primary else "A second-hand source.",
        "Read in a copy." if source.read_in == "copy" else "",
    ]
    note = " ".join(part for part in notes if part)
    return {**item, "note": note} if note else item


def item_of_page(
    publication: Publication,
    url: str,
    title: str,
    published: datetime.date,
    changed: datetime.date,
    reviewed: bool,
) -> Item:
    """A page of the guide as a CSL-JSON item; `url` is its address from the site's root.

    `status` says when the page last changed, where it changed after it was published.
    """
    item: Item = {
        "id": re.sub(r"[^a-z0-9]+", "-", f"{publication.name} {url}".lower()).strip("-"),
        "type": "webpage",
        "title": one_line(title),
        "author": [{"literal": one_line(publication.publisher)}],
        "container-title": one_line(publication.name),
        "issued": _date(published),
        "language": "en",
        "note": f"{'' if reviewed else 'Not clinically reviewed. '}Licence: {CONTENT.name}.",
    }
    if changed > published:
        item["status"] = f"updated {changed.isoformat()}"
    return {**item, "URL": publication.at(url)} if publication.address else item


def listed_item(source: m.Source) -> Item:
    """The item as a reference list prints it: the addresses and the day it was read stand behind
    the line, as links and in words.
    """
    return {key: value for key, value in item_of(source).items() if key not in ("URL", "accessed")}


def name_of(author: str) -> dict[str, str]:
    """'Davis, JC Jr' as the parts of a person's name; a body, or 'et al.', as one literal."""
    person = _PERSON.fullmatch(one_line(author))
    return (
        {part: value for part, value in person.groupdict().items() if value}
        if person
        else {"literal": one_line(author)}
    )


def _date(date: datetime.date | str | int) -> dict[str, list[list[int]]]:
    parts = [date] if isinstance(date, int) else [int(part) for part in str(date).split("-")]
    return {"date-parts": [parts]}


OTHERS = "et al."


def one_line(text: str) -> str:
    """One line of text: a reference has no line breaks and no private-use or control characters."""
    return re.sub(r"\s+", " ", re.sub(r"[\x00-\x08\x0e-\x1f\x7f\ue000-\uf8ff]", "", text)).strip()
