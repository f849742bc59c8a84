"""For each rule a broken example, and its whole message. A rule without one fails the last test."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from conftest import ROOT, TODAY
from guide.build import prepare
from guide.checks import registry, site, wordings
from guide.content.language_rules import language_rules
from guide.content.ledger import write_ledger
from guide.content.loading import load
from guide.content.schemas import write_schemas
from guide.outputs.policy import secured
from guide.view.versions import current, write_versions
from test_bad_content import ANSWERS, DOSING, TRIAL, answer, mend

TOPIC = "content/topics/examplinib-ed/topic.yml"
FAQ = "content/topics/examplinib-ed/faq.yml"
GRID = "content/conditions/example-disease/comparison.yml"
MEDICINE = "content/medicines/examplinib/medicine.yml"
SOURCES = "content/sources.yml"
DOSES = "content/medicines/examplinib/doses.yml"
EVIDENCE = "content/topics/examplinib-ed/evidence.yml"
# The lines of the answers that rest on the fact whose certainty is changed.
CERTAIN_ANSWERS = [
    (3, "patient"),
    (4, "clinician"),
    (15, "patient"),
    (16, "clinician"),
    (55, "patient"),
    (56, "clinician"),
]

DISEASE_ANSWERS = "content/conditions/example-disease/answers.yml"

# The made-up guide's cell about its own medicine.
CELL = (
    "      - option: examplinib\n        statements: [examplinib-no-trial]\n"
    "        patient: Nobody knows whether it helps.\n        clinician: Untested.\n"
)
# The clinician pages that state the made-up guide's one fact about benefit.
STATING = (
    "example-disease/clinicians/options/",
    "examplinib-ed/clinicians/",
    "examplinib-ed/clinicians/handout/",
    "examplinib-ed/clinicians/questions/does-it-work/",
    "examplinib-ed/clinicians/trials/",
)

TRIAL_PROOF = "48 of 93 (51.6%) and 24 of 94 (26%) at week 14"

# Names with digits that the finished pages below may hold.
NAMES = re.compile(r"EX-7|vitamin B12")

# The codes of the made-up guide's sheets as it stands.
CODES = {
    track: current(load(ROOT / "tests" / "tiny"), "examplinib-ed", track).code
    for track in ("patients", "clinicians")
}

# (rule, file, what stands there, the mistake, the lines below the rule's name)
BROKEN = [
    (
        "trials-of-medicines-name-their-phase",
        "content/trials/other-trial.yml",
        'phase: "3"\n',
        "",
        [
            "content/trials/other-trial.yml:1: 'phase' is missing: the one that 'other-trial' is"
            ' registered with, quoted, such as "3"; "not stated" where no registry names one'
        ],
    ),
    (
        "dose-tables-hold",
        DOSES,
        "amount: examplinib-dose-us.dose",
        "amount: {value: 4, unit: mg}",
        [
            f"{DOSES}:4: rows[0].amount: 4 mg is in the proof of no fact of the row: name the fact"
            " that says it under 'facts', or call its value as 'fact-id.value'"
        ],
    ),
    (
        "names-exist",
        DOSES,
        "amount: examplinib-dose-us.dose",
        "amount: examplinib-dose-us.doze",
        [f"{DOSES}:4: amount: 'examplinib-dose-us' has no amount 'doze'; it has dose"],
    ),
    (
        "names-exist",
        DOSES,
        "amount: examplinib-dose-us.dose",
        "amount: examplinib-dose.dose",
        [
            f"{DOSES}:4: amount: 'examplinib-dose' is not in 'facts' (nearest:"
            " 'examplinib-dose-us'): an amount belongs to a fact of the row"
        ],
    ),
    (
        "dose-tables-hold",
        DOSES,
        "    often: once a day",
        "    often: once a day\n    weight: {at_least: {value: 30, unit: stone}}",
        [
            f"{DOSES}:6: rows[0].weight.at_least: the unit 'stone' is not in content/units.yml:"
            " write one that is, or add it there"
        ],
    ),
    (
        "no-dose-for-an-unapproved-use",
        DOSES,
        "population: OD",
        "population: ED",
        [
            f"{DOSES}:2: rows[0] (adult): a dose of examplinib for example-disease, which has no"
            " approval: say in 'clinician_only' why patients are not shown it"
        ],
    ),
    (
        # People who belong to no disease of the guide, and for whom no licence is.
        "no-dose-for-an-unapproved-use",
        MEDICINE,
        "licensed_for: [OD]",
        "licensed_for: []",
        [
            f"{DOSES}:2: rows[0] (adult): a dose of examplinib for OD, which has no"
            " approval: say in 'clinician_only' why patients are not shown it",
            f"{DOSING}:8: patient: {{dose}} is a dose of examplinib for OD, which has no approval:"
            " leave the dose out of the patient wording",
        ],
    ),
    (
        "approvals-are-complete",
        "content/site.yml",
        "    place: the European Union",
        "    place: the European Union\n    decides: offer",
        [
            f"{path}: agency: EMA decides 'offer' (content/site.yml), and nobody decides that about"
            " what is of kind 'medicine': take the cell out, or change 'decides' or 'kind'"
            for path in (f"{MEDICINE}:20", "content/medicines/otherinib/medicine.yml:18")
        ],
    ),
    (
        "names-exist",
        FAQ,
        "statements: [examplinib-no-trial]",
        "statements: [examplinib-no-trail]",
        [
            f"{FAQ}:7: there is no statement, approval or result 'examplinib-no-trail' (nearest:"
            " 'examplinib-no-trial')"
        ],
    ),
    (
        "names-exist",
        DOSING,
        "is {dose} once a day",
        "is {doze} once a day",
        [f"{DOSING}:8: patient: {{doze}} is not in 'values' (nearest: 'dose')"],
    ),
    (
        "names-exist",
        FAQ,
        "It has not been tested.",
        "It has {other-trial-response.mean}.",
        [
            f"{FAQ}:5: patient: {{other-trial-response.mean}}: 'other-trial-response' has no value"
            " 'mean'; it has medicine_percent, medicine_n, medicine_responders, placebo_percent,"
            " placebo_n, placebo_responders, comparator_percent, comparator_n,"
            " comparator_responders, week, difference"
        ],
    ),
    (
        "names-exist",
        DOSING,
        "population: OD",
        "population: ODD",
        [f"{DOSING}:5: there is no population in content/site.yml 'ODD' (nearest: 'OD')"],
    ),
    (
        "numbers-are-values",
        DOSING,
        "other disease, {dose} once daily",
        "other disease, 4 mg once daily",
        [
            f"{DOSING}:9: clinician: '4' is typed in the wording: put it into 'values' and call it"
            " as {name}; a name that holds digits is a term of the glossary"
        ],
    ),
    (
        "numbers-are-values",
        "content/site.yml",
        "  funding: ",
        "  funding: Since 1998, ",
        [
            "content/site.yml:5: publisher.funding: '1998' is typed in the wording: no source"
            " stands with it, say it in words"
        ],
    ),
    (
        "numbers-are-values",
        DOSING,
        "{value: 2, unit: mg}",
        "{value: 2, unit: mg}\n      most: {value: 4, unit: mg}",
        [
            f"{DOSING}:8: values.most is never called: call it as {{most}} in a wording, or"
            " delete it"
        ],
    ),
    (
        "plain-numbers-for-patients",
        EVIDENCE,
        "Nobody has tested examplinib",
        "Harm is rare and half as likely; the hazard ratio is low.",
        [
            (
                f"{EVIDENCE}:6: patient: 'hazard ratio' on a patient page: a relative measure"
                " misleads alone: give both groups' numbers out of 100"
            ),
            (
                f"{EVIDENCE}:6: patient: 'rare' on a patient page: a band word is read as anything"
                " from 3 to 54 in 100: give the number out of 100 or 1,000"
            ),
        ],
    ),
    (
        "counts-agree",
        TRIAL,
        "percent: 51.6",
        "percent: 52.6",
        [
            (
                f"{TRIAL}:19: arms[0]: 48 of 93 is 51.6%, but 'percent' says 52.6: read the source"
                " again and keep what it prints"
            ),
            "",
            "[proof-holds-the-number]",
            (
                f"{TRIAL}:19: arms.0.percent: 52.6 is not in the proof '{TRIAL_PROOF}': read the"
                " source again, then change the number, or 'proof' to the source's own words"
            ),
        ],
    ),
    (
        "counts-agree",
        TRIAL,
        "n: 94\n        responders: 24\n        percent: 26\n",
        "n: 194\n        responders: 50\n        percent: 26\n        responders_derived: true\n",
        [
            f"{TRIAL}:22: arms[1]: 2 counts print as 26% of 194 (50, 51): leave 'responders' out",
            "",
            "[proof-holds-the-number]",
            (
                f"{TRIAL}:21: arms.1.n: 194 is not in the proof '{TRIAL_PROOF}': read the source"
                " again, then change the number, or 'proof' to the source's own words"
            ),
        ],
    ),
    (
        "effects-agree",
        TRIAL,
        "    certainty: high\n",
        "    effect: {measure: risk ratio, value: 26, low: 24, high: 48}\n"
        "    non_inferiority: {measure: risk ratio, margin: 93, met: no}\n    certainty: high\n",
        [
            (
                f"{TRIAL}:25: non_inferiority: the interval ends at 48 and the limit is 93, but"
                " 'met' says no: read the source again"
            )
        ],
    ),
    (
        "ratios-are-for-clinicians",
        TRIAL,
        "    certainty: high\n",
        "    effect: {measure: risk ratio, value: 26}\n"
        "    who: of {other-trial-response.effect}\n    certainty: high\n",
        [
            (
                f"{TRIAL}:25: who: {{other-trial-response.effect}} is a relative measure, which"
                " misleads alone: call both groups' numbers, such as"
                " {other-trial-response.medicine_percent} and"
                " {other-trial-response.comparator_percent}"
            )
        ],
    ),
    (
        "approvals-are-complete",
        MEDICINE,
        "agency: EMA",
        "agency: FDA",
        [
            (
                f"{MEDICINE}:1: approvals: no cell for EMA and example-disease: look it up, or"
                " write status 'not known' with the reason"
            ),
            (
                f"{MEDICINE}:19: approvals[1]: FDA has a second cell for example-disease (the first"
                " is 'examplinib-ed-fda'): keep one"
            ),
        ],
    ),
    (
        "approved-means-approved",
        EVIDENCE,
        "Nobody has tested examplinib",
        "Examplinib is approved for example disease.",
        [
            f"{EVIDENCE}:6: patient: this says that examplinib is approved for example-disease, but"
            " its matrix row in content/medicines/examplinib/medicine.yml has no approval: mend"
            " the wording or the cell"
        ],
    ),
    (
        "approved-means-approved",
        TOPIC,
        "summary: Examplinib is not approved for example disease.",
        "summary: Examplinib is approved for example disease.",
        [
            f"{TOPIC}:5: summary: this says that examplinib is approved for example-disease, but"
            " its matrix row in content/medicines/examplinib/medicine.yml has no approval: mend"
            " the wording or the cell"
        ],
    ),
    (
        "approved-means-approved",
        DOSING,
        "In the United States the dose",
        (
            "If you are well, examplinib is approved for example disease. In the United States the"
            " dose"
        ),
        [
            f"{DOSING}:8: patient: this says that examplinib is approved for example-disease, but"
            " its matrix row in content/medicines/examplinib/medicine.yml has no approval: mend"
            " the wording or the cell"
        ],
    ),
    (
        "no-dose-for-an-unapproved-use",
        DOSING,
        "population: OD",
        "population: ED",
        [
            (
                f"{DOSING}:8: patient: {{dose}} is a dose of examplinib for example-disease, which"
                " has no approval: leave the dose out of the patient wording"
            ),
            "",
            "[wording-names-its-country-and-disease]",
            (
                f"{DOSING}:8: patient: the wording names OD, but 'population' is ED: one of the two"
                " is wrong"
            ),
            (
                f"{DOSING}:9: clinician: the wording names OD, but 'population' is ED: one of the"
                " two is wrong"
            ),
        ],
    ),
    (
        "dates-hold",
        TOPIC,
        "next_review: 2026-12-01",
        "next_review: 2028-12-01",
        [
            f"{TOPIC}:11: review.next_review: 2028-12-01 must be after 2026-01-01 and at most"
            " twelve months later"
        ],
    ),
    (
        "dates-hold",
        MEDICINE,
        "checked: 2026-01-01",
        "checked: 2036-01-01",
        [f"{MEDICINE}:16: checked: 2036-01-01 is in the future: write the day it was looked up"],
    ),
    (
        "comparison-is-complete",
        GRID,
        CELL,
        "",
        [
            f"{GRID}:7: rows[0] (benefit): no cell for 'examplinib': give one, with a 'gap' if"
            " need be"
        ],
    ),
    (
        "counterparts-agree",
        "docs/topic/patients/dosing.md",
        "{ #kidney }",
        "{ #kidneys }",
        [
            (
                "docs/topic/clinicians/dosing.md:1: the section 'Renal and hepatic impairment' {"
                " #kidney } has no counterpart in docs/topic/patients/dosing.md: add it there"
            ),
            (
                "docs/topic/patients/dosing.md:1: the section 'What if my kidneys or liver are"
                " weak?' { #kidneys } has no counterpart in docs/topic/clinicians/dosing.md: add it"
                " there"
            ),
        ],
    ),
    (
        "every-fact-shows",
        "content/conditions/example-disease/definition.yml",
        "kind: definition",
        "kind: pregnancy\n    jurisdiction: US",
        [
            "content/conditions/example-disease/definition.yml:2: 'ed-definition' is on no"
            " clinician page: name the subject in 'bears_on', choose a 'kind' that a section shows,"
            " or put it into the comparison"
        ],
    ),
    (
        "every-fact-shows",
        "content/sources.yml",
        "  - id: made-up-paper",
        (
            "  - id: lonely\n    type: news\n    title: Cited by nothing\n    url:"
            " https://example.org/\n    accessed: 2026-01-01\n    primary: false\n  - id:"
            " made-up-paper"
        ),
        ["content/sources.yml:9: 'lonely' is cited by nothing: delete it, or cite it"],
    ),
    (
        "pages-hold-no-numbers",
        "docs/topic/patients/dosing.md",
        "Do not change a dose by yourself.",
        "Take your 4 mg by yourself.",
        ["docs/topic/patients/dosing.md:8: '4' is typed in prose; call the fact: {{ fact('…') }}"],
    ),
    (
        "known-is-not-unknown",
        TOPIC,
        "gaps:\n",
        (
            "gaps:\n  certainty: {kind: not covered yet, patient: Nobody can say this for every"
            " place., ask: Ask your own care team.}\n"
        ),
        [
            f"{TOPIC}:13: gaps.certainty: it is called not known, but 'examplinib-no-trial'"
            f" ({EVIDENCE}:2) says something of it: delete the entry, and say in a fact of that"
            " kind what in particular is not known"
        ],
    ),
    (
        "no-promotion",
        EVIDENCE,
        "No trial of examplinib in example disease was found.",
        "A promising medicine.",
        [f"{EVIDENCE}:7: clinician: 'promising' promotes: say what was measured instead"],
    ),
    (
        "no-promotion",
        "docs/topic/patients/dosing.md",
        'title: "Doses,',
        'title: "Examplix doses,',
        [
            "page examplinib-ed/patients/dosing/: the title 'Examplix doses, kidneys and other"
            " medicines' holds 'Examplix': use the medicine's own name, without praise"
        ],
    ),
    (
        "wrong-claims-stay-out",
        EVIDENCE,
        "No trial of examplinib in example disease was found.",
        "Examplinib works in example disease.",
        [
            f"page {page}: 'Examplinib works in example disease.' is the"
            " wrong claim 'claim-works' of the source article: it stands on its corrections page"
            " only"
            for page in STATING
        ],
    ),
    (
        "patients-can-read-it",
        FAQ,
        "Nobody knows whether it does.",
        "Never.",
        [
            f"{FAQ}:5: 'Never.': 1 word, at least 4 outside lists: write a whole sentence, such as"
            " 'Never, …'"
        ],
    ),
    (
        "certainty-has-its-verb",
        EVIDENCE,
        "certainty: very low",
        "certainty: moderate",
        [
            *(
                f"{ANSWERS}:{line}: {track}: rests on a fact of certainty moderate, and does not"
                " say 'likely results in': use the verb of its level"
                for line, track in CERTAIN_ANSWERS
            ),
            (
                f"{EVIDENCE}:6: patient: certainty is 'moderate', but the wording does not say"
                " 'likely results in': use the level's own verb in both tracks"
            ),
            (
                f"{EVIDENCE}:7: clinician: certainty is 'moderate', but the wording does not say"
                " 'likely results in': use the level's own verb in both tracks"
            ),
        ],
    ),
    (
        "bands-have-numbers",
        "content/medicines/examplinib/safety.yml",
        "clinician: Chest pain.",
        "clinician: Chest pain has a hazard ratio.",
        [
            "content/medicines/examplinib/safety.yml:7: clinician: 'hazard ratio' needs both arms'"
            " absolute numbers and its interval beside it, or leave it out"
        ],
    ),
    (
        "bands-have-numbers",
        "content/medicines/examplinib/safety.yml",
        "Sore toe is common (up to {often})",
        "Sore toe is uncommon (up to {often})",
        [
            "content/medicines/examplinib/safety.yml:17: clinician: 'uncommon' means up to 100 in"
            " 10,000, but 'up to 10 out of 100 people' stands behind it: one of the two is wrong"
        ],
    ),
    (
        "bands-have-numbers",
        "content/medicines/examplinib/safety.yml",
        "Sore toe is common (up to {often})",
        "Sore toe is common, in {often}",
        [
            "content/medicines/examplinib/safety.yml:17: clinician: 'common' without its number:"
            " put the range behind it, such as 'common (up to {n})' with n: 1 in 10"
        ],
    ),
    (
        "proof-holds-the-number",
        DOSING,
        "value: 2, unit: mg",
        "value: 4, unit: mg",
        [
            f"{DOSING}:7: values.dose: 4 mg is not in the proof '2 mg once daily': read the source"
            " again, then change the number, or 'proof' to the source's own words"
        ],
    ),
    (
        "proof-holds-the-number",
        DOSING,
        "value: 2, unit: mg",
        "value: 2, unit: mcg",
        [f"{DOSING}:7: values.dose: the unit 'mcg' is spelt 'µg' here: write that"],
    ),
    (
        "proof-holds-the-number",
        DOSING,
        "value: 2, unit: mg",
        "value: 2, unit: mgs",
        [
            f"{DOSING}:7: values.dose: the unit 'mgs' is not in content/units.yml (nearest: 'mg'):"
            " write one that is, or add it there"
        ],
    ),
    (
        "proof-holds-the-number",
        DOSING,
        "    proof: 2 mg once daily\n",
        "",
        [
            f"{DOSING}:7: values.dose: 2 mg: no proof stands with it: write the source's own words"
            " with number and unit into 'proof', or the notes of who read it into 'reading'"
        ],
    ),
    (
        "proof-holds-the-number",
        DOSING,
        "value: 2, unit: mg",
        "value: 2, unit: mg, printed: 2 grams",
        [
            f"{DOSING}:7: values.dose: '2 grams' (printed) is not in the proof: write it there in"
            " the source's own words"
        ],
    ),
    (
        "gaps-are-typed",
        TOPIC,
        "  renal: {kind: depends, on: your country,",
        "  renal: {kind: not covered yet,",
        [
            f"{TOPIC}:17: renal: 'not covered yet' about doses, risks, tests, pregnancy or"
            " interactions: answer it from a source, or write which other kind of gap it is and"
            " prove it"
        ],
    ),
    (
        "absence-is-proved",
        TOPIC,
        "  renal: {kind: depends, on: your country,",
        (
            "  renal: {kind: not in the sources, looked: [{source: made-up-label, sections: whole,"
            " terms: [renal, kidney]}],"
        ),
        [
            f"{TOPIC}:17: looked[0]: 'kidney' is said to be absent from 'made-up-label', whose kept"
            " words hold it: read the document again, and answer from it, or name the sections"
            " that lack it"
        ],
    ),
    (
        "absence-is-proved",
        DOSING,
        "clinician: US, other disease, {dose} once daily.",
        "clinician: US, other disease, {dose} once daily; the label does not say when.",
        [
            f"{DOSING}:9: clinician: 'label does not say when.…' says what a document does not say:"
            " add 'looked' (the document, what was read of it, the words looked for) to the fact"
            " or the gap, or leave it out"
        ],
    ),
    (
        "reading-is-not-knowing",
        FAQ,
        "No trial was found.",
        "The label was not read.",
        [
            f"{FAQ}:6: clinician: 'label was not read' tells what was read, not what is known: say"
            " what the source says, or write a 'gap' with its kind and its proof"
        ],
    ),
    (
        "safety-set-is-complete",
        "content/site.yml",
        "topics:\n",
        "safety_set: [{id: tuberculosis, name: tuberculosis test}]\ntopics:\n",
        [
            f"{TOPIC}:1: there is no row 'tuberculosis' (tuberculosis test) in"
            " content/medicines/examplinib/schedule.yml: every medicine has it, with its fact or"
            " its gap"
        ],
    ),
    (
        "signs-belong-to-the-medicine",
        "content/medicines/examplinib/safety.yml",
        "    population: all\n    patient: Chest pain",
        "    population: all\n    bears_on: [otherinib]\n    patient: Chest pain",
        [
            "content/medicines/examplinib/safety.yml:6: bears_on: signs of examplinib would stand"
            " on the pages of otherinib: take it out, each medicine has its own"
        ],
    ),
    (
        "facts-name-their-own-medicine",
        DOSING,
        "clinician: US, other disease, {dose} once daily.",
        "clinician: US, other disease, {dose} once daily, unlike otherinib.",
        [
            f"{DOSING}:9: clinician: it names otherinib, and is about examplinib: say it of its own"
            " medicine only, or list them in 'compares' if comparing them is the fact"
        ],
    ),
    (
        "proof-holds-the-number",
        DOSING,
        "dose: {value: 2, unit: mg}",
        "dose: {low: 3, high: 10, unit: mg}",
        [
            f"{DOSING}:7: values.dose: 3 mg, 10 mg are not in the proof '2 mg once daily': read the"
            " source again, then change the number, or 'proof' to the source's own words"
        ],
    ),
    (
        "wording-names-its-country-and-disease",
        DOSING,
        "jurisdiction: US",
        "jurisdiction: EU",
        [
            (
                f"{DOSING}:8: patient: the wording names US, but 'jurisdiction' is EU: one of the"
                " two is wrong"
            ),
        ],
    ),
    (
        "trials-test-their-medicine",
        TRIAL,
        "        medicine: otherinib\n        dose",
        "        medicine: examplinib\n        dose",
        [
            f"{TRIAL}:8: results[0].arms[0]: the first arm's medicine is 'examplinib', but the"
            " trial is filed under 'otherinib': a trial is evidence for the medicine it tested"
        ],
    ),
    (
        "changes-are-logged",
        "content/medicines/otherinib/medicine.yml",
        "line: after another medicine",
        "line: after two other medicines",
        [
            "content/medicines/otherinib/medicine.yml:12: otherinib-ed-fda: line was 'after another"
            " medicine' when last published and is 'after two other medicines': put it back, or log"
            " it in content/changes.yml (./scripts/draft-changes begins the entry)"
        ],
    ),
    (
        "prints-can-be-checked",
        "content/versions.json",
        '"about": "example-disease"',
        '"about": "other-disease"',
        [
            f"content/versions.json: examplinib-ed/{track}: the values of version '{CODES[track]}'"
            " are not the ones that were published: the publication writes this file, take it back"
            " as it was (git checkout content/versions.json)"
            for track in ("patients",)
        ],
    ),
    (
        "prints-can-be-checked",
        "content/versions.json",
        '"after": null',
        '"after": "bcdfghj"',
        [
            f"content/versions.json: examplinib-ed/clinicians: version '{CODES['clinicians']}'"
            " followed 'bcdfghj', but 'none' stands before it: a version was taken out or added by"
            " hand; the publication writes this file, take it back as it was (git checkout"
            " content/versions.json)"
        ],
    ),
    (
        "names-exist",
        "content/handout.yml",
        "",
        "patients:\n  ask:\n    - What is {medicin}?\n  about: [examplinib-dose-uk]\n",
        [
            "content/handout.yml:3: 0: {medicin} is not in 'values' (nearest: 'medicine')",
            (
                "content/handout.yml:4: there is no takeaway of the topic, statement, result or"
                " word of the glossary 'examplinib-dose-uk' (nearest: 'examplinib-dose-us')"
            ),
        ],
    ),
    (
        "files-name-their-schema",
        DOSING,
        "schemas/statement-file.json",
        "schemas/statements.json",
        [
            f"{DOSING}:1: the first line names the wrong schema: write '# yaml-language-server:"
            " $schema=../../schemas/statement-file.json', or run ./scripts/schemas"
        ],
    ),
    (
        "facts-stand-once",
        DOSING,
        "    confidence: verified\n",
        (
            "    confidence: verified\n  - id: copy-of-the-dose\n    kind: dosing\n   "
            " jurisdiction: US\n    population: OD\n    values:\n      much: {value: 2, unit: mg}\n"
            "    patient: In the United States the dose for other disease is {much} once a day.\n  "
            "  clinician: US, other disease, take {much}.\n    sources: [made-up-label]\n   "
            " locator: section 2\n    proof: 2 mg once daily\n    confidence: verified\n"
        ),
        [
            (
                f"{DOSING}:14: 'copy-of-the-dose' has the source, locator and values of"
                f" 'examplinib-dose-us' ({DOSING}:2): keep one of the two facts, and name it where"
                " the other is needed"
            ),
            (
                f"{DOSING}:20: patient: the same words stand in 'examplinib-dose-us' ({DOSING}:2):"
                " keep one of the two facts, and name it where the other is needed"
            ),
        ],
    ),
    (
        "facts-stand-once",
        FAQ,
        "clinician: No trial was found.",
        (
            "clinician: It is very uncertain whether examplinib helps. No trial of examplinib in"
            " example disease was found."
        ),
        [
            f"{FAQ}:6: clinician: these are the words of 'examplinib-no-trial' ({EVIDENCE}:2): name"
            " the fact in 'statements' and answer in other words"
        ],
    ),
    (
        "facts-stand-once",
        FAQ,
        "clinician: No trial was found.\n    statements: [examplinib-no-trial]",
        (
            "clinician: No trial was found; other disease takes {dose}.\n    values:\n      dose:"
            " {value: 2, unit: mg}\n    statements: [examplinib-no-trial, examplinib-dose-us]"
        ),
        [
            f"{FAQ}:8: values.dose: '2\u00a0mg' stands in the fact already: call it as"
            " {examplinib-dose-us.dose}"
        ],
    ),
    (
        "sources-stand-once",
        SOURCES,
        "    url: https://example.org/label\n",
        "    doi: 10.1000/Made-UP\n",
        [
            f"{SOURCES}:17: doi: 'made-up-label' ({SOURCES}:2) has the same: keep one of the two"
            " sources and name it everywhere, correct the one that is wrong, or say in 'exceptions'"
            " of content/vocabulary.yml why both stand"
        ],
    ),
    (
        "no-review-is-overdue",
        TOPIC,
        "next_review: 2026-12-01",
        "next_review: 2026-05-01",
        [
            f"{TOPIC}:11: review.next_review: 2026-05-01 is past: search the evidence again, then"
            " set 'evidence_searched_to' and 'next_review'"
        ],
    ),
    (
        "answers-are-short",
        ANSWERS,
        "clinician: Very uncertain; no trial was found.",
        "clinician: " + "Very uncertain here. " * 14,
        [
            f"{ANSWERS}:16: clinician: 42 words, at most 40: say the answer, and leave the rest to"
            " the facts under it"
        ],
    ),
    (
        "answers-are-short",
        GRID,
        "clinician: Untested.",
        "clinician: " + "Untested here. " * 11,
        [
            f"{GRID}:18: clinician: 22 words, at most 20: say the answer, and leave the rest to the"
            " facts under it"
        ],
    ),
    (
        "answers-are-short",
        GRID,
        "        patient: Nobody knows whether it helps.\n",
        "",
        [
            f"{GRID}:15: the cell 'examplinib' has no 'patient': write the answer in at most 20"
            " words"
        ],
    ),
    (
        "answers-are-short",
        "content/topics/examplinib-ed/card.yml",
        "",
        "rows:\n  - id: dose\n    clinician: Dose\n    cells:\n      - regions: [US]\n"
        "        clinician: " + "Take it. " * 11 + "\n        facts: [examplinib-dose-us]\n",
        [
            "content/topics/examplinib-ed/card.yml:6: clinician: 22 words, at most 20: say the"
            " answer, and leave the rest to the facts under it"
        ],
    ),
    (
        "answers-follow-their-facts",
        "content/changes.yml",
        "    reason: The tests need one.",
        "    reason: The tests need one.\n  - date: 2026-02-01\n    kind: clinical\n"
        "    record: examplinib-reactions\n    field: values.often\n    old: one\n"
        "    new: ten\n    what: The wrong toe.\n    reason: A mistake.",
        [
            f"{ANSWERS}:{line}: the answer to '{place}' was checked on 2026-01-02, and"
            " 'examplinib-reactions', which it rests on, changed on 2026-02-01: read it again"
            " beside its facts, then write that day in 'checked'"
            for line, place in ((24, "index#risks"), (52, "safety#adverse-reactions"))
        ],
    ),
    (
        "answers-follow-their-facts",
        ANSWERS,
        "facts: [examplinib-reactions]",
        "facts: [examplinib-dose-us]",
        [
            f"{ANSWERS}:{line}: {reader}: calls a value of 'examplinib-reactions', which is not in"
            " 'facts': add it there"
            for line, reader in ((21, "patient"), (22, "clinician"))
        ],
    ),
    (
        "answers-follow-their-facts",
        "content/conditions/example-disease/comparison.yml",
        "        patient: Nobody knows whether it helps.\n",
        "        patient: A sore toe in up to {examplinib-reactions.often} of people.\n",
        [
            "content/conditions/example-disease/comparison.yml:17: patient: calls a value of"
            " 'examplinib-reactions', which is not in 'statements' or 'results': add it there"
        ],
    ),
    (
        "shares-name-their-whole",
        FAQ,
        "    clinician: No trial was found.",
        "    clinician: No trial was found; elsewhere {other-trial-response.medicine_percent} did.",
        [
            f"{FAQ}:6: clinician: {{other-trial-response.medicine_percent}} is a bare number out of"
            " 100: write '%' behind it, or say before it out of how many"
        ],
    ),
    (
        "every-section-is-answered",
        ANSWERS,
        "  - page: dosing\n",
        "  - page: mechanism\n",
        [
            # Clinicians are shown the table of doses, which is an answer.
            f"{ANSWERS}: page examplinib-ed/patients/dosing/: the page shows evidence and no"
            " answer: write the page's own answer (page: dosing, without 'section') with"
            " 'patient', at most 40 words"
        ],
    ),
    (
        "every-section-is-answered",
        ANSWERS,
        "    section: adverse-reactions\n",
        "    section: adverse-reaction\n",
        [
            f"{ANSWERS}: page examplinib-ed/{track}/safety/: the section 'adverse-reactions' shows"
            " evidence and no answer: write one (page: safety, section: adverse-reactions) with"
            f" '{reader}', at most 40 words"
            for track, reader in (("clinicians", "clinician"), ("patients", "patient"))
        ]
        + [
            f"{ANSWERS}:48: page examplinib-ed/{track}/safety/ shows no answer of the section"
            " 'adverse-reaction' (nearest: 'adverse-reactions'): nobody reads it"
            for track in ("clinicians", "patients")
        ],
    ),
    # One reader has an answer, the other has none; a page with several sections names the section.
    (
        "every-section-is-answered",
        ANSWERS,
        "    clinician: Sore toe in up to {examplinib-reactions.often}, in other diseases.\n",
        "",
        [
            f"{ANSWERS}: page examplinib-ed/clinicians/safety/: the section 'adverse-reactions'"
            " shows evidence and no answer: write one (page: safety, section: adverse-reactions)"
            " with 'clinician', at most 40 words"
        ],
    ),
    # The table of approvals stands in the evidence, which opens closed: it is no answer.
    (
        "every-section-is-answered",
        DISEASE_ANSWERS,
        "  - page: approvals\n",
        "  - page: section\n",
        [
            f"{DISEASE_ANSWERS}: page example-disease/{track}/approvals/: the page shows evidence"
            " and no answer: write the page's own answer (page: approvals, without 'section') with"
            f" '{reader}', at most 40 words"
            for track, reader in (("clinicians", "clinician"), ("patients", "patient"))
        ],
    ),
]


def page_of(project, path: str) -> str:
    return next(page for page in prepare(project, TODAY).pages if page.path == path).markdown


def under(markdown: str, anchor: str) -> str:
    return re.sub(r">\s+<", "><", markdown.partition(f"{{ #{anchor} }}")[2].partition("\n## ")[0])


@pytest.mark.parametrize("track", ["patients", "clinicians"])
def test_what_the_matrix_says_is_not_called_unknown_below_it(tiny, track):
    """A topic without facts about approval has its cells all the same; other kinds without facts
    are not known.
    """
    page = page_of(tiny, f"examplinib-ed/{track}/approval.md")
    assert "is not approved for example disease" in page
    below = under(page, "approved").partition("</figure>")[2]
    assert "The answer stands at the top of this page." in below and "gap" not in below
    # "All agencies" are those of all medicines: the page of the condition.
    everyone = f'<a href="../../../example-disease/{track}/approvals/">'
    assert page.count(everyone) == 2 and 'href="./"' not in page
    for other in ("trials", "dosing"):
        assert "stands at the top of this page" not in page_of(
            tiny, f"examplinib-ed/{track}/{other}.md"
        )


def dates_of(project) -> str:
    """The dates and changes at the foot of a page, which open closed."""
    page = page_of(project, "examplinib-ed/patients/dosing.md")
    dates = re.search(
        r'<details class="page-end"[^>]*><summary><h2 id="dates">.*?</details>', page, re.S
    )
    return re.sub(r">\s+<", "><", dates[0])


def test_a_page_tells_no_change_from_before_it_was_published(tiny):
    mend(tiny, "content/changes.yml", "what: First version.", "what: Before there was a topic.")
    first = dates_of(tiny)
    assert (
        "Before there was a topic." in first
        and "<dt>Last change of this page</dt><dd>2 January 2026</dd>" in first
    )
    mend(tiny, TOPIC, "published: 2026-01-02", "published: 2026-01-09")
    later = dates_of(tiny)
    assert (
        "Before there was a topic." not in later
        and "<dt>Last change of this page</dt><dd>9 January 2026</dd>" in later
    )


@pytest.mark.parametrize(
    "rule, file, old, new, expected",
    BROKEN,
    ids=[f"{case[0]}-{place}" for place, case in enumerate(BROKEN)],
)
def test_a_broken_rule_says_where_what_and_how(tiny, rule, file, old, new, expected):
    write_ledger(tiny, load(tiny)) if rule == "changes-are-logged" else None
    write_versions(tiny, load(tiny)) if rule == "prints-can-be-checked" else None
    write_schemas(tiny) if rule == "files-name-their-schema" else None
    mend(tiny, file, old, new)
    assert answer(tiny) == [f"[{rule}]", *expected]


@pytest.mark.parametrize(
    "words",
    [
        "Whether examplinib is approved for example disease is not known to us.",
        "Is examplinib approved for example disease?",
    ],
)
def test_a_question_about_approval_claims_none(tiny, words):
    mend(
        tiny, TOPIC, "summary: Examplinib is not approved for example disease.", f"summary: {words}"
    )
    prepare(tiny, TODAY)


@pytest.mark.parametrize(
    "sentence, claims",
    [
        (
            "Examplinib is approved for other disease, and is still tested.",
            False,
        ),  # no word that ends like an abbreviation is one
        ("Examplinib is approved for other disease, as ed. 2 says.", False),
        ("Examplinib is approved for adults with ED in Europe.", True),
        ("Preexamplinib is approved for ED.", False),
    ],
)
def test_an_abbreviation_is_a_word_of_its_own(tiny, sentence, claims):
    from guide.checks.rules import approved_means_approved

    assert bool(list(approved_means_approved._claims(load(tiny), [sentence]))) is claims


@pytest.mark.parametrize(
    "said", ["10%", "10 %", "10 percent", "1 in 10", "10 out of 100 people", "1,000 in 10,000"]
)
def test_a_share_is_compared_as_a_number(said):
    from guide.checks.rules.bands_have_numbers import share

    assert share(said) == Fraction(language_rules().bands.bands[1].limit, 10_000)


def test_every_rule_has_a_reason_and_a_broken_example():
    named = {rule.name for rule in registry.all_rules()}
    assert {case[0] for case in BROKEN} == named
    for rule in registry.all_rules():
        assert len(rule.reason) > 40, rule.name
        assert rule.check or rule.check_page, rule.name


PAGE = '<html><head><meta charset="utf-8"></head><body><article>{}</article></body></html>'
FINISHED = [
    (
        "numbers-are-bound",
        "<p>Take 4 mg.</p>",
        (
            "'4' stands in no element that names its record: print it through a component, or add"
            " it to ALLOWED with the reason"
        ),
    ),
    (
        "no-leftovers",
        "<p>{{ statement('x') }}</p>",
        "'{{ statement('x') }}' is left in the page: a template was not filled",
    ),
    ("no-leftovers", "<p>dose: None</p>", "'None' is left in the page: a template was not filled"),
    (
        "no-leftovers",
        "<p>&lt;built-in method items of dict&gt;</p>",
        "'<built-in method items of dict>' is left in the page: a template was not filled",
    ),
    (
        "ids-are-unique",
        '<p id="a">x</p><p id="a">y</p>',
        "the id 'a' stands twice: a link to it is ambiguous",
    ),
    (
        "frame-is-whole",
        '<div class="track-bar track-bar--topic"></div><div class="verdict"></div>',
        (
            "a page without '.review' does not say who reviewed it: no template or page may take"
            " it away"
        ),
    ),
    (
        "frame-is-whole",
        '<div class="track-bar track-bar--topic"></div><div class="review"></div>',
        (
            "a page without '.verdict' does not say whether the medicine is approved: no template"
            " or page may take it away"
        ),
    ),
    (
        "frame-is-whole",
        '<div class="track-bar"></div>',
        (
            "a page without '.review' does not say who reviewed it: no template or page may take"
            " it away"
        ),
    ),
    (
        "no-other-host",
        '<img src="https://elsewhere.example/x.png" alt="">',
        (
            "<img> loads https://elsewhere.example/x.png: a reader's browser would tell another"
            " host; ship the file with the site"
        ),
    ),
    ("links-lead-somewhere", '<a href="gone/">x</a>', "the link 'gone/' leads to no page"),
    (
        "links-lead-somewhere",
        '<a href="#gone">x</a>',
        "the link '#gone' leads to no such place on its page",
    ),
    (
        "policy-in-every-page",
        "<p>x</p>",
        (
            "the page has no Content-Security-Policy of its own or no referrer policy:"
            " `finish.secured` writes both, and needs '<meta charset>' in the head"
        ),
    ),
    (
        "links-lead-somewhere",
        '<a href="javascript:alert()">x</a>',
        "the link 'javascript:alert()' is neither a page of the site nor a web address",
    ),
]


def test_every_check_of_the_finished_pages_has_a_reason_and_an_example():
    # Old addresses are looked at before the pages are finished; tests/test_links.py has the
    # examples.
    assert {case[0] for case in FINISHED} | {"links-last"} == set(site.CHECKS)


@pytest.mark.parametrize(
    "rule, html, message",
    FINISHED,
    ids=[f"{case[0]}-{place}" for place, case in enumerate(FINISHED)],
)
def test_a_fault_of_the_finished_page_is_named(tmp_path, rule, html, message):
    page = PAGE.format(html)
    (tmp_path / "index.html").write_text(page if rule == "policy-in-every-page" else secured(page))
    assert [
        (problem.path, problem.rule, problem.message)
        for problem in site.check_site(tmp_path, NAMES)
    ] == [("site/index.html", rule, message)]


def test_a_sound_page_has_no_fault(tmp_path):
    (tmp_path / "index.html").write_text(
        secured(
            PAGE.format(
                '<p id="a">EX-7, vitamin B12 and 23 November 2026.</p><p data-record="x">4 mg</p><a'
                ' href="#a">up</a><a href="https://doi.org/10.1/x">DOI</a>'
            )
        )
    )
    assert site.check_site(tmp_path, NAMES) == []


def test_the_quick_no_of_a_rule_lets_through_all_that_its_patterns_match():
    """Each alternative of a pattern, written out: a pattern without a sign would never be asked."""
    words = language_rules()
    hype = [
        "New hope",
        "breakthrough",
        "game-changing",
        "game changer",
        "arsenal",
        "revolutionary",
        "miracle",
        "wonder drug",
        "cutting-edge",
        "cutting edge",
        "serious contender",
        "prime candidate",
        "exciting",
        "toolbox",
        "promising",
        "well-tolerated",
        "well tolerated",
        "gold standard",
        "life-changing",
        "life changing",
    ]
    assert all(
        words.promotion.pattern.search(word) and words.promotion.may_find(word) for word in hype
    )
    assert {word.lower().replace(" ", "-")[:5] for word in hype} == {
        alternative.replace(" ", "-")[:5]
        for alternative in (
            words.promotion.pattern.pattern.removeprefix(r"(?i)\b(")
            .split(")\\b")[0]
            .replace("[- ]", "-")
            .split("|")
        )
    }
    numbers = [
        ["very common", "commonly", "uncommon", "rare", "rarely"],
        ["hazard ratio", "Odds ratio", "relative risk", "risk ratio", "rate ratio"],
        ["twice", "three times", "doubled", "triples", "times as likely"],
        ["1 in {n}", "One in ten"],
        ["NNT", "number needed to treat"],
        ["patient-years", "patient years"],
    ]
    for barred, samples in zip(words.plain_numbers.barred, numbers, strict=True):
        assert all(
            barred.pattern.search(sample) and words.plain_numbers.may_find(sample)
            for sample in samples
        ), barred
    assert all(
        words.decisions.mentions.search(f"Now {word} in Europe for it")
        and words.decisions.may_find(f"Now {word} in Europe for it")
        for forms in words.decisions.words.values()
        for word in (*forms, *map(str.capitalize, forms))
    )


def test_the_quick_ways_of_rules_find_what_looking_at_everything_finds():
    """Diseases and medicines are found by how their words begin; over all words of the real guide,
    nothing is missed.
    """
    from guide.checks.rules import approved_means_approved, wording_names_its_country_and_disease

    library, diseases, medicines = load(ROOT), 0, 0
    words = wording_names_its_country_and_disease._Diseases(library)
    pairs, begin = (
        approved_means_approved._unapproved(library),
        approved_means_approved._by_first_word(library),
    )
    for _, _, _, text, _ in wordings.wordings(library):
        named = {code for code, one in words._words.items() if one.search(text)}
        assert words.named(text) == named, text
        diseases += len(named)
        small = text.lower()
        told = {number for word in re.findall(r"\w+", small) for number in begin.get(word, ())}
        of = {
            number
            for number, pair in enumerate(pairs)
            if re.search(rf"(?<!\w)(?:{pair[2][0]})\W", text, re.I)
        }
        assert of <= told, text
        medicines += len(of)
    assert diseases > 500 and medicines > 100
