"""Every record appears on the clinician track of some topic: a fact nobody can find is a fact
nobody can check.
"""

from __future__ import annotations

from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide


def check(guide: Guide) -> Iterator[Problem]:
    """Records that no clinician page states in full, and sources that nothing cites."""
    stated = {one for page in guide.pages if page.track == "clinicians" for one in page.stated}
    if not guide.pages:
        return
    chosen = guide.library.site.without or any(t.without for t in guide.library.topics.values())
    back = "take its page out of 'without', " if chosen else ""
    for record in guide.library.records:
        if record not in stated:
            yield guide.problem(
                record,
                f"'{record}' is on no clinician page: {back}name the subject in 'bears_on', choose"
                " a 'kind' that a section shows, or put it into the comparison",
            )
    cited = {source for record in guide.library.records.values() for source in record.sources}
    for source in guide.library.sources:
        if source not in cited:
            yield guide.problem(
                f"source:{source}", f"'{source}' is cited by nothing: delete it, or cite it"
            )
