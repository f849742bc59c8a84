"""Not-knowing is typed and proved, safety words are logged, and what was only asked for is not
noted as shown.
"""

from __future__ import annotations

import re

import pytest
from markupsafe import Markup
from pydantic import ValidationError

from conftest import CONTENT_DAY, ROOT, TODAY
from guide.build import prepare
from guide.checks.rule import Guide
from guide.checks.rules import absence_is_proved, changes_are_logged, reading_is_not_knowing
from guide.commands.main import main
from guide.content import models as m
from guide.content.gaps import each_gap
from guide.content.ledger import (
    Difference,
    Log,
    clinical_values,
    differences,
    mark_of,
    read_ledger,
    write_ledger,
)
from guide.content.loading import load
from guide.pages.printed import Printed
from guide.render.components import Components
from guide.view import approvals, decision_words
from guide.view.context import Context, TopicContext
from guide.view.gaps import gap_shown
from guide.view.shown import GAP_LABELS
from guide.view.verdict import verdict
from test_bad_content import DOSING, answer, mend

TOPIC = "content/topics/examplinib-ed/topic.yml"
SAFETY = "content/medicines/examplinib/safety.yml"
RENAL = "  renal: {kind: depends, on: your country,"


@pytest.mark.parametrize(
    "written, message",
    [
        ("{kind: unknown,", "kind 'unknown' is a claim about all studies"),
        ("{kind: not in the sources,", "kind 'not in the sources' needs 'looked'"),
        ("{kind: depends,", "'on' (on what it depends) belongs to kind 'depends', which needs it"),
        (
            "{kind: not known,",
            (
                "'not known' is not one of: unknown, not in the sources, not covered yet, depends,"
                " does not apply"
            ),
        ),
        (
            (
                "{kind: depends, on: age, searched: [{where: PubMed, date: 2026-01-01, terms:"
                " [kidney]}],"
            ),
            "'searched' and 'statements' belong to kind 'unknown', not to 'depends'",
        ),
    ],
)
def test_a_gap_without_its_proof_does_not_load(tiny, written, message):
    mend(tiny, TOPIC, RENAL, f"  renal: {written}")
    lines = answer(tiny)
    assert lines[0] == "[form]" and f"{TOPIC}:17: gaps.renal" in lines[1] and message in lines[1]


def test_a_gap_says_what_the_reader_can_do(tiny):
    mend(
        tiny,
        TOPIC,
        f"{RENAL} patient: The answer differs from place to place., ask: Ask your own care team.}}",
        f"{RENAL} patient: The answer differs from place to place.}}",
    )
    assert "'ask' is missing: say what the reader can do" in answer(tiny)[1]


KINDS = {
    "unknown": "searched: [{where: PubMed, date: 2026-01-01, terms: [kidney]}],",
    "not in the sources": "looked: [{source: made-up-label, sections: whole, terms: [dialysis]}],",
    "depends": "on: your country,",
    "does not apply": "",
}


@pytest.mark.parametrize("track", ["patients", "clinicians"])
def test_each_kind_has_a_look_and_a_name_of_its_own(tiny, track):
    labels = set()
    for kind, more in KINDS.items():
        text = (tiny / TOPIC).read_text()
        (tiny / TOPIC).write_text(
            re.sub(
                r"(?m)^  renal: \{kind: .*?patient:",
                f"  renal: {{kind: {kind}, {more} patient:",
                text,
            )
        )
        page = next(
            page
            for page in prepare(tiny, TODAY).pages
            if page.path == f"examplinib-ed/{track}/dosing.md"
        ).markdown
        section = page.partition("{ #kidney }")[2].partition("\n## ")[0]
        assert f'class="gap gap--{kind.replace(" ", "-")}"' in section
        # Whom a patient can ask is nothing to tell a clinician.
        assert ("Ask your own care team." in section) is (track == "patients")
        labels.add(re.search(r'gap__label">(.*?)</strong>', section)[1])
        looked_for = "looked for dialysis" in section
        assert looked_for is (kind == "not in the sources" and track == "clinicians")
    assert (
        len(labels) == len(KINDS)
        and len({label for pair in GAP_LABELS.values() for label in pair}) >= 9
    )


def test_each_reader_is_told_in_words_of_her_own_what_she_can_do(tiny):
    gap = {
        "kind": "depends",
        "on": "what you take",
        "patient": "The answer differs.",
        "ask": "Ask your own care team.",
    }
    for more, clinicians in (
        ({}, ("It depends.", "")),
        (
            {"clinician_on": "co-medication", "clinician_ask": "See the label."},
            ("Depends on co-medication.", "See the label."),
        ),
    ):
        written = m.Gap.model_validate({**gap, **more})
        for track, said in (
            ("patients", ("It depends on what you take.", "Ask your own care team.")),
            ("clinicians", clinicians),
        ):
            shown = gap_shown(Context(load(tiny), track, "dosing", TODAY), written)
            assert (shown.label, shown.ask) == said
    assert decision_words.not_known("depends", Markup("Wales"), "") == "For Wales it depends."


def test_what_only_clinicians_read_says_what_a_clinician_can_do():
    gap = {"kind": "not covered yet", "patient": "Not here.", "clinician_ask": "See the label."}
    assert m.Gap.model_validate(gap).ask is None
    with pytest.raises(ValidationError, match="'clinician_on' stands beside 'on'"):
        m.Gap.model_validate({**gap, "clinician_on": "the country"})


def test_what_was_found_was_looked_up_and_what_nobody_read_was_not(tiny):
    library = load(tiny)
    topic = library.topics["examplinib-ed"]
    page = TopicContext(
        library,
        "clinicians",
        "approval",
        TODAY,
        topic=topic,
        condition=library.conditions[topic.condition],
    )
    found, missing = (library.records[key] for key in ("otherinib-ed-fda", "examplinib-ed-ema"))
    assert isinstance(found, m.Approval) and isinstance(missing, m.Approval)
    shown = approvals.approval_shown(page, found)
    assert shown.decided and shown.as_of == "1 January 2026"
    # "Not in this guide yet" beside the day it was looked up would be false.
    shown = approvals.approval_shown(page, missing)
    assert not shown.as_of and not approvals.approval_cell(page, missing).checked
    assert "Ask your team" not in shown.text
    cell = Components(ROOT).html(
        "approvals", approvals.Approvals((approvals.approval_matrix(page),))
    )
    assert cell.count("looked up") == 3
    only = missing.model_copy(update={"agency": "FDA"})
    library.medicines["examplinib"] = library.medicines["examplinib"].model_copy(
        update={"approvals": [only]}
    )
    assert not verdict(page).checked
    assert "looked up" not in Components(ROOT).html("verdict", verdict(page))


@pytest.mark.parametrize(
    "term, stands",
    [
        ("kidney", True),
        ("kidn", True),
        ("dose once", True),
        ("dialysis", False),
        ("kidney dialysis", False),
        ("Kidneys", True),
        ("idney", False),
    ],
)
def test_what_is_said_to_be_absent_is_looked_for_in_the_kept_words(tiny, term, stands):
    """The beginning of a word stands for it; a term of several words is absent where one of them
    is.
    """
    assert (
        absence_is_proved.holds(absence_is_proved.words_of(load(tiny))["made-up-label"], term)
        is stands
    )


DENIED = [
    "The leaflet does not say when to stop.",
    "No label gives a dose for children.",
    "The text names no interval.",
    "The EU leaflet says nothing on alcohol.",
    "Labels do not mention grapefruit.",
]
TOLD = [
    "We did not read the leaflet.",
    "No source we read speaks of it.",
    "The value was not looked up.",
    "Nothing stands in the labels read.",
    "The documents we read are silent.",
]
FINE = [
    "The leaflet says that it has no effect on driving.",
    "Read the leaflet in your pack.",
    "It is not for children.",
    "Ask your team how to read your results.",
    "The label lists shingles.",
]


@pytest.mark.parametrize("words", DENIED)
def test_a_denial_about_a_document_is_found_and_its_proof_silences_it(tiny, words):
    mend(
        tiny,
        DOSING,
        "clinician: US, other disease, {dose} once daily.",
        f'clinician: "US, other disease, {{dose}} once daily. {words}"',
    )
    assert [
        problem.path for problem in absence_is_proved.check(Guide(load(tiny), tiny, [], TODAY))
    ] == [DOSING]
    mend(
        tiny,
        DOSING,
        "    sources: [made-up-label]",
        "    looked: [{source: made-up-label, sections: section 2, terms: [children]}]\n   "
        " sources: [made-up-label]",
    )
    assert list(absence_is_proved.check(Guide(load(tiny), tiny, [], TODAY))) == []


@pytest.mark.parametrize("words", TOLD)
def test_an_account_of_our_reading_is_no_answer(tiny, words):
    mend(
        tiny,
        DOSING,
        "clinician: US, other disease, {dose} once daily.",
        f'clinician: "US, other disease, {{dose}} once daily. {words}"',
    )
    assert [
        problem.path for problem in reading_is_not_knowing.check(Guide(load(tiny), tiny, [], TODAY))
    ] == [DOSING]


@pytest.mark.parametrize("words", FINE)
def test_other_sentences_are_left_alone(tiny, words):
    mend(
        tiny,
        DOSING,
        "clinician: US, other disease, {dose} once daily.",
        f'clinician: "US, other disease, {{dose}} once daily. {words}"',
    )
    guide = Guide(load(tiny), tiny, [], TODAY)
    assert [*absence_is_proved.check(guide), *reading_is_not_knowing.check(guide)] == []


# -- the real guide ------------------------------------------------------------------------


def test_the_real_guide_leaves_little_uncovered_and_nothing_about_safety():
    gaps = list(each_gap(load(ROOT)))
    uncovered = [gap for gap in gaps if gap.gap.kind == "not covered yet"]
    assert len(uncovered) <= 20 and not any(gap.safety for gap in uncovered)
    assert all(
        gap.gap.ask or gap.gap.clinician_ask for gap in gaps if gap.gap.kind != "does not apply"
    )


@pytest.mark.parametrize("topic", ["baricitinib-as", "upadacitinib-as", "tofacitinib-as"])
def test_the_real_guide_denies_nothing_that_its_leaflets_say(topic):
    """The thirty denials of the audit: what the cited leaflet states stands as a fact of the
    medicine, or is not denied.
    """
    library = load(ROOT)
    rows = {row.id: row for row in library.schedules[library.topics[topic].medicine].rows}
    for item in (
        "tuberculosis",
        "viral-hepatitis",
        "vaccinations",
        "blood-count",
        "breast-feeding",
        "interactions",
        "emergency-signs",
    ):
        row = rows[item]
        assert [*row.before, *row.during, *row.action], item
        assert row.gap is None or item not in ("tuberculosis", "vaccinations", "breast-feeding")


# -- words that readers act on ---------------------------------------------------------------

CONTRA = """
  - id: examplinib-never
    kind: contraindication
    jurisdiction: EU
    population: all
    patient: People with a sore toe must not take it.
    clinician: Contraindicated with a sore toe.
    sources: [made-up-label]
    confidence: verified
"""


@pytest.fixture
def published(tiny):
    """The made-up guide with a contraindication, as readers were shown it."""
    (tiny / SAFETY).write_text((tiny / SAFETY).read_text().rstrip() + CONTRA)
    write_ledger(tiny, load(tiny))
    return tiny


def unlogged(project) -> list[str]:
    return [
        str(problem)
        for problem in changes_are_logged.check(Guide(load(project), project, [], TODAY))
    ]


def test_a_changed_word_of_a_contraindication_is_a_clinical_change(published):
    mend(published, SAFETY, "must not take it", "can take it")
    (found,) = unlogged(published)
    assert (
        found.startswith(
            f"{SAFETY}:25: examplinib-never: patient was 'People with a sore toe must not take it.'"
        )
        and "can take it" in found
    )


@pytest.mark.parametrize(
    "old, new",
    [
        ("Chest pain can be a sign of danger.", "Chest pain is nothing."),
        ("clinician: Chest pain.", "clinician: None."),
    ],
)
def test_a_changed_urgent_sign_is_one_too(published, old, new):
    mend(published, SAFETY, old, new)
    assert len(unlogged(published)) == 1


def test_a_removed_urgent_sign_is_one(published):
    text = (published / SAFETY).read_text()
    (published / SAFETY).write_text(
        "statements:\n"
        + text.partition("  - id: examplinib-reactions")[1]
        + text.partition("  - id: examplinib-reactions")[2]
    )
    mend(
        published,
        "content/medicines/examplinib/medicine.yml",
        "emergency:\n  text: Do you have chest pain?\n  statements: [example-signs]\n",
        "",
    )
    assert any("example-signs: record was 'published'" in line for line in unlogged(published))


def test_a_reworded_fact_of_another_kind_is_none(published):
    """Ours: rewording what nobody acts on stays editorial."""
    mend(published, DOSING, "In the United States the dose", "In the United States, the usual dose")
    assert unlogged(published) == []


def test_one_entry_tells_of_several_records_and_of_no_later_change(published, monkeypatch, capsys):
    monkeypatch.chdir(published)
    mend(published, SAFETY, "must not take it", "should not take it")
    mend(published, DOSING, "value: 2, unit: mg", "value: 3, unit: mg")
    mend(published, DOSING, "proof: 2 mg", "proof: 3 mg")
    assert len(unlogged(published)) == 2
    assert main(["draft-changes", "--together"]) == 0
    assert "one entry for 2 records" in capsys.readouterr().out
    for field in ("what", "reason"):
        mend(
            published,
            "content/changes.yml",
            f"{field}: TODO",
            f"{field}: The label was read again.",
        )
    assert unlogged(published) == []
    mend(published, SAFETY, "should not take it", "may take it")
    (late,) = unlogged(published)
    assert (
        "was written for other values: look at it again, then ./scripts/draft-changes --renew"
        in late
    )
    assert main(["draft-changes", "--renew"]) == 0 and unlogged(published) == []


def test_a_ledger_of_before_is_read_as_it_was_meant(tiny):
    """Ours: words were not kept then, and the outcome had another name."""
    library = load(tiny)
    old = clinical_values(library)
    for values in old.values():
        values.pop("patient", None), values.pop("clinician", None)
        if "outcome" in values:
            values["direction"] = {"good": "benefit", "bad": "harm"}[values.pop("outcome")]
    assert differences(library, old) == []
    old["other-trial-response"]["direction"] = "harm"
    assert differences(library, old) == [
        Difference("other-trial-response", "outcome", "bad", "good")
    ]


def test_every_change_of_the_real_guide_is_told_to_its_readers():
    library, published = load(ROOT), read_ledger(ROOT)
    log = Log(library)
    assert [change for change in differences(library, published) if not log.entry(change)] == []
    assert len({mark_of(values) for values in clinical_values(library).values()}) > 500


# -- what a page says of itself --------------------------------------------------------------


def test_what_is_asked_for_and_not_printed_is_not_noted(tiny):
    library, printed = load(tiny), Printed()
    html = printed.note(
        '<p data-record="examplinib-dose-us" id="examplinib-dose-us">x\ue010made-up-label'
        " made-up-paper\ue011</p>",
        library,
    )
    assert printed.sources == {"made-up-label": 1, "made-up-paper": 2} and list(
        printed.records
    ) == ["examplinib-dose-us"]
    assert html.count("#source-") == 2 and "\ue010" not in html
    again = printed.note(
        '<p id="examplinib-dose-us">y\ue010made-up-paper nowhere\ue011</p>', library
    )
    assert "id=" not in again and ">2</a>" in again and "nowhere" not in again


def test_the_day_of_the_content_is_one_it_speaks_of():
    assert max(source.accessed for source in load(ROOT).sources.values()) <= CONTENT_DAY
