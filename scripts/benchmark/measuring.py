"""Wall time, processor time, memory and size of a command and what it writes."""

from __future__ import annotations

import contextlib
import gzip
import os
import platform
import re
import resource
import subprocess
import threading
import time
from pathlib import Path

# Values by name; None for what could not be measured.
Values = dict[str, float | None]

ENVIRONMENT = {
    "NO_MKDOCS_2_WARNING": "1",
    "DISABLE_MKDOCS_2_WARNING": "true",
    "PYTHONDONTWRITEBYTECODE": "1",
}


class _Memory(threading.Thread):
    """The most memory in MiB that a process and its descendants had together.

    Shared memory counts once.
    """

    def __init__(self, pid: int):
        super().__init__(daemon=True)
        self.pid, self.most, self.going = pid, 0.0, True

    def run(self) -> None:
        """Samples until `going` is False."""
        while self.going:
            self.most = max(self.most, sum(map(_memory_of, _descendants(self.pid))) / 1024)
            time.sleep(0.3)


def _descendants(pid: int) -> list[int]:
    """The process and everything below it."""
    pids = [pid]
    for parent in pids:  # Grows while it is read.
        with contextlib.suppress(OSError, ValueError):
            children = Path(f"/proc/{parent}/task/{parent}/children").read_text()
            pids += [int(child) for child in children.split()]
    return pids


def _memory_of(pid: int) -> int:
    """The process's memory in KiB, with its share of what it shares; 0 once it has ended."""
    try:
        status = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    match = re.search(r"^Pss:\s+(\d+)", status, re.M)
    return int(match[1]) if match else 0


def measured(command: list[str], folder: Path, timeout: float, **environment: str) -> Values:
    """Wall and processor seconds and peak memory (MiB) of a command, run in `folder`.

    Raises RuntimeError with its last output when it fails or takes longer than `timeout` seconds.
    """
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    with (folder / "bench.log").open("w") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdout=log,
            stderr=log,
            env={**os.environ, **ENVIRONMENT, **environment},
            start_new_session=True,
        )
        memory = _Memory(process.pid)
        memory.start()
        try:
            failure = "failed" if process.wait(timeout) else ""
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait()
            failure = f"stopped after {timeout} s"
        memory.going = False
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if failure:
        output = (folder / "bench.log").read_text(errors="replace")[-1500:]
        raise RuntimeError(f"{' '.join(command[-4:])}: {failure}\n{output}")
    return {
        "wall": wall,
        "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "memory": memory.most,
    }


def size_of(folder: Path, pattern: str = "*") -> float:
    """Megabytes of the files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob(pattern) if path.is_file()) / 1e6


def compressed(path: Path) -> float | None:
    """Kilobytes of a file as a host sends it (gzip); None where there is none."""
    return len(gzip.compress(path.read_bytes(), 6)) / 1000 if path.is_file() else None


def machine() -> dict[str, str | int]:
    """Cores, memory in GiB, system and Python of this machine. Raises OSError outside Linux."""
    memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())
    return {
        "cores": len(os.sched_getaffinity(0)),
        "memory": round(int(memory[1]) / 1024 / 1024) if memory else 0,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }
