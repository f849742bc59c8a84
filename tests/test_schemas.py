"""The schemas that editors read: current, true to the content, strict, and named by every file."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import jsonschema
import pytest
from pydantic import BaseModel, RootModel
from referencing import Registry
from referencing.jsonschema import DRAFT7

from conftest import ROOT, TODAY
from guide.base.problem import ContentErrors
from guide.build import prepare
from guide.content import models
from guide.content.layout import model_for
from guide.content.schemas import (
    FOLDER,
    REPAIR,
    first_line,
    schema_files,
    schema_name,
    write_schemas,
)
from guide.content.yaml_reader import read_yaml
from test_bad_content import DOSING, TRIAL, answer, mend

FILES = [
    *sorted((ROOT / "content").rglob("*.yml")),
    *sorted((ROOT / "tests" / "tiny" / "content").rglob("*.yml")),
]


def in_json(value: Any) -> Any:
    """A value of our reader as an editor's YAML server sees it: dates are text, decimals are
    numbers.
    """
    if isinstance(value, dict):
        return {key: in_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [in_json(item) for item in value]
    return (
        float(value)
        if isinstance(value, Decimal)
        else value.isoformat()
        if isinstance(value, datetime.date)
        else value
    )


def refusals(path: Path, content: Path) -> list[str]:
    """What the schema of a file says against it."""
    value, _, problems = read_yaml(path, path.name)
    assert problems == []
    schema = json.loads(
        schema_files()[f"{FOLDER}/{schema_name(model_for(path.relative_to(content)))}"]
    )
    jsonschema.Draft7Validator.check_schema(schema)
    return [
        error.message
        for error in jsonschema.Draft7Validator(
            schema, format_checker=jsonschema.FormatChecker()
        ).iter_errors(in_json(value))
    ]


def test_every_field_and_every_record_explains_itself():
    bare = []
    for name, model in vars(models).items():
        if (
            isinstance(model, type)
            and issubclass(model, BaseModel)
            and not issubclass(model, RootModel)
            and model not in (BaseModel, models.Strict)
        ):
            bare += [
                f"{name}.{field}"
                for field, info in model.model_fields.items()
                if not info.description
            ]
            bare += [] if "__doc__" in vars(model) and model.__doc__ else [name]
    assert bare == [], (
        f"write a description in scripts/guide/content/models/ for {', '.join(bare)}, then run"
        f" {REPAIR}"
    )


def test_the_schemas_are_current():
    found = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in (ROOT / FOLDER).iterdir()
    }
    stale = sorted(
        name for name in {*found, *schema_files()} if found.get(name) != schema_files().get(name)
    )
    assert stale == [], f"{', '.join(stale)} differ from the models: run {REPAIR}"


@pytest.mark.parametrize("path", FILES, ids=[path.relative_to(ROOT).as_posix() for path in FILES])
def test_content_that_loads_is_right_for_its_schema(path):
    content = next(parent for parent in path.parents if parent.name == "content")
    assert refusals(path, content) == []


def test_a_schema_is_found_by_its_own_id_from_where_it_stands():
    """Whatever folder the schemas stand in: its address and a schema's `$id` give the address the
    schema has there.
    """
    folder = "file:///wherever/content/schemas/"
    registry = Registry().with_resources(
        (folder + Path(name).name, DRAFT7.create_resource(json.loads(text)))
        for name, text in schema_files().items()
    )
    assert len(registry) == len(schema_files()) > 10
    for name, text in schema_files().items():
        own = json.loads(text)["$id"]
        assert own == Path(name).name and urljoin(folder + own, own) == folder + own
        # Its inner references hold under that id, and a value is refused through a reference to it.
        validator = jsonschema.Draft7Validator({"$ref": folder + own}, registry=registry)
        assert any(True for _ in validator.iter_errors({"no-such-key": 1})), name


def test_a_schema_puts_nothing_but_words_beside_a_reference():
    """Draft 7 overlooks what stands beside `$ref`: a limit there would not hold."""

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            assert "$ref" not in node or set(node) <= {"$ref", "description", "default"}, node
            assert not {"ge", "le", "gt", "lt"} & node.keys(), node
        for item in (
            node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        ):
            walk(item)

    for text in schema_files().values():
        walk(json.loads(text))


# (file of the tiny guide, what stands there, what is typed instead): all of it refused by the
# loader, too.
WRONG = [
    (DOSING, "kind: dosing", "kind: dosage"),
    (DOSING, "    jurisdiction: US\n", ""),
    (DOSING, "    jurisdiction: US\n", "    jurisdiction: Europe\n"),
    (DOSING, "    population: OD\n", ""),
    (DOSING, "population: OD", "population: 12"),
    (DOSING, "locator: section 2", "lokator: section 2"),
    (DOSING, "sources: [made-up-label]", "sources: []"),
    (DOSING, "sources: [made-up-label]", "sources: [Made Up]"),
    (DOSING, "{value: 2, unit: mg}", "{value: 2, low: 1, high: 3, unit: mg}"),
    (DOSING, "{value: 2, unit: mg}", "{low: 1, unit: mg}"),
    (DOSING, "{value: 2, unit: mg}", '{value: "2", unit: mg}'),
    (DOSING, "dose: {value", "Dose!: {value"),
    (
        DOSING,
        "    confidence: verified",
        "    confidence: verified\n    clinician_only: both given",
    ),
    (TRIAL, "week: 14", "week: soon"),
    (TRIAL, "week: 14", "week: {unkown: not printed}"),
    (TRIAL, "percent: 51.6", "percent: 151.6"),
    (TRIAL, "n: 93", "n: 0"),
    (TRIAL, "    certainty: high\n", ""),
    (TRIAL, "id: other-trial\n", "id: Other Trial\n"),
    (
        "content/topics/examplinib-ed/topic.yml",
        "next_review: 2026-12-01",
        "next_review: next winter",
    ),
    ("content/topics/examplinib-ed/topic.yml", "    unknown: Nobody", "    unknwon: Nobody"),
    (
        "content/topics/examplinib-ed/topic.yml",
        "next_review: 2026-12-01",
        "next_review: 2026-12-01\n  dosage: Nothing was read.",
    ),
    ("content/topics/examplinib-ed/claims.yml", "safety_critical: true", "safety_critical: yes"),
    ("content/topics/examplinib-ed/claims.yml", "date: 2025-01-01", "date: 2025-01"),
    ("content/medicines/otherinib/medicine.yml", 'date: "2020-04"', "date: spring"),
    ("content/sources.yml", "    url: https://example.org/label\n", ""),
    ("content/sources.yml", "url: https://example.org/label", "url: javascript:alert(1)"),
    ("content/site.yml", "  - id: FDA", "  - id: fda"),
]


@pytest.mark.parametrize(
    "file, old, new",
    WRONG,
    ids=[f"{Path(case[0]).stem}-{place}" for place, case in enumerate(WRONG)],
)
def test_a_wrong_value_is_underlined_in_the_editor_and_refused_by_the_check(tiny, file, old, new):
    mend(tiny, file, old, new)
    assert refusals(tiny / file, tiny / "content") != []
    with pytest.raises(ContentErrors):
        prepare(tiny, TODAY)


def test_unknown_with_its_reason_is_a_value(tiny):
    mend(tiny, TRIAL, "week: 14", "week: {unknown: the paper does not print it}")
    assert refusals(tiny / TRIAL, tiny / "content") == []
    prepare(tiny, TODAY)


def test_a_file_without_its_first_line_says_which_to_paste(tiny):
    assert answer_is_none(tiny), "without schemas there is nothing to name"
    write_schemas(tiny)
    assert answer_is_none(tiny)
    assert write_schemas(tiny) == []
    wanted = first_line(Path("medicines/examplinib/dosing.yml"))
    assert wanted == "# yaml-language-server: $schema=../../schemas/statement-file.json"
    assert (tiny / DOSING).read_text().startswith(wanted + "\n")
    mend(tiny, DOSING, wanted + "\n", "")
    mend(tiny, TRIAL, "schemas/trial.json", "schemas/topic.json")
    assert answer(tiny) == [
        "[files-name-their-schema]",
        f"{DOSING}:1: the first line names no schema: write '{wanted}', or run {REPAIR}",
        (
            f"{TRIAL}:1: the first line names the wrong schema: write '# yaml-language-server:"
            f" $schema=../schemas/trial.json', or run {REPAIR}"
        ),
    ]
    assert write_schemas(tiny) == [DOSING, TRIAL]
    assert answer_is_none(tiny)


def answer_is_none(project: Path) -> bool:
    return bool(prepare(project, TODAY).pages)


def test_a_schema_of_no_kind_of_file_is_deleted(tiny):
    write_schemas(tiny)
    (tiny / FOLDER / "old.json").write_text("{}")
    assert write_schemas(tiny) == [f"{FOLDER}/old.json"]
    assert not (tiny / FOLDER / "old.json").exists()
