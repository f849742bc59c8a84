"""The files of a new topic."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from guide.base.problem import ContentErrors, Problem
from guide.base.text import sentence, slug
from guide.content import models as m
from guide.content.layout import TO_DO
from guide.content.skeleton import skeleton
from guide.content.yaml_reader import read_yaml


@dataclass
class Made:
    """What `new_topic` did: the topic's id, files written, files kept as they were, and what to do
    by hand.
    """

    topic: str
    written: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    next: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Subject:
    """A medicine or condition as far as it is known."""

    id: str
    name: str
    abbreviation: str = ""
    kind: str = ""


def new_topic(root: Path, medicine: str, condition: str, new: Collection[str] = ()) -> Made:
    """Writes the files of a topic that do not exist yet and adds it to content/site.yml.

    Medicine and condition are ids or names; a name that is not known becomes a new one.
    Raises ContentErrors when a name is nearly that of a known one (unless `new` holds 'medicine' or
    'condition', which says that it is another one), when the medicine is a class, or when
    content/site.yml cannot be read.
    """
    content = root / "content"
    site, site_lines, problems = read_yaml(content / "site.yml", "content/site.yml")
    if problems:
        raise ContentErrors(problems)
    drug = _subject(content, "medicines", "medicine", medicine, "medicine" in new)
    disease = _subject(content, "conditions", "condition", condition, "condition" in new)
    if drug.kind == "class":
        raise ContentErrors(
            [
                Problem(
                    f"content/medicines/{drug.id}/medicine.yml",
                    0,
                    f"'{drug.id}' is a class: a topic is about one medicine, name one of its"
                    " members",
                )
            ]
        )
    made = Made(_topic_id(content, drug, disease))
    agencies = [agency["id"] for agency in site["agencies"]]
    safety = [item["id"] for item in site.get("safety_set", ())]
    for name, given in _files(made.topic, drug, disease, agencies, safety):
        path = content / name
        if path.exists():
            made.kept.append(f"content/{name}")
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(skeleton(Path(name), given), encoding="utf-8")
        made.written.append(f"content/{name}")
    if made.topic in site.get("topics", ()):
        made.kept.append("content/site.yml")
    else:
        path = content / "site.yml"
        path.write_text(_with_topic(path.read_text(encoding="utf-8"), made.topic), encoding="utf-8")
        made.written.append("content/site.yml")
    if f"content/conditions/{disease.id}/comparison.yml" in made.kept:
        made.next.append(
            f"add {drug.name} to the options of content/conditions/{disease.id}/comparison.yml, if"
            " readers should see it beside the others"
        )
    if f"content/conditions/{disease.id}/condition.yml" in made.written:
        made.next.append(
            "name the new condition's population in content/site.yml, and its other options in the"
            " comparison"
        )
    if f"content/medicines/{drug.id}/medicine.yml" in made.kept:
        made.next.append(
            f"add the agencies' answers for {disease.name} to"
            f" content/medicines/{drug.id}/medicine.yml, if they do not stand there"
        )
    made.next.append("add what you read to content/sources.yml")
    return made


def _subject(content: Path, folder: str, file: str, given: str, new: bool) -> _Subject:
    """The medicine or condition that a word names, by id, name, brand or abbreviation; else a new
    one.
    """
    known: dict[str, _Subject] = {}
    for path in sorted(content.glob(f"{folder}/*/{file}.yml")):
        value, _, problems = read_yaml(path, path.name)
        value = value if isinstance(value, dict) and not problems else {}
        name = str(value.get("name", path.parent.name))
        one = _Subject(
            path.parent.name, name, str(value.get("abbreviation", "")), str(value.get("kind", ""))
        )
        for word in map(str, (one.id, name, one.abbreviation, *value.get("brands", []))):
            if word and not word.startswith(TO_DO):
                known.setdefault(slug(word), one)
    wanted = slug(given)
    if not wanted:
        raise ContentErrors(
            [
                Problem(
                    f"content/{folder}",
                    0,
                    f"'{given}' is no name: write a {file} in letters, such as"
                    f" {next(iter(known), file)}",
                )
            ]
        )
    if wanted in known:
        return known[wanted]
    near = _like(wanted, known)
    if near and not new and not (content / folder / wanted).is_dir():
        raise ContentErrors(
            [
                Problem(
                    f"content/{folder}",
                    0,
                    f"there is no {file} '{given}' (nearest: '{near.id}'): use that name, or add"
                    f" --new-{file} if it is another one; nothing was written",
                )
            ]
        )
    return _Subject(
        wanted, given.strip() if given.strip() != given.strip().title() else given.strip().lower()
    )


def _like(wanted: str, known: dict[str, _Subject]) -> _Subject | None:
    """The known one that a name was probably meant for: like the whole of its name, like one word
    of it, or its beginning.

    Strictly, because names of medicines of one class are alike.
    """
    words = dict(known)
    for name, one in known.items():
        for word in name.split("-"):
            if len(word) > 4:
                words.setdefault(word, one)
    close = difflib.get_close_matches(wanted, words, n=1, cutoff=0.88)
    began = [name for name in known if len(wanted) > 3 and name.startswith(wanted)]
    return next((words[name] for name in [*close, *began]), None)


def _topic_id(content: Path, drug: _Subject, disease: _Subject) -> str:
    """The topic's folder: the one that is about these two already, else made from their names."""
    for path in sorted(content.glob("topics/*/topic.yml")):
        value, _, problems = read_yaml(path, path.name)
        if (
            not problems
            and isinstance(value, dict)
            and (value.get("medicine"), value.get("condition")) == (drug.id, disease.id)
        ):
            return path.parent.name
    short = (
        disease.abbreviation
        if disease.abbreviation and not disease.abbreviation.startswith(TO_DO)
        else disease.id
    )
    return f"{drug.id}-{slug(short)}"


def _files(
    topic: str, drug: _Subject, disease: _Subject, agencies: list[str], safety: list[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The files of a topic with what is known of each already; `TO_DO` asks for a field that could
    be left out.

    `safety` are the rows that every medicine's schedule has.
    """
    gap = {"kind": TO_DO, "patient": TO_DO, "ask": TO_DO}

    def fact(kind: str, **given: Any) -> dict[str, Any]:
        country = {"jurisdiction": TO_DO} if kind in m.REGULATED else {}
        return {
            "id": f"{drug.id}-{kind}",
            "kind": kind,
            **country,
            "patient": TO_DO,
            "locator": TO_DO,
            **given,
        }

    def facts(*kinds: str) -> dict[str, Any]:
        return {"statements": [fact(kind) for kind in kinds]}

    medicine, condition = f"medicines/{drug.id}", f"conditions/{disease.id}"
    yield (
        f"{medicine}/medicine.yml",
        {
            "id": drug.id,
            "name": drug.name,
            "class": TO_DO,
            "brands": [TO_DO],
            "route": TO_DO,
            "licensed_for": [TO_DO],
            "emergency": {"text": TO_DO, "statements": [f"{drug.id}-urgent-signs"]},
            "approvals": [
                {
                    "id": f"{topic}-{agency.lower()}",
                    "agency": agency,
                    "condition": disease.id,
                    "gap": gap,
                }
                for agency in agencies
            ],
        },
    )
    yield f"{medicine}/mechanism.yml", facts("mechanism")
    yield f"{medicine}/dosing.yml", facts("dosing", "renal", "interactions")
    yield (
        f"{medicine}/safety.yml",
        facts("contraindication", "warning", "urgent-signs", "adverse-reaction"),
    )
    yield f"{medicine}/monitoring.yml", facts("screening", "monitoring", "stopping-rule")
    yield f"{medicine}/pregnancy.yml", facts("pregnancy")
    yield (
        f"{medicine}/schedule.yml",
        {
            "rows": [
                {
                    "id": "infection",
                    "before": [f"{drug.id}-screening"],
                    "during": [f"{drug.id}-monitoring"],
                    "action": [f"{drug.id}-stopping-rule"],
                },
                *(
                    {"id": row, "say": {"patient": TO_DO, "clinician": TO_DO}, "gap": gap}
                    for row in safety
                ),
            ]
        },
    )
    yield (
        f"{condition}/condition.yml",
        {"id": disease.id, "name": disease.name, "abbreviation": TO_DO, "populations": [TO_DO]},
    )
    yield (
        f"{condition}/definition.yml",
        {
            "statements": [
                {"id": f"{disease.id}-{kind}", "kind": kind, "patient": TO_DO, "locator": TO_DO}
                for kind in ("definition", "epidemiology")
            ]
        },
    )
    rows = [
        {
            "id": name,
            "cells": [{"option": drug.id, **answer}, {"option": "no-new-medicine", "gap": gap}],
        }
        for name, answer in (
            ("benefit", {"statements": [f"{topic}-certainty"]}),
            ("approval", {"approvals": True}),
            ("harms", {"statements": [TO_DO]}),
        )
    ]
    yield (
        f"{condition}/comparison.yml",
        {
            "options": [
                {"id": drug.id, "name": sentence(drug.name)},
                {"id": "no-new-medicine", "name": "No new medicine"},
            ],
            "rows": rows,
        },
    )
    yield (
        f"topics/{topic}/topic.yml",
        {
            "id": topic,
            "medicine": drug.id,
            "condition": disease.id,
            "title": f"{sentence(drug.name)} in {disease.name}",
            "review": {
                "last_full_review": {"unknown": "No clinician has reviewed this guide yet."}
            },
            "gaps": dict.fromkeys(
                (
                    "approval",
                    "trial",
                    "indirect-evidence",
                    "comparator-trial",
                    "guideline",
                    "pipeline",
                    "cost",
                ),
                gap,
            ),
        },
    )
    yield (
        f"topics/{topic}/evidence.yml",
        {
            "statements": [
                {
                    **fact("certainty"),
                    "id": f"{topic}-certainty",
                    "certainty": TO_DO,
                    "as_of": TO_DO,
                }
            ]
        },
    )
    yield (
        f"topics/{topic}/faq.yml",
        {
            "questions": [
                {
                    "id": "does-it-work",
                    "patient": TO_DO,
                    "clinician": TO_DO,
                    "statements": [f"{topic}-certainty"],
                    "typed": [TO_DO],
                }
            ]
        },
    )
    yield (
        f"topics/{topic}/takeaways.yml",
        {"takeaways": [{"id": "take-approved", "approvals": True}]},
    )


def _with_topic(text: str, topic: str) -> str:
    """The text of content/site.yml with one more topic; nothing else in it moves."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    topics = next((value for key, value in node.value if key.value == "topics"), None)
    if topics is None:
        return f"{text.rstrip()}\ntopics:\n  - {topic}\n"
    last = topics.value[-1]
    if topics.flow_style:
        return f"{text[: last.end_mark.index]}, {topic}{text[last.end_mark.index :]}"
    lines = text.split("\n")
    line = lines[last.start_mark.line]
    lines.insert(last.start_mark.line + 1, f"{line[: last.start_mark.column]}{topic}")
    return "\n".join(lines)
