"""What one MkDocs process must remember between two of its events, and between two builds."""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from guide.artefacts import Built
from guide.build import Compiled
from guide.cache.folder import Cache
from guide.cache.recent import RecentResults
from guide.mkdocs_plugin.settings import CompiledTemplates


@dataclass
class Session:
    """The state of one MkDocs process.

    `command` is build, serve or gh-deploy. `site_dir` is where the site shall be in the end, while
    MkDocs builds elsewhere. `said_nothing`: the build had nothing to tell who started it.

    In `serve`: `placed` are the files that lie in the served site, by address what tells one from
    another. `notice` is put on top of the pages that are sent. `live`: somebody looks at the site
    already. `drawn` stands for what its page for addresses that do not exist was drawn from.
    `recent` are the results of the build before. `templates` are those of the theme, compiled.
    `built` is the guide of which files that no page shows are still to be made.
    """

    root: Path
    command: str
    site_dir: str = ""
    compiled: Compiled | None = None
    cache: Cache | None = None
    placed: dict[str, str] = field(default_factory=dict)
    notice: bytes = b""
    said_nothing: bool = True
    live: bool = False
    drawn: bytes = b""
    recent: RecentResults = field(default_factory=RecentResults)
    templates: CompiledTemplates = field(default_factory=CompiledTemplates)
    built: Built | None = None
    warnings: WarningCounter = field(default_factory=lambda: WarningCounter())
    seconds: dict[str, float] = field(default_factory=dict)

    @classmethod
    def continued(cls, root: Path, command: str, before: Mapping[str, Any]) -> Session:
        """A session with what another remembered, which may be of older code."""
        names = {one.name for one in dataclasses.fields(cls)} - {"root", "command"}
        return cls(root, command, **{name: before[name] for name in names & before.keys()})

    @property
    def serving(self) -> bool:
        """Whether the site is served while somebody edits."""
        return self.command == "serve"

    def close_cache(self) -> None:
        """Ends the use of the cache, if there was any, and of what lies in it."""
        self.built = None
        if self.cache is not None:
            self.cache.close()
            self.cache = None

    @contextmanager
    def timed(self, phase: str) -> Iterator[None]:
        """Notes how long a phase of a build took, for `write_seconds`."""
        start = time.monotonic()
        yield
        self.seconds[phase] = round(time.monotonic() - start, 3)

    def write_seconds(self) -> None:
        """Writes the seconds of each phase as JSON into the file that GUIDE_TIMES names:
        scripts/bench asks for them.
        """
        if os.environ.get("GUIDE_TIMES"):
            Path(os.environ["GUIDE_TIMES"]).write_text(json.dumps(self.seconds), encoding="utf-8")


class WarningCounter(logging.Handler):
    """Counts warnings, so that a build that strict mode will refuse does not replace the site."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Counts one."""
        self.count += 1

    def begin(self) -> None:
        """Counts from here on."""
        self.count = 0
        log = logging.getLogger("mkdocs")
        log.removeHandler(self)
        log.addHandler(self)
        # With --quiet MkDocs would hear no warnings, and --strict would find none.
        log.setLevel(min(log.level or logging.WARNING, logging.WARNING))
