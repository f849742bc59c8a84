"""What somebody finds who writes a whole guide before the first check: one run says all of it."""

from __future__ import annotations

import pytest

from conftest import TODAY
from guide.base.problem import NOT_MADE, ContentErrors
from guide.build import prepare
from guide.checks.stand_in_names import give_stand_ins
from guide.content.loading import load
from test_bad_content import ANSWERS, DOSING, mend

FAQ = "content/topics/examplinib-ed/faq.yml"
MEDICINE = "content/medicines/examplinib/medicine.yml"
SAFETY = "content/medicines/examplinib/safety.yml"
COMPARISON = "content/conditions/example-disease/comparison.yml"

# A second fact, so that a page has what needs an answer.
WARNING = """  - id: examplinib-warning
    kind: warning
    population: all
    patient: Serious things can happen with it, as was seen.
    clinician: Serious events had a hazard ratio.
    sources: [made-up-label]
    confidence: verified
"""
# (file, what stands there, what is typed instead, rule, a part of the message)
KINDS = [
    (SAFETY, "  - id: examplinib-reactions", WARNING + "  - id: examplinib-reactions", "form",
     "needs its 'jurisdiction'"),
    (SAFETY, "", "", "bands-have-numbers", "'hazard ratio' needs both arms'"),
    (SAFETY, "", "", "every-section-is-answered", "section: warnings) with 'patient'"),
    (MEDICINE, "emergency:\n  text: Do you have chest pain?\n  statements: [example-signs]\n", "",
     "signs-belong-to-the-medicine", "write a gap 'urgent-signs' in topic.yml"),
    (FAQ, "patient: Nobody knows whether it does. It has",
     "patient: Not known: no one asked. It has",
     "form", "put the whole text in quotes"),
    (FAQ, "clinician: No trial was found.", 'clinician: "No study was found: none."', "", ""),
    (ANSWERS, "patient: A sore toe is the side effect to know. Up to",
     "patient: Yes. A sore toe is the side effect to know. Up to", "patients-can-read-it",
     "'Yes.': 1 word, at least 4 outside lists: write a whole sentence, such as 'Yes, …'"),
    (ANSWERS, "patient: Ask your team which tests you need.",
     "patient: Ask your team. They know which tests you need.", "patients-can-read-it",
     "'Ask your team.': 3 words"),
    (ANSWERS, "patient: Another medicine was tested in one trial. More people got better than",
     "patient: Another one was tested once. That was one trial. More got better than on a dummy"
     " pill. It was not", "patients-can-read-it", "sentences in one paragraph, at most 3"),
    (ANSWERS, "    section: adverse-reactions\n", "    section: adverse-reaction\n",
     "every-section-is-answered", "section: adverse-reactions) with 'patient'"),
    (ANSWERS, "    section: take\n", "    section: taken\n", "every-section-is-answered",
     "the heading 'How do you take it?' stands over nothing"),
    (COMPARISON, "statements: [examplinib-no-trial", "statements: [examplinib-no-trail",
     "names-exist", "there is no statement 'examplinib-no-trail'"),
    (DOSING, "clinician: ", "clinician: In 7 cases, ", "numbers-are-values", "'7' is typed"),
]  # fmt: skip


def test_one_check_says_all_that_is_wrong(tiny):
    for file, old, new, _, _ in KINDS:
        if old:
            mend(tiny, file, old, new)
    with pytest.raises(ContentErrors) as caught:
        prepare(tiny, TODAY)
    said = [(problem.rule, str(problem)) for problem in caught.value.problems]
    missing = [
        (rule, words)
        for _, _, _, rule, words in KINDS
        if rule and not any(rule == one and words in text for one, text in said)
    ]
    assert missing == [], "\n".join(text for _, text in said)
    assert all(rule != NOT_MADE for rule, _ in said), said


def said_of(project):
    with pytest.raises(ContentErrors) as caught:
        prepare(project, TODAY)
    return [f"[{problem.rule}] {problem}" for problem in caught.value.problems]


SIGNS = "emergency:\n  text: Do you have chest pain?\n  statements: [example-signs]\n"
GAP = """gaps:
  urgent-signs:
    kind: not covered yet
    patient: The signs that need help at once are not in this guide.
    ask: Read the leaflet in the pack, and ask your team.
"""


def test_signs_from_a_study_are_none_and_a_gap_may_stand_for_them(tiny):
    mend(tiny, SAFETY, "sources: [made-up-label]", "sources: [made-up-paper]")
    (only,) = [one for one in said_of(tiny) if "signs-belong" in one]
    assert "rest on a study or the news" in only and "write a gap 'urgent-signs'" in only


def test_a_gap_in_place_of_signs_is_said_on_page_and_sheet(tiny):
    mend(tiny, MEDICINE, SIGNS, "")
    text = (tiny / SAFETY).read_text(encoding="utf-8")
    start, end = text.index("  - id: example-signs"), text.index("  - id: examplinib-reactions")
    (tiny / SAFETY).write_text(text[:start] + text[end:], encoding="utf-8")
    topic = tiny / "content/topics/examplinib-ed/topic.yml"
    words = topic.read_text(encoding="utf-8")
    looked = "    looked: [{source: made-up-label, sections: whole, terms: [emergency]}]\n"
    gap = GAP.replace("not covered yet\n", f"not in the sources\n{looked}")
    topic.write_text(
        words.replace("gaps:\n", gap, 1) if "\ngaps:\n" in words else words + gap, encoding="utf-8"
    )
    schedule = tiny / "content/medicines/examplinib/schedule.yml"
    if schedule.is_file():
        assert "example-signs" not in schedule.read_text(encoding="utf-8")
    built = prepare(tiny, TODAY)
    for path in ("patients/safety", "clinicians/safety", "patients/handout", "clinicians/handout"):
        page = next(one for one in built.pages if one.path == f"examplinib-ed/{path}.md")
        assert "The signs that need help at once are not in this guide." in page.markdown, path


def test_numbers_called_from_another_record_are_numbers(tiny):
    """A measure may stand beside numbers of another record, in a fact and in an answer."""
    called = "{other-trial-response.medicine_responders} of {other-trial-response.medicine_n}"
    other = called.replace("medicine_", "comparator_")
    old = "clinician: Otherinib, one trial, more responders than with placebo."
    mend(tiny, ANSWERS, old, f'clinician: "Response, risk ratio (to be read), {called}, {other}."')
    assert not [one for one in said_or_nothing(tiny) if "bands-have-numbers" in one]
    mend(tiny, ANSWERS, f"(to be read), {called}, {other}", "of response")
    assert [one for one in said_of(tiny) if "bands-have-numbers" in one]


def said_or_nothing(project):
    try:
        prepare(project, TODAY)
    except ContentErrors as errors:
        return [f"[{problem.rule}] {problem}" for problem in errors.problems]
    return []


def test_an_answer_in_the_words_of_a_fact_is_told_to_name_it_in_facts(tiny):
    text = "One study of this medicine found that people in it got better soon."
    mend(tiny, SAFETY, "patient: Chest pain can be a sign of danger.", f"patient: {text}")
    mend(tiny, ANSWERS, "patient: Ask your team which tests you need.", f"patient: {text}")
    (only,) = [one for one in said_of(tiny) if "facts-stand-once" in one]
    assert "name the fact in 'facts' and answer" in only


def test_what_the_page_puts_together_names_its_fields(tiny):
    mend(
        tiny,
        MEDICINE,
        "    status: not known\n",
        "    status: not known\n    reason: It is so. So it is said here.\n",
    )
    paragraphs = [one for one in said_of(tiny) if "sentences in one paragraph" in one]
    assert paragraphs and "the page puts several fields together" in paragraphs[0]
    assert "shorten one of them" in paragraphs[0] and f"{MEDICINE}:" in paragraphs[0]


def test_pages_that_cannot_be_made_are_one_line(tiny):
    mend(tiny, DOSING, "statements:", "statements: [")
    (line,) = [one for one in said_of(tiny) if one.startswith(f"[{NOT_MADE}]")]
    assert "could not be made and looked at" in line


def test_a_value_of_its_own_beside_one_of_a_record_is_not_missing_there(tiny):
    """What stands in for a wrong name elsewhere must not make up a second problem."""
    path = tiny / "content/topics/examplinib-ed/faq.yml"
    text = path.read_text(encoding="utf-8")
    said = "Nobody knows whether it does. It has not been tested."
    assert said in text
    path.write_text(
        text.replace(said, '"Not known at {examplinib-dose-us.dose} for {while}."')
        + "    values: {while: {value: 3, unit: days}}\n",
        encoding="utf-8",
    )
    library = load(tiny)
    give_stand_ins(library)
    assert set(library.records["examplinib-dose-us"].values) == {"dose"}
