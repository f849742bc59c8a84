"""What the diagram of the pathway shows."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from guide.base.language import gettext as _
from guide.base.language import gettext_noop
from guide.base.text import text, words_join
from guide.content import models as m
from guide.view.badges import is_licensed
from guide.view.context import TopicContext
from guide.view.svg.pathway_diagram import Lane, Pathway


@dataclass(frozen=True)
class PathwayClass:
    """A class of medicines and what it stops. `inside` is the protein inside the cell that it acts
    on, `then` the next one; both are empty where it catches the messengers outside.
    """

    name: Markup
    messengers: Markup
    records: tuple[str, ...]
    cites: tuple[str, ...]
    inside: Markup = Markup("")
    then: Markup = Markup("")


@dataclass(frozen=True)
class PathwayFigure:
    """Where classes of medicines stop signals; without a picture no class says what it acts on."""

    picture: Pathway | None = None
    classes: tuple[PathwayClass, ...] = ()
    records: tuple[str, ...] = ()
    caption: Markup = Markup("")


# For a condition that has no words of its own.
_WORDS = m.PathwayWords(
    title=gettext_noop("Where medicines block the signals"),
    caption=gettext_noop("How signals reach a cell, and where medicines stop them."),
)


def figure_pathway(page: TopicContext) -> PathwayFigure:
    """The classes with a medicine approved for the condition, and the topic's own, each with what
    it blocks, in the order of the comparison.
    """
    classes, lanes, records = [], [], []
    for medicine_class, target in _blocking_classes(page):
        lanes.append(Lane(tuple(target.messengers), medicine_class.name, tuple(target.inside)))
        records += target.statements
        inside, then, *_ = (*target.inside, "", "")
        classes.append(
            PathwayClass(
                text(medicine_class.name),
                text(words_join(target.messengers)),
                tuple(target.statements),
                # Patients find the sources with the facts below, out of the line they read.
                () if page.patient else page.cites(*target.statements),
                text(inside),
                text(then),
            )
        )
    if not lanes:
        return PathwayFigure()
    said = page.library.conditions[page.topic.condition].pathway or m.PathwayWords(
        title=_(_WORDS.title), caption=_(_WORDS.caption)
    )
    described = " ".join(_lane_words(lane) for lane in lanes)
    return PathwayFigure(
        Pathway("pathway", tuple(lanes), said.title, described),
        tuple(classes),
        tuple(dict.fromkeys(records)),
        text(said.caption),
    )


def _blocking_classes(page: TopicContext) -> list[tuple[m.Medicine, m.Target]]:
    order = [option.id for option in page.library.comparisons[page.topic.condition].options]
    approved = page.library.medicines_with_approvals.get(page.topic.condition, ())
    named = {
        *approved,
        *(group for key in approved for group in page.library.classes_by_medicine.get(key, ())),
        *([page.medicine.class_] if page.medicine.class_ else []),
    }
    ranked = sorted(named, key=lambda key: (order.index(key) if key in order else len(order), key))
    return [
        (record, record.acts_on)
        for key in ranked
        if (record := page.library.medicines[key]).acts_on is not None
        and (key == page.medicine.class_ or is_licensed(page, key))
    ]


def _lane_words(lane: Lane) -> str:
    messengers = words_join(lane.messengers)
    if not lane.inside:
        return _("{medicines} catch {messengers} outside the cell.").format(
            medicines=lane.blocker, messengers=messengers
        )
    return _(
        "{medicines} act inside the cell, on {protein}, which passes on the signals of"
        " {messengers}."
    ).format(medicines=lane.blocker, protein=lane.inside[0], messengers=messengers)
