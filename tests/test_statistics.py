"""Our formulas against an independent, well-kept library, over all small tables and the real
trials.
"""

import itertools
from decimal import Decimal

import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from guide.base import statistics

REAL = [
    (48, 93, 24, 94),
    (75, 133, 40, 136),
    (54, 133, 17, 136),
    (121, 208, 22, 107),
    (33, 91, 14, 94),
    (0, 20, 5, 20),
    (20, 20, 0, 20),
]


@pytest.mark.parametrize(
    "table", [*REAL, *((a, 7, b, 9) for a, b in itertools.product(range(8), range(10)))]
)
def test_newcombe_is_statsmodels_newcomb(table):
    ours = statistics.newcombe(*table)
    theirs = confint_proportions_2indep(*table, method="newcomb", compare="diff")
    assert float(ours[0]) == pytest.approx(theirs[0] * 100, abs=1e-9)
    assert float(ours[1]) == pytest.approx(theirs[1] * 100, abs=1e-9)


@pytest.mark.parametrize("n", [1, 7, 94])
def test_wilson_is_statsmodels_wilson(n):
    for count in range(n + 1):
        assert statistics.wilson(count, n) == pytest.approx(
            proportion_confint(count, n, method="wilson"), abs=1e-12
        )


def test_rates_round_once_and_half_up():
    assert statistics.rounded(statistics.rate(17, 136)) == 13
    assert statistics.rounded(statistics.rate(17, 136), 1) == Decimal("12.5")
    assert statistics.rounded(Decimal("-0.05"), 1) == Decimal("-0.1")


def test_a_number_needed_only_where_there_is_a_difference_and_with_its_interval():
    """The intervals of the audit: 4 (3 to 9) in SELECT-AXIS 1, 4 (3 to 6) in SELECT-AXIS 2 and for
    tofacitinib.
    """
    assert statistics.number_needed(48, 93, 24, 94) == (4, 3, 9)
    assert statistics.number_needed(94, 211, 38, 209) == (4, 3, 6)
    assert statistics.number_needed(54, 133, 17, 136) == (4, 3, 6)
    assert statistics.number_needed(24, 94, 48, 93) == (4, 3, 9)
    assert statistics.number_needed(10, 100, 9, 100) is None


@pytest.mark.parametrize("responders, n", [(-1, 5), (6, 5), (0, 0)])
def test_a_rate_needs_a_proportion(responders, n):
    with pytest.raises(ValueError, match="is not a proportion"):
        statistics.rate(responders, n)


def test_derived_counts_are_the_only_ones_that_fit():
    assert statistics.counts_that_fit(Decimal("44.5"), 211) == [94]
    assert statistics.counts_that_fit(Decimal("18.2"), 209) == [38]
    assert len(statistics.counts_that_fit(Decimal("45"), 211)) > 1
