"""Guidelines and health systems."""

from __future__ import annotations

from typing import Any

from guide.base.text import text
from guide.view.context import TopicContext
from guide.view.statements import statement_shown


def guidelines_shown(page: TopicContext) -> list[dict[str, Any]]:
    """Guidelines with the statements this track shows, newest first."""
    found = []
    family, subjects = (
        {*page.condition.populations, *page.condition.related_populations, "all"},
        set(page.subjects()),
    )
    named = {
        key
        for people in (*family, "all/", *(f"all/{subject}" for subject in subjects))
        for key in page.library.advised.get(people, ())
    }
    for guideline in sorted(
        (page.library.guidelines[key] for key in named),
        key=lambda guideline: (
            -(guideline.year if isinstance(guideline.year, int) else 0),
            guideline.id,
        ),
    ):
        if guideline.medicines and not subjects.intersection(guideline.medicines):
            continue
        statements = [
            shown for record in guideline.statements if (shown := statement_shown(page, record.id))
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


def health_systems_shown(page: TopicContext) -> list[dict[str, Any]]:
    return [
        {
            "id": system.id,
            "name": text(system.name),
            "statements": [
                shown for record in system.statements if (shown := statement_shown(page, record.id))
            ],
        }
        for key in page.library.paid.get(page.topic.condition, ())
        for system in [page.library.health_systems[key]]
    ]
