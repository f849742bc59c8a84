"""The library, of whose files only those are read that have changed since an earlier run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from guide.cache.cached import NoInputs, Step, Task, cached
from guide.cache.folder import Cache
from guide.content.loading import FileValues, Loaded, SourceFile, load_sound, read_file

# A file takes two milliseconds: no number of them is worth a process.
_NEVER = 1 << 30


def _read(file: SourceFile, inputs: NoInputs) -> FileValues:
    return read_file(file)


_FILE = Step(
    "content file",
    FileValues,
    _read,
    keep=lambda values: None if values.problems else values,
    minimum=_NEVER,
    # What a file says is read before the guide's language is known.
    spoken=False,
)


def load_cached(root: Path, cache: Cache) -> Loaded:
    """As `content.loading.load_sound`."""

    def read(files: Sequence[SourceFile]) -> dict[str, FileValues]:
        tasks = [Task(file.name, file.digest, file) for file in files]
        return cached(cache, _FILE, tasks, NoInputs(), only=True)

    return load_sound(root, read)
