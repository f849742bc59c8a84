"""The parts of a reference: who wrote it, where in a journal it stands, and its identifiers."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from guide.base.identifiers import (
    DOI_PATTERN,
    PMCID_PATTERN,
    PMID_PATTERN,
    checked_doi,
    checked_pmcid,
    checked_pmid,
)
from guide.base.registries import NCT_PATTERN, checked_nct
from guide.content.models.common import Strict, Text

Doi = Annotated[str, BeforeValidator(checked_doi), StringConstraints(pattern=DOI_PATTERN)]
Pmid = Annotated[str, BeforeValidator(checked_pmid), StringConstraints(pattern=PMID_PATTERN)]
Pmcid = Annotated[str, BeforeValidator(checked_pmcid), StringConstraints(pattern=PMCID_PATTERN)]
NctNumber = Annotated[str, BeforeValidator(checked_nct), StringConstraints(pattern=NCT_PATTERN)]


def _one_part(name: object) -> object:
    """A part of a person's name. A comma would part the name again in a reference manager."""
    if isinstance(name, str) and "," in name:
        raise ValueError(
            f"'{name}' holds a comma: a part of a person's name has none. Write the rest under"
            " 'given' or 'suffix', or the whole as a body: {body: …}"
        )
    return name


NamePart = Annotated[Text, BeforeValidator(_one_part)]


class Person(Strict):
    """A person who wrote the document, with the name as printed there."""

    family: NamePart = Field(
        description="The surname with its particles: van der Heijde. A single name stands here."
    )
    given: NamePart | None = Field(None, description="Given names or initials: Atul, A. or JC.")
    suffix: NamePart | None = Field(None, description="Jr, Sr, III.")


class Body(Strict):
    """A company, agency or group that wrote the document."""

    body: Text = Field(description="Its name as printed, commas included.")


# The last author where the list was not seen whole.
OTHERS: Literal["et al."] = "et al."

_FORMS = "a person is {family: …, given: …}, a body is {body: …}"


def _typed(author: Any) -> Any:
    """An author as it is. Raises ValueError for one without a type, with both ways to write it."""
    if author == OTHERS or isinstance(author, (Person, Body)):
        return author
    if isinstance(author, str):
        raise ValueError(_untyped(author))
    if not isinstance(author, dict):
        raise ValueError(f"'{author}' is no author: {_FORMS}")
    unknown = sorted(str(key) for key in author if key not in _KEYS)
    if unknown:
        raise ValueError(f"unknown key '{unknown[0]}' of an author: {_FORMS}")
    if ("body" in author) == ("family" in author) or ("body" in author and len(author) > 1):
        raise ValueError(f"an author has 'family' or 'body', and one of them alone: {_FORMS}")
    return author


_KEYS = (*Person.model_fields, *Body.model_fields)


def _untyped(text: str) -> str:
    if re.fullmatch(r"(?i)\W*(and )?(et\.? al\b|others\b|u\. a\.)\W*", text):
        return f"'{text}' is no author: where the list goes on, its last entry is 'et al.'"
    said = f"'{text}' does not say whether it is a person or a body: write"
    body = f"{{body: {_quoted(text)}}}"
    family, comma, given = (part.strip() for part in text.partition(","))
    if comma and family and given:
        return f"{said} {{family: {_quoted(family)}, given: {_quoted(given)}}} or {body}"
    return f"{said} {body}, or a person as {{family: …, given: …}}"


def _quoted(text: str) -> str:
    """The text as it can stand inside braces of YAML."""
    plain = re.fullmatch(r"[^\W\d_][\w .’'()&/-]*", text) and not text.endswith(" ")
    return text if plain else "'" + text.replace("'", "''") + "'"


Author = Annotated[Person | Body | Literal["et al."], BeforeValidator(_typed)]

# A page or an article number: 12, e12, S12, ii3, 12.e1, CD012345.pub2, 102-ICRS.
_PAGE = r"[A-Za-z]*[0-9]+[A-Za-z0-9.]*|[ivxlcdmIVXLCDM]+"
PAGES_PATTERN = rf"^(?:{_PAGE})(?:-(?:{_PAGE}))?(?:, (?:{_PAGE})(?:-(?:{_PAGE}))?)*$"


def _pages(pages: object) -> object:
    """Pages as they are. Raises ValueError, with the right form where it can be known."""
    if not isinstance(pages, str) or re.fullmatch(PAGES_PATTERN, pages):
        if isinstance(pages, str) and (wrong := _backwards(pages)):
            raise ValueError(wrong)
        return pages
    right = re.sub(r"(?i)^(?:pages?|pp?\.?|art(?:icle)?\.?(?: no\.?)?)\s*(?=[a-z]*\d)", "", pages)
    right = re.sub(r"\s*(?:--+|[-\u2010-\u2015\u2212])\s*", "-", right.strip(" ."))
    right = re.sub(r"\s*[,;]\s*", ", ", right)
    known = f": write '{right}'" if re.fullmatch(PAGES_PATTERN, right) else ""
    raise ValueError(
        f"'{pages}' has the wrong form: pages are '12', '12-19', 'e1-e12' or an article number such"
        f" as 'e002280'{known}"
    )


def _backwards(pages: str) -> str:
    """What is wrong with a range that ends before it begins; empty text for none."""
    for part in whole_range(pages).split(", "):
        first, _, last = part.partition("-")
        if first.isdigit() and last.isdigit() and int(last) < int(first):
            return f"'{part}' ends before it begins: write the first page, then the last"
    return ""


def whole_range(pages: str) -> str:
    """Pages with each last page written out: `1286-94` is `1286-1294`, `e1-12` is `e1-e12`."""
    return ", ".join(map(_whole, pages.split(", ")))


def short_range(pages: str) -> str:
    """Pages as reference lists print them, with an en dash: `1286–94`, `e1–12`, `S12–5`."""
    return ", ".join(map(_short, pages.split(", ")))


_NUMBERED = re.compile(r"(?P<letters>[A-Za-z]*)(?P<digits>[0-9]+)")


def _ends(pages: str) -> tuple[re.Match[str], re.Match[str]] | None:
    """Both ends of a range whose pages are letters and a number; None for all else."""
    first, _, last = pages.partition("-")
    ends = _NUMBERED.fullmatch(first), _NUMBERED.fullmatch(last)
    return (ends[0], ends[1]) if ends[0] and ends[1] else None


def _whole(pages: str) -> str:
    ends = _ends(pages)
    if ends is None:
        return pages
    first, last = ends
    if last["letters"] not in ("", first["letters"]):
        return pages
    missing = len(first["digits"]) - len(last["digits"])
    digits = first["digits"][: max(missing, 0)] + last["digits"]
    return f"{first[0]}-{first['letters']}{digits}"


def _short(pages: str) -> str:
    ends = _ends(pages)
    if ends is None or ends[0]["letters"] != ends[1]["letters"]:
        return pages.replace("-", "–")
    first, last = ends[0]["digits"], ends[1]["digits"]
    if len(first) == len(last) and first != last:
        same = next(at for at, sign in enumerate(last) if sign != first[at])
        last = last[same:]
    return f"{ends[0][0]}–{last}"


Pages = Annotated[str, BeforeValidator(_pages), StringConstraints(pattern=PAGES_PATTERN)]
