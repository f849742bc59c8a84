"""JSON Schema of every kind of file, made from the models, so that an editor completes, explains
and underlines.

Each YAML file of `content/` names its schema in its first line, the way editors with a YAML
language server read it. A schema knows the shape of one file (keys, words, forms, either-or);
whatever needs two files to be seen is left to the rules.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from guide.content import models as m
from guide.content.layout import LAYOUT, model_for

FOLDER = "content/schemas"


REPAIR = "./scripts/schemas"


# What the models' validators demand of two fields together, in the schema's own terms.
_TOGETHER: dict[type[BaseModel], dict[str, Any]] = {
    m.Quantity: {
        "oneOf": [
            {
                "required": ["value"],
                "not": {"anyOf": [{"required": ["low"]}, {"required": ["high"]}]},
            },
            {"required": ["low", "high"], "not": {"required": ["value"]}},
        ]
    },
    m.Statement: {
        "oneOf": [{"required": ["patient"]}, {"required": ["clinician_only"]}],
        "if": {"properties": {"kind": {"enum": sorted(m.REGULATED)}}, "required": ["kind"]},
        "then": {"required": ["jurisdiction"]},
    },
    m.Result: {
        "oneOf": [{"required": ["certainty"]}, {"required": ["not_rated"]}],
        "anyOf": [{"required": ["week", "arms"]}, {"required": ["accuracy"]}],
    },
    m.Arm: {
        "anyOf": [
            {"required": names}
            for names in (
                ["responders", "n"],
                ["percent"],
                ["events", "person_time"],
                ["rate"],
                ["mean"],
                ["median"],
            )
        ]
    },
    m.Source: {
        "anyOf": [
            {"required": [name]}
            for name in ("doi", "pmid", "pmcid", "nct", "registration", "url", "unlinked")
        ]
    },
    m.Question: {"anyOf": [{"required": ["statements"]}, {"required": ["gap"]}]},
    m.Takeaway: {
        "anyOf": [{"required": [name]} for name in ("statements", "results", "approvals")]
    },
    m.Answer: {"anyOf": [{"required": ["facts"]}, {"required": ["gap"]}]},
    m.ComparisonCell: {
        "anyOf": [{"required": [name]} for name in ("statements", "results", "approvals", "gap")]
    },
}


# What pydantic calls a limit, and what a schema does.
_LIMITS = {
    "ge": "minimum",
    "le": "maximum",
    "gt": "exclusiveMinimum",
    "lt": "exclusiveMaximum",
}


class _Generator(GenerateJsonSchema):
    """Pydantic's generator for what the YAML reader knows: no null, decimals as numbers only."""

    def nullable_schema(self, schema: Any) -> Any:
        return self.generate_inner(schema["schema"])

    def decimal_schema(self, schema: Any) -> Any:
        return {
            "type": "number",
            **{_LIMITS[name]: schema[name] for name in _LIMITS if name in schema},
        }

    def default_schema(self, schema: Any) -> Any:
        json_schema = super().default_schema(schema)
        if json_schema.get("default", "") in (None, [], {}):
            del json_schema["default"]
        return json_schema

    def model_schema(self, schema: Any) -> Any:
        json_schema = super().model_schema(schema)
        json_schema.pop("title", None)
        return json_schema | _TOGETHER.get(schema["cls"], {})

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def dict_schema(self, schema: Any) -> Any:
        json_schema = super().dict_schema(schema)
        if "patternProperties" in json_schema:
            json_schema["additionalProperties"] = False
        return json_schema


def schema_name(model: type[BaseModel]) -> str:
    """The schema's file in `content/schemas/`: `HealthSystem` is `health-system.json`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", model.__name__).lower() + ".json"


def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema (draft 7, which every editor knows) of one kind of file.

    Its `$id` is its own name, which holds wherever the folder stands: the project has no address of
    its own to promise.
    """
    json_schema = model.model_json_schema(schema_generator=_Generator, by_alias=True)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": schema_name(model),
        **_in_schema_words(json_schema),
    }


def _in_schema_words(schema: Any) -> Any:
    """Limits that pydantic leaves on a union in its own words, and whole numbers beside decimals,
    said plainly.
    """
    if isinstance(schema, list):
        schema = [_in_schema_words(item) for item in schema]
        return (
            [item for item in schema if item != {"type": "integer"}]
            if {"type": "number"} in schema
            else schema
        )
    if isinstance(schema, dict):
        return {_LIMITS.get(key, key): _in_schema_words(value) for key, value in schema.items()}
    return schema


def schema_files() -> dict[str, str]:
    """Every schema by its path from the project's root, as text."""
    models = dict.fromkeys(model for _, model in LAYOUT)
    return {
        f"{FOLDER}/{schema_name(model)}": (
            json.dumps(schema_of(model), ensure_ascii=False, indent=1) + "\n"
        )
        for model in models
    }


def first_line(relative: Path) -> str | None:
    """The first line of a file of `content/`, given by its path from there; None where no file
    belongs.
    """
    model = model_for(relative)
    if model is None:
        return None
    return (
        "# yaml-language-server:"
        f" $schema={'../' * (len(relative.parts) - 1)}schemas/{schema_name(model)}"
    )


def write_schemas(root: Path) -> list[str]:
    """Writes the schemas and puts every YAML file's first line right; returns what was changed, by
    path.
    """
    changed = []
    files = schema_files()
    for name, text in files.items():
        path = root / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed.append(name)
    for path in sorted((root / FOLDER).iterdir()):
        if f"{FOLDER}/{path.name}" not in files:
            path.unlink()
            changed.append(f"{FOLDER}/{path.name}")
    for path in sorted((root / "content").rglob("*.yml")):
        line = first_line(path.relative_to(root / "content"))
        text = path.read_text(encoding="utf-8")
        first, _, rest = text.partition("\n")
        if line is None or first == line:
            continue
        path.write_text(
            f"{line}\n{rest if first.startswith('# yaml-language-server:') else text}",
            encoding="utf-8",
        )
        changed.append(path.relative_to(root).as_posix())
    return changed
