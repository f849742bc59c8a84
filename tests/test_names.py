"""Wherever one file names another's id, a wrong one is found, with its place and the nearest right
one.
"""

from __future__ import annotations

import pytest

from test_bad_content import answer, mend

GRID = "content/conditions/example-disease/comparison.yml"
SITE = "content/site.yml"
TOPIC = "content/topics/examplinib-ed/topic.yml"
STATEMENT = """statements:
  - id: made-up-rule
    kind: {kind}
    jurisdiction: US
    population: ED
    patient: A rule for tests in the United States.
    clinician: A rule for tests, US.
    sources: [made-up-paper]
    confidence: verified
"""

# (file, what stands there or "" for a new file, the mistake, the problems)
WRONG = [
    (
        "content/medicines/examplinib/medicine.yml",
        "statements: [example-signs]",
        "statements: [example-sings]",
        [
            "content/medicines/examplinib/medicine.yml:9: there is no statement 'example-sings'"
            " (nearest: 'example-signs')"
        ],
    ),
    (
        TOPIC,
        "  renal: {kind: depends, on: your country,",
        (
            "  renal: {kind: not in the sources, looked: [{source: made-up-lable, sections: whole,"
            " terms: [kidney]}],"
        ),
        [f"{TOPIC}:17: there is no source 'made-up-lable' (nearest: 'made-up-label')"],
    ),
    (
        "content/medicines/examplinib/dosing.yml",
        "    sources: [made-up-label]",
        "    compares: [otherinip]\n    sources: [made-up-label]",
        [
            "content/medicines/examplinib/dosing.yml:10: there is no medicine or class 'otherinip'"
            " (nearest: 'otherinib')"
        ],
    ),
    (
        SITE,
        "    jurisdiction: US\n",
        "    jurisdiction: UX\n",
        [f"{SITE}:13: there is no jurisdiction in content/site.yml 'UX' (there are: US, EU, any)"],
    ),
    (
        SITE,
        "  - examplinib-ed",
        "  - examplinib-de",
        [
            f"{SITE}:32: there is no topic 'examplinib-de' (nearest: 'examplinib-ed')",
            f"{TOPIC}:1: the topic 'examplinib-ed' is not in content/site.yml: add it to 'topics'",
        ],
    ),
    (
        GRID,
        "    name: Otherinib",
        "    name: Otherinib\n    example: otherinip",
        [f"{GRID}:4: there is no medicine 'otherinip' (nearest: 'otherinib')"],
    ),
    (
        GRID,
        "  - id: otherinib\n    name",
        "  - id: otherinip\n    name",
        [f"{GRID}:2: there is no medicine or class 'otherinip' (nearest: 'otherinib')"],
    ),
    (
        GRID,
        "results: [other-trial-response]",
        "results: [other-trial-respons]",
        [f"{GRID}:12: there is no result 'other-trial-respons' (nearest: 'other-trial-response')"],
    ),
    (
        "content/conditions/example-disease/condition.yml",
        "populations: [ED]",
        "populations: [EDD]",
        [
            "content/conditions/example-disease/condition.yml:4: there is no population in"
            " content/site.yml 'EDD' (nearest: 'ED')"
        ],
    ),
    (
        "content/medicines/examplinib/medicine.yml",
        "class: example-class",
        "class: exampel-class",
        [
            "content/medicines/examplinib/medicine.yml:3: there is no class in content/medicines/"
            " 'exampel-class' (nearest: 'example-class')"
        ],
    ),
    (
        "content/medicines/examplinib/medicine.yml",
        "agency: EMA",
        "agency: EMEA",
        [
            "content/medicines/examplinib/medicine.yml:20: there is no agency in content/site.yml"
            " 'EMEA' (nearest: 'EMA')"
        ],
    ),
    (
        "content/medicines/example-class/medicine.yml",
        "[examplinib, otherinib]",
        "[examplinib, otherinip]",
        [
            "content/medicines/example-class/medicine.yml:4: there is no medicine 'otherinip'"
            " (nearest: 'otherinib')"
        ],
    ),
    (
        "content/glossary.yml",
        "    also: [dummy pill]",
        "    also: [dummy pill]\n    statement: ed-definitoin",
        [
            "content/glossary.yml:7: there is no statement 'ed-definitoin' (nearest:"
            " 'ed-definition')"
        ],
    ),
    (
        TOPIC,
        "medicine: examplinib",
        "medicine: examplinip",
        [f"{TOPIC}:2: there is no medicine 'examplinip' (nearest: 'examplinib')"],
    ),
    (
        TOPIC,
        "condition: example-disease",
        "condition: exampel-disease",
        [f"{TOPIC}:3: there is no condition 'exampel-disease' (nearest: 'example-disease')"],
    ),
    (
        "content/topics/examplinib-ed/claims.yml",
        "[examplinib-no-trial]",
        "[examplinib-no-trail]",
        [
            "content/topics/examplinib-ed/claims.yml:11: there is no fact 'examplinib-no-trail'"
            " (nearest: 'examplinib-no-trial')"
        ],
    ),
    (
        "content/guidelines/made-up.yml",
        "",
        "id: made-up\nname: Made up\nbody: Nobody\nyear: 2020\njurisdiction: UX\n"
        + STATEMENT.format(kind="guideline"),
        [
            "content/guidelines/made-up.yml:5: there is no jurisdiction in content/site.yml 'UX'"
            " (there are: US, EU, any)"
        ],
    ),
    (
        "content/health-systems/made-up.yml",
        "",
        "id: made-up\nname: Made up\njurisdiction: US\nconditions: [exampel-disease]\n"
        + STATEMENT.format(kind="cost"),
        [
            "content/health-systems/made-up.yml:4: there is no condition 'exampel-disease'"
            " (nearest: 'example-disease')"
        ],
    ),
    (
        "content/medicines/examplinip/dosing.yml",
        "",
        STATEMENT.format(kind="dosing"),
        [
            "content/medicines/examplinip/dosing.yml: the folder 'examplinip' has no medicine.yml"
            " (nearest: 'examplinib'): write it, or move this file to the right folder"
        ],
    ),
    (
        "content/topics/nowhere/faq.yml",
        "",
        (
            "questions:\n  - id: q\n    section: S\n    question: Q?\n    patient: A.\n   "
            " clinician: B.\n    gap: {kind: not covered yet, patient: Nobody says., ask: Ask.}\n"
        ),
        [
            "content/topics/nowhere/faq.yml: the folder 'nowhere' has no topic.yml: write it, or"
            " move this file to the right folder"
        ],
    ),
]


@pytest.mark.parametrize(
    "file, old, new, expected",
    WRONG,
    ids=[f"{case[0].split('/')[1]}-{place}" for place, case in enumerate(WRONG)],
)
def test_a_wrong_name_is_found_where_it_stands(tiny, file, old, new, expected):
    (tiny / file).parent.mkdir(parents=True, exist_ok=True)
    mend(tiny, file, old, new)
    lines = answer(tiny)
    assert lines[lines.index("[names-exist]") + 1 :] == expected
