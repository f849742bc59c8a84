"""Identifiers of documents: DOI, PubMed and PubMed Central. Numbers of studies: see `registries`.

Each identifier has one written form, mistakes that people make with it, and an address.
"""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Callable

# What each matches, for the schemas of editors. A DOI may hold any printable sign but a space.
DOI_PATTERN = r"^10\.[0-9]{4,9}(\.[0-9]+)*/\S+$"
PMID_PATTERN = r"^[1-9][0-9]{0,7}$"
PMCID_PATTERN = r"^PMC[1-9][0-9]*$"

# What people write in front of a DOI.
_DOI_PREFIX = re.compile(r"(?i)(?:https?://)?(?:(?:dx\.|www\.)?doi\.org/|doi\s*[:=]?\s*)(?=10\.)")
_DOI_HOST = re.compile(r"(?i)(?:https?://)?(?:dx\.|www\.)?doi\.org/")
_PUBMED_PREFIX = re.compile(
    r"(?i)(?:https?://)?(?:pubmed\.ncbi\.nlm\.nih\.gov/|www\.ncbi\.nlm\.nih\.gov/pubmed/"
    r"|pubmed\s*:?|pmid\s*:?|pm(?=[0-9]))\s*"
)
_PMC_PREFIX = re.compile(
    r"(?i)(?:https?://)?(?:pmc\.ncbi\.nlm\.nih\.gov/articles/"
    r"|www\.ncbi\.nlm\.nih\.gov/pmc/articles/|pmcid\s*:?)?\s*(?:pmc\s*)?"
)
# Hyphens that typesetting puts in the place of the plain one.
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")


def doi_address(doi: str) -> str:
    """Where a DOI leads, with what an address may not hold encoded (RFC 3986, section 2).

    Older DOIs hold '<' and '>'; a DOI may hold '#', '?' and '%' as well.
    """
    return f"https://doi.org/{urllib.parse.quote(doi, safe='!$&()*+,;=:@/-._~')}"


def pubmed_address(pmid: str) -> str:
    """The page of PubMed about an article."""
    return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"


def pmc_address(pmcid: str) -> str:
    """The full text of an article in PubMed Central."""
    return f"https://pmc.ncbi.nlm.nih.gov/articles/{pmcid}/"


def checked_doi(doi: object) -> object:
    """The DOI as it is. Raises ValueError, with the right form where it can be known."""
    return _checked(
        doi,
        DOI_PATTERN,
        _plain_doi,
        "a DOI begins with '10.', a number and '/': 10.1000/example",
    )


def checked_pmid(pmid: object) -> object:
    """The number of PubMed as it is. Raises ValueError, with the right form where it is clear."""
    if isinstance(pmid, str) and re.match(r"(?i)\s*PMC\s*[0-9]", pmid):
        right = _plain_pmcid(pmid)
        raise ValueError(f"'{pmid}' is a number of PubMed Central: write 'pmcid: {right}'")
    return _checked(
        pmid,
        PMID_PATTERN,
        _plain_pmid,
        "a number of PubMed has one to eight digits and no letters: '31234567'",
    )


def checked_pmcid(pmcid: object) -> object:
    """The number of PubMed Central as it is. Raises ValueError, with the right form likewise."""
    return _checked(
        pmcid,
        PMCID_PATTERN,
        _plain_pmcid,
        "a number of PubMed Central is PMC and digits: PMC7654321",
    )


def identifier_in(address: str) -> tuple[str, str] | None:
    """The kind and the number of the document that an address of a DOI, of PubMed or of PubMed
    Central leads to; None for any other address.
    """
    for kind, plain, pattern in (
        ("doi", _plain_doi, DOI_PATTERN),
        ("pmid", _plain_pmid, PMID_PATTERN),
        ("pmcid", _plain_pmcid, PMCID_PATTERN),
    ):
        if re.fullmatch(pattern, number := plain(address)):
            return kind, number
    return None


def _checked(given: object, pattern: str, plain: Callable[[str], str], form: str) -> object:
    if not isinstance(given, str):
        # The model says what is wrong with a value of another type.
        return given
    right = plain(given)
    if right == given and re.fullmatch(pattern, given):
        return given
    known = f": write '{right}'" if right != given and re.fullmatch(pattern, right) else ""
    raise ValueError(f"'{given}' has the wrong form: {form}{known}")


def _plain_doi(text: str) -> str:
    """The DOI inside what is given: without its address, its encoding and the sentence's end."""
    doi = _DOI_PREFIX.sub("", text.strip(), count=1)
    if _DOI_HOST.match(text.strip()) or _ENCODED.search(doi):
        doi = urllib.parse.unquote(doi)
    return _DASHES.sub("-", doi).rstrip(".,")


def _plain_pmid(text: str) -> str:
    return _PUBMED_PREFIX.sub("", text, count=1).strip(" /.").lstrip("0")


def _plain_pmcid(text: str) -> str:
    number = _PMC_PREFIX.sub("", text.strip(), count=1).rstrip("/.")
    return f"PMC{number.lstrip('0')}"
