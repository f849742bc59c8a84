"""References as RIS, BibTeX and CSL-JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import rispy
from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library as Bibliography
from bibtexparser.model import Entry, Field

from guide.content.citations.items import GOES_ON, Item
from guide.content.citations.names import Name, ris_name

_RIS_TYPES = {
    "article-journal": "JOUR",
    "article-newspaper": "NEWS",
    "report": "RPRT",
    "webpage": "ELEC",
}


def _ris(item: Item) -> str:
    first, _, last = item.get("page", "").partition("-")
    record: dict[str, Any] = {
        "type_of_reference": _RIS_TYPES[item["type"]],
        "id": item["id"],
        "title": item["title"],
        # RIS has no sign for 'et al.': that the list goes on stands in the note.
        "authors": [ris_name(name) for name in item.get("author", ())],
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
    given = {key: value for key, value in record.items() if value}
    # rispy numbers the records it writes together; one by one they carry none.
    text = str(rispy.dumps([given], skip_unknown_tags=True))
    return text.split("\n", 1)[1].rstrip("\n") + "\n\n"


def _slashes(parts: list[int]) -> str:
    """`2019/12/07/`, `2019/12//`, `2019///`: RIS keeps the place of what is not known."""
    return "/".join([str(parts[0]), *(f"{part:02}" for part in parts[1:])]) + "/" * (4 - len(parts))


# The BibTeX type of an item, and the field that holds where it appeared; 'misc' for others.
_BIBTEX_TYPES = {
    "article-journal": ("article", "journal"),
    "report": ("techreport", "institution"),
}


def _bibtex(item: Item) -> str:
    # In UTF-8, as biber, Zotero, JabRef and citation.js read it: LaTeX has no command for every
    # sign of a title, and importers do not know all that it has.
    kind, place = _BIBTEX_TYPES.get(item["type"], ("misc", "howpublished"))
    issued = [str(part) for part in item.get("issued", {}).get("date-parts", [[]])[0]]
    fields = {
        # A second pair of braces keeps capitals of names and a body's name whole.
        "title": f"{{{_latex(item['title'])}}}",
        "author": " and ".join(map(_bibtex_name, item.get("author", ()))),
        place: _latex(str(item.get("container-title", item.get("publisher", "")))),
        "year": issued[0] if issued else "",
        "month": issued[1] if len(issued) > 1 else "",
        "day": issued[2] if len(issued) > 2 else "",
        "volume": _latex(item.get("volume", "")),
        "number": _latex(str(item.get("issue", item.get("number", "")))),
        "pages": item.get("page", "").replace("-", "--") if kind == "article" else "",
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
    if "author" in item and item.get("custom", {}).get(GOES_ON):
        fields["author"] += " and others"
    entry = Entry(kind, item["id"], [Field(name, value) for name, value in fields.items() if value])
    return str(write_string(Bibliography([entry])))


def _bibtex_name(name: Name) -> str:
    if "literal" in name:
        return f"{{{_latex(name['literal'])}}}"
    family = _latex(name["family"])
    # A single name of several words would be parted, and 'and' begins the next author.
    whole = ("given" not in name and " " in family) or re.search(r"(?i)\b(and|others)\b", family)
    parts = [f"{{{family}}}" if whole else family]
    parts += [_latex(name[part]) for part in ("suffix", "given") if part in name]
    return ", ".join(parts)


# What LaTeX takes for a command. BibTeX counts a brace behind a backslash as a brace.
_LATEX = str.maketrans(
    {
        "\\": r"{\textbackslash}",
        "{": r"{\textbraceleft}",
        "}": r"{\textbraceright}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
        **{sign: f"\\{sign}" for sign in "%&$#_"},
    }
)


def _latex(text: str) -> str:
    # Two hyphens would be read as a dash.
    return text.translate(_LATEX).replace("--", "-{}-")


def _address(text: str) -> str:
    """An address as it is; braces would end the field."""
    return text.replace("{", "%7B").replace("}", "%7D")


def _csl_json(item: Item) -> str:
    return json.dumps(item, ensure_ascii=False)


class Format(NamedTuple):
    """A kind of file: its name, what writes one item, what makes a file of written items, and its
    media type.
    """

    label: str
    entry: Callable[[Item], str]
    file: Callable[[Iterable[str]], str]
    media_type: str


# What a reader can download, by the file's suffix.
FORMATS: dict[str, Format] = {
    "ris": Format("RIS", _ris, "".join, "application/x-research-info-systems"),
    "bib": Format("BibTeX", _bibtex, "\n".join, "application/x-bibtex"),
    "json": Format(
        "CSL-JSON",
        _csl_json,
        lambda entries: "[\n" + ",\n".join(entries) + "\n]\n",
        "application/vnd.citationstyles.csl+json",
    ),
}
