"""The records a maintainer writes: one class per kind of file, one field per fact.

Field descriptions are what an editor shows while typing. Nothing computed stands here:
rates, differences, intervals and verdicts come from `view`.
"""

from __future__ import annotations

import datetime
import re
import urllib.parse
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    RootModel,
    StringConstraints,
    model_validator,
)

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Call = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\.[a-z][a-z0-9_]*$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
# The name of a group that becomes a page: part of its address.
Section = Annotated[str, StringConstraints(min_length=1, max_length=90, strip_whitespace=True)]

# The vocabulary of these three is content: content/site.yml names them, a rule compares.
Jurisdiction = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$|^any$")]
Population = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9-]*$")]
Agency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,8}$")]
Kind = Literal[
    "definition",
    "epidemiology",
    "mechanism",
    "trial",
    "indirect-evidence",
    "comparator-trial",
    "certainty",
    "guideline",
    "approval",
    "dosing",
    "renal",
    "interactions",
    "contraindication",
    "screening",
    "monitoring",
    "stopping-rule",
    "warning",
    "urgent-signs",
    "adverse-reaction",
    "pregnancy",
    "cost",
    "pipeline",
    "surgery",
    "overdose",
    "prognosis",
    "living",
]
# What a regulator, a payer or a label says: without the country it is not a fact.
REGULATED: frozenset[str] = frozenset(
    {
        "approval",
        "dosing",
        "renal",
        "interactions",
        "contraindication",
        "screening",
        "monitoring",
        "stopping-rule",
        "warning",
        "urgent-signs",
        "pregnancy",
        "cost",
        "surgery",
        "overdose",
    }
)
# Wordings that readers act on: a change of their words is logged as a change of a number is.
SAFETY: frozenset[str] = frozenset(
    {
        "contraindication",
        "warning",
        "urgent-signs",
        "pregnancy",
        "stopping-rule",
        "interactions",
        "screening",
        "overdose",
        "surgery",
    }
)
Verdict = Literal["supported", "partly-supported", "unsupported", "contradicted", "misattributed"]
CertaintyLevel = Literal["high", "moderate", "low", "very low"]
SourceType = Literal[
    "article",
    "review",
    "guideline",
    "registry",
    "label",
    "leaflet",
    "safety-communication",
    "government",
    "press-release",
    "news",
    "website",
]


class Strict(BaseModel):
    """Refuses what it does not know, converts nothing, and cannot be changed afterwards."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


# A unit stands beside numbers, and the site's name in what the theme itself writes: neither holds a
# mark of HTML or of a template.
UnitName = Annotated[str, StringConstraints(pattern=r"^[\w%$€£°×²³⁹][\w%$€£°×²³⁹/.,() -]{0,39}$")]
SiteName = Annotated[str, StringConstraints(pattern=r"^\w[\w ,.’&()–-]{0,79}$")]


class Unit(Strict):
    """A unit of measurement: its one spelling here, and the spellings of sources."""

    unit: UnitName = Field(description="As the guide spells it.")
    one: UnitName | None = Field(None, description="The spelling behind the number 1: week.")
    printed: list[Text] = Field(
        default_factory=list,
        description=(
            "Other spellings in sources: milligrams, mcg. Small letters; matched without regard to"
            " case unless 'exact'."
        ),
    )
    dose: bool = Field(
        False,
        description=(
            "An amount of a medicine: never shown to patients for a use that nobody approved."
        ),
    )
    tight: bool = Field(False, description="Touches its number: 5%.")
    before: bool = Field(False, description="Stands before its number: $5.")
    silent: bool = Field(False, description="Not printed: a calendar year.")
    same_as: UnitName | None = Field(
        None,
        description=(
            "Another unit of the same kind that this one is measured in, for numbers printed in it."
        ),
    )
    times: int | Decimal | None = Field(
        None, description="How many of 'same_as' one of this unit is: weeks are 7 days."
    )

    @model_validator(mode="after")
    def _measured(self) -> Unit:
        if (self.same_as is None) != (self.times is None):
            raise ValueError("'same_as' and 'times' belong together")
        return self


class Quantity(Strict):
    """A number with its unit, or a range of them."""

    value: int | Decimal | None = Field(None, description="The number, as printed in the source.")
    low: int | Decimal | None = Field(None, description="The lower end of a range.")
    high: int | Decimal | None = Field(None, description="The upper end of a range.")
    unit: Text | None = Field(
        None, description="A unit of content/units.yml, spelt as there; left out for a bare count."
    )
    printed: Text | None = Field(
        None,
        description=(
            "How the source prints it, where that differs: '1 in 10' for 10 out of 100 people, '0.5"
            " x 10^9/L' for 500 cells/mm³. Must stand in the proof."
        ),
    )
    # How its unit is printed: put here when the library is read, from content/units.yml.
    _form: Unit | None = PrivateAttr(None)
    unproved: Text | None = Field(
        None,
        description=(
            "Why no phrase of the source holds it, for editors. Only where neither 'proof' nor"
            " 'reading' can."
        ),
    )

    @model_validator(mode="after")
    def _one_form(self) -> Quantity:
        single, ends = self.value is not None, (self.low is not None, self.high is not None)
        if single == any(ends) or (any(ends) and not all(ends)):
            raise ValueError("give either 'value', or both 'low' and 'high'")
        if all(ends) and not self.low <= self.high:
            raise ValueError(f"'low' ({self.low}) is above 'high' ({self.high}): swap them")
        return self

    def in_form(self, unit: Unit | None) -> None:
        """Notes how the unit is printed."""
        self._form = unit

    @property
    def form(self) -> Unit | None:
        return self._form


Value = Quantity | int | Decimal | datetime.date | Text


class Unknown(Strict):
    """`unknown: <reason>` is a value: the page says 'not known' and the reason."""

    unknown: Text = Field(description="Why it is not known, in a sentence a reader will see.")


class Looked(Strict):
    """A document that was searched for something it does not say."""

    source: Id = Field(description="The document: an id from content/sources.yml.")
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
    patient: Text = Field(
        description=(
            "What is not answered, in one or two sentences for a patient. No numbers. Never 'we did"
            " not read'."
        )
    )
    clinician: Text | None = Field(
        None, description="The same for a clinician; the patient's words if left out."
    )
    ask: Text | None = Field(
        None,
        description=(
            "What the reader can do: whom to ask, or where it stands. Needed unless it does not"
            " apply."
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
    statements: list[Id] = Field(
        default_factory=list,
        description=(
            "For 'unknown': facts that say so, such as a review that found no study. Stands in for"
            " 'searched'."
        ),
    )
    on: Text | None = Field(None, description="For 'depends': on what. A few words.")

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
        if self.ask is None and self.kind != "does not apply":
            raise ValueError(
                "'ask' is missing: say what the reader can do, such as 'Ask the rheumatology team"
                " before the first tablet.'"
            )
        return self


class Sourced(Strict):
    """What every fact carries: where it was read, and how well."""

    sources: list[Id] = Field(min_length=1, description="Ids from content/sources.yml.")
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
    jurisdiction: Jurisdiction | list[Jurisdiction] = Field(
        "any",
        description=(
            "Whose rule this is. 'any' only for science, never for labels, approvals, costs."
        ),
    )
    population: Population = Field(
        description=(
            "Who was studied, or the disease the rule was made for: a population of"
            " content/site.yml. 'all': every licensed use."
        )
    )
    values: dict[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")], Value] = Field(
        default_factory=dict,
        description=(
            "Every number and date of the wordings, once, by a name that both wordings call: dose:"
            " {value: 4, unit: mg}."
        ),
    )
    patient: Text | None = Field(
        None,
        description=(
            "For a patient: short sentences, everyday words, no band words, no relative risks. Many"
            " things of one kind: a lead, then a line each that starts with '- '. Numbers only as"
            " {name}."
        ),
    )
    clinician: Text = Field(
        description="For a clinician: exact, with its limits. Numbers only as {name}."
    )
    clinician_only: Text | None = Field(
        None, description="Why patients are not shown this fact. Needed when 'patient' is left out."
    )
    bears_on: list[Id] = Field(
        default_factory=list,
        description="Other medicines, classes or conditions whose pages show it, with a badge.",
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
    not_rated: Text | None = Field(None, description="For kind 'certainty': why there is no level.")
    strength: Text | None = Field(
        None,
        description=(
            "For kind 'guideline': the strength of the recommendation and its certainty as the body"
            " prints them: 'conditional, low certainty'."
        ),
    )
    compares: list[Id] = Field(
        default_factory=list,
        description="Other medicines that the wording names because comparing them is the fact.",
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
                " rule it is, such as US, EU or [US, EU]"
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
        return self.jurisdiction if isinstance(self.jurisdiction, list) else [self.jurisdiction]


class StatementFile(Strict):
    """Facts about the subject whose folder the file is in."""

    statements: list[Statement] = Field(min_length=1, description="The facts, one entry each.")


class Approval(Sourced):
    """One cell of the approval matrix: this medicine, this condition, this agency."""

    id: Id = Field(
        description="Permanent: small letters, digits and hyphens; never given to anything else."
    )
    agency: Agency = Field(description="An agency of content/site.yml.")
    condition: Id = Field(description="A folder of content/conditions/.")
    status: Literal["approved", "not approved", "withdrawn", "not known"] = Field(
        description="What the official text says; 'not known' when it was not read."
    )
    date: datetime.date | Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}$")] | None = (
        Field(
            None,
            description=(
                "Needed for 'approved': day (2021-12-14) or month (2021-12, quoted) of the"
                " approval; a 'reason' stands in where it is not known."
            ),
        )
    )
    date_is: Literal["approval", "announcement"] = Field(
        "approval", description="Whether the date is the approval's own or only its announcement's."
    )
    line: Text | None = Field(
        None,
        description=(
            "After which treatments, in the label's sense: 'after at least one TNF blocker'."
        ),
    )
    reason: Text | None = Field(
        None,
        description=(
            "For 'not approved': what was read. For 'approved' only where no date is known: why."
        ),
    )
    gap: Gap | None = Field(
        None,
        description=(
            "Needed for 'not known': which kind of not-knowing it is, and what the reader can do."
        ),
    )
    checked: datetime.date = Field(description="The day this was last looked up.")

    @model_validator(mode="after")
    def _complete(self) -> Approval:
        if self.status == "approved" and self.date is None and self.reason is None:
            raise ValueError(
                "an approval needs its 'date', or a 'reason' that says why the date is not known"
            )
        if self.status == "not approved" and self.reason is None:
            raise ValueError("status 'not approved' needs a 'reason' that a reader will see")
        if (self.status == "not known") != (self.gap is not None):
            raise ValueError("'gap' belongs to status 'not known', which needs it")
        return self


class Target(Strict):
    """Where a class of medicines stops a signal of inflammation, for the picture of the pathway;
    names only.
    """

    messengers: list[Text] = Field(
        min_length=1, max_length=4, description="The messengers whose signal it stops: TNF."
    )
    inside: list[Text] = Field(
        default_factory=list,
        max_length=2,
        description=(
            "The proteins inside the cell that pass the signal on, in order; the first is the one"
            " blocked. Left out when the messenger itself is caught outside the cell."
        ),
    )
    statements: list[Id] = Field(
        min_length=1,
        description="The facts that say so, each step and each messenger; the picture cites them.",
    )


class EmergencySigns(Strict):
    """The signs of one medicine in one line, for the box of its patient pages."""

    text: Text = Field(description="The question that names them.")
    statements: list[Id] = Field(
        min_length=1,
        description=(
            "The statements that list them in full, from this medicine's own leaflet or label."
        ),
    )


class Medicine(Strict):
    """A medicine, or a class of medicines where the guide speaks of the class."""

    id: Id = Field(
        description="The file's own name without .yml (or its folder's name); permanent."
    )
    name: Text = Field(
        description="As it stands inside a sentence, in small letters unless it is a proper name."
    )
    kind: Literal["medicine", "class", "therapy"] = Field(
        "medicine",
        description=(
            "'class' for a group of medicines the guide speaks of as one; 'therapy' for what is no"
            " medicine, such as exercise."
        ),
    )
    class_: Id | None = Field(
        None,
        alias="class",
        description=(
            "The class it belongs to, a folder of content/medicines/; a class itself has none."
        ),
    )
    members: list[Id] = Field(default_factory=list, description="For a class: the medicines in it.")
    brands: list[Text] = Field(
        default_factory=list,
        description="Brand names, for search and recognition; never in titles.",
    )
    typed: list[Text] = Field(
        default_factory=list, description="What people type: misspellings, old names, lay words."
    )
    route: Text | None = Field(
        None, description="How it is taken: tablet, injection under the skin, drip into a vein."
    )
    licensed_for: list[Population] = Field(
        default_factory=list,
        description="Populations of content/site.yml that any current licence we read is for.",
    )
    acts_on: Target | None = Field(None, description="For a class: what it blocks, and where.")
    emergency: EmergencySigns | None = Field(
        None,
        description=(
            "The signs that need help at once. A medicine without its own borrows its class's, and"
            " the page says so."
        ),
    )
    approvals: list[Approval] = Field(
        default_factory=list,
        description=(
            "The medicine's cells of the approval matrix: one for each agency of content/site.yml"
            " and condition."
        ),
    )

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)


class Wordings(Strict):
    """The same thing said to both readers."""

    patient: Text = Field(description="In everyday words; no numbers.")
    clinician: Text = Field(description="Exact; no numbers.")


class Spoken(Strict):
    """One short line for each reader, with numbers called from facts."""

    patient: Text = Field(
        description="At most twenty words in everyday language. Numbers as {statement-id.value}."
    )
    clinician: Text = Field(
        description="At most twenty words, exact. Numbers as {statement-id.value}."
    )


class Condition(Strict):
    """A disease."""

    id: Id = Field(
        description="The file's own name without .yml (or its folder's name); permanent."
    )
    name: Text = Field(description="As it stands inside a sentence.")
    abbreviation: Text | None = Field(
        None, description="The short form that readers meet, such as AS."
    )
    populations: list[Population] = Field(
        description="Study populations that count as this disease."
    )
    related_populations: list[Population] = Field(
        default_factory=list,
        description="Populations of the same disease family: shown with a badge that says so.",
    )
    typed: list[Text] = Field(
        default_factory=list,
        description="What people type: misspellings, old names, lay words; for search only.",
    )
    team: Text = Field(
        "health care team",
        description=(
            "Who looks after people with it, as a page says 'ask the …': rheumatology team."
        ),
    )
    need: Wordings | None = Field(
        None, description="Why people with it look for further treatments."
    )


class ComparisonCell(Strict):
    """One answer about one option: statements and results by id, or the 'gap'."""

    option: Id = Field(description="The id of one of the options above.")
    statements: list[Id] = Field(default_factory=list, description="Statements that answer, by id.")
    results: list[Id] = Field(default_factory=list, description="Trial results that answer, by id.")
    approvals: bool = Field(False, description="Show the option's approvals for this condition.")
    patient: Text | None = Field(
        None, description="A short answer in front of the statements; no numbers."
    )
    clinician: Text | None = Field(None, description="The same for a clinician; no numbers.")
    gap: Gap | None = Field(
        None, description="What of it is not answered, and which kind of not-knowing that is."
    )

    @model_validator(mode="after")
    def _an_answer(self) -> ComparisonCell:
        if not (self.statements or self.results or self.approvals or self.gap):
            raise ValueError(
                "an empty cell: name the statements or results that answer, or write a 'gap'"
            )
        return self


class ComparisonRow(Strict):
    """One question, answered for every option."""

    id: Id = Field(description="Permanent; part of the row's address on the page.")
    patient: Text = Field(description="The question as a patient asks it.")
    clinician: Text = Field(description="The row's name for a clinician.")
    safety: bool = Field(
        False,
        description=(
            "A row about doses, risks, tests, pregnancy or interactions: no cell may be 'not"
            " covered yet'."
        ),
    )
    cells: list[ComparisonCell] = Field(description="One cell for every option, in any order.")


class ComparisonOption(Strict):
    """One column of the comparison."""

    id: Id = Field(description="A medicine or class, or 'no-new-medicine'.")
    name: Text = Field(description="The column's name, as a reader sees it.")
    example: Id | None = Field(None, description="The medicine whose figures stand for a class.")


class Comparison(Strict):
    """All real options for a person with the condition, the same rows for each."""

    options: list[ComparisonOption] = Field(
        description="The options, in the order readers see them."
    )
    rows: list[ComparisonRow] = Field(
        description="The questions, each with a cell for every option."
    )


class Arm(Strict):
    """One arm of a trial result: counts first."""

    arm: Text = Field(description="What was given, without the dose: 'upadacitinib', 'placebo'.")
    medicine: Id | None = Field(
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
    endpoint: Text = Field(description="ASAS20, ASAS40, 'any adverse event' …")
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
    population: Population = Field(
        description="Who was analysed: a population of content/site.yml."
    )
    who: Text | None = Field(None, description="The subgroup, if not everyone.")
    arms: list[Arm] = Field(
        min_length=2, description="The medicine's arms first, the comparator last."
    )
    certainty: CertaintyLevel | None = Field(None, description="The GRADE level of the evidence.")
    not_rated: Text | None = Field(None, description="Why no certainty level is given.")
    patient: Text = Field(
        description=(
            "What the endpoint means, in everyday words: 'clearly better (at least two fifths"
            " better on …)'. No numbers."
        )
    )
    clinician_only: Text | None = Field(None, description="Why patients are not shown this result.")

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
    medicine: Id = Field(
        description="The medicine it tested. Its results are evidence for this medicine only."
    )
    population: Population = Field(description="Who was studied: a population of content/site.yml.")
    phase: Text = Field(description='As registered, quoted: "3", "2/3".')
    design: Text = Field(
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
    jurisdiction: Jurisdiction = Field(
        description=(
            "Whose guideline it is: a code of content/site.yml, or 'any' for an international body."
        )
    )
    medicines: list[Id] = Field(
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
    jurisdiction: Jurisdiction = Field(description="The country's code of content/site.yml.")
    conditions: list[Id] = Field(
        description="The conditions it speaks of: folders of content/conditions/."
    )
    statements: list[Statement] = Field(
        min_length=1, description="What is paid for and on which terms, one entry each."
    )


class Source(Strict):
    """Something that can be cited."""

    id: Id = Field(
        description="Permanent: small letters, digits and hyphens; never given to anything else."
    )
    type: SourceType = Field(description="What kind of document it is.")
    title: Text = Field(description="As printed, or a description when the title was not seen.")
    title_is: Literal["exact", "descriptive"] = Field(
        "exact", description="descriptive: the exact title was not seen, this names the document."
    )
    authors: list[Text] = Field(
        default_factory=list,
        description=(
            "'Surname, Initials' or a body; 'et al.' as the last entry when the list was not seen"
            " whole."
        ),
    )
    container: Text | None = Field(None, description="The journal, site or series it appeared in.")
    year: int | None = Field(None, ge=1950, le=2100, description="The year of publication.")
    date: datetime.date | Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}$")] | None = (
        Field(
            None,
            description=(
                "The day (2021-12-14) or month (2021-12, quoted) of publication, where it is known."
            ),
        )
    )
    volume: Text | None = Field(None, description="The journal's volume, quoted.")
    issue: Text | None = Field(None, description="The journal's issue, quoted.")
    pages: Text | None = Field(
        None, description="First and last page, or the article number, quoted."
    )
    doi: Annotated[str, StringConstraints(pattern=r"^10\.\d{4,9}/\S+$")] | None = Field(
        None, description="Without https://doi.org/ in front."
    )
    pmid: Annotated[str, StringConstraints(pattern=r"^\d{5,9}$")] | None = Field(
        None, description="The PubMed number, quoted."
    )
    pmcid: Annotated[str, StringConstraints(pattern=r"^PMC\d+$")] | None = Field(
        None, description="The PubMed Central number, with PMC in front."
    )
    nct: Annotated[str, StringConstraints(pattern=r"^NCT\d{8}$")] | None = Field(
        None, description="The ClinicalTrials.gov number."
    )
    url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"'`]+$")] | None = Field(
        None, description="The publisher's own address."
    )
    unlinked: Text | None = Field(
        None,
        description=(
            "Why there is no link: only a copy was found, and we do not send readers there."
        ),
    )
    read_in: Literal["original", "copy"] = Field(
        "original", description="copy: the words were read in a copy of the document."
    )
    accessed: datetime.date = Field(description="The day it was read.")
    primary: bool = Field(
        description=(
            "The original document: paper, label, leaflet, guideline, registry, regulator or"
            " government page."
        )
    )

    @model_validator(mode="after")
    def _reachable(self) -> Source:
        if not (self.doi or self.pmid or self.pmcid or self.nct or self.url or self.unlinked):
            raise ValueError(
                "no way to find it: give doi, pmid, nct or url, or say in 'unlinked' why there is"
                " none"
            )
        return self

    @property
    def doi_address(self) -> str | None:
        """The DOI's address, with what an address may not hold encoded: older DOIs have '<' and '>'
        (RFC 3986, section 2).
        """
        return (
            self.doi and f"https://doi.org/{urllib.parse.quote(self.doi, safe='!$&()*+,;=:@/-._~')}"
        )


class SourceFile(Strict):
    """Everything the guide cites; many sources can stand in several files of `sources/`, by
    subject.
    """

    sources: list[Source] = Field(min_length=1, description="The sources, one entry each.")


class UnitFile(Strict):
    """Every unit the guide's values may have, each with one spelling."""

    units: list[Unit] = Field(min_length=1, description="The units, in any order.")


class SourceWords(Strict):
    """The words that a document holds, without its sentences: what is said to be absent from it is
    looked for again here at every check.
    """

    source: Id = Field(
        description="The document: an id from content/sources.yml, which is the file's own name."
    )
    read: datetime.date = Field(description="The day the document was read whole.")
    words: dict[Text, Text] = Field(
        description="Every word of the document in small letters, once, by its first letter."
    )


class Term(Strict):
    """A hard word, explained twice."""

    id: Id = Field(
        description="Permanent: small letters, digits and hyphens; never given to anything else."
    )
    term: Text = Field(description="The word itself.")
    patient: Text = Field(description="In everyday words; numbers only through 'statement'.")
    clinician: Text = Field(description="The exact meaning.")
    also: list[Text] = Field(
        default_factory=list, description="Other names and what people type, misspellings too."
    )
    shown_as: list[Text] = Field(
        default_factory=list,
        description=(
            "Other forms of the word in the guide's own text, explained at their first use as the"
            " term is: TB, csDMARD."
        ),
    )
    statement: Id | None = Field(None, description="The statement that holds the full definition.")
    hard: bool = Field(True, description="Explained at its first use on a patient page.")


class GlossaryFile(Strict):
    """The hard words of the guide; many words can stand in several files of `glossary/`."""

    terms: list[Term] = Field(min_length=1, description="The words, one entry each.")


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
    facts: list[Id] = Field(
        min_length=1, description="Statements, results or approvals that show it."
    )
    safety_critical: bool = Field(description="Whether somebody could be harmed by believing it.")


class SourceArticle(Strict):
    """The article a topic began with."""

    title: Text = Field(description="The article's title.")
    author: Text = Field(description="Who wrote it.")
    date: datetime.date = Field(description="The day it was published.")


class ClaimFile(Strict):
    """What an article claims and what the sources say of it."""

    article: SourceArticle = Field(description="The article whose claims are checked.")
    claims: list[Claim] = Field(min_length=1, description="Its claims, in their order.")


class Question(Strict):
    """A question people ask, answered from statements."""

    id: Id = Field(description="Permanent within the topic; the address of the answer.")
    section: Section = Field(description="The group it stands in.")
    audience: Literal["patient", "clinician", "both"] = Field("both", description="Who asks it.")
    question: Text = Field(description="As the patient asks it.")
    clinician_question: Text | None = Field(
        None, description="As the clinician asks it; the patient's question if left out."
    )
    patient: Text | None = Field(
        None,
        description=(
            "The answer first, in one to three sentences; a list of cases as lines that start with"
            " '- '. Numbers as {statement-id.value}."
        ),
    )
    clinician: Text | None = Field(
        None, description="The answer for a clinician. Numbers as {statement-id.value}."
    )
    values: dict[str, Value] = Field(
        default_factory=dict,
        description=(
            "Numbers of this answer alone, such as the 100 of 'out of 100'; facts' numbers stay"
            " with the facts."
        ),
    )
    statements: list[Id] = Field(
        default_factory=list,
        description="The facts the answer rests on; shown below it with their sources.",
    )
    gap: Gap | None = Field(
        None, description="What of the answer is missing, and which kind of not-knowing that is."
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
        wanted = {
            "patient": ["patient"],
            "clinician": ["clinician"],
            "both": ["patient", "clinician"],
        }[self.audience]
        for track in wanted:
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
    patient: Text = Field(
        description=(
            "One to three short sentences in everyday words. Numbers as {statement-id.value}."
        )
    )
    clinician: Text = Field(description="The same, exact. Numbers as {statement-id.value}.")
    statements: list[Id] = Field(default_factory=list, description="The facts it rests on.")
    approvals: bool = Field(False, description="It rests on the approval matrix.")
    results: list[Id] = Field(default_factory=list, description="Trial results it rests on.")
    opens: list[Id] = Field(
        default_factory=list,
        description=(
            "Pages of the topic that this answers: it stands there first, as the answer in short."
            " Names of files in docs/topic/, such as safety."
        ),
    )

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


class MonitoringRow(Strict):
    """One test of the schedule; its times and limits come from statements."""

    id: Id = Field(description="Permanent; part of the row's address on the page.")
    test: Text = Field(description="The test's name for a clinician.")
    patient: Text = Field(description="What the test looks for, in everyday words.")
    before: list[Id] = Field(
        default_factory=list, description="Statements that ask for it before the first dose."
    )
    during: list[Id] = Field(
        default_factory=list, description="Statements that ask for it during treatment."
    )
    due: list[Call] = Field(
        default_factory=list,
        description=(
            "The times after the start at which it is due, as '<statement>.<value>': values of the"
            " statements in 'during'."
        ),
    )
    every: list[Call] = Field(
        default_factory=list, description="How often it is due from then on, in the same form."
    )
    action: list[Id] = Field(
        default_factory=list, description="Statements with the limit or sign that calls for action."
    )
    say: Spoken | None = Field(
        None,
        description=(
            "The row in one short line for each reader, for the table's first column and for paper."
            " Needed for a row of the safety set."
        ),
    )
    gap: Gap | None = Field(
        None, description="What of the row is not answered, and which kind of not-knowing that is."
    )


class Schedule(Strict):
    """The tests and checks that a medicine's labels ask for."""

    rows: list[MonitoringRow] = Field(
        min_length=1, description="The tests and checks, in the order they are due."
    )


class HandoutSheet(Strict):
    """What one reader's handout shows, by id. A part that is left out is chosen from the records
    (`guide/sheet.py`).

    The parts from `remember` to `risks` name takeaways of the topic, statements, results and words
    of the glossary; results make the table of benefit and harm.
    """

    remember: list[Id] | None = Field(None, description="The few things to keep in mind.")
    signs: list[Id] | None = Field(None, description="Signs that need help at once.")
    about: list[Id] | None = Field(None, description="What the disease and the medicine are.")
    evidence: list[Id] | None = Field(
        None, description="Whether it works, how sure that is, and the results for the table."
    )
    risks: list[Id] | None = Field(None, description="Serious risks, and who should not take it.")
    tests: list[Id] | None = Field(
        None, description="Rows of the medicine's schedule, for the tick-sheet."
    )
    ask: list[Text] | None = Field(
        None,
        max_length=7,
        description=(
            "Questions to ask; {medicine}, {condition} and {abbreviation} are filled in. No facts."
        ),
    )
    sources: list[Id] | None = Field(
        None,
        max_length=6,
        description="The few sources to print; the short address leads to all of them.",
    )


class Handout(Strict):
    """The sheet of paper for each reader: of a topic, or in content/handout.yml what every topic's
    has unless it says otherwise.
    """

    patients: HandoutSheet = Field(HandoutSheet(), description="The sheet for patients.")
    clinicians: HandoutSheet = Field(HandoutSheet(), description="The sheet for clinicians.")


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
    """One medicine in one condition: a section of the site."""

    id: Id = Field(
        description="The folder's own name; permanent, part of every address of the topic."
    )
    medicine: Id = Field(description="A folder of content/medicines/.")
    condition: Id = Field(description="A folder of content/conditions/.")
    title: Text = Field(description="'<Medicine> in <condition>', as a heading.")
    summary: Text = Field(description="One line for search results and link previews; no numbers.")
    review: Review = Field(description="How old the topic is and who looked at it.")
    gaps: dict[Kind, Gap] = Field(
        default_factory=dict,
        description=(
            "What is not answered, by kind of fact: which kind of not-knowing it is, and what the"
            " reader can do."
        ),
    )


class Change(Strict):
    """One entry of the change log, in a reader's words."""

    date: datetime.date = Field(description="The day of the change.")
    kind: Literal["clinical", "editorial"] = Field(
        description="clinical: a number, dose, approval, source or verdict. editorial: words only."
    )
    record: Id | None = Field(
        None, description="The record that changed; left out for a change of the whole guide."
    )
    records: dict[Id, Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}$|^removed$")]] = (
        Field(
            default_factory=dict,
            description=(
                "Instead of 'record': several records that changed for the one reason told, each"
                " with the mark of its values as they are now. ./scripts/draft-changes --together"
                " writes it."
            ),
        )
    )
    field: Text | None = Field(
        None, description="As the check names it: 'values.dose', 'status', 'arms[0].responders'."
    )
    old: Text | None = Field(None, description="What was published.")
    new: Text | None = Field(
        None, description="What stands now; 'removed' when the record is gone."
    )
    what: Text = Field(description="What changed, in plain words.")
    reason: Text = Field(description="Why it changed.")

    @model_validator(mode="after")
    def _whole(self) -> Change:
        one = (self.record, self.field, self.old, self.new)
        if self.records and any(one):
            raise ValueError("'records' stands instead of 'record', 'field', 'old' and 'new'")
        if self.kind == "clinical" and not self.records and None in one:
            raise ValueError(
                "a clinical change names 'record', 'field', 'old' and 'new', or 'records'"
            )
        return self

    @property
    def legible(self) -> bool:
        """Whether `old` and `new` say something to a reader: ids of records do not, and `what` says
        it in words.
        """
        return self.old is not None and self.field not in ("facts", "sources")


class ChangeFile(Strict):
    """What readers were shown before and are shown now; past years can stand in files of their own
    in `changes/`.
    """

    changes: list[Change] = Field(min_length=1, description="The changes, newest first.")


ADDRESS = r"^(?:(?:\./|(?:[a-z0-9-]+/)+)(?:#[A-Za-z0-9_-]+)?|#[A-Za-z0-9_-]+)$"
Address = Annotated[str, StringConstraints(pattern=ADDRESS)]


class Redirect(Strict):
    """What became of an address that readers were given: it lives on elsewhere, or is gone for a
    reason.
    """

    from_: Address = Field(
        alias="from",
        description="The old address: 'page/', 'page/#id', or '#id' for the id wherever it stood.",
    )
    to: Address | None = Field(None, description="Where it stands now: 'page/' or 'page/#id'.")
    gone: Text | None = Field(
        None, description="Why it is gone, in a sentence a reader will see; no numbers."
    )
    date: datetime.date = Field(description="The day it was moved or withdrawn.")

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)

    @model_validator(mode="after")
    def _one_end(self) -> Redirect:
        if (self.to is None) == (self.gone is None):
            raise ValueError("say where it went ('to') or why it is gone ('gone'), one of the two")
        if self.to is not None and self.to.startswith("#"):
            raise ValueError(f"to: '{self.to}' names no page: write 'page/{self.to}'")
        if self.gone is not None and re.search(r"\d", self.gone):
            raise ValueError(
                "gone: a reason holds no numbers; the page a number now stands on is a 'to'"
            )
        return self


class RedirectFile(Strict):
    """Where the addresses that readers were given lead now."""

    redirects: list[Redirect] = Field(
        min_length=1, description="The old addresses, one entry each."
    )


class AuditItem(Strict):
    """One item of a standard and how the guide does."""

    id: Id = Field(description="Permanent within the instrument.")
    item: Text = Field(description="What the instrument asks, in our own words.")
    rating: Literal["met", "partly met", "not met", "needs people"] = Field(
        description="How the guide does; 'needs people' when only readers or reviewers can say."
    )
    reason: Text = Field(description="What the rating rests on.")


class Instrument(Strict):
    """A standard for health information and how the maintainers rate the guide by it."""

    id: Id = Field(description="Permanent; the address of its section.")
    name: Text = Field(description="The standard's name.")
    about: Text = Field(description="What it is for and who made it.")
    items: list[AuditItem] = Field(min_length=1, description="What it asks, item by item.")


class Audit(Strict):
    """The maintainers' own rating of the guide."""

    instruments: list[Instrument] = Field(
        min_length=1, description="The standards the guide is rated by."
    )


class AgencyRecord(Strict):
    """A medicines agency: a column of the approval matrix."""

    id: Agency = Field(description="Its initials.")
    name: Text = Field(description="Its full name.")
    jurisdiction: Jurisdiction = Field(description="The code of the country it speaks for.")
    country: Text = Field(description="The country, as a column's heading.")
    place: Text = Field(description="The country inside a sentence: 'the United States'.")


class Publisher(Strict):
    """Who stands behind the guide, and with what money and interests."""

    name: Text = Field(description="Who publishes the guide.")
    funding: Text = Field(description="Who paid, or that nobody did.")
    authorship: Text = Field(description="Who wrote it and how.")
    interests: Text = Field(description="Declared interests of the people behind it.")
    updates: Text = Field(description="How and when the guide is updated.")
    contact: Text = Field(description="Where to report a wrong fact.")


class Crisis(Strict):
    """Words for a moment of danger that is no side effect: low mood, an overdose, a child who
    swallowed a tablet.
    """

    id: Id = Field(description="Permanent; the address of its lines.")
    patient: Text = Field(description="What to do at once, whatever the country; no phone number.")
    clinician: Text = Field(description="What to tell people.")


class SafetyItem(Strict):
    """Something that must stand on the pages and the paper of every medicine: with its fact, or
    with its gap and what to do.
    """

    id: Id = Field(description="The id of the row in every medicine's schedule.yml.")
    name: Text = Field(description="What a message calls it: 'tuberculosis'.")


class Site(Strict):
    """What the whole site says of itself."""

    name: SiteName = Field(description="The site's name: letters, digits and plain signs.")
    tagline: Text = Field(description="One line under it.")
    publisher: Publisher = Field(description="Who stands behind it.")
    agencies: list[AgencyRecord] = Field(
        min_length=1, description="The columns of the approval matrix, in order."
    )
    populations: dict[Population, Text] = Field(
        description="The name of each study population, as a reader sees it."
    )
    jurisdictions: dict[Jurisdiction, Text] = Field(
        description=(
            "The countries whose rules the guide tells apart, by code, each as a reader sees it."
        )
    )
    emergency: Text = Field(description="What to do in an emergency, without a country's number.")
    crisis: list[Crisis] = Field(
        default_factory=list,
        description="Words for moments of danger, shown with the signs that need help.",
    )
    safety_set: list[SafetyItem] = Field(
        default_factory=list, description="What no medicine's page and sheet may leave out."
    )
    safety_sections: list[Text] = Field(
        default_factory=list,
        description="Sections of questions in which nothing may be 'not covered yet'.",
    )
    topics: list[Id] = Field(min_length=1, description="The order of topics.")


def is_time(value: object) -> bool:
    """Whether a value is a length of time such as `12 weeks`."""
    return isinstance(value, Quantity) and value.unit in ("days", "weeks", "months", "years")


def is_year_month(text: str) -> bool:
    """Whether `text` is a calendar month such as `2013-10`."""
    return bool(re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text))
