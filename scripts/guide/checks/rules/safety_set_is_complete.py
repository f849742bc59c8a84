"""What no page and no sheet about a medicine may leave out stands in its schedule: each row with a
line for the reader, and with a fact or a typed gap. Other kinds of interventions have safety sets
of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.content import models as m


def check(guide: Guide) -> Iterator[Problem]:
    """Rows of the safety set that a medicine's schedule lacks."""
    library = guide.library
    for topic in library.topics.values():
        schedule = library.schedules.get(topic.medicine)
        rows = {row.id: (index, row) for index, row in enumerate(schedule.rows)} if schedule else {}
        kind = library.medicines[topic.medicine].kind
        everybody = "every medicine has it" if kind in m.MEDICINES else f"every {kind} has it"
        for item in library.site.safety_set_of(kind):
            if item.id not in rows:
                label = f"schedule:{topic.medicine}" if schedule else f"topic:{topic.id}"
                yield guide.problem(
                    label,
                    f"there is no row '{item.id}' ({item.name}) in"
                    f" content/medicines/{topic.medicine}/schedule.yml: {everybody}, with its fact"
                    " or its gap",
                )
                continue
            index, row = rows[item.id]
            if row.say is None:
                yield guide.problem(
                    f"schedule:{topic.medicine}",
                    f"rows[{index}] ({item.id}): 'say' is missing: the row in one line for each"
                    " reader, for the table and for paper",
                    "rows",
                    index,
                )
            if not (row.before or row.during or row.action or row.gap):
                yield guide.problem(
                    f"schedule:{topic.medicine}",
                    f"rows[{index}] ({item.id}): neither a fact nor a gap stands here: name the"
                    " facts, or write the 'gap'",
                    "rows",
                    index,
                )
