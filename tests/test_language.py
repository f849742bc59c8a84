"""The guide's language: numbers, dates and lists, catalogues that are whole, packs of rules, and a
guide that speaks none of ours.
"""

from __future__ import annotations

import re
import string
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from guide.base import language
from guide.commands import catalogues
from guide.commands.catalogues import MESSAGES, messages, update

OTHERS = [code for code in language.known_languages() if code != language.ENGLISH]
REPAIR = "./scripts/messages"


def keys(catalogue: Catalog) -> set[tuple[str | None, str]]:
    return {(one.context, str(one.id)) for one in catalogue if one.id}


def catalogue_of(code: str) -> Catalog:
    with (language.LANGUAGES / code / MESSAGES).open("rb") as file:
        return read_po(file, locale=code)


def places(words: str) -> set[str]:
    """The names in a message that values are put in the place of."""
    braces = {name for _, name, _, _ in string.Formatter().parse(words) if name is not None}
    return braces | set(re.findall(r"%\((\w+)\)", words))


# -- catalogues ----------------------------------------------------------------------------


@pytest.mark.parametrize("code", OTHERS)
def test_a_catalogue_has_every_message_and_none_that_is_gone(code: str) -> None:
    marked, kept = keys(messages()), keys(catalogue_of(code))
    assert not marked - kept, f"new messages: run {REPAIR}, and translate them"
    assert not kept - marked, f"messages that nobody says any more: run {REPAIR}"
    assert not catalogue_of(code).obsolete


@pytest.mark.parametrize("code", OTHERS)
def test_every_message_is_translated_with_its_places(code: str) -> None:
    for message in catalogue_of(code):
        if not message.id:
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        said = [message.string] if isinstance(message.string, str) else list(message.string)
        assert not message.fuzzy, f"'{ids[0]}' is marked fuzzy: read its translation"
        assert all(said), f"'{ids[0]}' has no translation"
        for form in said:
            # A form for one may leave the number out; no form has a place that English lacks.
            assert places(form) <= places(ids[-1]), f"'{form}' has places that '{ids[-1]}' lacks"
        if len(ids) == 1:
            assert places(said[0]) == places(ids[0]), f"'{said[0]}' lacks a place of '{ids[0]}'"
        assert message.flags <= {"python-format", "python-brace-format"}


@pytest.mark.parametrize("code", OTHERS)
def test_a_catalogue_is_as_the_verb_writes_it(code: str, tmp_path: Path) -> None:
    """Sorted and without lines: a change of the code changes nothing here but its own messages."""
    (tmp_path / code).mkdir()
    path = tmp_path / code / MESSAGES
    path.write_bytes((language.LANGUAGES / code / MESSAGES).read_bytes())
    assert f"{code}/{MESSAGES}" not in update(tmp_path), f"run {REPAIR}"


def test_the_verb_adds_what_is_new_and_takes_out_what_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language, "known_languages", lambda: ("de", "en"))
    first, second = Catalog(), Catalog()
    first.add("Side effects")
    first.add(("{count} tablet", "{count} tablets"))
    second.add("Side effects")
    second.add("Dose", context="of a medicine")
    monkeypatch.setattr(catalogues, "messages", lambda: first)
    path = tmp_path / "de" / MESSAGES
    path.parent.mkdir()
    assert update(tmp_path) == [f"de/{MESSAGES}"] and update(tmp_path) == []
    path.write_text(
        path.read_text().replace('"Side effects"\nmsgstr ""', '"Side effects"\nmsgstr "Wirkungen"')
    )
    monkeypatch.setattr(catalogues, "messages", lambda: second)
    assert update(tmp_path) == [f"de/{MESSAGES}"]
    written = path.read_text()
    assert 'msgstr "Wirkungen"' in written and "tablet" not in written
    assert 'msgctxt "of a medicine"\nmsgid "Dose"\nmsgstr ""' in written
    assert "Date" not in written and "#:" not in written


def test_templates_and_code_are_searched() -> None:
    found = keys(messages())
    assert ("range", "{low} to {high}") in found
    assert (None, "('{count} source', '{count} sources')") in found
    assert (None, "words of praise") in found, "a message that a constant holds"


# -- numbers, dates and lists --------------------------------------------------------------


def test_each_language_writes_numbers_dates_and_lists_in_its_own_way() -> None:
    english, german = language.language("en"), language.language("de")
    day = date(2021, 12, 4)
    assert (english.date(day), english.month(day)) == ("4 December 2021", "December 2021")
    assert (german.date(day), german.month(day)) == ("4. Dezember 2021", "Dezember 2021")
    assert english.number(Decimal("-1234.50")) == "−1,234.50"
    assert german.number(Decimal("-1234.50")) == "−1.234,50"
    assert english.number(Decimal("0.0000001")) == "0.0000001"
    assert english.number(Decimal("-0.0")) == "0.0" and english.signed(Decimal("-0.0")) == "0.0"
    assert english.joined("abc") == "a, b and c" and german.joined("abc") == "a, b und c"
    assert english.joined("ab", "or") == "a or b" and german.joined("ab", "or") == "a oder b"
    assert english.joined([]) == "" and english.joined(["a"]) == "a"
    assert (english.name, german.name) == ("English", "Deutsch")


@pytest.mark.parametrize("code", language.known_languages())
@pytest.mark.parametrize("month", range(1, 13))
def test_a_day_that_is_shown_is_found_again(code: str, month: int) -> None:
    spoken = language.language(code)
    for day in (date(2026, month, 1), date(1999, month, 27), date(2003, month, 20)):
        text = f"Version ab12: {spoken.date(day)}. 12"
        assert spoken.date_in(text) == day
        assert spoken.dates.search(text)[0] == spoken.date(day)
    assert spoken.date_in("On 4/12, in 2021.") is None


@pytest.mark.parametrize("number", ["1234567.5", "-3", "0.25", "12"])
def test_a_number_that_is_shown_is_read_again(number: str) -> None:
    for code in language.known_languages():
        spoken = language.language(code)
        assert spoken.plain(spoken.number(Decimal(number))) == number
