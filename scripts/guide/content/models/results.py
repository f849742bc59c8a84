"""Results of studies: counts, rates over time, means, and the accuracy of a test."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from pydantic import ConfigDict, Field, PrivateAttr, model_validator

from guide.content.models.common import (
    CertaintyLevel,
    ClinicianText,
    Id,
    MedicineId,
    PatientText,
    PopulationId,
    Quantity,
    SharedText,
    Strict,
    Text,
    Unit,
    UnitName,
    Unknown,
)
from guide.content.models.facts import Sourced

ResultKind = Literal["counts", "rates", "means", "accuracy"]
Ratio = Literal["hazard ratio", "rate ratio", "risk ratio", "odds ratio"]
DifferenceOfMeans = Literal["mean difference", "median difference", "standardised mean difference"]
Measure = Ratio | Literal["risk difference", "rate difference"] | DifferenceOfMeans
RATIOS = frozenset({"hazard ratio", "rate ratio", "risk ratio", "odds ratio"})
_OF_MEANS = frozenset({"mean difference", "median difference", "standardised mean difference"})
# The unit of a rate: how much person-time, and of which unit.
RATE_UNIT = re.compile(r"per (?P<size>\d[\d,]*) (?P<unit>\D.*)")


class Arm(Strict):
    """One arm of a trial result: counts first."""

    arm: Text = Field(description="What was given, without the dose: 'examplinib', 'placebo'.")
    medicine: MedicineId | None = Field(
        None, description="The medicine's id; left out for placebo or usual care."
    )
    dose: Text | None = Field(
        None,
        description=(
            "'15 mg once daily'. Shown to clinicians; to patients only for an approved use."
        ),
    )
    n: int | None = Field(None, gt=0, description="People in the analysis.")
    responders: int | None = Field(None, ge=0, description="People with the outcome.")
    responders_derived: bool = Field(
        False,
        description=(
            "The count was worked out from the printed percentage: it must be the only whole number"
            " that fits."
        ),
    )
    percent: Decimal | int | None = Field(
        None, ge=0, le=100, description="The percentage as printed in the source."
    )
    events: int | None = Field(
        None, ge=0, description="Events over the person-time; one person may have several."
    )
    person_time: Quantity | None = Field(
        None,
        description=(
            "How long all people of the arm were watched together: {value: 412.2, unit:"
            " patient-years}."
        ),
    )
    rate: Quantity | None = Field(
        None, description="The rate as printed: {value: 2.4, unit: per 100 patient-years}."
    )
    mean: Decimal | int | None = Field(
        None, description="The mean, or the mean change with its sign, as printed."
    )
    median: Decimal | int | None = Field(
        None, description="The median, or the median change with its sign, as printed."
    )
    sd: Decimal | int | None = Field(None, ge=0, description="The standard deviation, as printed.")
    quartiles: Quantity | None = Field(
        None, description="Both ends of the interquartile range: {low: 2, high: 5}."
    )

    @property
    def kind(self) -> ResultKind:
        """Which kind of numbers the arm has."""
        if self.responders is not None or self.percent is not None:
            return "counts"
        return "means" if self.mean is not None or self.median is not None else "rates"

    @model_validator(mode="after")
    def _counts_agree(self) -> Arm:
        if self.responders is not None:
            if self.n is None:
                raise ValueError("'responders' without 'n': say how many people were analysed")
            if self.responders > self.n:
                raise ValueError(f"'responders' ({self.responders}) is above 'n' ({self.n})")
        over_time = self.events is not None and self.person_time is not None
        if self.kind == "rates" and self.rate is None and not over_time:
            raise ValueError(
                "an arm needs 'responders' and 'n', or at least the printed 'percent'; for events"
                " over time 'events' and 'person_time', or the printed 'rate'; for a score 'mean'"
                " or 'median'"
            )
        return self

    @model_validator(mode="after")
    def _one_kind(self) -> Arm:
        if self.kind == "means":
            if (self.mean is None) == (self.median is None):
                raise ValueError("give 'mean' or 'median', not both")
            if self.events is not None or self.rate is not None or self.person_time is not None:
                raise ValueError(
                    "'mean' and 'median' do not go with 'events', 'person_time' or 'rate': make two"
                    " results"
                )
        elif self.mean is not None or self.median is not None:
            raise ValueError("counts do not go with 'mean' or 'median': make two results")
        elif self.sd is not None or self.quartiles is not None:
            raise ValueError("'sd' and 'quartiles' belong to 'mean' or 'median'")
        return self

    @model_validator(mode="after")
    def _numbers_have_their_form(self) -> Arm:
        if self.quartiles is not None and self.quartiles.low is None:
            raise ValueError("'quartiles' needs both ends: {low: 2, high: 5}")
        if self.person_time is not None and not (self.person_time.value and self.person_time.unit):
            raise ValueError(
                "'person_time' needs a 'value' above 0 and a 'unit': {value: 412.2, unit:"
                " patient-years}"
            )
        if self.rate is not None and (
            self.rate.value is None or not RATE_UNIT.fullmatch(self.rate.unit or "")
        ):
            raise ValueError(
                "'rate' needs a 'value' and a 'unit' that says per how much: {value: 2.4, unit: per"
                " 100 patient-years}"
            )
        return self


class FollowUp(Strict):
    """How long people were watched, where events were counted over time."""

    follow_up: Quantity = Field(description="The time with its unit: {value: 4, unit: years}.")
    measure: Literal["median", "mean", "up to", "at least"] = Field(
        alias="is", description="What the time is of the group."
    )

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)


class Effect(Strict):
    """An arm against the comparator in one number, as the source prints it."""

    measure: Measure = Field(description="What the number is.")
    value: Decimal | int = Field(description="The number, with its sign.")
    low: Decimal | int | None = Field(None, description="The lower end of its interval.")
    high: Decimal | int | None = Field(None, description="The upper end of its interval.")
    level: Decimal | int = Field(
        95, gt=50, lt=100, description="The level of the interval in per cent."
    )
    arm: int | None = Field(
        None,
        gt=0,
        description="Which arm, counted from 1: needed where several are compared with the last.",
    )

    @model_validator(mode="after")
    def _inside_its_interval(self) -> Effect:
        if (self.low is None) != (self.high is None):
            raise ValueError("give both 'low' and 'high', or leave both out")
        low = self.value if self.low is None else self.low
        high = self.value if self.high is None else self.high
        if not low <= self.value <= high:
            raise ValueError(
                f"'value' ({self.value}) is outside its interval ({low} to {high}): read the source"
                " again"
            )
        if self.measure in RATIOS and low < 0:
            raise ValueError(f"a {self.measure} is never below 0")
        return self


class NonInferiority(Strict):
    """The limit of a study that was planned to show that the first arm is not much worse."""

    measure: Measure = Field(description="What the limit is of, as planned.")
    margin: Decimal | int = Field(
        description=(
            "The limit, with its sign: 1.38 for a ratio, 10 or -10 for a difference in points."
        )
    )
    met: Literal["yes", "no", "not reported"] = Field(
        description="Whether the interval stayed within the limit, as the source says."
    )


class Scale(Strict):
    """What the means of a result are measured on."""

    better: Literal["lower", "higher"] = Field(
        description="Which direction is better for the person."
    )
    shows: Literal["change", "value"] = Field(
        description="change: from the start of the study. value: at the time of the result."
    )
    unit: UnitName | None = Field(
        None, description="A unit of content/units.yml, spelt as there; left out for none."
    )
    low: Decimal | int | None = Field(None, description="The lowest value that is possible.")
    high: Decimal | int | None = Field(None, description="The highest value that is possible.")
    # How its unit is printed: put here when the library is read.
    _form: Unit | None = PrivateAttr(None)

    @model_validator(mode="after")
    def _two_ends(self) -> Scale:
        if (self.low is None) != (self.high is None):
            raise ValueError("give both 'low' and 'high', or leave both out")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError(f"'low' ({self.low}) is not below 'high' ({self.high})")
        return self

    def in_form(self, unit: Unit | None) -> None:
        """Notes how the unit is printed."""
        self._form = unit

    def quantity(self, number: Decimal | int) -> Quantity:
        """A number with the unit of the scale."""
        quantity = Quantity(value=number, unit=self.unit)
        quantity.in_form(self._form)
        return quantity


class Accuracy(Strict):
    """A test against what shows for certain who has the condition."""

    reference: SharedText = Field(
        description="What showed who has it: the reference standard, such as 'an X-ray'."
    )
    with_condition: int = Field(gt=0, description="People who have it, by the reference.")
    true_positives: int = Field(ge=0, description="Of those, whom the test found.")
    without_condition: int = Field(gt=0, description="People who do not have it.")
    true_negatives: int = Field(ge=0, description="Of those, whom the test cleared.")

    @model_validator(mode="after")
    def _counts_agree(self) -> Accuracy:
        for part, whole in (
            ("true_positives", "with_condition"),
            ("true_negatives", "without_condition"),
        ):
            if getattr(self, part) > getattr(self, whole):
                raise ValueError(
                    f"'{part}' ({getattr(self, part)}) is above '{whole}' ({getattr(self, whole)})"
                )
        return self


class Result(Sourced):
    """What happened in each arm, at one week, on one endpoint; or how right a test was."""

    id: Id = Field(
        description="Permanent: small letters, digits and hyphens; never given to anything else."
    )
    endpoint: Text = Field(description="As the study names it, such as 'outcome score'.")
    outcome: Literal["good", "bad"] = Field(
        "good",
        description=(
            "Whether having the outcome is good or bad for the person, apart from which way it"
            " went."
        ),
    )
    aim: Literal["prevention"] | None = Field(
        None,
        description=(
            "prevention: the outcome is bad, and the treatment is given to prevent it. It then"
            " counts as what the treatment is for, not as a harm."
        ),
    )
    primary: bool | Literal["unknown"] = Field(
        "unknown",
        description=(
            "true: the trial's own primary endpoint. false: read that it is not. unknown: the rank"
            " was not in the part read."
        ),
    )
    week: int | FollowUp | Unknown | None = Field(
        None,
        description=(
            "The week it was measured; for events over time the follow-up; or unknown with the"
            " reason. Left out only for the accuracy of a test."
        ),
    )
    population: PopulationId = Field(
        description="Who was analysed: a population of content/site.yml."
    )
    who: SharedText | None = Field(None, description="The subgroup, if not everyone.")
    arms: list[Arm] = Field(
        default_factory=list,
        description=(
            "The medicine's arms first, the comparator last; one arm where nothing was compared."
            " Left out only for the accuracy of a test."
        ),
    )
    scale: Scale | None = Field(None, description="For means and medians: what they are of.")
    effect: Effect | list[Effect] | None = Field(
        None,
        description=(
            "The first arm against the last as the source prints it, such as a hazard ratio;"
            " several arms: a list with one entry an arm. Clinicians see it beside the counts."
        ),
    )
    non_inferiority: NonInferiority | None = Field(
        None, description="For a study planned to show that the first arm is not much worse."
    )
    accuracy: Accuracy | None = Field(
        None, description="In place of arms: a test against a reference standard."
    )
    certainty: CertaintyLevel | None = Field(None, description="The GRADE level of the evidence.")
    not_rated: SharedText | None = Field(None, description="Why no certainty level is given.")
    patient: PatientText = Field(
        description=(
            "What the endpoint means, in everyday words: 'clearly better (at least two fifths"
            " better on …)'. For means what was measured: 'pain at night'; for a test what it looks"
            " for: 'a clot in the leg'. No numbers."
        )
    )
    clinician_only: ClinicianText | None = Field(
        None, description="Why patients are not shown this result."
    )

    @property
    def kind(self) -> ResultKind:
        """Which kind of numbers the result has."""
        return "accuracy" if self.accuracy is not None else self.arms[0].kind

    @property
    def effects(self) -> list[Effect]:
        """The printed effects, none, one or several."""
        if self.effect is None:
            return []
        return self.effect if isinstance(self.effect, list) else [self.effect]

    def effect_of(self, place: int) -> Effect | None:
        """The printed effect of the arm at `place`, counted from 0."""
        return next((one for one in self.effects if (one.arm or 1) == place + 1), None)

    @model_validator(mode="after")
    def _rated_or_not(self) -> Result:
        if (self.certainty is None) == (self.not_rated is None):
            raise ValueError(
                "give 'certainty', or say in 'not_rated' why there is none (one of the two)"
            )
        return self

    @model_validator(mode="after")
    def _one_kind(self) -> Result:
        if self.accuracy is not None:
            if self.arms or self.effects or self.scale or self.non_inferiority or self.aim:
                raise ValueError(
                    "'accuracy' stands alone: leave out 'arms', 'scale', 'effect', 'aim' and"
                    " 'non_inferiority'"
                )
            return self
        if not self.arms:
            raise ValueError("'arms' is missing: give each arm's numbers, or 'accuracy' of a test")
        if self.week is None:
            raise ValueError(
                "'week' is missing: give the week, the follow-up, or {unknown: <reason>}"
            )
        if len({arm.kind for arm in self.arms}) > 1:
            raise ValueError(
                "the arms have different kinds of numbers: give all of them counts, or rates, or"
                " means"
            )
        if (self.kind == "means") != (self.scale is not None):
            raise ValueError("'scale' belongs to means and medians, which need it")
        return self

    @model_validator(mode="after")
    def _effects_belong(self) -> Result:
        places = [one.arm or 1 for one in self.effects]
        if self.aim and self.outcome != "bad":
            raise ValueError("'aim: prevention' belongs to a bad outcome: say 'outcome: bad'")
        if len(self.arms) == 1 and (self.effects or self.non_inferiority):
            raise ValueError(
                "'effect' and 'non_inferiority' compare two arms, and the result has one"
            )
        if self.arms and any(place >= len(self.arms) for place in places):
            raise ValueError(
                f"'effect.arm' is 1 to {len(self.arms) - 1}: the arms before the comparator"
            )
        if len(set(places)) < len(places):
            raise ValueError("'effect' has two entries for one arm: say in 'arm' which is whose")
        if len(self.arms) > 2 and any(one.arm is None for one in self.effects):
            raise ValueError("with several arms, each 'effect' says in 'arm' whose it is")
        if any((one.measure in _OF_MEANS) != (self.kind == "means") for one in self.effects):
            raise ValueError(
                "differences of means or medians belong to means, and all other effects to counts"
                " and rates"
            )
        return self
