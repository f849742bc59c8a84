"""Plain values for one component on one page: what a macro prints, and nothing it must decide.

A `PageView` belongs to one page of one track. It picks the records of a section, fills their
wordings, rounds numbers, draws badges and keeps the page's list of references. Everything it
hands out is text that is already escaped (`Markup`), a number in words, or a list of such.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from guide.base import statistics
from guide.base.problem import CallError, require_one_of
from guide.base.text import (
    OTHER,
    first_words,
    letter_of,
    relative,
    sentence,
    slug,
    text,
    words_join,
)
from guide.cache.tracking import Day
from guide.content import models as m
from guide.content import wording
from guide.content.citations import items, lines
from guide.content.condition_index import ConditionIndex
from guide.content.fields import description_of
from guide.content.library import Library
from guide.content.names import TRACKS, Track, many
from guide.content.publication import CODE, CONTENT, Licence, Publication
from guide.content.values import (
    Contrast,
    arm_name,
    arm_percent,
    contrasts,
    out_of,
    shown_time,
    signed,
    value_of,
)
from guide.pages.printed import Printed
from guide.pages.readability import Readings
from guide.reading.grading import LONG, Level
from guide.view.figures import calendar as figures_calendar
from guide.view.figures import forest as figures_forest
from guide.view.figures import pathway as figures_pathway
from guide.view.figures import people as figures_people
from guide.view.figures import timeline as figures_timeline
from guide.view.handout import HandoutView
from guide.view.references import reference, reference_lines, short_name
from guide.view.shown import (
    GAP_LABELS,
    OTHERS,
    ArmShown,
    Badge,
    ContrastShown,
    GapShown,
    IndexBy,
    ResultShown,
    Scope,
    Shown,
    TrialGroup,
    listed,
)


@dataclass
class PageView:
    """One page's window on the library. `today` only decides what looks overdue.

    `part` is the section of questions or claims that the page holds, where it holds one; of a list
    of the whole guide, the condition. `shares` are what such lists are made of, by condition: there
    only where each condition has lists of its own. `readings` measures the pages rendered so far;
    `listed` are the sources of the page's list, in order.
    """

    library: Library
    track: Track
    topic: m.Topic | None
    name: str
    today: datetime.date | Day
    url: str = ""
    places: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)
    part: str = ""
    readings: Callable[[], Readings] | None = None
    publication: Publication | None = None
    shares: Mapping[str, ConditionIndex] = field(default_factory=dict)
    printed: Printed = field(default_factory=Printed)
    listed: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """The site's public address with a slash behind it, or "" where it has none."""
        return self.publication.address if self.publication else ""

    # -- who and what ---------------------------------------------------------------------

    @property
    def patient(self) -> bool:
        return self.track == "patients"

    @property
    def inner(self) -> bool:
        """Whether the page answers something else first than whether the medicine is approved."""
        return self.url not in (
            f"{self.topic.id}/",
            *(f"{self.topic.id}/{track}/{name}" for track in TRACKS for name in ("", "approval/")),
        )

    @property
    def medicine(self) -> m.Medicine:
        return self.library.medicines[self.topic.medicine]

    @property
    def condition(self) -> m.Condition:
        return self.library.conditions[self.topic.condition]

    @property
    def site(self) -> m.Site:
        return self.library.site

    @property
    def names(self) -> dict[str, Markup]:
        """`{medicine}`, `{Medicine}`, `{condition}` … for the pages' own prose."""
        klass = self.library.medicines.get(self.medicine.class_ or "")
        return {
            "medicine": text(self.medicine.name),
            "Medicine": text(sentence(self.medicine.name)),
            "condition": text(self.condition.name),
            "Condition": text(sentence(self.condition.name)),
            "abbreviation": text(self.condition.abbreviation or self.condition.name),
            "class": text(klass.name if klass else "medicines of this kind"),
            "team": text(self.condition.team),
        }

    def _subjects(self) -> list[str]:
        """The topic's subjects, nearest first: topic, medicine, class, condition."""
        found = [self.topic.id, self.topic.medicine]
        if self.medicine.class_:
            found.append(self.medicine.class_)
        return [*found, self.topic.condition]

    # -- links ----------------------------------------------------------------------------

    def link(self, name: str) -> Markup:
        """The relative address of another page, by name in the same track or by whole address.

        Raises KeyError for a page that does not exist.
        """
        own = f"{self.topic.id}/{self.track}/{name}/" if self.topic else f"{name}/"
        target = next((address for address in (own, f"{name}/") if address in self.pages), None)
        if target is None:
            raise KeyError(name)
        return relative(self.url, target)

    def link_to(self, record_id: str) -> Markup:
        """Where the guide shows a record, as an address that the renderer fills in when it is known
        what stands where: in this topic first, the clinicians' page before the patients'; else this
        page's sources.
        """
        return Markup("place:{}").format(record_id)

    def slug(self, title: str) -> str:
        return slug(title)

    def topics(self) -> list[dict[str, Any]]:
        """The site's topics with the addresses of both tracks, in the order of site.yml."""
        found = []
        for key in self.site.topics:
            topic = self.library.topics[key]
            found.append(
                {
                    "title": text(topic.title),
                    "medicine": text(self.library.medicines[topic.medicine].name),
                    "summary": text(topic.summary),
                    "condition": text(self.library.conditions[topic.condition].name),
                    "abbreviation": text(
                        self.library.conditions[topic.condition].abbreviation or ""
                    ),
                    "patients": relative(self.url, f"{key}/patients/"),
                    "clinicians": relative(self.url, f"{key}/clinicians/"),
                    "corrections": (
                        relative(self.url, f"{key}/corrections/")
                        if f"{key}/corrections/" in self.pages
                        else ""
                    ),
                }
            )
        return found

    @property
    def many(self) -> bool:
        """Whether topics are too many to list on every page."""
        return bool(self.library.memo(many, by_value=True))

    def topic_index(self, by: IndexBy) -> list[dict[str, Any]]:
        """All topics in groups by condition, medicine or letter, in alphabetical order. It walks
        through all topics: for the pages that lead to them, and for no other.

        A group has `name`, `id`, `opens` (its letter, for the first group of that letter),
        `patients` and `clinicians` (addresses of the condition's comparison, by condition only) and
        `entries`. An entry has `label`, `title`, `href` and the addresses `patients` and
        `clinicians`; the letters also hold names that lead to a group of another page: those have
        `see`, what is found there.
        """
        require_one_of(by, IndexBy, "a way to order topics")
        groups: dict[str, dict[str, Any]] = {}

        def group(key: str, name: str) -> dict[str, Any]:
            return groups.setdefault(
                key,
                {
                    "name": text(name),
                    "id": f"{by}-{key}",
                    "letter": letter_of(name),
                    "sort": name.lower(),
                    "patients": "",
                    "clinicians": "",
                    "entries": [],
                },
            )

        def entry(label: str, href: str, **more: Any) -> dict[str, Any]:
            return {
                "label": text(sentence(label)),
                "sort": label.lower(),
                "href": relative(self.url, href),
                "see": "",
                **more,
            }

        seen: set[tuple[str, str]] = set()

        def refer(label: str, to: str, see: str) -> None:
            if (label.lower(), to) not in seen:
                seen.add((label.lower(), to))
                initial = letter_of(label)
                group(slug(initial), initial)["entries"].append(entry(label, to, see=text(see)))

        for key in self.site.topics:
            topic = self.library.topics[key]
            condition, medicine = (
                self.library.conditions[topic.condition],
                self.library.medicines[topic.medicine],
            )
            tracks = {
                "title": text(topic.title),
                "patients": relative(self.url, f"{key}/patients/"),
                "clinicians": relative(self.url, f"{key}/clinicians/"),
            }
            if by == "condition":
                own = group(condition.id, sentence(condition.name))
                own["patients"] = own["patients"] or relative(
                    self.url, f"{key}/patients/comparison/"
                )
                own["clinicians"] = own["clinicians"] or relative(
                    self.url, f"{key}/clinicians/comparison/"
                )
                own["entries"].append(entry(medicine.name, f"{key}/", **tracks))
            elif by == "medicine":
                group(medicine.id, sentence(medicine.name))["entries"].append(
                    entry(condition.name, f"{key}/", **tracks)
                )
            else:
                initial = letter_of(topic.title)
                group(slug(initial), initial)["entries"].append(
                    entry(topic.title, f"{key}/", **tracks)
                )
                refer(condition.name, f"guides/#condition-{condition.id}", "all guides about it")
                for brand in medicine.brands:
                    refer(
                        brand, f"guides/medicines/#medicine-{medicine.id}", f"see {medicine.name}"
                    )
        for own in groups.values():
            own["entries"].sort(key=lambda found: found["sort"])
        found = sorted(
            groups.values(), key=lambda own: (own["letter"] == OTHER, own["letter"], own["sort"])
        )
        for before, own in zip([{"letter": ""}, *found], found, strict=False):
            own["opens"] = own["letter"] if own["letter"] != before["letter"] else ""
        return found

    # -- lists of the whole guide -----------------------------------------------------------

    @property
    def title(self) -> Markup:
        return text(self.pages[self.url])

    @property
    def share(self) -> ConditionIndex | None:
        """What the page lists, where it is the list of one condition."""
        return self.shares[self.part] if self.part and self.topic is None else None

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

    # -- wordings -------------------------------------------------------------------------

    def fill(
        self,
        wording_text: str,
        record: m.Statement | None = None,
        values: dict[str, Any] | None = None,
    ) -> Markup:
        """A wording with its values put in, each inside an element that names its record."""
        own = values if values is not None else (record.values if record else {})
        parts: list[str] = []
        at = 0
        for match in wording.CALL.finditer(wording_text):
            parts.append(str(text(wording_text[at : match.start()])))
            owner, dot, name = match[1].rpartition(".")
            if dot:
                parts.append(self._data(value_of(self.library, owner, name), owner))
            else:
                parts.append(self._data(wording.shown(own[name]), None))
            at = match.end()
        parts.append(str(text(wording_text[at:])))
        return Markup("".join(parts))

    def _data(self, shown: str, owner: str | None) -> str:
        named = self._attributes(self.library.records[owner]) if owner else ""
        return f'<span class="value"{named}>{text(shown)}</span>'

    def _attributes(self, record: m.Statement | m.Result | m.Approval) -> Markup:
        return Markup(' data-record="{}" data-sources="{}"').format(
            record.id, " ".join(record.sources)
        )

    def cites(self, *record_ids: str) -> tuple[str, ...]:
        """The sources of these records by id, each once. Their numbers are given when the marks are
        printed.
        """
        return tuple(
            dict.fromkeys(
                source for key in record_ids for source in self.library.records[key].sources
            )
        )

    def called(self, *wordings: str) -> list[str]:
        """The records whose values these wordings call."""
        return list(
            dict.fromkeys(owner for words in wordings for owner, _ in wording.calls(words) if owner)
        )

    def _anchor(self, record_id: str) -> str:
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

    # -- what is not answered ---------------------------------------------------------------

    def gap(self, gap: m.Gap) -> GapShown:
        """A gap in this reader's words."""
        said = gap.patient if self.patient else gap.clinician or gap.patient
        label = GAP_LABELS[gap.kind][0 if self.patient else 1].format(on=gap.on)
        looked = (
            ""
            if self.patient
            else "; ".join(
                f"{short_name(self.library.sources[one.source])}, {one.sections}: looked for"
                f" {words_join(one.terms, 'or')}"
                for one in gap.looked
            )
        )
        return GapShown(
            gap.kind.replace(" ", "-"),
            text(label),
            text(said),
            text(gap.ask or ""),
            (*(one.source for one in gap.looked), *self.cites(*gap.statements)),
            text(looked),
        )

    def gaps(self, *kinds: str) -> list[GapShown]:
        """What the topic says is not answered about these kinds of facts; it stands beside facts of
        the class, too.
        """
        return [self.gap(self.topic.gaps[kind]) for kind in kinds if kind in self.topic.gaps]

    def no_fact(self) -> GapShown:
        """What stands where a section has no fact and no gap was written: the rule
        `gaps-are-written` finds it on the page.
        """
        return GapShown(
            "not-covered-yet",
            text(GAP_LABELS["not covered yet"][0]),
            text("Nothing on this stands here."),
            text(f"Ask the {self.condition.team}."),
        )

    # -- badges ---------------------------------------------------------------------------

    def badges(self, record: m.Statement | m.Result, about: str | None = None) -> tuple[Badge, ...]:
        """The badges a record must carry on this page; `about` is the medicine of a table column.

        No page, macro or author can switch one off.
        """
        if self.topic is None:
            return ()
        library, found = self.library, []
        subject = about or self.topic.medicine
        medicine = library.medicine_of(record.id)
        if isinstance(record, m.Result) and subject in {arm.medicine for arm in record.arms}:
            medicine = subject  # a result of both, where the comparator is a medicine too
        own = {subject, library.medicines[subject].class_ if subject in library.medicines else None}
        if medicine and medicine not in own:
            other = library.medicines[medicine]
            label = f"{OTHERS[other.kind]}: {other.name}"
            found.append(Badge("other-medicine", label))
        elif medicine and medicine != subject:
            found.append(Badge("class", f"The whole class: {library.medicines[medicine].name}"))
        if (
            isinstance(record, m.Statement)
            and record.kind == "urgent-signs"
            and medicine
            and (medicine not in own or not self._licensed(medicine))
        ):
            # "Not your disease" beside chest pain would be read as "not for me": say where it is
            # from, and to act.
            return (
                Badge(
                    "other-medicine",
                    f"From the leaflet of {library.medicines[medicine].name} for its licensed"
                    " diseases; act on these signs all the same",
                ),
            )
        condition, people = self.condition, record.population
        short = condition.abbreviation or condition.name
        if people == "preclinical":
            found.append(Badge("laboratory", f"Laboratory work, not people with {short}"))
        elif people == "all":
            if (
                isinstance(record, m.Statement)
                and record.kind in m.REGULATED
                and medicine
                and not self._licensed(medicine)
            ):
                found.append(Badge("other-disease", f"Label for other diseases, not {short}"))
            elif (
                isinstance(record, m.Statement)
                and record.kind == "adverse-reaction"
                and medicine
                and not self._licensed(medicine)
            ):
                found.append(Badge("other-disease", f"Seen in other diseases, not {short}"))
        elif people in condition.related_populations:
            found.append(Badge("wider-disease", f"Wider group: {self.site.populations[people]}"))
        elif people not in condition.populations:
            found.append(
                Badge(
                    "other-disease", f"Other disease: {self.site.populations[people]}, not {short}"
                )
            )
        if record.confidence == "secondary":
            found.append(Badge("secondary", self._reported_by(record)))
        return tuple(found)

    def _licensed(self, medicine: str) -> bool:
        """Whether the medicine, or a member of the class, is licensed for the topic's condition: by
        its record, or by any agency.
        """
        record = self.library.medicines[medicine]
        if {*record.licensed_for} & {*self.condition.populations}:
            return True
        members = [medicine, *record.members]
        return any(
            approval.status == "approved" and approval.condition == self.topic.condition
            for member in members
            if member in self.library.medicines
            for approval in self.library.medicines[member].approvals
        )

    def _reported_by(self, record: m.Sourced) -> str:
        second_hand = [
            self.library.sources[source]
            for source in record.sources
            if not self.library.sources[source].primary
        ]
        if not second_hand or getattr(record, "kind", "") == "certainty":
            return "Our reading of the sources"
        names = dict.fromkeys(short_name(source) for source in second_hand[:2])
        return f"Reported by {words_join(names)}"

    # -- statements -----------------------------------------------------------------------

    def pick(self, *kinds: str, scope: str = "topic") -> list[m.Statement]:
        """The statements of these kinds that belong on a page of the topic, nearest subject first.

        `scope`: "topic" (topic, medicine, class, condition, and what bears on them), "medicine"
        (the same without the condition), "others" (every other medicine's), "without-topic" (those
        of medicines that no topic of the condition is about). Raises CallError for a kind or scope
        that does not exist: a misspelt one must not read as "nothing is known".
        """
        require_one_of(scope, Scope, "a scope")
        for kind in kinds:
            require_one_of(kind, m.Kind, "a kind of fact; kinds are given as a list")
        subjects = self._subjects()
        if scope == "medicine":
            subjects = subjects[:-1]
        library, ranked = self.library, {}
        for kind in kinds:
            for rank, subject in enumerate(subjects):
                for key in library.about.get(f"{subject}/{kind}", ()):
                    ranked.setdefault(key, rank)
            for subject in subjects:
                for key in library.bearing.get(f"{subject}/{kind}", ()):
                    ranked.setdefault(key, len(subjects))
            for trial in library.tested.get(self.topic.medicine, ()):
                for key in library.about.get(f"{trial}/{kind}", ()):
                    ranked.setdefault(key, 1)
        if scope in ("others", "without-topic"):
            # Medicines that are used or studied in the topic's condition, or in no condition of the
            # guide.
            own = (
                {
                    topic.medicine
                    for topic in library.topics.values()
                    if topic.condition == self.topic.condition
                }
                if scope == "without-topic"
                else set()
            )
            beside = [
                medicine
                for home in (self.topic.condition, "")
                for medicine in library.homes.get(home, ())
                if medicine not in own
            ]
            ranked = {
                key: 0
                for medicine in beside
                for kind in kinds
                for key in library.about.get(f"{medicine}/{kind}", ())
                if key not in ranked
            }
        order = {kind: place for place, kind in enumerate(kinds)}
        found = [
            (order[record.kind], rank, self._written(record.id), record)
            for key, rank in ranked.items()
            for record in [library.records[key]]
        ]
        return [record for *_, record in sorted(found, key=lambda one: one[:3])]

    def has(self, *kinds: str, scope: str = "topic") -> bool:
        """Whether the page has anything to say of these kinds: a fact for this reader, or a written
        gap of the topic's own.
        """
        own = scope in ("topic", "medicine")
        return (
            any(self.wording_of(record) for record in self.pick(*kinds, scope=scope))
            or own
            and any(kind in self.topic.gaps for kind in kinds)
        )

    def _written(self, record_id: str) -> tuple[tuple[str, ...], int]:
        """Where a record stands in the order of files and lines."""
        place = self.library.place[record_id]
        return tuple(place.path.split("/")), place.line

    def need(self) -> Markup:
        """Why people with the condition look for further treatments; empty where nobody has written
        it.
        """
        words = self.condition.need
        return text(words.patient if self.patient else words.clinician) if words else Markup("")

    def conditions(self) -> list[dict[str, Any]]:
        """The conditions of the site's topics, each with the addresses of its first topic's tracks,
        in the topics' order.
        """
        found: dict[str, dict[str, Any]] = {}
        for key, shown in zip(self.site.topics, self.topics(), strict=True):
            found.setdefault(self.library.topics[key].condition, shown)
        return list(found.values())

    def wording_of(self, record: m.Statement) -> str | None:
        return record.patient if self.patient else record.clinician

    def statement(self, record_id: str, about: str | None = None) -> Shown | None:
        """One statement as this track shows it; None where patients are not shown it."""
        record = self.library.records[record_id]
        if isinstance(record, m.Approval):
            return self._approval_shown(record)
        if isinstance(record, m.Result):
            return None
        words = self.wording_of(record)
        if words is None:
            return None
        countries = [
            self.site.jurisdictions[code] for code in record.jurisdictions if code != "any"
        ]
        lead, items = listed(self.fill(words, record))
        return Shown(
            id=record.id,
            text=Markup(" ").join([lead, *items]),
            lead=lead,
            items=items,
            attributes=self._attributes(record),
            anchor=self._anchor(record.id),
            country=words_join(countries),
            badges=self.badges(record, about),
            cites=self.cites(record.id),
            kind=record.kind,
            strength=text(record.strength or ""),
            as_of=wording.shown_date(record.as_of) if record.as_of else "",
            certainty=(
                f"{sentence(record.certainty)} certainty"
                if record.certainty
                else text(f"Certainty not rated: {record.not_rated}")
                if record.not_rated
                else ""
            ),
            brief=first_words(lead),
            group=text(record.group or ""),
        )

    def statements(
        self, *kinds: str, scope: str = "topic", once: bool = False, own: bool = False
    ) -> list[Shown]:
        """The section's statements; empty when the track has none.

        `once`: without those that the page has shown above. `own`: only those about the topic's
        disease itself. Other medicines' facts are grouped by medicine.
        """
        found = [
            shown
            for record in self.pick(*kinds, scope=scope)
            if not own or record.population in self.condition.populations
            if (shown := self.statement(record.id))
        ]
        if scope in ("others", "without-topic"):
            found = [
                dataclasses.replace(
                    shown,
                    group=sentence(self.library.medicines[self.library.medicine_of(shown.id)].name),
                )
                for shown in found
            ]
        return [shown for shown in found if shown.anchor or not once]

    def by_country(self, *kinds: str, scope: str = "topic") -> list[tuple[str, list[Shown]]]:
        """The same, grouped by the country whose rule it is, in the order of site.yml."""
        groups: dict[str, list[Shown]] = {}
        for shown in self.statements(*kinds, scope=scope):
            groups.setdefault(shown.country, []).append(shown)
        order = list(self.site.jurisdictions.values())
        return sorted(
            groups.items(),
            key=lambda group: order.index(group[0]) if group[0] in order else len(order),
        )

    # -- approvals ------------------------------------------------------------------------

    def _approval_shown(self, approval: m.Approval) -> Shown:
        medicine = self.library.medicines[self.library.subject[approval.id]]
        agency = next(agency for agency in self.site.agencies if agency.id == approval.agency)
        condition = self.library.conditions[approval.condition]
        words = {
            "approved": "{} is approved",
            "not approved": "{} is not approved",
            "withdrawn": "{} was approved and is withdrawn",
            "not known": "We do not know whether {} is approved",
        }[approval.status].format(medicine.name)
        # Patients know their disease by its short name, and need the country, not the agency.
        own = self.patient and self.topic is not None and condition.id == self.topic.condition
        disease, by = (
            (condition.abbreviation or condition.name) if own else condition.name,
            "" if self.patient else f" ({agency.id})",
        )
        parts = [f"{sentence(words)} for {disease} in {agency.place}{by}"]
        if approval.status == "approved" and approval.date:
            announced = (
                f"This was announced {'on' if isinstance(approval.date, datetime.date) else 'in'}"
            )
            parts.append(
                f"{announced if approval.date_is == 'announcement' else 'This has been so since'}"
                f" {wording.shown_date(approval.date)}"
            )
        if approval.line:
            parts.append(f"It is for use {approval.line}")
        tail = "".join(
            f" {part}"
            for part in (
                approval.reason,
                *((approval.gap.patient, approval.gap.ask) if approval.gap else ()),
            )
            if part
        )
        badges = (
            (Badge("secondary", self._reported_by(approval)),)
            if approval.confidence == "secondary"
            else ()
        )
        return Shown(
            id=approval.id,
            text=text(". ".join(parts) + "." + tail),
            attributes=self._attributes(approval),
            anchor=self._anchor(approval.id),
            country=agency.country,
            cites=self.cites(approval.id),
            kind="approval",
            badges=badges,
            as_of=wording.shown_date(approval.checked),
            brief=text(parts[0]),
        )

    def approvals(self, medicine: str, condition: str | None = None) -> list[m.Approval]:
        """The matrix row of a medicine, in the agencies' order."""
        wanted = condition or self.topic.condition
        cells = {
            approval.agency: approval
            for approval in self.library.medicines[medicine].approvals
            if approval.condition == wanted
        }
        return [cells[agency.id] for agency in self.site.agencies if agency.id in cells]

    def matrix(self, condition: str | None = None) -> dict[str, Any]:
        """The approval matrix of the topic's condition, or of another: agencies, and a row a
        medicine.
        """
        wanted = condition or self.topic.condition
        rows = []
        order = [
            self.topic.medicine,
            *sorted(
                (key for key in self.library.rows.get(wanted, ()) if key != self.topic.medicine),
                key=lambda key: (self.library.medicines[key].class_ != self.medicine.class_, key),
            ),
        ]
        for key in order:
            medicine = self.library.medicines[key]
            cells = {approval.agency: approval for approval in self.approvals(key, condition)}
            if not cells:
                continue
            row = []
            for agency in self.site.agencies:
                approval = cells.get(agency.id)
                row.append(self.approval_cell(approval) if approval else None)
            rows.append(
                {
                    "id": key if condition is None else f"{condition}-{key}",
                    "medicine": text(sentence(medicine.name)),
                    "class": self._class_name(medicine),
                    "cells": row,
                    "own": key == self.topic.medicine,
                }
            )
        return {
            "agencies": self.site.agencies,
            "rows": rows,
            "condition": text(self.library.conditions[wanted].name),
        }

    def kin_matrices(self) -> list[dict[str, Any]]:
        """The matrices of the conditions of the same family."""
        family = {*self.condition.populations, *self.condition.related_populations}
        return [
            self.matrix(key)
            for key in sorted(self.library.rows)
            if key != self.topic.condition and family & {*self.library.conditions[key].populations}
        ]

    def _same_class(self, medicine: m.Medicine) -> bool:
        """Whether a medicine is of the topic's medicine's class; one without a class is like no
        other.
        """
        return medicine.class_ is not None and medicine.class_ == self.medicine.class_

    def _class_name(self, medicine: m.Medicine) -> Markup:
        klass = self.library.medicines.get(medicine.class_ or "")
        return text(klass.name) if klass else Markup("")

    def alternatives(self) -> list[m.Medicine]:
        """Other medicines of the class that an agency has approved for the topic's condition."""
        return [
            medicine
            for key in self.library.members.get(self.medicine.class_ or "", ())
            for medicine in [self.library.medicines[key]]
            if key != self.topic.medicine
            and medicine.kind == "medicine"
            and any(approval.status == "approved" for approval in self.approvals(key))
        ]

    def approval_cell(self, approval: m.Approval, anchored: bool = True) -> dict[str, Any]:
        return {
            "id": approval.id,
            "status": approval.status,
            "anchor": self._anchor(approval.id) if anchored else "",
            "attributes": self._attributes(approval),
            "cites": self.cites(approval.id),
            "gap": self.gap(approval.gap) if approval.gap else None,
            "date": wording.shown_date(approval.date) if approval.date else "",
            "date_is": approval.date_is,
            "line": text(approval.line or ""),
            "reason": text(approval.reason or ""),
            "checked": wording.shown_date(approval.checked),
            "secondary": approval.confidence == "secondary",
            "agency": approval.agency,
            "country": next(
                agency.country for agency in self.site.agencies if agency.id == approval.agency
            ),
            "place": next(
                agency.place for agency in self.site.agencies if agency.id == approval.agency
            ),
        }

    def verdict(self) -> dict[str, Any]:
        """Whether the topic's medicine is approved for its condition, by whom, and what is
        instead.
        """
        # The verdict repeats the matrix: the anchors of its cells stay with the matrix.
        cells = [
            self.approval_cell(approval, anchored=False)
            for approval in self.approvals(self.topic.medicine)
        ]
        kinds: dict[str, list[dict[str, Any]]] = {}
        for cell in cells:
            kinds.setdefault(cell["status"], []).append(cell)
        alternatives = []
        for medicine in self.alternatives():
            yes = [
                self.approval_cell(a, anchored=False)
                for a in self.approvals(medicine.id)
                if a.status == "approved"
            ]
            alternatives.append(
                {
                    "key": medicine.id,
                    "name": text(medicine.name),
                    "cells": yes,
                    "countries": words_join(c["country"] for c in yes),
                }
            )
        tablets = all(
            self.library.medicines[key].route == "tablet"
            for key in [self.topic.medicine, *(other["key"] for other in alternatives)]
        )
        checked = min(approval.checked for approval in self.approvals(self.topic.medicine))
        cites = {
            status: self.cites(*(cell["id"] for cell in found))
            for status in ("approved", "not approved", "withdrawn", "not known")
            for found in [kinds.get(status, [])]
        }
        return {
            "cites": cites,
            "approved": kinds.get("approved", []),
            "not_approved": kinds.get("not approved", []),
            "withdrawn": kinds.get("withdrawn", []),
            "not_known": kinds.get("not known", []),
            "alternatives": alternatives,
            "alternatives_are": "tablets" if tablets else "medicines",
            "checked": wording.shown_date(checked),
        }

    def emergency_signs(self) -> dict[str, Any]:
        """The signs that need help at once with the topic's medicine, in one line.

        A medicine without its own borrows its class's: `borrowed` then says whose they are. Raises
        CallError where neither has any.
        """
        klass = self.library.medicines.get(self.medicine.class_ or "")
        signs = self.medicine.emergency or (klass.emergency if klass else None)
        if signs is None:
            raise CallError(
                f"'{self.medicine.id}' has no 'emergency' in its medicine.yml, nor has its class:"
                " write the signs of its own leaflet"
            )
        borrowed = (
            ""
            if self.medicine.emergency
            else (
                f"These signs are from {klass.name} as a group, not from the leaflet of"
                f" {self.medicine.name}."
            )
        )
        return {
            "text": text(signs.text),
            "do": text(self.site.emergency),
            "rests_on": " ".join(signs.statements),
            "cites": self.cites(*signs.statements),
            "borrowed": text(borrowed),
        }

    def crises(self) -> list[dict[str, Any]]:
        """Words for moments of danger that are no side effect, in this reader's words."""
        return [
            {"id": f"crisis-{one.id}", "text": text(one.patient if self.patient else one.clinician)}
            for one in self.site.crisis
        ]

    # -- trials ---------------------------------------------------------------------------

    def trials(self, group: str) -> list[m.Trial]:
        """Trials by what they say about the topic.

        "direct": its medicine in its condition; "class": its class in its condition or disease
        family; "indirect": its medicine elsewhere; "comparators": other classes in its condition;
        "class-safety": its class in another disease. Raises CallError for any other group.
        """
        require_one_of(group, TrialGroup, "a group of trials")
        family = {*self.condition.populations, *self.condition.related_populations}

        def group_of(trial: m.Trial) -> str:
            at_home = trial.population in family
            if trial.medicine == self.topic.medicine:
                return "direct" if at_home else "indirect"
            if self._same_class(self.library.medicines[trial.medicine]):
                return "class" if at_home else "class-safety"
            return "comparators" if at_home else "elsewhere"

        library = self.library
        kin = {self.topic.medicine, *library.members.get(self.medicine.class_ or "", ())}
        near = {key for medicine in kin for key in library.tested.get(medicine, ())}.union(
            *(library.studied.get(people, ()) for people in family)
        )
        return [trial for trial in self.trials_named(near) if group_of(trial) == group]

    def trials_named(self, ids: Iterable[str]) -> list[m.Trial]:
        """Trials in the order of their files."""
        return [self.library.trials[key] for key in sorted(ids, key=lambda key: f"{key}.yml")]

    def trial(self, trial_id: str) -> dict[str, Any]:
        """A trial with its results and statements, for the trial component."""
        trial = self.library.trials[trial_id]
        medicine = self.library.medicines[trial.medicine]
        denominator = self._denominator(trial.results)
        return {
            "id": trial.id,
            "anchor": self._anchor(f"trial-{trial.id}"),
            "name": text(trial.name),
            "registration": trial.registration or "",
            "medicine": text(medicine.name),
            "population": text(self.site.populations[trial.population]),
            "phase": text(trial.phase),
            "design": text(trial.design),
            "status": trial.status,
            "own": (
                trial.medicine == self.topic.medicine
                and trial.population in self.condition.populations
            ),
            "denominator": wording.shown_number(denominator),
            "results": [
                shown
                for result in trial.results
                if (shown := self.result(result.id, denominator=denominator))
            ],
            "statements": [
                shown for record in trial.statements if (shown := self.statement(record.id))
            ],
        }

    def _denominator(self, results: Iterable[m.Result]) -> int:
        """One denominator for a whole table: 1,000 when any arm is under 1 in 100 or a difference
        would vanish, else 100.
        """
        for result in results:
            rates = [arm_percent(arm) for arm in result.arms]
            if min(rates) < 1 or abs(rates[0] - rates[-1]) < 2:
                return 1000
        return 100

    def result(
        self, result_id: str, about: str | None = None, denominator: int = 100
    ) -> ResultShown | None:
        """A result as this track shows it: rates from counts, difference with its interval.

        `denominator` is how many people the patient's numbers are out of, one for a whole table.
        """
        result = self.library.records[result_id]
        if self.patient and result.clinician_only:
            return None
        trial = self.library.trials[self.library.subject[result_id]]
        licensed = self._licensed(trial.medicine)
        arms = []
        for place, arm in enumerate(result.arms):
            percent = arm_percent(arm)
            arms.append(
                ArmShown(
                    name=text(arm.arm),
                    dose=text(arm.dose or "") if not self.patient or licensed else Markup(""),
                    n=wording.shown_number(arm.n) if arm.n else "",
                    responders=(
                        wording.shown_number(arm.responders) if arm.responders is not None else ""
                    ),
                    derived=arm.responders_derived,
                    percent=text(f"{statistics.rounded(percent, 0 if self.patient else 1)}%"),
                    out_of=wording.shown_number(out_of(arm, denominator)),
                    comparator=place == len(result.arms) - 1,
                )
            )
        several = len(result.arms) > 2
        shown = tuple(
            self._contrast_shown(contrast, denominator, several, not self.patient or licensed)
            for contrast in contrasts(result)
        )
        record = Shown(
            id=result.id,
            text=text(result.patient),
            attributes=self._attributes(result),
            anchor=self._anchor(result.id),
            badges=self.badges(result, about),
            cites=self.cites(result.id),
            kind="result",
        )
        return ResultShown(
            record=record,
            trial=text(trial.name),
            trial_id=trial.id,
            endpoint=text(result.endpoint),
            outcome=text(result.patient),
            week=shown_time(result.week, self.patient),
            week_reason=(
                text(result.week.unknown) if isinstance(result.week, m.Unknown) else Markup("")
            ),
            who=text(
                f"{self.site.populations[result.population]}{', ' + result.who if result.who else ''}"
            ),
            primary=result.primary is True,
            outcome_is=result.outcome,
            arms=tuple(arms),
            contrasts=shown,
            certainty=result.certainty or "",
            not_rated=text(result.not_rated or ""),
            denominator=wording.shown_number(denominator),
        )

    def _contrast_shown(
        self, contrast: Contrast, denominator: int, several: bool, dose: bool
    ) -> ContrastShown:
        """A contrast in this reader's numbers: points with their interval, and people out of the
        denominator.
        """
        scale = Decimal(denominator) / 100
        whole = abs(int(statistics.rounded(contrast.difference * scale)))
        exact = (
            abs(
                statistics.rounded(arm_percent(contrast.arm) * scale)
                - statistics.rounded(arm_percent(contrast.comparator) * scale)
            )
            == whole
        )
        more = "more" if contrast.difference > 0 else "fewer"
        label = (
            "no difference"
            if whole == 0
            else (
                f"{whole} {more}"
                if exact
                else f"about {whole} {more} (the numbers beside it are rounded)"
            )
        )
        needed = next(
            (
                f"{name} {one.number} ({one.low} to {one.high})"
                for name, one in (("NNT", contrast.treat), ("NNH", contrast.harm))
                if one
            ),
            "",
        )
        return ContrastShown(
            name=text(f"{arm_name(contrast.arm, several, dose)} v {contrast.comparator.arm}"),
            difference=f"{signed(statistics.rounded(contrast.difference, 1))} points",
            interval=(
                f"{signed(contrast.low)} to {signed(contrast.high)}"
                if contrast.low is not None and contrast.high is not None
                else ""
            ),
            needed=needed,
            out_of=label,
        )

    # -- pictures: what `figure_records` picks and `figures` draws ------------------------------

    def pictured_result(self, trial_id: str) -> str:
        return figures_people.pictured_result(self, trial_id)

    def people(self, result_id: str, denominator: int | None = None) -> dict[str, Any]:
        return figures_people.people(self, result_id, denominator)

    def forest(self) -> dict[str, Any] | None:
        return figures_forest.forest(self)

    def timeline(self) -> dict[str, Any] | None:
        return figures_timeline.timeline(self)

    def pathway(self) -> dict[str, Any] | None:
        return figures_pathway.pathway(self)

    def calendar(self) -> dict[str, Any] | None:
        return figures_calendar.calendar(self)

    # -- comparison, monitoring, questions, claims ------------------------------------------

    def comparison_rows(self) -> list[dict[str, Any]]:
        """The questions by which the condition's options are compared, in this reader's words."""
        return [
            {"id": row.id, "name": text(row.patient if self.patient else row.clinician)}
            for row in self.library.comparisons[self.topic.condition].rows
        ]

    def comparison(self) -> dict[str, Any]:
        """The option grid of the condition: options, and rows of cells in the options' order."""
        grid = self.library.comparisons[self.topic.condition]
        rows = []
        for row in grid.rows:
            cells = {cell.option: cell for cell in row.cells}
            rows.append(
                {
                    "id": row.id,
                    "name": text(row.patient if self.patient else row.clinician),
                    "cells": [self._cell(cells[option.id], option) for option in grid.options],
                }
            )
        options = [
            {
                "id": option.id,
                "name": text(option.name),
                "own": option.id == self.topic.medicine,
                "example": (
                    text(self.library.medicines[option.example].name) if option.example else ""
                ),
            }
            for option in grid.options
        ]
        return {"options": options, "rows": rows}

    def _cell(self, cell: m.ComparisonCell, option: m.ComparisonOption) -> dict[str, Any]:
        about = option.example or (option.id if option.id in self.library.medicines else None)
        lead = cell.patient if self.patient else cell.clinician
        shown = [found for key in cell.statements if (found := self.statement(key, about))]
        denominator = self._denominator(self.library.records[key] for key in cell.results)
        results = [found for key in cell.results if (found := self.result(key, about, denominator))]
        approvals = (
            [self.approval_cell(approval) for approval in self.approvals(about)]
            if cell.approvals and about
            else []
        )
        gap = self.gap(cell.gap) if cell.gap else None
        return {
            "option": option.id,
            "lead": text(lead or ""),
            "statements": shown,
            "results": results,
            "approvals": approvals,
            "gap": gap,
            "elsewhere": not (lead or shown or results or approvals or gap),
        }

    def schedule(self) -> list[dict[str, Any]]:
        """The medicine's monitoring rows with the statements of each time."""
        schedule = self.library.schedules.get(self.topic.medicine)
        if schedule is None:
            return []
        return [
            {
                "id": row.id,
                "test": text(row.test),
                "patient": text(row.patient),
                "gap": self.gap(row.gap) if row.gap else None,
                "say": self.said(row),
                **{
                    time: [shown for key in getattr(row, time) if (shown := self.statement(key))]
                    for time in ("before", "during", "action")
                },
            }
            for row in schedule.rows
        ]

    def said(self, row: m.MonitoringRow) -> Markup:
        """A row of the schedule in one line; "" where nobody has written it."""
        return (
            self.fill(row.say.patient if self.patient else row.say.clinician)
            if row.say
            else Markup("")
        )

    def _asked(self) -> Iterator[tuple[m.Question, str, str]]:
        """The topic's questions for this track, each as asked here, with its answer."""
        for question in self.library.questions.get(self.topic.id, ()):
            answer = question.patient if self.patient else question.clinician
            if question.audience in ("both", self.track[:-1]) and answer is not None:
                yield (
                    question,
                    (
                        question.question
                        if self.patient
                        else question.clinician_question or question.question
                    ),
                    answer,
                )

    def questions(self) -> list[dict[str, Any]]:
        """The questions of this page's section with their answers and the facts they rest on."""
        entries: list[dict[str, Any]] = []
        above: set[str] = set()
        for question, asked, answer in self._asked():
            if question.section != self.part:
                continue
            shown = [found for key in question.statements if (found := self.statement(key))]
            lead, items = listed(self.fill(answer, values=question.values))
            # A fact stands in full once a page; an answer that rests on it again links to it.
            again = [found for found in shown if not found.anchor or found.id in above]
            above.update(found.id for found in shown)
            entries.append(
                {
                    "again": again,
                    "id": question.id,
                    "question": text(asked),
                    "answer": lead,
                    "answer_items": items,
                    "gap": self.gap(question.gap) if question.gap else None,
                    "rests_on": " ".join(question.statements) or f"question-{question.id}",
                    "statements": [found for found in shown if found not in again],
                    "facts": shown,
                }
            )
        return entries

    def question_index(self) -> list[dict[str, Any]]:
        """The sections of questions in order: name, address of the page, and the questions with
        their addresses.

        Each question keeps its own id here too: a link to it from the time when all stood on one
        page lands on the way to it.
        """
        sections: dict[str, list[dict[str, Any]]] = {}
        for question, asked, _ in self._asked():
            sections.setdefault(question.section, []).append(
                {
                    "id": question.id,
                    "question": text(asked),
                    "href": f"{slug(question.section)}/#{question.id}",
                    "urgent": question.answer_first == "get help now",
                }
            )
        return [
            {"name": text(name), "href": f"{slug(name)}/", "questions": entries}
            for name, entries in sections.items()
        ]

    def takeaways(self, opening: str = "") -> list[dict[str, Any]]:
        """The few things to remember; with `opening` only those that answer the page of that
        name.
        """
        return [
            self.takeaway(takeaway)
            for takeaway in self.library.takeaways.get(self.topic.id, ())
            if not opening or opening in takeaway.opens
        ]

    def takeaway(self, takeaway: m.Takeaway) -> dict[str, Any]:
        words = takeaway.patient if self.patient else takeaway.clinician
        rests = [*takeaway.statements, *takeaway.results]
        if takeaway.approvals:
            rests += [approval.id for approval in self.approvals(self.topic.medicine)]
        return {
            "id": takeaway.id,
            "text": self.fill(words),
            "cites": self.cites(*rests, *self.called(words)),
            "rests_on": " ".join(rests),
        }

    def claims(self) -> dict[str, Any] | None:
        """The source article's claims with our verdicts: of this page's section, else of all.

        With the article, how many claims have each verdict, and the sections with the addresses of
        their pages.
        """
        file = self.library.claims.get(self.topic.id) if self.topic else None
        if file is None:
            return None
        sections: dict[str, dict[str, int]] = {}
        counts: dict[str, int] = {}
        entries = []
        for claim in file.claims:
            for tally in (counts, sections.setdefault(claim.section, {})):
                tally[claim.verdict] = tally.get(claim.verdict, 0) + 1
            if self.part and claim.section != self.part:
                continue
            entry = {
                "id": claim.id,
                "claim": text(claim.claim),
                "verdict": claim.verdict,
                "why": text(claim.why),
                "facts": claim.facts,
                "safety_critical": claim.safety_critical,
                "href": f"{slug(claim.section)}/#{claim.id}",
                "cites": [],
                "sources": " ".join(
                    dict.fromkeys(
                        source
                        for key in claim.facts
                        for source in self.library.records[key].sources
                    )
                ),
            }
            if self.part:
                entry["cites"] = self.cites(*claim.facts)
            entries.append(entry)
        return {
            "article": {
                "title": text(file.article.title),
                "author": text(file.article.author),
                "date": wording.shown_date(file.article.date),
            },
            "entries": entries,
            "counts": counts,
            "total": len(file.claims),
            "sections": [
                {
                    "name": text(name),
                    "href": f"{slug(name)}/",
                    "total": sum(tally.values()),
                    "wrong": sum(tally.values()) - tally.get("supported", 0),
                }
                for name, tally in sections.items()
            ],
        }

    # -- review, glossary, references ------------------------------------------------------

    def review(self) -> dict[str, Any]:
        review = self.topic.review
        full = review.last_full_review
        return {
            "published": wording.shown_date(review.published),
            "searched_to": wording.shown_date(review.evidence_searched_to),
            "last_full_review": wording.shown_date(full) if isinstance(full, datetime.date) else "",
            "no_full_review": text(full.unknown) if isinstance(full, m.Unknown) else Markup(""),
            "next_review": wording.shown_date(review.next_review),
            "next_review_iso": review.next_review.isoformat(),
            "reviewers": [
                {
                    "name": text(person.name),
                    "role": text(person.role),
                    "date": wording.shown_date(person.date),
                    "statement": text(person.statement),
                }
                for person in review.reviewed_by
            ],
            "overdue": self.today > review.next_review,
        }

    def glossary(self) -> list[dict[str, Any]]:
        found = []
        for term in sorted(self.library.glossary.values(), key=lambda term: term.term.lower()):
            definition = self.statement(term.statement) if term.statement else None
            found.append(
                {
                    "id": term.id,
                    "term": text(term.term),
                    "patient": text(term.patient),
                    "clinician": text(term.clinician),
                    "also": [text(name) for name in term.also],
                    "statement": definition,
                }
            )
        return found

    def guidelines(self) -> list[dict[str, Any]]:
        """Guidelines with the statements this track shows, newest first."""
        found = []
        family, subjects = (
            {*self.condition.populations, *self.condition.related_populations, "all"},
            set(self._subjects()),
        )
        named = {
            key
            for people in (*family, "all/", *(f"all/{subject}" for subject in subjects))
            for key in self.library.advised.get(people, ())
        }
        for guideline in sorted(
            (self.library.guidelines[key] for key in named),
            key=lambda guideline: (
                -(guideline.year if isinstance(guideline.year, int) else 0),
                guideline.id,
            ),
        ):
            if guideline.medicines and not subjects.intersection(guideline.medicines):
                continue
            statements = [
                shown for record in guideline.statements if (shown := self.statement(record.id))
            ]
            if statements:
                found.append(
                    {
                        "id": guideline.id,
                        "name": text(guideline.name),
                        "body": text(guideline.body),
                        "statements": statements,
                    }
                )
        return found

    def health_systems(self) -> list[dict[str, Any]]:
        return [
            {
                "id": system.id,
                "name": text(system.name),
                "statements": [
                    shown for record in system.statements if (shown := self.statement(record.id))
                ],
            }
            for key in self.library.paid.get(self.topic.condition, ())
            for system in [self.library.health_systems[key]]
        ]

    def _own_changes(self) -> list[m.Change]:
        """What changed on this page since it was published, newest first."""
        return self.library.changes_of(
            self.shown, self.topic.review.published if self.topic else self.publication.published
        )

    def changes(self, of_page: bool = False) -> list[dict[str, Any]]:
        """The change log, newest first; `of_page`: only entries about records this page shows, or
        about everything, since it was published.
        """
        found = []
        for anchor, change in (
            [("", change) for change in self._own_changes()]
            if of_page
            else self.library.change_ids()
        ):
            # The whole log is where an entry is linked; the pages it bears on repeat it.
            found.append(
                {
                    "id": anchor,
                    "date": wording.shown_date(change.date),
                    "kind": change.kind,
                    "record": change.record or "guide",
                    "old": text(change.old) if change.legible else "",
                    "new": text(change.new or ""),
                    "what": text(change.what),
                    "reason": text(change.reason),
                    "href": (
                        self.link_to(change.record) if change.record in self.library.records else ""
                    ),
                }
            )
        return found

    def handout(self) -> HandoutView:
        """What the page's handout shows, for the components of a handout."""
        from guide.view.handout import HandoutView

        return HandoutView(self)

    def audit(self) -> list[dict[str, Any]]:
        """The self-audit: instruments with their items and how many have each rating."""
        return [
            {
                "id": one.id,
                "name": text(one.name),
                "about": text(one.about),
                "items": [
                    {
                        "id": item.id,
                        "item": text(item.item),
                        "rating": item.rating,
                        "reason": text(item.reason),
                    }
                    for item in one.items
                ],
                "counts": [
                    (rating, sum(item.rating == rating for item in one.items))
                    for rating in ("met", "partly met", "not met", "needs people")
                ],
            }
            for one in self.library.audit
        ]

    def due(self) -> dict[str, Any]:
        """What is overdue or falls due, and what rests on weak ground, as of the day of the
        page.
        """
        from guide.view import due

        return due.for_page(self)

    def rules(self) -> list[dict[str, str]]:
        """Name and reason of every rule of the content and of every check of the finished pages."""
        from guide.checks import registry, site
        from guide.checks import rule as rules

        return [
            *(
                {"name": rules.title(rule), "why": text(rules.why(rule))}
                for rule in registry.all_rules()
            ),
            *({"name": name, "why": text(why)} for name, why in site.CHECKS.items()),
        ]

    def reading_levels(self) -> dict[str, Any]:
        """How easy the pages rendered before this one are to read, in numbers ready to print."""

        def shown(level: Level) -> dict[str, str]:
            return {
                "grade": f"{level.grade:.1f}",
                "neutral": f"{level.neutral:.1f}",
                "fog": f"{level.fog:.1f}",
                "mean": f"{level.mean:.1f}",
                "longest": str(level.longest),
                "long_share": f"{level.long_share:.0f}",
                "words": wording.shown_number(level.words),
            }

        from guide.reading import limits

        found, groups, named = self.readings(), {}, self.site.topics
        if self.share:
            named = self.share.topics
        elif self.shares:
            named = []
        for page, level in sorted(found.patients, key=lambda entry: (entry[0].order, entry[0].url)):
            groups.setdefault(page.topic, []).append(
                {
                    "title": text(page.title),
                    "href": relative(self.url, page.url),
                    "level": shown(level) if level else None,
                }
            )
        titles = {"": "Home", **{topic: self.library.topics[topic].title for topic in named}}
        return {
            "mean": f"{found.mean:.1f}",
            "conditions": [
                {**entry, "mean": self._mean_grade(found, entry["id"])}
                for entry in self.by_condition()
            ],
            "limits": {
                "grade": str(limits.GRADE),
                "neutral": str(limits.NEUTRAL),
                "apart": f"{limits.SECOND_INDEX:.0f}",
                "mean": str(limits.MEAN_WORDS),
                "longest": str(limits.MOST_WORDS),
                "fewest": str(limits.FEWEST_WORDS),
                "long": str(LONG),
                "long_share": str(limits.LONG_SHARE),
                "sentences": str(limits.SENTENCES),
                "bullets": str(limits.ITEMS),
                "abbreviation": str(limits.WORDS_AN_ABBREVIATION),
            },
            "patients": [
                {"title": text(title), "id": topic or "home", "rows": groups[topic]}
                for topic, title in titles.items()
                if topic in groups
            ],
            "clinicians": [
                {
                    "title": text(titles[topic]),
                    "href": relative(self.url, f"{topic}/clinicians/"),
                    "level": shown(level),
                }
                for topic, level in found.clinicians
                if topic in titles
            ],
        }

    def _mean_grade(self, found: Readings, condition: str) -> str:
        """The mean grade of a condition's patient pages, names left out; "" where no page has
        sentences enough.
        """
        grades = [
            level.neutral
            for page, level in found.patients
            if level and page.topic in self.shares[condition].topics
        ]
        return f"{sum(grades) / len(grades):.1f}" if grades else ""

    @property
    def facts_shown(self) -> str:
        """How many facts the page has printed."""
        return wording.shown_number(len(self.printed.records))

    def references(self) -> list[dict[str, Any]]:
        """The page's sources in the order of first use."""
        self.listed = self.listed or tuple(self.printed.sources)
        lines = self.library.memo(reference_lines)
        for source in self.printed.sources:
            record = self.library.sources[source]
            if source not in lines:
                lines[source] = reference(record)
        return [
            {"number": number, **lines[source]} for source, number in self.printed.sources.items()
        ]

    def all_sources(self) -> list[dict[str, Any]]:
        """The sources of the list by id: all of the guide, those of one condition, or those that
        stand on the list of none.
        """
        share = self.share
        elsewhere = (
            set()
            if share
            else {source for other in self.shares.values() for source in other.sources}
        )
        self.listed = (
            share.sources
            if share
            else tuple(sorted(key for key in self.library.sources if key not in elsewhere))
        )
        return [{"number": 0, **reference(self.library.sources[key])} for key in self.listed]

    def sources_by_condition(self) -> list[dict[str, Any]]:
        """`by_condition` with the `count` of sources."""
        return [
            {**entry, "count": wording.shown_number(len(self.shares[entry["id"]].sources))}
            for entry in self.by_condition()
        ]

    @property
    def full_title(self) -> str:
        """What the page is called outside the site: `Cost and access. Baricitinib in ankylosing
        spondylitis (for patients)`.
        """
        if self.topic is None:
            return self.pages[self.url] if self.url else self.publication.name
        above = self.url.rstrip("/").rpartition("/")[0] + "/"
        title = f"{self.pages[above]}: {self.part}" if self.part else self.pages[self.url]
        if (
            self.medicine.name.casefold() not in title.casefold()
            or self.condition.name.casefold() not in title.casefold()
        ):
            title += f"{'' if title[-1] in '.?!' else '.'} {self.topic.title}"
        return (
            f"{title} (for {self.track})"
            if self.url.startswith(f"{self.topic.id}/{self.track}/")
            else title
        )

    def data_tables(self) -> list[dict[str, Any]]:
        """The tables of the data: name, what a record is, and the addresses of its files from this
        page.
        """
        from guide.data import published, tables

        return [
            {
                "name": table.name,
                "what": text(description_of(table.record)),
                "json": relative(self.url, f"{published.ROOT}{table.name}.json"),
                "schema": relative(self.url, f"{published.ROOT}schema/{table.name}.json"),
                "csv": [
                    {"name": name, "href": relative(self.url, f"{published.ROOT}{name}.csv")}
                    for name in table.sheets
                ],
            }
            for table in tables.TABLES
        ]

    def data(self) -> dict[str, Any]:
        """What a reader must know to use the data: where it starts, how to name it, and three lines
        that read it.

        The version stands in the files alone: on a page it would change the page with every edit
        elsewhere.
        """
        from guide.data import files, published

        return {
            "index": relative(self.url, f"{published.ROOT}index.json"),
            "root": published.ROOT,
            "name": text(f"{self.publication.publisher}, {self.publication.name}"),
            "example": [text(line) for line in files.example(self.publication)],
        }

    def licences(self) -> dict[str, Licence]:
        return {"content": CONTENT, "code": CODE}

    def citation(self) -> items.Item:
        """The page itself as a CSL-JSON item."""
        changed = self._own_changes()
        published = self.topic.review.published if self.topic else self.publication.published
        return items.item_of_page(
            self.publication,
            self.url,
            self.full_title,
            published,
            changed[0].date if changed else published,
            bool(self.topic.review.reviewed_by) if self.topic else self.publication.reviewed,
        )

    def cite(self) -> dict[str, Any]:
        """How to cite the page: the line, whether it holds the page's address, and what record its
        dates belong to.
        """
        item = self.citation()
        return {
            "line": Markup(lines.reference_line(item, text)),
            "addressed": "URL" in item,
            "record": self.topic.id if self.topic else "guide",
        }
