"""Rates and differences from counts. Only `rounded` rounds: a number is rounded once, when shown.

Formulas: Wilson 1927 for one proportion; Newcombe 1998 (Statistics in Medicine 17:873-890),
method 10, the hybrid score interval without continuity correction, for two.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from math import ceil, sqrt
from typing import NamedTuple

Z95 = 1.959963984540054


def rate(responders: int, n: int) -> Decimal:
    """Responders per 100 people. Raises ValueError unless 0 <= responders <= n and n > 0."""
    if not 0 <= responders <= n or n <= 0:
        raise ValueError(f"{responders} of {n} is not a proportion")
    return Decimal(responders) * 100 / Decimal(n)


def wilson(responders: int, n: int, z: float = Z95) -> tuple[float, float]:
    """Wilson's interval of one proportion, low and high, as fractions of 1; 95% for the usual `z`.

    Raises ZeroDivisionError for n = 0.
    """
    p, z2 = responders / n, z * z
    middle = p + z2 / (2 * n)
    half = z * sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return (middle - half) / (1 + z2 / n), (middle + half) / (1 + z2 / n)


def newcombe(responders_1: int, n_1: int, responders_2: int, n_2: int) -> tuple[Decimal, Decimal]:
    """The 95% interval of the difference (first minus second), low and high, in percentage points.

    Raises ZeroDivisionError if a group is empty.
    """
    p1, p2 = responders_1 / n_1, responders_2 / n_2
    low1, high1 = wilson(responders_1, n_1)
    low2, high2 = wilson(responders_2, n_2)
    low = p1 - p2 - sqrt((p1 - low1) ** 2 + (high2 - p2) ** 2)
    high = p1 - p2 + sqrt((high1 - p1) ** 2 + (p2 - low2) ** 2)
    return Decimal(repr(low * 100)), Decimal(repr(high * 100))


def places_of_interval(low: Decimal, high: Decimal) -> int:
    """How many digits behind the point show an interval of percentage points: one. More where the
    interval holds no 0, and an end would look like 0 with one digit.
    """
    places = 1
    while not low <= 0 <= high and not (rounded(low, places) and rounded(high, places)):
        places += 1
    return places


class Needed(NamedTuple):
    """How many people are treated for one more with, or without, the outcome; `low` and `high` are
    the ends of its 95% interval.
    """

    number: int
    low: int
    high: int


def number_needed(responders_1: int, n_1: int, responders_2: int, n_2: int) -> Needed | None:
    """One over the difference and over the ends of its interval, each rounded up.

    None where the interval holds 0: then there may be no difference. The interval of the number
    needed is that of the difference, inverted (Altman 1998, BMJ 317:1309).
    """
    low, high = newcombe(responders_1, n_1, responders_2, n_2)
    if low <= 0 <= high:
        return None
    difference = abs(Decimal(responders_1) / n_1 - Decimal(responders_2) / n_2)
    near, far = sorted((abs(low), abs(high)))
    return Needed(ceil(1 / difference), ceil(100 / far), ceil(100 / near))


def wilson_percent(count: int, n: int) -> tuple[Decimal, Decimal]:
    """Wilson's 95% interval of one proportion, low and high, per 100. Raises ZeroDivisionError for
    n = 0.
    """
    low, high = wilson(count, n)
    # The formula's last digits may lie outside what a proportion can be.
    return Decimal(repr(max(low, 0.0) * 100)), Decimal(repr(min(high, 1.0) * 100))


def rate_over_time(events: int, person_time: Decimal | int) -> Decimal:
    """Events per 100 of the unit of the person-time. Raises ValueError for none of it."""
    if person_time <= 0:
        raise ValueError(f"{person_time} is no person-time")
    return Decimal(events) * 100 / Decimal(person_time)


def share_at_ratio(share: Decimal, measure: str, ratio: Decimal | int) -> Decimal:
    """The people per 100 of a group whose ratio to a group with `share` per 100 is `ratio`.

    A hazard ratio is taken as constant over the time: 1 - (1 - p) ** ratio. Raises ValueError for a
    share outside 0 to 100.
    """
    if not 0 <= share <= 100:
        raise ValueError(f"{share} per 100 is not a proportion")
    p, times = float(share) / 100, float(ratio)
    if measure in ("hazard ratio", "rate ratio"):
        other = 1 - (1 - p) ** times
    elif measure == "odds ratio":
        other = p * times / (1 - p + p * times)
    else:
        other = min(p * times, 1.0)
    return Decimal(repr(other * 100))


def rounded(value: Decimal | int, places: int = 0) -> Decimal:
    """The value with `places` digits behind the point, halves rounded away from zero.

    Papers round their percentages in this way.
    """
    return Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def decimal_places(number: Decimal | int) -> int:
    """How many digits stand behind the point of a finite number: 2 for 12.50."""
    exponent = Decimal(number).as_tuple().exponent
    # Only infinities and what is no number have a letter there.
    return max(0, -exponent) if isinstance(exponent, int) else 0


def counts_that_fit(percent: Decimal | int, n: int) -> list[int]:
    """The whole numbers of responders whose rate out of `n` prints as `percent`, smallest first."""
    places = decimal_places(percent)
    return [
        count
        for count in range(n + 1)
        if rounded(rate(count, n), places) == rounded(percent, places)
    ]
