"""Which statements stand in a section."""

from __future__ import annotations

from collections.abc import Sequence

from guide.base.problem import require_one_of
from guide.content import models as m
from guide.view.context import ConditionContext, Context
from guide.view.shown import Scope


def pick_statements(page: ConditionContext, *kinds: str, scope: str = "topic") -> list[m.Statement]:
    """The statements of these kinds that belong on a page of the topic, nearest subject first.

    `scope`: "topic" (topic, medicine, class, condition, and what bears on them), "medicine"
    (the same without the condition), "others" (every other medicine's), "without-topic" (those
    of medicines that no topic of the condition is about). Raises CallError for a kind or scope
    that does not exist: a misspelt one must not read as "nothing is known".
    """
    require_one_of(scope, Scope, "a scope")
    for kind in kinds:
        require_one_of(kind, m.Kind, "a kind of fact; kinds are given as a list")
    ranks = _ranks(page, kinds, page.subjects()[: -1 if scope == "medicine" else None])
    if scope in ("others", "without-topic"):
        ranks = dict.fromkeys(
            (key for key in _other_facts(page, kinds, scope) if key not in ranks), 0
        )
    order = {kind: place for place, kind in enumerate(kinds)}
    statements = [
        record for key in ranks if isinstance(record := page.library.records[key], m.Statement)
    ]
    return sorted(
        statements,
        key=lambda record: (
            order[record.kind],
            ranks[record.id],
            written_at(page, record.id),
        ),
    )


def _ranks(page: ConditionContext, kinds: Sequence[str], subjects: Sequence[str]) -> dict[str, int]:
    """The facts about these subjects, and those that bear on them, with the rank of the nearest
    subject that each is about.
    """
    library = page.library
    ranks: dict[str, int] = {}
    for kind in kinds:
        for rank, subject in enumerate(subjects):
            for key in library.statements_by_subject.get(f"{subject}/{kind}", ()):
                ranks.setdefault(key, rank)
        for subject in subjects:
            for key in library.statements_bearing_on.get(f"{subject}/{kind}", ()):
                ranks.setdefault(key, len(subjects))
        for trial in library.trials_by_medicine.get(page.medicine_id, ()):
            for key in library.statements_by_subject.get(f"{trial}/{kind}", ()):
                ranks.setdefault(key, 1)
    return ranks


def _other_facts(page: ConditionContext, kinds: Sequence[str], scope: str) -> list[str]:
    """The facts about medicines that are used or studied in the topic's condition, or in no
    condition of the guide; with the scope "without-topic" those that no topic is about.
    """
    library = page.library
    with_topic = {
        key
        for topic in library.topics.values()
        if topic.condition == page.condition.id and scope == "without-topic"
        for key in (topic.medicine, library.medicines[topic.medicine].class_)
    }
    return [
        key
        for condition in (page.condition.id, "")
        for medicine in library.medicines_by_condition.get(condition, ())
        if medicine not in with_topic
        for kind in kinds
        for key in library.statements_by_subject.get(f"{medicine}/{kind}", ())
    ]


def has_facts(page: ConditionContext, *kinds: str, scope: str = "topic") -> bool:
    """Whether the page has anything to say of these kinds: a fact for this reader, or a written
    gap of the topic's own.
    """
    includes_gaps = scope in ("topic", "medicine")
    return any(
        page.wording_of(record) for record in pick_statements(page, *kinds, scope=scope)
    ) or (includes_gaps and any(kind in page.gaps for kind in kinds))


def written_at(page: Context, record_id: str) -> tuple[tuple[str, ...], int]:
    """Where a record stands in the order of files and lines."""
    place = page.library.place[record_id]
    return tuple(place.path.split("/")), place.line
