"""The finished site: what must hold in the pages themselves, and how a new site replaces the old.

The checks read the HTML that readers get, whatever engine made it.
"""

from __future__ import annotations

import functools
import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from guide.base.files import names_of
from guide.base.language import gettext_noop
from guide.base.problem import Problem
from guide.checks.html import Page, free_numbers

# What the finished pages are checked for, and why; readers see this list on "How we check".
CHECKS = {
    "numbers-are-bound": gettext_noop(
        "Every digit in the main text stands inside an element that names the record it comes from,"
        " or is on a short list of names and dates; a free number has no source."
    ),
    "frame-is-whole": gettext_noop(
        "Every page for one reader carries its review notice, every page of a topic its verdict; a"
        " template that loses them does not get through."
    ),
    "links-lead-somewhere": gettext_noop(
        "Every link inside the site leads to a page and a place that exist; a printed link must not"
        " break."
    ),
    "ids-are-unique": gettext_noop(
        "No id stands twice on a page, so that a link to a fact means one fact."
    ),
    "no-other-host": gettext_noop(
        "No page loads anything from another host; nobody else learns what a reader looks at."
    ),
    "links-last": gettext_noop(
        "Every address that readers were ever given still leads somewhere: to the thing, to where"
        " it moved, or to the reason why it is gone; a printed link outlives a new edition."
    ),
    "policy-in-every-page": gettext_noop(
        "Every page forbids the browser to run or load anything but the guide's own files, and"
        " sends no referrer along; what somebody reads about a disease is theirs."
    ),
    "no-leftovers": gettext_noop(
        "No unfilled template is published; a raw placeholder once stood where a safety rule"
        " belonged."
    ),
}


_LEFTOVER = re.compile(
    r"\{\{.*?\}?\}|\{%.*?%\}|(?<![.!?] )(?<![\n\w])\bNone\b(?="
    r" *(?:[,;:)%\n]|$))|\bundefined\b|\bTODO\b|<[\w -]+ object at 0x|<built-in [^>\n]*>|<bound"
    r" method [^>\n]*>"
)


# One of these stands in every leftover; most pages have none, and looking for them is quick.
_SIGNS_OF_LEFTOVERS = (
    "{{",
    "{%",
    "None",
    "undefined",
    "TODO",
    " object at 0x",
    "<built-in ",
    "<bound method ",
)


_LOADED_BY_STYLE = re.compile(r"url\(\s*['\"]?((?:https?:)?//[^'\")]+)")


class Facts(NamedTuple):
    """What a page tells the check: what is wrong with it alone, its ids, and the places elsewhere
    that it links to.

    `problems` are pairs of rule and message; an id is 8 bytes of `mark`; a place is a path of the
    site, `#` and an id.
    """

    problems: tuple[tuple[str, str], ...]
    ids: bytes
    links: tuple[str, ...]


def facts(name: str, text: str, names: re.Pattern[str]) -> Facts:
    """The facts of one finished page; `name` is its path in the site, `names` the guide's names
    that hold digits.
    """
    page = Page(text)
    anchors = set(page.ids)
    # The engine's own page for a wrong address states nothing about health.
    is_guide_page = name != "404.html"
    links, broken = _links(name, page, anchors) if is_guide_page else ((), [])
    problems = (
        *(_without_word(_free_numbers(page, names)) if is_guide_page else ()),
        *_without_word(_leftovers(page)),
        *_policies(page),
        *_frame(page),
        *_repeated_ids(page),
        *_without_word(_other_hosts(page)),
        *broken,
    )
    return Facts(problems, b"".join(sorted(map(mark, anchors))), links)


def page_problems(page: Page, names: re.Pattern[str]) -> list[tuple[str, str, str]]:
    """What is wrong with a page's own words and files, finished or not: the rule, the word that
    stands there, and the message.
    """
    return [*_free_numbers(page, names), *_leftovers(page), *_other_hosts(page)]


def _without_word(found: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, str]]:
    return ((rule, message) for rule, _, message in found)


def _free_numbers(page: Page, names: re.Pattern[str]) -> Iterator[tuple[str, str, str]]:
    for word in free_numbers(page.free, names):
        yield (
            "numbers-are-bound",
            word,
            f"'{word}' stands in no element that names its record: print it through a"
            " component, or add it to ALLOWED with the reason",
        )


def _leftovers(page: Page) -> Iterator[tuple[str, str, str]]:
    if any(sign in page.words for sign in _SIGNS_OF_LEFTOVERS):
        for leftover in dict.fromkeys(_found_leftovers(page.words)):
            yield (
                "no-leftovers",
                leftover,
                f"'{leftover[:60]}' is left in the page: a template was not filled",
            )


def _found_leftovers(words: str) -> Iterator[str]:
    """The leftovers in the lines with a sign of one; to try the pattern everywhere takes long."""
    start = 0
    for line in words.split("\n"):
        if any(sign in line for sign in _SIGNS_OF_LEFTOVERS):
            # Not in the line by itself: the pattern looks at what stands before it.
            for match in _LEFTOVER.finditer(words, start, start + len(line)):
                yield match[0]
        start += len(line) + 1


def _policies(page: Page) -> Iterator[tuple[str, str]]:
    if (
        len(page.policies) != 2
        or "default-src 'none'" not in page.policies[0]
        or "unsafe-inline" in page.policies[0]
        or page.policies[1] != "no-referrer"
    ):
        yield (
            "policy-in-every-page",
            "the page has no Content-Security-Policy of its own or no referrer policy:"
            " `finish.secured` writes both, and needs '<meta charset>' in the head",
        )


def _frame(page: Page) -> Iterator[tuple[str, str]]:
    if "track-bar" not in page.frame:
        return
    parts = [("review", "who reviewed it")]
    if "track-bar--topic" in page.frame:
        parts.append(("verdict", "whether the medicine is approved"))
    for part, what in parts:
        if part not in page.frame:
            yield (
                "frame-is-whole",
                f"a page without '.{part}' does not say {what}: no template or page may take it"
                " away",
            )


def _repeated_ids(page: Page) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for anchor in page.ids:
        if anchor in seen and not anchor.startswith("__"):
            yield "ids-are-unique", f"the id '{anchor}' stands twice: a link to it is ambiguous"
        seen.add(anchor)


# What to do instead of loading a file from elsewhere.
SHIP_IT = "a reader's browser would tell another host: ship the file with the site"


def _other_hosts(page: Page) -> Iterator[tuple[str, str, str]]:
    for tag, address in page.loads:
        if urlsplit(address).netloc:
            yield (
                "no-other-host",
                address,
                f"<{tag}> loads {address}: a reader's browser would tell another host; ship"
                " the file with the site",
            )


def _links(
    name: str, page: Page, anchors: set[str]
) -> tuple[tuple[str, ...], list[tuple[str, str]]]:
    """The places on other pages that a page links to, and the links that lead nowhere."""
    links: dict[str, None] = {}
    broken = []
    folder = os.path.dirname(name)
    for href in dict.fromkeys(page.links):
        scheme, host, path, fragment = _parts(href)
        if scheme in ("http", "https", "mailto"):
            continue
        if scheme or host:
            broken.append(f"the link '{href}' is neither a page of the site nor a web address")
            continue
        target = _target(folder, path) if path else name
        if target != name:
            links[f"{target}#{fragment}"] = None
        elif fragment and fragment not in anchors:
            broken.append(f"the link '{href}' leads to no such place on its page")
    return tuple(links), [("links-lead-somewhere", message) for message in broken]


@functools.lru_cache(maxsize=1 << 15)
def _parts(href: str) -> tuple[str, str, str, str]:
    """Scheme, host, path and fragment of a link."""
    parts = urlsplit(href)
    return parts.scheme, parts.netloc, parts.path, unquote(parts.fragment)


@functools.lru_cache(maxsize=1 << 14)
def _target(folder: str, path: str) -> str:
    """The file of the site that a link's path leads to from a page of the folder."""
    target = os.path.normpath(os.path.join(folder, unquote(path)))
    return (
        os.path.normpath(f"{target}/index.html") if path.endswith("/") or target == "." else target
    )


def mark(anchor: str) -> bytes:
    """The 8 bytes by which a place is held: all ids of a large site as text would fill memory."""
    return hashlib.blake2b(anchor.encode(), digest_size=8).digest()


def check_site(
    site: Path,
    names: re.Pattern[str],
    known: Callable[[str], Facts | None] = lambda name: None,
) -> list[Problem]:
    """Every problem of the finished pages: free numbers, broken links and anchors, requests to
    other hosts, template leftovers. `site` is the folder of the site's root, `names` takes the
    guide's names that hold digits out of a text.

    `known` gives the facts of a page whose file they were taken from, by its path; other pages are
    read.
    """
    files = names_of(site)

    def facts_of(name: str) -> Facts:
        return known(name) or facts(name, (site / name).read_text(encoding="utf-8"), names)

    problems: list[Problem] = []
    ids: dict[str, bytes] = {}
    unknown: dict[str, Facts] = {}
    for name in (name for name in files if name.endswith(".html")):
        page = known(name)
        if page is None:
            page = unknown[name] = facts_of(name)
        ids[name] = page.ids
        problems += [Problem(f"site/{name}", 0, message, rule) for rule, message in page.problems]
    standing = set(files)
    sound: set[str] = set()
    for name in ids:
        for link in (unknown.get(name) or facts_of(name)).links:
            if link in sound:
                continue
            problem = _broken_link(name, link, ids, standing)
            if problem:
                problems.append(problem)
            else:
                sound.add(link)
    return problems + [problem for name in files for problem in _foreign_styles(site, name)]


def _broken_link(
    name: str, link: str, ids: Mapping[str, bytes], standing: Set[str]
) -> Problem | None:
    """What is wrong with a link of a page to another file of the site, if anything.

    `ids` are the marks of each page's ids, `standing` the paths of all files.
    """
    target, _, fragment = link.partition("#")
    if target not in ids and f"{target}/index.html" in ids:
        target += "/index.html"
    if target in ids:
        if not fragment or _holds(ids[target], mark(fragment)):
            return None
        said = f"the link '{_written(name, target)}#{fragment}' leads to no such place on its page"
    elif target in standing:
        return None
    else:
        said = f"the link '{_written(name, target)}' leads to no page"
    return Problem(f"site/{name}", 0, said, "links-lead-somewhere")


def _foreign_styles(site: Path, name: str) -> Iterator[Problem]:
    """What a style sheet of the site loads from elsewhere."""
    if name.endswith(".css"):
        for address in _LOADED_BY_STYLE.findall(
            (site / name).read_text(encoding="utf-8", errors="replace")
        ):
            yield Problem(
                f"site/{name}",
                0,
                f"loads {address}: ship the file with the site",
                "no-other-host",
            )


def _holds(marks: bytes, target: bytes) -> bool:
    """Whether sorted marks of 8 bytes hold one."""
    low, high = 0, len(marks) // 8
    while low < high:
        middle = (low + high) // 2
        if marks[middle * 8 : middle * 8 + 8] < target:
            low = middle + 1
        else:
            high = middle
    return marks[low * 8 : low * 8 + 8] == target


def _written(name: str, target: str) -> str:
    """The way from one page to another as a link on it is written."""
    way = os.path.relpath(target, Path(name).parent)
    return way.removesuffix("index.html") if way.endswith("/index.html") else way
