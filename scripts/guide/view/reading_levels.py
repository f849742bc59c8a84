"""How easy the pages are to read."""

from __future__ import annotations

from typing import Any

from guide.base.text import relative, text
from guide.content import wording
from guide.pages.readability import Readings
from guide.reading.grading import LONG, Level
from guide.view.context import Context


def reading_levels_shown(page: Context) -> dict[str, Any]:
    """How easy the pages rendered before this one are to read, in numbers ready to print."""

    def shown(level: Level) -> dict[str, str]:
        return {
            "grade": f"{level.grade:.1f}",
            "neutral": f"{level.neutral:.1f}",
            "fog": f"{level.fog:.1f}",
            "mean": f"{level.mean:.1f}",
            "longest": str(level.longest),
            "long_share": f"{level.long_share:.0f}",
            "words": wording.shown_number(level.words),
        }

    from guide.reading import limits

    found, groups, named = page.readings(), {}, page.site.topics
    if page.share:
        named = page.share.topics
    elif page.shares:
        named = []
    for one, level in sorted(found.patients, key=lambda entry: (entry[0].order, entry[0].url)):
        groups.setdefault(one.topic, []).append(
            {
                "title": text(one.title),
                "href": relative(page.url, one.url),
                "level": shown(level) if level else None,
            }
        )
    titles = {"": "Home", **{topic: page.library.topics[topic].title for topic in named}}
    return {
        "mean": f"{found.mean:.1f}",
        "conditions": [
            {**entry, "mean": mean_grade(page, found, entry["id"])} for entry in page.by_condition()
        ],
        "limits": {
            "grade": str(limits.GRADE),
            "neutral": str(limits.NEUTRAL),
            "apart": f"{limits.SECOND_INDEX:.0f}",
            "mean": str(limits.MEAN_WORDS),
            "longest": str(limits.MOST_WORDS),
            "fewest": str(limits.FEWEST_WORDS),
            "long": str(LONG),
            "long_share": str(limits.LONG_SHARE),
            "sentences": str(limits.SENTENCES),
            "bullets": str(limits.ITEMS),
            "abbreviation": str(limits.WORDS_AN_ABBREVIATION),
        },
        "patients": [
            {"title": text(title), "id": topic or "home", "rows": groups[topic]}
            for topic, title in titles.items()
            if topic in groups
        ],
        "clinicians": [
            {
                "title": text(titles[topic]),
                "href": relative(page.url, f"{topic}/clinicians/"),
                "level": shown(level),
            }
            for topic, level in found.clinicians
            if topic in titles
        ],
    }


def mean_grade(page: Context, found: Readings, condition: str) -> str:
    """The mean grade of a condition's patient pages, names left out; "" where no page has
    sentences enough.
    """
    grades = [
        level.neutral
        for one, level in found.patients
        if level and one.topic in page.shares[condition].topics
    ]
    return f"{sum(grades) / len(grades):.1f}" if grades else ""
