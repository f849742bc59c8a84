"""The page about the open data."""

from __future__ import annotations

from typing import Any

from guide.base.text import relative, text
from guide.content.fields import description_of
from guide.content.publication import CODE, CONTENT, Licence
from guide.view.context import Context


def data_tables_shown(page: Context) -> list[dict[str, Any]]:
    """The tables of the data: name, what a record is, and the addresses of its files from this
    page.
    """
    from guide.data import published, tables

    return [
        {
            "name": table.name,
            "what": text(description_of(table.record)),
            "json": relative(page.url, f"{published.ROOT}{table.name}.json"),
            "schema": relative(page.url, f"{published.ROOT}schema/{table.name}.json"),
            "csv": [
                {"name": name, "href": relative(page.url, f"{published.ROOT}{name}.csv")}
                for name in table.sheets
            ],
        }
        for table in tables.TABLES
    ]


def data_shown(page: Context) -> dict[str, Any]:
    """What a reader must know to use the data: where it starts, how to name it, and three lines
    that read it.

    The version stands in the files alone: on a page it would change the page with every edit
    elsewhere.
    """
    from guide.data import files, published

    return {
        "index": relative(page.url, f"{published.ROOT}index.json"),
        "root": published.ROOT,
        "name": text(f"{page.publication.publisher}, {page.publication.name}"),
        "example": [text(line) for line in files.example(page.publication)],
    }


def licences_shown(page: Context) -> dict[str, Licence]:
    return {"content": CONTENT, "code": CODE}
