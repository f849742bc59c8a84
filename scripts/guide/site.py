"""The finished site: what must hold in the pages themselves, and how a new site replaces the old.

The checks read the HTML that readers get, whatever engine made it.
"""

from __future__ import annotations

import ctypes
import functools
import hashlib
import html
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from .problem import Problem
from .tree import names_of
from .wording import NAMES

# Digits that state no fact about health, and why each may stand free in the main text.
ALLOWED = (
    (re.compile(r"\b95\s?% intervals?\b"), "the name of a statistical method"),
    (re.compile(r"\bout of 100\b"), "the denominator named in a caption"),
    (
        re.compile(
            r"\b\d{1,2}"
            r" (?:January|February|March|April|May|June|July|August|September|October|November|December)"
            r" \d{4}\b"
        ),
        "the guide's own dates of review and look-up",
    ),
    (
        re.compile(r"\bthis page shows [\d,]+ facts?; [\d,]+ sources?\b", re.I),
        "the page's count of itself",
    ),
    (re.compile(r"\bWCAG 2\.\d\b"), "the name of a standard"),
    (re.compile(r"\bA4\b"), "a size of paper"),
    (
        re.compile(r"\b(?:3 to 54 in 100|out of 1,?000|1 in X)\b"),
        "the reason of a rule, on the page that lists the rules",
    ),
)
# What the finished pages are checked for, and why; readers see this list on "How we check".
CHECKS = {
    "numbers-are-bound": (
        "Every digit in the main text stands inside an element that names the record it comes from,"
        " or is on a short list of names and dates; a free number has no source."
    ),
    "frame-is-whole": (
        "Every page of a topic carries its verdict and its review notice; a template that loses"
        " them does not get through."
    ),
    "links-lead-somewhere": (
        "Every link inside the site leads to a page and a place that exist; a printed link must not"
        " break."
    ),
    "ids-are-unique": "No id stands twice on a page, so that a link to a fact means one fact.",
    "no-other-host": (
        "No page loads anything from another host; nobody else learns what a reader looks at."
    ),
    "links-last": (
        "Every address that readers were ever given still leads somewhere: to the thing, to where"
        " it moved, or to the reason why it is gone; a printed link outlives a new edition."
    ),
    "policy-in-every-page": (
        "Every page forbids the browser to run or load anything but the guide's own files, and"
        " sends no referrer along; what somebody reads about a disease is theirs."
    ),
    "no-leftovers": (
        "No unfilled template is published; a raw placeholder once stood where a safety rule"
        " belonged."
    ),
}
_VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
}
_QUIET = {"script", "style", "svg", "title", "noscript", "template"}


_INSIDE = r"""[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*"""
# A script or style with its contents, a tag, a comment or declaration, or a lone "<"; each with the
# text behind it.
_PIECES = re.compile(
    rf"<(?:(script|style)\b({_INSIDE})>.*?</\1\s*>|(/?)([a-zA-Z][^\s/>]*)({_INSIDE})>|!--.*?-->|[!?][^>]*>)?([^<]*)",
    re.S | re.I,
)
_ATTRIBUTES = re.compile(r"""([^\s=>"'/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_DIGIT = re.compile(r"\d")


class _Tag(NamedTuple):
    """What the checks need of an opening tag; `bound` says whether what stands inside belongs to a
    record or is no text of the page.
    """

    name: str
    void: bool
    bound: bool
    tells: bool
    id: str = ""
    link: str | None = None
    loads: tuple[tuple[str, str], ...] = ()
    classes: tuple[str, ...] = ()
    policy: str | None = None


# The same tags stand on many pages: navigation, sources, the signs. Reading their attributes is
# most of the work.
@functools.lru_cache(maxsize=1 << 15)
def _tag(tag: str, attributes: str) -> _Tag:
    name = tag.lower()
    values = (
        {
            key.lower(): html.unescape(double or single or bare)
            for key, double, single, bare in _ATTRIBUTES.findall(attributes)
        }
        if attributes
        else {}
    )
    loads = [
        (name, values[key])
        for key in ("src", "poster", "data", "srcset")
        if values.get(key) and name != "data"
    ]
    if (
        name == "link"
        and values.get("href")
        and values.get("rel") not in ("canonical", "alternate", "prev", "next")
    ):
        loads.append((name, values["href"]))
    if name == "form" and values.get("action"):
        loads.append((name, values["action"]))
    policy = name == "meta" and (
        values.get("http-equiv", "").lower() == "content-security-policy"
        or values.get("name") == "referrer"
    )
    bound = "data-record" in values or "data-cite" in values or name in _QUIET
    return _Tag(
        name,
        name in _VOID,
        bound,
        bool(loads or policy or values.keys() & {"id", "class", "href"}),
        values.get("id", ""),
        values.get("href") if name == "a" else None,
        tuple(loads),
        tuple(values.get("class", "").split()),
        values.get("content", "") if policy else None,
    )


class Page:
    """What the checks need of one page: ids, links, loads, classes, all text, and text with digits
    bound to no record.
    """

    def __init__(self, page: str) -> None:
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[tuple[str, str]] = []
        self.free: list[str] = []
        self.classes: set[str] = set()
        self.policies: list[str] = []
        stack: list[tuple[str, bool, bool]] = []
        texts: list[str] = []
        for quiet, quiet_attributes, closing, tag, attributes, text in _PIECES.findall(page):
            if closing:
                tag = tag.lower()
                if stack and stack[-1][0] == tag:
                    stack.pop()
                else:
                    for depth in range(len(stack) - 1, -1, -1):
                        if stack[depth][0] == tag:
                            del stack[depth:]
                            break
            elif tag:
                found = _tag(tag, attributes)
                if found.tells:
                    self._note(found)
                if not found.void:
                    _, main, bound = stack[-1] if stack else ("", False, False)
                    stack.append(
                        (found.name, main or found.name == "article", bound or found.bound)
                    )
            elif quiet:
                self._note(_tag(quiet, quiet_attributes))
            if text and stack:
                texts.append(text)
                _, main, bound = stack[-1]
                if main and not bound and not text.isspace():
                    shown = html.unescape(text)
                    if _DIGIT.search(shown):
                        self.free.append(shown)
        self.words = html.unescape("".join(texts))

    def _note(self, tag: _Tag) -> None:
        if tag.id:
            self.ids.append(tag.id)
        if tag.link is not None:
            self.links.append(tag.link)
        if tag.classes:
            self.classes.update(tag.classes)
        if tag.loads:
            self.loads += tag.loads
        if tag.policy is not None:
            self.policies.append(tag.policy)


def free_numbers(texts: list[str], names: re.Pattern[str] = NAMES) -> list[str]:
    """The words with digits that stand in no element naming a record and match no allowance;
    `names` are the guide's own.
    """
    found = []
    for text in texts:
        rest = re.sub(r"\s+", " ", text)
        for pattern, _ in ALLOWED:
            rest = pattern.sub(" ", rest)
        found += re.findall(r"\S*\d\S*", names.sub(" ", rest))
    return found


_LEFTOVER = re.compile(
    r"\{\{.*?\}?\}|\{%.*?%\}|(?<![.!?] )(?<![\n\w])\bNone\b(?="
    r" *(?:[,;:)%\n]|$))|\bundefined\b|\bTODO\b|<[\w -]+ object at 0x|<built-in [^>]*>|<bound"
    r" method [^>]*>"
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


class Facts(NamedTuple):
    """What a page tells the check: what is wrong with it alone, its ids, and the places elsewhere
    that it links to.

    `problems` are pairs of rule and message; an id is 8 bytes of `mark`; a place is a path of the
    site, `#` and an id.
    """

    problems: tuple[tuple[str, str], ...]
    ids: bytes
    links: tuple[str, ...]


def facts(name: str, text: str, names: re.Pattern[str] = NAMES) -> Facts:
    """The facts of one finished page; `name` is its path in the site, `names` the guide's names
    that hold digits.
    """
    page = Page(text)
    problems: list[tuple[str, str]] = []
    # The engine's own page for a wrong address states nothing about health.
    for word in [] if name == "404.html" else free_numbers(page.free, names):
        problems.append(
            (
                "numbers-are-bound",
                (
                    f"'{word}' stands in no element that names its record: print it through a"
                    " component, or add it to ALLOWED with the reason"
                ),
            )
        )
    for leftover in (
        dict.fromkeys(_LEFTOVER.findall(page.words))
        if any(sign in page.words for sign in _SIGNS_OF_LEFTOVERS)
        else ()
    ):
        problems.append(
            ("no-leftovers", f"'{leftover[:60]}' is left in the page: a template was not filled")
        )
    if (
        len(page.policies) != 2
        or "default-src 'none'" not in page.policies[0]
        or "unsafe-inline" in page.policies[0]
        or page.policies[1] != "no-referrer"
    ):
        problems.append(
            (
                "policy-in-every-page",
                (
                    "the page has no Content-Security-Policy of its own or no referrer policy:"
                    " `finish.secured` writes both, and needs '<meta charset>' in the head"
                ),
            )
        )
    if "track-bar" in page.classes:
        for part, what in (
            ("verdict", "whether the medicine is approved"),
            ("review", "who reviewed it"),
        ):
            if part not in page.classes:
                problems.append(
                    (
                        "frame-is-whole",
                        (
                            f"a page of a topic without '.{part}' does not say {what}: no template"
                            " or page may take it away"
                        ),
                    )
                )
    seen: set[str] = set()
    for anchor in page.ids:
        if anchor in seen and not anchor.startswith("__"):
            problems.append(
                ("ids-are-unique", f"the id '{anchor}' stands twice: a link to it is ambiguous")
            )
        seen.add(anchor)
    for tag, address in page.loads:
        if urlsplit(address).netloc:
            problems.append(
                (
                    "no-other-host",
                    (
                        f"<{tag}> loads {address}: a reader's browser would tell another host; ship"
                        " the file with the site"
                    ),
                )
            )
    links: dict[str, str] = {}
    folder = os.path.dirname(name)
    for href in [] if name == "404.html" else dict.fromkeys(page.links):
        scheme, host, path, fragment = _parts(href)
        if scheme in ("http", "https", "mailto"):
            continue
        if scheme or host:
            problems.append(
                (
                    "links-lead-somewhere",
                    f"the link '{href}' is neither a page of the site nor a web address",
                )
            )
            continue
        target = _target(folder, path) if path else name
        if target != name:
            links[f"{target}#{fragment}"] = href
        elif fragment and fragment not in seen:
            problems.append(
                ("links-lead-somewhere", f"the link '{href}' leads to no such place on its page")
            )
    return Facts(tuple(problems), b"".join(sorted(map(mark, seen))), tuple(links))


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
    return hashlib.blake2b(anchor.encode(), digest_size=8).digest()


def check_site(
    site: Path,
    known: Callable[[str], Facts | None] = lambda name: None,
    names: re.Pattern[str] = NAMES,
) -> list[Problem]:
    """Every problem of the finished pages: free numbers, broken links and anchors, requests to
    other hosts, template leftovers. `site` is the folder of the site's root.

    `known` gives the facts of a page whose file they were taken from, by its path; other pages are
    read.
    """
    files = names_of(site)
    pages = [name for name in files if name.endswith(".html")]

    def told(name: str) -> Facts:
        return known(name) or facts(name, (site / name).read_text(encoding="utf-8"), names)

    problems: list[Problem] = []
    ids: dict[str, bytes] = {}
    read: dict[str, Facts] = {}
    for name in pages:
        found = known(name)
        if found is None:
            found = read[name] = told(name)
        ids[name] = found.ids
        problems += [Problem(f"site/{name}", 0, message, rule) for rule, message in found.problems]
    standing = set(files)
    sound: set[str] = set()
    for name in pages:
        for link in (read.get(name) or told(name)).links:
            if link not in sound:
                target, _, fragment = link.partition("#")
                if target not in ids and f"{target}/index.html" in ids:
                    target += "/index.html"
                if target not in ids:
                    if target not in standing:
                        problems.append(
                            Problem(
                                f"site/{name}",
                                0,
                                f"the link '{_written(name, target)}' leads to no page",
                                "links-lead-somewhere",
                            )
                        )
                        continue
                elif fragment and not _holds(ids[target], mark(fragment)):
                    problems.append(
                        Problem(
                            f"site/{name}",
                            0,
                            f"the link '{_written(name, target)}#{fragment}' leads to no such place"
                            " on its page",
                            "links-lead-somewhere",
                        )
                    )
                    continue
                sound.add(link)
    for name in (name for name in files if name.endswith(".css")):
        for address in re.findall(
            r"url\(\s*['\"]?((?:https?:)?//[^'\")]+)",
            (site / name).read_text(encoding="utf-8", errors="replace"),
        ):
            problems.append(
                Problem(
                    f"site/{name}",
                    0,
                    f"loads {address}: ship the file with the site",
                    "no-other-host",
                )
            )
    return problems


def _holds(marks: bytes, wanted: bytes) -> bool:
    """Whether sorted marks of 8 bytes hold one."""
    low, high = 0, len(marks) // 8
    while low < high:
        middle = (low + high) // 2
        if marks[middle * 8 : middle * 8 + 8] < wanted:
            low = middle + 1
        else:
            high = middle
    return marks[low * 8 : low * 8 + 8] == wanted


def _written(name: str, target: str) -> str:
    """The way from one page to another as a link on it is written."""
    way = os.path.relpath(target, Path(name).parent)
    return way.removesuffix("index.html") if way.endswith("/index.html") else way


def replace(new: Path, final: Path) -> None:
    """Lets `new` take the place of `final` in one step; the old site is then where the new one was,
    for the next build.

    Linux exchanges the two names atomically; elsewhere two renames do it, the second at once
    after the first.
    """
    final.parent.mkdir(parents=True, exist_ok=True)
    if not final.exists():
        os.rename(new, final)
        return
    if not _exchange(new, final):
        old = final.with_name(f"{final.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        os.rename(final, old)
        os.rename(new, final)
        os.rename(old, new)


def _exchange(one: Path, other: Path) -> bool:
    """renameat2(RENAME_EXCHANGE) of two names of one file system; False where there is none."""
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    at_cwd, exchange = -100, 2
    return call(at_cwd, os.fsencode(one), at_cwd, os.fsencode(other), exchange) == 0
