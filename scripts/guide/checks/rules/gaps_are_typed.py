"""What is not answered says which kind of not-knowing it is; about doses, risks, tests, pregnancy
and interactions nothing is left uncovered, and elsewhere little.

A gap of our own is a task for the maintainers. It is never put to a reader as the state of
knowledge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guide.base.language import gettext as _
from guide.base.problem import Problem
from guide.base.text import text as text_of
from guide.checks.rule import Guide
from guide.content import models as m
from guide.content.gaps import each_gap
from guide.pages.page import Page

# More would make a guide of gaps: what nobody has covered belongs into the issue tracker.
MOST = 20


OPEN: m.GapKind = "not covered yet"


def _unwritten() -> re.Pattern[str]:
    """Finds a section without a fact on a page."""
    return re.compile(
        r'class="gap gap--not-covered-yet"[^>]*><strong class="gap__label">[^<]*</strong> '
        + re.escape(text_of(_("Nothing on this stands here.")))
    )


def check(guide: Guide) -> Iterator[Problem]:
    """Gaps of the guide's own about safety, and more of them than allowed."""
    open_gaps = [gap for gap in each_gap(guide.library) if gap.gap.kind == OPEN]
    for gap in open_gaps:
        if gap.safety:
            yield guide.problem(
                gap.label,
                f"{gap.key_path[-1]}: '{OPEN}' about doses, risks, tests, pregnancy or"
                " interactions: answer it from a source, or write which other kind of gap it is and"
                " prove it",
                *gap.key_path,
            )
    yield from _shown_nowhere(guide)
    for gap in open_gaps[MOST:]:
        yield guide.problem(
            gap.label,
            f"{gap.key_path[-1]}: the guide has {len(open_gaps)} gaps of kind '{OPEN}', at most"
            f" {MOST}: answer this one, or leave the question out",
            *gap.key_path,
        )


def _shown_nowhere(guide: Guide) -> Iterator[Problem]:
    """Gaps of topics that stand on no page: no section asks for facts of that kind."""
    library = guide.library
    for topic in library.topics.values() if guide.pages else ():
        # With a page that is left out goes what would stand on it.
        if topic.without or library.site.without:
            continue
        unseen = {kind: str(text_of(gap.patient)) for kind, gap in topic.gaps.items()}
        for page in guide.pages:
            own = page.topic == topic.id or (not page.topic and page.condition == topic.condition)
            if unseen and own and page.track == "patients":
                said = page.markdown
                unseen = {kind: words for kind, words in unseen.items() if words not in said}
        for kind in unseen:
            yield guide.problem(
                f"topic:{topic.id}",
                f"gaps.{kind}: no page shows this gap, as none has a section for facts of this"
                " kind: say it as the 'gap' of an answer in answers.yml, or delete it",
                "gaps",
                kind,
            )


def check_page(guide: Guide, page: Page, text: str) -> Iterator[Problem]:
    """A section without a fact, for which nobody wrote a gap."""
    for _found in _unwritten().finditer(text):
        topic = guide.library.topics[page.topic] if page.topic else None
        label = f"topic:{topic.id}" if topic else None
        message = (
            f"{page.place}: a section has no fact, and no gap is written for it: write facts of its"
            " kind, or 'gaps' in topic.yml"
        )
        yield guide.problem(label, message) if label else Problem(f"docs/{page.path}", 0, message)
