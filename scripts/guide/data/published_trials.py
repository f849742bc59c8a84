"""The published form of trials and their results."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from guide.content import models as m
from guide.data.published import CLINICIAN_PAGE, PATIENT_PAGE, Number, Published


class Arm(Published):
    """One arm of a result, counts first."""

    arm: str
    medicine: str | None = Field(description="Null for placebo or usual care.")
    dose: str | None
    n: int | None = Field(description="People in the analysis. Null: not seen.")
    responders: int | None = Field(description="People with the outcome. Null: not seen.")
    responders_derived: bool = Field(
        description=(
            "The count was worked out from the printed percentage: the only whole number that fits."
        )
    )
    percent: Number | None = Field(
        description=(
            "To one decimal: from the counts, or as printed where they were not seen. Null: people"
            " were not counted."
        )
    )
    events: int | None = Field(description="Events over the person-time.")
    person_time: Number | None = Field(description="In the unit of `person_time_unit`.")
    person_time_unit: str | None
    rate: Number | None = Field(
        description=(
            "Events per 100 of the unit of person-time: as printed, or to two decimals from events"
            " and person-time."
        )
    )
    mean: Number | None = Field(description="The mean, or the mean change, as printed.")
    median: Number | None = Field(description="The median, or the median change, as printed.")
    sd: Number | None = Field(description="The standard deviation, as printed.")
    quartile_low: Number | None
    quartile_high: Number | None


class Contrast(Published):
    """One arm of a result minus its comparator."""

    arm: str
    comparator: str
    difference: Number = Field(
        description=(
            "Of counts in percentage points, to one decimal, or to as many as keep an end of the"
            " interval from looking like 0; of rates per 100 of the unit of"
            " person-time, to two; of means in the unit of the scale, the printed one where there"
            " is one."
        )
    )
    interval_low: Number | None = Field(
        description=(
            "Of counts the 95% interval, Newcombe 1998, method 10; of means the printed one. Null:"
            " not known."
        )
    )
    interval_high: Number | None
    nnt: int | None = Field(
        description=(
            "Number needed to treat, rounded up: the arm does better. Null: it does not, the"
            " interval holds no difference, or counts not seen."
        )
    )
    nnt_low: int | None
    nnt_high: int | None
    nnh: int | None = Field(
        description=(
            "Number needed to harm, rounded up: more people of the arm have a bad outcome. Null as"
            " for nnt."
        )
    )
    nnh_low: int | None
    nnh_high: int | None
    effect: str | None = Field(
        description="What the source prints of the two, such as 'hazard ratio'. Null: nothing."
    )
    effect_value: Number | None
    effect_low: Number | None
    effect_high: Number | None
    effect_level: Number | None = Field(description="The level of its interval in per cent.")


class Accuracy(Published):
    """A test against a reference standard; shares and their 95% intervals (Wilson) to one
    decimal, from the counts.
    """

    test: str | None = Field(description="The test's name, where the record gives one.")
    reference: str
    true_positives: int
    with_condition: int
    true_negatives: int
    without_condition: int
    without: str | None = Field(
        description="Who the people without it were, where they were not everybody else."
    )
    sensitivity: Number
    sensitivity_low: Number
    sensitivity_high: Number
    specificity: Number
    specificity_low: Number
    specificity_high: Number


class Result(Published):
    """What happened in each arm, and each arm minus its comparator."""

    id: str
    trial: str
    medicine: str
    kind: m.ResultKind = Field(
        description=(
            "counts: of people. rates: events over person-time. means: of a scale. accuracy: of a"
            " test."
        )
    )
    endpoint: str
    outcome: str = Field(description="What the endpoint means, in everyday words.")
    outcome_is: Literal["good", "bad"] = Field(
        description="Whether having the outcome is good or bad for the person."
    )
    aim: Literal["prevention"] | None = Field(
        description="prevention: a bad outcome that the treatment is given to prevent."
    )
    primary: bool | None = Field(
        description="The trial's own primary endpoint. Null: its rank was not in the part read."
    )
    week: int | None
    follow_up: str | None = Field(
        description="How long people were watched, where events were counted over time."
    )
    week_unknown: str | None = Field(description="Why the week is not known.")
    population: str
    who: str | None = Field(description="The subgroup, if not everyone.")
    arms: list[Arm] = Field(description="One: nothing was compared. Empty: a test's accuracy.")
    better: Literal["lower", "higher"] | None = Field(description="Of a scale.")
    scale: Literal["change", "value"] | None = Field(description="What its means are of.")
    unit: str | None = Field(description="Of a scale.")
    scale_low: Number | None
    scale_high: Number | None
    accuracy: Accuracy | None
    non_inferiority: str | None = Field(
        description="What the limit of a study is of that was planned to show non-inferiority."
    )
    margin: Number | None = Field(description="That limit.")
    margin_met: Literal["yes", "no", "not reported"] | None
    difference: Number | None = Field(
        description=(
            "The first contrast's: first arm minus the comparator. Null: nothing was compared."
        )
    )
    interval_low: Number | None
    interval_high: Number | None
    nnt: int | None
    contrasts: list[Contrast] = Field(
        description="Every arm against the comparator, in the arms' order."
    )
    certainty: Literal["high", "moderate", "low", "very low"] | None
    not_rated: str | None
    clinician_only: str | None
    sources: list[str]
    locator: str | None
    confidence: Literal["verified", "secondary"]
    patient_page: str | None = PATIENT_PAGE
    clinician_page: str | None = CLINICIAN_PAGE


class Trial(Published):
    """A study with its results. It is evidence for the medicines it tested and for no other."""

    id: str
    name: str
    registration: str | None = Field(description="Its number in a registry.")
    registry: str | None = Field(description="Which registry that is.")
    medicine: str
    compares: list[str] = Field(description="The other medicines of a head-to-head trial.")
    population: str
    phase: str | None = Field(description="Of a trial of a medicine, as registered.")
    design: str
    status: Literal["completed", "recruiting", "results pending"]
    results: list[Result]
    statements: list[str]
    patient_page: str | None = PATIENT_PAGE
    clinician_page: str | None = CLINICIAN_PAGE
