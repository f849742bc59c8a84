"""What stands in the files of a new topic: all that is known of it already.

The kind of intervention decides which files and fields there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from guide.base.language import gettext as _
from guide.base.text import sentence
from guide.content import models as m
from guide.content.answered_headings import HeadingsOf
from guide.content.layout import TO_DO
from guide.content.skeleton import NOTE

# The values of a file or record by field, as they stand in YAML. `TO_DO` asks for a field that
# could be left out.
Fields = dict[str, Any]


_GAP: Fields = {"kind": TO_DO, "patient": TO_DO, "ask": TO_DO}
_WORDS: Fields = {"patient": TO_DO, "clinician": TO_DO}


@dataclass(frozen=True)
class Asked:
    """What content/site.yml asks of a topic of one kind: who decides about it, by id, and the rows
    of its schedule, by id with their names. `country` is the code of the guide's only country, and
    `headings_of` says what stands over an answer.
    """

    agencies: list[str]
    safety_rows: dict[str, str]
    country: str = TO_DO
    headings_of: HeadingsOf = lambda folder, page, section: ""


@dataclass(frozen=True)
class Subject:
    """An intervention or condition as far as it is known; `kind` is an intervention's, and
    `population` the code of the people that studies of a condition are about.
    """

    id: str
    name: str
    abbreviation: str = ""
    kind: m.InterventionKind = "medicine"
    population: str = TO_DO

    @property
    def is_medicine(self) -> bool:
        """Whether it is taken as a dose, with brands, labels and a route."""
        return self.kind in m.MEDICINES


def topic_files(
    topic: str, medicine: Subject, condition: Subject, asked: Asked
) -> Iterator[tuple[str, Fields]]:
    """The files of a topic by their paths from `content/`, each with what is known already."""
    if medicine.is_medicine:
        yield from _medicine_files(topic, medicine, condition, asked)
    else:
        yield from _option_files(topic, medicine, condition, asked)
    yield from _condition_files(topic, medicine, condition, asked)
    yield from _topic_files(topic, medicine, condition, asked.agencies)
    yield from _answer_files(topic, medicine, asked)


def _fact(
    subject: Subject, kind: str, population: str = TO_DO, country: str = TO_DO, **fields: Any
) -> Fields:
    """A fact, whom it is about and, of a rule, whose it is, as far as that is known."""
    return {
        "id": f"{subject.id}-{kind}",
        "kind": kind,
        **({"jurisdiction": country} if kind in m.REGULATED else {}),
        "population": population,
        "patient": TO_DO,
        **fields,
    }


def _facts(subject: Subject, *kinds: str, population: str = TO_DO, country: str = TO_DO) -> Fields:
    return {"statements": [_fact(subject, kind, population, country) for kind in kinds]}


def _approval_ids(topic: str, agencies: list[str]) -> list[str]:
    """The ids of what the agencies said about the topic's medicine in its condition."""
    return [f"{topic}-{agency.lower()}" for agency in agencies]


def _answers(folder: str, asked: Asked, facts: dict[tuple[str, str], list[str]]) -> Fields:
    """Answers by page and section ("" for the page itself) with the facts each rests on. The pages
    are those of a folder of docs/.
    """
    return {
        "answers": [
            {
                NOTE: asked.headings_of(folder, page, section),
                "page": page,
                **({"section": section} if section else {}),
                **_WORDS,
                "facts": keys,
            }
            for (page, section), keys in facts.items()
        ]
    }


def _medicine_files(
    topic: str, medicine: Subject, condition: Subject, asked: Asked
) -> Iterator[tuple[str, Fields]]:
    folder = f"medicines/{medicine.id}"
    yield (
        f"{folder}/medicine.yml",
        {
            "id": medicine.id,
            "name": medicine.name,
            "licensed_for": [TO_DO],
            "emergency": {"text": TO_DO, "statements": [f"{medicine.id}-urgent-signs"]},
            **_approvals(topic, condition, asked.agencies),
        },
    )
    for name, kinds in (
        ("mechanism", ("mechanism",)),
        ("dosing", ("dosing", "renal", "interactions")),
        ("safety", ("contraindication", "warning", "urgent-signs", "adverse-reaction")),
        ("monitoring", ("screening", "monitoring", "stopping-rule")),
        ("pregnancy", ("pregnancy",)),
    ):
        yield f"{folder}/{name}.yml", _facts(medicine, *kinds, country=asked.country)
    checks = {
        "id": "checks",
        "before": [f"{medicine.id}-screening"],
        "during": [f"{medicine.id}-monitoring"],
        "action": [f"{medicine.id}-stopping-rule"],
    }
    yield f"{folder}/schedule.yml", {"rows": [checks, *_safety_rows(asked.safety_rows)]}


def _approvals(topic: str, condition: Subject, agencies: list[str]) -> Fields:
    """The cells of the matrix, one for each agency; no field where nobody decides.

    A status alone needs a 'gap', so the cell's comment says when, and no gap is asked for.
    """
    cells = [
        {
            "id": key,
            "agency": agency,
            "condition": condition.id,
        }
        for key, agency in zip(_approval_ids(topic, agencies), agencies, strict=True)
    ]
    return {"approvals": cells} if cells else {}


def _safety_rows(safety_rows: dict[str, str]) -> list[Fields]:
    return [
        {"id": row, "test": sentence(name), "say": dict(_WORDS), "gap": _GAP}
        for row, name in safety_rows.items()
    ]


def _option_files(
    topic: str, option: Subject, condition: Subject, asked: Asked
) -> Iterator[tuple[str, Fields]]:
    """The files of an intervention that is no medicine: how it is done, and what harm it does."""
    folder = f"medicines/{option.id}"
    approvals = _approvals(topic, condition, asked.agencies)
    yield (
        f"{folder}/medicine.yml",
        {"id": option.id, "name": option.name, "kind": option.kind, **approvals},
    )
    for name, kind in (("procedure", "procedure"), ("harms", "adverse-reaction")):
        facts = _facts(option, kind, population=condition.population)
        yield f"{folder}/{name}.yml", facts
    if asked.safety_rows:
        yield f"{folder}/schedule.yml", {"rows": _safety_rows(asked.safety_rows)}


def _condition_files(
    topic: str, medicine: Subject, condition: Subject, asked: Asked
) -> Iterator[tuple[str, Fields]]:
    agencies, folder = asked.agencies, f"conditions/{condition.id}"
    yield (
        f"{folder}/condition.yml",
        {
            "id": condition.id,
            "name": condition.name,
            "populations": [condition.population],
        },
    )
    kinds = ("definition", "epidemiology")
    yield f"{folder}/definition.yml", _facts(condition, *kinds, population=condition.population)
    facts = {
        ("condition", "definition"): [f"{condition.id}-definition"],
        ("condition", "epidemiology"): [f"{condition.id}-epidemiology"],
    }
    if agencies:
        page = "approvals" if medicine.is_medicine else "offers"
        facts[page, ""] = _approval_ids(topic, agencies)
    yield f"{folder}/answers.yml", _answers("condition", asked, facts)
    yield f"{folder}/comparison.yml", _comparison(topic, medicine, agencies)


def _comparison(topic: str, medicine: Subject, agencies: list[str]) -> Fields:
    """The intervention beside going on without it; each row says what it asks."""
    certainty, harm = [f"{topic}-certainty"], [f"{medicine.id}-adverse-reaction"]
    without, nothing = (
        ("no-new-medicine", _("No new medicine"))
        if medicine.is_medicine
        else ("no-change", _("No change"))
    )
    # What readers see of a cell about which nobody has to decide.
    undecided = {
        "patient": _("You go on as before."),
        "clinician": _("No new decision."),
        "gap": {
            "kind": "does not apply",
            "patient": _("There is nothing new to decide about."),
        },
    }
    decided = (
        ("approval", _("Is it approved?"), _("Approval"))
        if medicine.is_medicine
        else ("offer", _("Can I get it?"), _("Recommendation and offer"))
    )
    rows = [
        ("benefit", _("How well does it work?"), _("Benefit"), {"statements": certainty}, None),
        *([(*decided, {"approvals": True}, undecided)] if agencies else ()),
        ("harms", _("What harm can it do?"), _("Harms"), {"statements": harm}, None),
    ]
    other = {"gap": _GAP, **_WORDS}
    options = [
        {"id": medicine.id, "name": sentence(medicine.name)},
        {"id": without, "name": nothing},
    ]
    # Of waiting and seeing, going on as before is no other option.
    if medicine.kind == "no change":
        options.pop()
    return {
        "options": options,
        "rows": [
            {
                "id": name,
                "patient": patient,
                "clinician": clinician,
                "cells": [
                    {"option": medicine.id, **answer, **_WORDS},
                    {"option": without, **(no_answer or other)},
                ][: len(options)],
            }
            for name, patient, clinician, answer, no_answer in rows
        ],
    }


# The kinds of facts about a topic that it needs, or gaps for them. Pages on guidelines, research
# and cost are not made until something is written for them.
_TOPIC_KINDS = ("trial",)
# The same about a medicine only; "approval" where an agency decides.
_MEDICINE_KINDS = ("approval", "indirect-evidence", "comparator-trial")


def _topic_files(
    topic: str, medicine: Subject, condition: Subject, agencies: list[str]
) -> Iterator[tuple[str, Fields]]:
    folder, certainty = f"topics/{topic}", f"{topic}-certainty"
    own = _MEDICINE_KINDS[0 if agencies else 1 :] if medicine.is_medicine else ()
    yield (
        f"{folder}/topic.yml",
        {
            "id": topic,
            "medicine": medicine.id,
            "condition": condition.id,
            "title": _("{Medicine} in {condition}").format(
                Medicine=sentence(medicine.name), condition=condition.name
            ),
            "review": {
                "last_full_review": {"unknown": _("No clinician has reviewed this guide yet.")}
            },
            "gaps": dict.fromkeys((*own, *_TOPIC_KINDS), _GAP),
        },
    )
    fact = _fact(medicine, "certainty", condition.population, certainty=TO_DO)
    fact["id"] = certainty
    yield f"{folder}/evidence.yml", {"statements": [fact]}
    question = {
        "id": "does-it-work",
        "section": _("How well does it work?"),
        "patient": TO_DO,
        "clinician": TO_DO,
        "statements": [certainty],
    }
    yield f"{folder}/faq.yml", {"questions": [question]}
    takeaway = (
        {
            "id": "take-approved" if medicine.is_medicine else "take-offered",
            "approvals": True,
        }
        if agencies
        else {"id": "take-certainty", "statements": [certainty]}
    )
    yield f"{folder}/takeaways.yml", {"takeaways": [takeaway]}


# Sections of the topic's pages, as (page, section), with the kind of fact that answers each.
_ANSWERED_BY = {
    ("index", "risks"): "warning",
    ("index", "take"): "dosing",
    ("index", "tests"): "screening",
    ("dosing", "dosing"): "dosing",
    ("dosing", "kidney"): "renal",
    ("dosing", "interactions"): "interactions",
    ("safety", "contraindications"): "contraindication",
    ("safety", "warnings"): "warning",
    ("safety", "adverse-reactions"): "adverse-reaction",
    ("monitoring", "screening"): "screening",
    ("monitoring", "monitoring"): "monitoring",
    ("monitoring", "stopping"): "stopping-rule",
    ("mechanism", ""): "mechanism",
    ("pregnancy", ""): "pregnancy",
}
# The same of what is no medicine.
_OPTION_ANSWERED_BY = {
    ("index", "risks"): "adverse-reaction",
    ("index", "how"): "procedure",
    ("procedure", "procedure"): "procedure",
    ("harms", "adverse-reactions"): "adverse-reaction",
}
# The items of the prescriber's card with the kind of fact that each rests on.
_CARD_ROWS = {
    "dose": ("Dose, maximum", "dosing"),
    "kidney": ("Kidney function", "renal"),
    "interactions": ("Other medicines", "interactions"),
    "before": ("Before the first dose", "screening"),
    "pregnancy": ("Pregnancy", "pregnancy"),
}


def _answer_files(topic: str, medicine: Subject, asked: Asked) -> Iterator[tuple[str, Fields]]:
    """What the topic's pages say first, and a medicine's card, each on the facts of the other
    files.
    """
    folder = f"topics/{topic}"
    approvals, certainty = _approval_ids(topic, asked.agencies), f"{topic}-certainty"
    decided = ("approval", "approved") if medicine.is_medicine else ("offer", "offered")
    answered_by = _ANSWERED_BY if medicine.is_medicine else _OPTION_ANSWERED_BY
    facts = {
        ("index", ""): [certainty],
        ("index", "who"): approvals or [certainty],
        ("index", "works"): [certainty],
        **({decided: approvals} if approvals else {}),
        ("trials", "direct"): [certainty],
    } | {place: [f"{medicine.id}-{kind}"] for place, kind in answered_by.items()}
    yield f"{folder}/answers.yml", _answers("topic", asked, facts)
    if not medicine.is_medicine:
        return
    rows = [
        {
            "id": key,
            "clinician": item,
            "cells": [
                {
                    "regions": [asked.country],
                    "clinician": TO_DO,
                    "facts": [f"{medicine.id}-{kind}"],
                }
            ],
        }
        for key, (item, kind) in _CARD_ROWS.items()
    ]
    yield f"{folder}/card.yml", {"rows": rows}
