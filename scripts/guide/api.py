"""The guide as data: `api/v1/`, one JSON file, one JSON Schema and a CSV file or more for each
table.

The classes below are the published form, and their JSON Schemas are made from them. Numbers are
taken from where the pages take theirs, so the two cannot differ. What is for editors only (`proof`,
the sources' own words, and `note`) has no field here and cannot get out. Within `v1` fields may be
added; a field that goes or changes its meaning makes a `v2`.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, create_model

from . import citations, statistics, wording
from . import models as m
from .library import Library
from .publication import CONTENT, Publication
from .render import Page
from .view import PageView, arm_percent, contrasts, sentence, shown_time

ROOT = "api/v1/"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
# Who may read the guide as advice: nobody. Stands in every file, because files travel without the
# page.
NOTICE = (
    "Information with its sources, not advice for one person. What one medicine's trial showed is"
    " evidence for that medicine only; see 'medicine', 'population' and 'jurisdiction' of each"
    " record."
)
CLAIMS_NOTICE = (
    " The sentences in 'claim' are quoted from the source article to correct them and are not under"
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


class Licence(Published):
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


class Arm(Published):
    """One arm of a result, counts first."""

    arm: str
    medicine: str | None = Field(description="Null for placebo or usual care.")
    dose: str | None
    n: int | None = Field(description="People in the analysis. Null: not seen.")
    responders: int | None = Field(description="People with the outcome. Null: not seen.")
    responders_derived: bool = Field(
        description=(
            "The count was worked out from the printed percentage: the only whole number that fits."
        )
    )
    percent: Number = Field(
        description="To one decimal: from the counts, or as printed where they were not seen."
    )


class Contrast(Published):
    """One arm of a result minus its comparator."""

    arm: str
    comparator: str
    difference: Number = Field(description="Percentage points, to one decimal.")
    interval_low: Number | None = Field(
        description=(
            "95% interval, Newcombe 1998, method 10, from the counts. Null: counts not seen."
        )
    )
    interval_high: Number | None
    nnt: int | None = Field(
        description=(
            "Number needed to treat, rounded up: the arm does better. Null: it does not, the"
            " interval holds no difference, or counts not seen."
        )
    )
    nnt_low: int | None
    nnt_high: int | None
    nnh: int | None = Field(
        description=(
            "Number needed to harm, rounded up: more people of the arm have a bad outcome. Null as"
            " for nnt."
        )
    )
    nnh_low: int | None
    nnh_high: int | None


class Result(Published):
    """What happened in each arm, and each arm minus its comparator."""

    id: str
    trial: str
    medicine: str
    endpoint: str
    outcome: str = Field(description="What the endpoint means, in everyday words.")
    outcome_is: Literal["good", "bad"] = Field(
        description="Whether having the outcome is good or bad for the person."
    )
    primary: bool | None = Field(
        description="The trial's own primary endpoint. Null: its rank was not in the part read."
    )
    week: int | None
    follow_up: str | None = Field(
        description="How long people were watched, where events were counted over time."
    )
    week_unknown: str | None = Field(description="Why the week is not known.")
    population: str
    who: str | None = Field(description="The subgroup, if not everyone.")
    arms: list[Arm]
    difference: Number = Field(description="The first contrast's: first arm minus the comparator.")
    interval_low: Number | None
    interval_high: Number | None
    nnt: int | None
    contrasts: list[Contrast] = Field(
        description="Every arm against the comparator, in the arms' order."
    )
    certainty: Literal["high", "moderate", "low", "very low"] | None
    not_rated: str | None
    clinician_only: str | None
    sources: list[str]
    locator: str | None
    confidence: Literal["verified", "secondary"]
    patient_page: str | None = PATIENT_PAGE
    clinician_page: str | None = CLINICIAN_PAGE


class Trial(Published):
    """A study with its results. It is evidence for the medicine it tested and for no other."""

    id: str
    name: str
    registration: str | None = Field(description="ClinicalTrials.gov number.")
    medicine: str
    population: str
    phase: str
    design: str
    status: Literal["completed", "recruiting", "results pending"]
    results: list[Result]
    statements: list[str]
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
    status: Literal["approved", "not approved", "withdrawn", "not known"]
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
        description="'Surname, Initials' or a body; a last 'et al.': the list was not seen whole."
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
    kind: Literal["medicine", "class", "therapy"]
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
    ask: str | None


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


class Sheet(NamedTuple):
    """A CSV file of a table: its columns, and its rows, one dict a row, for one record."""

    columns: tuple[str, ...]
    rows: Callable[[Any], Iterator[dict[str, Any]]]


class Table(NamedTuple):
    """A table: its record class, where it is written in `content/`, and its CSV files by name."""

    name: str
    record: type[Published]
    written_in: tuple[str, ...]
    sheets: dict[str, Sheet]


# -- records -------------------------------------------------------------------------------


class _Records:
    """Makes the published records of one library."""

    def __init__(self, library: Library, pages: list[Page], publication: Publication):
        self.library, self.publication = library, publication
        self.view = PageView(library, "clinicians", None, "", publication.changed)
        self.places = _places(pages)
        self.pages = {page.url: page for page in pages}

    def page(self, anchor: str, track: str) -> str | None:
        place = self.places.get((anchor, track))
        return self.publication.at(place) if place else None

    def pages_of(self, anchor: str) -> dict[str, str | None]:
        return {
            "patient_page": self.page(anchor, "patients"),
            "clinician_page": self.page(anchor, "clinicians"),
        }

    def filled(self, words: str, record: m.Statement) -> str:
        """A wording with its values put in, as plain text."""

        def value(match: re.Match[str]) -> str:
            owner, dot, name = match[1].rpartition(".")
            return self.view.value(owner, name) if dot else wording.shown(record.values[name])

        return wording.CALL.sub(value, words)

    def subject_kind(self, subject: str) -> str:
        library = self.library
        shelves = {
            "trial": library.trials,
            "topic": library.topics,
            "guideline": library.guidelines,
            "health-system": library.health_systems,
            "condition": library.conditions,
            "medicine": library.medicines,
        }
        return next(kind for kind, shelf in shelves.items() if subject in shelf)

    def statements(self) -> list[Statement]:
        return [
            Statement(
                id=one.id,
                kind=one.kind,
                subject=self.library.subject[one.id],
                subject_kind=self.subject_kind(self.library.subject[one.id]),
                medicine=self.library.medicine_of(one.id),
                jurisdiction=one.jurisdictions,
                population=one.population,
                patient=self.filled(one.patient, one) if one.patient else None,
                clinician=self.filled(one.clinician, one),
                clinician_only=one.clinician_only,
                values={name: _value(value) for name, value in one.values.items()},
                certainty=one.certainty,
                not_rated=one.not_rated,
                as_of=one.as_of,
                bears_on=one.bears_on,
                sources=one.sources,
                locator=one.locator,
                confidence=one.confidence,
                **self.pages_of(one.id),
            )
            for one in self.library.statements()
        ]

    def trials(self) -> list[Trial]:
        return [
            Trial(
                id=one.id,
                name=one.name,
                registration=one.registration,
                medicine=one.medicine,
                population=one.population,
                phase=one.phase,
                design=one.design,
                status=one.status,
                results=[self.result(result, one) for result in one.results],
                statements=[statement.id for statement in one.statements],
                **self.pages_of(f"trial-{one.id}"),
            )
            for one in self.library.trials.values()
        ]

    def result(self, one: m.Result, trial: m.Trial) -> Result:
        found = [
            Contrast(
                arm=f"{contrast.arm.arm} {contrast.arm.dose or ''}".strip(),
                comparator=contrast.comparator.arm,
                difference=_number(statistics.rounded(contrast.difference, 1)),
                interval_low=_number(contrast.low),
                interval_high=_number(contrast.high),
                **_needed("nnt", contrast.treat),
                **_needed("nnh", contrast.harm),
            )
            for contrast in contrasts(one)
        ]
        return Result(
            id=one.id,
            trial=trial.id,
            medicine=trial.medicine,
            endpoint=one.endpoint,
            outcome=one.patient,
            outcome_is=one.outcome,
            primary=None if one.primary == "unknown" else one.primary,
            week=one.week if isinstance(one.week, int) else None,
            follow_up=(
                shown_time(one.week, patient=False) if isinstance(one.week, m.FollowUp) else None
            ),
            week_unknown=one.week.unknown if isinstance(one.week, m.Unknown) else None,
            population=one.population,
            who=one.who,
            arms=[
                Arm(
                    arm=arm.arm,
                    medicine=arm.medicine,
                    dose=arm.dose,
                    n=arm.n,
                    responders=arm.responders,
                    responders_derived=arm.responders_derived,
                    percent=_number(statistics.rounded(arm_percent(arm), 1)),
                )
                for arm in one.arms
            ],
            difference=found[0].difference,
            interval_low=found[0].interval_low,
            interval_high=found[0].interval_high,
            nnt=found[0].nnt,
            contrasts=found,
            certainty=one.certainty,
            not_rated=one.not_rated,
            clinician_only=one.clinician_only,
            sources=one.sources,
            locator=one.locator,
            confidence=one.confidence,
            **self.pages_of(one.id),
        )

    def approvals(self) -> list[Approval]:
        agencies = {agency.id: agency.jurisdiction for agency in self.library.site.agencies}
        return [
            Approval(
                id=one.id,
                medicine=medicine.id,
                condition=one.condition,
                agency=one.agency,
                jurisdiction=agencies[one.agency],
                status=one.status,
                date=one.date,
                date_is=one.date_is if one.date else None,
                line=one.line,
                reason=one.reason,
                checked=one.checked,
                sources=one.sources,
                locator=one.locator,
                confidence=one.confidence,
                **self.pages_of(one.id),
            )
            for medicine in self.library.medicines.values()
            for one in medicine.approvals
        ]

    def claims(self) -> list[Claim]:
        return [
            Claim(
                id=one.id,
                topic=topic,
                section=one.section,
                claim=one.claim,
                verdict=one.verdict,
                why=one.why,
                facts=one.facts,
                safety_critical=one.safety_critical,
                page=self.page(one.id, "both"),
            )
            for topic, file in self.library.claims.items()
            for one in file.claims
        ]

    def sources(self) -> list[Source]:
        fields = {name for name in Source.model_fields if name != "reference"}
        found = []
        for one in self.library.sources.values():
            found.append(
                Source(
                    reference=citations.reference_line(citations.listed_item(one)),
                    **one.model_dump(include=fields),
                )
            )
        return found

    def glossary(self) -> list[Term]:
        return [
            Term(**one.model_dump(include=set(Term.model_fields)))
            for one in self.library.glossary.values()
        ]

    def medicines(self) -> list[Medicine]:
        return [
            Medicine(**one.model_dump(include=set(Medicine.model_fields), by_alias=True))
            for one in self.library.medicines.values()
        ]

    def conditions(self) -> list[Condition]:
        return [
            Condition(**one.model_dump(include=set(Condition.model_fields)))
            for one in self.library.conditions.values()
        ]

    def topics(self) -> list[Topic]:
        found, shown = [], {}
        for page in self.pages.values():
            shown.setdefault(page.topic, set()).update(page.shown)
        for key in self.library.site.topics:
            topic, review = self.library.topics[key], self.library.topics[key].review
            full = review.last_full_review
            changes = self.library.changes_of(shown.get(key, ()), review.published)
            found.append(
                Topic(
                    id=key,
                    title=topic.title,
                    summary=topic.summary,
                    medicine=topic.medicine,
                    condition=topic.condition,
                    published=review.published,
                    evidence_searched_to=review.evidence_searched_to,
                    last_full_review=None if isinstance(full, m.Unknown) else full,
                    no_full_review=full.unknown if isinstance(full, m.Unknown) else None,
                    next_review=review.next_review,
                    reviewers=[
                        f"{person.name}, {person.role}, {person.date.isoformat()}"
                        for person in review.reviewed_by
                    ],
                    last_change=changes[0].date if changes else review.published,
                    gaps={
                        kind: TopicGap(
                            kind=gap.kind,
                            patient=gap.patient,
                            clinician=gap.clinician or gap.patient,
                            ask=gap.ask,
                        )
                        for kind, gap in topic.gaps.items()
                    },
                    patients=self.publication.at(f"{key}/patients/"),
                    clinicians=self.publication.at(f"{key}/clinicians/"),
                    corrections=(
                        self.publication.at(f"{key}/corrections/")
                        if f"{key}/corrections/" in self.pages
                        else None
                    ),
                )
            )
        return found


def _places(pages: list[Page]) -> dict[tuple[str, str], str]:
    """The address of each id by track: on the page of a section before its index, on the first
    topic's pages before others'.
    """
    found: dict[tuple[str, str], str] = {}
    for page in sorted(pages, key=lambda page: not page.part):
        for anchor in page.anchors:
            found.setdefault((anchor, page.track), f"{page.url}#{anchor}")
    return found


def _needed(name: str, one: statistics.Needed | None) -> dict[str, int | None]:
    """A number needed with its interval as three fields."""
    return {
        name: one.number if one else None,
        f"{name}_low": one.low if one else None,
        f"{name}_high": one.high if one else None,
    }


def _number(value: int | Decimal | None) -> Number | None:
    """A JSON number: whole numbers stay whole, decimals keep their value."""
    return None if value is None else value if isinstance(value, int) else float(value)


def _value(value: m.Value) -> Value:
    found: dict[str, Any] = dict.fromkeys(("value", "low", "high", "unit", "date"))
    if isinstance(value, m.Quantity):
        kind = "number" if value.value is not None else "range"
        found |= {
            "value": _number(value.value),
            "low": _number(value.low),
            "high": _number(value.high),
            "unit": value.unit,
        }
    elif isinstance(value, datetime.date):
        kind, found["date"] = "date", value.isoformat()
    elif isinstance(value, (int, Decimal)):
        kind, found["value"] = "number", _number(value)
    elif m.is_year_month(value):
        kind, found["date"] = "month", value
    else:
        kind = "text"
    return Value(kind=kind, shown=wording.shown(value), **found)


# -- CSV -----------------------------------------------------------------------------------


def _flat(record: Published, *leave: str) -> dict[str, Any]:
    """The fields of a record that fit one cell; several values of one field stand in it apart by `;
    `.
    """
    return {
        name: (
            "; ".join(value)
            if isinstance(value, list)
            else str(value).lower()
            if isinstance(value, bool)
            else value
        )
        for name, value in record.model_dump(mode="json", by_alias=True).items()
        if name not in leave
    }


def _columns(record: type[Published], *leave: str) -> tuple[str, ...]:
    return tuple(
        field.alias or name for name, field in record.model_fields.items() if name not in leave
    )


def _sheet(record: type[Published], *leave: str) -> Sheet:
    """One row a record, without the fields that have files of their own."""
    return Sheet(_columns(record, *leave), lambda one: iter([_flat(one, *leave)]))


def _value_rows(record: Statement) -> Iterator[dict[str, Any]]:
    for name, value in record.values.items():
        yield {"statement": record.id, "name": name, **_flat(value)}


def _result_rows(record: Trial) -> Iterator[dict[str, Any]]:
    for result in record.results:
        yield _flat(result, "arms", "contrasts")


def _contrast_rows(record: Trial) -> Iterator[dict[str, Any]]:
    for result in record.results:
        for contrast in result.contrasts:
            yield {"result": result.id, **_flat(contrast)}


def _arm_rows(record: Trial) -> Iterator[dict[str, Any]]:
    for result in record.results:
        for place, arm in enumerate(result.arms, 1):
            yield {"result": result.id, "place": place, **_flat(arm)}


TABLES: tuple[Table, ...] = (
    Table("topics", Topic, ("topics/*/topic.yml",), {"topics": _sheet(Topic, "gaps")}),
    Table(
        "statements",
        Statement,
        (
            "conditions/*/*.yml",
            "medicines/*/*.yml",
            "trials/*.yml",
            "guidelines/*.yml",
            "health-systems/*.yml",
            "topics/*/*.yml",
        ),
        {
            "statements": _sheet(Statement, "values"),
            "values": Sheet(("statement", "name", *_columns(Value)), _value_rows),
        },
    ),
    Table(
        "trials",
        Trial,
        ("trials/*.yml",),
        {
            "trials": _sheet(Trial, "results"),
            "results": Sheet(_columns(Result, "arms", "contrasts"), _result_rows),
            "contrasts": Sheet(("result", *_columns(Contrast)), _contrast_rows),
            "arms": Sheet(("result", "place", *_columns(Arm)), _arm_rows),
        },
    ),
    Table("approvals", Approval, ("medicines/*/medicine.yml",), {"approvals": _sheet(Approval)}),
    Table("claims", Claim, ("topics/*/claims.yml",), {"claims": _sheet(Claim)}),
    Table("sources", Source, ("sources.yml", "sources/*.yml"), {"sources": _sheet(Source)}),
    Table("glossary", Term, ("glossary.yml", "glossary/*.yml"), {"glossary": _sheet(Term)}),
    Table("medicines", Medicine, ("medicines/*/medicine.yml",), {"medicines": _sheet(Medicine)}),
    Table(
        "conditions", Condition, ("conditions/*/condition.yml",), {"conditions": _sheet(Condition)}
    ),
)


# What a spreadsheet takes for the start of a formula, in both widths that keyboards give.
_FORMULA = frozenset("=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20")
_NUMERAL = re.compile(r"[+-]?\d+(?:\.\d+)?")


def harmless(value: Any) -> Any:
    """A cell that no spreadsheet runs: before a text that starts like a formula stands an
    apostrophe, as OWASP advises ("CSV Injection").

    Numbers stay numbers, also where they are written as text.
    """
    return (
        f"'{value}"
        if isinstance(value, str) and value[:1] in _FORMULA and not _NUMERAL.fullmatch(value)
        else value
    )


def _csv(sheet: Sheet, records: Iterable[Published], version: str, licence: str) -> bytes:
    """Comma-separated, UTF-8, one header line (RFC 4180). The last two columns of each row are
    version and licence: a row travels alone.
    """
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([*sheet.columns, "version", "licence"])
    last = [harmless(version), harmless(licence)]
    for record in records:
        writer.writerows(
            [*(harmless(row[name]) for name in sheet.columns), *last] for row in sheet.rows(record)
        )
    return target.getvalue().encode()


# -- files ---------------------------------------------------------------------------------


class TableEntry(Published):
    """Where a table stands."""

    name: str
    records: int
    json_: str = Field(alias="json")
    schema_: str = Field(alias="schema")
    csv: list[str]


def _envelope(table: Table | None) -> type[Published]:
    """The class of a whole file: what it says of itself, then its records."""
    fields: dict[str, Any] = {
        "schema_": (
            str,
            Field(
                alias="$schema",
                description="The JSON Schema of this file, from where this file stands.",
            ),
        ),
        "name": (str, ...),
        "guide": (str, ...),
        "publisher": (str, ...),
        "version": (
            str,
            Field(
                description=(
                    "The day of the newest change and a digest of the content: the same content,"
                    " the same version."
                )
            ),
        ),
        "licence": (Licence, ...),
        "clinically_reviewed": (
            bool,
            Field(description="Whether a clinician has reviewed any topic; see topics.json."),
        ),
        "notice": (str, ...),
        "generated_from": (
            list[str],
            Field(description="The files of the project that hold the content, as patterns."),
        ),
    }
    if table is None:
        fields |= {
            "tables": (list[TableEntry], ...),
            "populations": (dict[str, str], ...),
            "jurisdictions": (dict[str, str], ...),
            "agencies": (dict[str, str], ...),
        }
        return create_model("Index", __base__=Published, **fields)
    fields |= {"count": (int, ...), table.name: (list[table.record], ...)}
    return create_model(sentence(table.name), __base__=Published, **fields)


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _file(
    table: Table | None,
    publication: Publication,
    name: str,
    written_in: Iterable[str],
    **content: Any,
) -> bytes:
    licence = Licence(
        name=CONTENT.name, spdx=CONTENT.spdx, url=CONTENT.url, attribution=publication.attribution
    )
    whole = _envelope(table)(
        **{
            "$schema": f"schema/{name}.json",
            "name": name,
            "guide": publication.name,
            "publisher": publication.publisher,
            "version": publication.version,
            "licence": licence,
            "clinically_reviewed": publication.reviewed,
            "notice": NOTICE + (CLAIMS_NOTICE if name == "claims" else ""),
            "generated_from": [f"content/{pattern}" for pattern in written_in],
            **content,
        }
    )
    return f"{whole.model_dump_json(by_alias=True, indent=1)}\n".encode()


def _schema(table: Table | None, name: str, publication: Publication) -> bytes:
    """The JSON Schema of one file. Its `$id` is its public address; where the site has none, its
    own name, which means the same from where it stands.
    """
    # Every field is always there, so that a column never comes and goes.
    made = _one_line(_envelope(table).model_json_schema(by_alias=True, mode="serialization"))
    own = publication.at(f"{ROOT}schema/{name}.json") if publication.address else f"{name}.json"
    return _json(
        {"$schema": DIALECT, "$id": own, **made, "title": f"Open health guide data: {name}"}
    )


def _one_line(schema: Any) -> Any:
    """The schema with each description on one line, however its docstring is broken."""
    if isinstance(schema, dict):
        return {
            key: " ".join(value.split())
            if key == "description" and isinstance(value, str)
            else _one_line(value)
            for key, value in schema.items()
        }
    if isinstance(schema, list):
        return [_one_line(value) for value in schema]
    return schema


def data_files(library: Library, pages: list[Page], publication: Publication) -> dict[str, bytes]:
    """Every file of `api/v1/` by its path from the site's root."""
    records = _Records(library, pages, publication)
    found: dict[str, bytes] = {}
    entries = []
    for table in TABLES:
        rows = getattr(records, table.name)()
        found[f"{ROOT}{table.name}.json"] = _file(
            table, publication, table.name, table.written_in, count=len(rows), **{table.name: rows}
        )
        found[f"{ROOT}schema/{table.name}.json"] = _schema(table, table.name, publication)
        licence = f"{CONTENT.spdx}{CLAIMS_EXCEPT if table.name == 'claims' else ''}"
        found |= {
            f"{ROOT}{name}.csv": _csv(sheet, rows, publication.version, licence)
            for name, sheet in table.sheets.items()
        }
        entries.append(
            TableEntry(
                name=table.name,
                records=len(rows),
                json=publication.at(f"{ROOT}{table.name}.json"),
                schema=publication.at(f"{ROOT}schema/{table.name}.json"),
                csv=[publication.at(f"{ROOT}{name}.csv") for name in table.sheets],
            )
        )
    site = library.site
    found[f"{ROOT}index.json"] = _file(
        None,
        publication,
        "index",
        ("**/*.yml",),
        tables=entries,
        populations=site.populations,
        jurisdictions=site.jurisdictions,
        agencies={agency.id: agency.name for agency in site.agencies},
    )
    found[f"{ROOT}schema/index.json"] = _schema(None, "index", publication)
    return found


def example(publication: Publication) -> list[str]:
    """Three lines of Python that print every result with its difference, as the README and the page
    about the data show them.
    """
    return [
        "import json, urllib.request",
        (
            "trials ="
            f' json.load(urllib.request.urlopen("{publication.address or LOCAL}{ROOT}trials.json"))["trials"]'
        ),
        (
            "print(*(f\"{t['medicine']}, {r['endpoint']}: {r['difference']:+} points\" for t in"
            ' trials for r in t["results"]), sep="\\n")'
        ),
    ]
