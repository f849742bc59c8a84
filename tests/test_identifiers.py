"""Identifiers and authors of sources: what is taken, what is refused and with which words."""

from __future__ import annotations

import re
import urllib.parse

import pytest
from pydantic import ValidationError

from conftest import TODAY
from guide.base.identifiers import doi_address, identifier_in
from guide.base.problem import ContentErrors
from guide.base.registries import record_address, registry_of
from guide.build import prepare
from guide.checks.rule import Guide
from guide.checks.rules import sources_stand_once
from guide.content import models as m
from guide.content.citations.names import initials
from guide.content.loading import load
from test_bad_content import answer, mend
from test_citations import source

SOURCES = "content/sources.yml"
SICI = "10.1002/(SICI)1098-2736(199908)36:6<637::AID-TEA4>3.0.CO;2-9"


def refused(**fields: object) -> str:
    """What is said of a source with these fields."""
    with pytest.raises(ValidationError) as error:
        source(**fields)
    return " / ".join(item["msg"] for item in error.value.errors())


@pytest.mark.parametrize(
    "address, found",
    [
        ("https://doi.org/10.1000/a%3C1%3E", ("doi", "10.1000/a<1>")),
        ("https://pubmed.ncbi.nlm.nih.gov/31234567/", ("pmid", "31234567")),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC7654321/", ("pmcid", "PMC7654321")),
        ("https://example.org/10.1000/a", None),
        ("https://example.org/31234567", None),
        ("https://pubmed.ncbi.nlm.nih.gov/?term=31234567", None),
    ],
)
def test_an_address_is_that_of_a_document_where_it_leads_to_one(address, found):
    assert identifier_in(address) == found


# -- one document, one source ----------------------------------------------------------------------

PAPER = "    doi: 10.1000/made-up\n"
LABEL = "    url: https://example.org/label\n"


@pytest.mark.parametrize(
    "identifier, other",
    [
        ("doi: 10.1000/made-up", "doi: 10.1000/MADE-up"),
        ("pmid: '31234567'", "pmid: '31234567'"),
        ("pmcid: PMC7654321", "pmcid: PMC7654321"),
        ("url: https://doi.org/10.1000/made-up", "doi: 10.1000/made-up"),
        ("url: https://pubmed.ncbi.nlm.nih.gov/31234567/", "pmid: '31234567'"),
        ("url: https://pmc.ncbi.nlm.nih.gov/articles/PMC7654321/", "pmcid: PMC7654321"),
        # With one number that differs, as of a paper and the page about it.
        ("pmid: '31234567'\n    doi: 10.1000/a", "pmid: '31234567'\n    doi: 10.1000/b"),
    ],
)
def test_two_sources_with_one_identifier_are_refused_at_both_places(tiny, identifier, other):
    mend(tiny, SOURCES, PAPER, f"    {identifier}\n")
    mend(tiny, SOURCES, LABEL, f"    {other}\n")
    field = identifier.partition(":")[0]
    rule, said = answer(tiny)
    assert rule == "[sources-stand-once]"
    assert re.match(
        rf"{SOURCES}:\d+: {field}: 'made-up-label' \({SOURCES}:2\) has the same: keep one", said
    )


@pytest.mark.parametrize(
    "number", ["nct: NCT01234567", "registration: ISRCTN12345678"], ids=["NCT", "ISRCTN"]
)
def test_many_papers_can_be_about_one_study_but_its_record_is_one(tiny, number):
    def found() -> int:
        return len(list(sources_stand_once.check(Guide(load(tiny), tiny, [], TODAY))))

    mend(tiny, SOURCES, PAPER, f"    {number}\n")
    mend(tiny, SOURCES, LABEL, f"    {number}\n")
    assert found() == 0
    mend(tiny, SOURCES, "type: label", "type: registry")
    assert found() == 0
    mend(tiny, SOURCES, "type: article", "type: registry")
    assert found() == 1


def test_two_sources_may_have_one_identifier_where_the_guide_says_why(tiny):
    def says(record: str) -> None:
        entry = f"{{rule: sources-stand-once, record: {record}, why: Two chapters of one book.}}"
        path = tiny / "content" / "vocabulary.yml"
        path.write_text(
            f"# yaml-language-server: $schema=schemas/vocabulary.json\nexceptions: [{entry}]\n",
            encoding="utf-8",
        )

    says("made-up-paper")
    assert answer(tiny) == [
        "[sources-stand-once]",
        "content/vocabulary.yml:2: 'made-up-paper' needs no exception: delete this entry of"
        " 'exceptions', or correct its 'record'",
    ]
    mend(tiny, SOURCES, LABEL, PAPER)
    assert prepare(tiny, TODAY).pages


# -- DOI -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "doi, path",
    [
        (SICI, "10.1002/(SICI)1098-2736(199908)36:6%3C637::AID-TEA4%3E3.0.CO;2-9"),
        ("10.1000/a#b", "10.1000/a%23b"),
        ("10.1000/a?b", "10.1000/a%3Fb"),
        ("10.1000/5%b", "10.1000/5%25b"),
        ("10.1000/é中", "10.1000/%C3%A9%E4%B8%AD"),
        ("10.1000/A\"B'C", "10.1000/A%22B%27C"),
        ("10.1000/a[1]{2}|3\\4^5", "10.1000/a%5B1%5D%7B2%7D%7C3%5C4%5E5"),
        ("10.1000.10/ABC&d=e+f", "10.1000.10/ABC&d=e+f"),
    ],
)
def test_the_address_of_a_doi_is_encoded_and_leads_to_it(doi, path):
    assert source(doi=doi).doi_address == f"https://doi.org/{path}"
    assert urllib.parse.unquote(urllib.parse.urlsplit(doi_address(doi)).path) == f"/{doi}"


@pytest.mark.parametrize(
    "written, right",
    [
        ("https://doi.org/10.1000/abc", "10.1000/abc"),
        ("http://dx.doi.org/10.1000/a%3C1%3E", "10.1000/a<1>"),
        ("doi.org/10.1000/abc", "10.1000/abc"),
        ("doi:10.1000/abc", "10.1000/abc"),
        ("DOI: 10.1000/abc", "10.1000/abc"),
        ("doi 10.1000/abc", "10.1000/abc"),
        (" 10.1000/abc", "10.1000/abc"),
        ("10.1000/abc.", "10.1000/abc"),
        ("10.1000/a%3Cb", "10.1000/a<b"),
        ("10.1002/acr\u20112024", "10.1002/acr-2024"),
        ("10.1000/a b", None),
        ("10.1000", None),
        ("11.1000/abc", None),
        ("10.1/abc", None),
        ("", None),
    ],
)
def test_another_form_of_a_doi_is_refused_with_the_right_one(written, right):
    said = refused(doi=written)
    assert "a DOI begins with '10.', a number and '/'" in said and f"'{written}'" in said
    assert (f": write '{right}'" in said) if right else ("write" not in said)


# -- numbers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "field, written, said",
    [
        ("pmid", "PMID31234567", "and no letters: '31234567': write '31234567'"),
        ("pmid", "PMID: 31234567", ": write '31234567'"),
        ("pmid", "https://pubmed.ncbi.nlm.nih.gov/31234567/", ": write '31234567'"),
        ("pmid", "031234567", ": write '31234567'"),
        ("pmid", "PMC7654321", "is a number of PubMed Central: write 'pmcid: PMC7654321'"),
        ("pmid", "123456789", "has one to eight digits"),
        ("pmid", "3123456x", "has one to eight digits"),
        ("pmid", 31234567, "valid string"),
        ("pmcid", "7654321", ": write 'PMC7654321'"),
        ("pmcid", "pmc7654321", ": write 'PMC7654321'"),
        ("pmcid", "PMCID: PMC7654321", ": write 'PMC7654321'"),
        ("pmcid", "https://pmc.ncbi.nlm.nih.gov/articles/PMC7654321/", ": write 'PMC7654321'"),
        ("pmcid", "PMC", "is PMC and digits"),
        ("nct", "NCT0123456", "NCT and eight digits, and here are 7"),
        ("nct", "NCT012345678", "and here are 9"),
        ("nct", "nct01234567", ": write 'NCT01234567'"),
        ("nct", "NCT 01234567", ": write 'NCT01234567'"),
        ("nct", "ISRCTN01234567", "is a number of ISRCTN: write 'registration: ISRCTN01234567'"),
        ("registration", "ISRCTN0123456", "has 7 digits and is no number of this registry"),
        ("registration", "jRCT203120012", "write it as jRCT##########"),
        ("registration", "NCT1", "has 1 digit and is no number of this registry: write it as NCT"),
        ("registration", "ABC-1", "is not the number of a registry that is known here"),
        ("date", "2021-13", "should match pattern"),
    ],
)
def test_another_form_of_a_number_is_refused(field, written, said):
    assert said in refused(**{field: written})


@pytest.mark.parametrize(
    "number, name",
    [
        ("NCT01234567", "ClinicalTrials.gov"),
        ("ISRCTN01234567", "ISRCTN"),
        ("2004-000123-12", "EudraCT"),
        ("2022-500014-26-00", "EU CTIS"),
        ("jRCT2031200123", "jRCT"),
        ("jRCTs031180001", "jRCT"),
        ("ChiCTR2000029308", "ChiCTR"),
        ("ChiCTR-TRC-08000123", "ChiCTR"),
        ("ACTRN12605000123456", "ANZCTR"),
        ("DRKS00012345", "DRKS"),
        ("CTRI/2019/01/012345", "CTRI"),
        ("IRCT20150101012345N1", "IRCT"),
        ("PACTR201105000291248", "PACTR"),
        ("UMIN000012345", "UMIN"),
        ("KCT0001234", "CRIS"),
        ("RBR-2fmb3r", "ReBec"),
        ("LBCTR2019020211", "LBCTR"),
        ("PER-053-13", "REPEC"),
        ("NTR1234", "Dutch registers"),
    ],
)
def test_each_registry_knows_its_numbers(number, name):
    registry = registry_of(number)
    assert registry is not None and registry.name == name
    assert record_address(number).startswith("https://") and record_address(number).endswith(number)
    assert source(registration=number).registered == number


# -- pages -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pages, whole, short",
    [
        ("12", "12", "12"),
        ("12-19", "12-19", "12–9"),
        ("1286-94", "1286-1294", "1286–94"),
        ("1286-1294", "1286-1294", "1286–94"),
        ("98-104", "98-104", "98–104"),
        ("e1-e12", "e1-e12", "e1–12"),
        ("e1-12", "e1-e12", "e1–12"),
        ("S12-S15", "S12-S15", "S12–5"),
        ("ii3-ii10", "ii3-ii10", "ii3–10"),
        ("257-265.e12", "257-265.e12", "257–265.e12"),
        ("iv-xii", "iv-xii", "iv–xii"),
        ("1-3, 17-19", "1-3, 17-19", "1–3, 17–9"),
        ("e002280", "e002280", "e002280"),
        ("CD012345.pub2", "CD012345.pub2", "CD012345.pub2"),
    ],
)
def test_pages_are_ranges_or_article_numbers(pages, whole, short):
    assert source(pages=pages).pages == pages
    assert m.whole_range(pages) == whole and m.short_range(whole) == short


@pytest.mark.parametrize(
    "pages, said",
    [
        ("12\u201319", ": write '12-19'"),
        ("12--19", ": write '12-19'"),
        ("12 - 19", ": write '12-19'"),
        ("pp. 12-19", ": write '12-19'"),
        ("p12-9", ": write '12-9'"),
        ("19-12", "'19-12' ends before it begins"),
        ("in press", "has the wrong form"),
    ],
)
def test_other_pages_are_refused(pages, said):
    if pages == "p12-9":
        # An article number may begin with a letter.
        assert source(pages=pages).pages == pages
    else:
        assert said in refused(pages=pages)


# -- authors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "author, said",
    [
        ("Çelik, Ö", "write {family: Çelik, given: Ö} or {body: 'Çelik, Ö'}"),
        ("Deodhar, A.", "write {family: Deodhar, given: A.} or"),
        ("Deodhar, Atul", "write {family: Deodhar, given: Atul} or"),
        (
            "Food and Drug Administration, US",
            "{body: 'Food and Drug Administration, US'}",
        ),
        ("AbbVie", "write {body: AbbVie}, or a person as {family: …, given: …}"),
        ("et al", "is no author: where the list goes on, its last entry is 'et al.'"),
        ("and others", "its last entry is 'et al.'"),
        ({"family": "Doe, Jane"}, "'Doe, Jane' holds a comma"),
        ({"family": "Doe", "given": "J, Jr"}, "'J, Jr' holds a comma"),
        ({"famly": "Doe"}, "unknown key 'famly' of an author: a person is {family: …"),
        ({"given": "Jane"}, "an author has 'family' or 'body'"),
        ({"family": "Doe", "body": "WHO"}, "an author has 'family' or 'body'"),
        ({"body": "WHO", "given": "X"}, "an author has 'family' or 'body'"),
        (["Doe"], "is no author: a person is"),
        ({"family": ""}, "at least 1 character"),
    ],
)
def test_an_author_says_what_it_is(author, said):
    assert said in refused(authors=[author])


def test_et_al_stands_last():
    assert "stands last" in refused(authors=["et al.", {"family": "Doe", "given": "J"}])
    assert source(authors=[{"family": "Doe"}, "et al."]).authors[-1] == "et al."


@pytest.mark.parametrize(
    "given, short",
    [
        ("JC", "JC"),
        ("J. C.", "JC"),
        ("Jean-Claude", "J-C"),
        ("Atul", "A"),
        ("Ömer Faruk", "ÖF"),
        ("Maria de los Ángeles", "MÁ"),
        ("ATULKUMAR", "A"),
        ("小明", "小明"),
    ],
)
def test_given_names_become_initials(given, short):
    assert initials(given) == short


def test_the_check_says_the_place_and_both_ways_to_write_an_author(tiny):
    mend(tiny, SOURCES, '[{family: Nobody, given: "N"}, "et al."]', '["Deodhar, Atul", "et al."]')
    mend(tiny, SOURCES, "10.1000/made-up", "https://doi.org/10.1000/made-up")
    with pytest.raises(ContentErrors) as error:
        load(tiny)
    lines = [str(problem) for problem in error.value.problems]
    assert lines == [
        f"{SOURCES}:12: sources[1].authors[0]: 'Deodhar, Atul' does not say whether it is a person"
        " or a body: write {family: Deodhar, given: Atul} or {body: 'Deodhar, Atul'}",
        f"{SOURCES}:17: sources[1].doi: 'https://doi.org/10.1000/made-up' has the wrong form: a DOI"
        " begins with '10.', a number and '/': 10.1000/example: write '10.1000/made-up'",
    ]
