"""The part of a file that is sound where another is not: its problems hide none of the rest."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from guide.content.key_path import KeyPath, Lines

# Where a file names what it holds, be its YAML right or wrong.
_NAMED = re.compile(r"^[\s-]*\{?\s*(?:id|unit|source):\s*['\"]?([\w-]+)", re.M)


class SoundPart(NamedTuple):
    """What is left of a file: its values, its record, and the lines of what is left."""

    value: Any
    record: BaseModel
    lines: Lines


def sound_part(
    value: Any, lines: Lines, model: type[BaseModel], wrong: Iterable[KeyPath]
) -> SoundPart | None:
    """A file without the items of its lists that hold something wrong, by the key paths of what
    is; None where the file is nothing without them.
    """
    if not isinstance(value, dict):
        return None
    dropped: dict[str, set[int]] = {}
    for keys in wrong:
        items = value.get(keys[0]) if keys and isinstance(keys[0], str) else None
        if not (len(keys) > 1 and isinstance(keys[1], int) and isinstance(items, list)):
            return None
        dropped.setdefault(str(keys[0]), set()).add(keys[1])
    rest = {key: _without(items, dropped.get(key, ())) for key, items in value.items()}
    rest = {key: items for key, items in rest.items() if items != [] or key not in dropped}
    try:
        record = model.model_validate(rest)
    except ValidationError:
        return None
    return SoundPart(rest, record, _lines_left(lines, dropped))


def _without(items: Any, places: Collection[int]) -> Any:
    if not places:
        return items
    return [item for index, item in enumerate(items) if index not in places]


def _lines_left(lines: Lines, dropped: Mapping[str, Collection[int]]) -> Lines:
    """The lines of what is left, by the key paths that it has now."""
    left: Lines = {}
    for keys, line in lines.items():
        places = dropped.get(str(keys[0]), ()) if keys else ()
        if len(keys) < 2 or not places or not isinstance(keys[1], int):
            left[keys] = line
        elif keys[1] not in places:
            before = sum(place < keys[1] for place in places)
            left[keys[0], keys[1] - before, *keys[2:]] = line
    return left


def names_in(text: str) -> set[str]:
    """The ids that a file gives, found in its text: it may be no YAML."""
    return set(_NAMED.findall(text))
