"""What a verb said of the whole guide, kept while nothing has changed that it is made from.

Content, pages, templates, settings and code are read and compared in full: no answer is trusted by
the age of a file. Nothing here raises. Where nothing can be kept, there is no answer.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from guide.base import clock
from guide.base.files import files_of, put
from guide.base.fingerprint import fingerprint, fingerprint_of_files, fingerprint_of_status
from guide.base.layers import DOCS, layers
from guide.base.problem import ContentErrors
from guide.cache.code import CORE, fingerprint_of_code

SETTINGS, HOOKS, OVERRIDES, CONTENT = "mkdocs.yml", "scripts/hooks.py", "overrides", "content"
# In the environment of MkDocs: the state of the guide that a verb has begun to build from.
BEGUN = "GUIDE_STATE"
# The name of the answer that the site is built.
BUILT = "build"
# What else in the environment decides how pages and sheets come out.
_ENVIRONMENT = ("SITE_URL", clock.EPOCH, "FONTCONFIG_FILE", "FONTCONFIG_PATH")
# Which of our own variables do not: they say how a build goes about it.
_INDIFFERENT = (BEGUN, "GUIDE_PROCESSES", "GUIDE_PDFS")
_SECONDS = "GUIDE_TIMES"


class Answers:
    """The answers about the guide at `root` as it is now, by the name of what was asked."""

    def __init__(self, root: Path):
        self._root = root
        self._folder = root / "build" / "cache"
        self._state = ""
        # Who wants seconds wants the work; and without `content/` there is no guide.
        if (
            os.environ.get("GUIDE_CACHE", "").lower() != "off"
            and _SECONDS not in os.environ
            and (root / CONTENT).is_dir()
        ):
            with contextlib.suppress(OSError, ContentErrors):
                # Its status first: what is written meanwhile is noticed when the answer is there.
                self._state = f"{_status(root)}:{_contents(root)}"

    @classmethod
    def begun(cls, root: Path) -> Answers:
        """Those about the guide as it was when a verb began to build it; none where it was MkDocs
        that began.
        """
        answers = cls.__new__(cls)
        answers._root, answers._folder = root, root / "build" / "cache"
        answers._state = os.environ.get(BEGUN, "")
        return answers

    @property
    def environment(self) -> Mapping[str, str]:
        """What lets MkDocs, in a process of its own, keep an answer about this state."""
        return {BEGUN: self._state} if self._state else {}

    def find(self, asked: str) -> dict[str, Any] | None:
        """What was kept for this state of the guide; None where nothing was."""
        try:
            kept = json.loads(self._path(asked).read_text(encoding="utf-8"))
            found = kept["answer"]
            if not self._state or kept["digest"] != self._digest(found):
                return None
        except (OSError, ValueError, LookupError, TypeError):
            return None
        return found if isinstance(found, dict) else None

    def keep(self, asked: str, answer: dict[str, Any]) -> None:
        """Keeps an answer, unless something was written since these answers were begun."""
        with contextlib.suppress(OSError):
            if self._state and _status(self._root) == self._state.partition(":")[0]:
                self._folder.mkdir(parents=True, exist_ok=True)
                kept = {"answer": answer, "digest": self._digest(answer)}
                put(self._path(asked), json.dumps(kept))

    def _digest(self, answer: object) -> str:
        """What stands for the state of the guide and for an answer about it."""
        return fingerprint(self._state.partition(":")[2], json.dumps(answer)).hex()

    def _path(self, asked: str) -> Path:
        return self._folder / f"{asked.replace(' ', '')}.json"


def state_of_site(root: Path, site: Path) -> dict[str, str]:
    """What tells whether anybody has changed a file of the built site, or of the Markdown that it
    was made from: names, sizes and times, as the results that belong to files are known.
    """
    return {
        os.path.relpath(folder, root): _written(folder) for folder in (site, root / "build/docs")
    }


def _written(folder: Path) -> str:
    return fingerprint(
        *(
            f"{name}\0{status.st_size}\0{status.st_mtime_ns}"
            for name, status in sorted(files_of(folder), key=lambda file: file[0])
        )
    ).hex()


def _folders(root: Path) -> Iterator[Path]:
    yield root / CONTENT
    yield from layers(root, DOCS)
    yield from layers(root, OVERRIDES)


def _single_files(root: Path) -> Iterator[Path]:
    yield from (path for name in (SETTINGS, HOOKS) if (path := root / name).is_file())


def _contents(root: Path) -> str:
    """All that pages and their checks are made from. Raises OSError and ContentErrors."""
    settings = root / SETTINGS
    # The settings may name further variables.
    named = re.findall(
        r"\b[A-Z][A-Z0-9_]+\b", settings.read_text("utf-8") if settings.is_file() else ""
    )
    variables = sorted(
        f"{name}={value}"
        for name, value in os.environ.items()
        if (name in _ENVIRONMENT or name in named or name.startswith("GUIDE_"))
        and name not in _INDIFFERENT
    )
    return fingerprint(
        fingerprint_of_code(root),
        *(fingerprint_of_files(folder) for folder in _folders(root)),
        *(path.read_bytes() for path in _single_files(root)),
        fingerprint(*variables),
        clock.today().isoformat(),
        str(clock.epoch(root)),
    ).hex()


def _status(root: Path) -> str:
    """When all these files were written. Raises OSError."""
    return fingerprint(
        *(fingerprint_of_status(folder) for folder in (*_folders(root), CORE)),
        *(
            f"{path.name}{status.st_ino}\0{status.st_mtime_ns}\0{status.st_ctime_ns}"
            for path in _single_files(root)
            for status in (path.stat(),)
        ),
    ).hex()
