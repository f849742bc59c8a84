"""Topics that were renamed or retired, as content/redirects.yml says: their sheets, facts and
links are followed under the name of today.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from guide.content.library import Library

# The address of a whole topic: its folder, and nothing below it.
WHOLE = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)/")


def successors(library: Library) -> dict[str, str]:
    """The topic of today by each former id; "" for a topic that is retired."""
    entries = {
        source[1]: entry
        for entry in library.redirects
        if (source := WHOLE.fullmatch(entry.from_)) and source[1] not in library.topics
    }
    found = {}
    for former in entries:
        topic, seen = former, {former}
        while topic in entries:
            target = WHOLE.fullmatch(entries[topic].to or "")
            topic = target[1] if target else ""
            if topic in seen:
                break
            seen.add(topic)
        if topic in library.topics or not topic:
            found[former] = topic
    return found


def former_ids(library: Library, topic: str) -> list[str]:
    """The ids that a topic had before."""
    return [former for former, now in library.compute_once(successors).items() if now == topic]


def in_present_names(library: Library, values: Mapping[str, str]) -> dict[str, str]:
    """The values of a record, with the topic that it is about under its id of today."""
    about = library.compute_once(successors).get(values.get("about", ""))
    return {**values, "about": about} if about else dict(values)
