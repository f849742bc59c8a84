"""Doses of a medicine as a table: by people, age, weight and route."""

from __future__ import annotations

from pydantic import Field, model_validator

from guide.content.models.common import (
    Call,
    ClinicianText,
    Id,
    JurisdictionId,
    PopulationId,
    Quantity,
    SharedText,
    StatementId,
    Strict,
)


class Band(Strict):
    """A band of ages or weights, with its unit at each end; one end may be left open."""

    at_least: Quantity | None = Field(None, description="Where it begins: this and more.")
    below: Quantity | None = Field(None, description="Where it ends: less than this.")
    at_most: Quantity | None = Field(None, description="Instead of 'below': this is still in it.")

    @model_validator(mode="after")
    def _has_an_end(self) -> Band:
        if self.below is not None and self.at_most is not None:
            raise ValueError("give 'below' or 'at_most', one of the two")
        ends = [end for end in (self.at_least, self.below, self.at_most) if end is not None]
        if not ends:
            raise ValueError("a band needs 'at_least', 'below' or 'at_most'")
        if any(end.unit is None or end.value is None for end in ends):
            raise ValueError("an end of a band is one number with its unit: {value: 30, unit: kg}")
        if len({end.unit for end in ends}) > 1:
            raise ValueError("both ends of a band have the same unit")
        low, high = ends[0].value, ends[-1].value
        if low is not None and high is not None and len(ends) == 2 and low >= high:
            raise ValueError(f"the band begins at {low} and ends at {high}: swap them")
        return self


class DoseRow(Strict):
    """One dose: for whom, how it is given, how much and how often, and whose rule that is."""

    id: Id = Field(description="Permanent; part of the row's address on the page.")
    population: PopulationId = Field(
        description="The disease that the dose is for: a population of content/site.yml."
    )
    age: Band | None = Field(None, description="The ages it is for.")
    weight: Band | None = Field(None, description="The body weights it is for.")
    route: SharedText | None = Field(
        None, description="How it is given, where that differs: 'by mouth', 'drip into a vein'."
    )
    amount: Quantity | Call = Field(
        description="How much: a number with its unit, or the value of a fact, as 'fact-id.value'."
    )
    most: Quantity | Call | None = Field(
        None, description="The highest amount, where there is one, in the same form."
    )
    often: SharedText = Field(
        description="How often, in a few words for both readers. Numbers as {fact-id.value}."
    )
    jurisdiction: JurisdictionId | list[JurisdictionId] = Field(
        description="Whose rule it is: US, EU or [US, EU]; never 'any'."
    )
    facts: list[StatementId] = Field(
        min_length=1,
        description="The facts it rests on; their proof or notes hold the row's own numbers.",
    )
    clinician_only: ClinicianText | None = Field(
        None,
        description=(
            "Why patients are not shown this dose. Needed for a use that no agency approved."
        ),
    )

    @model_validator(mode="after")
    def _has_a_country(self) -> DoseRow:
        if "any" in self.jurisdictions:
            raise ValueError(
                "'jurisdiction' is 'any': the table holds what labels of countries say. Name the"
                " country, or leave the row out; a study gives its dose in its trial"
            )
        return self

    @property
    def jurisdictions(self) -> list[str]:
        """Whose rule it is, one or several."""
        return self.jurisdiction if isinstance(self.jurisdiction, list) else [self.jurisdiction]

    @property
    def quantities(self) -> dict[tuple[str, ...], Quantity]:
        """Every number that stands in the row itself, by the keys that lead to it."""
        found = {
            (name, end): getattr(band, end)
            for name, band in (("age", self.age), ("weight", self.weight))
            if band is not None
            for end in ("at_least", "below", "at_most")
        } | {("amount",): self.amount, ("most",): self.most}
        return {key: value for key, value in found.items() if isinstance(value, Quantity)}

    @property
    def calls(self) -> dict[tuple[str, ...], str]:
        """The amounts that are values of facts, as `fact-id.value`, by their keys."""
        return {
            (key,): value
            for key, value in (("amount", self.amount), ("most", self.most))
            if isinstance(value, str)
        }


class DoseTable(Strict):
    """The doses of a medicine as a table."""

    rows: list[DoseRow] = Field(min_length=1, description="The doses, in the order readers see.")
