"""The files of `api/v1/`: JSON, JSON Schema and CSV."""

from __future__ import annotations

import json
from collections.abc import Iterable
from types import GenericAlias
from typing import Any

from pydantic import Field, create_model

from guide.base.language import gettext as _
from guide.base.text import sentence
from guide.content.library import Library
from guide.content.publication import Publication
from guide.data.published import (
    CLAIMS_EXCEPT,
    CLAIMS_NOTICE,
    DIALECT,
    LOCAL,
    NOTICE,
    ROOT,
    Licence,
    Published,
)
from guide.data.records import Records
from guide.data.tables import TABLES, Table, csv_bytes
from guide.pages.page import Page

# -- files ---------------------------------------------------------------------------------


class TableEntry(Published):
    """Where a table stands."""

    name: str
    records: int
    json_: str = Field(alias="json")
    schema_: str = Field(alias="schema")
    csv: list[str]


def _envelope(table: Table | None) -> type[Published]:
    """The class of a whole file: what it says of itself, then its records."""
    fields: dict[str, Any] = {
        "schema_": (
            str,
            Field(
                alias="$schema",
                description="The JSON Schema of this file, from where this file stands.",
            ),
        ),
        "name": (str, ...),
        "guide": (str, ...),
        "publisher": (str, ...),
        "version": (
            str,
            Field(
                description=(
                    "The day of the newest change and a digest of the content: the same content,"
                    " the same version."
                )
            ),
        ),
        "licence": (Licence, ...),
        "clinically_reviewed": (
            bool,
            Field(description="Whether a clinician has reviewed any topic; see topics.json."),
        ),
        "notice": (str, ...),
        "generated_from": (
            list[str],
            Field(description="The files of the project that hold the content, as patterns."),
        ),
    }
    if table is None:
        fields |= {
            "tables": (list[TableEntry], ...),
            "populations": (dict[str, str], ...),
            "jurisdictions": (dict[str, str], ...),
            "agencies": (dict[str, str], ...),
        }
        return create_model("Index", __base__=Published, **fields)
    fields |= {"count": (int, ...), table.name: (GenericAlias(list, (table.record,)), ...)}
    return create_model(sentence(table.name), __base__=Published, **fields)


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _file(
    table: Table | None,
    publication: Publication,
    name: str,
    written_in: Iterable[str],
    **content: Any,
) -> bytes:
    terms = publication.licence
    licence = Licence(
        name=terms.name, spdx=terms.spdx, url=terms.url, attribution=publication.attribution
    )
    whole = _envelope(table)(
        **{
            "$schema": f"schema/{name}.json",
            "name": name,
            "guide": publication.name,
            "publisher": publication.publisher,
            "version": publication.version,
            "licence": licence,
            "clinically_reviewed": publication.reviewed,
            "notice": " ".join([_(NOTICE), *([_(CLAIMS_NOTICE)] if name == "claims" else [])]),
            "generated_from": [f"content/{pattern}" for pattern in written_in],
            **content,
        }
    )
    return _one_a_line(whole.model_dump(mode="json", by_alias=True)).encode()


def _one_a_line(fields: dict[str, Any]) -> str:
    """JSON with a line for each field, and in lists of records a line for each record: whoever
    compares two versions sees the records that differ.
    """

    def written(value: Any) -> str:
        if isinstance(value, list) and value and isinstance(value[0], dict):
            records = ",\n".join(f"  {_compact(one)}" for one in value)
            return f"[\n{records}\n ]"
        return _compact(value)

    lines = ",\n".join(f" {_compact(key)}: {written(value)}" for key, value in fields.items())
    return f"{{\n{lines}\n}}\n"


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _schema(table: Table | None, name: str, publication: Publication) -> bytes:
    """The JSON Schema of one file. Its `$id` is its public address; where the site has none, its
    own name, which means the same from where it stands.
    """
    # Every field is always there, so that a column never comes and goes.
    made = _one_line(_envelope(table).model_json_schema(by_alias=True, mode="serialization"))
    schema_id = (
        publication.at(f"{ROOT}schema/{name}.json") if publication.address else f"{name}.json"
    )
    return _json(
        {"$schema": DIALECT, "$id": schema_id, **made, "title": f"Open health guide data: {name}"}
    )


def _one_line(schema: Any) -> Any:
    """The schema with each description on one line, however its docstring is broken."""
    if isinstance(schema, dict):
        return {
            key: " ".join(value.split())
            if key == "description" and isinstance(value, str)
            else _one_line(value)
            for key, value in schema.items()
        }
    if isinstance(schema, list):
        return [_one_line(value) for value in schema]
    return schema


def data_files(library: Library, pages: list[Page], publication: Publication) -> dict[str, bytes]:
    """Every file of `api/v1/` by its path from the site's root."""
    records = Records(library, pages, publication)
    files: dict[str, bytes] = {}
    entries = []
    for table in TABLES:
        rows = getattr(records, table.name)()
        files[f"{ROOT}{table.name}.json"] = _file(
            table, publication, table.name, table.written_in, count=len(rows), **{table.name: rows}
        )
        files[f"{ROOT}schema/{table.name}.json"] = _schema(table, table.name, publication)
        licence = f"{publication.licence.spdx}{CLAIMS_EXCEPT if table.name == 'claims' else ''}"
        files |= {
            f"{ROOT}{name}.csv": csv_bytes(sheet, rows, publication.version, licence)
            for name, sheet in table.sheets.items()
        }
        entries.append(
            TableEntry(
                name=table.name,
                records=len(rows),
                json=publication.at(f"{ROOT}{table.name}.json"),
                schema=publication.at(f"{ROOT}schema/{table.name}.json"),
                csv=[publication.at(f"{ROOT}{name}.csv") for name in table.sheets],
            )
        )
    site = library.site
    files[f"{ROOT}index.json"] = _file(
        None,
        publication,
        "index",
        ("**/*.yml",),
        tables=entries,
        populations=site.populations,
        jurisdictions=site.jurisdictions,
        agencies={agency.id: agency.name for agency in site.agencies},
    )
    files[f"{ROOT}schema/index.json"] = _schema(None, "index", publication)
    return files


def example(publication: Publication) -> list[str]:
    """Three lines of Python that print the difference of every result that counts people, as the
    page about the data shows them. Other results differ in other units, or have nothing to differ
    from.
    """
    address = f"{publication.address or LOCAL}{ROOT}trials.json"
    return [
        "import json, urllib.request",
        f'trials = json.load(urllib.request.urlopen("{address}"))["trials"]',
        (
            "print(*(f\"{t['medicine']}, {r['endpoint']}: {r['difference']:+} points\" for t in"
            ' trials for r in t["results"] if r["kind"] == "counts" and r["contrasts"]), sep="\\n")'
        ),
    ]
