"""Trials with their results; guidelines and health systems with their statements."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from guide.content.models.common import (
    ClinicianText,
    ConditionId,
    Id,
    JurisdictionId,
    MedicineId,
    MedicineOrClassId,
    PopulationId,
    RegistrationNumber,
    Strict,
    Text,
    Unknown,
)
from guide.content.models.facts import Statement
from guide.content.models.results import Result


class Trial(Strict):
    """A study: what it tested, in whom, and what came out."""

    id: Id = Field(
        description="The file's own name without .yml (or its folder's name); permanent."
    )
    name: Text = Field(description="The name the trial goes by.")
    registration: RegistrationNumber | None = Field(
        None,
        description=(
            "Its number in a registry, as the registry writes it: NCT01234567, ISRCTN01234567,"
            " 2012-001234-56 (EudraCT), ChiCTR2000012345 and others."
        ),
    )
    medicine: MedicineId = Field(
        description=(
            "What it tested. Its results are evidence for this intervention, and for those of"
            " 'compares'."
        )
    )
    compares: list[MedicineOrClassId] = Field(
        default_factory=list,
        description=(
            "For a head-to-head trial: what its other arms got, whose pages show it, too."
        ),
    )
    population: PopulationId = Field(
        description="Who was studied: a population of content/site.yml."
    )
    phase: Text | None = Field(
        None,
        description=(
            'Needed for a trial of a medicine, as registered, quoted: "3", "2/3"; others have none.'
        ),
    )
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

    @property
    def medicines(self) -> list[str]:
        """Every medicine that the trial is evidence for; the one it tested first."""
        return [self.medicine, *self.compares]

    @model_validator(mode="after")
    def _compares_others(self) -> Trial:
        if self.medicine in self.compares:
            raise ValueError(f"'compares' names '{self.medicine}', which it tested: leave it out")
        return self

    @model_validator(mode="after")
    def _tells_its_tests_apart(self) -> Trial:
        seen: dict[tuple[object, ...], str] = {}
        for result in self.results:
            if result.accuracy is None:
                continue
            same = (
                result.accuracy.test,
                result.population,
                result.who,
                result.patient,
                str(result.week),
            )
            if same in seen:
                raise ValueError(
                    f"readers cannot tell the results '{seen[same]}' and '{result.id}' apart: name"
                    " the test of each in 'accuracy: test:', such as 'the FIT', or the subgroup in"
                    " 'who'"
                )
            seen[same] = result.id
        return self


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
