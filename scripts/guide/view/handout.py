"""What stands on a handout: chosen in `handout.yml`, or from the records where nothing was chosen.

A topic needs no `handout.yml`: its takeaways, certainty, trial results, urgent signs and schedule
make a sheet by themselves. A maintainer writes one to choose better.

Facts on a sheet stand there in short and in full elsewhere: none gets an anchor here.
"""

from __future__ import annotations

import dataclasses
import string
from dataclasses import dataclass

from markupsafe import Markup

from guide.base.language import gettext as _
from guide.base.problem import require_one_of
from guide.base.text import sentence, text
from guide.content import models as m
from guide.view.badges import badges_of
from guide.view.context import TopicContext
from guide.view.emergency import FOR_CLINICIANS
from guide.view.fact_box import FactBox, fact_box_of
from guide.view.gaps import gap_shown, gaps_shown, no_fact
from guide.view.handout_parts import KIND_OF, HandoutPart, sheet
from guide.view.references import is_official
from guide.view.schedule import name_of_test, row_summary
from guide.view.shown import Badge, GapShown, listed
from guide.view.statements import statement_shown
from guide.view.takeaways import takeaway_shown


@dataclass(frozen=True)
class HandoutLine:
    """A line of a sheet with the records it rests on; `items` where it ends with a list, `name`
    where it explains a word.
    """

    text: Markup
    records: tuple[str, ...]
    items: tuple[Markup, ...] = ()
    name: Markup = Markup("")
    badges: tuple[Badge, ...] = ()
    cites: tuple[str, ...] = ()


@dataclass(frozen=True)
class Handout:
    """A part of a sheet. `badges` are those that every line has; `emergency` says what to do at
    once; `gap` stands where there is nothing else.
    """

    part: str
    emergency: Markup = Markup("")
    lines: tuple[HandoutLine, ...] = ()
    badges: tuple[Badge, ...] = ()
    table: FactBox | None = None
    gap: GapShown | None = None


@dataclass(frozen=True)
class TickRow:
    """A test to tick: `before` and `during` name the countries whose texts ask for it then."""

    id: str
    test: Markup
    records: tuple[str, ...]
    before: str = ""
    during: str = ""
    summary: Markup = Markup("")
    gap: GapShown | None = None


@dataclass(frozen=True)
class TickSheet:
    """Tests to tick. `badges` hold for every row, `some_badges` for some of them; `gap` stands
    where there is no test. `boxes`: there is one to tick; `official`: all that ask for them are
    official texts; `treatment`: the tests are of a medicine.
    """

    patient: bool
    rows: tuple[TickRow, ...] = ()
    cites: tuple[str, ...] = ()
    badges: tuple[Badge, ...] = ()
    some_badges: tuple[Badge, ...] = ()
    gap: GapShown | None = None
    boxes: bool = True
    official: bool = True
    treatment: bool = True


@dataclass(frozen=True)
class Ask:
    """Questions for the visit, and the label of the line for the reader's own."""

    questions: tuple[Markup, ...]
    own: str


def handout(page: TopicContext, part: str) -> Handout:
    """A part of the topic's sheet: its lines, the table of its results, or what is not known.

    Raises CallError for a part that does not exist.
    """
    require_one_of(part, HandoutPart, "a part of a handout")
    items = sheet(page).parts[part]
    lines = tuple(line for item in items if (line := _line(page, item)))
    table = fact_box_of(page, [item for item in items if isinstance(item, m.Result)])
    # A badge that every line has is printed once, below them; a single line keeps its own.
    shared = (
        tuple(badge for badge in lines[0].badges if all(badge in line.badges for line in lines))
        if len(lines) > 1
        else ()
    )
    emergency = page.site.emergency if page.patient else _(FOR_CLINICIANS)
    return Handout(
        part,
        emergency=text(emergency) if part == "signs" and (lines or page.patient) else Markup(""),
        lines=tuple(
            dataclasses.replace(
                line, badges=tuple(badge for badge in line.badges if badge not in shared)
            )
            for line in lines
        ),
        badges=shared,
        table=table,
        gap=None if lines or table else _gap(page, part),
    )


def _gap(page: TopicContext, part: str) -> GapShown:
    return next(iter(gaps_shown(page, KIND_OF[part])), no_fact(page))


def _line(
    page: TopicContext, item: m.Takeaway | m.Statement | m.Result | m.Term
) -> HandoutLine | None:
    """An item as a line; None for a result, and for what this reader is not shown."""
    if isinstance(item, m.Takeaway):
        takeaway = takeaway_shown(page, item)
        lead, items = listed(takeaway.text)
        return HandoutLine(lead, takeaway.records, items, cites=takeaway.cites)
    if isinstance(item, m.Term):
        return _explained(page, item)
    shown = statement_shown(page, item.id)
    if shown is None:
        return None
    return HandoutLine(
        shown.lead or shown.text,
        (shown.id,),
        shown.items,
        badges=shown.badges,
        cites=shown.cites,
    )


def _explained(page: TopicContext, term: m.Term) -> HandoutLine:
    """A word of the glossary; the word for the medicine's own class says that the medicine is
    one.
    """
    medicine_class = page.library.medicines.get(page.medicine.class_ or "")
    name = sentence(term.term)
    if medicine_class and medicine_class.name.lower() == f"{term.term.lower()}s":
        said = (
            _("{medicine} is an {term}")
            if term.term[0] in "AEIOUaeiou"
            else _("{medicine} is a {term}")
        )
        name = said.format(medicine=sentence(page.medicine.name), term=term.term)
    words = term.patient if page.patient else term.clinician
    return HandoutLine(text(words), (f"term-{term.id}",), name=text(name))


def tick_sheet(page: TopicContext) -> TickSheet:
    """The tests as rows to tick: which countries' labels ask for each, before starting and
    during treatment.
    """
    tests = sheet(page).tests
    asked = [statement for row in tests for statement in _asked(page, [*row.before, *row.during])]
    carried = [badges_of(page, statement) for statement in asked]
    every = dict.fromkeys(badge for badges in carried for badge in badges)
    shared = tuple(badge for badge in every if all(badge in badges for badges in carried))
    rows = tuple(_tick_row(page, row) for row in tests)
    return TickSheet(
        page.patient,
        rows=rows,
        boxes=any(row.before or row.during for row in rows),
        official=all(
            any(is_official(page.library.sources[source]) for source in one.sources)
            for one in asked
        ),
        treatment=page.medicine.is_medicine,
        cites=tuple(
            dict.fromkeys(
                source
                for row in tests
                for key in (
                    *(one.id for one in _asked(page, [*row.before, *row.during])),
                    *(row.action if row.say else ()),
                )
                for source in page.cites(key)
            )
        ),
        badges=shared,
        some_badges=tuple(badge for badge in every if badge not in shared),
        gap=None if tests else _gap(page, "tests"),
    )


def _asked(page: TopicContext, keys: list[str]) -> list[m.Statement]:
    """The statements that ask for a test."""
    records = (page.library.records[key] for key in keys)
    return [record for record in records if isinstance(record, m.Statement)]


def _tick_row(page: TopicContext, row: m.MonitoringRow) -> TickRow:
    def countries(keys: list[str]) -> str:
        codes = (code for one in _asked(page, keys) for code in one.jurisdictions if code != "any")
        return ", ".join(dict.fromkeys(codes))

    records = [*row.before, *row.during, *(row.action if row.say else ())]
    return TickRow(
        row.id,
        name_of_test(page, row),
        tuple(dict.fromkeys(records)),
        countries(row.before),
        countries(row.during),
        row_summary(page, row),
        gap_shown(page, row.gap) if row.gap else None,
    )


def ask(page: TopicContext) -> Ask:
    """The questions, with the names of the medicine and the disease filled in."""
    return Ask(
        tuple(_filled(page, question) for question in sheet(page).ask),
        _("My own question:") if page.patient else _("Also:"),
    )


def _filled(page: TopicContext, question: str) -> Markup:
    """A question with its names, such as `{medicine}`, filled in. Raises KeyError for another
    name.
    """
    return Markup("").join(
        text(words) + (page.names[name] if name else "")
        for words, name, _, _ in string.Formatter().parse(question)
    )
