"""Every kind of result that trials print: counts over time with a hazard ratio, rates, means, the
accuracy of a test, one arm alone, a comparator that is a medicine, a limit of non-inferiority.

The numbers over time are those of ARISTOTLE (N Engl J Med 2011;365:981-92): apixaban against
warfarin. The tiny guide's two medicines stand in for them. What is worked out here was checked by
hand, as the comments say.
"""

from __future__ import annotations

import re
import shutil
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest
import yaml

from conftest import ROOT, TODAY
from guide.base import statistics
from guide.base.problem import CallError, ContentErrors
from guide.base.registries import FORMS, REGISTRIES, record_address, registry_of
from guide.base.text import sentence
from guide.checks.rule import Guide
from guide.checks.rules import (
    counts_agree,
    effects_agree,
    facts_name_their_own_medicine,
    proof_holds_the_number,
    ratios_are_for_clinicians,
    trials_test_their_medicine,
)
from guide.content import models as m
from guide.content.ledger import record_values, trial_values
from guide.content.library import Library
from guide.content.loading import load
from guide.content.values import contrasts, result_values, seen_from
from guide.data.tables import TABLES
from guide.data.trial_records import trial_record
from guide.render.components import Components
from guide.view.comparison import comparison
from guide.view.context import TopicContext
from guide.view.fact_box import fact_box
from guide.view.figures import forest
from guide.view.figures.people import figure_people
from guide.view.findings import findings
from guide.view.results import counts_line, people_line
from guide.view.trial_groups import trials_in_group
from guide.view.trials import Trials, trial_shown

UNITS = """  - {unit: years, one: year, same_as: months, times: 12}
  - {unit: patient-years}
  - {unit: per 100 patient-years}
  - {unit: "per 1,000 catheter-days"}
  - {unit: catheter-days}
  - {unit: points, one: point}
"""
FOLLOW_UP = {"follow_up": {"value": Decimal("1.8"), "unit": "years"}, "is": "median"}
DRAWN = Components(ROOT)
NO_PAGES: dict[str, str | None] = {"patient_page": None, "clinician_page": None}


def arm(name: str, medicine: str | None = None, **numbers: object) -> dict[str, object]:
    return {"arm": name, **({"medicine": medicine} if medicine else {}), **numbers}


def result(id: str, **fields: object) -> dict[str, object]:
    return {
        "id": id,
        "endpoint": "endpoint",
        "week": 12,
        "population": "ED",
        "not_rated": "Not rated: made up.",
        "patient": "had an outcome",
        "sources": ["made-up-paper"],
        "confidence": "verified",
        **fields,
    }


def pair(first: dict[str, object], second: dict[str, object]) -> list[dict[str, object]]:
    return [
        arm("apixaban", "examplinib", **first),
        arm("warfarin", "otherinib", **second),
    ]


STROKE = result(
    "stroke",
    endpoint="stroke or systemic embolism",
    outcome="bad",
    aim="prevention",
    primary=True,
    week=FOLLOW_UP,
    arms=pair({"n": 9120, "responders": 212}, {"n": 9081, "responders": 265}),
    effect={
        "measure": "hazard ratio",
        "value": Decimal("0.79"),
        "low": Decimal("0.66"),
        "high": Decimal("0.95"),
    },
    non_inferiority={"measure": "hazard ratio", "margin": Decimal("1.38"), "met": "yes"},
    patient="had a stroke or a clot elsewhere",
    proof="212 of 9120 … 265 of 9081 … 1.8 years … hazard ratio 0.79; 95% CI 0.66 to 0.95 … 1.38",
)
BLEEDING = result(
    "bleeding",
    endpoint="major bleeding",
    outcome="bad",
    week=FOLLOW_UP,
    arms=pair({"n": 9088, "responders": 327}, {"n": 9052, "responders": 462}),
    effect={
        "measure": "hazard ratio",
        "value": Decimal("0.69"),
        "low": Decimal("0.60"),
        "high": Decimal("0.80"),
    },
    patient="had a serious bleed",
    proof="327 of 9088 … 462 of 9052 … 1.8 years … 0.69 (0.60 to 0.80)",
)
DEATH = result(
    "death",
    endpoint="death from any cause",
    outcome="bad",
    week=FOLLOW_UP,
    arms=pair({"n": 9120, "responders": 603}, {"n": 9081, "responders": 669}),
    patient="died",
)
RATES = result(
    "rates",
    endpoint="serious infection",
    outcome="bad",
    week={"unknown": "The table gives no week."},
    arms=pair(
        {"events": 12, "person_time": {"value": Decimal("412.2"), "unit": "patient-years"}},
        {"events": 5, "person_time": {"value": Decimal("400.0"), "unit": "patient-years"}},
    ),
    effect={
        "measure": "rate ratio",
        "value": Decimal("2.33"),
        "low": Decimal("0.82"),
        "high": Decimal("6.6"),
    },
    patient="had a serious infection",
)
MEANS = result(
    "pain",
    endpoint="pain score",
    arms=[
        arm("apixaban", "examplinib", n=120, mean=Decimal("-3.1"), sd=Decimal("2.2")),
        arm("placebo", n=118, mean=Decimal("-2.0"), sd=Decimal("2.4")),
    ],
    scale={"better": "lower", "shows": "change", "unit": "points", "low": 0, "high": 10},
    effect={
        "measure": "mean difference",
        "value": Decimal("-1.2"),
        "low": Decimal("-1.8"),
        "high": Decimal("-0.6"),
    },
    patient="pain at night",
    proof="-3.1 (SD 2.2, n=120) … -2.0 (SD 2.4, n=118) … -1.2 (-1.8 to -0.6) at week 12",
)
TEST = result(
    "scan",
    endpoint="deep vein thrombosis",
    week=None,
    accuracy={
        "reference": "an X-ray of the veins",
        "with_condition": 250,
        "true_positives": 230,
        "without_condition": 300,
        "true_negatives": 261,
    },
    patient="a clot in the leg",
    proof="230 of 250 … 261 of 300",
)
ALONE = result(
    "alone",
    endpoint="response",
    arms=[arm("apixaban", "examplinib", n=50, responders=20)],
    patient="were clearly better",
)


def guide(folder: Path, *results: dict[str, object], **fields: object) -> Library:
    """The tiny guide with a trial of these results, without another one."""
    content = folder / "content"
    if not content.exists():
        shutil.copytree(ROOT / "tests" / "tiny" / "content", content)
        with (content / "units.yml").open("a", encoding="utf-8") as units:
            units.write(UNITS)
    trial = {
        "id": "a-trial",
        "name": "A TRIAL",
        "medicine": "examplinib",
        "population": "ED",
        "phase": "3",
        "design": "double-blind",
        "results": [
            {key: value for key, value in one.items() if value is not None} for one in results
        ],
        **fields,
    }
    (content / "trials" / "a-trial.yml").write_text(
        yaml.dump(trial, Dumper=Plain, sort_keys=False), encoding="utf-8"
    )
    return load(folder)


class Plain(yaml.SafeDumper):
    """Writes decimals as the guide's YAML has them, and no aliases."""

    def ignore_aliases(self, data: object) -> bool:
        return True


Plain.add_representer(
    Decimal, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:float", str(value))
)


def problems(folder: Path, *results: dict[str, object], **fields: object) -> str:
    with pytest.raises(ContentErrors) as caught:
        guide(folder, *results, **fields)
    return str(caught.value)


def page(library: Library, track: str) -> TopicContext:
    topic = library.topics["examplinib-ed"]
    condition = library.conditions[topic.condition]
    return TopicContext(library, track, "trials", TODAY, topic=topic, condition=condition)


def words(html: str) -> str:
    """The text of HTML with single spaces."""
    text = re.sub(r"<[^>]+>", " ", re.sub(r"</?(?:strong|span)[^>]*>", "", html))
    return " ".join(unescape(re.sub(r"[\ue000-\uf8ff]", "", text)).replace("\xa0", " ").split())


def trial_words(library: Library, track: str) -> str:
    shown = trial_shown(page(library, track), library.trials["a-trial"])
    assert shown is not None
    return words(DRAWN.html("trials", Trials((shown,))))


def box_words(library: Library, track: str, *ids: str) -> str:
    return words(DRAWN.html("fact_box", fact_box(page(library, track), list(ids))))


# -- counts over time, ARISTOTLE -----------------------------------------------------------


def test_patients_read_fewer_strokes_and_no_ratio(tmp_path):
    """212/9,120 is 2.32% and 265/9,081 is 2.92%: 23 and 29 out of 1,000, 0.59 points apart."""
    text = trial_words(guide(tmp_path, STROKE, BLEEDING, DEATH), "patients")
    assert "Unwanted: had a stroke or a clot elsewhere" in text
    assert "apixaban: 23 out of 1,000 warfarin: 29 out of 1,000" in text
    assert "apixaban v warfarin: 6 fewer out of 1,000" in text
    assert "over about 1.8 years (half of the people longer)" in text
    # Bleeding: 3.60% and 5.10%. Death: 6.61% and 7.37%, 0.76 points apart.
    assert (
        "apixaban: 36 out of 1,000 warfarin: 51 out of 1,000 apixaban v warfarin: 15 fewer" in text
    )
    assert "apixaban v warfarin: 8 fewer" in text
    for barred in ("ratio", "0.79", "1.38", "Harm", "placebo"):
        assert barred not in text


def test_an_interval_with_a_number_needed_does_not_seem_to_hold_no_difference(tmp_path):
    """Death, 603/9,120 and 669/9,081: Newcombe's interval ends at -0.0142 points."""
    library = guide(tmp_path, DEATH, STROKE)
    contrast = contrasts(library.trials["a-trial"].results[0])[0]
    assert (contrast.low, contrast.high, contrast.places) == (
        Decimal("-1.50"),
        Decimal("-0.01"),
        2,
    )
    shown = "\u22120.76 points (\u22121.50 to \u22120.01)"
    assert shown in trial_words(library, "clinicians")
    line = counts_line(page(library, "clinicians"), library.trials["a-trial"].results[0])
    assert "\u22120.01" in line.differences[0].interval and line.differences[0].needed
    # One digit is enough for all others: also where an interval holds 0, and ends at it.
    assert contrasts(library.trials["a-trial"].results[1])[0].places == 1
    assert statistics.places_of_interval(Decimal("-0.04"), Decimal("0.04")) == 1
    assert statistics.places_of_interval(Decimal("0.0004"), Decimal("3")) == 4


def test_the_picture_of_an_option_says_the_numbers_of_the_text(tmp_path):
    """2 and 3 out of 100 would be ten fewer out of 1,000, where there are six."""
    guide(tmp_path, STROKE)
    grid = tmp_path / "content/conditions/example-disease/comparison.yml"
    words_of_grid = grid.read_text(encoding="utf-8").replace(
        "[other-trial-response]", "[stroke]\n        picture: stroke"
    )
    grid.write_text(words_of_grid, encoding="utf-8")
    row = comparison(page(load(tmp_path), "patients")).rows[0]
    picture = row.answers[0].picture
    assert picture is not None and not picture.each
    assert [arm.count for arm in picture.arms] == ["23", "29"]
    pair = row.evidence[0].people[0].pair
    assert pair is not None and (pair.medicine.count, pair.comparator.count) == ("23", "29")
    assert picture.denominator == "1,000"


def test_patients_read_the_limit_as_numbers_of_people(tmp_path):
    """1 - (1 - 0.029182) ** 1.38 = 0.0400: 40 out of 1,000 where warfarin has 29."""
    share = statistics.rate(265, 9081)
    assert float(statistics.share_at_ratio(share, "hazard ratio", Decimal("1.38"))) == (
        pytest.approx(4.0046, abs=0.001)
    )
    text = trial_words(guide(tmp_path, STROKE), "patients")
    assert (
        "The study was planned to show that apixaban is not much worse than warfarin. The study"
        " showed this. The limit was about 40 out of 1,000, where the group on warfarin has 29."
    ) in text


def test_clinicians_read_counts_first_and_the_ratio_as_printed(tmp_path):
    """NNT: 1/0.0059362 is 168.5. Newcombe's interval: -1.058 to -0.129 points."""
    text = trial_words(guide(tmp_path, STROKE), "clinicians")
    assert "apixaban: 212/9,120 (2.3%) warfarin: 265/9,081 (2.9%)" in text
    assert (
        "apixaban v warfarin: −0.6 points (−1.1 to −0.1); hazard ratio 0.79 (95% CI 0.66 to 0.95)"
    ) in text
    assert "NNT 169 (95 to 774)" in text
    assert "Planned to show non-inferiority (limit: hazard ratio 1.38): shown." in text
    assert "Ratios, and differences of means, are as the source prints them." in text
    assert "median follow-up 1.8 years" in text


def test_a_line_has_the_same_numbers(tmp_path):
    library = guide(tmp_path, STROKE)
    record = library.records["stroke"]
    assert isinstance(record, m.Result)
    line = people_line(page(library, "patients"), record, 1000)
    assert line.pair is not None and (line.pair.medicine.count, line.outcome) == (
        "23",
        "had a stroke or a clot elsewhere",
    )
    assert line.remarks and "ratio" not in str(line.remarks)
    both = counts_line(page(library, "clinicians"), record)
    assert both.differences[0].effect == "hazard ratio 0.79 (95% CI 0.66 to 0.95)"


def test_a_bad_outcome_to_prevent_is_no_harm_and_can_be_pictured(tmp_path):
    library = guide(tmp_path, STROKE, BLEEDING)
    assert "No result on harm" in box_words(library, "patients", "stroke")
    assert "No result on harm" not in box_words(library, "patients", "stroke", "bleeding")
    shown = trial_shown(page(library, "patients"), library.trials["a-trial"])
    assert shown is not None and shown.picture is not None and shown.picture.id == "stroke"
    assert shown.picture.arms[0].name == "with apixaban"


def test_a_box_has_unwanted_and_fewer_but_never_harm_and_fewer(tmp_path):
    text = box_words(guide(tmp_path, STROKE, BLEEDING), "patients", "stroke", "bleeding")
    assert "Unwanted: had a stroke or a clot elsewhere" in text and "6 fewer" in text
    assert "With warfarin" in text and "placebo" not in text and "Harm:" not in text
    assert "ratio" not in text
    both = box_words(guide(tmp_path, STROKE), "clinicians", "stroke")
    assert "−0.6 (−1.1 to −0.1); hazard ratio 0.79 (95% CI 0.66 to 0.95); NNT 169" in both


# -- the other kinds -----------------------------------------------------------------------


def test_rates_over_time(tmp_path):
    """12/412.2 is 2.91 and 5/400 is 1.25 per 100 patient-years: 1.66 apart. 29 and 13 out of 1,000
    would be 16 apart, and not 17.
    """
    library = guide(tmp_path, RATES)
    text = trial_words(library, "patients")
    assert (
        "apixaban: 29.1 for every 1,000 people a year warfarin: 12.5 for every 1,000 people a year"
        " apixaban v warfarin: about 16.6 more for every 1,000 people a year"
    ) in text
    assert "ratio" not in text and "patient-years" not in text
    text = trial_words(library, "clinicians")
    assert "apixaban: 12 events in 412.2 patient-years (2.91 per 100 patient-years)" in text
    assert "+1.66 per 100 patient-years; rate ratio 2.33 (95% CI 0.82 to 6.6)" in text
    assert "NNT" not in text


def test_rates_as_printed_in_another_size(tmp_path):
    printed = {"rate": {"value": Decimal("4.2"), "unit": "per 1,000 catheter-days"}}
    other = {"rate": {"value": Decimal("6.0"), "unit": "per 1,000 catheter-days"}}
    library = guide(tmp_path, {**RATES, "effect": None, "arms": pair(printed, other)})
    text = trial_words(library, "clinicians")
    assert "apixaban: 4.2 per 1,000 catheter-days" in text
    # The difference has the size and the digits of its rates.
    assert "\u22121.8 per 1,000 catheter-days" in text
    called = library.records["rates"]
    assert isinstance(called, m.Result)
    assert result_values(called)["medicine_rate"] == "4.2 per 1,000 catheter-days"
    assert "apixaban: 4 for every 1,000 catheter-days" in trial_words(library, "patients")


def test_counts_with_their_rate_stay_counts(tmp_path):
    rated = [
        arm(
            "apixaban",
            "examplinib",
            n=9120,
            responders=212,
            rate={"value": Decimal("1.27"), "unit": "per 100 patient-years"},
        ),
        arm(
            "warfarin",
            "otherinib",
            n=9081,
            responders=265,
            rate={"value": Decimal("1.60"), "unit": "per 100 patient-years"},
        ),
    ]
    text = trial_words(guide(tmp_path, {**STROKE, "arms": rated}), "clinicians")
    assert "212/9,120 (2.3%), 1.27 per 100 patient-years" in text


def test_means(tmp_path):
    library = guide(tmp_path, MEANS)
    text = trial_words(library, "patients")
    assert "Measured: pain at night (from 0 to 10; lower is better)" in text
    assert "apixaban: fell by 3.1 points on average placebo: fell by 2.0 points on average" in text
    assert "1.2 points better" in text and "out of" not in text
    text = trial_words(library, "clinicians")
    assert "apixaban: mean change −3.1 points, SD 2.2, n 120" in text
    assert "mean difference −1.2 points (95% CI −1.8 to −0.6)" in text and "NNT 1" not in text
    assert "1.2 points better" in box_words(library, "patients", "pain")


@pytest.mark.parametrize(
    "better, first, second, said",
    [("higher", -3, -2, "1 point worse"), ("lower", 2, 2, "no difference")],
)
def test_means_say_which_way_is_better(tmp_path, better, first, second, said):
    arms = [arm("apixaban", "examplinib", mean=first), arm("placebo", mean=second)]
    scale = {"better": better, "shows": "change", "unit": "points"}
    library = guide(tmp_path, {**MEANS, "arms": arms, "scale": scale, "effect": None})
    assert said in trial_words(library, "patients")
    assert "from the two groups; no interval printed" in trial_words(library, "clinicians")


def test_medians(tmp_path):
    arms = [
        arm("apixaban", "examplinib", n=40, median=4, quartiles={"low": 2, "high": 7}),
        arm("placebo", n=40, median=6),
    ]
    scale = {"better": "lower", "shows": "value", "unit": "days"}
    library = guide(tmp_path, {**MEANS, "arms": arms, "scale": scale, "effect": None})
    assert "4 days in the middle of the group" in trial_words(library, "patients")
    said = "median 4 days, interquartile range 2 to 7, n 40"
    assert said in trial_words(library, "clinicians")


def test_a_difference_of_percentages_is_in_percentage_points(tmp_path):
    arms = [arm("apixaban", "examplinib", n=40, median=7), arm("placebo", n=40, median=8)]
    scale = {"better": "lower", "shows": "value", "unit": "%"}
    library = guide(tmp_path, {**MEANS, "arms": arms, "scale": scale, "effect": None})
    assert "1 percentage points better" in trial_words(library, "patients")
    assert "\u22121 percentage points" in trial_words(library, "clinicians")


def test_the_accuracy_of_a_test(tmp_path):
    """230/250 is 92%, with Wilson's interval 0.8797 to 0.9476; 261/300 is 87%, 0.8272 to 0.9034."""
    library = guide(tmp_path, TEST)
    text = trial_words(library, "patients")
    assert (
        "Of 100 people with a clot in the leg, the test finds 92; 8 are missed."
        " Of 100 people without it, 13 get a false alarm."
    ) in text
    assert "What showed who has it: an X-ray of the veins." in text
    text = trial_words(library, "clinicians")
    assert "Sensitivity: 230/250 (92.0%; 95% interval 88.0 to 94.8)" in text
    assert "Specificity: 261/300 (87.0%; 95% interval 82.7 to 90.3)" in text
    assert "Of 100 people without it, 13" in box_words(library, "patients", "scan")
    assert "Sensitivity" in box_words(library, "clinicians", "scan")
    drawn = figure_people(page(library, "patients"), "scan")
    assert [share.count for share in drawn.picture.shares] == [92, 13]


def study_of_two_tests() -> list[dict[str, object]]:
    """One study of two tests, which left some people without the condition out."""
    accuracy: dict[str, object] = {**TEST["accuracy"], "without": "small findings at most"}  # type: ignore[dict-item]
    return [
        {**TEST, "accuracy": {**accuracy, "test": "the FIT"}},
        {
            **TEST,
            "id": "scan-dna",
            "accuracy": {**accuracy, "test": "the DNA test", "true_positives": 240},
            "proof": "240 of 250 … 261 of 300",
        },
    ]


def test_a_study_of_two_tests_says_which_test_it_speaks_of(tmp_path):
    library = guide(tmp_path, *study_of_two_tests())
    text = trial_words(library, "patients")
    for said in (
        "Test: the FIT for a clot in the leg",
        "a clot in the leg, the FIT finds 92; 8 are missed.",
        "a clot in the leg, the DNA test finds 96; 4 are missed.",
        "Of 100 people with small findings at most, 13 get a false alarm.",
        "A filled one had a positive test (the FIT)",
        "of the people with small findings at most",
    ):
        assert said in text, said
    assert "the test finds" not in text and "without it" not in text
    text = trial_words(library, "clinicians")
    assert "Test: the DNA test for deep vein thrombosis" in text
    assert "Specificity (people with small findings at most): 261/300" in text
    for track in ("patients", "clinicians"):
        assert "the DNA test" in box_words(library, track, "scan-dna")
    published = (
        trial_record(library.trials["a-trial"], NO_PAGES, [NO_PAGES] * 2).results[1].accuracy
    )
    assert published is not None
    assert (published.test, published.without) == ("the DNA test", "small findings at most")


def test_tests_that_nobody_can_tell_apart_are_refused(tmp_path):
    said = problems(tmp_path, TEST, {**TEST, "id": "scan-dna"})
    assert "cannot tell the results 'scan' and 'scan-dna' apart" in said
    assert "'accuracy: test:'" in said
    guide(tmp_path, TEST, {**TEST, "id": "scan-dna", "who": "aged 50 or more"})


def test_patients_read_of_whom_a_result_is_where_it_is_not_of_everybody(tmp_path):
    library = guide(tmp_path, {**STROKE, "who": "those over 75"}, BLEEDING)
    text = trial_words(library, "patients")
    assert "those over 75 over about 1.8 years" in text
    assert text.count("those over 75") == 1


def test_a_line_of_a_result_says_whom_it_is_of_in_a_sentence(tmp_path):
    """ "… NNT 169 (95 to 774). people with example disease." is no sentence."""
    library = guide(tmp_path, STROKE)
    line = counts_line(page(library, "clinicians"), library.trials["a-trial"].results[0])
    assert line.who == "Example disease"
    site = tmp_path / "content/site.yml"
    phrase = "{name: example disease, people: people at risk of example disease}"
    site.write_text(
        site.read_text(encoding="utf-8").replace("ED: example disease", f"ED: {phrase}"),
        encoding="utf-8",
    )
    library = guide(tmp_path, STROKE)
    line = counts_line(page(library, "clinicians"), library.trials["a-trial"].results[0])
    assert line.who == "People at risk of example disease"
    assert "A TRIAL (people at risk of example disease): results" in trial_words(
        library, "clinicians"
    )


def test_a_name_with_a_capital_inside_keeps_its_small_letter():
    assert [sentence(word) for word in ("stroke", "eGFR below 30", "pH", "anti-TNF", "Ü1", "")] == [
        "Stroke",
        "eGFR below 30",
        "pH",
        "Anti-TNF",
        "Ü1",
        "",
    ]


def test_a_test_that_misses_few_does_not_miss_none(tmp_path):
    """9,999 of 10,000: a tenth of a person in 1,000."""
    rare = {**TEST["accuracy"], "with_condition": 10000, "true_positives": 9999}  # type: ignore[dict-item]
    text = trial_words(guide(tmp_path, {**TEST, "accuracy": rare}), "patients")
    assert "the test finds 1,000; fewer than 1 are missed" in text


def test_one_arm_is_compared_with_nothing(tmp_path):
    library = guide(tmp_path, ALONE)
    text = trial_words(library, "patients")
    assert "apixaban: 40 out of 100" in text and "No group to compare with." in text
    text = trial_words(library, "clinicians")
    assert "apixaban: 20/50 (40.0%)" in text and "NNT" not in text
    assert contrasts(library.trials["a-trial"].results[0]) == []
    for track in ("patients", "clinicians"):
        text = box_words(library, track, "alone")
        assert "not compared" in text and "No group to compare with." in text


@pytest.mark.parametrize("id", ["pain", "rates"])
def test_only_people_who_were_counted_are_drawn(tmp_path, id):
    library = guide(tmp_path, MEANS, RATES)
    with pytest.raises(CallError, match="counts no people"):
        figure_people(page(library, "patients"), id)


def test_several_arms_have_their_own_effects(tmp_path):
    arms = [
        arm("low", "examplinib", n=100, responders=30),
        arm("high", "examplinib", n=100, responders=50),
        arm("warfarin", "otherinib", n=100, responders=20),
    ]
    effect = [{"measure": "odds ratio", "value": Decimal("4.0"), "arm": 2}]
    text = trial_words(guide(tmp_path, result("two", arms=arms, effect=effect)), "clinicians")
    assert "high v warfarin: +30.0 points (+16.9 to +41.7); odds ratio 4.0" in text
    assert text.count("odds ratio") == 1


# -- both medicines of a head-to-head trial ------------------------------------------------


def test_a_head_to_head_trial_belongs_to_both(tmp_path):
    library = guide(tmp_path, STROKE, medicine="otherinib", compares=["examplinib"])
    shown = page(library, "patients")
    assert "a-trial" in {trial.id for trial in trials_in_group(shown, "direct")}
    assert trial_values(library, "a-trial")["compares"] == "examplinib"
    library = guide(tmp_path, STROKE, compares=["otherinib"])
    assert "compared examplinib with otherinib" in trial_words(library, "clinicians")


def test_a_box_counts_the_medicine_of_its_topic(tmp_path):
    """Seen from warfarin: 29 and 23, 6 more strokes, NNH in place of NNT, and no printed ratio."""
    swapped = {
        **STROKE,
        "arms": [
            arm("apixaban", "otherinib", n=9120, responders=212),
            arm("warfarin", "examplinib", n=9081, responders=265),
        ],
    }
    library = guide(tmp_path, swapped, medicine="otherinib", compares=["examplinib"])
    text = box_words(library, "patients", "stroke")
    assert "29 out of 1,000 23 out of 1,000 6 more" in text and "With apixaban" in text
    text = box_words(library, "clinicians", "stroke")
    assert "+0.6 (+0.1 to +1.1); NNH 169" in text and "ratio" not in text
    record = library.records["stroke"]
    assert isinstance(record, m.Result) and seen_from(record, "nobody") is record


def test_a_medicine_that_is_compared_has_an_arm(tmp_path):
    library = guide(tmp_path, MEANS, compares=["otherinib"])
    found = list(trials_test_their_medicine.check(Guide(library, tmp_path, [], TODAY)))
    assert [one.message for one in found] == [
        "compares[0]: no arm of the trial has the medicine 'otherinib': name it there, or leave it"
        " out here"
    ]
    assert "'compares' names 'examplinib', which it tested" in problems(
        tmp_path, MEANS, compares=["examplinib"]
    )


def three_trials(folder: Path, *results: dict[str, object]) -> Library:
    """The tiny guide with three trials that have the same results."""
    guide(folder, *results, compares=["otherinib"])
    trials = folder / "content" / "trials"
    text = (trials / "a-trial.yml").read_text(encoding="utf-8")
    for name in ("b-trial", "c-trial"):
        copied = text.replace("id: a-trial", f"id: {name}")
        for one in results:
            copied = copied.replace(f"- id: {one['id']}", f"- id: {name}-{one['id']}")
        (trials / f"{name}.yml").write_text(copied, encoding="utf-8")
    return load(folder)


def test_a_plot_names_its_comparator_and_its_unit(tmp_path):
    shown = page(three_trials(tmp_path, STROKE, MEANS, RATES), "clinicians")
    drawn = forest.figure_forest(shown)
    assert drawn.mixed and [plot.endpoint for plot in drawn.plots] == [
        "Stroke or systemic embolism",
        "Pain score",
    ]
    strokes, pain = drawn.plots
    assert strokes.comparator == "warfarin" and strokes.groups[0].rows[0].difference == "−0.6"
    assert (pain.comparator, pain.unit) == ("", "points")
    assert (pain.groups[0].rows[0].difference, pain.groups[0].rows[0].interval) == (
        "−1.2",
        "−1.8 to −0.6",
    )
    assert pain.axis.labels == ("−1.5", "−1", "−0.5", "0")
    text = words(DRAWN.html("figure_forest", drawn))
    assert "against warfarin" in text and "Its group on warfarin" in text
    assert "Differences from placebo" not in text and "outcome with the medicine" not in text
    assert "difference from warfarin in percentage points" in forest.picture_of(strokes).title
    found = findings(shown)
    assert found.comparator == "warfarin" and len(found.groups[0].rows) == 3
    assert "Placebo" not in words(DRAWN.html("findings", found))


# -- what is refused -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong, said",
    [
        ({**STROKE, "week": None}, "'week' is missing"),
        ({**STROKE, "arms": None, "effect": None}, "'arms' is missing"),
        ({**STROKE, "outcome": "good"}, "belongs to a bad outcome"),
        ({**ALONE, "effect": STROKE["effect"]}, "compare two arms"),
        ({**STROKE, "effect": {**STROKE["effect"], "value": 2}}, "outside its interval"),  # type: ignore[dict-item]
        ({**STROKE, "effect": {**STROKE["effect"], "arm": 2}}, "'effect.arm' is 1 to 1"),  # type: ignore[dict-item]
        ({**STROKE, "effect": [STROKE["effect"], STROKE["effect"]]}, "two entries for one arm"),
        ({**STROKE, "effect": MEANS["effect"]}, "belong to means"),
        ({**MEANS, "scale": None}, "'scale' belongs to means"),
        ({**TEST, "arms": STROKE["arms"]}, "'accuracy' stands alone"),
        ({**STROKE, "arms": [STROKE["arms"][0], MEANS["arms"][1]]}, "different kinds"),  # type: ignore[index]
        ({**STROKE, "arms": pair({"events": 3}, {"events": 4})}, "'events' and 'person_time'"),
        ({**MEANS, "arms": pair({"mean": 1, "median": 1}, {"mean": 1})}, "not both"),
        ({**STROKE, "arms": pair({"percent": 3, "sd": 1}, {"percent": 1})}, "belong to 'mean'"),
        (
            {**RATES, "arms": pair({"rate": {"value": 1}}, {"rate": {"value": 2}})},
            "says per how much",
        ),
        (
            {**TEST, "accuracy": {**TEST["accuracy"], "true_positives": 251}},  # type: ignore[dict-item]
            "'true_positives' (251) is above 'with_condition' (250)",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused(tmp_path, wrong, said):
    assert said in problems(tmp_path, wrong)


@pytest.mark.parametrize(
    "wrong, said",
    [
        (
            {
                **STROKE,
                "non_inferiority": {
                    "measure": "hazard ratio",
                    "margin": Decimal("0.9"),
                    "met": "yes",
                },
            },
            "the interval ends at 0.66 and the limit is 0.9, but 'met' says yes",
        ),
        (
            {
                **STROKE,
                "non_inferiority": {
                    "measure": "hazard ratio",
                    "margin": Decimal("1.38"),
                    "met": "no",
                },
            },
            "the interval ends at 0.95 and the limit is 1.38, but 'met' says no",
        ),
        (
            {
                **RATES,
                "arms": pair(
                    {
                        "events": 8,
                        "person_time": {"value": Decimal("412.2"), "unit": "patient-years"},
                        "rate": {"value": Decimal("2.4"), "unit": "per 100 patient-years"},
                    },
                    {
                        "events": 5,
                        "person_time": {"value": 400, "unit": "patient-years"},
                        "rate": {"value": Decimal("1.3"), "unit": "per 100 patient-years"},
                    },
                ),
            },
            "arms[0]: 8 events make 1.94 per 100 patient-years, but 'rate' says 2.4",
        ),
        (
            {**MEANS, "scale": {**MEANS["scale"], "unit": "pints"}},  # type: ignore[dict-item]
            "scale: the unit 'pints' is not in content/units.yml (nearest: 'points')",
        ),
        (
            {**MEANS, "scale": {**MEANS["scale"], "high": 3}},  # type: ignore[dict-item]
            "arms[0]: -3.1 does not fit a scale from 0 to 3",
        ),
    ],
)
def test_effects_agree(tmp_path, wrong, said):
    library = guide(tmp_path, wrong)
    found = list(effects_agree.check(Guide(library, tmp_path, [], TODAY)))
    assert any(said in one.message for one in found), found
    assert len(found) == 1


def test_what_is_right_has_no_problems(tmp_path):
    every = Guide(
        guide(tmp_path, STROKE, BLEEDING, DEATH, RATES, MEANS, TEST, ALONE, compares=["otherinib"]),
        tmp_path,
        [],
        TODAY,
    )
    for rule in (
        counts_agree,
        effects_agree,
        facts_name_their_own_medicine,
        ratios_are_for_clinicians,
        trials_test_their_medicine,
    ):
        assert list(rule.check(every)) == []


def test_the_proof_holds_every_number(tmp_path):
    library = guide(tmp_path, STROKE, BLEEDING, MEANS, TEST)
    found = list(proof_holds_the_number.check(Guide(library, tmp_path, [], TODAY)))
    assert found == []
    wrong = {**STROKE, "proof": str(STROKE["proof"]).replace("1.38", "").replace("0.95", "")}
    library = guide(tmp_path, wrong, {**TEST, "proof": "230 of 250"})
    found = list(proof_holds_the_number.check(Guide(library, tmp_path, [], TODAY)))
    said = " ".join(one.message for one in found)
    for name in (
        "effect.high: 0.95 is not in the proof",
        "non_inferiority.margin: 1.38 is not",
        "accuracy.true_negatives: 261 is not",
    ):
        assert name in said


def test_what_a_wording_may_call(tmp_path):
    library = guide(tmp_path, STROKE, MEANS, TEST, RATES, ALONE)
    values = {
        id: result_values(record)
        for id, record in library.records.items()
        if isinstance(record, m.Result)
    }
    stroke = values["stroke"]
    assert stroke["medicine_responders"] == "212" and stroke["comparator_responders"] == "265"
    assert stroke["placebo_n"] == stroke["comparator_n"] == "9,081"
    assert (stroke["effect"], stroke["effect_high"], stroke["margin"]) == ("0.79", "0.95", "1.38")
    assert values["pain"]["medicine_mean"] == "3.1\xa0points"
    assert values["pain"]["difference"] == "1.2\xa0points"
    assert values["scan"]["missed"] == "8" and values["scan"]["false_alarms"] == "13"
    assert values["rates"]["comparator_rate"] == "1.25 per 100 patient-years"
    assert "comparator_percent" not in values["alone"]


def test_patients_are_not_told_a_ratio_through_a_call(tmp_path):
    said = "Fewer people had a stroke ({stroke.effect})."
    fact = {
        "id": "about-stroke",
        "kind": "trial",
        "population": "ED",
        "patient": said,
        "clinician": said,
        "sources": ["made-up-paper"],
        "confidence": "verified",
    }
    library = guide(tmp_path, STROKE, statements=[fact])
    found = list(ratios_are_for_clinicians.check(Guide(library, tmp_path, [], TODAY)))
    assert len(found) == 1 and "{stroke.effect} is a relative measure" in found[0].message


# -- data and registries -------------------------------------------------------------------


def test_old_records_keep_the_values_that_readers_were_shown(tmp_path):
    """A new field that is left out is no change of a published fact."""
    library = guide(tmp_path, DEATH)
    values = record_values(library, "death")
    assert not {"aim", "effect", "scale", "accuracy", "arms[0].events"} & values.keys()
    assert "compares" not in trial_values(library, "a-trial")


def test_the_data_hold_every_kind(tmp_path):
    library = guide(tmp_path, STROKE, RATES, MEANS, TEST, ALONE, registration="ISRCTN12345678")
    record = trial_record(library.trials["a-trial"], NO_PAGES, [NO_PAGES] * 5)
    stroke, rates, means, test, alone = record.results
    assert record.registry == "ISRCTN"
    assert (stroke.contrasts[0].effect, stroke.contrasts[0].effect_value) == ("hazard ratio", 0.79)
    assert (stroke.margin, stroke.margin_met, stroke.aim) == (1.38, "yes", "prevention")
    assert (rates.kind, rates.arms[0].rate, rates.difference) == ("rates", 2.91, 1.66)
    assert (means.difference, means.interval_low, means.unit) == (-1.2, -1.8, "points")
    assert test.accuracy is not None and test.accuracy.sensitivity == 92.0
    assert (alone.difference, alone.contrasts) == (None, [])
    sheets = next(table for table in TABLES if table.name == "trials").sheets
    for sheet in sheets.values():
        for row in sheet.rows(record):
            assert set(sheet.columns) <= row.keys()


NUMBERS = {
    "NCT00412984": "https://clinicaltrials.gov/study/NCT00412984",
    "ISRCTN12345678": "https://www.isrctn.com/ISRCTN12345678",
    "2012-001234-56": (
        "https://www.clinicaltrialsregister.eu/ctr-search/search?query=2012-001234-56"
    ),
    "2022-500123-12-00": "https://euclinicaltrials.eu/ctis-public/view/2022-500123-12-00",
    "ChiCTR2000029308": "https://trialsearch.who.int/Trial2.aspx?TrialID=ChiCTR2000029308",
    "ChiCTR-TRC-12002777": "https://trialsearch.who.int/Trial2.aspx?TrialID=ChiCTR-TRC-12002777",
    "JapicCTI-132288": "https://trialsearch.who.int/Trial2.aspx?TrialID=JPRN-JapicCTI-132288",
    "jRCT2080222121": "https://jrct.mhlw.go.jp/en-latest-detail/jRCT2080222121",
    "jRCTs031180001": "https://jrct.mhlw.go.jp/en-latest-detail/jRCTs031180001",
    "UMIN000012345": "https://trialsearch.who.int/Trial2.aspx?TrialID=JPRN-UMIN000012345",
    "ACTRN12605000000000": "https://trialsearch.who.int/Trial2.aspx?TrialID=ACTRN12605000000000",
    "DRKS00000123": "https://drks.de/search/en/trial/DRKS00000123",
    "CTRI/2012/05/002654": "https://trialsearch.who.int/Trial2.aspx?TrialID=CTRI/2012/05/002654",
    "PACTR201105000291179": (
        "https://trialsearch.who.int/Trial2.aspx?TrialID=PACTR201105000291179"
    ),
    "IRCT20080901001157N2": (
        "https://trialsearch.who.int/Trial2.aspx?TrialID=IRCT20080901001157N2"
    ),
    "KCT0001234": "https://trialsearch.who.int/Trial2.aspx?TrialID=KCT0001234",
}


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_of_each_registry_has_its_address(tmp_path, number):
    assert record_address(number) == NUMBERS[number]
    library = guide(tmp_path, DEATH, registration=number)
    shown = trial_shown(page(library, "clinicians"), library.trials["a-trial"])
    assert shown is not None
    html = DRAWN.html("trials", Trials((shown,)))
    assert f'<a href="{NUMBERS[number]}" rel="noopener">{number}</a>' in html


@pytest.mark.parametrize("number", ["NCT123", "2012-001234", "EX-7", "ISRCTN1234567x", ""])
def test_an_unknown_form_is_refused_with_the_forms(tmp_path, number):
    said = problems(tmp_path, DEATH, registration=number or "-")
    assert "trials/a-trial.yml" in said
    # A number that begins like those of one registry is shown that one's form, others all.
    own = [form for form in FORMS if number[:3] and form.startswith(number[:3])]
    assert all(form in said for form in own or FORMS)
    assert registry_of(number) is None
    with pytest.raises(ValueError, match=r"is (not the|no) number of"):
        record_address(number)


def test_each_registry_has_a_form_and_an_address():
    assert len({one.name for one in REGISTRIES}) == len(REGISTRIES)
    for one in REGISTRIES:
        assert one.forms and one.address.startswith("https://")
