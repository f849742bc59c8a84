"""A new topic from one command: every field explained, a to-do list until filled, nothing written
over.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from string import ascii_lowercase

import pytest
import yaml
from bs4 import BeautifulSoup

from conftest import ROOT, TODAY
from guide.base.problem import ContentErrors, Problem, report
from guide.build import prepare
from guide.commands.main import main
from guide.content import models as m
from guide.content.fields import fields_of, form, record_type
from guide.content.layout import LAYOUT, TO_DO
from guide.content.loading import load
from guide.content.new_topic import nearest_subject, new_topic
from guide.content.schemas import write_schemas
from guide.content.skeleton import skeleton
from guide.content.topic_files import Subject
from test_bad_content import answer, mend

# What a maintainer writes for a made-up topic, by the field the to-do list names (indexes left
# out).
ANSWERS = {
    "licensed_for": "fourth-disease",
    "populations.fourth-disease": "fourth disease",
    "approvals.status": "not known",
    "emergency.text": "Do you have chest pain?",
    "approvals.checked": "2026-01-01",
    "sources": "made-up-label",
    "approvals.sources": "made-up-label",
    "approvals.confidence": "secondary",
    "statements.jurisdiction": "US",
    "statements.population": "fourth-disease",
    "statements.sources": "made-up-label",
    "statements.confidence": "verified",
    "statements.certainty": "very low",
    "rows.test": "Checks",
    "rows.patient": "What is checked",
    "rows.clinician": "Question",
    "rows.cells.gap.kind": "not covered yet",
    "rows.cells.gap.patient": "This guide does not say how it compares yet.",
    "rows.cells.gap.ask": "Ask your own care team about it.",
    "summary": "Whether madeupumab helps in fourth disease is not known.",
    "review.published": "2026-01-02",
    "review.evidence_searched_to": "2026-01-01",
    "review.next_review": "2026-12-01",
    "questions.question": "Does madeupumab work?",
    "questions.patient": "Nobody knows whether it works.",
    "questions.clinician": "No trial was found.",
    "answers.patient": "Ask your own team about this, for it is very uncertain here.",
    "answers.checked": "2026-01-02",
    "rows.cells.regions": "US",
    "takeaways.patient": "Whether it is approved is not known to us.",
    "takeaways.clinician": "Approval is not known.",
}

ANSWER_FILE = "content/topics/madeupumab-fourth-disease/answers.yml"


def to_do(project: Path) -> list[Problem]:
    with pytest.raises(ContentErrors) as caught:
        prepare(project, TODAY)
    # A guide that lost its topic still has a comparison that names the topic's facts.
    lost = {("names-exist", "content/conditions/example-disease/comparison.yml")}
    others = {(one.rule, one.path) for one in caught.value.problems if one.rule != "to-do"}
    assert others <= lost, report(caught.value.problems)
    return [one for one in caught.value.problems if one.rule == "to-do"]


def fill(project: Path) -> int:
    """Does what the to-do list says, line by line, and nothing else; returns how many lines it
    had.
    """
    problems = to_do(project)
    for place, problem in enumerate(problems):
        field = re.sub(r"\[\d+\]", "", problem.message.split(": ")[1])
        # A gap is written alike wherever it stands.
        field = re.sub(
            r"^(?:gaps\.[a-z-]+|rows\.gap)\.(kind|patient|ask)$", r"rows.cells.gap.\1", field
        )
        # No two wordings of two facts are the same; that on certainty, and the answers that may
        # rest on it, have a level's verb.
        letters = f"{ascii_lowercase[place // 26]}{ascii_lowercase[place % 26]}"
        rated = problem.path.endswith(("evidence.yml", "answers.yml"))
        what = "is very uncertain" if rated else "is a thing to know"
        written = ANSWERS.get(field) or f"Fact {letters} {what} for all of those who have FD."
        path = project / problem.path
        lines = path.read_text(encoding="utf-8").split("\n")
        assert TO_DO in lines[problem.line - 1], str(problem)
        lines[problem.line - 1] = lines[problem.line - 1].replace(TO_DO, written)
        path.write_text("\n".join(lines), encoding="utf-8")
    return len(problems)


def write_optional(project: Path, condition: str = "fourth-disease", **fields: str) -> None:
    """Takes the '#' away from optional fields of a condition's own file, and fills them."""
    path = project / f"content/conditions/{condition}/condition.yml"
    text = path.read_text(encoding="utf-8")
    for key, said in fields.items():
        assert f"\n# {key}:\n" in text
        text = text.replace(f"\n# {key}:\n", f"\n{key}: {said}\n")
    path.write_text(text, encoding="utf-8")


def snapshot(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.yml"))
    }


def test_the_skeleton_of_a_new_medicine_and_condition_passes_once_its_to_do_list_is_done(tiny):
    outside = {
        name: text for name, text in snapshot(tiny).items() if not name.startswith("content/")
    }
    made = new_topic(tiny, "Madeupumab", "Fourth Disease")
    assert made.topic == "madeupumab-fourth-disease" and made.kept == []
    marks = sum(
        len(re.findall(rf"(?m)^[^#\n]*\b{TO_DO}\b", text))
        for text in snapshot(tiny / "content").values()
    )
    assert marks == len(to_do(tiny)) > 80
    assert fill(tiny) == marks
    write_optional(tiny, abbreviation="FD")
    medicine = tiny / "content/medicines/madeupumab/medicine.yml"
    status, words = "    status: not known\n", medicine.read_text(encoding="utf-8")
    gap = (
        "    gap:\n      kind: not covered yet\n      patient: The text is not in this guide yet.\n"
        "      ask: Ask your own care team about it.\n"
    )
    medicine.write_text(words.replace(status, status + gap), encoding="utf-8")
    mend(
        tiny,
        "content/medicines/madeupumab/medicine.yml",
        "\n# class:\n",
        "\nclass: example-class\n",
    )
    # The class that the maintainer named has a trial in another disease: it asks for one answer
    # more.
    assert answer(tiny) == [
        "[every-section-is-answered]",
        *(
            f"{ANSWER_FILE}: page {made.topic}/{track}/safety/: the section 'class-safety' shows"
            " evidence and no answer: write one (page: safety, section: class-safety) with"
            f" '{reader}', at most 40 words"
            for track, reader in (("clinicians", "clinician"), ("patients", "patient"))
        ),
    ]
    with (tiny / ANSWER_FILE).open("a", encoding="utf-8") as answers:
        answers.write(
            "  - {page: safety, section: class-safety, facts: [other-trial-response],"
            " checked: 2026-01-02, patient: Another medicine was tested in one trial.,"
            " clinician: One trial of otherinib.}\n"
        )
    built = prepare(tiny, TODAY)
    urls = {page.url for page in built.pages}
    assert {
        f"{made.topic}/{track}/{name}"
        for track in ("patients", "clinicians")
        for name in ("", "dosing/", "safety/", "trials/", "questions/")
    } | {f"{made.topic}/clinicians/card/"} <= urls
    assert {
        f"fourth-disease/{track}/{name}"
        for track in ("patients", "clinicians")
        for name in ("", "options/", "condition/", "approvals/")
    } <= urls
    assert {
        name: text for name, text in snapshot(tiny).items() if not name.startswith("content/")
    } == outside
    # Every agency's answer is "not known": the first sentence must not make a no of it.
    for page in (
        page
        for page in built.pages
        if page.topic == made.topic and page.track in ("patients", "clinicians")
    ):
        said = BeautifulSoup(page.markdown, "html5lib").select_one(".verdict__answer").get_text()
        whole = page.url.endswith(("/approval/", "/handout/"))
        assert said.startswith(
            "We do not know whether madeupumab is approved for fourth disease."
            if whole
            else "We do not know whether it is approved for FD."
        )
        assert "Madeupumab is not approved" not in page.markdown


def test_the_to_do_list_says_what_each_field_wants(tiny):
    new_topic(tiny, "madeupumab", "ED")
    lines = [str(problem) for problem in to_do(tiny)]
    place = next(
        number
        for number, line in enumerate(
            (tiny / "content/medicines/madeupumab/medicine.yml").read_text().split("\n"), 1
        )
        if line == "    status: TODO"
    )
    assert (
        f"content/medicines/madeupumab/medicine.yml:{place}: to do: approvals[0].status: What the"
        " official text says; 'not known' when it was not read. One of: approved, not approved,"
        " withdrawn, not known." in lines
    )
    assert any(
        line.startswith("content/topics/madeupumab-ed/topic.yml:")
        and line.endswith(
            ": to do: review.next_review: The day the topic is due again: at most twelve months"
            " after the last look."
        )
        for line in lines
    )


def test_a_mistake_beside_a_to_do_is_still_named(tiny):
    new_topic(tiny, "madeupumab", "ED")
    mend(tiny, "content/medicines/madeupumab/dosing.yml", "kind: dosing", "kind: dosage")
    with pytest.raises(ContentErrors) as caught:
        prepare(tiny, TODAY)
    form = [problem for problem in caught.value.problems if problem.rule == "form"]
    assert len(form) == 1 and "statements[0].kind: 'dosage' is not one of" in form[0].message
    assert len(caught.value.problems) > 80


def test_nothing_is_written_over(tiny):
    new_topic(tiny, "Madeupumab", "Fourth Disease")
    before = snapshot(tiny / "content")
    again = new_topic(tiny, "madeupumab", "fourth-disease")
    assert again.written == [] and len(again.kept) == 18 and "content/site.yml" in again.kept
    assert snapshot(tiny / "content") == before
    (tiny / "content/medicines/madeupumab/safety.yml").unlink()
    mend(tiny, "content/medicines/madeupumab/dosing.yml", "patient: TODO", "patient: My own words.")
    third = new_topic(tiny, "madeupumab", "fourth-disease")
    assert third.written == ["content/medicines/madeupumab/safety.yml"]
    assert "My own words." in (tiny / "content/medicines/madeupumab/dosing.yml").read_text()


def test_names_brands_and_abbreviations_lead_to_what_is_known(tiny):
    made = new_topic(tiny, "Examplix", "ed")
    assert made.topic == "examplinib-ed"
    assert {
        "content/medicines/examplinib/medicine.yml",
        "content/conditions/example-disease/condition.yml",
        "content/topics/examplinib-ed/topic.yml",
        "content/site.yml",
    } <= set(made.kept)


@pytest.mark.parametrize(
    "medicine, condition, message",
    [
        (
            "examplinip",
            "ED",
            (
                "content/medicines: there is no medicine 'examplinip' (nearest: 'examplinib'): use"
                " that name, or add --new-medicine if it is another one; nothing was written"
            ),
        ),
        (
            "examplinib",
            "exampel disease",
            (
                "content/conditions: there is no condition 'exampel disease' (nearest:"
                " 'example-disease'): use that name, or add --new-condition if it is another one;"
                " nothing was written"
            ),
        ),
        (
            "examplinib",
            "examplle",
            (
                "content/conditions: there is no condition 'examplle' (nearest: 'example-disease'):"
                " use that name, or add --new-condition if it is another one; nothing was written"
            ),
        ),
        (
            "exampl",
            "ED",
            (
                "content/medicines: there is no medicine 'exampl' (nearest: 'example-class'): use"
                " that name, or add --new-medicine if it is another one; nothing was written"
            ),
        ),
        (
            "example inhibitors",
            "ED",
            (
                "content/medicines/example-class/medicine.yml: 'example-class' is a class: a topic"
                " is about one medicine, name one of its members"
            ),
        ),
        (
            "?",
            "ED",
            "content/medicines: '?' is no name: write a medicine in letters, such as example-class",
        ),
    ],
)
def test_a_doubtful_name_writes_nothing(tiny, medicine, condition, message):
    before = snapshot(tiny)
    with pytest.raises(ContentErrors) as caught:
        new_topic(tiny, medicine, condition)
    assert [str(problem) for problem in caught.value.problems] == [message]
    assert snapshot(tiny) == before


def test_a_name_like_a_known_one_is_taken_where_it_is_said_to_be_new(tiny, monkeypatch, capsys):
    monkeypatch.chdir(tiny)
    before = snapshot(tiny)
    assert main(["new-topic", "examplinib", "examplle", "--new-medicine"]) == 1
    assert "(nearest: 'example-disease')" in capsys.readouterr().err and snapshot(tiny) == before
    assert main(["new-topic", "examplinip", "examplle", "--new-medicine", "--new-condition"]) == 0
    assert "The topic is 'examplinip-examplle'," in capsys.readouterr().out


def test_no_two_medicines_of_the_real_guide_are_taken_for_each_other():
    """Whoever adds the next one of a class is not stopped by the others."""
    names = [path.parent.name for path in (ROOT / "content").glob("medicines/*/medicine.yml")]
    assert len(names) > 15
    assert [
        (one, other.id)
        for one in names
        if (
            other := nearest_subject(
                one, {name: Subject(name, name) for name in names if name != one}
            )
        )
    ] == []


def test_a_name_like_a_known_one_is_taken_once_its_folder_exists(tiny):
    (tiny / "content/medicines/examplinip").mkdir()
    assert new_topic(tiny, "examplinip", "ED").topic == "examplinip-ed"


@pytest.mark.parametrize(
    "before, after",
    [
        (
            "# the order\ntopics:\n  - one   # first\n  - two\nname: x\n",
            "# the order\ntopics:\n  - one   # first\n  - two\n  - three\nname: x\n",
        ),
        (
            "topics:\n- one\n- two  # last\n# end\n",
            "topics:\n- one\n- two  # last\n- three\n# end\n",
        ),
        ("name: x\ntopics: [one, two]  # order\n", "name: x\ntopics: [one, two, three]  # order\n"),
        ("name: x\ntopics:\n  - one", "name: x\ntopics:\n  - one\n  - three"),
    ],
)
def test_the_topic_is_added_to_the_site_and_nothing_else_moves(before, after):
    from guide.content.site_text import with_topic

    assert with_topic(before, "three") == after


def test_every_field_of_every_skeleton_stands_there_with_its_description():
    """Whatever a model can hold is in the skeleton, written or as a comment, with the model's own
    words.
    """
    for pattern, model in LAYOUT:
        text = skeleton(Path(pattern.replace("*", "x")), {})
        words = re.sub(r"\s+", " ", re.sub(r"(?m)^ *# ", "", text))
        todo, seen = [model], set()
        while todo:
            current = todo.pop()
            if current in seen or current in (m.Quantity, m.Unknown):
                continue
            seen.add(current)
            for key, info in fields_of(current).items():
                assert re.search(rf"(?m)^ *(?:- |# )*{key}:", text), (pattern, key)
                assert info.description in words, (pattern, key)
                inner = record_type(info.annotation)
                # What can be a text, too, is begun as one.
                if inner and info.is_required() and "text or" not in form(info.annotation):
                    todo.append(inner)
        assert isinstance(yaml.safe_load(text) or {}, dict)


def test_the_verb_says_what_it_wrote_and_what_comes_next(tiny, monkeypatch, capsys):
    monkeypatch.chdir(tiny)
    assert main(["new-topic", "madeupumab", "ED"]) == 0
    said = capsys.readouterr().out
    assert (
        "wrote content/medicines/madeupumab/medicine.yml\n" in said
        and "kept  content/conditions/example-disease/condition.yml\n" in said
    )
    assert "The topic is 'madeupumab-ed', and its pages are below 'madeupumab-ed/'." in said
    assert main(["check"]) == 1
    brief = capsys.readouterr().err.split("\n")
    assert main(["check", "--all"]) == 1
    whole = capsys.readouterr().err.split("\n")
    dosing = "content/medicines/madeupumab/dosing.yml:"
    fields = [line for line in whole if line.startswith(dosing)]
    assert whole[0] == brief[0] == "[to-do]" and brief[-2] == whole[-2]
    assert len(brief) < 25 and len(whole) > 80 and len(fields) > 3
    first = ", ".join(line.split(": ")[2] for line in fields[:3])
    assert [line.partition(": ")[2] for line in brief if line.startswith(dosing)] == [
        f"{len(fields)} to do: {first}, …"
    ]
    assert "Each field, with what it wants: ./scripts/check --all" in brief
    assert main(["new-topic", "examplinip", "ED"]) == 1
    told = capsys.readouterr().err
    assert "(nearest: 'examplinib')" in told and "Nothing is published" not in told


@pytest.mark.parametrize("topics", ["", "topics: []\n", "topics:  # none yet\n  []\n"])
def test_a_guide_without_a_topic_takes_its_first(tiny, topics):
    path = tiny / "content/site.yml"
    begin = re.sub(r"(?m)^topics:.*\n(?: .*\n)*", "", path.read_text(encoding="utf-8"))
    path.write_text(begin + topics, encoding="utf-8")
    shutil.rmtree(tiny / "content" / "topics")
    assert new_topic(tiny, "madeupumab", "ED").topic == "madeupumab-ed"
    assert yaml.safe_load(path.read_text(encoding="utf-8"))["topics"] == ["madeupumab-ed"]
    to_do(tiny)


def test_without_a_site_file_the_command_says_what_is_needed_first(tiny):
    (tiny / "content/site.yml").write_text("name: A guide\n", encoding="utf-8")
    with pytest.raises(ContentErrors, match="'agencies' is missing"):
        new_topic(tiny, "madeupumab", "ED")
    (tiny / "content/site.yml").unlink()
    with pytest.raises(ContentErrors, match="the file is missing"):
        new_topic(tiny, "madeupumab", "ED")


def test_the_id_of_a_topic_can_be_chosen(tiny, monkeypatch, capsys):
    monkeypatch.chdir(tiny)
    assert main(["new-topic", "madeupumab", "Fourth Disease", "--id", "madeupumab-fd"]) == 0
    assert "wrote content/topics/madeupumab-fd/topic.yml\n" in capsys.readouterr().out
    assert new_topic(tiny, "madeupumab", "fourth-disease").topic == "madeupumab-fd"


@pytest.mark.parametrize(
    "id_, reason",
    [
        ("Madeupumab FD", "has the wrong form: small letters, digits and single hyphens, such as"),
        ("example-disease", "is a condition, whose pages have that address: choose another"),
        ("about", "is a folder of the site: choose another"),
        ("examplinib-ed", "is the topic of 'examplinib' in 'example-disease': choose another"),
        ("madeupumab-old", "was the address of a published topic, and people hold its links"),
    ],
)
def test_an_id_that_cannot_be_a_topics_is_refused(tiny, id_, reason):
    links = '{\n"madeupumab-old/patients/": {"title": [], "ids": []}\n}\n'
    (tiny / "content/links.json").write_text(links, encoding="utf-8")
    before = snapshot(tiny)
    with pytest.raises(ContentErrors) as caught:
        new_topic(tiny, "madeupumab", "ED", (), id_)
    [problem] = caught.value.problems
    assert f"--id: '{id_}' {reason}" in problem.message
    assert problem.message.endswith("; nothing was written") and snapshot(tiny) == before


def test_the_id_of_a_topic_that_exists_is_not_changed_by_the_command(tiny):
    with pytest.raises(ContentErrors, match="is 'examplinib-ed' already"):
        new_topic(tiny, "examplinib", "ED", (), "examplinib-other")


def test_skeletons_name_their_schemas(tiny):
    shutil.copytree(ROOT / "content" / "schemas", tiny / "content" / "schemas")
    write_schemas(tiny)
    new_topic(tiny, "madeupumab", "Fourth Disease")
    assert write_schemas(tiny) == []


def test_a_mark_is_found_wherever_it_stands(tiny):
    mend(tiny, "content/glossary.yml", "also: [dummy pill]", "also: [dummy pill, TODO more names]")
    assert answer(tiny) == [
        "[to-do]",
        (
            "content/glossary.yml:6: to do: terms[0].also[1]: Other names and what people type,"
            " misspellings too."
        ),
    ]
    mend(tiny, "content/glossary.yml", ", TODO more names", "")
    assert load(tiny).glossary


def test_what_readers_see_is_in_the_guides_language(tiny):
    mend(tiny, "content/site.yml", "name: Tiny guide", "name: Tiny guide\nlanguage: de")
    made = new_topic(tiny, "Beispielgymnastik", "Rückenleiden", kind="therapy")
    topic = (tiny / f"content/topics/{made.topic}/topic.yml").read_text(encoding="utf-8")
    assert "title: Beispielgymnastik bei Rückenleiden" in topic.replace('"', "")
    assert "No clinician" not in topic and "keine Fachperson" in topic
    options = next(tiny.glob("content/conditions/r*ckenleiden/comparison.yml"))
    said = options.read_text(encoding="utf-8").replace('"', "")
    assert "name: Keine Änderung" in said and "name: Beispielgymnastik" in said


def comments_of(folder: Path) -> str:
    """The comments of a folder's files, but for the lines that name their schemas."""
    texts = snapshot(folder).values()
    found = (line for text in texts for line in re.findall(r"(?m)^ *# (.*)", text))
    return "\n".join(line for line in found if "schema" not in line)


@pytest.mark.parametrize("kind", ["therapy", "test", "programme", "no change"])
def test_the_files_of_other_kinds_do_not_speak_of_medicines(tiny, kind):
    for name in ("medicines", "conditions", "topics"):
        shutil.rmtree(tiny / "content" / name)
    new_topic(tiny, "example walks", "example pain", kind=kind)
    said = "".join(
        comments_of(tiny / "content" / name) for name in ("medicines", "conditions", "topics")
    )
    # What the folder is called, and the kinds that 'kind' chooses from.
    for known in ("content/medicines/", "a medicine, a class of medicines", "for a group of"):
        said = said.replace(known, "")
    assert not re.search(r"label|licen[sc]e|tablet|brand|no-new-medicine, |Other medicines", said)
    assert "phase" not in said and "pathway" not in said
    assert "dosing, renal" not in said and "procedure" in said


def test_a_cell_of_the_matrix_asks_for_no_gap_and_offers_its_own_statuses(tiny):
    new_topic(tiny, "madeupumab", "Fourth Disease")
    text = (tiny / "content/medicines/madeupumab/medicine.yml").read_text(encoding="utf-8")
    assert "One of: approved, not approved, withdrawn, not known." in re.sub(r"\s+# ", " ", text)
    assert "\n    # gap:\n" in text and "\n    gap:" not in text
    # What may be left out is no problem.
    for key in ("class", "brands", "route", "typed"):
        assert f"\n# {key}:\n" in text
    assert not [one for one in to_do(tiny) if "abbreviation" in str(one) or "as_of" in str(one)]


def test_a_new_condition_has_its_place_among_the_populations(tiny):
    mend(tiny, "content/site.yml", "  OD: other disease", "  # kept\n  OD: other disease")
    new_topic(tiny, "madeupumab", "Fourth Disease")
    text = (tiny / "content/site.yml").read_text(encoding="utf-8")
    assert "  # kept\n  OD: other disease" in text and "\n  fourth-disease: TODO\n" in text
    assert "# Who the studies of fourth disease are about" in text
    [asked] = [one for one in to_do(tiny) if one.path == "content/site.yml"]
    assert "populations.fourth-disease: The name of each study population" in asked.message
    facts = (tiny / "content/conditions/fourth-disease/definition.yml").read_text(encoding="utf-8")
    assert facts.count("population: fourth-disease") == 2
    # Once it stands there, another run leaves the file alone.
    assert "content/site.yml" in new_topic(tiny, "madeupumab", "Fourth Disease").kept


@pytest.mark.parametrize(
    "before, after",
    [
        (
            "populations: {all: every use}  # who\n",
            "populations: {x: TODO, all: every use}  # who\n",
        ),
        ("populations: {}\n", "populations: {x: TODO}\n"),
    ],
)
def test_a_population_is_added_to_one_line(before, after):
    from guide.content.site_text import with_population

    assert with_population(before, "x", "an illness") == after
    assert yaml.safe_load(with_population("name: x\n", "x", "ill"))["populations"] == {"x": "TODO"}


def test_an_answer_says_what_stands_over_it(tiny):
    made = new_topic(tiny, "madeupumab", "ED")
    text = (tiny / f"content/topics/{made.topic}/answers.yml").read_text(encoding="utf-8")
    assert "  # Under the heading 'How many people does it help?' (patients)" in text
    assert "  # First on its page." in text
