"""The report counts faults of a site that has some, and none on the real one."""

from __future__ import annotations

import shutil
from pathlib import Path

from lxml import html

import report
from conftest import ROOT
from guide.content.loading import load

LIST = '<ol class="sources"><li id="source-a">A</li><li id="source-b">B</li></ol>'


def article(body: str) -> html.HtmlElement:
    return html.fromstring(f"<html><body><article>{body}</article></body></html>").xpath(
        "//article"
    )[0]


def test_a_source_without_a_mark_and_a_mark_without_a_source_are_named():
    assert report.unmarked(
        article(
            '<p><sup class="cites"><a href="#source-a">1</a>,'
            f' <a href="#source-c">2</a></sup></p>{LIST}'
        )
    ) == (["b"], ["c"])
    assert report.unmarked(
        article(
            '<p><sup class="cites"><a href="#source-a">1</a><span data-cite="b"'
            f" hidden></span></sup></p>{LIST}"
        )
    ) == ([], [])
    assert report.unmarked(article("<p>no list</p>")) == ([], [])


def test_a_wrong_count_of_itself_is_named():
    library = load(ROOT)
    one, two = list(library.records)[:2]
    said = "This page shows {} facts; 2 sources stand behind them."
    body = (
        f'<li data-record="{one} {two}">x</li><li data-record="{one}">x</li><li'
        f' data-record="guide">y</li>{LIST}'
    )
    assert report.miscounted(article(f"<p>{said.format(2)}</p>{body}"), library) == []
    assert report.miscounted(article(f"<p>{said.format(3)}</p>{body}"), library) == [
        "says 3 facts and 2 sources, shows 2 and 2"
    ]
    assert report.miscounted(article(f"<p>{body}</p>"), library) == []


def test_what_stands_open_on_two_pages_is_counted_once_too_often():
    said, other = "One two three four five six.", "Six five four three two one."
    first = article(f"<p>{said} {other}</p><p>Short.</p>")
    assert (
        report.repeated_share([first, article("<p>Nothing of it stands here, not a word.</p>")])
        == 0
    )
    assert report.repeated_share([first, article(f"<ul><li>{said}</li></ul>")]) == 6 / 18
    for hidden in (
        f"<details><p>{said}</p></details>",
        f"<p hidden>{said}</p>",
        f'<p><a href="x">{said}</a></p>',
        f"<nav><p>{said}</p></nav>",
    ):
        assert report.repeated_share([first, article(hidden)]) == 0, hidden
    assert report.repeated_share([first, article(f"<details open><p>{said}</p></details>")]) > 0


def test_the_site_says_little_twice(site):
    shares = dict(report.repeating_groups(site))
    assert len(shares) == 8 and 0 < max(shares.values()) <= report.MOST_REPEATED


def test_a_row_that_is_taken_from_a_page_or_left_empty_is_named(site, tmp_path):
    library = load(ROOT)
    copy = tmp_path / "site"
    for topic in library.topics:
        shutil.copytree(site / topic, copy / topic)
    assert list(report.missing_rows(copy, library)) == []
    topic = library.topics["upadacitinib-as"]
    for name, mark in (
        ("handout", 'data-row="tuberculosis"'),
        ("monitoring", 'id="test-viral-hepatitis"'),
    ):
        page = copy / topic.id / "patients" / name / "index.html"
        text = page.read_text(encoding="utf-8")
        assert mark in text
        page.write_text(text.replace(mark, 'data-gone="x"'), encoding="utf-8")
    assert list(report.missing_rows(copy, library)) == [
        f"{topic.id}/patients/handout: tuberculosis",
        f"{topic.id}/patients/monitoring: viral-hepatitis",
    ]


def test_the_paper_of_each_topic_holds_the_whole_safety_set(site):
    """The finished PDFs, by the text that a reader of paper gets."""
    pdfs = [pdf for topic in load(ROOT).topics for pdf in Path(site / topic).rglob("*.pdf")]
    assert len(pdfs) >= 12
    assert list(report.missing_rows(site, load(ROOT))) == []


def test_the_real_guide_has_no_fault_of_these_kinds(site, capsys):
    assert report.main([str(site)]) == 0, capsys.readouterr().out
    printed = capsys.readouterr().out
    assert printed.count("    0  ") >= 6 and "gaps, by kind:" in printed
