"""The arms of a result, and how long people were watched."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from pydantic import ConfigDict, Field, model_validator

from guide.content.models.common import MedicineId, Quantity, Strict, Text

ResultKind = Literal["counts", "rates", "means", "accuracy"]
# The unit of a rate: how much person-time, and of which unit.
RATE_UNIT = re.compile(r"(?:per|pro|je) (?P<size>\d[\d,]*) (?P<unit>\D.*)")


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
