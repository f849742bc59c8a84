"""The decisions of content/redirects.yml: where an old address leads, and what follows a topic
that was renamed or retired as a whole.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from guide.content.library import Library
from guide.content.moved_topics import WHOLE

REDIRECTS = "content/redirects.yml"


@dataclass(frozen=True)
class Rule:
    """One entry of content/redirects.yml.

    `source` is `page/`, `page/#id`, or `#id` for the id on whatever page it was. `see` is the page
    to read on where the thing is gone.
    """

    source: str
    to: str | None
    gone: str | None
    date: datetime.date
    line: int = 0
    see: str | None = None


@dataclass(frozen=True)
class End:
    """Where an old address leads: `to` a live one; or `gone` says why there is nothing, and `see`
    may be a page to read on.
    """

    to: str = ""
    gone: str = ""
    date: datetime.date | None = None
    see: str = ""


def decided(rule: Rule) -> End:
    """Where the address of a rule leads."""
    return End((rule.to or "").removeprefix("./"), rule.gone or "", rule.date, rule.see or "")


def rules_of(library: Library) -> list[Rule]:
    """The entries of content/redirects.yml with their lines."""
    return [
        Rule(
            entry.from_,
            entry.to,
            entry.gone,
            entry.date,
            library.line(REDIRECTS, "redirects", index),
            entry.see,
        )
        for index, entry in enumerate(library.redirects)
    ]


def whole_topics(rules: Iterable[Rule], live: Collection[str]) -> dict[str, Rule]:
    """The rules for a topic that has no live page any more, by its folder: they hold for all that
    stood below it.
    """
    standing = {page.partition("/")[0] + "/" for page in live}
    return {
        rule.source: rule
        for rule in rules
        if WHOLE.fullmatch(rule.source)
        and rule.source not in standing
        and (rule.to is None or WHOLE.fullmatch(rule.to))
    }


def led_on(rule: Rule, whole: Mapping[str, Rule]) -> Rule:
    """The rule with its end as it is today, where that stood below a renamed or retired topic."""
    seen: set[str] = set()
    while rule.to is not None:
        folder = rule.to.removeprefix("./").partition("/")[0] + "/"
        entry = whole.get(folder)
        if entry is None or folder in seen:
            break
        seen.add(folder)
        if entry.to is None:
            return replace(rule, to=None, gone=entry.gone, date=entry.date, see=entry.see)
        rule = replace(rule, to=entry.to + rule.to.removeprefix("./").removeprefix(folder))
    return rule


def pages_below(
    whole: Mapping[str, Rule], published: Iterable[str], live: Collection[str]
) -> dict[str, Rule]:
    """A rule for each published page below a renamed or retired topic: that of the same name below
    the new one, if it is live, or the reason why the topic is gone.
    """
    found = {}
    for page in published:
        entry = whole.get(page.partition("/")[0] + "/")
        if entry:
            rule = led_on(Rule(page, page, None, entry.date, entry.line), whole)
            if rule.to is None or rule.to in live:
                found[page] = rule
    return found


def notes_led_on(moved: Mapping[str, str], whole: Mapping[str, Rule]) -> dict[str, str]:
    """Where the ids of a page were seen to go, as it is today; "" for what is gone by now."""
    return {
        anchor: led_on(Rule("", to, None, datetime.date.min), whole).to or ""
        for anchor, to in moved.items()
    }


def named_after(anchor: str, whole: Mapping[str, Rule]) -> Rule | None:
    """The rule for an id that ends in the name of a renamed or retired topic: `to` is the id with
    the new name.
    """
    for folder, entry in whole.items():
        former = folder.removesuffix("/")
        if anchor == former or anchor.endswith(f"-{former}"):
            to = led_on(entry, whole)
            name = anchor.removesuffix(former) + to.to.removesuffix("/") if to.to else None
            return replace(to, to=name)
    return None
