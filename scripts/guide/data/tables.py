"""The tables of the open data, and their CSV files."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from guide.data.published import (
    Approval,
    Claim,
    Condition,
    Medicine,
    Published,
    Source,
    Statement,
    Term,
    Topic,
    Value,
)
from guide.data.published_trials import Accuracy, Arm, Contrast, Result, Trial


class Sheet(NamedTuple):
    """A CSV file of a table: its columns, and its rows, one dict a row, for one record."""

    columns: tuple[str, ...]
    rows: Callable[[Any], Iterator[dict[str, Any]]]


class Table(NamedTuple):
    """A table: its record class, where it is written in `content/`, and its CSV files by name."""

    name: str
    record: type[Published]
    written_in: tuple[str, ...]
    sheets: dict[str, Sheet]


# -- CSV -----------------------------------------------------------------------------------


def _flat(record: Published, *leave: str) -> dict[str, Any]:
    """The fields of a record that fit one cell; several values of one field stand in it apart by `;
    `.
    """
    return {
        name: (
            "; ".join(value)
            if isinstance(value, list)
            else str(value).lower()
            if isinstance(value, bool)
            else value
        )
        for name, value in record.model_dump(mode="json", by_alias=True).items()
        if name not in leave
    }


def _columns(record: type[Published], *leave: str) -> tuple[str, ...]:
    return tuple(
        field.alias or name for name, field in record.model_fields.items() if name not in leave
    )


def _sheet(record: type[Published], *leave: str) -> Sheet:
    """One row a record, without the fields that have files of their own."""
    return Sheet(_columns(record, *leave), lambda one: iter([_flat(one, *leave)]))


def _value_rows(record: Statement) -> Iterator[dict[str, Any]]:
    for name, value in record.values.items():
        yield {"statement": record.id, "name": name, **_flat(value)}


def _result_rows(record: Trial) -> Iterator[dict[str, Any]]:
    for result in record.results:
        accuracy = dict.fromkeys(_columns(Accuracy))
        if result.accuracy is not None:
            accuracy |= _flat(result.accuracy)
        yield {**_flat(result, "arms", "contrasts", "accuracy"), **accuracy}


def _contrast_rows(record: Trial) -> Iterator[dict[str, Any]]:
    for result in record.results:
        for contrast in result.contrasts:
            yield {"result": result.id, **_flat(contrast)}


def _arm_rows(record: Trial) -> Iterator[dict[str, Any]]:
    for result in record.results:
        for place, arm in enumerate(result.arms, 1):
            yield {"result": result.id, "place": place, **_flat(arm)}


TABLES: tuple[Table, ...] = (
    Table("topics", Topic, ("topics/*/topic.yml",), {"topics": _sheet(Topic, "gaps")}),
    Table(
        "statements",
        Statement,
        (
            "conditions/*/*.yml",
            "medicines/*/*.yml",
            "trials/*.yml",
            "guidelines/*.yml",
            "health-systems/*.yml",
            "topics/*/*.yml",
        ),
        {
            "statements": _sheet(Statement, "values"),
            "values": Sheet(("statement", "name", *_columns(Value)), _value_rows),
        },
    ),
    Table(
        "trials",
        Trial,
        ("trials/*.yml",),
        {
            "trials": _sheet(Trial, "results"),
            "results": Sheet(
                (*_columns(Result, "arms", "contrasts", "accuracy"), *_columns(Accuracy)),
                _result_rows,
            ),
            "contrasts": Sheet(("result", *_columns(Contrast)), _contrast_rows),
            "arms": Sheet(("result", "place", *_columns(Arm)), _arm_rows),
        },
    ),
    Table("approvals", Approval, ("medicines/*/medicine.yml",), {"approvals": _sheet(Approval)}),
    Table("claims", Claim, ("topics/*/claims.yml",), {"claims": _sheet(Claim)}),
    Table("sources", Source, ("sources.yml", "sources/*.yml"), {"sources": _sheet(Source)}),
    Table("glossary", Term, ("glossary.yml", "glossary/*.yml"), {"glossary": _sheet(Term)}),
    Table("medicines", Medicine, ("medicines/*/medicine.yml",), {"medicines": _sheet(Medicine)}),
    Table(
        "conditions", Condition, ("conditions/*/condition.yml",), {"conditions": _sheet(Condition)}
    ),
)


# What a spreadsheet takes for the start of a formula, in both widths that keyboards give.
_FORMULA = frozenset("=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20")


_NUMERAL = re.compile(r"[+-]?\d+(?:\.\d+)?")


def harmless(value: Any) -> Any:
    """A cell that no spreadsheet runs: before a text that starts like a formula stands an
    apostrophe, as OWASP advises ("CSV Injection").

    Numbers stay numbers, also where they are written as text.
    """
    return (
        f"'{value}"
        if isinstance(value, str) and value[:1] in _FORMULA and not _NUMERAL.fullmatch(value)
        else value
    )


def csv_bytes(sheet: Sheet, records: Iterable[Published], version: str, licence: str) -> bytes:
    """Comma-separated, UTF-8, one header line (RFC 4180). The last two columns of each row are
    version and licence: a row travels alone.
    """
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([*sheet.columns, "version", "licence"])
    last = [harmless(version), harmless(licence)]
    for record in records:
        writer.writerows(
            [*(harmless(row[name]) for name in sheet.columns), *last] for row in sheet.rows(record)
        )
    return target.getvalue().encode()
