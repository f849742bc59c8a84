"""Links that last: which addresses readers were ever given, and where each leads today.

`content/links.json` holds every page and every id on it as of the last publication, and all that
came before: an address is never struck off. A build in which one of them leads nowhere stops,
until `content/redirects.yml` says where it went or why it is gone. What moved in a way that is
plain from the pages themselves needs no entry (see `_by_itself`).
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path

from guide.base.problem import Problem, nearest
from guide.content.layout import LINKS
from guide.content.library import Library
from guide.content.names import TRACKS
from guide.pages.glossary import GLOSSARY
from guide.pages.page import Page

SOURCES = "about/sources/"


REDIRECTS = "content/redirects.yml"


@dataclass(frozen=True)
class Places:
    """The places of one page: ids in the order of the alphabet, `title` those of its heading,
    `facts` those that mean the same on any page.

    `moved`: in the ledger, ids that left the page, and the address that a publication found for
    each by itself.
    """

    ids: frozenset[str] = frozenset()
    title: frozenset[str] = frozenset()
    facts: frozenset[str] = frozenset()
    heading: str = ""
    moved: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """One entry of content/redirects.yml: `source` is `page/`, `page/#id` or `#id` (the id wherever
    it stood).
    """

    source: str
    to: str | None
    gone: str | None
    date: datetime.date
    line: int = 0


@dataclass(frozen=True)
class End:
    """Where an old address leads: to a live one, or to the words why there is nothing."""

    to: str = ""
    gone: str = ""
    date: datetime.date | None = None


@dataclass
class Plan:
    """What the finished site needs so that no old address is dead.

    `ends`: by page, the anchors that must be kept there and where each leads; for pages that live
    and pages that do not. `pages`: the pages that are gone and where they lead. `problems`: what
    nobody has decided yet.
    """

    ends: dict[str, dict[str, End]] = field(default_factory=dict)
    pages: dict[str, End] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def rules_of(library: Library) -> list[Rule]:
    """The entries of content/redirects.yml with their lines."""
    return [
        Rule(
            entry.from_,
            entry.to,
            entry.gone,
            entry.date,
            library.line(REDIRECTS, "redirects", index),
        )
        for index, entry in enumerate(library.redirects)
    ]


def ids_of(page: Page) -> list[str]:
    """The ids that a compiled page gives by name: its sections and the facts on it."""
    return [anchor for anchor, _ in page.sections] + [
        anchor for anchor in page.anchors if anchor in page.shown
    ]


def read_links(root: Path) -> dict[str, Places]:
    """Every address ever published, by page; empty before the first publication."""
    path = root / "content" / LINKS
    if not path.is_file():
        return {}
    return {
        page: Places(
            frozenset(found["ids"]), frozenset(found["title"]), moved=found.get("moved", {})
        )
        for page, found in json.loads(path.read_text(encoding="utf-8")).items()
    }


def links_bytes(published: Mapping[str, Places], live: Mapping[str, Places]) -> tuple[bytes, int]:
    """The ledger of what was ever published and what is live, one line a page; and how many
    addresses it holds.

    Where a place went is plain only until its new page is published too: so it is written down now.
    """
    total, lines, ends = 0, [], plan(published, live, []).ends
    for page in sorted({*published, *live}):
        before, now = published.get(page, Places()), live.get(page, Places())
        title = before.title | now.title
        ids = (before.ids | now.ids) - title
        total += 1 + len(ids) + len(title)
        moved = {
            anchor: end.to
            for anchor, end in sorted(ends.get(page, {}).items())
            if page in live
            and end.to
            and anchor not in title
            and not anchor.startswith(("source-", "word-"))
        }
        lines.append(
            f"{json.dumps(page)}:"
            f" {json.dumps({'title': sorted(title), 'ids': sorted(ids), **({'moved': moved} if moved else {})})}"
        )
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode(), total


def write_links(root: Path, published: Mapping[str, Places], live: Mapping[str, Places]) -> int:
    """Adds what is live to the ledger. Returns how many addresses it holds."""
    data, total = links_bytes(published, live)
    (root / "content" / LINKS).write_bytes(data)
    return total


def plan(
    published: Mapping[str, Places], live: Mapping[str, Places], rules: Iterable[Rule]
) -> Plan:
    """Where every published address leads in a build with the pages `live`, and all that is
    undecided.
    """
    made = Plan()
    by_source: dict[str, Rule] = {}
    for rule in rules:
        if rule.source in by_source:
            made.problems.append(
                _say(
                    rule,
                    f"'{rule.source}' is given twice (first in line {by_source[rule.source].line}):"
                    " keep one",
                )
            )
        by_source.setdefault(rule.source, rule)
    # Only of what no longer stands where it was: a guide has hundreds of thousands of ids.
    where = _by_id(
        live,
        {
            anchor
            for page, old in published.items()
            for anchor in (old.ids | old.title) - (live[page].ids if page in live else frozenset())
        }
        | {rule.source[1:] for rule in by_source.values() if rule.source.startswith("#")},
    )
    made.problems += [
        problem for rule in by_source.values() for problem in _wrong(rule, published, live, where)
    ]
    for number, page in enumerate(sorted(published), 2):
        old = published[page]
        target: End | None = None
        if page not in live:
            rule = by_source.get(page)
            if rule is None:
                count = len(old.ids | old.title)
                made.problems.append(
                    _lost(
                        number,
                        f"the page '{page}' was published, with {count} places on it, and is"
                        f" gone{nearest(page, live)}: put it back, or say in {REDIRECTS} where it"
                        f" went (from: {page}, to: …) or why it is gone (gone: …)",
                    )
                )
                continue
            target = made.pages[page] = _decided(rule)
        kept = made.ends.setdefault(page, {})
        for anchor in sorted(
            (old.ids | old.title) - (live[page].ids if page in live else frozenset())
        ):
            end = _end(page, anchor, old, target, by_source, published, live, where)
            if end is None:
                hint = nearest(anchor, live[page].ids - old.ids) if page in live else ""
                there = f"; '{target.to}' has no such place" if target else ""
                made.problems.append(
                    _lost(
                        number,
                        f"'{page or './'}#{anchor}' was published and leads nowhere"
                        f" now{there}{hint}: put the id back, or say in {REDIRECTS} where it went"
                        f' (from: "{page or "./"}#{anchor}", to: …) or why it is gone (gone: …)',
                    )
                )
            elif not target or end not in (
                target,
                End(target.to),
                End(f"{target.to.partition('#')[0]}#{anchor}"),
            ):
                # The page that stands for a page that is gone takes every other anchor along by
                # itself.
                kept[anchor] = end
        if not kept:
            del made.ends[page]
    return made


def _end(
    page: str,
    anchor: str,
    old: Places,
    target: End | None,
    rules: Mapping[str, Rule],
    published: Mapping[str, Places],
    live: Mapping[str, Places],
    where: Mapping[str, list[str]],
) -> End | None:
    """Where one anchor leads: what was decided for it, else what is plain, else None."""
    rule = rules.get(f"{page or './'}#{anchor}") or rules.get(f"#{anchor}")
    if rule:
        return _decided(rule)
    if target and (target.gone or anchor in old.title):
        return target
    if anchor in old.title:
        return End(page)
    if target and anchor in live.get(target.to.partition("#")[0], Places()).ids:
        return End(f"{target.to.partition('#')[0]}#{anchor}")
    to = _by_itself(page, anchor, published, live, where)
    return End(to) if to else None


def _decided(rule: Rule) -> End:
    return End((rule.to or "").removeprefix("./"), rule.gone or "", rule.date)


def _by_itself(
    page: str,
    anchor: str,
    published: Mapping[str, Places],
    live: Mapping[str, Places],
    where: Mapping[str, list[str]],
) -> str:
    """Where a place went, when the pages themselves show it; else "".

    A source stands on the page of all sources or, where each condition has its own, on the first of
    them; a word that was explained on a page in the glossary. A section that became a page of its
    own below the old one is that page. A fact is the same fact wherever the same reader of the same
    topic meets it: pages below the old one first. What an earlier publication found out stays. Any
    other id counts only where one single page of that reader has it and did not have it before, so
    that "kidney" on one page is never taken for "kidney" on another.
    """
    listing = (
        next((other for other in where.get(anchor, ()) if other.startswith(SOURCES)), None)
        if anchor.startswith("source-")
        else None
    )
    if listing:
        return f"{listing}#{anchor}"
    term = anchor.replace("word-", "term-", 1)
    if anchor.startswith("word-") and term in live.get(GLOSSARY, Places()).ids:
        return f"{GLOSSARY}#{term}"
    below = f"{page}{anchor.removeprefix('section-')}/"
    if below in live:
        return below
    noted, _, place = published.get(page, Places()).moved.get(anchor, "").partition("#")
    if noted in live and place in live[noted].ids:
        return f"{noted}#{place}"
    others = [other for other in where.get(anchor, ()) if _reader(other) == _reader(page)]
    facts = [other for other in others if anchor in live[other].facts]
    if facts:
        return f"{min(facts, key=lambda other: (not other.startswith(page), other.count('/'), other))}#{anchor}"
    new = [other for other in others if anchor not in published.get(other, Places()).ids]
    return f"{new[0]}#{anchor}" if len(others) == len(new) == 1 else ""


def _reader(page: str) -> tuple[str, str]:
    """Topic and track of a page's address: whose page it is."""
    parts = page.split("/")
    return parts[0], parts[1] if len(parts) > 1 and parts[1] in TRACKS else ""


def _by_id(live: Mapping[str, Places], wanted: Set[str]) -> dict[str, list[str]]:
    """The pages that these ids stand on."""
    found: dict[str, list[str]] = {}
    for page in sorted(live):
        for anchor in wanted & live[page].ids:
            found.setdefault(anchor, []).append(page)
    return found


def _wrong(
    rule: Rule,
    published: Mapping[str, Places],
    live: Mapping[str, Places],
    where: Mapping[str, list[str]],
) -> Iterator[Problem]:
    """What is wrong with one entry: an address nobody ever had, one that lives again, a target that
    does not exist.
    """
    page, mark, anchor = rule.source.removeprefix("./").partition("#")
    everywhere = rule.source.startswith("#")
    had = (
        any(anchor in old.ids | old.title for old in published.values())
        if everywhere
        else page in published
        and (not mark or anchor in published[page].ids | published[page].title)
    )
    if not had:
        known = (
            [f"#{one}" for old in published.values() for one in old.ids]
            if everywhere
            else [*published, *(f"{page}#{one}" for one in published.get(page, Places()).ids)]
        )
        yield _say(
            rule,
            f"'{rule.source}' was never published{nearest(rule.source, known)}: nobody has that"
            " link, delete the entry",
        )
    again = (
        next(iter(where.get(anchor, ())), None)
        if everywhere
        else (page if page in live and (not mark or anchor in live[page].ids) else None)
    )
    if again is not None:
        what = "moved" if rule.to else "withdrawn"
        yield _say(
            rule,
            f"'{rule.source}' was {what} on {rule.date.isoformat()} and stands on the page"
            f" '{again or './'}' again: an id or address is never given a second time; choose"
            " another, or delete this entry if the same thing has come back",
        )
    if rule.to is not None:
        to_page, to_mark, to_anchor = rule.to.removeprefix("./").partition("#")
        if to_page not in live or (to_mark and to_anchor not in live[to_page].ids):
            known = [*live, *(f"{to_page}#{one}" for one in live.get(to_page, Places()).ids)]
            yield _say(
                rule,
                f"'{rule.to}' is no page or place of this build{nearest(rule.to, known)}: lead to"
                " where it stands now",
            )


def _say(rule: Rule, message: str) -> Problem:
    return Problem(REDIRECTS, rule.line, message, "links-last")


def _lost(line: int, message: str) -> Problem:
    return Problem(f"content/{LINKS}", line, message, "links-last")
