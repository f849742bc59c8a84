"""Interventions that are no medicines: their kind decides the words, the pages, the matrix, the
safety set and the files of a new topic.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

import test_new_topic
from conftest import TODAY
from guide.artefacts import Built
from guide.base.problem import ContentErrors
from guide.build import prepare
from guide.commands.main import main
from guide.content import models as m
from guide.content.fields_of_kind import MEDICINES_ONLY
from guide.content.new_topic import new_topic
from guide.view.decision_words import WORDS
from test_bad_content import answer, mend

SITE = "content/site.yml"
BODIES: dict[m.Decision, str] = {
    "offer": "UKNSC",
    "recommendation": "NICE",
    "availability": "NHS",
}


def add_body(project: Path, decision: m.Decision) -> None:
    """Adds a body of the United Kingdom that decides something, and the disease of the tests."""
    site = (project / SITE).read_text(encoding="utf-8")
    body = (
        f"  - id: {BODIES[decision]}\n    name: A body\n    jurisdiction: UK\n"
        "    country: United Kingdom\n    place: the United Kingdom\n"
        f"    decides: {decision}\npopulations:\n"
    )
    site = site.replace("populations:\n", body, 1)
    if "FD:" not in site:
        site = site.replace("  OD: other disease", "  OD: other disease\n  FD: fourth disease")
        site = site.replace("  any: not", "  UK: United Kingdom\n  any: not")
    (project / SITE).write_text(site, encoding="utf-8")


def begin(
    project: Path, monkeypatch: pytest.MonkeyPatch, kind: m.InterventionKind, name: str
) -> str:
    """A topic of a kind, filled in but for what a body decided; its id."""
    made = new_topic(project, name, "Fourth Disease", kind=kind)
    for key, said in {
        "summary": f"What is known of {name} in fourth disease.",
        "questions.question": f"Does {name} work?",
        "takeaways.patient": "What a body decides can change with time.",
        "takeaways.clinician": "Decisions differ by country.",
        "statements.population": "FD",
        "licensed_for": "FD",
    }.items():
        monkeypatch.setitem(test_new_topic.ANSWERS, key, said)
    test_new_topic.fill(project)
    if "content/conditions/fourth-disease/condition.yml" in made.written:
        test_new_topic.write_optional(project, abbreviation="FD")
    # Few facts stand on these pages: in short words, so that they stay easy to read.
    for name in made.written:
        path = project / name
        text = path.read_text(encoding="utf-8")
        text = text.replace("is very uncertain for all", "may help some")
        text = text.replace("for it is very uncertain here", "for it may help you")
        path.write_text(text.replace("certainty: very low", "certainty: low"), encoding="utf-8")
    return made.topic


def decide(project: Path, name: str, status: str, reason: str = "") -> None:
    """Writes a status into the one cell of an intervention."""
    path = project / f"content/medicines/{name.replace(' ', '-')}/medicine.yml"
    text = path.read_text(encoding="utf-8").replace("status: not known", f"status: {status}")
    if reason:
        text = text.replace("    checked:", f"    reason: {reason}\n    checked:")
    path.write_text(text, encoding="utf-8")


def said_of(built: Built, topic: str) -> dict[str, str]:
    """The words of the pages of a topic and its condition, by address."""
    return {
        page.url: BeautifulSoup(page.markdown.partition("\n---\n")[2], "html5lib").get_text(" ")
        for page in built.pages
        if page.url.startswith((f"{topic}/", "fourth-disease/"))
    }


@pytest.mark.site
def test_a_test_that_is_not_offered_never_says_approved(tiny, monkeypatch):
    add_body(tiny, "offer")
    topic = begin(tiny, monkeypatch, "test", "stool testing")
    decide(tiny, "stool testing", "not offered", "The programme offers another test.")
    pages = said_of(prepare(tiny, TODAY), topic)
    assert len(pages) > 25
    for url, words in pages.items():
        assert not re.search(r"\b(?:un)?approv", words, re.I), url
        assert not re.search(r"\b(?:tablets?|brands?)\b", words, re.I), url
    whole = " ".join(pages[f"{topic}/patients/offer/"].split())
    assert (
        "Stool testing is not offered for fourth disease in the United Kingdom . This was" in whole
    )
    assert "Not offered The programme offers another test." in whole
    assert "Not offered for FD." in pages[f"{topic}/clinicians/trials/"]
    assert "(UKNSC)" in pages[f"{topic}/clinicians/offer/"]
    names = {url.split("/")[2] for url in pages if url.startswith(f"{topic}/patients/")}
    assert {"offer", "procedure", "harms", "trials", "handout"} <= names
    assert not {"approval", "dosing", "safety", "monitoring", "pregnancy", "mechanism"} & names
    assert f"{topic}/clinicians/card/" not in pages
    assert "fourth-disease/patients/offers/" in pages
    assert "fourth-disease/patients/approvals/" not in pages


@pytest.mark.site
@pytest.mark.parametrize(
    "kind, name, decision, status, first",
    [
        ("therapy", "gentle exercise", "recommendation", "recommended", "recommended"),
        ("programme", "example course", "availability", "available", "available"),
        ("no change", "watching", "recommendation", "not recommended", "not recommended"),
        ("test", "stool testing", "offer", "offered", "offered"),
    ],
)
def test_each_kind_has_words_of_its_own(tiny, monkeypatch, kind, name, decision, status, first):
    add_body(tiny, decision)
    topic = begin(tiny, monkeypatch, kind, name)
    decide(tiny, name, status, "A body said so." if status.startswith("not") else "")
    pages = said_of(prepare(tiny, TODAY), topic)
    words = " ".join(pages[f"{topic}/patients/offer/"].split())
    assert f"{name.capitalize()} is {first} for fourth disease in the United Kingdom" in words
    assert not any("approved" in words for words in pages.values())


@pytest.mark.site
def test_a_guide_in_which_nobody_decides_says_nothing_of_approval(tiny, monkeypatch):
    site = (tiny / SITE).read_text(encoding="utf-8")
    site = re.sub(r"agencies:\n(?:  .*\n)+", "agencies: []\n", site)
    site = site.replace("  OD: other disease", "  OD: other disease\n  FD: fourth disease")
    site = re.sub(r"topics:\n  - examplinib-ed\n", "topics: []\n", site)
    (tiny / SITE).write_text(site, encoding="utf-8")
    for name in ("topics/examplinib-ed", "conditions/example-disease", "medicines/examplinib"):
        for path in (tiny / "content" / name).iterdir():
            path.unlink()
        (tiny / "content" / name).rmdir()
    for path in (tiny / "content/medicines").rglob("*.yml"):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"approvals:\n(?:  .*\n)+", "", text)
        path.write_text(text.replace("[examplinib, otherinib]", "[otherinib]"), encoding="utf-8")
    mend(tiny, "content/medicines/otherinib/medicine.yml", "licensed_for: [ED]\n", "")
    for kind, name in (("medicine", "madeupumab"), ("test", "stool testing")):
        topic = begin(tiny, monkeypatch, kind, name)
        if kind == "medicine":
            own = f"content/medicines/{name}/medicine.yml"
            mend(tiny, own, "\n# class:\n", "\nclass: example-class\n")
            with (tiny / f"content/topics/{topic}/answers.yml").open("a") as answers:
                answers.write(
                    "  - {page: safety, section: class-safety, facts: [other-trial-response],"
                    " checked: 2026-01-02, patient: Another medicine was tested in one trial.,"
                    " clinician: One trial of otherinib.}\n"
                )
        pages = said_of(prepare(tiny, TODAY), topic)
        first = " ".join(pages[f"{topic}/patients/"].split())
        assert (
            f"{name.capitalize()} for fourth disease : sources were searched up to 1 January 2026."
            in first
        )
        for url, words in pages.items():
            assert "approved" not in words, url
        assert f"{topic}/patients/approval/" not in pages
        assert f"{topic}/patients/offer/" not in pages


def test_a_new_topic_of_a_test_makes_only_what_exists_for_it(tiny, monkeypatch, capsys):
    add_body(tiny, "offer")
    monkeypatch.chdir(tiny)
    assert main(["new-topic", "stool testing", "Fourth Disease", "--kind", "test"]) == 0
    assert "schedule.yml" not in capsys.readouterr().out
    folder = tiny / "content/medicines/stool-testing"
    assert sorted(path.name for path in folder.iterdir()) == [
        "harms.yml",
        "medicine.yml",
        "procedure.yml",
    ]
    text = (folder / "medicine.yml").read_text(encoding="utf-8")
    assert "\nkind: test\n" in text and "agency: UKNSC" in text and "agency: FDA" not in text
    assert not re.search(rf"(?m)^#? ?(?:{'|'.join(MEDICINES_ONLY)}):", text)
    topic = tiny / "content/topics/stool-testing-fourth-disease"
    assert not (topic / "card.yml").exists()
    assert not re.search(
        r"page: (?:dosing|approv)", (topic / "answers.yml").read_text(encoding="utf-8")
    )
    with pytest.raises(ContentErrors) as refused:
        prepare(tiny, TODAY)
    statuses = [str(one) for one in refused.value.problems if "approvals[0].status" in str(one)]
    assert statuses and statuses[0].endswith(
        "One of: recommended, not recommended, offered, not offered, withdrawn, not known."
    )


def test_a_safety_set_of_tests_becomes_the_rows_of_their_schedule(tiny):
    add_body(tiny, "offer")
    with (tiny / SITE).open("a", encoding="utf-8") as site:
        site.write(
            "safety_set:\n  - {id: blood-count, name: blood count}\n"
            "  - {id: unclear-result, name: a result that is not clear, kinds: [test]}\n"
        )
    new_topic(tiny, "stool testing", "Fourth Disease", kind="test")
    new_topic(tiny, "madeupumab", "Fourth Disease")
    rows = {
        name: re.findall(
            r"(?m)^  - id: (.*)",
            (tiny / f"content/medicines/{name}/schedule.yml").read_text(encoding="utf-8"),
        )
        for name in ("stool-testing", "madeupumab")
    }
    assert rows == {"stool-testing": ["unclear-result"], "madeupumab": ["checks", "blood-count"]}


def test_a_known_intervention_keeps_its_kind(tiny):
    with pytest.raises(ContentErrors) as refused:
        new_topic(tiny, "examplinib", "ED", kind="test")
    assert [str(problem) for problem in refused.value.problems] == [
        "content/medicines/examplinib/medicine.yml: 'examplinib' is of kind 'medicine': leave"
        " --kind out, or change it here"
    ]


OTHER = "content/medicines/otherinib/medicine.yml"


@pytest.mark.parametrize(
    "old, new, said",
    [
        (
            "route: tablet",
            "kind: test\nroute: tablet",
            "'route' is for medicines, and this is of kind 'test': take it out, or change 'kind'",
        ),
        (
            "class: example-class\nroute: tablet\nlicensed_for: [ED]",
            "kind: test",
            "approvals: 'otherinib-ed-fda' has the status 'approved', and nobody decides that about"
            " what is of kind 'test'; allowed here: recommended, not recommended, offered, not"
            " offered, withdrawn, not known",
        ),
        (
            "status: approved\n    date: 2020-02-03",
            "status: offered\n    date: 2020-02-03",
            "approvals: 'otherinib-ed-fda' has the status 'offered', and nobody decides that about"
            " what is of kind 'medicine'; allowed here: approved, not approved, withdrawn, not"
            " known",
        ),
    ],
)
def test_a_status_and_a_field_belong_to_their_kind(tiny, old, new, said):
    mend(tiny, OTHER, old, new)
    lines = answer(tiny)
    assert any(line.endswith(said) for line in lines), lines


def test_every_decision_has_every_sentence_and_names_no_other():
    messages = {
        decision: [
            value if isinstance(value, str) else " ".join(value.values())
            for value in vars(words).values()
        ]
        for decision, words in WORDS.items()
    }
    assert set(messages) == {one for decisions in m.DECISIONS.values() for one in decisions}
    for decision, said in messages.items():
        for other, status in m.YES.items():
            if other != decision:
                assert not [one for one in said if re.search(rf"\b{status}\b", one, re.I)]
    for kind, decisions in m.DECISIONS.items():
        assert ("approval" in decisions) == (kind in m.MEDICINES)


def test_no_change_is_not_compared_with_no_change(tiny, monkeypatch):
    add_body(tiny, "recommendation")
    topic = begin(tiny, monkeypatch, "no change", "waiting and seeing")
    decide(tiny, "waiting and seeing", "recommended")
    text = (tiny / "content/conditions/fourth-disease/comparison.yml").read_text(encoding="utf-8")
    assert "id: no-change" not in text and text.count("- option: ") == 3
    assert f"{topic}/patients/" in said_of(prepare(tiny, TODAY), topic)
