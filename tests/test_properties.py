"""What holds for every input, tried with inputs that hypothesis makes up.

The inputs are the same in each run. An input that once failed is kept as an `@example`.
"""

from __future__ import annotations

import csv
import datetime
import html
import io
import re
import unicodedata
from decimal import Decimal
from urllib.parse import urljoin

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from guide.base import statistics
from guide.base.fingerprint import fingerprint
from guide.base.normalise import ODD_SPACES, find_alike, find_hidden, normalise
from guide.base.text import relative, slug, text
from guide.content import models as m
from guide.content import proof, wording
from guide.content.values import contrasts
from guide.content.yaml_reader import parse_yaml
from guide.data.tables import harmless
from guide.search.tokens import tokens

settings.register_profile("same-every-time", derandomize=True, deadline=None, max_examples=100)
settings.load_profile("same-every-time")


# -- YAML ----------------------------------------------------------------------------------


def read(content: str) -> object:
    """The value of a file, or None if it is refused at lines that it has."""
    value, lines, problems = parse_yaml(content.encode(), "file.yml")
    last = content.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    assert all(1 <= line <= last for line in lines.values())
    assert all(0 <= problem.line <= last and problem.message for problem in problems)
    assert value is not None or problems
    assert value is None or not problems
    # Only what concerns the file as a whole has no line.
    assert all(problem.line or "the file is empty" in problem.message for problem in problems)
    return value


KEYS = st.from_regex(r"[a-z][a-z_]{0,8}", fullmatch=True)
WORDS = st.from_regex(r"[A-Z][a-z]{1,8}( [a-z]{1,8}){0,30}", fullmatch=True)
NUMBERS = st.integers(-(10**6), 10**6)
DECIMALS = st.decimals(-1000, 1000, places=2).map(float)
DAYS = st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1))


def files_of(scalars: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    values = st.recursive(
        scalars,
        lambda inner: (
            st.lists(inner, min_size=1, max_size=4) | st.dictionaries(KEYS, inner, min_size=1)
        ),
        max_leaves=8,
    )
    return st.dictionaries(KEYS, values, min_size=1, max_size=4)


def as_read(value: object) -> object:
    """A value as the reader gives it: normalised texts, decimals in place of floats.

    Numbers with an exponent and infinities are text for it.
    """
    if isinstance(value, dict):
        return {key: as_read(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_read(item) for item in value]
    if isinstance(value, str):
        return normalise(value)
    if isinstance(value, float):
        written = str(yaml.safe_dump(value)).split("\n")[0]
        return Decimal(written) if re.fullmatch(r"-?[0-9]+\.[0-9]+", written) else written
    return value


def dumped(value: object) -> str:
    return str(yaml.safe_dump(value, default_flow_style=False, allow_unicode=True))


@given(value=files_of(WORDS | NUMBERS | DECIMALS | DAYS | st.booleans()))
def test_ordinary_values_are_read_as_they_were_written(value):
    assert read(dumped(value)) == as_read(value)


@given(value=files_of(st.text(max_size=60) | st.none() | st.floats() | NUMBERS))
def test_any_values_are_read_as_they_were_written_or_refused(value):
    result = read(dumped(value))
    assert result is None or result == as_read(value)


# Pieces that files are made of, and those that break them.
PIECES = st.sampled_from(
    [
        *"\n\n\n\n:-#'\"[]{},&*!|>%@`?.~<= \t\\aB1",
        *(
            " ",
            "  ",
            "- ",
            ": ",
            "key: ",
            "patient: ",
            "\n  ",
            "\n- ",
            "\n  - ",
            " #",
            "<<: ",
            "...",
        ),
        *(
            "“",
            "”",
            "’",
            "\u00a0",
            "\u200b",
            "\ufeff",
            "\u2028",
            "\u0430",
            "½",
            "2,5",
            "1:30",
            "2026-02-30",
        ),
        *("---\n", "? ", "!!str ", "&a ", "*a", "\r", "\x85", "\x00", "|\n", ">-\n", "\U0001f600"),
    ]
)


@given(
    content=st.lists(PIECES, max_size=40).map("".join)
    | st.text(st.characters(codec="utf-8"), max_size=80)
)
@settings(max_examples=400)
@example(content="? ")
@example(content="[")
def test_no_file_ends_in_a_traceback(content):
    read(content)


# -- wordings ------------------------------------------------------------------------------

NUMBER = st.integers(0, 10**7) | st.decimals(0, 10**6, places=3)
UNITS = {
    unit.unit: unit
    for unit in (
        m.Unit(unit="weeks", one="week"),
        m.Unit(unit="mg", dose=True),
        m.Unit(unit="%", tight=True),
        m.Unit(unit="$", before=True),
    )
}


@given(number=st.integers() | st.decimals(allow_nan=False, allow_infinity=False, places=8))
@example(number=Decimal("0.0000001"))
def test_a_shown_number_is_that_number_without_exponent(number):
    shown = wording.shown_number(number)
    assert Decimal(shown.replace(",", "").replace("\u2212", "-")) == number
    assert not set(shown) - set("0123456789,.\u2212")


@given(ends=st.lists(NUMBER, min_size=1, max_size=2).map(sorted), unit=st.sampled_from([*UNITS]))
def test_a_shown_quantity_proves_itself(ends, unit):
    low, high = ends[0], ends[-1]
    value = (
        m.Quantity(value=low, unit=unit)
        if len(ends) == 1
        else m.Quantity(low=low, high=high, unit=unit)
    )
    value.in_form(UNITS[unit])
    units = proof.Units(UNITS)
    assert proof.missing(value, wording.shown(value), units) == []
    other = m.Quantity(value=high + 1, unit=unit)
    assert proof.missing(other, wording.shown(value), units) != []


@given(day=DAYS)
def test_a_shown_day_proves_itself(day):
    shown, units = wording.shown_date(day), proof.Units({})
    assert proof.missing(day, shown, units) == []
    assert proof.missing(day + datetime.timedelta(days=1), shown, units) != []


WORDS_WITHOUT_CALLS = st.text(st.characters(exclude_characters="{}", codec="utf-8"), max_size=12)
RECORD_IDS = st.none() | st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True)
VALUE_NAMES = st.from_regex(r"[a-z][a-z0-9_]*", fullmatch=True)


@given(
    calls=st.lists(st.tuples(RECORD_IDS, VALUE_NAMES), max_size=5),
    words=st.lists(WORDS_WITHOUT_CALLS, min_size=6, max_size=6),
)
def test_the_calls_of_a_wording_are_those_written(calls, words):
    written = [f"{{{record}.{name}}}" if record else f"{{{name}}}" for record, name in calls]
    pieces = [piece for pair in zip(words, [*written, ""], strict=False) for piece in pair]
    assert list(wording.calls("".join(pieces))) == calls


# -- statistics ----------------------------------------------------------------------------

COUNTS = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(group=COUNTS)
def test_those_with_and_without_an_outcome_are_all(group):
    responders, n = group
    assert 0 <= statistics.rate(responders, n) <= 100
    total = statistics.rate(responders, n) + statistics.rate(n - responders, n)
    assert total == pytest.approx(Decimal(100), abs=Decimal("1e-20"))


@given(group=COUNTS, places=st.integers(0, 2))
def test_a_count_fits_its_own_percentage(group, places):
    responders, n = group
    percent = statistics.rounded(statistics.rate(responders, n), places)
    assert responders in statistics.counts_that_fit(percent, n)


@given(first=COUNTS, second=COUNTS)
def test_an_interval_holds_its_difference_and_turns_with_it(first, second):
    low, high = statistics.newcombe(*first, *second)
    difference = statistics.rate(*first) - statistics.rate(*second)
    tiny = Decimal("1e-9")
    assert -100 - tiny <= low <= difference + tiny
    assert difference - tiny <= high <= 100 + tiny
    assert statistics.newcombe(*second, *first) == (-high, -low)


@given(first=COUNTS, second=COUNTS)
def test_a_number_needed_is_the_same_from_both_sides(first, second):
    needed = statistics.number_needed(*first, *second)
    assert needed == statistics.number_needed(*second, *first)
    low, high = statistics.newcombe(*first, *second)
    assert (needed is None) == (low <= 0 <= high)
    assert needed is None or 1 <= needed.low <= needed.number <= needed.high


@given(first=COUNTS, second=COUNTS, outcome=st.sampled_from(["good", "bad"]))
def test_a_number_needed_treats_where_the_arm_does_better(first, second, outcome):
    arms = [m.Arm(arm="a", responders=count, n=n) for count, n in (first, second)]
    contrast = contrasts(m.Result.model_construct(outcome=outcome, arms=arms))[0]
    assert contrast.treat is None or contrast.harm is None
    assert contrast.treat is None or (contrast.difference > 0) == (outcome == "good")
    assert contrast.harm is None or (contrast.difference > 0 and outcome == "bad")


# -- text ----------------------------------------------------------------------------------


@given(words=st.text())
def test_normalising_twice_changes_nothing_more(words):
    once = normalise(words)
    assert normalise(once) == once


@given(words=st.text() | st.text(st.sampled_from(f"ab\n\u00ad“’ﬁ㎎é{ODD_SPACES}")))
def test_normalising_keeps_lines_and_words(words):
    plain = normalise(words)
    assert plain.count("\n") == words.count("\n")
    assert not set(plain) & set(ODD_SPACES) and "  " not in plain
    assert bool(plain.strip()) == bool(words.replace("\u00ad", "").strip())
    assert unicodedata.is_normalized("NFC", plain)


@given(words=st.text(st.characters(codec="ascii", exclude_characters="\t")))
def test_plain_texts_stay_as_they_are(words):
    assert normalise(words) == words or "  " in words
    assert find_alike(words) is None


@given(words=st.text())
def test_a_hidden_letter_is_one_of_the_text(words):
    hidden = find_hidden(words)
    assert hidden in words and (not hidden or len(hidden) == 1)


@given(words=st.text())
def test_text_from_yaml_is_read_as_it_is_and_holds_no_markup(words):
    safe = str(text(words))
    assert not set(safe) & set("<>\"'`*_{}[]|~\\")
    if not set(words) & {"\r", "\x00"} and not any("\x80" <= c <= "\x9f" for c in words):
        assert html.unescape(safe) == words


@given(words=st.text())
def test_an_id_of_an_id_is_the_same(words):
    assert slug(slug(words)) == slug(words)


FOLDERS = st.lists(st.sampled_from(["a", "b", "topic-x", "patients"]), max_size=4).map(
    lambda parts: "".join(f"{part}/" for part in parts)
)
PAGES = st.tuples(FOLDERS, st.sampled_from(["", "404.html", "cite.ris"])).map("".join)
ANCHORS = st.sampled_from(["", "#kidney", "#a-1"])


@given(source=PAGES, target=PAGES, anchor=ANCHORS)
def test_a_relative_address_leads_to_its_target(source, target, anchor):
    site = "https://guide.example.org/under/"
    way = str(relative(source, target + anchor))
    assert not way.startswith("/")
    assert urljoin(site + source, way) == site + target + anchor


@given(
    parts=st.lists(st.text(max_size=3), max_size=4), other=st.lists(st.text(max_size=3), max_size=4)
)
@example(parts=["ab", "c"], other=["a", "bc"])
def test_other_parts_have_another_fingerprint(parts, other):
    assert (fingerprint(*parts) == fingerprint(*other)) == (parts == other)


# -- search --------------------------------------------------------------------------------

LATIN = st.text(st.characters(max_codepoint=0x17F, codec="utf-8"), max_size=40)


@given(words=LATIN)
def test_search_words_do_not_depend_on_case(words):
    lower = words.lower()
    assert tokens(lower) == tokens(words)
    assert all(word.isascii() and word == word.lower() for word in tokens(words))


# -- tables --------------------------------------------------------------------------------


@given(cell=st.text() | st.from_regex(r"[=+\-@\t][ -~]{0,8}", fullmatch=True))
def test_no_cell_starts_a_formula(cell):
    safe = harmless(cell)
    assert safe in (cell, f"'{cell}")
    assert harmless(safe) == safe
    is_number = safe.lstrip("+-").replace(".", "", 1).isdecimal() and len(safe.lstrip("+-")) > 0
    assert is_number or safe[:1] not in set("=+-@\t\r\n")
    target = io.StringIO(newline="")
    csv.writer(target, lineterminator="\r\n").writerow([safe, "end"])
    if "\x00" not in safe:
        assert next(csv.reader(io.StringIO(target.getvalue(), newline=""))) == [safe, "end"]


@given(number=st.integers() | st.decimals(allow_nan=False, allow_infinity=False) | st.booleans())
def test_a_number_stays_a_number(number):
    assert harmless(number) is number
