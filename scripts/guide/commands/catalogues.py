"""What the engine says to readers, gathered from the code, the templates and the scripts, and the
catalogues of its languages brought up to date with it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from guide.base import language
from guide.base.layers import ENGINE
from guide.checks.registry import all_rules
from guide.content.fields import description_of
from guide.data.tables import TABLES

MESSAGES = "messages.po"
_PACKAGE = Path(__file__).resolve().parent.parent
_KEYWORDS = {**DEFAULT_KEYWORDS, "gettext_noop": None}
_TEMPLATES = {"trimmed": "true", "silent": "false", "newstyle_gettext": "true"}
# Lines of a catalogue's head that change from day to day, or say nothing.
_LEFT_OUT = (
    "Project-Id-Version",
    "Report-Msgid-Bugs-To",
    "POT-Creation-Date",
    "PO-Revision-Date",
    "Last-Translator",
    "Language-Team",
    "Generated-By",
)


def messages() -> Catalog:
    """Every message of the code, the templates and the scripts, without a translation."""
    found = Catalog()
    for message, context, comments in _marked():
        found.add(message, None, auto_comments=comments, context=context)
    for message in _described():
        found.add(message)
    return found


def _described() -> Iterator[str]:
    """What the code says of itself to readers: the reasons of rules and what the tables of the data
    hold.
    """
    yield from (rule.reason for rule in all_rules())
    yield from (description_of(table.record) for table in TABLES)


def _marked() -> Iterator[tuple[str | tuple[str, ...], str | None, list[str]]]:
    """Each message, as (singular, plural) where it has a plural; its context; what the code says to
    translators.
    """
    places: tuple[tuple[Path, str, str, dict[str, str]], ...] = (
        (_PACKAGE, "**.py", "python", {}),
        (ENGINE / "overrides", "**.html", "jinja2.ext:babel_extract", _TEMPLATES),
        (ENGINE / "docs", "**.js", "javascript", {}),
    )
    for folder, pattern, method, options in places:
        for _, _, message, comments, context in extract_from_dir(
            folder,
            [(pattern, method)],
            {pattern: options},
            _KEYWORDS,
            ("For translators:",),
            strip_comment_tags=True,
        ):
            yield message, context, comments


def update(root: Path) -> list[str]:
    """Brings the catalogue of each language below `root`, the folder of languages, up to date: new
    messages wait for their translation, and those that are gone are taken out. Returns the paths,
    from `root`, of the catalogues that have changed.
    """
    marked, changed = messages(), []
    for code in language.known_languages():
        if code == language.ENGLISH:
            continue
        path = root / code / MESSAGES
        before = path.read_bytes() if path.is_file() else b""
        after = _updated(before, marked, code)
        if after != before:
            path.write_bytes(after)
            changed.append(f"{code}/{MESSAGES}")
    return changed


def _updated(before: bytes, marked: Catalog, code: str) -> bytes:
    """The catalogue of a language with all messages and no other, sorted, without line numbers."""
    catalogue = read_po(io.BytesIO(before), locale=code)
    catalogue.header_comment = f"# What readers are told, in the language '{code}'."
    catalogue.fuzzy = False
    # A translation that was guessed from a similar message would be taken for one.
    catalogue.update(marked, no_fuzzy_matching=True)
    written = io.BytesIO()
    write_po(written, catalogue, width=98, no_location=True, sort_output=True, ignore_obsolete=True)
    return b"".join(
        line
        for line in written.getvalue().splitlines(keepends=True)
        if not line.startswith(tuple(f'"{name}:'.encode() for name in _LEFT_OUT))
    )
