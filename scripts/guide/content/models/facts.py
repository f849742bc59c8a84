"""Facts: statements, approvals and gaps, each with its sources."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from guide.content.models.common import (
    REGULATED,
    AgencyId,
    CertaintyLevel,
    ClinicianText,
    ConditionId,
    Id,
    JurisdictionId,
    Kind,
    MedicineOrClassId,
    PatientText,
    PopulationId,
    SharedText,
    SourceId,
    StatementId,
    Strict,
    Text,
    Value,
)
from guide.content.models.kinds import Standing, Status, standing_of
from guide.content.models.marks import Reader, Ref


class Looked(Strict):
    """A document that was searched for something it does not say."""

    source: SourceId = Field(description="The document: an id from content/sources.yml.")
    sections: Text = Field(description="What was read of it: 'whole', or the sections by name.")
    terms: list[Text] = Field(
        min_length=1,
        description=(
            "The words looked for and not found; the beginning of a word stands for all that begin"
            " so: vaccin."
        ),
    )


class Search(Strict):
    """A search for studies that found none."""

    where: Text = Field(description="Where was searched: 'ClinicalTrials.gov', 'PubMed'.")
    date: datetime.date = Field(description="The day it was searched.")
    terms: list[Text] = Field(min_length=1, description="What was searched for.")


GapKind = Literal["unknown", "not in the sources", "not covered yet", "depends", "does not apply"]


class Gap(Strict):
    """Something that is not answered, and which kind of not-knowing it is."""

    kind: GapKind = Field(
        description=(
            "unknown: no study has answered it. not in the sources: the documents named were"
            " searched and do not say. not covered yet: a gap of this guide. depends: differs by"
            " place or person. does not apply: there is nothing to answer."
        )
    )
    patient: Annotated[Text, Reader("patients", both_without="clinician")] = Field(
        description=(
            "What is not answered, in one or two sentences for a patient. No numbers. Never 'we did"
            " not read'."
        )
    )
    clinician: ClinicianText | None = Field(
        None, description="The same for a clinician; the patient's words if left out."
    )
    ask: PatientText | None = Field(
        None,
        description=(
            "What a patient can do: whom to ask, or where it stands. Needed unless it does not"
            " apply, or only clinicians read it."
        ),
    )
    clinician_ask: ClinicianText | None = Field(
        None,
        description=(
            "What a clinician can do, or where it stands. Left out, clinicians are told nothing:"
            " 'Ask your team' is not for them."
        ),
    )
    looked: list[Looked] = Field(
        default_factory=list,
        description=(
            "The documents that do not say it, what was read of each, and the words looked for."
            " Needed for 'not in the sources', and wherever the words deny something of a document."
        ),
    )
    searched: list[Search] = Field(
        default_factory=list, description="For 'unknown': where, when and for what was searched."
    )
    statements: list[StatementId] = Field(
        default_factory=list,
        description=(
            "For 'unknown': facts that say so, such as a review that found no study. Stands in for"
            " 'searched'."
        ),
    )
    on: PatientText | None = Field(
        None, description="For 'depends': on what, for a patient. A few words."
    )
    clinician_on: ClinicianText | None = Field(
        None, description="The same for a clinician, who else reads 'It depends.'"
    )

    @model_validator(mode="after")
    def _proved(self) -> Gap:
        if self.kind == "not in the sources" and not self.looked:
            raise ValueError(
                "kind 'not in the sources' needs 'looked': the documents, what was read of each,"
                " the words looked for"
            )
        if self.kind == "unknown" and not (self.searched or self.statements):
            raise ValueError(
                "kind 'unknown' is a claim about all studies: give 'searched' (where, when, for"
                " what) or 'statements' that say so; else it is 'not covered yet'"
            )
        if self.kind != "unknown" and (self.searched or self.statements):
            raise ValueError(
                f"'searched' and 'statements' belong to kind 'unknown', not to '{self.kind}'"
            )
        if (self.kind == "depends") != (self.on is not None):
            raise ValueError("'on' (on what it depends) belongs to kind 'depends', which needs it")
        if self.clinician_on is not None and self.on is None:
            raise ValueError("'clinician_on' stands beside 'on', which patients read: write both")
        if self.ask is None and self.clinician_ask is None and self.kind != "does not apply":
            raise ValueError(
                "'ask' is missing: say what the reader can do, such as 'Ask your team before the"
                " first tablet.'"
            )
        return self


class Sourced(Strict):
    """What every fact carries: where it was read, and how well."""

    sources: list[SourceId] = Field(min_length=1, description="Ids from content/sources.yml.")
    locator: Text | None = Field(None, description="Where in the source: section, table, abstract.")
    proof: Text | None = Field(
        None,
        description=(
            "The source's own words that show it, with every number and unit: a short phrase, for"
            " editors, never displayed. Several phrases stand apart by ' … '."
        ),
    )
    reading: Text | None = Field(
        None,
        description=(
            "What the person who read the source noted, with the numbers that no short phrase"
            " holds: a second entry of them, never displayed."
        ),
    )
    confidence: Literal["verified", "secondary"] = Field(
        description=(
            "verified: read in the source or a copy of it. secondary: read in a release, the news"
            " or a reference work, or our judgement; the page says so."
        )
    )
    note: Text | None = Field(None, description="For editors; never displayed.")


class Statement(Sourced):
    """One fact in two wordings. Numbers stand in `values` and are called by `{name}`."""

    id: Id = Field(description="Permanent; part of the address of the fact. Never reused.")
    kind: Kind = Field(description="What the fact is about; decides the section that shows it.")
    group: Text | None = Field(
        None,
        description=(
            "A few plain words that a fact shares with its neighbours: 'Who gets it'. A list of"
            " more than seven facts shows them in groups under these words."
        ),
    )
    jurisdiction: JurisdictionId | list[JurisdictionId] = Field(
        "any",
        description=(
            "Whose rule this is. Needed, and never 'any', for the kinds"
            f" {', '.join(sorted(REGULATED))}; 'any' is for science, never for what an official"
            " body or a payer says."
        ),
    )
    population: PopulationId = Field(
        description=(
            "Who was studied, or whom the rule was made for: a population of content/site.yml."
        )
    )
    values: dict[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")], Value] = Field(
        default_factory=dict,
        description=(
            "Every number and date of the wordings, once, by a name that both wordings call: time:"
            " {value: 12, unit: weeks}."
        ),
    )
    patient: PatientText | None = Field(
        None,
        description=(
            "For a patient: short sentences, everyday words, no band words, no relative risks. Many"
            " things of one kind: a lead, then a line each that starts with '- '. Numbers only as"
            " {name}."
        ),
    )
    clinician: ClinicianText = Field(
        description="For a clinician: exact, with its limits. Numbers only as {name}."
    )
    clinician_only: ClinicianText | None = Field(
        None, description="Why patients are not shown this fact. Needed when 'patient' is left out."
    )
    bears_on: list[Annotated[Id, Ref("subject", "medicine, class or condition")]] = Field(
        default_factory=list,
        description="Other interventions, classes or conditions whose pages show it, with a badge.",
    )
    as_of: datetime.date | None = Field(
        None, description="For an absence: the day it was last looked for."
    )
    certainty: CertaintyLevel | None = Field(
        None,
        description=(
            "For kind 'certainty': the GRADE level. Both wordings use its verb: high 'results in',"
            " moderate 'likely results in', low 'may', very low 'very uncertain'."
        ),
    )
    not_rated: SharedText | None = Field(
        None, description="For kind 'certainty': why there is no level."
    )
    strength: SharedText | None = Field(
        None,
        description=(
            "For kind 'guideline': the strength of the recommendation and its certainty as the body"
            " prints them: 'conditional, low certainty'."
        ),
    )
    compares: list[MedicineOrClassId] = Field(
        default_factory=list,
        description=(
            "Other interventions that the wording names because comparing them is the fact."
        ),
    )
    looked: list[Looked] = Field(
        default_factory=list,
        description=(
            "For a fact about what a document does not say: the document, what was read of it, the"
            " words looked for."
        ),
    )

    @model_validator(mode="after")
    def _two_readers_and_a_country(self) -> Statement:
        if (self.patient is None) == (self.clinician_only is None):
            raise ValueError(
                "give 'patient', or say in 'clinician_only' why patients are not shown it (one of"
                " the two)"
            )
        if self.kind in REGULATED and "any" in self.jurisdictions:
            raise ValueError(
                f"a statement of kind '{self.kind}' needs its 'jurisdiction': the country whose"
                " rule it is, a code of content/site.yml or several in [ ]"
            )
        if self.strength is not None and self.kind != "guideline":
            raise ValueError("'strength' belongs to kind 'guideline'")
        if (self.certainty is not None) + (self.not_rated is not None) != (
            self.kind == "certainty"
        ):
            raise ValueError(
                "a statement of kind 'certainty' needs 'certainty' or 'not_rated' (one of the two),"
                " and no other kind has them"
            )
        return self

    @property
    def jurisdictions(self) -> list[str]:
        """The jurisdictions of the fact, one or several."""
        return self.jurisdiction if isinstance(self.jurisdiction, list) else [self.jurisdiction]


class StatementFile(Strict):
    """Facts about the subject whose folder the file is in."""

    statements: list[Statement] = Field(min_length=1, description="The facts, one entry each.")


class Approval(Sourced):
    """One cell of a matrix: this intervention, this condition, this agency or other body."""

    id: Id = Field(
        description="Permanent: small letters, digits and hyphens; never given to anything else."
    )
    agency: AgencyId = Field(description="An agency of content/site.yml.")
    condition: ConditionId = Field(description="A folder of content/conditions/.")
    status: Status = Field(
        description=("What the official text says; 'not known' when it was not read.")
    )
    date: datetime.date | Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}$")] | None = (
        Field(
            None,
            description=(
                "Day (2021-12-14) or month (2021-12, quoted) of the decision. An approval needs it;"
                " a 'reason' stands in where it is not known."
            ),
        )
    )
    date_is: Literal["approval", "announcement"] = Field(
        "approval", description="Whether the date is the decision's own or only its announcement's."
    )
    line: SharedText | None = Field(
        None,
        description=(
            "For whom, as the official text says it: after which treatments ('after at least one"
            " other treatment'), or which people are invited."
        ),
    )
    reason: SharedText | None = Field(
        None,
        description=(
            "For a status that begins with 'not', but 'not known', whose 'gap' says it: what was"
            " read. For an approval only where no date is known: why."
        ),
    )
    gap: Gap | None = Field(
        None,
        description=(
            "Needed for the status 'not known', and for no other: which kind of not-knowing it is,"
            " and what the reader can do. Its fields are those of 'gaps' in topic.yml."
        ),
    )
    checked: datetime.date = Field(description="The day this was last looked up.")

    @model_validator(mode="after")
    def _complete(self) -> Approval:
        if self.status == "approved" and self.date is None and self.reason is None:
            raise ValueError(
                "an approval needs its 'date', or a 'reason' that says why the date is not known"
            )
        if self.standing == "no" and self.reason is None:
            raise ValueError(f"status '{self.status}' needs a 'reason' that a reader will see")
        if (self.status == "not known") != (self.gap is not None):
            raise ValueError("'gap' belongs to status 'not known', which needs it")
        return self

    @property
    def standing(self) -> Standing:
        """The status whatever was decided: yes, no, withdrawn or not known."""
        return standing_of(self.status)


class Wordings(Strict):
    """The same thing said to both readers."""

    patient: PatientText = Field(description="In everyday words; no numbers.")
    clinician: ClinicianText = Field(description="Exact; no numbers.")
