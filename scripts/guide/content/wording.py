"""Wordings with numbers in them: `{name}` calls a value of the record, `{record-id.name}`
another's.

A digit never stands in a wording itself: it stands once, in `values`, and both tracks call it.
The exceptions are names that happen to hold digits: see `guide.content.names`.
"""

from __future__ import annotations

import datetime
import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal

from guide.base import language
from guide.content import models as m

CALL = re.compile(r"\{([A-Za-z0-9_.-]+)\}")


# Where an item of a list begins in a wording of several lines: a lead, then lines that start with
# "- ".
ITEM = "\n- "


_DIGIT = re.compile(r"[0-9]")


# `serve` asks of the same texts after each edit.
@functools.lru_cache(maxsize=1 << 15)
def free_digits(text: str, names: re.Pattern[str]) -> tuple[str, ...]:
    """The words of a wording that hold a number of their own, outside calls and `names` (see
    `guide.content.names.pattern`).

    A number is whatever a reader takes for one: a digit of any script, and ½, ², Ⅳ or ①.
    """
    rest = CALL.sub(" ", text) if "{" in text else text
    if not holds_number(rest):
        return ()
    words = re.split(r"[\s,;()]+", names.sub(" ", rest))
    return tuple(word for word in words if holds_number(word))


def holds_number(text: str) -> bool:
    """Whether any character of a text stands for a number."""
    return bool(_DIGIT.search(text)) or (
        not text.isascii() and any(unicodedata.numeric(letter, None) is not None for letter in text)
    )


def calls(text: str) -> Iterator[tuple[str | None, str]]:
    """The calls of a wording, each as (record id or None for the record's own, value name)."""
    for match in CALL.finditer(text) if "{" in text else ():
        record, dot, name = match[1].rpartition(".")
        yield (record if dot else None), name


def shown_number(number: int | Decimal) -> str:
    """A number as a reader sees it: `14,744`, `0.5`; minus is a real minus sign."""
    return language.current().number(number)


def shown_range(ends: Iterable[str]) -> str:
    """One number as it is, the two ends of a range as `5 to 10`."""
    low, *high = ends
    # What stands between is a message; what it holds is never taken for one.
    return (
        language.pgettext("range", "{low} to {high}").format(low=low, high=high[0]) if high else low
    )


def shown_date(date: datetime.date | str) -> str:
    """`14 December 2021`, or `October 2013` for a month."""
    if isinstance(date, str):
        year, month = date.split("-")
        return language.current().month(datetime.date(int(year), int(month), 1))
    return language.current().date(date)


def shown(value: m.Value) -> str:
    """A value as a reader sees it, with its unit."""
    if isinstance(value, m.Quantity):
        return _shown_quantity(value)
    if isinstance(value, datetime.date):
        return shown_date(value)
    if isinstance(value, (int, Decimal)):
        return shown_number(value)
    return shown_date(value) if m.is_year_month(value) else value


def _shown_quantity(value: m.Quantity) -> str:
    form = value.form
    if form is not None and form.silent and value.value is not None:
        return str(value.value)
    number = shown_range(map(shown_number, value.numbers))
    if value.unit is None:
        return number
    if form is None:
        return f"{number}{chr(0xA0)}{value.unit}"
    unit = form.one or form.unit if value.value == 1 else form.unit
    if form.before:
        return unit + number
    return f"{number}{'' if form.tight else chr(0xA0)}{unit}"
