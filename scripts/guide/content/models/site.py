"""The site itself: agencies, publisher, change log, redirects, self-audit."""

from __future__ import annotations

import datetime
import re
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from guide.base.language import ENGLISH, gettext_noop
from guide.base.language import gettext as _
from guide.content.models.common import (
    Agency,
    Id,
    Jurisdiction,
    JurisdictionId,
    LanguageCode,
    OptionalPage,
    Population,
    SiteName,
    Strict,
    Text,
    TopicId,
)
from guide.content.models.kinds import Decision, InterventionKind
from guide.content.models.search import Urgency, UrgentLine


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
                " with the mark of its values as they are now. The verb 'draft-changes --together'"
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
        description=(
            "The old address: 'page/', 'page/#id', or '#id' for the id wherever it stood. 'topic/'"
            " of a renamed or retired topic holds for all below it."
        ),
    )
    to: Address | None = Field(None, description="Where it stands now: 'page/' or 'page/#id'.")
    gone: Text | None = Field(
        None, description="Why it is gone, in a sentence a reader will see; no numbers."
    )
    see: Address | None = Field(
        None, description="With 'gone': the page on which a reader can read on, 'page/'."
    )
    date: datetime.date = Field(description="The day it was moved or withdrawn.")

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)

    @model_validator(mode="after")
    def _one_end(self) -> Redirect:
        if (self.to is None) == (self.gone is None):
            raise ValueError("say where it went ('to') or why it is gone ('gone'), one of the two")
        if self.see is not None and self.gone is None:
            raise ValueError("'see' belongs to 'gone': what moved has its page in 'to'")
        for key, target in (("to", self.to), ("see", self.see)):
            if target is not None and target.startswith("#"):
                raise ValueError(f"{key}: '{target}' names no page: write 'page/{target}'")
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
    """A medicines agency, or another body that decides: a column of the matrix of its decisions."""

    id: Agency = Field(description="Its initials.")
    name: Text = Field(description="Its full name.")
    jurisdiction: JurisdictionId = Field(description="The code of the country it speaks for.")
    country: Text = Field(description="The country, as a column's heading.")
    place: Text = Field(description="The country inside a sentence: 'the United States'.")
    decides: Decision = Field(
        "approval",
        description=(
            "What it decides: an agency approves medicines, a guideline body recommends, a"
            " national programme offers, a health service has it available."
        ),
    )


class Publisher(Strict):
    """Who stands behind the guide, and with what money and interests."""

    name: Text = Field(description="Who publishes the guide.")
    funding: Text = Field(description="Who paid, or that nobody did.")
    authorship: Text = Field(description="Who wrote it and how.")
    interests: Text = Field(description="Declared interests of the people behind it.")
    updates: Text = Field(description="How and when the guide is updated.")
    contact: Text = Field(description="Where to report a wrong fact.")
    reader_tests: Text | None = Field(
        None,
        description=(
            "Which readers have tried the pages, or that none has; on the page that says how easy"
            " they are to read."
        ),
    )


class Crisis(Strict):
    """Words for a moment of danger that is no side effect: low mood, an overdose, a child who
    swallowed a tablet.
    """

    id: Id = Field(description="Permanent; the address of its lines.")
    urgency: Urgency | None = Field(
        None, description="The search shows its words at once to what people type of this urgency."
    )
    patient: Text = Field(description="What to do at once, whatever the country; no phone number.")
    clinician: Text = Field(description="What to tell people.")


class SafetyItem(Strict):
    """Something that must stand on the pages and the paper of every intervention of its kinds: with
    its fact, or with its gap and what to do.
    """

    id: Id = Field(description="The id of the row in every medicine's schedule.yml.")
    name: Text = Field(description="What a message calls it: 'blood count'.")
    kinds: list[InterventionKind] = Field(
        default=["medicine", "class"],
        min_length=1,
        description="The kinds of interventions that need it; medicines where it is left out.",
    )


class Licence(Strict):
    """Under which licence others may use the content."""

    name: Text = Field(description="Its short name: 'CC BY 4.0'.")
    title: Text = Field(description="Its whole name.")
    spdx: Text = Field(description="Its SPDX identifier, such as 'CC-BY-4.0'.")
    url: Annotated[str, StringConstraints(pattern=r"^https://[\w./-]+$")] = Field(
        description="Where its text stands."
    )
    terms: Text | None = Field(
        None,
        description=(
            "What it allows, in a few words behind a colon: 'copy and share it, unchanged'. The"
            " terms of CC BY 4.0 need not be written."
        ),
    )

    @property
    def terms_shown(self) -> str:
        """What it allows; "" where nobody wrote it."""
        return self.terms or (_(_CC_BY_TERMS) if self.spdx == "CC-BY-4.0" else "")


class Security(Strict):
    """Whom to tell of a weakness of the site: it becomes `/.well-known/security.txt` (RFC 9116)."""

    contact: list[Annotated[str, StringConstraints(pattern=r"^(https://|mailto:|tel:)[!-~]+$")]] = (
        Field(
            min_length=1,
            description=(
                "Where to report: a page (https://…), an address (mailto:…) or a telephone (tel:…),"
                " the best one first."
            ),
        )
    )
    policy: Annotated[str, StringConstraints(pattern=r"^https://[!-~]+$")] | None = Field(
        None, description="The page that says how reports are handled."
    )


_CC_BY_TERMS = gettext_noop(
    "copy, change and share it, if you say where it is from and what you changed"
)
CC_BY = Licence(
    name="CC BY 4.0",
    title="Creative Commons Attribution 4.0 International",
    spdx="CC-BY-4.0",
    url="https://creativecommons.org/licenses/by/4.0/",
)


# The way to write content that this engine reads. A new one has a step in `content/migrations/`,
# which brings older content on, and an entry in CHANGELOG.md.
FORMAT = 3


# The engine's own colour of the bar.
COLOUR = "#0b5a5e"


class PopulationWords(Strict):
    """A study population whose name does not go behind 'people with'."""

    name: Text = Field(description="Its name: 'screening for example disease'.")
    people: Text = Field(
        description=(
            "What is said wherever a page would say 'people with <name>', whole, in the plural and"
            " with a small letter first: 'people invited to screening'."
        )
    )


class Site(Strict):
    """What the whole site says of itself."""

    format: int = Field(
        ge=FORMAT,
        le=FORMAT,
        description="How the content is written: a newer engine's `upgrade` raises it.",
    )
    name: SiteName = Field(description="The site's name: letters, digits and plain signs.")
    tagline: Text = Field(description="One line under it.")
    language: LanguageCode = Field(
        default=ENGLISH,
        description="The language that the guide is written in; English where it is left out.",
    )
    publisher: Publisher = Field(description="Who stands behind it.")
    licence: Licence = Field(
        default=CC_BY, description="Of the content; CC BY 4.0 where it is left out."
    )
    colour: Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")] = Field(
        default=COLOUR,
        description="Of the bar on top, with white words on it: six hexadecimal digits.",
    )
    agencies: list[AgencyRecord] = Field(
        description="The columns of the matrices, in order; [] where nobody decides."
    )
    population_words: dict[Population, Text | PopulationWords] = Field(
        alias="populations",
        description=(
            "The name of each study population, as a reader sees it: 'ED: example disease'. 'all'"
            " is for rules on every licensed use, 'preclinical' for studies without people. Pages"
            " say 'people with' in front of it. Where that is wrong, as of screening, write the"
            " whole phrase: 'SCR: {name: screening, people: people invited to screening}'."
        ),
    )
    jurisdictions: dict[Jurisdiction, Text] = Field(
        description=(
            "The countries whose rules the guide tells apart, by code, each as a reader sees it."
        )
    )
    security: Security | None = Field(
        None, description="Whom to tell of a weakness; without it there is no security.txt."
    )
    emergency: Text = Field(description="What to do in an emergency, without a country's number.")
    call_today: UrgentLine | None = Field(
        None, description="What the search says to what cannot wait until tomorrow."
    )
    crisis: list[Crisis] = Field(
        default_factory=list,
        description="Words for moments of danger, shown with the signs that need help.",
    )
    safety_set: list[SafetyItem] = Field(
        default_factory=list,
        description="What no page and sheet may leave out, by kind of intervention.",
    )
    safety_sections: list[Text] = Field(
        default_factory=list,
        description="Sections of questions in which nothing may be 'not covered yet'.",
    )
    without: list[OptionalPage] = Field(
        default_factory=list,
        description="Pages that the guide leaves out, in every topic and condition: [future, due].",
    )
    topics: list[TopicId] = Field(
        default_factory=list, description="The order of topics; empty in a guide that has none yet."
    )

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)

    @property
    def populations(self) -> dict[str, str]:
        """The name of each study population by its code."""
        return {
            code: words if isinstance(words, str) else words.name
            for code, words in self.population_words.items()
        }

    def own_people(self, population: str) -> str:
        """The phrase that the guide wrote for the people of a population; "" for none."""
        words = self.population_words[population]
        return "" if isinstance(words, str) else words.people

    def people(self, population: str) -> str:
        """The people of a population: 'people with example disease', or the guide's own phrase."""
        name = self.populations[population]
        return self.own_people(population) or _("people with {condition}").format(condition=name)

    def safety_set_of(self, kind: InterventionKind) -> list[SafetyItem]:
        """What no page about an intervention of this kind may leave out."""
        return [item for item in self.safety_set if kind in item.kinds]

    def deciders(self, decision: Decision) -> list[AgencyRecord]:
        """The agencies or other bodies that decide this, in order."""
        return [agency for agency in self.agencies if agency.decides == decision]
