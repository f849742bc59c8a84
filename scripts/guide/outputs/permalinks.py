"""Links that last: which addresses readers were ever given, and where each leads today.

`content/links.json` holds every page and every id on it as of the last publication, and all that
came before: an address is never struck off. A build in which one of them leads nowhere stops,
until `content/redirects.yml` says where it went or why it is gone. What moved in a way that the
pages themselves show needs no entry (see `_evident_target`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from guide.base.problem import Problem, nearest
from guide.content.layout import LINKS
from guide.content.moved_topics import WHOLE
from guide.content.names import TRACKS
from guide.content.written_files import read_written
from guide.outputs.redirects import (
    REDIRECTS,
    End,
    Rule,
    decided,
    led_on,
    named_after,
    notes_led_on,
    pages_below,
    whole_topics,
)
from guide.pages.glossary import GLOSSARY
from guide.pages.page import SOURCES, Page


@dataclass(frozen=True)
class Places:
    """The places of one page.

    `ids` are all its ids, `title` that of its heading, `facts` those that mean the same everywhere.
    `heading` is the heading's text. `moved` is filled in the ledger: ids that have left the page,
    and where an earlier publication saw each go.
    """

    ids: frozenset[str] = frozenset()
    title: frozenset[str] = frozenset()
    facts: frozenset[str] = frozenset()
    heading: str = ""
    moved: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Entry:
    """The places of one page as the ledger has them."""

    title: list[str]
    ids: list[str]
    moved: dict[str, str] = field(default_factory=dict)


@dataclass
class Plan:
    """What the finished site needs so that no old address is dead.

    `ends` are the ids that each page must keep, live or not, and where they lead. `pages` are the
    pages that are gone and where they lead. `problems` is what nobody has decided yet.
    """

    ends: dict[str, dict[str, End]] = field(default_factory=dict)
    pages: dict[str, End] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def ids_of(page: Page) -> list[str]:
    """The ids that a compiled page gives by name: its sections and the facts on it."""
    return [anchor for anchor, _ in page.sections] + [
        anchor for anchor in page.anchors if anchor in page.shown
    ]


def read_links(root: Path) -> dict[str, Places]:
    """Every address ever published, by page; empty before the first publication."""
    return {
        page: Places(frozenset(entry.ids), frozenset(entry.title), moved=entry.moved)
        for page, entry in (read_written(root, LINKS, TypeAdapter(dict[str, _Entry])) or {}).items()
    }


def links_bytes(published: Mapping[str, Places], live: Mapping[str, Places]) -> tuple[bytes, int]:
    """The ledger with all that was ever published and all that is live; and its count of addresses.

    It has one line a page. The pages show where a place has moved only until its new page is
    published too; so the target is written down.
    """
    ends = plan(published, live, []).ends
    total, lines = 0, []
    for page in sorted({*published, *live}):
        before, now = published.get(page, Places()), live.get(page, Places())
        title = before.title | now.title
        ids = (before.ids | now.ids) - title
        total += 1 + len(ids) + len(title)
        entry: dict[str, Any] = {"title": sorted(title), "ids": sorted(ids)}
        moved = {
            anchor: end.to
            for anchor, end in sorted(ends.get(page, {}).items())
            if page in live
            and end.to
            and anchor not in title
            and not anchor.startswith(("source-", "word-"))
        }
        if moved:
            entry["moved"] = moved
        lines.append(f"{json.dumps(page)}: {json.dumps(entry)}")
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode(), total


def write_links(root: Path, published: Mapping[str, Places], live: Mapping[str, Places]) -> int:
    """Adds what is live to the ledger. Returns how many addresses it holds."""
    data, total = links_bytes(published, live)
    (root / "content" / LINKS).write_bytes(data)
    return total


@dataclass(frozen=True)
class _Addresses:
    """What `plan` compares.

    `published` and `live` are the places by page; `rules` the decisions by old address; `pages_of`
    the live pages of each id that is no longer where it was; `whole` the rules of whole topics.
    """

    published: Mapping[str, Places]
    live: Mapping[str, Places]
    rules: Mapping[str, Rule]
    pages_of: Mapping[str, list[str]]
    whole: Mapping[str, Rule]

    def lost_ids(self, page: str) -> set[str]:
        """The ids that were published on a page and are not there now."""
        return _lost_ids(page, self.published[page], self.live)

    def is_live(self, page: str, anchor: str) -> bool:
        """Whether a live page has this id."""
        return page in self.live and anchor in self.live[page].ids


def _lost_ids(page: str, old: Places, live: Mapping[str, Places]) -> set[str]:
    return set(old.ids | old.title) - (live[page].ids if page in live else frozenset())


def plan(
    published: Mapping[str, Places], live: Mapping[str, Places], rules: Iterable[Rule]
) -> Plan:
    """Where every published address leads in a build with the pages `live`.

    What nobody has decided is in the plan's `problems`; nothing is raised.
    """
    made = Plan()
    given = list(rules)
    whole = whole_topics(given, live)
    if whole:
        published = {
            page: replace(old, moved=notes_led_on(old.moved, whole))
            for page, old in published.items()
        }
    by_source: dict[str, Rule] = {}
    for rule in (led_on(rule, whole) for rule in given):
        first = by_source.setdefault(rule.source, rule)
        if first is not rule:
            made.problems.append(
                _rule_problem(
                    rule, f"'{rule.source}' is given twice (first in line {first.line}): keep one"
                )
            )
    # A guide has hundreds of thousands of ids: only those that have gone from a page are indexed.
    anchors = {
        anchor for page, old in published.items() for anchor in _lost_ids(page, old, live)
    } | {source[1:] for source in by_source if source.startswith("#")}
    addresses = _Addresses(published, live, by_source, _pages_of(live, anchors), whole)
    for rule in by_source.values():
        made.problems += _rule_problems(rule, addresses)
    for page, rule in pages_below(whole, published, live).items():
        by_source.setdefault(page, rule)
    for line, page in enumerate(sorted(published), 2):  # Each page has a line of the ledger.
        _plan_page(made, page, line, addresses)
    return made


def _plan_page(made: Plan, page: str, line: int, addresses: _Addresses) -> None:
    """Adds to the plan where one published page and its places lead."""
    old, live = addresses.published[page], addresses.live
    target: End | None = None
    if page not in live:
        rule = addresses.rules.get(page)
        if rule is None:
            made.problems.append(
                _lost(
                    line,
                    f"the page '{page}' was published, with {len(old.ids | old.title)} places on"
                    f" it, and is gone{nearest(page, live)}: put it back, or say in {REDIRECTS}"
                    f" where it went (from: {page}, to: …) or why it is gone (gone: …)",
                )
            )
            return
        target = made.pages[page] = decided(rule)
    ends: dict[str, End] = {}
    for anchor in sorted(addresses.lost_ids(page)):
        end = _end(page, anchor, target, addresses)
        if end is None:
            hint = nearest(anchor, live[page].ids - old.ids) if page in live else ""
            no_place = f"; '{target.to}' has no such place" if target else ""
            made.problems.append(
                _lost(
                    line,
                    f"'{page or './'}#{anchor}' was published and leads nowhere now{no_place}"
                    f"{hint}: put the id back, or say in {REDIRECTS} where it went"
                    f' (from: "{page or "./"}#{anchor}", to: …) or why it is gone (gone: …)',
                )
            )
        elif target is None or not _follows(end, target, anchor):
            ends[anchor] = end
    if ends:
        made.ends[page] = ends


def _follows(end: End, target: End, anchor: str) -> bool:
    """Whether the redirect page leads there by itself: it passes every anchor on to its target."""
    return end in (target, End(target.to), End(f"{target.to.partition('#')[0]}#{anchor}"))


def _end(page: str, anchor: str, target: End | None, addresses: _Addresses) -> End | None:
    """Where one id of a page leads: as decided, else where the pages show it, else None.

    `target` is where the page itself leads, None for a live page.
    """
    rule = addresses.rules.get(f"{page or './'}#{anchor}") or addresses.rules.get(f"#{anchor}")
    if rule:
        return decided(rule)
    is_title = anchor in addresses.published[page].title
    if target and (target.gone or is_title):
        return target
    if is_title:
        return End(page)
    if target:
        new_page = target.to.partition("#")[0]
        if addresses.is_live(new_page, anchor):
            return End(f"{new_page}#{anchor}")
    named = named_after(anchor, addresses.whole)
    if named and (named.to is None or addresses.is_live(page, named.to)):
        return decided(replace(named, to=named.to and f"{page}#{named.to}"))
    to = _evident_target(page, anchor, addresses)
    if target and not to:
        to = _evident_target(target.to.partition("#")[0], anchor, addresses)
    return End(to) if to else None


def _evident_target(page: str, anchor: str, addresses: _Addresses) -> str:
    """Where an id went, when the pages themselves show it; else "".

    A source is on the first page of all sources; an explained word is in the
    glossary. A section that became a page below the old one is that page. Then comes what an
    earlier publication noted, then the other pages of the same reader.
    """
    live = addresses.live
    if anchor.startswith("source-"):
        for other in addresses.pages_of.get(anchor, ()):
            if other.startswith(SOURCES):
                return f"{other}#{anchor}"
    if anchor == "sources" and SOURCES in live:
        return SOURCES
    term = anchor.replace("word-", "term-", 1)
    if anchor.startswith("word-") and addresses.is_live(GLOSSARY, term):
        return f"{GLOSSARY}#{term}"
    below = f"{page}{anchor.removeprefix('section-')}/"
    if below in live:
        return below
    noted = addresses.published.get(page, Places()).moved.get(anchor, "")
    noted_page, _, noted_anchor = noted.partition("#")
    if addresses.is_live(noted_page, noted_anchor):
        return noted
    return _same_readers_page(page, anchor, addresses)


def _same_readers_page(page: str, anchor: str, addresses: _Addresses) -> str:
    """Where the same reader meets this id now, in the same topic if it is there; else "".

    A fact is the same wherever it is; pages below the old one come first. Any other id counts only
    where a single page has it and did not have it before: "kidney" may mean something else there.
    """
    topic, track = _topic_and_track(page)
    with_id = addresses.pages_of.get(anchor, ())
    others = [other for other in with_id if _topic_and_track(other) == (topic, track)]
    of_track = [other for other in with_id if _topic_and_track(other)[1] == track]
    facts = [p for p in others if anchor in addresses.live[p].facts]
    facts = facts or [p for p in of_track if anchor in addresses.live[p].facts]
    if facts:
        nearest_page = min(
            facts, key=lambda other: (not other.startswith(page), other.count("/"), other)
        )
        return f"{nearest_page}#{anchor}"
    if not others:
        # What all topics shared may stand once, on a page that did not exist before.
        others = [other for other in of_track if other not in addresses.published]
        # A question stands in full on the page of its section, below the list of all questions.
        others = [one for one in others if not any(p != one and p.startswith(one) for p in others)]
    new = [other for other in others if anchor not in addresses.published.get(other, Places()).ids]
    return f"{new[0]}#{anchor}" if len(others) == len(new) == 1 else ""


def _topic_and_track(page: str) -> tuple[str, str]:
    """Topic and track of a page's address."""
    parts = page.split("/")
    return parts[0], parts[1] if len(parts) > 1 and parts[1] in TRACKS else ""


def _pages_of(live: Mapping[str, Places], anchors: Set[str]) -> dict[str, list[str]]:
    """The live pages of each of these ids, in the order of the alphabet."""
    pages_of: dict[str, list[str]] = {}
    for page in sorted(live):
        for anchor in anchors & live[page].ids:
            pages_of.setdefault(anchor, []).append(page)
    return pages_of


def _rule_problems(rule: Rule, addresses: _Addresses) -> Iterator[Problem]:
    """What is wrong with one entry of content/redirects.yml."""
    yield from _never_published(rule, addresses.published)
    yield from _live_again(rule, addresses)
    to = rule.to or rule.see
    if to is None:
        return
    page, mark, anchor = to.removeprefix("./").partition("#")
    if page not in addresses.live or (mark and not addresses.is_live(page, anchor)):
        places = addresses.live.get(page, Places())
        known = [*addresses.live, *(f"{page}#{name}" for name in places.ids)]
        yield _rule_problem(
            rule,
            f"'{to}' is no page or place of this build{nearest(to, known)}: lead to where"
            " it stands now",
        )


def _never_published(rule: Rule, published: Mapping[str, Places]) -> Iterator[Problem]:
    """A problem where nobody was ever given the old address of an entry."""
    page, mark, anchor = rule.source.removeprefix("./").partition("#")
    if rule.source.startswith("#"):
        if any(anchor in old.ids | old.title for old in published.values()):
            return
        known = [f"#{name}" for old in published.values() for name in old.ids]
    else:
        places = published.get(page, Places())
        if page in published and (not mark or anchor in places.ids | places.title):
            return
        if (
            not mark
            and WHOLE.fullmatch(page)
            and any(other.startswith(page) for other in published)
        ):
            return
        known = [*published, *(f"{page}#{name}" for name in places.ids)]
    yield _rule_problem(
        rule,
        f"'{rule.source}' was never published{nearest(rule.source, known)}: nobody has that link,"
        " delete the entry",
    )


def _live_again(rule: Rule, addresses: _Addresses) -> Iterator[Problem]:
    """A problem where the old address of an entry is in use again."""
    page, mark, anchor = rule.source.removeprefix("./").partition("#")
    if rule.source.startswith("#"):
        pages = addresses.pages_of.get(anchor, [])
    elif mark:
        pages = [page] if addresses.is_live(page, anchor) else []
    else:
        pages = [page] if page in addresses.live else []
    if pages:
        yield _rule_problem(
            rule,
            f"'{rule.source}' was {'moved' if rule.to else 'withdrawn'} on"
            f" {rule.date.isoformat()} and stands on the page '{pages[0] or './'}' again: an id or"
            " address is never given a second time; choose another, or delete this entry if the"
            " same thing has come back",
        )


def _rule_problem(rule: Rule, message: str) -> Problem:
    return Problem(REDIRECTS, rule.line, message, "links-last")


def _lost(line: int, message: str) -> Problem:
    return Problem(f"content/{LINKS}", line, message, "links-last")
