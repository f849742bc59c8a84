"""The words of a guide's own field that the rules and the search need."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from guide.content.models.common import JurisdictionId, PopulationId, Strict, Text

# A name as it is typed, with signs for what differs: see `Vocabulary.names`.
NAME = r"^[^\W\d_][\w #*/.,&'+()-]*$"


WORD = r"^\w[\w .,&'/-]*\*?$"


Name = Annotated[str, StringConstraints(pattern=NAME, strip_whitespace=True)]


Word = Annotated[str, StringConstraints(pattern=WORD, strip_whitespace=True)]


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(
            f"'{pattern}' is no regular expression: {error}; write '\\' before a sign that is meant"
            " as itself"
        ) from error
    return pattern


class FalseClaim(Strict):
    """A statement that was found to be wrong, in any wording it could slip back in."""

    pattern: Annotated[Text, AfterValidator(_compiles)] = Field(
        description=(
            "A regular expression for the statement inside one sentence; capitals do not count. A"
            " sentence that denies or asks is let through."
        )
    )
    why: Text = Field(description="What is right, as the message says it.")


# The rules that let a record through where the vocabulary lists it.
RuleWithExceptions = Literal[
    "absence-is-proved", "sources-stand-once", "wording-names-its-country-and-disease"
]


class RuleException(Strict):
    """A record that a rule lets through; one that is no longer needed is a problem."""

    rule: RuleWithExceptions = Field(description="The rule, as its messages name it.")
    record: Text = Field(description="The id of the record.")
    why: Text = Field(description="Why it may stay as it is.")


class Vocabulary(Strict):
    """The words of the guide's own field that rules and search go by; all of it is optional."""

    names: list[Name] = Field(
        default_factory=list,
        description=(
            "Names that hold digits and state no quantity, so that a sentence may type them. '#'"
            " stands for any number in them, '##' for one of two digits, '*' for any letters and"
            " digits: 'EX-#', 'EX*'."
            " The names that records give need not stand here: those of conditions, medicines,"
            " trials, endpoints, guidelines, populations and the glossary."
        ),
    )
    false_claims: list[FalseClaim] = Field(
        default_factory=list,
        description="What the source article got wrong: no page but its corrections may say it.",
    )
    countries: dict[JurisdictionId, list[Word]] = Field(
        default_factory=dict,
        description=(
            "The words by which a sentence names a country, by code of content/site.yml. A word"
            " ending in '*' has any ending. A code without words goes by its name there."
        ),
    )
    diseases: dict[PopulationId, list[Word]] = Field(
        default_factory=dict,
        description=(
            "The words by which a sentence names a disease, by population; as for countries."
        ),
    )
    exceptions: list[RuleException] = Field(
        default_factory=list, description="Records that a rule lets through, with the reason."
    )
    background: list[Text] = Field(
        default_factory=list,
        description=(
            "Words that stand in most questions of this guide: the search lets them decide little."
        ),
    )
