"""What the texts behind the sources said when they were last read by `links`.

`content/source-texts.json` holds a short digest of each text, and the records whose proof stood in
it. A file changes there only when a text does, so that git shows which. No page shows any of it.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from guide.base.problem import ContentErrors, Problem
from guide.content.layout import SOURCE_TEXTS
from guide.content.library import Library, Record


@dataclass(frozen=True)
class Reading:
    """A text as it was read on a day.

    `digest` is that of the words or, where a program cannot read them, of the file. `words` is 0
    then. `proofs` are the records whose proof stood in it, by id.
    """

    day: datetime.date
    digest: str
    of: Literal["text", "file"]
    words: int = 0
    proofs: tuple[str, ...] = ()


@dataclass(frozen=True)
class SourceText:
    """The text behind a source: as it was, and as it was found changed; None while it is as it
    was.
    """

    address: str
    was: Reading
    now: Reading | None = None

    @property
    def lost(self) -> tuple[str, ...]:
        """The records whose proof stood there and does not stand there now."""
        if self.now is None or self.now.of == "file":
            return ()
        return tuple(key for key in self.was.proofs if key not in self.now.proofs)


@dataclass(frozen=True)
class ChangedSource:
    """A source whose text changed after it was read, and the records that rest on it.

    `lost` are those whose proof was not found any more, `standing` those whose proof stands;
    `unknown` have no proof that was ever found there.
    """

    id: str
    accessed: datetime.date
    found: datetime.date
    of: Literal["text", "file"]
    lost: tuple[str, ...]
    standing: tuple[str, ...]
    unknown: tuple[str, ...]


def read_source_texts(root: Path) -> dict[str, SourceText]:
    """The texts by the id of their source; none where nothing was read yet.

    Raises ContentErrors for a file of another form: it was edited by hand, or merged wrongly.
    """
    path = root / "content" / SOURCE_TEXTS
    if not path.is_file():
        return {}
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        return {
            key: SourceText(
                entry["address"],
                _reading(entry["was"]),
                _reading(entry["now"]) if "now" in entry else None,
            )
            for key, entry in entries.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = (
            f"cannot be read ({error}): take the last form that git has, or delete it and read all"
            " sources anew with 'links'"
        )
        raise ContentErrors([Problem(f"content/{SOURCE_TEXTS}", 1, message)]) from error


def write_source_texts(root: Path, texts: Mapping[str, SourceText]) -> None:
    """Writes the texts, by id, so that a stop at any moment leaves a whole file."""
    path = root / "content" / SOURCE_TEXTS
    entries = {key: _entry(text) for key, text in sorted(texts.items())}
    new = path.with_name(f"{path.name}.new")
    new.write_text(json.dumps(entries, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    new.replace(path)


def _entry(text: SourceText) -> dict[str, Any]:
    entry: dict[str, Any] = {"address": text.address, "was": _written(text.was)}
    if text.now is not None:
        entry["now"] = _written(text.now)
    return entry


def _written(reading: Reading) -> dict[str, Any]:
    return asdict(reading) | {"day": reading.day.isoformat(), "proofs": sorted(reading.proofs)}


def _reading(entry: Mapping[str, Any]) -> Reading:
    reading = Reading(**entry)
    return replace(
        reading,
        day=datetime.date.fromisoformat(entry["day"]),
        proofs=tuple(reading.proofs),
    )


def changed_sources(library: Library, texts: Mapping[str, SourceText]) -> list[ChangedSource]:
    """The sources whose text changed since the day on which they were read, those with a lost
    proof first.
    """
    return sorted(
        _changed(library, texts),
        key=lambda one: (-len(one.lost), -len(one.standing) - len(one.unknown), one.id),
    )


def _changed(library: Library, texts: Mapping[str, SourceText]) -> Iterator[ChangedSource]:
    resting: dict[str, list[Record]] = {}
    for record in library.records.values():
        for key in record.sources:
            resting.setdefault(key, []).append(record)
    for key, text in texts.items():
        source = library.sources.get(key)
        if source is None or text.now is None or source.accessed >= text.now.day:
            continue
        ids = [record.id for record in resting.get(key, ())]
        readable = text.now.of == "text"
        yield ChangedSource(
            key,
            source.accessed,
            text.now.day,
            text.now.of,
            tuple(one for one in ids if one in text.lost),
            tuple(one for one in ids if readable and one in text.now.proofs),
            tuple(
                one
                for one in ids
                if one not in text.lost and not (readable and one in text.now.proofs)
            ),
        )
