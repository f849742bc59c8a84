"""Which release of the engine runs."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib

from guide.base.layers import ENGINE

# The name under which the engine is installed.
PACKAGE = "open-health-guide"


def release() -> str:
    """The release of the engine, such as '0.2.0'; of a checkout the one that it will become."""
    settings = ENGINE / "pyproject.toml"
    if settings.is_file():
        return str(tomllib.loads(settings.read_text(encoding="utf-8"))["project"]["version"])
    return importlib.metadata.version(PACKAGE)


def version_numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version, to compare two: '0.2' is (0, 2), and so is '0.2.0'.

    Raises ValueError for a text that is not numbers with points between them.
    """
    if not re.fullmatch(r"[0-9]+(?:\.[0-9]+)*", version):
        raise ValueError(f"'{version}' is no version: write numbers with points, such as 0.2.0")
    numbers = list(map(int, version.split(".")))
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
