"""How easy the pages are to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from guide.base.language import gettext as _
from guide.base.language import gettext_noop
from guide.base.text import relative, sentence, text
from guide.content.language_rules import language_rules
from guide.content.wording import shown_number
from guide.pages.readability import Readings
from guide.reading.grading import Level
from guide.view.context import Context
from guide.view.references import ConditionList

TOO_FEW = gettext_noop("too few sentences for a grade")


@dataclass(frozen=True)
class LevelShown:
    """A reading level in numbers ready to print. Grades are school years; `mean` and `longest` are
    words a sentence; `long_share` is in 100 sentences.
    """

    grade: str
    neutral: str
    fog: str
    mean: str
    longest: int
    long_share: str


@dataclass(frozen=True)
class ReadingLimits:
    """The limits that a patient page is held to, in the same units. `apart` is empty where there is
    no second index.
    """

    grade: str
    neutral: str
    apart: str
    mean: str
    longest: int
    fewest: int
    long: int
    long_share: str
    sentences: int
    bullets: int
    abbreviation: int


@dataclass(frozen=True)
class PageLevel:
    """A page with its level; None where it has too few sentences of its own."""

    title: Markup
    href: str
    level: LevelShown | None


@dataclass(frozen=True)
class TopicLevels:
    """The patient pages of a topic."""

    id: str
    title: Markup
    pages: tuple[PageLevel, ...]


@dataclass(frozen=True)
class ReadingLevels:
    """How easy the pages are to read: of the guide, or of the condition named `whose`. `limits` is
    None in a language without a measure.
    """

    mean: str
    limits: ReadingLimits | None
    whose: Markup = Markup("")
    by_condition: tuple[ConditionList, ...] = ()
    patients: tuple[TopicLevels, ...] = ()
    clinicians: tuple[PageLevel, ...] = ()


def _limits() -> ReadingLimits | None:
    rules = language_rules().readability
    if rules is None:
        return None
    limits = rules.limits
    return ReadingLimits(
        grade=shown_number(limits.grade),
        neutral=shown_number(limits.neutral),
        apart="" if limits.second_index is None else f"{limits.second_index:.0f}",
        mean=str(limits.mean_words),
        longest=limits.most_words,
        fewest=limits.fewest_words,
        long=limits.long_words,
        long_share=str(limits.long_share),
        sentences=limits.sentences,
        bullets=limits.items,
        abbreviation=limits.words_an_abbreviation,
    )


def _shown(number: float) -> str:
    """A measure with one digit behind the point."""
    return shown_number(Decimal(f"{number:.1f}"))


def reading_levels(page: Context) -> ReadingLevels:
    """How easy the pages rendered before this one are to read."""
    readings = page.readings()
    topics: Sequence[str] = page.site.topics
    if page.share:
        topics = page.share.topics
    elif page.shares:
        topics = []
    library = page.library
    conditions = dict.fromkeys(library.topics[topic].condition for topic in topics)
    titles = {
        "": _("Home"),
        **{key: sentence(library.conditions[key].name) for key in conditions},
        **{topic: library.topics[topic].title for topic in topics},
    }
    return ReadingLevels(
        mean=_shown(readings.mean),
        limits=_limits(),
        whose=page.whose,
        by_condition=tuple(
            ConditionList(entry["name"], entry["href"], _mean_grade(page, readings, entry["id"]))
            for entry in page.by_condition()
        ),
        patients=_patient_pages(page, readings, titles),
        clinicians=tuple(
            PageLevel(
                text(titles[topic]), relative(page.url, f"{topic}/clinicians/"), _level(level)
            )
            for topic, level in readings.clinicians
            if topic in titles
        ),
    )


def _patient_pages(
    page: Context, readings: Readings, titles: dict[str, str]
) -> tuple[TopicLevels, ...]:
    by_owner: dict[str, list[PageLevel]] = {}
    for one, level in sorted(readings.patients, key=lambda entry: (entry[0].order, entry[0].url)):
        by_owner.setdefault(one.owner, []).append(
            PageLevel(
                text(one.title), relative(page.url, one.url), _level(level) if level else None
            )
        )
    return tuple(
        TopicLevels(f"patients-{owner or 'home'}", text(title), tuple(by_owner[owner]))
        for owner, title in titles.items()
        if owner in by_owner
    )


def _level(level: Level) -> LevelShown:
    return LevelShown(
        grade=_shown(level.grade),
        neutral=_shown(level.neutral),
        fog="–" if level.fog is None else _shown(level.fog),
        mean=_shown(level.mean),
        longest=level.longest,
        long_share=f"{level.long_share:.0f}",
    )


def _mean_grade(page: Context, readings: Readings, condition: str) -> str:
    """The mean grade of a condition's patient pages, names left out, in words."""
    grades = [
        level.neutral
        for one, level in readings.patients
        if level and one.topic in page.shares[condition].topics
    ]
    if not grades:
        return _(TOO_FEW)
    return _("grade {grade}").format(grade=_shown(sum(grades) / len(grades)))
