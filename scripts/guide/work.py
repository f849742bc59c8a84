"""Many like pieces of work over the machine's processors, or one after another where that is not safe or not worth it."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
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
    gc.collect()
    gc.freeze()  # a collection in a child would copy every page of memory it looks at
    try:
        with multiprocessing.get_context("fork").Pool(several) as pool:
            yield from pool.imap_unordered(_do, items, piece)
            pool.close()
            pool.join()
    finally:
        gc.unfreeze()
        _work = None


def _do(item: Any) -> Any:
    return _work(item)
