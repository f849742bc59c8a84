"""Which facts a handout shows, and which records stand behind it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from guide.base.text import text
from guide.content import models as m
from guide.content.citations.names import first_author
from guide.content.library import Library
from guide.content.models.topics import HANDOUT_PARTS
from guide.content.values import is_benefit
from guide.view.approvals import alternatives_of, approvals_of
from guide.view.context import TopicContext
from guide.view.emergency import emergency_signs, has_signs
from guide.view.selection import pick_statements
from guide.view.trial_groups import trials_in_group

# What a part is made of when handout.yml does not say: kinds of statements, and how many of the
# nearest.
_NEAREST = {
    "about": (("definition", 1), ("mechanism", 1)),
    "dose": (("dosing", 2),),
    # Of what is no medicine.
    "procedure": (("definition", 1), ("procedure", 2)),
    "procedure only": (("procedure", 2),),
    "harms": (("warning", 2), ("adverse-reaction", 2)),
    "evidence": (("certainty", 2),),
    "risks": (("warning", 2),),
    "signs": (("urgent-signs", 3),),
}


_TAKEAWAYS, _RESULTS, SOURCES = 3, 4, 4


# The kind of statement that a part is about: the part says what is not known about that kind.
KIND_OF = {
    "about": "definition",
    "evidence": "certainty",
    "risks": "warning",
    "signs": "urgent-signs",
    "tests": "monitoring",
    "remember": "approval",
}


# The parts that a page may print by name.
HandoutPart = Literal["remember", "signs", "about", "evidence", "risks"]


Item = m.Takeaway | m.Statement | m.Result | m.Term


@dataclass(frozen=True)
class Sheet:
    """The records of one handout, by part, in print order."""

    parts: dict[str, tuple[Item, ...]]
    tests: tuple[m.MonitoringRow, ...]
    ask: tuple[str, ...]
    sources: tuple[str, ...] | None


def sheet(page: TopicContext) -> Sheet:
    """The sheet of the page's topic and track. Ids that do not exist are left to the rule
    `names-exist`.
    """
    library, topic = page.library, page.topic
    topic_sheet = _sheet_of(library, topic.id, page.patient)
    # The questions of content/handout.yml stand where the topic has none of its own.
    default = _sheet_of(library, "", page.patient)
    parts = {}
    for part in HANDOUT_PARTS:
        chosen = getattr(topic_sheet, part)
        parts[part] = (
            tuple(_named(library, topic.id, chosen))
            if chosen is not None
            else tuple(_nearest(page, part))
        )
    schedule = library.schedules.get(topic.medicine)
    rows = schedule.rows if schedule else []
    # What belongs to the safety set stands on every sheet, whatever was chosen.
    always = {item.id for item in library.site.safety_set_of(page.medicine.kind)}
    chosen = (
        set(topic_sheet.tests)
        if topic_sheet.tests is not None
        else {row.id for row in rows if row.before or row.during}
    )
    tests = tuple(row for row in rows if row.id in always or row.id in chosen)
    ask = topic_sheet.ask if topic_sheet.ask is not None else default.ask or ()
    return Sheet(
        parts,
        tests,
        tuple(ask),
        tuple(topic_sheet.sources) if topic_sheet.sources is not None else None,
    )


def records_of(page: TopicContext) -> tuple[str, ...]:
    """Every fact whose values the printed sheet carries, by id, the verdict and the emergency line
    included.
    """
    library, chosen = page.library, sheet(page)
    carried: dict[str, None] = {}

    def add(keys: Iterable[str]) -> None:
        carried.update((key, None) for key in keys if key in library.records)

    add(approval.id for approval in approvals_of(page, page.topic.medicine))
    add(
        approval.id
        for other in alternatives_of(page)
        for approval in approvals_of(page, other.id)
        if approval.status == "approved"
    )
    if page.patient and has_signs(page):
        add(emergency_signs(page).records)
    for part in HANDOUT_PARTS:
        for item in chosen.parts[part]:
            add(_records_of_item(page, item))
    for row in chosen.tests:
        add([*row.before, *row.during, *row.action])
        if row.say:
            add(page.called(row.say.patient if page.patient else row.say.clinician))
    return tuple(carried)


def _records_of_item(page: TopicContext, item: Item) -> list[str]:
    """The facts that an item rests on and those whose values its words call, for this reader."""
    if isinstance(item, m.Takeaway):
        words = item.patient if page.patient else item.clinician
        return [*item.statements, *item.results, *page.called(words)]
    if isinstance(item, m.Result):
        return [] if page.patient and item.clinician_only else [item.id]
    if isinstance(item, m.Statement):
        words_for_reader = page.wording_of(item)
        return [item.id, *page.called(words_for_reader)] if words_for_reader is not None else []
    return []


def _sheet_of(library: Library, key: str, patient: bool) -> m.HandoutSheet:
    handout = library.handouts.get(key, m.Handout())
    return handout.patients if patient else handout.clinicians


def _named(library: Library, topic: str, ids: Iterable[str]) -> Iterable[Item]:
    takeaways = {takeaway.id: takeaway for takeaway in library.takeaways.get(topic, ())}
    for key in ids:
        item = takeaways.get(key) or library.records.get(key) or library.glossary.get(key)
        if isinstance(item, Item):
            yield item


def _nearest(page: TopicContext, part: str) -> Iterable[Item]:
    if part == "remember":
        yield from page.library.takeaways.get(page.topic.id, ())[:_TAKEAWAYS]
        return
    found = [*_nearest_facts(page, _kinds_of(page, part))]
    # What trials and other texts say of harm stands where no text warns: a sheet that says "the
    # texts do not say" beside it would calm without a reason.
    if part == "risks" and not found:
        found = [*_nearest_facts(page, "harms")]
    yield from found
    if part == "risks" and not found:
        yield from [result for result in _results(page) if not is_benefit(result)][:_RESULTS]
    if part == "evidence":
        yield from sorted(
            _results(page), key=lambda result: (not is_benefit(result), result.certainty is None)
        )[:_RESULTS]


def _nearest_facts(page: TopicContext, kinds: str) -> Iterable[m.Statement]:
    """The nearest facts of an entry of `_NEAREST` that this reader is shown."""
    for kind, count in _NEAREST[kinds]:
        scope = "topic" if kind == "definition" else "medicine"
        yield from [
            record for record in pick_statements(page, kind, scope=scope) if page.wording_of(record)
        ][:count]


def _results(page: TopicContext) -> list[m.Result]:
    """The results of the intervention's own trials in the condition that this reader is shown."""
    return [
        result
        for trial in trials_in_group(page, "direct")
        for result in trial.results
        if result.population in page.condition.populations
        and not (page.patient and result.clinician_only)
    ]


def _kinds_of(page: TopicContext, part: str) -> str:
    """Which entry of `_NEAREST` a part takes."""
    if not page.medicine.is_medicine:
        # For clinicians the part about it is "Procedure".
        alone = not page.patient and pick_statements(page, "procedure", scope="medicine")
        about = "procedure only" if alone else "procedure"
        return {"about": about, "risks": "harms"}.get(part, part)
    # For clinicians the part about the medicine is "Medicine and dose".
    dose = part == "about" and not page.patient
    return "dose" if dose and pick_statements(page, "dosing", scope="medicine") else part


def source_line(source: m.Source) -> Markup:
    """A source in one short line for paper: who or what, where, when, and its number."""
    paper = source.type in ("article", "review")
    who = (
        first_author(source.authors)
        if paper and first_author(source.authors)
        else textwrap.shorten(source.title, 66, placeholder=" …", break_on_hyphens=False)
    )
    published_in = " ".join(
        str(part) for part in (source.container if paper else "", source.year or "") if part
    )
    number = (
        f"doi {source.doi}"
        if source.doi
        else source.registered or (f"PMID {source.pmid}" if source.pmid else "")
    )
    return text(", ".join(part for part in (who, published_in, number) if part))


def qr_path(code: str) -> str:
    """Where a code's picture stands on the site."""
    return f"assets/qr/{code}.svg"
