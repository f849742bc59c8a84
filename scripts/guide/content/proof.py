"""Numbers with their units as sources print them, for comparison with a record's own values.

`quantities` finds the numbers of a phrase, `missing` the numbers of a value that it lacks. A value
may be printed in another unit of the same kind (24 months for 2 years, 1 in 10 for 10%):
content/units.yml says how many of one unit another is.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

from guide.base.language import ENGLISH, current, language
from guide.base.statistics import decimal_places
from guide.base.text import last_word
from guide.content import models as m
from guide.content.proof_of_results import values_of_result

_WORDS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]


_NUMBER_WORDS = {word: Decimal(number) for number, word in enumerate(_WORDS)} | {
    "once": Decimal(1),
    "twice": Decimal(2),
    "single": Decimal(1),
    "thirty": Decimal(30),
    "forty": Decimal(40),
    "fifty": Decimal(50),
    "sixty": Decimal(60),
    "hundred": Decimal(100),
    "thousand": Decimal(1000),
    "both": Decimal(2),
}


# A number is digits with points or commas, or a word; a mark such as 'q2w' or 'EX-7' holds no
# number of its own.
_NUMBER = re.compile(
    r"(?<![\w.,])(?:(?P<digits>\d(?:[\d.,]*\d)?(?:[· ]\d{3}(?!\d))*)|(?P<word>"
    + "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True))
    + r")(?![A-Za-z]))",
    re.I,
)


_SHARE = re.compile(
    r"(?<![\w.,])(\d[\d.,]*|one|a|an)\s*(?:in every|in|out of|of|/|per)\s*(\d[\d.,]*|one hundred|a"
    r" hundred|hundred)(?!\w)",
    re.I,
)


# Between two numbers that share the unit behind the second: 6, 12 and 24 weeks; 5 to 10 mg;
# 12.2-20.8%.
_SAME_UNIT = re.compile(
    r"^\s*(?:,|;|\band\b|\bor\b|\bto\b|\bv\.?\b|\bvs\.?\b|\bversus\b|\bfrom\b|-|–|—|/|±|\bthen\b|\bbetween\b|\bcompared"
    r" with\b|\bagainst\b)+(?:\s*(?:and|or|,))*\s*$",
    re.I,
)


PERCENT = "%"
# Units that may stand before their number: 'week 14'.
_LED = ("days", "weeks", "months", "years")


class Printed(NamedTuple):
    """A number of a phrase and the unit beside it; None where none stands there."""

    number: Decimal
    unit: str | None


class Units:
    """The guide's units, and how sources spell them: as content/units.yml says, and in the words
    that the guide's language has for them (`spellings`, by unit).
    """

    def __init__(
        self, units: Mapping[str, m.Unit], spellings_of: Mapping[str, Sequence[str]] | None = None
    ):
        self._units = units
        more = spellings_of or {}
        spellings = {
            spelling.lower(): unit.unit
            for unit in units.values()
            for spelling in (*more.get(unit.unit, ()), *unit.printed, unit.one, unit.unit)
            if spelling and not (unit.before or unit.silent)
        }
        self._leading = {
            spelling.lower(): unit
            for unit, spellings_of_unit in more.items()
            if unit in _LED
            for spelling in spellings_of_unit
        }
        # 'd', 'h', 'w' are units only right behind a number; longer spellings first.
        self._behind = (
            re.compile(
                r"\s?-?\s?(?P<unit>"
                + "|".join(re.escape(word) for word in sorted(spellings, key=len, reverse=True))
                + r")(?![^\W\d_]|[/²])",
                re.I,
            )
            if spellings
            else None
        )
        self._spellings = spellings
        before: dict[str, set[str]] = {}
        for unit in units.values():
            for spelling in (unit.unit, *unit.printed) if unit.before else ():
                before.setdefault(spelling, set()).add(unit.unit)
        self._money = before
        self._before = (
            re.compile(
                r"("
                + "|".join(re.escape(word) for word in sorted(before, key=len, reverse=True))
                + r")\s?$"
            )
            if before
            else None
        )

    def behind(self, text: str, at: int) -> tuple[str, int] | None:
        """The unit that stands in `text` right behind position `at`, and where it ends."""
        match = self._behind.match(text, at) if self._behind else None
        return (self._spellings[match["unit"].lower()], match.end()) if match else None

    def before(self, text: str, at: int) -> set[str]:
        """The units right before position `at`: several where a spelling means several."""
        match = self._before.search(text[:at]) if self._before else None
        return self._money[match[1]] if match else set()

    def in_common(self, number: Decimal, unit: str) -> tuple[Decimal, str]:
        """The number in the unit that its kind is measured in: 2 weeks as 336 hours."""
        unit = self.own(unit)
        record = self._units.get(unit)
        while record is not None and record.same_as is not None and record.times is not None:
            number, unit = number * Decimal(record.times), record.same_as
            record = self._units.get(unit)
        return number, unit

    def leading(self, word: str) -> str | None:
        """The unit that a word of the guide's language before a number names."""
        return self._leading.get(word.lower())

    def own(self, unit: str) -> str:
        """A unit as the guide spells it: the engine says 'weeks' of the week of a result."""
        return unit if unit in self._units else self._spellings.get(unit.lower(), unit)

    def spelling_of(self, word: str) -> str | None:
        """The guide's spelling of a unit that a source spells otherwise."""
        return self._spellings.get(word.lower())


@lru_cache(maxsize=65536)
def _decimal(digits: str) -> Decimal:
    plain = digits.rstrip(".,").replace("·", ".")
    if re.fullmatch(r"\d{1,3}([, ]\d{3})+(\.\d+)?", plain):
        plain = re.sub(r"[, ]", "", plain)
    plain = plain.replace(",", ".").replace(" ", "")
    if plain.count(".") > 1:
        plain = plain.replace(".", "")
    return Decimal(plain).normalize()


# The values of a record are looked for in the same phrase, one after another.
@lru_cache(maxsize=64)
def quantities(text: str, units: Units) -> tuple[Printed, ...]:
    """Every number of a phrase with its unit.

    'week 14' and '$ 25' count like '14 weeks' and '25 $'. Shares such as '1 in 10' are there as per
    cent, too.
    """
    numbers = [_located(match, text, units) for match in _NUMBER.finditer(text)]
    _share_units(numbers, text)
    pairs = [
        Printed(one.number, unit)
        for one in numbers
        for unit in (one.units if one.units else (None,))
    ]
    if any(pair.unit == PERCENT for pair in pairs):
        pairs.append(Printed(Decimal(100), None))  # per cent is out of 100
    for match in _SHARE.finditer(text):
        part = Decimal(1) if match[1].lower() in ("one", "a", "an") else _decimal(match[1])
        whole = Decimal(100) if "hundred" in match[2].lower() else _decimal(match[2])
        if whole and part <= whole:
            pairs.append(Printed(part * 100 / whole, PERCENT))
    return tuple(pairs)


class _Located(NamedTuple):
    """A number of a phrase: where it and its unit begin and end, and the units it may have."""

    start: int
    end: int
    number: Decimal
    units: set[str]


_LEADING_UNITS = {
    "week": "weeks",
    "wk": "weeks",
    "month": "months",
    "day": "days",
    "year": "years",
    "age": "years",
    "aged": "years",
    # Sources in German are read in every guide, as their months are.
    "woche": "weeks",
    "monat": "months",
    "tag": "days",
    "jahr": "years",
    "alter": "years",
}
_LEADING_UNIT = re.compile(rf"({'|'.join(_LEADING_UNITS)})s?", re.I)


def _located(match: re.Match[str], text: str, units: Units) -> _Located:
    """A number with the unit that stands before or behind it."""
    number = _decimal(match["digits"]) if match["digits"] else _NUMBER_WORDS[match["word"].lower()]
    behind = units.behind(text, match.end())
    names = units.before(text, match.start()) | ({behind[0]} if behind else set())
    before = last_word(text[: match.start()])  # 'Woche 14'
    lead = _LEADING_UNIT.fullmatch(before)
    if not names and lead:
        names = {_LEADING_UNITS[lead[1].lower()]}
    elif not names and (unit := units.leading(before)):
        names = {unit}
    return _Located(match.start(), behind[1] if behind else match.end(), number, names)


def _share_units(numbers: list[_Located], text: str) -> None:
    """Gives a unit to the numbers of a list of which only the last, or the first, has one."""
    for index in range(len(numbers) - 2, -1, -1):
        one, after = numbers[index], numbers[index + 1]
        if not one.units and after.units and _SAME_UNIT.match(text[one.end : after.start]):
            numbers[index] = one._replace(units=after.units)
    for index in range(1, len(numbers)):
        one, before = numbers[index], numbers[index - 1]
        if not one.units and before.units and _SAME_UNIT.match(text[before.end : one.start]):
            numbers[index] = one._replace(units=before.units)


def missing(value: m.Value, text: str, units: Units) -> list[str]:
    """The numbers of a value, as '12 weeks', that do not stand in a phrase with their unit."""
    if isinstance(value, datetime.date):
        return [] if _holds_date(value, text) else [value.isoformat()]
    if isinstance(value, str):
        return _missing_of_text(value, text, units)
    pairs = quantities(text, units)
    if isinstance(value, m.Quantity):
        return _missing_of_quantity(value, pairs, units)
    number = Decimal(value).normalize()
    return [] if number in {pair.number.normalize() for pair in pairs} else [f"{number:f}"]


def _missing_of_text(value: str, text: str, units: Units) -> list[str]:
    if m.is_year_month(value):
        return [] if _holds_month(value, text) else [value]
    printed = {pair.number for pair in quantities(text, units)}
    numbers = map(_decimal, re.findall(r"(?<![\w.])\d[\d.,]*", value))
    return [str(number) for number in numbers if number not in printed]


def _missing_of_quantity(value: m.Quantity, pairs: Sequence[Printed], units: Units) -> list[str]:
    numbers = [Decimal(number) for number in value.numbers]
    if value.printed is not None:
        # A rounded number stands for all that round to it: 15 out of 100 for 14.7%.
        places = max(map(decimal_places, numbers))
        pairs = [_rounded(pair, value.unit, places, units) for pair in pairs]
    if value.unit is None or value.unit == "year":
        bare = {pair.number.normalize() for pair in pairs}
        return [f"{number:f}" for number in numbers if number.normalize() not in bare]
    printed = {
        _normal(units.in_common(pair.number, pair.unit)) for pair in pairs if pair.unit is not None
    }
    return [
        f"{number:f} {units.own(value.unit)}"
        for number in numbers
        if _normal(units.in_common(number, value.unit)) not in printed
    ]


def _normal(quantity: tuple[Decimal, str]) -> tuple[Decimal, str]:
    return quantity[0].normalize(), quantity[1]


def _rounded(pair: Printed, unit: str | None, places: int, units: Units) -> Printed:
    """A printed number rounded to `places`, in the unit if it is of the same kind."""
    step = Decimal(1).scaleb(-places)
    if unit and pair.unit is not None:
        number, common = units.in_common(pair.number, pair.unit)
        size, kind = units.in_common(Decimal(1), unit)
        if common == kind:
            return Printed((number / size).quantize(step, ROUND_HALF_UP), unit)
    # No value of a guide is so large, and quantize refuses numbers of 28 digits.
    if pair.number < 10**9:
        return Printed(pair.number.quantize(step, ROUND_HALF_UP), pair.unit)
    return pair


def _names_of(month: int) -> tuple[str, ...]:
    """The names of a month, 1 to 12, as sources print it: in English, which most are in, in German,
    and in the guide's own language.
    """
    spoken = (language(ENGLISH), language("de"), current())
    return tuple(dict.fromkeys(one.months[month - 1] for one in spoken))


def _holds_date(date: datetime.date, text: str) -> bool:
    forms = [
        date.isoformat(),
        f"{date.day:02}/{date.month:02}/{date.year}",
        f"{date.day:02}.{date.month:02}.{date.year}",
        f"{date.day:02}-{date.month:02}-{date.year}",
        f"{date.year}年{date.month}月{date.day}日",
        f"{date.month}/{date.day}/{date.year}",
        f"{date.month:02}/{date.day:02}/{date.year}",
        current().date(date),
    ]
    for month in _names_of(date.month):
        forms += [
            f"{date.day} {month} {date.year}",
            f"{date.day:02} {month} {date.year}",
            f"{date.day}. {month} {date.year}",
            f"{date.day:02}. {month} {date.year}",
            f"{month} {date.day}, {date.year}",
            f"{month} {date.day} {date.year}",
            f"{date.day} {month[:3]} {date.year}",
            f"{month[:3]} {date.day}, {date.year}",
        ]
    flat = re.sub(r"\s+", " ", text).lower()
    return any(form.lower() in flat for form in forms)


def _holds_month(value: str, text: str) -> bool:
    year, month = value.split("-")
    flat = re.sub(r"\s+", " ", text).lower()
    forms = [
        value,
        f"{month}/{year}",
        f"{int(month)}/{year}",
        f"{year}年{int(month)}月",
        current().month(datetime.date(int(year), int(month), 1)),
    ]
    days = [rf"{year}-{month}-\d\d"]
    for name in _names_of(int(month)):
        forms += [
            f"{name} {year}",
            f"{name[:3]} {year}",
            f"{name}, {year}",
            f"{name[:3].upper()}-{year}",
        ]
        days += [rf"\d{{1,2}}\.? {name} {year}", rf"{name} \d{{1,2}},? {year}"]
    return any(form.lower() in flat for form in forms) or bool(
        re.search("|".join(days), text, re.I)
    )


def values_of(
    record: m.Statement | m.Result | m.Approval,
) -> Iterator[tuple[tuple[str | int, ...], m.Value]]:
    """Every value of a record that a source must hold, with the keys that lead to it.

    A count that was worked out from its percentage stands in no source: the rule `counts-agree`
    works it out again.
    """
    if isinstance(record, m.Statement):
        for name, value in record.values.items():
            yield ("values", name), value
    elif isinstance(record, m.Result):
        yield from values_of_result(record)
    elif record.date is not None:
        yield ("date",), record.date
