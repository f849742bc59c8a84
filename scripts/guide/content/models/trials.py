"""Trials with their results; guidelines and health systems with their statements."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from guide.content.models.common import (
    CertaintyLevel,
    ClinicianText,
    ConditionId,
    Id,
    JurisdictionId,
    MedicineId,
    MedicineOrClassId,
    PatientText,
    PopulationId,
    Quantity,
    SharedText,
    Strict,
    Text,
    Unknown,
)
from guide.content.models.facts import Sourced, Statement


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

    @model_validator(mode="after")
    def _counts_agree(self) -> Arm:
        if self.responders is None and self.percent is None:
            raise ValueError("an arm needs 'responders' and 'n', or at least the printed 'percent'")
        if self.responders is not None:
            if self.n is None:
                raise ValueError("'responders' without 'n': say how many people were analysed")
            if self.responders > self.n:
                raise ValueError(f"'responders' ({self.responders}) is above 'n' ({self.n})")
        return self


class FollowUp(Strict):
    """How long people were watched, where events were counted over time."""

    follow_up: Quantity = Field(description="The time with its unit: {value: 4, unit: years}.")
    measure: Literal["median", "mean", "up to", "at least"] = Field(
        alias="is", description="What the time is of the group."
    )

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)


class Result(Sourced):
    """What happened in each arm, at one week, on one endpoint."""

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
    primary: bool | Literal["unknown"] = Field(
        "unknown",
        description=(
            "true: the trial's own primary endpoint. false: read that it is not. unknown: the rank"
            " was not in the part read."
        ),
    )
    week: int | FollowUp | Unknown = Field(
        description=(
            "The week it was measured; for events over time the follow-up; or unknown with the"
            " reason."
        )
    )
    population: PopulationId = Field(
        description="Who was analysed: a population of content/site.yml."
    )
    who: SharedText | None = Field(None, description="The subgroup, if not everyone.")
    arms: list[Arm] = Field(
        min_length=2, description="The medicine's arms first, the comparator last."
    )
    certainty: CertaintyLevel | None = Field(None, description="The GRADE level of the evidence.")
    not_rated: SharedText | None = Field(None, description="Why no certainty level is given.")
    patient: PatientText = Field(
        description=(
            "What the endpoint means, in everyday words: 'clearly better (at least two fifths"
            " better on …)'. No numbers."
        )
    )
    clinician_only: ClinicianText | None = Field(
        None, description="Why patients are not shown this result."
    )

    @model_validator(mode="after")
    def _rated_or_not(self) -> Result:
        if (self.certainty is None) == (self.not_rated is None):
            raise ValueError(
                "give 'certainty', or say in 'not_rated' why there is none (one of the two)"
            )
        return self


class Trial(Strict):
    """A study: what it tested, in whom, and what came out."""

    id: Id = Field(
        description="The file's own name without .yml (or its folder's name); permanent."
    )
    name: Text = Field(description="The name the trial goes by.")
    registration: Annotated[str, StringConstraints(pattern=r"^NCT\d{8}$")] | None = Field(
        None, description="Its ClinicalTrials.gov number."
    )
    medicine: MedicineId = Field(
        description="The medicine it tested. Its results are evidence for this medicine only."
    )
    population: PopulationId = Field(
        description="Who was studied: a population of content/site.yml."
    )
    phase: Text = Field(description='As registered, quoted: "3", "2/3".')
    design: ClinicianText = Field(
        description=(
            "Blinding, comparator, length: one line for clinicians; no numbers outside the trial's"
            " fields."
        )
    )
    status: Literal["completed", "recruiting", "results pending"] = Field(
        "completed", description="How far it is."
    )
    results: list[Result] = Field(
        default_factory=list, description="What came out, one entry an endpoint and week."
    )
    statements: list[Statement] = Field(
        default_factory=list, description="Facts of the trial that are not counts of two arms."
    )


class Guideline(Strict):
    """A body's recommendations on one subject."""

    id: Id = Field(
        description="The file's own name without .yml (or its folder's name); permanent."
    )
    name: Text = Field(description="The title, as readers know it.")
    body: Text = Field(description="Who issued it.")
    year: int | Unknown = Field(
        description="The year it was published, or unknown with the reason."
    )
    jurisdiction: JurisdictionId = Field(
        description=(
            "Whose guideline it is: a code of content/site.yml, or 'any' for an international body."
        )
    )
    medicines: list[MedicineOrClassId] = Field(
        default_factory=list,
        description=(
            "For one about certain medicines: they or their class. Left out: about every treatment"
            " of the disease."
        ),
    )
    statements: list[Statement] = Field(
        min_length=1, description="Its recommendations, one entry each."
    )


class HealthSystem(Strict):
    """Who pays, in one country."""

    id: Id = Field(
        description="The file's own name without .yml (or its folder's name); permanent."
    )
    name: Text = Field(description="The country or scheme, as a heading.")
    jurisdiction: JurisdictionId = Field(description="The country's code of content/site.yml.")
    conditions: list[ConditionId] = Field(
        description="The conditions it speaks of: folders of content/conditions/."
    )
    statements: list[Statement] = Field(
        min_length=1, description="What is paid for and on which terms, one entry each."
    )
