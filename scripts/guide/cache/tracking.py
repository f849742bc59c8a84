"""What a computation read of the library, so that its result is kept exactly as long as those
things stay the same.

A `Window` is a library that notes what is asked of it: one entry of a shelf, or, when somebody
goes through a whole shelf, all of it. Nobody has to declare what a page depends on: a component
that reads more depends on more. `Inputs` gives the fingerprint of each thing that was noted.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import importlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from guide.base.fingerprint import fingerprint
from guide.content.library import Library

WHOLE = "*"  # no id holds an asterisk


MISSING = b"-"


# Where things are written: needed for messages only, and never part of a page.
_PLACES = frozenset(
    {"place", "lines", "files", "digests", "computed_with_dependencies", "computed"}
)


class Shelf(Mapping[str, Any]):
    """A mapping that notes each key that is asked for, present or not, and any walk through it as
    the whole.
    """

    def __init__(self, name: str, entries: Mapping[str, Any], reads: set[str]):
        self._name, self._entries, self._reads = name, entries, reads

    def _note(self, key: Any) -> None:
        self._reads.add(f"{self._name}\0{key}")

    def __getitem__(self, key: str) -> Any:
        self._note(key)
        return self._entries[key]

    def get(self, key: str, default: Any = None) -> Any:
        self._note(key)
        return self._entries.get(key, default)

    def __contains__(self, key: object) -> bool:
        self._note(key)
        return key in self._entries

    def __iter__(self) -> Iterator[str]:
        self._note(WHOLE)
        return iter(self._entries)

    def __len__(self) -> int:
        self._note(WHOLE)
        return len(self._entries)

    def values(self) -> Any:
        self._note(WHOLE)
        return self._entries.values()

    def items(self) -> Any:
        self._note(WHOLE)
        return self._entries.items()


class Fields:
    """A record whose fields are noted one by one, also those that its own methods and properties
    read.
    """

    def __init__(self, name: str, record: Any, reads: set[str]):
        self._name, self._record, self._reads = name, record, reads

    def __getattr__(self, field: str) -> Any:
        made = getattr(type(self._record), field, None)
        if isinstance(made, property):
            return made.fget(self)
        if callable(made):
            return functools.partial(made, self)
        self._reads.add(f"{self._name}\0{field}")
        return getattr(self._record, field)


class Day:
    """Today, for a page: what was asked of it is noted, and a page depends on no more. Most ask
    whether a date is past.
    """

    def __init__(self, day: datetime.date, reads: set[str]):
        self._day, self._reads = day, reads

    def __gt__(self, other: datetime.date) -> bool:
        self._reads.add(f"after\0{other.isoformat()}")
        return self._day > other

    def whole(self) -> datetime.date:
        self._reads.add(f"today\0{WHOLE}")
        return self._day


def whole(today: datetime.date | Day) -> datetime.date:
    """The day itself; who asks for it is made anew every day."""
    return today.whole() if isinstance(today, Day) else today


class Window(Library):
    """A library that notes in `reads` what is asked of it."""

    def __init__(self, library: Library, reads: set[str]):
        self.__dict__.update(_library=library, _reads=reads)

    @property
    def untracked(self) -> Library:
        return self._library

    def compute_once(self, make: Callable[[Library], Any], by_value: bool = False) -> Any:
        """What `make` works out of the library, once. What it read counts as read here too;
        `by_value`: only what comes out does, which must be made of values that `repr` writes in
        full.
        """
        if by_value:
            self._reads.add(f"memo\0{make.__module__}:{make.__qualname__}")
            return self._library.compute_once(make)
        found = self._library.computed_with_dependencies.get(make)
        if found is None:
            reads: set[str] = set()
            found = self._library.computed_with_dependencies[make] = (
                make(Window(self._library, reads)),
                reads,
            )
        self._reads |= found[1]
        return found[0]

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._library, name)
        if name in _PLACES or name.startswith("_") or callable(value):
            return value
        if name == "site":
            shown: Any = Fields("site", value, self._reads)
        elif isinstance(value, Mapping):
            shown = Shelf(name, value, self._reads)
        else:
            self._reads.add(f"{name}\0{WHOLE}")
            return value
        self.__dict__[name] = shown
        return shown


class Inputs:
    """The fingerprint of everything a window can note. `more`: further shelves by name, such as
    where records stand.
    """

    def __init__(self, library: Library, **more: Any):
        self.library, self.more = library, more
        self._known: dict[str, bytes] = {}

    def of(self, name: str) -> bytes:
        found = self._known.get(name)
        if found is None:
            found = self._known[name] = self._work_out(name)
        return found

    def together(self, names: Sequence[str]) -> bytes:
        known = self._known
        return hashlib.blake2b(
            b"".join([known.get(name) or self.of(name) for name in names]), digest_size=16
        ).digest()

    def forget(self, *shelves: str) -> None:
        """Says that these shelves have changed."""
        self._known = {
            name: found
            for name, found in self._known.items()
            if name.partition("\0")[0] not in shelves
        }

    def _work_out(self, name: str) -> bytes:
        shelf, _, key = name.partition("\0")
        if shelf == "memo":
            module, _, function = key.partition(":")
            return fingerprint(
                repr(self.library.compute_once(getattr(importlib.import_module(module), function)))
            )
        if shelf == "site":
            return fingerprint(repr(getattr(self.library.site, key, None)))
        if shelf == "today":
            return fingerprint(self.more[shelf].isoformat())
        if shelf == "after":
            return fingerprint(str(self.more["today"] > datetime.date.fromisoformat(key)))
        if shelf == "publication":
            return fingerprint(repr(getattr(self.more[shelf], key)))
        entries = self.more[shelf] if shelf in self.more else getattr(self.library, shelf, MISSING)
        if not isinstance(entries, Mapping):
            return fingerprint(repr(entries))
        if key == WHOLE:
            return fingerprint(
                *(part for entry in entries for part in (entry, self.of(f"{shelf}\0{entry}")))
            )
        if key not in entries:
            return MISSING
        return self.library.digests.get((shelf, key)) or fingerprint(repr(entries[key]))
