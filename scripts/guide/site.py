"""The finished site: what must hold in the pages themselves, and how a new site replaces the old.

The checks read the HTML that readers get, whatever engine made it.
"""

from __future__ import annotations

import ctypes
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
from .wording import NAMES

# Digits that state no fact about health, and why each may stand free in the main text.
ALLOWED = (
    (re.compile(r"\b95\s?% intervals?\b"), "the name of a statistical method"),
    (re.compile(r"\bout of 100\b"), "the denominator named in a caption"),
    (re.compile(r"\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December) \d{4}\b"), "the guide's own dates of review and look-up"),
    (re.compile(r"\bthis page shows [\d,]+ figures, dates and verdicts; [\d,]+ sources\b", re.I), "the page's count of itself"),
    (re.compile(r"\bWCAG 2\.\d\b"), "the name of a standard"),
    (re.compile(r"\bA4\b"), "a size of paper"),
    (re.compile(r"\b(?:3 to 54 in 100|out of 1,?000|1 in X)\b"), "the reason of a rule, on the page that lists the rules"),
)
# What the finished pages are checked for, and why; readers see this list on "How we check".
CHECKS = {
    "numbers-are-bound": "Every digit in the main text stands inside an element that names the record it comes from, or is on a short list of names and dates; a free number has no source.",
    "frame-is-whole": "Every page of a topic carries its verdict and its review notice; a template that loses them does not get through.",
    "links-lead-somewhere": "Every link inside the site leads to a page and a place that exist; a printed link must not break.",
    "ids-are-unique": "No id stands twice on a page, so that a link to a fact means one fact.",
    "no-other-host": "No page loads anything from another host; nobody else learns what a reader looks at.",
    "links-last": "Every address that readers were ever given still leads somewhere: to the thing, to where it moved, or to the reason why it is gone; a printed link outlives a new edition.",
    "policy-in-every-page": "Every page forbids the browser to run or load anything but the guide's own files, and sends no referrer along; what somebody reads about a disease is theirs.",
    "no-leftovers": "No unfilled template is published; a raw placeholder once stood where a safety rule belonged.",
}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_QUIET = {"script", "style", "svg", "title", "noscript", "template"}


_INSIDE = r"""[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*"""
# A script or style with its contents, a tag, a comment or declaration, or a lone "<"; each with the text behind it.
_PIECES = re.compile(rf"<(?:(script|style)\b({_INSIDE})>.*?</\1\s*>|(/?)([a-zA-Z][^\s/>]*)({_INSIDE})>|!--.*?-->|[!?][^>]*>)?([^<]*)", re.S | re.I)
_ATTRIBUTES = re.compile(r"""([^\s=>"'/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_DIGIT = re.compile(r"\d")


class Page:
    """What the checks need of one page: ids, links, loads, classes, all text, and text with digits bound to no record."""

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
                for depth in range(len(stack) - 1, -1, -1):
                    if stack[depth][0] == tag:
                        del stack[depth:]
                        break
            elif tag:
                self._start(tag.lower(), attributes, stack)
            elif quiet:
                self._start(quiet.lower(), quiet_attributes, [])
            if text and stack:
                texts.append(text)
                _, main, bound = stack[-1]
                if main and not bound and not text.isspace():
                    shown = html.unescape(text)
                    if _DIGIT.search(shown):
                        self.free.append(shown)
        self.words = html.unescape("".join(texts))

    def _start(self, tag: str, attributes: str, stack: list[tuple[str, bool, bool]]) -> None:
        values = {name.lower(): html.unescape(double or single or bare) for name, double, single, bare in _ATTRIBUTES.findall(attributes)} if attributes else {}
        if values:
            if values.get("class"):
                self.classes.update(values["class"].split())
            if values.get("id"):
                self.ids.append(values["id"])
            if tag == "meta" and (values.get("http-equiv", "").lower() == "content-security-policy" or values.get("name") == "referrer"):
                self.policies.append(values.get("content", ""))
            if tag == "a" and "href" in values:
                self.links.append(values["href"])
            for name in ("src", "poster", "data", "srcset"):
                if values.get(name) and tag != "data":
                    self.loads.append((tag, values[name]))
            if tag == "link" and values.get("href") and values.get("rel") not in ("canonical", "alternate", "prev", "next"):
                self.loads.append((tag, values["href"]))
            if tag == "form" and values.get("action"):
                self.loads.append((tag, values["action"]))
        if tag not in _VOID:
            _, main, bound = stack[-1] if stack else ("", False, False)
            stack.append((tag, main or tag == "article", bound or "data-record" in values or "data-cite" in values or tag in _QUIET))


def free_numbers(texts: list[str]) -> list[str]:
    """The words with digits that stand in no element naming a record and match no allowance."""
    found = []
    for text in texts:
        rest = re.sub(r"\s+", " ", text)
        for pattern, _ in ALLOWED:
            rest = pattern.sub(" ", rest)
        found += re.findall(r"\S*\d\S*", NAMES.sub(" ", rest))
    return found


class Facts(NamedTuple):
    """What a page tells the check: what is wrong with it alone, its ids, and the places elsewhere that it links to.

    `problems` are pairs of rule and message; an id is 8 bytes of `mark`; a place is a path of the site, `#` and an id.
    """

    problems: tuple[tuple[str, str], ...]
    ids: bytes
    links: tuple[str, ...]


def facts(name: str, text: str) -> Facts:
    """The facts of one finished page; `name` is its path in the site."""
    page = Page(text)
    problems: list[tuple[str, str]] = []
    # The engine's own page for a wrong address states nothing about health.
    for word in [] if name == "404.html" else free_numbers(page.free):
        problems.append(("numbers-are-bound", f"'{word}' stands in no element that names its record: print it through a component, or add it to ALLOWED with the reason"))
    for leftover in dict.fromkeys(re.findall(r"\{\{.*?\}?\}|\{%.*?%\}|(?<![.!?] )(?<![\n\w])\bNone\b(?= *(?:[,;:)%\n]|$))|\bundefined\b|\bTODO\b|<[\w -]+ object at 0x|<built-in [^>]*>|<bound method [^>]*>", page.words)):
        problems.append(("no-leftovers", f"'{leftover[:60]}' is left in the page: a template was not filled"))
    if len(page.policies) != 2 or "default-src 'none'" not in page.policies[0] or "unsafe-inline" in page.policies[0] or page.policies[1] != "no-referrer":
        problems.append(("policy-in-every-page", "the page has no Content-Security-Policy of its own or no referrer policy: `finish.secured` writes both, and needs '<meta charset>' in the head"))
    if "track-bar" in page.classes:
        for part, what in (("verdict", "whether the medicine is approved"), ("review", "who reviewed it")):
            if part not in page.classes:
                problems.append(("frame-is-whole", f"a page of a topic without '.{part}' does not say {what}: no template or page may take it away"))
    seen: set[str] = set()
    for anchor in page.ids:
        if anchor in seen and not anchor.startswith("__"):
            problems.append(("ids-are-unique", f"the id '{anchor}' stands twice: a link to it is ambiguous"))
        seen.add(anchor)
    for tag, address in page.loads:
        if urlsplit(address).netloc:
            problems.append(("no-other-host", f"<{tag}> loads {address}: a reader's browser would tell another host; ship the file with the site"))
    links: dict[str, str] = {}
    for href in [] if name == "404.html" else dict.fromkeys(page.links):
        parts = urlsplit(href)
        if parts.scheme in ("http", "https", "mailto"):
            continue
        if parts.scheme or parts.netloc:
            problems.append(("links-lead-somewhere", f"the link '{href}' is neither a page of the site nor a web address"))
            continue
        target = os.path.normpath((Path(name).parent / unquote(parts.path)).as_posix()) if parts.path else name
        if parts.path and (parts.path.endswith("/") or target == "."):
            target = os.path.normpath(f"{target}/index.html")
        fragment = unquote(parts.fragment)
        if target != name:
            links[f"{target}#{fragment}"] = href
        elif fragment and fragment not in seen:
            problems.append(("links-lead-somewhere", f"the link '{href}' leads to no such place on its page"))
    return Facts(tuple(problems), b"".join(sorted(map(mark, seen))), tuple(links))


def mark(anchor: str) -> bytes:
    return hashlib.blake2b(anchor.encode(), digest_size=8).digest()


def check_site(site: Path, known: Callable[[str], Facts | None] = lambda name: None) -> list[Problem]:
    """Every problem of the finished pages: free numbers, broken links and anchors, requests to
    other hosts, template leftovers. `site` is the folder of the site's root.

    `known` gives the facts of a page whose file they were taken from, by its path; other pages are read.
    """
    names = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))

    def told(name: str) -> Facts:
        return known(name) or facts(name, (site / name).read_text(encoding="utf-8"))

    problems: list[Problem] = []
    ids: dict[str, bytes] = {}
    read: dict[str, Facts] = {}
    for name in names:
        found = known(name)
        if found is None:
            found = read[name] = told(name)
        ids[name] = found.ids
        problems += [Problem(f"site/{name}", 0, message, rule) for rule, message in found.problems]
    sound: set[str] = set()
    for name in names:
        for link in (read.get(name) or told(name)).links:
            if link not in sound:
                target, _, fragment = link.partition("#")
                if target not in ids and f"{target}/index.html" in ids:
                    target += "/index.html"
                if target not in ids:
                    if not (site / target).is_file():
                        problems.append(Problem(f"site/{name}", 0, f"the link '{_written(name, target)}' leads to no page", "links-lead-somewhere"))
                        continue
                elif fragment and not _holds(ids[target], mark(fragment)):
                    problems.append(Problem(f"site/{name}", 0, f"the link '{_written(name, target)}#{fragment}' leads to no such place on its page", "links-lead-somewhere"))
                    continue
                sound.add(link)
    for path in sorted(site.rglob("*.css")):
        for address in re.findall(r"url\(\s*['\"]?((?:https?:)?//[^'\")]+)", path.read_text(encoding="utf-8", errors="replace")):
            problems.append(Problem(f"site/{path.relative_to(site).as_posix()}", 0, f"loads {address}: ship the file with the site", "no-other-host"))
    return problems


def _holds(marks: bytes, wanted: bytes) -> bool:
    """Whether sorted marks of 8 bytes hold one."""
    low, high = 0, len(marks) // 8
    while low < high:
        middle = (low + high) // 2
        if marks[middle * 8:middle * 8 + 8] < wanted:
            low = middle + 1
        else:
            high = middle
    return marks[low * 8:low * 8 + 8] == wanted


def _written(name: str, target: str) -> str:
    """The way from one page to another as a link on it is written."""
    way = os.path.relpath(target, Path(name).parent)
    return way.removesuffix("index.html") if way.endswith("/index.html") else way


def replace(new: Path, final: Path) -> None:
    """Lets `new` take the place of `final` in one step; the old site is removed afterwards.

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
        shutil.rmtree(old, ignore_errors=True)
        return
    shutil.rmtree(new, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """renameat2(RENAME_EXCHANGE) of two names of one file system; False where there is none."""
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    at_cwd, exchange = -100, 2
    return call(at_cwd, os.fsencode(one), at_cwd, os.fsencode(other), exchange) == 0
