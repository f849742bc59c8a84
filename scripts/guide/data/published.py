"""The published records, as the JSON Schemas describe them."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from guide.base.language import gettext_noop
from guide.content import models as m

ROOT = "api/v1/"


DIALECT = "https://json-schema.org/draft/2020-12/schema"


# Who may read the guide as advice: nobody. Stands in every file, because files travel without the
# page.
NOTICE = gettext_noop(
    "Information with its sources, not advice for one person. What one medicine's trial showed is"
    " evidence for that medicine only; see 'medicine', 'population' and 'jurisdiction' of each"
    " record."
)


CLAIMS_NOTICE = gettext_noop(
    "The sentences in 'claim' are quoted from the source article to correct them and are not under"
    " this licence."
)


# Where `serve` shows the guide.
LOCAL = "http://127.0.0.1:8000/"


CLAIMS_EXCEPT = ", except the column claim"


Number = int | float


Month = Annotated[str, Field(pattern=r"^\d{4}-\d{2}$")]


Day = datetime.date


PATIENT_PAGE = Field(
    description=(
        "Where a page for patients shows it: an address from the root of the site, or whole where"
        " the site has one. Null: no page for patients does."
    )
)


CLINICIAN_PAGE = Field(description="The same for clinicians.")


class Published(BaseModel):
    """A published record: nothing but its fields, each of them always there; null says that there
    is none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)


# The schemas publish a docstring as a description: this class has none, and its schema stays so.
class Licence(Published):  # noqa: D101 (see above)
    name: str
    spdx: str
    url: str
    attribution: str = Field(description="What to write beside the content where you use it.")


class Value(Published):
    """A number, range, date or text of a statement, typed, and as the pages show it."""

    kind: Literal["number", "range", "date", "month", "text"]
    shown: str
    value: Number | None = Field(description="For a number, in `unit`.")
    low: Number | None = Field(description="For a range, in `unit`.")
    high: Number | None
    unit: str | None = Field(description="Null for a bare count.")
    date: str | None = Field(description="For a date, YYYY-MM-DD; for a month, YYYY-MM.")


class Statement(Published):
    """One fact in the words for clinicians and, where patients are shown it, in theirs; the numbers
    of both stand in its values.
    """

    id: str = Field(description="Permanent. Never given to another fact.")
    kind: str
    subject: str = Field(description="Id of what it is about.")
    subject_kind: Literal["medicine", "condition", "trial", "guideline", "health-system", "topic"]
    medicine: str | None = Field(
        description=(
            "The medicine or class it is evidence about. Do not read it as evidence for another."
        )
    )
    jurisdiction: list[str] = Field(
        description=(
            "Whose rule it is; keys of `jurisdictions` in the index. 'any': science, no rule."
        )
    )
    population: str = Field(
        description=(
            "Who was studied, or the disease the rule was made for; a key of `populations` in the"
            " index."
        )
    )
    patient: str | None = Field(description="A line that starts with '- ' is an item of a list.")
    clinician: str = Field(description="The same.")
    clinician_only: str | None = Field(description="Why patients are not shown it.")
    values: dict[str, Value]
    certainty: Literal["high", "moderate", "low", "very low"] | None = Field(
        description="GRADE level."
    )
    not_rated: str | None
    as_of: Day | None = Field(description="For an absence: the day it was last looked for.")
    bears_on: list[str] = Field(
        description="Ids of medicines, classes or conditions whose pages show it too, with a badge."
    )
    sources: list[str] = Field(description="Ids in sources.json.")
    locator: str | None = Field(description="Where in the source.")
    confidence: Literal["verified", "secondary"] = Field(
        description=(
            "verified: read in the source or a copy. secondary: read in the news or a reference"
            " work, or our judgement."
        )
    )
    patient_page: str | None = PATIENT_PAGE
    clinician_page: str | None = CLINICIAN_PAGE


class Approval(Published):
    """One medicine, one condition, one agency. 'not known' means that the official text was not
    read, not that there is no approval.
    """

    id: str
    medicine: str
    condition: str
    agency: str
    jurisdiction: str
    status: m.Status
    date: Day | Month | None
    date_is: Literal["approval", "announcement"] | None
    line: str | None = Field(description="After which treatments, in the label's sense.")
    reason: str | None
    checked: Day = Field(description="The day it was last looked up.")
    sources: list[str]
    locator: str | None
    confidence: Literal["verified", "secondary"]
    patient_page: str | None = PATIENT_PAGE
    clinician_page: str | None = CLINICIAN_PAGE


class Claim(Published):
    """A sentence of the article the guide starts from, and what we found."""

    id: str
    topic: str
    section: str
    claim: str = Field(description="The article's sentence, quoted to correct it.")
    verdict: m.Verdict
    why: str
    facts: list[str] = Field(description="Ids of statements, results or approvals that show it.")
    safety_critical: bool
    page: str | None


class Source(Published):
    """Something that is cited."""

    id: str
    type: m.SourceType
    reference: str = Field(
        description=(
            "One line after the ICMJE's recommendations. A title in square brackets is our"
            " description."
        )
    )
    title: str
    title_is: Literal["exact", "descriptive"]
    authors: list[str] = Field(
        description=(
            "'Family, Given, Suffix' of a person, or the name of a body; a last 'et al.': the list"
            " was not seen whole. references.json of each page has them in parts."
        )
    )
    container: str | None
    date: Day | Month | None
    year: int | None
    volume: str | None
    issue: str | None
    pages: str | None
    doi: str | None
    pmid: str | None
    pmcid: str | None
    nct: str | None
    registration: str | None = Field(description="Its number in another registry.")
    url: str | None
    unlinked: str | None = Field(description="Why there is no link.")
    read_in: Literal["original", "copy"]
    accessed: Day
    primary: bool


class Term(Published):
    """A hard word in everyday words and in a clinician's."""

    id: str
    term: str
    patient: str
    clinician: str
    also: list[str]
    statement: str | None


class Medicine(Published):
    """A medicine, or a class of medicines where the guide speaks of the class."""

    id: str
    name: str
    kind: m.InterventionKind
    class_: str | None = Field(alias="class")
    members: list[str]
    brands: list[str]
    route: str | None
    licensed_for: list[str]


class Condition(Published):
    """A disease, and the study populations that count as it."""

    id: str
    name: str
    abbreviation: str | None
    populations: list[str]
    related_populations: list[str]


class TopicGap(Published):
    """Something that a topic does not answer, and which kind of not-knowing it is."""

    kind: m.GapKind
    patient: str
    clinician: str
    ask: str | None = Field(description="What a patient can do.")
    clinician_ask: str | None = Field(description="What a clinician can do.")


class Topic(Published):
    """One medicine in one condition, with the dates that say how old it is."""

    id: str
    title: str
    summary: str
    medicine: str
    condition: str
    published: Day
    evidence_searched_to: Day
    last_full_review: Day | None
    no_full_review: str | None = Field(description="Why there was no full review.")
    next_review: Day
    reviewers: list[str] = Field(
        description="Who reviewed it, with role and day. Empty: no clinician has."
    )
    last_change: Day
    gaps: dict[str, TopicGap] = Field(description="By kind of statement: what is not answered.")
    patients: str = Field(description="Address of the first page for patients.")
    clinicians: str
    corrections: str | None
