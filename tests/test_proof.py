"""Numbers and units as sources print them, and how many wrong ones the check names without the
ledger's help.
"""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from conftest import ROOT
from guide.content.loading import load
from guide.content.models.common import Quantity
from guide.content.proof import Units, missing, quantities, values_of
from mutate import mutants, tried

LIBRARY = load(ROOT)
UNITS = Units(LIBRARY.units)


@pytest.mark.parametrize(
    "phrase, number, unit",
    [
        ("5 mg twice a day", 5, "mg"),
        ("15mg once daily", 15, "mg"),
        ("2 milligrams", 2, "mg"),
        ("500 mcg", 500, "µg"),
        ("four weeks after", 4, "weeks"),
        ("a 12-week period", 12, "weeks"),
        ("at weeks 4, 8 and 12", 12, "weeks"),
        ("after 4, 8 and 12 weeks", 4, "weeks"),
        ("week 14", 14, "weeks"),
        ("95% CI 1.2 to 3.4", 95, "%"),
        ("1.2 to 3.4%", 1.2, "%"),
        ("1,251 patients", 1251, "people"),
        ("may affect up to 1 in 10 people", 10, "%"),
        ("one in ten", None, None),
        ("1 out of 100", 1, "%"),
        ("$25", 25, "$"),
        ("aged 65 or over", 65, "years"),
        ("65 years of age", 65, "years"),
        ("less than 1000 cells/mm3", 1000, "cells/mm³"),
        ("< 0.5 x 10^9/L", "0.5", "×10⁹/L"),
        ("Hb below 8 g/dL", 8, "g/dL"),
        ("2,5 mg", "2.5", "mg"),
    ],
)
def test_a_number_is_read_with_the_unit_beside_it(phrase, number, unit):
    found = {(pair.number, pair.unit) for pair in quantities(phrase, UNITS)}
    if number is None:
        assert found <= {(Decimal(1), None), (Decimal(10), None)}
    else:
        assert (Decimal(str(number)), unit) in found


@pytest.mark.parametrize("phrase", ["IL-17A", "q2w", "SELECT-AXIS", "no number at all", "JAK"])
def test_a_name_holds_no_amount(phrase):
    assert [pair for pair in quantities(phrase, UNITS) if pair.unit] == []


def quantity(unit: str | None = None, **given: object) -> Quantity:
    return Quantity(unit=unit, **given)


@pytest.mark.parametrize(
    "value, phrase, lost",
    [
        (quantity("mg", value=2), "2 mg once daily", []),
        (quantity("µg", value=2), "2 mg once daily", ["2 µg"]),
        (quantity("mg", value=20), "2 mg once daily", ["20 mg"]),
        (quantity("years", value=2), "for 24 months", []),  # two units of one kind
        (quantity("months", value=2), "2 weeks", ["2 months"]),
        (quantity("cells/mm³", value=500), "0.5 × 10⁹/L", []),
        (quantity("out of 100 people", value=10), "up to 1 in 10", []),
        (quantity("out of 1,000 people", value=10), "up to 1 in 10", ["10 out of 1,000 people"]),
        (
            quantity("out of 100 people", value=15, printed="14.7%"),
            "14.7%",
            [],
        ),  # rounded as the value is
        (
            quantity("out of 100 people", value=16, printed="14.7%"),
            "14.7%",
            ["16 out of 100 people"],
        ),
        (quantity("weeks", low=4, high=12), "4 to 12 weeks", []),
        (quantity("weeks", low=4, high=13), "4 to 12 weeks", ["13 weeks"]),
        (120, "120 patients", []),
        (120, "12 patients", ["120"]),
        (4, "four patients", []),
        (100, "24%", []),
        (1000, "24%", ["1000"]),
        (datetime.date(2021, 11, 15), "Zulassung vom 15. November 2021", []),
        (datetime.date(2021, 11, 15), "15 November 2022", ["2021-11-15"]),
        ("2021-12", "in December 2021", []),
        ("2021-12", "in December 2022", ["2021-12"]),
    ],
)
def test_a_value_stands_in_its_proof_or_is_named(value, phrase, lost):
    assert missing(value, phrase, UNITS) == lost


def test_every_value_of_the_guide_is_held_to_something():
    """Of every number that a source must hold, the part that no phrase and no note holds is small,
    and says why.
    """
    values = [value for record in LIBRARY.records.values() for _, value in values_of(record)]
    unproved = [value for value in values if isinstance(value, Quantity) and value.unproved]
    assert len(values) > 800 and len(unproved) <= len(values) * 0.02, (
        f"{len(unproved)} of {len(values)}"
    )


@pytest.mark.parametrize("many", [20, pytest.param(120, marks=pytest.mark.night)])
def test_wrong_numbers_and_units_of_new_facts_are_named(many):
    """Facts copied under a new id, one number or unit changed: the ledger knows nothing of them.
    ./scripts/mutate tries more.
    """
    assert len(mutants(LIBRARY, ROOT)) > 2000
    count, survivors = tried(ROOT, seed=16, many=many)
    assert count == many and len(survivors) <= count * 0.05, [
        f"{mutant.path}:{mutant.line + 1} {mutant.record} {mutant.kind}: {mutant.text.strip()}"
        for mutant in survivors
    ]
