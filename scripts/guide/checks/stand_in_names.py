"""Something that stands in for a name that leads nowhere, for the length of a check: so that a
misspelt id does not hide what else is wrong on the pages that need it. That the name leads nowhere
is said already, and keeps all of it from being published.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from guide.checks.marked_texts import marked_texts
from guide.checks.wordings import wordings
from guide.content import models as m
from guide.content import wording
from guide.content.library import Library, Record
from guide.content.models.marks import Ref

Fits = Callable[[Record], bool]


def _is_result(record: Record) -> bool:
    return isinstance(record, m.Result)


def _is_statement(record: Record) -> bool:
    return isinstance(record, m.Statement)


_RECORDS: Mapping[str, Fits] = {
    "fact": lambda record: True,
    "result": _is_result,
    "statement": lambda record: not _is_result(record),
}
_SHELVES = {"condition": "conditions", "medicine": "medicines", "source": "sources"}


def give_stand_ins(library: Library) -> None:
    """Makes every name in the library lead somewhere, where something like it is there: to what has
    the most similar name.
    """
    for _, _, text in list(marked_texts(library, Ref)):
        target = text.mark.target
        if target in _RECORDS:
            _stand_in_record(library, text.text, _RECORDS[target])
        elif target in _SHELVES:
            shelf = getattr(library, _SHELVES[target])
            _stand_in(library, _SHELVES[target], text.text, shelf)
    for _, _, _, said, own in wordings(library):
        for owner, name in wording.calls(said):
            values: Any = own
            if owner is not None:
                _stand_in_record(library, owner, _is_statement)
                record = library.records.get(owner)
                values = record.values if isinstance(record, m.Statement) else {name: 1}
            if name not in values and isinstance(values, dict):
                values[name] = 1


def _stand_in_record(library: Library, name: str, fits: Fits) -> None:
    known = {key: record for key, record in library.records.items() if fits(record)}
    if name not in library.records and (near := _stand_in(library, "records", name, known)):
        library.subject[name] = library.subject[near]


def _stand_in(library: Library, shelf: str, name: str, known: Mapping[str, Any]) -> str:
    """Puts what has the most similar name on a shelf of the library under a name that is missing;
    its own name, or "" where nothing is put.
    """
    stored = getattr(library, shelf)
    if name in stored or not known:
        return ""
    near = _nearest(name, known)
    stored[name] = known[near]
    prefix = "" if shelf == "records" else f"{shelf.removesuffix('s')}:"
    if f"{prefix}{near}" in library.place:
        library.place[f"{prefix}{name}"] = library.place[f"{prefix}{near}"]
    if (shelf, near) in library.digests:
        library.digests[shelf, name] = library.digests[shelf, near]
    return near


def _nearest(name: str, known: Iterable[str]) -> str:
    names = list(known)
    return next(iter(difflib.get_close_matches(name, names, 1)), names[0])
