"""Numbers with their units as sources print them, to be held against a record's own values.

`quantities` reads a phrase; `stands` says whether a value is in it. A value may be printed in
another unit of the same kind (24 months for 2 years, 1 in 10 for 10%): content/units.yml says how
many of one unit another is.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

from guide.content import models as m
from guide.content.wording import MONTHS

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


# A number is digits with points or commas, or a word; a mark such as 'q2w' or 'IL-17' holds no
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


class Printed(NamedTuple):
    """A number of a phrase and the unit beside it; None where none stands there."""

    number: Decimal
    unit: str | None


class Units:
    """The guide's units, and how sources spell them."""

    def __init__(self, units: Mapping[str, m.Unit]):
        self._units = units
        spellings = {
            spelling.lower(): unit.unit
            for unit in units.values()
            for spelling in (*unit.printed, unit.unit)
            if not (unit.before or unit.silent)
        }
        # 'd', 'h', 'w' are units only right behind a number; longer spellings first.
        self._behind = (
            re.compile(
                r"\s?-?\s?(?P<unit>"
                + "|".join(re.escape(word) for word in sorted(spellings, key=len, reverse=True))
                + r")(?![A-Za-z/²])",
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
        found = self._behind.match(text, at) if self._behind else None
        return (self._spellings[found["unit"].lower()], found.end()) if found else None

    def before(self, text: str, at: int) -> set[str]:
        """The units that stand right before position `at`: more than one where a spelling means
        several.
        """
        found = self._before.search(text[:at]) if self._before else None
        return self._money[found[1]] if found else set()

    def in_common(self, number: Decimal, unit: str) -> tuple[Decimal, str]:
        """The number in the unit that its kind is measured in: 2 weeks as 336 hours."""
        record = self._units.get(unit)
        while record is not None and record.same_as is not None:
            number, unit = number * Decimal(record.times), record.same_as
            record = self._units.get(unit)
        return number, unit

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


def quantities(text: str, units: Units) -> list[Printed]:
    """Every number of a phrase with its unit; 'week 14' and '$ 25' count like '14 weeks' and '25
    $'. Shares such as '1 in 10' come as per cent too.
    """
    found: list[tuple[int, int, Decimal, set[str]]] = []
    for match in _NUMBER.finditer(text):
        number = (
            _decimal(match["digits"]) if match["digits"] else _NUMBER_WORDS[match["word"].lower()]
        )
        behind = units.behind(text, match.end())
        named = units.before(text, match.start())
        if behind:
            named = named | {behind[0]}
        lead = re.search(r"\b(week|wk|month|day|year|age|aged)s?\s*$", text[: match.start()], re.I)
        if lead and not named:
            word = lead[1].lower()
            named = {
                (
                    "weeks"
                    if word in ("week", "wk")
                    else "years"
                    if word in ("age", "aged")
                    else f"{word}s"
                )
            }
        found.append((match.start(), behind[1] if behind else match.end(), number, named))
    # A unit behind the last of a list belongs to all of it.
    for index in range(len(found) - 2, -1, -1):
        start, end, number, named = found[index]
        after = found[index + 1]
        if not named and after[3] and _SAME_UNIT.match(text[end : after[0]]):
            found[index] = (start, end, number, after[3])
    for index in range(1, len(found)):
        start, end, number, named = found[index]
        if (
            not named
            and found[index - 1][3]
            and _SAME_UNIT.match(text[found[index - 1][1] : start])
        ):
            found[index] = (start, end, number, found[index - 1][3])
    pairs = [Printed(number, unit) for _, _, number, named in found for unit in named or {None}]
    if any(pair.unit == PERCENT for pair in pairs):
        pairs.append(Printed(Decimal(100), None))  # per cent is out of 100
    for match in _SHARE.finditer(text):
        part = Decimal(1) if match[1].lower() in ("one", "a", "an") else _decimal(match[1])
        whole = Decimal(100) if "hundred" in match[2].lower() else _decimal(match[2])
        if whole and part <= whole:
            pairs.append(Printed(part * 100 / whole, PERCENT))
    return pairs


def missing(value: m.Value, text: str, units: Units) -> list[str]:
    """The numbers of a value, as '12 weeks', that do not stand in a phrase with their unit."""
    if isinstance(value, datetime.date):
        return [] if _holds_date(value, text) else [value.isoformat()]
    if isinstance(value, str):
        if m.is_year_month(value):
            return [] if _holds_month(value, text) else [value]
        return [
            str(number)
            for number in map(_decimal, re.findall(r"(?<![\w.])\d[\d.,]*", value))
            if number not in {one.number for one in quantities(text, units)}
        ]
    pairs = quantities(text, units)
    if not isinstance(value, m.Quantity):
        return (
            []
            if Decimal(value).normalize() in {pair.number.normalize() for pair in pairs}
            else [f"{Decimal(value).normalize():f}"]
        )
    numbers = [number for number in (value.value, value.low, value.high) if number is not None]
    if (
        value.printed is not None
    ):  # a rounded number stands for all that round to it: 15 out of 100 for 14.7%
        steps = Decimal(1).scaleb(min(Decimal(number).as_tuple().exponent for number in numbers))
        pairs = [
            (
                Printed(_rounded(pair, value.unit, steps, units), value.unit)
                if value.unit and _kin(pair, value.unit, units)
                else Printed(
                    (
                        pair.number.quantize(steps, ROUND_HALF_UP)
                        if pair.number < 10**9
                        else pair.number
                    ),
                    pair.unit,
                )
            )
            for pair in pairs
        ]
    if value.unit in (None, "year"):
        bare = {pair.number.normalize() for pair in pairs}
        return [
            f"{Decimal(number):f}" for number in numbers if Decimal(number).normalize() not in bare
        ]
    common = {units.in_common(pair.number, pair.unit) for pair in pairs if pair.unit is not None}
    known = {(number.normalize(), unit) for number, unit in common}
    return [
        f"{Decimal(number):f} {value.unit}"
        for number in numbers
        if (lambda one: (one[0].normalize(), one[1]))(units.in_common(Decimal(number), value.unit))
        not in known
    ]


def _kin(pair: Printed, unit: str, units: Units) -> bool:
    return (
        pair.unit is not None
        and units.in_common(Decimal(1), pair.unit)[1] == units.in_common(Decimal(1), unit)[1]
    )


def _rounded(pair: Printed, unit: str, steps: Decimal, units: Units) -> Decimal:
    """A printed number in the value's unit, rounded as the value is."""
    return (
        units.in_common(pair.number, pair.unit)[0] / units.in_common(Decimal(1), unit)[0]
    ).quantize(steps, ROUND_HALF_UP)


def _holds_date(date: datetime.date, text: str) -> bool:
    month = MONTHS[date.month - 1]
    forms = (
        date.isoformat(),
        f"{date.day} {month} {date.year}",
        f"{month} {date.day}, {date.year}",
        f"{month} {date.day} {date.year}",
        f"{date.day} {month[:3]} {date.year}",
        f"{month[:3]} {date.day}, {date.year}",
        f"{date.day:02}/{date.month:02}/{date.year}",
        f"{date.day:02}.{date.month:02}.{date.year}",
        f"{date.day:02}-{date.month:02}-{date.year}",
        f"{date.day:02} {month} {date.year}",
        f"{date.year}年{date.month}月{date.day}日",
        f"{date.month}/{date.day}/{date.year}",
        f"{date.month:02}/{date.day:02}/{date.year}",
    )
    flat = re.sub(r"\s+", " ", text).lower()
    german = (
        "januar",
        "februar",
        "märz",
        "april",
        "mai",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "dezember",
    )[date.month - 1]
    return any(
        form.lower() in flat
        for form in (
            *forms,
            f"{date.day}. {german} {date.year}",
            f"{date.day:02}. {german} {date.year}",
        )
    )


def _holds_month(value: str, text: str) -> bool:
    year, month = value.split("-")
    name = MONTHS[int(month) - 1]
    flat = re.sub(r"\s+", " ", text).lower()
    forms = (
        value,
        f"{name} {year}",
        f"{name[:3]} {year}",
        f"{name}, {year}",
        f"{month}/{year}",
        f"{int(month)}/{year}",
        f"{year}年{int(month)}月",
        f"{name[:3].upper()}-{year}",
    )
    return any(form.lower() in flat for form in forms) or bool(
        re.search(
            rf"{year}-{month}-\d\d|\d{{1,2}} {name} {year}|{name} \d{{1,2}},? {year}", text, re.I
        )
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
        if isinstance(record.week, int):
            yield ("week",), m.Quantity(value=record.week, unit="weeks")
        elif isinstance(record.week, m.FollowUp):
            yield ("week", "follow_up"), record.week.follow_up
        for index, arm in enumerate(record.arms):
            if arm.n is not None:
                yield ("arms", index, "n"), arm.n
            if arm.responders is not None and not arm.responders_derived:
                yield ("arms", index, "responders"), arm.responders
            if arm.percent is not None:
                yield ("arms", index, "percent"), arm.percent
    elif record.date is not None:
        yield ("date",), record.date
