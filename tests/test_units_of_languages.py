"""The units and questions that a guide begins with, in its own language."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
import yaml

from conftest import ROOT
from guide.base.language import known_languages, language
from guide.content import models as m
from guide.content.new_guide import new_guide
from guide.content.proof import Units, missing
from guide.content.yaml_reader import read_yaml
from test_new_guide import DAY, answered


def units_of(folder: Path) -> dict[str, m.Unit]:
    read, _, problems = read_yaml(folder / "content/units.yml", "units.yml")
    assert problems == []
    file = m.UnitFile.model_validate(read)
    return {unit.unit: unit for unit in file.units}


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> Path:
    own = tmp_path_factory.mktemp("german") / "own"
    new_guide(own, answered(language="de"), "0.1.0", DAY)
    return own


@pytest.mark.parametrize(
    "number, unit, proof",
    [
        (12, "Wochen", "nach 12 Wochen"),
        (12, "Wochen", "after 12 weeks"),
        (12, "weeks", "nach 12 Wochen"),
        (12, "weeks", "at week 12"),
        (12, "Wochen", "in Woche 12"),
        (2, "Jahre", "after 24 months"),
        (3, "Tage", "for 3 days"),
        (5, "Punkte", "by 5 points"),
        (5, "Punkte", "um 5 Punkte"),
        (40, "%", "bei 40 Prozent"),
    ],
)
def test_german_and_english_papers_prove_a_german_value(german, number, unit, proof):
    units = Units(units_of(german))
    assert missing(m.Quantity(value=number, unit=unit), proof, units) == []


def test_what_is_missing_is_said_in_the_guides_own_unit(german):
    units = Units(units_of(german))
    assert missing(m.Quantity(value=12, unit="weeks"), "nach 6 Wochen", units) == ["12 Wochen"]


def test_a_length_of_time_is_one_in_every_language(german):
    for own, english in (("Tage", "days"), ("Wochen", "weeks"), ("Jahre", "years")):
        value = m.Quantity(value=2, unit=own)
        value.in_form(units_of(german)[own])
        assert m.time_unit(value) == english and m.is_time(value)
    assert m.time_unit(m.Quantity(value=2, unit="weeks")) == "weeks"
    assert m.time_unit(m.Quantity(value=2, unit="mg")) is None and not m.is_time(2)


@pytest.mark.parametrize("code", known_languages())
def test_the_units_of_a_language_hold_the_english_spellings(tmp_path, code):
    own = tmp_path / "own"
    new_guide(own, answered(language=code), "0.1.0", DAY)
    units = units_of(own)
    spelled = Units(units)
    english = yaml.safe_load((ROOT / "content/units.yml").read_text(encoding="utf-8"))["units"]
    for one in english:
        if one["unit"].startswith(("A$", "out of")):
            continue
        assert one["unit"] in units or spelled.spelling_of(one["unit"]), one["unit"]
    assert {unit.same_as for unit in units.values() if unit.same_as} <= units.keys()


@pytest.mark.parametrize("code", known_languages())
def test_a_guide_begins_with_questions_in_its_language(tmp_path, code):
    new_guide(tmp_path / "own", answered(language=code), "0.1.0", datetime.date(2026, 1, 2))
    path = tmp_path / "own/content/handout.yml"
    asked = m.Handout.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    assert path.read_bytes() == (language(code).folder / "handout.yml").read_bytes()
    for sheet in (asked.patients, asked.clinicians):
        assert sheet.ask and 2 < len(sheet.ask) < 8
        assert all(question.endswith("?") for question in sheet.ask)
