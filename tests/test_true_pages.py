"""No page of a guide promises what its records do not hold, and none says nothing under a heading
or a caption: for guides with few facts, without medicines, or of a test.
"""

from __future__ import annotations

import contextlib
import io
import json
import urllib.request
from decimal import Decimal
from pathlib import Path

import pytest
from markupsafe import Markup
from pydantic import ValidationError

from conftest import ROOT
from guide.build import left_out_of_footer
from guide.content import models as m
from guide.content.library import Library
from guide.content.loading import load
from guide.data.files import example
from guide.data.trial_records import trial_record
from guide.render.components import Components
from guide.view import comparison as grids
from guide.view.card import card
from guide.view.context import NOT_PUBLISHED
from guide.view.figures.calendar import figure_calendar
from guide.view.handout import handout, tick_sheet
from guide.view.holdings import (
    has_doses,
    has_labels,
    has_recommendations,
    has_signs_of,
    interventions_of,
)
from guide.view.prints import KeySource, PrintMark
from guide.view.results import people_line
from guide.view.schedule import schedule
from guide.view.topics import ConditionChoice, Home
from test_results import BLEEDING, MEANS, NO_PAGES, RATES, STROKE, guide, page, words

DRAWN = Components(ROOT)
TINY = ROOT / "tests" / "tiny"
GAP = {"kind": "depends", "on": "your age", "patient": "It differs.", "ask": "Ask your team."}


def without(library: Library, *kinds: str) -> Library:
    """The library without the facts of these kinds."""
    for key in [key for key in library.statements_by_subject if key.rpartition("/")[2] in kinds]:
        del library.statements_by_subject[key]
    return library


def rows(*given: dict[str, object]) -> list[m.MonitoringRow]:
    names = {"test": "Liver", "patient": "Your liver"}
    return [m.MonitoringRow.model_validate({**names, "gap": GAP, **one}) for one in given]


# -- sheets --------------------------------------------------------------------------------


def test_a_sheet_says_what_harm_is_known_where_no_text_warns(tmp_path):
    """ "The texts that were read do not say" beside results on bleeding would calm falsely."""
    library = without(guide(tmp_path, STROKE, BLEEDING), "warning")
    for track in ("patients", "clinicians"):
        shown = handout(page(library, track), "risks")
        assert shown.gap is None
        assert [line.records for line in shown.lines] == [("examplinib-reactions",)]
    without(library, "adverse-reaction")
    shown = handout(page(library, "patients"), "risks")
    assert shown.gap is None and not shown.lines
    said = words(DRAWN.html("handout", shown))
    assert "had a serious bleed" in said and "had a stroke" not in said


def test_a_sheet_without_any_harm_says_that_it_is_not_known(tmp_path):
    library = without(guide(tmp_path, STROKE), "warning", "adverse-reaction")
    assert handout(page(library, "patients"), "risks").gap is not None


def test_no_row_says_that_no_text_asks_for_a_test(tmp_path):
    library = load(TINY)
    asked = {"id": "asked", "before": ["examplinib-reactions"], "gap": None}
    library.schedules["examplinib"] = m.Schedule(rows=rows({"id": "liver"}, asked))
    always = m.SafetyItem(id="liver", name="liver")
    library.site.safety_set.append(always)
    said = words(DRAWN.html("tick_sheet", tick_sheet(page(library, "patients"))))
    # Only of the row that a text asks for at another time.
    assert said.count("no text asks for it here") == 1 and said.count("no box here") == 2


def test_a_sheet_with_one_source_does_not_speak_of_all_of_them():
    mark = PrintMark(
        topic="a-b",
        code="abcdefg",
        date="1 January 2026",
        next_review="1 January 2027",
        address=Markup("example.org"),
        href="#",
        public=False,
        source_count=1,
        sources=(KeySource("paper", 1, Markup("A paper")),),
    )
    assert "all" not in words(DRAWN.html("print_mark", mark)).partition("number")[0].split()


# -- tables and pictures -------------------------------------------------------------------


def test_a_schedule_of_gaps_has_no_calendar_and_no_countries():
    library = load(TINY)
    library.schedules["examplinib"] = m.Schedule(rows=rows({"id": "liver"}))
    shown = page(library, "patients")
    assert DRAWN.html("figure_calendar", figure_calendar(shown)).strip() == ""
    said = words(DRAWN.html("schedule", schedule(shown)))
    assert said.startswith("What is checked with examplinib. Test or check Your liver")


def test_a_card_of_gaps_is_a_list_without_countries():
    library = load(TINY)
    row = {"id": "dose", "clinician": "Dose", "gap": {**GAP, "clinician": "Depends on age."}}
    library.cards["examplinib-ed"] = m.Card.model_validate({"rows": [row]})
    html = DRAWN.html("card", card(page(library, "clinicians")))
    assert "<table" not in html and "by country" not in html
    assert words(html) == "Dose It depends. Depends on age."


def test_two_options_need_no_choice_and_an_option_without_facts_no_name():
    shown = grids.comparison(page(load(TINY), "patients"))
    html = DRAWN.html("comparison", shown)
    assert "Choose two or three" not in html
    assert not grids.OptionFacts(option=shown.options[0]).shows
    assert all(facts.shows for row in shown.rows for facts in row.evidence)


# -- what a guide holds ----------------------------------------------------------------------


def test_cards_promise_only_what_the_guide_holds():
    library = load(TINY)
    keys = interventions_of(library, "example-disease")
    assert keys[0] == "examplinib"
    assert has_doses(library, keys) and has_labels(library, keys) and has_signs_of(library, keys)
    library.dose_tables.clear()
    without(library, "dosing", "urgent-signs", "guideline")
    library.guidelines_by_population.clear()
    assert not has_doses(library, keys)
    assert not has_recommendations(library, "example-disease")
    bare = library.medicines["examplinib"].model_copy(update={"emergency": None})
    library.medicines["examplinib"] = bare
    assert not has_signs_of(library, ["examplinib"])
    assert not has_labels(library, ["nothing"])


@pytest.mark.parametrize("doses", [True, False])
@pytest.mark.parametrize("recommendations", [True, False])
def test_the_home_card_names_doses_and_recommendations_where_there_are_some(doses, recommendations):
    choice = ConditionChoice(
        *(4 * [""]),
        "c/",
        "d/",
        doses=doses,
        recommendations=recommendations,  # type: ignore[arg-type]
    )
    said = DRAWN.html("home", Home("", choices=(choice,)))  # type: ignore[arg-type]
    assert ("Doses" in said) is doses and ("ecommendations" in said) is recommendations


def test_the_page_for_unknown_addresses_speaks_of_no_medicines_where_there_are_none():
    every = {"about/accessibility.md", "about/offline.md"}
    assert left_out_of_footer(every, has_medicines=True) == {}
    assert left_out_of_footer(every, has_medicines=False) == {"without_medicines": True}
    main = (ROOT / "overrides/main.html").read_text(encoding="utf-8")
    assert "or config.extra.without_medicines" in main


def test_the_lines_that_read_the_data_leave_out_what_has_no_difference(tmp_path, monkeypatch):
    library = guide(
        tmp_path, STROKE, MEANS, {**BLEEDING, "arms": BLEEDING["arms"][:1], "effect": None}
    )  # type: ignore[index]
    record = trial_record(library.trials["a-trial"], NO_PAGES, [NO_PAGES] * 3)
    data = json.dumps({"trials": [record.model_dump(mode="json")]}).encode()
    monkeypatch.setattr(urllib.request, "urlopen", lambda _: io.BytesIO(data))
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec("\n".join(example(NOT_PUBLISHED)), {})
    assert printed.getvalue() == "examplinib, stroke or systemic embolism: -0.6 points\n"


# -- names -------------------------------------------------------------------------------------


def named(folder: Path) -> Library:
    library = guide(folder, STROKE)
    library.medicines["examplinib"] = library.medicines["examplinib"].model_copy(
        update={"named": "the stool test"}
    )
    return library


def test_a_name_in_a_sentence_has_its_article(tmp_path):
    names = page(named(tmp_path), "patients").names
    assert (names["medicine"], names["Medicine"]) == ("the stool test", "The stool test")


def test_a_difference_of_rates_is_the_one_between_the_rates_that_are_shown(tmp_path):
    """29.8 and 43.3 per 1,000: 13.5 apart, where 30 and 43 would be 13 apart and not 14."""
    per_1000 = "per 1,000 catheter-days"
    rates = {
        **RATES,
        "id": "rates",
        "arms": [
            {**one, "rate": {"value": Decimal(value), "unit": per_1000}}
            for one, value in (({"arm": "metformin"}, "29.8"), ({"arm": "diet"}, "43.3"))
        ],
        "proof": "29.8 and 43.3 per 1,000 catheter-days",
    }
    library = guide(tmp_path, rates)
    line = people_line(page(library, "patients"), library.trials["a-trial"].results[0], 1000)
    said = str(line)
    assert "29.8 for every 1,000" in said and "43.3 for every 1,000" in said
    assert "about 13.5 fewer for every 1,000" in said
    assert line.often


def test_a_table_of_doses_holds_none_of_no_country():
    row = {
        "id": "a-dose",
        "population": "ED",
        "amount": "dose.high",
        "often": "once a day",
        "jurisdiction": "any",
        "facts": ["dose"],
    }
    with pytest.raises(ValidationError, match="'jurisdiction' is 'any'"):
        m.DoseRow.model_validate(row)
    assert m.DoseRow.model_validate({**row, "jurisdiction": "US"}).jurisdictions == ["US"]
