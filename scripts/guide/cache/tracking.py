"""What a computation asked of its inputs, so that its result is kept exactly as long as these
things stay the same.

Nobody has to declare what a page depends on: a component that reads more depends on more. Inputs
are one frozen dataclass. `tracked` gives another of the same type whose parts note what is asked of
them, and `InputHashes` the hash of each thing that was noted.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
import hashlib
import importlib
import sys
from collections.abc import Callable, ItemsView, Iterator, Mapping, Sequence, ValuesView
from types import ModuleType
from typing import Any, TypeVar, cast

from guide.base.fingerprint import fingerprint
from guide.content.library import Library, is_by_value

T = TypeVar("T")
V = TypeVar("V")

# Noted by name and key, such as "sources\0made-up-label".
Dependencies = set[str]

WHOLE = "*"  # no id holds an asterisk
MISSING = b"-"
_COMPUTED = "computed"
# Of a date: that it lies behind another.
_AFTER = ">"

# Fields of the library that are one record each: noted field by field.
_RECORDS = frozenset({"site", "vocabulary"})

# Where things are written: needed for messages only, and never part of a page.
_PLACES = frozenset({"place", "lines", "files", "digests", "computed"})


def tracked(inputs: T, dependencies: Dependencies) -> T:
    """The same inputs, which note in `dependencies` what is asked of them."""
    fields = dataclasses.fields(cast(Any, inputs))
    return cast(
        T,
        dataclasses.replace(
            cast(Any, inputs),
            **{
                field.name: _tracked(field.name, getattr(inputs, field.name), dependencies)
                for field in fields
            },
        ),
    )


def _tracked(name: str, value: object, dependencies: Dependencies) -> object:
    if isinstance(value, Library):
        return TrackedLibrary(value, dependencies)
    if isinstance(value, datetime.date):
        return TrackedDate.of(name, value, dependencies)
    if isinstance(value, Mapping):
        return TrackedMapping(name, value, dependencies)
    if dataclasses.is_dataclass(value):
        return TrackedFields(name, value, dependencies)
    raise TypeError(f"the input '{name}' cannot be tracked: {type(value).__name__}")


class TrackedMapping(Mapping[str, V]):
    """A mapping that notes each key that is asked for, present or not, and any walk through it as
    the whole.
    """

    def __init__(self, name: str, entries: Mapping[str, V], dependencies: Dependencies):
        self._name, self._entries, self._dependencies = name, entries, dependencies

    def _note(self, key: object) -> None:
        self._dependencies.add(f"{self._name}\0{key}")

    def __getitem__(self, key: str) -> V:
        self._note(key)
        return self._entries[key]

    def get(self, key: str, default: Any = None) -> Any:
        """As any mapping's."""
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

    def values(self) -> ValuesView[V]:
        """As any mapping's; what stands in it depends on all of it."""
        self._note(WHOLE)
        return self._entries.values()

    def items(self) -> ItemsView[str, V]:
        """As any mapping's; what stands in it depends on all of it."""
        self._note(WHOLE)
        return self._entries.items()


class TrackedFields:
    """A record whose fields are noted one by one, also those that its own methods and properties
    read.
    """

    def __init__(self, name: str, record: object, dependencies: Dependencies):
        self._name, self._record, self._dependencies = name, record, dependencies

    def __getattr__(self, field: str) -> Any:
        made = getattr(type(self._record), field, None)
        if isinstance(made, property) and made.fget:
            return made.fget(self)
        if callable(made):
            return functools.partial(made, self)
        self._dependencies.add(f"{self._name}\0{field}")
        return getattr(self._record, field)


class TrackedDate(datetime.date):
    """A day. Whether it is after another day is noted as no more than that; all else that is asked
    of it as the day itself.
    """

    _name: str
    _dependencies: Dependencies

    @classmethod
    def of(cls, name: str, day: datetime.date, dependencies: Dependencies) -> TrackedDate:
        """The day, which notes under this name what is asked of it."""
        made = cls(day.year, day.month, day.day)
        made._name, made._dependencies = name, dependencies
        return made

    def __getattribute__(self, attribute: str) -> Any:
        if not attribute.startswith("_"):
            self._day()
        return super().__getattribute__(attribute)

    def _day(self) -> datetime.date:
        self._dependencies.add(f"{self._name}\0{WHOLE}")
        return datetime.date.fromordinal(super().toordinal())

    def _is_after(self, other: datetime.date) -> bool:
        self._dependencies.add(f"{self._name}\0{_AFTER}{datetime.date.isoformat(other)}")
        return super().__gt__(other)

    def __gt__(self, other: datetime.date) -> bool:
        return self._is_after(other)

    def __le__(self, other: datetime.date) -> bool:
        return not self._is_after(other)

    def __ge__(self, other: datetime.date) -> bool:
        return other == datetime.date.min or self._is_after(other - datetime.timedelta(days=1))

    def __lt__(self, other: datetime.date) -> bool:
        return not self >= other

    def __eq__(self, other: object) -> bool:
        return self._day() == other

    def __ne__(self, other: object) -> bool:
        return self._day() != other

    def __hash__(self) -> int:
        return hash(self._day())

    def __add__(self, other: datetime.timedelta) -> Any:
        return self._day() + other

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return self._day() - other

    def __rsub__(self, other: datetime.date) -> datetime.timedelta:
        return other - self._day()

    def __str__(self) -> str:
        return str(self._day())

    def __repr__(self) -> str:
        return repr(self._day())

    def __format__(self, spec: str) -> str:
        return format(self._day(), spec)

    def __reduce__(self) -> tuple[Any, ...]:
        return cast("tuple[Any, ...]", self._day().__reduce__())


class TrackedLibrary(Library):
    """A library that notes what is asked of it: one entry of a mapping, or, when somebody goes
    through a whole mapping, all of it.
    """

    def __init__(self, library: Library, dependencies: Dependencies):
        self.__dict__.update(_library=library, _dependencies=dependencies)

    def compute_once(self, compute: Callable[[Library], T]) -> T:
        """As the library's. What `compute` asked counts as asked here too; where it is marked
        `by_value`, only what comes out does.
        """
        if is_by_value(compute):
            self._dependencies.add(f"{_COMPUTED}\0{compute.__module__}:{compute.__qualname__}")
            return cast(T, self._library.compute_once(compute))
        key = TrackedLibrary, compute
        entry = self._library.computed.get(key)
        if entry is None:
            dependencies: Dependencies = set()
            value = compute(TrackedLibrary(self._library, dependencies))
            entry = self._library.computed[key] = value, dependencies
        self._dependencies.update(entry[1])
        return cast(T, entry[0])

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._library, name)
        if name in _PLACES or name.startswith("_") or callable(value):
            return value
        if name in _RECORDS:
            shown: object = TrackedFields(name, value, self._dependencies)
        elif isinstance(value, Mapping):
            shown = TrackedMapping(name, value, self._dependencies)
        else:
            self._dependencies.add(f"{name}\0{WHOLE}")
            return value
        self.__dict__[name] = shown
        return shown


def _imported(module: str) -> ModuleType:
    if not module.startswith("guide."):
        raise ImportError(module)
    return importlib.import_module(module)


class InputHashes:
    """The hash, 16 bytes, of everything that tracked inputs can note.

    `of_library` holds those of the library; several inputs with the same library may share it.
    `of_fields` holds those of all else.
    """

    def __init__(self, inputs: object):
        fields = {
            field.name: getattr(inputs, field.name)
            for field in dataclasses.fields(cast(Any, inputs))
        }
        self.library = next((one for one in fields.values() if isinstance(one, Library)), None)
        self.of_library: dict[str, bytes] = {}
        self._fields = {name: one for name, one in fields.items() if one is not self.library}
        self.of_fields: dict[str, bytes] = {}

    def of(self, dependency: str) -> bytes:
        """The hash of one thing that was noted."""
        name, _, key = dependency.partition("\0")
        known = self.of_fields if name in self._fields else self.of_library
        digest = known.get(dependency)
        if digest is None:
            digest = known[dependency] = (
                self._of_field(name, key) if name in self._fields else self._of_entry(name, key)
            )
        return digest

    def together(self, dependencies: Sequence[str]) -> bytes:
        """The hash of several, in their order."""
        of_fields, of_library = self.of_fields, self.of_library
        return hashlib.blake2b(
            b"".join(
                [
                    of_fields.get(name) or of_library.get(name) or self.of(name)
                    for name in dependencies
                ]
            ),
            digest_size=16,
        ).digest()

    def _of_field(self, name: str, key: str) -> bytes:
        value = self._fields[name]
        if isinstance(value, Mapping):
            return self._of_mapping(name, value, key)
        if isinstance(value, datetime.date):
            if key == WHOLE:
                return fingerprint(value.isoformat())
            return fingerprint(str(value > datetime.date.fromisoformat(key.removeprefix(_AFTER))))
        return fingerprint(repr(getattr(value, key, None)))

    def _of_entry(self, name: str, key: str) -> bytes:
        library = self.library
        if library is None:
            return MISSING
        if name == _COMPUTED:
            module, _, name = key.partition(":")
            # The name is from a file: only what is marked as ours is called.
            function = getattr(sys.modules.get(module) or _imported(module), name)
            if not is_by_value(function):
                return MISSING
            return fingerprint(repr(library.compute_once(function)))
        value = getattr(library, name, MISSING)
        if name in _RECORDS:
            return fingerprint(repr(getattr(value, key, None)))
        if not isinstance(value, Mapping):
            return fingerprint(repr(value))
        digest = library.digests.get((name, key))
        return digest if digest and key in value else self._of_mapping(name, value, key)

    def _of_mapping(self, name: str, entries: Mapping[str, object], key: str) -> bytes:
        if key == WHOLE:
            return fingerprint(
                *(part for entry in entries for part in (entry, self.of(f"{name}\0{entry}")))
            )
        return fingerprint(repr(entries[key])) if key in entries else MISSING
