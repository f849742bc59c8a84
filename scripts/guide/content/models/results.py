"""Results of studies: counts, rates over time, means, and the accuracy of a test."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field, PrivateAttr, model_validator

from guide.content.models.arms import Arm, FollowUp, ResultKind
from guide.content.models.common import (
    CertaintyLevel,
    ClinicianText,
    Id,
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

Ratio = Literal["hazard ratio", "rate ratio", "risk ratio", "odds ratio"]
DifferenceOfMeans = Literal["mean difference", "median difference", "standardised mean difference"]
Measure = Ratio | Literal["risk difference", "rate difference"] | DifferenceOfMeans
RATIOS = frozenset({"hazard ratio", "rate ratio", "risk ratio", "odds ratio"})
_OF_MEANS = frozenset({"mean difference", "median difference", "standardised mean difference"})


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

    test: SharedText | None = Field(
        None,
        description=(
            "The test's name inside a sentence: 'the FIT'. Needed where a study has results of"
            " several tests."
        ),
    )
    reference: SharedText = Field(
        description="What showed who has it: the reference standard, such as 'an X-ray'."
    )
    with_condition: int = Field(gt=0, description="People who have it, by the reference.")
    true_positives: int = Field(ge=0, description="Of those, whom the test found.")
    without_condition: int = Field(gt=0, description="People who do not have it.")
    true_negatives: int = Field(ge=0, description="Of those, whom the test cleared.")
    without: SharedText | None = Field(
        None,
        description=(
            "Who the people without it were, where that is not everybody else, as it stands behind"
            " 'people with': 'no or only minor findings'."
        ),
    )

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
