"""Many pieces of work over the machine's processors, or one after another where that is not safe
or not worth it.

What processes send each other is pickled by the standard library. None of it outlives them.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

Item = TypeVar("Item")
Result = TypeVar("Result")

# Starting processes costs more than doing fewer items at once.
MINIMUM = 24


# How many items one set of processes does. Reading a Python object changes its reference count, so
# a child comes to own a copy of every page of memory it reads. New children begin without.
CHUNK = 2000


def processes() -> int:
    """How many to use: `GUIDE_PROCESSES` in the environment, else one a processor."""
    setting = os.environ.get("GUIDE_PROCESSES", "")
    if setting.isdigit() and int(setting):
        return int(setting)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _may_fork() -> bool:
    """With other threads running (`mkdocs serve` after its first build) a fork could hang."""
    return sys.platform.startswith("linux") and threading.active_count() == 1


def parallel_map(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    batch: int = 4,
    minimum: int = MINIMUM,
    warm_up: int = 0,
) -> Iterator[Result]:
    """`function` of each item, in no promised order.

    From `minimum` items on they are spread over forked processes, `batch` of them at a time. The
    forks see all that this process holds, and nothing that they change comes back but results. Of
    many items the first `warm_up`, taken at even steps, are done here before: the forks then have
    what these items worked out and kept in memory.

    Raises what `function` raises, and BrokenProcessPool where a process dies.
    """
    several = min(processes(), len(items))
    if several < 2 or len(items) < minimum or not _may_fork():
        yield from map(function, items)
        return
    # To import them takes 40 ms, a twentieth of a check that has nothing to make.
    import concurrent.futures
    import multiprocessing

    # Each fork compiles again every template that no item needed before. With few items, to wait
    # for the first ones takes longer than that.
    warming = warm_up if len(items) >= 2 * minimum else 0
    here = {at * len(items) // warming for at in range(warming)}
    for at in sorted(here):
        yield function(items[at])
    rest = [item for at, item in enumerate(items) if at not in here]
    for at in range(0, len(rest), CHUNK):
        # A collection in a child would copy every page of memory it looks at. What is frozen stays
        # so until `unfreeze_gc`: to look at a large library again for each call takes a second.
        gc.collect()
        gc.freeze()
        with concurrent.futures.ProcessPoolExecutor(
            several,
            multiprocessing.get_context("fork"),
            initializer=_begin_worker,
            initargs=(function, os.getpid()),
        ) as pool:
            chunk = rest[at : at + CHUNK]
            batches = [
                pool.submit(_do, chunk[start : start + batch])
                for start in range(0, len(chunk), batch)
            ]
            for done in concurrent.futures.as_completed(batches):
                yield from done.result()


# In a child: the function that its parent gave it. A fork inherits it; it need not be pickled.
_function: Callable[[Any], Any] | None = None


def _begin_worker(function: Callable[[Any], Any], parent: int) -> None:
    global _function
    _function = function
    _end_with(parent)


def _do(items: Sequence[Any]) -> list[Any]:
    assert _function is not None, "the initializer of the pool sets it"
    return list(map(_function, items))


def run_in_child(function: Callable[[], Result]) -> Callable[[], Result]:
    """Begins `function` in a process of its own; what comes back waits for it and gives its result,
    or raises what it raised.

    Where a second process is not safe or not to be used, the function runs when its result is asked
    for. The process ends with this one, however that ends. Raises RuntimeError where it ends
    without a result.
    """
    if processes() < 2 or not _may_fork():
        return function
    gc.collect()
    gc.freeze()
    import multiprocessing  # late, as in `parallel_map`

    # A process and a pipe, not a pool: a pool has a thread here, and beside threads nothing forks.
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(function, sender, os.getpid()))
    process.start()
    sender.close()

    def result() -> Result:
        try:
            succeeded, value = receiver.recv()
        except EOFError:
            process.join()
            raise RuntimeError(f"a process of the build ended with {process.exitcode}") from None
        process.join()
        if not succeeded:
            raise value
        return value  # type: ignore[no-any-return]  # what `function` returned, from the pipe

    return result


# Linux: have the kernel end this process with the one that started it (prctl(2)).
_PR_SET_PDEATHSIG = 1


def _end_with(parent: int) -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _send(function: Callable[[], Any], sender: Connection, parent: int) -> None:
    _end_with(parent)
    try:
        answer = True, function()
    except Exception as error:
        # The traceback stays in this process: it is sent in words.
        error.add_note("".join(traceback.format_exception(error)))
        answer = False, error
    sender.send(answer)
    sender.close()


def collect_garbage() -> None:
    """Lets go of what nobody needs any more, also of what is frozen: records and pages refer to
    each other in circles.
    """
    gc.unfreeze()
    gc.collect()


@contextmanager
def paused_gc() -> Iterator[None]:
    """Around what makes very many objects that stay: to look through them for garbage, again and
    again, takes longer than to make them. They are frozen at the end.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()


# After how many new objects the youngest are looked through, and how rarely the older ones.
_RARELY = (20_000, 20, 20)


def unfreeze_gc() -> None:
    """Takes back what `parallel_map` and `paused_gc` have frozen: at the start of a build nothing
    of the last one is needed. From then on garbage is looked for rarely: pages are made of short
    lived texts without circles.
    """
    gc.unfreeze()
    gc.set_threshold(*_RARELY)
