"""What a page has printed: citations, anchors and records."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from guide.content.library import Library

# Stand around the sources of a mark in what a component prints, until the mark gets its numbers.
MARK, MARK_END = "\ue010", "\ue011"


_MARK = re.compile(f"{MARK}([^{MARK_END}]*){MARK_END}")


_ID = re.compile(r' id="([a-z0-9-]+)"')


_RECORDS = re.compile(r' data-record="([^"]*)"')


# An entry of the list of sources.
_LISTED = re.compile(r'<li (?:id="source-|data-record="[^"]*" data-source=)[^>]*>')


_LISTED_SOURCE = re.compile(r'<li id="source-([^"]+)"')


@dataclass
class Printed:
    """What a page has really printed: its citations, numbered by first use, its anchors, and the
    records it shows.
    """

    sources: dict[str, int] = field(default_factory=dict)
    anchors: set[str] = field(default_factory=set)
    records: dict[str, None] = field(default_factory=dict)
    listed: dict[str, None] = field(default_factory=dict)

    def note(self, html: str, library: Library) -> str:
        """A component's HTML with its citations numbered. An anchor that the page has already is
        taken out.

        Called once for each component, in the order of the page: nothing that was only asked for,
        and not printed, is noted.
        """

        def anchor(found: re.Match[str]) -> str:
            if found[1] in self.anchors:
                return ""
            if found[1] in library.records or found[1].removeprefix("trial-") in library.trials:
                self.anchors.add(found[1])
            return found[0]

        def mark(found: re.Match[str]) -> str:
            sources = [
                source for source in dict.fromkeys(found[1].split()) if source in library.sources
            ]
            numbers = sorted(
                (self.sources.setdefault(source, len(self.sources) + 1), source)
                for source in sources
            )
            return marks(numbers)

        html = _MARK.sub(mark, _ID.sub(anchor, html))
        self.listed.update(dict.fromkeys(_LISTED_SOURCE.findall(html)))
        # A source of the list may be named like a fact; the list shows no fact.
        self.records.update(
            (key, None)
            for keys in _RECORDS.findall(_LISTED.sub("", html))
            for key in keys.split()
            if key in library.records
        )
        return html


def marks(numbered: list[tuple[int, str]]) -> str:
    """Citations as a reader prints them, `1–6, 8`: (number, source) in order, three or more in a
    row by the first and the last.
    """
    runs: list[list[tuple[int, str]]] = []
    for number, source in numbered:
        if runs and number == runs[-1][-1][0] + 1:
            runs[-1].append((number, source))
        else:
            runs.append([(number, source)])

    def link(number: int, source: str) -> str:
        return (
            f'<a href="#source-{source}" aria-label="Source {number}"'
            f' data-cite="{source}">{number}</a>'
        )

    def between(source: str) -> str:
        """The mark of a source inside a run: not shown and not in the way of the keyboard, but
        there, so that each source of the list has its mark.
        """
        return f'<span data-cite="{source}" hidden></span>'

    parts = []
    for run in runs:
        if len(run) > 2:
            inside = "".join(between(source) for _, source in run[1:-1])
            parts.append(f"{link(*run[0])}{inside}–{link(*run[-1])}")
        else:
            parts += [link(*one) for one in run]
    return f'<sup class="cites" data-search="skip">{", ".join(parts)}</sup>' if parts else ""
