"""Topics on the home page and in indexes."""

from __future__ import annotations

from dataclasses import dataclass, field

from markupsafe import Markup

from guide.base.language import gettext as _
from guide.base.language import gettext_noop
from guide.base.problem import require_one_of
from guide.base.text import OTHER, letter_of, relative, sentence, slug, text
from guide.content import models as m
from guide.view.context import Context, own_people_of
from guide.view.holdings import has_doses, has_recommendations, interventions_of
from guide.view.shown import IndexBy, Separated, separated

WAYS = (
    ("condition", gettext_noop("By condition"), "guides"),
    ("medicine", gettext_noop("By medicine"), "guides/medicines"),
    ("letter", gettext_noop("A to Z"), "guides/a-to-z"),
)


@dataclass(frozen=True)
class TopicLink:
    """A topic with the addresses of both tracks; `corrections` is "" where it has none."""

    title: Markup
    medicine: Markup
    summary: Markup
    patients: str
    clinicians: str
    corrections: str = ""


@dataclass(frozen=True)
class ConditionChoice:
    """The choice between the two readers of a condition; `short` is how its people call it,
    `people` a phrase for those whom its options are for, where they have another.
    `treated`: a medicine or another therapy is among its topics. `doses`, `recommendations`: the
    guide holds some.
    """

    name: Markup
    short: Markup
    label: Markup
    patients: str
    clinicians: str
    people: Markup = Markup("")
    treated: bool = True
    doses: bool = True
    recommendations: bool = True


@dataclass(frozen=True)
class IndexLink:
    """A way to a group of an index."""

    name: Markup
    href: str


@dataclass(frozen=True)
class Home:
    """The home page: conditions and topics; with many topics `indexed` conditions instead.

    `reviewed`: a named person has reviewed a topic. `medicines`: a topic is about a medicine.
    """

    emergency: Markup
    choices: tuple[ConditionChoice, ...] = ()
    warnings: tuple[Separated[TopicLink], ...] = ()
    topics: tuple[TopicLink, ...] = ()
    indexed: tuple[IndexLink, ...] = ()
    reviewed: bool = False
    medicines: bool = True


@dataclass(frozen=True)
class IndexEntry:
    """An entry of an index: a topic with both tracks, or a name that leads to `see`."""

    label: Markup
    href: str
    title: Markup = Markup("")
    patients: str = ""
    clinicians: str = ""
    see: Markup = Markup("")


@dataclass(frozen=True)
class IndexGroup:
    """Entries under one name. `opens` is its letter, for the first group of that letter;
    `patients` and `clinicians` lead to the condition's comparison, where it is a condition.
    """

    id: str
    name: Markup
    entries: tuple[IndexEntry, ...]
    opens: str = ""
    patients: str = ""
    clinicians: str = ""


@dataclass(frozen=True)
class IndexWay:
    """One order of the index, and whether it is this one."""

    label: str
    href: str
    current: bool = False


@dataclass(frozen=True)
class TopicIndex:
    """All topics in groups, and the other orders."""

    ways: tuple[IndexWay, ...]
    groups: tuple[IndexGroup, ...]


def home(page: Context) -> Home:
    """The home page, made from the topics' records."""
    emergency = text(page.site.emergency)
    if page.many:
        return Home(
            emergency,
            indexed=tuple(
                IndexLink(group.name, f"guides/#{group.id}") for group in _groups(page, "condition")
            ),
            reviewed=page.publication.reviewed,
            medicines=page.has_medicines,
        )
    topics = [_topic(page, key) for key in page.site.topics]
    return Home(
        emergency,
        choices=_choices(page),
        warnings=separated(
            [
                topic
                for key, topic in zip(page.site.topics, topics, strict=True)
                if f"{key}/patients/safety/" in page.pages
            ]
        ),
        topics=tuple(topics),
        reviewed=page.publication.reviewed,
        medicines=page.has_medicines,
    )


def conditions(page: Context) -> list[m.Condition]:
    """The conditions of the site's topics, in the topics' order."""
    keys = dict.fromkeys(page.library.topics[key].condition for key in page.site.topics)
    return [page.library.conditions[key] for key in keys]


def _choices(page: Context) -> tuple[ConditionChoice, ...]:
    """The choice of reader for each condition."""
    several = len(conditions(page)) > 1
    return tuple(
        ConditionChoice(
            text(condition.name),
            text(condition.abbreviation or condition.name),
            text(
                _("Choose your pages: {condition}").format(condition=condition.name)
                if several
                else _("Choose your pages")
            ),
            relative(page.url, f"{condition.id}/patients/"),
            relative(page.url, f"{condition.id}/clinicians/"),
            people=text(own_people_of(page.site, condition)),
            treated=bool({"medicine", "class", "therapy"} & kinds_of(page, condition)),
            doses=has_doses(page.library, interventions_of(page.library, condition.id)),
            recommendations=has_recommendations(page.library, condition.id),
        )
        for condition in conditions(page)
    )


def kinds_of(page: Context, condition: m.Condition) -> set[m.InterventionKind]:
    """The kinds of interventions that the condition's topics are about."""
    topics = (page.library.topics[key] for key in page.site.topics)
    return {
        page.library.medicines[topic.medicine].kind
        for topic in topics
        if topic.condition == condition.id
    }


def _topic(page: Context, key: str) -> TopicLink:
    topic, corrections = page.library.topics[key], f"{key}/corrections/"
    return TopicLink(
        title=text(topic.title),
        medicine=text(page.library.medicines[topic.medicine].name),
        summary=text(topic.summary),
        patients=relative(page.url, f"{key}/patients/"),
        clinicians=relative(page.url, f"{key}/clinicians/"),
        corrections=relative(page.url, corrections) if corrections in page.pages else "",
    )


def topic_index(page: Context, by: IndexBy) -> TopicIndex:
    """All topics in groups by condition, medicine or letter, in alphabetical order. It walks
    through all topics: for the pages that lead to them, and for no other.

    The letters also hold names of conditions and brands that lead to a group of another page.
    """
    require_one_of(by, IndexBy, "a way to order topics")
    return TopicIndex(
        tuple(IndexWay(_(label), page.link(address), way == by) for way, label, address in WAYS),
        _groups(page, by),
    )


@dataclass
class _Group:
    """A group while it is filled: entries by what they are sorted by."""

    id: str
    name: str
    patients: str = ""
    clinicians: str = ""
    entries: list[tuple[str, IndexEntry]] = field(default_factory=list)

    @property
    def order(self) -> tuple[bool, str, str]:
        letter = letter_of(self.name)
        return letter == OTHER, letter, self.name.lower()


class _Index:
    """The groups of an index while they are filled."""

    def __init__(self, page: Context, by: IndexBy):
        self.page, self.by = page, by
        self.groups: dict[str, _Group] = {}
        self._references: set[tuple[str, str]] = set()

    def group(self, key: str, name: str) -> _Group:
        """The group of a key, made where there is none."""
        return self.groups.setdefault(key, _Group(f"{self.by}-{key}", name))

    def of_letter(self, name: str) -> _Group:
        """The group of a name's first letter."""
        initial = letter_of(name)
        return self.group(slug(initial), initial)

    def add(self, group: _Group, label: str, key: str) -> None:
        """Adds a topic under a label."""
        url = self.page.url
        entry = IndexEntry(
            text(sentence(label)),
            relative(url, f"{key}/"),
            text(self.page.library.topics[key].title),
            relative(url, f"{key}/patients/"),
            relative(url, f"{key}/clinicians/"),
        )
        group.entries.append((label.lower(), entry))

    def refer(self, label: str, to: str, see: str) -> None:
        """Adds a name that leads to a group of another page, once."""
        if (label.lower(), to) not in self._references:
            self._references.add((label.lower(), to))
            entry = IndexEntry(text(sentence(label)), relative(self.page.url, to), see=text(see))
            self.of_letter(label).entries.append((label.lower(), entry))


def _groups(page: Context, by: IndexBy) -> tuple[IndexGroup, ...]:
    index, library = _Index(page, by), page.library
    for key in page.site.topics:
        topic = library.topics[key]
        condition, medicine = library.conditions[topic.condition], library.medicines[topic.medicine]
        if by == "condition":
            group = index.group(condition.id, sentence(condition.name))
            for track in ("patients", "clinicians"):
                setattr(group, track, relative(page.url, f"{condition.id}/{track}/options/"))
            index.add(group, medicine.name, key)
        elif by == "medicine":
            index.add(index.group(medicine.id, sentence(medicine.name)), condition.name, key)
        else:
            index.add(index.of_letter(topic.title), topic.title, key)
            address = f"guides/#condition-{condition.id}"
            index.refer(condition.name, address, _("all guides about it"))
            for brand in medicine.brands:
                address = f"guides/medicines/#medicine-{medicine.id}"
                index.refer(brand, address, _("see {medicine}").format(medicine=medicine.name))
    return _in_order(list(index.groups.values()))


def _letter_words(name: str) -> str:
    """The name of a group as readers see it: that of names which begin with no letter is a word."""
    return _("Other") if name == OTHER else name


def _in_order(groups: list[_Group]) -> tuple[IndexGroup, ...]:
    """The groups by name; the first of each letter says so."""
    ordered, letter = [], ""
    for group in sorted(groups, key=lambda group: group.order):
        initial = group.order[1]
        ordered.append(
            IndexGroup(
                group.id,
                text(_letter_words(group.name)),
                tuple(entry for _, entry in sorted(group.entries, key=lambda one: one[0])),
                opens=_letter_words(initial) if initial != letter else "",
                patients=group.patients,
                clinicians=group.clinicians,
            )
        )
        letter = initial
    return tuple(ordered)
