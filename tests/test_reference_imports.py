"""What programs read in the guide's references: citation.js, rispy, pybtex and citeproc-py."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

import pytest
import rispy
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle
from citeproc import formatter as formats_of_citeproc
from citeproc.source.json import CiteProcJSON
from pybtex.database import parse_string

from conftest import ROOT
from guide.content.citations import items, lines
from test_citations import LIBRARY, plain, source, written

SICI = "10.1002/(SICI)1098-2736(199908)36:6<637::AID-TEA4>3.0.CO;2-9"

AUTHORS = [
    {"family": "van der Heijde", "given": "D"},
    {"family": "Çelik", "given": "Ö"},
    {"family": "Deodhar", "given": "Atul"},
    {"family": "Braun", "given": "J."},
    {"family": "Davis", "given": "JC", "suffix": "Jr"},
    {"family": "LEE", "given": "K"},
    {"family": "Van den Bosch", "given": "F"},
    {"family": "O'Shea", "given": "Jean-Luc"},
    {"family": "Suharto"},
    {"family": "And", "given": "M"},
    {"body": "Food and Drug Administration, US"},
    {"body": "UCB, Inc."},
    {"body": "RE-LY Study Group"},
    {"body": "Novartis"},
]

# The same persons and bodies as a program shows them: in one text, whatever parts it has.
NAMES = [
    "van der Heijde, D",
    "Çelik, Ö",
    "Deodhar, Atul",
    "Braun, J.",
    "Davis, JC, Jr",
    "LEE, K",
    "Van den Bosch, F",
    "O'Shea, Jean-Luc",
    "Suharto",
    "And, M",
    "Food and Drug Administration, US",
    "UCB, Inc.",
    "RE-LY Study Group",
    "Novartis",
]

TITLES = [
    "TNF\u2011α ≥5 µg/mL, 10⁹/L",
    "中文标题",
    "50% of {x} & _b #c ~d ^e $f \\g -- h",
    "Naïve “users” of IL-17A: what’s next?",
    "العربية and Ελληνικά",
]

SOURCES = [
    source(
        id="whole",
        title=TITLES[0],
        authors=[*AUTHORS, "et al."],
        container="Nature & Science",
        volume="12",
        issue="S1",
        pages="e1-e12",
        date="2019-12",
        doi=SICI,
        pmid="31234567",
        pmcid="PMC7654321",
    ),
    *(
        source(id=f"title-{number}", title=title, authors=AUTHORS[:1], year=2020)
        for number, title in enumerate(TITLES[1:])
    ),
    source(id="doi", doi="10.1000/a#b?c%d_é", authors=["et al."], pages="1286-94"),
    source(
        id="label",
        type="label",
        authors=[{"body": "Eli Lilly and Company"}],
        container="DailyMed",
        url="https://example.org/a_b?c=d&e=%20f#g",
    ),
]


@pytest.fixture(scope="module")
def read() -> dict[str, list[dict[str, Any]]]:
    """What citation.js reads, by format, with its own names of formats."""
    node = shutil.which("node")
    if node is None or not (ROOT / "node_modules/@citation-js/core").is_dir():
        pytest.skip("needs Node.js and the packages of package-lock.json")
    made = [*map(items.item_of, [*SOURCES, *LIBRARY.sources.values()])]
    files = {suffix: written(suffix, made) for suffix in ("ris", "bib", "json")}
    done = subprocess.run(
        [node, str(ROOT / "tests/read_references.js")],
        input=json.dumps(files),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def shown(name: dict[str, str]) -> str:
    """A name of CSL in one text."""
    family = " ".join(filter(None, (name.get("non-dropping-particle"), name.get("family"))))
    parts = (family, name.get("given"), name.get("suffix"))
    return name.get("literal") or ", ".join(part for part in parts if part)


@pytest.mark.parametrize("suffix", ["ris", "bib", "json"])
def test_citation_js_reads_what_was_written(read, suffix):
    found = {item["id"]: item for item in read[suffix]}
    whole = found["whole"]
    authors = [shown(name) for name in whole["author"]]
    expected = list(NAMES)
    if suffix == "ris":
        # RIS parts a name at its commas: the name of a body goes without.
        expected = [
            name.replace(", US", " US").replace(", Inc", " Inc") if "literal" in one else name
            for name, one in zip(NAMES, items.item_of(SOURCES[0])["author"], strict=True)
        ]
    if suffix == "bib":
        # BibTeX's own sign for 'et al.', which citation.js hands through as it is.
        expected.append("others")
    assert authors == expected
    assert whole["DOI"] == SICI and whole["page"] == "e1-e12"
    assert (whole["volume"], whole["issue"]) == ("12", "S1")
    assert whole["container-title"] == "Nature & Science" and whole["type"] == "article-journal"
    assert whole["issued"]["date-parts"] == [[2019, 12]]
    assert "not seen whole" in whole["note"]
    titles = [whole["title"], *(found[f"title-{number}"]["title"] for number in range(4))]
    assert titles == TITLES
    assert found["doi"]["DOI"] == "10.1000/a#b?c%d_é"
    assert found["doi"]["page"] == "1286-1294" and not found["doi"].get("author")
    label = found["label"]
    assert label["type"] == "report" and shown(label["author"][0]) == "Eli Lilly and Company"
    assert label["publisher"] == "DailyMed"
    assert label["URL"] == "https://example.org/a_b?c=d&e=%20f#g"


@pytest.mark.parametrize("suffix", ["ris", "bib", "json"])
def test_citation_js_reads_every_source_of_the_guide(read, suffix):
    found = {item["id"]: item for item in read[suffix]}
    for key, origin in LIBRARY.sources.items():
        item, made = found[key], items.item_of(origin)
        assert item["title"] == made["title"], key
        assert item.get("DOI") == origin.doi, key
        # A @misc of BibTeX has no pages. RIS without date or DOI passes for the old RIS of 1990.
        if made["type"] == "article-journal" and ("issued" in made or suffix != "ris"):
            assert item.get("page") == made.get("page"), key
        # RIS calls whoever wrote for a newspaper by the same tag; citation.js has a name for them.
        reporter = item.get("reporter", [])
        names = [shown(name) for name in item.get("author", ())] or (
            [reporter] if isinstance(reporter, str) else reporter
        )
        assert "et al." not in names and len(names) == len(made.get("author", ())) + (
            suffix == "bib" and "custom" in made
        ), key


def test_rispy_and_pybtex_read_the_same():
    made = [*map(items.item_of, SOURCES)]
    ris = {entry["id"]: entry for entry in rispy.loads(written("ris", made))}
    assert ris["whole"]["authors"][:9] == NAMES[:9] and len(ris["whole"]["authors"]) == len(NAMES)
    assert ris["whole"]["doi"] == SICI and "authors" not in ris["doi"]
    entries = parse_string(written("bib", made), "bibtex").entries
    persons = entries["whole"].persons["author"]
    assert [plain(" ".join(one.prelast_names + one.last_names)) for one in persons] == [
        *(name.split(",")[0] for name in NAMES[:10]),
        *NAMES[10:],
        "others",
    ]
    assert [" ".join(one.first_names + one.middle_names) for one in persons[:5]] == [
        "D",
        "Ö",
        "Atul",
        "J.",
        "JC",
    ]
    assert persons[4].lineage_names == ["Jr"]
    assert entries["whole"].fields["doi"] == SICI and "author" not in entries["doi"].persons


def test_a_processor_of_csl_sets_what_is_exported():
    """The exported items are CSL-JSON: the processor takes them without the list's own changes."""
    for entry in json.loads(written("json", map(items.item_of, SOURCES))):
        # Where CSL-JSON keeps what no style prints.
        entry.pop("custom", None)
        style = CitationStylesStyle(str(lines.STYLE), locale="en-GB", validate=False)
        bibliography = CitationStylesBibliography(
            style, CiteProcJSON([entry]), formats_of_citeproc.plain
        )
        bibliography.register(Citation([CitationItem(entry["id"])]))
        line = str(bibliography.bibliography()[0])
        assert entry["title"].rstrip("?") in line and "et al" not in line.split(entry["title"])[-1]
