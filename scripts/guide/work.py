"""Many like pieces of work over the machine's processors, or one after another where that is not safe or not worth it."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

# Starting processes costs more than doing a few pieces at once.
WORTH = 24

_work: Callable[[Any], Any] | None = None


def processes() -> int:
    """How many to use: `GUIDE_PROCESSES` in the environment, else one a processor."""
    wanted = os.environ.get("GUIDE_PROCESSES", "")
    if wanted.isdigit() and int(wanted):
        return int(wanted)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(work: Callable[[Any], Any], items: Sequence[Any], piece: int = 4, worth: int = WORTH) -> Iterator[Any]:
    """`work` of each item, in no promised order; over several processes from `worth` items on, `piece` of them at a time.

    The processes are forks: they see all that this one holds, and nothing that they change comes back but
    what `work` returns. With other threads running (`mkdocs serve` after its first build) a fork could hang,
    so there, and for few items, all is done here.
    """
    global _work
    several = min(processes(), len(items))
    if several < 2 or len(items) < worth or not sys.platform.startswith("linux") or threading.active_count() > 1:
        for item in items:
            yield work(item)
        return
    _work = work
    # A collection in a child would copy every page of memory it looks at. What is frozen stays so until `thaw`: to look
    # at a large library again for each pass takes a second.
    gc.collect()
    gc.freeze()
    try:
        with multiprocessing.get_context("fork").Pool(several) as pool:
            yield from pool.imap_unordered(_do, items, piece)
            pool.close()
            pool.join()
    finally:
        _work = None


def aside(work: Callable[[], Any]) -> Callable[[], Any]:
    """Begins `work` in a process of its own; what comes back waits for it and gives its result, or raises what it raised.

    Where a second process is not safe or not to be used, the work is done when its result is asked for.
    """
    if processes() < 2 or not sys.platform.startswith("linux") or threading.active_count() > 1:
        return work
    gc.collect()
    gc.freeze()
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(work, sender))
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


def _send(work: Callable[[], Any], sender: Any) -> None:
    try:
        told = True, work()
    except Exception as error:
        told = False, error
    sender.send(told)
    sender.close()


@contextmanager
def growing() -> Iterator[None]:
    """Around what makes very many objects that stay: looking through them for what can go, again and again, takes longer
    than making them. They are frozen at the end."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()


def thaw() -> None:
    """Lets go of what `spread` and `growing` have frozen: at the start of a build nothing of the last one is needed."""
    gc.unfreeze()


def _do(item: Any) -> Any:
    return _work(item)
