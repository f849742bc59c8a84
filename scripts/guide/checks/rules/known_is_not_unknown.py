"""What a topic calls not known is not known: no fact of that kind about its medicine in its disease
stands beside it.

Facts about the class, or about the medicine in another disease, may stand there: they are what is
known instead.
"""

from __future__ import annotations

from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.content import models as m


def check(guide: Guide) -> Iterator[Problem]:
    """Gaps beside which a fact of the same kind stands."""
    library = guide.library
    for topic in library.topics.values():
        condition = library.conditions.get(topic.condition)
        if condition is None:
            continue
        for kind, gap in topic.gaps.items():
            if gap.kind in ("depends", "does not apply"):
                continue
            facts = [
                record
                for subject in (topic.medicine, topic.id)
                for key in library.statements_by_subject.get(f"{subject}/{kind}", ())
                for record in [library.records[key]]
                if isinstance(record, m.Statement) and record.population in condition.populations
            ]
            if facts:
                place = library.place[facts[0].id]
                yield guide.problem(
                    f"topic:{topic.id}",
                    f"gaps.{kind}: it is called not known, but '{facts[0].id}'"
                    f" ({place.path}:{place.line}) says something of it: delete the entry, and say"
                    " in a fact of that kind what in particular is not known",
                    "gaps",
                    kind,
                )
