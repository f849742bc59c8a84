"""Paper that can be checked: a published sheet is known for ever, and its page says what has
changed since.
"""

from __future__ import annotations

import datetime
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from conftest import PUBLIC, TODAY, mkdocs
from guide.base.problem import ContentErrors
from guide.build import prepare
from guide.commands.main import main
from guide.content.loading import load
from guide.content.printed_versions import ALPHABET, LENGTH, changes_between, code_of
from guide.view.versions import current, write_versions
from test_bad_content import DOSING, answer, mend

TOPIC = "content/topics/examplinib-ed/topic.yml"
SHEET = "patients:\n  about: [examplinib-dose-us]\nclinicians:\n  about: [examplinib-dose-us]\n"
LOGGED = """
  - date: 2026-05-20
    kind: clinical
    record: examplinib-dose-us
    field: "values.dose"
    old: "2 mg"
    new: "4 mg"
    what: The dose for other disease in the United States changed.
    reason: The label was changed.
"""


@pytest.fixture
def printed(tiny: Path) -> Path:
    """The tiny guide with a dose on its sheets, published once."""
    (tiny / "content" / "topics" / "examplinib-ed" / "handout.yml").write_text(
        SHEET, encoding="utf-8"
    )
    publish(tiny)
    return tiny


def publish(project: Path) -> None:
    """`python -m guide published`, as on the day TODAY."""
    from guide.content.ledger import write_ledger

    library = prepare(project, TODAY).library
    write_ledger(project, library)
    write_versions(project, library)


def change_the_dose(project: Path) -> None:
    mend(project, DOSING, "{value: 2, unit: mg}", "{value: 4, unit: mg}")
    mend(project, DOSING, "proof: 2 mg once daily", "proof: 4 mg once daily")
    changes = project / "content" / "changes.yml"
    changes.write_text(changes.read_text().rstrip() + "\n" + LOGGED, encoding="utf-8")
    # Somebody has read the answers again beside the new dose.
    answers = project / "content" / "topics" / "examplinib-ed" / "answers.yml"
    text = answers.read_text(encoding="utf-8")
    answers.write_text(text.replace("checked: 2026-01-02", f"checked: {TODAY}"), encoding="utf-8")


def code(project: Path, track: str = "patients") -> str:
    return current(load(project), "examplinib-ed", track).code


def page_of(project: Path, path: str) -> BeautifulSoup:
    built = prepare(project, TODAY)
    return BeautifulSoup(
        next(page for page in built.pages if page.path == path).markdown, "html5lib"
    )


def test_a_code_is_short_and_stands_for_values_not_for_words(printed):
    before = code(printed)
    assert re.fullmatch(f"[{ALPHABET}]{{{LENGTH}}}", before)
    mend(
        printed,
        DOSING,
        "patient: In the United States the dose for other disease is {dose} once a day.",
        "patient: The dose for other disease in the United States is {dose} a day.",
    )
    assert code(printed) == before
    change_the_dose(printed)
    assert code(printed) != before
    assert code(printed, "clinicians") != code(printed, "patients")


def test_what_is_not_on_a_sheet_does_not_change_its_code(printed):
    fact = (
        "statements:\n  - id: examplinib-stays\n    kind: mechanism\n    population: all\n"
        "    values:\n      stays: {value: 10, unit: days}\n"
        "    patient: It stays in the body for {stays}.\n"
        "    clinician: Half-life {stays}.\n    sources: [made-up-label]\n"
        "    proof: half-life of 10 days\n    confidence: verified\n"
    )
    path = printed / "content" / "medicines" / "examplinib" / "half-life.yml"
    path.write_text(fact, encoding="utf-8")
    before = code(printed)
    path.write_text(fact.replace("10", "9"), encoding="utf-8")
    assert code(printed) == before


def test_a_changed_dose_makes_old_paper_superseded_and_says_how(printed):
    old, other = code(printed), code(printed, "clinicians")
    change_the_dose(printed)
    new = code(printed)
    check = page_of(printed, "examplinib-ed/check.md")
    stale, now = check.find(id=old), check.find(id=new)
    assert (
        "This print is superseded: do not use it." in stale.get_text()
        and "This print is current." in now.get_text()
    )
    said = re.sub(r"\s+", " ", stale.get_text())
    assert "Dose: it was “2 mg”, it is now “4 mg”" in said
    assert (
        "20 May 2026: The dose for other disease in the United States changed. Why: The label was"
        " changed." in said
    )
    assert stale.select_one("[data-record='examplinib-dose-us']") is not None
    assert "superseded" in check.find(id=other).get_text()
    sheet = page_of(printed, "examplinib-ed/patients/handout.md")
    assert sheet.select_one(".print-mark__code").get_text() == new
    assert sheet.select_one(".print-mark__address").get_text() == f"examplinib-ed/check/#{new}"
    assert "content of 20 May 2026" in re.sub(
        r"\s+", " ", sheet.select_one(".print-mark").get_text()
    )


def test_the_built_site_carries_the_new_code_in_print_and_as_qr(printed):
    import io

    import pypdfium2
    import zxingcpp

    mend(printed, TOPIC, "next_review: 2026-12-01", "next_review: 2026-12-31")
    change_the_dose(printed)
    new = code(printed)
    done = mkdocs(printed, "build", "--strict", public=PUBLIC)
    assert done.returncode == 0, done.stderr
    pdf = pypdfium2.PdfDocument(
        io.BytesIO((printed / "site" / "examplinib-ed" / "patients" / "handout.pdf").read_bytes())
    )
    read = [
        found.text
        for page in pdf
        for found in zxingcpp.read_barcodes(page.render(scale=2.5).to_pil())
    ]
    assert read == [f"{PUBLIC}examplinib-ed/check/#{new}"]
    assert (printed / "site" / "assets" / "qr" / f"{new}.svg").is_file()


def test_versions_are_added_and_never_taken_out(printed):
    first = json.loads((printed / "content" / "versions.json").read_text())
    publish(printed)
    assert json.loads((printed / "content" / "versions.json").read_text()) == first, (
        "nothing changed, nothing is added"
    )
    old = code(printed)
    change_the_dose(printed)
    publish(printed)
    second = json.loads((printed / "content" / "versions.json").read_text())
    for handout, versions in first.items():
        assert second[handout][: len(versions)] == versions
    assert [one["code"] for one in second["examplinib-ed/patients"]] == [old, code(printed)]
    assert second["examplinib-ed/patients"][1]["after"] == old
    # The check page of the published guide is the one of the guide that was built for publication.
    check = page_of(printed, "examplinib-ed/check.md")
    assert (
        "superseded" in check.find(id=old).get_text()
        and "current" in check.find(id=code(printed)).get_text()
    )


def test_a_value_that_came_back_makes_old_paper_current_again(printed):
    old = code(printed)
    change_the_dose(printed)
    publish(printed)
    between = code(printed)
    mend(printed, DOSING, "{value: 4, unit: mg}", "{value: 2, unit: mg}")
    mend(printed, DOSING, "proof: 4 mg once daily", "proof: 2 mg once daily")
    changes = printed / "content" / "changes.yml"
    changes.write_text(
        changes.read_text()
        + LOGGED.replace('old: "2 mg"', 'old: "#"')
        .replace("4 mg", "2 mg")
        .replace("#", "4 mg")
        .replace("05-20", "05-25"),
        encoding="utf-8",
    )
    publish(printed)
    assert code(printed) == old
    check = page_of(printed, "examplinib-ed/check.md")
    assert (
        len(check.find_all(id=old)) == 1
        and "current" in check.find(id=old).get_text()
        and "superseded" in check.find(id=between).get_text()
    )


def test_the_way_through_several_changes_is_told_entry_by_entry(printed):
    library = load(printed)
    start = current(library, "examplinib-ed", "patients")
    change_the_dose(printed)
    mend(printed, DOSING, "{value: 4, unit: mg}", "{value: 3, unit: mg}")
    changes = printed / "content" / "changes.yml"
    changes.write_text(
        changes.read_text()
        + LOGGED.replace("4 mg", "3 mg")
        .replace('"2 mg"', '"4 mg"')
        .replace("05-20", "05-28")
        .replace("was changed", "was changed once more"),
        encoding="utf-8",
    )
    library = load(printed)
    [changed] = changes_between(
        start, current(library, "examplinib-ed", "patients"), library.changes
    )
    assert (changed.how, changed.old, changed.new) == ("changed", "2 mg", "3 mg")
    assert [(entry.date, entry.new) for entry in changed.log] == [
        (datetime.date(2026, 5, 20), "4 mg"),
        (datetime.date(2026, 5, 28), "3 mg"),
    ]


def test_a_fact_that_joined_or_left_the_sheet_is_named(printed):
    old = code(printed)
    (printed / "content" / "topics" / "examplinib-ed" / "handout.yml").write_text(
        "patients:\n  about: [examplinib-reactions]\n", encoding="utf-8"
    )
    said = re.sub(r"\s+", " ", page_of(printed, "examplinib-ed/check.md").find(id=old).get_text())
    assert "No longer on the sheet: In the United States the dose for other" in said


def test_the_publication_verb_writes_both_ledgers(printed, monkeypatch, capsys):
    (printed / "content" / "versions.json").unlink()
    mend(printed, TOPIC, "next_review: 2026-12-01", "next_review: 2026-12-31")
    monkeypatch.chdir(printed)
    assert main(["published"]) == 1
    assert "build it with ./scripts/build, then note it as published" in capsys.readouterr().err
    done = mkdocs(printed, "build", "--strict")
    assert done.returncode == 0, done.stderr
    assert main(["published"]) == 0
    assert (
        "content/versions.json now holds the handouts that readers may print: 2 new."
        in capsys.readouterr().out
    )
    versions = json.loads((printed / "content" / "versions.json").read_text())
    assert set(versions) == {"examplinib-ed/patients", "examplinib-ed/clinicians"}
    for handout, [one] in versions.items():
        assert one["code"] == code_of(*handout.split("/"), one["values"]) and one["after"] is None


def test_a_ledger_that_does_not_read_says_what_to_do(printed):
    path = printed / "content" / "versions.json"
    path.write_text(
        path.read_text().replace('"after": null', '"before": null', 1), encoding="utf-8"
    )
    with pytest.raises(ContentErrors) as caught:
        load(printed)
    assert [str(problem) for problem in caught.value.problems] == [
        "content/versions.json: examplinib-ed/clinicians[0].after: Field required: the publication"
        " writes this file, take it back as it was (git checkout content/versions.json)"
    ]


def test_a_removed_topic_with_paper_in_peoples_hands_is_a_problem(printed):
    path = printed / "content" / "versions.json"
    versions = json.loads(path.read_text())
    versions["gone-ed/patients"] = versions["examplinib-ed/patients"]
    path.write_text(json.dumps(versions), encoding="utf-8")
    assert answer(printed) == [
        "[prints-can-be-checked]",
        (
            "content/versions.json: gone-ed/patients: sheets of this handout are in people's hands,"
            " but there is no topic 'gone-ed': keep content/topics/gone-ed/, or say in"
            " content/redirects.yml what it is called now (from: gone-ed/, to: …/) or why it is"
            " gone (gone: …)"
        ),
    ]


def test_without_a_public_address_there_is_no_half_an_address(printed):
    sheet = page_of(printed, "examplinib-ed/patients/handout.md")
    assert sheet.select_one(".print-mark img") is None
    assert "On the site it was printed from, open" in sheet.select_one(".print-mark").get_text()


def test_an_unknown_code_is_said_to_be_unknown(page, site):
    page.goto("baricitinib-as/check/#bcdfghj")
    box = page.locator(".check-print__unknown")
    assert (
        box.is_visible()
        and "We do not know this print." in box.inner_text()
        and "“bcdfghj”" in box.inner_text()
    )
    known = BeautifulSoup(
        (site / "baricitinib-as" / "check" / "index.html").read_text(), "html5lib"
    ).select_one(".print--current")["id"]
    page.locator(".check-print__code").fill(f" {known.upper()[:4]}-{known.upper()[4:]}")
    page.get_by_role("button", name="Check").click()
    page.wait_for_url(f"**/check/#{known}")
    assert box.is_hidden()
    assert (
        page.locator(f"#{known}").evaluate("element => element.matches(':target')")
        and "This print is current." in page.locator(f"#{known}").inner_text()
    )


def test_a_hostile_code_in_the_address_is_only_text(page):
    page.goto("baricitinib-as/check/#%3Cimg%20src=x%20onerror=document.title='run'%3E")
    assert "<img src=x onerror=" in page.locator(".check-print__unknown").inner_text()
    assert page.title() != "run" and page.locator(".check-print__unknown img").count() == 0


def test_without_a_script_a_printed_address_still_finds_its_print(browser, address, site):
    known = BeautifulSoup(
        (site / "baricitinib-as" / "check" / "index.html").read_text(), "html5lib"
    ).select_one(".print--current")["id"]
    context = browser.new_context(java_script_enabled=False, base_url=address)
    page = context.new_page()
    page.goto(f"baricitinib-as/check/#{known}")
    assert page.locator(":target").inner_text().startswith("This print is current.")
    page.goto("baricitinib-as/check/#bcdfghj")
    assert "Then we do not know this print" in page.locator("#unknown + p").inner_text()
    assert page.locator(".check-print").is_hidden()
    context.close()


def test_two_processes_agree_on_the_code(printed):
    program = (
        "import sys; sys.path.insert(0, 'scripts'); from pathlib import Path;"
        " from guide.content.loading import load; from guide.view.versions import current;"
        " print(current(load(Path('.')), 'examplinib-ed', 'patients').code)"
    )
    assert subprocess.run(
        [sys.executable, "-c", program], cwd=printed, text=True, capture_output=True, check=True
    ).stdout.strip() == code(printed)
