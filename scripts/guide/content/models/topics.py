"""Topics: one intervention in one condition, with questions, takeaways, claims and handouts."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field, RootModel, StringConstraints, model_validator

from guide.content.models.common import (
    ClinicianText,
    ConditionId,
    Id,
    Kind,
    MedicineId,
    OptionalPage,
    PatientText,
    ResultId,
    Section,
    SharedText,
    SourceId,
    StatementId,
    Strict,
    Text,
    Unknown,
    Value,
    Verdict,
)
from guide.content.models.facts import Gap
from guide.content.models.marks import Reader, Ref


class Reviewer(Strict):
    """A real person who reviewed the topic."""

    name: Text = Field(description="The person's name, given with their consent.")
    role: Text = Field(description="Profession and workplace.")
    date: datetime.date = Field(description="The day they finished.")
    statement: Text = Field(
        description="What they reviewed and what they say of it, in their words."
    )


class Review(Strict):
    """The dates a reader needs to judge how old the topic is."""

    published: datetime.date = Field(description="The day the topic first went out.")
    evidence_searched_to: datetime.date = Field(
        description="The day up to which sources were searched."
    )
    last_full_review: datetime.date | Unknown = Field(
        description="The day a clinician last reviewed the whole topic, or 'unknown: <why>'."
    )
    next_review: datetime.date = Field(
        description="The day the topic is due again: at most twelve months after the last look."
    )
    reviewed_by: list[Reviewer] = Field(
        default_factory=list,
        description="Real people only. Empty: every page says that no clinician has reviewed it.",
    )


class Claim(Strict):
    """A sentence of the source article and what we found."""

    id: Id = Field(
        description="Permanent: small letters, digits and hyphens; never given to anything else."
    )
    section: Section = Field(description="The section of the article it stands in.")
    claim: Text = Field(description="The article's sentence, word for word.")
    verdict: Verdict = Field(description="What the sources say of it.")
    why: Text = Field(description="The reason for the verdict, in a sentence or two.")
    facts: list[Annotated[Id, Ref("fact")]] = Field(
        min_length=1, description="Statements, results or approvals that show it."
    )
    safety_critical: bool = Field(description="Whether somebody could be harmed by believing it.")


class SourceArticle(Strict):
    """The article a topic began with."""

    title: Text = Field(description="The article's title.")
    author: Text = Field(description="Who wrote it.")
    date: datetime.date = Field(description="The day it was published.")
    why: SharedText | None = Field(
        None, description="Why the guide checks it: first on the page that lists its claims."
    )
    note: SharedText | None = Field(
        None, description="What else a reader should know of it, such as the author's part here."
    )


class ClaimFile(Strict):
    """What an article claims and what the sources say of it."""

    article: SourceArticle = Field(description="The article whose claims are checked.")
    claims: list[Claim] = Field(min_length=1, description="Its claims, in their order.")


class Question(Strict):
    """A question people ask, answered from statements."""

    id: Id = Field(description="Permanent within the topic; the address of the answer.")
    section: Annotated[Section, Reader("both")] = Field(description="The group it stands in.")
    audience: Literal["patient", "clinician", "both"] = Field("both", description="Who asks it.")
    question: SharedText = Field(description="As the patient asks it.")
    clinician_question: ClinicianText | None = Field(
        None, description="As the clinician asks it; the patient's question if left out."
    )
    patient: PatientText | None = Field(
        None,
        description=(
            "The answer first, in one to three sentences; a list of cases as lines that start with"
            " '- '. Numbers as {statement-id.value}."
        ),
    )
    clinician: ClinicianText | None = Field(
        None, description="The answer for a clinician. Numbers as {statement-id.value}."
    )
    values: dict[str, Value] = Field(
        default_factory=dict,
        description=(
            "Numbers of this answer alone, such as the 100 of 'out of 100'; facts' numbers stay"
            " with the facts."
        ),
    )
    statements: list[Annotated[Id, Ref("fact", "statement, approval or result")]] = Field(
        default_factory=list,
        description=(
            "The facts the answer rests on: statements, approvals and results; shown below it with"
            " their sources."
        ),
    )
    gap: Gap | None = Field(
        None, description="What of the answer is missing, and which kind of not-knowing that is."
    )
    intents: list[Annotated[Id, Ref("intent", "intent in content/intents.yml")]] = Field(
        default_factory=list,
        description="What it answers, by ids of content/intents.yml, the most fitting first.",
    )
    typed: list[Text] = Field(
        default_factory=list, description="How people put the question, for search only."
    )
    answer_first: (
        Literal["get help now", "call your team today", "not approved", "do not combine"] | None
    ) = Field(
        None,
        description="The safe answer that a search result must show before anything is clicked.",
    )

    @model_validator(mode="after")
    def _answered(self) -> Question:
        tracks = {
            "patient": ["patient"],
            "clinician": ["clinician"],
            "both": ["patient", "clinician"],
        }[self.audience]
        for track in tracks:
            if getattr(self, track) is None:
                raise ValueError(
                    f"no answer for the {track}: write '{track}', or change 'audience'"
                )
        if not self.statements and not self.gap:
            raise ValueError(
                "an answer needs the 'statements' it rests on, or a 'gap' with what is missing and"
                " whom to ask"
            )
        return self


class QuestionFile(Strict):
    """The topic's questions."""

    questions: list[Question] = Field(
        min_length=1, description="The questions, in the order readers see them."
    )


class Takeaway(Strict):
    """One thing to remember."""

    id: Id = Field(description="Permanent within the topic.")
    patient: PatientText = Field(
        description=(
            "One to three short sentences in everyday words. Numbers as {statement-id.value}."
        )
    )
    clinician: ClinicianText = Field(
        description="The same, exact. Numbers as {statement-id.value}."
    )
    statements: list[StatementId] = Field(
        default_factory=list, description="The facts it rests on."
    )
    approvals: bool = Field(False, description="It rests on the approval matrix.")
    results: list[ResultId] = Field(default_factory=list, description="Trial results it rests on.")

    @model_validator(mode="after")
    def _rests_on_something(self) -> Takeaway:
        if not (self.statements or self.results or self.approvals):
            raise ValueError(
                "a takeaway needs the 'statements', 'results' or 'approvals' it rests on"
            )
        return self


class TakeawayFile(Strict):
    """The few things to remember of a topic."""

    takeaways: list[Takeaway] = Field(
        min_length=1,
        max_length=7,
        description="Seven at most: the ones to remember if nothing else is read.",
    )


_PartId = Annotated[
    Id,
    Ref("part of a handout", "takeaway of the topic, statement, result or word of the glossary"),
]


class HandoutSheet(Strict):
    """What one reader's handout shows, by id. A part that is left out is chosen from the records
    (`guide/sheet.py`).

    The parts from `remember` to `risks` name takeaways of the topic, statements, results and words
    of the glossary; results make the table of benefit and harm.
    """

    remember: list[_PartId] | None = Field(None, description="The few things to keep in mind.")
    signs: list[_PartId] | None = Field(None, description="Signs that need help at once.")
    about: list[_PartId] | None = Field(None, description="What the disease and the medicine are.")
    evidence: list[_PartId] | None = Field(
        None, description="Whether it works, how sure that is, and the results for the table."
    )
    risks: list[_PartId] | None = Field(
        None, description="Serious risks, and who should not take it."
    )
    tests: (
        list[Annotated[Id, Ref("row of the schedule", "row of the medicine's schedule")]] | None
    ) = Field(None, description="Rows of the medicine's schedule, for the tick-sheet.")
    ask: list[SharedText] | None = Field(
        None,
        max_length=7,
        description=(
            "Questions to ask; {medicine}, {condition} and {abbreviation} are filled in. No facts."
        ),
    )
    sources: list[SourceId] | None = Field(
        None,
        max_length=6,
        description="The few sources to print; the short address leads to all of them.",
    )


class Handout(Strict):
    """The sheet of paper for each reader: of a topic, or in content/handout.yml what every topic's
    has unless it says otherwise.
    """

    patients: Annotated[HandoutSheet, Reader("patients")] = Field(
        HandoutSheet(), description="The sheet for patients."
    )
    clinicians: Annotated[HandoutSheet, Reader("clinicians")] = Field(
        HandoutSheet(), description="The sheet for clinicians."
    )


class PrintedVersion(Strict):
    """One published version of a handout, so that a sheet of paper can be checked against what is
    shown today.
    """

    code: Annotated[str, StringConstraints(pattern=r"^[a-z]{7}$")] = Field(
        description="The version's code, as printed on the sheet."
    )
    date: datetime.date = Field(description="The day it was published.")
    after: str | None = Field(description="The code of the version before it; none for the first.")
    values: dict[str, dict[str, str]] = Field(
        description="The clinical values it printed, by record and field."
    )


class VersionFile(RootModel[dict[str, list[PrintedVersion]]]):
    """Every published version by handout (`<topic>/<track>`), oldest first. Only ever added to."""


class Topic(Strict):
    """One intervention in one condition: a section of the site."""

    id: Id = Field(
        description="The folder's own name; permanent, part of every address of the topic."
    )
    medicine: MedicineId = Field(description="A folder of content/medicines/.")
    condition: ConditionId = Field(description="A folder of content/conditions/.")
    title: Text = Field(description="As a heading: what it is, and in which condition or for what.")
    summary: SharedText = Field(
        description="One line for search results and link previews; no numbers."
    )
    review: Review = Field(description="How old the topic is and who looked at it.")
    gaps: dict[Kind, Gap] = Field(
        default_factory=dict,
        description=(
            "What is not answered, by kind of fact: which kind of not-knowing it is, and what the"
            " reader can do. Delete the entry of a kind that you write facts of."
        ),
    )
    without: list[OptionalPage] = Field(
        default_factory=list,
        description="Pages that this topic leaves out: [future, visit].",
    )


HANDOUT_PARTS = ("remember", "signs", "about", "evidence", "risks")
