"""Sources and pages as CSL-JSON items, from which every form of a reference is made.

`lines` makes the line of text that the ICMJE asks for, with citeproc-py and the style in this
folder. `formats` makes RIS with rispy and BibTeX with bibtexparser.
"""

from __future__ import annotations

import datetime
import re
from typing import Any

from guide.base import language
from guide.base.identifiers import pubmed_address
from guide.base.language import gettext as _
from guide.base.language import gettext_noop
from guide.base.registries import record_address
from guide.base.text import one_line
from guide.content import models as m
from guide.content.citations import names
from guide.content.publication import Publication

# A CSL-JSON item (schema csl-data 1.0).
Item = dict[str, Any]


# Types of sources that are reports for CSL.
_REPORTS = {
    "guideline",
    "government",
    "safety-communication",
    "label",
    "leaflet",
    "press-release",
}


# What such a source calls itself.
_GENRE = {
    "registry": gettext_noop("Trial registry record"),
    "label": gettext_noop("Prescribing information"),
    "leaflet": gettext_noop("Patient information leaflet"),
    "press-release": gettext_noop("Press release"),
    "safety-communication": gettext_noop("Safety communication"),
    "guideline": gettext_noop("Guideline"),
    "review": gettext_noop("Review"),
}


# Private-use characters that mark the title while citeproc works; no text keeps one.
TITLE, TITLE_END = "\ue000", "\ue001"


# Under 'custom', where CSL-JSON keeps what it has no name for: the list of authors goes on.
GOES_ON = "et-al"


# Fields of a source that stand in an item as they are, under the names of CSL.
_CSL_NAMES = (
    ("volume", "volume"),
    ("issue", "issue"),
    ("pages", "page"),
    ("doi", "DOI"),
    ("pmid", "PMID"),
    ("pmcid", "PMCID"),
)


def item_of(source: m.Source) -> Item:
    """A source as a CSL-JSON item (schema csl-data 1.0).

    A title that is ours stands in square brackets, as the ICMJE asks.
    """
    type_ = _type_of(source)
    # The full stop behind a title comes from the style.
    title = one_line(source.title).rstrip(".")
    item: Item = {
        "id": source.id,
        "type": type_,
        "title": f"[{title}]" if source.title_is == "descriptive" else title,
    }
    if source.type in _GENRE and type_ != "article-journal":
        item["genre"] = _(_GENRE[source.type])
    authors = names.names_of(source)
    if authors:
        item["author"] = authors
        if m.OTHERS in source.authors:
            item["custom"] = {GOES_ON: True}
    if source.container:
        item["publisher" if type_ == "report" else "container-title"] = one_line(source.container)
    issued = source.date or source.year
    if issued:
        item["issued"] = _date(issued)
    for field, name in _CSL_NAMES:
        value = getattr(source, field)
        if value:
            item[name] = one_line(value)
    if "page" in item:
        item["page"] = m.whole_range(item["page"])
    registered = source.registered if source.type == "registry" else None
    address = source.url or (record_address(registered) if registered else None)
    if address:
        item["URL"] = address
    item["accessed"] = _date(source.accessed)
    if registered:
        item["number"] = registered
    note = _note_of(source)
    return {**item, "note": note} if note else item


def _type_of(source: m.Source) -> str:
    """The CSL type of a source.

    A review by persons stands in a journal; one by a body, without the numbers of a journal, on a
    website.
    """
    by_body = bool(source.authors) and all(isinstance(author, m.Body) for author in source.authors)
    if source.type == "article" or (source.type == "review" and not by_body):
        return "article-journal"
    if source.type in ("review", "guideline") and (source.doi or source.pmid or source.volume):
        return "article-journal"
    if source.type == "news":
        return "article-newspaper"
    return "report" if source.type in _REPORTS else "webpage"


def _note_of(source: m.Source) -> str:
    """What a reader must know of a source beside its bibliographic data; empty text for nothing."""
    notes = [
        _("Trial registration: {number}.").format(number=source.registered)
        if source.registered
        else "",
        (
            _("The title is our description; the exact title was not seen.")
            if source.title_is == "descriptive"
            else ""
        ),
        _("The list of authors was not seen whole.") if m.OTHERS in source.authors else "",
        "" if source.primary else _("A second-hand source."),
        _("Read in a copy.") if source.read_in == "copy" else "",
    ]
    return " ".join(note for note in notes if note)


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
    licence = publication.licence.name
    item: Item = {
        "id": re.sub(r"[^a-z0-9]+", "-", f"{publication.name} {url}".lower()).strip("-"),
        "type": "webpage",
        "title": one_line(title),
        "author": [{"literal": one_line(publication.publisher)}],
        "container-title": one_line(publication.name),
        "issued": _date(published),
        "language": language.current().code,
        "note": (
            _("Licence: {licence}.")
            if reviewed
            else _("Not clinically reviewed. Licence: {licence}.")
        ).format(licence=licence),
    }
    if changed > published:
        item["status"] = _("updated {date}").format(date=changed.isoformat())
    return {**item, "URL": publication.at(url)} if publication.address else item


def lasting_address(source: m.Source) -> str | None:
    """The most lasting address of a source."""
    if source.doi:
        return source.doi_address
    if source.pmid:
        return pubmed_address(source.pmid)
    if source.registered and source.type == "registry":
        return record_address(source.registered)
    return source.url


def listed_item(source: m.Source) -> Item:
    """The item as a reference list prints it, without address and day of reading.

    The list prints both behind the line, as a link and in words. Given names are initials, and a
    last page is shortened.
    """
    item = item_of(source)
    if "author" in item:
        item["author"] = names.list_names(source)
    if "page" in item:
        item["page"] = m.short_range(item["page"])
    return {key: value for key, value in item.items() if key not in ("URL", "accessed", "custom")}


def _date(date: datetime.date | str | int) -> dict[str, list[list[int]]]:
    """A day, a month such as `2013-10`, or a year as a date of CSL-JSON."""
    parts = [date] if isinstance(date, int) else [int(part) for part in str(date).split("-")]
    return {"date-parts": [parts]}
