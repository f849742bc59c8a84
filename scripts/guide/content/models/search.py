"""What the search learns from: what people want to know, and how they put it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from guide.content.models.common import Id, SharedText, Strict, Text

# How urgent words are, most urgent first.
Urgency = Literal["emergency", "poison", "crisis", "call-today"]


class Intent(Strict):
    """Something that people want to know, whatever medicine it is about."""

    id: Id = Field(description="What questions and answers name in their `intents`.")
    meaning: Text = Field(description="What is asked, for those who write phrasings.")
    urgency: Urgency | Literal["mixed"] | None = Field(
        None,
        description="How urgent who asks it is; 'mixed' where some are. Left out: nobody is.",
    )
    together: bool = Field(
        default=False,
        description=(
            "Whether it is about taking other medicines together with the guide's. Its answer is"
            " then offered to who names another medicine."
        ),
    )


class IntentFile(Strict):
    """All that people want to know of a guide."""

    intents: list[Intent] = Field(min_length=1, description="One entry for each.")


class PhrasingFile(Strict):
    """How one writer, or one group of people, puts the questions."""

    written_by: Text = Field(description="Who wrote them, and what they knew of the guide.")
    phrasings: dict[Id, list[Text]] = Field(
        default_factory=dict,
        description="What they type, by the id of what they want to know.",
    )
    not_covered: list[Text] = Field(
        default_factory=list,
        description="What they type that the guide does not answer: other medicines, other things.",
    )


class UrgentLine(Strict):
    """What the search says at once to words of one urgency."""

    patient: SharedText = Field(description="What to do, in one or two sentences; no phone number.")
    clinician: SharedText = Field(description="The same for a clinician.")


class UrgencyFile(Strict):
    """What frightened people type, from one writer, by how urgent it is; and what sounds alike and
    is not urgent.
    """

    written_by: Text = Field(description="Who wrote them, and what they knew of the guide.")
    phrasings: dict[Urgency, list[Text]] = Field(description="By how urgent they are.")
    everyday: list[Text] = Field(
        default_factory=list, description="Questions that are not urgent, whatever they mention."
    )
