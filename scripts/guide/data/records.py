"""The guide as data: `api/v1/`, one JSON file, one JSON Schema and a CSV file or more for each
table.

The classes below are the published form, and their JSON Schemas are made from them. Numbers are
taken from where the pages take theirs, so the two cannot differ. What is for editors only (`proof`,
the sources' own words, and `note`) has no field here and cannot get out. Within `v1` fields may be
added; a field that goes or changes its meaning makes a `v2`.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from guide.content import models as m
from guide.content import wording
from guide.content.citations import items, lines, names
from guide.content.library import Library
from guide.content.publication import Publication
from guide.content.values import value_of
from guide.data.published import (
    Approval,
    Claim,
    Condition,
    Medicine,
    Source,
    Statement,
    Term,
    Topic,
    TopicGap,
    Value,
)
from guide.data.published_trials import Trial
from guide.data.trial_records import number, trial_record
from guide.pages.page import Page

# -- records -------------------------------------------------------------------------------


class Records:
    """Makes the published records of one library."""

    def __init__(self, library: Library, pages: list[Page], publication: Publication):
        self.library, self.publication = library, publication
        self.places = _places(pages)
        self.pages = {page.url: page for page in pages}

    def page(self, anchor: str, track: str) -> str | None:
        """The address of an anchor on the pages of a track; None where no page has it."""
        place = self.places.get((anchor, track))
        return self.publication.at(place) if place else None

    def pages_of(self, anchor: str) -> dict[str, str | None]:
        """The addresses of an anchor for both readers, as the fields of a record."""
        return {
            "patient_page": self.page(anchor, "patients"),
            "clinician_page": self.page(anchor, "clinicians"),
        }

    def filled(self, words: str, record: m.Statement) -> str:
        """A wording with its values put in, as plain text."""

        def value(match: re.Match[str]) -> str:
            owner, dot, name = match[1].rpartition(".")
            return (
                value_of(self.library, owner, name) if dot else wording.shown(record.values[name])
            )

        return wording.CALL.sub(value, words)

    def subject_kind(self, subject: str) -> str:
        """What kind of thing an id of `Library.subject` is."""
        library = self.library
        shelves: dict[str, Mapping[str, object]] = {
            "trial": library.trials,
            "topic": library.topics,
            "guideline": library.guidelines,
            "health-system": library.health_systems,
            "condition": library.conditions,
            "medicine": library.medicines,
        }
        return next(kind for kind, shelf in shelves.items() if subject in shelf)

    def statements(self) -> list[Statement]:
        """Every statement."""
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
        """Every trial with its results."""
        return [
            trial_record(
                one,
                self.pages_of(f"trial-{one.id}"),
                [self.pages_of(result.id) for result in one.results],
            )
            for one in self.library.trials.values()
        ]

    def approvals(self) -> list[Approval]:
        """Every cell of the approval matrix."""
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
        """Every checked claim of an article."""
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
        """Every source, with its reference as one line."""
        fields = set(Source.model_fields) - {"reference", "authors"}
        return [
            Source(
                reference=lines.reference_line(items.listed_item(one)),
                authors=names.author_texts(one),
                **one.model_dump(include=fields),
            )
            for one in self.library.sources.values()
        ]

    def glossary(self) -> list[Term]:
        """Every word of the glossary."""
        return [
            Term(**one.model_dump(include=set(Term.model_fields)))
            for one in self.library.glossary.values()
        ]

    def medicines(self) -> list[Medicine]:
        """Every medicine and class."""
        return [
            Medicine(**one.model_dump(include=set(Medicine.model_fields), by_alias=True))
            for one in self.library.medicines.values()
        ]

    def conditions(self) -> list[Condition]:
        """Every condition."""
        return [
            Condition(**one.model_dump(include=set(Condition.model_fields)))
            for one in self.library.conditions.values()
        ]

    def topics(self) -> list[Topic]:
        """The topics, in the order of content/site.yml."""
        shown: dict[str, set[str]] = {}
        for page in self.pages.values():
            shown.setdefault(page.topic, set()).update(page.shown)
        return [self._topic(key, shown.get(key, set())) for key in self.library.site.topics]

    def _topic(self, key: str, shown: set[str]) -> Topic:
        """A topic; `shown` are the records that its pages show."""
        topic, review = self.library.topics[key], self.library.topics[key].review
        full = review.last_full_review
        changes = self.library.changes_of(shown, review.published)
        corrections = f"{key}/corrections/"
        return Topic(
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
            gaps={kind: _gap(gap) for kind, gap in topic.gaps.items()},
            patients=self.publication.at(f"{key}/patients/"),
            clinicians=self.publication.at(f"{key}/clinicians/"),
            corrections=self.publication.at(corrections) if corrections in self.pages else None,
        )


def _gap(gap: m.Gap) -> TopicGap:
    """A gap of a topic; a clinician is told the patient's words where there are no others."""
    return TopicGap(
        kind=gap.kind,
        patient=gap.patient,
        clinician=gap.clinician or gap.patient,
        ask=gap.ask,
        clinician_ask=gap.clinician_ask,
    )


def _places(pages: list[Page]) -> dict[tuple[str, str], str]:
    """The address of each id by track: on the page of a section before its index, on the first
    topic's pages before others'.
    """
    addresses: dict[tuple[str, str], str] = {}
    for page in sorted(pages, key=lambda page: not page.part):
        for anchor in page.anchors:
            addresses.setdefault((anchor, page.track), f"{page.url}#{anchor}")
    return addresses


def _value(value: m.Value) -> Value:
    """A value of a statement, typed and as the pages show it."""
    fields: dict[str, Any] = dict.fromkeys(("value", "low", "high", "unit", "date"))
    if isinstance(value, m.Quantity):
        kind = "number" if value.value is not None else "range"
        fields |= {
            "value": number(value.value),
            "low": number(value.low),
            "high": number(value.high),
            "unit": value.unit,
        }
    elif isinstance(value, datetime.date):
        kind, fields["date"] = "date", value.isoformat()
    elif isinstance(value, (int, Decimal)):
        kind, fields["value"] = "number", number(value)
    elif m.is_year_month(value):
        kind, fields["date"] = "month", value
    else:
        kind = "text"
    return Value(kind=kind, shown=wording.shown(value), **fields)
