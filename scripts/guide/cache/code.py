"""What decides how content becomes pages, besides the content: our code and the packages."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from guide.base.fingerprint import fingerprint, fingerprint_of_files
from guide.base.layers import MACROS, layers

FORMAT = 2
CORE = Path(__file__).resolve().parent.parent
# A package's folder of this kind has its name and release for a name.
_PACKAGES = (".dist-info", ".egg-info")


def installed_packages() -> Iterator[str]:
    """Name and release of every installed package. To open what each says of itself would take a
    tenth of a second.
    """
    for folder in sys.path:
        if os.path.isdir(folder or "."):
            yield from (name for name in os.listdir(folder or ".") if name.endswith(_PACKAGES))


def fingerprint_of_code(root: Path) -> bytes:
    """16 bytes for all that decides how content becomes pages: our code and what lies beside it
    (the style of references), the components, every package, Python.
    """
    return fingerprint(
        str(FORMAT),
        sys.version,
        *sorted(installed_packages()),
        os.environ.get("SITE_URL", ""),
        fingerprint_of_files(CORE),
        *(fingerprint_of_files(folder) for folder in layers(root, MACROS)),
    )
