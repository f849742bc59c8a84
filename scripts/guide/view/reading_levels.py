"""How easy the pages are to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from guide.base.language import gettext as _
from guide.base.language import gettext_noop
from guide.base.text import relative, sentence, text
from guide.content.wording import shown_number
from guide.pages.readability import Readings
from guide.reading import limits
from guide.reading.grading import LONG, Level
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
    """The limits that a patient page is held to, in the same units."""

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
    """How easy the pages are to read: of the guide, or of the condition named `whose`."""

    mean: str
    limits: ReadingLimits
    whose: Markup = Markup("")
    by_condition: tuple[ConditionList, ...] = ()
    patients: tuple[TopicLevels, ...] = ()
    clinicians: tuple[PageLevel, ...] = ()


LIMITS = ReadingLimits(
    grade=str(limits.GRADE),
    neutral=str(limits.NEUTRAL),
    apart=f"{limits.SECOND_INDEX:.0f}",
    mean=str(limits.MEAN_WORDS),
    longest=limits.MOST_WORDS,
    fewest=limits.FEWEST_WORDS,
    long=LONG,
    long_share=str(limits.LONG_SHARE),
    sentences=limits.SENTENCES,
    bullets=limits.ITEMS,
    abbreviation=limits.WORDS_AN_ABBREVIATION,
)


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
        mean=_tenths(readings.mean),
        limits=LIMITS,
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
        grade=_tenths(level.grade),
        neutral=_tenths(level.neutral),
        fog=_tenths(level.fog),
        mean=_tenths(level.mean),
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
    return _("grade {grade}").format(grade=_tenths(sum(grades) / len(grades)))


def _tenths(value: float) -> str:
    """A number to one decimal place, as readers write it."""
    return shown_number(Decimal(f"{value:.1f}"))
