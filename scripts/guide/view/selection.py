"""Which statements stand in a section."""

from __future__ import annotations

from guide.base.problem import require_one_of
from guide.content import models as m
from guide.view.context import Context, TopicContext
from guide.view.shown import Scope


def pick_statements(page: TopicContext, *kinds: str, scope: str = "topic") -> list[m.Statement]:
    """The statements of these kinds that belong on a page of the topic, nearest subject first.

    `scope`: "topic" (topic, medicine, class, condition, and what bears on them), "medicine"
    (the same without the condition), "others" (every other medicine's), "without-topic" (those
    of medicines that no topic of the condition is about). Raises CallError for a kind or scope
    that does not exist: a misspelt one must not read as "nothing is known".
    """
    require_one_of(scope, Scope, "a scope")
    for kind in kinds:
        require_one_of(kind, m.Kind, "a kind of fact; kinds are given as a list")
    subjects = page.subjects()
    if scope == "medicine":
        subjects = subjects[:-1]
    library, ranked = page.library, {}
    for kind in kinds:
        for rank, subject in enumerate(subjects):
            for key in library.statements_by_subject.get(f"{subject}/{kind}", ()):
                ranked.setdefault(key, rank)
        for subject in subjects:
            for key in library.statements_bearing_on.get(f"{subject}/{kind}", ()):
                ranked.setdefault(key, len(subjects))
        for trial in library.trials_by_medicine.get(page.topic.medicine, ()):
            for key in library.statements_by_subject.get(f"{trial}/{kind}", ()):
                ranked.setdefault(key, 1)
    if scope in ("others", "without-topic"):
        # Medicines that are used or studied in the topic's condition, or in no condition of the
        # guide.
        own = (
            {
                topic.medicine
                for topic in library.topics.values()
                if topic.condition == page.topic.condition
            }
            if scope == "without-topic"
            else set()
        )
        beside = [
            medicine
            for home in (page.topic.condition, "")
            for medicine in library.medicines_by_condition.get(home, ())
            if medicine not in own
        ]
        ranked = {
            key: 0
            for medicine in beside
            for kind in kinds
            for key in library.statements_by_subject.get(f"{medicine}/{kind}", ())
            if key not in ranked
        }
    order = {kind: place for place, kind in enumerate(kinds)}
    found = [
        (order[record.kind], rank, written_at(page, record.id), record)
        for key, rank in ranked.items()
        for record in [library.records[key]]
    ]
    return [record for *_, record in sorted(found, key=lambda one: one[:3])]


def has_facts(page: TopicContext, *kinds: str, scope: str = "topic") -> bool:
    """Whether the page has anything to say of these kinds: a fact for this reader, or a written
    gap of the topic's own.
    """
    own = scope in ("topic", "medicine")
    return any(
        page.wording_of(record) for record in pick_statements(page, *kinds, scope=scope)
    ) or (own and any(kind in page.topic.gaps for kind in kinds))


def written_at(page: Context, record_id: str) -> tuple[tuple[str, ...], int]:
    """Where a record stands in the order of files and lines."""
    place = page.library.place[record_id]
    return tuple(place.path.split("/")), place.line
