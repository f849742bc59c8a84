"""Answers, and the evidence under them."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup
from selectolax.lexbor import LexborHTMLParser

from guide.base.headings import HEADING
from guide.base.html import CITES, cited_by
from guide.content import models as m
from guide.view.context import ConditionContext
from guide.view.figures.people import PeopleFigure, figure_people
from guide.view.gaps import gap_shown
from guide.view.result_shown import (
    CountsLine,
    PeopleLine,
)
from guide.view.results import (
    counts_line,
    denominator_for,
    people_line,
    results_for_reader,
)
from guide.view.shown import (
    FactGroup,
    GapShown,
    facts_counted,
    in_groups,
    listed,
    sources_counted,
)
from guide.view.statements import statement_shown


@dataclass(frozen=True)
class AnswerShown:
    """The answer of a page or a section; `text` is empty where this reader has none. `own`: it
    answers the page. `records` are the facts it rests on, `edit` names it for an edit link.
    """

    text: Markup = Markup("")
    items: tuple[Markup, ...] = ()
    records: tuple[str, ...] = ()
    picture: PeopleFigure | None = None
    gap: GapShown | None = None
    own: bool = False
    edit: str = ""


@dataclass(frozen=True)
class Evidence:
    """What an answer rests on, closed until it is asked for: how many facts and sources the HTML
    shows. Without facts it stays open.
    """

    html: Markup
    facts: str = ""
    sources: str = ""


def answer_of(page: ConditionContext, section: str = "") -> m.Answer | None:
    """The answer of a section, or of the page itself; None where nobody has written one."""
    key = f"{page.name}#{section}" if section else page.name
    return page.library.answer_by_place.get(f"{page.owners[0]}/{key}")


def answer(page: ConditionContext, section: str = "") -> AnswerShown:
    """The answer of a section, or of the page itself."""
    record = answer_of(page, section)
    words = record and (record.patient if page.patient else record.clinician)
    if record is None or not words:
        return AnswerShown(own=not section)
    lead, items = listed(page.fill(words, values=record.values))
    return AnswerShown(
        lead,
        items,
        tuple(record.facts),
        figure_people(page, record.picture) if record.picture else None,
        gap_shown(page, record.gap) if record.gap else None,
        own=not section,
        edit=f"answer:{page.owners[0]}/{record.key}",
    )


@dataclass(frozen=True)
class AnswerFacts:
    """The facts that an answer names, where no other component of its section shows them."""

    facts: tuple[FactGroup, ...]
    people: tuple[PeopleLine, ...] = ()
    counts: tuple[CountsLine, ...] = ()


def answer_facts(page: ConditionContext, section: str = "") -> AnswerFacts:
    """The facts that the answer of a section, or of the page, rests on and that the page does not
    state yet: called last, it adds what the components before it have left out.
    """
    record = answer_of(page, section)
    keys = [one for one in record.facts if one not in page.stated] if record else []
    facts = [shown for one in keys if (shown := statement_shown(page, one))]
    results = [one for key in keys if isinstance(one := page.library.records[key], m.Result)]
    denominator = denominator_for(results)
    lines = results_for_reader(page, results)
    return AnswerFacts(
        in_groups(facts),
        tuple(people_line(page, one, denominator) for one in lines) if page.patient else (),
        () if page.patient else tuple(counts_line(page, one) for one in lines),
    )


def evidence(page: ConditionContext, *pieces: str) -> Evidence:
    """What other components printed, in order, as the evidence of an answer."""
    html = "\n".join(_html_headings(str(piece)) for piece in pieces if str(piece).strip())
    tree = LexborHTMLParser(html, is_fragment=True)
    facts = {
        key
        for node in tree.css("[data-record]")
        for key in (node.attributes.get("data-record") or "").split()
        if key in page.library.records
    }
    cites = tree.css(CITES)
    # A gap says itself what is missing; the documents that lack it are no evidence to close.
    if len(cites) == len(tree.css(f".gap {CITES}")):
        cites = []
    sources = {cited_by(node) for node in cites}
    return Evidence(
        Markup(html),  # other components have escaped it
        facts_counted(len(facts)) if facts else "",
        sources_counted(len(sources)) if sources else "",
    )


def _html_headings(printed: str) -> str:
    """What a component printed, its Markdown headings as HTML: inside an element there is no
    Markdown.
    """
    lines = []
    for line in printed.split("\n"):
        heading = HEADING.match(line)
        if heading:
            level, anchor = len(heading[1]), f' id="{heading[3]}"' if heading[3] else ""
            line = f"<h{level}{anchor}>{heading[2]}</h{level}>"
        if line:
            lines.append(line)
    return "\n".join(lines)
