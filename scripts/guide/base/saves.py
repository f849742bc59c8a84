"""Files that somebody saves, as the system says: inotify on Linux, FSEvents on macOS, Windows' own.

Where it does not say, or its word is not to be trusted, folders are looked at again and again. This
module needs nothing else of the project: `serve` must go on while the rest cannot be imported.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch
from watchdog.observers.polling import PollingObserver

_SAVED = {"modified", "created", "deleted", "moved", "closed"}
# File systems on which somebody else may write: the kernel here hears nothing of that.
_SHARED = ("nfs", "cifs", "smb", "9p", "fuse", "vboxsf", "prl_fs", "virtiofs", "afs", "ceph")


def saved(event: FileSystemEvent) -> Path | None:
    """The file that was saved, moved or deleted; None for anything else that happens to files, for
    an editor's own files and for Python's.
    """
    path = Path(os.fsdecode(event.dest_path or event.src_path))
    is_ignored = (
        path.name.startswith(".")
        or path.name.endswith(("~", ".swp", ".tmp"))
        or "__pycache__" in path.parts
    )
    if event.event_type not in _SAVED or event.is_directory or is_ignored:
        return None
    return path


class _Handler(FileSystemEventHandler):
    """Passes on what `saved` tells; with `only`, what happens to that file."""

    def __init__(self, told: Callable[[FileSystemEvent], object], only: str):
        self._told, self._only = told, only

    def on_any_event(self, event: FileSystemEvent) -> None:
        names = {os.fsdecode(path) for path in (event.src_path, event.dest_path) if path}
        if saved(event) is not None and (not self._only or self._only in names):
            self._told(event)


class Saves:
    """Tells of every save below the paths that it is given, folders and single files.

    It stands in for the observer that MkDocs has, which looks at every file twice a second.
    """

    def __init__(self, root: Path):
        self._events = has_events(root)
        self._observer: BaseObserver = Observer() if self._events else PollingObserver(timeout=0.5)
        self._asked: dict[ObservedWatch, tuple[FileSystemEventHandler, str, bool]] = {}

    def schedule(
        self, handler: FileSystemEventHandler, path: str, *, recursive: bool = False
    ) -> ObservedWatch:
        """Has the handler told of saves. Returns what `unschedule` takes."""
        watch = self._schedule(handler, path, recursive)
        self._asked[watch] = handler, path, recursive
        return watch

    def _schedule(
        self, handler: FileSystemEventHandler, path: str, recursive: bool
    ) -> ObservedWatch:
        # An editor may put a new file in the old one's place: of that the folder tells.
        is_file = os.path.isfile(path)
        return self._observer.schedule(
            _Handler(handler.on_any_event, path if is_file else ""),
            os.path.dirname(path) if is_file else path,
            recursive=recursive and not is_file,
        )

    def unschedule(self, watch: ObservedWatch) -> None:
        """Takes back what `schedule` was asked."""
        del self._asked[watch]
        self._observer.unschedule(watch)

    def start(self) -> None:
        """Begins to tell. Where the system has no events left to give, folders are looked at."""
        try:
            self._observer.start()
        except OSError:
            with contextlib.suppress(Exception):
                self._observer.stop()
            self._observer = PollingObserver(timeout=0.5)
            for asked in self._asked.values():
                self._schedule(*asked)
            self._observer.start()

    def stop(self) -> None:
        """Ends it."""
        self._observer.stop()

    def join(self) -> None:
        """Waits for its end."""
        self._observer.join()


def has_events(root: Path, mounts: Path = Path("/proc/mounts")) -> bool:
    """Whether the system tells of every save below `root`: not where others share its disk."""
    try:
        lines = [line.split() for line in mounts.read_text(encoding="utf-8").splitlines()]
    except OSError:
        return True
    kinds = {
        place.replace("\\040", " "): kind
        for _, place, kind, *_ in lines
        if root.resolve().is_relative_to(place.replace("\\040", " "))
    }
    return not kinds or not kinds[max(kinds, key=len)].startswith(_SHARED)
