"""Every marked text of the library, with the label of the place where it is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, NamedTuple

from pydantic import BaseModel

from guide.content import models as m
from guide.content.library import Library
from guide.content.models.marks import Mark, Marked, has_marks, marked

# Records that stand inside other models and have a label of their own.
RECORDS: tuple[type[BaseModel], ...] = (m.Statement, m.Result, m.Approval)


class _Shelf(NamedTuple):
    """A mapping of the library: its name, how the labels of its places begin, what stands on it.

    `items` is the file's key for the list that the shelf holds, where it holds one.
    """

    name: str
    prefix: str
    models: tuple[type[BaseModel], ...]
    items: str = ""


_SHELVES = (
    _Shelf("records", "", RECORDS),
    _Shelf("questions", "faq:", (m.Question,), "questions"),
    _Shelf("takeaways", "takeaways:", (m.Takeaway,), "takeaways"),
    _Shelf("answers", "answers:", (m.Answer,), "answers"),
    _Shelf("cards", "card:", (m.Card,)),
    _Shelf("comparisons", "comparison:", (m.Comparison,)),
    _Shelf("schedules", "schedule:", (m.Schedule,)),
    _Shelf("dose_tables", "doses:", (m.DoseTable,)),
    _Shelf("handouts", "handout:", (m.Handout,)),
    _Shelf("glossary", "term:", (m.Term,)),
    _Shelf("trials", "trial:", (m.Trial,)),
    _Shelf("conditions", "condition:", (m.Condition,)),
    _Shelf("topics", "topic:", (m.Topic,)),
    _Shelf("medicines", "medicine:", (m.Medicine,)),
    _Shelf("claims", "claims:", (m.ClaimFile,)),
    _Shelf("guidelines", "guideline:", (m.Guideline,)),
    _Shelf("health_systems", "health-system:", (m.HealthSystem,)),
    _Shelf("sources", "source:", (m.Source,)),
    _Shelf("source_words", "source-words:", (m.SourceWords,)),
)


class Labelled(NamedTuple, Generic[Mark]):
    """A marked text with the label of its place (see `Library.place`).

    `owner` is the key of its shelf: the id of the record, or of the topic, medicine or condition
    that a list belongs to. The path of `marked` is below the label's place.
    """

    label: str
    owner: str
    marked: Marked[Mark]


def marked_texts(library: Library, kind: type[Mark]) -> Iterator[Labelled[Mark]]:
    """Every text of the library that has a mark of this kind, but for content/site.yml.

    Shelves that can hold no such text are not read: what is worked out from the texts does not
    depend on them.
    """
    for shelf in _SHELVES:
        if not any(has_marks(model, kind, RECORDS) for model in shelf.models):
            continue
        for owner, value in getattr(library, shelf.name).items():
            label = f"{shelf.prefix}{owner}"
            if shelf.items:
                for index, item in enumerate(value):
                    for text in marked(item, kind, RECORDS, (shelf.items, index)):
                        yield Labelled(label, owner, text)
            else:
                for text in marked(value, kind, RECORDS):
                    yield Labelled(label, owner, text)
