"""Every published version of a handout stays in content/versions.json as it was, so that a sheet of
paper can still be checked after years.
"""

from __future__ import annotations

from collections.abc import Iterator

from guide.base.problem import Problem
from guide.checks.rule import Guide
from guide.content.layout import VERSIONS
from guide.content.names import TRACKS
from guide.content.printed_versions import code_of

_BACK = (
    f"the publication writes this file, take it back as it was (git checkout content/{VERSIONS})"
)


def check(guide: Guide) -> Iterator[Problem]:
    """Published versions of a handout that a reader could no longer check."""
    for handout, versions in guide.library.versions.items():
        topic, _, track = handout.partition("/")
        if topic not in guide.library.topics or track not in TRACKS:
            yield Problem(
                f"content/{VERSIONS}",
                0,
                f"{handout}: sheets of this handout are in people's hands, but there is no topic"
                f" '{topic}': keep content/topics/{topic}/, its pages may say that it is out of"
                " date",
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
