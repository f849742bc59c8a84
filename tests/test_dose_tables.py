"""Doses as a table: each number has its proof, and patients see no dose that is not for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from conftest import ROOT, TODAY
from guide.content.ledger import clinical_values
from guide.content.loading import load
from guide.render.components import Components
from guide.view.dose_table import DoseTable, dose_table
from guide.view.page_context import page_context
from test_bad_content import DOSING, answer, mend

DOSES = "content/medicines/examplinib/doses.yml"
MEDICINE = "content/medicines/examplinib/medicine.yml"
ROWS = """rows:
  - id: child
    population: ED
    age: {at_least: {value: 2, unit: years}, below: {value: 18, unit: years}}
    weight: {at_least: {value: 10, unit: kg}}
    route: by mouth
    amount: {value: 3, unit: mg}
    most: examplinib-dose-us.dose
    often: twice a day
    jurisdiction: US
    facts: [examplinib-dose-us]
  - id: adult
    population: OD
    age: {at_most: {value: 65, unit: years}}
    amount: examplinib-dose-us.dose
    often: once a day
    jurisdiction: [US, EU]
    facts: [examplinib-dose-us]
"""
PROOF = "2 mg once daily; 3 mg twice daily from 2 to 18 years and from 10 kg, up to 65 years"


@pytest.fixture
def table(tiny: Path) -> Path:
    """The made-up guide with a dose table and what its numbers need."""
    (tiny / DOSES).write_text(ROWS, encoding="utf-8")
    mend(tiny, DOSING, "proof: 2 mg once daily", f"proof: {PROOF}")
    units = tiny / "content/units.yml"
    units.write_text(
        units.read_text(encoding="utf-8") + "  - {unit: kg}\n  - {unit: years, one: year}\n",
        encoding="utf-8",
    )
    return tiny


def approve(project: Path) -> None:
    """Lets an agency approve the made-up medicine for its topic's disease."""
    mend(
        project,
        MEDICINE,
        "status: not approved\n    reason: The label lists other diseases.",
        "status: approved\n    reason: No day is known.",
    )


def shown(project: Path, track: str) -> DoseTable:
    library = load(project)
    topic = library.topics["examplinib-ed"]
    view = page_context(library, track, topic, "dosing", TODAY)
    return dose_table(view)


def words(value: DoseTable) -> list[list[str]]:
    soup = BeautifulSoup(Components(ROOT).html("dose_table", value), "html.parser")
    return [
        [cell.get_text().replace("\u00a0", " ") for cell in row.select("th, td")]
        for row in soup.select("tr")
    ]


def test_clinicians_see_every_dose_by_people_age_weight_and_route(table):
    head, child, adult = words(shown(table, "clinicians"))
    assert head == [
        *("For whom", "Age", "Body weight", "Route", "Dose", "Maximum", "Frequency", "Country")
    ]
    assert child[1:7] == [
        *("2 years to below 18 years", "10 kg or more", "by mouth", "3 mg", "2 mg", "twice a day")
    ]
    assert adult[1:7] == [
        *("up to 65 years", "–not said", "–not said", "2 mg", "–not said", "once a day")
    ]
    assert adult[7].startswith("United States and European Union")


def test_patients_see_a_dose_only_where_it_is_approved_and_theirs(table):
    assert shown(table, "patients").rows == ()
    approve(table)
    assert [row.id for row in shown(table, "patients").rows] == ["child"]
    mend(table, DOSES, "    often: twice a day", "    often: twice a day\n    clinician_only: No.")
    assert shown(table, "patients").rows == ()


def test_a_changed_row_is_a_clinical_change(table):
    before = clinical_values(load(table))["dose-examplinib-child"]
    assert before["amount"] == "3 mg" and before["weight.at_least"] == "10 kg"
    mend(table, DOSES, "amount: {value: 3, unit: mg}", "amount: {value: 30, unit: mg}")
    assert clinical_values(load(table))["dose-examplinib-child"]["amount"] == "30 mg"


@pytest.mark.parametrize(
    "old, new, message",
    [
        (
            "{at_most: {value: 65, unit: years}}",
            "{}",
            "a band needs 'at_least', 'below' or 'at_most'",
        ),
        (
            "{at_most: {value: 65, unit: years}}",
            "{at_most: {value: 65}}",
            "an end of a band is one number with its unit: {value: 30, unit: kg}",
        ),
        (
            "below: {value: 18, unit: years}",
            "below: {value: 1, unit: years}",
            "the band begins at 2 and ends at 1: swap them",
        ),
        (
            "below: {value: 18, unit: years}",
            "below: {value: 18, unit: kg}",
            "both ends of a band have the same unit",
        ),
    ],
)
def test_a_band_has_ends_of_one_unit(table, old, new, message):
    mend(table, DOSES, old, new)
    assert message in "\n".join(answer(table))
