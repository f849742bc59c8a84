"""Topics in lists and indexes."""

from __future__ import annotations

from typing import Any

from guide.base.problem import require_one_of
from guide.base.text import OTHER, letter_of, relative, sentence, slug, text
from guide.view.context import Context
from guide.view.shown import IndexBy


def topics_shown(page: Context) -> list[dict[str, Any]]:
    """The site's topics with the addresses of both tracks, in the order of site.yml."""
    found = []
    for key in page.site.topics:
        topic = page.library.topics[key]
        found.append(
            {
                "title": text(topic.title),
                "medicine": text(page.library.medicines[topic.medicine].name),
                "summary": text(topic.summary),
                "condition": text(page.library.conditions[topic.condition].name),
                "abbreviation": text(page.library.conditions[topic.condition].abbreviation or ""),
                "patients": relative(page.url, f"{key}/patients/"),
                "clinicians": relative(page.url, f"{key}/clinicians/"),
                "corrections": (
                    relative(page.url, f"{key}/corrections/")
                    if f"{key}/corrections/" in page.pages
                    else ""
                ),
            }
        )
    return found


def topic_index(page: Context, by: IndexBy) -> list[dict[str, Any]]:
    """All topics in groups by condition, medicine or letter, in alphabetical order. It walks
    through all topics: for the pages that lead to them, and for no other.

    A group has `name`, `id`, `opens` (its letter, for the first group of that letter),
    `patients` and `clinicians` (addresses of the condition's comparison, by condition only) and
    `entries`. An entry has `label`, `title`, `href` and the addresses `patients` and
    `clinicians`; the letters also hold names that lead to a group of another page: those have
    `see`, what is found there.
    """
    require_one_of(by, IndexBy, "a way to order topics")
    groups: dict[str, dict[str, Any]] = {}

    def group(key: str, name: str) -> dict[str, Any]:
        return groups.setdefault(
            key,
            {
                "name": text(name),
                "id": f"{by}-{key}",
                "letter": letter_of(name),
                "sort": name.lower(),
                "patients": "",
                "clinicians": "",
                "entries": [],
            },
        )

    def entry(label: str, href: str, **more: Any) -> dict[str, Any]:
        return {
            "label": text(sentence(label)),
            "sort": label.lower(),
            "href": relative(page.url, href),
            "see": "",
            **more,
        }

    seen: set[tuple[str, str]] = set()

    def refer(label: str, to: str, see: str) -> None:
        if (label.lower(), to) not in seen:
            seen.add((label.lower(), to))
            initial = letter_of(label)
            group(slug(initial), initial)["entries"].append(entry(label, to, see=text(see)))

    for key in page.site.topics:
        topic = page.library.topics[key]
        condition, medicine = (
            page.library.conditions[topic.condition],
            page.library.medicines[topic.medicine],
        )
        tracks = {
            "title": text(topic.title),
            "patients": relative(page.url, f"{key}/patients/"),
            "clinicians": relative(page.url, f"{key}/clinicians/"),
        }
        if by == "condition":
            own = group(condition.id, sentence(condition.name))
            own["patients"] = own["patients"] or relative(page.url, f"{key}/patients/comparison/")
            own["clinicians"] = own["clinicians"] or relative(
                page.url, f"{key}/clinicians/comparison/"
            )
            own["entries"].append(entry(medicine.name, f"{key}/", **tracks))
        elif by == "medicine":
            group(medicine.id, sentence(medicine.name))["entries"].append(
                entry(condition.name, f"{key}/", **tracks)
            )
        else:
            initial = letter_of(topic.title)
            group(slug(initial), initial)["entries"].append(entry(topic.title, f"{key}/", **tracks))
            refer(condition.name, f"guides/#condition-{condition.id}", "all guides about it")
            for brand in medicine.brands:
                refer(brand, f"guides/medicines/#medicine-{medicine.id}", f"see {medicine.name}")
    for own in groups.values():
        own["entries"].sort(key=lambda found: found["sort"])
    found = sorted(
        groups.values(), key=lambda own: (own["letter"] == OTHER, own["letter"], own["sort"])
    )
    for before, own in zip([{"letter": ""}, *found], found, strict=False):
        own["opens"] = own["letter"] if own["letter"] != before["letter"] else ""
    return found


def conditions_shown(page: Context) -> list[dict[str, Any]]:
    """The conditions of the site's topics, each with the addresses of its first topic's tracks,
    in the topics' order.
    """
    found: dict[str, dict[str, Any]] = {}
    for key, shown in zip(page.site.topics, topics_shown(page), strict=True):
        found.setdefault(page.library.topics[key].condition, shown)
    return list(found.values())
