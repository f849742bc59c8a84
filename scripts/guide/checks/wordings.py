"""Every text of the content that a reader sees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from guide.checks.marked_texts import marked_texts
from guide.content import models as m
from guide.content.library import Library
from guide.content.models.marks import Marked, Path, Reader, Track

# The names that a handout's questions may call.
ASKED = ("medicine", "Medicine", "condition", "Condition", "abbreviation", "class")


class Wording(NamedTuple):
    """A text that a reader sees, written in YAML.

    `label` is its record's or file's label in `Library.place`, `path` leads from there to the text,
    and `values` holds what the text may call without naming a record.
    """

    label: str
    track: Track
    path: Path
    text: str
    values: Mapping[str, m.Value | None]


def wordings(library: Library) -> tuple[Wording, ...]:
    """Every text that a reader sees, by the `Reader` marks of the models."""
    texts: tuple[Wording, ...] = library.compute_once(_all_wordings)
    return texts


def _all_wordings(library: Library) -> tuple[Wording, ...]:
    return tuple(_each_wording(library))


def _each_wording(library: Library) -> Iterator[Wording]:
    for label, _, text in marked_texts(library, Reader):
        yield Wording(label, _track(text), text.path, text.text, _values(text.holder))


def _track(text: Marked[Reader]) -> Track:
    """Whose pages show the text: the outermost mark that names one reader decides."""
    reader = text.mark
    left_out = reader.both_without and getattr(text.holder, reader.both_without) is None
    tracks: list[Track] = [mark.track for mark in text.around]
    tracks.append("both" if left_out else reader.track)
    return next((track for track in tracks if track != "both"), "both")


def _values(holder: object) -> Mapping[str, m.Value | None]:
    """What the texts of a model may call by a bare name."""
    match holder:
        case m.Statement() | m.Question() | m.Answer() | m.ComparisonCell():
            return holder.values
        case m.HandoutSheet():
            return dict.fromkeys(ASKED)
        case _:
            return {}
