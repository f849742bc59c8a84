"""The release of the engine that a guide asks for, in requirements.txt."""

from __future__ import annotations

import re
from typing import NamedTuple

from guide.base.problem import ContentErrors, Problem
from guide.base.release import PACKAGE, version_numbers

FILE = "requirements.txt"

_LINE = re.compile(
    rf"(?im)^(?P<before>[ \t]*{PACKAGE}[ \t]*==[ \t]*)(?P<version>[^\s;#]+)(?P<rest>.*)$"
)


class Pin(NamedTuple):
    """The release that is asked for, and the line, counted from 1, that says so."""

    version: str
    line: int


def pinned(text: str) -> Pin | None:
    """The release that requirements.txt asks for; None where it names no single one.

    Raises ContentErrors for a version that cannot be compared with another.
    """
    found = _LINE.search(text)
    if found is None:
        return None
    pin = Pin(found["version"], text.count("\n", 0, found.start()) + 1)
    try:
        version_numbers(pin.version)
    except ValueError as error:
        raise ContentErrors([Problem(FILE, pin.line, str(error))]) from None
    return pin


def with_pin(text: str, version: str) -> str:
    """The text of requirements.txt that asks for another release; all else stays.

    Raises ContentErrors where hashes of the old release stand with it.
    """
    found = _LINE.search(text)
    if found and found["rest"].rstrip().endswith("\\"):
        message = (
            f"hashes of {found['version']} stand with it: write the line of {version} yourself,"
            " with its hashes, then upgrade again"
        )
        line = text.count("\n", 0, found.start()) + 1
        raise ContentErrors([Problem(FILE, line, message)])
    return _LINE.sub(rf"\g<before>{version}\g<rest>", text, count=1)
