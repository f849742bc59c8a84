"""What stands in the files of a new topic: all that is known of it already."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from guide.base.text import sentence
from guide.content import models as m
from guide.content.layout import TO_DO

# The values of a file or record by field, as they stand in YAML. `TO_DO` asks for a field that
# could be left out.
Fields = dict[str, Any]


_GAP: Fields = {"kind": TO_DO, "patient": TO_DO, "ask": TO_DO}
_WORDS: Fields = {"patient": TO_DO, "clinician": TO_DO}


@dataclass(frozen=True)
class Subject:
    """A medicine or condition as far as it is known."""

    id: str
    name: str
    abbreviation: str = ""
    kind: str = ""


def topic_files(
    topic: str, medicine: Subject, condition: Subject, agencies: list[str], safety_rows: list[str]
) -> Iterator[tuple[str, Fields]]:
    """The files of a topic by their paths from `content/`, each with what is known already.

    `agencies` are those whose approvals the guide gives; `safety_rows` are the ids of the rows that
    every medicine's schedule has.
    """
    yield from _medicine_files(topic, medicine, condition, agencies, safety_rows)
    yield from _condition_files(topic, medicine, condition, agencies)
    yield from _topic_files(topic, medicine, condition)
    yield from _answer_files(topic, medicine, agencies)


def _fact(subject: Subject, kind: str, **fields: Any) -> Fields:
    country = {"jurisdiction": TO_DO} if kind in m.REGULATED else {}
    return {
        "id": f"{subject.id}-{kind}",
        "kind": kind,
        **country,
        "patient": TO_DO,
        "locator": TO_DO,
        **fields,
    }


def _facts(subject: Subject, *kinds: str) -> Fields:
    return {"statements": [_fact(subject, kind) for kind in kinds]}


def _approval_ids(topic: str, agencies: list[str]) -> list[str]:
    """The ids of what the agencies said about the topic's medicine in its condition."""
    return [f"{topic}-{agency.lower()}" for agency in agencies]


def _answers(facts: dict[tuple[str, str], list[str]]) -> Fields:
    """Answers by page and section ("" for the page itself) with the facts each rests on."""
    return {
        "answers": [
            {"page": page, **({"section": section} if section else {}), **_WORDS, "facts": keys}
            for (page, section), keys in facts.items()
        ]
    }


def _medicine_files(
    topic: str, medicine: Subject, condition: Subject, agencies: list[str], safety_rows: list[str]
) -> Iterator[tuple[str, Fields]]:
    folder = f"medicines/{medicine.id}"
    approvals = [
        {
            "id": key,
            "agency": agency,
            "condition": condition.id,
            "gap": _GAP,
        }
        for key, agency in zip(_approval_ids(topic, agencies), agencies, strict=True)
    ]
    yield (
        f"{folder}/medicine.yml",
        {
            "id": medicine.id,
            "name": medicine.name,
            "class": TO_DO,
            "brands": [TO_DO],
            "route": TO_DO,
            "licensed_for": [TO_DO],
            "emergency": {"text": TO_DO, "statements": [f"{medicine.id}-urgent-signs"]},
            "approvals": approvals,
        },
    )
    for name, kinds in (
        ("mechanism", ("mechanism",)),
        ("dosing", ("dosing", "renal", "interactions")),
        ("safety", ("contraindication", "warning", "urgent-signs", "adverse-reaction")),
        ("monitoring", ("screening", "monitoring", "stopping-rule")),
        ("pregnancy", ("pregnancy",)),
    ):
        yield f"{folder}/{name}.yml", _facts(medicine, *kinds)
    infection = {
        "id": "infection",
        "before": [f"{medicine.id}-screening"],
        "during": [f"{medicine.id}-monitoring"],
        "action": [f"{medicine.id}-stopping-rule"],
    }
    others = [
        {"id": row, "say": {"patient": TO_DO, "clinician": TO_DO}, "gap": _GAP}
        for row in safety_rows
    ]
    yield f"{folder}/schedule.yml", {"rows": [infection, *others]}


def _condition_files(
    topic: str, medicine: Subject, condition: Subject, agencies: list[str]
) -> Iterator[tuple[str, Fields]]:
    folder = f"conditions/{condition.id}"
    yield (
        f"{folder}/condition.yml",
        {
            "id": condition.id,
            "name": condition.name,
            "abbreviation": TO_DO,
            "populations": [TO_DO],
        },
    )
    yield f"{folder}/definition.yml", _facts(condition, "definition", "epidemiology")
    facts = {
        ("condition", "definition"): [f"{condition.id}-definition"],
        ("condition", "epidemiology"): [f"{condition.id}-epidemiology"],
        ("approvals", ""): _approval_ids(topic, agencies),
    }
    yield f"{folder}/answers.yml", _answers(facts)
    rows = [
        {
            "id": name,
            "cells": [
                {"option": medicine.id, **answer, **_WORDS},
                {"option": "no-new-medicine", "gap": _GAP, **_WORDS},
            ],
        }
        for name, answer in (
            ("benefit", {"statements": [f"{topic}-certainty"]}),
            ("approval", {"approvals": True}),
            ("harms", {"statements": [TO_DO]}),
        )
    ]
    options = [
        {"id": medicine.id, "name": sentence(medicine.name)},
        {"id": "no-new-medicine", "name": "No new medicine"},
    ]
    yield f"{folder}/comparison.yml", {"options": options, "rows": rows}


# The kinds of facts about a topic that it needs, or gaps for them.
_TOPIC_KINDS = (
    "approval",
    "trial",
    "indirect-evidence",
    "comparator-trial",
    "guideline",
    "pipeline",
    "cost",
)


def _topic_files(topic: str, medicine: Subject, condition: Subject) -> Iterator[tuple[str, Fields]]:
    folder, certainty = f"topics/{topic}", f"{topic}-certainty"
    yield (
        f"{folder}/topic.yml",
        {
            "id": topic,
            "medicine": medicine.id,
            "condition": condition.id,
            "title": f"{sentence(medicine.name)} in {condition.name}",
            "review": {
                "last_full_review": {"unknown": "No clinician has reviewed this guide yet."}
            },
            "gaps": dict.fromkeys(_TOPIC_KINDS, _GAP),
        },
    )
    fact = _fact(medicine, "certainty", certainty=TO_DO, as_of=TO_DO) | {"id": certainty}
    yield f"{folder}/evidence.yml", {"statements": [fact]}
    question = {
        "id": "does-it-work",
        "patient": TO_DO,
        "clinician": TO_DO,
        "statements": [certainty],
        "typed": [TO_DO],
    }
    yield f"{folder}/faq.yml", {"questions": [question]}
    takeaway = {"id": "take-approved", "approvals": True}
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
# The items of the prescriber's card with the kind of fact that each rests on.
_CARD_ROWS = {
    "dose": ("Dose, maximum", "dosing"),
    "kidney": ("Kidney function", "renal"),
    "interactions": ("Other medicines", "interactions"),
    "before": ("Before the first dose", "screening"),
    "pregnancy": ("Pregnancy", "pregnancy"),
}


def _answer_files(
    topic: str, medicine: Subject, agencies: list[str]
) -> Iterator[tuple[str, Fields]]:
    """What the topic's pages say first, and the card, each on the facts of the other files."""
    folder = f"topics/{topic}"
    approvals, certainty = _approval_ids(topic, agencies), f"{topic}-certainty"
    facts = {
        ("index", ""): [certainty],
        ("index", "who"): approvals,
        ("index", "works"): [certainty],
        ("approval", "approved"): approvals,
        ("trials", "direct"): [certainty],
    } | {place: [f"{medicine.id}-{kind}"] for place, kind in _ANSWERED_BY.items()}
    yield f"{folder}/answers.yml", _answers(facts)
    rows = [
        {
            "id": key,
            "clinician": item,
            "cells": [{"regions": [TO_DO], "clinician": TO_DO, "facts": [f"{medicine.id}-{kind}"]}],
        }
        for key, (item, kind) in _CARD_ROWS.items()
    ]
    yield f"{folder}/card.yml", {"rows": rows}
