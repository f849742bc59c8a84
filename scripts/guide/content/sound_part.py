"""The part of a file that is sound where another is not: its problems hide none of the rest."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from guide.content.key_path import KeyPath, Lines
from guide.content.stand_ins import Known, with_stand_ins

# Where a file names what it holds, be its YAML right or wrong.
_NAMED = re.compile(r"^[\s-]*\{?\s*(?:id|unit|source):\s*['\"]?([\w-]+)", re.M)


class SoundPart(NamedTuple):
    """What is left of a file: its values, its record, the lines of what is left, and whether that
    is all but single fields.
    """

    value: Any
    record: BaseModel
    lines: Lines
    whole: bool = True


def sound_part(
    value: Any, lines: Lines, model: type[BaseModel], to_do: Iterable[KeyPath], known: Known
) -> SoundPart | None:
    """A file with stand-ins for what is wrong, and without the entries of its lists that hold
    something to do or cannot be made whole; None where the file is nothing without them.

    `known` has an id that exists, by what a reference leads to.
    """
    if not isinstance(value, dict):
        return None
    mended = with_stand_ins(value, model, known)
    try:
        model.model_validate(mended.value)
        wrong = [*to_do]
    except ValidationError as error:
        wrong = [*to_do, *(item["loc"] for item in error.errors(include_url=False))]
    dropped: dict[str, set[int]] = {}
    for keys in wrong:
        items = mended.value.get(keys[0]) if keys and isinstance(keys[0], str) else None
        if not (len(keys) > 1 and isinstance(keys[1], int) and isinstance(items, list)):
            return None
        dropped.setdefault(str(keys[0]), set()).add(keys[1])
    rest = {key: _without(items, dropped.get(key, ())) for key, items in mended.value.items()}
    rest = {key: items for key, items in rest.items() if items != [] or key not in dropped}
    try:
        record = model.model_validate(rest)
    except ValidationError:
        return None
    return SoundPart(rest, record, _lines_left(lines, dropped), mended.whole and not dropped)


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


# Line numbers in a file, the first and the last.
Span = tuple[int, int]

_END = 1 << 30


def entries_around(lines: Lines, wrong: Collection[int]) -> tuple[Span, ...]:
    """The lines of a file's entries in which something wrong stands: of the entries of its lists,
    or of the whole file where a line belongs to none of them.
    """
    starts = sorted({line for keys, line in lines.items() if len(keys) == 1} | _entry_lines(lines))
    entries = _entry_lines(lines)
    spans = set()
    for number in wrong:
        before = [start for start in starts if start <= number]
        if before and before[-1] in entries:
            after = next((start for start in starts if start > number), _END)
            spans.add((before[-1], after - 1))
        else:
            spans.add((0, _END))
    return tuple(sorted(spans))


def _entry_lines(lines: Lines) -> set[int]:
    return {line for keys, line in lines.items() if len(keys) == 2 and isinstance(keys[1], int)}
