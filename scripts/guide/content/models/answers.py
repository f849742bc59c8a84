"""Answers: what a page, or a section of it, says first."""

from __future__ import annotations

import datetime
from typing import Annotated

from pydantic import Field, model_validator

from guide.content.models.common import (
    ClinicianText,
    Id,
    JurisdictionId,
    PatientText,
    ResultId,
    Strict,
    Value,
)
from guide.content.models.facts import Gap
from guide.content.models.marks import Ref


class Answer(Strict):
    """The answer that a page or a section begins with; the facts it rests on stand under it."""

    page: Annotated[Id, Ref("topic page", "page in docs/topic/ or docs/condition/")] = Field(
        description="The page it answers, by the name of its file, such as trials."
    )
    section: Id | None = Field(
        None, description="The id of the section it answers; left out, it answers the page."
    )
    intents: list[Annotated[Id, Ref("intent", "intent in content/intents.yml")]] = Field(
        default_factory=list,
        description="What it answers, by ids of content/intents.yml, the most fitting first.",
    )
    patient: PatientText | None = Field(
        None,
        description=(
            "At most 40 words: the answer in the first sentence. Numbers as {fact-id.value}."
        ),
    )
    clinician: ClinicianText | None = Field(
        None, description="At most 40 words, exact. Numbers as {fact-id.value}."
    )
    values: dict[str, Value] = Field(
        default_factory=dict,
        description="Numbers of this answer alone, such as the 100 of 'out of 100'.",
    )
    facts: list[Annotated[Id, Ref("fact")]] = Field(
        default_factory=list, description="Statements, results and approvals it rests on."
    )
    picture: ResultId | None = Field(
        None, description="The one result of a trial that is drawn below it, as people out of 100."
    )
    gap: Gap | None = Field(
        None, description="What of the answer is missing, and which kind of not-knowing that is."
    )
    checked: datetime.date = Field(
        description="The day somebody last read it beside the facts it rests on."
    )

    @property
    def key(self) -> str:
        """The place it answers, such as `dosing` or `dosing#kidney`."""
        return f"{self.page}#{self.section}" if self.section else self.page

    @model_validator(mode="after")
    def _answers(self) -> Answer:
        if self.patient is None and self.clinician is None:
            raise ValueError("an answer needs 'patient', 'clinician' or both")
        if not self.facts and not self.gap:
            raise ValueError(
                "an answer needs the 'facts' it rests on, or a 'gap' with what is missing and whom"
                " to ask"
            )
        return self


class AnswerFile(Strict):
    """The answers of a topic, or of the pages about a condition."""

    answers: list[Answer] = Field(min_length=1, description="The answers, in the pages' order.")


class CardCell(Strict):
    """What the rule of one country or several says of one item."""

    regions: list[JurisdictionId] = Field(
        min_length=1, description="The countries whose rule it is, by code, such as EU."
    )
    clinician: ClinicianText = Field(
        description="At most 20 words, as on a card. Numbers as {fact-id.value}."
    )
    facts: list[Annotated[Id, Ref("fact")]] = Field(
        min_length=1, description="The facts it rests on."
    )


class CardRow(Strict):
    """One item of the card, by country."""

    id: Id = Field(description="Permanent; part of the row's address.")
    clinician: ClinicianText = Field(description="The item, such as 'Dose, maximum'.")
    section: Id = Field(
        "",
        description="The section of the dosing page that shows the row, too, such as 'kidney'.",
    )
    cells: list[CardCell] = Field(
        default_factory=list, description="One cell for each country that has a rule."
    )
    gap: Gap | None = Field(None, description="Why no country has a rule here.")

    @model_validator(mode="after")
    def _answered(self) -> CardRow:
        if not self.cells and self.gap is None:
            raise ValueError("a row needs 'cells', or a 'gap' that says why there are none")
        return self


class Card(Strict):
    """The prescriber's card of a topic: dose, limits and checks by country."""

    rows: list[CardRow] = Field(min_length=1, description="The items, in the order of the card.")
