"""Every published version of a handout stays in content/versions.json as it was, so that a sheet of
paper can still be checked after years.
"""

from __future__ import annotations

from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.content.layout import VERSIONS
from guide.content.moved_topics import successors
from guide.content.names import TRACKS
from guide.content.printed_versions import code_of

_BACK = (
    f"the publication writes this file, take it back as it was (git checkout content/{VERSIONS})"
)


def check(guide: Guide) -> Iterator[Problem]:
    """Published versions of a handout that a reader could no longer check."""
    followed = guide.library.compute_once(successors)
    for handout, versions in guide.library.versions.items():
        topic, _, track = handout.partition("/")
        if track not in TRACKS or not (topic in guide.library.topics or topic in followed):
            yield Problem(
                f"content/{VERSIONS}",
                0,
                f"{handout}: sheets of this handout are in people's hands, but there is no topic"
                f" '{topic}': keep content/topics/{topic}/, or say in content/redirects.yml what"
                f" it is called now (from: {topic}/, to: …/) or why it is gone (gone: …)",
            )
            continue
        before: str | None = None
        for version in versions:
            if version.code != code_of(topic, track, version.values):
                yield Problem(
                    f"content/{VERSIONS}",
                    0,
                    f"{handout}: the values of version '{version.code}' are not the ones that were"
                    f" published: {_BACK}",
                )
            if version.after != before:
                yield Problem(
                    f"content/{VERSIONS}",
                    0,
                    f"{handout}: version '{version.code}' followed '{version.after or 'none'}', but"
                    f" '{before or 'none'}' stands before it: a version was taken out or added by"
                    f" hand; {_BACK}",
                )
            before = version.code
