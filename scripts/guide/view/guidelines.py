"""Guidelines and health systems."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from guide.base.text import text
from guide.content import models as m
from guide.view.context import ConditionContext
from guide.view.shown import FactGroup, Shown, in_groups
from guide.view.statements import statement_shown


@dataclass(frozen=True)
class GuidelineShown:
    """A guideline with what it says; `record` is its first statement."""

    id: str
    name: Markup
    body: Markup
    record: str
    facts: tuple[FactGroup, ...]


@dataclass(frozen=True)
class Guidelines:
    """Guidelines, newest first."""

    guidelines: tuple[GuidelineShown, ...]


@dataclass(frozen=True)
class HealthSystemShown:
    """Who pays in one country."""

    id: str
    name: Markup
    facts: tuple[FactGroup, ...]


@dataclass(frozen=True)
class HealthSystems:
    """Health systems with something to say about the condition."""

    systems: tuple[HealthSystemShown, ...]


@dataclass(frozen=True)
class RatedGuideline:
    """The recommendations of one guideline that it gave a strength, as rows of a table; `country`
    is "" for an international body.
    """

    id: str
    name: Markup
    body: Markup
    country: Markup
    rows: tuple[Shown, ...]


@dataclass(frozen=True)
class Recommendations:
    """Every recommendation with a strength, newest guideline first."""

    guidelines: tuple[RatedGuideline, ...]


def recommendations(page: ConditionContext) -> Recommendations:
    """The recommendations on the topic's condition and medicine whose strength is known, newest
    guideline first.
    """
    listed = []
    for guideline in _about(page):
        rated = (record for record in guideline.statements if record.strength)
        if rows := tuple(_shown(page, rated)):
            listed.append(
                RatedGuideline(
                    guideline.id,
                    text(guideline.name),
                    text(guideline.body),
                    text(page.site.jurisdictions.get(guideline.jurisdiction, "")),
                    rows,
                )
            )
    return Recommendations(tuple(listed))


def guidelines(page: ConditionContext, rated: bool = True) -> Guidelines:
    """Guidelines about the topic's condition and medicine with the statements this track shows,
    newest first; with `rated` off without those that have a strength.
    """
    listed = []
    for guideline in _about(page):
        records = (one for one in guideline.statements if rated or not one.strength)
        statements = _shown(page, records)
        if statements:
            listed.append(
                GuidelineShown(
                    guideline.id,
                    text(guideline.name),
                    text(guideline.body),
                    statements[0].id,
                    in_groups(statements),
                )
            )
    return Guidelines(tuple(listed))


def _about(page: ConditionContext) -> list[m.Guideline]:
    """The guidelines on the page's condition and medicine, newest first."""
    subjects = set(page.subjects())
    if not page.medicine_id:
        subjects.update(page.library.medicines_by_condition.get(page.condition.id, ()))
    return [
        guideline
        for guideline in _advising(page, subjects)
        if not guideline.medicines or subjects.intersection(guideline.medicines)
    ]


def _advising(page: ConditionContext, subjects: set[str]) -> list[m.Guideline]:
    """The guidelines for people of the condition's family, or for everybody, newest first."""
    family = {*page.condition.populations, *page.condition.related_populations, "all"}
    ids = {
        key
        for people in (*family, "all/", *(f"all/{subject}" for subject in subjects))
        for key in page.library.guidelines_by_population.get(people, ())
    }

    def newest_first(guideline: m.Guideline) -> tuple[int, str]:
        return -(guideline.year if isinstance(guideline.year, int) else 0), guideline.id

    return sorted((page.library.guidelines[key] for key in ids), key=newest_first)


def health_systems(page: ConditionContext) -> HealthSystems:
    """Who pays for treatments of the topic's condition, country by country."""
    systems = (
        page.library.health_systems[key]
        for key in page.library.health_systems_by_condition.get(page.condition.id, ())
    )
    return HealthSystems(
        tuple(
            HealthSystemShown(
                system.id, text(system.name), in_groups(_shown(page, system.statements))
            )
            for system in systems
        )
    )


def _shown(page: ConditionContext, statements: Iterable[m.Statement]) -> list[Shown]:
    return [shown for record in statements if (shown := statement_shown(page, record.id))]
