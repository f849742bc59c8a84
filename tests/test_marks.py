"""References and readers' texts are found by the marks of the models, wherever a field stands."""

from __future__ import annotations

import datetime
import json
import re
import types
import typing
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
import yaml
from pydantic import BaseModel, StringConstraints

from conftest import ROOT, TODAY
from guide.checks.rule import Guide
from guide.checks.rules import names_exist
from guide.checks.wordings import wordings
from guide.content import models as m
from guide.content.layout import LAYOUT
from guide.content.loading import load
from guide.content.models.marks import Ref
from guide.content.models.site import FORMAT

# What the models demand of several fields together: given besides the required fields.
TOGETHER: dict[type[BaseModel], dict[str, Any]] = {
    m.Answer: {"patient": "Yes."},
    m.Approval: {"status": "not known"},
    m.Arm: {"percent": 10},
    m.Band: {"at_least": {"value": 1, "unit": "kg"}},
    m.Change: {"kind": "editorial"},
    m.Gap: {"kind": "unknown", "ask": "Ask."},
    m.Quantity: {"value": 1},
    m.Question: {"patient": "Yes.", "clinician": "Yes."},
    m.Redirect: {"gone": "It is gone."},
    m.Site: {"format": FORMAT},
    m.Effect: {"value": 1},
    m.Result: {"not_rated": "Nobody rated it.", "week": 2},
    m.Source: {"unlinked": "Nobody has a link."},
    m.Statement: {"patient": "Yes."},
}
# Ids that are no plain reference: who looks after them instead.
NO_REFERENCE = {
    ("CardRow", "section"): "the dosing page asks for the rows of its sections",
    ("Answer", "section"): "every-section-is-answered looks for it on the finished page",
    ("Change", "record"): "a record that changed may be gone; changes-are-logged compares",
    ("Change", "records"): "the same",
    ("PhrasingFile", "phrasings"): "names-exist compares its keys, which are no field",
    ("ComparisonCell", "option"): "comparison-is-complete compares it with the options of its file",
}


class Examples:
    """Files that hold every reference of the models, each with an id that does not exist.

    Where a field may be written in several ways, `way` is the one to take: the first or the last.
    """

    def __init__(self, way: int):
        self.way, self.count, self.codes = way, 0, 0
        self.wrong: dict[str, str] = {}

    def file(self, pattern: str, model: type[BaseModel]) -> tuple[str, dict[str, Any]]:
        data = self.record(model, pattern)
        # A topic and a condition have files of the same names, and no id in common.
        made = "made-up-topic" if pattern.startswith("topics/") else "made-up"
        own = data["source"] if model is m.SourceWords else made
        if "id" in data:
            data["id"] = own
        return f"content/{pattern.replace('*', own)}", data

    def record(self, model: type[BaseModel], where: str) -> dict[str, Any]:
        types_ = typing.get_type_hints(model, include_extras=True)
        return {
            info.alias or name: self.value(types_[name], f"{where} {model.__name__}.{name}")
            for name, info in model.model_fields.items()
            if name not in TOGETHER.get(model, {}) and (info.is_required() or refers(types_[name]))
        } | TOGETHER.get(model, {})

    def value(self, annotation: Any, where: str, metadata: tuple[Any, ...] = ()) -> Any:
        origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
        if origin is Annotated:
            return self.value(arguments[0], where, arguments[1:])
        if origin in (typing.Union, types.UnionType):
            ways = [one for one in arguments if refers(one)] or [arguments[0]]
            return self.value(ways[self.way], where)
        if origin is Literal:
            return arguments[0]
        if origin is list:
            return [self.value(arguments[0], where) for _ in range(2)]
        if origin is dict:
            return {self.value(arguments[0], where): self.value(arguments[1], where)}
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            return self.record(annotation, where)
        if annotation is str:
            return self.text(metadata, where)
        return {int: 2020, bool: True, datetime.date: datetime.date(2020, 1, 1)}[annotation]

    def text(self, metadata: tuple[Any, ...], where: str) -> str:
        self.count += 1
        letters = chr(65 + self.codes // 26 % 26) + chr(65 + self.codes % 26)
        refers_to = any(isinstance(one, Ref) for one in metadata)
        stem = "wrong" if refers_to else "made"
        pattern = next(
            (one.pattern for one in metadata if isinstance(one, StringConstraints) and one.pattern),
            "",
        )
        candidates = (f"{stem}-{self.count}", f"Q{letters}", letters, "made-up/", "NCT01234567")
        word = next(word for word in candidates if re.search(pattern, word))
        self.codes += letters in word
        if refers_to:
            assert word not in self.wrong
            self.wrong[word] = where
        return word


def refers(annotation: Any) -> bool:
    """Whether a reference stands anywhere in a type."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        hints = typing.get_type_hints(annotation, include_extras=True)
        return any(refers(hints[name]) for name in annotation.model_fields)
    if typing.get_origin(annotation) is Annotated and any(
        isinstance(one, Ref) for one in annotation.__metadata__
    ):
        return True
    return any(refers(one) for one in typing.get_args(annotation))


@pytest.mark.parametrize("way", [0, -1], ids=["one", "list"])
def test_a_wrong_id_is_caught_in_every_field_that_refers(tmp_path: Path, way: int):
    examples = Examples(way)
    files = dict(examples.file(pattern, model) for pattern, model in LAYOUT)
    for name, data in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    found = [
        problem
        for problem in names_exist.check(Guide(load(tmp_path), tmp_path, [], TODAY))
        if problem.message.startswith("there is no ")
    ]
    assert len(examples.wrong) > 100
    missed = {
        word: where
        for word, where in examples.wrong.items()
        if not any(
            f"'{word}'" in problem.message and word in line_of(tmp_path, problem)
            for problem in found
        )
    }
    assert missed == {}
    assert len(set(found)) == len(examples.wrong)


def line_of(root: Path, problem: Any) -> str:
    return (root / problem.path).read_text(encoding="utf-8").split("\n")[problem.line - 1]


def test_an_id_is_its_own_or_says_what_it_refers_to():
    bare = set()
    for model in all_models():
        hints = typing.get_type_hints(model, include_extras=True)
        bare |= {
            (model.__name__, name)
            for name in model.model_fields
            if name != "id" and holds_a_bare_id(hints[name])
        }
    assert bare == set(NO_REFERENCE)


def all_models() -> set[type[BaseModel]]:
    models = {model for _, model in LAYOUT}
    waiting = list(models)
    while waiting:
        hints = typing.get_type_hints(waiting.pop(), include_extras=True)
        for inner in {one for hint in hints.values() for one in models_in(hint)} - models:
            models.add(inner)
            waiting.append(inner)
    return models


def models_in(annotation: Any) -> set[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {annotation}
    return {inner for one in typing.get_args(annotation) for inner in models_in(one)}


def holds_a_bare_id(annotation: Any) -> bool:
    """Whether a type holds a text in the form of an id that is no reference."""
    if typing.get_origin(annotation) is Annotated:
        own = m.Id.__metadata__[0]
        return own in annotation.__metadata__ and not refers(annotation)
    return any(holds_a_bare_id(one) for one in typing.get_args(annotation))


def test_the_texts_of_the_made_up_guide_that_a_reader_sees():
    """By label, track, path and text, as they stood before the models' marks named them."""
    found = sorted(
        [label, track, ".".join(map(str, path)), text, sorted(values)]
        for label, track, path, text, values in wordings(load(ROOT / "tests" / "tiny"))
    )
    expected = ROOT / "tests" / "tiny" / "wordings.json"
    assert found == json.loads(expected.read_text(encoding="utf-8"))
