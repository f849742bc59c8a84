"""Where the source's own words are kept with a number and its unit, the record's value of that unit is found in them: a mistyped dose no longer matches its proof."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from .. import models as m
from ..problem import Problem
from . import Guide, except_for

# A number with its unit, as sources write it; only numbers of the same unit are compared.
UNITS = {"mg": r"mg\b(?!/)|milligrams?\b", "%": r"%", "weeks": r"weeks?\b", "years": r"years?\b", "hours": r"hours?\b", "days": r"days?\b", "months": r"months?\b"}
_NUMBER = r"(?<![\w.])(\d+(?:[.,]\d+)*)\s?"


EXCEPTIONS = {
    "age-onset-perspa": "the phrase proves the share before an age; the median ages stand elsewhere in the abstract",
    "tofa-ph3-by-history": "the level of the interval is not part of the phrase",
}


def check(guide: Guide) -> Iterator[Problem]:
    return except_for(EXCEPTIONS, _find(guide), guide)


def _find(guide: Guide) -> Iterator[tuple[str, Problem]]:
    for record in guide.library.statements():
        if record.proof is None or not record.values:
            continue
        for unit, pattern in UNITS.items():
            quoted = {_plain(number) for number in re.findall(_NUMBER + f"(?:{pattern})", record.proof)}
            named = {name: set(_numbers(value)) for name, value in record.values.items() if isinstance(value, m.Quantity) and value.unit == unit}
            ours = set().union(*named.values())
            if quoted and ours and not quoted & ours:
                yield record.id, guide.problem(record.id, f"values.{next(iter(named))}: {_missing(sorted(ours), unit, record.proof)}: read the source again, then change the number, or `proof` to the source's own words", "values", next(iter(named)))


def _missing(ours: list[Decimal], unit: str, proof: str) -> str:
    numbers = ", ".join(f"{number:f} {unit}" for number in ours)
    return f"{numbers} is not in the proof phrase '{proof}'" if len(ours) == 1 else f"none of {numbers} is in the proof phrase '{proof}'"


def _plain(number: str) -> Decimal:
    return Decimal(number.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+", number) else number.replace(",", ".")).normalize()


def _numbers(value: m.Quantity) -> Iterator[Decimal]:
    for part in (value.value, value.low, value.high):
        if part is not None:
            yield Decimal(part).normalize()
