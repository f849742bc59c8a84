"""The records a maintainer writes: one class per kind of file, one field per fact.

Field descriptions are what an editor shows while typing. Nothing computed stands here:
rates, differences, intervals and verdicts come from `view`.
"""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    StringConstraints,
    model_validator,
)

from guide.base.language import known_languages
from guide.base.registries import PATTERN, registry_of, unknown_form
from guide.content.models.marks import Reader, Ref

# One of the languages that the engine speaks.
if TYPE_CHECKING:
    LanguageCode = str
else:
    LanguageCode = Literal[known_languages()]

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


Call = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\.[a-z][a-z0-9_]*$")]


Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


# Texts that readers see: the rules on wording hold for each of them.
PatientText = Annotated[Text, Reader("patients")]


ClinicianText = Annotated[Text, Reader("clinicians")]


SharedText = Annotated[Text, Reader("both")]


# The name of a group that becomes a page: part of its address.
Section = Annotated[str, StringConstraints(min_length=1, max_length=90, strip_whitespace=True)]


# The vocabulary of these three is content: content/site.yml names them, a rule compares.
Jurisdiction = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$|^any$")]


Population = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9-]*$")]


Agency = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9-]{1,19}$")]


# Ids of things that stand elsewhere: a rule looks each of them up. A plain `Id` names the record
# that it stands in.
AgencyId = Annotated[Agency, Ref("agency", "agency in content/site.yml")]


JurisdictionId = Annotated[Jurisdiction, Ref("jurisdiction", "jurisdiction in content/site.yml")]


PopulationId = Annotated[Population, Ref("population", "population in content/site.yml")]


SourceId = Annotated[Id, Ref("source")]


MedicineId = Annotated[Id, Ref("medicine")]


MedicineOrClassId = Annotated[Id, Ref("medicine", "medicine or class")]


ConditionId = Annotated[Id, Ref("condition")]


# The name of a page's file in docs/topic/, docs/condition/ or docs/about/.
OptionalPage = Annotated[Id, Ref("optional page", "page that can be left out")]


TopicId = Annotated[Id, Ref("topic")]


StatementId = Annotated[Id, Ref("statement")]


ResultId = Annotated[Id, Ref("result")]


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
    "procedure",
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


# Facts about a disease whatever is done about it: its own pages show them, and the gaps that its
# topics write in their place.
OF_DISEASE: frozenset[str] = frozenset({"definition", "epidemiology", "prognosis", "living"})


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


def _known_registry(number: object) -> object:
    if isinstance(number, str) and registry_of(number) is None:
        raise ValueError(unknown_form(number))
    return number


# The number of a study in any registry of `guide.base.registries`.
RegistrationNumber = Annotated[
    str, BeforeValidator(_known_registry), StringConstraints(pattern=PATTERN)
]


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
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"'low' ({self.low}) is above 'high' ({self.high}): swap them")
        return self

    def in_form(self, unit: Unit | None) -> None:
        """Notes how the unit is printed."""
        self._form = unit

    @property
    def form(self) -> Unit | None:
        """How the unit is printed; None for a bare number or an unknown unit."""
        return self._form

    @property
    def numbers(self) -> tuple[int | Decimal, ...]:
        """The number, or both ends of the range, the lower one first."""
        return tuple(n for n in (self.value, self.low, self.high) if n is not None)


Value = Quantity | int | Decimal | datetime.date | Text


class Unknown(Strict):
    """`unknown: <reason>` is a value: the page says 'not known' and the reason."""

    unknown: Text = Field(description="Why it is not known, in a sentence a reader will see.")


TimeUnit = Literal["days", "weeks", "months", "years"]


def time_unit(value: object) -> TimeUnit | None:
    """The unit of a length of time such as `12 weeks`, in English; None for another value.

    A guide in another language spells it otherwise, and has the English word among the 'printed'.
    """
    if not isinstance(value, Quantity):
        return None
    spellings = (value.unit, *(value.form.printed if value.form else ()))
    return next((unit for unit in get_args(TimeUnit) if unit in spellings), None)


def is_time(value: object) -> bool:
    """Whether a value is a length of time such as `12 weeks`."""
    return time_unit(value) is not None


def is_year_month(text: str) -> bool:
    """Whether `text` is a calendar month such as `2013-10`."""
    return bool(re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text))
