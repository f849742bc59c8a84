"""`.well-known/`: what programs look for below this name (RFC 8615), such as whom to tell of a
weakness (RFC 9116).
"""

from __future__ import annotations

import datetime
from pathlib import Path

from guide.base import clock
from guide.base.files import names_of
from guide.content.library import Library

FOLDER = ".well-known"
SECURITY = f"{FOLDER}/security.txt"

# RFC 9116 wants a day less than a year ahead. The first of a month is the same for every build of
# that month, so a weekly rebuild changes nothing by it.
MONTHS_AHEAD = 11


def security_txt(library: Library, address: str, root: Path) -> dict[str, bytes]:
    """`security.txt`, where the guide says whom to tell; its day of expiry counts from the day that
    is written into pages. `address` is the public one with a slash behind it, or "".
    """
    security = library.site.security
    if security is None:
        return {}
    lines = [
        *(f"Contact: {contact}" for contact in security.contact),
        f"Expires: {expires(clock.page_date(root)).isoformat()}T00:00:00Z",
        f"Preferred-Languages: {library.site.language}",
        *([f"Policy: {security.policy}"] if security.policy else []),
        *([f"Canonical: {address}{SECURITY}"] if address else []),
    ]
    return {SECURITY: "".join(f"{line}\n" for line in lines).encode()}


def expires(day: datetime.date) -> datetime.date:
    """The day on which what is built on `day` expires."""
    month = day.month - 1 + MONTHS_AHEAD
    return datetime.date(day.year + month // 12, month % 12 + 1, 1)


def left_out_files(tree: Path) -> dict[str, str]:
    """The files of a compiled tree that engines leave out of the site for the dot in their path."""
    return {f"{FOLDER}/{name}": str(tree / FOLDER / name) for name in names_of(tree / FOLDER)}
