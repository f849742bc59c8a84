"""From what a reader sees to the line it is written in: `where`, and the links that a maintainer's
site can have.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from conftest import CONTENT_DAY, ROOT, TODAY, asset, mkdocs
from guide.base.problem import ContentErrors
from guide.build import prepare
from guide.commands.main import main
from guide.pages.page import Page
from guide.pages.whereabouts import where
from test_bad_content import DOSING, fingerprint, mend, said

BASE = "https://example.org/guide/blob/main"


def found(project: Path, asked: str) -> list:
    built = prepare(project, TODAY)
    return where(project, built.library, built.pages, asked)


def test_where_lists_every_section_that_shows_a_statement_and_what_calls_it(tiny):
    mend(
        tiny,
        "content/topics/examplinib-ed/faq.yml",
        "No trial was found.",
        "No trial was found; other disease takes {examplinib-dose-us.dose}.",
    )
    built = prepare(tiny, TODAY)
    (one,) = where(tiny, built.library, built.pages, "examplinib-dose-us")
    assert (
        str(one)
        == """\
examplinib-dose-us: statement about examplinib, written in content/medicines/examplinib/dosing.yml:2

Stands in full on
  /examplinib-ed/clinicians/#examplinib-dose-us  Examplinib in example disease: summary › Dose and administration
  /examplinib-ed/clinicians/dosing/#examplinib-dose-us  Dosing, kidney function and interactions › Label doses
  /examplinib-ed/patients/#examplinib-dose-us  Examplinib and example disease › How do you take it?
  /examplinib-ed/patients/dosing/#examplinib-dose-us  Doses, kidneys and other medicines › How much, and when?

Is cited or called on
  /examplinib-ed/clinicians/dosing/  Dosing, kidney function and interactions
  /examplinib-ed/clinicians/questions/does-it-work/#does-it-work  Does it work? › Does examplinib work in example disease?
  /examplinib-ed/clinicians/handout/#about  A sheet to print › Medicine and dose
  /examplinib-ed/patients/dosing/  Doses, kidneys and other medicines

Its values are called in
  content/topics/examplinib-ed/answers.yml:28  answers[4].clinician
  content/topics/examplinib-ed/faq.yml:6  questions[0].clinician

Is named in
  content/medicines/examplinib/doses.yml:7  rows[0].facts[0]
  content/topics/examplinib-ed/answers.yml:29  answers[4].facts[0]
  content/topics/examplinib-ed/answers.yml:45  answers[7].facts[0]"""  # noqa: E501 - lines as they are printed
    )
    # The same, counted over the finished Markdown without our search for sections.
    pages = {
        page.url
        for page in built.pages
        if re.search(r'data-record="[^"]*\bexamplinib-dose-us\b', page.markdown)
    }
    assert {shown.address.partition("#")[0] for shown in one.shown} == pages


@pytest.mark.parametrize(
    "asked, kind, line, address",
    [
        (
            "other-trial-response",
            "result about other-trial",
            "content/trials/other-trial.yml:8",
            "examplinib-ed/clinicians/trials/#other-trial-response",
        ),
        (
            "otherinib-ed-fda",
            "approval about otherinib",
            "content/medicines/otherinib/medicine.yml:7",
            "example-disease/clinicians/approvals/#otherinib-ed-fda",
        ),
        (
            "other-trial",
            "trial",
            "content/trials/other-trial.yml:1",
            "example-disease/patients/trials/#trial-other-trial",
        ),
        ("made-up-label", "source", "content/sources.yml:2", "about/sources/#source-made-up-label"),
        ("placebo", "term", "content/glossary.yml:2", "about/glossary/#term-placebo"),
        (
            "claim-works",
            "claim of examplinib-ed",
            "content/topics/examplinib-ed/claims.yml:6",
            "examplinib-ed/corrections/introduction/#claim-works",
        ),
        (
            "does-it-work",
            "question of examplinib-ed",
            "content/topics/examplinib-ed/faq.yml:2",
            "examplinib-ed/patients/questions/does-it-work/#does-it-work",
        ),
        (
            "dosing",
            "answer of examplinib-ed",
            "content/topics/examplinib-ed/answers.yml:42",
            "examplinib-ed/patients/dosing/",
        ),
        (
            "safety#adverse-reactions",
            "answer of examplinib-ed",
            "content/topics/examplinib-ed/answers.yml:47",
            "examplinib-ed/clinicians/safety/#adverse-reactions",
        ),
        (
            "condition",
            "answer of example-disease",
            "content/conditions/example-disease/answers.yml:2",
            "example-disease/patients/condition/",
        ),
        (
            "example-disease",
            "condition",
            "content/conditions/example-disease/condition.yml:1",
            "example-disease/",
        ),
        (
            "benefit",
            "row of example-disease",
            "content/conditions/example-disease/comparison.yml:7",
            "example-disease/patients/options/#row-benefit",
        ),
        ("examplinib-ed", "topic", "content/topics/examplinib-ed/topic.yml:1", "examplinib-ed/"),
        ("examplinib", "medicine", "content/medicines/examplinib/medicine.yml:1", "examplinib-ed/"),
        (
            "/example-disease/patients/trials/#trial-other-trial",
            "trial",
            "content/trials/other-trial.yml:1",
            "example-disease/clinicians/trials/#trial-other-trial",
        ),
        (
            "https://example.org/x/about/sources/#source-made-up-paper",
            "source",
            "content/sources.yml:9",
            "examplinib-ed/clinicians/trials/#source-made-up-paper",
        ),
    ],
)
def test_where_knows_every_kind_of_thing(tiny, asked, kind, line, address):
    # A source's kept words have its id too.
    one = next(one for one in found(tiny, asked) if one.kind == kind)
    assert (one.kind, f"{one.place.path}:{one.place.line}") == (kind, line)
    assert address in [shown.address for shown in one.shown]


def test_where_counts_any_page_and_says_when_none_shows_it(tiny):
    built = prepare(tiny, TODAY)
    extra = Page(
        "handout.md",
        "examplinib-ed/handout/",
        "Handout",
        "both",
        "examplinib-ed",
        text='## Dose { #dose }\n<p data-record="x examplinib-dose-us">2 mg</p>',
    )
    (one,) = where(tiny, built.library, [*built.pages, extra], "examplinib-dose-us")
    assert "examplinib-ed/handout/#dose" in [shown.address for shown in one.shown]
    (one,) = where(tiny, built.library, [], "examplinib-dose-us")
    assert str(one).endswith("\n\nNo page shows it.")


def test_where_leaves_out_pages_that_only_note_a_change(tiny):
    """Every page that shows the term lists its change under its dates; that is no place where a
    reader meets it.
    """
    (before,) = found(tiny, "example-signs")
    mend(
        tiny,
        "content/changes.yml",
        "changes:\n",
        "changes:\n  - date: 2026-01-03\n    kind: editorial\n    record: example-signs\n   "
        " what: Its words are plainer.\n    reason: It was hard to read.\n\n",
    )
    built = prepare(tiny, TODAY)
    assert any(
        'data-record="example-signs"' in page.markdown.partition('<h2 id="dates">')[2]
        for page in built.pages
    )
    (one,) = where(tiny, built.library, built.pages, "example-signs")
    # The list of changes stands closed below the last section: it is no part of that one.
    shown = [shown for shown in one.shown if shown.address != "about/changes/"]
    assert shown and shown == before.shown


@pytest.mark.parametrize(
    "asked, id",
    [
        ("OTHER TRIAL", "other-trial"),
        ("other trial", "other-trial"),
        ("Other-Trial", "other-trial"),
        ("Examplix", "examplinib"),
        ("ed", "example-disease"),
        ("Examplinib-Dose-US", "examplinib-dose-us"),
        ("Placebo", "placebo"),
    ],
)
def test_where_knows_things_by_the_name_that_pages_show(tiny, asked, id):
    assert {one.id for one in found(tiny, asked)} == {id}


@pytest.mark.parametrize(
    "asked, told",
    [
        (
            "examplinib-does-us",
            (
                "content: nothing has the id or the name 'examplinib-does-us' (nearest:"
                " 'examplinib-dose-us')"
            ),
        ),
        (
            "OTHER TRAIL",
            (
                "content: nothing has the id or the name 'OTHER TRAIL' (nearest: 'OTHER TRIAL', the"
                " id 'other-trial')"
            ),
        ),
        (
            "nothing like it at all",
            "content: nothing has the id or the name 'nothing like it at all'",
        ),
    ],
)
def test_where_suggests_the_nearest_and_alarms_nobody(tiny, monkeypatch, capsys, asked, told):
    monkeypatch.chdir(tiny)
    assert main(["where", asked]) == 1
    assert capsys.readouterr().err == f"[form]\n{told}\n"
    assert main(["where", "examplinib-dose-us"]) == 0
    assert capsys.readouterr().out.startswith("examplinib-dose-us: statement about examplinib")


@pytest.mark.parametrize(
    "typed, verb",
    [
        (["where"], "where"),
        (["where", "a", "b"], "where"),
        (["check", "--wach"], "check"),
        (["new-topic", "a"], "new-topic"),
        (["export"], "export"),
        (["draft-changes", "now"], "draft-changes"),
    ],
)
def test_a_wrong_call_names_what_was_typed(tiny, monkeypatch, capsys, typed, verb):
    monkeypatch.chdir(tiny)
    assert main(typed) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"usage: ./scripts/{verb} ") and f"\n./scripts/{verb}: error: " in told


def test_verbs_without_arguments_explain_themselves_and_do_nothing(tiny):
    (tiny / ".venv").symlink_to(Path(sys.executable).parent.parent)
    before = fingerprint(tiny / "content")
    for verb in ("draft-changes", "schemas", "reference"):
        done = subprocess.run(
            ["bash", f"scripts/{verb}", "--help"],
            cwd=tiny,
            text=True,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0 and done.stdout.startswith(f"usage: ./scripts/{verb} "), said(
            done
        )
    assert fingerprint(tiny / "content") == before and not (tiny / "REFERENCE.md").exists()


EDIT = re.compile(r'<a class="edit" href="([^"]+)" rel="noopener" aria-label="[^"]+">[^<]+</a>')


def test_with_a_base_every_component_links_to_its_line_and_without_one_nothing_changes(tiny):
    plain = {page.path: page.markdown for page in prepare(tiny, TODAY).pages}
    linked = {page.path: page.markdown for page in prepare(tiny, TODAY, edit_base=BASE + "/").pages}
    assert not any('class="edit' in markdown for markdown in plain.values())
    assert {
        path: re.sub(r'\n<p class="edit-page">.*?</p>\n', "", EDIT.sub("", markdown))
        for path, markdown in linked.items()
    } == plain
    links = {link for markdown in linked.values() for link in EDIT.findall(markdown)}
    for link in links:
        path, _, line = link.removeprefix(BASE + "/").partition("#L")
        assert (tiny / path).is_file(), link
        if line:
            written = (tiny / path).read_text(encoding="utf-8").split("\n")[int(line) - 1]
            begins = " *(- )?page: " if path.endswith("answers.yml") else " *(- )?id: "
            assert re.match(rf"{begins}\S+$", written), (link, written)
    # One link a component, whatever it shows, and one a page.
    expected = {
        "statement": DOSING + "#L2",
        "result": "content/trials/other-trial.yml#L8",
        "approval": "content/medicines/otherinib/medicine.yml#L7",
        "trial": "content/trials/other-trial.yml#L1",
        "claim": "content/topics/examplinib-ed/claims.yml#L6",
        "question": "content/topics/examplinib-ed/faq.yml#L2",
        "answer of a page": "content/topics/examplinib-ed/answers.yml#L42",
        "answer of a section": "content/topics/examplinib-ed/answers.yml#L47",
        "answer about the condition": "content/conditions/example-disease/answers.yml#L2",
        "row": "content/conditions/example-disease/comparison.yml#L7",
        "term": "content/glossary.yml#L2",
        "source": "content/sources.yml#L2",
        "topic": "content/topics/examplinib-ed/topic.yml#L1",
        "page": "docs/topic/patients/dosing.md",
        "page of the site": "docs/about/sources.md",
    }
    assert {name for name, target in expected.items() if f"{BASE}/{target}" not in links} == set()


def test_every_component_of_the_real_guide_links_to_its_line():
    """What `data-record` names on a page of the real guide can be edited from there."""
    built = prepare(ROOT, CONTENT_DAY, edit_base=BASE)
    missing = set()
    # A sheet repeats in short what stands in full elsewhere, and is edited there.
    for page in (
        page for page in built.pages if page.topic in ("", "baricitinib-as") and not page.repeats
    ):
        soup = BeautifulSoup(page.markdown, "html.parser")
        for element in soup.select(
            ".statement, table:not(.figure table) tr[data-record],"
            " td[data-record]:not(.grid td, .card td), .grid th[scope=rowgroup],"
            " .card th[scope=row], .result-line,"
            " .approval-list > li, .claim, .trial__name, ol.sources > li,"
            " .answer__text, .glossary__entry, tr[id^=test-]"
        ):
            # A row of the summary of findings is edited at its result: in the evidence below it or,
            # where the trial has its main result alone, on the page where it stands in full.
            if element.find_parent(class_="findings"):
                name = element["data-record"]
                element = soup.find(id=name) or next(
                    BeautifulSoup(other.markdown, "html.parser").find(id=name)
                    for other in built.pages
                    if f'id="{name}"' in other.markdown and not other.repeats
                )
            if not element.select("a.edit"):
                missing.add((page.path, str(element)[:80]))
    assert missing == set()


def test_the_site_takes_the_base_from_its_settings_or_the_environment(tiny):
    done = mkdocs(tiny, "build", "--strict")
    assert done.returncode == 0, said(done)
    without = fingerprint(tiny / "site")
    assert not any(
        'class="edit' in path.read_text(encoding="utf-8")
        for path in (tiny / "site").rglob("*.html")
    )
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict"],
        cwd=tiny,
        env={**environment, "EDIT_BASE": BASE},
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, said(done)
    assert f'href="{BASE}/{DOSING}#L2"' in (
        tiny / "site/examplinib-ed/patients/dosing/index.html"
    ).read_text(encoding="utf-8")
    # The search finds the same sections by the same words.
    assert (
        asset(tiny / "site", "assets/search/patients.json").relative_to(tiny / "site").as_posix()
        in without
    )
    mend(tiny, "mkdocs.yml", 'edit_base: !ENV [EDIT_BASE, ""]', "edit_base: see our wiki")
    refused = mkdocs(tiny, "build", "--strict")
    assert refused.returncode == 1
    assert (
        "mkdocs.yml: extra.edit_base: 'see our wiki' is no web address: write the address of the"
        " project's files" in said(refused)
    )


def test_an_address_that_is_none_is_refused(tiny):
    with pytest.raises(ContentErrors):
        prepare(tiny, TODAY, edit_base="javascript:alert(1)")
