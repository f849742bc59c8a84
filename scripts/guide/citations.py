"""References as other programs and journals want them: CSL-JSON, RIS and BibTeX, and a line of text
after the ICMJE.

A source becomes one CSL-JSON item, and everything else is made from that item: the line by
citeproc-py with the style beside this file, RIS by rispy, BibTeX by bibtexparser. Each item is
written once, however many pages cite it, and its line is kept in `build/` from one run to the next.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import json
import re
from collections.abc import Callable, Iterable
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import rispy
from bibtexparser import Library as Bibliography
from bibtexparser import write_string
from bibtexparser.model import Entry, Field
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle
from citeproc.source.json import CiteProcJSON
from pylatexenc.latexencode import unicode_to_latex

from . import models as m
from .publication import CONTENT, Publication
from .work import spread

Item = dict[str, Any]

STYLE = Path(__file__).with_name("icmje.csl")
OTHERS = "et al."
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
_TITLE, _TITLE_END = "\ue000", "\ue001"


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
    title = _line(source.title).rstrip(".")
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
        item["publisher" if kind == "report" else "container-title"] = _line(source.container)
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
            item[key] = _line(getattr(source, field))
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
        "title": _line(title),
        "author": [{"literal": _line(publication.publisher)}],
        "container-title": _line(publication.name),
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
    person = _PERSON.fullmatch(_line(author))
    return (
        {part: value for part, value in person.groupdict().items() if value}
        if person
        else {"literal": _line(author)}
    )


def _line(text: str) -> str:
    """One line of text: a reference has no line breaks and no private-use or control characters."""
    return re.sub(r"\s+", " ", re.sub(r"[\x00-\x08\x0e-\x1f\x7f\ue000-\uf8ff]", "", text)).strip()


def _date(date: datetime.date | str | int) -> dict[str, list[list[int]]]:
    parts = [date] if isinstance(date, int) else [int(part) for part in str(date).split("-")]
    return {"date-parts": [parts]}


# -- the line of text ----------------------------------------------------------------------


@functools.lru_cache(maxsize=1)
def _style() -> CitationStylesStyle:
    return CitationStylesStyle(str(STYLE), validate=False)


def _keep(text: str) -> str:
    return str(text)


# Nothing is formatted but the title, and that by marks: the caller escapes the line and then sets
# its own element.
_MARKS = SimpleNamespace(
    preformat=_keep,
    Italic=lambda text: f"{_TITLE}{text}{_TITLE_END}",
    **{
        name: _keep
        for name in (
            "Oblique",
            "Bold",
            "Light",
            "Underline",
            "Superscript",
            "Subscript",
            "SmallCaps",
        )
    },
)


def reference_line(
    item: Item, escape: Callable[[str], str] = str, title: tuple[str, str] = ("", "")
) -> str:
    """The item as one line after the ICMJE, `escape`d, with `title` (opening, closing) around its
    title.

    What is not in the item is not printed; the address and the day it was read are printed only if
    it has `URL`.
    """
    before, mark, rest = _line_of(item).partition(_TITLE)
    inside, _, after = rest.partition(_TITLE_END)
    return (
        f"{escape(before)}{title[0]}{escape(inside)}{title[1]}{escape(after)}"
        if mark
        else escape(before)
    )


# What stands in the place of a page's title and address while the line of all pages alike is made.
_SLOTS = {"id": "page", "title": "Title of the page", "URL": "https://address.invalid/of/the/page/"}
# A title that the style prints as it is and puts a full stop behind.
_PLAIN_TITLE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ,:()’–-]*[A-Za-z0-9)])?")


def _line_of(item: Item) -> str:
    """The line of an item. Pages differ by title and address alone, and the processor is asked once
    for all that are alike.
    """
    page = item["type"] == "webpage" and _PLAIN_TITLE.fullmatch(item["title"])
    like = item | {key: value for key, value in _SLOTS.items() if key in item} if page else item
    packed = json.dumps(like, sort_keys=True)
    if packed not in _lines:
        _lines[packed] = _marked(like)
    line = _lines[packed]
    return (
        line.replace(_SLOTS["URL"], item.get("URL", "")).replace(_SLOTS["title"], item["title"], 1)
        if page
        else line
    )


# Lines made, by the item they are of. The processor takes two milliseconds an item: a second in
# every run for nothing.
_lines: dict[str, str] = {}
# Those of them that `recall_lines` found.
_kept: set[str] = set()


def make_lines(sources: Iterable[m.Source]) -> None:
    """Makes the lines that reference lists need and that are not made yet, over all processors."""
    for packed, line in spread(
        _packed_line,
        [
            packed
            for source in sources
            if (packed := json.dumps(listed_item(source), sort_keys=True)) not in _lines
        ],
    ):
        _lines[packed] = line


def _packed_line(packed: str) -> tuple[str, str]:
    return packed, _marked(json.loads(packed))


def recall_lines(path: Path) -> None:
    """Takes up the lines that `keep_lines` left, unless the style or the processor has changed
    since.
    """
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    if kept.get("made_with") == _made_with():
        _lines.update(kept["lines"])
        _kept.update(kept["lines"])


def keep_lines(path: Path, most: int = 20000) -> None:
    """Leaves the lines for the next run; a folder that cannot be written costs time and nothing
    else.
    """
    if path.is_file() and _kept == set(_lines):
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            json.dumps(
                {"made_with": _made_with(), "lines": dict(list(_lines.items())[-most:])},
                ensure_ascii=False,
            ),
            encoding="utf-8",
        )
    except OSError:
        pass


@functools.lru_cache(maxsize=1)
def _made_with() -> str:
    ours = (
        STYLE.read_bytes() + Path(__file__).read_bytes() + metadata.version("citeproc-py").encode()
    )
    return hashlib.sha256(ours).hexdigest()


def _marked(item: Item) -> str:
    bibliography = CitationStylesBibliography(_style(), CiteProcJSON([item]), _MARKS)
    bibliography.register(Citation([CitationItem(item["id"])]))
    line = str(bibliography.bibliography()[0])
    return re.sub(rf"(?<=[?!])(\]?{_TITLE_END})\.", r"\1", line)


# -- files ---------------------------------------------------------------------------------


_RIS_TYPES = {
    "article-journal": "JOUR",
    "article-newspaper": "NEWS",
    "report": "RPRT",
    "webpage": "ELEC",
}


def _ris(item: Item) -> str:
    # 'et al.' stays an author of its own: left out, the first would pass for the only one.
    first, _, last = item.get("page", "").partition("-")
    record: dict[str, Any] = {
        "type_of_reference": _RIS_TYPES[item["type"]],
        "id": item["id"],
        "title": item["title"],
        "authors": [
            name.get("literal")
            or ", ".join(name[part] for part in ("family", "given", "suffix") if part in name)
            for name in item.get("author", ())
        ],
        "secondary_title": item.get("container-title"),
        "publisher": item.get("publisher"),
        "type_of_work": item.get("genre"),
        "volume": item.get("volume"),
        "number": item.get("issue"),
        "start_page": first,
        "end_page": last,
        "doi": item.get("DOI"),
        "accession_number": item.get("PMID"),
        "name_of_database": "PubMed" if "PMID" in item else None,
        "custom2": item.get("PMCID"),
        "edition": item.get("version"),
        "notes": [item["note"]] if "note" in item else [],
        "urls": [item["URL"]] if "URL" in item else [],
    }
    if "issued" in item:
        parts = item["issued"]["date-parts"][0]
        record["year"], record["date"] = str(parts[0]), _slashes(parts)
    if "accessed" in item:
        record["access_date"] = _slashes(item["accessed"]["date-parts"][0])
    # rispy numbers the records it writes together; one by one they carry none.
    return (
        rispy.dumps(
            [{key: value for key, value in record.items() if value}], skip_unknown_tags=True
        )
        .split("\n", 1)[1]
        .rstrip("\n")
        + "\n\n"
    )


def _slashes(parts: list[int]) -> str:
    """`2019/12/07/`, `2019/12//`, `2019///`: RIS keeps the place of what is not known."""
    return "/".join([str(parts[0]), *(f"{part:02}" for part in parts[1:])]) + "/" * (4 - len(parts))


def _bibtex(item: Item) -> str:
    # In plain ASCII, for old tools and new.
    journal = item["type"] == "article-journal"
    issued = [str(part) for part in item.get("issued", {}).get("date-parts", [[]])[0]]
    fields = {
        # A second pair of braces keeps capitals of names and a body's name whole.
        "title": f"{{{_latex(item['title'])}}}",
        "author": " and ".join(_bibtex_name(name) for name in item.get("author", ())),
        "journal" if journal else "howpublished": _latex(
            item.get("container-title", item.get("publisher", ""))
        ),
        "year": issued[0] if issued else "",
        "month": issued[1] if len(issued) > 1 else "",
        "day": issued[2] if len(issued) > 2 else "",
        "volume": _latex(item.get("volume", "")),
        "number": _latex(item.get("issue", "")),
        "pages": _latex(item.get("page", "").replace("-", "--")) if journal else "",
        "type": _latex(item.get("genre", "")),
        "version": _latex(item.get("version", "")),
        "doi": _address(item.get("DOI", "")),
        "pmid": item.get("PMID", ""),
        "pmcid": item.get("PMCID", ""),
        "url": _address(item.get("URL", "")),
        "urldate": (
            "-".join(f"{part:02}" for part in item["accessed"]["date-parts"][0])
            if "accessed" in item
            else ""
        ),
        "note": _latex(item.get("note", "")),
    }
    entry = Entry(
        "article" if journal else "misc",
        item["id"],
        [Field(name, value) for name, value in fields.items() if value],
    )
    return write_string(Bibliography([entry]))


def _bibtex_name(name: dict[str, str]) -> str:
    if "literal" in name:
        return "others" if name["literal"] == OTHERS else f"{{{_latex(name['literal'])}}}"
    return ", ".join(_latex(name[part]) for part in ("family", "suffix", "given") if part in name)


def _latex(text: str) -> str:
    made = unicode_to_latex(
        text,
        replacement_latex_protection="braces-all",
        unknown_char_policy="replace",
        unknown_char_warning=False,
    )
    # BibTeX counts a brace behind a backslash as a brace.
    return made.replace(r"\{", r"{\textbraceleft}").replace(r"\}", r"{\textbraceright}")


def _address(text: str) -> str:
    """An address as it is; braces would end the field."""
    return text.replace("{", "%7B").replace("}", "%7D")


def _csl_json(item: Item) -> str:
    return json.dumps(item, ensure_ascii=False)


class Format(NamedTuple):
    """A kind of file: how one item is written, and how a file is made of items written."""

    entry: Callable[[Item], str]
    file: Callable[[Iterable[str]], str]


# What a reader can download, by the file's suffix.
FORMATS: dict[str, Format] = {
    "ris": Format(_ris, "".join),
    "bib": Format(_bibtex, "\n".join),
    "json": Format(_csl_json, lambda entries: "[\n" + ",\n".join(entries) + "\n]\n"),
}
