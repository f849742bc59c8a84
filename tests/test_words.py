"""Hard words: explained where a page first uses them, in the words of its reader, and never where
it would get in the way.
"""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from conftest import ROOT
from guide.content import models as m
from guide.content.loading import load
from guide.pages.glossary import explain, unexplained, words_for

TERMS = [
    m.Term(id="placebo", term="placebo", patient="A dummy pill.", clinician="Inert comparator."),
    m.Term(
        id="tb",
        term="tuberculosis",
        patient="A lung infection.",
        clinician="Mycobacterial disease.",
        shown_as=["TB"],
    ),
    m.Term(
        id="nr",
        term="non-radiographic axial spondyloarthritis",
        patient="No damage on X-ray.",
        clinician="nr-axSpA.",
    ),
    m.Term(id="ax", term="axial spondyloarthritis", patient="The family name.", clinician="axSpA."),
    m.Term(id="easy", term="tablet", patient="A pill.", clinician="A pill.", hard=False),
]


def explained(markdown: str, patient: bool = True) -> BeautifulSoup:
    return BeautifulSoup(
        explain(markdown, words_for(TERMS, patient), "../about/glossary/"), "html5lib"
    )


def test_only_the_first_use_becomes_a_button_and_its_definition_is_the_readers():
    soup = explained("<p>On placebo, later placebo again.</p>")
    assert [button.get_text() for button in soup.select("button.term")] == ["placebo"]
    assert soup.find(id="word-placebo").p.get_text() == "placebo A dummy pill."
    assert soup.find(id="word-placebo").a["href"] == "../about/glossary/#term-placebo"
    assert (
        explained("<p>On placebo.</p>", patient=False).find(id="word-placebo").p.get_text()
        == "placebo Inert comparator."
    )


@pytest.mark.parametrize(
    "markdown, found",
    [
        ("<p>Placebos were given.</p>", ["Placebos"]),
        ("<p>TB and tb.</p>", ["TB"]),
        (
            "<p>non-radiographic axial spondyloarthritis</p><p>axial spondyloarthritis</p>",
            ["non-radiographic axial spondyloarthritis", "axial spondyloarthritis"],
        ),
        (
            (
                "# Placebo\n\n## On placebo { #x }\n\n- [placebo](trials.md)\n\n<h2"
                ' id="y">placebo</h2><p><a href="#">placebo</a> <span'
                ' class="badge" data-explain="no">placebo</span></p>'
            ),
            [],
        ),
        ("<p>placebo-controlled, antiplacebo, a tablet</p>", []),
        ("Plain Markdown on placebo.", ["placebo"]),
        ("<p>a&nbsp;</p>\n<p>\u00a0</p><!-- placebo --><p>b placebo</p>", ["placebo"]),
        ('<p title="placebo">x</p><svg><text>placebo</text></svg><p>placebo</p>', ["placebo"]),
    ],
)
def test_where_a_word_is_explained(markdown, found):
    assert [button.get_text() for button in explained(markdown).select("button.term")] == found


@pytest.mark.parametrize(
    "markdown, kept",
    [
        ("<p>A dummy pill (placebo), later</p>", "(placebo),"),
        ("<p>On placebo.</p>", "placebo."),
        ("On (placebo or nothing)", "(placebo"),
        ("<p>On placebo alone</p>", None),
        ("<p>On <em>placebo</em>.</p>", None),
    ],
)
def test_a_word_is_kept_on_the_line_of_its_bracket_and_its_full_stop(markdown, kept):
    made = explain(markdown, words_for(TERMS, True), "g/")
    spans = BeautifulSoup(made, "html5lib").select(".unbroken")
    assert [span.get_text() for span in spans] == ([kept] if kept else [])
    assert unexplained(made) == f"{markdown}\n"


def test_a_hostile_definition_stays_text():
    term = m.Term(id="bad", term="bad", patient='<img src=x onerror=alert(1)> "', clinician="x")
    soup = BeautifulSoup(explain("<p>bad</p>", words_for([term], True), "g/"), "html5lib")
    assert (
        soup.find("img") is None
        and "<img src=x onerror=alert(1)>" in soup.find(id="word-bad").get_text()
    )


def test_every_hard_word_of_every_page_is_explained_at_its_first_use(site):
    """Counted from the finished pages by another parser: where a hard word stands in running text,
    its first such use is the button.
    """
    terms = [term for term in load(ROOT).glossary.values() if term.hard]
    seen = 0
    for path in sorted(site.rglob("*-as/*/**/index.html")) + sorted(
        site.rglob("ankylosing-spondylitis/*/**/index.html")
    ):
        article = BeautifulSoup(path.read_text(encoding="utf-8"), "lxml").article
        if article is None:
            continue  # an old address that leads on
        definitions = {box["id"]: box for box in article.select(".term__text")}
        buttons = {button["popovertarget"]: button for button in article.select("button.term")}
        assert set(definitions) == set(buttons), path
        for quiet in article.select(
            ".terms, .page-end, .card, .findings, .options details, .option__name,"
            " .option__picture, .verdict, h1, h2, h3, a, summary, caption, thead, svg, sup,"
            " code, label, legend, cite, dt, nav, form, .badge, .country, .status,"
            " .status__checked, .as-of, .numbers,"
            " .sources, .dates, .changes, .track-bar, .handout,.trial__name, .guideline__name,"
            " .by-country__name, .claim__said, .class-name, .agency, .cite, .statement__badges,"
            " figure"
        ):
            quiet.decompose()
        text = re.sub(r"\s+", " ", article.get_text(" "))
        for term in terms:
            word = re.sub(r" *\(.*?\)", "", term.term)
            flags = 0 if sum(map(str.isupper, word)) > 1 else re.I
            # A word that stands only inside a longer hard word is explained with that.
            longer = [
                form
                for other in terms
                if other is not term
                for form in (re.sub(r" *\(.*?\)", "", other.term), *other.shown_as)
                if word.lower() in form.lower()
            ]
            rest = text
            for other in sorted(longer, key=len, reverse=True):
                rest = re.sub(rf"{re.escape(other)}", " ", rest, flags=re.I)
            if re.search(rf"(?<![\w&#-]){re.escape(word)}(?:e?s)?(?![\w-])", rest, flags):
                seen += 1
                assert f"word-{term.id}" in buttons, (
                    f"{path}: '{word}' is used and nowhere explained"
                )
    assert seen > 900
