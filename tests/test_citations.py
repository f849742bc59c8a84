"""References: the line a reader sees, and the files a reference manager imports, read back by
programs that did not write them.
"""

from __future__ import annotations

import codecs
import datetime
import json
import re
import warnings
from pathlib import Path
from urllib.parse import unquote

import latexcodec  # noqa: F401  # registers the codec "ulatex"
import pytest
import rispy
from bs4 import BeautifulSoup, Tag
from citeproc import CitationStylesStyle
from pybtex.database import Person, parse_string

from conftest import ROOT
from guide.content import models as m
from guide.content.citations import formats, items, lines, names
from guide.content.loading import load
from guide.view import citation
from serving import serving

LIBRARY = load(ROOT)
ITEMS = {key: items.item_of(source) for key, source in LIBRARY.sources.items()}
TYPES = re.findall(
    r'"([a-z_-]+)"',
    (
        Path(next(iter(__import__("citeproc").__path__)))
        / "data/schema/schemas/styles/csl-types.rnc"
    ).read_text(),
)


def source(**fields: object) -> m.Source:
    return m.Source.model_validate(
        {
            "id": "s",
            "type": "article",
            "title": "A trial",
            "accessed": datetime.date(2026, 1, 2),
            "primary": True,
            "unlinked": "made up",
            **fields,
        }
    )


def written(suffix: str, items) -> str:
    format = formats.FORMATS[suffix]
    return format.file(format.entry(item) for item in items)


def line(**fields: object) -> str:
    return lines.reference_line(items.listed_item(source(**fields)))


def persons(letters: str) -> list[dict[str, str]]:
    return [{"family": f"Author{letter}", "given": "X"} for letter in letters]


LINES = [
    (
        {
            "authors": [{"family": "van der Heijde", "given": "D"}, "et al."],
            "container": "Lancet",
            "date": datetime.date(2019, 12, 7),
            "volume": "394",
            "issue": "10214",
            "pages": "2108-2117",
        },
        "van der Heijde D, et al. A trial. Lancet. 2019 Dec 7;394(10214):2108–17.",
    ),
    (
        {
            "authors": [
                {"family": "Davis", "given": "J. C.", "suffix": "Jr"},
                {"family": "Smith-Jones", "given": "Anna-Beth"},
                {"family": "Çelik", "given": "Ömer"},
            ],
            "container": "RMD Open",
            "date": "2022-09",
            "volume": "8",
            "pages": "e002280",
        },
        "Davis JC Jr, Smith-Jones A-B, Çelik Ö. A trial. RMD Open. 2022 Sep;8:e002280.",
    ),
    (
        {"authors": persons("ABCDEF"), "year": 2020},
        "AuthorA X, AuthorB X, AuthorC X, AuthorD X, AuthorE X, AuthorF X. A trial. 2020.",
    ),
    (
        {"authors": persons("ABCDEFG"), "year": 2020},
        "AuthorA X, AuthorB X, AuthorC X, AuthorD X, AuthorE X, AuthorF X, et al. A trial. 2020.",
    ),
    (
        {"authors": [*persons("ABCDEF"), "et al."], "year": 2020},
        "AuthorA X, AuthorB X, AuthorC X, AuthorD X, AuthorE X, AuthorF X, et al. A trial. 2020.",
    ),
    (
        {
            "type": "government",
            "authors": [{"body": "Department of Health, Disability and Ageing"}],
            "title": "What is it?",
            "container": "health.gov.au",
            "date": datetime.date(2025, 7, 1),
        },
        "Department of Health, Disability and Ageing. What is it? health.gov.au; 2025 Jul 1.",
    ),
    (
        {
            "type": "label",
            "title": "Label.",
            "title_is": "descriptive",
            "authors": [{"body": "Eli Lilly and Company"}],
            "container": "DailyMed",
        },
        "Eli Lilly and Company. [Label]. DailyMed.",
    ),
    (
        {"type": "registry", "nct": "NCT01234567", "container": "ClinicalTrials.gov", "year": 2023},
        "A trial. ClinicalTrials.gov; 2023.",
    ),
    # A group beside persons, and a single name.
    (
        {
            "authors": [
                {"family": "Suharto"},
                {"body": "RE-LY Study Group"},
                {"family": "王", "given": "小明"},
            ],
            "container": "BMJ",
            "year": 2020,
            "pages": "e1-e12",
        },
        "Suharto, RE-LY Study Group, 王 小明. A trial. BMJ. 2020:e1–12.",
    ),
    # Nobody's name was seen: the line begins with the title.
    (
        {
            "authors": ["et al."],
            "container": "JAMA",
            "year": 2020,
            "issue": "4",
            "pages": "1286-94",
        },
        "A trial. JAMA. 2020;(4):1286–94.",
    ),
]


@pytest.mark.parametrize(("fields", "expected"), LINES)
def test_the_line_follows_the_icmje(fields, expected):
    assert line(**fields) == expected


def test_the_style_is_valid_csl():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        CitationStylesStyle(str(lines.STYLE), validate=True)


def test_every_source_has_a_whole_line():
    for key, item in ITEMS.items():
        shown = lines.reference_line(items.listed_item(LIBRARY.sources[key]))
        # A name may end in a full stop of its own (B.V.); the style does not put a second one
        # behind it.
        assert not re.search(r"\.\.|[?!]\.|\s\s|None|\ue000|\ue001| ,|;\.", shown), (key, shown)
        assert shown.endswith("."), key
        assert LIBRARY.sources[key].title.rstrip(".?") in shown, key
        first = names.first_author(LIBRARY.sources[key].authors)
        assert shown.startswith(first), (key, shown)
        year = item.get("issued", {}).get("date-parts", [[None]])[0][0]
        assert year is None or str(year) in shown, key


def test_csl_json_items_hold_the_fields_of_the_specification():
    kinds = {item["type"] for item in ITEMS.values()}
    assert kinds == {"article-journal", "article-newspaper", "report", "webpage"} and kinds <= set(
        TYPES
    )
    assert json.loads(written("json", ITEMS.values())) == list(ITEMS.values())
    for key, item in ITEMS.items():
        for name in item.get("author", ()):
            assert set(name) in ({"family", "given"}, {"family", "given", "suffix"}, {"literal"}), (
                key,
                name,
            )
        for field in ("issued", "accessed"):
            for parts in item.get(field, {}).get("date-parts", ()):
                assert 1 <= len(parts) <= 3 and all(isinstance(part, int) for part in parts), key
    persons = {
        author.family
        for origin in LIBRARY.sources.values()
        for author in origin.authors
        if isinstance(author, m.Person)
    }
    assert len(persons) > 100 and not any(
        re.search(r"Health|Company|Limited|Agency", name) for name in persons
    )
    assert not [item for item in ITEMS.values() if "et al." in json.dumps(item.get("author", ""))]


def test_ris_reads_back_whole():
    raw = written("ris", ITEMS.values())
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", row) for row in raw.split("\n") if row), (
        "a line of RIS is a tag, two spaces, a hyphen, a space"
    )
    assert raw.count("\nER  - ") == raw.count("TY  - ") == len(ITEMS)
    for found, (key, item) in zip(rispy.loads(raw), ITEMS.items(), strict=True):
        origin = LIBRARY.sources[key]
        assert found["id"] == key and found["title"].strip("[]") == origin.title
        assert found.get("authors", []) == [
            " ".join(author.body.replace(",", " ").split())
            if isinstance(author, m.Body)
            else ", ".join(filter(None, (author.family, author.given, author.suffix)))
            for author in origin.authors
            if author != "et al."
        ], key
        assert (
            found.get("doi") == origin.doi
            and found.get("accession_number") == origin.pmid
            and found.get("custom2") == origin.pmcid
        )
        assert found.get("volume") == origin.volume and found.get("number") == origin.issue
        assert "-".join(found[end] for end in ("start_page", "end_page") if end in found) == (
            origin.pages or ""
        ), key
        assert found["access_date"] == origin.accessed.strftime("%Y/%m/%d/")
        assert found.get("date", "").rstrip("/").replace("/", "-") == str(
            origin.date or origin.year or ""
        ), key
        assert (found["type_of_reference"] == "JOUR") == (item["type"] == "article-journal")
        assert "et al." not in origin.authors or "not seen whole" in found["notes"][0]


def test_bibtex_reads_back_whole():
    raw = written("bib", ITEMS.values())
    entries = parse_string(raw, "bibtex").entries
    assert list(entries) == list(ITEMS)
    for key, entry in entries.items():
        origin = LIBRARY.sources[key]
        assert plain(entry.fields["title"]).strip("[]{}") == plain_text(origin.title), key
        whole = [named(person) for person in entry.persons.get("author", ())]
        assert whole == [
            plain_text(
                author.body
                if isinstance(author, m.Body)
                else "others"
                if author == "et al."
                else f"{author.family}, {' '.join(filter(None, (author.given, author.suffix)))}"
            )
            for author in origin.authors
            if origin.authors != ["et al."]
        ], key
        assert entry.fields.get("doi") == origin.doi and entry.fields.get("pmid") == origin.pmid
        assert entry.fields.get("pages", "").replace("--", "-") == (
            origin.pages or "" if entry.type == "article" else ""
        ), key
        assert entry.fields["urldate"] == origin.accessed.isoformat()
        assert entry.fields.get("year") == (
            str(origin.date)[:4] if origin.date else str(origin.year) if origin.year else None
        )
        if origin.date:
            assert int(entry.fields["month"]) == int(str(origin.date)[5:7])


def plain(latex: str) -> str:
    return plain_text(codecs.decode(latex, "ulatex"))


def plain_text(text: str) -> str:
    """Without braces, which keep a title's capitals, and with one kind of white space."""
    return re.sub(r"\s+", " ", re.sub(r"[{}]", "", text)).strip()


def named(person: Person) -> str:
    last = plain(" ".join(person.prelast_names + person.last_names))
    rest = " ".join([*person.first_names, *person.middle_names, *person.lineage_names])
    return f"{last}, {rest}" if rest else last


HOSTILE = (
    '</script><img src=x onerror=alert(1)> {{ 7*7 }} {% raw %} \\input{x} % $ # _ ~ ^ & } { "q"'
    " 'a'\r\nER  - \nTY  - BOOK\u202e"
)


def test_hostile_text_stays_text_in_every_format():
    item = items.item_of(source(title=HOSTILE, authors=[{"body": HOSTILE}], container=HOSTILE))
    flat = re.sub(r"\s+", " ", HOSTILE)
    [found] = rispy.loads(written("ris", [item]))
    assert (
        found["title"] == flat
        and found["authors"] == [flat]
        and found["type_of_reference"] == "JOUR"
    )
    entries = parse_string(written("bib", [item]), "bibtex").entries
    assert list(entries) == ["s"] and set(entries["s"].fields) == {"title", "journal", "urldate"}
    assert r"\input" not in entries["s"].fields["title"]
    assert json.loads(written("json", [item]))[0]["title"] == flat
    from guide.base.text import text

    shown = lines.reference_line(item, text, ("<cite>", "</cite>"))
    soup = BeautifulSoup(shown, "html5lib")
    assert [tag.name for tag in soup.body.find_all()] == [
        "cite"
    ] and soup.cite.get_text() == flat.rstrip(".")
    assert "{{" not in shown and "{%" not in shown


def test_a_private_use_character_cannot_open_the_title():
    item = items.item_of(source(authors=[{"body": "\ue001Body\ue000"}], title="A\ue001B"))
    assert lines.reference_line(item, str, ("<", ">")).startswith("Body. <AB>")


def test_pages_alike_are_asked_for_once_and_each_line_is_the_processors_own(monkeypatch):
    """Also of a title that ends its sentence itself, and of one that holds the words put in its
    place.
    """
    lines._lines.clear()
    asked: list[dict] = []
    made = lines._marked
    monkeypatch.setattr(lines, "_marked", lambda item: (asked.append(item), made(item))[1])
    pages = [
        {
            "id": f"p{number}",
            "type": "webpage",
            "title": title,
            "author": [{"literal": "Somebody"}],
            "container-title": "A guide",
            "issued": {"date-parts": [[2026, 1, 2]]},
            "URL": f"https://guide.example.org/{number}/",
        }
        for number, title in enumerate(
            [
                "Doses, kidneys and other medicines",
                "Is it approved?",
                "Is it approved? Examplinib in example disease",
                "Tests and checks. Examplinib 5.1 in example disease",
                "Tests and checks. Examplinib in example disease (for patients)",
                "Side effects (patients)",
                "No. 1.",
                "Title of the page",
                "iPhones – and \u201cquotes\u201d",
            ]
        )
    ]
    for page in [
        *pages,
        *({key: value for key, value in page.items() if key != "URL"} for page in pages),
    ]:
        assert lines.reference_line(page, str, ("<", ">")) == made(page).replace(
            items.TITLE, "<", 1
        ).replace(items.TITLE_END, ">", 1)
    assert len(asked) == 2 * (1 + 4)


def test_a_line_that_is_known_is_not_set_again(monkeypatch):
    monkeypatch.setattr(lines, "_lines", {})
    (item,) = lines.packed_items([source(title="Only here")]).values()
    assert "Only here" in lines.set_line(item)
    lines.add_lines({item: "\ue000Taken from elsewhere\ue001."})
    assert lines.set_line(item) == "\ue000Taken from elsewhere\ue001."
    assert lines.reference_line(json.loads(item)) == "Taken from elsewhere."


def cited_as(page: Tag, name: str) -> str:
    """What a reader saves who asks a page for this file about itself."""
    [link] = page.select(f'article details.cite a[download="{name}"]')
    kind, _, content = link["href"].partition(",")
    assert re.fullmatch(r"data:[a-z]+/[\w.+-]+;charset=utf-8", kind)
    return unquote(content)


def test_every_page_can_be_cited_and_its_list_taken_along(site):
    pages = [
        path
        for path in sorted(site.rglob("index.html"))
        if 'name="guide-old-address"' not in path.read_text(encoding="utf-8")
    ]
    assert len(pages) > 150
    folder = site / "about/sources"
    listed, titles = 0, set()
    known = {
        "json": [item["id"] for item in json.loads((folder / "references.json").read_text())],
        "ris": re.findall(r"^ID  - (.*)$", (folder / "references.ris").read_text(), re.M),
        "bib": re.findall(r"^@\w+\{([^,]+),", (folder / "references.bib").read_text(), re.M),
    }
    assert known["json"] == known["ris"] == known["bib"]
    for path in pages:
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")
        box = soup.select_one("article details.cite")
        assert box and not box.has_attr("open"), path
        [cited] = json.loads(cited_as(soup, "cite.json"))
        assert cited["title"] in " ".join(box.get_text().split())
        assert cited["title"] in cited_as(soup, "cite.ris")
        assert cited_as(soup, "cite.bib").isascii()
        titles.add(cited["title"])
        links = [link["href"] for link in soup.select("article p.downloads a[download]")]
        sources = [
            item["id"].removeprefix("source-")
            for item in soup.select("ol.sources > li, ul.sources > li")
        ]
        assert [(path.parent / link).resolve() for link in links] == (
            [folder / f"references.{suffix}" for suffix in ("ris", "bib", "json")]
            if sources
            else []
        )
        assert set(sources) <= set(known["json"])
        listed += bool(sources)
    assert listed > 120
    assert len(titles) == len(pages), "two pages are cited by one name"
    page = site / "baricitinib-as/patients/dosing/index.html"
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "lxml")
    for name in ("cite.ris", "cite.bib"):
        text = cited_as(soup, name)
        assert (
            "Baricitinib in ankylosing spondylitis (for patients)" in text
            and "Not clinically reviewed" in text
        )


def test_a_page_holds_its_files_whatever_is_in_its_title():
    """Nothing of a title ends the address or the attribute that the file stands in."""
    title = "A \"title\" with 100 % & <marks> # and\ttabs \u2019 of 'Köln'"
    item = {"id": "a", "type": "webpage", "title": title, "author": [{"literal": "B"}]}
    for suffix, form in formats.FORMATS.items():
        file = citation.file_of(item, suffix)
        assert not re.search(r"[\"'<>#&\t\n]", file.href)
        assert unquote(file.href.partition(",")[2]) == form.file([form.entry(item)])


@pytest.mark.site
def test_a_script_takes_the_pages_own_sources_out_of_all(site, browser):
    """With scripts the file has what the page lists, in its order; without, it has all sources."""
    with serving(site) as address:
        tab = browser.new_page()
        tab.goto(f"{address}baricitinib-as/patients/dosing/")
        tab.evaluate("for (const box of document.querySelectorAll('details')) box.open = true")
        sources = tab.eval_on_selector_all(
            "ol.sources > li", "all => all.map(one => one.id.replace('source-', ''))"
        )
        assert "This list" in tab.inner_text(".downloads")
        saved = {}
        for name in ("references.ris", "references.bib", "references.json", "cite.ris"):
            with tab.expect_download() as coming:
                tab.click(f'a[download="{name}"], .downloads a[href$="{name}"]')
            assert coming.value.suggested_filename == name
            saved[name] = Path(coming.value.path()).read_text(encoding="utf-8")
        tab.close()
    assert re.findall(r"^ID  - (.*)$", saved["references.ris"], re.M) == sources
    assert re.findall(r"^@\w+\{([^,]+),", saved["references.bib"], re.M) == sources
    assert [item["id"] for item in json.loads(saved["references.json"])] == sources
    assert saved["references.ris"].count("\nER  -") == len(sources)
    assert saved["cite.ris"].startswith("TY  - ") and "Baricitinib" in saved["cite.ris"]


def test_references_lead_to_doi_pubmed_and_registry(site):
    lists = [site / "about/sources/index.html", site / "about/sources/texts/index.html"]
    soup = BeautifulSoup("".join(one.read_text(encoding="utf-8") for one in lists), "lxml")
    listed = [entry["data-record"] for entry in soup.select("ul.sources > li")]
    assert sorted(listed) == sorted(LIBRARY.sources)
    counted = dict.fromkeys(("doi_address", "pmid", "nct"), 0)
    for key, origin in LIBRARY.sources.items():
        entry = soup.select_one(f"ul.sources > #source-{key}")
        links = {anchor["href"] for anchor in entry.find_all("a")}
        for field, address in (
            ("doi_address", "{}"),
            ("pmid", "https://pubmed.ncbi.nlm.nih.gov/{}/"),
            ("nct", "https://clinicaltrials.gov/study/{}"),
        ):
            if getattr(origin, field):
                counted[field] += 1
                assert address.format(getattr(origin, field)) in links, key
    assert min(counted.values()) > 15
    # An older DOI has signs that an address may not hold.
    links = [
        anchor["href"] for anchor in soup.find(id="source-dougados-2001-celecoxib").find_all("a")
    ]
    assert "https://doi.org/10.1002/1529-0131(200101)44:1%3C180::AID-ANR24%3E3.0.CO;2-K" in links


def test_the_line_on_the_page_is_the_processors(site):
    item = BeautifulSoup(
        (site / "about/sources/index.html").read_text(encoding="utf-8"), "lxml"
    ).find(id="source-vanderheijde-2022-select-axis-1-2y")
    text = " ".join(item.get_text().split())
    assert text.startswith(
        "van der Heijde D, et al. [Upadacitinib in active ankylosing spondylitis: 2-year data from"
        " SELECT-AXIS 1]. RMD Open. 2022;8(2):e002280. (our description; the exact title was not"
        " seen)"
    )
    assert "read in a copy, read 23 November 2026" in text and item.cite
