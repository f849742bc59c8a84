"""What the rules must know of a language: the words they look for, and how its texts are measured.

`languages/<code>/rules.yml` beside this package says it, one part for a rule. A rule whose part a
language lacks does not run there, and the page "How we check" says so. Patterns are regular
expressions of Python; `(?i)` in front of one makes capitals and small letters the same.
"""

from __future__ import annotations

import functools
import re
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from guide.base import language
from guide.base.language import gettext_noop as _
from guide.base.problem import ContentErrors, Problem
from guide.content.messages import explain_errors
from guide.content.models.common import CertaintyLevel, Strict, Text
from guide.content.models.kinds import Decision
from guide.content.yaml_reader import read_yaml

FILE = "rules.yml"

# What the page "How we check" calls a part that is missing.
PARTS = {
    "certainty": _("verbs for how sure we are"),
    "decisions": _("words for an approval or a recommendation"),
    "promotion": _("words of praise"),
    "plain_numbers": _("words for relative numbers"),
    "bands": _("words for how often something happens"),
    "shares": _("words for a share of people"),
    "absence": _("words for what a document does not say"),
    "reading": _("words for what somebody read"),
    "negation": _("words that deny"),
    "readability": _("measure of how easy a text is"),
}


def _compiled(pattern: object) -> object:
    """A pattern compiled; what is no text is left for pydantic to refuse."""
    if not isinstance(pattern, str):
        return pattern
    try:
        return re.compile(pattern)
    except re.error as error:
        raise ValueError(f"'{pattern}' is no regular expression: {error}") from None


Pattern = Annotated[re.Pattern[str], BeforeValidator(_compiled)]


class _Part(Strict):
    """A part of the file."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, arbitrary_types_allowed=True
    )


class _Signed(_Part):
    """A part whose patterns are costly."""

    signs: list[str] = Field(
        default_factory=list,
        description=(
            "In small letters: each text that a pattern finds holds one of them. Left out: every"
            " text is looked at."
        ),
    )

    def may_find(self, text: str) -> bool:
        """Whether a text holds a sign: a cheap test before a costly pattern."""
        if not self.signs:
            return True
        small = text.lower()
        return any(sign in small for sign in self.signs)


class Verb(_Part):
    """How a level of certainty is said."""

    pattern: Pattern = Field(description="Finds the verb.")
    say: Text = Field(description="How a message says it.")


class DecisionClaims(_Signed):
    """How a sentence says that a medicine is approved, or another option recommended, offered or
    available.
    """

    words: dict[Decision, list[Text]] = Field(
        description="The words that say yes to each decision, as pattern."
    )
    mentions: Pattern = Field(description="Finds every sentence that may: a cheap test.")
    claims: list[Text] = Field(
        min_length=1,
        description=(
            "Patterns of a sentence that does; `<medicine>` and `<condition>` stand for the names,"
            " `<word>` for one of the words."
        ),
    )
    nouns: dict[Decision, list[Text]] = Field(
        default_factory=dict,
        description="Such patterns for one decision alone, as with a noun: 'has an approval'.",
    )
    denials: Pattern = Field(description="Finds, in what a claim has matched, that it is none.")
    open: Pattern = Field(description="Finds, in what stands before it, that it is left open.")
    endings: list[str] = Field(
        default_factory=list, description="Of words in a condition's name: each may have any."
    )

    def forms(self, decision: Decision) -> list[str]:
        """The patterns of a sentence that says yes to a decision."""
        words = "|".join(self.words.get(decision, ()))
        said = [form.replace("<word>", words) for form in self.claims] if words else []
        return [*said, *self.nouns.get(decision, ())]


class PromotionWords(_Signed):
    """Praise."""

    pattern: Pattern = Field(description="Finds it.")


class Barred(_Part):
    """A form of number that patients are not shown."""

    pattern: Pattern = Field(description="Finds it.")
    why: Text = Field(description="What is wrong with it, and what to say instead, for a message.")


class PlainNumbers(_Signed):
    """Relative measures and words for bands of frequency."""

    barred: list[Barred] = Field(min_length=1, description="Each form.")


class Band(_Part):
    """A word for how often something happens."""

    word: Text = Field(description="The word, in small letters.")
    more_than: bool = Field(False, description="Whether the limit is the lower end.")
    limit: int = Field(gt=0, description="The end that is named, as people in 10,000.")


class Bands(_Part):
    """Words for how often something happens, which clinicians read beside their number."""

    pattern: Pattern = Field(
        description="Finds one; its groups are `band`, `direction` and `value` (a called value)."
    )
    more_than: Text = Field(description="The direction of a lower end.")
    up_to: Text = Field(description="The direction of an upper end.")
    bands: list[Band] = Field(min_length=1, description="Each word.")
    percent: Pattern = Field(description="A percentage as it is shown: group 1 is the number.")
    of: Pattern = Field(description="People out of people: groups 1 and 2 are the numbers.")
    relative: Pattern = Field(description="Finds a relative measure.")
    interval: Pattern = Field(description="Finds that an interval stands beside it.")

    @model_validator(mode="after")
    def _groups(self) -> Bands:
        missing = {"band", "direction", "value"} - self.pattern.groupindex.keys()
        if missing:
            raise ValueError(f"pattern: lacks the group {', '.join(sorted(missing))}: add (?P<…>…)")
        return self


class AbsenceWords(_Signed):
    """How a sentence says what a document does not say."""

    pattern: Pattern = Field(description="Finds it.")


class ReadingWords(_Signed):
    """How a sentence tells what was read."""

    told: Pattern = Field(description="Finds it.")
    advice: Pattern = Field(description="Finds, around it, that a reader is advised to read.")


class Limits(_Part):
    """The limits of patient text. Grades are as the measure counts them."""

    grade: Decimal = Field(description="Of a page as it stands.")
    neutral: Decimal = Field(description="Of a page with names put out of the way.")
    site_neutral: Decimal = Field(description="The same of all pages, in the mean.")
    second_index: Decimal | None = Field(
        None, description="How far apart the measure's two indexes may be, if it has two."
    )
    mean_words: int = Field(description="Words a sentence, in the mean of a page.")
    long_words: int = Field(description="A sentence with more words than this is long.")
    long_share: int = Field(description="Long sentences in 100.")
    most_words: int = Field(description="Of any sentence.")
    fewest_words: int = Field(description="Of any sentence outside lists.")
    sentences: int = Field(description="Of a paragraph.")
    items: int = Field(description="Of a list.")
    words_an_abbreviation: int = Field(description="Words of a page for each abbreviation.")


class Readability(_Part):
    """How easy a text is, and how easy it must be."""

    measure: Literal["flesch-kincaid", "wiener-sachtextformel"] = Field(
        description="The formula, see guide.reading.grading."
    )
    limits: Limits = Field(description="What patient text is held to.")


class SentenceEnds(_Part):
    """Full stops that end no sentence."""

    abbreviations: list[Text] = Field(
        default_factory=list, description="With their last full stop: 'e.g.'."
    )
    ordinals: bool = Field(False, description="Whether a date has one behind its day.")

    @functools.cached_property
    def abbreviated(self) -> re.Pattern[str] | None:
        """Finds an abbreviation."""
        if not self.abbreviations:
            return None
        words = "|".join(map(re.escape, sorted(self.abbreviations, key=len, reverse=True)))
        return re.compile(rf"(?<!\w)(?:{words})".replace("\\ ", r"\s?"))


class SearchWords(_Part):
    """What the search box knows of the language."""

    stems: Literal["english", "none"] = Field("none", description="Which endings it leaves out.")
    stop: list[Text] = Field(
        default_factory=list,
        description="Words, as the index holds them, that hardly tell one section from another.",
    )
    background: list[Text] = Field(
        default_factory=list, description="Words that stand in most questions and decide little."
    )
    any_medicine: list[Text] = Field(
        default_factory=list, description="Words that may stand for the medicine asked about."
    )
    medicines: list[Text] = Field(
        default_factory=list,
        description="Medicines that people ask about, for guides that are not about them.",
    )
    medicine_endings: list[Text] = Field(
        default_factory=list,
        description="How names of medicines end, and hardly any other word of the language.",
    )
    diseases: list[Text] = Field(
        default_factory=list,
        description="Diseases that people ask about, for guides that are not about them.",
    )


class LanguageRules(_Part):
    """The rules' words for a language; a part that is left out is not known."""

    certainty: dict[CertaintyLevel, Verb] | None = Field(
        None, description="The verb of each level."
    )
    decisions: DecisionClaims | None = Field(
        None, description="Words for an approval, a recommendation, an offer."
    )
    promotion: PromotionWords | None = Field(None, description="Words of praise.")
    plain_numbers: PlainNumbers | None = Field(None, description="Words for relative numbers.")
    bands: Bands | None = Field(None, description="Words for how often something happens.")
    shares: Pattern | None = Field(
        None, description="Finds in a sentence that a number is a share: '%', 'out of 100'."
    )
    units: dict[Text, list[Text]] = Field(
        default_factory=dict,
        description=(
            "How sources in the language spell units, by their names in content/units.yml: weeks:"
            " [Woche, Wochen]."
        ),
    )
    absence: AbsenceWords | None = Field(None, description="What a document does not say.")
    reading: ReadingWords | None = Field(None, description="What somebody read.")
    negation: Pattern | None = Field(None, description="Finds a word that denies.")
    readability: Readability | None = Field(None, description="How easy a text is.")
    sentences: SentenceEnds = Field(
        default=SentenceEnds(), description="Full stops that end no sentence."
    )
    search: SearchWords = Field(default=SearchWords(), description="What the search box knows.")

    @model_validator(mode="after")
    def _every_level(self) -> LanguageRules:
        levels = get_args(CertaintyLevel)
        missing = [] if self.certainty is None else [x for x in levels if x not in self.certainty]
        if missing:
            raise ValueError(f"certainty: lacks {', '.join(missing)}: every level has its verb")
        return self


def language_rules() -> LanguageRules:
    """The rules' words for the current language; none where it has no such file. Raises
    ContentErrors with everything that is wrong with the file.
    """
    return _read(language.current().folder)


@functools.cache
def _read(folder: Path) -> LanguageRules:
    path = folder / FILE
    if not path.is_file():
        return LanguageRules()
    name = f"languages/{path.parent.name}/{FILE}"
    value, lines, problems = read_yaml(path, name)
    if not problems and not isinstance(value, dict):
        problems = [Problem(name, 1, "the file holds no parts: write them, or delete it")]
    if problems:
        raise ContentErrors(problems)
    try:
        return LanguageRules.model_validate(value)
    except ValidationError as error:
        explained = explain_errors(error, name, lines, LanguageRules)
        raise ContentErrors([problem for _, problem in explained]) from None
