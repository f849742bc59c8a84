"""Runs a Python module that is killed at a counted event, so that no test of a crash needs a clock.

    python kill_at.py MODULE [ARGUMENTS …]

KILL_COUNT names a file in which every process counts its events together: files opened for
writing, renames, new folders, deletions, started programs. At event number KILL_AT the whole
process group is killed, as kill -9 does; without a number the events are only counted. As a hook of
MkDocs the file counts in an engine that another program starts.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
from collections.abc import Mapping

EVENTS = {
    "ctypes.dlsym",
    "os.link",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.utime",
    "subprocess.Popen",
}


def count_events(environment: Mapping[str, str]) -> None:
    """Counts the events of this process and its forks from now on."""
    if "KILL_COUNT" not in environment:
        return
    at = int(environment.get("KILL_AT") or 0)
    counter = os.open(environment["KILL_COUNT"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def count(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            flags = arguments[2]
            if not isinstance(flags, int) or not flags & (os.O_WRONLY | os.O_RDWR):
                return
        elif event not in EVENTS:
            return
        # One byte an event: the kernel appends them one after the other, whoever writes.
        os.write(counter, b".")
        if at and os.fstat(counter).st_size >= at:
            os.killpg(0, signal.SIGKILL)

    sys.addaudithook(count)


def on_startup(command: str, dirty: bool) -> None:
    """MkDocs calls this where the file is one of its hooks."""
    count_events(os.environ)


if __name__ == "__main__":
    count_events(os.environ)
    sys.argv = sys.argv[1:]
    sys.path[0] = os.getcwd()
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
