"""Badges: what keeps a reader from taking a fact for something it is not."""

from __future__ import annotations

from guide.base.language import gettext as _
from guide.base.language import gettext_noop
from guide.base.text import text, words_join
from guide.content import models as m
from guide.view.context import ConditionContext, Context, own_people_of
from guide.view.references import short_name
from guide.view.shown import OTHERS, Badge, BadgeKind

# Where signs of danger are from, by the type of their source; the best of several comes first.
_LEAFLET = gettext_noop(
    "From the leaflet of {medicine} for its licensed diseases; act on these signs all the same"
)
_OFFICIAL = gettext_noop("From an official text on {medicine}; act on these signs all the same")
_OTHER = gettext_noop("From a text on {medicine}; act on these signs all the same")
_SIGNS_FROM: dict[m.SourceType, str] = {
    "leaflet": _LEAFLET,
    "label": _LEAFLET,
    "safety-communication": _OFFICIAL,
    "government": _OFFICIAL,
    "guideline": gettext_noop("From a guideline on {medicine}; act on these signs all the same"),
    "review": gettext_noop("From a review on {medicine}; act on these signs all the same"),
    "article": gettext_noop("From a study of {medicine}; act on these signs all the same"),
    "registry": gettext_noop("From a study of {medicine}; act on these signs all the same"),
    "website": _OTHER,
    "press-release": _OTHER,
    "news": _OTHER,
}


def badges_of(
    page: Context, record: m.Statement | m.Result, about: str | None = None
) -> tuple[Badge, ...]:
    """The badges a record must carry on this page; `about` is the medicine of a table column.

    No page, macro or author can switch one off.
    """
    if not isinstance(page, ConditionContext):
        return ()
    subject = about or page.medicine_id
    medicine = page.library.medicine_of(record.id)
    if isinstance(record, m.Result) and subject in {arm.medicine for arm in record.arms}:
        medicine = subject  # a result of both, where the comparator is a medicine too
    trial = page.library.trials.get(page.library.subject[record.id])
    if trial and subject in trial.compares:
        medicine = subject  # a head-to-head trial is evidence for both
    statement = record if isinstance(record, m.Statement) else None
    if medicine and statement and statement.kind == "urgent-signs":
        known = medicine in _subject_and_class(page, subject) and is_licensed(page, medicine)
        if not known:
            return (_signs_badge(page, statement, medicine),)
    badges = [
        *_medicine_badges(page, medicine, subject),
        *_people_badges(page, record, medicine),
    ]
    if record.confidence == "secondary":
        badges.append(_badge("secondary", reported_by(page, record)))
    return tuple(badges)


def _subject_and_class(page: ConditionContext, subject: str) -> set[str | None]:
    record = page.library.medicines.get(subject)
    return {subject, record.class_ if record else None}


def _signs_badge(page: ConditionContext, signs: m.Statement, medicine: str) -> Badge:
    """Signs of danger from a text on another disease. "Not your disease" next to chest pain would
    be taken for "not for me": the badge says where they are from, and to act.
    """
    types = {page.library.sources[source].type for source in signs.sources}
    said = next(words for kind, words in _SIGNS_FROM.items() if kind in types)
    return _badge("other-medicine", _(said).format(medicine=page.library.medicines[medicine].name))


def _medicine_badges(page: ConditionContext, medicine: str | None, subject: str) -> list[Badge]:
    """Whether the record is about another medicine, or about the whole class."""
    # A page of all options says at each fact or above it which one it is about.
    if medicine is None or not subject or medicine == subject:
        return []
    other = page.library.medicines[medicine]
    if medicine in _subject_and_class(page, subject):
        return [_badge("class", _("The whole class: {name}").format(name=other.name))]
    return [_badge("other-medicine", _(OTHERS[other.kind]).format(name=other.name))]


def _people_badges(
    page: ConditionContext, record: m.Statement | m.Result, medicine: str | None
) -> list[Badge]:
    """Whether the record is about other people than those with the topic's condition."""
    condition, people = page.condition, record.population
    short = condition.abbreviation or condition.name
    if people == "preclinical":
        own = own_people_of(page.site, condition)
        laboratory = (
            _("Laboratory work, not {people}").format(people=own)
            if own
            else _("Laboratory work, not people with {condition}").format(condition=short)
        )
        return [_badge("laboratory", laboratory)]
    if people == "all":
        unlicensed = medicine and not is_licensed(page, medicine)
        if not unlicensed or not isinstance(record, m.Statement):
            return []
        if record.kind in m.REGULATED:
            label = _("Label for other diseases, not {condition}").format(condition=short)
            return [_badge("other-disease", label)]
        if record.kind == "adverse-reaction":
            label = _("Seen in other diseases, not {condition}").format(condition=short)
            return [_badge("other-disease", label)]
        return []
    if people in condition.related_populations:
        label = _("Wider group: {people}").format(people=page.site.populations[people])
        return [_badge("wider-disease", label)]
    if people not in condition.populations:
        label = _("Other disease: {people}, not {condition}").format(
            people=page.site.populations[people], condition=short
        )
        return [_badge("other-disease", label)]
    return []


def is_licensed(page: ConditionContext, medicine: str) -> bool:
    """Whether the medicine, or a member of the class, is licensed for the topic's condition: by
    its record, or by any agency. What is no medicine needs no licence.
    """
    record = page.library.medicines[medicine]
    if not record.is_medicine or {*record.licensed_for} & {*page.condition.populations}:
        return True
    return page.library.approved_for(medicine, [page.condition.id])


def reported_by(page: Context, record: m.Sourced) -> str:
    """Who reports a fact that was not read in the official text itself."""
    second_hand = [
        page.library.sources[source]
        for source in record.sources
        if not page.library.sources[source].primary
    ]
    if not second_hand or getattr(record, "kind", "") == "certainty":
        return _("Our reading of the sources")
    names = dict.fromkeys(short_name(source) for source in second_hand[:2])
    return _("Reported by {names}").format(names=words_join(names))


def _badge(kind: BadgeKind, label: str) -> Badge:
    return Badge(kind, text(label))
