"""Sources, units, words of sources, and the glossary."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from guide.base.identifiers import doi_address
from guide.content.models.bibliography import OTHERS, Author, Doi, NctNumber, Pages, Pmcid, Pmid
from guide.content.models.common import (
    ClinicianText,
    Id,
    PatientText,
    RegistrationNumber,
    SourceId,
    SourceType,
    StatementId,
    Strict,
    Text,
    Unit,
)

# A month of a year.
MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"


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
    authors: list[Author] = Field(
        default_factory=list,
        description=(
            "Each {family: …, given: …} for a person or {body: …}; 'et al.' as the last entry when"
            " the list was not seen whole."
        ),
    )
    container: Text | None = Field(None, description="The journal, site or series it appeared in.")
    year: int | None = Field(None, ge=1950, le=2100, description="The year of publication.")
    date: datetime.date | Annotated[str, StringConstraints(pattern=MONTH)] | None = Field(
        None,
        description=(
            "The day (2021-12-14) or month (2021-12, quoted) of publication, where it is known."
        ),
    )
    volume: Text | None = Field(None, description="The journal's volume, quoted.")
    issue: Text | None = Field(None, description="The journal's issue, quoted.")
    pages: Pages | None = Field(
        None, description="First and last page, or the article number, quoted."
    )
    doi: Doi | None = Field(None, description="Without https://doi.org/ in front.")
    pmid: Pmid | None = Field(None, description="The PubMed number, quoted.")
    pmcid: Pmcid | None = Field(None, description="The PubMed Central number, with PMC in front.")
    nct: NctNumber | None = Field(None, description="The ClinicalTrials.gov number.")
    registration: RegistrationNumber | None = Field(
        None,
        description="The number of another registry, as it writes it: ISRCTN01234567 and others.",
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
        numbers = (self.doi, self.pmid, self.pmcid, self.registered)
        if not (any(numbers) or self.url or self.unlinked):
            raise ValueError(
                "no way to find it: give doi, pmid, nct or url, or say in 'unlinked' why there is"
                " none"
            )
        return self

    @model_validator(mode="after")
    def _others_stand_last(self) -> Source:
        if OTHERS in self.authors[:-1]:
            raise ValueError(f"authors: '{OTHERS}' stands last, where the list goes on")
        return self

    @property
    def registered(self) -> str | None:
        """The number of the study in a registry."""
        return self.nct or self.registration

    @property
    def doi_address(self) -> str | None:
        """Where the DOI leads; None for a source without one."""
        return doi_address(self.doi) if self.doi else None


class SourceFile(Strict):
    """Everything the guide cites; many sources can stand in several files of `sources/`, by
    subject.
    """

    sources: list[Source] = Field(description="The sources, one entry each.")


class UnitFile(Strict):
    """Every unit the guide's values may have, each with one spelling."""

    units: list[Unit] = Field(min_length=1, description="The units, in any order.")


class SourceWords(Strict):
    """The words that a document holds, without its sentences: what is said to be absent from it is
    looked for again here at every check.
    """

    source: SourceId = Field(
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
    patient: PatientText = Field(description="In everyday words; numbers only through 'statement'.")
    clinician: ClinicianText = Field(description="The exact meaning.")
    also: list[Text] = Field(
        default_factory=list, description="Other names and what people type, misspellings too."
    )
    shown_as: list[Text] = Field(
        default_factory=list,
        description=(
            "Other forms of the word in the guide's own text, explained at their first use as the"
            " term is."
        ),
    )
    statement: StatementId | None = Field(
        None, description="The statement that holds the full definition."
    )
    hard: bool = Field(True, description="Explained at its first use on a patient page.")


class GlossaryFile(Strict):
    """The hard words of the guide; many words can stand in several files of `glossary/`."""

    terms: list[Term] = Field(description="The words, one entry each.")
