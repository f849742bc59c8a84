"""The finished site: what must hold in the pages themselves, and how a new site replaces the old.

The checks read the HTML that readers get, whatever engine made it.
"""

from __future__ import annotations

import ctypes
import os
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
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


class _Page(HTMLParser):
    """What the checks need of one page: ids, links, loads, unbound text, and template leftovers."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[tuple[str, str]] = []
        self.free: list[str] = []
        self.text: list[str] = []
        self.classes: set[str] = set()
        self.policies: list[str] = []
        self._stack: list[tuple[str, bool, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.classes.update((values.get("class") or "").split())
        if values.get("id"):
            self.ids.append(values["id"])
        if tag == "meta" and ((values.get("http-equiv") or "").lower() == "content-security-policy" or values.get("name") == "referrer"):
            self.policies.append(values.get("content") or "")
        if tag == "a" and values.get("href") is not None:
            self.links.append(values["href"])
        for name in ("src", "poster", "data", "srcset"):
            if values.get(name) and tag not in ("data",):
                self.loads.append((tag, values[name]))
        if tag == "link" and values.get("href") and values.get("rel") not in ("canonical", "alternate", "prev", "next"):
            self.loads.append((tag, values["href"]))
        if tag == "form" and values.get("action"):
            self.loads.append((tag, values["action"]))
        if tag in _VOID:
            return
        main = (self._stack[-1][1] if self._stack else False) or tag == "article"
        bound = (self._stack[-1][2] if self._stack else False) or "data-record" in values or "data-cite" in values or tag in _QUIET
        self._stack.append((tag, main, bound))

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self._stack) - 1, -1, -1):
            if self._stack[depth][0] == tag:
                del self._stack[depth:]
                return

    def handle_data(self, data: str) -> None:
        if not self._stack or self._stack[-1][0] in ("script", "style"):
            return
        self.text.append(data)
        _, main, bound = self._stack[-1]
        if not main or not re.search(r"\d", data):
            return
        if not bound:
            self.free.append(data)


def free_numbers(texts: list[str]) -> list[str]:
    """The words with digits that stand in no element naming a record and match no allowance."""
    found = []
    for text in texts:
        rest = re.sub(r"\s+", " ", text)
        for pattern, _ in ALLOWED:
            rest = pattern.sub(" ", rest)
        found += re.findall(r"\S*\d\S*", NAMES.sub(" ", rest))
    return found


def check_site(site: Path) -> list[Problem]:
    """Every problem of the finished pages: free numbers, broken links and anchors, requests to
    other hosts, template leftovers. `site` is the folder of the site's root."""
    pages: dict[str, _Page] = {}
    for path in sorted(site.rglob("*.html")):
        page = _Page()
        page.feed(path.read_text(encoding="utf-8"))
        pages[path.relative_to(site).as_posix()] = page
    problems: list[Problem] = []
    for name, page in pages.items():
        def add(rule: str, message: str, name: str = name) -> None:
            problems.append(Problem(f"site/{name}", 0, message, rule))

        # The engine's own page for a wrong address states nothing about health.
        for word in [] if name == "404.html" else free_numbers(page.free):
            add("numbers-are-bound", f"'{word}' stands in no element that names its record: print it through a component, or add it to ALLOWED with the reason")
        words = "".join(page.text)
        for leftover in dict.fromkeys(re.findall(r"\{\{.*?\}?\}|\{%.*?%\}|(?<![.!?] )(?<![\n\w])\bNone\b(?= *(?:[,;:)%\n]|$))|\bundefined\b|\bTODO\b|<[\w -]+ object at 0x|<built-in [^>]*>|<bound method [^>]*>", words)):
            add("no-leftovers", f"'{leftover[:60]}' is left in the page: a template was not filled")
        if len(page.policies) != 2 or "default-src 'none'" not in page.policies[0] or "unsafe-inline" in page.policies[0] or page.policies[1] != "no-referrer":
            add("policy-in-every-page", "the page has no Content-Security-Policy of its own or no referrer policy: `finish.secured` writes both, and needs '<meta charset>' in the head")
        if "track-bar" in page.classes:
            for part, what in (("verdict", "whether the medicine is approved"), ("review", "who reviewed it")):
                if part not in page.classes:
                    add("frame-is-whole", f"a page of a topic without '.{part}' does not say {what}: no template or page may take it away")
        seen: set[str] = set()
        for anchor in page.ids:
            if anchor in seen and not anchor.startswith("__"):
                add("ids-are-unique", f"the id '{anchor}' stands twice: a link to it is ambiguous")
            seen.add(anchor)
        for tag, address in page.loads:
            if urlsplit(address).netloc:
                add("no-other-host", f"<{tag}> loads {address}: a reader's browser would tell another host; ship the file with the site")
        if name != "404.html":
            for href in page.links:
                message = _broken(site, name, href, pages)
                if message:
                    add("links-lead-somewhere", message)
    for path in sorted(site.rglob("*.css")):
        for address in re.findall(r"url\(\s*['\"]?((?:https?:)?//[^'\")]+)", path.read_text(encoding="utf-8", errors="replace")):
            problems.append(Problem(f"site/{path.relative_to(site).as_posix()}", 0, f"loads {address}: ship the file with the site", "no-other-host"))
    return problems


def _broken(site: Path, name: str, href: str, pages: dict[str, _Page]) -> str | None:
    parts = urlsplit(href)
    if parts.scheme in ("http", "https", "mailto"):
        return None
    if parts.scheme or parts.netloc:
        return f"the link '{href}' is neither a page of the site nor a web address"
    target = os.path.normpath((Path(name).parent / unquote(parts.path)).as_posix()) if parts.path else name
    target = "" if target == "." else target
    if parts.path and (parts.path.endswith("/") or (site / target).is_dir() or target == ""):
        target = f"{target}/index.html".lstrip("/")
    if target not in pages:
        return None if (site / target).is_file() else f"the link '{href}' leads to no page"
    if parts.fragment and unquote(parts.fragment) not in pages[target].ids:
        return f"the link '{href}' leads to no such place on its page"
    return None


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
