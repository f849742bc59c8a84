"""Checks again at every save, for somebody who edits beside a terminal."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import time
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler

from guide.base.saves import Saves

FOLDERS = ("content", "docs", "overrides", "scripts")


# An editor writes a file in several steps: the check waits until it has been quiet this long, in
# seconds.
_QUIET = 0.2


class _Saves(FileSystemEventHandler):
    """Puts every saved file into a queue."""

    def __init__(self, saves: queue.Queue[FileSystemEvent]):
        self._saves = saves

    def on_any_event(self, event: FileSystemEvent) -> None:
        self._saves.put(event)


def watch(root: Path, each: bool = False) -> int:
    """Prints the check's answer now and after every save, until it is interrupted; returns 0.

    With `each` as `check --all` does.
    Every check is a process of its own, so that an edited rule counts as an edited fact does.
    On a terminal each answer starts on a clear screen.
    """
    saves: queue.Queue[FileSystemEvent] = queue.Queue()
    observer = Saves(root)
    for folder in FOLDERS:
        if (root / folder).is_dir():
            observer.schedule(_Saves(saves), str(root / folder), recursive=True)
    observer.start()
    try:
        while True:
            _answer(root, each)
            saves.get()
            while True:  # all of one save, and what was saved while the check ran
                try:
                    saves.get(timeout=_QUIET)
                except queue.Empty:
                    break
    except KeyboardInterrupt:
        return 0
    finally:
        observer.stop()


def _answer(root: Path, each: bool) -> None:
    # Of a session of its own: an interrupt reaches us alone, and the check is ended without its
    # traceback.
    process = subprocess.Popen(
        [sys.executable, "-m", "guide", "check", *(["--all"] if each else [])],
        cwd=root,
        start_new_session=True,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent.parent)},
    )
    try:
        said, _ = process.communicate()
    except BaseException:
        process.kill()
        raise
    clear = "\x1b[2J\x1b[3J\x1b[H" if sys.stdout.isatty() else ""
    print(
        f"{clear}{said}\n{time.strftime('%H:%M:%S')} Waiting for the next save; Ctrl-C ends.",
        flush=True,
    )
