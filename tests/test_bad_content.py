"""Bad content never yields a page: for each mistake the whole message, and the last good site
untouched.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from conftest import TODAY, mkdocs
from guide.base.problem import NOT_MADE, ContentErrors, report
from guide.build import compile_tree, prepare

DOSING = "content/medicines/examplinib/dosing.yml"
TRIAL = "content/trials/other-trial.yml"
SITE = "content/site.yml"
ANSWERS = "content/topics/examplinib-ed/answers.yml"

# (name, file, what stands there, what a maintainer types instead, every line of the answer)
MISTAKES = [
    (
        "wrong type",
        DOSING,
        "population: OD",
        "population: 12",
        [
            "[form]",
            (
                f"{DOSING}:5: statements[0].population: '12' is the wrong type: write text (quote"
                " it if it looks like a number, a date or true/false)"
            ),
        ],
    ),
    (
        "unknown key",
        DOSING,
        "locator: section 2",
        "lokator: section 2",
        [
            "[form]",
            f"{DOSING}:11: statements[0].lokator: unknown key 'lokator' (nearest: 'locator')",
        ],
    ),
    (
        "missing source",
        DOSING,
        "    sources: [made-up-label]\n",
        "",
        ["[form]", f"{DOSING}:2: statements[0]: 'sources' is missing"],
    ),
    (
        "empty sources",
        DOSING,
        "sources: [made-up-label]",
        "sources: []",
        ["[form]", f"{DOSING}:10: statements[0].sources: at least 1 entry is needed"],
    ),
    (
        "unknown source id",
        DOSING,
        "sources: [made-up-label]",
        "sources: [made-up-lable]",
        [
            "[names-exist]",
            f"{DOSING}:10: there is no source 'made-up-lable' (nearest: 'made-up-label')",
        ],
    ),
    (
        "unknown medicine",
        TRIAL,
        "medicine: otherinib\npopulation",
        "medicine: otherinip\npopulation",
        ["[names-exist]", f"{TRIAL}:3: there is no medicine 'otherinip' (nearest: 'otherinib')"],
    ),
    (
        "duplicate key",
        DOSING,
        "    kind: dosing\n",
        "    kind: dosing\n    kind: renal\n",
        [
            "[form]",
            (
                f"{DOSING}:4: statements[0].kind: the key 'kind' stands twice (first in line 3):"
                " keep one"
            ),
        ],
    ),
    (
        "bad date",
        "content/topics/examplinib-ed/topic.yml",
        "next_review: 2026-12-01",
        "next_review: 2026-13-01",
        [
            "[form]",
            (
                "content/topics/examplinib-ed/topic.yml:11: review.next_review: '2026-13-01' is not"
                " a day of the calendar: write it as YYYY-MM-DD"
            ),
        ],
    ),
    (
        "responders above n",
        TRIAL,
        "responders: 48",
        "responders: 148",
        ["[form]", f"{TRIAL}:14: results[0].arms[0]: 'responders' (148) is above 'n' (93)"],
    ),
    (
        "tab indentation",
        DOSING,
        "    kind: dosing",
        "\tkind: dosing",
        ["[form]", f"{DOSING}:3: a tab indents this line: YAML is indented with spaces, use two"],
    ),
    (
        "1 MB scalar",
        DOSING,
        "proof: 2 mg once daily",
        "proof: " + "x" * 1_000_000,
        [
            "[form]",
            (
                f"{DOSING}:12: the file is 1,000,366 bytes, 1,000,012 of them in this line; at most"
                " 400,000 are read: split the file by subject, or the text into statements"
            ),
        ],
    ),
    (
        "long scalar",
        DOSING,
        "proof: 2 mg once daily",
        "proof: " + "x" * 5000,
        [
            "[form]",
            (
                f"{DOSING}:12: statements[0].proof: the text is 5,000 characters long; at most"
                " 4,000 fit one value: split the statement"
            ),
        ],
    ),
    (
        "alias bomb",
        "content/glossary.yml",
        "also: [dummy pill]",
        "also: &a [dummy pill]\n    deep: [*a, *a, *a]",
        ["[form]"]
        + [
            f"content/glossary.yml:7: terms[0].deep[{n}]: an alias (*name) repeats another part of"
            " the file: write the value out, a fact stands where it is read"
            for n in range(3)
        ],
    ),
    (
        "not YAML",
        DOSING,
        "patient: In the",
        "patient: [In the",
        [
            "[form]",
            (
                f"{DOSING}:8: this is not YAML: did not find expected ',' or ']'; look at the"
                " indentation, and quote text that holds ': ' or starts with {, [, *, &, ! or %"
            ),
        ],
    ),
    (
        "a quote that closes nowhere",
        DOSING,
        "locator: section 2",
        "locator: 'section 2\"",
        [
            "[form]",
            (
                f"{DOSING}:11: locator: a quote (') opens here and is not closed: add it, or take"
                " it away"
            ),
        ],
    ),
    (
        "a quote that the next one seems to close",
        DOSING,
        "locator: section 2\n    proof: 2 mg once daily",
        "locator: 'section 2\"\n    proof: '2 mg once daily'",
        [
            "[form]",
            (
                f"{DOSING}:11: locator: a quote (') opens here and is not closed: add it, or take"
                " it away"
            ),
        ],
    ),
    (
        "a quote open at the end of a list",
        DOSING,
        "sources: [made-up-label]",
        'sources: ["made-up-label]\n    note: "A note: more"',
        [
            "[form]",
            (
                f'{DOSING}:10: sources: a quote (") opens here and is not closed: add it, or take'
                " it away"
            ),
        ],
    ),
    (
        "a quote open in the last line but one",
        DOSING,
        "proof: 2 mg once daily",
        'proof: "2 mg once daily',
        [
            "[form]",
            (
                f'{DOSING}:12: proof: a quote (") opens here and is not closed: add it, or take it'
                " away"
            ),
        ],
    ),
    (
        "a quote open in an entry of its own line",
        DOSING,
        "sources: [made-up-label]",
        'sources:\n      - "made-up-label',
        [
            "[form]",
            f'{DOSING}:11: a quote (") opens here and is not closed: add it, or take it away',
        ],
    ),
    (
        "an apostrophe inside quotes",
        DOSING,
        "locator: section 2",
        "locator: 'the label's section 2'",
        [
            "[form]",
            (
                f"{DOSING}:11: locator: the quote (') closes after 'the label' and text follows:"
                " write '' for a ' inside the text, or put the other kind of quote around it"
            ),
        ],
    ),
    (
        "no colon",
        DOSING,
        "    kind: dosing",
        "    kind dosing",
        [
            "[form]",
            f"{DOSING}:3: 'kind dosing': a colon is missing after 'kind': write 'kind: dosing'",
        ],
    ),
    (
        "no space after the colon",
        DOSING,
        "    kind: dosing",
        "    kind:dosing",
        [
            "[form]",
            f"{DOSING}:3: 'kind:dosing': a space is missing after the colon: write 'kind: dosing'",
        ],
    ),
    (
        "one space too many",
        DOSING,
        "    kind: dosing",
        "     kind: dosing",
        [
            "[form]",
            (
                f"{DOSING}:3: 'kind: dosing' is indented by 5 spaces, and the lines around it by 4:"
                " put it below them"
            ),
        ],
    ),
    (
        "one space too few",
        DOSING,
        "    locator: section 2",
        "   locator: section 2",
        [
            "[form]",
            (
                f"{DOSING}:11: 'locator: section 2' is indented by 3 spaces, and the lines around"
                " it by 4: put it below them"
            ),
        ],
    ),
    # A text in quotes may go on over lines: it is not what is wrong here, and where there is doubt
    # the parser's words stay.
    (
        "not YAML below a quote over two lines",
        DOSING,
        "locator: section 2\n    proof: 2 mg once daily",
        'locator: "section 2,\n      below"\n    proof: [2 mg once daily',
        [
            "[form]",
            (
                f"{DOSING}:14: this is not YAML: did not find expected ',' or ']'; look at the"
                " indentation, and quote text that holds ': ' or starts with {, [, *, &, ! or %"
            ),
        ],
    ),
    (
        "null",
        DOSING,
        "locator: section 2",
        "locator: null",
        [
            "[form]",
            (
                f"{DOSING}:11: statements[0].locator: the value is missing: write it, leave the key"
                " out, or say 'unknown: <why>' where the field allows it"
            ),
        ],
    ),
    (
        "yes is text",
        "content/topics/examplinib-ed/claims.yml",
        "safety_critical: true",
        "safety_critical: yes",
        [
            "[form]",
            (
                "content/topics/examplinib-ed/claims.yml:12: claims[0].safety_critical: 'yes' is"
                " the wrong type: write true or false"
            ),
        ],
    ),
    (
        "not one of",
        DOSING,
        "kind: dosing",
        "kind: dosage",
        [
            "[form]",
            (
                f"{DOSING}:3: statements[0].kind: 'dosage' is not one of: definition, epidemiology,"
                " mechanism, trial, indirect-evidence, comparator-trial, certainty, guideline,"
                " approval, dosing, renal, interactions, contraindication, screening, monitoring,"
                " stopping-rule, warning, urgent-signs, adverse-reaction, pregnancy, cost,"
                " pipeline, surgery, overdose, prognosis, living, procedure (nearest: 'dosing')"
            ),
        ],
    ),
    (
        "no jurisdiction",
        DOSING,
        "    jurisdiction: US\n",
        "",
        [
            "[form]",
            (
                f"{DOSING}:2: statements[0]: a statement of kind 'dosing' needs its 'jurisdiction':"
                " the country whose rule it is, a code of content/site.yml or several in [ ]"
            ),
        ],
    ),
    (
        "no indication",
        DOSING,
        "    population: OD\n",
        "",
        ["[form]", f"{DOSING}:2: statements[0]: 'population' is missing"],
    ),
    (
        "same id twice",
        "content/topics/examplinib-ed/evidence.yml",
        "id: examplinib-no-trial",
        "id: examplinib-dose-us",
        [
            "[form]",
            (
                "content/topics/examplinib-ed/evidence.yml:2: the id 'examplinib-dose-us' is taken"
                " (content/medicines/examplinib/dosing.yml:2): choose another, ids are never shared"
            ),
        ],
    ),
    (
        "id is not the file's name",
        TRIAL,
        "id: other-trial\n",
        "id: another-trial\n",
        [
            "[form]",
            (
                f"{TRIAL}:1: id: 'another-trial' is not the file's own name 'other-trial': make"
                " them the same"
            ),
        ],
    ),
    (
        "invisible character",
        DOSING,
        "clinician: US, other",
        "clinician: US,\u202e other",
        [
            "[form]",
            (
                f"{DOSING}:9: statements[0].clinician: the text holds the invisible character"
                " U+202E: delete it"
            ),
        ],
    ),
    (
        "javascript link",
        "content/sources.yml",
        "url: https://example.org/label",
        "url: javascript:alert(1)",
        [
            "[form]",
            (
                "content/sources.yml:6: sources[0].url: 'javascript:alert(1)' has the wrong form:"
                r""" it must match ^https?://[^\s<>\"'`]+$"""
            ),
        ],
    ),
    (
        "an approval without a date",
        "content/medicines/otherinib/medicine.yml",
        "    date: 2020-02-03\n",
        "",
        [
            "[form]",
            (
                "content/medicines/otherinib/medicine.yml:7: approvals[0]: an approval needs its"
                " 'date', or a 'reason' that says why the date is not known"
            ),
        ],
    ),
    (
        "an answer for nobody",
        ANSWERS,
        "    patient: No, not in the United States. For Europe, ask your team.\n"
        "    clinician: Not approved in the US; not known in the EU.\n",
        "",
        ["[form]", f"{ANSWERS}:37: answers[6]: an answer needs 'patient', 'clinician' or both"],
    ),
    (
        "an answer that rests on nothing",
        ANSWERS,
        "    facts: [examplinib-no-trial]\n",
        "",
        [
            "[form]",
            (
                f"{ANSWERS}:2: answers[0]: an answer needs the 'facts' it rests on, or a 'gap' with"
                " what is missing and whom to ask"
            ),
        ],
    ),
    (
        "two answers for one place",
        ANSWERS,
        "  - page: dosing",
        "  - page: approval",
        [
            "[form]",
            (
                f"{ANSWERS}:42: 'approval' has an answer already: a page or section has one, write"
                " both into it"
            ),
        ],
    ),
    (
        "an answer for a page that is none",
        ANSWERS,
        "  - page: approval",
        "  - page: approvel",
        [
            "[names-exist]",
            (
                f"{ANSWERS}:37: there is no page in docs/topic/ or docs/condition/ 'approvel'"
                " (nearest: 'approval')"
            ),
        ],
    ),
    (
        "a row of the card without a rule",
        "content/topics/examplinib-ed/card.yml",
        "",
        "rows:\n  - id: dose\n    clinician: Dose\n",
        [
            "[form]",
            (
                "content/topics/examplinib-ed/card.yml:2: rows[0]: a row needs 'cells', or a 'gap'"
                " that says why there are none"
            ),
        ],
    ),
    (
        "arms with different kinds of numbers",
        TRIAL,
        "        n: 94\n        responders: 24\n        percent: 26\n",
        "        mean: 24\n",
        [
            "[form]",
            (
                f"{TRIAL}:8: results[0]: the arms have different kinds of numbers: give all of them"
                " counts, or rates, or means"
            ),
        ],
    ),
    (
        "stray file",
        "content/notes.txt",
        "",
        "notes",
        [
            "[form]",
            "content/notes.txt: only .yml files belong in content/: rename it, or move it to docs/",
        ],
    ),
]


def mend(project: Path, file: str, old: str, new: str) -> None:
    path = project / file
    if not old:
        path.write_text(new, encoding="utf-8")
        return
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1, f"{old!r} is not in {file}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def answer(project: Path) -> list[str]:
    """The check's whole answer, without its closing count."""
    with pytest.raises(ContentErrors) as caught:
        prepare(project, TODAY)
    # Which pages cannot be made follows from the mistake.
    problems = [problem for problem in caught.value.problems if problem.rule != NOT_MADE]
    lines = report(problems).split("\n")
    count = len(problems)
    assert lines[-2:] == ["", f"{count} problem{'' if count == 1 else 's'}. Nothing is published."]
    return lines[:-2]


def test_the_tiny_guide_is_good(tiny):
    assert len(prepare(tiny, TODAY).pages) > 30


@pytest.mark.parametrize(
    "name, file, old, new, expected", MISTAKES, ids=[mistake[0] for mistake in MISTAKES]
)
def test_one_mistake_one_clear_line(tiny, name, file, old, new, expected):
    mend(tiny, file, old, new)
    assert answer(tiny) == expected


def test_all_problems_come_at_once(tiny):
    for _, file, old, new, _ in (MISTAKES[0], MISTAKES[8], MISTAKES[12]):
        mend(tiny, file, old, new)
    expected = [line for place in (12, 0, 8) for line in MISTAKES[place][4][1:]]
    assert answer(tiny) == ["[form]", *sorted(expected)]


def test_a_broken_edit_leaves_tree_and_site_as_they_were(tiny):
    done = mkdocs(tiny, "build", "--strict")
    assert done.returncode == 0, said(done)
    before = fingerprint(tiny / "site"), fingerprint(tiny / "build" / "docs")
    mend(tiny, TRIAL, "responders: 48", "responders: 148")
    failed = mkdocs(tiny, "build", "--strict")
    assert failed.returncode == 1
    assert f"{TRIAL}:14: results[0].arms[0]: 'responders' (148) is above 'n' (93)" in said(failed)
    assert "Traceback" not in said(failed)
    assert (fingerprint(tiny / "site"), fingerprint(tiny / "build" / "docs")) == before


def test_a_page_that_breaks_the_finished_site_does_not_replace_it(tiny):
    """A fault that only the finished HTML shows (a link of the theme to no page) is caught before
    the swap.
    """
    assert mkdocs(tiny, "build", "--strict").returncode == 0
    before = fingerprint(tiny / "site")
    mend(tiny, "overrides/main.html", "'about/offline/' | url", "'nowhere/' | url")
    failed = mkdocs(tiny, "build", "--strict")
    assert failed.returncode == 1
    assert "site/about/index.html: the link '../nowhere/' leads to no page" in said(failed)
    assert fingerprint(tiny / "site") == before


def test_only_changed_files_are_written(tiny):
    compile_tree(tiny, tiny / "build" / "docs", TODAY)
    stamps = {path: path.stat().st_mtime_ns for path in (tiny / "build" / "docs").rglob("*.md")}
    mend(
        tiny,
        "content/topics/examplinib-ed/faq.yml",
        "No trial was found.",
        "No trial of it was found.",
    )
    compile_tree(tiny, tiny / "build" / "docs", TODAY)
    changed = [
        path.relative_to(tiny / "build" / "docs").as_posix()
        for path, stamp in stamps.items()
        if path.stat().st_mtime_ns != stamp
    ]
    # The page of reading levels counts every page's words: it follows where a figure of its own
    # changes.
    assert [name for name in changed if name != "about/reading.md"] == [
        "examplinib-ed/clinicians/questions/does-it-work.md"
    ]


def said(done) -> str:
    return done.stdout + done.stderr


def fingerprint(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_file_split_by_subject_as_the_message_says_gives_the_same_guide(tiny):
    """'Split the file by subject' is an advice that can be followed: sources, words and changes
    stand in one file or in several.
    """

    def made() -> dict[str, bytes]:
        compile_tree(tiny, tiny / "tree", TODAY)
        # The version is made from the files' bytes, so it is another one.
        return {
            path.relative_to(tiny / "tree").as_posix(): re.sub(
                rb"(?<=2026-01-02\.)[0-9a-f]{8}", b"version", path.read_bytes()
            )
            for path in (tiny / "tree").rglob("*")
            if path.is_file()
        }

    whole = made()
    content = tiny / "content"
    for name, key in (("sources", "sources"), ("glossary", "terms"), ("changes", "changes")):
        text = (content / f"{name}.yml").read_text(encoding="utf-8")
        entries = re.split(r"(?m)^(?=  - )", text.partition(f"{key}:\n")[2])[1:]
        (content / f"{name}.yml").unlink()
        (content / name).mkdir()
        for number, entry in enumerate(entries):
            (content / name / f"part-{number}.yml").write_text(f"{key}:\n{entry}", encoding="utf-8")
    assert len(list(content.glob("sources/*.yml"))) > 1
    assert made() == whole
    (content / "sources" / "again.yml").write_text(
        (content / "sources" / "part-0.yml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    with pytest.raises(ContentErrors) as errors:
        prepare(tiny, TODAY)
    assert (
        "content/sources/part-0.yml:2: the id 'made-up-label' is taken"
        " (content/sources/again.yml:2): choose another, ids are never shared" in str(errors.value)
    )


def test_in_a_large_guide_the_rules_look_on_while_files_are_made_and_say_the_same(
    tiny, monkeypatch
):
    path = tiny / "content" / "medicines" / "examplinib" / "dosing.yml"
    path.write_text(path.read_text().replace("once a day", "once a day, a breakthrough"))
    said = []

    def made(built):
        raise KeyError("a file that what breaks the rule keeps from being made")

    for large, artefacts in ((1000, lambda built: {}), (0, lambda built: {"x": b"1"}), (0, made)):
        monkeypatch.setattr("guide.build.LARGE", large)
        with pytest.raises(ContentErrors) as raised:
            prepare(tiny, TODAY, artefacts=artefacts)
        said.append([str(problem) for problem in raised.value.problems])
    assert said[0] == said[1] == said[2] and "promotes" in str(said[0])
    built = prepare(tiny, TODAY, release=False, artefacts=lambda built: {"x": b"1"})
    assert (
        built.artefacts == {"x": b"1"} and [str(problem) for problem in built.problems] == said[0]
    )


def test_a_glossary_of_another_guide_is_one_problem(tiny):
    file = "content/glossary/theirs.yml"
    (tiny / file).parent.mkdir(exist_ok=True)
    (tiny / file).write_text(
        "# yaml-language-server: $schema=../schemas/glossary-file.json\nterms:\n"
        + "".join(
            f"  - id: word-{letter}\n    term: word {letter}\n    patient: A word that is easy."
            f"\n    clinician: A word.\n    statement: fact-{letter}\n"
            for letter in "abcde"
        ),
        encoding="utf-8",
    )
    assert answer(tiny) == [
        "[names-exist]",
        f"{file}:7: 5 words rest on facts that this guide does not have (fact-a, fact-b, fact-c,"
        " fact-d, …), as in a glossary of another guide: delete the 'statement' of each, or the"
        " word; they stand in lines 7, 12, 17, 22, 27",
    ]
