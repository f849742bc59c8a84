"""Many like pieces of work over the machine's processors, or one after another where that is not
safe or not worth it.
"""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

# Starting processes costs more than doing a few pieces at once.
WORTH = 24


# How many pieces one set of processes does. To look at a thing is to write in it (Python counts who
# holds what), so a fork comes to own a copy of all that it ever looked at: new forks begin without.
LASTING = 2000


_work: Callable[[Any], Any] | None = None


def processes() -> int:
    """How many to use: `GUIDE_PROCESSES` in the environment, else one a processor."""
    wanted = os.environ.get("GUIDE_PROCESSES", "")
    if wanted.isdigit() and int(wanted):
        return int(wanted)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(
    work: Callable[[Any], Any],
    items: Sequence[Any],
    piece: int = 4,
    worth: int = WORTH,
    first: int = 0,
) -> Iterator[Any]:
    """`work` of each item, in no promised order; over several processes from `worth` items on,
    `piece` of them at a time.

    The processes are forks: they see all that this one holds, and nothing that they change comes
    back but what `work` returns. Of many items `first`, taken from all along them, are done here
    before: what they work out of the whole and keep, the forks then have, instead of each working
    it out for itself. With other threads running (`mkdocs serve` after its first build) a fork
    could hang, so there, and for few items, all is done here.
    """
    global _work
    several = min(processes(), len(items))
    if (
        several < 2
        or len(items) < worth
        or not sys.platform.startswith("linux")
        or threading.active_count() > 1
    ):
        for item in items:
            yield work(item)
        return
    # For fewer the others would wait longer for these than they gain.
    here = (
        {at * len(items) // first for at in range(first)} if len(items) > LASTING // 10 else set()
    )
    for at in sorted(here):
        yield work(items[at])
    left = [item for at, item in enumerate(items) if at not in here]
    _work = work
    try:
        for at in range(0, len(left), LASTING):
            # A collection in a child would copy every page of memory it looks at. What is frozen
            # stays so until `thaw`: to look at a large library again for each pass takes a second.
            gc.collect()
            gc.freeze()
            with multiprocessing.get_context("fork").Pool(several) as pool:
                yield from pool.imap_unordered(_do, left[at : at + LASTING], piece)
                pool.close()
                pool.join()
    finally:
        _work = None


def aside(work: Callable[[], Any]) -> Callable[[], Any]:
    """Begins `work` in a process of its own; what comes back waits for it and gives its result, or
    raises what it raised.

    Where a second process is not safe or not to be used, the work is done when its result is asked
    for. The process ends with this one, however that ends. Raises RuntimeError where it ends
    without a result.
    """
    if processes() < 2 or not sys.platform.startswith("linux") or threading.active_count() > 1:
        return work
    gc.collect()
    gc.freeze()
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(work, sender, os.getpid()))
    process.start()
    sender.close()

    def result() -> Any:
        try:
            done, value = receiver.recv()
        except EOFError:
            process.join()
            raise RuntimeError(f"a process of the build ended with {process.exitcode}") from None
        process.join()
        if not done:
            raise value
        return value

    return result


# Linux: have the kernel end this process with the one that started it (prctl(2)).
_PR_SET_PDEATHSIG = 1


def _send(work: Callable[[], Any], sender: Any, parent: int) -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    try:
        told = True, work()
    except Exception as error:
        # The way to the mistake stays in this process: it is told in words.
        error.add_note("".join(traceback.format_exception(error)))
        told = False, error
    sender.send(told)
    sender.close()


@contextmanager
def growing() -> Iterator[None]:
    """Around what makes very many objects that stay: looking through them for what can go, again
    and again, takes longer than making them. They are frozen at the end.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()


def thaw() -> None:
    """Lets go of what `spread` and `growing` have frozen: at the start of a build nothing of the
    last one is needed.
    """
    gc.unfreeze()


def _do(item: Any) -> Any:
    return _work(item)
