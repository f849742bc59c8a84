"""One page's window on the library: what view functions are given."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from guide.base.language import gettext as _
from guide.base.text import relative, sentence, text, words_join
from guide.content import models as m
from guide.content import wording
from guide.content.condition_index import ConditionIndex
from guide.content.library import Library
from guide.content.names import TRACKS, Track, has_medicines, many
from guide.content.publication import Publication
from guide.content.values import value_of
from guide.pages.printed import Printed
from guide.pages.readability import Readings

# What stands in for the publication where a page is made without one, as for a single component.
NOT_PUBLISHED = Publication(
    "", "", "", datetime.date.min, datetime.date.min, reviewed=False, licence=m.CC_BY
)


def _no_readings() -> Readings:
    return Readings((), 0.0, ())


@dataclass
class Context:
    """One page's window on the library. `today` only decides what looks overdue.

    `part` is the section of questions or claims that the page holds, where it holds one; of a list
    of the whole guide, the condition. `shares` are what such lists are made of, by condition: there
    only where each condition has lists of its own. `readings` measures the pages rendered so far.
    """

    library: Library
    track: Track
    name: str
    today: datetime.date
    url: str = ""
    places: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)
    part: str = ""
    readings: Callable[[], Readings] = _no_readings
    publication: Publication = NOT_PUBLISHED
    shares: Mapping[str, ConditionIndex] = field(default_factory=dict)
    printed: Printed = field(default_factory=Printed)

    @property
    def address(self) -> str:
        """The site's public address with a slash behind it, or "" where it has none."""
        return self.publication.address

    @property
    def topic_id(self) -> str:
        """The id of the topic that the page is about; "" for a page of the whole guide."""
        return ""

    @property
    def owners(self) -> tuple[str, ...]:
        """The folders of pages that a link by name may lead to, nearest first."""
        return ()

    @property
    def patient(self) -> bool:
        """Whether the page is for patients."""
        return self.track == "patients"

    @property
    def site(self) -> m.Site:
        """The site's own settings."""
        return self.library.site

    def link(self, name: str) -> Markup:
        """The relative address of another page, by name in the same track or by whole address.

        Raises KeyError for a page that does not exist.
        """
        name = f"{name}/" if name else ""
        target = next(
            (
                address
                for address in (*(f"{owner}/{self.track}/{name}" for owner in self.owners), name)
                if address in self.pages
            ),
            None,
        )
        if target is None:
            raise KeyError(name)
        return relative(self.url, target)

    def link_to(self, record_id: str) -> Markup:
        """Where the guide shows a record, as an address that the renderer fills in when it is known
        what stands where: in this topic first, the clinicians' page before the patients'; else this
        page's sources.
        """
        return Markup("place:{}").format(record_id)

    @property
    def many(self) -> bool:
        """Whether topics are too many to list on every page."""
        return bool(self.library.compute_once(many))

    @property
    def has_medicines(self) -> bool:
        """Whether a topic of what the page is about is about a medicine: of the whole guide, or of
        its condition.
        """
        return bool(self.library.compute_once(has_medicines))

    @property
    def title(self) -> Markup:
        """The page's title."""
        return text(self.pages[self.url])

    @property
    def share(self) -> ConditionIndex | None:
        """What the page lists, where it is the list of one condition."""
        return self.shares[self.part] if self.part and not self.topic_id else None

    @property
    def whose(self) -> Markup:
        """The name of the condition whose list the page is; "" for the list of the guide."""
        return text(self.library.conditions[self.part].name) if self.share else Markup("")

    def by_condition(self) -> list[dict[str, Any]]:
        """Where each condition has this list of its own, and this page leads to them: `id`, `name`
        and `href` of each, by name.
        """
        if self.share:
            return []
        names = sorted((self.library.conditions[key].name, key) for key in self.shares)
        return [
            {
                "id": key,
                "name": text(sentence(name)),
                "href": relative(self.url, f"{self.url}{key}/"),
            }
            for name, key in names
        ]

    def fill(
        self,
        wording_text: str,
        record: m.Statement | None = None,
        values: dict[str, Any] | None = None,
    ) -> Markup:
        """A wording with its values put in, each inside an element that names its record."""
        record_values = values if values is not None else (record.values if record else {})
        parts: list[str] = []
        at = 0
        for match in wording.CALL.finditer(wording_text):
            parts.append(str(text(wording_text[at : match.start()])))
            owner, dot, name = match[1].rpartition(".")
            if dot:
                parts.append(self.value_html(value_of(self.library, owner, name), owner))
            else:
                parts.append(self.value_html(wording.shown(record_values[name]), None))
            at = match.end()
        parts.append(str(text(wording_text[at:])))
        return Markup("".join(parts))

    def value_html(self, shown: str, owner: str | None) -> str:
        """A value inside an element that names its record."""
        named = f' data-record="{self.library.records[owner].id}"' if owner else ""
        return f'<span data-reading="value"{named}>{text(shown)}</span>'

    def cites(self, *record_ids: str) -> tuple[str, ...]:
        """The sources of these records by id, each once. Their numbers are given when the marks are
        printed.
        """
        return tuple(
            dict.fromkeys(
                source for key in record_ids for source in self.library.records[key].sources
            )
        )

    def medicine_name(self, record_id: str) -> str:
        """The name of the medicine or class that a record is evidence about. Raises KeyError for a
        record that is about none.
        """
        return self.library.medicines[self.library.medicine_of(record_id) or ""].name

    def called(self, *wordings: str) -> list[str]:
        """The records whose values these wordings call."""
        return list(
            dict.fromkeys(owner for words in wordings for owner, _ in wording.calls(words) if owner)
        )

    def anchor_of(self, record_id: str) -> str:
        """The record's id as an anchor, or "" where the page has printed it already."""
        return "" if record_id in self.printed.anchors else record_id

    @property
    def shown(self) -> dict[str, None]:
        """The records that the page has printed so far, in order."""
        return self.printed.records

    @property
    def stated(self) -> frozenset[str]:
        """The records the page shows in full, not only by a value inside another's wording."""
        return frozenset(
            anchor for anchor in self.printed.anchors if anchor in self.library.records
        )

    def wording_of(self, record: m.Statement) -> str | None:
        """A statement in the words of this track; None where patients are not shown it."""
        return record.patient if self.patient else record.clinician


@dataclass
class ConditionContext(Context):
    """The context of a page about one condition, whatever is done about it."""

    condition: m.Condition = field(kw_only=True)

    @property
    def names(self) -> dict[str, Markup]:
        """`{condition}`, `{Condition}` … for the pages' own prose."""
        return {
            "condition": text(self.condition.name),
            "Condition": text(sentence(self.condition.name)),
            "abbreviation": text(self.condition.abbreviation or self.condition.name),
            "team": text(self.condition.team),
            "people": text(people_of(self.site, self.condition)),
            "own_people": text(own_people_of(self.site, self.condition)),
        }

    @property
    def medicine_id(self) -> str:
        """The medicine that the page is about; "" for a page of all options."""
        return ""

    @property
    def class_id(self) -> str:
        """The class of that medicine; "" for none."""
        return ""

    @property
    def gaps(self) -> Mapping[m.Kind, m.Gap]:
        """What is not answered, by kind of fact: what a topic says of it, or of a disease the first
        topic that says it.
        """
        library, gaps = self.library, dict[m.Kind, m.Gap]()
        for topic in self.topics:
            for kind, gap in topic.gaps.items():
                known = f"{self.condition.id}/{kind}" in library.statements_by_subject
                if kind in m.OF_DISEASE and not known:
                    gaps.setdefault(kind, gap)
        return gaps

    @property
    def topics(self) -> list[m.Topic]:
        """The topics of the condition."""
        topics = self.library.topics.values()
        return [topic for topic in topics if topic.condition == self.condition.id]

    @property
    def has_medicines(self) -> bool:
        """Whether a topic of the condition is about a medicine."""
        return any(self.library.medicines[topic.medicine].is_medicine for topic in self.topics)

    @property
    def review(self) -> m.Review:
        """The review that the page stands under."""
        return self.library.review_of(self.owners[0])

    @property
    def owners(self) -> tuple[str, ...]:
        """The topic, where the page is of one, and the condition."""
        return tuple(filter(None, (self.topic_id, self.condition.id)))

    def subjects(self) -> list[str]:
        """The subjects of the page's facts, nearest first."""
        return [self.condition.id]

    def need(self) -> Markup:
        """Why people with the condition look for further treatments; empty where nobody has written
        it.
        """
        words = self.condition.need
        return text(words.patient if self.patient else words.clinician) if words else Markup("")


@dataclass
class TopicContext(ConditionContext):
    """The context of a page of one topic: a medicine in a condition."""

    topic: m.Topic = field(kw_only=True)

    @property
    def topic_id(self) -> str:
        """The id of the topic that the page is about."""
        return self.topic.id

    @property
    def inner(self) -> bool:
        """Whether the page answers something else first than whether the medicine is approved, or
        the therapy, test or programme recommended, offered or available.
        """
        return self.url not in (
            f"{self.topic.id}/",
            *(
                f"{self.topic.id}/{track}/{name}/"
                for track in TRACKS
                for name in ("approval", "offer", "handout")
            ),
        )

    @property
    def signs_first(self) -> bool:
        """Whether the page begins with the signs of danger: the first page of the topic, and
        questions that need an answer at once.
        """
        urgent = ("get help now", "call your team today")
        if self.name in ("index", "handout") and not self.url.endswith("/questions/"):
            return True
        return any(
            question.answer_first in urgent
            for question in self.library.questions_by_section.get(
                f"{self.topic.id}/{self.part}", ()
            )
        )

    @property
    def medicine_id(self) -> str:
        """The topic's medicine."""
        return self.topic.medicine

    @property
    def class_id(self) -> str:
        """The class of that medicine; "" for none."""
        return self.medicine.class_ or ""

    @property
    def gaps(self) -> Mapping[m.Kind, m.Gap]:
        """What the topic says is not answered, by kind of fact."""
        return self.topic.gaps

    @property
    def medicine(self) -> m.Medicine:
        """The topic's medicine."""
        return self.library.medicines[self.topic.medicine]

    @property
    def names(self) -> dict[str, Markup]:
        """`{medicine}`, `{Medicine}`, `{condition}` … for the pages' own prose."""
        klass = self.library.medicines.get(self.medicine.class_ or "")
        return {
            **super().names,
            "medicine": text(self.medicine.in_sentence),
            "Medicine": text(sentence(self.medicine.in_sentence)),
            "class": text(klass.name if klass else _("medicines of this kind")),
            "Topic": text(self.topic.title),
        }

    @property
    def has_medicines(self) -> bool:
        """Whether the topic is about a medicine."""
        return self.medicine.is_medicine

    def subjects(self) -> list[str]:
        """The topic's subjects, nearest first: topic, medicine, class, condition."""
        subjects = [self.topic.id, self.topic.medicine]
        if self.medicine.class_:
            subjects.append(self.medicine.class_)
        return [*subjects, self.topic.condition]


def own_people_of(site: m.Site, condition: m.Condition) -> str:
    """What the guide calls those that a condition's pages are for; "" where its name says it."""
    own = (site.own_people(population) for population in condition.populations)
    return words_join(dict.fromkeys(filter(None, own)))


def people_of(site: m.Site, condition: m.Condition) -> str:
    """The same, or 'people with' the condition."""
    with_it = _("people with {condition}").format(condition=condition.name)
    return own_people_of(site, condition) or with_it
