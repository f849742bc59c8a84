"""Every source, medicine, trial or fact that is named exists, so that no citation leads nowhere."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from guide.base.layers import layered_files
from guide.base.problem import Problem, nearest
from guide.checks.marked_texts import marked_texts
from guide.checks.rule import Guide
from guide.checks.wordings import wordings
from guide.content import models as m
from guide.content import wording
from guide.content.chosen_pages import optional_names
from guide.content.layout import VOCABULARY
from guide.content.library import Library, Record
from guide.content.models.marks import Ref, Target, marked
from guide.content.values import result_values

# The options of a comparison that are no intervention: going on without a new one.
NOTHING_NEW = ("no-new-medicine", "no-change")

_SITE = "content/site.yml"
_VOCABULARY = f"content/{VOCABULARY}"


def check(guide: Guide) -> Iterator[Problem]:
    """Looks up every reference of the models, and what is no plain reference."""
    yield from _references(guide)
    yield from _site(guide)
    yield from _folders(guide.library)
    yield from _topics(guide)
    yield from _handouts(guide)
    yield from _schedule_times(guide)
    yield from _amounts(guide)
    yield from _phrasings(guide)
    yield from _calls(guide)


class _Names:
    """The ids that exist, by what a reference can lead to."""

    def __init__(self, guide: Guide):
        library = self._library = guide.library
        results = {record.id for record in library.results()}
        approvals = {
            record.id for record in library.records.values() if isinstance(record, m.Approval)
        }
        self._docs = list(layered_files(guide.root, "docs", "**/*.md"))
        self._parts = (*library.glossary, *(key for key in library.records if key not in approvals))
        self._by_target: dict[Target, Collection[str]] = {
            "agency": [agency.id for agency in library.site.agencies],
            "comparison option": (*library.medicines, *NOTHING_NEW),
            "condition": library.conditions,
            "fact": library.records,
            "intent": library.intents,
            "jurisdiction": library.site.jurisdictions,
            "medicine": library.medicines,
            "population": library.site.populations,
            "result": [key for key in library.records if key in results],
            "source": library.sources,
            "statement": [key for key in library.records if key not in results],
            "subject": (*library.medicines, *library.conditions),
            "topic": library.topics,
            "topic page": sorted(
                {
                    Path(name).stem
                    for name in self._docs
                    if name.startswith(("topic/", "condition/"))
                }
            ),
        }
        self._sets = {target: frozenset(names) for target, names in self._by_target.items()}

    def have(self, target: Target, owner: str, key: str) -> bool:
        """Whether `key` is an id that a reference to `target` in a file of `owner` can name."""
        known = self._sets.get(target)
        return key in (self.of(target, owner) if known is None else known)

    def of(self, target: Target, owner: str) -> Collection[str]:
        """All ids that such a reference can name, in the order of the files."""
        if target == "part of a handout":
            takeaways = self._library.takeaways.get(owner, ())
            return (*(takeaway.id for takeaway in takeaways), *self._parts)
        if target == "optional page":
            return optional_names(self._docs, owner)
        if target == "row of the schedule":
            topic = self._library.topics.get(owner)
            schedule = self._library.schedules.get(topic.medicine) if topic else None
            return [row.id for row in schedule.rows] if schedule else []
        return self._by_target[target]


def _references(guide: Guide) -> Iterator[Problem]:
    """References in all files but those two."""
    names, stray = _Names(guide), set(_stray_handouts(guide.library))
    of_words: dict[str, list[tuple[str, Problem]]] = {}
    for label, owner, text in marked_texts(guide.library, Ref):
        if label not in stray and not names.have(text.mark.target, owner, text.text):
            message = _no_such(text.mark, text.text, names.of(text.mark.target, owner))
            problem = guide.problem(label, message, *text.path)
            if label.startswith("term:"):
                of_words.setdefault(problem.path, []).append((text.text, problem))
            else:
                yield problem
    for file, found in of_words.items():
        yield from _of_words(file, found)


# So many words of one glossary that lead nowhere came from another guide.
_TAKEN_OVER = 4


def _of_words(file: str, found: list[tuple[str, Problem]]) -> Iterator[Problem]:
    """The words of a glossary that rest on facts which do not exist: one problem where they are
    many.
    """
    if len(found) < _TAKEN_OVER:
        yield from (problem for _, problem in found)
        return
    facts = list(dict.fromkeys(fact for fact, _ in found))
    more = ", …" if len(facts) > _TAKEN_OVER else ""
    lines = ", ".join(str(problem.line) for _, problem in found)
    yield Problem(
        file,
        found[0][1].line,
        f"{len(found)} words rest on facts that this guide does not have"
        f" ({', '.join(facts[:_TAKEN_OVER])}{more}), as in a glossary of another guide: delete the"
        f" 'statement' of each, or the word; they stand in lines {lines}",
    )


def _site(guide: Guide) -> Iterator[Problem]:
    """References in content/site.yml and content/vocabulary.yml."""
    names = _Names(guide)
    for file, model in ((_SITE, guide.library.site), (_VOCABULARY, guide.library.vocabulary)):
        for text in marked(model, Ref):
            if not names.have(text.mark.target, "", text.text):
                message = _no_such(text.mark, text.text, names.of(text.mark.target, ""))
                yield Problem(file, guide.library.line(file, *text.path), message)


def _no_such(reference: Ref, key: str, names: Iterable[str]) -> str:
    """The message for an id that does not exist, with the nearest one, or all where few exist."""
    known = list(names)
    others = f" (there are: {', '.join(known)})" if len(known) <= 20 else ""
    return f"there is no {reference} '{key}'{nearest(key, known) or others}"


def _folders(library: Library) -> Iterator[Problem]:
    """A folder is a medicine, condition or topic only by the file that says so."""
    shelves: dict[str, tuple[Collection[str], str]] = {
        "medicines": (library.medicines, "medicine.yml"),
        "conditions": (library.conditions, "condition.yml"),
        "topics": (library.topics, "topic.yml"),
    }
    for name in library.lines:
        parts = Path(name).parts
        if len(parts) == 4 and parts[1] in shelves:
            shelf, file = shelves[parts[1]]
            if parts[2] not in shelf:
                yield Problem(
                    name,
                    0,
                    f"the folder '{parts[2]}' has no {file}{nearest(parts[2], shelf)}: write it, or"
                    " move this file to the right folder",
                )


def _topics(guide: Guide) -> Iterator[Problem]:
    """Topics that content/site.yml does not list, or whose condition has no comparison."""
    library = guide.library
    for key, topic in library.topics.items():
        if topic.condition in library.conditions and topic.condition not in library.comparisons:
            yield guide.problem(
                f"topic:{key}",
                f"content/conditions/{topic.condition}/comparison.yml is missing: a topic shows all"
                " options",
                "condition",
            )
        if key not in library.site.topics:
            yield guide.problem(
                f"topic:{key}", f"the topic '{key}' is not in {_SITE}: add it to 'topics'"
            )


def _stray_handouts(library: Library) -> dict[str, str]:
    """The handouts of topics that do not exist: label and id of the topic."""
    return {f"handout:{key}": key for key in library.handouts if key and key not in library.topics}


def _handouts(guide: Guide) -> Iterator[Problem]:
    """Handouts whose topic does not exist; nothing else can be said of them."""
    for label, key in _stray_handouts(guide.library).items():
        near = nearest(key, guide.library.topics)
        yield guide.problem(label, f"there is no topic '{key}'{near}")


def _schedule_times(guide: Guide) -> Iterator[Problem]:
    """The times of a schedule's rows, `<statement>.<value>`."""
    for medicine, schedule in guide.library.schedules.items():
        for index, row in enumerate(schedule.rows):
            for field, calls in (("due", row.due), ("every", row.every)):
                for call in calls:
                    if message := _wrong_time(guide.library, row, call):
                        yield guide.problem(
                            f"schedule:{medicine}", f"{field}: {message}", "rows", index, field
                        )


def _wrong_time(library: Library, row: m.MonitoringRow, call: str) -> str | None:
    """Why a call is no time of a statement of the row; None where it is one."""
    owner, _, name = call.partition(".")
    if owner not in row.during:
        return (
            f"'{owner}' is not in 'during'{nearest(owner, row.during)}: a time belongs to a"
            " statement of the row"
        )
    record = library.records.get(owner)
    values = record.values if isinstance(record, m.Statement) else {}
    if m.is_time(values.get(name)):
        return None
    times = [key for key, value in values.items() if m.is_time(value)]
    return f"'{owner}' has no time '{name}'; it has {', '.join(times) or 'none'}"


def _amounts(guide: Guide) -> Iterator[Problem]:
    """The amounts of dose tables that are values of facts, `<statement>.<value>`."""
    for medicine, table in guide.library.dose_tables.items():
        for index, row in enumerate(table.rows):
            for keys, call in row.calls.items():
                owner, _, name = call.partition(".")
                record = guide.library.records.get(owner)
                values = record.values if isinstance(record, m.Statement) else {}
                amounts = [key for key, value in values.items() if isinstance(value, m.Quantity)]
                wrong = (
                    f"'{owner}' is not in 'facts'{nearest(owner, row.facts)}: an amount belongs to"
                    " a fact of the row"
                    if owner not in row.facts
                    else f"'{owner}' has no amount '{name}'; it has {', '.join(amounts) or 'none'}"
                    if name not in amounts
                    else ""
                )
                if wrong:
                    where = ("rows", index, *keys)
                    yield guide.problem(f"doses:{medicine}", f"{keys[0]}: {wrong}", *where)


def _phrasings(guide: Guide) -> Iterator[Problem]:
    """The intents that phrasings are for."""
    intents = guide.library.intents
    for key, file in guide.library.phrasings.items():
        for intent in file.phrasings:
            if intent not in intents:
                said = f"there is no intent '{intent}'{nearest(intent, intents)}"
                yield guide.problem(f"phrasings:{key}", said, "phrasings", intent)


def _calls(guide: Guide) -> Iterator[Problem]:
    """The values that wordings call, `{name}` or `{record.name}`."""
    names_of = functools.cache(lambda owner: _names_of_values(guide.library.records[owner]))
    for label, _, path, text, values in wordings(guide.library):
        for owner, name in wording.calls(text):
            if owner is None:
                wrong = f" is not in 'values'{nearest(name, values)}" if name not in values else ""
            elif owner not in guide.library.records:
                near = nearest(owner, guide.library.records)
                wrong = f" calls a record that does not exist{near}"
            elif name not in names_of(owner):
                has = ", ".join(names_of(owner)) or "none"
                wrong = f": '{owner}' has no value '{name}'; it has {has}"
            else:
                wrong = ""
            if wrong:
                call = name if owner is None else f"{owner}.{name}"
                yield guide.problem(label, f"{path[-1]}: {{{call}}}{wrong}", *path)


def _names_of_values(record: Record) -> Collection[str]:
    """What a wording can call of a record."""
    match record:
        case m.Statement():
            return record.values
        case m.Result():
            return result_values(record)
        case m.Approval():
            return ("date", "checked")
