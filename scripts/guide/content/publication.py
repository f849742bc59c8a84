"""What everything that is published says of itself: which version it is, where it stands, under
which licence.
"""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass
from pathlib import Path

from guide.base.language import gettext as _
from guide.content import models as m
from guide.content.library import Library

# The licence of the engine.
CODE = "MIT License"


@dataclass(frozen=True)
class Publication:
    """One state of the guide. `version` is the same for the same content, on any day and any
    machine.

    `address` is the public address of the site with a slash behind it, or empty where it has none.
    """

    name: str
    publisher: str
    version: str
    published: datetime.date
    changed: datetime.date
    reviewed: bool
    licence: m.Licence
    address: str = ""

    def at(self, path: str) -> str:
        """The whole address of a path from the site's root; the path itself where the site has no
        address.
        """
        return self.address + path

    @property
    def attribution(self) -> str:
        """How somebody who uses the content names where it is from."""
        said = _("{publisher}, {name}, version {version}").format(
            publisher=self.publisher, name=self.name, version=self.version
        )
        return f"{said}, {self.address}" if self.address else said


def publication_of(library: Library, root: Path, address: str = "") -> Publication:
    """The guide as it stands: its version is the day of the newest change and a digest of all
    content files.
    """
    # A guide without a topic begins with its first change.
    begun = min((change.date for change in library.changes), default=datetime.date.min)
    published = min((topic.review.published for topic in library.topics.values()), default=begun)
    changed = max((change.date for change in library.changes), default=published)
    digest = hashlib.sha256()
    for name in sorted(library.lines):
        digest.update(f"{name}\0".encode() + (root / name).read_bytes() + b"\0")
    return Publication(
        name=library.site.name,
        publisher=library.site.publisher.name,
        version=f"{changed.isoformat()}.{digest.hexdigest()[:8]}",
        published=published,
        changed=changed,
        reviewed=any(topic.review.reviewed_by for topic in library.topics.values()),
        licence=library.site.licence,
        address=f"{address.rstrip('/')}/" if address else "",
    )
