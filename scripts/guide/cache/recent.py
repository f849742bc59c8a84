"""The results of the last build of `serve`, in memory: to ask the file for all of them after each
edit takes longer than to make the few pages that it changes.

Each thing that results depend on is compared once a build, and not once for each result.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from guide.cache.tracking import InputHashes

# By what was noted, its hash.
_Hashes = Mapping[str, bytes]


class _Recent(NamedTuple):
    """A result under its key, what it depends on, and the hashes of that when it was good."""

    key: bytes
    dependencies: frozenset[str]
    of_library: _Hashes
    of_fields: _Hashes
    result: object


class RecentResults:
    """Results by step and name. They are forgotten when other code makes them."""

    def __init__(self) -> None:
        self._code = ""
        self._results: dict[str, dict[str, _Recent]] = {}
        # Hashes of the library then and now, and which of its parts are as they were.
        self._same: tuple[_Hashes, _Hashes, dict[str, bool]] = ({}, {}, {})

    def begin(self, code: str) -> None:
        """Begins a build with this code."""
        if code != self._code:
            self._code, self._results = code, {}

    def find(
        self, step: str, keys: Mapping[str, bytes], hashes: InputHashes
    ) -> Iterator[tuple[str, object]]:
        """The results of a step, by name, that were put under these keys from the same inputs."""
        known = self._results.get(step, {})
        compared: dict[int, _Comparison] = {}
        for name, key in keys.items():
            recent = known.get(name)
            if recent is None or recent.key != key:
                continue
            fields = id(recent.of_fields)
            if fields not in compared:
                compared[fields] = _Comparison(recent, hashes, self._of_library(recent, hashes))
            if all(map(compared[fields].is_same, recent.dependencies)):
                known[name] = recent._replace(
                    of_library=hashes.of_library, of_fields=hashes.of_fields
                )
                yield name, recent.result

    def note(
        self,
        step: str,
        name: str,
        key: bytes,
        dependencies: Collection[str],
        hashes: InputHashes,
        result: object,
    ) -> None:
        """Keeps a result whose dependencies have just been hashed."""
        self._results.setdefault(step, {})[name] = _Recent(
            key, frozenset(dependencies), hashes.of_library, hashes.of_fields, result
        )

    def _of_library(self, recent: _Recent, hashes: InputHashes) -> dict[str, bool]:
        """What is known already of the library's parts, by their hashes then and now."""
        before, now, same = self._same
        if before is not recent.of_library or now is not hashes.of_library:
            same = {}
            self._same = recent.of_library, hashes.of_library, same
        return same


class _Comparison:
    """Whether things are as they were, each compared once and only when asked for: some cost much
    to work out.
    """

    def __init__(self, recent: _Recent, hashes: InputHashes, of_library: dict[str, bool]):
        self._recent, self._hashes = recent, hashes
        self._of_library, self._of_fields = of_library, dict[str, bool]()

    def is_same(self, name: str) -> bool:
        """Whether the hash of what was noted under this name is the one from then."""
        same = self._of_fields.get(name)
        if same is None:
            same = self._of_library.get(name)
        if same is None:
            recent = self._recent
            is_field = name in recent.of_fields
            before = recent.of_fields[name] if is_field else recent.of_library.get(name)
            same = before is not None and before == self._hashes.of(name)
            (self._of_fields if is_field else self._of_library)[name] = same
        return same
