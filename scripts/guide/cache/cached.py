"""The one public call: `cached` runs a step for each task, or finds what it gave before.

A step is a pure function of a task's subject and of tracked inputs. Its result is a frozen value
that can be written as JSON. Where the cache is off, the step runs and that is all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from guide.base import language
from guide.base.file_store import StoredFile
from guide.base.json_codec import Codec, codec_of
from guide.base.parallel import MINIMUM, parallel_map
from guide.cache.folder import Cache
from guide.cache.tracking import Dependencies, InputHashes, tracked

Subject = TypeVar("Subject")
Inputs = TypeVar("Inputs")
Result = TypeVar("Result")
Made = TypeVar("Made")


@dataclass(frozen=True)
class NoInputs:
    """The inputs of a step whose result follows from the key alone."""


@dataclass(frozen=True)
class Step(Generic[Subject, Inputs, Result]):
    """One kind of work.

    `run` is a pure function of a task's subject and of the inputs; `result` is the type of what it
    gives. `files` names the files that belong to a result. `keep` gives what is kept of a result,
    None for nothing. `warm_up` and `minimum` are as `parallel_map` takes them. `spoken`: the result
    depends on the language that the process speaks.
    """

    name: str
    result: type[Result]
    run: Callable[[Subject, Inputs], Result]
    files: Callable[[Result], Iterable[StoredFile]] = lambda result: ()
    keep: Callable[[Result], Result | None] = lambda result: result
    warm_up: int = 0
    minimum: int = MINIMUM
    spoken: bool = True


@dataclass(frozen=True)
class Task(Generic[Subject]):
    """One piece of it: `name` tells it from the others of its step, `key` stands for all that its
    result is made of besides the inputs.
    """

    name: str
    key: bytes
    subject: Subject


@dataclass(frozen=True)
class _Made:
    """A result on its way from the process that made it."""

    number: int
    data: bytes
    dependencies: Dependencies


def cached(
    cache: Cache,
    step: Step[Subject, Inputs, Result],
    tasks: Sequence[Task[Subject]],
    inputs: Inputs,
    only: bool = False,
) -> dict[str, Result]:
    """The result of each task by its name: found, or made over all processors.

    A result is the same value whether it was found or made. With `only`, these are all tasks of the
    step, and results of others are deleted. Raises what `run` raises.
    """
    if only:
        cache.delete_unused(step.name, [task.name for task in tasks])
    if not cache.lasting:
        return dict(_map(step, lambda at: _plain(step, tasks[at], inputs), len(tasks)))
    codec = codec_of(step.result)
    hashes = cache.hashes(inputs)
    spoken = language.current().code.encode() if step.spoken else b""
    keys = {task.name: spoken + task.key for task in tasks}
    results = _found(cache, step, keys, hashes)
    misses = [task for task in tasks if task.name not in results]

    def run(number: int) -> _Made:
        dependencies: Dependencies = set()
        result = step.run(misses[number].subject, tracked(inputs, dependencies))
        return _Made(number, codec.encode(result), dependencies)

    for made in _map(step, run, len(misses)):
        task = misses[made.number]
        result = results[task.name] = codec.decode(made.data)
        stored = step.keep(result)
        if stored is not None:
            cache.put(
                step.name,
                task.name,
                keys[task.name],
                made.dependencies,
                hashes,
                [file.name for file in step.files(stored)],
                made.data if stored is result else codec.encode(stored),
            )
            if cache.recent:
                key = keys[task.name]
                cache.recent.note(step.name, task.name, key, made.dependencies, hashes, stored)
    return results


def _found(
    cache: Cache,
    step: Step[Subject, Inputs, Result],
    keys: Mapping[str, bytes],
    hashes: InputHashes,
) -> dict[str, Result]:
    """The results that are still good: those that this process has from the build before, and those
    in the file.
    """
    codec, results = codec_of(step.result), dict[str, Result]()
    for name, found in cache.recent.find(step.name, keys, hashes) if cache.recent else ():
        recent = cast(Result, found)
        if _is_whole(cache, step, recent):
            results[name] = recent

    def use(name: str, data: bytes, dependencies: list[str]) -> None:
        result = _decoded(codec, data)
        if result is not None and _is_whole(cache, step, result):
            results[name] = result
            if cache.recent:
                cache.recent.note(step.name, name, keys[name], dependencies, hashes, result)

    left = {name: key for name, key in keys.items() if name not in results}
    cache.get(step.name, left, hashes, use)
    return results


def _is_whole(cache: Cache, step: Step[Subject, Inputs, Result], result: Result) -> bool:
    """Whether the files of a result are as they were written."""
    return all(map(cache.files.is_intact, step.files(result)))


def _plain(
    step: Step[Subject, Inputs, Result], task: Task[Subject], inputs: Inputs
) -> tuple[str, Result]:
    return task.name, step.run(task.subject, inputs)


def _map(
    step: Step[Subject, Inputs, Result], run: Callable[[int], Made], count: int
) -> Iterator[Made]:
    """Runs tasks by their numbers: a process that is forked has the tasks, none is sent to it."""
    return parallel_map(run, range(count), minimum=step.minimum, warm_up=step.warm_up)


def _decoded(codec: Codec[Result], data: bytes) -> Result | None:
    try:
        return codec.decode(data)
    except ValueError:
        return None
