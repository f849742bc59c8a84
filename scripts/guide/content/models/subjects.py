"""What facts are about: medicines and conditions, with comparison and monitoring."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field, model_validator

from guide.content.models.common import (
    Call,
    ClinicianText,
    Id,
    MedicineId,
    PatientText,
    PopulationId,
    ResultId,
    SharedText,
    StatementId,
    Strict,
    Text,
    Value,
)
from guide.content.models.facts import Approval, Gap, Wordings
from guide.content.models.kinds import (
    DECISIONS,
    MEDICINES,
    Decision,
    InterventionKind,
    decides_of,
    statuses_of,
)
from guide.content.models.marks import Ref


class Target(Strict):
    """Where a class of medicines stops a signal, for the picture of the pathway; names only."""

    messengers: list[Text] = Field(
        min_length=1, max_length=4, description="The messengers whose signal it stops."
    )
    inside: list[Text] = Field(
        default_factory=list,
        max_length=2,
        description=(
            "The proteins inside the cell that pass the signal on, in order; the first is the one"
            " blocked. Left out when the messenger itself is caught outside the cell."
        ),
    )
    statements: list[StatementId] = Field(
        min_length=1,
        description="The facts that say so, each step and each messenger; the picture cites them.",
    )


class EmergencySigns(Strict):
    """The signs of one medicine in one line, for the box of its patient pages."""

    text: PatientText = Field(description="The question that names them.")
    statements: list[StatementId] = Field(
        min_length=1,
        description=(
            "The statements that list them in full, from this medicine's own leaflet or label."
        ),
    )
    signs: list[SharedText] = Field(
        default_factory=list, description="The same signs as a list, a few words each."
    )


class Signs(Strict):
    """Signs that can wait for a call on the same day, or for the next visit."""

    signs: list[SharedText] = Field(min_length=1, description="A few words each.")
    statements: list[StatementId] = Field(
        min_length=1, description="The statements of this medicine's own texts that name them."
    )


class Medicine(Strict):
    """An intervention: a medicine, a class of medicines, a therapy, a test, a programme, or no
    change.
    """

    id: Id = Field(
        description="The file's own name without .yml (or its folder's name); permanent."
    )
    name: Text = Field(
        description="As it stands inside a sentence, in small letters unless it is a proper name."
    )
    named: SharedText | None = Field(
        None,
        description=(
            "Its name in a sentence, where it needs an article: 'the stool test'. One thing, not"
            " several; left out for a medicine, and in a language whose articles have cases."
        ),
    )
    kind: InterventionKind = Field(
        "medicine",
        description=(
            "'class' for a group of medicines the guide speaks of as one; 'therapy' for"
            " physiotherapy, a diet, an operation; 'test' for screening and diagnosis; 'programme';"
            " 'no change' for waiting and seeing. It decides which pages and fields there are."
        ),
    )
    class_: Annotated[Id, Ref("medicine", "class in content/medicines/")] | None = Field(
        None,
        alias="class",
        description=(
            "The class it belongs to, a folder of content/medicines/; a class itself has none."
        ),
    )
    members: list[MedicineId] = Field(
        default_factory=list, description="For a class: the medicines in it."
    )
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
    licensed_for: list[PopulationId] = Field(
        default_factory=list,
        description="Populations of content/site.yml that any current licence we read is for.",
    )
    acts_on: Target | None = Field(None, description="For a class: what it blocks, and where.")
    call_today: Signs | None = Field(
        None, description="Signs and moments that call for the team on the same day."
    )
    next_visit: Signs | None = Field(None, description="What can wait for the next visit.")
    emergency: EmergencySigns | None = Field(
        None,
        description=(
            "The signs that need help at once. Where they are left out, those of its class stand"
            " there, and the page says so. Where no official text on them was read, leave them"
            " out, and write a gap 'urgent-signs' in topic.yml."
        ),
    )
    approvals: list[Approval] = Field(
        default_factory=list,
        description=(
            "Its cells of the matrix: one for each condition and each agency of content/site.yml"
            " that decides about its kind."
        ),
    )

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)

    @property
    def is_medicine(self) -> bool:
        """Whether it is taken as a dose, with brands, labels and a route; a class is, too."""
        return self.kind in MEDICINES

    @property
    def in_sentence(self) -> str:
        """Its name as it stands inside a sentence."""
        return self.named or self.name

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """What may be decided about it, first what its pages say first."""
        return DECISIONS[self.kind]

    @model_validator(mode="after")
    def _as_its_kind(self) -> Medicine:
        for key, value in (
            ("brands", self.brands),
            ("route", self.route),
            ("licensed_for", self.licensed_for),
            ("acts_on", self.acts_on),
        ):
            if value and not self.is_medicine:
                raise ValueError(
                    f"'{key}' is for medicines, and this is of kind '{self.kind}': take it out, or"
                    " change 'kind'"
                )
        for approval in self.approvals:
            decision = decides_of(approval.status)
            if decision is not None and decision not in self.decisions:
                allowed = ", ".join(statuses_of(self.decisions))
                raise ValueError(
                    f"approvals: '{approval.id}' has the status '{approval.status}', and nobody"
                    f" decides that about what is of kind '{self.kind}'; allowed here: {allowed}"
                )
        return self


class Spoken(Strict):
    """One short line for each reader, with numbers called from facts."""

    patient: PatientText = Field(
        description="At most twenty words in everyday language. Numbers as {statement-id.value}."
    )
    clinician: ClinicianText = Field(
        description="At most twenty words, exact. Numbers as {statement-id.value}."
    )


class PathwayWords(Strict):
    """The picture of the pathway in the words of one disease."""

    title: SharedText = Field(
        description="What the picture shows, in a line: 'Where medicines block the signals'."
    )
    caption: SharedText = Field(description="What it shows, in one whole sentence.")


class Condition(Strict):
    """A disease or situation."""

    id: Id = Field(
        description="The file's own name without .yml (or its folder's name); permanent."
    )
    name: Text = Field(description="As it stands inside a sentence.")
    abbreviation: Text | None = Field(
        None, description="The short form that readers meet, such as ED."
    )
    populations: list[PopulationId] = Field(
        description="Codes of content/site.yml: the people that studies of it are about."
    )
    related_populations: list[PopulationId] = Field(
        default_factory=list,
        description="Populations of the same disease family: shown with a badge that says so.",
    )
    typed: list[Text] = Field(
        default_factory=list,
        description="What people type: misspellings, old names, lay words; for search only.",
    )
    team: Text = Field(
        "health care team",
        description=("Who looks after people with it, as a page says 'ask the …': example team."),
    )
    need: Wordings | None = Field(
        None, description="Why people with it look for further treatments."
    )
    pathway: PathwayWords | None = Field(
        None, description="What the picture of the pathway says it shows for this disease."
    )


class ComparisonCell(Strict):
    """One answer about one option: statements and results by id, or the 'gap'."""

    option: Id = Field(description="The id of one of the options above.")
    statements: list[StatementId] = Field(
        default_factory=list, description="Statements that answer, by id."
    )
    results: list[ResultId] = Field(
        default_factory=list, description="Trial results that answer, by id."
    )
    approvals: bool = Field(False, description="Show the option's approvals for this condition.")
    patient: PatientText | None = Field(
        None, description="The answer in at most 20 words. Numbers as {fact-id.value}."
    )
    clinician: ClinicianText | None = Field(
        None, description="The same, exact, in at most 20 words."
    )
    values: dict[str, Value] = Field(
        default_factory=dict,
        description="Numbers of this answer alone, such as the 100 of 'out of 100'.",
    )
    picture: ResultId | None = Field(
        None,
        description="The one result that is drawn: of the outcome and time that the row is about.",
    )
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
    patient: PatientText = Field(description="The question as a patient asks it.")
    clinician: ClinicianText = Field(description="The row's name for a clinician.")
    patient_note: PatientText | None = Field(
        None, description="What all its numbers are: outcome, denominator, time. A few words."
    )
    clinician_note: ClinicianText | None = Field(None, description="The same for a clinician.")
    safety: bool = Field(
        False,
        description=(
            "A row about risks, or about doses, tests, pregnancy or interactions: no cell may be"
            " 'not covered yet'."
        ),
    )
    cells: list[ComparisonCell] = Field(description="One cell for every option, in any order.")


class ComparisonOption(Strict):
    """One column of the comparison."""

    id: Annotated[Id, Ref("comparison option", "medicine or class")] = Field(
        description=(
            "A folder of content/medicines/; 'no-new-medicine' or 'no-change' for going on as"
            " before."
        )
    )
    name: Text = Field(description="The column's name, as a reader sees it: a few words.")
    note: SharedText | None = Field(None, description="What it is: 'such as examplinib'.")
    example: MedicineId | None = Field(
        None, description="For a class of medicines: the one whose figures stand for it."
    )


class Comparison(Strict):
    """All real options for a person with the condition, the same rows for each."""

    options: list[ComparisonOption] = Field(
        description="The options, in the order readers see them."
    )
    rows: list[ComparisonRow] = Field(
        description="The questions, each with a cell for every option."
    )


class MonitoringRow(Strict):
    """One test of the schedule; its times and limits come from statements."""

    id: Id = Field(description="Permanent; part of the row's address on the page.")
    test: ClinicianText = Field(description="The test's name for a clinician.")
    patient: PatientText = Field(description="What the test looks for, in everyday words.")
    before: list[StatementId] = Field(
        default_factory=list, description="Statements that ask for it before the start."
    )
    during: list[StatementId] = Field(
        default_factory=list, description="Statements that ask for it from then on."
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
    action: list[StatementId] = Field(
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
    """The tests and checks that official texts ask for."""

    rows: list[MonitoringRow] = Field(
        min_length=1, description="The tests and checks, in the order they are due."
    )
