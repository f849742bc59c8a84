"""What could be shown wrongly is shown right: numbers needed, signs of differences, arms by name,
results of two medicines.

The first cases are those of an audit, table "Wrong displays"; those marked 'ours' are further ones
of the same kinds.
"""

from __future__ import annotations

import re

import pytest

from conftest import TODAY, mkdocs
from guide.base.problem import ContentErrors
from guide.build import prepare
from guide.commands.main import main
from guide.content.library import Library
from guide.content.loading import load
from guide.content.values import contrasts
from guide.data import tables
from guide.view.badges import badges_of
from guide.view.context import TopicContext
from guide.view.shown import why_not_rated
from test_bad_content import TRIAL, mend

SITE = "content/site.yml"
ARMS = """    arms:
      - arm: otherinib
        medicine: otherinib
        dose: 15 mg once daily
        n: 93
        responders: 48
        percent: 51.6
      - arm: placebo
        n: 94
        responders: 24
        percent: 26
"""


def arms(*groups: tuple[str, str, int, int]) -> str:
    """The arms of a result: (name, medicine or "", n, people with the outcome) each, the comparator
    last.
    """
    return "    arms:\n" + "".join(
        f"      - arm: {name}\n"
        + (f"        medicine: {medicine}\n" if medicine else "")
        + f"        n: {n}\n        responders: {count}\n"
        for name, medicine, n, count in groups
    )


def with_result(
    tiny,
    *groups: tuple[str, str, int, int],
    outcome: str = "good",
    words: str = "had a large improvement",
) -> None:
    """Writes another result into the made-up trial, with a proof that holds its numbers."""
    mend(tiny, TRIAL, ARMS, arms(*groups))
    mend(tiny, TRIAL, "    certainty: high", f"    outcome: {outcome}\n    certainty: high")
    mend(tiny, TRIAL, "patient: had a large improvement", f"patient: {words}")
    mend(
        tiny,
        TRIAL,
        "proof: 48 of 93 (51.6%) and 24 of 94 (26%) at week 14",
        "proof: " + " and ".join(f"{count} of {n}" for _, _, n, count in groups) + " at week 14",
    )


def trials_page(tiny, track: str = "clinicians") -> str:
    """The text of the disease's page on trials, without tags: a medicine's own page leads there."""
    page = next(
        page
        for page in prepare(tiny, TODAY).pages
        if page.path == f"example-disease/{track}/trials.md"
    )
    return " ".join(re.sub(r"<[^>]+>", " ", page.markdown).replace("&#45;", "-").split())


@pytest.mark.parametrize(
    "outcome, first, last, difference, needed",
    [
        (
            "good",
            20,
            60,
            "−40.0 points",
            "",
        ),  # fewer improve on the medicine: no number needed to treat
        ("good", 60, 20, "+40.0 points", "NNT 3 (2 to 4)"),
        ("bad", 60, 20, "+40.0 points", "NNH 3 (2 to 4)"),  # more have the bad outcome
        ("bad", 20, 60, "−40.0 points", "NNT 3 (2 to 4)"),  # prevention: fewer have it
        # Ours: the interval holds no difference, so that no number needed is spoken of.
        ("good", 21, 20, "+1.0 points", ""),
        ("bad", 20, 21, "−1.0 points", ""),  # ours
    ],
)
def test_a_number_needed_says_whom_it_helps_or_harms(
    tiny, outcome, first, last, difference, needed
):
    with_result(
        tiny, ("otherinib", "otherinib", 100, first), ("placebo", "", 100, last), outcome=outcome
    )
    text = trials_page(tiny)
    assert difference in text and needed in text
    assert {"NNT", "NNH"} & set(re.findall(r"NN[TH](?= \d)", text)) == (
        {needed[:3]} if needed else set()
    )


@pytest.mark.parametrize("track", ["patients", "clinicians"])
def test_fewer_bad_events_are_no_harm_and_no_benefit_by_name(tiny, track):
    with_result(
        tiny,
        ("otherinib", "otherinib", 100, 2),
        ("placebo", "", 100, 8),
        outcome="bad",
        words="had a stroke",
    )
    text = trials_page(tiny, track)
    assert "Unwanted:" in text and "Harm:" not in text and "Benefit:" not in text
    if track == "patients":
        assert "had a stroke" in text and re.search(r"\b6 fewer out of 100\b", text)


@pytest.mark.parametrize("track", ["patients", "clinicians"])
def test_every_arm_stands_under_its_own_name_and_every_contrast_is_named(tiny, track):
    with_result(
        tiny,
        ("otherinib low", "otherinib", 100, 30),
        ("otherinib high", "otherinib", 100, 50),
        ("aspirin", "", 100, 40),
        ("placebo", "", 100, 20),
    )
    text = trials_page(tiny, track)
    for name, count in (
        ("otherinib low", 30),
        ("otherinib high", 50),
        ("aspirin", 40),
        ("placebo", 20),
    ):
        assert re.search(rf"{name}: (?:{count} out of 100|{count}/100)", text), name
    for contrast, points, people in (
        ("otherinib low v placebo", "+10.0", "10 more"),
        ("otherinib high v placebo", "+30.0", "30 more"),
        ("aspirin v placebo", "+20.0", "20 more"),
    ):
        assert re.search(
            rf"{contrast}: {re.escape(people if track == 'patients' else points)}", text
        ), contrast
    assert "With otherinib" not in text


def test_the_data_hold_every_contrast_with_its_interval(tiny):
    """Ours: what pages show, the published table says, too."""
    with_result(
        tiny,
        ("otherinib low", "otherinib", 100, 30),
        ("otherinib high", "otherinib", 100, 50),
        ("placebo", "", 100, 20),
    )
    first, second = contrasts(next(load(tiny).results()))
    assert (first.difference, first.treat, first.harm) == (10, None, None)
    assert (second.difference, second.treat, second.harm) == (30, (4, 3, 6), None)
    built = prepare(tiny, TODAY)
    table = next(table for table in tables.TABLES if table.name == "trials")
    assert "contrasts" in table.sheets and built.library.trials


def context(library: Library) -> TopicContext:
    topic = library.topics["examplinib-ed"]
    condition = library.conditions[topic.condition]
    return TopicContext(library, "clinicians", "trials", TODAY, topic=topic, condition=condition)


def test_a_head_to_head_result_belongs_to_both_medicines(tiny):
    with_result(tiny, ("otherinib", "otherinib", 100, 50), ("examplinib", "examplinib", 100, 20))
    library = load(tiny)
    record = library.records["other-trial-response"]
    page = context(library)
    kinds = {
        about: {badge.kind for badge in badges_of(page, record, about)}
        for about in ("otherinib", "examplinib")
    }
    assert kinds == {"otherinib": set(), "examplinib": set()}
    # A medicine that the trial did not give anybody still gets its badge.
    mend(tiny, TRIAL, "- arm: examplinib\n        medicine: examplinib", "- arm: placebo")
    library = load(tiny)
    page = context(library)
    assert "other-medicine" in {
        badge.kind for badge in badges_of(page, library.records["other-trial-response"])
    }


def test_events_over_time_are_shown_with_their_time(tiny):
    """Ours: a follow-up is no 'unknown time'."""
    mend(
        tiny,
        TRIAL,
        "    week: 14\n",
        "    week: {follow_up: {value: 4, unit: months}, is: median}\n",
    )
    mend(tiny, TRIAL, "at week 14", "over a median of 4 months")
    assert "median follow-up 4\u00a0months" in trials_page(tiny).replace(
        " months", "\u00a0months"
    ) and "time not known" not in trials_page(tiny)
    assert "over about 4" in trials_page(tiny, "patients") and "unknown time" not in trials_page(
        tiny, "patients"
    )


def test_signs_of_one_medicine_do_not_stand_under_another(tiny):
    """A second medicine of the class, with signs of its own, and one that borrows its class's."""
    box = {page.path: page.markdown for page in prepare(tiny, TODAY).pages}[
        "examplinib-ed/patients/safety.md"
    ]
    assert "Do you have chest pain?" in box and "as a group" not in box
    mend(
        tiny,
        "content/medicines/examplinib/medicine.yml",
        "emergency:\n  text: Do you have chest pain?\n  statements: [example-signs]\n",
        "",
    )
    klass = tiny / "content/medicines/example-class"
    (klass / "medicine.yml").write_text(
        (klass / "medicine.yml").read_text()
        + "emergency:\n  text: Do you have a stiff neck with fever?\n  statements: [class-signs]\n"
    )
    (klass / "safety.yml").write_text(
        "statements:\n  - id: class-signs\n    kind: urgent-signs\n    jurisdiction: EU\n   "
        " population: all\n    patient: A stiff neck with fever can be a sign of danger.\n   "
        " clinician: Stiff neck with fever.\n    sources: [made-up-label]\n    confidence:"
        " verified\n"
    )
    box = {page.path: page.markdown for page in prepare(tiny, TODAY).pages}[
        "examplinib-ed/patients/safety.md"
    ]
    assert "stiff neck with fever?" in box and "Do you have chest pain?" not in box
    assert "not from the leaflet of examplinib" in box


def test_a_guide_without_a_change_log_builds(tiny):
    (tiny / "content/changes.yml").unlink()
    done = mkdocs(tiny, "build", "--strict")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "<updated>2026-01-02T00:00:00Z</updated>" in (tiny / "site/feed.xml").read_text()


def test_a_topic_can_be_added_where_no_list_of_topics_stands(tiny, monkeypatch, capsys):
    monkeypatch.chdir(tiny)
    mend(tiny, SITE, "topics:\n  - examplinib-ed\n", "")
    assert main(["new-topic", "otherinib", "ED"]) == 0
    assert "topics:\n  - otherinib-ed\n" in (tiny / SITE).read_text()
    assert "Traceback" not in capsys.readouterr().err


def test_the_name_of_the_site_has_one_home(tiny):
    mend(tiny, SITE, "name: Tiny guide", "name: Harbour health")
    done = mkdocs(tiny, "build", "--strict")
    assert done.returncode == 0, done.stdout + done.stderr
    home = (tiny / "site/index.html").read_text()
    assert "Harbour health" in re.search(r"<title>(.*?)</title>", home)[1]
    assert 'property="og:site_name" content="Harbour health"' in home
    assert "Open Health Guide" not in home and "Tiny guide" not in home


DIGITS = ("HbA1c", "B12", "COX-2", "GLP-1")


def test_names_of_records_may_hold_digits(tiny):
    """A disease, and hard words of the glossary: `check` and `build` agree, and nobody edits Python
    for it.
    """
    mend(
        tiny,
        "content/conditions/example-disease/condition.yml",
        "name: example disease",
        "name: type 2 diabetes",
    )
    terms = "".join(
        f"  - id: term-{number}\n    term: {word}\n    patient: A word that your care team may"
        " use.\n    clinician: A marker.\n    hard: false\n"
        for number, word in enumerate(DIGITS)
    )
    with (tiny / "content/glossary.yml").open("a", encoding="utf-8") as glossary:
        glossary.write(terms)
    mend(
        tiny,
        "content/topics/examplinib-ed/faq.yml",
        "clinician: No trial was found.",
        f"clinician: No trial measured {', '.join(DIGITS)} in type 2 diabetes.",
    )
    mend(
        tiny,
        "content/topics/examplinib-ed/topic.yml",
        "title: Examplinib in example disease",
        "title: Examplinib in type 2 diabetes",
    )
    mend(
        tiny,
        "content/topics/examplinib-ed/topic.yml",
        "summary: Examplinib is not approved for example disease.",
        "summary: Examplinib is not approved for type 2 diabetes.",
    )
    prepare(tiny, TODAY)
    done = mkdocs(tiny, "build", "--strict")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "type 2 diabetes" in (tiny / "site/examplinib-ed/patients/index.html").read_text()


@pytest.mark.parametrize(
    "words", ["No trial measured HbA2c.", "Take 2 of them.", "It is for type 3 diabetes."]
)
def test_check_refuses_first_what_build_would_refuse(tiny, words):
    """Ours: what is no name of a record is a number still."""
    mend(
        tiny,
        "content/topics/examplinib-ed/faq.yml",
        "clinician: No trial was found.",
        f"clinician: {words}",
    )
    with pytest.raises(ContentErrors, match="is typed in the wording"):
        prepare(tiny, TODAY)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("Not rated: nobody did it.", "nobody did it."),
        ("not rated. Nobody did it.", "Nobody did it."),
        ("Not rated", ""),
        ("Nobody did it.", "Nobody did it."),
        ("Not ratedly.", "Not ratedly."),
    ],
)
def test_that_nothing_was_rated_is_said_once(written, why):
    assert why_not_rated(written) == why
