"""Where the source's own words are quoted with numbers, the record's numbers are found in them: a mistyped value no longer matches its proof."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from .. import models as m
from ..problem import Problem
from . import Guide

NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*")


def check(guide: Guide) -> Iterator[Problem]:
    for record in guide.library.statements():
        if record.proof is None or not record.values:
            continue
        quoted = {_plain(number) for number in NUMBER.findall(record.proof)} - {None}
        ours = {number for value in record.values.values() for number in _numbers(value)}
        if len(quoted) >= 2 and len(ours) >= 2 and not quoted & ours:
            yield guide.problem(record.id, f"values: none of {', '.join(sorted(map(str, ours)))} stands in the proof phrase '{record.proof}': read the source again", "values")


def _plain(number: str) -> Decimal | None:
    number = number.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+", number) else number.replace(",", ".")
    return Decimal(number).normalize() if number.count(".") <= 1 else None


def _numbers(value: m.Value) -> Iterator[Decimal]:
    parts = [value.value, value.low, value.high] if isinstance(value, m.Quantity) else [value] if isinstance(value, (int, Decimal)) else []
    for part in parts:
        if part is not None:
            yield Decimal(part).normalize()
