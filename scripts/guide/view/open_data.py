"""The page about the open data."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from guide.base.language import gettext as _
from guide.base.language import gettext_noop
from guide.base.text import relative, slug, text
from guide.content.fields import description_of
from guide.data.files import example
from guide.data.published import ROOT
from guide.data.tables import TABLES, Table
from guide.view.about import LicenceLink, content_licence
from guide.view.context import Context

# What each table is called.
TITLES = {
    "topics": gettext_noop("Topics"),
    "statements": gettext_noop("Statements"),
    "trials": gettext_noop("Trials"),
    "approvals": gettext_noop("Approvals"),
    "claims": gettext_noop("Claims"),
    "sources": gettext_noop("Sources"),
    "glossary": gettext_noop("Glossary"),
    "medicines": gettext_noop("Medicines"),
    "conditions": gettext_noop("Conditions"),
}

# What the tables are called, and what one record of them is, in a guide without medicines. The
# files keep their names.
OTHERS = {
    "topics": (gettext_noop("Topics"), gettext_noop("One option in one condition.")),
    "approvals": (
        gettext_noop("Decisions"),
        gettext_noop("What one body decided about one option in one condition."),
    ),
    "medicines": (
        gettext_noop("Options"),
        gettext_noop("A therapy, a test, a programme or another option."),
    ),
}


@dataclass(frozen=True)
class FileLink:
    """A file to download."""

    name: str
    href: str


@dataclass(frozen=True)
class TableShown:
    """A table of the data: what one record is, and its files."""

    id: str
    title: str
    record: Markup
    json: FileLink
    schema: str
    csv: tuple[FileLink, ...]


@dataclass(frozen=True)
class Data:
    """What a reader must know to use the data: where it starts, how to name it, lines that read
    it, its tables, and whether it holds claims of an article, and medicines. `counted`: all its
    results count people.
    """

    index: str
    root: str
    name: Markup
    example: tuple[Markup, ...]
    tables: tuple[TableShown, ...]
    licence: LicenceLink
    changes_href: str
    claims: bool = False
    medicines: bool = True
    counted: bool = True


def data(page: Context) -> Data:
    """The page about the open data.

    The version stands in the files alone: on a page it would change the page with every edit
    elsewhere.
    """
    return Data(
        index=relative(page.url, f"{ROOT}index.json"),
        root=ROOT,
        name=text(f"{page.publication.publisher}, {page.publication.name}"),
        example=tuple(text(line) for line in example(page.publication)),
        tables=tuple(
            TableShown(
                f"table-{slug(table.name)}",
                *_titled(page, table),
                FileLink(f"{table.name}.json", relative(page.url, f"{ROOT}{table.name}.json")),
                relative(page.url, f"{ROOT}schema/{table.name}.json"),
                tuple(
                    FileLink(f"{name}.csv", relative(page.url, f"{ROOT}{name}.csv"))
                    for name in table.sheets
                ),
            )
            for table in TABLES
            if table.name != "claims" or page.library.claims
        ),
        licence=content_licence(page),
        changes_href=page.link("about/changes"),
        claims=bool(page.library.claims),
        medicines=page.has_medicines,
        counted=all(
            result.kind == "counts"
            for trial in page.library.trials.values()
            for result in trial.results
        ),
    )


def _titled(page: Context, table: Table) -> tuple[str, Markup]:
    """What a table is called, and what one record of it is."""
    if not page.has_medicines and table.name in OTHERS:
        title, record = OTHERS[table.name]
        return _(title), text(_(record))
    # The key of the message is the docstring that the schema publishes.
    return _(TITLES[table.name]), text(_(description_of(table.record)))
