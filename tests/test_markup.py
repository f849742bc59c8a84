"""The head of each page: markup in schema.org's own terms, descriptions, previews, and no text that
can break out.
"""

from __future__ import annotations

import datetime
import json
import re
import xml.etree.ElementTree as xml
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml
from bs4 import BeautifulSoup
from schema_org import SCHEMA_VERSION, registry

from conftest import PUBLIC, ROOT, TODAY, mkdocs
from guide.build import compile_tree, prepare
from guide.content.loading import load
from guide.render.head import script_text

# -- the vocabulary ------------------------------------------------------------------------


def ancestors(name: str) -> set[str]:
    """A type and all that it is a kind of."""
    found = {name}
    for parent in (
        registry.CLASS_METADATA[name].parents
        if name in registry.CLASS_METADATA
        else registry.DATATYPES.get(name, ())
    ):
        found |= ancestors(parent)
    return found


def faults(value: object, expected: tuple[str, ...] = ()) -> list[str]:
    """What in a JSON-LD value is not schema.org's: unknown or retired terms, a property of another
    type, a value of another kind.
    """
    if isinstance(value, list):
        return [fault for item in value for fault in faults(item, expected)]
    if not isinstance(value, dict):
        if not expected:
            return [f"{value!r} stands alone"]
        return (
            []
            if any(fits(value, kind) for kind in expected)
            else [f"{value!r} is none of {', '.join(expected)}"]
        )
    kind = value.get("@type")
    if kind not in registry.CLASS_METADATA:
        return [f"there is no type {kind}"]
    own = ancestors(kind)
    found = [f"{kind} is superseded"] if registry.CLASS_METADATA[kind].superseded_by else []
    if expected and not own & set(expected):
        found.append(f"{kind} is none of {', '.join(expected)}")
    for name, inner in value.items():
        if name.startswith("@"):
            continue
        known = registry.PROPERTY_BY_SCHEMA.get(name)
        if known is None:
            found.append(f"there is no property {name}")
        elif known.superseded_by or not own & set(known.domains):
            found.append(f"{name} is no property of {kind}, or superseded")
        else:
            found += [f"{name}: {fault}" for fault in faults(inner, known.ranges)]
    return found


def fits(value: object, kind: str) -> bool:
    if kind in registry.ENUM_MEMBERS:
        return (
            isinstance(value, str)
            and value.removeprefix("https://schema.org/") in registry.ENUM_MEMBERS[kind]
        )
    if kind == "Boolean":
        return isinstance(value, bool)
    if kind == "Date":
        return (
            isinstance(value, str)
            and bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", value))
            and bool(datetime.date.fromisoformat(value))
        )
    if kind == "URL":
        return isinstance(value, str) and bool(
            re.match(r"https?://[^\s]+$|\.{0,2}/|[\w./-]+/$|[\w./-]+\.\w+$", value)
        )
    return kind == "Text" and isinstance(value, str)


def test_the_vocabulary_is_release_30():
    assert SCHEMA_VERSION.startswith("30.")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"@type": "MedicalPage"}, "there is no type MedicalPage"),
        ({"@type": "MedicalWebPage", "reviewer": "x"}, "there is no property reviewer"),
        (
            {"@type": "MedicalTrial", "lastReviewed": "2026-01-01"},
            "lastReviewed is no property of MedicalTrial, or superseded",
        ),
        (
            {"@type": "MedicalWebPage", "lastReviewed": "January"},
            "lastReviewed: 'January' is none of Date",
        ),
        (
            {"@type": "MedicalWebPage", "audience": {"@type": "Drug"}},
            "audience: Drug is none of Audience",
        ),
        ({"@type": "MedicalTrial", "status": "https://schema.org/Ended"}, ""),
        (
            {"@type": "MedicalWebPage", "aspect": "dosing"},
            "aspect is no property of MedicalWebPage, or superseded",
        ),
        (
            {"@type": "MedicalWebPage", "about": [{"@type": "Drug", "name": {"@type": "Drug"}}]},
            "about: name: Drug is none of Text",
        ),
    ],
)
def test_the_vocabulary_check_finds_faults(wrong, said):
    # A study's status may be any text: there the check has nothing to find, and the pages are held
    # to the enumeration below.
    assert faults(wrong) == ([said] if said else [])


# -- the pages -----------------------------------------------------------------------------


class Head:
    """What the tests need of one built page."""

    def __init__(self, path: Path, url: str):
        raw = path.read_text(encoding="utf-8")
        self.url, self.raw = url, raw
        self.soup = BeautifulSoup(raw[: raw.index("</head>")], "lxml")
        self.scripts = re.findall(r'<script type="application/ld\+json">(.*?)</script>', raw, re.S)
        self.body = raw[raw.index("</head>") :]

    @property
    def document(self) -> dict:
        return json.loads(self.scripts[0])

    def meta(self, name: str) -> str | None:
        found = self.soup.find("meta", attrs={"name": name}) or self.soup.find(
            "meta", attrs={"property": name}
        )
        return found["content"] if found else None

    def dates(self) -> dict[str, str]:
        box = re.search(r'<dl class="dates".*?</dl>', self.body, re.S)
        return dict(re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", box[0])) if box else {}


@pytest.fixture(scope="module")
def heads(site) -> dict[str, Head]:
    found = {}
    for path in sorted(site.rglob("index.html")):
        # The way from an old address to a page has no head of its own to look at.
        if 'name="guide-old-address"' in path.read_text(encoding="utf-8"):
            continue
        url = path.parent.relative_to(site).as_posix() + "/"
        found["" if url == "./" else url] = Head(path, "" if url == "./" else url)
    return found


def day(date: str) -> str:
    parsed = datetime.date.fromisoformat(date)
    return f"{parsed.day} {parsed.strftime('%B')} {parsed.year}"


def test_every_page_has_one_valid_document(heads):
    assert len(heads) > 150
    kinds = {}
    for url, head in heads.items():
        assert len(head.scripts) == 1, url
        document = head.document
        assert document["@context"] == "https://schema.org"
        assert faults(document) == [], url
        assert (
            document["license"] == "https://creativecommons.org/licenses/by/4.0/"
            and document["inLanguage"] == "en"
        )
        # Short, but for the one page that shows every trial.
        assert len(head.scripts[0]) < 6000 + 300 * len(document.get("mentions", [])), url
        kinds.setdefault(document["@type"], []).append(url)
    assert (
        set(kinds) == {"MedicalWebPage", "WebSite", "AboutPage", "WebPage"}
        and kinds["WebSite"] == [""]
        and kinds["AboutPage"] == ["about/"]
    )
    library = load(ROOT)
    assert sorted(kinds["MedicalWebPage"]) == sorted(
        url
        for url in heads
        if url.split("/")[0] in library.topics or url.split("/")[0] in library.conditions
    )
    assert "ankylosing-spondylitis/patients/options/" in kinds["MedicalWebPage"]


def test_dates_and_audience_are_the_pages_own(heads):
    library = load(ROOT)
    for url, head in heads.items():
        owner = url.split("/")[0]
        topic, condition = library.topics.get(owner), library.conditions.get(owner)
        if topic is None and condition is None:
            continue
        document, dates = head.document, head.dates()
        assert day(document["datePublished"]) == dates["Published"], url
        assert day(document["dateModified"]) == dates["Last change of this page"], url
        assert day(document["expires"]) == dates["Next review due"], url
        track = url.split("/")[1]
        assert document["audience"] == {
            "patients": {"@type": "Patient"},
            "clinicians": {"@type": "MedicalAudience", "audienceType": "Clinician"},
        }.get(
            track, [{"@type": "Patient"}, {"@type": "MedicalAudience", "audienceType": "Clinician"}]
        )
        named = {(entry["@type"], entry["name"].lower()) for entry in document["about"]}
        # A page about the condition is about no medicine before the others.
        assert named == (
            {
                ("Drug", library.medicines[topic.medicine].name),
                ("MedicalCondition", library.conditions[topic.condition].name),
            }
            if topic
            else {("MedicalCondition", condition.name)}
        )


def test_nothing_claims_a_review_a_price_or_a_foreign_grade(heads):
    assert not any(topic.review.reviewed_by for topic in load(ROOT).topics.values()), (
        "a reviewer was added: this test must then look for the name"
    )
    for url, head in heads.items():
        raw = json.dumps(head.document)
        assert not re.search(
            r"reviewedBy|lastReviewed|offers|price|EvidenceLevel|aggregateRating|prescriptionStatus",
            raw,
            re.I,
        ), url
        if head.document["@type"] == "MedicalWebPage":
            assert (
                head.document["creativeWorkStatus"] == "Not clinically reviewed"
                and "Not clinically reviewed" in head.body
            )


def test_with_a_reviewer_the_markup_names_the_review(tiny):
    path = tiny / "content/topics/examplinib-ed/topic.yml"
    path.write_text(
        path.read_text().replace(
            "  next_review:",
            "  reviewed_by:\n    - {name: A Person, role: rheumatologist, date: 2026-03-04,"
            " statement: Read whole.}\n  next_review:",
        )
    )
    documents = [front(page.markdown) for page in prepare(tiny, TODAY).pages if page.topic]
    for meta in documents:
        document = json.loads(meta["json_ld"])
        assert document["reviewedBy"] == [
            {"@type": "Person", "name": "A Person", "jobTitle": "rheumatologist"}
        ]
        assert (
            document["lastReviewed"] == "2026-03-04"
            and "creativeWorkStatus" not in document
            and faults(document) == []
        )
    assert documents


def test_the_markup_leaves_the_sources_to_the_pages_list(heads):
    """Their addresses were half of all markup, and each page that cites links to them anyway."""
    cited = 0
    for url, head in heads.items():
        assert "citation" not in head.document, url
        listed = head.body.partition('<ol class="sources')[2]
        if listed:
            assert 'href="https://' in listed, url
            cited += 1
    assert cited > 100


def test_trials_are_marked_with_their_registration(heads, site):
    data = {
        trial["name"]: trial
        for trial in json.loads((site / "api/v1/trials.json").read_text())["trials"]
    }
    seen = set()
    for url, head in heads.items():
        marked = [
            entry for entry in head.document.get("mentions", []) if entry["@type"] == "MedicalTrial"
        ]
        assert len(marked) == head.body.count('<section class="trial"'), url
        for entry in marked:
            trial = data[entry["name"]]
            assert entry["studySubject"]["name"].lower() in (
                trial["medicine"].replace("-", " "),
                trial["medicine"],
            )
            assert entry.get("identifier") == trial["registration"]
            assert (trial["registration"] or "no registration") in entry.get(
                "url", "no registration"
            )
            assert (
                entry["status"].removeprefix("https://schema.org/")
                in registry.ENUM_MEMBERS["MedicalStudyStatus"]
            )
            seen.add(trial["id"])
    assert (
        "NCT03178487"
        in {data_trial["registration"] for data_trial in data.values() if data_trial["id"] in seen}
        and len(seen) > 20
    )


def test_every_page_has_a_description_of_its_own_without_numbers(heads):
    descriptions = {url: head.meta("description") for url, head in heads.items()}
    assert all(descriptions.values())
    doubled = {
        text for text in descriptions.values() if list(descriptions.values()).count(text) > 1
    }
    assert doubled == set()
    for url, text in descriptions.items():
        assert not re.search(r"\d", re.sub(r"JAK ?\d|IL-\d+|SELECT-AXIS \d", "", text)), (url, text)
        assert 40 < len(text) < 400, (url, text)
        if url.startswith("baricitinib-as/"):
            assert "not approved for ankylosing spondylitis" in text


def test_previews_and_feed_are_in_every_head(heads):
    for url, head in heads.items():
        assert head.meta("og:title") == head.document["name"] and head.meta(
            "og:description"
        ) == head.meta("description")
        assert (
            head.meta("og:site_name") == "Open Health Guide" and head.meta("og:locale") == "en_GB"
        )
        assert head.meta("og:type") == (
            "article" if head.document["@type"] == "MedicalWebPage" else "website"
        )
        feed = head.soup.find("link", attrs={"type": "application/atom+xml"})
        assert feed["rel"] == ["alternate"] and feed["href"] == "../" * url.count("/") + "feed.xml"
        assert (
            head.meta("og:url") == head.soup.find("link", rel="canonical")["href"] == PUBLIC + url
        )


def test_the_preview_has_the_guides_own_picture(heads, site):
    """Other programs fetch the picture: it is named by its whole address, with the size it has and
    words for who cannot see it.
    """
    from PIL import Image

    named = {
        tuple(
            head.meta(name)
            for name in (
                "og:image",
                "og:image:type",
                "og:image:width",
                "og:image:height",
                "og:image:alt",
                "twitter:card",
            )
        )
        for head in heads.values()
    }
    assert len(named) == 1
    picture, kind, width, height, words, card = named.pop()
    assert picture.startswith(PUBLIC) and kind == "image/png" and card == "summary_large_image"
    path = site / picture.removeprefix(PUBLIC)
    with Image.open(path) as shown:
        assert shown.format == "PNG" and shown.size == (int(width), int(height)) == (1200, 630)
    assert path.stat().st_size < 60_000
    assert words == "Open Health Guide. For patients and for clinicians."
    # It stands beside links to every page, so it names no medicine.
    library = load(ROOT)
    assert not [
        name
        for medicine in library.medicines.values()
        for name in (medicine.name, *medicine.brands)
        if name.lower() in words.lower()
    ]


def test_the_preview_is_a_picture_of_the_guide_as_it_is_named():
    """The picture's own page, from which scripts/pictures.py takes it, holds the name and the
    tagline of content/site.yml and nothing foreign.
    """
    from pictures import preview

    site, page = load(ROOT).site, BeautifulSoup(preview(), "html5lib")
    assert (
        page.h1.get_text() == site.name and page.select_one(".tagline").get_text() == site.tagline
    )
    assert (
        page.select_one(".readers").get_text() == "For patientsandfor clinicians"
        and page.svg
        and not page.find_all(["img", "link", "script"])
    )


def test_without_a_public_address_no_address_is_made_up(tiny):
    done = mkdocs(tiny, "build", "--strict")
    assert done.returncode == 0, done.stderr
    for path in (tiny / "site").rglob("index.html"):
        head = Head(path, "").soup
        assert not head.find_all(
            "meta", attrs={"property": re.compile(r"^og:(?:url|image)")}
        ) and "twitter:" not in str(head), path


def test_llms_txt_leads_to_what_there_is(site):
    text = (site / "llms.txt").read_text(encoding="utf-8")
    assert (
        text.startswith("# Open Health Guide\n")
        and "No clinician has reviewed this guide" in text
        and "CC BY 4.0" in text
    )
    links = [
        link.removeprefix(PUBLIC)
        for link in re.findall(r"\]\(([^)]+)\)", text)
        if not link.startswith("https://creativecommons.org")
    ]
    assert {"baricitinib-as/patients/", "baricitinib-as/clinicians/", "api/v1/index.json"} <= set(
        links
    )
    for link in links:
        assert (
            (site / link / "index.html").is_file()
            if link.endswith("/")
            else (site / link).is_file()
        ), link


# -- with a public address; with hostile text ----------------------------------------------


def front(markdown: str) -> dict:
    return yaml.safe_load(markdown.split("---\n")[1])


def test_with_a_public_address_every_page_names_it(tiny):
    done = mkdocs(tiny, "build", "--strict", public=PUBLIC)
    assert done.returncode == 0, done.stderr
    site = tiny / "site"
    entries = {entry[0].text: entry[1].text for entry in xml.parse(site / "sitemap.xml").getroot()}
    pages = sorted(site.rglob("index.html"))
    assert len(entries) == len(pages) > 20
    for path in pages:
        url = path.parent.relative_to(site).as_posix().strip(".")
        address = f"{PUBLIC}{url}/" if url else PUBLIC
        head = Head(path, url)
        assert (
            head.soup.find("link", rel="canonical")["href"]
            == head.meta("og:url")
            == head.document["url"]
            == address
        )
        assert entries[address] == head.document["dateModified"] == "2026-01-02", (
            "the day it changed, not the day of the build"
        )
        [file] = BeautifulSoup(head.body, "lxml").select('details.cite a[download="cite.json"]')
        assert json.loads(unquote(file["href"].partition(",")[2]))[0]["URL"] == address
        assert (
            f"[Internet]. Tiny guide; 2026 Jan 2. Available from: {address}."
            in BeautifulSoup(head.body, "lxml").select_one("details.cite").get_text()
        )
    assert f"]({PUBLIC}examplinib-ed/patients/)" in (site / "llms.txt").read_text()


HOSTILE = "</script><script>alert(x)</script>\"><img src=x onerror=alert(y)> {{ x*x }} & \u2028 'x'"


def test_script_text_cannot_end_its_element():
    raw = script_text({"a": HOSTILE})
    assert not re.search(r"[<>&\u2028\u2029]", raw) and json.loads(raw) == {"a": HOSTILE}


def test_hostile_text_stays_in_its_attribute(tiny):
    """A topic's title and summary, a trial's name and the publisher reach the head; none of them
    gets out of it.
    """
    # A line separator does not get past the loader (tests/test_hostile.py).
    hostile = HOSTILE.replace("\u2028 ", "")

    def put(name: str, old: str, new: str) -> None:
        path = tiny / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    put(
        "content/topics/examplinib-ed/topic.yml",
        "summary: Examplinib is not approved for example disease.",
        "summary: " + json.dumps(f"Examplinib is not approved for example disease. {hostile}"),
    )
    put(
        "content/trials/other-trial.yml",
        re.search(r"^name: .*$", (tiny / "content/trials/other-trial.yml").read_text(), re.M)[0],
        "name: " + json.dumps(hostile),
    )
    put(
        "content/site.yml",
        re.search(r"^  name: .*$", (tiny / "content/site.yml").read_text(), re.M)[0],
        "  name: " + json.dumps(hostile),
    )
    built = compile_tree(tiny, tiny / "build/docs", TODAY, release=False)
    looked = 0
    for page in built.pages:
        markdown = (tiny / "build/docs" / page.path).read_text(encoding="utf-8")
        meta = front(markdown)
        for name in ("description", "full_title"):
            assert not re.search(r"[<>\"]", meta[name]), (page.url, name)
        assert not re.search(r"[<>&\u2028]", meta["json_ld"])
        soup = BeautifulSoup(
            f'<head><meta name="description" content="{meta["description"]}"><script'
            f' type="application/ld+json">{meta["json_ld"]}</script></head>',
            "html5lib",
        )
        assert len(soup.find_all("script")) == 1 and not soup.find("img")
        assert json.loads(soup.script.string)["publisher"]["name"] == hostile
        looked += hostile in (soup.meta["content"] if page.topic else "")
        assert "<script" not in re.sub(r"(?s)^---.*?\n---\n", "", markdown)
    assert looked > 10
    data = json.loads((tiny / "build/docs/api/v1/trials.json").read_text())
    assert hostile in [trial["name"] for trial in data["trials"]]


def test_one_source_stands_alone_and_no_figures_are_not_counted(tiny):
    built = prepare(tiny, TODAY)
    said = {
        page.path: re.findall(r'<p class="numbers"[^>]*>(.*?)</p>', page.markdown)
        for page in built.pages
    }
    assert any(
        re.fullmatch(r"This page shows \d+ facts; 1 source stands behind them\.", line)
        for lines in said.values()
        for line in lines
    )
    # A page that cites nothing has nothing to count.
    assert said["index.md"] == []
    assert {page.path for page in built.pages if '<h2 id="sources">' in page.markdown} == {
        path for path, lines in said.items() if len(lines) == 1
    }
    assert not [
        line
        for lines in said.values()
        for line in lines
        if re.search(r"\b[01] (?:facts|sources)\b", line)
    ]
