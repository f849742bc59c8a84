"""A page as Markdown, held to what the finished site is held to: so `check` says first what `build`
would refuse.

The finished site is checked once more, in the HTML that readers get. What only the engine's own
templates can break, such as a page's security policy, is left to that.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from guide.base.headings import HEADING
from guide.base.layers import MACROS, layered_files
from guide.base.problem import Problem, nearest
from guide.checks import html, site
from guide.pages.page import Page

_RULE, _TWICE, _NUMBER = "links-lead-somewhere", "ids-are-unique", "numbers-are-bound"
# The target of a link or picture as Markdown writes it.
_TARGET = re.compile(r"(\[[^\]\n]*\])\(\s*<?([^)\s>]+)>?[^)\n]*\)|^\[[^\]\n]+\]:\s*(\S+)", re.M)
_ID = re.compile(r" \{ #[A-Za-z0-9_-]+ \}")
# Files that the build makes: those that Markdown may name, and all.
_IN_TREE = re.compile(r"api/.+|feed\.xml|llms\.txt|manifest\.webmanifest")
_MADE = re.compile(r"(?:api|assets)/.+|[\w-]+\.(?:xml|txt|zip|webmanifest)|.+\.pdf")
_FILE = "docs:"
_OUTSIDE_PICTURE = re.compile(r"!\[[^\]\n]*\]\(\s*<?((?:https?:)?//[^)\s>]+)")


class Compiled(NamedTuple):
    """What a compiled page tells: its problems; its ids, that of its own heading first; and the
    places elsewhere that it links to, each as `<path from the root>#<id>`, a tab and the link. The
    path has `docs:` before it where Markdown names a file.
    """

    problems: tuple[Problem, ...]
    ids: tuple[str, ...]
    links: tuple[str, ...]


def examine(page: Page, body: str, names: re.Pattern[str], root: Path) -> Compiled:
    """What a page as it goes to the engine tells, without its front matter; `names` are the guide's
    names that hold digits.
    """
    has_targets = "](" in body or "]:" in body  # To try the pattern everywhere takes long.
    typed = [match[2] or match[3] for match in _TARGET.finditer(body)] if has_targets else []
    plain = _ID.sub("", _TARGET.sub(r"\1", body) if has_targets else body)
    read = html.Page(f"<article>{plain}</article>")
    headings = [match for line in body.split("\n") if (match := HEADING.match(line))]
    ids = [match[3] or _made_id(match[2]) for match in headings]
    given = [match[3] for match in headings if match[3]] + read.ids
    links, found = _links(page, typed, read.links, {*ids, *given})
    found += [
        (_TWICE, anchor, f"the id '{anchor}' stands twice: a link to it is ambiguous")
        for anchor in dict.fromkeys(given)
        if given.count(anchor) > 1
    ]
    found += [
        ("no-other-host", address, f"the picture {address} comes from another host; {site.SHIP_IT}")
        for address in _OUTSIDE_PICTURE.findall(body)
    ]
    found += site.page_problems(read, names)
    return Compiled(
        tuple(_located(root, page, rule, word, message) for rule, word, message in found),
        tuple(dict.fromkeys((*ids, *given))),
        links,
    )


def _made_id(words: str) -> str:
    """The id that Markdown gives a heading without one."""
    plain = unicodedata.normalize("NFKD", re.sub(r"<[^>]+>|&#?\w+;", "", words))
    kept = re.sub(r"[^\w\s-]", "", plain.encode("ascii", "ignore").decode()).strip().lower()
    return re.sub(r"[-\s]+", "-", kept)


def _links(
    page: Page, typed: Iterable[str], hrefs: Iterable[str], anchors: Collection[str]
) -> tuple[tuple[str, ...], list[tuple[str, str, str]]]:
    """The places on other pages that a page links to; and of the links that lead nowhere the rule,
    the link and the message. Markdown's links name files, those in HTML addresses.
    """
    places: dict[str, None] = {}
    broken = []
    for href, is_typed in (*((href, True) for href in typed), *((href, False) for href in hrefs)):
        parts = urlsplit(href)
        path, fragment = unquote(parts.path), unquote(parts.fragment)
        if parts.scheme in ("http", "https", "mailto"):
            continue
        if parts.scheme or parts.netloc or path.startswith("/"):
            message = f"the link '{href}' is neither a page of the site nor a web address"
            broken.append((_RULE, href, f"{message}: write the way from this page"))
            continue
        own = page.path if is_typed else page.url
        target = _from_root(own.rpartition("/")[0], path) if path else own
        if is_typed and (path.endswith("/") or path == ".."):
            message = f"the link '{href}' leads to no page: between pages write the file, such as"
            broken.append((_RULE, href, f"{message} '{path.rstrip('/').rpartition('/')[2]}.md'"))
        elif target != own:
            places[f"{_FILE if is_typed else ''}{target}#{fragment}\t{href}"] = None
        elif fragment and fragment not in anchors:
            broken.append((_RULE, href, f"the link '{href}' leads to no such place on its page"))
    return tuple(places), broken


def _from_root(folder: str, path: str) -> str:
    """The path from the site's root to which a link leads from a folder; a page ends in a slash."""
    target = posixpath.normpath(posixpath.join(folder, path)).removeprefix("./")
    if path.endswith(("/", "/..", "/.")) or path in (".", ".."):
        target += "/"
    return "" if target in (".", "./") else target.removesuffix("index.html")


def broken_links(
    pages: Collection[Page], root: Path, is_kept: Callable[[str], bool] = lambda place: False
) -> Iterator[Problem]:
    """The links of pages to other pages that do not exist, or to no place on them.

    `is_kept` says of `page/#id` or `page/#` whether the site keeps it alive as an old address.
    """
    by_path = {_FILE + page.path: page for page in pages} | {page.url: page for page in pages}
    known = {f"{path}#{one}" for path, page in by_path.items() for one in ("", *page.ids)}
    known.update(f"{name}#" for page in pages for name, _ in page.sidecars)
    for page in pages:
        for link in page.links:
            place, _, href = link.partition("\t")
            if place in known:
                continue
            path, _, fragment = place.partition("#")
            if (path not in by_path and _is_file(root, path)) or is_kept(place):
                continue
            if path in by_path:
                message = f"the link '{href}' leads to no such place on its page"
                near = nearest(fragment, by_path[path].ids)
            else:
                is_page = path.endswith(("/", ".md"))
                message = f"the link '{href}' leads to no {'page' if is_page else 'file of docs/'}"
                near = nearest(path, by_path, 0.87).replace(_FILE, "")
            yield _located(root, page, _RULE, href, message + near)


def _is_file(root: Path, path: str) -> bool:
    """Whether a path, as `Compiled` has it, is a file of the site that is no page."""
    name = path.removeprefix(_FILE)
    made = _IN_TREE if name != path else _MADE
    return bool(made.fullmatch(name)) or (
        not name.endswith(".md") and name in layered_files(root, "docs")
    )


def _located(root: Path, page: Page, rule: str, word: str, message: str) -> Problem:
    """A problem at the line of docs/ or of a template where a word is typed, else at the page."""
    folder = "topic" if page.topic else "condition" if page.condition else ""
    below = page.path.partition("/")[2] if folder else page.path
    own = f"{folder}/{below}" if folder else below
    docs = layered_files(root, "docs", "**/*.md")
    places = [(f"docs/{own}", docs[own])] if own in docs else []
    places += [
        (f"{MACROS}/{name}", path) for name, path in layered_files(root, MACROS, "*.html").items()
    ]
    # An id stands twice where it stands the second time.
    sought = re.compile(rf'\{{ #{word} \}}|id="{word}"' if rule == _TWICE else re.escape(word))
    found = [
        (name, number)
        for name, path in places
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
        if sought.search(line)
    ]
    if not found and rule == _TWICE and (drawn := _drawn_twice(root, page, word)):
        return drawn
    # A number may stand in many lines for other reasons.
    if not found or (rule == _NUMBER and len(found) > 1):
        return Problem(page.place, 0, message, rule)
    of_file = [number for name, number in found if name == found[0][0]]
    return Problem(found[0][0], of_file[-1 if rule == _TWICE else 0], message, rule)


_PICTURE = "figure-people-"


def _drawn_twice(root: Path, page: Page, word: str) -> Problem | None:
    """The answer whose picture stands a second time on its page; None for another id."""
    result = word.partition(_PICTURE)[2]
    sought = re.compile(rf"\bpicture:.*(?<![\w-]){re.escape(result)}(?![\w-])")
    for path in sorted(root.glob(f"content/*/{page.owner}/answers.yml")) if result else ():
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if sought.search(line):
                message = (
                    f"{page.place}: the page draws the picture of '{result}' already: delete this"
                    " 'picture'"
                )
                return Problem(path.relative_to(root).as_posix(), number, message, _TWICE)
    return None
